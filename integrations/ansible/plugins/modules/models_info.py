#!/usr/bin/python
# Copyright (c) The ocrstate maintainers
# SPDX-License-Identifier: MIT
"""Tell which OCR models are on a host, and how they differ from a manifest."""

from __future__ import annotations

DOCUMENTATION = r"""
module: models_info
short_description: Tell which OCR models are on a host, and how they differ from a manifest
description:
  - Lists the models that Aspose's OCR AI engine sees on a host. With a manifest, tells how they differ from it.
  - It changes nothing, and uses no network.
version_added: 1.0.0
author:
  - The ocrstate maintainers (!UNKNOWN)
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ocrstate.ocrstate.host
  - ocrstate.ocrstate.host.engine
  - ocrstate.ocrstate.host.manifest
options:
  verify:
    description:
      - Whether to compare the contents of models for which a C(sha256) is given, and not only their sizes.
    type: bool
    default: false
  history:
    description:
      - Whether to tell, too, what earlier runs did, and what of it can be restored.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    platforms: posix
seealso:
  - module: ocrstate.ocrstate.models
  - module: ocrstate.ocrstate.restore
"""

EXAMPLES = r"""
- name: Look at the models
  ocrstate.ocrstate.models_info:
    store: /srv/ocr/models
    virtualenv: /opt/ocrstate
  register: ocr

- name: Tell the application what there is
  ansible.builtin.template:
    src: models.conf.j2  # {% for model in ocr.models %}{{ model.path }}{% endfor %}
    dest: /etc/ocr/models.conf
    mode: "0644"

- name: Compare with a manifest
  ocrstate.ocrstate.models_info:
    manifest: /etc/ocrstate/models.yml
  register: ocr
  failed_when: ocr is failed or not ocr.in_sync

- name: Look what can be restored
  ocrstate.ocrstate.models_info:
    store: /srv/ocr/models
    history: true
"""

RETURN = r"""
msg:
  description: What happened, and what to do.
  returned: failure
  type: str
  sample: the store /srv/ocr/models does not exist
rc:
  description: The exit code of ocrstate.
  returned: when ocrstate was run
  type: int
  sample: 0
error_code:
  description: A stable name for what went wrong.
  returned: failure
  type: str
  sample: store-missing
store:
  description: The folder of the models.
  returned: success
  type: str
  sample: /srv/ocr/models
in_sync:
  description: Whether the store matches the manifest; none without a manifest.
  returned: success
  type: bool
models:
  description:
    - Every model, sorted by name; those that are listed and missing are among them.
    - It may hold more keys, those of C(models) in the documents of ocrstate.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The model, as its path in the store.
      type: str
    path:
      description: Its absolute path.
      type: str
    size:
      description: Its size in bytes; if it is not there, what is declared, or none.
      type: int
    modified:
      description: When it was last written (UTC); none if it is not there.
      type: str
    status:
      description:
        - V(listed), V(unlisted), V(missing), V(protected), V(ignored), V(blocked) or V(drifted).
        - None without a manifest.
      type: str
    action:
      description: What M(ocrstate.ocrstate.models) would do about it; none without a manifest.
      type: str
    reason:
      description: Why, as a stable name; none without a manifest.
      type: str
    explanation:
      description: Why, in words.
      type: str
summary:
  description: Totals, and with a manifest how many models and bytes have which status.
  returned: success
  type: dict
  sample: {"models": 2, "bytes": 8388608, "unverified": 0, "statuses": {"listed": {"models": 2, "bytes": 8388608}}}
disk:
  description: Bytes that are free on the disk of the store, and all that it has.
  returned: success
  type: dict
  sample: {"free": 80530636800, "total": 270553174016}
kept:
  description: Removed models that are kept.
  returned: success
  type: dict
  sample: {"models": 2, "restorable": 2, "bytes": 8388608000, "complete": true}
inventory:
  description: Who listed the models, the engine or the folder itself.
  returned: success
  type: dict
  sample: {"source": "engine", "count": 12, "warnings": []}
engine:
  description: The engine that was asked; none if none was.
  returned: success
  type: dict
  sample: {"package": "aspose-ocr-python-net", "version": "26.7.0", "local_path": "Aspose.AI.LLM/models"}
runs:
  description:
    - What earlier runs did, the last one first.
    - It may hold more keys, those of C(runs) in the documents of ocrstate.
  returned: when O(history) is V(true)
  type: list
  elements: dict
  contains:
    run_id:
      description: The name of the run.
      type: str
    kind:
      description: V(apply) or V(restore).
      type: str
    started:
      description: When it began (UTC).
      type: str
    models:
      description: The models that it moved, and which of them can be restored.
      type: list
      elements: dict
    restorable_until:
      description: Until when (UTC).
      type: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.ocrstate.ocrstate.plugins.module_utils.client import (
    BESIDE_NO_MANIFEST,
    CLIENT_ARGUMENTS,
    ENGINE_ARGUMENTS,
    MANIFEST_ARGUMENTS,
    NEED_MODELS,
    Client,
    inline_manifest,
    manifest_words,
    options,
)

TOLD = ("in_sync", "models", "summary", "disk", "kept", "inventory", "engine")


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            **CLIENT_ARGUMENTS,
            **ENGINE_ARGUMENTS,
            **MANIFEST_ARGUMENTS,
            "verify": {"type": "bool", "default": False},
            "history": {"type": "bool", "default": False},
        },
        mutually_exclusive=[("executable", "virtualenv"), *BESIDE_NO_MANIFEST],
        required_by=NEED_MODELS,
        supports_check_mode=True,
    )
    params = module.params
    client = Client(module)
    words = [*options(params, "verify"), *manifest_words(params)]
    answer = client.ask_the_engine("list", *words, manifest=inline_manifest(params))
    told = {key: answer.document[key] for key in TOLD}
    store = answer.document["store"]["path"]
    if params["history"]:
        told["runs"] = client.ask("history", f"--store={store}").document["runs"]
    client.warn(answer.document["inventory"]["warnings"])
    module.exit_json(changed=False, rc=answer.code, store=store, **told)


if __name__ == "__main__":
    main()

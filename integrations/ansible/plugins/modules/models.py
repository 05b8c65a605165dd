#!/usr/bin/python
# Copyright (c) The ocrstate maintainers
# SPDX-License-Identifier: MIT
"""Make the OCR models on a host match a manifest."""

from __future__ import annotations

DOCUMENTATION = r"""
module: models
short_description: Make the OCR models on a host match a manifest
description:
  - Keeps the folder of models of Aspose's OCR AI engine equal to a manifest. Models that are not listed are removed,
    models that are missing and have a source are fetched, and the result is proved by asking the engine again.
  - The manifest is a file on the target, or stands in the task.
  - All that a run does is done, or nothing. What is refused (more removals than O(policy.max_remove) allows, a listed
    model that is missing) is refused before anything is touched.
  - In check mode the same is planned and nothing is changed; what a real run would refuse fails there, too.
version_added: 1.0.0
author:
  - The ocrstate maintainers (!UNKNOWN)
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
  - ocrstate.ocrstate.host
  - ocrstate.ocrstate.host.engine
  - ocrstate.ocrstate.host.manifest
options:
  retain:
    description:
      - How long removed models can be restored, such as C(7d) or C(12h); wins over the manifest's C(policy.retain).
      - The next run after that time deletes them, which alone is no change.
    type: str
  max_remove:
    description:
      - The most models that may be removed; wins over the C(count) of the manifest's C(policy.max_remove).
    type: int
  allow_empty:
    description:
      - Whether a manifest that lists no model may remove everything.
    type: bool
    default: false
  allow_missing:
    description:
      - Whether to go on although listed models are missing, or differ from what is declared.
    type: bool
    default: false
  verify:
    description:
      - Whether to read the contents of all models for which a C(sha256) is given (V(true)), or none (V(false)).
      - If it is left out, a run reads all before something goes, and otherwise those that were not read before.
      - In check mode, what was read before and has not changed since is not read again.
    type: bool
  offline:
    description:
      - Whether to use no network, and to refuse if something can only be fetched over one.
    type: bool
    default: false
  jobs:
    description:
      - How many models to fetch at a time. ocrstate fetches 4 if this is left out.
    type: int
  lock_timeout:
    description:
      - How long to wait for another run on the same store, in seconds. ocrstate waits for 10 if this is left out.
    type: float
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    platforms: posix
seealso:
  - module: ocrstate.ocrstate.models_info
  - module: ocrstate.ocrstate.restore
"""

EXAMPLES = r"""
- name: Make the store match a manifest on the target
  ocrstate.ocrstate.models:
    manifest: /etc/ocrstate/models.yml
    virtualenv: /opt/ocrstate
    retain: 7d

- name: Say in the task which models should exist
  ocrstate.ocrstate.models:
    store: /srv/ocr/models
    models:
      - en_ocr_v1.bin
      - name: fr_ocr_v2.bin
        sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
        source: https://models.example.com/fr_ocr_v2.bin
    protect:
      - customer/
    policy:
      max_remove:
        percent: 50
      retain: 7d
  register: models

- name: Tell what happened
  ansible.builtin.debug:
    msg: "run {{ models.run_id }} freed {{ models.bytes_freed }} bytes"
  when: models is changed

- name: Give all tasks of a play the same virtual environment and store
  module_defaults:
    group/ocrstate.ocrstate.all:
      virtualenv: /opt/ocrstate
      store: /srv/ocr/models
  block:
    - name: Match the manifest
      ocrstate.ocrstate.models:
        manifest: /etc/ocrstate/models.yml
"""

RETURN = r"""
msg:
  description: What was done, or would be; when it failed, what happened, and what to do.
  returned: always
  type: str
  sample: 2 removed, 1 fetched (frees 8.2 GB)
rc:
  description: The exit code of ocrstate.
  returned: when ocrstate was run
  type: int
  sample: 0
error_code:
  description: A stable name for what went wrong.
  returned: failure
  type: str
  sample: max-remove-count
problems:
  description: Every place in the manifest that is wrong.
  returned: when the manifest is not valid
  type: list
  elements: dict
  sample: [{"path": "/etc/ocrstate/models.yml", "line": 3, "column": 5, "code": "unquoted", "message": "quote it"}]
run_id:
  description: The name of the run, for M(ocrstate.ocrstate.restore); none in check mode.
  returned: when the store was looked at
  type: str
  sample: 20261121T100200Z-3f9c2a
store:
  description: The folder of the models.
  returned: when the store was looked at
  type: str
  sample: /srv/ocr/models
in_sync:
  description: Whether the store matches the manifest; in check mode, before anything is done.
  returned: when the store was looked at
  type: bool
results:
  description:
    - What became of each model that was to change; RV(results[].status) is V(planned) in check mode.
    - It may hold more keys, those of C(outcomes) and C(changes) in the documents of ocrstate.
  returned: when the store was looked at
  type: list
  elements: dict
  contains:
    name:
      description: The model, as its path in the store.
      type: str
    action:
      description: What was to be done, V(remove), V(fetch) or V(replace).
      type: str
    status:
      description: What became of it, such as V(removed), V(fetched), V(replaced), V(rolled_back) or V(not_started).
      type: str
    size:
      description: Its size in bytes, if that is known.
      type: int
    bytes_freed:
      description: What the disk gained.
      type: int
summary:
  description: How many models were removed, fetched and replaced, and how many are still missing, drifted or blocked.
  returned: when the store was looked at
  type: dict
  sample: {"removed": 2, "fetched": 1, "replaced": 0, "restored": 0, "missing": 0, "drifted": 0, "blocked": 0}
bytes_freed:
  description: What the disk gained at once, in bytes; nothing while removed models are kept.
  returned: when the store was looked at
  type: int
bytes_kept:
  description: What removed models take up until they can no longer be restored, in bytes.
  returned: when the store was looked at
  type: int
bytes_fetched:
  description: Bytes of the models that arrived.
  returned: when the store was looked at
  type: int
remaining:
  description: Models that still differ from the manifest, and are not changed by this run.
  returned: when the store was looked at
  type: list
  elements: dict
  sample: [{"name": "de_ocr_v1.bin", "action": "missing"}]
refusals:
  description: The rules for which a real run would refuse; there only in check mode.
  returned: when the store was looked at
  type: list
  elements: dict
recovered:
  description: Runs that had been broken off, and were finished or taken back first.
  returned: when the store was looked at
  type: list
  elements: str
restorable_until:
  description: Until when what was removed can be restored (UTC).
  returned: when the store was looked at
  type: str
  sample: "2026-11-28T10:02:00Z"
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
    refuse_too_little,
)
from ansible_collections.ocrstate.ocrstate.plugins.module_utils.results import (
    of_plan,
    of_result,
    refusal_words,
    summary_words,
    unfinished_words,
)

CONSENT = ("allow_empty", "allow_missing", "max_remove", "retain", "offline")


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            **CLIENT_ARGUMENTS,
            **ENGINE_ARGUMENTS,
            **MANIFEST_ARGUMENTS,
            "retain": {"type": "str"},
            "max_remove": {"type": "int"},
            "allow_empty": {"type": "bool", "default": False},
            "allow_missing": {"type": "bool", "default": False},
            "verify": {"type": "bool"},
            "offline": {"type": "bool", "default": False},
            "jobs": {"type": "int"},
            "lock_timeout": {"type": "float"},
        },
        mutually_exclusive=[("executable", "virtualenv"), *BESIDE_NO_MANIFEST],
        required_one_of=[("manifest", "models")],
        required_by=NEED_MODELS,
        supports_check_mode=True,
    )
    refuse_too_little(module)
    if not manifest_words(module.params):
        told = (
            "`models` is not even an empty list\nlist the models that should exist; if none should, write `models: []`"
        )
        module.fail_json(msg=told)
    client = Client(module)
    if module.check_mode:
        _plan(module, client)
    else:
        _apply(module, client)


def _plan(module: AnsibleModule, client: Client) -> None:
    params = module.params
    # what a run reads by default may show that a model differs; only `verify: false` spares that
    words = [*options(params, *CONSENT), *([] if params["verify"] is False else ["--verify"])]
    answer = client.ask_the_engine("plan", *words, *manifest_words(params), manifest=inline_manifest(params))
    client.warn(answer.document["inventory"]["warnings"])
    result = of_plan(answer.document)
    if result["recovered"]:
        module.exit_json(msg=unfinished_words(answer.document), rc=answer.code, **result)
    if result["refusals"]:
        client.fail(answer.code, *refusal_words(result["refusals"]), **result)
    module.exit_json(msg=summary_words(result, is_planned=True), rc=answer.code, **result)


def _apply(module: AnsibleModule, client: Client) -> None:
    params = module.params
    verify = {None: [], True: ["--verify"], False: ["--no-verify"]}[params["verify"]]
    words = ["--yes", *options(params, *CONSENT, "jobs", "lock_timeout"), *verify, *manifest_words(params)]
    answer = client.ask_the_engine("apply", *words, manifest=inline_manifest(params))
    client.warn(answer.document.get("warnings", []))
    result = of_result(answer.document)
    error = answer.document["error"]
    if error is not None:
        client.fail(answer.code, error["code"], error["message"], error["hint"], **result)
    if answer.code:
        told = f"{summary_words(result, is_planned=False)}; interrupted, or the store changed again meanwhile"
        client.fail(answer.code, "not-in-sync", told, "run it again", **result)
    module.exit_json(msg=summary_words(result, is_planned=False), rc=answer.code, **result)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) The ocrstate maintainers
# SPDX-License-Identifier: MIT
"""Put back OCR models that an earlier run removed."""

from __future__ import annotations

DOCUMENTATION = r"""
module: restore
short_description: Put back OCR models that an earlier run removed
description:
  - Puts back what a run of M(ocrstate.ocrstate.models) removed, as long as it is kept; how long
    that is, O(ocrstate.ocrstate.models#module:retain) says.
  - It succeeds without a change where the models are in the store already, and where there is nothing to undo. It fails
    where a model that is wanted is gone for good.
version_added: 1.0.0
author:
  - The ocrstate maintainers (!UNKNOWN)
extends_documentation_fragment:
  - ocrstate.ocrstate.host
  - ocrstate.ocrstate.host.engine
options:
  run_id:
    description:
      - The run to take models back from, as M(ocrstate.ocrstate.models) returned it.
      - If this and O(since) are left out, it is the last run that removed something.
    type: str
  since:
    description:
      - Take back what all runs removed that began at this time or later, the last one first. Hosts without such a run
        stay as they are, so that this undoes one rollout over a fleet, and nothing older.
      - RFC 3339 in UTC, such as C(2026-11-21T10:00:00Z).
    type: str
  models:
    description:
      - The names of the models to put back; all if this is left out.
    type: list
    elements: str
    default: []
  overwrite:
    description:
      - Whether a newer model that has the name by now makes way; it is kept itself then.
    type: bool
    default: false
  manifest:
    description:
      - A manifest on the target that says where the store is.
    type: path
  lock_timeout:
    description:
      - How long to wait for another run on the same store, in seconds. ocrstate waits for 10 if this is left out.
    type: float
attributes:
  check_mode:
    description: Can run in check mode and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: full
  platform:
    description: Target OS/families that can be operated against.
    support: full
    platforms: posix
seealso:
  - module: ocrstate.ocrstate.models
  - module: ocrstate.ocrstate.models_info
"""

EXAMPLES = r"""
- name: Put back what the last run removed
  ocrstate.ocrstate.restore:
    store: /srv/ocr/models
    virtualenv: /opt/ocrstate

- name: Undo a rollout on every host that it reached
  ocrstate.ocrstate.restore:
    store: /srv/ocr/models
    since: "2026-11-21T10:00:00Z"

- name: Put back one model of a certain run
  ocrstate.ocrstate.restore:
    store: /srv/ocr/models
    run_id: 20261121T100200Z-3f9c2a
    models:
      - fr_ocr_v1.bin
"""

RETURN = r"""
msg:
  description: What was done, or would be; when it failed, what happened, and what to do.
  returned: always
  type: str
  sample: 2 restored
rc:
  description: The exit code of ocrstate.
  returned: when ocrstate was run
  type: int
  sample: 0
error_code:
  description: A stable name for what went wrong.
  returned: failure
  type: str
  sample: nothing-to-restore
store:
  description: The folder of the models.
  returned: when the store was looked at
  type: str
  sample: /srv/ocr/models
restored_from:
  description: The runs that models were taken back from.
  returned: success
  type: list
  elements: str
  sample: [20261121T100200Z-3f9c2a]
run_ids:
  description: The names of the runs that put them back; nothing in check mode.
  returned: success
  type: list
  elements: str
  sample: [20261121T113000Z-9c03de]
results:
  description: What became of each model; its C(status) is V(planned) in check mode.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "fr_ocr_v1.bin", "action": "restore", "status": "restored", "size": 4683073952}]
"""

import re
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.ocrstate.ocrstate.plugins.module_utils.client import (
    CLIENT_ARGUMENTS,
    ENGINE_ARGUMENTS,
    Client,
    options,
)
from ansible_collections.ocrstate.ocrstate.plugins.module_utils.results import (
    diff,
    of_result,
)
from ansible_collections.ocrstate.ocrstate.plugins.module_utils.undoing import (
    Part,
    UnknownError,
    chosen,
)

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
"""Times that ocrstate notes; they can be compared as text."""


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            **CLIENT_ARGUMENTS,
            **ENGINE_ARGUMENTS,
            "run_id": {"type": "str"},
            "since": {"type": "str"},
            "models": {"type": "list", "elements": "str", "default": []},
            "overwrite": {"type": "bool", "default": False},
            "manifest": {"type": "path"},
            "lock_timeout": {"type": "float"},
        },
        mutually_exclusive=[("executable", "virtualenv"), ("run_id", "since")],
        supports_check_mode=True,
    )
    Restoring(module).run()


class Restoring:
    """One call of the module."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._client = Client(module)
        self._store = ""

    def run(self) -> None:
        """Find out what is wanted, and put it back."""
        parts = self._chosen()
        gone = [name for part in parts for name in part.gone]
        # what cannot be put back, and is there already, has not to be put back
        there = self._names_in_store() if gone or self._module.check_mode else frozenset()
        self._refuse_lost([name for name in gone if name not in there])
        wanted = [part for part in parts if part.kept]
        if self._module.check_mode:
            self._plan(wanted, there)
        else:
            self._restore(wanted)

    def _chosen(self) -> list[Part]:
        params = self._module.params
        if params["since"] is not None and not re.fullmatch(MOMENT, params["since"]):
            told = f"`since: {params['since']}` is no time as ocrstate notes it"
            self._module.fail_json(msg=f"{told}\nwrite it in UTC, such as 2026-11-21T10:00:00Z")
        answer = self._client.ask("history", *options(params, "manifest"))
        self._store = answer.document["store"]["path"]
        try:
            parts: list[Part] = chosen(answer.document["runs"], params["run_id"], params["since"], params["models"])
        except UnknownError as error:
            hint = "ocrstate.ocrstate.models_info with `history: true` tells what can be restored"
            self._client.fail(answer.code, "nothing-to-restore", str(error), hint, store=self._store)
        return parts

    def _names_in_store(self) -> frozenset[str]:
        answer = self._client.ask("list", f"--store={self._store}", "--inventory=directory")
        return frozenset(model["name"] for model in answer.document["models"])

    def _refuse_lost(self, names: list[str]) -> None:
        if names:
            told = f"{', '.join(names)}: removed, and no longer kept"
            hint = "nothing was changed; to put back the others, name them with `models`"
            self._client.fail(0, "nothing-to-restore", told, hint, store=self._store)

    def _plan(self, wanted: list[Part], there: frozenset[str]) -> None:
        in_the_way = sorted(name for part in wanted for name in part.kept if name in there)
        if in_the_way and not self._module.params["overwrite"]:
            told = f"{', '.join(in_the_way)}: something has this name in the store by now"
            hint = "to restore the others, name them with `models`; with `overwrite: true` what is there is kept aside"
            self._client.fail(0, "in-the-way", told, hint, store=self._store)
        planned = [
            {"name": name, "action": "restore", "status": "planned", "size": size}
            for part in wanted
            for name, size in part.kept.items()
        ]
        self._end(wanted, [], planned)

    def _restore(self, wanted: list[Part]) -> None:
        params = self._module.params
        run_ids: list[str] = []
        results: list[dict[str, Any]] = []
        for part in wanted:
            words = ["--yes", *options(params, "overwrite", "lock_timeout"), *part.words]
            answer = self._client.ask_the_engine("restore", f"--store={self._store}", *words)
            result = of_result(answer.document)
            run_ids.append(result["run_id"])
            results += result["results"]
            error = answer.document["error"]
            if error is not None:
                result["changed"] = result["changed"] or len(run_ids) > 1
                self._client.fail(answer.code, error["code"], error["message"], error["hint"], **result)
        self._end(wanted, run_ids, results)

    def _end(self, wanted: list[Part], run_ids: list[str], results: list[dict[str, Any]]) -> None:
        done = "to restore" if self._module.check_mode else "restored"
        self._module.exit_json(
            changed=bool(results),
            msg=f"{len(results)} {done}" if results else "nothing to restore",
            rc=0,
            store=self._store,
            restored_from=[part.run_id for part in wanted],
            run_ids=run_ids,
            results=results,
            diff=diff(self._store, results),
        )


if __name__ == "__main__":
    main()

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
  - ansible.builtin.action_common_attributes
  - ocrstate.ocrstate.host
  - ocrstate.ocrstate.host.engine
options:
  run_id:
    description:
      - The run to take models back from, as M(ocrstate.ocrstate.models) returned it.
      - If this and O(since) are left out, it is the last run that removed something, or all of O(models).
    type: str
  since:
    description:
      - Take back what all runs removed that began at this time or later, the last one first. Hosts without such a run
        stay as they are, so that this undoes one rollout over a fleet, and nothing older.
      - RFC 3339, such as C(2026-11-21T10:00:00Z).
    type: str
  models:
    description:
      - The names of the models to put back; all if this is left out, and none if it is empty.
    type: list
    elements: str
  overwrite:
    description:
      - Whether a newer model that has the name by now makes way; it is kept itself then.
      - If several runs since a time removed models of one name, the oldest comes back.
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
    support: full
  diff_mode:
    support: full
  platform:
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
  description: The runs that models are taken back from, the last one first.
  returned: when nothing was refused
  type: list
  elements: str
  sample: [20261121T100200Z-3f9c2a]
run_ids:
  description: The names of the runs that put them back; nothing in check mode.
  returned: when nothing was refused
  type: list
  elements: str
  sample: [20261121T113000Z-9c03de]
results:
  description: What became of each model; its C(status) is V(planned) in check mode.
  returned: when nothing was refused
  type: list
  elements: dict
  sample: [{"name": "fr_ocr_v1.bin", "action": "restore", "status": "restored", "size": 4683073952}]
recovered:
  description: Runs that had been broken off, and were finished or taken back first; that alone is a change.
  returned: when the store was looked at
  type: list
  elements: str
"""

from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.ocrstate.ocrstate.plugins.module_utils.client import (
    CLIENT_ARGUMENTS,
    ENGINE_ARGUMENTS,
    Client,
    options,
    refuse_too_little,
)
from ansible_collections.ocrstate.ocrstate.plugins.module_utils.results import (
    diff,
    of_result,
)
from ansible_collections.ocrstate.ocrstate.plugins.module_utils.undoing import (
    Part,
    UnknownError,
    chosen,
    doubled,
    in_utc,
    lost,
    taken,
)
from ansible_collections.ocrstate.ocrstate.plugins.module_utils.words import few

if TYPE_CHECKING:
    from typing import NoReturn

HOW_TO_LOOK = "ocrstate.ocrstate.models_info with `history: true` tells what can be restored"


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            **CLIENT_ARGUMENTS,
            **ENGINE_ARGUMENTS,
            "run_id": {"type": "str"},
            "since": {"type": "str"},
            "models": {"type": "list", "elements": "str"},
            "overwrite": {"type": "bool", "default": False},
            "manifest": {"type": "path"},
            "lock_timeout": {"type": "float"},
        },
        mutually_exclusive=[("executable", "virtualenv"), ("run_id", "since")],
        supports_check_mode=True,
    )
    refuse_too_little(module)
    Restoring(module, Client(module)).run()


class Restoring:
    """One call of the module."""

    def __init__(self, module: AnsibleModule, client: Client) -> None:
        self._module = module
        self._client = client
        self._since = self._time()
        self._store = ""
        self._recovered: list[str] = []

    def run(self) -> None:
        """Find out what is wanted, and put it back."""
        parts = self._chosen(self._runs_in_order())
        if parts:
            self._refuse_impossible(parts)
        wanted = [part for part in parts if part.kept]
        if self._module.check_mode:
            planned = [_planned(name, size) for part in wanted for name, size in part.kept.items()]
            self._end(self._told(wanted, [], planned))
        else:
            self._end(self._restored(wanted))

    def _time(self) -> str | None:
        since: str | None = self._module.params["since"]
        if since is None:
            return None
        time: str | None = in_utc(since)
        if time is None:
            self._module.fail_json(msg=f"`since: {since}` is no time, or its zone is open\nwrite 2026-11-21T10:00:00Z")
        return time

    def _runs_in_order(self) -> list[dict[str, Any]]:
        """Return what earlier runs did, when none of them is half-way any more."""
        runs = self._runs()
        unfinished = [run["run_id"] for run in runs if run["open"]]
        if not unfinished:
            return runs
        if self._module.check_mode:
            told = (
                "a run is at work or was broken off: a real run waits for it or puts it in order, and looks only then"
            )
            self._module.exit_json(**{**self._told([], [], []), "changed": True, "msg": told, "recovered": unfinished})
        words = [f"--store={self._store}", *options(self._module.params, "lock_timeout")]
        self._recovered = [run["run_id"] for run in self._client.ask("recover", *words).document["recovered"]]
        return self._runs()

    def _runs(self) -> list[dict[str, Any]]:
        document = self._client.ask("history", *options(self._module.params, "manifest")).document
        self._store = document["store"]["path"]
        runs: list[dict[str, Any]] = document["runs"]
        return runs

    def _chosen(self, runs: list[dict[str, Any]]) -> list[Part]:
        params = self._module.params
        try:
            parts: list[Part] = chosen(runs, params["run_id"], self._since, params["models"])
        except UnknownError as error:
            self._refuse("nothing-to-restore", str(error), HOW_TO_LOOK)
        return parts

    def _refuse_impossible(self, parts: list[Part]) -> None:
        """Refuse before anything is touched, for several runs are taken back one after the other."""
        answer = self._client.ask("list", f"--store={self._store}", "--inventory=directory")
        there = frozenset(model["name"] for model in answer.document["models"])
        gone = lost(parts, there)
        if gone:
            hint = "to put back others, name them with `models`"
            self._refuse("nothing-to-restore", f"{few(gone)}: removed, and no longer kept", hint)
        if self._module.params["overwrite"]:
            return
        in_the_way, several = taken(parts, there), doubled(parts)
        if in_the_way:
            hint = "to restore the others, name them with `models`; with `overwrite: true` what is there is kept aside"
            self._refuse("in-the-way", f"{few(in_the_way)}: something has this name in the store by now", hint)
        if several:
            hint = (
                "choose one with `run_id`; with `overwrite: true` the oldest comes back, and the others are kept aside"
            )
            self._refuse("in-the-way", f"{few(several)}: removed by several of these runs", hint)

    def _restored(self, wanted: list[Part]) -> dict[str, Any]:
        told = self._told(wanted, [], [])
        for part in wanted:
            # what fails now must not hide what was put back before
            self._client.so_far = told
            words = ["--yes", *options(self._module.params, "overwrite", "lock_timeout"), *part.words]
            answer = self._client.ask_the_engine("restore", f"--store={self._store}", *words)
            result = of_result(answer.document)
            told = self._told(wanted, [*told["run_ids"], result["run_id"]], [*told["results"], *result["results"]])
            error = answer.document["error"]
            if error is not None:
                self._client.fail(answer.code, error["code"], error["message"], error["hint"], **told)
        return told

    def _refuse(self, error_code: str, message: str, hint: str) -> NoReturn:
        told = {"changed": bool(self._recovered), "recovered": self._recovered}
        self._client.fail(0, error_code, message, hint, store=self._store, **told)
        raise AssertionError  # that has ended the process

    def _told(self, wanted: list[Part], run_ids: list[str], results: list[dict[str, Any]]) -> dict[str, Any]:
        done = [each for each in results if each["status"] in ("planned", "restored")]
        return {
            "changed": bool(done or self._recovered),
            "rc": 0,
            "store": self._store,
            "restored_from": [part.run_id for part in wanted],
            "run_ids": run_ids,
            "results": results,
            "recovered": self._recovered,
            "diff": diff(self._store, done),
        }

    def _end(self, told: dict[str, Any]) -> None:
        count, done = len(told["results"]), "to restore" if self._module.check_mode else "restored"
        self._module.exit_json(msg=f"{count} {done}" if count else "nothing to restore", **told)


def _planned(name: str, size: int) -> dict[str, Any]:
    return {"name": name, "action": "restore", "status": "planned", "size": size}


if __name__ == "__main__":
    main()

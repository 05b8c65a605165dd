"""Write down what every task of a playbook returns, a line of JSON each, for tests."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from ansible.plugins.callback import CallbackBase

if TYPE_CHECKING:
    from ansible.executor.task_result import CallbackTaskResult

DOCUMENTATION = """
name: recording
type: notification
short_description: writes down what every task returns
description:
  - For tests.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc] # ansible-core has no types
    """Records what tasks return."""

    CALLBACK_VERSION = 2.0
    CALLBACK_NAME = "recording"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: CallbackTaskResult) -> None:
        self._record(result)

    def v2_runner_on_failed(self, result: CallbackTaskResult, ignore_errors: object = False) -> None:  # noqa: ARG002, FBT002 - Ansible's
        self._record(result, failed=True)

    def v2_runner_on_unreachable(self, result: CallbackTaskResult) -> None:
        self._record(result, unreachable=True)

    def _record(self, result: CallbackTaskResult, **ending: bool) -> None:
        told = {**result._result, **ending}  # noqa: SLF001 - Ansible's callbacks have no other way
        line = json.dumps({"host": result._host.get_name(), "task": result.task_name, "result": told})  # noqa: SLF001 - likewise
        with open(os.environ["RECORDING"], "a", encoding="utf-8") as recording:
            recording.write(f"{line}\n")

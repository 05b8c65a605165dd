"""Interrupt a piece of our code at each of its steps in turn, as a signal may that is acted on at once."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ocrstate
from ocrstate.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_OURS = os.path.dirname(ocrstate.__file__) + os.sep


@dataclass
class _Steps:
    """Counts the steps of our code, and raises at one of them.

    Python acts on signals between two steps of its virtual machine, not between two lines.
    """

    left: int

    def __call__(self, frame: FrameType, event: str, _argument: object) -> _Steps | None:
        if not frame.f_code.co_filename.startswith(_OURS):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.left -= 1
            if self.left == 0:
                sys.settrace(None)
                raise Interrupted(15)
        return self


def interrupted_at_each_step(do: Callable[[], object]) -> Iterator[BaseException]:
    """Do it again and again, interrupted one step later each time, until it comes to its end; yield what it raised."""
    number = 0
    while True:
        number += 1
        steps = _Steps(number)
        before = sys.gettrace()
        sys.settrace(steps)
        try:
            do()
        except BaseException as error:  # noqa: BLE001 - what comes out is the question
            yield error
        finally:
            sys.settrace(before)
        if steps.left > 0:
            return

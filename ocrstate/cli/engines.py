"""Start the engine's process before anything else is imported, where a command is going to ask for one.

Like `ocrstate.engine.process`, this imports nothing before the first process runs.
"""

from __future__ import annotations

from ocrstate.work.engines import Engines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_ASKING = frozenset({"plan", "apply", "check", "list", "init", "restore", "snapshot", "why"})
_NOT_ASKING = ("-h", "--help", "--version", "directory", "--inventory=directory")


def engines_for(arguments: Sequence[str]) -> Engines:
    """Start the first process at once if the command will ask for one: its start takes longer than all of ours."""
    engines = Engines()
    if will_ask(arguments):
        engines.start_ahead()
    return engines


def will_ask(arguments: Sequence[str]) -> bool:
    """Guess from the arguments whether an engine will be asked; a wrong guess costs only time."""
    return not _ASKING.isdisjoint(arguments) and not any(word in _NOT_ASKING for word in arguments)

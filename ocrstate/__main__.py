"""Where a process starts: the engine's process first, then everything that is imported while it starts."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found] # `signal` itself takes 2 ms, and the engine should start first
import gc
import os
import sys


def main() -> None:
    """Run the command line and end the process with its exit code; everything is written and closed by then."""
    _end_at_once_if_interrupted()
    _fill_standard_descriptors()
    # one short-lived process that holds large acyclic values: collecting costs time that grows with the store
    gc.disable()
    from ocrstate.cli.engines import engines_for  # noqa: PLC0415 - after the descriptors are in order

    engines = engines_for(sys.argv[1:])
    from ocrstate.cli.main import main_for  # noqa: PLC0415 - the engine's process starts meanwhile

    # not sys.exit: while Python takes itself down, a signal would end the process with another code
    os._exit(main_for(engines))


def _end_at_once_if_interrupted() -> None:
    """End without a traceback on Ctrl-C until signals are dealt with properly; nothing has been done by then."""
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def _fill_standard_descriptors() -> None:
    """Open what the caller closed (``>&-``), so that no file of ours gets the number of a standard stream."""
    for number, mode in ((0, "r"), (1, "w"), (2, "w")):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, ("stdin", "stdout", "stderr")[number], os.fdopen(number, mode))
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()

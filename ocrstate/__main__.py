"""Where a process starts: the engine's process first, then everything that is imported while it starts."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    _fill_standard_descriptors()
    # one short-lived process that holds large acyclic values: collecting costs time that grows with the store
    gc.disable()
    from ocrstate.apply.signals import raise_when_asked_to_end  # noqa: PLC0415 - after the descriptors are in order
    from ocrstate.cli.engines import Engines  # noqa: PLC0415 - likewise

    raise_when_asked_to_end()
    engines = Engines(sys.argv[1:])
    from ocrstate.cli.main import main_for  # noqa: PLC0415 - the engine's process is starting meanwhile

    sys.exit(main_for(engines))


def _fill_standard_descriptors() -> None:
    """Open what the caller closed (``>&-``), so that no file of ours gets the number of a standard stream."""
    for number, mode in ((0, "r"), (1, "w"), (2, "w")):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, ("stdin", "stdout", "stderr")[number], os.fdopen(number, mode))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()

"""Start a child process with three pipes, as early as a process can: it imports nothing that Python has not loaded yet.

``subprocess`` would cost 8 ms before the engine even begins to start, a tenth of a whole plan; it is used where the
system has no ``posix_spawn`` (Windows).
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

_HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_BOOT = """\
import sys
sys.path[: not getattr(sys.flags, "safe_path", False)] = [sys.argv[1]]
from ocrstate.engine.child import main
del sys.path[0]
main()
"""
"""Runs the child with no folder before Python's own on the path: neither the working folder nor ours shadows a module.

The child is imported, not run as a script, because Python keeps the compiled form of modules alone: that saves 6 ms.
"""
_MIRRORED = (("isolated", "-I"), ("ignore_environment", "-E"), ("no_user_site", "-s"), ("no_site", "-S"))


class PosixChild:
    """A child in a process group of its own, so that Ctrl-C in a terminal reaches the parent alone.

    Attributes:
        stdin: our end of its standard input; likewise ``stdout`` and ``stderr``.
    """

    def __init__(self, arguments: list[str], environment: Mapping[str, str]) -> None:
        request, self.stdin = os.pipe()
        self.stdout, answer = os.pipe()
        self.stderr, errors = os.pipe()
        theirs = (request, answer, errors)
        actions = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in enumerate(theirs)]
        try:
            self._id = os.posix_spawn(arguments[0], arguments, environment, file_actions=actions, setpgroup=0)
        except OSError:
            _close(self.stdin, self.stdout, self.stderr)
            raise
        finally:
            _close(*theirs)
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, minus the signal's number if one ended it; `None` while it runs.

        A code that was lost is 0, for the answer tells whether it is whole: the system keeps none where SIGCHLD is
        ignored, a program that uses us may wait for all children, and a signal may come between asking and noting.
        """
        if self._code is None:
            try:
                ended, status = os.waitpid(self._id, os.WNOHANG)
            except ChildProcessError:
                self._code = 0
            else:
                self._code = os.waitstatus_to_exitcode(status) if ended else None
        return self._code

    def kill(self) -> None:
        """End the child, if it still runs, and whatever it started."""
        if self.poll() is None:
            import signal  # noqa: PLC0415 - 3 ms, and rare

            os.killpg(self._id, signal.SIGKILL)


class PopenChild:
    """The same for systems without ``posix_spawn``."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str]) -> None:
        import subprocess  # noqa: PLC0415 - see above

        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        pipe = subprocess.PIPE
        self._child: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 - our own script by our own interpreter
            arguments, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, creationflags=flags
        )
        streams = (self._child.stdin, self._child.stdout, self._child.stderr)
        self.stdin, self.stdout, self.stderr = (os.dup(stream.fileno()) for stream in streams if stream)
        for stream in streams:
            if stream:
                stream.close()

    def poll(self) -> int | None:
        """Return the exit code; `None` while it runs."""
        return self._child.poll()

    def kill(self) -> None:
        """End the child."""
        if self._child.poll() is None:
            self._child.kill()


Child = PosixChild | PopenChild


def spawn() -> Child:
    """Start the process that holds the engine, with this interpreter and its way of finding packages.

    Raises:
        OSError: the system cannot start it.
    """
    _occupy_standard_descriptors()
    options = [option for flag, option in _MIRRORED if getattr(sys.flags, flag)]
    arguments = [sys.executable, *options, "-X", "utf8", "-c", _BOOT, _HOME]
    child = PosixChild if hasattr(os, "posix_spawn") else PopenChild
    return child(arguments, _without_working_folder(os.environ))


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _occupy_standard_descriptors() -> None:
    """Keep pipes off the numbers 0 to 2, should they have been closed: later prints would land in a pipe."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - stderr
        pass
    os.close(descriptor)


def _without_working_folder(environment: Mapping[str, str]) -> dict[str, str]:
    """Drop empty parts of PYTHONPATH, which mean the working folder: nothing that lies there may pose as the engine."""
    path = environment.get("PYTHONPATH", "")
    kept = os.pathsep.join(part for part in path.split(os.pathsep) if part)
    return {**environment, "PYTHONPATH": kept} if path else dict(environment)

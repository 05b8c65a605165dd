"""Which names a symbolic link needs on its way to what it leads to: when one of them goes, the link is dead."""

from __future__ import annotations

import os
from pathlib import PurePath

from ocrstate.store.model import Place

_MOST_PARTS = 4096  # links that change meanwhile could lead round in circles


def way_from(folder: str, target: str) -> tuple[Place, ...]:
    """Return the names, as the system spells them, that a reader passes who follows a link, and links on its way.

    Args:
        folder: absolute path of the link's folder, without links.
        target: where the link points, as written in it.

    Raises:
        OSError: the way ends before it gets there.
    """
    passed: list[Place] = []
    at, ahead = _turn(folder, target)
    while ahead and len(passed) < _MOST_PARTS:
        part = ahead.pop()
        if part == "..":
            at = os.path.dirname(at)
            continue
        status = os.stat(at)
        passed.append(Place(status.st_dev, status.st_ino, part))
        following = os.path.join(at, part)
        if os.path.islink(following):
            at, further = _turn(at, os.readlink(following))
            ahead.extend(further)
        else:
            at = following
    return tuple(passed)


def _turn(at: str, target: str) -> tuple[str, list[str]]:
    """Return the folder to go on from, and the parts of the way from there, the next one last."""
    path = PurePath(target)
    parts = path.parts[1:] if path.anchor else path.parts
    return path.anchor or at, list(reversed(parts))

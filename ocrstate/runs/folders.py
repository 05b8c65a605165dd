"""The folders of ours in a store, and what is in them, by name."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from ocrstate.errors import StoreError
from ocrstate.names import JOURNAL_FOLDER
from ocrstate.store.opened import leave, opened_below
from ocrstate.store.scan import text_name

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
"""What is reported where there is no folder: where a link or a file has the name, nothing is ours."""


def unfinished_journals(store: int) -> tuple[str, ...]:
    """Return the names of the journals of runs that are at work or were broken off, as a scan of the store shows them.

    Raises:
        StoreError: whether there are any is not known.
    """
    return tuple(sorted(map(text_name, names_in(store, JOURNAL_FOLDER))))


def names_in(store: int, folder: str) -> list[str]:
    """List a folder of ours; not to know is not the same as nothing being there.

    Raises:
        StoreError: what is in it is not known.
    """
    try:
        with opened(store, folder) as descriptor:
            return os.listdir(descriptor)
    except OSError as error:
        if error.errno in NOT_THERE:
            return []
        raise StoreError(
            "journal-unreadable",
            f"{folder} in the store cannot be read, so whether a run was broken off is not known: {error.strerror}",
            "run as the user that owns the store, and look at the disk",
        ) from error


def opened(start: int, path: str) -> AbstractContextManager[int]:
    """Open a folder below a descriptor, following no link on the way.

    Raises:
        OSError: that is not possible.
    """
    return opened_below(start, ((part, leave) for part in path.split("/")))

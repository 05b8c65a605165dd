"""The folder that a command works in."""

from __future__ import annotations

import os

from ocrstate.errors import StoreError


def enter(folder: str) -> None:
    """Make the folder given with -C the working folder.

    Raises:
        StoreError: that is not possible, or the working folder has been deleted.
    """
    try:
        os.chdir(folder)
        os.getcwd()
    except OSError as error:
        which = "current folder" if folder == "." else f"folder {folder}, given with -C"
        raise StoreError(
            "chdir-failed",
            f"cannot work in the {which}: {error.strerror}",
            "name an existing folder with -C: the one that the OCR application is started in",
        ) from error

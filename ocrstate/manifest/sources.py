"""What comparing manifests takes to know of sources. Pure."""

from __future__ import annotations

import posixpath
import re
from typing import Final

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # one letter alone is a drive


def leads_to(source: str, manifest: str) -> str:
    """Return where a source leads, so that two spellings of one place are equal.

    Args:
        source: as written.
        manifest: absolute path of the manifest that says so; relative paths count from its folder.
    """
    local = source.removeprefix("file:").removeprefix("//") if source.startswith("file:") else source
    if _SCHEME.match(local):
        return source
    return posixpath.normpath(posixpath.join(posixpath.dirname(manifest), local))

"""What comparing manifests takes to know of sources. Pure."""

from __future__ import annotations

import posixpath

from ocrstate.sources.model import LocalFile, Source, parse_source


def leads_to(source: str, manifest: str) -> Source:
    """Return where a source leads, so that two spellings of one place are equal.

    Args:
        source: as written, in a valid manifest.
        manifest: absolute path of the manifest that says so; relative paths count from its folder.
    """
    place = parse_source(source, manifest.rpartition("/")[0])
    return LocalFile(posixpath.normpath(place.path)) if isinstance(place, LocalFile) else place

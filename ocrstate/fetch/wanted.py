"""From a model that should exist to what has to be fetched. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.fetch.model import Wanted
from ocrstate.sources.model import parse_source, shown

if TYPE_CHECKING:
    from ocrstate.manifest.desired import DesiredModel


def wanted_model(model: DesiredModel) -> Wanted:
    """Say what has to be fetched for a model that has a source.

    Raises:
        BadSourceError: its source is none; a manifest that was checked has no such model.
    """
    written = model.source or ""
    source = parse_source(written, model.path.rpartition("/")[0])
    return Wanted(model.name, source, shown(written), model.sha256, model.size)

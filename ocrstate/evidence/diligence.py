"""How much of the models' contents is read. Pure."""

from __future__ import annotations

from enum import Enum


class Diligence(Enum):
    """How much is read of the models for which the manifest gives a digest."""

    MEMORY = "nothing; what is remembered is believed"
    DIFFERENCES = "what is remembered to differ, because it would be replaced"
    UNKNOWN = "what is not remembered"
    BEFORE_CHANGES = "what is not remembered; all of it, where something is going to be removed or replaced"
    EVERYTHING = "everything; what is remembered is not believed"

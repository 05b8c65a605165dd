"""How much of the models' contents is read. Pure."""

from __future__ import annotations

from enum import Enum


class Diligence(Enum):
    """How much is read of the models for which the manifest gives a digest."""

    MEMORY = "nothing; what is remembered is believed"
    DIFFERENCES = "what is remembered to differ, because it is going to be replaced"
    UNKNOWN = "what is not remembered"
    EVERYTHING = "everything; what is remembered is not believed"

"""The directory of models: where it is, and what lies in it, read through a descriptor. Nothing here writes."""

"""Writes manifests: digests and sizes into one that is there (`lock`), a whole one from a store (`snapshot`)."""

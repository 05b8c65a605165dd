"""The one place that changes a store: relative to its descriptor, never following links.

Everything that ocrstate keeps in a store lies in ``.ocrstate/<folder>/…``: two folders deep, where the engine does not
look. Removed models wait in ``.ocrstate/quarantine/<run>/``, under their own names; ``.ocrstate/journal/`` holds what
runs at work have written down, ``.ocrstate/history/`` what those that have ended did.
"""

"""Keep the OCR models on a host equal to a YAML manifest.

The main commands are functions as well:

>>> import ocrstate
>>> plan = ocrstate.plan("models.yml")
>>> result = ocrstate.apply("models.yml", approve=lambda plan: plan.summary.remove <= 5)

docs/python.md shows more.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ocrstate.api import (
        Audit,
        Blocked,
        Change,
        Desired,
        Drifted,
        EngineError,
        Fetch,
        FetchError,
        InvalidManifestError,
        Keep,
        Limits,
        LockedError,
        ManifestError,
        Missing,
        OcrstateError,
        PastRun,
        Plan,
        Protected,
        RefusedError,
        Remove,
        Replace,
        Result,
        StoreError,
        UnfinishedError,
        Unlisted,
        Verification,
        Where,
        apply,
        document,
        history,
        list_models,
        plan,
        restore,
        validate,
        verify,
    )

__version__ = "0.1.0"

__all__ = [
    "Audit",
    "Blocked",
    "Change",
    "Desired",
    "Drifted",
    "EngineError",
    "Fetch",
    "FetchError",
    "InvalidManifestError",
    "Keep",
    "Limits",
    "LockedError",
    "ManifestError",
    "Missing",
    "OcrstateError",
    "PastRun",
    "Plan",
    "Protected",
    "RefusedError",
    "Remove",
    "Replace",
    "Result",
    "StoreError",
    "UnfinishedError",
    "Unlisted",
    "Verification",
    "Where",
    "apply",
    "document",
    "history",
    "list_models",
    "plan",
    "restore",
    "validate",
    "verify",
]


def __getattr__(name: str) -> object:
    """Import what there is to use when it is used first: the command line starts without."""
    if name not in __all__:
        raise AttributeError(f"module 'ocrstate' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - the command line starts without

    return getattr(import_module("ocrstate.api"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

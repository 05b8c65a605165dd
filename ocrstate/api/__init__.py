"""The main commands as functions: they take the same manifests and return the values that the commands show.

Each asks the engine in a process of its own, as the commands do, and raises an `OcrstateError` where a command would
end with an error. What no command line could say, such as an option that does not exist or ``jobs=0``, is a `TypeError`
or a `ValueError`, before anything is done. Nothing is printed, and nobody is asked.

In the main thread, `apply` and `restore` hold back SIGINT, SIGTERM and SIGHUP while they change the store, and deliver
all that arrived when they end; each ends the work, and what was changed is put back. A SIGHUP that the application
handles itself is left to it: it asks to read a configuration again, not to end. So are signals that are ignored, or
handled outside of Python.
"""

from ocrstate.api.changing import apply, restore
from ocrstate.api.documents import document
from ocrstate.api.options import Limits, Where
from ocrstate.api.reading import history, list_models, plan, validate, verify
from ocrstate.applying.result import Result
from ocrstate.errors import (
    EngineError,
    FetchError,
    LockedError,
    ManifestError,
    OcrstateError,
    RefusedError,
    StoreError,
    UnfinishedError,
)
from ocrstate.manifest.desired import Desired
from ocrstate.manifest.problems import InvalidManifestError
from ocrstate.planning.audit import Audit
from ocrstate.planning.changes import (
    Blocked,
    Change,
    Drifted,
    Fetch,
    Keep,
    Missing,
    Protected,
    Remove,
    Replace,
    Unlisted,
)
from ocrstate.planning.model import Plan
from ocrstate.planning.verification import Verification
from ocrstate.runs.kept import PastRun

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

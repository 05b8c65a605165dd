"""What one apply is asked to do. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.watch import UNWATCHED

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocrstate.planning.model import Plan
    from ocrstate.runs.model import Who
    from ocrstate.store.model import Scan
    from ocrstate.watch import Watch


@dataclass(frozen=True, slots=True)
class Run:
    """One apply.

    Attributes:
        plan: what was shown.
        plan_again: plans for a folder as it is now, no engine asked.
        list_again: takes a new inventory, by a new engine process, and plans again; what it is given is done while the
            engine works.
        lock_timeout: seconds to wait for another run to end.
        keep_until: until when removed models are kept (RFC 3339, UTC); `None` if they are deleted at once.
        plan_id: the saved plan that it carries out.
        jobs: how many models may be fetched at the same time.
        watch: whom to show what takes long.
    """

    run_id: str
    plan: Plan
    plan_again: Callable[[Scan], Plan]
    list_again: Callable[[Callable[[], None]], Plan]
    who: Who
    lock_timeout: float
    keep_until: str | None
    jobs: int
    watch: Watch = UNWATCHED
    plan_id: str | None = None

"""Restore, whoever asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocrstate.applying.clock import new_run_id
from ocrstate.applying.restore import Restore, choose, refuse_in_the_way, refuse_no_models, restore
from ocrstate.applying.session import changing
from ocrstate.runs.journal import is_run_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ocrstate.applying.restore import Restoration
    from ocrstate.applying.result import Recovered, Result
    from ocrstate.runs.model import Who
    from ocrstate.signals import Pending
    from ocrstate.work.site import Site
    from ocrstate.writer.store_writer import StoreWriter

    Judge = Callable[[Restoration, StoreWriter], None]
    """Refuses to put something back where something newer is in the way that may not make way."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be restored.

    Attributes:
        run_id: of which run; `None` for the last one.
        names: which models; none for all of the run.
    """

    run_id: str | None
    names: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> Wanted:
        """Read the arguments ``[RUN] [NAME]…``."""
        if words and is_run_id(words[0]):
            return cls(words[0], tuple(words[1:]))
        return cls(None, tuple(words))


def put_newer_aside(restoration: Restoration, writer: StoreWriter) -> None:
    """Let newer models make way, and nothing else.

    Raises:
        RefusedError: what is in the way is no model.
        StoreError: it cannot be looked at.
    """
    refuse_no_models(restoration, writer)


def spare_newer(restoration: Restoration, _writer: StoreWriter) -> None:
    """Let nothing make way.

    Raises:
        RefusedError: something is in the way.
    """
    refuse_in_the_way(restoration)


@dataclass(frozen=True, slots=True)
class Restoring:
    """How to restore.

    Attributes:
        judge: decides on what is in the way.
        lock_timeout: seconds to wait for another run to end.
        tell_recovered: is told of runs that had been broken off, and were put in order first.
    """

    wanted: Wanted
    judge: Judge
    who: Who
    lock_timeout: float
    tell_recovered: Callable[[Sequence[Recovered]], None]


def restore_models(site: Site, asked: Restoring, pending: Pending) -> Result:
    """Put models back, and say what was done.

    Raises:
        RefusedError: there is nothing to restore, or something is in the way.
        LockedError: another run holds the lock.
        StoreError: the store cannot be changed; nothing was changed.
        UnfinishedError: a run can be neither finished nor undone.
    """
    with changing(site.path, asked.who, asked.lock_timeout, pending, site.watch) as session:
        asked.tell_recovered(session.recovered)
        with site.watch.waiting("Looking at what is kept"):
            restoration = choose(session.writer, asked.wanted.run_id, asked.wanted.names)
            asked.judge(restoration, session.writer)
        work = Restore(new_run_id(), restoration, site.inventory, asked.who)
        result = restore(work, session.writer, pending)
    return replace(result, recovered=session.recovered)

"""Restore, recover, purge and history as a person or a script sees them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ocrstate.applying.clock import now
from ocrstate.applying.restore import choose
from ocrstate.applying.retention import expired_runs, forget_oldest, forget_staged, purge, remembers_too_many
from ocrstate.applying.session import changing
from ocrstate.cli.exits import Exit
from ocrstate.cli.site import Site
from ocrstate.cli.telling import ended, finish_with, tell_recovered
from ocrstate.cli.who import whoami
from ocrstate.errors import RefusedError
from ocrstate.manifest.load import read
from ocrstate.render.history_text import render_history, render_purges, render_run
from ocrstate.render.result_text import recovered_line
from ocrstate.render.run_documents import history_document, purge_document, recovery_document
from ocrstate.render.spelling import to_text
from ocrstate.runs.kept import kept_runs, past_runs
from ocrstate.runs.read import has_staged, open_runs
from ocrstate.signals import hold_back_signals
from ocrstate.text.escape import escape
from ocrstate.text.shell import history_command
from ocrstate.text.units import counted, size_text
from ocrstate.work import restore
from ocrstate.work.restore import Restoring, put_newer_aside, spare_newer
from ocrstate.writer.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocrstate.applying.result import Purge, Recovered
    from ocrstate.cli.console import Console
    from ocrstate.cli.options import Common
    from ocrstate.runs.kept import PastRun
    from ocrstate.signals import Pending
    from ocrstate.store.model import StoreId
    from ocrstate.work.engines import Engines
    from ocrstate.work.restore import Wanted


def site_of(common: Common, manifest: str | None, engines: Engines) -> Site:
    """Find out which store is meant by a command that follows no manifest; one may say where the store is."""
    unchecked = None if manifest is None else read(manifest)
    if unchecked is not None:
        unchecked.check()
    return Site.named(common, engines, unchecked)


def restore_models(site: Site, wanted: Wanted, lock_timeout: float, *, overwrite: bool, ask: bool) -> int:
    """Put models back, and return the exit code."""
    pending = hold_back_signals()
    with pending.let_through():
        _ask_about_newer(site, wanted, overwrite=overwrite, ask=ask)
    judge = put_newer_aside if overwrite else spare_newer
    asked = Restoring(wanted, judge, whoami(), lock_timeout, partial(tell_recovered, site.console))
    return finish_with(site, restore.restore_models(site, asked, pending))[0]


def _ask_about_newer(site: Site, wanted: Wanted, *, overwrite: bool, ask: bool) -> None:
    """Ask a person before something newer makes way, and not while other runs wait for the lock.

    Raises:
        RefusedError: it is not to, or there is nothing to restore.
    """
    with site.opened() as (store, descriptor):
        if descriptor is None or open_runs(descriptor):
            return
        with StoreWriter(store, descriptor, lambda change: change()) as unlocked:
            newer = choose(unlocked, wanted.run_id, wanted.names).in_the_way
    if newer and overwrite and ask and site.console.can_ask:
        _ask(site.console, f"Put {counted(len(newer), 'newer model')} into quarantine instead?")


def recover_store(site: Site, lock_timeout: float) -> int:
    """Finish or undo what was broken off, and do nothing else; return the exit code."""
    pending = hold_back_signals()
    recovered = _recover(site, lock_timeout, pending) if _is_half_way(site) else ()
    if site.common.as_json:
        site.console.answer(to_text(recovery_document(site.path, recovered)))
    elif recovered:
        site.console.answer_prose("".join(f"{recovered_line(each)}\n" for each in recovered))
    else:
        site.console.answer_prose("Nothing to recover: no run was broken off.\n")
    return ended(site.console, Exit.DONE, pending.number)


def _is_half_way(site: Site) -> bool:
    with site.opened() as (_, descriptor):
        return descriptor is None or bool(open_runs(descriptor))


def _recover(site: Site, lock_timeout: float, pending: Pending) -> tuple[Recovered, ...]:
    with changing(site.path, whoami(), lock_timeout, pending, site.watch) as session:
        return session.recovered


def purge_kept(site: Site, run_ids: Sequence[str], lock_timeout: float, *, everything: bool, ask: bool) -> int:
    """Delete for good what is kept and whose time is up, or what is named; return the exit code."""
    pending = hold_back_signals()
    with pending.let_through():
        approved = _approved(site, run_ids, everything=everything, ask=ask)
    if approved is None:
        return _tell_purged(site, (), (), 0)
    with changing(site.path, whoami(), lock_timeout, pending, site.watch) as session:
        tell_recovered(site.console, session.recovered)
        doomed = _doomed(site, session.writer.descriptor, run_ids, everything=everything)
        purged = tuple(purge(session.writer, run.log) for run in doomed if run.log.run_id in approved)
        staged = forget_staged(session.writer) if everything else 0
        forget_oldest(session.writer)
    return ended(site.console, _tell_purged(site, purged, session.recovered, staged), pending.number)


def _approved(site: Site, run_ids: Sequence[str], *, everything: bool, ask: bool) -> set[str] | None:
    """Get approval, and not while other runs wait for the lock; return the runs to purge, `None` for nothing at all."""
    with site.opened() as (_, descriptor):
        if descriptor is None:
            return set()
        doomed = _doomed(site, descriptor, run_ids, everything=everything)
        expired = {log.run_id for log in expired_runs(descriptor, now())}
        if not (
            doomed or open_runs(descriptor) or remembers_too_many(descriptor) or (everything and has_staged(descriptor))
        ):
            return None
    early = [run for run in doomed if run.log.run_id not in expired]
    if early and ask:
        _approve_early(site, early)
    return {run.log.run_id for run in doomed}


def _doomed(site: Site, store: int, run_ids: Sequence[str], *, everything: bool) -> list[PastRun]:
    """Return the runs whose quarantine is to be deleted, oldest first."""
    runs = kept_runs(store)
    unknown = sorted(set(run_ids) - {run.log.run_id for run in runs})
    if unknown:
        raise RefusedError(
            "nothing-kept",
            f"the run {escape(unknown[0])} keeps nothing that could be restored",
            f"{history_command(site.path)} shows which runs do",
        )
    expired = {log.run_id for log in expired_runs(store, now())}
    return [
        run for run in runs if everything or run.log.run_id in run_ids or (not run_ids and run.log.run_id in expired)
    ]


def _approve_early(site: Site, early: Sequence[PastRun]) -> None:
    models = sum(len(run.restorable) for run in early)
    size = size_text(sum(run.bytes_held for run in early))
    if not site.console.can_ask:
        raise RefusedError(
            "not-confirmed",
            f"not confirmed: {counted(models, 'model')} ({size}) could still be restored, and there is no terminal to "
            "ask on",
            f"look at {history_command(site.path)}, and approve with --yes",
        )
    _ask(site.console, f"Delete {counted(models, 'model')} ({size}) that could still be restored, for good?")


def _ask(console: Console, question: str) -> None:
    if console.ask(f"{question} Only 'yes' is accepted: ") != "yes":
        raise RefusedError("not-confirmed", "not confirmed", "answer yes to go on")


def _tell_purged(site: Site, purged: tuple[Purge, ...], recovered: tuple[Recovered, ...], staged: int) -> int:
    if site.common.as_json:
        site.console.answer(to_text(purge_document(site.path, purged, recovered, staged)))
    else:
        site.console.answer_prose(render_purges(purged, site.path, staged))
    return Exit.UNFINISHED if any(each.stuck for each in purged) else Exit.DONE


def show_history(site: Site, run_id: str | None) -> int:
    """Show the runs that are remembered, or one of them; return the exit code."""
    store, runs = _remembered(site)
    if run_id is not None:
        runs = tuple(run for run in runs if run.log.run_id == run_id)
        if not runs:
            raise RefusedError(
                "run-unknown",
                f"no run {escape(run_id)} is remembered",
                f"{history_command(site.path)} shows those that are",
            )
    if site.common.as_json:
        site.console.answer(to_text(history_document(store.path, runs)))
    elif run_id is not None:
        site.console.answer(render_run(runs[0], now(), site.console.width))
    else:
        site.console.answer(render_history(runs, store.path, now(), site.console.width))
    return Exit.DONE


def _remembered(site: Site) -> tuple[StoreId, tuple[PastRun, ...]]:
    with site.opened() as (store, descriptor):
        return store, () if descriptor is None else past_runs(descriptor)

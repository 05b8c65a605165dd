"""Judge what runs left in a store: what is half-way, who is at work, what is kept and remembered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.doctor.model import Area, Topic
from ocrstate.text.escape import escape
from ocrstate.text.shell import recover_command, shell_word
from ocrstate.text.times import readable_time
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from ocrstate.doctor.model import Facts, Finding, Findings
    from ocrstate.runs.model import UnfinishedRun, Who

RUNS = Topic(Area.TOOL, "runs")
LOCK = Topic(Area.TOOL, "lock")
QUARANTINE = Topic(Area.TOOL, "quarantine")
STAGING = Topic(Area.TOOL, "staging")
CACHE = Topic(Area.TOOL, "cache")


def judge_runs(store: str, runs: tuple[UnfinishedRun, ...]) -> Findings:
    """Tell which runs are half-way.

    Args:
        store: its path.
        runs: those that are at work, or were broken off.
    """
    facts: Facts = {"unfinished": tuple(run.run_id for run in runs), "waiting": sum(run.waiting for run in runs)}
    damaged = [run for run in runs if run.state is None]
    broken = [run for run in runs if not run.at_work]
    if damaged:
        return (
            RUNS.fail(
                f"the journal of the run {damaged[0].run_id} cannot be relied on: apply refuses to go on",
                f"{recover_command(store)} says why, and what to do",
            ).with_facts(facts),
        )
    if broken:
        return (RUNS.warn(_broken_off(broken), f"{recover_command(store)}, or the next apply").with_facts(facts),)
    if runs:
        return (RUNS.ok(f"the run {runs[0].run_id} is at work").with_facts(facts),)
    return (RUNS.ok("no run was broken off").with_facts(facts),)


def _broken_off(runs: list[UnfinishedRun]) -> str:
    first = runs[0]
    begun = f" (ocrstate {first.begun.kind.value})" if first.begun else ""
    more = f", and {counted(len(runs) - 1, 'other')}" if len(runs) > 1 else ""
    was = "was broken off" if first.at_work is False else "is at work, or was broken off"
    waiting = sum(run.waiting for run in runs)
    models = f"; {counted(waiting, 'model')} {'waits' if waiting == 1 else 'wait'} in quarantine" if waiting else ""
    return f"the run {first.run_id}{begun}{more} {was}{models}"


@dataclass(frozen=True, slots=True)
class Lock:
    """The store's lock.

    Attributes:
        is_held: whether some run holds it; `None` where the system does not say.
        holder: who left a name there.
    """

    is_held: bool | None
    holder: Who | None


def judge_lock(seen: Lock) -> Findings:
    """Tell whether a run would have to wait."""
    if seen.is_held is None:
        return (
            LOCK.warn(
                "whether a run holds the lock cannot be told",
                "run as a user who may read the store, on a filesystem that has locks",
                is_held=None,
            ),
        )
    if not seen.is_held:
        return (LOCK.ok("no run holds the lock", is_held=False),)
    return (_held(seen.holder),)


def _held(holder: Who | None) -> Finding:
    wait = "wait for it to end: apply waits a while by itself, longer with --lock-timeout SECONDS"
    if holder is None:
        return LOCK.warn("a run holds the lock, and has not left a name", wait, is_held=True)
    return LOCK.warn(
        f"a run holds the lock since {escape(readable_time(holder.started))} (process {holder.pid})",
        wait,
        f"{escape(holder.user)} on {escape(holder.host)}: {escape(holder.command)}",
        is_held=True,
        pid=holder.pid,
        since=holder.started,
    )


@dataclass(frozen=True, slots=True)
class Quarantine:
    """What runs that have ended keep.

    Attributes:
        models: how many.
        size: bytes that the disk would gain.
        expired_models: how many of them are kept longer than they were to be; likewise the next one.
        expired_size: bytes.
    """

    models: int
    size: int
    expired_models: int
    expired_size: int


def judge_quarantine(store: str, seen: Quarantine) -> Findings:
    """Tell what could be deleted for good."""
    facts = {
        "models": seen.models,
        "bytes": seen.size,
        "expired_models": seen.expired_models,
        "expired_bytes": seen.expired_size,
    }
    if not seen.models:
        return (QUARANTINE.ok("nothing is kept in quarantine").with_facts(facts),)
    kept = f"{counted(seen.models, 'model')} ({size_text(seen.size)}) {'is' if seen.models == 1 else 'are'} kept"
    if not seen.expired_models:
        return (QUARANTINE.ok(f"{kept} in quarantine, to be restored").with_facts(facts),)
    return (
        QUARANTINE.warn(
            f"{kept} in quarantine; of {seen.expired_models:,} ({size_text(seen.expired_size)}) the time is up",
            f"ocrstate purge --store {shell_word(store)}, or the next apply, deletes those",
        ).with_facts(facts),
    )


def judge_staging(store: str, sizes: tuple[int, ...]) -> Findings:
    """Tell what was fetched, whole or in part, and has not entered the store."""
    if not sizes:
        return (STAGING.ok("nothing is half fetched", models=0, bytes=0),)
    return (
        STAGING.warn(
            f"{counted(len(sizes), 'model')} ({size_text(sum(sizes))}) fetched, whole or in part, and not in the store",
            f"the next apply goes on from there; ocrstate purge --all --store {shell_word(store)} gives it up, with "
            "all that is in quarantine",
            models=len(sizes),
            bytes=sum(sizes),
        ),
    )


@dataclass(frozen=True, slots=True)
class Cache:
    """Where what was read of models is remembered.

    Attributes:
        path: `None` where the user has no cache folder outside the store.
        trouble: why nothing can be remembered there.
    """

    path: str | None
    trouble: str | None


def judge_cache(seen: Cache) -> Findings:
    """Tell whether models that have not changed need not be read again."""
    if seen.path is not None and seen.trouble is None:
        return (CACHE.ok(f"what was read is remembered in {escape(seen.path)}", path=seen.path),)
    why = (
        f"{escape(seen.path)} {seen.trouble}" if seen.path is not None else "there is no cache folder outside the store"
    )
    return (
        CACHE.warn(
            f"{why}, so what was read is not remembered, and models are read again and again",
            "point XDG_CACHE_HOME at a folder outside the store that this user owns and alone may write in",
            path=seen.path,
        ),
    )

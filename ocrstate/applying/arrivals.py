"""Bring what a plan fetches into the store's staging, before anything else is touched."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ocrstate.digests.model import Content
from ocrstate.errors import FetchError
from ocrstate.planning.changes import Replace
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocrstate.applying.job import Run
    from ocrstate.digests.model import Reading
    from ocrstate.fetch.model import Staged
    from ocrstate.planning.model import Plan
    from ocrstate.writer.store_writer import StoreWriter

# What reads contents and sources is imported inside the functions: most runs need neither.
# ruff: noqa: PLC0415


def fetch_arrivals(run: Run, writer: StoreWriter) -> Mapping[str, Staged]:
    """Fetch all models that are to come, several at once; each is whole and verified when it is in staging.

    Raises:
        FetchError: one cannot be had; the store is as it was, and what has come is kept for the next run.
        Interrupted: a signal asked to end; likewise.
    """
    arrivals = run.plan.arrivals
    if not arrivals:
        return {}
    from ocrstate.fetch.fetch import fetch_all
    from ocrstate.fetch.wanted import wanted_model

    wanted = [wanted_model(change.model) for change in arrivals]
    with suppress(OSError):  # then there is less room; the plan counts on it
        writer.staging.forget_all_but({each.key for each in wanted})
    with run.watch.progress("Fetching")(sum(change.size_to_come or 0 for change in arrivals)) as advance:
        staged = fetch_all(writer, wanted, run.jobs, advance)
    return {each.name: each for each in staged}


def pass_rights_on(run: Run, writer: StoreWriter, staged: Mapping[str, Staged]) -> None:
    """Let each model be read and written by those who may read and write what it replaces, a new one by all.

    Until now, others may have been kept from reading it.

    Raises:
        FetchError: that is not possible; the store is as it was.
    """
    for change in run.plan.arrivals:
        try:
            writer.staging.take_after(staged[change.name].key, change.name)
        except OSError as error:
            raise FetchError(
                change.name,
                "cannot-pass-rights-on",
                f"{escape(change.name)} was fetched, but cannot be given its owner and mode: {error.strerror}",
                "run as the user that owns the models, or delete .ocrstate/staging in the store and run again",
            ) from error


def unfounded_replacements(plan: Plan, writer: StoreWriter) -> tuple[str, ...]:
    """Read what is to be replaced for its content alone, and say, a line each, where that turns out to be unfounded.

    The plan may rest on a digest that was remembered, or on what was read a while ago.
    """
    doubtful = [each for each in plan.arrivals if isinstance(each, Replace) and _rests_on_content(each)]
    if not doubtful:
        return ()
    from ocrstate.digests.contents import read_contents
    from ocrstate.digests.memory import Memory

    entries = [each.entry for each in doubtful]
    readings = read_contents(writer.store, writer.descriptor, entries, Memory.fresh(writer.store), _unwatched)
    return tuple(words for each in doubtful if (words := _unfounded(each, readings.get(each.name))))


def _rests_on_content(change: Replace) -> bool:
    return all(difference.attribute == "sha256" for difference in change.differences)


def _unfounded(change: Replace, reading: Reading | None) -> str:
    match reading:
        case Content(sha256=sha256) if sha256 != change.model.sha256:
            return ""
        case Content():
            return f"{escape(change.name)}: read again, its content is as listed"
        case _:
            return f"{escape(change.name)}: its content cannot be read, or is being changed"


def _unwatched(_bytes: int) -> None:
    """Show nothing."""

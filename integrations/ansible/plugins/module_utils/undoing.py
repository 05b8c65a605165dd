# Copyright (c) The ocrstate maintainers
# SPDX-License-Identifier: MIT
"""Choose what is restored, from what earlier runs have noted. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    Document = dict[str, Any]

_WITHOUT_EFFECT = ("not_begun", "undone")


class Part(NamedTuple):
    """What is wanted of one run.

    Attributes:
        run_id: the run that removed it.
        kept: models that can be put back.
        gone: models that cannot.
        is_whole: whether all that can be put back is wanted.
    """

    run_id: str
    kept: dict[str, int]
    gone: tuple[str, ...]
    is_whole: bool

    @property
    def words(self) -> list[str]:
        """What `ocrstate restore` is told."""
        return [self.run_id, *([] if self.is_whole else ["--", *self.kept])]


class UnknownError(Exception):
    """There is no such run, or it did not remove such a model."""


def in_utc(time: str) -> str | None:
    """Spell a time as ocrstate notes it, so that both can be compared as text; `None` if it is none, or of no zone."""
    zoned = f"{time[:-1]}+00:00" if time.endswith("Z") else time
    try:
        read = datetime.fromisoformat(zoned)
        return None if read.tzinfo is None else read.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None


def chosen(
    runs: Sequence[Document], run_id: str | None, since: str | None, names: Collection[str] | None
) -> list[Part]:
    """Return what is wanted, the last run first; nothing where no run removed anything.

    Args:
        runs: the last one first.
        run_id: the run that is wanted.
        since: all runs that began then or later are wanted (RFC 3339, UTC); without both, the last one that removed
            something, or all of what is named.
        names: the models that are wanted; `None` for all.

    Raises:
        UnknownError: there is no such run, or not all models are among what was removed.
    """
    removing = [run for run in runs if run.get("kind") == "apply" and _removed(run)]
    if run_id is not None:
        wanted = [run for run in runs if run["run_id"] == run_id]
        if not wanted:
            raise UnknownError(f"this store knows no run {run_id}")
    elif since is not None:
        wanted = [run for run in removing if run["started"] >= since]
    else:
        # not the last one of which something is left: a second time, that would be an older one
        wanted = [run for run in removing if set(names or ()) <= _removed(run).keys()][:1]
    if since is None or wanted:
        _refuse_unknown(names or (), wanted, removing)
    return [part for part in (_part(run, names) for run in wanted) if part.kept or part.gone]


def lost(parts: Sequence[Part], there: Collection[str]) -> list[str]:
    """Return the models that cannot be put back, and are not in the store, nor come back from another run."""
    back = {name for part in parts for name in part.kept}
    return sorted({name for part in parts for name in part.gone} - back - set(there))


def taken(parts: Sequence[Part], there: Collection[str]) -> list[str]:
    """Return the models whose names are taken in the store."""
    return sorted({name for part in parts for name in part.kept} & set(there))


def doubled(parts: Sequence[Part]) -> list[str]:
    """Return the models whose names come back from several runs."""
    times = Counter(name for part in parts for name in part.kept)
    return sorted(name for name in times if times[name] > 1)


def _refuse_unknown(names: Collection[str], wanted: Sequence[Document], removing: Sequence[Document]) -> None:
    lacking = sorted(set(names) - set(_names(wanted)))
    if not lacking:
        return
    if wanted or set(names) - set(_names(removing)):
        raise UnknownError(f"{', '.join(lacking)}: not among what was removed")
    raise UnknownError(f"no single run removed all of {', '.join(lacking)}")


def _names(runs: Sequence[Document]) -> Iterator[str]:
    return (name for run in runs for name in _removed(run))


def _removed(run: Document) -> dict[str, Document]:
    if run["state"] in _WITHOUT_EFFECT:
        return {}
    return {model["name"]: model for model in run.get("models", ()) if model["moved"] == "out"}


def _part(run: Document, names: Collection[str] | None) -> Part:
    removed = _removed(run)
    wanted = {name: model for name, model in removed.items() if names is None or name in names}
    kept = {name: model["size"] for name, model in wanted.items() if model["restorable"]}
    gone = tuple(name for name in wanted if name not in kept)
    return Part(run["run_id"], kept, gone, is_whole=len(wanted) == len(removed))

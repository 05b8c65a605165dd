# Copyright (c) The ocrstate maintainers
# SPDX-License-Identifier: MIT
"""Choose what is restored, from what earlier runs have noted. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    Document = dict[str, Any]


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


def chosen(runs: Sequence[Document], run_id: str | None, since: str | None, names: Collection[str]) -> list[Part]:
    """Return what is wanted, the last run first; nothing where no run removed anything.

    Args:
        runs: the last one first.
        run_id: the run that is wanted.
        since: all runs that began then or later are wanted (RFC 3339, UTC); without both, the last one that removed
            something.
        names: the models that are wanted; all if there are none.

    Raises:
        UnknownError: there is no such run, or not all models are among what was removed.
    """
    removing = [run for run in runs if run.get("kind") == "apply" and _removed(run)]
    if run_id is not None:
        known = [run for run in runs if run["run_id"] == run_id]
        if not known:
            raise UnknownError(f"this store knows no run {run_id}")
        wanted = known
    elif since is not None:
        wanted = [run for run in removing if run["started"] >= since]
    else:
        wanted = _last(removing, names)
    parts = [_part(run, names) for run in wanted]
    found = {name for part in parts for name in (*part.kept, *part.gone)}
    lacking = sorted(set(names) - found)
    if lacking and (parts or since is None):
        raise UnknownError(f"{', '.join(lacking)}: not among what was removed")
    return [part for part in parts if part.kept or part.gone]


def _last(removing: Sequence[Document], names: Collection[str]) -> list[Document]:
    """Return the last run that removed all of these; one that can still be taken back comes first."""
    having = [run for run in removing if set(names) <= set(_removed(run))]
    kept = [run for run in having if any(model["restorable"] for model in run["models"])]
    return (kept or having)[:1]


def _removed(run: Document) -> dict[str, Document]:
    return {model["name"]: model for model in run.get("models", ()) if model["moved"] == "out"}


def _part(run: Document, names: Collection[str]) -> Part:
    removed = _removed(run)
    wanted = {name: model for name, model in removed.items() if not names or name in names}
    kept = {name: model["size"] for name, model in wanted.items() if model["restorable"]}
    gone = tuple(name for name in wanted if name not in kept)
    return Part(run["run_id"], kept, gone, is_whole=len(wanted) == len(removed))

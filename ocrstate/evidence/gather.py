"""Gather the evidence for a plan: as much of it as was asked for, and no network for any of it."""

from __future__ import annotations

from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from ocrstate.errors import assert_never
from ocrstate.evidence.diligence import Diligence
from ocrstate.planning.evidence import NO_EVIDENCE, Evidence, Supply
from ocrstate.planning.planner import to_be_supplied
from ocrstate.store.opened import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ocrstate.digests.memory import Memory
    from ocrstate.digests.model import Reading
    from ocrstate.manifest.desired import Desired, DesiredModel
    from ocrstate.store.model import Entry, Scan, StoreId
    from ocrstate.watch import Progress

_NOTHING: Mapping[str, Reading] = MappingProxyType({})

# What reads contents and sources is imported inside the functions: most plans need neither.
# ruff: noqa: PLC0415


def gather(
    desired: Desired, scan: Scan, diligence: Diligence, progress: Progress, known: Mapping[str, Reading] = _NOTHING
) -> Evidence:
    """Look at contents, at sources, and at the disk, as far as the manifest gives a reason to.

    Args:
        desired: what the manifest asks for.
        scan: the folder as it was read.
        diligence: how much is read.
        progress: shows how far the reading has come, given how many bytes there are in all.
        known: contents that need not be looked at, by name.

    Raises:
        StoreError: the store cannot be opened.
        Interrupted: a signal asked to end.
    """
    digests = {model.name: model.sha256 for model in desired.models if model.sha256 is not None}
    if not digests and all(model.source is None for model in desired.models):
        return NO_EVIDENCE
    with open_store(scan.store.path) as (store, descriptor):
        contents = known
        if digests:
            sizes = {model.name: model.size for model in desired.models}
            entries = [
                entry
                for entry in _files(scan)
                if entry.name in digests and entry.name not in known and _has_size(entry, sizes[entry.name])
            ]
            contents = {**known, **_Contents(store, descriptor, progress).of(entries, digests, diligence)}
        wanted = to_be_supplied(desired, scan, contents)
        if not wanted:
            return Evidence(contents)
        return Evidence(contents, _supplies(wanted, descriptor), _free(store, descriptor, wanted))


def _files(scan: Scan) -> Iterable[Entry]:
    return chain(scan.entries, (entry for link in scan.folder_links for entry in link.behind))


def _has_size(entry: Entry, size: int | None) -> bool:
    """Tell whether the content is worth a look: one of another size cannot be as declared."""
    return entry.content is not None and size in (None, entry.content)


class _Contents:
    """Looks at the contents of models of one store."""

    def __init__(self, store: StoreId, descriptor: int | None, progress: Progress) -> None:
        self._store = store
        self._descriptor = descriptor
        self._progress = progress

    def of(self, entries: Sequence[Entry], digests: Mapping[str, str], diligence: Diligence) -> Mapping[str, Reading]:
        from ocrstate.digests.contents import remembered_contents
        from ocrstate.digests.memory import Memory

        match diligence:
            case Diligence.MEMORY:
                return remembered_contents(self._store, self._descriptor, entries)
            case Diligence.DIFFERENCES:
                remembered = remembered_contents(self._store, self._descriptor, entries)
                doubtful = {name for name, content in remembered.items() if content.sha256 != digests[name]}
                read = self._read([each for each in entries if each.name in doubtful], Memory.fresh(self._store))
                return {**remembered, **read}
            case Diligence.UNKNOWN | Diligence.BEFORE_CHANGES:
                return self._read(entries, Memory.of(self._store))
            case Diligence.EVERYTHING:
                return self._read(entries, Memory.fresh(self._store))
            case _:
                assert_never(diligence)

    def _read(self, entries: Sequence[Entry], memory: Memory) -> Mapping[str, Reading]:
        from ocrstate.digests.contents import read_shown

        return read_shown(self._store, self._descriptor, entries, memory, self._progress)


def _supplies(wanted: Sequence[DesiredModel], descriptor: int | None) -> dict[str, Supply]:
    from ocrstate.runs.read import staged_sizes

    staged = {} if descriptor is None else staged_sizes(descriptor)
    return {model.name: _supply(model, staged) for model in wanted}


def _supply(model: DesiredModel, staged: Mapping[str, int]) -> Supply:
    from ocrstate.fetch.wanted import wanted_model
    from ocrstate.sources.local import local_size
    from ocrstate.sources.model import LocalFile

    wanted = wanted_model(model)
    here = staged.get(wanted.key, 0)
    if model.size is not None and here > model.size:
        here = 0  # whatever that is, it is no part of it
    if not isinstance(wanted.source, LocalFile):
        return Supply(wanted.shown, is_remote=True, size=model.size, staged=here)
    size = local_size(wanted.source)
    if isinstance(size, str):
        return Supply(wanted.shown, is_remote=False, staged=here, problem=size)
    return Supply(wanted.shown, is_remote=False, size=size, staged=here)


def _free(store: StoreId, descriptor: int | None, wanted: Sequence[DesiredModel]) -> int | None:
    """Return the bytes that can be written, after what was fetched for nothing has been given up."""
    from ocrstate.fetch.wanted import wanted_model
    from ocrstate.runs.read import given_up_bytes
    from ocrstate.store.space import space_of

    space = space_of(store, descriptor)
    if space is None:
        return None  # apply refuses there in any case
    given_up = 0 if descriptor is None else given_up_bytes(descriptor, {wanted_model(each).key for each in wanted})
    return space.free + given_up

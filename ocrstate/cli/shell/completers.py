"""What can stand in a command's place for a file, a model or a run, as far as the folder and the manifest tell.

Each function is for ``shell_complete`` of an option or an argument. It looks for ``-C``, ``--store`` and manifests
among what is on the command line already, asks no engine, and may raise: `answering` then answers nothing.
"""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from click import Context, Parameter
    from click.shell_completion import CompletionItem

    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.runs.kept import PastRun

# Only a shell calls these functions, and every command imports this module.
# ruff: noqa: PLC0415

_MOST_READ = 200_000
_MOST_OFFERED = 1_000
_MANIFESTS = (".yml", ".yaml")


def complete_manifests(context: Context, _parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer manifests, by the ends of their names."""
    return _paths(context, incomplete, lambda name: name.endswith(_MANIFESTS))


def complete_plans(context: Context, _parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer saved plans."""
    return _paths(context, incomplete, _is_plan)


def complete_manifests_or_plans(context: Context, _parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer manifests and saved plans."""
    return _paths(context, incomplete, lambda name: name.endswith(_MANIFESTS) or _is_plan(name))


def complete_files(context: Context, _parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer files."""
    return _paths(context, incomplete, lambda _: True)


def complete_folders(context: Context, _parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer folders."""
    return _paths(context, incomplete, None)


def complete_listed_names(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the models that the manifest lists."""
    return _offered(_Place.of(context).listed(), context, parameter, incomplete)


def complete_stored_names(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the models that are in the store."""
    return _offered(_Place.of(context).stored(), context, parameter, incomplete)


def complete_manifests_and_name(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer manifests; behind one, also what it lists and what is in its store."""
    manifests = _on_the_line(context, parameter)
    paths = complete_manifests(context, parameter, incomplete)
    if not manifests:
        return paths
    place = _Place.of(context, manifests)
    names = _offered((*place.listed(), *place.stored()), context, parameter, incomplete)
    return [*names, *(path for path in paths if path.type in ("plain", "part"))]


def complete_statuses(_context: Context, _parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer statuses of models, behind a comma the next one."""
    from click.shell_completion import CompletionItem

    from ocrstate.planning.audit import Status

    before, comma, start = incomplete.rpartition(",")
    fitting = (each.value for each in Status if each.value.startswith(start) and each.value not in before.split(","))
    return [CompletionItem(f"{before}{comma}{status}") for status in fitting]


def complete_runs(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer all runs that are remembered, the last one first."""
    return _offered_runs(_Place.of(context).runs(), context, parameter, incomplete)


def complete_kept_runs(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the runs of which something can be restored, the last one first."""
    return _offered_runs(_restorable(_Place.of(context).runs()), context, parameter, incomplete)


def complete_restorable(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer runs and what can be restored of the last one; behind a run, what can be restored of that one."""
    words = _on_the_line(context, parameter)
    runs = _restorable(_Place.of(context).runs())
    chosen = [run for run in runs if run.log.run_id in words[:1]] or runs[:1]
    names = [held.name for run in chosen for held in run.restorable]
    offered = [] if words else _offered_runs(runs, context, parameter, incomplete)
    return [*_offered(names, context, parameter, incomplete), *offered]


def complete_schemas(context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the names of schemas."""
    from ocrstate.schemas import schema_names

    return _offered(schema_names(), context, parameter, incomplete)


class _Place(NamedTuple):
    """The store and the manifest that a command line speaks of."""

    store: str
    manifest: UncheckedManifest | None

    @classmethod
    def of(cls, context: Context, manifests: tuple[str, ...] = ()) -> _Place:
        """Find them out; the manifests may be known already.

        Raises:
            OcrstateError: there is no telling.
        """
        from ocrstate.cli.folder import enter
        from ocrstate.inventory.which import folder_of
        from ocrstate.work.site import which_store

        enter(_said(context, "chdir") or ".")
        manifest = _read(manifests or _given(context, "manifests") or _given(context, "manifest"))
        return cls(folder_of(which_store(os.getcwd(), _said(context, "store"), manifest)), manifest)

    def listed(self) -> Iterator[str]:
        """Yield the names of the models that the manifest lists; one that `lock` is yet to complete will do."""
        from ocrstate.manifest.merge import UNPINNED

        if self.manifest is not None:
            yield from (model.name for model in self.manifest.check(frozenset({UNPINNED})).models)

    def stored(self) -> Iterator[str]:
        """Yield the names that are in the store, as far as it can be read."""
        return islice(_names_in(self.store), _MOST_READ)

    def runs(self) -> list[PastRun]:
        """Return the runs that are remembered, the last one first."""
        from ocrstate.runs.kept import past_runs
        from ocrstate.store.opened import open_store

        with open_store(self.store) as (_, descriptor):
            return [] if descriptor is None else list(reversed(past_runs(descriptor)))


def _given(context: Context, name: str) -> tuple[str, ...]:
    """Return what the command line says for an option or an argument, of the command or else of the group."""
    from click.core import ParameterSource

    while context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
        if context.parent is None:
            return ()
        context = context.parent
    value = context.params[name]
    return tuple(value) if isinstance(value, tuple) else (value,)


def _said(context: Context, name: str) -> str | None:
    return next(iter(_given(context, name)), None)


def _read(paths: tuple[str, ...]) -> UncheckedManifest | None:
    """Read manifests, as long as they are files: a pipe, or standard input, would wait for somebody."""
    from ocrstate.manifest.part import STDIN

    if not paths or STDIN in paths or not all(map(os.path.isfile, paths)):
        return None
    from ocrstate.manifest.load import read

    return read(*paths)


def _names_in(store: str) -> Iterator[str]:
    """Yield the names that the engine would list; no file is looked at."""
    from ocrstate.names import is_reserved

    try:
        with os.scandir(store) as entries:
            for entry in entries:
                if not entry.is_dir():
                    yield entry.name
                elif not is_reserved(entry.name):
                    with os.scandir(entry) as below:
                        yield from (f"{entry.name}/{each.name}" for each in below if not each.is_dir())
    except OSError:
        return


def _is_plan(name: str) -> bool:
    return name.endswith(".json") and not name.endswith(".schema.json")


def _restorable(runs: Iterable[PastRun]) -> list[PastRun]:
    return [run for run in runs if run.restorable]


def _offered(names: Iterable[str], context: Context, parameter: Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer names that fit and are not there yet; of very many, some, so that what all begin with stays the same.

    What begins like an option is offered only where it is no option: behind ``--``, to which click sees.
    """
    from click.shell_completion import CompletionItem

    used = _on_the_line(context, parameter)
    fitting = {name for name in names if name.startswith(incomplete) and (incomplete or not name.startswith("-"))}
    offered = sorted(fitting.difference(used))
    if len(offered) > _MOST_OFFERED:
        offered = [*offered[: _MOST_OFFERED - 1], offered[-1]]
    return [CompletionItem(name) for name in offered]


def _offered_runs(
    runs: Iterable[PastRun], context: Context, parameter: Parameter, incomplete: str
) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from ocrstate.text.units import counted

    used = _on_the_line(context, parameter)
    fitting = (run for run in runs if run.log.run_id.startswith(incomplete) and run.log.run_id not in used)
    return [
        CompletionItem(run.log.run_id, help=f"{counted(len(run.restorable), 'model')} restorable") for run in fitting
    ]


def _on_the_line(context: Context, parameter: Parameter) -> tuple[str, ...]:
    return _given(context, parameter.name or "")


def _paths(context: Context, incomplete: str, wanted: Callable[[str], bool] | None) -> list[CompletionItem]:
    """Offer folders, and files that are wanted; where there are none, leave it to the shell, which knows ``~``."""
    from click.shell_completion import CompletionItem

    folder = _said(context, "chdir") or "."
    before, slash, start = incomplete.rpartition("/")
    try:
        found = sorted(_entries(os.path.join(folder, before + slash), start, wanted))
    except OSError:
        found = []
    if found or folder != ".":
        kinds = ("plain", "part")
        return [CompletionItem(f"{before}{slash}{name}", type=kinds[name.endswith("/")]) for name in found]
    return [CompletionItem(incomplete, type="dir" if wanted is None else "file")]


def _entries(folder: str, start: str, wanted: Callable[[str], bool] | None) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in islice(entries, _MOST_READ):
            if not entry.name.startswith(start) or (entry.name.startswith(".") and not start.startswith(".")):
                continue
            if entry.is_dir():
                yield f"{entry.name}/"
            elif wanted is not None and wanted(entry.name):
                yield entry.name

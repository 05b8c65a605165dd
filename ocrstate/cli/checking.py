"""Check a store, and leave metrics of that for monitoring."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ocrstate.cli.console import Console
from ocrstate.cli.exits import Exit
from ocrstate.cli.formats import Format, in_repository
from ocrstate.cli.reporting import report_problem
from ocrstate.cli.site import which_store
from ocrstate.cli.work import show_plan
from ocrstate.errors import ManifestError, OcrstateError, OutputError
from ocrstate.inventory.which import folder_of
from ocrstate.manifest.load import read
from ocrstate.render.metrics import CheckRun, check_metrics
from ocrstate.runs.kept import taken_up
from ocrstate.runs.read import held_by, holding_runs
from ocrstate.saved.metrics_file import is_ours, refuse_foreign, refuse_in_store, write_metrics
from ocrstate.signals import undisturbed
from ocrstate.store.opened import open_store
from ocrstate.text.escape import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ocrstate.cli.options import Common
    from ocrstate.cli.site import Site
    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.planning.model import Plan
    from ocrstate.work.work import Work


def check(work: Work[Site]) -> int:
    """Show how a store differs from the manifest, and return the exit code that says whether it does."""
    plan = work.plan()
    _show(work.site, plan)
    return _code(plan)


def check_with_metrics(
    begin: Callable[[UncheckedManifest], Work[Site]], common: Common, manifests: Sequence[str], path: str
) -> int:
    """Check a store, and write to a file what was found, or that it failed.

    Args:
        begin: checks the manifest and finds the store.
        common: the options.
        manifests: as named; the last one is the manifest.
        path: where the metrics go.

    Raises:
        RefusedError: the metrics may not be written there; nothing was checked.
    """
    without_manifest = folder_of(which_store(common, None))
    refuse_foreign(path)
    refuse_in_store(path, without_manifest)
    metrics = _Metrics(path, os.path.abspath(manifests[-1]), Console(common.color))
    with metrics.of_failure(None if common.store is None else without_manifest):
        unchecked = read(*manifests)
    store = _store_meant(common, unchecked)
    if store is not None:
        refuse_in_store(path, store)
    with metrics.of_failure(store):
        work = begin(unchecked)
        plan = work.plan()
    try:
        _show(work.site, plan)
    finally:
        written = metrics.write(work.site.path, plan)
    return _code(plan) if written else Exit.ERROR


def _show(site: Site, plan: Plan) -> None:
    if site.common.answer_form is Format.GITHUB:
        from ocrstate.render.github import check_commands  # noqa: PLC0415 - it is loaded while the engine works

        site.console.answer(check_commands(plan, site.common.detail, in_repository()))
    else:
        show_plan(site, plan, ())


def _code(plan: Plan) -> int:
    return Exit.DONE if plan.in_sync else Exit.CHANGES


def _store_meant(common: Common, manifest: UncheckedManifest) -> str | None:
    """Return the store's path, before anything else of the manifest is checked; nothing where nobody can say."""
    if common.store is None and not manifest.is_whole:
        return None
    try:
        return folder_of(which_store(common, manifest))
    except ManifestError:
        return None


class _Metrics:
    """Takes the time of a check, and writes its metrics."""

    def __init__(self, path: str, manifest: str, console: Console) -> None:
        self._path = path
        self._manifest = manifest
        self._console = console
        self._started = time.monotonic()

    @contextmanager
    def of_failure(self, store: str | None) -> Iterator[None]:
        """Write metrics if what is done here fails, whatever the reason.

        Where it is not known which store is meant, no new file is made: it might lie in there.
        """
        try:
            yield
        except BaseException:
            if store is not None or is_ours(self._path):
                self.write(store or "", None)
            else:
                report_problem(self._console, *_not_written(self._path))
            raise

    def write(self, store: str, plan: Plan | None) -> bool:
        """Write metrics, or say why that is not possible; return whether it was."""
        duration = time.monotonic() - self._started
        quarantined = _quarantined(store) if store else None
        text = check_metrics(CheckRun(self._manifest, store, time.time(), duration, plan, quarantined))
        try:
            with undisturbed():
                write_metrics(self._path, text)
        except OutputError as error:
            report_problem(self._console, error.message, error.hint)
            return False
        return True


def _not_written(path: str) -> tuple[str, str]:
    return (
        f"no metrics were written to {escape(path)}: it may lie in the store, and nobody can tell which one is meant",
        "run this again when the manifest is mended, or say where the store is with --store DIR",
    )


def _quarantined(store: str) -> int | None:
    try:
        with open_store(store) as (_, opened):
            return None if opened is None else sum(taken_up(held_by(opened, run)) for run in holding_runs(opened))
    except OcrstateError:
        return None

"""Where a command works: a store, and the console to speak at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.cli.console import Console
from ocrstate.cli.formats import Format
from ocrstate.cli.watching import Watching
from ocrstate.inventory.take import InventoryMode
from ocrstate.work import site

if TYPE_CHECKING:
    from ocrstate.cli.options import Common
    from ocrstate.inventory.which import WhichStore
    from ocrstate.manifest.load import UncheckedManifest
    from ocrstate.work.engines import Engines

# What shows a plan is imported while the engine works: before, it would delay the question.
# ruff: noqa: PLC0415


@dataclass(frozen=True, slots=True)
class Site(site.Site):
    """A store, the engines that can list it, and the console."""

    common: Common
    console: Console

    @classmethod
    def of(cls, common: Common, engines: Engines, which: WhichStore, mode: InventoryMode | None = None) -> Site:
        """Return the site for a store; whom to ask is said by the options, unless `mode` does."""
        console = Console(common.color)
        watch = Watching(console, quiet=common.quiet)
        asked = InventoryMode(common.inventory) if mode is None else mode
        return cls(which, asked, engines, common.engine_timeout, watch, common, console)

    @classmethod
    def named(cls, common: Common, engines: Engines, manifest: UncheckedManifest | None = None) -> Site:
        """Return the site for the store that the option or the manifest names, or else the engine's own.

        Raises:
            ManifestError: the store that the manifest names cannot be expanded.
            StoreError: the option names none.
        """
        return cls.of(common, engines, which_store(common, manifest))

    def prepare(self) -> None:
        """Import what shows a plan."""
        match self.common.answer_form:
            case Format.TEXT:
                import ocrstate.render.plan_text
            case Format.JSON:
                import ocrstate.render.documents
            case Format.MARKDOWN:
                import ocrstate.render.markdown
            case Format.GITHUB:
                import ocrstate.render.github  # noqa: F401 - they are loaded, not used, here


def which_store(common: Common, manifest: UncheckedManifest | None) -> WhichStore:
    """Find out which store is meant: by the option, by the manifest, or the engine's own."""
    return site.which_store(os.getcwd(), common.store, manifest)

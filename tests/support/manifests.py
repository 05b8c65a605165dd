"""What a manifest asks for, made in one line."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ocrstate.manifest.desired import Desired, DesiredModel, ManifestFile, Policy
from ocrstate.names import Glob

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST = "/etc/app/models.yml"


def manifest_file(path: str, text: str = "", identity: tuple[int, int] = (1, 2)) -> ManifestFile:
    """Make a manifest as if it had been read."""
    return ManifestFile(path, identity, hashlib.sha256(text.encode()).hexdigest(), text)


def desired_of(  # noqa: PLR0913 - one for each key of a manifest
    *models: DesiredModel | str,
    ignore: Iterable[str] = (),
    protect: Iterable[str] = (),
    absent: Iterable[str] = (),
    policy: Policy | None = None,
    extends: tuple[str, ...] = (),
    path: str = MANIFEST,
    store: str | None = None,
) -> Desired:
    """Make a desired state; a name alone stands for a model, and what it extends is given by its paths."""
    made = (DesiredModel(each, 1) if isinstance(each, str) else each for each in models)
    return Desired(
        files=tuple(ManifestFile(each, (1, number), "0" * 64, "") for number, each in enumerate((*extends, path))),
        store=store,
        store_from=path if store else "",
        models=tuple(sorted(made, key=lambda model: model.name)),
        ignore=tuple(map(Glob, ignore)),
        protect=tuple(map(Glob, protect)),
        absent=tuple(map(Glob, absent)),
        policy=policy or Policy(),
    )

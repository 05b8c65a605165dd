"""What a manifest asks for, made in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocrstate.manifest.desired import Desired, DesiredModel, Policy
from ocrstate.names import Glob

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST = "/etc/app/models.yml"


def desired_of(  # noqa: PLR0913 - one for each key of a manifest
    *models: DesiredModel | str,
    ignore: Iterable[str] = (),
    protect: Iterable[str] = (),
    absent: Iterable[str] = (),
    policy: Policy | None = None,
    extends: tuple[str, ...] = (),
    path: str = MANIFEST,
) -> Desired:
    """Make a desired state; a name alone stands for a model."""
    made = (DesiredModel(each, 1) if isinstance(each, str) else each for each in models)
    return Desired(
        path=path,
        identity=(0, 0),
        sha256="0" * 64,
        store=None,
        models=tuple(sorted(made, key=lambda model: model.name)),
        ignore=tuple(map(Glob, ignore)),
        protect=tuple(map(Glob, protect)),
        absent=tuple(map(Glob, absent)),
        policy=policy or Policy(),
        extends=extends,
    )

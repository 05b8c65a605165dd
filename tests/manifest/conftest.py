from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from ocrstate.manifest.load import load
from ocrstate.manifest.problems import InvalidManifestError

if TYPE_CHECKING:
    from pathlib import Path

    from ocrstate.manifest.desired import Desired
    from ocrstate.manifest.problems import Problem


class Manifest(Protocol):
    def __call__(self, content: str | bytes) -> Desired: ...


class Problems(Protocol):
    def __call__(self, content: str | bytes) -> tuple[Problem, ...]: ...


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    def loaded(content: str | bytes) -> Desired:
        path = tmp_path / "manifest.yml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load(str(path))

    return loaded


@pytest.fixture
def problems(manifest: Manifest) -> Problems:
    def found(content: str | bytes) -> tuple[Problem, ...]:
        with pytest.raises(InvalidManifestError) as caught:
            manifest(content)
        return caught.value.problems

    return found

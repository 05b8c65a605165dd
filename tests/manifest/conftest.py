from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from ocrstate.manifest.load import load
from ocrstate.manifest.problems import InvalidManifestError

if TYPE_CHECKING:
    from collections.abc import Mapping
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


class Written(Protocol):
    def __call__(self, files: Mapping[str, str]) -> None: ...


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """Write manifests, given by path without what all of them begin with, into the working folder."""
    monkeypatch.chdir(tmp_path)

    def write(files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"version: 1\n{text}\n", encoding="utf-8")

    return write


def problems_of(*paths: str) -> list[str]:
    """Load manifests that are not valid, and return their problems as they are shown."""
    with pytest.raises(InvalidManifestError) as caught:
        load(*paths)
    return [str(problem) for problem in caught.value.problems]

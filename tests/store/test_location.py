"""Which directory a store's name means."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ocrstate.errors import ManifestError, StoreError
from ocrstate.store.location import from_manifest, from_option, store_around

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.setenv("APP", "/opt/app")
    monkeypatch.setenv("NAME", "models")
    monkeypatch.setenv("TILDE", "~/x")
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.delenv("UNSET", raising=False)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/srv/models", "/srv/models"),
        ("models", "/etc/app/models"),
        ("./Aspose.AI.LLM/models", "/etc/app/Aspose.AI.LLM/models"),
        ("models/", "/etc/app/models"),
        ("a//b/./c", "/etc/app/a/b/c"),
        (".", "/etc/app"),
        ("~", "/home/ann"),
        ("~/models", "/home/ann/models"),
        ("a/~", "/etc/app/a/~"),
        ("${APP}/models", "/opt/app/models"),
        ("${APP}/${NAME}", "/opt/app/models"),
        ("/srv/${NAME}.d", "/srv/models.d"),
        ("${NAME}", "/etc/app/models"),
        ("${TILDE}", "/home/ann/x"),
        ("$APP/x", "/etc/app/$APP/x"),
        ("${APP", "/etc/app/${APP"),
        ("with space", "/etc/app/with space"),
    ],
)
def test_a_manifest_names_its_store_from_its_own_folder(written: str, path: str) -> None:
    assert from_manifest(written, "/etc/app/models.yml") == path


@pytest.mark.parametrize("written", ["${UNSET}", "/srv/${UNSET}/models", "${EMPTY}/models", "${}", "${NO SUCH}"])
def test_a_variable_that_is_not_set_is_an_error_and_no_empty_text(written: str) -> None:
    with pytest.raises(ManifestError, match="not set") as caught:
        from_manifest(written, "/etc/app/models.yml")
    assert caught.value.code == "store-variable-unset"
    assert "--store" in caught.value.hint


def test_the_home_of_nobody_known_is_an_error() -> None:
    with pytest.raises(ManifestError) as caught:
        from_manifest("~no-such-user/models", "/etc/app/models.yml")
    assert caught.value.code == "store-home-unknown"


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/srv/models", "/srv/models"),
        ("models", "/deploy/models"),
        (".", "/deploy"),
        ("~/models", "/deploy/~/models"),
        ("${APP}", "/deploy/${APP}"),
    ],
)
def test_an_option_names_a_store_from_the_working_folder_and_is_not_expanded_again(written: str, path: str) -> None:
    assert from_option(written, "/deploy") == path


@pytest.mark.parametrize("written", ["", " "])
def test_an_empty_option_is_an_error_and_not_the_working_folder(written: str) -> None:
    with pytest.raises(StoreError) as caught:
        from_option(written, "/deploy")
    assert caught.value.code == "store-empty"


def test_the_parent_of_a_link_is_the_parent_of_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "a" / "target").mkdir(parents=True)
    (tmp_path / "a" / "models").mkdir()
    (tmp_path / "link").symlink_to("a/target")
    expected = os.path.realpath(tmp_path / "a" / "models")
    assert from_option("link/../models", str(tmp_path)) == expected
    assert from_manifest("link/../models", str(tmp_path / "m.yml")) == expected


@pytest.mark.parametrize(
    ("path", "store"),
    [
        ("app/Aspose.AI.LLM/models/m.yml", "app/Aspose.AI.LLM/models"),
        ("app/Aspose.AI.LLM/models/a/b/m.yml", "app/Aspose.AI.LLM/models"),
        ("link/m.yml", "app/Aspose.AI.LLM/models"),
        ("known/a/m.yml", "known"),
        ("worked/m.yml", "worked"),
        ("app/m.yml", None),
        ("app/Aspose.AI.LLM/m.yml", None),
        ("app/NotAspose.AI.LLM/models/m.yml", None),
        ("app/Aspose.AI.LLM/models.yml", None),
    ],
)
def test_a_file_lies_in_every_store_that_is_above_it(tmp_path: Path, path: str, store: str | None) -> None:
    (tmp_path / "app" / "Aspose.AI.LLM" / "models").mkdir(parents=True)
    (tmp_path / "link").symlink_to("app/Aspose.AI.LLM/models")
    (tmp_path / "worked" / ".ocrstate").mkdir(parents=True)
    found = store_around(str(tmp_path / path), str(tmp_path / "known"))
    assert found == (None if store is None else str(tmp_path / store))

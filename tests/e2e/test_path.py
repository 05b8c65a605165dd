"""Path: where a model is, for scripts; what is not there ends them."""

from __future__ import annotations

import os

import pytest

from ocrstate.text.escape import escape
from tests.e2e.host import MANIFEST, PROJECT, Host, snapshot

pytestmark = pytest.mark.without_engine


@pytest.fixture
def there(host: Host) -> Host:
    """Give a host with models, one of them behind a link to a folder."""
    (host.outside / "x.bin").write_bytes(b"x")
    (host.store / "link").symlink_to(host.outside)
    return host.has("fr_ocr_v2.bin", "sub/de.bin", "sub/deep/er.bin", " odd\n").has(b"caf\xe9.bin")


def raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", ["fr_ocr_v2.bin", "sub/de.bin", "link/x.bin", " odd\n", os.fsdecode(b"caf\xe9.bin")])
def test_the_path_of_a_model_is_printed_as_its_bytes_are(there: Host, name: str) -> None:
    expected = os.fsencode(there.store / name)
    before = snapshot(there.app)
    ended = there.run("path", name)
    assert (ended.code, raw(ended.out), ended.err) == (0, expected + b"\n", "")
    assert os.path.exists(expected)
    assert raw(there.run("path", name, "--null").out) == expected + b"\0"
    assert snapshot(there.app) == before


def test_without_a_name_it_is_the_store(there: Host) -> None:
    assert there.run("path").out == f"{there.store}\n"
    assert there.run("path", "-C", str(there.app), cwd="/").out == f"{there.store}\n"
    assert there.run("path", "--store", "../outside").out == f"{there.outside}\n"
    assert there.run("path", "x.bin", "--store", str(there.outside)).out == f"{there.outside}/x.bin\n"


def test_a_manifest_can_say_where_the_store_is(there: Host) -> None:
    there.lists("x.bin", store="../outside")
    assert there.run("path", "x.bin", "--manifest", MANIFEST).out == f"{there.outside}/x.bin\n"
    assert there.run("path", "--manifest", "nowhere.yml").code == 1


def test_a_document_names_store_and_model(there: Host) -> None:
    found = there.run("path", os.fsdecode(b"caf\xe9.bin"), "--json").document
    assert (found["name"], bytes.fromhex(found["name_hex"])) == ("caf\ufffd.bin", b"caf\xe9.bin")
    assert (found["store"]["path"], found["path"]) == (str(there.store), f"{there.store}/caf\ufffd.bin")
    assert there.run("path", "--json").document["path"] == str(there.store)
    assert there.run("path", "gone.bin", "--json").document["error"]["code"] == "model-missing"


def test_a_model_that_is_not_there_is_an_error_with_what_may_be_meant(there: Host) -> None:
    ended = there.run("path", "fr_ocr_v3.bin")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        f"Error: fr_ocr_v3.bin is not in the store {there.store}; did you mean fr_ocr_v2.bin?\n"
        f"  ocrstate list --store {there.store} shows what is there\n"
    )
    assert "did you mean" not in there.run("path", "unlike.anything").err


def test_a_script_that_heeds_errors_ends_there(there: Host) -> None:
    through = ("sh", "-ec", 'model=$("$@"); echo "goes on with $model"', "sh")
    assert there.run("path", "fr_ocr_v2.bin", through=through).out == f"goes on with {there.store}/fr_ocr_v2.bin\n"
    ended = there.run("path", "fr.bin", through=through)
    assert (ended.code, ended.out) == (1, "")


@pytest.mark.parametrize("name", ["sub", "link", "sub/deep", "Fr_ocr_v2.bin", "sub/deep/er.bin", "x/y/z.bin"])
def test_what_is_no_model_is_not_there(there: Host, name: str) -> None:
    if (there.store / "FR_OCR_V2.BIN").exists():
        pytest.skip("this filesystem takes names that differ in case for one")
    assert (there.run("path", name).code, there.run("path", name).out) == (1, "")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../outside/x.bin",
            "sub/../fr_ocr_v2.bin",
            "/etc/passwd",
            "./fr_ocr_v2.bin",
            "sub//de.bin",
            "sub/",
            ".",
            "..",
        ),
        *(".ocrstate/journal", "", "x" * 3_000),
    ],
)
def test_names_that_lead_elsewhere_are_refused(there: Host, name: str) -> None:
    ended = there.run("path", name)
    assert (ended.code, ended.out) == (3, "")
    assert "name it relative to the store" in ended.err


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("sub", "name-of-a-folder", "sub is a folder in the store {}, and no model"),
        ("link", "name-of-a-folder", "link is a folder in the store {}, and no model"),
        ("sub/deep", "model-too-deep", "sub/deep lies too deep in the store {}: the engine looks no deeper than one"),
        ("sub/deep/er.bin", "model-too-deep", "sub/deep/er.bin lies too deep in the store {}: the engine looks no"),
        ("sub/deep/no.bin", "model-missing", "sub/deep/no.bin is not in the store {}"),
    ],
)
def test_what_is_there_and_no_model_is_said_to_be_what_it_is(there: Host, name: str, code: str, words: str) -> None:
    error = there.run("path", name, "--json").document["error"]
    assert (error["code"], error["message"].startswith(words.format(there.store))) == (code, True)


@pytest.mark.parametrize("name", [" odd\n", os.fsdecode(b"caf\xe9.bin")])
def test_a_name_may_be_given_as_list_prints_it(there: Host, name: str) -> None:
    shown = there.run("list", "--names").out.splitlines()
    (spelled,) = (each for each in shown if each == escape(name))
    assert raw(there.run("path", "--", spelled).out) == os.fsencode(there.store / name) + b"\n"


def test_a_store_that_is_missing_is_an_error(host: Host) -> None:
    for words in ((), ("fr.bin",)):
        ended = host.run("path", *words, "--store", "nowhere")
        assert (ended.code, ended.out) == (1, "")
        assert "does not exist" in ended.err


def test_a_document_has_no_nul(there: Host) -> None:
    assert there.run("path", "--json", "-0").code == 64


def test_no_engine_is_started(there: Host) -> None:
    there.defaults = ()
    stood_in = there.app.parent / "aspose"
    (stood_in / "ocr").mkdir(parents=True)
    for module in (stood_in / "__init__.py", stood_in / "ocr" / "__init__.py"):
        module.write_text("raise SystemExit('an engine was started')")
    ended = there.run("path", "fr_ocr_v2.bin", env={"PYTHONPATH": f"{stood_in.parent}{os.pathsep}{PROJECT}"})
    assert (ended.code, ended.err) == (0, "")

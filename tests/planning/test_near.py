"""Names that a missing model may have been meant to have."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrstate.planning.changes import Missing
from ocrstate.planning.near import Aspect, Near
from ocrstate.planning.near_names import near_names
from ocrstate.planning.planner import plan
from tests.support.worlds import for_every_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from ocrstate.inventory.model import Inventory
    from ocrstate.manifest.desired import Desired

CASE, SPACES, UNICODE, FOLDER = Aspect.CASE, Aspect.SPACES, Aspect.UNICODE, Aspect.FOLDER
EXTENSION, VERSION, SPELLING = Aspect.EXTENSION, Aspect.VERSION, Aspect.SPELLING


def near(missing: str, *unlisted: str) -> tuple[Near, ...]:
    return near_names([missing], unlisted).get(missing, ())


def names(found: tuple[Near, ...]) -> list[str]:
    return [each.name for each in found]


@pytest.mark.parametrize(
    ("missing", "there", "differs_in"),
    [
        ("fr.bin", "Fr.bin", (CASE,)),
        ("stra\u00dfe.bin", "STRASSE.bin", (CASE,)),
        ("sub/fr.bin", "Sub/fr.bin", (CASE,)),
        ("my model.bin", "mymodel.bin", (SPACES,)),
        ("fr.bin", "fr.bin ", (SPACES,)),
        ("fr.bin", "fr\n.bin", (SPACES,)),
        ("caf\u00e9.bin", "cafe\u0301.bin", (UNICODE,)),
        ("cafe\u0301.bin", "caf\u00e9.bin", (UNICODE,)),
        ("a b.bin", "a\u00a0b.bin", (UNICODE,)),
        ("fr\u200b.bin", "fr.bin", (UNICODE,)),
        ("\ufb01.bin", "fi.bin", (UNICODE,)),
        ("FR v1.bin", "fr_v1.bin", (CASE, SPELLING)),
        ("Fr v1.bin", "frv1.bin", (CASE, SPACES)),
        ("CAF\u00c9.bin", "cafe\u0301.bin", (CASE, UNICODE)),
        ("fr.bin", "sub/fr.bin", (FOLDER,)),
        ("sub/fr.bin", "fr.bin", (FOLDER,)),
        ("models/fr_v2.bin", "model/fr_v2.bin", (FOLDER,)),
        ("fr.bin", "sub/FR.bin", (CASE, FOLDER)),
        ("fr.bin", "fr.onnx", (EXTENSION,)),
        ("fr.bin", "fr.bin.gz", (EXTENSION,)),
        ("fr.bin.part", "fr.bin", (EXTENSION,)),
        ("fr.bin", "fr", (EXTENSION,)),
        ("FR.onnx", "fr.bin", (CASE, EXTENSION)),
        ("fr_v1.bin", "fr_v2.bin", (VERSION,)),
        ("fr_v1.bin", "fr_v1.2.bin", (VERSION,)),
        ("fr_v1.bin", "fr.bin", (VERSION,)),
        ("v1.bin", "v2.bin", (VERSION,)),
        ("sub/fr_v1.bin", "sub/FR_v10.bin", (CASE, VERSION)),
        ("en_0cr_v2.bin", "en_ocr_v2.bin", (SPELLING,)),
        ("EN_0CR_V2.bin", "en_ocr_v2.bin", (SPELLING,)),
        ("en_cor_v2.bin", "en_ocr_v2.bin", (SPELLING,)),
        ("en_ocr_v2.bin", "en_ocrr_v2.bin", (SPELLING,)),
        ("caf\u00e9.bin", "caf\udce9.bin", (SPELLING,)),
        ("fr.bin", "zz_completely_other.dat", ()),
        ("fr.bin", "de.bin", ()),
        ("000123", "000124", ()),
        ("fr/model.bin", "fr/vocabulary.bin", ()),
    ],
)
def test_names_come_near_in_one_way_or_another(missing: str, there: str, differs_in: tuple[Aspect, ...]) -> None:
    found = near(missing, there, "nothing like any of them")
    assert found == ((Near(there, differs_in),) if differs_in else ())


@pytest.mark.parametrize("aspect", Aspect)
def test_only_what_is_hard_to_see_leaves_no_doubt(aspect: Aspect) -> None:
    assert Near("x", (aspect,)).is_surely_meant is (aspect in {CASE, SPACES, UNICODE})
    assert Near("x", (CASE, aspect)).is_surely_meant is (aspect in {CASE, SPACES, UNICODE})


def test_of_several_ways_the_surest_counts() -> None:
    unlisted = ["ft_ocr_v1.bin", "fr_ocr_v2.bin", "fr_ocr_v1.onnx", "sub/fr_ocr_v1.bin", "FR_ocr_v1.bin"]
    for count in range(len(unlisted), 0, -1):
        assert names(near("fr_ocr_v1.bin", *unlisted[:count]))[0] == unlisted[:count][-1]


def test_what_differs_in_fewer_ways_and_by_fewer_versions_is_nearer() -> None:
    assert names(near("fr.bin", "F R.bin", "f r.bin", "FR.bin")) == ["FR.bin", "f r.bin", "F R.bin"]
    assert names(near("fr_v3.bin", "fr_v10.bin", "FR_v3.onnx", "fr_v2.bin", "fr_v5.bin")) == ["FR_v3.onnx"]
    assert names(near("fr_v3.bin", "fr_v10.bin", "fr_v2.bin", "fr_v5.bin")) == ["fr_v2.bin", "fr_v5.bin", "fr_v10.bin"]


def test_at_most_three_names_are_given() -> None:
    assert len(near("en_ocr_v1.bin", *(f"en_ocr_v{digit}.bin" for digit in range(2, 8)))) == 3
    assert len(near("fr.bin", "FR.bin", "Fr.bin", "fR.bin", "fr.BIN")) == 3


@pytest.mark.parametrize(
    ("missing", "unlisted"),
    [
        ("part-00007.bin", [f"part-{number:05}.bin" for number in range(100, 1_000)]),
        ("nl/model.bin", [f"{language}/model.bin" for language in ("de", "en", "fr", "it")]),
    ],
)
def test_one_of_a_series_is_near_to_none(missing: str, unlisted: list[str]) -> None:
    assert near(missing, *unlisted) == ()


def test_in_a_large_store_only_spelling_is_not_looked_at() -> None:
    others = [f"{number:06}" for number in range(3_000)]
    missing = ["FR_v1.bin", "de_v3.bin", "en.bin", "it.bin", "nl_0cr.bin"]
    unlisted = ["fr_v1.bin", "de_v2.bin", "en.onnx", "sub/it.bin", "nl_ocr.bin"]
    found = near_names(missing, [*unlisted, *others])
    assert {name: names(each) for name, each in found.items()} == {
        missing_one: [there] for missing_one, there in zip(missing[:-1], unlisted[:-1], strict=True)
    }


LETTERS = st.text("abcdefghijklmnopqrstuvwxyz_-\u00e9\u00fc\u0439", min_size=1, max_size=12)
STEMS = st.builds("{}{}v{}".format, st.sampled_from("aeiou\u00e9"), LETTERS, st.integers(0, 99))
NAMES = st.builds("{}{}.{}".format, st.sampled_from(("", "sub/", "\u00fc/")), STEMS, st.sampled_from(("bin", "onnx")))
MUTATIONS: dict[str, Callable[[str], str]] = {
    "case": lambda name: name.swapcase(),
    "case of one letter": lambda name: name.replace("v", "V"),
    "a space more": lambda name: name.replace(".", " ."),
    "NFD": lambda name: unicodedata.normalize("NFD", name),
    "another extension": lambda name: f"{name.rpartition('.')[0]}.safetensors",
    "no extension": lambda name: name.rpartition(".")[0],
    "packed": lambda name: f"{name}.gz",
    "another digit": lambda name: name.translate(str.maketrans("0123456789", "1234567890")),
    "another folder": lambda name: f"elsewhere/{name.rpartition('/')[2]}",
}


@given(NAMES, st.sampled_from(sorted(MUTATIONS)), st.lists(NAMES, max_size=5))
def test_whatever_single_thing_is_changed_in_a_name_it_is_found(name: str, how: str, others: list[str]) -> None:
    changed = MUTATIONS[how](name)
    if changed != name:
        unlisted = {changed, *(f"{each}.unlike" for each in others)}
        assert changed in names(near(name, *unlisted))


@given(st.lists(NAMES, max_size=6, unique=True), st.lists(NAMES, max_size=6, unique=True), st.randoms())
def test_the_order_in_which_names_come_makes_no_difference(
    missing: list[str], unlisted: list[str], random: Random
) -> None:
    there = [name for name in unlisted if name not in missing]
    found = near_names(missing, there)
    random.shuffle(missing)
    random.shuffle(there)
    assert near_names(missing, there) == found
    assert {each.name for near in found.values() for each in near} <= set(there)


@for_every_store
def test_no_listed_model_is_ever_near(desired: Desired, inventory: Inventory) -> None:
    listed = {model.name for model in desired.models}
    for change in plan(desired, inventory).changes:
        if isinstance(change, Missing):
            assert listed.isdisjoint(near.name for near in change.near)

"""The engine's list and the folder, joined: what only one of them shows is said, and never removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrstate.inventory import crosscheck
from ocrstate.inventory.model import (
    BlindEngine,
    Inventory,
    InventoryWarning,
    OnlyInEngine,
    OnlyInFolder,
    Source,
    Unnameable,
)
from ocrstate.names import lossy
from tests.support.stores import ENGINE, folder_link, scan_of

if TYPE_CHECKING:
    from ocrstate.store.model import Scan

LINK = folder_link("l", "/srv/l", ["x", "y"])


@pytest.mark.parametrize(
    ("scan", "listed", "unconfirmed", "warnings"),
    [
        pytest.param(scan_of(), (), (), (), id="both empty"),
        pytest.param(scan_of("a", "s/b"), ("s/b", "a"), (), (), id="both the same, in any order"),
        pytest.param(scan_of("a", links=[LINK]), ("a", "l/x", "l/y"), (), (), id="the same behind a link"),
        pytest.param(
            scan_of("a", "b", "c"), ("b",), ("a", "c"), (OnlyInFolder(("a", "c")),), id="the engine lists a part"
        ),
        pytest.param(
            scan_of("a", links=[LINK]),
            ("a", "l/y"),
            ("l/x",),
            (OnlyInFolder(("l/x",)),),
            id="the engine lists a part of what is behind a link",
        ),
        pytest.param(
            scan_of("b"), ("c", "b", "a"), (), (OnlyInEngine(("a", "c")),), id="the folder holds a part, told sorted"
        ),
        pytest.param(
            scan_of("a", "b"),
            ("b", "c"),
            ("a",),
            (OnlyInFolder(("a",)), OnlyInEngine(("c",))),
            id="each shows what the other does not",
        ),
        pytest.param(
            scan_of("é.bin"),
            ("e\u0301.bin",),
            ("é.bin",),
            (OnlyInFolder(("é.bin",)), OnlyInEngine(("e\u0301.bin",))),
            id="names that differ in composition are different names",
        ),
        pytest.param(
            scan_of("a\udcff"),
            ("a\ufffd",),
            (),
            (Unnameable(("a\udcff",)),),
            id="a name that is not UTF-8 is known by the engine's spelling",
        ),
        pytest.param(
            scan_of("a\udcfe", "a\udcff"),
            ("a\ufffd", "a\ufffd"),
            (),
            (Unnameable(("a\udcfe", "a\udcff")),),
            id="two names that the engine spells the same are both known",
        ),
        pytest.param(
            scan_of("a\udcff"),
            ("b",),
            ("a\udcff",),
            (OnlyInFolder(("a\udcff",)), OnlyInEngine(("b",)), Unnameable(("a\udcff",))),
            id="a name that is not UTF-8, and not listed",
        ),
    ],
)
def test_what_only_one_side_shows_is_unconfirmed_or_passed_over(
    scan: Scan, listed: tuple[str, ...], unconfirmed: tuple[str, ...], warnings: tuple[InventoryWarning, ...]
) -> None:
    inventory = crosscheck.of_engine(scan, listed, ENGINE)
    assert inventory == Inventory(scan, Source.ENGINE, ENGINE, len(listed), frozenset(unconfirmed), warnings)


def test_engine_and_folder_disagree_where_one_shows_what_the_other_does_not() -> None:
    scan = scan_of("a", "\udcff")
    assert not crosscheck.disagrees(crosscheck.of_engine(scan, ("\ufffd", "a"), ENGINE))
    assert crosscheck.disagrees(crosscheck.of_engine(scan, ("a",), ENGINE))
    assert crosscheck.disagrees(crosscheck.of_engine(scan, ("\ufffd", "a", "b"), ENGINE))


@pytest.mark.parametrize(
    ("scan", "listed", "blind"),
    [
        pytest.param(scan_of(), (), False, id="nothing is there and nothing is listed"),
        pytest.param(scan_of("a"), (), True, id="a file is there and nothing is listed"),
        pytest.param(scan_of(links=[LINK]), (), True, id="files are behind a link and nothing is listed"),
        pytest.param(scan_of(links=[folder_link("l", "/srv")]), (), False, id="a link to a folder without files"),
        pytest.param(scan_of("a", "b"), ("a",), False, id="something is listed"),
        pytest.param(scan_of("a"), ("b",), False, id="something else is listed"),
    ],
)
def test_an_engine_is_blind_that_lists_nothing_of_what_is_there(
    scan: Scan, listed: tuple[str, ...], *, blind: bool
) -> None:
    assert crosscheck.is_blind(scan, listed) is blind


def test_of_a_blind_engine_the_folder_is_listed_and_all_of_it_is_confirmed() -> None:
    scan = scan_of("a", "\udcff", links=[LINK])
    inventory = crosscheck.of_blind_engine(scan, ENGINE)
    warnings = (BlindEngine("26.7.0", 4), Unnameable(("\udcff",)))
    assert inventory == Inventory(scan, Source.DIRECTORY, ENGINE, 4, frozenset(), warnings)


def test_the_folder_alone_needs_no_engine() -> None:
    scan = scan_of("a", "s/b", links=[LINK])
    assert crosscheck.from_folder(scan) == Inventory(scan, Source.DIRECTORY, None, 4, frozenset(), ())


def test_the_folder_alone_tells_of_names_that_are_not_utf8_behind_links_too() -> None:
    scan = scan_of("\udcff", links=[folder_link("l", "/srv/l", ["\udcfe"])])
    assert crosscheck.from_folder(scan).warnings == (Unnameable(("\udcff", "l/\udcfe")),)


def test_a_scan_counts_what_an_engine_that_sees_everything_would_list() -> None:
    scan = scan_of("a", "s/b", "\udcff", links=[LINK, folder_link("m", "/srv/m")])
    listed = tuple(lossy(name) for name in ("a", "s/b", "\udcff", "l/x", "l/y"))
    assert scan.count == len(listed)
    assert crosscheck.of_engine(scan, listed, ENGINE).unconfirmed == frozenset()

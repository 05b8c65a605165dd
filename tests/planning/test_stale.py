"""What has changed in a store since a plan was made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrstate.applying.stale import new_since, stale_differences
from ocrstate.digests.model import Content
from ocrstate.manifest.desired import DesiredModel
from ocrstate.planning.evidence import Evidence, Supply
from ocrstate.planning.planner import plan
from ocrstate.store.model import Entry, Kind, Scan
from tests.support.manifests import desired_of
from tests.support.stores import entry, folder_link, inventory_of, scan_of, stamp

if TYPE_CHECKING:
    from ocrstate.planning.model import Plan

MOMENT = 1_795_255_320_000_000_000  # 2026-11-21T10:02Z
FR, OLD = entry("fr.bin"), entry("old.bin", of=stamp(inode=5, mtime_ns=MOMENT))
LINK = folder_link("l", "/srv/l", ["x"])
SEEN = scan_of(FR, OLD, "base.bin", links=[LINK])
DESIRED = desired_of(DesiredModel("fr.bin", 1, size=10), protect=["base.bin"])


def _plan(scan: Scan) -> Plan:
    return plan(DESIRED, inventory_of(scan))


def _with(*entries: Entry) -> Scan:
    return scan_of(*entries, "base.bin", links=[LINK])


def _old(**other: int) -> Entry:
    return OLD._replace(stamp=OLD.stamp._replace(**other))


@pytest.mark.parametrize(
    ("now", "differences"),
    [
        pytest.param(SEEN, (), id="nothing changed"),
        pytest.param(_with(FR, OLD, entry("new.bin")), (), id="what appeared since is no difference"),
        pytest.param(_with(FR, _old(links=2)), (), id="another name for the same file is no difference"),
        pytest.param(scan_of(FR, OLD, links=[LINK]), (), id="a protected model may go"),
        pytest.param(_with(FR), ("old.bin: gone since the plan",), id="a model to be removed is gone"),
        pytest.param(
            _with(FR, _old(inode=6)),
            ("old.bin: another file of this name is there now, changed 2026-11-21T10:02Z",),
            id="another file took the name of a model to be removed",
        ),
        pytest.param(
            _with(FR, _old(device=9)),
            ("old.bin: another file of this name is there now, changed 2026-11-21T10:02Z",),
            id="a file on another filesystem took its name",
        ),
        pytest.param(
            _with(FR, _old(size=1_000)),
            ("old.bin: size 10 → 1000, changed 2026-11-21T10:02Z",),
            id="a model to be removed grew",
        ),
        pytest.param(
            _with(FR, _old(mtime_ns=MOMENT + 60 * 10**9)),
            ("old.bin: its times changed since the plan, to 2026-11-21T10:03Z",),
            id="a model to be removed was written again",
        ),
        pytest.param(_with(OLD), ("fr.bin: listed, and gone since the plan",), id="a listed model is gone"),
        pytest.param(
            _with(OLD, entry("fr.bin", of=stamp(size=11))),
            ("fr.bin: listed, and no longer as declared",),
            id="a listed model is no longer as declared",
        ),
        pytest.param(
            _with(OLD, entry("fr.bin", Kind.LINK)),
            ("fr.bin: listed, and no longer as declared",),
            id="a listed model became a dead link",
        ),
        pytest.param(_with(OLD, entry("fr.bin", of=stamp(inode=77))), (), id="a listed model was replaced by its like"),
        pytest.param(
            scan_of(FR, OLD, "base.bin"), ("l: gone since the plan",), id="a link to a folder that would go is gone"
        ),
        pytest.param(
            scan_of(FR, OLD, entry("l", of=stamp(inode=78))),
            ("l: size 6 → 10, changed 1970-01-01T00:00Z",),
            id="a file took the place of a link to a folder",
        ),
        pytest.param(
            scan_of(FR, OLD, "base.bin", links=[LINK], mounts=["old.bin"]),
            ("old.bin: must not be removed any more; run plan to see why",),
            id="something stands against a removal now",
        ),
        pytest.param(
            _with(),
            ("old.bin: gone since the plan", "fr.bin: listed, and gone since the plan"),
            id="all is told at once",
        ),
    ],
)
def test_a_store_is_stale_when_what_goes_or_stays_is_not_as_it_was(now: Scan, differences: tuple[str, ...]) -> None:
    assert stale_differences(_plan(SEEN), _plan(now)) == differences


def test_a_listed_model_behind_a_link_is_looked_at_too() -> None:
    desired = desired_of("l/x")
    seen, now = (plan(desired, inventory_of(scan_of(links=[link]))) for link in (LINK, folder_link("l", "/srv/l")))
    assert stale_differences(seen, seen) == ()
    assert stale_differences(seen, now) == ("l/x: listed, and gone since the plan",)


COMING = desired_of(DesiredModel("fr.bin", 1, size=11, source="fr.bin"), DesiredModel("sub/new.bin", 2, source="n"))
CAN_BE_HAD = Evidence({}, {name: Supply("n", is_remote=False) for name in ("fr.bin", "sub/new.bin")})
WRITTEN = FR._replace(stamp=FR.stamp._replace(mtime_ns=MOMENT))


@pytest.mark.parametrize(
    ("now", "differences"),
    [
        pytest.param(scan_of(FR), (), id="nothing changed"),
        pytest.param(scan_of(), ("fr.bin: gone since the plan",), id="a model to be replaced is gone"),
        pytest.param(
            scan_of(WRITTEN),
            ("fr.bin: its times changed since the plan, to 2026-11-21T10:02Z",),
            id="a model to be replaced was written again",
        ),
        pytest.param(
            scan_of(FR, mounts=["fr.bin"]),
            ("fr.bin: must not be replaced any more; run plan to see why",),
            id="something stands against a replacement now",
        ),
        pytest.param(
            scan_of(FR, "sub/new.bin"),
            ("sub/new.bin: something has this name since the plan",),
            id="a model to be fetched is there",
        ),
        pytest.param(
            scan_of(FR, links=[folder_link("sub", "/srv/sub")]),
            ("sub/new.bin: cannot be fetched any more; run plan to see why",),
            id="a link took the place of its folder",
        ),
    ],
)
def test_a_store_is_stale_when_what_comes_would_meet_something_else(now: Scan, differences: tuple[str, ...]) -> None:
    seen, again = (plan(COMING, inventory_of(scan), CAN_BE_HAD) for scan in (scan_of(FR), now))
    assert stale_differences(seen, again) == differences


@pytest.mark.parametrize(
    ("now", "remembered"),
    [
        pytest.param(scan_of(FR, OLD), {"fr.bin"}, id="as it was"),
        pytest.param(scan_of(WRITTEN), set(), id="written again"),
        pytest.param(scan_of(FR._replace(stamp=FR.stamp._replace(ctime_ns=1))), set(), id="changed in any other way"),
        pytest.param(scan_of(OLD), set(), id="gone"),
    ],
)
def test_what_was_read_counts_only_while_the_model_is_as_it_was(now: Scan, remembered: set[str]) -> None:
    read = Evidence({"fr.bin": Content("a" * 64, 10, remembered=False)})
    assert read.still_true(scan_of(FR), now).contents.keys() == remembered


@pytest.mark.parametrize(
    ("now", "new"),
    [
        pytest.param(SEEN, (), id="nothing changed"),
        pytest.param(_with(FR, _old(inode=6)), (), id="another file of a name that the plan saw"),
        pytest.param(_with(FR, OLD, entry("new.bin"), entry("b.bin")), ("b.bin", "new.bin"), id="two more models"),
        pytest.param(_with(FR, OLD, entry("new", Kind.FIFO)), (), id="what would not be removed anyway"),
    ],
)
def test_what_only_appeared_since_the_plan_is_new(now: Scan, new: tuple[str, ...]) -> None:
    assert new_since(_plan(SEEN), _plan(now)) == new


def test_names_are_shown_escaped() -> None:
    seen, now = (plan(desired_of(), inventory_of(scan)) for scan in (scan_of("a\x1b\n"), scan_of()))
    assert stale_differences(seen, now) == ("a\\x1b\\n: gone since the plan",)

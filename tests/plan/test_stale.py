"""What has changed in a store since a plan was made of it."""

from __future__ import annotations

import pytest

from ocrstate.apply.stale import stale_differences
from ocrstate.manifest.desired import DesiredModel
from ocrstate.plan.planner import plan
from ocrstate.store.model import Entry, Kind, Scan
from tests.support.manifests import desired_of
from tests.support.stores import entry, folder_link, inventory_of, scan_of, stamp

FR, OLD = entry("fr.bin"), entry("old.bin", of=stamp(inode=5, mtime_ns=1))
LINK = folder_link("l", "/srv/l", ["x"])
SEEN = scan_of(FR, OLD, "base.bin", links=[LINK])
PLAN = plan(desired_of(DesiredModel("fr.bin", 1, size=10), protect=["base.bin"]), inventory_of(SEEN))


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
            ("old.bin: another file of this name is there now",),
            id="another file took the name of a model to be removed",
        ),
        pytest.param(
            _with(FR, _old(device=9)),
            ("old.bin: another file of this name is there now",),
            id="a file on another filesystem took its name",
        ),
        pytest.param(
            _with(FR, _old(size=1_000)),
            ("old.bin: size 10 B → 1,000 B since the plan",),
            id="a model to be removed grew",
        ),
        pytest.param(
            _with(FR, _old(mtime_ns=2)),
            ("old.bin: its content was written since the plan",),
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
            ("l: another file of this name is there now",),
            id="a file took the place of a link to a folder",
        ),
        pytest.param(
            _with(),
            ("old.bin: gone since the plan", "fr.bin: listed, and gone since the plan"),
            id="all is told at once",
        ),
    ],
)
def test_a_store_is_stale_when_what_goes_or_stays_is_not_as_it_was(now: Scan, differences: tuple[str, ...]) -> None:
    assert stale_differences(PLAN, now) == differences


def test_a_listed_model_behind_a_link_is_looked_at_too() -> None:
    seen = scan_of(links=[LINK])
    made = plan(desired_of("l/x"), inventory_of(seen))
    assert stale_differences(made, seen) == ()
    assert stale_differences(made, scan_of(links=[folder_link("l", "/srv/l")])) == (
        "l/x: listed, and gone since the plan",
    )


def test_names_are_shown_escaped() -> None:
    made = plan(desired_of(), inventory_of(scan_of("a\x1b\n")))
    assert stale_differences(made, scan_of()) == ("a\\x1b\\n: gone since the plan",)

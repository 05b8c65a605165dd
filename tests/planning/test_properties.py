"""What holds for every plan, whatever the manifest and the store."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from ocrstate.inventory.model import Inventory, Source
from ocrstate.manifest.desired import Desired, UnlistedPolicy
from ocrstate.names import first_match, leads_into_store
from ocrstate.planning.changes import Blocked, Missing, Protected, Remove, Unlisted
from ocrstate.planning.planner import plan
from tests.support.worlds import for_every_store

if TYPE_CHECKING:
    from ocrstate.planning.model import Plan


def _listed(desired: Desired) -> set[str]:
    return {model.name for model in desired.models}


def _must_stay(desired: Desired, name: str) -> bool:
    return bool(
        name in _listed(desired) or first_match(desired.ignore, name) or first_match(desired.protect, name),
    )


def _behind(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    return {link.entry.name: tuple(seen.name for seen in link.behind) for link in inventory.scan.folder_links}


@for_every_store
def test_no_listed_ignored_or_protected_name_is_removed_or_blocked(desired: Desired, inventory: Inventory) -> None:
    for change in plan(desired, inventory).changes:
        if isinstance(change, Remove | Blocked):
            assert not _must_stay(desired, change.name)


@for_every_store
def test_no_link_is_removed_that_hides_what_must_stay(desired: Desired, inventory: Inventory) -> None:
    behind = _behind(inventory)
    for removal in plan(desired, inventory).removals:
        for name in behind.get(removal.name, ()):
            assert not _must_stay(desired, name)
            assert name not in inventory.unconfirmed


@for_every_store
def test_nothing_that_only_the_folder_shows_is_removed(desired: Desired, inventory: Inventory) -> None:
    removed = {removal.name for removal in plan(desired, inventory).removals}
    assert removed.isdisjoint(inventory.unconfirmed)


@for_every_store
def test_nothing_behind_a_link_is_removed_by_its_own_name(desired: Desired, inventory: Inventory) -> None:
    behind = {name for names in _behind(inventory).values() for name in names}
    removed = {removal.name for removal in plan(desired, inventory).removals}
    assert removed.isdisjoint(behind)


@for_every_store
def test_under_report_only_what_is_absent_is_removed(desired: Desired, inventory: Inventory) -> None:
    reporting = replace(desired, policy=replace(desired.policy, unlisted=UnlistedPolicy.REPORT))
    behind = _behind(inventory)
    for removal in plan(reporting, inventory).removals:
        hidden = behind.get(removal.name, ())
        assert first_match(desired.absent, removal.name) or (
            hidden and all(first_match(desired.absent, name) for name in hidden)
        )


@for_every_store
def test_every_entry_that_is_not_ignored_is_in_the_plan_once(desired: Desired, inventory: Inventory) -> None:
    made = Counter(change.name for change in plan(desired, inventory).changes)
    listed = _listed(desired)
    for entry in inventory.scan.entries:
        ignored = entry.name not in listed and first_match(desired.ignore, entry.name)
        assert made[entry.name] == (0 if ignored else 1)
    assert all(made[name] == 1 for name in listed)
    assert set(made.values()) <= {1}


@for_every_store
def test_every_unlisted_name_behind_a_link_is_told_of(desired: Desired, inventory: Inventory) -> None:
    told = {change.name for change in plan(desired, inventory).changes}
    listed = _listed(desired)
    for link, names in _behind(inventory).items():
        for name in names:
            ignored = first_match(desired.ignore, name) or first_match(desired.ignore, link)
            assert name in told or link in told or (ignored and name not in listed) or name in inventory.unconfirmed


@for_every_store
def test_a_model_is_missing_exactly_when_its_name_is_listed_and_not_there(
    desired: Desired, inventory: Inventory
) -> None:
    behind = _behind(inventory)
    there = {entry.name for entry in inventory.scan.entries} | behind.keys()
    there.update(name for names in behind.values() for name in names)
    missing = {change.name for change in plan(desired, inventory).changes if isinstance(change, Missing)}
    assert missing == _listed(desired) - there


@for_every_store
def test_the_changes_are_sorted_by_name(desired: Desired, inventory: Inventory) -> None:
    names = [change.name for change in plan(desired, inventory).changes]
    assert names == sorted(names)


@for_every_store
def test_the_plan_does_not_depend_on_the_order_of_anything(desired: Desired, inventory: Inventory) -> None:
    scan = inventory.scan
    links = tuple(replace(link, behind=link.behind[::-1]) for link in scan.folder_links)
    other = replace(scan, entries=scan.entries[::-1], folders=scan.folders[::-1], folder_links=links[::-1])
    again = plan(replace(desired, models=desired.models[::-1]), replace(inventory, scan=other))
    assert again == plan(desired, inventory)


@for_every_store
def test_the_summary_counts_the_changes(desired: Desired, inventory: Inventory) -> None:
    made = plan(desired, inventory)
    counts = Counter(type(change).__name__.lower() for change in made.changes)
    for action in ("keep", "remove", "missing", "drifted", "protected", "unlisted", "blocked"):
        assert getattr(made.summary, action) == counts[action]
    assert made.summary.bytes_removed == sum(removal.freed for removal in made.removals)
    assert made.summary.bytes_freed == (0 if desired.policy.retain else made.summary.bytes_removed)
    assert made.in_sync is not bool(counts["remove"] or counts["missing"] or counts["drifted"] or counts["blocked"])


@for_every_store
def test_no_more_is_removed_than_the_files_take_up(desired: Desired, inventory: Inventory) -> None:
    made = plan(desired, inventory)
    names = Counter(_inode(removal) for removal in made.removals)
    gone = {removal.entry.stamp for removal in made.removals if names[_inode(removal)] == removal.entry.stamp.links}
    assert made.summary.bytes_removed == sum(stamp.allocated for stamp in gone)


def _inode(removal: Remove) -> tuple[int, int]:
    return (removal.entry.stamp.device, removal.entry.stamp.inode)


@for_every_store
def test_a_folder_is_emptied_only_when_nothing_in_it_stays(desired: Desired, inventory: Inventory) -> None:
    made = plan(desired, inventory)
    removed = {removal.name for removal in made.removals}
    for folder in made.emptied:
        inside = {entry.name for entry in inventory.scan.entries if entry.name.startswith(f"{folder}/")}
        assert inside
        assert inside <= removed


@for_every_store
def test_a_journal_can_hold_the_name_of_whatever_is_removed(desired: Desired, inventory: Inventory) -> None:
    assert all(leads_into_store(removal.name) for removal in plan(desired, inventory).removals)


@for_every_store
def test_once_the_removals_are_done_nothing_is_left_to_remove(desired: Desired, inventory: Inventory) -> None:
    first = plan(desired, inventory)
    second = plan(desired, _after(inventory, first))
    assert second.removals == ()
    stays = [change for change in first.changes if not isinstance(change, Remove)]
    assert [_essence(change) for change in second.changes] == [_essence(change) for change in stays]


def _after(inventory: Inventory, made: Plan) -> Inventory:
    removed = {removal.name for removal in made.removals}
    scan = replace(
        inventory.scan,
        entries=tuple(entry for entry in inventory.scan.entries if entry.name not in removed),
        folder_links=tuple(link for link in inventory.scan.folder_links if link.entry.name not in removed),
    )
    return replace(inventory, scan=scan, source=Source.ENGINE)


def _essence(change: object) -> object:
    """Leave out what a removal may change elsewhere: the names that come near a missing one."""
    return change._replace(near=()) if isinstance(change, Missing) else change


@for_every_store
def test_what_stays_unlisted_says_why(desired: Desired, inventory: Inventory) -> None:
    for change in plan(desired, inventory).changes:
        match change:
            case Protected(name, _, pattern):
                assert any(glob.text == pattern and glob.matches(name) for glob in desired.protect)
            case Unlisted(name, _, confirmed):
                assert confirmed is (name not in inventory.unconfirmed)
            case _:
                pass

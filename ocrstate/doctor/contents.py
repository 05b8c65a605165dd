"""Judge what lies in a store: what of it the engine or a run trips over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ocrstate.doctor.model import Area, Topic
from ocrstate.text.escape import escape
from ocrstate.text.lists import few
from ocrstate.text.units import counted

if TYPE_CHECKING:
    from ocrstate.doctor.model import Finding, Findings

OWNERS = Topic(Area.STORE, "store-owners")
FOLDER_LINKS = Topic(Area.STORE, "store-folder-links")
NAMES = Topic(Area.STORE, "store-names")
SUB_FOLDERS = Topic(Area.STORE, "store-sub-folders")
DEPTH = Topic(Area.STORE, "store-depth")

_FEW_LINKS = 3


class LinkedFolder(NamedTuple):
    """A link to a folder, which the engine follows.

    Attributes:
        target: where it points, as written in it.
        leads_out: whether the folder is outside the store.
    """

    name: str
    target: str
    leads_out: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in a store, this tool's own folder apart.

    Attributes:
        models: how many files the engine would list, links to folders apart.
        folders: how many sub-folders there are.
        links: how many of the models are links.
        linked_folders: links to folders.
        undecodable_files: names of files that are not UTF-8; likewise the next one.
        undecodable_folders: of sub-folders.
        unreadable: sub-folders that this user may not read.
        unwritable: sub-folders that this user may not write in.
        deeper: how many files lie deeper than the engine looks.
        of_others: how many entries belong to other users.
        held: how many of them lie in folders with the sticky bit, where only their owners may remove them.
        is_cut: whether there was more than there was time to look at.
    """

    models: int
    folders: int
    links: int
    linked_folders: tuple[LinkedFolder, ...]
    undecodable_files: tuple[str, ...]
    undecodable_folders: tuple[str, ...]
    unreadable: tuple[str, ...]
    unwritable: tuple[str, ...]
    deeper: int
    of_others: int
    held: int
    is_cut: bool


def judge_contents(seen: Contents) -> Findings:
    """Judge what lies in a store."""
    return (_owners(seen), _folder_links(seen), _names(seen), _sub_folders(seen), _depth(seen))


def _owners(contents: Contents) -> Finding:
    facts = {"of_others": contents.of_others, "held": contents.held}
    if not contents.of_others:
        return OWNERS.ok("everything in the store belongs to this user").with_facts(facts)
    belong = f"{_entries(contents.of_others)} to other users than this one"
    if contents.held:
        return OWNERS.warn(
            f"{belong}; {contents.held:,} of them only those may remove, because their folder has the sticky bit",
            "run as the user that owns the store, or take the sticky bit off that folder (chmod -t)",
        ).with_facts(facts)
    return OWNERS.ok(belong).with_facts(facts)


def _entries(number: int) -> str:
    return "1 entry belongs" if number == 1 else f"{number:,} entries belong"


def _links_to(number: int) -> str:
    return "1 link to a folder" if number == 1 else f"{number:,} links to folders"


def _folder_links(contents: Contents) -> Finding:
    links = contents.linked_folders
    facts = {"links": tuple(link.name for link in links), "targets": tuple(link.target for link in links)}
    out = [link for link in links if link.leads_out]
    if out:
        shown = ", ".join(f"{escape(link.name)} -> {escape(link.target)}" for link in out[:_FEW_LINKS])
        more = f" and {len(out) - _FEW_LINKS:,} more" if len(out) > _FEW_LINKS else ""
        return FOLDER_LINKS.warn(
            f"{_links_to(len(out))} outside the store: {shown}{more}; the engine lists what is behind "
            "as models, and a script that deletes what it lists deletes it there",
            "remove the links if they are not wanted; ocrstate itself removes a link alone, never what is behind it",
        ).with_facts(facts)
    if links:
        return FOLDER_LINKS.ok(
            f"{_links_to(len(links))} in the store: the engine lists what is behind twice"
        ).with_facts(facts)
    return FOLDER_LINKS.ok("no links to folders in the store").with_facts(facts)


def _names(contents: Contents) -> Finding:
    files, folders = contents.undecodable_files, contents.undecodable_folders
    if folders:
        return NAMES.fail(
            f"the name of {named(folders, 'sub-folder')} is not UTF-8, and so the engine lists nothing at all",
            "rename it; --inventory directory lists the folder without the engine",
            folders=folders,
            files=files,
        )
    if files:
        return NAMES.warn(
            f"the name of {named(files, 'file')} is not UTF-8: neither the engine nor a manifest can name it",
            "rename it",
            files=files,
        )
    return NAMES.ok("all names are UTF-8")


def _sub_folders(contents: Contents) -> Finding:
    if contents.unreadable:
        return SUB_FOLDERS.fail(
            f"this user may not read {named(contents.unreadable, 'sub-folder')}, and so the engine lists nothing at "
            "all",
            "let this user read it, or run as one who may",
            unreadable=contents.unreadable,
        )
    return SUB_FOLDERS.ok("all sub-folders can be read" if contents.folders else "no sub-folders")


def _depth(contents: Contents) -> Finding:
    at_least = "at least " if contents.is_cut else ""
    if contents.deeper:
        return DEPTH.warn(
            f"{at_least}{counted(contents.deeper, 'file')} {'lies' if contents.deeper == 1 else 'lie'} deeper than one "
            "sub-folder, where the engine does not look: as models they are not there",
            "move them up if they are models",
            deeper=contents.deeper,
        )
    if contents.is_cut:
        return DEPTH.warn(
            "the store holds more than there was time to look at: what is said of its contents holds for a part of it",
            "look again when the disk is less busy",
        )
    return DEPTH.ok("nothing lies deeper than the engine looks", deeper=0)


def named(names: tuple[str, ...], noun: str) -> str:
    """Count some of the names, and name the first of them."""
    return f"{counted(len(names), noun)} ({few(names)})"

"""Judge a store: what it is on, who may do what in it, and how much room there is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.doctor.contents import judge_contents, named
from ocrstate.doctor.model import Area, Topic
from ocrstate.text.escape import escape
from ocrstate.text.lists import few
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from ocrstate.doctor.contents import Contents
    from ocrstate.doctor.model import Facts, Finding, Findings
    from ocrstate.store.model import StoreId
    from ocrstate.store.mounts import Mount

FOLDER = Topic(Area.STORE, "store-folder")
FILESYSTEM = Topic(Area.STORE, "store-filesystem")
WRITABLE = Topic(Area.STORE, "store-writable")
SPACE = Topic(Area.STORE, "store-space")
INODES = Topic(Area.STORE, "store-inodes")
MOUNTS = Topic(Area.STORE, "store-mounts")
CASE = Topic(Area.STORE, "store-case")

_NETWORK = frozenset(
    {"9p", "afs", "afpfs", "beegfs", "ceph", "cifs", "coda", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4"}
    | {"ocfs2", "orangefs", "smb3", "smbfs", "webdav"}
)
_LOCKS_ON_THIS_HOST = frozenset({"nolock", "local_lock=all", "local_lock=flock", "nobrl"})
_LEAST_FREE = 64 * 1024 * 1024
_LEAST_INODES = 100


@dataclass(frozen=True, slots=True)
class Room:
    """What is left on the store's filesystem for this user.

    Attributes:
        free: bytes.
        inodes: files that can still be made; `None` where the filesystem does not count them.
        read_only: whether it is mounted read-only.
    """

    free: int
    inodes: int | None
    read_only: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """A store as it was looked at.

    Attributes:
        named_path: absolute, as it was named.
        mount: what it is on; `None` where the system does not say.
        room: `None` where the system does not say.
        writable: whether this user may write in it, as far as rights tell.
        mounts: names of what is mounted in it.
        ignores_case: whether names that differ in case alone are one file; `None` where nothing tells.
    """

    store: StoreId
    mount: Mount | None
    room: Room | None
    writable: bool
    mounts: tuple[str, ...]
    ignores_case: bool | None
    contents: Contents


def judge_store(seen: Survey) -> Findings:
    """Judge everything about a store that can be read."""
    return (
        _folder(seen),
        *_filesystem(seen.mount),
        _writable(seen),
        *_room(seen.room),
        _mounts(seen.mounts),
        *judge_contents(seen.contents),
        *_case(seen.ignores_case),
    )


def _folder(seen: Survey) -> Finding:
    contents, store = seen.contents, seen.store
    links = f", {contents.links:,} of them links" if contents.links else ""
    leads = f"; links lead to {escape(store.real_path)}" if store.path != store.real_path else ""
    cut = "at least " if contents.is_cut else ""
    below = f" and its {counted(contents.folders, 'sub-folder')}" if contents.folders else ""
    facts: Facts = {
        "path": store.path,
        "real_path": store.real_path,
        "models": contents.models,
        "folders": contents.folders,
        "links": contents.links,
        "is_cut": contents.is_cut,
    }
    return FOLDER.ok(f"{cut}{counted(contents.models, 'model')} in the store{below}{links}{leads}").with_facts(facts)


def _filesystem(mount: Mount | None) -> Findings:
    if mount is None:
        return ()
    facts: Facts = {"mount_point": mount.point, "kind": mount.kind}
    where = f"the store is on {escape(mount.kind)}, mounted at {escape(mount.point)}"
    if mount.kind in _NETWORK or mount.kind.startswith("fuse."):
        return (FILESYSTEM.warn(f"{where}: {_share_words(mount)}", _share_hint(mount)).with_facts(facts),)
    return (FILESYSTEM.ok(where).with_facts(facts),)


def _share_words(mount: Mount) -> str:
    if mount.options & _LOCKS_ON_THIS_HOST:
        return "its options keep locks on this host, so a run on another host does not see that one is at work here"
    if mount.kind.startswith("fuse."):
        return "whether locks and renames there are as safe as on a disk, its program decides"
    return "whether locks and renames there are as safe as on a disk, its server decides"


def _share_hint(mount: Mount) -> str:
    if mount.options & _LOCKS_ON_THIS_HOST:
        return "mount it without nolock, local_lock and nobrl, or run ocrstate on one host only"
    return "run ocrstate on one host only, and at a time when nothing else changes the store"


def _writable(seen: Survey) -> Finding:
    contents = seen.contents
    reads = "the store can be planned and checked, not changed"
    if seen.room is not None and seen.room.read_only:
        return WRITABLE.fail(
            f"the store's filesystem is mounted read-only: {reads}",
            "mount it for reading and writing where apply is to run",
        )
    if not seen.writable:
        return WRITABLE.fail(
            f"this user may not write in the store: {reads}",
            "run as the user that owns the store, or grant write permission",
        )
    if contents.unwritable:
        return WRITABLE.fail(
            f"this user may not write in {named(contents.unwritable, 'sub-folder')}: what is there cannot be removed",
            "run as the user that owns the store, or grant write permission",
            folders=contents.unwritable,
        )
    return WRITABLE.ok("this user may write in the store")


def _room(room: Room | None) -> Findings:
    if room is None:
        return ()
    return (_space(room).with_facts({"free": room.free}), *_inodes(room))


def _space(room: Room) -> Finding:
    if room.free >= _LEAST_FREE:
        return SPACE.ok(f"{size_text(room.free)} are free on its filesystem")
    return SPACE.warn(
        f"only {size_text(room.free)} are free: a run may be unable to write down what it does",
        "make room on that disk; ocrstate purge deletes what is kept in quarantine and whose time is up",
    )


def _inodes(room: Room) -> Findings:
    if room.inodes is None:
        return ()
    if room.inodes >= _LEAST_INODES:
        return (INODES.ok(f"{room.inodes:,} more files can be made there", free=room.inodes),)
    return (
        INODES.warn(
            f"only {counted(room.inodes, 'more file')} can be made there: the disk is out of inodes",
            "delete small files that nobody needs on that disk",
            free=room.inodes,
        ),
    )


def _mounts(names: tuple[str, ...]) -> Finding:
    if not names:
        return MOUNTS.ok("nothing is mounted in the store", names=names)
    return MOUNTS.warn(
        f"{few(names)} {'is' if len(names) == 1 else 'are'} mounted in the store: a run that would have to remove that "
        "is refused",
        "unmount it, or list it in the manifest, or put it under ignore",
        names=names,
    )


def _case(ignored: bool | None) -> Findings:  # noqa: FBT001 - it is all that was seen
    if ignored is None:
        return ()
    words = "do not tell files apart: EN.bin and en.bin are one file" if ignored else "tell files apart"
    return (CASE.ok(f"upper and lower case {words}", ignores_case=ignored),)

"""What is said of a listed model, by what the folder shows and what was read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocrstate.digests.model import Content, Unreadable, Unsettled
from ocrstate.manifest.desired import DesiredModel
from ocrstate.planning.near import Aspect, Near
from ocrstate.planning.verification import (
    Changing,
    Differs,
    NoContent,
    NotThere,
    Readings,
    SizeDiffers,
    Unpinned,
    Unread,
    Verification,
    Verified,
    to_read,
    verify,
)
from ocrstate.store.model import Kind
from tests.support.manifests import desired_of
from tests.support.stores import SIZE, entry, folder_link, inventory_of, scan_of

if TYPE_CHECKING:
    from ocrstate.digests.model import Reading
    from ocrstate.store.model import Entry, Scan

SHA256, OTHER = "a" * 64, "b" * 64
PINNED = DesiredModel("a.bin", 1, size=SIZE, sha256=SHA256)
BY_DIGEST = DesiredModel("a.bin", 1, sha256=SHA256)
BY_SIZE = DesiredModel("a.bin", 1, size=SIZE)
BY_NAME = DesiredModel("a.bin", 1)
GOOD, KNOWN = Content(SHA256, SIZE, remembered=False), Content(SHA256, SIZE, remembered=True)
BAD = Content(OTHER, SIZE, remembered=False)


def judged(
    model: DesiredModel, scan: Scan, reading: Reading | None = None, on_disk: dict[str, int] | None = None
) -> Verification:
    readings = {} if reading is None else {"a.bin": reading}
    return verify(desired_of(model), inventory_of(scan), Readings(readings, on_disk or {}, 7, 1.5))


@pytest.mark.parametrize(
    ("model", "reading", "verdict"),
    [
        (PINNED, GOOD, Verified("a.bin", PINNED, GOOD, None)),
        (BY_DIGEST, KNOWN, Verified("a.bin", BY_DIGEST, KNOWN, None)),
        (PINNED, BAD, Differs("a.bin", PINNED, BAD, None)),
        (PINNED, Unreadable("no"), Unread("a.bin", PINNED, "no")),
        (PINNED, Unsettled("it grew"), Changing("a.bin", PINNED, "it grew")),
        (BY_SIZE, None, Unpinned("a.bin", BY_SIZE, SIZE, None)),
        (BY_NAME, None, Unpinned("a.bin", BY_NAME, SIZE, None)),
        (PINNED._replace(size=SIZE + 1), None, SizeDiffers("a.bin", PINNED._replace(size=SIZE + 1), SIZE)),
        (BY_SIZE._replace(size=0), None, SizeDiffers("a.bin", BY_SIZE._replace(size=0), SIZE)),
    ],
)
def test_a_file_is_judged_by_its_size_first_and_then_by_its_digest(
    model: DesiredModel, reading: Reading | None, verdict: object
) -> None:
    assert judged(model, scan_of("a.bin"), reading).verdicts == (verdict,)


@pytest.mark.parametrize(
    ("reading", "kind"),
    [(GOOD, Verified), (BAD, Differs), (None, Unpinned)],
)
def test_holes_are_noted_with_what_is_on_disk(
    reading: Reading | None, kind: type[Verified | Differs | Unpinned]
) -> None:
    (verdict,) = judged(PINNED if reading else BY_NAME, scan_of("a.bin"), reading, {"a.bin": 3}).verdicts
    assert isinstance(verdict, kind)
    assert verdict.on_disk == 3


@pytest.mark.parametrize("kind", [Kind.LINK, Kind.FIFO, Kind.SOCKET, Kind.DEVICE])
def test_what_has_no_content_is_not_read(kind: Kind) -> None:
    scan = scan_of(entry("a.bin", kind))
    assert to_read(desired_of(PINNED), scan) == ()
    assert judged(PINNED, scan).verdicts == (NoContent("a.bin", PINNED, kind),)


def test_a_link_to_a_folder_has_no_content_but_what_is_behind_it_has() -> None:
    listed = DesiredModel("l", 1, sha256=SHA256), DesiredModel("l/x", 2, sha256=SHA256)
    desired, scan = desired_of(*listed), scan_of(links=[folder_link("l", "/srv", ["x", "y"])])
    assert [each.name for each in to_read(desired, scan)] == ["l/x"]
    verdicts = verify(desired, inventory_of(scan), Readings({"l/x": GOOD}, {}, 0, 0)).verdicts
    assert [type(each) for each in verdicts] == [NoContent, Verified]


def test_a_missing_model_comes_with_names_that_are_nearly_the_same() -> None:
    assert judged(PINNED, scan_of("A.bin", "z.bin")).verdicts == (
        NotThere("a.bin", PINNED, (Near("A.bin", (Aspect.CASE,)),)),
    )


@pytest.mark.parametrize(
    ("model", "there", "read"),
    [
        (PINNED, entry("a.bin"), True),
        (BY_DIGEST, entry("a.bin"), True),
        (BY_DIGEST, entry("a.bin", Kind.LINK, content=5), True),
        (PINNED, entry("a.bin", Kind.LINK, content=5), False),
        (PINNED._replace(size=3), entry("a.bin"), False),
        (BY_SIZE, entry("a.bin"), False),
        (BY_NAME, entry("a.bin"), False),
        (PINNED, entry("b.bin"), False),
    ],
)
def test_only_what_decides_is_read(model: DesiredModel, there: Entry, *, read: bool) -> None:
    assert to_read(desired_of(model), scan_of(there)) == ((there,) if read else ())


@pytest.mark.parametrize(
    ("model", "scan", "reading", "complete", "as_declared"),
    [
        (PINNED, scan_of("a.bin"), GOOD, True, True),
        (BY_NAME, scan_of("a.bin"), None, True, True),
        (PINNED, scan_of("a.bin"), BAD, True, False),
        (PINNED, scan_of(), None, True, False),
        (BY_SIZE._replace(size=1), scan_of("a.bin"), None, True, False),
        (PINNED, scan_of(entry("a.bin", Kind.FIFO)), None, True, False),
        (PINNED, scan_of("a.bin"), Unreadable("no"), False, False),
        (PINNED, scan_of("a.bin"), Unsettled("it grew"), False, False),
    ],
)
def test_all_is_as_declared_only_where_everything_is_known_and_right(
    model: DesiredModel, scan: Scan, reading: Reading | None, *, complete: bool, as_declared: bool
) -> None:
    verification = judged(model, scan, reading)
    assert (verification.is_complete, verification.is_as_declared) == (complete, as_declared)


def test_what_was_read_and_what_was_remembered_is_counted() -> None:
    verification = judged(PINNED, scan_of("a.bin"), KNOWN)
    assert (verification.bytes_read, verification.bytes_remembered, verification.seconds) == (7, SIZE, 1.5)
    assert judged(PINNED, scan_of("a.bin"), GOOD).bytes_remembered == 0


def test_models_that_are_not_listed_are_no_matter() -> None:
    assert verify(desired_of(), inventory_of(scan_of("a", "b")), Readings({}, {}, 0, 0)).verdicts == ()

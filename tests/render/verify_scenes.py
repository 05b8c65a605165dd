"""What verify can find, for the texts of `scenes.py`."""

from __future__ import annotations

from ocrstate.digests.model import Content, Reading, Unreadable, Unsettled
from ocrstate.inventory.model import Unnameable
from ocrstate.manifest.desired import DesiredModel
from ocrstate.planning.verification import Readings, Verification, verify
from ocrstate.render.look import Detail, Look
from ocrstate.render.paint import Paint
from ocrstate.render.verify_text import render_verification
from ocrstate.store.model import Kind
from tests.render.drawing import at_widths
from tests.support.manifests import desired_of
from tests.support.stores import entry, inventory_of, scan_of, stamp

LISTED, OTHER = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "0123456789abcdef" * 4
BIG = 4_683_073_952


def pinned(name: str, size: int | None = None) -> DesiredModel:
    return DesiredModel(name, 1, size=size, sha256=LISTED)


def good(size: int = BIG, *, remembered: bool = False) -> Content:
    return Content(LISTED, size, remembered=remembered)


EVERY_VERDICT = verify(
    desired_of(
        *(pinned(name, BIG) for name in ("de.bin", "en.bin", "cut.bin", "longer.bin", "half.bin", "full_of_holes.bin")),
        *(pinned(name) for name in ("bad.bin", "growing.bin", "locked.bin", "pipe", "gone_v1.bin", "dead.bin")),
        DesiredModel("zh_模型.bin", 20),
        DesiredModel("raw.bin", 21, size=12),
        DesiredModel("unfinished.bin", 22),
    ),
    inventory_of(
        scan_of(
            *(entry(name, of=stamp(BIG)) for name in ("de.bin", "en.bin", "half.bin", "full_of_holes.bin", "bad.bin")),
            *(entry(name, of=stamp(BIG)) for name in ("growing.bin", "locked.bin", "unfinished.bin")),
            *(entry("cut.bin", of=stamp(1000)), entry("longer.bin", of=stamp(BIG + 1))),
            *(entry("pipe", Kind.FIFO), entry("dead.bin", Kind.LINK), entry("gone_v2.bin")),
            *(entry("zh_模型.bin"), entry("raw.bin", of=stamp(12))),
        ),
        warnings=(Unnameable(("\udcff",)),),
    ),
    Readings(
        {
            "de.bin": good(),
            "en.bin": good(remembered=True),
            "full_of_holes.bin": good(),
            "bad.bin": Content(OTHER, BIG, remembered=False),
            "half.bin": Content(OTHER, BIG, remembered=True),
            "growing.bin": Unsettled("it grew from 10 to 20 bytes while it was read"),
            "locked.bin": Unreadable("Permission denied"),
        },
        {"half.bin": 4096, "full_of_holes.bin": 1_000_000, "unfinished.bin": 0},
        3 * BIG,
        12.34,
    ),
)


def _all_good(*readings: Reading, read: int) -> Verification:
    names = [f"{number}.bin" for number in range(len(readings))]
    desired, scan = (
        desired_of(*(pinned(name, BIG) for name in names)),
        scan_of(*(entry(n, of=stamp(BIG)) for n in names)),
    )
    return verify(desired, inventory_of(scan), Readings(dict(zip(names, readings, strict=True)), {}, read, 1.04))


VERIFIED = _all_good(good(), good(remembered=True), read=BIG)
ALL_KNOWN = _all_good(good(remembered=True), read=0)
NOTHING = verify(desired_of(), inventory_of(scan_of()), Readings({}, {}, 0, 0))
NOT_PINNED = verify(desired_of(*"abcde"), inventory_of(scan_of(*"abcde")), Readings({}, {}, 0, 0))
HOSTILE = verify(
    desired_of(pinned("\x1b[31mred"), pinned("a\nb"), path="/etc/\u202eapp\n/m.yml"),
    inventory_of(scan_of("a\nb", "\x1b[31mreb")),
    Readings({"a\nb": Unreadable("Input\x1b/output error")}, {}, 0, 0),
)


def drawn(
    verification: Verification, detail: Detail = Detail.CHANGES, *, width: int | None = 80, colours: bool = False
) -> str:
    return render_verification(verification, Look(Paint(colours=colours), width, detail))


VERIFY_SCENES = {
    "verify-every-verdict": drawn(EVERY_VERDICT),
    **at_widths("verify-every-verdict", lambda width: drawn(EVERY_VERDICT, width=width)),
    "verify-every-verdict-in-full": drawn(EVERY_VERDICT, Detail.EVERYTHING),
    "verify-every-verdict-in-one-line": drawn(EVERY_VERDICT, Detail.SUMMARY),
    "verify-every-verdict-in-colour": drawn(EVERY_VERDICT, colours=True),
    "verify-all-good": drawn(VERIFIED),
    "verify-all-good-in-colour": drawn(VERIFIED, Detail.SUMMARY, colours=True),
    "verify-all-good-in-full": drawn(VERIFIED, Detail.EVERYTHING),
    "verify-all-known": drawn(ALL_KNOWN),
    "verify-nothing-listed": drawn(NOTHING),
    "verify-nothing-pinned": drawn(NOT_PINNED),
    "verify-hostile-names": drawn(HOSTILE),
}

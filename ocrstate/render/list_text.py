"""What is in a store, as text for a terminal or a log. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ocrstate.planning.audit import Ignored, Seen, Status, entry_of, found_size, selected, status_of
from ocrstate.planning.changes import Keep, NotListed, Protected, Remove, Unlisted
from ocrstate.render.folding import LEAST_ROOM, facts, fold, row, whole
from ocrstate.render.look import Detail, Look, Style, cells, name_column
from ocrstate.render.paint import Colour
from ocrstate.render.plan_text import STYLES, render_legend, uncompared
from ocrstate.render.warning_text import render_warnings
from ocrstate.render.words import listed_by, manifest_words, reason_words
from ocrstate.text.escape import escape
from ocrstate.text.times import age_text
from ocrstate.text.units import counted, size_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocrstate.planning.audit import Audit, Finding, Kept, Selection, Staged, Surroundings
    from ocrstate.store.model import Unseen

_MUCH_OF_OUR_OWN = 5_000_000  # bytes: less is not worth a line
_NANOSECONDS = 1_000_000_000
_IGNORED = Style(".", "ignored", Colour.PLAIN)
_SEEN = Style(" ", "seen", Colour.PLAIN)
_SIZE_COLUMN = 7
_AGE_COLUMN = 6
_STATUS_COLUMN = max(len(status.value) for status in Status)
_BESIDE_NAME = 4 + 3 * 2 + _SIZE_COLUMN + _AGE_COLUMN + _STATUS_COLUMN
_LEAST_COLUMN = 8
_DETAIL = " " * 6


def render_list(audit: Audit, selection: Selection, look: Look, *, moment: int, paths: bool) -> str:
    """Draw the models that are chosen, and totals of all that there are.

    Args:
        audit: all that there is.
        selection: what of it is to be shown.
        look: how to draw.
        moment: the time, for ages; nanoseconds since 1970.
        paths: whether each model's path is to be shown.
    """
    if look.detail is Detail.SUMMARY:
        return f"{_totals(audit, look)}\n"
    shown = selected(audit.findings, selection)
    wanted = [status.value for status in Status if status in selection.statuses]
    blocks = [
        _header(audit, len(shown), wanted, look.width),
        render_legend({type(each) for each in shown if not isinstance(each, Ignored | Seen)}, look),
        "\n".join(_lines(audit, shown, look, moment, paths=paths)) or _nothing(audit, wanted),
        _beside_models(audit.surroundings, look.width),
        render_warnings(audit.warnings, look),
        _totals(audit, look),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def path_in(audit: Audit, finding: Finding) -> str:
    """Return the path of a model, or where one that is missing should be."""
    return f"{audit.store.path.rstrip('/')}/{finding.name}"


def _header(audit: Audit, number: int, wanted: Sequence[str], width: int | None) -> str:
    manifest = audit.manifest
    named = "" if manifest is None else manifest_words(manifest.path, [base.path for base in audit.extends])
    chosen = f"{number:,} of {len(audit.findings):,}: {', '.join(wanted)}" if wanted else ""
    return facts(
        (
            ("Manifest", named),
            ("Store", escape(audit.store.path)),
            ("Models", f"{audit.listed:,}, {listed_by(audit.source, audit.engine)}"),
            ("Shown", chosen),
        ),
        width,
    )


def _lines(audit: Audit, shown: Sequence[Finding], look: Look, moment: int, *, paths: bool) -> Iterable[str]:
    names = [escape(finding.name) for finding in shown]
    widths = [cells(name) for name in names]
    column = name_column(widths, look.width)
    if look.width is not None:
        column = min(column, max(_LEAST_COLUMN, look.width - _BESIDE_NAME))
    places = _Places.of([escape(path_in(audit, each)) if paths else "" for each in shown], column, look.width)
    for finding, name, width, path in zip(shown, names, widths, places.paths, strict=True):
        style = _style(finding)
        named = look.paint(style.colour, f"  {style.symbol} {name}")
        middle = f"{_columns(finding, moment)}{places.beside(path)}"
        yield row(named, column - width, middle, _remark(finding), look.width) + places.beneath(path)


class _Places(NamedTuple):
    """Where paths stand.

    Attributes:
        column: cells that they take up beside the other columns; none where there is no room, so that they stand
            beneath.
    """

    paths: Sequence[str]
    column: int

    @classmethod
    def of(cls, paths: Sequence[str], names: int, width: int | None) -> _Places:
        """Find out whether there is room for paths, and for words behind them, beside names in a column so wide."""
        longest = max(map(cells, paths), default=0)
        has_room = width is None or names + _BESIDE_NAME + 2 + longest + 2 + LEAST_ROOM <= width
        return cls(paths, longest if has_room else 0)

    def beside(self, path: str) -> str:
        return f"{path}{' ' * (self.column - cells(path))}  " if self.column else ""

    def beneath(self, path: str) -> str:
        return f"\n{_DETAIL}{path}" if path and not self.column else ""


def _columns(finding: Finding, moment: int) -> str:
    size, entry, status = found_size(finding), entry_of(finding), status_of(finding)
    shown_size = "" if size is None else size_text(size)
    age = "" if entry is None else age_text((moment - entry.stamp.mtime_ns) // _NANOSECONDS)
    said = "" if status is None else f"{status.value:<{_STATUS_COLUMN}}  "
    return f"  {shown_size:>{_SIZE_COLUMN}}  {age:>{_AGE_COLUMN}}  {said}"


def _style(finding: Finding) -> Style:
    match finding:
        case Ignored():
            return _IGNORED
        case Seen():
            return _SEEN
        case _:
            return STYLES[type(finding)]


def _remark(finding: Finding) -> str:
    """Say what the status does not say by itself."""
    match finding:
        case Keep() | Remove(reason=NotListed()) | Unlisted(confirmed=True) | Seen(confirmed=True):
            return ""
        case Seen():
            return "the engine does not see it"
        case Protected(pattern=pattern) | Ignored(pattern=pattern):
            return f'by "{escape(pattern)}"'
        case _:
            return reason_words(finding)[1]


def _nothing(audit: Audit, wanted: Sequence[str]) -> str:
    if audit.findings:
        return f"No model is {' or '.join(wanted)}."
    return "The store holds no models."


def _beside_models(surroundings: Surroundings, width: int | None) -> str:
    said = (
        _invisible(surroundings.unseen),
        _kept(surroundings.kept),
        _staged(surroundings.staged),
        _own(surroundings.own),
    )
    return "\n".join(fold(line, width, indent=2) for line in said if line)


def _invisible(unseen: Unseen) -> str:
    if not (unseen.folders or unseen.files):
        return ""
    least = "" if unseen.is_whole else "at least "
    deep = (
        f" and, too deep for the engine, {counted(unseen.files, 'file')} ({size_text(unseen.size)})"
        if unseen.files
        else ""
    )
    return f"Beside the models: {least}{counted(unseen.folders, 'folder')}{deep}."


def _kept(kept: Kept) -> str:
    if not kept.is_whole:
        return "What removed models are kept cannot be read: ocrstate history"
    if not kept.models:
        return ""
    models = f"{counted(kept.models, 'removed model')} ({size_text(kept.size)} on disk)"
    if kept.restorable == kept.models:
        return f"{models} can be restored: {whole('ocrstate history')}"
    verb = "is" if kept.models == 1 else "are"
    return f"{models} {verb} kept, of which {kept.restorable:,} can be restored: {whole('ocrstate history')}"


def _staged(staged: Staged) -> str:
    if not staged.models:
        return ""
    return f"{counted(staged.models, 'model')} ({size_text(staged.size)} on disk) fetched in part or not yet used."


def _own(own: Unseen) -> str:
    if own.size < _MUCH_OF_OUR_OWN:
        return ""
    least = "" if own.is_whole else "at least "
    return f"ocrstate keeps {least}{counted(own.files, 'file')} ({size_text(own.size)}) of its own in .ocrstate/."


def _totals(audit: Audit, look: Look) -> str:
    there, disk = audit.there, audit.surroundings.disk
    counts = ", ".join(_counts(audit))
    total = f"{counted(there.models, 'model')}, {size_text(there.size)}"
    lines = [fold(f"{total}: {counts}." if counts else f"{total}.", look.width, indent=2)]
    if audit.unverified:
        are_all = audit.unverified == audit.totals[Status.LISTED].models
        lines.append(fold(f"{uncompared(audit.unverified, are_all=are_all)} (--verify does).", look.width, indent=2))
    if disk is not None:
        lines.append(fold(f"Disk: {size_text(disk.free)} free of {size_text(disk.total)}.", look.width, indent=2))
    return "\n".join(lines)


def _counts(audit: Audit) -> Iterable[str]:
    for status, total in audit.totals.items():
        if total.models:
            size = "" if status is Status.MISSING else f" ({size_text(total.size)})"
            yield f"{total.models:,} {status.value}{size}"

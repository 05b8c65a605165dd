"""Journals as somebody with an editor could have left them: other words, and the checksum that goes with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Records = list[dict[str, Any]]

LONG_AGO = "2020-01-01T00:00:00Z"


def records_of(journal: Path) -> Records:
    return [json.loads(line[9:]) for line in journal.read_bytes().splitlines()]


def written(*texts: bytes) -> bytes:
    return b"".join(b"%08x %s\n" % (crc32(text), text) for text in texts)


def forge_journal(journal: Path, change: Callable[[Records], object]) -> None:
    """Let a journal say something else."""
    records = records_of(journal)
    change(records)
    journal.write_bytes(written(*(json.dumps(each).encode() for each in records)))


def expire(journal: Path) -> None:
    """Let the time be up for which a run keeps what it removed."""
    forge_journal(journal, lambda records: records[0].update(keep_until=LONG_AGO))

"""From the bytes of a manifest to its text."""

from __future__ import annotations

import codecs

from ocrstate.manifest.problems import Finding
from ocrstate.manifest.source_text import SourceText

_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class BrokenTextError(Exception):
    """The bytes are no YAML document.

    Attributes:
        source: the text as far as it could be read.
        findings: what is wrong with it.
    """

    def __init__(self, source: SourceText, *findings: Finding) -> None:
        super().__init__(findings[-1].message)
        self.source = source
        self.findings = findings


def decode(data: bytes) -> SourceText:
    """Read the bytes as UTF-8, with or without a byte order mark.

    Raises:
        BrokenTextError: they are in another encoding, or binary.
    """
    for mark, encoding in _WIDE_MARKS:
        if data.startswith(mark):
            raise _broken(b"", "encoding", f"the file is {encoding}; save it as UTF-8")
    if b"\0" in data:
        before = data[: data.index(b"\0")]
        raise _broken(before, "encoding", "the file holds a NUL byte: it is binary or UTF-16; save it as UTF-8 text")
    try:
        return SourceText(data.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        # Counted anew: the decoder did not see the byte order mark.
        start = error.start + len(data) - len(error.object)
        message = f"byte {start + 1} of the file (0x{data[start]:02x}) is not UTF-8; save the file as UTF-8"
        raise _broken(data[:start], "encoding", message) from None


def _broken(before: bytes, code: str, message: str) -> BrokenTextError:
    source = SourceText(before.removeprefix(codecs.BOM_UTF8).decode(errors="replace"))
    return BrokenTextError(source, Finding(len(source.text), code, message))

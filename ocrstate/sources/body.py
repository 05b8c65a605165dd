"""What all readers of sources share: where a download goes on, what comes, and how it fails. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Resume(NamedTuple):
    """What is already there of a file.

    Attributes:
        start: how many bytes.
        validator: what told the file's state when they came, in the source's own words; `None` where it had none.
        total: the length of the whole file, where it was known.
    """

    start: int = 0
    validator: str | None = None
    total: int | None = None


class Body(ABC):
    """The bytes of a source, from some place on to its end; closed when left as a context.

    Attributes:
        start: where they really begin: where it was asked for, or 0.
        total: the length of the whole file, where the source tells.
        validator: what tells the file's state, in the source's own words; `None` where nothing does.
    """

    def __init__(self, start: int, total: int | None, validator: str | None) -> None:
        self.start = start
        self.total = total
        self.validator = validator

    def __enter__(self) -> Body:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes once.

        Raises:
            SourceError: no more of them come, though they should.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the file or the connection."""


class SourceError(Exception):
    """A source does not give the file.

    Attributes:
        words: what happened, for a person; holds no address, and nothing secret.
    """

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class TemporaryError(SourceError):
    """It may give it a little later.

    Attributes:
        retry_after: seconds that it asks to wait, if it does.
    """

    def __init__(self, words: str, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.retry_after = retry_after


class RefusedError(SourceError):
    """It will not give it until somebody mends something.

    Attributes:
        code: stable, for machines: ``source-missing``, ``source-denied`` or ``source-refused``.
        hint: what to mend.
    """

    def __init__(self, code: str, words: str, hint: str) -> None:
        super().__init__(words)
        self.code = code
        self.hint = hint


def is_same_file(resume: Resume, total: int | None, validator: str | None) -> bool:
    """Tell whether what is there can be a part of the file that a source has now, as far as it tells."""
    has_same_length = resume.total is None or total is None or resume.total == total
    has_same_state = resume.validator is None or validator is None or resume.validator == validator
    return has_same_length and has_same_state and (total is None or resume.start <= total)

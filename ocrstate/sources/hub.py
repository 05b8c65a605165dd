"""Files in model repositories of the Hugging Face hub, as sources.

The hub's own library finds the file, and knows the user's token; the bytes come over plain HTTP like those of any web
server. Its other way, hf-xet, writes files by itself, in threads of its own, and cannot go on with ours; the hub
serves all files over plain HTTP as well.
"""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from ocrstate import __version__
from ocrstate.sources.body import Body, RefusedError, Resume, SourceError, TemporaryError, is_same_file
from ocrstate.sources.failures import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huggingface_hub import HfFileMetadata

    from ocrstate.sources.model import HubFile
    from ocrstate.sources.web import Web, WebBody

_LOGIN: Final = "put a token that may read it into HF_TOKEN, or run `hf auth login`"
_GATE: Final = f"accept its conditions on the hub, and {_LOGIN}"
_DENIED: Final = (401, 403)
_TOO_MANY: Final = 429
_SERVER_FAILS: Final = 500
_preparing = Lock()
_prepared: WeakSet[Web] = WeakSet()


class HubBody(Body):
    """A file of the hub, as the commit has it that its revision stood for."""

    def __init__(self, body: WebBody, found: HfFileMetadata) -> None:
        super().__init__(body.start, body.total or found.size, found.etag)
        self._body = body

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes once.

        Raises:
            TemporaryError: the connection was lost, or stalled.
        """
        return self._body.chunks()

    def close(self) -> None:
        """Close the connection, unless it can be used again."""
        self._body.close()


def open_hub(web: Web, source: HubFile, resume: Resume) -> Body:
    """Ask the hub for a file, from where an earlier download ended.

    Raises:
        SourceError: the hub does not give it.
    """
    import huggingface_hub as hub  # noqa: PLC0415 - takes a while, and most runs need none
    from huggingface_hub import utils  # noqa: PLC0415 - likewise

    if hub.is_offline_mode():
        hint = "remove HF_HUB_OFFLINE from the environment"
        raise RefusedError("source-refused", "HF_HUB_OFFLINE forbids to ask the hub", hint)
    _prepare(web)
    found = _find(source)
    goes_on = found.etag is not None and resume.validator == found.etag
    kept = Resume(resume.start) if goes_on and is_same_file(resume, found.size, found.etag) else Resume()
    build_headers = utils.build_hf_headers  # type: ignore[attr-defined] # its documentation names it there
    headers = build_headers(library_name="ocrstate", library_version=__version__)
    url = hub.hf_hub_url(source.repo, source.path, revision=found.commit_hash or source.revision)
    return HubBody(web.open_url(url, headers, kept), found)


def _prepare(web: Web) -> None:
    """Let the hub's library use our client, say nothing by itself, and ask the hub for nothing but the file."""
    import huggingface_hub as hub  # noqa: PLC0415 - see above

    with _preparing:
        if web in _prepared:  # a second time would close connections that are in use
            return
        _prepared.add(web)
        hub.set_client_factory(web.new_client)  # its own gives up late, and knows fewer variables
        hub.constants.HF_HUB_DISABLE_TELEMETRY = True
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its warnings are the server's words


def _find(source: HubFile) -> HfFileMetadata:
    import huggingface_hub as hub  # noqa: PLC0415 - see above
    from httpx2 import RequestError  # noqa: PLC0415 - see above

    try:
        url = hub.hf_hub_url(source.repo, source.path, revision=source.revision)
        return hub.get_hf_file_metadata(url, library_name="ocrstate", library_version=__version__)
    except hub.errors.HfHubHTTPError as error:
        raise _refused(error, source) from error
    except RequestError as error:
        raise in_words(error) from error
    except (hub.errors.HFValidationError, hub.errors.LocalTokenNotFoundError, ValueError) as error:
        raise RefusedError("source-refused", "the hub cannot be asked for it", "correct the source") from error


def _refused(error: Exception, source: HubFile) -> SourceError:
    from huggingface_hub import errors  # noqa: PLC0415 - see above

    match error:
        case errors.GatedRepoError():
            return RefusedError("source-denied", f"the repository {source.repo} is gated", _GATE)
        case errors.RepositoryNotFoundError():
            words = f"the hub has no repository {source.repo}, or does not show it to you"
            return RefusedError("source-missing", words, f"correct the source; if the repository is private, {_LOGIN}")
        case errors.RevisionNotFoundError():
            words = f"the repository {source.repo} has no revision {source.revision}"
            return RefusedError("source-missing", words, "correct the revision: a branch, a tag or a commit")
        case errors.EntryNotFoundError():
            words = f"the repository {source.repo} has no file {source.path} in revision {source.revision}"
            return RefusedError("source-missing", words, "correct the path in the source")
        case errors.DisabledRepoError():
            words = f"the repository {source.repo} was disabled by the hub"
            return RefusedError("source-denied", words, "get the model elsewhere")
        case errors.HfHubHTTPError():
            return _of_status(error.response.status_code)
        case _:
            return TemporaryError("the hub does not answer as it should")


def _of_status(status: int) -> SourceError:
    words = f"the hub answers {status}"
    if status in _DENIED:
        return RefusedError("source-denied", words, _LOGIN)
    if status == _TOO_MANY or status >= _SERVER_FAILS:
        return TemporaryError(words)
    return RefusedError("source-refused", words, "look at the repository in a browser")

"""What the web client says of failures, in words for people that tell nothing of addresses."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ocrstate.sources.body import RefusedError, SourceError, TemporaryError
from ocrstate.sources.trust import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2


@contextmanager
def spoken() -> Iterator[None]:
    """Turn what the web client raises into what a person can act on.

    Raises:
        SourceError: it failed.
    """
    import httpx2  # noqa: PLC0415 - takes a while, and most runs need none

    try:
        yield
    except httpx2.RequestError as error:
        raise in_words(error) from error
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise RefusedError("source-refused", "the address cannot be used", "correct the source") from error
    except (httpx2.StreamError, OSError) as error:  # the connection was taken away meanwhile
        raise TemporaryError("the connection was lost") from error


def in_words(error: httpx2.RequestError) -> SourceError:
    """Say what failed, and whether it may work later."""
    import httpx2  # noqa: PLC0415 - see above

    cause = _first_cause(error)
    match error:
        case httpx2.ConnectTimeout():
            return TemporaryError("the server does not answer")
        case httpx2.TimeoutException():
            return TemporaryError("the server stopped sending")
        case httpx2.ProxyError() if str(error).startswith("4"):
            return _refused_by_proxy(str(error)[:3])
        case httpx2.ProxyError():
            return TemporaryError("the proxy cannot reach the server")
        case httpx2.ConnectError():
            return _not_connected(cause)
        case httpx2.UnsupportedProtocol() | httpx2.LocalProtocolError():
            return RefusedError("source-refused", "the address cannot be used", "correct the source")
        case httpx2.DecodingError():
            return TemporaryError("what the server compressed cannot be read")
        case httpx2.RemoteProtocolError():
            return TemporaryError("the connection was lost")
        case _:
            words = getattr(cause, "strerror", None)
            return TemporaryError(f"the connection was lost: {words}" if words else "the connection was lost")


def _not_connected(cause: BaseException) -> SourceError:
    match cause:
        case ssl.SSLCertVerificationError():
            return RefusedError(
                "source-refused",
                f"the server's certificate is not trusted: {cause.verify_message}",
                f"if it is signed by an authority of your own, let {VARIABLES[0]} name its certificate",
            )
        case socket.gaierror():
            return TemporaryError(f"the host's name cannot be looked up: {cause.strerror}")
        case ssl.SSLError():
            return TemporaryError("no encrypted connection could be made")
        case OSError(strerror=str(words)):
            return TemporaryError(f"no connection: {words}")
        case _:
            return TemporaryError("no connection")


def _refused_by_proxy(status: str) -> RefusedError:
    hint = "put the proxy's login into HTTPS_PROXY, or name the host in NO_PROXY"
    return RefusedError("source-denied", f"the proxy answers {status}", hint)


def _first_cause(error: BaseException) -> BaseException:
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__ or error
    return error

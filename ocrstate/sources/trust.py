"""Whose certificates are believed: those of the system, or of the file or folder that the environment names."""

from __future__ import annotations

import os
import ssl
from typing import Final

from ocrstate.sources.body import RefusedError

VARIABLES: Final = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR")
"""In this order: the first one that is set counts."""


def trusted() -> ssl.SSLContext:
    """Return what decides whether a server is who it says it is.

    Raises:
        RefusedError: the environment names certificates that cannot be read.
    """
    for variable in VARIABLES:
        path = os.environ.get(variable)
        if path:
            return _only(variable, path)
    import httpx2  # noqa: PLC0415 - takes a while, and knows where systems keep theirs

    return httpx2.create_ssl_context(trust_env=False)


def _only(variable: str, path: str) -> ssl.SSLContext:
    try:
        if os.path.isdir(path):
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except OSError as error:  # an SSLError is one
        raise RefusedError(
            "source-refused",
            f"the certificates that {variable} names cannot be read",
            f"let {variable} name a file of certificates (PEM), or remove it from the environment",
        ) from error

"""The user's own credentials for hosts: ``~/.netrc``, or the file that ``NETRC`` names."""

from __future__ import annotations

import base64
import os
from netrc import NetrcParseError, netrc
from typing import NamedTuple


class Login(NamedTuple):
    """A name and a password."""

    user: str
    password: str

    @property
    def basic(self) -> str:
        """The value of an Authorization header."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")


def login_for(host: str) -> Login | None:
    """Return the login for a host; a file that is missing, not readable or broken holds none."""
    named = os.environ.get("NETRC")
    try:
        found = netrc(named or os.path.join(os.path.expanduser("~"), ".netrc")).authenticators(host)
    except (OSError, NetrcParseError, ValueError):
        return None
    return Login(found[0], found[2] or "") if found and (found[0] or found[2]) else None

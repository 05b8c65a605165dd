"""What the web servers of these tests have."""

from __future__ import annotations

from tests.servers.web import PIECE, content_of

SIZE = 10 * PIECE + 123
CONTENT = content_of(SIZE)
OTHER = content_of(SIZE, seed=1)
DATE = "Wed, 21 Oct 2026 07:28:00 GMT"
CUT = 4 * PIECE

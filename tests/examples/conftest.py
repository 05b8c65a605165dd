"""The hosts of the end-to-end tests, with `ocrstate` on the PATH."""

from __future__ import annotations

import sys

from tests.e2e.conftest import host, own_mounts, pytest_configure, pytest_runtest_setup

__all__ = ["host", "own_mounts", "pytest_configure", "pytest_runtest_setup"]

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]  # they are for Linux hosts, and apply refuses there

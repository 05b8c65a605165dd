"""The pure parts of the modules, for tests that need no playbook."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from tests.ansible.fleet import COLLECTION

if TYPE_CHECKING:
    from types import ModuleType


def module_util(name: str) -> ModuleType:
    """Import one of them, without an installed collection."""
    path = COLLECTION / "plugins" / "module_utils" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

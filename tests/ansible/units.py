"""The pure parts of the modules, for tests that need no playbook."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import yaml

from tests.ansible.fleet import COLLECTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
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


OF_ANSIBLE = {"changed", "failed", "exception", "warnings", "diff", "invocation", "skipped"}


def undocumented(module: str, results: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the keys that a module returns, and does not tell of."""
    text = (COLLECTION / "plugins" / "modules" / f"{module}.py").read_text(encoding="utf-8")
    told: dict[str, object] = yaml.safe_load(text.partition('RETURN = r"""')[2].partition('"""')[0])
    seen: set[str] = {key for result in results for key in result if not key.startswith("_")}
    return seen - OF_ANSIBLE - told.keys()

"""The order of imports is the architecture: who decides, who acts, and who may know whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "ocrstate").rglob("*.py"))
}
LAYERS = (
    *("names", "errors", "text", "signals", "watch", "sources", "manifest", "engine", "store", "digests", "runs"),
    *("writer", "authoring", "fetch", "inventory", "planning", "evidence", "applying", "doctor", "render", "saved"),
    *("work", "api", "cli"),
)
"""From the ground up: each may know those that come before it."""
SAY_THEY_ARE_PURE = {
    name
    for name, path in FILES.items()
    if not name.startswith("ocrstate.engine.")
    and "Pure" in (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")
}
MUST_BE_PURE = {
    *(
        "ocrstate",
        "ocrstate.names",
        "ocrstate.errors",
        "ocrstate.jsondata",
        "ocrstate.manifest.desired",
        "ocrstate.manifest.rules",
    ),
    *("ocrstate.digests.model", "ocrstate.fetch.wanted", "ocrstate.fetch.model", "ocrstate.sources.model"),
    *("ocrstate.inventory.model", "ocrstate.inventory.crosscheck", "ocrstate.store.absurd", "ocrstate.store.model"),
    *("ocrstate.digests.model", "ocrstate.digests.remembered"),
    *("ocrstate.applying.result", "ocrstate.applying.stale", "ocrstate.applying.proof"),
    *("ocrstate.sources.model", "ocrstate.sources.body", "ocrstate.sources.answers"),
    *("ocrstate.fetch.model", "ocrstate.fetch.notes", "ocrstate.fetch.problems"),
    *("ocrstate.runs.model", "ocrstate.runs.journal", "ocrstate.saved.plan_file", "ocrstate.saved.inventory_data"),
    *("ocrstate.saved.evidence_data", "ocrstate.evidence.diligence"),
    *(name for name in FILES if name.startswith(("ocrstate.planning.", "ocrstate.render.", "ocrstate.text."))),
}
PURE = sorted(SAY_THEY_ARE_PURE | MUST_BE_PURE)
IMPURE = {"os", "subprocess", "yaml", "sys", "time", "click", "io", "shutil", "socket", "random"}

ON_DISK = tuple(
    name.removeprefix("ocrstate.")
    for name in FILES
    if name.startswith(("ocrstate.store.", "ocrstate.digests.", "ocrstate.sources.", "ocrstate.fetch."))
    and name not in PURE
)
NOR = {
    "names": ("jsondata", "schemas"),
    "errors": ("names", "jsondata", "schemas"),
    "text": ("names", "errors", "jsondata", "schemas"),
    "signals": ("names", "text", "jsondata", "schemas"),
    "watch": ("names", "errors", "text", "signals", "jsondata", "schemas"),
    "writer": ("manifest", "engine", "digests"),
    "authoring": ("engine", "digests", "runs", "writer"),
    "inventory": ("manifest", "sources", "digests", "writer", "fetch"),
    "planning": (*ON_DISK, "writer", "engine"),
    "applying": ("manifest.load", "engine", "evidence"),
    "doctor": ("authoring", "sources", "fetch", "planning", "evidence", "writer", "manifest.load"),
    "render": (*ON_DISK, "writer", "engine"),
    "saved": ("writer", "engine", "applying"),
    "cli": ("api",),
}
"""What a layer may not know although it lies below."""

CHANGES_FILES = {
    *("chflags", "chmod", "chown", "fchmod", "fchown", "ftruncate", "lchmod", "lchown", "link", "makedirs", "mkdir"),
    *("mkfifo", "mknod", "remove", "removedirs", "removexattr", "rename", "renames", "replace", "rmdir", "setxattr"),
    *("symlink", "truncate", "unlink", "utime"),
}
WRITES = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"}
MAY_CHANGE_FILES = {
    "ocrstate.writer.folders": "with the next three, the one package that changes a store",
    "ocrstate.writer.journals": "likewise",
    "ocrstate.writer.models": "likewise",
    "ocrstate.writer.staging": "likewise",
    "ocrstate.digests.cache_file": "remembers contents in the user's cache, which is never in a store",
    "ocrstate.saved.whole": "writes saved plans and metrics where the user wants them, which is never in a store",
    "ocrstate.authoring.files": "writes a manifest where the user wants it, which is never in a store",
    "ocrstate.engine.child": "makes the engine's private folder outside of the store, and all in it, and removes it",
    "ocrstate.engine.places": "removes that folder when the child was killed",
}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


def imports(nodes: Iterator[ast.AST]) -> Iterator[str]:
    """Name all that is imported; a name that is a module of ours counts as that module."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in FILES else str(node.module)


def all_imports(module: str) -> set[str]:
    return set(imports(ast.walk(tree(module))))


def runtime_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Walk what runs when a module is imported: no functions, and no imports for the type checker alone."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        for block in ("body", "orelse", "finalbody"):
            yield from runtime_nodes(getattr(node, block, []))


def roots(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_reach_for_nothing_outside(module: str) -> None:
    assert roots(all_imports(module)) & IMPURE == set()


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_do_not_look_at_the_clock(module: str) -> None:
    asked = {node.attr for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute)}
    assert asked & {"now", "today", "utcnow"} == set()


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_know_only_pure_ones(module: str) -> None:
    ours = {name for name in imports(runtime_nodes(tree(module).body)) if name.startswith("ocrstate")}
    assert ours <= set(PURE)


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_know_only_those_below(layer: str) -> None:
    barred = (*LAYERS[LAYERS.index(layer) + 1 :], *NOR.get(layer, ()))
    above = tuple(f"ocrstate.{other}." for other in barred)
    for module in FILES:
        if f"{module}.".startswith(f"ocrstate.{layer}."):
            known = {name for name in all_imports(module) if f"{name}.".startswith(above)}
            assert known == set(), f"{module} imports what it may not know"


def test_every_module_is_in_a_layer_or_is_known_to_all() -> None:
    known_to_all = {"ocrstate", "ocrstate.__main__", "ocrstate.jsondata", "ocrstate.schemas"}
    inside = {name for name in FILES if name.split(".")[1:2] and name.split(".")[1] in LAYERS}
    assert FILES.keys() - inside == known_to_all


def test_no_modules_import_each_other() -> None:
    graph = {module: set(imports(runtime_nodes(tree(module).body))) & FILES.keys() for module in FILES}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the modules


def test_only_the_child_imports_the_engine() -> None:
    assert {module for module in FILES if "aspose" in roots(all_imports(module))} == {"ocrstate.engine.child"}


@pytest.mark.parametrize("module", FILES)
def test_only_the_writer_changes_files(module: str) -> None:
    if module not in MAY_CHANGE_FILES:
        assert sorted(set(_changes(tree(module)))) == []


def test_every_exception_to_that_is_needed() -> None:
    assert all(set(_changes(tree(module))) for module in MAY_CHANGE_FILES)


def _changes(parsed: ast.Module) -> Iterator[str]:
    """Name what could change a file; to ask whether the system has a function is not to call it."""
    asked = {id(node.left) for node in ast.walk(parsed) if isinstance(node, ast.Compare)}
    for node in ast.walk(parsed):
        match node:
            case ast.Attribute(value=ast.Name("os"), attr=name) if name in CHANGES_FILES and id(node) not in asked:
                yield f"os.{name}"
            case ast.Call(func=ast.Attribute(value=ast.Name("os"), attr="open")) if _opens_for_writing(node):
                yield ast.unparse(node)
            case ast.Call(func=ast.Name("open")) if _mode(node) & set("wax+"):
                yield ast.unparse(node)
            case ast.ImportFrom(module="pathlib", names=names) if any(alias.name == "Path" for alias in names):
                yield "pathlib.Path"
    yield from roots(set(imports(ast.walk(parsed)))) & {"shutil", "tempfile"}


def _opens_for_writing(call: ast.Call) -> bool:
    spelled = ast.unparse(call)
    return "os.devnull" not in spelled and any(flag in spelled for flag in WRITES)


def _mode(call: ast.Call) -> set[str]:
    given = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    return {letter for mode in given for letter in ast.unparse(mode).strip("'")}


def test_asking_for_the_version_imports_nothing_heavy() -> None:
    imported = imported_by("-m", "ocrstate", "--version")
    assert "ocrstate" in imported
    heavy = {"yaml", "jsonschema", "deepdiff", "rich", "filelock", "subprocess", "aspose", "asyncio"}
    heavy |= {"httpx2", "huggingface_hub", "fsspec", "ssl"}
    assert (imported - imported_by("-c", "import click")) & heavy == set()


WHERE_SOMETHING_IS_MISSING = {"json", "difflib", "ocrstate.planning.near_names"}


def test_verifying_imports_nothing_that_plans_or_asks(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "en.bin").write_bytes(b"")
    manifest = tmp_path / "models.yml"
    manifest.write_text(f"version: 1\nstore: ./store\nmodels: [{{name: en.bin, sha256: {sha256(b'').hexdigest()}}}]\n")
    imported = imported_by("-m", "ocrstate", "verify", str(manifest))
    assert imported & WHERE_SOMETHING_IS_MISSING == set()
    planned = imported_by("-m", "ocrstate", "plan", "--inventory", "directory", str(manifest))
    assert "ocrstate.planning.planner" in planned
    assert planned & WHERE_SOMETHING_IS_MISSING == set()
    assert {"ocrstate.digests.contents", "ocrstate.render.verify_text"} <= imported
    spared = {"jsonschema", "deepdiff", "rich", "ruamel.yaml", "subprocess", "asyncio", "concurrent.futures"}
    spared |= {
        "ocrstate.engine.process",
        "ocrstate.planning.planner",
        "ocrstate.planning.changes",
        "ocrstate.planning.guards",
    }
    spared |= {"ocrstate.runs.model", "ocrstate.render.plan_text"}
    assert (imported - imported_by("-c", "import platform")) & spared == set()  # it imports much in Python 3.10


def imported_by(*arguments: str) -> set[str]:
    command = [sys.executable, "-X", "importtime", *arguments]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {line.rpartition("|")[2].strip() for line in told.stderr.splitlines() if "|" in line}

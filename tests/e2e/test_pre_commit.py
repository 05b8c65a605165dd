"""The hooks for pre-commit, as a repository with manifests uses them: a commit with a wrong manifest is refused.

`.ci/package` tries the hook that installs ocrstate for itself.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.e2e.host import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.needs("git")

HOOKS = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
GOOD = "version: 1\nmodels: [en.bin]\n"
WRONG = "version: 1\nmodels:\n  - no\n"


class Repository:
    """A working copy in which pre-commit is installed, and a clone of what the hooks come from."""

    def __init__(self, folder: Path) -> None:
        self.folder, project, programs = folder / "work", folder / "project", folder / "bin"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))},
            "HOME": str(folder),
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(folder / "cache"),
            "PYTHONPATH": str(PROJECT),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **{f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        for made in (self.folder, project, programs):
            made.mkdir()
        shutil.copy(PROJECT / ".pre-commit-hooks.yaml", project)
        (programs / "ocrstate").write_text(f'#!/bin/sh\nexec {sys.executable} -m ocrstate "$@"\n')
        (programs / "ocrstate").chmod(0o755)
        for command in ("git init -q", "git add .", "git commit -qm hooks"):
            self.run(*command.split(), cwd=project)
        revision = self.run("git", "rev-parse", "HEAD", cwd=project).stdout.strip()
        hooks = [{"id": "ocrstate-validate-system"}]
        config = {"repos": [{"repo": str(project), "rev": revision, "hooks": hooks}]}
        self.writes(".pre-commit-config.yaml", yaml.safe_dump(config))
        self.run("git", "init", "-q")
        self.run(sys.executable, "-m", "pre_commit", "install")

    def run(self, *command: str, cwd: Path | None = None, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=cwd or self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done

    def writes(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text(text)

    def commit(self, *, code: int = 0) -> str:
        self.run("git", "add", ".")
        return self.run("git", "commit", "-m", "models", code=code).stdout


def test_a_commit_with_a_wrong_manifest_is_refused_and_says_where_it_is_wrong(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.writes("models.yml", GOOD)
    repository.writes("hosts/eu-models.yaml", WRONG)
    repository.writes("unrelated.yml", "a: [no]\n")
    refused = repository.commit(code=1)
    assert "check OCR model manifests (ocrstate on PATH)" in refused
    assert "\nhosts/eu-models.yaml:3:5: YAML reads no as the boolean false here; quote it" in refused
    assert "Error: 1 problem in the manifest hosts/eu-models.yaml" in refused
    assert "unrelated" not in refused
    repository.writes("hosts/eu-models.yaml", GOOD)
    assert "4 files changed" in repository.commit()


@pytest.mark.parametrize(
    ("path", "is_manifest"),
    [
        ("models.yml", True),
        ("hosts/eu/models.yaml", True),
        ("ocrstate.yml", True),
        ("host-models.yml", True),
        ("models.eu.yml", True),
        (".models.yml", True),
        ("supermodels.yml", False),
        ("models/values.yml", False),
        ("models.yml.bak", False),
        ("docker-compose.yml", False),
    ],
)
def test_files_whose_names_say_so_are_manifests(path: str, is_manifest: bool) -> None:  # noqa: FBT001 - a column
    assert {bool(re.search(hook["files"], path)) for hook in HOOKS} == {is_manifest}


def test_both_hooks_do_the_same() -> None:
    ours = [{key: hook[key] for key in ("entry", "types", "files", "description")} for hook in HOOKS]
    assert ours[0] == ours[1]
    assert [hook["language"] for hook in HOOKS] == ["python", "system"]

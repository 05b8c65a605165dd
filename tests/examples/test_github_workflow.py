"""`examples/ci/github-workflow.yml`: its steps, run in order in a repository; only GitHub is a stand-in."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ocrstate.render.markdown import MARK
from tests.e2e.host import MANIFEST, Host, models_in
from tests.examples.running import EXAMPLES, program, run
from tests.render.test_markdown import read
from tests.support.github import annotated

if TYPE_CHECKING:
    from tests.e2e.host import Ended

WORKFLOW = EXAMPLES / "ci" / "github-workflow.yml"
DOCKERFILE = EXAMPLES / "container" / "Dockerfile"
JOBS: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"] if "run" in step]
COMMENTS = "repos/you/models/issues/7/comments"
EXPRESSIONS = {
    "${{ github.token }}": "secret",
    "${{ github.event.pull_request.number }}": "7",
    "${{ vars.OCRSTATE }}": "git+https://example.com/ocrstate",
}
GH = """
printf '%s\\n' "$*" >> "$GH_LOG"
case "$*" in
  *--paginate*'github-actions[bot]'*'startswith("<!-- ocrstate plan -->")'*) cat "$GH_LOG.ids" ;;
  *body=@comment.md*) cp comment.md "$GH_LOG.comment"; echo 4711 > "$GH_LOG.ids" ;;
  *) exit 1 ;;
esac
"""


@dataclass(frozen=True)
class Repository:
    """A checkout on the host's own runner."""

    host: Host
    folder: Path

    @property
    def log(self) -> Path:
        return self.host.outside / "gh"

    def lists(self, *models: object) -> Repository:
        text = yaml.safe_dump({"version": 1, "store": str(self.host.store), "models": models})
        (self.folder / MANIFEST).write_text(text)
        return self

    def job(self, name: str) -> dict[str, Ended]:
        """Run a job's steps as GitHub does: those after one that failed only if they say so."""
        ended: dict[str, Ended] = {}
        subprocess.run(["git", "clean", "-qfd"], cwd=self.folder, check=True)  # as actions/checkout does
        for step in JOBS[name]["steps"]:
            failed = any(each.code for each in ended.values())
            if "run" in step and (not failed or "cancelled" in step.get("if", "")):
                ended[step["name"]] = self.step(step)
        return ended

    def step(self, step: dict[str, Any]) -> Ended:
        script = self.host.outside / "step.sh"
        script.write_text(step["run"])
        env = {name: EXPRESSIONS.get(value, value) for name, value in step.get("env", {}).items()}
        ours = {
            "PLANS": str(self.host.outside / "plans"),
            "GITHUB_REPOSITORY": "you/models",
            "GITHUB_WORKSPACE": str(self.folder),
            "GITHUB_STEP_SUMMARY": str(self.host.outside / "summary"),
            "GH_LOG": str(self.log),
        }
        shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(script))
        return run(self.host, *shell, env={**ours, **env}, cwd=self.folder)

    def calls(self) -> list[str]:
        calls = self.log.read_text().splitlines()
        self.log.unlink()
        return calls

    @property
    def comment(self) -> str:
        return Path(f"{self.log}.comment").read_text()


@pytest.fixture
def repository(host: Host) -> Repository:
    folder = host.app.parent / "checkout"
    folder.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    program(host, "gh", GH)
    program(host, "pip", 'echo "$@"')
    made = Repository(host, folder)
    Path(f"{made.log}.ids").touch()
    host.has("en.bin", "old.bin")
    made.lists("en.bin")
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    return made


def test_github_knows_every_key() -> None:
    checker = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows")
    told = subprocess.run([*checker, WORKFLOW], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step["name"])
def test_steps_are_sound_shell_into_which_github_puts_nothing(step: dict[str, Any], tmp_path: Path) -> None:
    assert "${{" not in step["run"]
    script = tmp_path / "step.sh"
    script.write_text(f"#!/usr/bin/env bash\n{step['run']}")
    shellcheck = Path(sys.executable).with_name("shellcheck")
    told = subprocess.run([shellcheck, script], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "")


def test_what_runs_on_the_host_comes_from_no_fork() -> None:
    for name, job in JOBS.items():
        if "self-hosted" in job["runs-on"]:
            assert "head.repo.full_name == github.repository" in job["if"] or "== 'push'" in job["if"], name


def test_a_pull_request_shows_its_plan_and_merging_it_does_that(repository: Repository) -> None:
    host = repository.host
    before = models_in(host.store)
    validated = repository.job("validate")
    assert validated["Install"].out == "install git+https://example.com/ocrstate\n"
    assert validated["Validate"].out == f"Valid, 1 model: {MANIFEST}\n"
    ended = repository.job("plan")
    assert [each.code for each in ended.values()] == [0, 0]
    assert [each.level for each in annotated(ended["Plan"].out)] == ["notice"]
    assert repository.comment.startswith(f"{MARK}\n**ocrstate plan**: 0 to fetch, 0 to replace, 1 to remove (")
    assert (host.outside / "summary").read_text() == repository.comment
    assert [row[1] for row in read(repository.comment).cells] == ["old.bin"]
    assert models_in(host.store) == before

    applied = repository.job("apply")["Apply the plan that was reviewed"]
    assert (applied.code, applied.err) == (0, "")
    assert set(models_in(host.store)) == {"en.bin"}
    assert host.quarantined() == ["old.bin"]


def test_the_comment_is_replaced_and_not_repeated(repository: Repository) -> None:
    repository.job("plan")
    first = repository.calls()
    assert f"api --method POST {COMMENTS} --field body=@comment.md --silent" in first
    refused = repository.lists("en.bin", "gone.bin").job("plan")
    assert [each.code for each in refused.values()] == [3, 0], "what apply would refuse is no plan to merge"
    second = repository.calls()
    assert "api --method PATCH repos/you/models/issues/comments/4711 --field body=@comment.md --silent" in second
    assert not [call for call in second if "POST" in call]
    assert "1 missing" in repository.comment


def test_a_wrong_manifest_is_annotated_at_its_line(repository: Repository) -> None:
    (repository.folder / MANIFEST).write_text("version: 1\nmodels:\n  - no\n")
    ended = repository.job("validate")["Validate"]
    assert ended.code == 1
    (found,) = annotated(ended.out)
    assert (found.level, found.properties["file"], found.properties["line"]) == ("error", MANIFEST, "3")


def test_a_plan_that_fails_is_said_in_the_comment_too(repository: Repository) -> None:
    shutil.rmtree(repository.host.store)
    ended = repository.job("plan")
    assert [each.code for each in ended.values()] == [1, 0]
    assert repository.comment.startswith(f"{MARK}\n**ocrstate plan**: an error, and no plan.\n")


@pytest.mark.parametrize("happened", ["another manifest", "another model", "no plan", "twice"])
def test_what_was_not_reviewed_is_not_applied(repository: Repository, happened: str) -> None:
    host = repository.host
    repository.job("plan")
    match happened:
        case "another manifest":
            repository.lists()
        case "another model":
            host.has("old.bin", size=7)
        case "no plan":
            shutil.rmtree(host.outside / "plans")
        case _:
            assert repository.job("apply")["Apply the plan that was reviewed"].code == 0
    before = models_in(host.store)
    ended = repository.job("apply")["Apply the plan that was reviewed"]
    assert ended.code == 3
    assert [each.level for each in annotated(ended.out)] == ["error"]
    assert models_in(host.store) == before


@pytest.mark.parametrize("file", [WORKFLOW, DOCKERFILE])
def test_nothing_is_installed_that_was_not_named(file: Path) -> None:
    installing = [line for line in file.read_text().splitlines() if "pip install" in line]
    assert installing
    assert all("${OCRSTATE:?" in line for line in installing)


def test_the_saved_plan_lies_outside_of_the_checkout(repository: Repository) -> None:
    repository.job("plan")
    (plan,) = (repository.host.outside / "plans").iterdir()
    assert json.loads(plan.read_text())["manifest"]["path"] == str(repository.folder / MANIFEST)

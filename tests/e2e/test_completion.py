"""Completion, as a person at a real shell meets it, and as the shell asks for it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete

from ocrstate.cli.main import group
from tests.e2e.host import MANIFEST, Host, end_of
from tests.e2e.shells import SHELLS, TAB, shell
from tests.e2e.stories import NAMES, after_a_run, full_of_models

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import click

    from tests.e2e.host import Ended

pytestmark = pytest.mark.without_engine

ODD = (
    *("base model.bin", "it's.bin", 'say "hi".bin', "$(touch canary).bin", "`touch canary`.bin", "$HOME.bin"),
    *("!!.bin", "*.bin", "[ab].bin", "{a,b}.bin", "~root.bin", "#no.bin", "a;touch canary;.bin", "col:on:.bin"),
    *("<&|>.bin", "é\u0301 模型.bin", "x=y.bin", "a,b,.bin", "sub folder/mo del.bin", "  .bin", "back\\slash"),
)


def needs(name: str) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")


def offered(host: Host, line: str, *options: str, replaced: str | None = None) -> list[str]:
    """Return what bash is told for the end of a line, as values with what kind they are of."""
    word = line.rpartition(" ")[2] if replaced is None else replaced
    ended = asked(host, [f"ocrstate {line}", word], *options)
    assert (ended.code, ended.err) == (0, "")
    return ended.out.splitlines()


def asked(host: Host, said: Sequence[str], shell: str = "bash") -> Ended:
    host.defaults = ()
    ours, theirs = os.pipe()
    os.write(theirs, b"".join(each.encode("utf-8", "surrogateescape") + b"\0" for each in said))
    os.close(theirs)
    with host.running(stdin=ours, env={"_OCRSTATE_COMPLETE": shell}) as process:
        os.close(ours)
        return end_of(process)


@pytest.mark.parametrize("name", SHELLS)
def test_what_tab_puts_on_the_line_is_the_very_name(host: Host, name: str) -> None:
    needs(name)
    nameable = [each for each in ODD if "\\" not in each]
    if name != "bash":
        nameable = nameable[:10]  # these shells quote names themselves
    host.has(*ODD).lists(*nameable)
    with shell(name, host) as person:
        for model in nameable:
            start = model[: 2 if model[1] != "'" else 1]
            unquoted = "".join(f"\\{each}" if each in " '\"$`!*[]{}~#;:<>&|(" else each for each in start)
            assert person.hears(f"ocrstate lock {MANIFEST} {unquoted}{TAB}") == ["lock", MANIFEST, model]
    assert not (host.app / "canary").exists()


@pytest.mark.parametrize("name", SHELLS)
@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_quote_that_is_open_is_closed(host: Host, name: str, quote: str) -> None:
    needs(name)
    host.lists("base model.bin", "cost $5.bin", "col:on x.bin")
    with shell(name, host) as person:
        for typed, model in (("base m", "base model.bin"), ("cost ", "cost $5.bin"), ("col:o", "col:on x.bin")):
            assert person.hears(f"ocrstate lock {MANIFEST} {quote}{typed}{TAB}") == ["lock", MANIFEST, model]


@pytest.mark.parametrize("name", SHELLS)
def test_each_kind_of_word_is_completed(host: Host, name: str) -> None:
    needs(name)
    host.has("en.bin", "col:on.bin").lists("en.bin", "col:on.bin", store="./Aspose.AI.LLM/models")
    (host.app / "my conf" / "deep").mkdir(parents=True)
    (host.app / MANIFEST).rename(host.app / "my conf" / "ocr.yml")
    manifest = "my\\ conf/ocr.yml"
    cases = {
        f"ocrstate pl{TAB}{manifest}": ["plan", "my conf/ocr.yml"],
        f"ocrstate plan my{TAB}o{TAB}": ["plan", "my conf/ocr.yml"],
        f"ocrstate -C my{TAB} plan oc{TAB}": ["-C", "my conf/", "plan", "ocr.yml"],
        f"ocrstate plan --detailed-e{TAB}{manifest}": ["plan", "--detailed-exitcode", "my conf/ocr.yml"],
        f"ocrstate plan --color al{TAB}{manifest}": ["plan", "--color", "always", "my conf/ocr.yml"],
        f"ocrstate plan --color=al{TAB}{manifest}": ["plan", "--color=always", "my conf/ocr.yml"],
        f"ocrstate plan --store=my{TAB}d{TAB} x": ["plan", "--store=my conf/deep/", "x"],
        f"ocrstate schema manif{TAB}": ["schema", "manifest"],
        f"ocrstate lock {manifest} col:{TAB}": ["lock", "my conf/ocr.yml", "col:on.bin"],
        f"ocrstate lock {manifest} col:on{TAB}": ["lock", "my conf/ocr.yml", "col:on.bin"],
    }
    with shell(name, host) as person:
        assert {keys: person.hears(keys) for keys in cases} == cases


def test_bash_leaves_paths_with_a_tilde_and_redirections_to_itself(host: Host) -> None:
    (host.outside / "ocr.yml").touch()
    (host.app / "plain.txt").touch()
    with shell("bash", host) as person:
        assert person.hears(f"ocrstate plan ~/oc{TAB}") == ["plan", str(host.outside / "ocr.yml")]
        assert person.hears(f"ocrstate plan x 2> /dev/null < pl{TAB}") == ["plan", "x"]
        assert person.hears(f"true; FOO=1 ocrstate pl{TAB}x") == ["plan", "x"]
        assert person.hears(f"ocrstate lock nowhere.yml x{TAB}y") == ["lock", "nowhere.yml", "xy"]


@pytest.mark.parametrize("name", SHELLS)
def test_the_script_is_one_that_the_shell_accepts(host: Host, name: str) -> None:
    needs(name)
    host.defaults = ()
    script = host.run("completion", name)
    assert script.code == 0
    (host.app / "script").write_text(script.out)
    checked = subprocess.run([name, "-n", "script"], cwd=host.app, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_names_come_from_where_the_command_would_look(host: Host) -> None:
    host.has("stored.bin", "notes/deep.bin", ".ocrstate/history/x").lists("listed.bin", "-rf.bin")
    assert offered(host, f"lock {MANIFEST} ") == ["plain,listed.bin"]
    assert offered(host, f"lock {MANIFEST} li") == ["plain,listed.bin"]
    assert offered(host, f"lock {MANIFEST} listed.bin ") == []
    assert offered(host, f"lock {MANIFEST} x") == []
    assert offered(host, f"lock {MANIFEST} -r") == []
    assert offered(host, f"lock {MANIFEST} -- -r") == ["plain,-rf.bin"]
    assert offered(host, f"-C {host.app} lock {MANIFEST} ") == ["plain,listed.bin"]
    assert offered(host, f"lock -C {host.outside} {MANIFEST} ") == []


def test_runs_and_what_they_keep(host: Host) -> None:
    full = after_a_run(full_of_models(host))
    (run_id,) = [run["run_id"] for run in full.runs()]
    kept = [each.removeprefix("plain,") for each in offered(full, "restore ")]
    assert kept[-1] == run_id
    assert kept[:-1] == sorted(NAMES)
    assert offered(full, f"restore {run_id} ") == [f"plain,{each}" for each in kept[:-1]]
    for command in ("history", "purge", "restore"):
        assert offered(full, f"{command} 2") == [f"plain,{run_id}"]
    with_manifest = offered(full, f"history --manifest {MANIFEST} --store {full.store} ")
    assert with_manifest == [f"plain,{run_id}"]
    described = asked(full, ["ocrstate", "history", ""], "fish").out
    assert described == f"plain,{run_id}\t3 models restorable\n"


@pytest.mark.parametrize(
    "line",
    ["lock models.yml ", "lock broken.yml ", "lock nowhere.yml ", "lock pipe ", "history ", "restore "],
)
def test_whatever_is_wrong_nothing_is_said(host: Host, line: str) -> None:
    (host.app / "broken.yml").write_text("version: [")
    (host.app / MANIFEST).write_text("version: 1\nmodels: [1]\n")
    os.mkfifo(host.app / "pipe")
    host.store.rmdir()
    assert offered(host, line) == []


@pytest.mark.parametrize("said", [[], ["x"], ["ocrstate 'a", "b"], ["\udcff", "\udcff"]])
@pytest.mark.parametrize("name", ["bash", "fish", "bash_source"])
def test_a_shell_that_asks_nonsense_is_told_nothing(host: Host, name: str, said: list[str]) -> None:
    ended = asked(host, said, name)
    assert (ended.code, ended.err) == (0, "")


def test_names_that_no_terminal_shows_are_not_offered(host: Host) -> None:
    (host.app / "a\nb.yml").touch()
    (host.app / "a\x1b[2J.yml").touch()
    (host.app / "ab\u202e.yml").touch()
    with open(os.path.join(os.fsencode(host.app), b"a\xff.yml"), "wb"):
        assert offered(host, "plan a") == []


@pytest.mark.parametrize(
    ("words", "incomplete", "names"),
    [
        (["lock", "{manifest}"], "", ["both.bin", "listed.bin"]),
        (["path", "--manifest", "{manifest}"], "", ["both.bin", "notes/deep.bin", "stored.bin"]),
        (["path", "--manifest", "{manifest}"], "n", ["notes/deep.bin"]),
        (["why", "{manifest}"], "", ["both.bin", "listed.bin", "notes/deep.bin", "stored.bin"]),
        (["why", "{manifest}"], "s", ["stored.bin"]),
    ],
    ids=str,
)
@pytest.mark.parametrize("way", ["by the manifest", "by an option", "by an option of the group", "by the folder"])
def test_names_for_any_command(  # noqa: PLR0913, PLR0917 - a table with three columns, and what each test has
    host: Host, monkeypatch: pytest.MonkeyPatch, words: list[str], incomplete: str, names: list[str], way: str
) -> None:
    host.has("stored.bin", "both.bin", "notes/deep.bin", "notes/deeper/no.bin", "-rf", ".ocrstate/history/x")
    where = {"store": str(host.store)} if way == "by the manifest" else {}
    host.lists("listed.bin", "both.bin", **where)
    options = [] if way.startswith("by the") else ["--store", str(host.store)]
    before, behind = (options, []) if way.endswith("group") else ([], options)
    monkeypatch.chdir(host.outside)
    there = ["-C", str(host.app)] if way == "by the folder" else []
    manifest = MANIFEST if there else str(host.app / MANIFEST)
    line = [*before, *there, *(word.format(manifest=manifest) for word in words), *behind]
    items = ShellComplete(group, {}, "ocrstate", "").get_completions(line, incomplete)
    assert [item.value for item in items if item.value not in (MANIFEST, "Aspose.AI.LLM/")] == names


def test_why_takes_manifests_and_then_a_name_too(host: Host) -> None:
    host.has("stored.bin").lists("listed.bin")
    (host.app / "base.yml").write_text("version: 1\nmodels: [based.bin]\n")
    manifests = ["part,Aspose.AI.LLM/", "plain,base.yml", f"plain,{MANIFEST}"]
    assert offered(host, "why ") == manifests
    assert offered(host, f"why {MANIFEST} ") == ["plain,listed.bin", "plain,stored.bin", *manifests]
    assert offered(host, f"why base.yml {MANIFEST} b") == ["plain,based.bin", "plain,base.yml"]
    assert offered(host, f"why {MANIFEST} x") == []
    assert offered(host, "doctor ") == manifests


def test_statuses_are_offered_one_behind_the_other(host: Host) -> None:
    assert offered(host, "list --status ")[:2] == ["plain,listed", "plain,ignored"]
    assert offered(host, "list --status=un") == ["plain,--status=unlisted"]
    assert offered(host, "list --status unlisted,dr") == ["plain,unlisted,drifted"]
    assert offered(host, "list --status unlisted,un") == []


_COMPLETED = {"MANIFEST", "NAME", "FILE", "DIR", "RUN", "PLAN", "STATUS", "OLD", "NEW"}


def test_whatever_names_something_that_is_there_is_completed() -> None:
    def bare(command: click.Command, path: str) -> Iterator[str]:
        for parameter in command.params:
            named = set(re.findall("[A-Z]+", parameter.metavar or ""))
            if named & _COMPLETED and parameter._custom_shell_complete is None:  # noqa: SLF001 - click shows it nowhere
                yield f"{path} {parameter.metavar}"
        for name, each in getattr(command, "commands", {}).items():
            yield from bare(each, f"{path} {name}")

    assert list(bare(group, "ocrstate")) == []


def test_the_variable_alone_never_keeps_a_command_from_its_work(host: Host) -> None:
    host.has("en.bin").lists("de.bin")
    assert host.check(env={"_OCRSTATE_COMPLETE": "bash"}).code == 2


def test_of_very_many_names_some_are_offered_and_what_all_begin_with_stays_true(host: Host) -> None:
    host.lists(*(f"m{number:04}.bin" for number in range(3000)), "mz.bin")
    names = offered(host, f"lock {MANIFEST} ")
    assert (len(names), names[0], names[-1]) == (1000, "plain,m0000.bin", "plain,mz.bin")


def test_no_engine_is_started_and_nobody_waits_long(host: Host) -> None:
    host.has(*(f"{number}.bin" for number in range(1000)), size=0).lists("en.bin")
    stood_in = host.outside / "aspose"
    (stood_in / "ocr").mkdir(parents=True)
    for module in (stood_in / "__init__.py", stood_in / "ocr" / "__init__.py"):
        module.write_text("open('started', 'w')")
    host.environment["PYTHONPATH"] += f"{os.pathsep}{host.outside}"
    start = time.monotonic()
    assert offered(host, f"lock {MANIFEST} e") == ["plain,en.bin"]
    assert time.monotonic() - start < 2  # 0.1 s on a machine that has nothing else to do
    assert not (host.app / "started").exists()

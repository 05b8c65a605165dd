"""Whatever is in a name, a pattern, a link's target or a path: it never reaches the output raw."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocrstate.applying.result import Ended, HeldOpen, Outcome, OutcomeStatus, Purge, Recovered, Result, RunStatus
from ocrstate.digests.model import Unreadable
from ocrstate.inventory.model import BlindEngine, EngineFacts, OnlyInEngine, OnlyInFolder, UnfinishedRuns, Unnameable
from ocrstate.manifest.desired import DesiredModel, Policy
from ocrstate.manifest.problems import Problem
from ocrstate.names import is_decodable
from ocrstate.planning.audit import Audit, Ignored, Seen, Selection, Surroundings
from ocrstate.planning.evidence import Evidence, Supply
from ocrstate.planning.guards import Consent, RemovesManifest, refusals
from ocrstate.planning.planner import plan
from ocrstate.render.documents import error_document, plan_document, result_document, validation_document
from ocrstate.render.history_text import render_history, render_purges, render_run
from ocrstate.render.list_document import list_document, path_document
from ocrstate.render.list_text import render_list
from ocrstate.render.look import Detail, Look
from ocrstate.render.paint import Paint
from ocrstate.render.plan_text import render_plan
from ocrstate.render.refusal_words import refusal_words
from ocrstate.render.result_text import recovered_line, render_result
from ocrstate.render.run_documents import history_document, purge_document, recovery_document
from ocrstate.render.spelling import Document, Json, to_text
from ocrstate.render.warning_words import warning_words
from ocrstate.render.words import reason_words
from ocrstate.runs.model import ManifestRef, RunState, UnfinishedRun, Who
from ocrstate.store.model import Folder, Kind, Unseen
from tests.support.manifests import desired_of
from tests.support.runs import KEEP_UNTIL, KEPT, RUN, STARTED, begun_of, past_of
from tests.support.stores import DEVICE, STORE, entry, folder_link, inventory_of, scan_of, stamp

if TYPE_CHECKING:
    from ocrstate.planning.model import Plan
    from ocrstate.runs.kept import PastRun

HOSTILE = (
    *("a\nb", "\x1b[31m", "\u202egnp", "a\\b", "-rf", "a ", "\udcff\udcfe", "\ud800", "\udfff", "😀", "模型"),
    *("\x07", "\r", "\x9b31m", "\u2028", "\u200f", "e\u0301", "\ufeff", "'\"`$(x)", "{}", "%s", "[red]"),
)
names = st.one_of(
    st.sampled_from(HOSTILE),
    st.binary(min_size=1, max_size=9).map(lambda name: name.decode("utf-8", "surrogateescape")),
    st.text(min_size=1, max_size=9),
).map(lambda name: name.replace("/", "_"))
NOT_FROM_DISK = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")  # surrogates that do not stand for a byte
NO_MORE = Unseen(0, 0, 0, is_whole=True)
COLOURS = re.compile(r"\x1b\[(?:0|1|31|32|33)m")


def plan_of(name: str) -> Plan:
    """Make a plan that shows the name in every place that has one."""
    desired = desired_of(
        *(f"missing{name}", f"fine{name}"),
        DesiredModel(f"drifted{name}", 1, size=3, sha256="0" * 64),
        DesiredModel(f"fetched{name}", 1, source=name),
        DesiredModel(f"replaced{name}", 1, size=3, source=name),
        DesiredModel(f"unread{name}", 1, sha256="0" * 64),
        DesiredModel(f"hindered{name}/x", 1, source=name),
        protect=[f"protected{_literal(name)}"],
        absent=[f"absent{_literal(name)}"],
        policy=Policy(retain=1),
        path=f"/etc/{name}",
    )
    scan = scan_of(
        *(
            f"{prefix}{name}"
            for prefix in ("", "fine", "drifted", "protected", "absent", "missin", "replaced", "unread")
        ),
        f"hindered{name}",
        f"{name}/in folder",
        entry(f"pipe{name}", Kind.FIFO),
        entry(f"mounted{name}"),
        entry(f"elsewhere{name}", of=stamp(device=9)),
        folders=[Folder(name, DEVICE, 3, has_folders=False)],
        links=[folder_link(f"link{name}", name, [name]), folder_link(f"held{name}", name, [name, f"protected{name}"])],
        mounts=[f"mounted{name}"],
    )
    warnings = (
        *(BlindEngine("1", 2), OnlyInFolder((name,)), OnlyInEngine((name,)), Unnameable((name,))),
        UnfinishedRuns((UnfinishedRun(RUN, past_run_of(name).log.begun, RunState.MOVING, 1, at_work=False),)),
    )
    supply = Supply(name, is_remote=True, problem=name)
    evidence = Evidence(
        {f"unread{name}": Unreadable(name)},
        {f"{prefix}{name}": supply for prefix in ("fetched", "replaced")} | {f"hindered{name}/x": supply},
        free=0,
    )
    made = plan(desired, inventory_of(scan, warnings=warnings, unconfirmed=[f"fine{name}"]), evidence)
    return replace(made, store=replace(STORE, path=f"/srv/{name}"), engine=EngineFacts("p", "1", name))


def audit_of(name: str) -> Audit:
    """Make an audit that shows the name in every place that has one."""
    made = plan_of(name)
    seen = (Seen(f"seen{name}", entry("seen"), confirmed=False), Ignored(f"ignored{name}", entry("ignored"), name))
    return Audit(
        store=made.store,
        manifest=ManifestRef(made.manifest_path, "0" * 64),
        extends=(ManifestRef(f"/srv/{name}", "0" * 64),),
        engine=made.engine,
        source=made.source,
        listed=made.listed,
        warnings=made.inventory_warnings,
        findings=(*made.changes, *seen),
        surroundings=Surroundings(None, NO_MORE, NO_MORE),
    )


def _literal(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)


def result_of(name: str) -> Result:
    """Make a result that shows the name in every place that has one."""
    held_open = (HeldOpen(1, name),)
    return Result(
        RUN,
        RunStatus.SUCCESS,
        f"/srv/{name}",
        tuple(Outcome(name, status, held_open=held_open, cause=name) for status in OutcomeStatus),
        (name,),
        remaining=plan_of(name).changes,
        recovered=(recovered_of(name),),
        purged=(purge_of(name),),
        new_since=(name,),
    )


def recovered_of(name: str) -> Recovered:
    return Recovered(RUN, Ended.UNDONE, STARTED, 1, (name,))


def purge_of(name: str) -> Purge:
    return Purge(RUN, 1, 1, ((name, name),))


def past_run_of(name: str) -> PastRun:
    who, manifest = Who(1, name, name, STARTED, name), ManifestRef(f"/etc/{name}", "0" * 64)
    begun = begun_of(name, f"sub/{name}", keep_until=KEEP_UNTIL, who=who, manifest=manifest)
    return past_of(begun, *KEPT, restorable=[name])


def assert_harmless(text: str) -> None:
    assert COLOURS.sub("", text).replace("\n", "").isprintable()


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_every_kind_of_line_is_in_the_plan_that_is_tested(name: str) -> None:
    summary = plan_of(name).summary
    assert all((summary.keep, summary.missing, summary.drifted, summary.protected, summary.blocked))
    assert bool(summary.remove) is is_decodable(name)


@settings(deadline=None)
@given(names, st.sampled_from(Detail), st.booleans(), st.sampled_from((20, 60, 80, 200, None)))
def test_a_plan_as_text_is_harmless(name: str, detail: Detail, colours: bool, width: int | None) -> None:  # noqa: FBT001 - drawn, not passed
    made = plan_of(name)
    assert_harmless(render_plan(made, (RemovesManifest(name),), Look(Paint(colours=colours), width, detail)))


@settings(deadline=None)
@given(names, st.booleans(), st.booleans(), st.sampled_from((40, 80, 200, None)))
def test_a_list_as_text_is_harmless(name: str, colours: bool, paths: bool, width: int | None) -> None:  # noqa: FBT001 - drawn, not passed
    look = Look(Paint(colours=colours), width)
    assert_harmless(render_list(audit_of(name), Selection(), look, moment=0, paths=paths))


@settings(deadline=None)
@given(names, st.booleans(), st.sampled_from(RunStatus), st.sampled_from((40, 80, None)))
def test_a_result_as_text_is_harmless(name: str, colours: bool, status: RunStatus, width: int | None) -> None:  # noqa: FBT001 - drawn, not passed
    assert_harmless(render_result(replace(result_of(name), status=status), Look(Paint(colours=colours), width)))


@given(names)
def test_what_is_told_of_runs_is_harmless(name: str) -> None:
    run = past_run_of(name)
    widths = (60, None)
    runs = [
        draw
        for width in widths
        for draw in (render_history([run], "/srv", STARTED, width), render_run(run, STARTED, width))
    ]
    told = (*runs, render_purges([purge_of(name)], "/srv"))
    for text in (*told, recovered_line(recovered_of(name))):
        assert_harmless(text)


@settings(deadline=None)
@given(names)
def test_words_are_harmless_and_codes_are_plain(name: str) -> None:
    made = plan_of(name)
    refused = (*refusals(made, desired_of(), Consent(max_remove=0)), RemovesManifest(name))
    told = [
        *map(reason_words, made.changes),
        *map(warning_words, made.inventory_warnings),
        *map(refusal_words, refused),
    ]
    for code, *words in told:
        assert re.fullmatch("[a-z0-9-]+", code)
        assert all(each.isprintable() and each for each in words)


@settings(deadline=None)
@given(names.filter(lambda name: not NOT_FROM_DISK.search(name)))
def test_documents_of_any_name_are_valid(name: str) -> None:
    assert_valid(plan_document(plan_of(name), (RemovesManifest(name),)))
    assert_valid(result_document(result_of(name)))
    assert_valid(history_document(f"/srv/{name}", [past_run_of(name)]))
    assert_valid(recovery_document(f"/srv/{name}", [recovered_of(name)]))
    assert_valid(purge_document(f"/srv/{name}", [purge_of(name)]))
    assert_valid(list_document(audit_of(name), Selection()))
    assert_valid(path_document(f"/srv/{name}", name))


@given(names)
def test_documents_of_any_text_are_valid(text: str) -> None:
    desired = desired_of(protect=[_literal(text)], path=text)
    assert_valid(plan_document(plan(desired, inventory_of(scan_of("a"))), (RemovesManifest(text),)))
    assert_valid(error_document("code", text, text, [Problem(text, 1, 1, "code", text)]))
    assert_valid(validation_document(text, 1))


def assert_valid(document: Document) -> None:
    text = to_text(document)
    assert text.isascii()
    assert text.count("\n") == 1
    assert "".join(_strings(json.loads(text))).encode("utf-8")  # fails for lone surrogates


def _strings(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for child in children for text in _strings(child)]

"""What a plan is refused for, with the numbers, and what consent lifts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from ocrstate.manifest.desired import Budget, DesiredModel, MissingPolicy, Policy, UnlistedPolicy
from ocrstate.planning.disk import Disk
from ocrstate.planning.evidence import NO_EVIDENCE, Evidence, Supply
from ocrstate.planning.guards import (
    BlockedModels,
    Consent,
    EmptyManifest,
    ListedModelsAmiss,
    NearMiss,
    NeedsNetwork,
    NoRoom,
    OverBudget,
    Refusal,
    RemovesManifest,
    RemovesNearMisses,
    RemovesVersionControl,
    SourcesAmiss,
    refusals,
)
from ocrstate.planning.near import Aspect, Near
from ocrstate.planning.planner import plan
from ocrstate.store.model import Entry, Kind
from tests.support.manifests import desired_of
from tests.support.stores import entry, inventory_of, scan_of, stamp

FIFO = entry("a.fifo", Kind.FIFO)
NO_CONSENT = Consent()
NO_POLICY = Policy()


def budget(**limits: float) -> Policy:
    return Policy(max_remove=Budget(**limits))  # type: ignore[arg-type] # keywords of a case table


@dataclass(frozen=True)
class Case:
    title: str
    models: tuple[DesiredModel | str, ...] = ("fr.bin",)
    store: tuple[Entry | str, ...] = ("fr.bin", "old.bin")
    policy: Policy = NO_POLICY
    consent: Consent = NO_CONSENT
    refused: tuple[Refusal, ...] = ()
    path: str = "/etc/app/models.yml"
    extends: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    protect: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    evidence: Evidence = NO_EVIDENCE


ALLOWED = Policy(missing=MissingPolicy.ALLOW)
BY_CASE = Near("fr.bin", (Aspect.CASE,))
NEW = DesiredModel("new.bin", 2, size=7_000_000, source="new.bin")


def had(*, free: int | None = None, **supply: Any) -> Evidence:  # noqa: ANN401 - fields of a supply
    """Say how the new model can be had."""
    return Evidence(
        {}, {"new.bin": Supply(**{"shown": "new.bin", "is_remote": False, "size": 7_000_000, **supply})}, free
    )


CASES = (
    Case("a plan that removes an unlisted model passes"),
    Case("a plan in sync passes", store=("fr.bin",)),
    # blocked
    Case(
        "blocked models refuse, each is counted",
        store=("fr.bin", FIFO, "\udcff"),
        refused=(BlockedModels(("a.fifo", "\udcff")),),
    ),
    Case(
        "no consent lifts blocked models",
        store=("fr.bin", FIFO),
        consent=Consent(allow_empty=True, allow_missing=True, max_remove=99),
        refused=(BlockedModels(("a.fifo",)),),
    ),
    # missing and drifted
    Case("a missing model refuses", models=("fr.bin", "de.bin"), refused=(ListedModelsAmiss(("de.bin",), ()),)),
    Case(
        "missing and drifted models are counted apart",
        models=("a", "b", DesiredModel("fr.bin", 1, size=11)),
        refused=(ListedModelsAmiss(("a", "b"), ("fr.bin",)),),
    ),
    Case(
        "a missing model refuses a plan that removes nothing", store=(), refused=(ListedModelsAmiss(("fr.bin",), ()),)
    ),
    Case("the policy may allow missing models", models=("a",), policy=Policy(missing=MissingPolicy.ALLOW)),
    Case("--allow-missing allows missing models", models=("a",), consent=Consent(allow_missing=True)),
    Case(
        "--allow-empty does not allow missing models",
        models=("a",),
        consent=Consent(allow_empty=True),
        refused=(ListedModelsAmiss(("a",), ()),),
    ),
    Case(
        "a refusal names what is nearly what is missing",
        models=("FR.bin", "zz"),
        refused=(ListedModelsAmiss(("FR.bin", "zz"), (), (NearMiss("FR.bin", (BY_CASE,)),)),),
    ),
    # near misses
    *(
        Case(
            f"{title}, so removing it refuses although models may be missing",
            models=(missing,),
            store=(there,),
            policy=ALLOWED,
            refused=(RemovesNearMisses((NearMiss(missing, (Near(there, (aspect,)),)),)),),
        )
        for title, missing, there, aspect in (
            ("case is no matter", "FR.bin", "fr.bin", Aspect.CASE),
            ("spaces are no matter", "my fr.bin", "myfr.bin", Aspect.SPACES),
            ("the Unicode form is no matter", "\u00e9.bin", "e\u0301.bin", Aspect.UNICODE),
        )
    ),
    *(
        Case(f"{title} is everyday work where models may be missing", models=(missing,), store=(there,), policy=ALLOWED)
        for title, missing, there in (
            ("another version", "fr_v2.bin", "fr_v1.bin"),
            ("another extension", "fr.onnx", "fr.bin"),
            ("another folder", "sub/fr.bin", "fr.bin"),
            ("another spelling", "en_0cr_v2.bin", "en_ocr_v2.bin"),
        )
    ),
    Case("--allow-missing allows near misses", models=("FR.bin",), policy=ALLOWED, consent=Consent(allow_missing=True)),
    Case("a near miss that stays is no loss", models=("FR.bin",), policy=ALLOWED, protect=("fr.bin",)),
    Case(
        "a near miss that stays under `unlisted: report` is no loss",
        models=("FR.bin",),
        policy=Policy(missing=MissingPolicy.ALLOW, unlisted=UnlistedPolicy.REPORT),
    ),
    Case(
        "what is fetched does not cost what surely has its name",
        models=("fr.bin", NEW),
        store=("fr.bin", "NEW.bin"),
        policy=ALLOWED,
        evidence=had(),
        refused=(RemovesNearMisses((NearMiss("new.bin", (Near("NEW.bin", (Aspect.CASE,)),)),)),),
    ),
    # empty manifest
    Case("an empty manifest refuses, with what would go", models=(), refused=(EmptyManifest(2),)),
    Case("--allow-empty allows an empty manifest", models=(), consent=Consent(allow_empty=True)),
    Case(
        "--allow-missing does not allow an empty manifest",
        models=(),
        consent=Consent(allow_missing=True),
        refused=(EmptyManifest(2),),
    ),
    Case("an empty manifest that removes nothing passes", models=(), store=()),
    Case("an empty manifest passes when all that is there is protected", models=(), protect=("*",)),
    Case(
        "an empty manifest under `unlisted: report` passes",
        models=(),
        policy=Policy(unlisted=UnlistedPolicy.REPORT),
    ),
    Case(
        "an empty manifest refuses what `absent` removes under `unlisted: report`",
        models=(),
        policy=Policy(unlisted=UnlistedPolicy.REPORT),
        absent=("old*",),
        refused=(EmptyManifest(1),),
    ),
    # budgets
    Case("as many models as the budget allows pass", policy=budget(count=1)),
    Case(
        "more models than the budget allows refuse",
        store=("fr.bin", "a", "b", "c"),
        policy=budget(count=2),
        refused=(OverBudget("count", 3, 2),),
    ),
    Case("a budget of zero refuses any removal", policy=budget(count=0), refused=(OverBudget("count", 1, 0),)),
    Case("exactly the allowed share passes", policy=budget(percent=50)),
    Case(
        "more than the allowed share refuses", policy=budget(percent=49.9), refused=(OverBudget("percent", 50, 49.9),)
    ),
    Case(
        "missing models are no part of the share",
        models=("fr.bin", "x", "y"),
        policy=replace(budget(percent=40), missing=MissingPolicy.ALLOW),
        refused=(OverBudget("percent", 50, 40),),
    ),
    Case(
        "nor are ignored entries",
        store=("fr.bin", "old.bin", "a.tmp", "b.tmp"),
        ignore=("*.tmp",),
        policy=budget(percent=49),
        refused=(OverBudget("percent", 50, 49),),
    ),
    Case("exactly the allowed bytes pass", policy=budget(size=10)),
    Case("more than the allowed bytes refuse", policy=budget(size=9), refused=(OverBudget("bytes", 10, 9),)),
    Case(
        "bytes are those that the models take up on disk",
        store=("fr.bin", entry("sparse", of=stamp(size=10**12, allocated=4096))),
        policy=budget(size=4096),
    ),
    Case(
        "every budget that is exceeded is told",
        policy=budget(count=0, percent=1, size=1),
        refused=(OverBudget("count", 1, 0), OverBudget("percent", 50, 1), OverBudget("bytes", 10, 1)),
    ),
    Case("--max-remove stands in for the count", policy=budget(count=0), consent=Consent(max_remove=1)),
    Case(
        "--max-remove can be stricter than the manifest",
        policy=budget(count=9),
        consent=Consent(max_remove=0),
        refused=(OverBudget("count", 1, 0),),
    ),
    Case("--max-remove sets a budget where the manifest has none", consent=Consent(max_remove=1)),
    Case(
        "--max-remove leaves share and bytes as they are",
        policy=budget(count=0, percent=1, size=1),
        consent=Consent(max_remove=9),
        refused=(OverBudget("percent", 50, 1), OverBudget("bytes", 10, 1)),
    ),
    Case("a budget does not refuse a plan without removals", store=("fr.bin",), policy=budget(count=0, percent=0)),
    Case("models that are kept for a while pass", policy=Policy(retain=60)),
    Case(
        "they count as bytes removed all the same",
        policy=replace(budget(size=9), retain=60),
        refused=(OverBudget("bytes", 10, 9),),
    ),
    # what is precious
    Case(
        "the manifest itself is not removed",
        path="/srv/models/models.yml",
        store=("fr.bin", "models.yml"),
        refused=(RemovesManifest("models.yml"),),
    ),
    Case(
        "the manifest itself is not removed, reached through the store's own link",
        path="/app/models/sub/models.yml",
        store=("fr.bin", "sub/models.yml"),
        refused=(RemovesManifest("sub/models.yml"),),
    ),
    Case(
        "nor is one that it extends",
        extends=("/elsewhere/base.yml", "/srv/models/sub/base.yml"),
        store=("fr.bin", "sub/base.yml"),
        refused=(RemovesManifest("sub/base.yml"),),
    ),
    Case(
        "nor one that has another name in the store",
        extends=("/elsewhere/base.yml",),
        store=("fr.bin", entry("old.bin", of=stamp(inode=0))),
        refused=(RemovesManifest("old.bin"),),
    ),
    Case("another file of the manifest's name is", store=("fr.bin", "models.yml")),
    Case("a protected manifest may lie in the store", path="/srv/models/old.bin", protect=("old.bin",)),
    Case(
        "files of version control are not removed",
        store=("fr.bin", ".git/HEAD", ".git/config", ".hg/dirstate"),
        refused=(RemovesVersionControl(".git"), RemovesVersionControl(".hg")),
    ),
    Case(
        "nor is the file that stands for its folder in a work tree",
        store=("fr.bin", ".git"),
        refused=(RemovesVersionControl(".git"),),
    ),
    Case("files whose names only begin like it are", store=("fr.bin", ".gitkeep", ".github/x")),
    # what is to be fetched
    Case("a model that can be had refuses nothing", models=("fr.bin", NEW), evidence=had(free=9_000_000)),
    Case("how much room there is may be unknown", models=("fr.bin", NEW), evidence=had()),
    Case(
        "a source that cannot be used refuses, although nothing is removed",
        models=("fr.bin", NEW),
        store=("fr.bin",),
        evidence=had(problem="there is no such file", size=None),
        refused=(SourcesAmiss((("new.bin", "new.bin", "there is no such file"),)),),
    ),
    Case(
        "a source of another size than is listed refuses",
        models=("fr.bin", NEW),
        evidence=had(size=5),
        refused=(SourcesAmiss((("new.bin", "new.bin", "it has 5 B, and 7,000,000 B are listed"),)),),
    ),
    Case("a remote source passes", models=("fr.bin", NEW), evidence=had(is_remote=True)),
    Case(
        "a remote source refuses offline",
        models=("fr.bin", NEW),
        evidence=had(is_remote=True),
        consent=Consent(offline=True),
        refused=(NeedsNetwork(("new.bin",)),),
    ),
    Case("a local source passes offline", models=("fr.bin", NEW), evidence=had(), consent=Consent(offline=True)),
    Case(
        "what does not fit refuses, even if what goes would make room",
        models=("fr.bin", NEW),
        store=("fr.bin", entry("old.bin", of=stamp(9_000_000))),
        evidence=had(free=8_000_000),
        refused=(NoRoom(Disk(8_000_000, 7_000_000, 0, 9_000_000)),),
    ),
    Case(
        "what an earlier run brought need not fit again",
        models=("fr.bin", NEW),
        evidence=had(free=8_000_000, staged=1_000_000),
    ),
    # all at once
    Case(
        "all that refuses is told at once",
        models=("x",),
        store=(FIFO, "a", ".git/HEAD"),
        policy=replace(budget(count=1), retain=1),
        refused=(
            BlockedModels(("a.fifo",)),
            ListedModelsAmiss(("x",), ()),
            OverBudget("count", 2, 1),
            RemovesVersionControl(".git"),
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_plan_is_refused_for_what_it_would_lose(case: Case) -> None:
    desired = desired_of(
        *case.models,
        policy=case.policy,
        path=case.path,
        extends=case.extends,
        ignore=case.ignore,
        protect=case.protect,
        absent=case.absent,
    )
    made = plan(desired, inventory_of(scan_of(*case.store)), case.evidence)
    assert refusals(made, desired, case.consent) == case.refused

"""Which models a lock chooses, and what it says of those that other manifests list."""

from __future__ import annotations

import pytest

from ocrstate.authoring.pins import ByName, Everything, Locking, Pin, Pinned, WhatLacks, Written, locking, selected
from ocrstate.errors import ManifestError
from ocrstate.manifest.desired import DesiredModel
from tests.support.manifests import MANIFEST, desired_of

OLD, NEW = "ab" * 32, "12" * 32
BARE, HALF, WHOLE = Written("bare", None, None), Written("half", None, 5), Written("whole", OLD, 5)
MODELS = (BARE, HALF, WHOLE)
BASE = DesiredModel("base.bin", 7, path="/etc/app/base.yml")
DESIRED = desired_of(*(DesiredModel(each.name, 3, path=MANIFEST) for each in MODELS), BASE)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (WhatLacks(), (BARE, HALF)),
        (Everything(), MODELS),
        (ByName(("whole",)), (WHOLE,)),
        (ByName(("whole", "bare", "whole")), (BARE, WHOLE)),
    ],
)
def test_these_models_are_chosen(selection: WhatLacks | Everything | ByName, expected: tuple[Written, ...]) -> None:
    assert selected(MODELS, DESIRED, selection, "/srv/m") == expected


LOCK_IT_THERE = "lock it there: ocrstate lock /etc/app/base.yml base.bin --store /srv/m"


@pytest.mark.parametrize(
    ("name", "code", "message", "hint"),
    [
        ("base.bin", "model-listed-elsewhere", "it is listed in /etc/app/base.yml, line 7", LOCK_IT_THERE),
        ("wohle", "model-not-listed", "/etc/app/models.yml does not list wohle", "did you mean whole?"),
        ("\n", "model-not-listed", "/etc/app/models.yml does not list \\n", "name models as the manifest does"),
    ],
)
def test_a_name_that_cannot_be_locked_here_is_explained(name: str, code: str, message: str, hint: str) -> None:
    with pytest.raises(ManifestError) as caught:
        selected(MODELS, DESIRED, ByName(("whole", name)), "/srv/m")
    assert (caught.value.code, message in caught.value.message, caught.value.hint) == (code, True, hint)


PIN = Pin(NEW, 6)
THERE = {"bare": PIN, "half": PIN, "whole": PIN}


@pytest.mark.parametrize(
    ("selection", "contents", "expected"),
    [
        (WhatLacks(), THERE, Locking((Pinned(BARE, PIN),), (), (Pinned(HALF, PIN),))),
        (WhatLacks(), {"half": Pin(NEW, 5)}, Locking((Pinned(HALF, Pin(NEW, 5)),), ("bare",))),
        (Everything(), THERE, Locking(tuple(Pinned(each, PIN) for each in MODELS))),
        (Everything(), {**THERE, "whole": Pin(OLD, 5)}, Locking((Pinned(BARE, PIN), Pinned(HALF, PIN)))),
    ],
)
def test_what_changes_follows_from_the_contents(
    selection: WhatLacks | Everything, contents: dict[str, Pin], expected: Locking
) -> None:
    assert locking(selected(MODELS, DESIRED, selection, "/srv/m"), contents, selection) == expected

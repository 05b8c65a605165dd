"""Each outcome says how large the model is that it is about, and of what was replaced, in what it differed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.fetching import alone, sourced, wants
from tests.servers.web import content_of

if TYPE_CHECKING:
    from tests.e2e.host import Ended, Host

pytestmark = pytest.mark.without_engine

DE, WRONG, FR = content_of(2000), content_of(1500, seed=1), content_of(700, seed=2)
SIZES = {"de.bin": 2000, "fr.bin": 700, "old.bin": 1000, "old_link": 3000}
DIFFERENCES = [{"attribute": "size", "declared": 2000, "actual": 1500}]


@pytest.fixture
def mixed(host: Host) -> Host:
    """Give a host where one model is to be fetched, one to be replaced, and two, one of them a link, to be removed."""
    alone(host)
    host.has("old.bin")
    (host.store / "de.bin").write_bytes(WRONG)
    (host.outside / "elsewhere").write_bytes(bytes(3000))
    (host.store / "old_link").symlink_to(host.outside / "elsewhere")
    for name, content in (("de.bin", DE), ("fr.bin", FR)):
        (host.outside / name).write_bytes(content)
    return wants(
        host, *(sourced(name, content, host.outside / name) for name, content in (("de.bin", DE), ("fr.bin", FR)))
    )


def outcomes(ended: Ended) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in ended.document["outcomes"]}


def sizes(ended: Ended) -> dict[str, int | None]:
    return {name: each["size"] for name, each in outcomes(ended).items()}


def differing(ended: Ended) -> dict[str, list[dict[str, Any]]]:
    return {name: each["differences"] for name, each in outcomes(ended).items() if "differences" in each}


def test_what_was_done_has_its_size_and_its_differences(mixed: Host) -> None:
    planned = mixed.plan("--verify", "--json").document
    ended = mixed.apply("--yes", "--json")
    assert ended.code == 0, ended.err
    assert sizes(ended) == SIZES
    assert differing(ended) == {"de.bin": DIFFERENCES}
    (change,) = (each for each in planned["changes"] if each["name"] == "de.bin")
    assert outcomes(ended)["de.bin"]["differences"] == change["differences"]


def test_what_was_not_done_has_them_too(mixed: Host) -> None:
    ended = mixed.apply("--json")
    assert (ended.code, {each["status"] for each in outcomes(ended).values()}) == (3, {"not_started"})
    assert (sizes(ended), differing(ended)) == (SIZES, {"de.bin": DIFFERENCES})


def test_what_could_not_be_fetched_has_them_too(mixed: Host) -> None:
    (mixed.outside / "fr.bin").write_bytes(content_of(700, seed=3))
    ended = mixed.apply("--yes", "--json")
    assert (ended.code, outcomes(ended)["fr.bin"]["status"]) == (1, "failed")
    assert (sizes(ended), differing(ended)) == (SIZES, {"de.bin": DIFFERENCES})


def test_what_nobody_knows_is_not_said_until_it_has_come(mixed: Host) -> None:
    unknown = {"name": "it.bin", "source": "https://models.example.com/it.bin", "sha256": "0" * 64}
    mixed.lists(unknown, protect=["*"])
    assert sizes(mixed.apply("--yes", "--json", "--offline")) == {"it.bin": None}
    mixed.lists({"name": "it.bin", "source": str(mixed.outside / "fr.bin")})
    assert sizes(mixed.apply("--yes", "--json"))["it.bin"] == 700


def test_what_is_restored_has_its_size(mixed: Host) -> None:
    mixed.apply("--yes", "--retain", "7d")
    mixed.has("old.bin", size=5)
    refused = mixed.run("restore", "--json", "old.bin")
    assert refused.code == 3
    ended = mixed.run("restore", "--json", "--overwrite", "--yes")
    restored = sizes(ended)
    assert (restored["old.bin"], restored["de.bin"]) == (1000, 1500)
    assert differing(ended) == {}

"""Makes one state to be desired of several manifests, later ones winning, or says what keeps them apart. Pure."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from ocrstate.manifest.build import BudgetData, PolicyData, data_of, models_of, policy_of
from ocrstate.manifest.clashes import clashes
from ocrstate.manifest.desired import Desired, DesiredModel
from ocrstate.manifest.part import STDIN
from ocrstate.manifest.quoting import quoted
from ocrstate.manifest.rules import PATTERNS, names_in, texts_in
from ocrstate.manifest.sources import leads_to
from ocrstate.names import Glob
from ocrstate.sources.model import is_remote, parse_source, shown
from ocrstate.text.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ocrstate.manifest.desired import Policy
    from ocrstate.manifest.document import Path
    from ocrstate.manifest.part import Part
    from ocrstate.manifest.problems import Problem
    from ocrstate.sources.model import Source

UNPINNED: Final = "unpinned-source"
"""The code of a remote source without a digest to check what comes from there."""

_ATTRIBUTES: Final = ("sha256", "size", "source")


class WrittenStore(NamedTuple):
    """Where the store is, as a manifest says it.

    Attributes:
        text: as written.
        path: absolute path of the manifest that says so; relative paths count from its folder.
        place: where it says so: ``base.yml:3:8``.
    """

    text: str
    path: str
    place: str


class _Spot(NamedTuple):
    """A place in one of several manifests."""

    part: Part
    path: Path


def written_store(parts: Sequence[Part]) -> WrittenStore | None:
    """Return the store of the last manifest that names one as text, well written or not."""
    for part in reversed(parts):
        data = part.document.data
        store = data.get("store") if isinstance(data, dict) else None
        if isinstance(store, str):
            return WrittenStore(store, part.path, part.place(part.document.at(("store",))))
    return None


def clashes_between(parts: Sequence[Part]) -> Iterator[Problem]:
    """Yield what clashes in the union of manifests, or within one; they may be wrong in other ways, too."""
    names: dict[str, _Spot] = {}
    for part in parts:
        for path, name in names_in(part.document):
            names.setdefault(name, _Spot(part, path))
    patterns = {
        key: [(_Spot(part, path), text) for part in parts for path, text in texts_in(part.document, key)]
        for key in PATTERNS
    }
    for clash in clashes([(spot, name) for name, spot in names.items()], patterns, _spelled):
        part, path = clash.at
        yield part.problem(part.document.at(path), clash.code, clash.message)


def _spelled(spot: _Spot) -> str:
    return spot.part.place(spot.part.document.at(spot.path))


class Union:
    """The models of several valid manifests.

    Attributes:
        models: by name.
        problems: where two manifests say different things of a model.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.models: dict[str, DesiredModel] = {}
        self.problems: list[Problem] = []
        self._parts = parts
        self._places: list[tuple[Part, dict[str, Path]]] = []
        for index, part in enumerate(parts):
            for model in models_of(part.document, part.path):
                earlier = self.models.setdefault(model.name, model)
                if earlier is not model:
                    self.models[model.name] = _united(earlier, model)
                    self._complain(parts[: index + 1], earlier, model)

    def _complain(self, parts: Sequence[Part], earlier: DesiredModel, model: DesiredModel) -> None:
        values = zip(_ATTRIBUTES, _comparable(earlier), _comparable(model), strict=True)
        for attribute in [attribute for attribute, one, other in values if None not in (one, other) and one != other]:
            *others, (part, at) = self._givers(parts, model.name, attribute)
            there, there_at = others[-1]
            message = (
                f"{attribute} of {quoted(model.name)} is {_value(model, attribute)} here, but "
                f"{_value(earlier, attribute)} in {there.place(there_at)}; keep one of the two"
            )
            self.problems.append(part.problem(at, f"conflicting-{attribute}", message))

    def place_of(self, name: str, attribute: str) -> tuple[Part, int]:
        """Find the last manifest that gives an attribute of a model, and where; one must."""
        return self._givers(self._parts, name, attribute)[-1]

    def _givers(self, parts: Sequence[Part], name: str, attribute: str) -> list[tuple[Part, int]]:
        """Find the manifests that give an attribute of a model, and where."""
        for part in parts[len(self._places) :]:
            self._places.append((part, {each: path[:2] for path, each in names_in(part.document)}))
        entries = ((part, paths[name]) for part, paths in self._places[: len(parts)] if name in paths)
        return [
            (part, part.document.at((*path, attribute)))
            for part, path in entries
            if attribute in dict(part.document.keys(path))
        ]


def unpinned(union: Union) -> Iterator[Problem]:
    """Yield the remote sources of models for which no manifest gives a digest to check what comes from there."""
    for model in union.models.values():
        if model.source is not None and model.sha256 is None and is_remote(parse_source(model.source, "")):
            part, at = union.place_of(model.name, "source")
            goal = " --output -" if part.shown == STDIN else ""
            message = (
                f"{quoted(shown(model.source))} has no sha256 to check what comes from there: add it, or run "
                f"`ocrstate lock {shell_word(part.shown)} {shell_word(model.name)}{goal}` on a host that has the model"
            )
            yield part.problem(at, UNPINNED, message)


def merge(parts: Sequence[Part], models: dict[str, DesiredModel]) -> Desired:
    """Make what the manifests ask for together.

    Args:
        parts: valid, and in the order in which later ones win.
        models: of their union.
    """
    store = written_store(parts)
    ignore, protect, absent = (_patterns(parts, key) for key in PATTERNS)
    return Desired(
        files=tuple(part.file() for part in parts),
        store=store and store.text,
        models=tuple(sorted(models.values(), key=attrgetter("name"))),
        ignore=ignore,
        protect=protect,
        absent=absent,
        policy=_policy(parts),
        store_from=store.path if store else "",
    )


def _patterns(parts: Sequence[Part], key: str) -> tuple[Glob, ...]:
    texts = (text for part in parts for _, text in texts_in(part.document, key))
    return tuple(map(Glob, dict.fromkeys(texts)))


def _policy(parts: Sequence[Part]) -> Policy:
    policy, budget = PolicyData(), BudgetData()
    for part in parts:
        said = data_of(part.document).get("policy", PolicyData())
        policy.update(said)
        budget.update(said.get("max_remove", BudgetData()))
    policy["max_remove"] = budget
    return policy_of(policy)


def _united(earlier: DesiredModel, later: DesiredModel) -> DesiredModel:
    lists = earlier if later.source is None and earlier.source is not None else later
    return lists._replace(
        size=earlier.size if later.size is None else later.size, sha256=later.sha256 or earlier.sha256
    )


def _comparable(model: DesiredModel) -> tuple[str | None, int | None, Source | None]:
    place = None if model.source is None else leads_to(model.source, model.path)
    return model.sha256, model.size, place


def _value(model: DesiredModel, attribute: str) -> str:
    if attribute == "source":
        return quoted(shown(str(model.source)))
    return str(model.sha256 if attribute == "sha256" else model.size)

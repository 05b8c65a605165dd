"""Judge the engine: which release is installed, whether it belongs here, and whether it lists what it should. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrstate.doctor.model import Area, Topic
from ocrstate.errors import assert_never
from ocrstate.text.escape import escape, escape_message

if TYPE_CHECKING:
    from ocrstate.doctor.model import Finding, Findings

PACKAGE = Topic(Area.ENGINE, "engine-package")
RELEASE = Topic(Area.ENGINE, "engine-release")
PLATFORM = Topic(Area.ENGINE, "engine-platform")
LISTING = Topic(Area.ENGINE, "engine-listing")

_NOT_INSTALLED = frozenset({"engine-not-installed", "engine-no-wheel"})
_WITHOUT = "--inventory directory works without the engine"


@dataclass(frozen=True, slots=True)
class Releases:
    """What is known of the releases of the engine's package.

    Attributes:
        package: its name.
        install: the command that installs a release that lists.
        platforms: where it has wheels, in words.
        newest_listing: the newest release that is known to list.
    """

    package: str
    install: str
    platforms: str
    newest_listing: str


@dataclass(frozen=True, slots=True)
class Installation:
    """The engine's package as it is installed.

    Attributes:
        releases: what is known of its releases.
        copies: version and folder of each copy that Python could find, the one that it takes first.
        leftovers: paths of what an interrupted installation left behind.
        system: this system, in words.
        python: its Python, in words.
        has_wheel: whether some release is made for this system.
        is_for_python: whether the copy that is taken is made for this Python; likewise the next ones.
        is_too_old: whether it is older than the engine.
        is_blind: whether it is known to list nothing.
        is_newer: whether it is newer than any release that is known to list.
    """

    releases: Releases
    copies: tuple[tuple[str, str], ...]
    leftovers: tuple[str, ...]
    system: str
    python: str
    has_wheel: bool
    is_for_python: bool
    is_too_old: bool
    is_blind: bool
    is_newer: bool

    @property
    def version(self) -> str | None:
        """The release that Python takes; `None` where none is installed."""
        return self.copies[0][0] if self.copies else None


@dataclass(frozen=True, slots=True)
class Listed:
    """What the engine answered when it was to list one file.

    Attributes:
        entries: what it lists.
        expected: the file's name.
        seconds: from the start of its process to its end.
    """

    entries: tuple[str, ...]
    expected: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """The error that came of asking the engine."""

    code: str
    message: str
    hint: str


Trial = Listed | Failed


def judge_engine(installation: Installation, trial: Trial, *, must_list: bool) -> Findings:
    """Judge the package and what its engine does with one file.

    Args:
        installation: the package.
        trial: what its engine did.
        must_list: whether the folder's own list will not do instead (``--inventory engine``).
    """
    found = [_package(installation, trial), *_release(installation)]
    if installation.copies or installation.has_wheel:
        found.append(_platform(installation))
    if installation.copies or not (isinstance(trial, Failed) and trial.code in _NOT_INSTALLED):
        found.append(_listing(installation, trial, must_list=must_list))
    return tuple(found)


def _package(installation: Installation, trial: Trial) -> Finding:
    releases = installation.releases
    facts = {
        "package": releases.package,
        "version": installation.version,
        "versions": tuple(version for version, _ in installation.copies),
        "folders": tuple(folder for _, folder in installation.copies),
        "leftovers": installation.leftovers,
    }
    if not installation.copies:
        return _no_package(installation, trial).with_facts(facts)
    if len(installation.copies) > 1:
        copies = ", ".join(f"{version} in {escape(folder)}" for version, folder in installation.copies)
        return PACKAGE.warn(
            f"{len(installation.copies)} copies of {releases.package} are installed ({copies}): an upgrade that broke "
            "off, or two folders of packages; files of both may be mixed",
            f"remove all of them and install one: {releases.install} --force-reinstall",
        ).with_facts(facts)
    if installation.leftovers:
        return PACKAGE.warn(
            f"{releases.package} {installation.version} is installed, beside what an interrupted installation left: "
            f"{', '.join(map(escape, installation.leftovers))}",
            f"delete that, and install again: {releases.install} --force-reinstall",
        ).with_facts(facts)
    return PACKAGE.ok(f"{releases.package} {installation.version} is installed").with_facts(facts)


def _no_package(installation: Installation, trial: Trial) -> Finding:
    releases = installation.releases
    if isinstance(trial, Listed):
        return PACKAGE.warn(
            f"an engine is found, but {releases.package} is not installed by pip: which release it is, is not known",
            f"install a release that is known to list: {releases.install}",
        )
    if installation.has_wheel:
        return PACKAGE.fail(f"{releases.package} is not installed", f"{releases.install}; {_WITHOUT}")
    return PACKAGE.fail(
        f"{releases.package} does not exist for {installation.system}: it comes for {releases.platforms}", _WITHOUT
    )


def _release(installation: Installation) -> Findings:
    version, releases = installation.version, installation.releases
    if version is None:
        return ()
    newest = releases.newest_listing
    facts = {"newest_listing": newest}
    install = releases.install
    if installation.is_too_old:
        found = RELEASE.fail(f"release {version} is too old: it has no AsposeAI", install)
    elif installation.is_blind:
        found = RELEASE.warn(f"release {version} is known to be blind: it lists nothing, whatever is there", install)
    elif not installation.is_for_python:
        found = RELEASE.warn(f"release {version} is not made for Python {installation.python}", install)
    elif version == newest:
        found = RELEASE.ok(f"release {version} is the newest that is known to list")
    elif installation.is_newer:
        found = RELEASE.ok(f"release {version} is newer than those that are known here; what it does is tried below")
    else:
        found = RELEASE.ok(f"release {version} lists models; the newest that is known to do so is {newest}")
    return (found.with_facts(facts),)


def _platform(installation: Installation) -> Finding:
    if installation.has_wheel:
        return PLATFORM.ok(f"there are releases for {installation.system}", system=installation.system)
    return PLATFORM.warn(
        f"no release is made for {installation.system}: they come for {installation.releases.platforms}",
        f"use one of those; {_WITHOUT}",
        system=installation.system,
    )


def _listing(installation: Installation, trial: Trial, *, must_list: bool) -> Finding:
    match trial:
        case Failed(code, message, hint):
            return LISTING.fail(message, hint, error=code)
        case Listed(entries, expected, seconds):
            return _judged_list(installation, entries, expected, seconds, must_list=must_list).with_facts(
                {"seconds": round(seconds, 3), "listed": len(entries)}
            )
        case _:
            assert_never(trial)


def _judged_list(
    installation: Installation, entries: tuple[str, ...], expected: str, seconds: float, *, must_list: bool
) -> Finding:
    took = f"{seconds:.2f} s from start to end"
    if entries == (expected,):
        return LISTING.ok(f"it lists a file in a folder made for it ({took})")
    if entries:
        names = ", ".join(map(escape, entries))
        return LISTING.fail(
            escape_message(f"of a folder with one file in it, it lists something else: {names} ({took})"),
            f"reinstall it: {installation.releases.install} --force-reinstall; {_WITHOUT}",
        )
    blind = f"it is blind: it does not list a file in a folder made for it ({took})"
    if must_list:
        return LISTING.fail(blind, f"{installation.releases.install}; or use --inventory auto")
    return LISTING.warn(
        f"{blind}; ocrstate lists the folder instead, and what else asks the engine sees no models",
        installation.releases.install,
    )

"""Write the manual page from the commands themselves: what they say with --help, and what belongs to all of them.

`make man` writes it anew. click-man, which would write a page for each command, knows no examples, exit codes, files
and environment.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from ocrstate import __version__
from ocrstate.cli.main import group
from ocrstate.schemas import read_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE: Final = Path(__file__).parent.parent / "docs" / "ocrstate.1"

EXITS: Final = {
    "0": "Done, or in sync; also a plan that found changes, without --detailed-exitcode.",
    "1": "An error in the manifest, the engine, the store or a source: nothing was changed, or all was put back.",
    "2": "Changes: check found drift, or there were changes and --detailed-exitcode was given.",
    "3": "Refused by a guard, or not confirmed: nothing was changed.",
    "4": "Stopped half-way, and could not be taken back; what to run is said.",
    "5": "Another run is at work on the store.",
    "64": "The command line is wrong.",
    "70": "A bug in ocrstate; what to report is said.",
    "130": "Interrupted by Ctrl-C; other signals end it with 128 and their number, too.",
}
FILES: Final = {
    "models.yml": "The manifest, wherever it lies and whatever its name is.",
    "Aspose.AI.LLM/models": "The store, below the folder that the OCR application is started in, unless --store or the "
    "manifest names another.",
    "STORE/.ocrstate": "Journals of runs, removed models that can still be restored, and what is being fetched. The "
    "engine does not look there.",
    "~/.cache/ocrstate": "What was read of models' contents, so that it need not be read again. It can be removed.",
    "~/.netrc": "Logins for sources on web servers.",
}
ENVIRONMENT: Final = {
    "NO_COLOR": "If it is set and not empty, nothing is coloured, unless --color=always is given.",
    "TERM": "If it is dumb, nothing is coloured and no progress is drawn.",
    "XDG_CACHE_HOME": "The folder to use instead of ~/.cache.",
    "NETRC": "The file to use instead of ~/.netrc.",
    "HF_TOKEN": "The login for the Hugging Face hub.",
    "HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY": "The way to web servers.",
    "SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, SSL_CERT_DIR": "Certificates to believe instead of the "
    "system's; the first one that is set counts.",
    "TMPDIR": "Where the engine gets a private folder, if it can be written.",
}
EXAMPLES: Final = {
    "From an existing store to a manifest that matches it:": ("ocrstate init", "ocrstate check models.yml"),
    "What would change, and to change it:": ("ocrstate plan models.yml", "ocrstate apply models.yml"),
    "In a script, with what is removed restorable for a week:": ("ocrstate apply models.yml --yes --retain 7d",),
    "To take back what the last run removed:": ("ocrstate history", "ocrstate restore"),
    "For monitoring:": ("ocrstate check models.yml -q || echo drift",),
}


def manual() -> str:
    """Return the page."""
    return "".join(f"{line}\n" for line in _page())


def _page() -> Iterator[str]:
    description, *paragraphs = _paragraphs(group)
    yield '.\\" Written by `make man`, so not to be edited.'
    yield f'.TH OCRSTATE 1 "" "ocrstate {__version__}" "User Commands"'
    yield from (".nh", ".ad l", ".SH NAME", f"ocrstate \\- {_prose(_as_title(description))}")
    yield from (".SH SYNOPSIS", _synopsis("ocrstate", group), ".SH DESCRIPTION")
    for paragraph in (description, *paragraphs):
        yield from _paragraph(paragraph)
    yield ".SH COMMANDS"
    for name, command in sorted(group.commands.items()):
        yield from _command(name, command)
    yield from (".SH OPTIONS", "These can stand before or behind the command.")
    for option in _options(group):
        yield from _option(option)
    yield from _manifest()
    yield from _listed("EXIT STATUS", EXITS)
    yield from _listed("FILES", FILES)
    yield from _listed("ENVIRONMENT", ENVIRONMENT)
    yield ".SH EXAMPLES"
    for purpose, lines in EXAMPLES.items():
        yield from (".PP", _prose(purpose), *_verbatim(lines))


def _as_title(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].rstrip(".")


def _command(name: str, command: click.Command) -> Iterator[str]:
    yield from (f".SS {_plain(name)}", _synopsis(f"ocrstate {name}", command))
    for paragraph in _paragraphs(command):
        yield from _paragraph(paragraph)
    options, common = _options(command), {option.name for option in _options(group)}
    for option in options:
        if option.name not in common:
            yield from _option(option)
    shared = [option.opts[-1] for option in options if option.name in common and option.name != "help"]
    if shared:
        which = "the other options" if len(shared) == len(common - {"help", "version"}) else ", ".join(shared)
        yield from (".PP", _prose(f"For {which}, see OPTIONS."))


def _synopsis(path: str, command: click.Command) -> str:
    arguments = [param.metavar or "" for param in command.params if isinstance(param, click.Argument)]
    words = ["[OPTIONS]", *arguments, *(["COMMAND [ARGS]..."] if isinstance(command, click.Group) else [])]
    return f"\\fB{_plain(path)}\\fR {' '.join(map(_plain, words))}"


def _options(command: click.Command) -> list[click.Option]:
    with click.Context(command, info_name="ocrstate", help_option_names=["-h", "--help"]) as context:
        return [param for param in command.get_params(context) if isinstance(param, click.Option) and not param.hidden]


def _option(option: click.Option) -> Iterator[str]:
    names = ", ".join(f"\\fB{_plain(name)}\\fR" for name in (*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else f" \\fI{_plain(_value(option))}\\fR"
    default = f" Default: {option.default}." if option.show_default else ""
    yield from (".TP", f"{names}{value}", _prose(f"{option.help or ''}{default}"))


def _value(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return "|".join(map(str, option.type.choices))
    return option.metavar or option.type.name.upper()


def _paragraphs(command: click.Command) -> list[str]:
    return re.split(r"\n{2,}", inspect.cleandoc(command.help or ""))


def _paragraph(paragraph: str) -> Iterator[str]:
    """Set a paragraph; click leaves the lines as they are of one that begins with a backspace."""
    first, *lines = paragraph.split("\n")
    if first != "\b":
        yield from (".PP", _prose(paragraph))
        return
    if lines[0].endswith(":"):
        yield from (".PP", _prose(lines.pop(0)))
    yield from _verbatim(lines)


def _verbatim(lines: tuple[str, ...] | list[str]) -> Iterator[str]:
    yield from (".PP", ".RS 4", ".nf", *(_line(_plain(line.removeprefix("  "))) for line in lines), ".fi", ".RE")


def _manifest() -> Iterator[str]:
    schema = read_schema("manifest")
    definitions = cast("dict[str, dict[str, object]]", schema["$defs"])
    yield from (".SH MANIFEST", "A manifest is YAML. To start one, use \\fBocrstate init\\fR; its keys are:")
    yield from _keys("", cast("dict[str, dict[str, str]]", schema["properties"]), definitions)
    yield from (".PP", "A model in the list is its name alone, or has these keys:")
    yield from _keys("", cast("dict[str, dict[str, str]]", definitions["model"]["properties"]), definitions)


def _keys(before: str, keys: Mapping[str, dict[str, str]], definitions: dict[str, dict[str, object]]) -> Iterator[str]:
    for key, found in keys.items():
        described = definitions[found["$ref"].rpartition("/")[2]] if "$ref" in found else found
        yield from (".TP", f"\\fB{_plain(before + key)}\\fR", _prose(str(described["description"])))
        if described.get("type") == "object":
            inner = cast("dict[str, dict[str, str]]", described["properties"])
            yield from _keys(f"{before}{key}.", inner, definitions)


def _listed(title: str, entries: Mapping[str, str]) -> Iterator[str]:
    yield f".SH {title}"
    for entry, meaning in entries.items():
        yield from (".TP", f"\\fB{_plain(entry)}\\fR", _prose(meaning))


def _prose(text: str) -> str:
    """Set running text on one line, what stands in backticks bold, options with a minus that can be copied."""
    parts = re.split(r"`([^`]*)`", " ".join(text.split()))
    parts[1::2] = [f"\\fB{_plain(part)}\\fR" for part in parts[1::2]]
    parts[::2] = [re.sub(r"(?<![\w\\])-", r"\\-", _escaped(part)) for part in parts[::2]]
    return _line("".join(parts))


def _plain(text: str) -> str:
    """Set text that can be copied."""
    return _escaped(text).replace("-", "\\-")


def _escaped(text: str) -> str:
    named = {"\\": "\\e", "'": "\\(aq", "`": "\\(ga", "~": "\\(ti", "^": "\\(ha", '"': "\\(dq"}
    return "".join(named.get(each, each if each.isascii() else f"\\[u{ord(each):04X}]") for each in text)


def _line(text: str) -> str:
    """Set a line that is no request, whatever it begins with."""
    return f"\\&{text}" if text.startswith(".") else text


if __name__ == "__main__":
    PAGE.write_text(manual(), encoding="ascii")

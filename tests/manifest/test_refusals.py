"""What a manifest must not say: each refusal names its place and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.manifest.conftest import Problems

HEAD = "version: 1\nmodels:\n"

WHOLE_FILES = [
    pytest.param("", "1:1", "the manifest is empty", id="empty file"),
    pytest.param("# nothing\n", "1:1", "the manifest is empty", id="comments only"),
    pytest.param("---\n", "1:1", "never taken to mean that all models should go", id="empty document"),
    pytest.param("~", "1:1", "the manifest is empty", id="null"),
    pytest.param("- a.bin\n", "1:1", "the manifest must be a mapping (key: value), not a list", id="list"),
    pytest.param("a.bin", "1:1", 'the manifest must be a mapping (key: value), not the text "a.bin"', id="text"),
    pytest.param("models: []\n", "1:1", "the key version is missing; write `version: 1`", id="no version"),
    pytest.param("version: 1\n", "1:1", "the key models is missing", id="no models"),
    pytest.param("version: 2\nmodels: []\n", "1:10", "version must be 1, not 2", id="later version"),
    pytest.param('version: "1"\nmodels: []\n', "1:10", "remove the quotes", id="quoted version"),
    pytest.param("version: yes\nmodels: []\n", "1:10", "a whole number, not the boolean true", id="boolean version"),
    pytest.param("version: 0x1\nmodels: []\n", "1:10", "in decimal digits", id="hexadecimal version"),
    pytest.param(HEAD, "2:8", "models has no value; write a list ([] if it is meant", id="models without value"),
    pytest.param("version: 1\nmodels: a.bin\n", "2:9", 'put it into brackets: ["a.bin"]', id="models as text"),
    pytest.param("version: 1\nmodels: {}\n", "2:9", "models must be a list, not a mapping", id="models as mapping"),
    pytest.param("version: 1\nmodles: []\nmodels: []\n", "2:1", "did you mean models?", id="misspelt key"),
    pytest.param("version: 1\nmodels: []\nqq: 1\n", "3:1", "known here: version, store, models", id="unknown key"),
    pytest.param("version: 1\nmodels: []\nmodels: [a]\n", "3:1", "already in line 2", id="duplicate key"),
    pytest.param("version: 1\nmodels: []\n1: x\n", "3:1", 'quote it: "1"', id="number as key"),
    pytest.param("version: 1\nmodels: []\nno: x\n", "3:1", "the boolean false", id="boolean as key"),
    pytest.param("version: 1\nmodels: []\n? [a]\n: x\n", "3:3", "a list cannot be a key", id="list as key"),
    pytest.param("version: 1\nmodels: []\n--- \na: b\n", "3:1", "a second YAML document", id="two documents"),
    pytest.param(
        "version: 1\nmodels: []\nstore: ~\n", "3:8", 'YAML reads ~ as null here; quote it: "~"', id="null store"
    ),
    pytest.param('version: 1\nmodels: []\nstore: ""\n', "3:8", "write a path", id="empty store"),
    pytest.param('version: 1\nmodels: []\nstore: "a\\0b"\n', "3:8", r'cannot be "a\x00b"', id="NUL in store"),
    pytest.param("version: 1\nextends: []\nmodels:\n", "3:8", "models has no value", id="null beside extends"),
    pytest.param("version: 1\nextends: ['']\n", "2:11", "write the path of a manifest", id="empty base"),
    pytest.param("version: 1\nextends: a.yml\n", "2:10", 'brackets: ["a.yml"]', id="base as text"),
]

ENTRIES = [
    pytest.param("no", "3:5", 'YAML reads no as the boolean false here; quote it: "no"', id="Norway"),
    pytest.param("On", "3:5", 'quote it: "On"', id="on"),
    pytest.param("~", "3:5", 'YAML reads ~ as null here; quote it: "~"', id="tilde"),
    pytest.param("null", "3:5", 'quote it: "null"', id="null"),
    pytest.param("", "3:4", "a model has no value", id="nothing"),
    pytest.param("1", "3:5", 'YAML reads 1 as a number here; quote it: "1"', id="integer"),
    pytest.param("1.10", "3:5", 'YAML reads 1.10 as the number 1.1 here; quote it: "1.10"', id="decimal"),
    pytest.param("0x1F", "3:5", 'YAML reads 0x1F as the number 31 here; quote it: "0x1F"', id="hexadecimal"),
    pytest.param("0b11", "3:5", "the number 3 here", id="binary"),
    pytest.param("017", "3:5", "the number 15 here", id="octal"),
    pytest.param("1_000", "3:5", "the number 1000 here", id="underscores"),
    pytest.param("-12:30:45", "3:5", "the number -45045 here", id="sexagesimal"),
    pytest.param("1:30.5", "3:5", "the number 90.5 here", id="sexagesimal decimal"),
    pytest.param("1.0e+3", "3:5", "the number 1000.0 here", id="exponent"),
    pytest.param("1.0e+999", "3:5", "a number that has no use here; quote it", id="too large"),
    pytest.param("9" * 5000, "3:5", "a number that has no use here; quote it", id="too long"),
    pytest.param("0x_", "3:5", "quote it", id="number without digits"),
    pytest.param(".nan", "3:5", "quote it", id="not a number"),
    pytest.param("-.inf", "3:5", "quote it", id="infinite"),
    pytest.param("2026-10-01", "3:5", 'YAML reads 2026-10-01 as a date here; quote it: "2026-10-01"', id="date"),
    pytest.param("2026-10-01 10:00:00", "3:5", "as a date here", id="time"),
    pytest.param("[a]", "3:5", "a model must be text or a mapping (key: value), not a list", id="list"),
    pytest.param("''", "3:5", "the name is empty", id="empty name"),
    pytest.param("'  '", "3:5", "the name is empty", id="blank name"),
    pytest.param("/etc/passwd", "3:5", "the name is an absolute path", id="absolute path"),
    pytest.param("C:/a.bin", "3:5", "the name is an absolute path", id="drive"),
    pytest.param("../a.bin", "3:5", "leaves the store with '..'", id="above the store"),
    pytest.param("sub/../a.bin", "3:5", "leaves the store with '..'", id="dots inside"),
    pytest.param("sub//a.bin", "3:5", "empty or '.' part", id="empty part"),
    pytest.param("./a.bin", "3:5", "empty or '.' part", id="dot part"),
    pytest.param("sub/", "3:5", "empty or '.' part", id="folder"),
    pytest.param(r"sub\a.bin", "3:5", r'"sub\\a.bin": the name holds a backslash', id="backslash"),
    pytest.param(
        r'"a\x1b[31m.bin"', "3:5", r'"a\x1b[31m.bin": the name holds a control character', id="escape sequence"
    ),
    pytest.param(r'"a\0"', "3:5", r"\x00", id="NUL"),
    pytest.param("a/b/c.bin", "3:5", "no deeper than one sub-folder", id="too deep"),
    pytest.param(".ocrstate/x.bin", "3:5", "kept for this tool's own files", id="own folder"),
    pytest.param("x" * 256, "3:5", "longer than 255 bytes", id="long name"),
    pytest.param("é" * 128, "3:5", "longer than 255 bytes", id="long name in bytes"),
    pytest.param("*.bin", "3:5", "quote a value that begins with *", id="unquoted star"),
    pytest.param("*base", "3:5", "no anchor &base comes before this alias", id="unknown alias"),
    pytest.param(
        "!!python/name:os.system x", "3:5", "the tag tag:yaml.org,2002:python/name:os.system", id="Python tag"
    ),
    pytest.param("!x y", "3:5", "the tag !x is not known here; remove it", id="own tag"),
    pytest.param("!!binary aGk=", "3:5", "is not known here; remove it", id="binary tag"),
    pytest.param("!!int x", "3:5", "is not what its tag !!int says", id="wrong tag"),
    pytest.param("!!set {a}", "3:5", "is not known here; remove it", id="set tag"),
    pytest.param("nmae: a", "3:5", 'the key "nmae" is not known; did you mean name?', id="misspelt key"),
    pytest.param("size: 1", "3:5", "the key name is missing; write the model's file name", id="no name"),
    pytest.param("name: no", "3:11", 'quote it: "no"', id="Norway in the long form"),
    pytest.param("name: ../a", "3:11", "leaves the store", id="above the store in the long form"),
    pytest.param("{name: a, name: b}", "3:15", 'the key "name" is already in line 3', id="duplicate key"),
    pytest.param("{name: a, sha256: 12}", "3:23", 'YAML reads 12 as a number here; quote it: "12"', id="short digest"),
    pytest.param(f"{{name: a, sha256: {'1' * 64}}}", "3:23", f'quote it: "{"1" * 64}"', id="digest of digits"),
    pytest.param("{name: a, sha256: abc}", "3:23", "as 64 hexadecimal digits", id="no digest"),
    pytest.param('{name: a, sha256: "%s\\n"}' % ("a" * 64), "3:23", "64 hexadecimal", id="digest and newline"),
    pytest.param(
        "{name: a, size: 4GiB}", "3:21", 'size must be a whole number, not the text "4GiB"', id="size as text"
    ),
    pytest.param("{name: a, size: '4'}", "3:21", 'size must be a whole number, but "4" is text', id="quoted size"),
    pytest.param("{name: a, size: -4}", "3:21", "size must be at least 0, not -4", id="negative size"),
    pytest.param("{name: a, size: 1.5}", "3:21", "write size as a whole number", id="size with a fraction"),
    pytest.param("{name: a, size: 5.0}", "3:21", "write size as a whole number", id="size as a decimal"),
    pytest.param("{name: a, size: 010}", "3:21", "YAML reads 010 as 8 here; write size as", id="octal size"),
    pytest.param("{name: a, size: 1:30}", "3:21", "YAML reads 1:30 as 90 here", id="sexagesimal size"),
    pytest.param("{name: a, size: 9007199254740992}", "3:21", "at most 9007199254740991", id="huge size"),
    pytest.param("{name: a, source: ''}", "3:23", "write the address of the file", id="empty source"),
    pytest.param("{name: a, source: yes}", "3:23", 'quote it: "yes"', id="boolean source"),
    pytest.param("{name: a, source: 'mailto:x'}", "3:23", "mailto: begins no address; write", id="odd source"),
    pytest.param("{name: a, source: 'https://h'}", "3:23", "names a host, but no file", id="source without a path"),
    pytest.param("{name: a, source: 'https://u:pw@h/a'}", "3:23", '"https://h/a": credentials', id="secret in source"),
    pytest.param(
        "{name: a b, source: 'https://h/a?key=1'}",
        *("3:25", '"https://h/a?…" has no sha256 to check what comes from there: add it, or run'),
        id="source without digest",
    ),
    pytest.param("{name: a b, source: 'hf://o/r/a'}", "3:25", "manifest.yml 'a b'`", id="hub, no digest"),
    pytest.param("{name: a, description: 2026-10-01}", "3:28", 'quote it: "2026-10-01"', id="date as description"),
    pytest.param("{name: a, description: 7}", "3:28", 'quote it: "7"', id="number as description"),
    pytest.param(
        "{<<: {name: a}, name: b}", "3:6", "merge keys (<<) are not supported; write the keys out", id="merge"
    ),
]

PATTERNS = [
    pytest.param("''", "the pattern is empty", id="empty"),
    pytest.param("' '", "the pattern is empty", id="blank"),
    pytest.param("no", 'quote it: "no"', id="Norway"),
    pytest.param("1", 'quote it: "1"', id="number"),
    pytest.param("{a: b}", "a pattern must be text, not a mapping", id="mapping"),
    pytest.param("'*%s'" % ("x" * 511), "longer than any name", id="long"),
    pytest.param("/old_*", "an absolute path", id="absolute"),
    pytest.param("c:old_*", "an absolute path", id="drive"),
    pytest.param("../old_*", "leaves the store", id="above the store"),
    pytest.param(r"old_\*", "holds a backslash", id="backslash"),
    pytest.param("'!old_*'", "no pattern can begin with '!'", id="negation"),
    pytest.param(r'"old_\n"', "holds a control character", id="newline"),
    pytest.param("./old_*", "would match nothing", id="dot part"),
    pytest.param("sub//old_*", "would match nothing", id="empty part"),
    pytest.param("sub/**/old_*", "** is not known", id="double star"),
    pytest.param("base_[z-a].bin", "runs backwards", id="backward range"),
    pytest.param("'[^a]*'", "write [!...]", id="caret"),
    pytest.param("'{a,b}.bin'", "write one pattern for each", id="braces"),
    pytest.param("a/b/c", "no deeper than one sub-folder", id="too deep"),
    pytest.param("a/b/", "no deeper than one sub-folder", id="folder too deep"),
]

POLICIES = [
    pytest.param("nothing", "3:9", "policy must be a mapping", id="text"),
    pytest.param("{unlsted: report}", "3:10", "did you mean unlisted?", id="misspelt key"),
    pytest.param("{unlisted: delete}", "3:20", 'unlisted must be remove or report, not "delete"', id="unknown choice"),
    pytest.param("{unlisted: no}", "3:20", "unlisted must be remove or report, not no", id="boolean choice"),
    pytest.param("{missing: ignore}", "3:19", "missing must be refuse or allow", id="unknown missing"),
    pytest.param("{retain: 7}", "3:18", "retain 7 has no unit; write a duration such as", id="duration without unit"),
    pytest.param("{retain: 7 days}", "3:18", "write a duration such as 30m, 12h, 7d or 2w", id="duration in words"),
    pytest.param("{retain: -7d}", "3:18", "write a duration", id="negative duration"),
    pytest.param('{retain: "7d\\n"}', "3:18", "write a duration", id="duration and newline"),
    pytest.param("{max_remove: 20}", "3:22", "max_remove must be a mapping", id="budget as number"),
    pytest.param("{max_remove: {cuont: 1}}", "3:23", "did you mean count?", id="misspelt budget"),
    pytest.param("{max_remove: {count: -1}}", "3:30", "count must be at least 0", id="negative count"),
    pytest.param("{max_remove: {count: yes}}", "3:30", "not the boolean true", id="boolean count"),
    pytest.param("{max_remove: {percent: 101}}", "3:32", "percent must be at most 100, not 101", id="percent"),
    pytest.param("{max_remove: {percent: .nan}}", "3:32", "no use here", id="percent not a number"),
    pytest.param("{max_remove: {percent: 1:30.5}}", "3:32", "write percent as a decimal number", id="odd percent"),
    pytest.param(
        "{max_remove: {percent: 50%}}", "3:32", 'percent must be a number, not the text "50%"', id="percent sign"
    ),
    pytest.param("{max_remove: {bytes: 40G}}", "3:30", "or a size such as 500MB or 40GiB", id="unknown unit"),
    pytest.param("{max_remove: {bytes: '40'}}", "3:30", "write an integer of bytes", id="bytes as text"),
    pytest.param("{max_remove: {bytes: 0x10}}", "3:30", "write bytes as a whole number", id="hexadecimal bytes"),
]


def assert_refused(problems: Problems, text: str, place: str, part: str) -> None:
    first, *_ = found = problems(text)
    assert f"{first.line}:{first.column}" == place, found
    assert part in first.message, found


@pytest.mark.parametrize(("text", "place", "part"), WHOLE_FILES)
def test_a_manifest_is_refused_when_it_is_or_has(problems: Problems, text: str, place: str, part: str) -> None:
    assert_refused(problems, text, place, part)


@pytest.mark.parametrize(("entry", "place", "part"), ENTRIES)
def test_a_model_is_refused_when_it_is_or_has(problems: Problems, entry: str, place: str, part: str) -> None:
    assert_refused(problems, f"{HEAD}  - {entry}\n", place, part)


@pytest.mark.parametrize("key", ["ignore", "protect", "absent"])
@pytest.mark.parametrize(("pattern", "part"), PATTERNS)
def test_a_pattern_is_refused_when_it_is_or_has(problems: Problems, key: str, pattern: str, part: str) -> None:
    assert_refused(problems, f"version: 1\nmodels: []\n{key}:\n- {pattern}\n", "4:3", part)


@pytest.mark.parametrize(("policy", "place", "part"), POLICIES)
def test_a_policy_is_refused_when_it_is_or_has(problems: Problems, policy: str, place: str, part: str) -> None:
    assert_refused(problems, f"version: 1\nmodels: []\npolicy: {policy}\n", place, part)


@pytest.mark.parametrize(
    ("first", "second", "part"),
    [
        pytest.param("fr.bin", "fr.bin", '"fr.bin" is already listed in line 3; remove one of the two', id="same"),
        pytest.param("fr.bin", "{name: fr.bin}", "already listed in line 3", id="same in the long form"),
        pytest.param("Fr.bin", "fr.BIN", '"fr.BIN" differs from "Fr.bin" in line 3 only in case', id="case"),
        pytest.param("straße.bin", "STRASSE.bin", "in line 3 only in case", id="case folding"),
        pytest.param('"\\u00e9.bin"', '"e\\u0301.bin"', "or in the form of its letters", id="Unicode composition"),
    ],
)
def test_two_models_are_refused_when_their_names_are_equal_in(
    problems: Problems, first: str, second: str, part: str
) -> None:
    (problem,) = problems(f"{HEAD}  - {first}\n  - {second}\n")
    assert (problem.line, problem.code) == (4, "duplicate-name")
    assert part in problem.message


def test_a_third_twin_is_reported_too(problems: Problems) -> None:
    assert [problem.line for problem in problems(f"{HEAD}- a\n- a\n- A\n")] == [4, 5]


def test_a_pattern_cannot_be_under_protect_and_absent(problems: Problems) -> None:
    (problem,) = problems("version: 1\nmodels: []\nprotect: [a*, old_*]\nabsent:\n- old_*\n")
    assert str(problem).endswith(':5:3: the pattern "old_*" is under protect too, in line 3; keep it in one of the two')


@pytest.mark.parametrize("key", ["ignore", "absent"])
@pytest.mark.parametrize("pattern", ["old_*", "*", "sub/", "sub/old_?.bin"])
def test_a_listed_model_cannot_be_ignored_or_absent(problems: Problems, key: str, pattern: str) -> None:
    (problem,) = problems(f"version: 1\nmodels:\n- name: sub/old_1.bin\n{key}:\n- x\n- '{pattern}'\n")
    assert (problem.line, problem.column, problem.code) == (3, 9, f"listed-and-{key}")
    assert f'the pattern "{pattern}" under {key} in line 6 matches it' in problem.message


def test_an_alias_bomb_is_refused_before_it_expands(problems: Problems) -> None:
    levels = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))
    (problem,) = problems(f"a0: &a0 [x, x]\n{levels}")
    assert (problem.code, problem.line) == ("alias-bomb", 5)


def test_a_value_cannot_refer_to_itself(problems: Problems) -> None:
    (problem,) = problems("version: 1\nmodels: &all [a.bin, *all]\n")
    assert (problem.line, problem.column, problem.code) == (2, 22, "alias")
    assert "stands inside what it refers to" in problem.message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_is_bounded(problems: Problems, opening: str) -> None:
    assert problems("version: 1\nmodels:\n " + opening * 100_000)[-1].code == "too-deep"

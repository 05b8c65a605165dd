# Copyright (c) The ocrstate maintainers
# SPDX-License-Identifier: MIT
"""Ask the ocrstate of this host, and understand what it answers. It runs on hosts with any Python from 3.8 on."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

from ansible_collections.ocrstate.ocrstate.plugins.module_utils.words import (
    in_words_of_ansible,
    problem_lines,
    usage_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from ansible.module_utils.basic import AnsibleModule

    Document = dict[str, Any]

CLIENT_ARGUMENTS: dict[str, dict[str, object]] = {
    "executable": {"type": "str"},
    "virtualenv": {"type": "path"},
    "chdir": {"type": "path"},
    "store": {"type": "path"},
}
ENGINE_ARGUMENTS: dict[str, dict[str, object]] = {
    "inventory": {"type": "str", "choices": ["auto", "engine", "directory"]},
    "engine_timeout": {"type": "float"},
}
MANIFEST_ARGUMENTS: dict[str, dict[str, object]] = {
    "manifest": {"type": "path"},
    "models": {"type": "list", "elements": "raw"},
    "ignore": {"type": "list", "elements": "str"},
    "protect": {"type": "list", "elements": "str"},
    "absent": {"type": "list", "elements": "str"},
    "extends": {"type": "list", "elements": "path"},
    "policy": {
        "type": "dict",
        "options": {
            "unlisted": {"type": "str", "choices": ["remove", "report"]},
            "missing": {"type": "str", "choices": ["refuse", "allow"]},
            "max_remove": {
                "type": "dict",
                "options": {"count": {"type": "int"}, "percent": {"type": "float"}, "bytes": {"type": "raw"}},
            },
            "retain": {"type": "str"},
        },
    },
}
BESIDE_NO_MANIFEST = [("manifest", key) for key in MANIFEST_ARGUMENTS if key != "manifest"]
"""Parameters that exclude each other: a manifest is a file, or it stands in the task."""

NEED_MODELS = dict.fromkeys(("ignore", "protect", "absent", "extends", "policy"), ("models",))
"""Keys that make no manifest without the models."""

_NOT_AS_IT_IS = re.compile(r"[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")  # JSON leaves them, YAML does not
_LEAST = {"jobs": 1, "lock_timeout": 0}
_UNDERSTOOD = "1."
_USAGE = 64


class Answer(NamedTuple):
    """What ocrstate said.

    Attributes:
        code: its exit code.
        document: its answer.
    """

    code: int
    document: Document


class Client:
    """The ocrstate of this host.

    Attributes:
        so_far: what the module has to return already, should it fail.
    """

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._executable = _found(module)
        self.so_far: Document = {}

    def ask(self, command: str, *words: str, manifest: str | None = None) -> Answer:
        """Run a command, and return its answer; one that is no answer fails the module.

        Args:
            command: of ocrstate.
            words: its further arguments.
            manifest: what it reads from standard input.
        """
        line = [self._executable, command, "--json", *self._everywhere(), *words]
        ended = self._run(line, manifest)
        code = ended.returncode
        try:
            document = json.loads(ended.stdout)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            self._fail_without_answer(code, ended.stderr)
        if not str(document.get("format_version", "")).startswith(_UNDERSTOOD):
            self.fail(
                code,
                "format-not-understood",
                "the answer of ocrstate has a format that this collection does not know",
                "use a collection and an ocrstate of the same age",
            )
        if document["kind"] == "error":
            self._fail_with(code, document["error"], manifest)
        return Answer(code, document)

    def ask_the_engine(self, command: str, *words: str, manifest: str | None = None) -> Answer:
        """Do the same with a command that asks the engine."""
        how = options(self._module.params, "inventory", "engine_timeout")
        return self.ask(command, *how, *words, manifest=manifest)

    def warn(self, warnings: Sequence[Document]) -> None:
        """Pass on what was odd about the list of the models."""
        for warning in warnings:
            self._module.warn(in_words_of_ansible(warning["message"]))

    def fail(self, code: int, error_code: str, message: str, hint: str, **results: object) -> NoReturn:
        """End the module as failed: say what happened and what to do, in the words of Ansible."""
        told = in_words_of_ansible(f"{message}\n{hint}" if hint else message)
        self._module.fail_json(**{**self.so_far, **results, "msg": told, "rc": code, "error_code": error_code})
        raise AssertionError  # that has ended the process

    def _run(self, line: list[str], manifest: str | None) -> subprocess.CompletedProcess[bytes]:
        # not the module's own way to run commands: it fails where a command ends before it has read its input
        source: dict[str, Any] = {"stdin": subprocess.DEVNULL} if manifest is None else {"input": manifest.encode()}
        try:
            return subprocess.run(line, capture_output=True, check=False, **source)  # noqa: S603 - named by the task
        except OSError as error:
            hint = "give `executable` or `virtualenv` what can be run on this host"
            _fail_not_found(self._module, f"{self._executable} cannot be run: {error.strerror}", hint)

    def _everywhere(self) -> list[str]:
        return options(self._module.params, "chdir", "store")

    def _fail_with(self, code: int, error: Document, manifest: str | None) -> NoReturn:
        message, hint = error["message"], error["hint"]
        if code == _USAGE:
            message, hint = usage_words(message, self._executable)
        if "problems" not in error:
            self.fail(code, error["code"], message, hint)
        lines = problem_lines(error["problems"], manifest)
        self.fail(code, error["code"], "\n".join(lines), hint, problems=error["problems"])

    def _fail_without_answer(self, code: int, err: bytes) -> NoReturn:
        ended = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        words = err.decode("utf-8", "replace").strip()
        told = f"{self._executable} ended {ended} and gave no answer:\n{words}".rstrip(":\n")
        hint = "if it was killed, the next run finishes or takes back what it had begun"
        self.fail(code, "no-answer", told, hint if code < 0 else "")


def refuse_too_little(module: AnsibleModule) -> None:
    """Refuse in check mode, too, what only the command of a real run would."""
    for name, least in _LEAST.items():
        value = module.params.get(name)
        if value is not None and value < least:
            module.fail_json(msg=f"`{name}: {value}`: it must be at least {least}")


def options(params: Document, *names: str) -> list[str]:
    """Spell parameters as the options of the same names, those that are given."""
    return [word for name in names if params[name] is not None for word in _option(name, params[name])]


def _option(name: str, value: object) -> tuple[str, ...]:
    option = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return (option,) if value else ()
    return (f"{option}={value}",)


def inline_manifest(params: Document) -> str | None:
    """Spell a manifest that stands in the task; `None` where a file holds it, or there is none.

    JSON is YAML, and with a value on each line a complaint leads back to what was written.
    """
    if params["models"] is None:
        return None
    keys = {key: params[key] for key in MANIFEST_ARGUMENTS if key != "manifest" and params[key] is not None}
    keys["models"] = [_with_size(model) for model in params["models"]]
    text = json.dumps(_without_nothing({"version": 1, **keys}), indent=1, ensure_ascii=False)
    return _NOT_AS_IT_IS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def manifest_words(params: Document) -> list[str]:
    """Name the manifest, wherever it is."""
    if params["manifest"] is not None:
        return [_no_option(params["manifest"])]
    return ["-"] if params["models"] is not None else []


def _no_option(path: str) -> str:
    return path if not path.startswith("-") else os.path.join(os.curdir, path)


def _with_size(model: object) -> object:
    """Take a size that a template made text of for the number that it is."""
    if isinstance(model, dict) and isinstance(model.get("size"), str) and model["size"].isdecimal():
        return {**model, "size": int(model["size"])}
    return model


def _without_nothing(value: object) -> object:
    """Drop keys of mappings that were not given: Ansible fills them in with nothing."""
    if isinstance(value, dict):
        return {key: _without_nothing(each) for key, each in value.items() if each is not None}
    return value


def _found(module: AnsibleModule) -> str:
    params = module.params
    if params["virtualenv"] is not None:
        path = os.path.join(params["virtualenv"], "bin", "ocrstate")
        if os.access(path, os.X_OK):
            return path
        hint = "give `virtualenv` the folder that ocrstate is installed in"
        _fail_not_found(module, f"there is no {path} that this user may run", hint)
    name = params["executable"] or "ocrstate"
    if os.sep in name:
        path = os.path.expanduser(name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
        _fail_not_found(module, f"{path} is no program that this user may run", "give `executable` its path")
    found: str | None = module.get_bin_path(name)
    if found is None:
        _fail_not_found(module, f"{name} is not on the PATH", "say where it is, with `executable` or `virtualenv`")
    return found


def _fail_not_found(module: AnsibleModule, message: str, hint: str) -> NoReturn:
    told = f"ocrstate was not found on this host: {message}\n{hint}; the role ocrstate.ocrstate.host installs it"
    module.fail_json(msg=told, error_code="ocrstate-not-found")
    raise AssertionError  # that has ended the process

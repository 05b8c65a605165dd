"""Spell commands so that they can be pasted. Pure."""

from __future__ import annotations

import shlex


def shell_word(text: str) -> str:
    """Spell a word for a shell, so that it can be shown and pasted whatever is in it."""
    if text.isprintable():
        return shlex.quote(text)
    return f"$'{''.join(map(_octal, text.encode('utf-8', 'surrogateescape')))}'"


def _octal(byte: int) -> str:
    return chr(byte) if chr(byte).isascii() and chr(byte).isprintable() and byte not in b"'\\" else f"\\{byte:03o}"


def command(store_path: str, *words: str) -> str:
    """Return a command that works on a store wherever it is pasted; only its first words are given."""
    return f"ocrstate {' '.join(words)} --store {shell_word(store_path)}"


def recover_command(store_path: str) -> str:
    """Return the command that finishes or takes back what was broken off in a store."""
    return command(store_path, "recover")


def restore_command(run_id: str, store_path: str, name: str | None = None) -> str:
    """Return the command that puts back what a run removed: all, or the model of a name."""
    store = f"--store {shell_word(store_path)}"
    if name is None:
        return f"ocrstate restore {run_id} {store}"
    if name.startswith("-"):
        return f"ocrstate restore {run_id} {store} -- {shell_word(name)}"
    return f"ocrstate restore {run_id} {shell_word(name)} {store}"


def history_command(store_path: str) -> str:
    """Return the command that shows what runs did in a store."""
    return command(store_path, "history")

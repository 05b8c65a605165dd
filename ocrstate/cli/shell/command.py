"""The command that prints what lets a shell complete the others."""

from __future__ import annotations

import click

from ocrstate.cli.console import Console
from ocrstate.cli.exits import Exit
from ocrstate.cli.shell.scripts import SCRIPTS


@click.command("completion", short_help="Print what lets a shell complete commands and names.")
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(tuple(SCRIPTS)))
def completion_command(shell: str) -> int:
    """Print a script that lets a shell complete commands, options, manifests, models and runs when you press Tab.

    To try it, in the shell that you are in:

    \b
    Example:
      eval "$(ocrstate completion bash)"
      eval "$(ocrstate completion zsh)"
      ocrstate completion fish | source

    To keep it, put that line at the end of ~/.bashrc, of ~/.zshrc (behind compinit), or of
    ~/.config/fish/config.fish; or write the script to a file, which saves a moment at each start:

    \b
    ocrstate completion bash > ~/.local/share/bash-completion/completions/ocrstate
    ocrstate completion zsh > ~/.zfunc/_ocrstate
    ocrstate completion fish > ~/.config/fish/completions/ocrstate.fish

    For bash, that needs the package bash-completion; for zsh, fpath+=~/.zfunc before compinit in ~/.zshrc. The folders
    may have to be made first.
    """
    Console("never").answer(SCRIPTS[shell])
    return Exit.DONE

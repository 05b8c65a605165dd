"""What a shell runs to complete a command line. Pure.

Each script hands over words that it has not looked into, each ending with a NUL, and gets lines ``kind,value`` or
``kind,value<TAB>help``. No value holds a control character. The kinds are ``plain``; ``part``, what the next word
begins with; ``file`` and ``dir``, for what the shell does better: paths with ``~`` and variables.
"""

from __future__ import annotations

from typing import Final

VARIABLE: Final = "_OCRSTATE_COMPLETE"
"""The environment variable by which a script says for which shell it asks."""

_BASH: Final = """\
_ocrstate_completion() {
    local line kind value
    COMPREPLY=()
    while IFS= read -r line; do
        kind=${line%%,*} value=${line#*,}
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            part) COMPREPLY+=("$value"); compopt -o nospace ;;
            file) compopt -o default ;;
            dir) compopt -o dirnames ;;
        esac
    done < <(printf '%s\\0' "${COMP_LINE:0:COMP_POINT}" "$2" | _OCRSTATE_COMPLETE=bash "$1" 2>/dev/null)
}
complete -o nosort -F _ocrstate_completion ocrstate 2>/dev/null || complete -F _ocrstate_completion ocrstate
"""

_ZSH: Final = """\
#compdef ocrstate
_ocrstate_completion() {
    local line kind value
    local -a answer plain parts described
    answer=("${(@f)$(
        printf '%s\\0' "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" | _OCRSTATE_COMPLETE=zsh "${(Q)words[1]}" 2>/dev/null
    )}")
    for line in "${answer[@]}"; do
        kind=${line%%,*} value=${${line#*,}%%$'\\t'*}
        case $kind in
            (plain)
                if [[ $line == *$'\\t'* ]]; then
                    described+=("${value//:/\\\\:}:${line#*$'\\t'}")
                else
                    plain+=("$value")
                fi ;;
            (part) parts+=("$value") ;;
            (file) compset -P '--[a-z-]#='; _files && return ;;
            (dir) compset -P '--[a-z-]#='; _files -/ && return ;;
        esac
    done
    local found=1
    (( $#described )) && _describe -V ocrstate described && found=0
    (( $#plain )) && compadd -V ocrstate -a plain && found=0
    (( $#parts )) && compadd -V ocrstate -S '' -a parts && found=0
    return found
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _ocrstate_completion "$@"
else
    compdef _ocrstate_completion ocrstate
fi
"""

_FISH: Final = """\
function _ocrstate_completion
    set -l words (commandline -opc)
    printf '%s\\0' $words (commandline -ct) | _OCRSTATE_COMPLETE=fish $words[1] 2>/dev/null | while read -l line
        switch $line
            case 'file,*'
                __fish_complete_path (commandline -ct)
            case 'dir,*'
                __fish_complete_directories (commandline -ct)
            case '*'
                string replace -r '^[a-z]+,' '' -- $line
        end
    end
end
complete --command ocrstate --no-files --keep-order --arguments '(_ocrstate_completion)'
"""

SCRIPTS: Final = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}

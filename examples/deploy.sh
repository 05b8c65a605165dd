#!/usr/bin/env bash
# Bring the models of this host to what a manifest says, and take the removal back if the application then fails.
#
#   deploy.sh models.yml ./smoke-test --quick
#
# Ends with the exit code of ocrstate: 0 done or nothing to do, 1 error, 2 done but the store differs again, 3 refused,
# 4 half-way, 5 another run is at work. Or with 6 if the smoke test failed: what had been removed or replaced is back
# then, or the last lines say why not.
set -euo pipefail

if [ $# -lt 2 ]; then
    echo "usage: $0 MANIFEST SMOKE_TEST [ARGUMENT]..." >&2
    exit 64
fi
manifest=$1
shift
max_remove=${MAX_REMOVE:-5} # a deploy that removes more is a mistake
retain=${RETAIN:-7d}        # without it, nothing can be taken back
patience=${PATIENCE:-60}    # seconds to wait for another run

# 1. Show what would change. Exit code 2 says that something would, all but 0 and 2 that it cannot be told.
code=0
ocrstate plan "$manifest" --retain "$retain" --detailed-exitcode || code=$?
case $code in
    0) exit 0 ;;
    2) ;;
    *) exit "$code" ;;
esac

# 2. Make it so. What goes wrong is said on standard error; the result on standard output names the run.
apply() {
    code=0
    result=$(ocrstate apply "$manifest" --yes --max-remove "$max_remove" --retain "$retain" --lock-timeout "$patience" \
        --json) || code=$?
}
apply
if [ "$code" -eq 4 ]; then # broken off half-way, and nothing is lost: put in order, and try once more
    ocrstate recover --manifest "$manifest" || exit 4
    apply
fi
case $code in
    0) ;;
    2) echo "deploy: done, but the store differs again: something else writes into it" >&2 ;;
    3) echo "deploy: refused; nothing was changed" >&2 && exit 3 ;;
    5) echo "deploy: another run is at work; nothing was changed" >&2 && exit 5 ;;
    *) exit "$code" ;;
esac
run=$(sed -n 's/.*"run_id": "\([^"]*\)".*"changed": true.*/\1/p' <<< "$result")
if [ -z "$run" ]; then exit "$code"; fi
ocrstate history "$run" --manifest "$manifest"

# 3. Try the application. If it fails, put back what the run took away; what it fetched stays.
if ! "$@"; then
    echo "deploy: the smoke test failed, taking back the run $run" >&2
    ocrstate restore "$run" --manifest "$manifest" --overwrite --yes || true
    exit 6
fi
exit "$code"

#!/bin/sh
# Bring the models to what the manifest says, then become the application. Without its models it is not started.
#
#   MODELS_MANIFEST  the manifest (default: /etc/ocr/models.yml)
#   TMPDIR           a folder that can be written (default: /tmp); with a read-only root mount a tmpfs there
set -eu

if [ $# -eq 0 ]; then
    echo "entrypoint: no application to start" >&2
    exit 64
fi
export TMPDIR="${TMPDIR:-/tmp}"
export XDG_CACHE_HOME="${XDG_CACHE_HOME:-$TMPDIR}" # what is remembered of contents; put it on a volume to keep it
if ! [ -w "$TMPDIR" ]; then
    echo "entrypoint: $TMPDIR cannot be written: mount a tmpfs there (docker run --tmpfs $TMPDIR)" >&2
    exit 1
fi

# The first process of a container gets no signal that it does not wait for, and a shell waits for nothing while a
# command runs in front of it: so ocrstate runs behind it, and what asks the container to stop is passed on.
ocrstate apply "${MODELS_MANIFEST:-/etc/ocr/models.yml}" --yes --lock-timeout 600 &
run=$!
trap 'kill -TERM "$run"' TERM INT
while :; do # the first wait ends when a signal comes, and the run a little later
    code=0
    wait "$run" || code=$?
    kill -0 "$run" 2> /dev/null || break
done
trap - TERM INT

# 0: as it should be. 2: it was, and something has written there since. Anything else is said above; a restart tries again.
case $code in
    0 | 2) exec "$@" ;;
    *) exit "$code" ;;
esac

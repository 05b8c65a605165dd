#!/bin/sh
# The main job of ocrstate on the real engine: validate, plan, apply, undo, carry out
# a saved plan, fetch what is missing or wrong, and plan again to see that nothing is left to do.
# It works in .demo/, which it lays out anew each time.
set -eu
cd "$(dirname "$0")/.."

rm -rf .demo
mkdir -p .demo/Aspose.AI.LLM/models/handwriting
cd .demo
export XDG_CACHE_HOME="$PWD/.cache" # what is remembered of contents
export XDG_DATA_HOME="$PWD/.data"   # with a data folder of yours, the engine would keep its models in there

model() { head -c "$2" /dev/zero | tr '\0' 'm' > "Aspose.AI.LLM/models/$1"; }
model en_ocr_v2.bin 2400000
model fr_ocr_v2.bin 1900000
model handwriting/en_notes_v1.bin 800000
model old_en_ocr_v1.bin 2100000
model old_fr_ocr_v1.bin 1700000

cat > models.yml <<'YAML'
# yaml-language-server: $schema=../schemas/manifest.schema.json
version: 1
models:
  - en_ocr_v2.bin
  - name: fr_ocr_v2.bin
    size: 1900000
    description: French, approved 2026-10
  - handwriting/en_notes_v1.bin
YAML

run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

run cat models.yml
run find Aspose.AI.LLM/models -type f
run ocrstate validate models.yml
run ocrstate plan models.yml
run ocrstate apply models.yml --yes --retain 7d
run ocrstate history
run ocrstate restore
run ocrstate plan models.yml --out plan.json
run ocrstate apply plan.json
run ocrstate plan models.yml

# One model is missing, and a server has it; one has the wrong content, and a folder has the right one; one is unlisted.
mkdir golden
head -c 1500000 /dev/zero | tr '\0' i > golden/it_ocr_v1.bin
cp Aspose.AI.LLM/models/fr_ocr_v2.bin golden/
printf 'damaged' | dd of=Aspose.AI.LLM/models/fr_ocr_v2.bin conv=notrunc status=none
model stray.bin 900000

export NO_PROXY=127.0.0.1
python -u -m http.server 0 --bind 127.0.0.1 --directory golden > server.log 2>&1 &
server=$!
trap 'kill $server' EXIT
until port=$(sed -n 's/^Serving HTTP on .* port \([0-9]*\) .*/\1/p' server.log) && [ -n "$port" ]; do sleep 0.1; done

digest() { python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"; }
cat > models.yml <<YAML
# yaml-language-server: \$schema=../schemas/manifest.schema.json
version: 1
models:
  - en_ocr_v2.bin
  - name: fr_ocr_v2.bin
    size: 1900000
    sha256: $(digest golden/fr_ocr_v2.bin)
    source: file:golden/fr_ocr_v2.bin
    description: French, approved 2026-10
  - name: it_ocr_v1.bin
    sha256: $(digest golden/it_ocr_v1.bin)
    source: http://127.0.0.1:$port/it_ocr_v1.bin
  - handwriting/en_notes_v1.bin
YAML
run cat models.yml
run ocrstate apply models.yml --yes
run ocrstate lock models.yml --yes
run ocrstate verify models.yml
run ocrstate check models.yml --quiet
run find Aspose.AI.LLM/models -name '*.bin'

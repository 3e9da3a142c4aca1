#!/usr/bin/env bash
# What is in the program, and whether anybody gets the same one: builds it twice, compares, and writes a bill of
# materials (CycloneDX) beside it.  supply.sh FOLDER, from the top of the repository.
set -euo pipefail
out=${1:?usage: packaging/supply.sh FOLDER}
mkdir -p "$out"; out=$(realpath "$out")
# The second build begins with an empty cache, so nothing of the first is in it.
CGO_ENABLED=0 go build -trimpath -buildvcs=false -o "$out/beianwatch" ./cmd/beianwatch
GOCACHE=$out/cache CGO_ENABLED=0 go build -trimpath -buildvcs=false -o "$out/again" ./cmd/beianwatch
(cd "$out" && sha256sum beianwatch again)
cmp "$out/beianwatch" "$out/again" || { echo "two builds of one commit differ"; exit 1; }
rm -rf "$out/cache" "$out/again"
go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0 app -json -licenses -main cmd/beianwatch -output "$out/beianwatch.cdx.json" .

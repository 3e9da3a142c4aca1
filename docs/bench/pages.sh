#!/usr/bin/env bash
# How long the server takes for each page and each call of the dashboard, over a database as many nights leave it.
#
#   pages.sh ENGINE [DOMAINSxNIGHTS]
#
# ENGINE is sqlite or postgres (a server of its own, fsync off). Of the nights the last two are whole, older ones hold what thinning
# leaves; a hundredth of the domains change every night. With KEEP=FILE the SQLite database stays there, with KEEP=postgres://… an
# empty database of a server of yours is filled; it is measured again without being filled. 1000000x60 takes some 6 GB in TMPDIR and half an hour of one core. Nothing else may run beside it.
set -euo pipefail
cd "$(dirname "$0")/../.."
BEIANWATCH_SIZE=${2:-100000x10} BEIANWATCH_SIZE_DB=${KEEP:-} go test ./reports/web -run "^TestAtSize\$/^$1\$" -v -count 1 -timeout 6h

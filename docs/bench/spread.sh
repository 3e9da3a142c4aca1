#!/usr/bin/env bash
# What many workers on one PostgreSQL do, measured and proved.
#
#   spread.sh BINARY TOOLS DIR WHAT
#
# BINARY is the built beianwatch, TOOLS the folder of the lab's gen.py and delay.py, DIR an empty folder for everything that is
# made here. It needs root (port 80 on 127.6/16), nsd, python3 and PostgreSQL, and leaves nothing running. WHAT is
#
#   throughput   4 workers ÷ 1, --concurrency 16 each, sites that answer after 300 ms, no limit per address; RUNS=5, NAMES=1500 a worker
#   inflight     the most requests in flight to one address, 4 workers, --per-ip 2; NAMES=4000
#   kill         the second run over an inventory: a random worker gets kill -9 every 5 s and is started again, PostgreSQL is
#                restarted once; NAMES=20000
#   kill-sqlite  the same on SQLite, where there is one process to be killed
#   renderers    one worker and two renderers on PostgreSQL, one of which gets kill -9 every 20 s, against one process that does all of it:
#                every outcome the same. It needs a browser and CORPUS, a folder of real pages for gen.py; NAMES=2000
set -euo pipefail
bin=$(realpath "$1") tools=$(realpath "$2") what=$4
mkdir -p "$3"; dir=$(realpath "$3"); chmod 755 "$dir"
. "$(dirname "$0")/postgres.sh"
port=5310
started=() # processes of ours, ended at the end

clean() {
  for p in "${started[@]}"; do kill "$p" 2>/dev/null || true; done
  for p in "${started[@]}"; do wait "$p" 2>/dev/null || true; done
  stop_pg || true
}
trap clean EXIT

# The lab: a zone whose names all lead to sites that take 300 ms, on addresses that no other lab uses.
lab() {
  python3 "$tools/gen.py" "$dir/lab" "$1" --slow >/dev/null
  sed -i 's/ A 127\.5\./ A 127.6./' "$dir/lab/cn.zone"
  sed -i "s/@5300/@$port/; s/^server:/server:\n  rrl-ratelimit: 0/" "$dir/lab/nsd.conf"
  sed 's/127\.5\./127.6./' "$tools/delay.py" >"$dir/delay.py"
  nsd -d -c "$dir/lab/nsd.conf" & started+=($!)
  slow_sites
  for _ in $(seq 100); do (exec 3<>/dev/tcp/127.6.0.2/80) 2>/dev/null && break; sleep 0.1; done
}
slow_sites() { rm -f "$dir/delay.json"; python3 "$dir/delay.py" 200 "$dir/delay.json" 2>/dev/null & sites=$!; started+=("$sites"); }

flags() { # common to all processes
  echo "--db $dsn --resolver 127.0.0.1:$port --allow-net 127.0.0.0/8 --mainland-net 127.0.0.0/8 --render ${render:-never} --confirm 1s,2s --timeout 5s --concurrency 16 $limits"
}
worker() { # NUMBER: starts one and puts its process id into $pid
  # shellcheck disable=SC2046
  "$bin" serve --role worker $(flags) --dir "$dir/w$1" --quiet >>"$dir/worker$1.log" 2>&1 & pid=$!
  started+=("$pid")
}
begin_scan() { # NAMES: starts one and puts its process id into $scanning
  head -$(($1 + 1)) "$dir/lab/inventory.csv" >"$dir/inventory.csv"
  # shellcheck disable=SC2046
  "$bin" scan "$dir/inventory.csv" $(flags) --dir "$dir/scan" --reports none --quiet >/dev/null 2>>"$dir/scan.log" & scanning=$!
  started+=("$scanning")
}
end_scan() { wait "$scanning" || [ $? = 3 ] || { echo "the scan failed: see $dir/scan.log"; exit 1; }; }
scan() { begin_scan "$1"; end_scan; }
ready() { # WORKERS: waits until so many are connected
  for _ in $(seq 200); do [ "$(sql "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted")" -ge "$1" ] && return; sleep 0.1; done
  echo "workers did not come up: see $dir/worker*.log"; exit 1
}
ends() { for p in "$@"; do kill "$p"; done; for p in "$@"; do wait "$p" || true; done; }

rate() { # WORKERS NAMES: names a second with so many workers, the scan being one of them
  fresh_pg
  local team=() i
  scan 1 # makes the tables
  for ((i = 1; i < $1; i++)); do worker $i; team+=("$pid"); done
  [ "$1" = 1 ] || ready $(($1 - 1))
  local from=$(date +%s.%N)
  scan "$2"
  python3 -c "import time; print(round($2 / (time.time() - $from), 1))"
  [ ${#team[@]} = 0 ] || ends "${team[@]}"
}

throughput() {
  local names=${NAMES:-1500} ratios=() one four
  limits="--per-ip 0 --per-ip-rate 0"
  lab $((4 * names))
  make_pg "$dir/pg" -c fsync=off -c max_connections=200
  for _ in $(seq "${RUNS:-5}"); do
    rate 1 "$names" >"$dir/one"; one=$(cat "$dir/one")
    rate 4 $((4 * names)) >"$dir/four"; four=$(cat "$dir/four")
    ratios+=("$(python3 -c "print(round($four / $one, 2))")")
    echo "names/s: 1 worker $one, 4 workers $four, ratio ${ratios[-1]}"
  done
  echo "4 workers ÷ 1: $(printf '%s\n' "${ratios[@]}" | sort -n | sed -n "$(((${#ratios[@]} + 1) / 2))p") (median of ${#ratios[@]}; wanted: 3.6)"
}

inflight() {
  limits="--per-ip 2 --per-ip-rate 5"
  lab "${NAMES:-4000}"
  make_pg "$dir/pg" -c fsync=off -c max_connections=200
  rate 4 "${NAMES:-4000}" | sed 's/^/names\/s with 4 workers: /'
  kill "$sites"; wait "$sites" || true
  echo "delay.py: $(cat "$dir/delay.json") (wanted: never above 2)"
}

# left prints what the database has of the last run: verdicts, and rows that a run must not leave behind.
left() { # QUERY_COMMAND NAMES
  "$1" "SELECT 'verdicts: ' || COUNT(*) || ', names: ' || COUNT(DISTINCT domain) || ' of $2; run: ' || (SELECT verdicts || ' verdicts, ' || state FROM run ORDER BY id DESC LIMIT 1)
    FROM result WHERE run = (SELECT MAX(id) FROM run)"
  "$1" "SELECT 'by liveness: ' || liveness || ' ' || COUNT(*) FROM result WHERE run = (SELECT MAX(id) FROM run) GROUP BY liveness"
  "$1" "SELECT 'rows left over: targets ' || (SELECT COUNT(*) FROM target) || ', chunks ' || (SELECT COUNT(*) FROM chunk) || ', jobs ' ||
    (SELECT COUNT(*) FROM river_job WHERE state NOT IN ('completed', 'cancelled', 'discarded') AND kind <> 'calendar')"
}

kill9() {
  local names=${NAMES:-20000} team=() killed=0 i
  limits="--per-ip 0 --per-ip-rate 0"
  lab "$names"
  make_pg "$dir/pg" -c fsync=off -c max_connections=200; fresh_pg
  scan 1
  for i in 0 1 2 3; do worker $i; team+=("$pid"); done
  ready 4
  scan "$names"
  begin_scan "$names"
  local from=$SECONDS restarted=
  while sleep 5; kill -0 "$scanning" 2>/dev/null; do
    i=$((RANDOM % 4))
    kill -9 "${team[$i]}" || { echo "worker $i had ended by itself: see $dir/worker$i.log"; exit 1; }; wait "${team[$i]}" 2>/dev/null || true
    worker $i; team[i]=$pid; killed=$((killed + 1))
    if [ -z "$restarted" ] && [ $((SECONDS - from)) -gt 30 ]; then
      stop_pg immediate; sleep 1; start_pg; restarted=yes
    fi
  done
  end_scan
  ends "${team[@]}"
  echo "workers killed: $killed; PostgreSQL restarted: ${restarted:-no}; seconds: $((SECONDS - from))"
  left sql "$names"
}

kill9_sqlite() {
  local names=${NAMES:-20000} killed=0
  limits="--per-ip 0 --per-ip-rate 0 --concurrency 64"
  lab "$names"
  dsn=$dir/results.db
  scan "$names"
  local from=$SECONDS ended=
  while [ -z "$ended" ]; do
    begin_scan "$names"
    sleep 5
    if kill -9 "$scanning" 2>/dev/null; then
      wait "$scanning" 2>/dev/null || true
      killed=$((killed + 1))
    else
      end_scan
      ended=yes
    fi
  done
  echo "killed: $killed; seconds: $((SECONDS - from))"
  left lite "$names"
}
lite() { python3 -c 'import sqlite3, sys; [print(*row) for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2])]' "$dsn" "$1"; }

renderer() { # NUMBER: starts one and puts its process id into $pid
  # shellcheck disable=SC2046
  "$bin" serve --role renderer $(flags) --dir "$dir/r$1" --quiet >>"$dir/renderer$1.log" 2>&1 & pid=$!
  started+=("$pid")
}
outcomes() { # FILE: the outcomes of the last run, a line each
  # shellcheck disable=SC2046
  "$bin" report latest --db "$dsn" --format jsonl | python3 -c '
import json, sys
for r in map(json.loads, sys.stdin):
    for rule, o in r["outcomes"].items(): print(r["domain"], r["liveness"], rule, o, r["reasons"].get(rule, ""))' | sort >"$1"
}

renderers() {
  local names=${NAMES:-2000} team=() killed=0 i
  limits="--per-ip 0 --per-ip-rate 0" render=auto port=5300
  "$tools/up.sh" "$dir/lab" "$names" --corpus "$CORPUS" >/dev/null
  trap '"$tools/down.sh" "$dir/lab"; clean' EXIT
  dsn=$dir/results.db
  local from=$SECONDS
  scan "$names"; outcomes "$dir/one"
  echo "one process: $((SECONDS - from)) s"
  make_pg "$dir/pg" -c fsync=off -c max_connections=200; fresh_pg
  render=never scan 1
  for i in 0 1; do renderer $i; team+=("$pid"); done
  from=$SECONDS limits="$limits --render-workers"
  begin_scan "$names"
  limits=${limits% --render-workers}
  while sleep 20; kill -0 "$scanning" 2>/dev/null; do
    i=$((RANDOM % 2))
    kill -9 "${team[$i]}" || { echo "renderer $i had ended by itself: see $dir/renderer$i.log"; exit 1; }; wait "${team[$i]}" 2>/dev/null || true
    renderer $i; team[i]=$pid; killed=$((killed + 1))
  done
  end_scan
  ends "${team[@]}"
  outcomes "$dir/two"
  echo "renderers killed: $killed; seconds: $((SECONDS - from))"
  left sql "$names"
  diff "$dir/one" "$dir/two" >"$dir/differ" || true
  echo "outcomes: $(wc -l <"$dir/one") and $(wc -l <"$dir/two"); lines that differ: $(wc -l <"$dir/differ") (wanted: 0; see $dir/differ)"
}

case $what in
throughput) throughput ;;
inflight) inflight ;;
kill) kill9 ;;
kill-sqlite) kill9_sqlite ;;
renderers) renderers ;;
*) echo "WHAT is throughput, inflight, kill, kill-sqlite or renderers"; exit 2 ;;
esac

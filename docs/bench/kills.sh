#!/usr/bin/env bash
# Kills a scan at random moments until it has died often enough: is anything lost, told twice, or left behind?
#
#   kills.sh BINARY DIR ENGINE [KILLS] [NAMES]
#
# BINARY is the built beianwatch, DIR an empty folder, ENGINE sqlite or postgres. A run over a small internet on loopback, with a browser,
# evidence and reports, is killed by kill -9 a random time after its start and resumed by the same command until it ends; then
# the next run begins, until there were so many kills, ten in a run at most. Every run must tell what an undisturbed one told, and leave
# the same files; a name that was under way in four processes in a row that died may be unknown for that, and is counted. So is what was
# under way at each kill. It needs nsd, nginx, python3, a Chromium, and PostgreSQL for that engine.
set -euo pipefail
bin=$(realpath "$1") engine=$3 kills=${4:-100} names=${5:-120}
mkdir -p "$2"; dir=$(realpath "$2"); chmod 755 "$dir"
. "$(dirname "$0")/internet.sh"
. "$(dirname "$0")/postgres.sh"
declare -A pids=()
clean() {
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done
  for p in "${pids[@]}"; do wait "$p" 2>/dev/null || true; done
  stop_pg || true
}
trap clean EXIT
make_internet "$dir/lab" "$names" "$dir/inventory.csv"
case $engine in
sqlite) dsn=$dir/results.db ;;
postgres) make_pg "$dir/pg"; fresh_pg ;;
*) echo "ENGINE is sqlite or postgres"; exit 2 ;;
esac
{ printf 'lang: en\ndb: %s\ndir: %s/data\nout: %s/reports\nreports: all\nevidence: all\nprogress: none\n' "$dsn" "$dir" "$dir"; internet_settings "$dir/inventory.csv" | sed '/^calendar/,$d'; } >"$dir/beianwatch.yaml"
grep -v ^out "$dir/beianwatch.yaml" >"$dir/read.yaml"
mkdir "$dir/tmp"
if [ "$engine" = postgres ]; then ask=("$(pgbin psql)" -h "$pg" -U postgres -d "$db" -qAtF ' ' -c); else ask=(); fi
TMPDIR=$dir/tmp python3 - "$bin" "$dir" "$kills" "$names" "${ask[@]}" <<'END'
import collections, json, os, random, sqlite3, subprocess, sys, time
bin, folder, kills, names, psql = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:]
log = open(f"{folder}/scan.log", "a")
def call(*args): return subprocess.run([bin, *args, "--config", f"{folder}/read.yaml"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True).stdout
def ask(query):
    if psql: return [tuple(line.split(" ")) for line in subprocess.run([*psql, query], stdout=subprocess.PIPE, text=True, check=True).stdout.split("\n") if line]
    db = sqlite3.connect(f"file:{folder}/results.db?mode=ro", uri=True, timeout=30)
    try: return db.execute(query).fetchall()
    finally: db.close()
def told(run):
    """What a run says of each name."""
    said = {}
    for r in map(json.loads, call("report", run, "--format", "jsonl").splitlines()):
        if r["domain"] in said: faults.append(f"{run}: {r['domain']} has two verdicts")
        said[r["domain"]] = r["liveness"], r["cause"], r["outcomes"], r["reasons"]
    if len(said) != names: faults.append(f"{run}: {len(said)} verdicts")
    return said
def files(run):
    top = f"{folder}/reports/{run}"
    return {os.path.relpath(os.path.join(d, f), top) for d, _, fs in os.walk(top) for f in fs}
def scan(fresh):
    """Starts a run or goes on with it."""
    return subprocess.Popen([bin, "scan", f"{folder}/inventory.csv", "--config", f"{folder}/beianwatch.yaml", "--quiet", *(["--fresh"] if fresh else [])], stdout=subprocess.DEVNULL, stderr=log)
def last(): return ask("SELECT id FROM run ORDER BY id DESC LIMIT 1")[0][0]
p = scan(True)
if p.wait() != 3: sys.exit(f"the first run: exit code {p.returncode}, see {folder}/scan.log")
first, faults = last(), []
want, pages = told(first), files(first)
began = time.time()
p = scan(True); p.wait()
whole = time.time() - began # with what is kept of the run before
killed, runs, lost, under = 0, 0, 0, collections.Counter()
while killed < kills:
    fresh, began, before = True, time.time(), killed
    while True:
        p = scan(fresh)
        try:
            p.wait(timeout=random.uniform(0.05, whole * 1.1) if killed - before < 10 else None)
            break
        except subprocess.TimeoutExpired: pass
        p.kill(); p.wait(); killed += 1
        at = [kind for kind, in ask("SELECT kind FROM river_job WHERE state = 'running' AND kind <> 'calendar'")]
        for kind in set(at) or {"nothing"}: under[kind] += 1
        fresh = ask("SELECT COUNT(*) FROM run WHERE state NOT IN ('done', 'failed')")[0][0] in (0, "0") # killed before a run was begun, or after it had ended
    if p.returncode != 3: faults.append(f"exit code {p.returncode}")
    run, runs = last(), runs + 1
    got = told(run)
    other = {d for d in want.keys() | got.keys() if want.get(d) != got.get(d)}
    gone = {d for d in other if got.get(d, " ")[:2] == ("unknown", "ours")}
    lost += len(gone)
    for d in other - gone: faults.append(f"{run}: {d}: {got.get(d)}, not {want.get(d)}")
    if files(run) != pages: faults.append(f"{run}: files {sorted(files(run) ^ pages)[:4]}")
    left = {t: int(ask(f"SELECT COUNT(*) FROM {t}")[0][0]) for t in ("target", "chunk")}
    left["job"] = int(ask("SELECT COUNT(*) FROM river_job WHERE state NOT IN ('completed', 'cancelled', 'discarded') AND kind <> 'calendar'")[0][0])
    if any(left.values()): faults.append(f"{run}: rows left {left}")
    judged = call("judge", run)
    if f"judged {names - len(gone)} of {names} domains again" not in judged or " 0 with evidence that cannot be read" not in judged: faults.append(f"{run}: {judged.strip().splitlines()[-1:]}")
    print(f"run {runs}: {killed} kills so far, {time.time() - began:.0f} s{', FAULT ' + faults[-1] if faults else ''}", flush=True)
print("a run undisturbed:", round(whole, 1), "s; names:", names)
print("under way at a kill:", ", ".join(f"{k} {n}" for k, n in under.most_common()))
print("names unknown because their processes died:", lost, "of", runs * names)
stray = len(os.listdir(f"{folder}/tmp"))
print("left in the folder for temporary files:", stray)
if lost * 100 > runs * names: faults.append(f"{lost} names are unknown")
if stray > 3: faults.append(f"{stray} temporary files are left") # of the last process, whose browser may just have been replaced
if not {"visit", "render", "finish"} <= under.keys(): faults.append("the kills did not meet all kinds of work: give more KILLS or NAMES")
print(f"{killed} kills, {runs} runs: {len(faults)} faults")
for f in faults: print(" ", f)
sys.exit(bool(faults))
END

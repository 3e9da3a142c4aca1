#!/usr/bin/env bash
# A day of serve in some minutes: does anything grow?
#
#   soak.sh BINARY DIR [MINUTES] [NAMES]
#
# BINARY is the built beianwatch, DIR an empty folder. One serve on SQLite, with a dashboard and a browser, works run after run over a
# small internet on loopback, while a reader goes through the dashboard and sites are checked on demand. Once a minute DIR/soak.csv gets
# a line: resident memory of serve and of its browsers, descriptors, goroutines, rows, database and evidence on disk. Three runs are kept whole. It needs nsd, nginx,
# python3 and a Chromium.
set -euo pipefail
bin=$(realpath "$1") minutes=${3:-60} names=${4:-200}
mkdir -p "$2"; dir=$(realpath "$2")
. "$(dirname "$0")/internet.sh"
declare -A pids=()
clean() {
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done
  for p in "${pids[@]}"; do wait "$p" 2>/dev/null || true; done
}
trap clean EXIT
chmod 755 "$dir"
make_internet "$dir/lab" "$names" "$dir/inventory.csv"
web=$(free_port)
cat >"$dir/beianwatch.yaml" <<END
lang: en
db: $dir/results.db
out: $dir/reports
reports: findings
evidence: findings
keep: 3
listen: 127.0.0.1:$web
$(internet_settings "$dir/inventory.csv")
END
"$bin" serve --config "$dir/beianwatch.yaml" >"$dir/serve.log" 2>&1 & pids[serve]=$!
python3 - "$web" "$minutes" "$dir" "${pids[serve]}" <<'END'
import csv, glob, json, os, re, sqlite3, sys, threading, time, urllib.error, urllib.request
web, minutes, folder, serve = sys.argv[1], float(sys.argv[2]), sys.argv[3], int(sys.argv[4])
base = f"http://127.0.0.1:{web}"
def call(path, body=None):
    ask = urllib.request.Request(base + path, json.dumps(body).encode() if body is not None else None, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(ask, timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as e:
        e.read()
        return "" if e.code in (404, 409, 429, 503) else sys.exit(f"{path}: {e}")
for _ in range(300):
    try:
        if '"ok"' in call("/healthz"): break
    except OSError: time.sleep(0.2)
end, done, checks, pages = time.time() + 60 * minutes, 0, 0, 0
def runs():
    global done
    while time.time() < end:
        run = json.loads(call("/api/v1/runs", {"inventory": "inventory.csv"}) or "{}").get("id")
        while run and time.time() < end and json.loads(call(f"/api/v1/runs/{run}"))["state"] not in ("done", "failed"): time.sleep(0.5)
        done += 1
def reader():
    global pages
    while time.time() < end:
        for path in ("/", "/domains?q=stack", "/runs", "/rules", "/owners", "/waivers", "/calendar", "/domains/stack00002.cn", "/metrics", "/api/v1/domains"):
            call(path); pages += 1; time.sleep(0.1)
def asker():
    global checks
    while time.time() < end:
        call("/api/v1/checks", {"domain": f"stack{checks % 200 + 1:05d}.cn"}); checks += 1; time.sleep(3)
for f in (runs, reader, asker): threading.Thread(target=f, daemon=True).start()
def resident(pid): return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1)) // 1024
def family(pid):
    kids = [int(k) for t in glob.glob(f"/proc/{pid}/task/*/children") for k in open(t).read().split()]
    return kids + [g for k in kids for g in family(k)]
def rows():
    db = sqlite3.connect(f"file:{folder}/results.db?mode=ro", uri=True)
    return {t: db.execute(f'SELECT COUNT(*) FROM "{t}"').fetchone()[0] for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
def disk(path): return sum(os.lstat(os.path.join(d, f)).st_size for d, _, fs in os.walk(path) for f in fs if os.path.exists(os.path.join(d, f)))
with open(f"{folder}/soak.csv", "w") as out:
    table = csv.writer(out)
    table.writerow(["minute", "serve MB", "browsers MB", "descriptors", "goroutines", "rows", "jobs", "disk MB", "runs", "checks", "pages"])
    began = time.time()
    while True:
        metrics = call("/metrics")
        r, browsers = rows(), 0
        for k in family(serve):
            try: browsers += resident(k)
            except (OSError, AttributeError): pass
        line = [round((time.time() - began) / 60, 1), resident(serve), browsers, len(os.listdir(f"/proc/{serve}/fd")), int(float(re.search(r"^go_goroutines (\S+)", metrics, re.M).group(1))),
                sum(r.values()), r.get("river_job", 0), (disk(f"{folder}/evidence") + sum(os.path.getsize(f) for f in glob.glob(f"{folder}/results.db*"))) >> 20, done, checks, pages]
        table.writerow(line); out.flush(); print(*line, flush=True)
        if time.time() >= end: break
        time.sleep(min(60, max(0, end - time.time())))
    top = sorted(r.items(), key=lambda x: -x[1])[:12]
    print("rows:", ", ".join(f"{t} {n}" for t, n in top))
END

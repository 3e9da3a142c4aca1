#!/usr/bin/env python3
"""Repeat the figures of benchmarks.md in the lab, and print them as ratios.

usage: run.py LABTOOLS CORPUS OUT [--quick] [--runs N] [--names N] [SECTION ...]

LABTOOLS holds up.sh, down.sh, gen.py and the yardstick floor/; CORPUS real pages for gen.py; OUT is a folder for the lab, the
databases and results.txt. Sections: cpu clean night dead memory workers go; all of them if none is named. Needs root (ports 80 and
443 on 127/8), Go, and what up.sh needs. Nothing else should run meanwhile. Every ratio is the median of the runs, each of which has
the yardstick right before and after the scan (that after one is that before the next); CPU, time and memory are taken from outside.
"""
import argparse, os, re, shutil, sqlite3, statistics, subprocess, sys, time

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
ap = argparse.ArgumentParser()
ap.add_argument("labtools"); ap.add_argument("corpus"); ap.add_argument("out"); ap.add_argument("section", nargs="*")
ap.add_argument("--quick", action="store_true", help="3 runs over half the names")
ap.add_argument("--runs", type=int); ap.add_argument("--names", type=int)
ap.add_argument("--many", type=int, default=1_000_000, help="names of the larger run of the section memory")
a = ap.parse_intermixed_args()
tools, corpus, out = (os.path.abspath(p) for p in (a.labtools, a.corpus, a.out))
runs = a.runs or (3 if a.quick else 5)
names = a.names or (5_000 if a.quick else 10_000)
sections = a.section or ["cpu", "clean", "night", "dead", "memory", "workers", "go"]
lab = f"{out}/lab"
floor, scanner = f"{out}/floor", f"{out}/beianwatch"
resolver = "127.0.0.1:5300"
log = None


def say(*words):
    print(*words, flush=True)
    print(*words, file=log, flush=True)


def sh(*cmd, **more):
    return subprocess.run(cmd, check=True, text=True, **more)


def up(n, *options):
    sh(f"{tools}/up.sh", lab, str(n), "--corpus", corpus, *options, stdout=subprocess.DEVNULL)


def run_floor(mode, file):
    line = sh(floor, mode, "-resolver", resolver, file, stdout=subprocess.PIPE).stdout
    return {k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", line)}


def start_scan(inventory, db):
    cmd = [scanner, "scan", inventory, "--db", db, "--resolver", resolver, "--allow-net", "127.0.0.0/8", "--mainland-net", "127.0.0.0/8",
           "--per-ip", "0", "--per-ip-rate", "0", "--render", "never", "--reports", "none", "--confirm", "1s,2s", "--timeout", "5s", "--quiet"]
    return subprocess.Popen(cmd, stdout=subprocess.DEVNULL), time.time()


def end_scan(p, began):
    """What a scan took, measured from outside: CPU s, wall s, memory MB."""
    _, status, usage = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode not in (0, 3):
        sys.exit(f"the scan ended with {p.returncode}: {' '.join(p.args)}")
    return usage.ru_utime + usage.ru_stime, time.time() - began, usage.ru_maxrss / 1024


def scan(inventory, db):
    return end_scan(*start_scan(inventory, db))


def fresh(name):
    folder = f"{out}/{name}"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return f"{folder}/results.db"


def middle(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def head(source, n, to):
    with open(source, encoding="utf-8") as f, open(to, "w", encoding="utf-8") as g:
        for _, line in zip(range(n), f):
            g.write(line)
    return to


def beside(inventory, listing, scan_once):
    """scan_once between two runs of the yardstick; the ratios of CPU a name and of names a second, and the figures."""
    cpus, speeds, micros, memories = [], [], [], []
    n = sum(1 for _ in open(listing))
    before = run_floor("-parse", listing)
    for i in range(runs):
        cpu, wall, memory = scan_once(i)
        after = run_floor("-parse", listing)
        yard = (before["cpu_us_per_name"] + after["cpu_us_per_name"]) / 2
        cpus.append(cpu / n * 1e6 / yard)
        speeds.append(n / wall / ((before["names_per_s"] + after["names_per_s"]) / 2))
        micros.append((cpu / n * 1e6, yard)); memories.append(memory)
        before = after
    ours, yard = (statistics.median(m[k] for m in micros) for k in (0, 1))
    return cpus, speeds, f"{ours / 1000:.2f} ms a name, yardstick {yard / 1000:.2f} ms; {max(memories):.0f} MB"


def section_cpu():
    """Five times the names: a scan ends some seconds after its last look, when failures are confirmed."""
    up(5 * names)
    cpus, speeds, figures = beside(f"{lab}/inventory.csv", f"{lab}/live.txt", lambda i: scan(f"{lab}/inventory.csv", fresh("cpu")))
    say(f"{5 * names} names, CPU a name ÷ floor -parse: {middle(cpus)}   [{figures}]")
    say(f"{5 * names} names, names a second ÷ floor -parse: {middle(speeds)}")


def section_clean():
    """Pages that nobody is accused on."""
    up(2 * names, "--clean")
    cpus, _, figures = beside(f"{lab}/inventory.csv", f"{lab}/live.txt", lambda i: scan(f"{lab}/inventory.csv", fresh("clean")))
    say(f"{2 * names} names that nobody is accused of, CPU a name ÷ floor -parse: {middle(cpus)}   [{figures}]")


def section_night():
    up(names)
    first = fresh("night0")
    scan(f"{lab}/inventory.csv", first)
    up(names, "--night", "1")

    def second(i):
        db = fresh("night1")
        shutil.rmtree(os.path.dirname(db))
        shutil.copytree(os.path.dirname(first), os.path.dirname(db))
        return scan(f"{lab}/inventory.csv", db)
    cpus, _, figures = beside(f"{lab}/inventory.csv", f"{lab}/live.txt", second)
    say(f"next night, CPU a name ÷ floor -parse: {middle(cpus)}   [{figures}]")


def live_rate(inventory, db, live):
    """Names a second from the start of the scan until 99 % of the live names have their verdict stored, and memory in MB."""
    p, began = start_scan(inventory, db)
    took = None
    while took is None and not os.waitid(os.P_PID, p.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        time.sleep(0.1)
        try:
            with sqlite3.connect(f"file:{db}?mode=ro", uri=True, timeout=5) as c:
                if c.execute("SELECT COUNT(*) FROM result WHERE liveness = 'serving'").fetchone()[0] >= 0.99 * live:
                    took = time.time() - began
        except sqlite3.OperationalError:
            pass  # there are no tables yet
    memory = end_scan(p, began)[2]
    if took is None:
        sys.exit(f"fewer than 99 % of {live} live names have a verdict")
    time.sleep(5)  # the DNS server limits answers for names that do not exist, by the second
    return 0.99 * live / took, memory


def section_dead():
    up(names, "--dead", "0.3")
    listed = {line.strip() for line in open(f"{lab}/live.txt")}
    alive = f"{out}/live.csv"
    with open(f"{lab}/inventory.csv", encoding="utf-8") as f, open(alive, "w", encoding="utf-8") as g:
        for i, line in enumerate(f):
            if i == 0 or line.split(",")[0] in listed:
                g.write(line)
    ratios, memories = [], []
    for _ in range(runs):
        alone, _ = live_rate(alive, fresh("alive"), len(listed))
        among, memory = live_rate(f"{lab}/inventory.csv", fresh("dead"), len(listed))
        ratios.append(among / alone); memories.append(memory)
    say(f"live names a second, 30 % dead ÷ none: {middle(ratios)}   [{max(memories):.0f} MB]")


def section_memory():
    """A run over many names, of which one in fifty has a site and the others no address; memory and CPU a name, taken from outside."""
    many, few = a.many, max(1, a.many // 10)
    up(many // 50)
    with open(f"{lab}/nsd.conf") as f:
        conf = f.read()
    with open(f"{lab}/nsd.conf", "w") as f:
        f.write(conf.replace("server:", "server:\n  rrl-ratelimit: 0", 1))  # its limit on names that do not exist is no subject here
    subprocess.run([f"{tools}/down.sh", lab])
    sh("nginx", "-c", f"{lab}/nginx.conf")
    sh("nsd", "-c", f"{lab}/nsd.conf")
    time.sleep(2)
    with open(f"{lab}/inventory.csv", encoding="utf-8") as f:
        live = f.read().splitlines()[1:]
    figures = []
    for n in (few, many):
        inventory = f"{out}/many.csv"
        with open(inventory, "w", encoding="utf-8") as f:
            f.write("domain,filing_status,filing_number,expect\n")
            for i in range(n):
                f.write(f"{live[i // 50]},\n" if i % 50 == 0 else f"none{i:08d}.cn,filed,京ICP备20000001号-1,closed\n")
        cpu, wall, memory = scan(inventory, fresh("many"))
        figures.append((memory, cpu / n))
        say(f"memory: {n} names: {memory:.0f} MB, {cpu / n * 1e6:.0f} us of CPU a name, {n / wall:.0f} names/s")
    say(f"memory: {many} names ÷ {few}: memory {figures[1][0] / figures[0][0]:.2f}, CPU a name {figures[1][1] / figures[0][1]:.2f}")


def go_test(package, *args, **env):
    p = subprocess.run(["go", "test", package, *args], cwd=root, env={**os.environ, **env}, text=True, stdout=subprocess.PIPE)
    if p.returncode:
        say(p.stdout)
        sys.exit(f"go test {package} failed")
    return p.stdout


def section_workers():
    sh(f"{tools}/down.sh", lab)
    for what, more in (("throughput", {"RUNS": str(runs)}), ("inflight", {}), ("kill", {}), ("kill-sqlite", {})):
        if a.quick:
            more["NAMES"] = "750" if what == "throughput" else "3000"
        folder = f"{out}/workers"
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        lines = sh(f"{here}/spread.sh", scanner, tools, folder, what, stdout=subprocess.PIPE, env={**os.environ, **more}).stdout.strip().splitlines()
        for line in lines[-3:]:
            say(f"workers, {what}: {line}")


def section_go():
    count = "3" if a.quick else "6"
    for package, bench in HOT:
        text = go_test(package, "-run", "xxx", "-bench", bench, "-benchmem", "-count", count, "-benchtime", "300ms", BEIANWATCH_CORPUS=corpus)
        with open(f"{out}/go.txt", "a") as f:
            f.write(text)
    stat = subprocess.run(["go", "run", "golang.org/x/perf/cmd/benchstat@v0.0.0-20250813145418-2f7363a06fe1", f"{out}/go.txt"],
                          cwd=out, text=True, stdout=subprocess.PIPE)
    say(stat.stdout.strip())


# The hot paths: a name passes through each of them once a night.
HOT = [
    ("./detect/rules", "Corpus"), ("./detect/number", "Pages"), ("./crawler/web", "Visit"), ("./crawler/warc", "."),
    ("./reports/store", "."), ("./schedule/polite", "Gate"),
]

os.makedirs(out, exist_ok=True)
os.chmod(out, 0o755)
log = open(f"{out}/results.txt", "a")
open(f"{out}/go.txt", "w").close()
sh("go", "build", "-o", scanner, "./cmd/beianwatch", cwd=root)
sh("go", "build", "-o", floor, ".", cwd=f"{tools}/floor", env={**os.environ, "GOFLAGS": "-mod=mod"})
say(f"# {time.strftime('%Y-%m-%d %H:%M')} {os.cpu_count()} cores, {runs} runs, {names} names")
try:
    for s in sections:
        began = time.time()
        globals()[f"section_{s}"]()
        say(f"({s}: {time.time() - began:.0f} s)")
finally:
    subprocess.run([f"{tools}/down.sh", lab])

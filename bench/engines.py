"""The three engines of the benchmark behind small classes: what a job cost, and what came out.

Every figure is a dict with wall_s, cpu_s, peak_mb and, for Nexmark, kinds (changes by kind at a sink that keeps nothing).
"""
import json
import os
import re
import subprocess
import sys
import time
import urllib.request

BENCH = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(BENCH)
sys.path[:0] = [os.path.join(ROOT, "scripts", "engines"), os.path.join(BENCH, "batch"), os.path.join(BENCH, "nexmark")]
import canon  # noqa: E402
import flink_oracle  # noqa: E402
import tables  # noqa: E402


class Failed(Exception):
    """A job that did not run; the text goes into the table's notes."""


class Weir:
    """`weir run` in a process of its own each time: its figures include start, parsing and planning."""

    name = "weir"

    def __init__(self, build, scratch, options):
        self.program, self.measure = os.path.join(build, "weir"), os.path.join(build, "measure")
        self.scratch, self.options = scratch, options
        for path in (self.program, self.measure):
            if not os.access(path, os.X_OK):
                raise Failed(f"{path} is missing: make build")

    def run(self, text, *options, output="json"):
        """-> (figures, stdout path, stderr text)"""
        script, out, err, cost = (os.path.join(self.scratch, f) for f in ("weir.sql", "weir.out", "weir.err", "weir.cost"))
        with open(script, "w", encoding="utf-8") as f:
            f.write(text)
        command = [self.measure, self.program, "run", "--parallelism", "1", "--output", output, *self.options, *options, script]
        with open(out, "wb") as o, open(err, "wb") as e, open(cost, "wb") as c:
            descriptor = c.fileno()
            subprocess.run(["sh", "-c", f'exec "$@" 3>&{descriptor}', "sh", *command], stdin=subprocess.DEVNULL, stdout=o, stderr=e,
                           pass_fds=[descriptor], check=False)
        with open(err, encoding="utf-8", errors="replace") as f:
            said = f.read()
        with open(cost, encoding="utf-8") as f:
            figures = json.load(f)
        if figures["status"]:
            raise Failed(f"weir: exit status {figures['status']}: {said.strip().splitlines()[0][:120] if said.strip() else ''}")
        return {"wall_s": figures["wall_s"], "cpu_s": figures["cpu_s"], "peak_mb": figures["peak_kb"] / 1024}, out, said

    def nexmark(self, text):
        figures, out, said = self.run(text, "--stats", "json", "--quiet")
        with open(out, encoding="utf-8") as f:
            figures["kinds"] = sink_kinds(f.read() + said)
        return figures

    def batch(self, name, form):
        figures, out, _ = self.run(tables.weir_script(name, form), "--quiet")
        rows = []
        with open(out, encoding="utf-8") as f:
            for line in f:
                record = json.loads(line, parse_float=str) if line.startswith("{") else {}
                if "row" in record:
                    rows.append(["" if v is None else str(v) for v in record["row"]])
        figures["hash"] = digest(rows)
        return figures


def sink_kinds(text):
    """The counts by kind that `--stats json` gives for the sink: {"+I": n, ...}."""
    for line in text.splitlines():
        if line.startswith("{") and '"+I"' in line:
            found = {}
            for kind, count in re.findall(r'"([+-][IUD])":\s*(\d+)', line):
                found[kind] = found.get(kind, 0) + int(count)
            return found
    raise Failed("weir: --stats json named no changes by kind")


def digest(rows):
    """(rows, SHA-256) of a batch result in canonical form."""
    import hashlib
    text = canon.canonical(rows)
    return text.count(b"\n"), hashlib.sha256(text).hexdigest()


class Flink:
    """A session cluster of its own: one TaskManager with one slot. CPU and memory are the TaskManager's alone.

    Not counted for Flink: the JobManager, the SQL Gateway (which parses and plans), and the start of all three.
    """

    name = "flink"
    OFFSET = 200

    def __init__(self, scratch, conf):
        self.scratch = scratch
        jar = subprocess.run([os.path.join(BENCH, "flink", "build.sh")], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        self.environment = dict(os.environ, WEIR_FLINK_INSTANCE="bench", WEIR_FLINK_PORTS=str(self.OFFSET), WEIR_FLINK_SLOTS="1",
                                WEIR_FLINK_EXTRA_JARS=jar, WEIR_FLINK_CONF=conf)
        self.script("stop")
        self.script("start")
        self.rest = f"http://127.0.0.1:{8081 + self.OFFSET}"
        self.gateway = flink_oracle.Gateway(f"http://127.0.0.1:{8083 + self.OFFSET}")
        self.worker = self.find_worker()

    def script(self, command):
        return subprocess.run([os.path.join(ROOT, "scripts", "engines", "flink.sh"), command], env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout

    def stop(self):
        self.script("stop")

    def find_worker(self):
        match = re.search(r"^(\d+) TaskManagerRunner", self.script("status"), re.M)
        if not match:
            raise Failed("flink: the TaskManager is not running")
        return match.group(1)

    def cpu_s(self):
        with open(f"/proc/{self.worker}/stat", encoding="utf-8") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def reset_peak(self):
        with open(f"/proc/{self.worker}/clear_refs", "w", encoding="utf-8") as f:
            f.write("5")

    def peak_mb(self):
        with open(f"/proc/{self.worker}/status", encoding="utf-8") as f:
            return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1)) / 1024

    def nexmark(self, text):
        """The script's INSERT as a job; its sink must be 'count' with the file of count_file()."""
        counts = self.count_file()
        if os.path.exists(counts):
            os.remove(counts)
        settings = dict(flink_oracle.BASE, **{"execution.runtime-mode": "streaming", "table.dml-sync": "false"})
        session = self.gateway.call("POST", "/v2/sessions", {"properties": settings})["sessionHandle"]
        try:
            self.reset_peak()
            cpu = self.cpu_s()
            for statement in flink_oracle.split_statements(text):
                _, rows, _ = flink_oracle.run_stmt(self.gateway, session, statement, time.time() + 120)
            job = self.wait(rows[0][1][0])
            figures = {"wall_s": job["duration"] / 1000, "cpu_s": self.cpu_s() - cpu, "peak_mb": self.peak_mb()}
        except flink_oracle.GatewayError as error:
            raise Failed("flink: " + flink_oracle.first_error(error)["message"][:160]) from None
        finally:
            self.gateway.call("DELETE", f"/v2/sessions/{session}")
        with open(counts, encoding="utf-8") as f:
            words = f.read().split()
        figures["kinds"] = {kind: int(count) for kind, count in zip(words[::2], words[1::2]) if count != "0"}
        return figures

    def count_file(self):
        return os.path.join(self.scratch, "flink.counts")

    def wait(self, job):
        while True:
            with urllib.request.urlopen(f"{self.rest}/jobs/{job}", timeout=60) as answer:
                found = json.load(answer)
            if found["state"] == "FINISHED":
                return found
            if found["state"] in ("FAILED", "CANCELED"):
                with urllib.request.urlopen(f"{self.rest}/jobs/{job}/exceptions", timeout=60) as answer:
                    raise Failed("flink: " + str(json.load(answer).get("root-exception"))[:300])
            time.sleep(0.05)


class DuckDB:
    """A process per query and format; CPU and wall of the query alone, the median of the repeats after the first."""

    name = "duckdb"

    def __init__(self, scratch, repeats=4):
        self.python = os.path.join(tables.HOME, "datatools", "venv", "bin", "python")
        self.scratch, self.repeats = scratch, repeats

    def batch(self, name, form):
        out = os.path.join(self.scratch, "duckdb.csv")
        done = subprocess.run([self.python, os.path.join(BENCH, "batch", "duck.py"), form, "1", str(self.repeats), name, out],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed("duckdb: " + done.stderr.strip()[-160:])
        found = json.loads(done.stdout)
        import csv
        with open(out, newline="", encoding="utf-8") as f:
            rows = list(csv.reader(f))
        return {"wall_s": median(found["ms"][1:]) / 1000, "cpu_s": median(found["cpu_ms"][1:]) / 1000, "peak_mb": found["peak_mb"], "hash": digest(rows)}


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

#!/usr/bin/env python3
"""Run the Nexmark queries on Weir over the golden event file and compare with what real Flink answered (expected/).

  tests/nexmark/run.py [--build DIR] [QUERY...]
  --variants         also with batches of one row and at parallelism 2 and 3: the same rows must come
  --options TEXT     options for `weir run`, instead of the variants

A query passes when its columns, its rows as a multiset and, where Flink's own are settled, its changes by kind are the
same. Ends with "N passed, N failed".
"""
import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "bench", "nexmark"), os.path.join(ROOT, "tests", "corpus")]
import canon  # noqa: E402
import compare  # noqa: E402
import events  # noqa: E402
import queries  # noqa: E402

VARIANTS = ["", "--set weir.batch-size=1", "--parallelism 2", "--parallelism 3"]
TIMEOUT_S = 300


def run_weir(program, options, script):
    """-> (columns, [(op, canonical row)]) or raises ValueError with what went wrong."""
    command = [program, "run", "--output", "json", *shlex.split(options), script]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError(f"not done after {TIMEOUT_S} s") from None
    columns, changes = None, []
    for text in done.stdout.splitlines():
        record = json.loads(text) if text.startswith("{") else {}
        if "columns" in record:
            columns, changes = record["columns"], []
        if "row" in record:
            changes.append((record.get("op", "+I"), canon.line(record["row"])))
        if "error" in record:
            raise ValueError(str(record["error"].get("message"))[:300])
    if done.returncode or columns is None:
        raise ValueError(f"exit status {done.returncode}: {done.stderr.strip()[-300:]}")
    return columns, changes


def compare_rows(query, lines):
    """The first rows that differ, where the expected ones are kept."""
    path = os.path.join(HERE, "expected", query + ".rows")
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as f:
        wanted = f.read().splitlines()
    missing, extra = sorted(set(wanted) - set(lines)), sorted(set(lines) - set(wanted))
    return "".join(f"\n    missing {row[:160]}" for row in missing[:3]) + "".join(f"\n    not expected {row[:160]}" for row in extra[:3])


def check(program, query, options, file, scratch):
    """None when the query passes, else why not."""
    with open(os.path.join(HERE, "expected", query + ".json"), encoding="utf-8") as f:
        expected = json.load(f)
    script = os.path.join(scratch, query + ".sql")
    with open(script, "w", encoding="utf-8") as f:
        f.write(queries.script(query, "select", EVENTS=file))
    try:
        columns, changes = run_weir(program, options, script)
        by_key = canon.is_upsert(changes) and "key" in expected
        lines = canon.collapse_by_key(changes, expected["key"]) if by_key else canon.collapse(changes)
    except ValueError as error:
        return str(error)
    got = [[name, compare.norm_type(kind)] for name, kind in columns]
    wanted = [[name, compare.norm_type(kind)] for name, kind in expected["columns"]]
    if got != wanted:
        return f"columns {got}, wanted {wanted}"
    if canon.digest(lines) != expected["sha256"]:
        return f"other rows ({len(lines)}, wanted {expected['rows']})" + compare_rows(query, lines)
    if expected["changes"] is not None and canon.kinds(changes) != expected["changes"]:
        return f"the right rows by other changes: {canon.kinds(changes)}, wanted {expected['changes']}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("queries", nargs="*")
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--variants", action="store_true")
    parser.add_argument("--options")
    arguments = parser.parse_args()
    program = os.path.join(os.path.abspath(arguments.build), "weir")
    if not os.access(program, os.X_OK):
        print(f"nexmark: {program} is not there; build it first", file=sys.stderr)
        print("0 passed, 1 failed")
        return 1
    variants = [arguments.options] if arguments.options is not None else VARIANTS if arguments.variants else [""]
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="nexmark.") as scratch:
        file = events.golden(arguments.build, scratch)
        for options in variants:
            for query in arguments.queries or queries.names():
                started = time.time()
                why = check(program, query, options, file, scratch)
                passed, failed = passed + (why is None), failed + (why is not None)
                print(f"{query:4} {'good' if why is None else 'FAILED'} {time.time() - started:6.2f} s  {options} {why or ''}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Expressions and what real Flink 2.3 answered (tests/functions/*.txt): value and type of each, or that it fails.

A line is `expression<TAB>type<TAB>value as JSON`, or `expression<TAB>!` for one that Flink refuses or fails on. `#set key=value` holds for
the lines behind it. A line that begins with `~ ` is a known difference: it must still differ, so that the list of them stays true.
flink_names.txt is Flink's SHOW FUNCTIONS: a name must be known to Weir, or stand under "not there" at its end, and not both."""
import concurrent.futures
import glob
import importlib.util
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, os.pardir, "functions")
WEIR = os.environ.get("WEIR")
CHUNK = 40


def corpus_module():
    spec = importlib.util.spec_from_file_location("compare", os.path.join(HERE, os.pardir, "corpus", "compare.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COMPARE = corpus_module()


def read(path):
    cases, settings = [], {}
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if line.startswith("#set "):
                key, value = line[5:].split("=", 1)
                settings = dict(settings, **{key: value})
            if not line or line.startswith("#"):
                continue
            known = line.startswith("~ ")
            parts = (line[2:] if known else line).split("\t")
            if len(parts) not in (2, 3):
                sys.exit(f"{path}:{number}: a line has an expression, a type and a value")
            cases.append({"at": f"{os.path.basename(path)}:{number}", "text": parts[0], "known": known, "settings": settings,
                          "type": parts[1], "value": json.loads(parts[2]) if len(parts) == 3 else None})
    return cases


def run(cases):
    """[(type, value)] of the expressions in one SELECT, or the error's text."""
    script = "SET 'execution.runtime-mode' = 'batch';\n"
    script += "".join(f"SET '{k}' = '{v}';\n" for k, v in cases[0]["settings"].items())
    script += "SELECT " + ", ".join(f"{case['text']} AS c{i}" for i, case in enumerate(cases)) + ";\n"
    try:
        done = subprocess.run([WEIR, "run", "--output", "json", "-"], input=script, capture_output=True, text=True, check=False, timeout=60,
                              env=dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8"))
    except subprocess.TimeoutExpired:
        return "crash: still running after 60 s"
    columns = row = error = None
    for line in done.stdout.split("\n"):
        if line.startswith("{"):
            one = json.loads(line)
            columns, row, error = one.get("columns", columns), one.get("row", row), one.get("error", error)
    if done.returncode < 0 or done.returncode > 125:
        return f"crash: exit status {done.returncode} {done.stderr[-200:]}"
    if error is not None or row is None:
        return (error or {}).get("message", "no row")
    return [(column[1], value) for column, value in zip(columns, row)]


def differs(case, got):
    """None, or what is wrong."""
    if isinstance(got, str):
        return None if case["type"] == "!" and not got.startswith("crash: ") else got
    if case["type"] == "!":
        return f"gives {json.dumps(got[1])} instead of failing"
    if COMPARE.norm_type(case["type"]) != COMPARE.norm_type(got[0]):
        return f"type {got[0]}, not {case['type']}"
    if not COMPARE.same(case["value"], got[1], case["type"]):
        return f"{json.dumps(got[1], ensure_ascii=False)}, not {json.dumps(case['value'], ensure_ascii=False)}"
    return None


def judge(cases):
    """Together; one by one when the SELECT fails as a whole."""
    got = run(cases)
    if isinstance(got, str) and len(cases) > 1:
        return [one for case in cases for one in judge([case])]
    return list(zip(cases, [got] if isinstance(got, str) else got))


def chunks(cases):
    groups = {}
    for case in cases:
        fails = case["type"] == "!" or case["known"]
        groups.setdefault((json.dumps(case["settings"]), fails), []).append(case)
    for (_, fails), group in groups.items():
        size = 1 if fails else CHUNK
        for i in range(0, len(group), size):
            yield group[i:i + size]


def check_names():
    """Flink's list against `weir functions --json`."""
    done = subprocess.run([WEIR, "functions", "--json"], capture_output=True, text=True, check=True)
    have = {json.loads(line)["name"].upper() for line in done.stdout.split("\n") if line}
    with open(os.path.join(FOLDER, "flink_names.txt"), encoding="utf-8") as f:
        text = f.read()
    names, missing = text.split("# not there\n")
    operators = set(re.findall(r"(?m)^(\w+) \(operator\)$", names))
    wanted = set(re.findall(r"(?m)^(\w+)$", names)) - operators
    missing = set(re.findall(r"(?m)^(\w+)$", missing))
    failed = [f"{n}: in Flink, not here, not listed as missing" for n in sorted(wanted - have - missing)]
    failed += [f"{n}: listed as missing, but it is there" for n in sorted(missing & have)]
    return len(wanted | missing) - len(failed), failed


def main():
    if not WEIR:
        sys.exit("functions: set WEIR")
    cases = [case for path in sorted(glob.glob(os.path.join(FOLDER, "*.txt"))) if not path.endswith("flink_names.txt")
             for case in read(path)]
    passed, failed = check_names()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for judged in pool.map(judge, chunks(cases)):
            for case, got in judged:
                wrong = differs(case, got)
                crashed = isinstance(got, str) and got.startswith("crash: ")  # never a known difference
                if (wrong is not None) == case["known"] and not crashed:
                    passed += 1
                else:
                    failed.append(f"{case['at']}: {case['text']}: {wrong or 'no longer differs: take the ~ away'}")
    for line in failed[:60]:
        print(line)
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Small and quick: a trivial script from start to exit, and what it weighs: the best of 15 runs,
because whatever else the machine does only adds to it."""
import json
import os
import subprocess
import sys
import tempfile

WEIR, BUILD = os.environ.get("WEIR"), os.environ.get("WEIR_BUILD")
LIMIT_MS, LIMIT_MB, RUNS = 30, 20, 15


def main():
    if not WEIR or not BUILD:
        sys.exit("light: set WEIR and WEIR_BUILD")
    walls, peaks = [], []
    with tempfile.TemporaryDirectory(prefix="light.") as folder:
        script, cost = os.path.join(folder, "one.sql"), os.path.join(folder, "cost")
        with open(script, "w", encoding="utf-8") as f:
            f.write("SELECT 1 AS a;\n")
        for _ in range(RUNS):
            command = f'"{BUILD}/measure" "{WEIR}" run --output json "{script}" 3>"{cost}"'
            done = subprocess.run(["sh", "-c", command], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            if done.returncode or '"row":[1]' not in done.stdout.replace(" ", ""):
                print(f"SELECT 1: exit status {done.returncode}, {done.stdout[:200]} {done.stderr[:200]}\n0 passed, 1 failed")
                return 1
            with open(cost, encoding="utf-8") as f:
                figures = json.load(f)
            walls.append(figures["wall_s"] * 1000)
            peaks.append(figures["peak_kb"] / 1024)
    wall, peak = min(walls), min(peaks)
    good = [wall < LIMIT_MS, peak < LIMIT_MB]
    print(f"a trivial script: {wall:.1f} ms (at most {LIMIT_MS}), {peak:.1f} MB (at most {LIMIT_MB})")
    print(f"{sum(good)} passed, {2 - sum(good)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

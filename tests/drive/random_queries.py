#!/usr/bin/env python3
"""Run tests/random: queries of fixed seeds, compared among Weir's own runs and with DuckDB. QUERIES and SEED in the environment ask for others."""
import os
import subprocess
import sys

import arrow

QUERIES = os.environ.get("QUERIES", "3000")
SEED = os.environ.get("SEED", "0")


def main():
    try:
        python = arrow.environment()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"random_queries: the packages {', '.join(arrow.PACKAGES)} cannot be installed: {error}\n0 passed, 1 failed")
        return 1
    run = os.path.join(arrow.ROOT, "tests", "random", "run.py")
    return subprocess.run([python, run, "--build", arrow.BUILD, "--queries", QUERIES, "--seed", SEED, "--jobs", str(os.cpu_count() or 1)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Run tests/python/test_arrow.py in a virtual environment with pyarrow, polars and duckdb, which is made below the build folder when it is not there."""
import os
import subprocess
import sys

BUILD = os.environ.get("WEIR_BUILD") or sys.exit("arrow: set WEIR_BUILD")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGES = ["pyarrow", "polars", "duckdb"]


def environment():
    folder = os.path.join(BUILD, "arrow-venv")
    python = os.path.join(folder, "bin", "python3")
    known = subprocess.run([python, "-c", "import pyarrow, polars, duckdb"], capture_output=True, check=False) if os.path.exists(python) else None
    if known is None or known.returncode:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True, stdin=subprocess.DEVNULL)
    return python


def main():
    try:
        python = environment()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"arrow: the packages {', '.join(PACKAGES)} cannot be installed: {error}\n0 passed, 1 failed")
        return 1
    return subprocess.run([python, os.path.join(ROOT, "tests", "python", "test_arrow.py"), BUILD], check=False, timeout=240).returncode


if __name__ == "__main__":
    sys.exit(main())

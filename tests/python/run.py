#!/usr/bin/env python3
"""The Python package as a user has it: `pip install` of this tree into a fresh virtual environment below the build folder, then test_dbapi.py,
test_package.py, test_docs.py, and mypy --strict over the package.

  run.py BUILD     ends with "N passed, N failed"

Packages of others come into an environment that stays; Weir itself is installed anew each time, its objects are kept below BUILD for the next.
"""
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGES = ["pyarrow", "pandas", "polars", "duckdb", "mypy", "tzdata"]
TESTS = ["test_dbapi.py", "test_package.py", "test_docs.py"]


def call(command, **options):
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options)
    return done.returncode, done.stdout + done.stderr


def install(build):
    """The interpreter of an environment that has everything."""
    folder = os.path.join(build, "python-venv")
    python = os.path.join(folder, "bin", "python3")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if call([python, "-c", "import " + ", ".join(PACKAGES)])[0] if os.path.exists(python) else True:
        shutil.rmtree(folder, ignore_errors=True)
        for command in ([sys.executable, "-m", "venv", folder], [*pip, *PACKAGES]):
            status, output = call(command)
            if status:
                raise RuntimeError(output)
    environment = dict(os.environ)
    if shutil.which("ccache"):
        environment["CMAKE_C_COMPILER_LAUNCHER"] = "ccache"
    status, output = call([*pip, "--force-reinstall", "--no-deps", "--config-settings", "build-dir=" + os.path.join(build, "python-build"), ROOT], env=environment)
    if status:
        raise RuntimeError(output)
    return python


def main():
    build = os.path.abspath(sys.argv[1])
    try:
        python = install(build)
    except (OSError, RuntimeError) as error:
        print(f"FAILED: pip install\n{error}\n0 passed, 1 failed")
        return 1
    passed, failed = 1, 0  # the installation itself
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "WEIR_LIBRARY")}
    for test in TESTS:
        status, output = call([python, "-X", "faulthandler", os.path.join(ROOT, "tests", "python", test)], env=environment, timeout=600)
        counts = re.findall(r"(?m)^(\d+) passed, (\d+) failed$", output)
        good, bad = map(int, counts[-1]) if counts else (0, 1)
        bad = bad or (1 if status else 0)
        print(output if bad else f"{test}: {good} passed")
        passed, failed = passed + good, failed + bad
    status, output = call([python, "-m", "mypy", "--cache-dir", os.path.join(build, "mypy-cache")])
    print(output)
    passed, failed = passed + (status == 0), failed + (status != 0)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

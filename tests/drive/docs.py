#!/usr/bin/env python3
"""The blocks of README.md, docs/ and examples/README.md, run as a reader would run them, and the links, followed.

A page's blocks run in order in one new folder, where build/ is the build folder and `weir` is on the path:
  ```sh           run by bash; lines that begin with "make" are only checked against the Makefile's targets
  ```sql FILE     kept as FILE for later blocks;  ```sql alone is run by weir
  ```sql refused  each line is a script that must be refused by name, with exit status 3
  ```text         what the block before it printed (times aside)
Blocks of other kinds (C, JSON, drawings without a kind) are for the eye. The report of examples/flights.sql is compared where the flights were fetched.
"""
import os
import re
import subprocess
import sys
import tempfile

WEIR = os.environ.get("WEIR") or sys.exit("docs: set WEIR to the program")
BUILD = os.environ.get("WEIR_BUILD") or os.path.dirname(WEIR)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BLOCK = re.compile(r"^```(\S*)[ ]*(\S*)\n(.*?)^```$", re.S | re.M)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def pages():
    found = ["README.md", "CONTRIBUTING.md"]
    for folder in ("docs", "examples", "bench", "tests", "scripts"):
        found += [os.path.join(folder, name) for name in sorted(os.listdir(os.path.join(ROOT, folder))) if name.endswith(".md")]
    return found


def plain(text):
    """Without what differs from run to run: times, and the blanks at the ends of lines."""
    text = re.sub(r"\(\d+\.\d+ seconds\)", "(T seconds)", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


class Page:
    def __init__(self, name):
        self.name, self.passed, self.failed = name, 0, 0
        with open(os.path.join(ROOT, name), encoding="utf-8") as f:
            self.text = f.read()

    def check(self, good, where, why=""):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        if not good:
            print(f"FAILED: {self.name}:{where}: {why}")

    def run(self):
        with tempfile.TemporaryDirectory(prefix="docs.") as folder:
            os.symlink(os.path.abspath(BUILD), os.path.join(folder, "build"))
            printed = None
            for match in BLOCK.finditer(self.text):
                line = self.text.count("\n", 0, match.start()) + 1
                printed = self.block(folder, line, match.group(1), match.group(2), match.group(3), printed)
        self.links()

    def block(self, folder, line, kind, file, text, printed):
        """Returns what the block printed, None when it is not run."""
        if kind == "sh":
            for target in re.findall(r"(?m)^make +([a-z]+)", text):
                done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False)
                self.check(done.returncode == 0, line, f"the Makefile has no target {target}")
            return self.execute(folder, line, ["bash", "-eu", "-c", re.sub(r"(?m)^make .*$", "", text)])
        if kind == "sql" and file == "refused":
            for script in text.strip().splitlines():
                done = self.weir(folder, script)
                named = re.search("not supported|Could not find|supported by Flink", done.stderr)
                self.check(done.returncode == 3 and named, line, f"{script}\nexit status {done.returncode}: {done.stdout}{done.stderr}")
        elif kind == "sql" and file:
            with open(os.path.join(folder, file), "w", encoding="utf-8") as f:
                f.write(text)
        elif kind == "sql":
            return self.execute(folder, line, [WEIR, "run", "-e", text])
        elif kind == "text":
            self.check(printed is not None and plain(printed) == plain(text), line,
                       "the block before it printed otherwise:\n" + (printed or "(nothing: there is none that is run)"))
        return None

    @staticmethod
    def weir(folder, script):
        return subprocess.run([WEIR, "run", "-e", script], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)

    def execute(self, folder, line, command):
        environment = dict(os.environ, PATH=os.path.dirname(os.path.abspath(WEIR)) + ":" + os.environ.get("PATH", ""), TZ="UTC")
        done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
        self.check(done.returncode == 0, line, f"exit status {done.returncode}: {done.stderr}")
        return done.stdout

    def links(self):
        for target in LINK.findall(self.text):
            if "://" not in target:
                path = os.path.join(ROOT, os.path.dirname(self.name), target)
                self.check(os.path.exists(path), "link", f"{target} is not there")


def flights(page):
    """The table that real Flink gave for examples/flights.sql, beside ours."""
    data = subprocess.run([os.path.join(ROOT, "scripts", "fetch-data"), "path"], capture_output=True, text=True, check=True).stdout.strip()
    if not os.path.exists(os.path.join(data, "flights", "airports.csv")):
        print("docs: the flights are not there (make demo fetches them): their report is not compared")
        return
    wanted = next(match.group(3) for match in BLOCK.finditer(page.text) if "days_spoiled" in match.group(3))
    done = subprocess.run([WEIR, "run", "--quiet", "--param", "DATA=" + data, os.path.join(ROOT, "examples", "flights.sql")],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines() if line.startswith("|")]
    page.check(rows == [re.split(r" {2,}", line.strip()) for line in wanted.strip().splitlines()], "flights.sql",
               f"exit status {done.returncode}, not Flink's rows:\n{done.stdout}{done.stderr}")


def main():
    passed = failed = 0
    for name in pages():
        page = Page(name)
        page.run()
        if name == os.path.join("examples", "README.md"):
            flights(page)
        passed, failed = passed + page.passed, failed + page.failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

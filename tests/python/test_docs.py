"""The Python blocks of README.md and docs/python.md, run in order, one set of names for each page; an output block is what the block before it printed."""
import contextlib
import io
import os
import re
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BLOCK = re.compile(r"^```(python|output)\n(.*?)^```$", re.S | re.M)


def run_page(name):
    passed = failed = 0
    names, printed = {"__name__": "__main__"}, None
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        text = file.read()
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        good, why = True, ""
        if block.group(1) == "python":
            out = io.StringIO()
            try:
                with contextlib.redirect_stdout(out):
                    exec(compile("\n" * line + block.group(2), name, "exec"), names)
            except Exception:  # noqa: BLE001: told below
                good, why = False, traceback.format_exc()
            printed = out.getvalue()
        elif [row.rstrip() for row in printed.strip().split("\n")] != [row.rstrip() for row in block.group(2).strip().split("\n")]:
            good, why = False, "the block before it printed otherwise:\n" + printed
        passed, failed = passed + good, failed + (not good)
        if not good:
            print(f"FAILED: {name}:{line}: {why}")
    return passed, failed


def main():
    with tempfile.TemporaryDirectory(prefix="docs.") as folder:
        os.chdir(folder)
        counts = [run_page(name) for name in ("README.md", os.path.join("docs", "python.md"))]
        os.chdir(ROOT)
    passed, failed = (sum(count[i] for count in counts) for i in range(2))
    if passed + failed < 10:
        print("FAILED: the pages have lost their blocks")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

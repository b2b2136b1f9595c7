#!/usr/bin/env python3
"""Proves that scripts/tidy finds what it should: a small tree that is clean, then one sin at a time.

Each case writes files into a copy of the clean tree and names the rule that must fire, and where; a case with no rule
must stay clean. A rule of `scripts/tidy --rules` without a case here fails the test.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TIDY = os.path.join(HERE, "..", "..", "scripts", "tidy")
TOP = "/* Said at the top. */\n"
CLEAN = {
    "CMakeLists.txt": "set(WEIR_ROOMS base os types api cli)\n",
    "src/base/README.md": "# base\n",
    "src/types/README.md": "# types\n",
    "src/api/README.md": "# api\n",
    "src/base/text.h": TOP + "int weir_text(void);\n",
    "src/base/text_int.h": TOP,
    "src/base/text.c": TOP + '#include "base/text.h"\n#include "base/text_int.h"\n\nint weir_text(void) {\n    return 1; /* free() in words */\n}\n',
    "src/types/type.c": TOP + '#include "base/text.h"\n\nstatic const int table[] = {1, 2};\n\nint weir_type(void) {\n    return table[0];\n}\n',
    "src/types/type.h": TOP,
    "src/api/api.c": TOP + '#include "weir/weir.h"\n',
    "include/weir/weir.h": TOP,
    "tests/README.md": "# tests\n",
    "tests/unit/types/test_type.c": TOP + '#include <setjmp.h>\n#include "types/type.h"\n\nint main(void) {\n    free(malloc(1));\n    exit(0);\n}\n',
    "scripts/README.md": "# scripts\n",
    "scripts/do": "#!/bin/sh\n# Does it.\n",
    "tests/tidy/long_functions.txt": "src/types/long.c weir_on_record 120\n",
}


def function(name, lines):
    return TOP + f"int {name}(void) {{\n" + "    (void)0;\n" * (lines - 2) + "}\n"


def body(text):
    return TOP + "int weir_x(void) {\n    " + text + "\n}\n"


# (what it shows, files, rule or None, file:line where the finding must stand)
CASES = [
    ("an upward include", {"src/base/a.c": TOP + '#include "types/type.h"\n'}, "include-direction", "src/base/a.c:2"),
    ("a room outside the order", {"src/extra/a.c": TOP, "src/extra/README.md": "# extra\n"}, "include-direction", "src/extra:1"),
    ("the public header in a lower room", {"src/types/a.c": TOP + '#include "weir/weir.h"\n'}, "include-direction", "src/types/a.c:2"),
    ("a test above its room", {"tests/unit/base/test_a.c": TOP + '#include "types/type.h"\n'}, "include-direction", "tests/unit/base/test_a.c:2"),
    ("an include without its path", {"src/base/a.c": TOP + '#include "text.h"\n'}, "include-path", "src/base/a.c:2"),
    ("a relative include", {"src/types/a.c": TOP + '#include "../base/text.h"\n'}, "include-path", "src/types/a.c:2"),
    ("an include of nothing", {"src/types/a.c": TOP + '#include "base/gone.h"\n'}, "include-path", "src/types/a.c:2"),
    ("a header that tests of one folder share", {"tests/unit/types/test_a.c": TOP + '#include "check.h"\n', "tests/unit/types/check.h": TOP}, None, None),
    ("the private header of the folder above", {"src/types/more/a.c": TOP + '#include "types/type_int.h"\n', "src/types/type_int.h": TOP}, None, None),
    ("another folder's private header", {"src/types/a.c": TOP + '#include "base/text_int.h"\n'}, "include-private", "src/types/a.c:2"),
    ("a room's private header in its test", {"tests/unit/base/test_a.c": TOP + '#include "base/text_int.h"\n'}, None, None),
    ("another room's private header in a test", {"tests/unit/types/test_a.c": TOP + '#include "base/text_int.h"\n'}, "include-private", "tests/unit/types/test_a.c:2"),
    ("strcpy", {"src/base/a.c": body("strcpy(a, b);")}, "banned-call", "src/base/a.c:3"),
    ("sprintf", {"src/base/a.c": body("sprintf(a, b);")}, "banned-call", "src/base/a.c:3"),
    ("snprintf is fine", {"src/base/a.c": body("snprintf(a, 1, b);")}, None, None),
    ("strtok", {"src/types/a.c": body("strtok(a, b);")}, "banned-call", "src/types/a.c:3"),
    ("alloca", {"src/types/a.c": body("alloca(3);")}, "banned-call", "src/types/a.c:3"),
    ("longjmp", {"src/types/a.c": body("longjmp(a, 1);")}, "banned-call", "src/types/a.c:3"),
    ("setjmp.h", {"src/types/a.c": TOP + "#include <setjmp.h>\n"}, "banned-call", "src/types/a.c:2"),
    ("abort", {"src/types/a.c": body("abort();")}, "banned-call", "src/types/a.c:3"),
    ("exit outside the command's main", {"src/types/a.c": body("exit(1);")}, "banned-call", "src/types/a.c:3"),
    ("exit in the command's main", {"src/cli/main.c": body("exit(1);"), "src/cli/README.md": "# cli\n"}, None, None),
    ("malloc outside base", {"src/types/a.c": body("malloc(1);")}, "banned-call", "src/types/a.c:3"),
    ("malloc in base", {"src/base/a.c": body("malloc(1);")}, None, None),
    ("a member called free", {"src/types/a.c": body("x->free(y); z.free(y); my_free(y);")}, None, None),
    ("the clock outside os", {"src/types/a.c": body("clock_gettime(0, &t);")}, "banned-call", "src/types/a.c:3"),
    ("an exception with a reason", {"src/types/a.c": body("free(x); /* tidy: from a library that mallocs */")}, None, None),
    ("a call in a string or comment", {"src/types/a.c": body('puts("malloc(1)"); /* malloc(1) */')}, None, None),
    ("a variable at file scope", {"src/types/a.c": TOP + "static int counter;\n"}, "global-state", "src/types/a.c:2"),
    ("an array at file scope", {"src/types/a.c": TOP + "static char *names[4] = {0};\n"}, "global-state", "src/types/a.c:2"),
    ("a constant at file scope", {"src/types/a.c": TOP + "static const char *const names[] = {0};\n"}, None, None),
    ("a note to self", {"src/types/a.c": body("/* TODO: later */")}, "leftover", "src/types/a.c:3"),
    ("capitals in a string", {"src/types/a.c": body('puts("XXX");')}, None, None),
    ("a note to self in a script", {"scripts/b.py": "# FIXME\n"}, "leftover", "scripts/b.py:1"),
    ("140 columns", {"src/types/a.c": TOP + "/* " + "x" * 134 + " */\n"}, None, None),
    ("141 columns", {"src/types/a.c": TOP + "/* " + "x" * 135 + " */\n"}, "line-length", "src/types/a.c:2"),
    ("a tab", {"src/types/a.c": TOP + "int\tx(void);\n"}, "whitespace", "src/types/a.c:2"),
    ("a trailing blank", {"src/types/a.c": TOP + "int x(void); \n"}, "whitespace", "src/types/a.c:2"),
    ("no line end", {"src/types/a.c": TOP + "int x(void);"}, "whitespace", "src/types/a.c:2"),
    ("1000 lines", {"src/types/a.c": TOP + "\n" * 999}, None, None),
    ("1001 lines", {"src/types/a.c": TOP + "\n" * 1000}, "file-length", "src/types/a.c:1002"),
    ("a function of 100 lines", {"src/types/a.c": function("weir_x", 100)}, None, None),
    ("a function of 101 lines", {"src/types/a.c": function("weir_x", 101)}, "function-length", "src/types/a.c:102"),
    ("a test of 200 lines", {"tests/unit/types/a.c": function("weir_x", 200)}, None, None),
    ("a test of 201 lines", {"tests/unit/types/a.c": function("weir_x", 201)}, "function-length", "tests/unit/types/a.c:202"),
    ("a recorded function", {"src/types/long.c": function("weir_on_record", 120)}, None, None),
    ("a recorded function that grew", {"src/types/long.c": function("weir_on_record", 121)}, "function-length", "src/types/long.c:122"),
    ("no opening comment", {"src/types/a.c": "int x(void);\n"}, "opening-comment", "src/types/a.c:1"),
    ("no opening comment in a script", {"scripts/b": "#!/bin/sh\nls\n"}, "opening-comment", "scripts/b:1"),
    ("a room without README.md", {"src/os/a.c": TOP}, "readme", "src/os:1"),
    ("a path of one machine", {"docs/a.md": "see /home/ada/weir\n", "docs/README.md": "# docs\n"}, "machine-path", "docs/a.md:1"),
    ("a path in a root file", {"Makefile": "x:\n\t/root/x\n"}, "machine-path", "Makefile:2"),
    ("an address that only looks like one", {"docs/README.md": "https://host.example/work/a ./work/ a/home/ada/\n"}, None, None),
    ("a registry's host", {"scripts/b": "#!/bin/sh\n# x\ncurl https://pypi.org/x\n"}, "registry-host", "scripts/b:3"),
]


def findings(root):
    run = subprocess.run([sys.executable, TIDY, "--root", root], capture_output=True, text=True, check=False)
    found = re.findall(r"(?m)^([^\s:]+:\d+): ([a-z-]+): ", run.stdout)
    if bool(found) != (run.returncode == 1) or run.stderr:
        sys.exit(f"tidy: exit status {run.returncode} with {len(found)} findings: {run.stderr}")
    return found


def write(root, files):
    for file, text in files.items():
        path = os.path.join(root, file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


def ratchet_lowers(root):
    """--ratchet lowers what shrank, drops what is gone, and never raises."""
    write(root, {"src/types/long.c": function("weir_on_record", 110)})
    subprocess.run([sys.executable, TIDY, "--root", root, "--ratchet"], stdout=subprocess.DEVNULL, check=True)
    with open(os.path.join(root, "tests/tidy/long_functions.txt"), encoding="utf-8") as f:
        lowered = "src/types/long.c weir_on_record 110\n" in f.read()
    os.remove(os.path.join(root, "src/types/long.c"))
    subprocess.run([sys.executable, TIDY, "--root", root, "--ratchet"], stdout=subprocess.DEVNULL, check=True)
    with open(os.path.join(root, "tests/tidy/long_functions.txt"), encoding="utf-8") as f:
        return lowered and "weir_on_record" not in f.read()


def main():
    passed = failed = 0
    fired = set()
    with tempfile.TemporaryDirectory(prefix="tidy.") as scratch:
        clean = os.path.join(scratch, "clean")
        write(clean, CLEAN)
        cases = [("the clean tree", {}, None, None)] + CASES
        for number, (what, files, rule, place) in enumerate(cases):
            root = os.path.join(scratch, str(number))
            shutil.copytree(clean, root)
            write(root, files)
            found = findings(root)
            good = (place, rule) in found and len(found) == 1 if rule else not found
            fired |= {rule}
            passed, failed = passed + good, failed + (not good)
            if not good:
                print(f"{what}: wanted {place} {rule}, found {found}")
        good = ratchet_lowers(clean)
        passed, failed = passed + good, failed + (not good)
        if not good:
            print("--ratchet did not lower the record")
    rules = subprocess.run([sys.executable, TIDY, "--rules"], capture_output=True, text=True, check=True).stdout
    for rule in re.findall(r"(?m)^(\S+)", rules):
        if rule not in fired:
            failed += 1
            print(f"rule {rule} has no case here")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What goes wrong must go wrong well: one clear error, an exit status that scripts can use, nothing half-visible.

Each case runs weir on input that is broken in one way. Never allowed: a signal, a hang, an exit status above 125, an empty
standard error after a failure, or visible files of a sink whose job did not finish. Cases that this machine cannot stage
(no second user, no mount) are named and left out.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

WEIR = os.environ.get("WEIR") or sys.exit("bad_input: set WEIR to the program")
NOBODY = 65534
TABLE = "CREATE TABLE t (id INT, name STRING) WITH ('connector' = 'filesystem', 'path' = '{path}', 'format' = '{format}'{more});\n"
SINK = "CREATE TABLE s (id INT, name STRING) WITH ('connector' = 'filesystem', 'path' = '{path}', 'format' = 'csv');\n"
ENDLESS = "CREATE TABLE g (id INT, name STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '1000');\n"


class Wrong(Exception):
    """What the case found."""


class Skipped(Exception):
    """Why the case could not be staged."""


def run(script, *options, folder, timeout=60, **settings):
    """-> (exit status, stdout, stderr); the script is text, bytes, or None for none."""
    path = os.path.join(folder, "job.sql")
    with open(path, "wb") as f:
        f.write(script if isinstance(script, bytes) else script.encode())
    command = [WEIR, "run", *options, path]
    settings.setdefault("stdout", subprocess.PIPE)
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=timeout, check=False, cwd=folder, **settings)
    except subprocess.TimeoutExpired:
        raise Wrong(f"still running after {timeout} s") from None
    return done.returncode, (done.stdout or b"").decode(errors="replace"), done.stderr.decode(errors="replace")


def must_fail(result, *words):
    status, _, said = result
    if not 1 <= status <= 125:
        raise Wrong(f"exit status {status}: {said[:200]}")
    if not said.strip():
        raise Wrong("it failed without a word on standard error")
    for word in words:
        if word.lower() not in said.lower():
            raise Wrong(f"the error does not say {word!r}: {said[:300]}")


def must_end(result):
    """It may fail or not, but as a program should."""
    if not 0 <= result[0] <= 125:
        raise Wrong(f"exit status {result[0]}: {result[2][:200]}")
    if result[0] and not result[2].strip():
        raise Wrong("it failed without a word on standard error")


def visible(folder):
    return [f for _, _, files in os.walk(folder) for f in files if not f.startswith((".", "_"))]


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    return path


def missing_script(folder):
    done = subprocess.run([WEIR, "run", os.path.join(folder, "nowhere.sql")], capture_output=True, text=True, timeout=20, check=False)
    must_fail((done.returncode, done.stdout, done.stderr), "nowhere.sql")


def folder_as_script(folder):
    done = subprocess.run([WEIR, "run", folder], capture_output=True, text=True, timeout=20, check=False)
    must_fail((done.returncode, done.stdout, done.stderr), folder)


def unknown_option(folder):
    must_fail(run("SELECT 1;", "--no-such-option", folder=folder), "no-such-option")


def unknown_command(folder):
    done = subprocess.run([WEIR, "rnu", "x.sql"], capture_output=True, text=True, timeout=20, check=False)
    must_fail((done.returncode, done.stdout, done.stderr), "rnu", "run")


def nul_bytes(folder):
    must_fail(run(b"SELECT 1 AS a\0, 2 AS b;", folder=folder))


def invalid_utf8(folder):
    must_fail(run(b"SELECT '\xff\xfe' AS a;", folder=folder))


def empty_script(folder):
    must_end(run("", folder=folder))
    must_end(run("-- nothing\n;;\n", folder=folder))


def missing_data(folder):
    must_fail(run(TABLE.format(path=folder + "/nowhere.json", format="json", more="") + "SELECT * FROM t;", folder=folder), "nowhere.json")


def no_rights(folder):
    path = write(folder, "secret.json", '{"id":1,"name":"a"}\n')
    os.chmod(path, 0)
    os.chmod(folder, 0o777)
    as_other = {}
    if os.getuid() == 0:
        as_other = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        try:
            subprocess.run([WEIR, "help"], stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=True, **as_other)
        except (OSError, subprocess.CalledProcessError):
            raise Skipped("another user cannot reach the program") from None
    must_fail(run(TABLE.format(path=path, format="json", more="") + "SELECT * FROM t;", folder=folder, **as_other), "secret.json", "permission")


def full_output(folder):
    data = write(folder, "many.json", "".join('{"id":%d,"name":"row"}\n' % i for i in range(50000)))
    with open("/dev/full", "wb") as full:
        must_fail(run(TABLE.format(path=data, format="json", more="") + "SELECT * FROM t;", "--output", "json", folder=folder, stdout=full), "space")


def full_disk(folder):
    if os.getuid() != 0:
        raise Skipped("mounting a small disk needs root")
    data = write(folder, "many.json", "".join('{"id":%d,"name":"row"}\n' % i for i in range(100000)))
    small = os.path.join(folder, "small")
    os.mkdir(small)
    script = write(folder, "full.sql", TABLE.format(path=data, format="json", more="") + SINK.format(path=small) + "INSERT INTO s SELECT * FROM t;")
    shell = 'mount -t tmpfs -o size=64k none "$1" || exit 99; "$2" run "$3"; code=$?; find "$1" -type f ! -name ".*" ! -name "_*" | sed "s/^/VISIBLE /"; exit $code'
    done = subprocess.run(["unshare", "-m", "sh", "-c", shell, "sh", small, WEIR, script], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False)
    if done.returncode == 99 or "unshare" in done.stderr:
        raise Skipped("no mount here")
    must_fail((done.returncode, done.stdout, done.stderr), "space")
    if "VISIBLE" in done.stdout:
        raise Wrong("visible files of a job that failed: " + done.stdout[:200])


def closed_pipe(folder):
    data = write(folder, "many.json", "".join('{"id":%d,"name":"row"}\n' % i for i in range(200000)))
    script = write(folder, "pipe.sql", TABLE.format(path=data, format="json", more="") + "SELECT * FROM t;")
    process = subprocess.Popen([WEIR, "run", "--output", "json", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    process.stdout.readline()
    process.stdout.close()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        raise Wrong("still running 20 s after its reader left") from None
    finally:
        process.stderr.close()
    if process.returncode != -signal.SIGPIPE and not 0 <= process.returncode <= 125:
        raise Wrong(f"exit status {process.returncode}")


def long_line(folder):
    text = b'{"id":1,"name":"' + b"x" * 100_000_000 + b'"}\n'
    path = write(folder, "long.json", text)
    must_end(run(TABLE.format(path=path, format="json", more="") + "SELECT id, CHAR_LENGTH(name) AS n FROM t;", "--output", "json", folder=folder))
    path = write(folder, "long.csv", b"1," + b"x" * 100_000_000 + b"\n")
    must_end(run(TABLE.format(path=path, format="csv", more="") + "SELECT id, CHAR_LENGTH(name) AS n FROM t;", "--output", "json", folder=folder))


def deep(text):
    return lambda folder: must_end(run(text, "--output", "json", folder=folder))


def own_view(folder):
    must_fail(run("CREATE VIEW v AS SELECT * FROM v;\nSELECT * FROM v;", folder=folder), "v")


def bad_row(folder):
    rows = "".join('{"id":%d,"name":"a"}\n' % i for i in range(1, 3000))
    path = write(folder, "bad.json", rows + '{"id":"no number","name":"b"}\n')
    must_fail(run(TABLE.format(path=path, format="json", more="") + "SELECT * FROM t;", folder=folder), "bad.json", "3000", "id")


def bad_row_skipped(folder):
    path = write(folder, "bad.json", '{"id":1,"name":"a"}\nnonsense\n{"id":2,"name":"b"}\n')
    table = TABLE.format(path=path, format="json", more=", 'json.ignore-parse-errors' = 'true'")
    status, out, said = run(table + "SELECT * FROM t;", "--output", "json", "--stats", "json", folder=folder)
    if status:
        raise Wrong(f"exit status {status}: {said[:200]}")
    rows = [json.loads(line)["row"] for line in out.splitlines() if line.startswith('{"op"') or '"row"' in line]
    if rows != [[1, "a"], [2, "b"]]:
        raise Wrong(f"rows {rows}")
    if not any("skip" in line and "1" in line for line in (out + said).splitlines()):
        raise Wrong("--stats does not count the skipped row")


def failed_sink(folder):
    rows = "".join('{"id":%d,"name":"a"}\n' % i for i in range(100000))
    path, out = write(folder, "bad.json", rows + "nonsense\n"), os.path.join(folder, "out")
    script = TABLE.format(path=path, format="json", more="") + SINK.format(path=out) + "INSERT INTO s SELECT * FROM t;"
    must_fail(run(script, folder=folder), "bad.json")
    if visible(out):
        raise Wrong(f"visible files of a job that failed: {visible(out)[:3]}")


def interrupt(signals, insert):
    def case(folder):
        out = os.path.join(folder, "out")
        script = write(folder, "endless.sql", ENDLESS + SINK.format(path=out) + insert)
        process = subprocess.Popen([WEIR, "run", "--output", "json", script], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(1.0)
        if process.poll() is not None:
            raise Wrong(f"an endless job ended by itself: {process.stderr.read().decode()[:200]}")
        process.send_signal(signals)
        begun = time.monotonic()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Wrong("still running 10 s after the signal") from None
        finally:
            process.stderr.close()
        if time.monotonic() - begun > 1.0:
            raise Wrong(f"it took {time.monotonic() - begun:.1f} s to stop")
        if not 1 <= process.returncode <= 130:
            raise Wrong(f"exit status {process.returncode}")
        if visible(out):
            raise Wrong(f"visible files of a cancelled job: {visible(out)[:3]}")
    return case


DEPTH = 10000
CASES = [
    ("a script that is not there", missing_script), ("a folder as script", folder_as_script), ("an unknown option", unknown_option),
    ("an unknown command", unknown_command), ("NUL bytes in a script", nul_bytes), ("invalid UTF-8 in a script", invalid_utf8),
    ("an empty script", empty_script), ("a data file that is not there", missing_data), ("a file without the right to read it", no_rights),
    ("a full standard output", full_output), ("a full disk under a sink", full_disk), ("a reader that leaves", closed_pipe),
    ("lines of 100 MB", long_line),
    ("10,000 parentheses", deep("SELECT " + "(" * DEPTH + "1" + ")" * DEPTH + " AS x;")),
    ("10,000 additions", deep("SELECT 1" + " + 1" * DEPTH + " AS x;")),
    ("10,000 times NOT", deep("SELECT " + "NOT " * DEPTH + "TRUE AS x;")),
    ("10,000 times minus", deep("SELECT " + "- " * DEPTH + "1 AS x;")),
    ("10,000 nested calls", deep("SELECT " + "ABS(" * DEPTH + "1" + ")" * DEPTH + " AS x;")),
    ("10,000 nested CASE", deep("SELECT " + "CASE WHEN TRUE THEN " * DEPTH + "1" + " END" * DEPTH + " AS x;")),
    ("10,000 nested subqueries", deep("SELECT * FROM " + "(SELECT * FROM " * DEPTH + "(VALUES (1)) AS t(a)" + ")" * DEPTH + ";")),
    ("10,000 UNION ALL", deep("SELECT 1 AS x" + " UNION ALL SELECT 1" * DEPTH + ";")),
    ("10,000 nested types", deep("CREATE TABLE t (a " + "ARRAY<" * DEPTH + "INT" + ">" * DEPTH + ") WITH ('connector' = 'blackhole');")),
    ("10,000 nested arrays", deep("SELECT " + "ARRAY[" * DEPTH + "1" + "]" * DEPTH + " AS x;")),
    ("a comment that does not end", lambda folder: must_fail(run("SELECT 1 /* and so on", folder=folder))),
    ("a string that does not end", lambda folder: must_fail(run("SELECT 'and so on", folder=folder))),
    ("a view that refers to itself", own_view), ("a malformed row", bad_row), ("a malformed row that is skipped", bad_row_skipped),
    ("a sink whose job fails", failed_sink),
    ("Ctrl-C during an INSERT", interrupt(signal.SIGINT, "INSERT INTO s SELECT * FROM g;")),
    ("SIGTERM during an INSERT", interrupt(signal.SIGTERM, "INSERT INTO s SELECT * FROM g;")),
    ("Ctrl-C during a SELECT", interrupt(signal.SIGINT, "SELECT * FROM g;")),
]


def main():
    passed = failed = 0
    for what, case in CASES:
        with tempfile.TemporaryDirectory(prefix="bad.") as folder:
            try:
                case(folder)
                passed += 1
            except Skipped as why:
                print(f"left out: {what}: {why}")
            except Wrong as wrong:
                failed += 1
                print(f"FAILED: {what}: {wrong}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

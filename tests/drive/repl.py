#!/usr/bin/env python3
"""`weir sql` as a person sees it: through a real terminal multiplexer (tmux). Completion, history over two starts, a live table that is resized, Ctrl-C at the prompt
and in a query, a result of 1,000 columns and one of 10,000,000 rows, jobs behind the shell. And `weir test`: its exit statuses, differences, --update, --junit."""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

WEIR = os.path.abspath(os.environ.get("WEIR") or sys.exit("repl: set WEIR to the program"))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLICKS = "CREATE TABLE clicks (id BIGINT, name STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '50', 'fields.id.min' = '1', 'fields.id.max' = '9');"
TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Shell:
    """A shell in a terminal of its own; its folder holds the history."""

    started = 0

    def __init__(self, folder, columns=100, lines=24, *arguments, **environment):
        Shell.started += 1
        self.folder, self.socket = folder, "weir-%d-%d" % (os.getpid(), Shell.started)
        settings = dict(XDG_STATE_HOME=os.path.join(folder, "state"), TERM="screen", PAGER="less -S", TZ="UTC", HOME=folder, **environment)
        command = ["env", *(f"{k}={v}" for k, v in settings.items()), WEIR, "sql", *arguments]
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(lines), "-c", folder, shlex.join(command))
        self.wait("weir> ?$")

    def tmux(self, *arguments, check=True):
        return subprocess.run(["tmux", "-L", self.socket, *arguments], capture_output=True, text=True, check=check, timeout=20).stdout

    def screen(self):
        return self.tmux("capture-pane", "-p", check=False).rstrip()

    def wait(self, pattern, seconds=8, absent=False):
        deadline = time.monotonic() + seconds
        while True:
            screen = self.screen()
            if bool(re.search(pattern, screen, re.M)) != absent:
                return screen
            if time.monotonic() > deadline:
                raise AssertionError(f"waited for {pattern!r}{' to go' if absent else ''}; the screen:\n{screen}")
            time.sleep(0.05)

    def type(self, text):
        self.tmux("send-keys", "-l", re.sub(";$", r"\\;", text))

    def key(self, *keys):
        self.tmux("send-keys", *keys)

    def say(self, line, wait=None):
        self.type(line)
        self.key("Enter")
        return self.wait(wait) if wait else None

    def process(self):
        return int(self.tmux("display-message", "-p", "#{pane_pid}"))

    def close(self):
        self.tmux("kill-server", check=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def gone(shell):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if shell.tmux("list-sessions", check=False) == "":
            return True
        time.sleep(0.05)
    return False


def peak_bytes(process):
    with open(f"/proc/{process}/status", encoding="utf-8") as f:
        return 1024 * int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1))


@test
def statements_and_errors(folder):
    with Shell(folder) as shell:
        shell.say("SELECT 1 AS a,")
        screen = shell.say("  'x' AS b;", r"1 row in set")
        assert "   ->   'x' AS b;" in screen and "| 1 | x |" in screen, screen
        screen = shell.say("SELECT lenght('x');", r"\^")
        assert "the statement:1:8" in screen, screen
        shell.say("help", r"\\\? lists")
        shell.say("\\timing", "Timing is on")
        shell.say("SELECT 2 AS two;", "Time: ")
        shell.say("\\tming", "did you mean .timing")
        shell.say("exit")
        assert gone(shell)


@test
def completion(folder):
    with Shell(folder) as shell:
        shell.say(CLICKS, "CREATE TABLE$")
        shell.type("sel")
        shell.key("Tab")
        shell.type("lpa")
        shell.key("Tab")
        shell.wait(r"weir> select lpad\($")
        shell.type("name, 9) FROM cli")
        shell.key("Tab")
        shell.wait(r"weir> select lpad\(name, 9\) FROM clicks$")
        shell.key("C-c")
        shell.type("SET 'table.exec.state")
        shell.key("Tab")
        shell.wait(r"SET 'table.exec.state.ttl$")
        shell.key("C-c")
        shell.type("SHOW ")
        shell.key("Tab")
        shell.wait(r"TABLES.*")


@test
def history_over_two_starts(folder):
    with Shell(folder) as shell:
        shell.say("SELECT 41 + 1")
        shell.say("AS answer;", "42")
        shell.say(" SELECT 'secret' AS s;", "secret")
        shell.key("C-d")
        assert gone(shell)
    path = os.path.join(folder, "state", "weir", "history")
    assert os.stat(path).st_mode & 0o777 == 0o600, oct(os.stat(path).st_mode)
    assert "secret" not in open(path, encoding="utf-8").read()
    with Shell(folder) as shell:
        shell.key("Up")
        shell.wait("AS answer;$")
        shell.key("Enter")
        shell.wait(r"\|     42 \|")


@test
def control_c_at_the_prompt(folder):
    with Shell(folder) as shell:
        shell.say("SELECT 1,", r"   -> ?$")
        shell.type("2")
        shell.key("C-c")
        shell.wait(r"\^C\nweir> ?$")
        shell.say("SELECT 7 AS seven;", r"\|     7 \|")


@test
def live_table(folder):
    with Shell(folder) as shell:
        shell.say(CLICKS, "CREATE TABLE$")
        shell.say("SELECT MOD(id, 3) AS k, COUNT(*) AS n FROM clicks GROUP BY MOD(id, 3);", r"3 rows, \d+ changes")
        first = shell.wait(r"^\| 0 ")
        assert first.count("| k |") == 1 and "weir>" not in first, first
        deadline = time.monotonic() + 10
        while shell.screen().splitlines()[3:6] == first.splitlines()[3:6] and time.monotonic() < deadline:
            time.sleep(0.1)
        assert shell.screen().splitlines()[3:6] != first.splitlines()[3:6], "the table does not move"
        shell.tmux("resize-window", "-x", "50", "-y", "12")
        time.sleep(0.5)
        screen = shell.screen()
        assert max(map(len, screen.splitlines())) <= 50 and screen.count("| k |") == 1, screen
        shell.key("C-c")
        shell.wait(r"until it was stop.*\nweir> ?$")
        shell.say("SELECT * FROM clicks;", r"q or Ctrl-C ends")
        assert len(shell.wait(r"\d+ rows").splitlines()) <= 12
        shell.key("q")
        shell.wait(r"until it was stop.*\nweir> ?$")
        shell.say("SELECT 5 AS five;", r"\|    5 \|")


@test
def thousand_columns(folder):
    with open(os.path.join(folder, "wide.sql"), "w", encoding="utf-8") as f:
        f.write("SELECT " + ", ".join(f"{i} AS c{i}" for i in range(1000)) + ";")
    with Shell(folder) as shell:
        screen = shell.say("\\i wide.sql", r"-\[ row 1 \]-")
        assert re.search(r"^c9 +\| 9$", screen, re.M), screen
        shell.key("G")
        shell.wait(r"^c999 \| 999$")
        shell.key("q")
        shell.wait("weir> ?$")
        shell.say("\\x off", "is off")
        shell.say("\\i wide.sql", r"\| c0 \| c1 \|.*>$")
        shell.key("q")
        shell.wait("weir> ?$")


@test
def ten_million_rows(folder):
    with Shell(folder) as shell:
        shell.say("CREATE TABLE big (id BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '10000000', 'rows-per-second' = '1000000000', "
                  "'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '10000000');", "CREATE TABLE$")
        shell.say("SELECT id, id * 2 AS twice FROM big;", r"^\| +1 \| +2 \|")
        shell.key("Space")
        shell.wait(r"^\| +30 \|")
        shell.key("q")
        shell.wait("weir> ?$")
        shell.say("\\o all.txt")
        shell.say("SELECT id, id * 2 AS twice FROM big;")
        shell.say("\\o")
        shell.say("SELECT 'done' AS d;")
        shell.wait(r"\| done \|", seconds=120)
        peak = peak_bytes(shell.process())
        assert peak < 100 << 20, f"{peak >> 20} MiB"
    with open(os.path.join(folder, "all.txt"), "rb") as f:
        assert f.read().rstrip().splitlines()[-1].startswith(b"10,000,000 rows in set")


@test
def jobs_behind(folder):
    with Shell(folder, 160) as shell:
        shell.say(CLICKS, "CREATE TABLE$")
        shell.say("CREATE TABLE seen (id BIGINT) WITH ('connector' = 'print');", "seen[^$]*CREATE TABLE$")
        shell.say("INSERT INTO seen SELECT id FROM clicks WHERE id > 8;", "runs behind")
        shell.type("SELECT 3")
        shell.wait(r"^\+I\[9\]\n(.*\n)*weir> SELECT 3$")
        shell.key("C-c")
        screen = shell.say("SHOW JOBS;", "RUNNING")
        job = re.search(r"[0-9a-f]{32}", screen).group()
        shell.key("C-d")
        shell.wait("1 job runs still behind")
        shell.say(f"STOP JOB '{job}';", r"^STOP JOB$")
        shell.say("SHOW JOBS;", "CANCELED")
        shell.key("C-d")
        assert gone(shell)


@test
def editor_and_files(folder):
    editor = os.path.join(folder, "editor")
    with open(editor, "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\nsed -i s/111/222/ \"$1\"\n")
    os.chmod(editor, 0o755)
    with open(os.path.join(folder, "s.sql"), "w", encoding="utf-8") as f:
        f.write("SELECT 9 AS nine;")
    with Shell(folder, EDITOR=editor) as shell:
        shell.say("SELECT 111 AS x;", r"\| 111 \|")
        shell.say("\\e", r"\| 222 \|")
        shell.say("SOURCE 's.sql';", r"\|    9 \|")
        shell.say("\\dt", "table name")
        shell.say("\\df lpad", "LPAD")
    done = subprocess.run([WEIR, "sql"], input="SELECT 1 AS a;", capture_output=True, text=True, check=True, timeout=20)
    assert "| 1 |" in done.stdout, done.stdout


def weir_test(*arguments, status):
    done = subprocess.run([WEIR, "test", *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == status, f"exit status {done.returncode}: {done.stdout}{done.stderr}"
    return done


@test
def weir_test_command(folder):
    good = os.path.join(ROOT, "examples", "clicks.test")
    assert "5 passed, 0 failed" in weir_test(good, status=0).stdout
    shutil.copy(os.path.join(ROOT, "examples", "clicks.sql"), folder)
    wrong, report = os.path.join(folder, "wrong.test"), os.path.join(folder, "report.xml")
    text = open(good, encoding="utf-8").read()
    with open(wrong, "w", encoding="utf-8") as f:
        f.write(text.replace("|      3 |        2 |", "|      4 |        2 |").replace("| bob     |      1 |\n\n", "\n"))
    out = weir_test("--junit", report, wrong, status=1).stdout
    assert "4 => 3" in out and "+ | bob     |      1 |" in out and "3 passed, 2 failed" in out, out
    suite = xml.etree.ElementTree.parse(report).getroot()[0]
    assert suite.get("tests") == "5" and suite.get("failures") == "2" and len(suite.findall("testcase/failure")) == 2
    assert weir_test("--json", "--filter", "minute", wrong, status=1).stdout.count("\n") == 2
    weir_test("--update", wrong, status=1)
    assert weir_test(wrong, status=0).stdout.endswith("seconds)\n")
    assert "query pages\n    SELECT visitor" in open(wrong, encoding="utf-8").read()
    with open(wrong, "w", encoding="utf-8") as f:
        f.write("gven x\n")
    assert "did you mean 'given'?" in weir_test(wrong, status=3).stderr
    weir_test(os.path.join(folder, "nothing.test"), status=4)
    weir_test(status=2)


def main():
    if shutil.which("tmux") is None:
        sys.exit("repl: tmux is missing; scripts/setup test installs it")
    failed = 0
    for one in TESTS:
        with tempfile.TemporaryDirectory(prefix="repl.") as folder:
            try:
                one(folder)
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"FAILED: {one.__name__}: {type(error).__name__}: {error}")
    print(f"{len(TESTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

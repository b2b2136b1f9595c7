#!/usr/bin/env python3
"""The command line as people and scripts meet it: output formats, parameters, exit statuses, messages, terminals (through a pseudo-terminal), and that the
manual page, the completions and the examples of --help are what the program prints and runs."""
import fcntl
import json
import os
import pty
import re
import select
import shlex
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

WEIR = os.environ.get("WEIR") or sys.exit("cli: set WEIR to the program")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COUNTS = "SELECT k, COUNT(*) AS n FROM (VALUES ('a'), ('b'), ('a')) AS t(k) GROUP BY k"
ENDLESS = "CREATE TABLE g (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '200', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', " \
          "'fields.id.end' = '1000000');"
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def weir(*arguments, stdin="", status=0, **settings):
    done = subprocess.run([WEIR, *arguments], input=stdin, capture_output=True, text=True, timeout=60, check=False, **settings)
    assert done.returncode == status, f"exit status {done.returncode}, wanted {status}: {done.stdout[-300:]} {done.stderr[-300:]}"
    return done


def run(sql, *options, **settings):
    return weir("run", *options, "-e", sql, **settings)


def terminal(arguments, seconds, stop=None):
    """What a terminal shows of the program: -> (exit status, bytes); `stop` is written to it (Ctrl-C) after `seconds`."""
    child, shown = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execv(WEIR, [WEIR, *arguments])
    seen, begun, sent = b"", time.monotonic(), False
    while time.monotonic() - begun < 30:
        if select.select([shown], [], [], 0.05)[0]:
            try:
                data = os.read(shown, 65536)
            except OSError:
                break
            if not data:
                break
            seen += data
        if stop and not sent and time.monotonic() - begun > seconds:
            os.write(shown, stop)
            sent = True
    _, status = os.waitpid(child, 0)
    os.close(shown)
    return os.waitstatus_to_exitcode(status), seen


@test
def table_adds_up(_):
    out = run(COUNTS).stdout
    assert "| k | n |" in out and "| a | 2 |" in out and "| b | 1 |" in out and "2 rows in set (" in out, out
    assert "rows in set" not in run(COUNTS, "--quiet").stdout


@test
def table_is_aligned(_):
    out = run("SELECT * FROM (VALUES ('日本', 1), ('e', 22), ('naïve', CAST(NULL AS INT))) AS t(w, n)", "-q").stdout.splitlines()
    assert out[0] == "+-------+--------+" and "| 日本  |      1 |" in out and "| naïve | <NULL> |" in out, out
    wide = run("SELECT REPEAT('x', 100) AS w", "-q").stdout
    assert "| " + "x" * 27 + "... |" in wide, wide
    assert "x" * 100 in run("SET 'table.display.max-column-width' = '200'; SELECT REPEAT('x', 100) AS w").stdout
    assert "\n" not in run("SELECT 'a' || CHR(10) || 'b' AS w", "-q").stdout.splitlines()[3]


@test
def table_is_ordered(_):
    out = run("SELECT k, COUNT(*) AS n FROM (VALUES (1), (2), (2), (3), (3), (3)) AS t(k) GROUP BY k ORDER BY n DESC LIMIT 2", "-q").stdout.splitlines()
    assert [line.split("|")[1].strip() for line in out[3:5]] == ["3", "2"], out


@test
def changelog_shows_changes(_):
    out = run(COUNTS, "--output", "changelog").stdout
    assert [line[2:4] for line in out.splitlines() if line.startswith("| ") and " op " not in line] == ["+I", "+I", "-U", "+U"], out
    assert run("SET 'sql-client.execution.result-mode' = 'changelog'; " + COUNTS).stdout.splitlines()[:-1] == out.splitlines()[:-1]


@test
def csv_quotes(_):
    out = run("SELECT * FROM (VALUES ('a,b', 1), ('q\"', 2), ('', CAST(NULL AS INT))) AS t(`x,y`, n)", "-o", "csv").stdout
    assert out == '"x,y",n\n"a,b",1\n"q""",2\n,\n', out
    assert sorted(run(COUNTS, "-o", "csv").stdout.splitlines()[1:]) == ["a,2", "b,1"]


@test
def json_values(_):
    sql = """SELECT TRUE AS b, CAST(9223372036854775807 AS BIGINT) AS i, CAST('NaN' AS DOUBLE) AS f, 1.50 AS d, 'q"\\' AS s, X'0AFF' AS y, DATE '2024-02-29' AS dy,
             TIME '12:34:56' AS t, TIMESTAMP '2024-02-29 12:34:56.5' AS ts, INTERVAL '1' DAY AS iv, ARRAY[1, 2] AS a, MAP['k', 1] AS m, ROW(1, 'x') AS r, CAST(NULL AS INT) AS n"""
    lines = [json.loads(line) for line in run(sql, "-o", "json").stdout.splitlines()]
    assert lines[0]["columns"][0] == ["b", "BOOLEAN NOT NULL"] and lines[0]["columns"][3] == ["d", "DECIMAL(3, 2) NOT NULL"], lines[0]
    assert lines[1] == {"op": "+I", "row": [True, 9223372036854775807, "NaN", "1.50", 'q"\\', "0x0AFF", "2024-02-29", "12:34:56", "2024-02-29 12:34:56.5",
                                            86400000, [1, 2], [["k", 1]], [1, "x"], None]}, lines[1]
    assert run("SELECT a FROM (VALUES (1)) AS t(a) WHERE a > 1", "-o", "json").stdout == '{"columns":[["a","INT NOT NULL"]]}\n'


@test
def errors_in_json(_):
    out = run("SELECT 1 AS a;\nSELECT salary\nFROM (VALUES (1)) AS t(a)", "-o", "json", status=3)
    error = json.loads(out.stdout.splitlines()[-1])["error"]
    assert error["kind"] == "validate" and (error["line"], error["column"]) == (2, 8) and error["excerpt"] == "SELECT salary", error
    assert error["message"] == "From line 1, column 8 to line 1, column 13: Column 'salary' not found in any table", error
    assert "  --> -e:2:8" in out.stderr and "|        ^^^^^^" in out.stderr, out.stderr


@test
def metadata_columns(folder):
    """What a connector has no metadata for is refused in Flink's words; what it has is cast to the column's type."""
    with open(f"{folder}/four.csv", "w", encoding="utf-8") as out:
        out.write("1\n2\n")

    def table(column, connector="'filesystem', 'path' = '%s/four.csv', 'format' = 'csv'" % folder):
        return f"CREATE TABLE t (a INT, {column}) WITH ('connector' = {connector});"

    def told(sql, status=3):
        return json.loads(run(sql, "-o", "json", status=status).stdout.splitlines()[-1])["error"]["message"]

    def cells(column, what="m"):
        out = run(table(column) + f"SELECT {what} FROM t WHERE a = 1", "-o", "json").stdout.splitlines()
        return [json.loads(line)["row"] for line in out[1:]]

    event = "CREATE TABLE t (event_type INT, m STRING METADATA) WITH ('connector' = 'nexmark', 'events.num' = '10');"
    for definition in (table("m STRING METADATA", "'datagen', 'number-of-rows' = '1'"), event):
        for query in ("SELECT * FROM t", "SELECT 1 FROM t"):
            message = told(definition + query)
            assert "declares metadata columns, but the underlying DynamicTableSource doesn't implement the SupportsReadingMetadata interface" in message, message
    assert cells("m STRING METADATA FROM 'file.size', c AS m || '!'", "m, c") == [["4", "4!"]]
    assert cells("m INT METADATA FROM 'file.size'") == [[4]]
    assert cells("m CHAR(2) METADATA FROM 'file.name'") == [["fo"]]
    assert cells("m TIMESTAMP_LTZ(9) METADATA FROM 'file.modification-time'", "CAST(m AS TIMESTAMP(0)) > TIMESTAMP '2020-01-01 00:00:00'") == [[True]]
    assert "For input string: 'four.csv'" in told(table("m BIGINT METADATA FROM 'file.name'") + "SELECT m FROM t", 4)
    message = told(table("m ARRAY<INT> METADATA FROM 'file.size'") + "SELECT a FROM t")
    assert "Invalid data type for metadata column 'm' with metadata key 'file.size' of table" in message and "'ARRAY<INT>'" in message, message
    message = told(table("m STRING METADATA FROM 'file.nam'") + "SELECT a FROM t")
    assert "Invalid metadata key 'file.nam' in column 'm' of table" in message and "file.modification-time" in message, message
    assert "both from the same metadata key 'x'" in told(table("m STRING METADATA FROM 'x', n STRING METADATA FROM 'x'"))
    for connector in ("'print'", "'blackhole'", "'filesystem', 'path' = '%s/out', 'format' = 'csv'" % folder):
        message = told(table("m STRING METADATA FROM 'file.name'", connector) + "INSERT INTO t VALUES (1, 'x')")
        assert "declares persistable metadata columns" in message and "VIRTUAL" in message, message
    assert run(table("m STRING METADATA VIRTUAL", "'print'") + "INSERT INTO t VALUES (1)", "-q").stdout == "+I[1]\n"
    with open(f"{folder}/ogg.json", "w", encoding="utf-8") as out:
        out.write('{"before":null,"after":{"a":1},"op":"c","ts_ms":86400000,"source":{"table":"o","db":"d"}}\n')
    debezium = "'filesystem', 'path' = '%s/ogg.json', 'format' = 'debezium-json'" % folder
    out = run(table("m TIMESTAMP(0) METADATA FROM 'ingestion-timestamp', s CHAR(1) METADATA FROM 'source.table'", debezium) + "SELECT m, s FROM t",
              "-o", "json", "--set", "table.local-time-zone=Asia/Tokyo").stdout
    assert json.loads(out.splitlines()[1])["row"] == ["1970-01-02 09:00:00", "o"], out
    assert "source.table" in told(table("m STRING METADATA FROM 'source.tabel'", debezium) + "SELECT a FROM t")


@test
def csv_streams(folder):
    """Rows that only get more go out as they come, in streaming mode too; what is kept counts within --memory."""
    with open(f"{folder}/big.csv", "w", encoding="utf-8") as out:
        out.write("".join(f"{i},{'x' * 40}{i}\n" for i in range(400_000)))
    big = f"CREATE TABLE t (a INT, s STRING) WITH ('connector' = 'filesystem', 'path' = '{folder}/big.csv', 'format' = 'csv');"
    out = run(big + "SELECT a, s FROM t", "-o", "csv", "-q", "--memory", "20mb").stdout
    assert out.startswith("a,s\n0,xxx") and out.count("\n") == 400_001, out[:100]
    for output in ("csv", "table", "vertical"):
        done = run(big + "SELECT s, COUNT(*) AS n FROM (SELECT a, s FROM t) GROUP BY s, a", "-o", output, "-q", "--memory", "20mb", status=4)
        assert "memory" in done.stderr, done.stderr
        done = run(big + "SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY MOD(a, 1000) ORDER BY a DESC) AS n FROM t) WHERE n < 150",
                   "-o", output, "-q", "--memory", "15mb", status=4)
        assert "memory" in done.stderr, done.stderr
    assert run(big + "SELECT a FROM t ORDER BY a DESC LIMIT 2", "-o", "csv").stdout == "a\n399999\n399998\n"


@test
def text_that_is_no_utf8(folder):
    """JSON is UTF-8 whatever the text is; a CSV file that is not is refused, as by Flink."""
    with open(f"{folder}/t.raw", "wb") as out:
        out.write(b"a\xff\xfeb\n\xe2\x82\n\xed\xa0\x80x\nok\xc3\xa9\n")
    done = run(f"CREATE TABLE t (s STRING) WITH ('connector' = 'filesystem', 'path' = '{folder}/t.raw', 'format' = 'raw'); SELECT s, CAST(s AS BYTES) FROM t",
               "-o", "json")
    rows = [json.loads(line)["row"] for line in done.stdout.splitlines()[1:]]
    assert rows == [["a\ufffd\ufffdb", "0x61FFFE62"], ["\ufffd", "0xE282"], ["\ufffdx", "0xEDA08078"], ["ok\u00e9", "0x6F6BC3A9"]], rows
    for name, data, what in (("v", b"1,ok\n2,a\xff\xfeb\n", "start byte 0xff"), ("w", b"1,ok\n2,a\xe2\x82b\n", "middle byte 0x62")):
        with open(f"{folder}/{name}.csv", "wb") as out:
            out.write(data)
        done = run(f"CREATE TABLE t (a INT, s STRING) WITH ('connector' = 'filesystem', 'path' = '{folder}/{name}.csv', 'format' = 'csv'); SELECT a FROM t",
                   "-o", "json", status=4)
        error = json.loads(done.stdout.splitlines()[-1])["error"]
        assert f"Invalid UTF-8 {what}" in error["message"] and "line 2, column 4" in error["message"] and "iconv" in error["hint"], error


@test
def live_table_fits(_):
    """Lines are cut to the terminal's width, so that going up by their number meets the first of them."""
    child, shown = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 30, 0, 0))
        os.execv(WEIR, [WEIR, "run", "-e", f"{ENDLESS} SELECT MOD(id, 20) AS k, COUNT(*) AS `how many there are`, MAX(id) AS `and the last of them` FROM g GROUP BY MOD(id, 20)"])
    seen, begun, sent = b"", time.monotonic(), False
    while time.monotonic() - begun < 30:
        if select.select([shown], [], [], 0.05)[0]:
            try:
                data = os.read(shown, 65536)
            except OSError:
                break
            seen += data
        if not sent and time.monotonic() - begun > 1.5:
            os.write(shown, b"\x03")
            sent = True
    os.waitpid(child, 0)
    os.close(shown)
    frames = re.split(rb"\x1b\[(\d+)A\x1b\[J", seen)
    assert len(frames) > 4, seen[-500:]
    for frame, up in zip(frames[2:-2:2], frames[3::2]):
        lines = frame.replace(b"\r", b"").split(b"\n")[:-1]
        assert len(lines) == int(up) <= 9 and all(len(line) <= 30 for line in lines), (up, lines)


@test
def hang_up_cleans_up(folder):
    """SIGHUP cancels as SIGTERM does: no part file stays, nor the folder that was made for it; under nohup it is ignored."""
    sql = ENDLESS + f"CREATE TABLE s (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '{folder}/out', 'format' = 'csv'); INSERT INTO s SELECT id FROM g"
    # whoever runs the tests under nohup hands an ignored SIGHUP down
    plain = lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with subprocess.Popen([WEIR, "run", "-q", "-e", sql], stderr=subprocess.PIPE, preexec_fn=plain) as child:
        try:
            while not (os.path.isdir(f"{folder}/out") and os.listdir(f"{folder}/out")):
                assert child.poll() is None, "it ended before it wrote anything"
                time.sleep(0.02)
            child.send_signal(signal.SIGHUP)
            assert child.wait(10) == 130, child.returncode
        finally:
            child.kill()
    assert not os.path.exists(f"{folder}/out"), os.listdir(f"{folder}/out")


@test
def odd_corners(folder):
    done = subprocess.run([WEIR, "run", "-q", "-o", "csv", "-e", "SELECT 1"], stdout=open("/dev/full", "w", encoding="utf-8"), stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 4 and done.stderr.count("cannot be written") == 1 and "No space left" in done.stderr, done.stderr
    with open(f"{folder}/orders.csv", "w", encoding="utf-8") as out:
        out.write("1\n")
    done = run(f"CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'path' = '{folder}/orders.csv', 'format' = 'csv'); INSERT INTO t VALUES (1)", status=4)
    assert "hint: a table is written as files in a folder" in done.stderr, done.stderr
    lag = "SELECT LAG(a, -1) OVER (ORDER BY a) FROM (VALUES (1), (2)) AS t(a)"
    done = run(lag, "-o", "json", status=3)
    assert "Offset(-1) should be positive." in done.stdout and "-e:1:15" in done.stderr, done
    assert sorted(run("SET 'execution.runtime-mode' = 'batch'; " + lag, "-o", "csv").stdout.split("\n")[1:3]) == ["", "2"]
    nothing = "CREATE TABLE t WITH ('connector' = 'datagen', 'number-of-rows' = '2');"
    assert run(nothing + "SELECT * FROM t", "-o", "json").stdout == '{"columns":[]}\n{"op":"+I","row":[]}\n{"op":"+I","row":[]}\n'
    assert "requires a FROM clause" in run("SELECT *", status=3).stderr
    for arguments in (["--set", "novalue"], ["--output", "xml"], ["--memory", "lots"]):
        assert weir("run", *arguments, "-e", "SELECT 1", status=2).stderr.startswith("weir: run: " + arguments[0]), arguments
    assert weir("explain", "--set", "novalue", "-e", "SELECT 1", status=2).stderr.startswith("weir: explain: --set takes"), "explain"


@test
def exit_statuses(folder):
    run("SELECT 1 +", status=3)
    run("TRUNCATE TABLE nowhere", status=3)
    run("SELECT 1 / (a - 1) AS x FROM (VALUES (1)) AS t(a)", status=4)
    run("CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'path' = '%s/nothing', 'format' = 'csv'); SELECT * FROM t" % folder, status=4)
    for arguments in ([], ["nonsense"], ["run"], ["run", "--output", "xml", "-e", "SELECT 1"], ["run", "--parallelism", "0", "-e", "SELECT 1"],
                      ["run", "--memory", "lots", "-e", "SELECT 1"], ["run", "--set", "novalue", "-e", "SELECT 1"], ["run", "-x"], ["run", "--output"],
                      ["functions", "lpda"], ["help", "rnu"], ["schema"]):
        done = weir(*arguments, status=2)
        assert (done.stderr or done.stdout).strip(), arguments
    assert "did you mean --output?" in weir("run", "--outptu", "json", status=2).stderr
    assert "did you mean `weir explain`?" in weir("explian", "x.sql", status=2).stderr
    assert "weir run x.sql" in weir("x.sql", status=2).stderr


@test
def parameters(folder):
    script = os.path.join(folder, "p.sql")
    with open(script, "w", encoding="utf-8") as f:
        f.write("-- ${COMMENT} stays\nSELECT '${A}' AS a, /* ${B} */ ${NUMBER} AS n, '$x {A}' AS z;\n")
    out = weir("run", "--param", "A=it", "-p", "NUMBER=1 + 1", "-o", "csv", script).stdout
    assert out == "a,n,z\nit,2,$x {A}\n", out
    error = weir("run", "--param", "A=it", script, status=2).stderr
    assert "${NUMBER}" in error and f"{script}:2:32" in error and "--param" in error, error
    assert "NUMBR" in weir("run", "--param", "A=it", "--param", "NUMBR=2", script, status=2).stderr


@test
def scripts_from_everywhere(folder):
    assert "| 5 |" in weir("run", "-", stdin="SELECT 5 AS a").stdout
    paths = []
    for i, text in enumerate(("CREATE VIEW v AS SELECT 7 AS a;", "SELECT * FROM v;")):
        paths.append(os.path.join(folder, f"{i}.sql"))
        with open(paths[-1], "w", encoding="utf-8") as f:
            f.write(text)
    assert "| 7 |" in weir("run", *paths).stdout
    assert weir("run", os.path.join(folder, "nowhere.sql"), status=2).stderr.count("nowhere.sql") == 1


@test
def inserts_write_and_tell(folder):
    script = f"CREATE TABLE s (a INT) WITH ('connector' = 'filesystem', 'path' = '{folder}/out', 'format' = 'csv'); INSERT INTO s VALUES (1), (2);"
    done = run(script)
    assert "INSERT: 2 rows written" in done.stderr and done.stdout == "", done
    assert run(script, "-q").stderr == ""
    assert run("CREATE TABLE p (a INT) WITH ('connector' = 'print'); INSERT INTO p VALUES (1)", "-q").stdout == "+I[1]\n"


@test
def unbounded_inserts_run_side_by_side(_):
    script = ENDLESS + "CREATE TABLE a (id BIGINT) WITH ('connector' = 'print', 'print-identifier' = 'a');" \
                       "CREATE TABLE b (id BIGINT) WITH ('connector' = 'print', 'print-identifier' = 'b');" \
                       "SET 'table.dml-sync' = 'false'; INSERT INTO a SELECT id FROM g; INSERT INTO b SELECT id FROM g;"
    process = subprocess.Popen([WEIR, "run", "-e", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    process.send_signal(2)
    out, _ = process.communicate(timeout=10)
    assert process.returncode == 130 and "a> +I[5]" in out and "b> +I[5]" in out, (process.returncode, out[-200:])


@test
def stats(_):
    script = "CREATE TABLE s (k STRING, n BIGINT) WITH ('connector' = 'blackhole');\nINSERT INTO s " + COUNTS
    found = json.loads(run(script, "--stats", "json", "-q").stderr)
    assert found["statement"] == "INSERT" and found["line"] == 2 and found["state"] == "finished", found
    assert found["sinks"][0]["kinds"]["+I"] == 2 and found["sinks"][0]["kinds"]["+U"] == 1 and found["operators"], found
    text = run(script, "--stats", "text", "-q").stderr
    assert "finished in" in text and "GroupAggregate" in text, text


@test
def explain_stages(_):
    for stage, word in (("tokens", "SELECT"), ("ast", "select"), ("bound", "Collect"), ("optimized", "Collect"), ("physical", "Collect[")):
        assert word in weir("explain", "--stage", stage, "-e", "SELECT 1 AS a").stdout, stage
    assert "rows" not in weir("explain", "-e", "CREATE TABLE s (a INT) WITH ('connector' = 'blackhole'); INSERT INTO s SELECT 1").stderr


@test
def schema_of_a_file(folder):
    path = os.path.join(folder, "people.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("id,name,born\n1,Ann,1990-01-02\n2,Bob,1985-11-30\n")
    statement = weir("schema", path).stdout
    assert "CREATE TABLE" in statement and "`born` DATE" in statement, statement
    out = weir("run", "-q", "-o", "csv", "-", stdin=statement + "SELECT name FROM people WHERE born < DATE '1990-01-01';").stdout
    assert out == "name\nBob\n", out


@test
def lists(_):
    assert "LPAD(" in weir("functions", "lpad").stdout
    names = {json.loads(line)["name"] for line in weir("functions", "--json").stdout.splitlines()}
    assert {"LPAD", "SUM", "ROW_NUMBER"} <= names
    keys = {json.loads(line)["key"] for line in weir("options", "--json").stdout.splitlines()}
    assert {"execution.runtime-mode", "weir.batch-size"} <= keys
    assert re.match(r"weir \d+\.\d+\.\d+\n$", weir("version").stdout)


@test
def help_runs(folder):
    overview = weir("help").stdout
    for command in re.findall(r"weir (\w+)", overview.split("A first query")[0])[0:]:
        if command not in ("COMMAND",):
            assert weir(command, "--help").stdout.startswith(f"weir {command}"), command
    names = {"report.sql": "SELECT 1 + 1 AS two;\n", "flights.csv": "id,origin\n1,JFK\n"}
    for name, text in names.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    for command in ("run", "explain", "schema", "functions", "options", "help"):
        examples = weir(command, "--help").stdout.split("Examples:\n")[1]
        for line in examples.splitlines():
            if line.strip().startswith("weir "):
                words = shlex.split(line.strip().split(" | ")[0].split(" > ")[0])
                done = subprocess.run([WEIR, *words[1:]], cwd=folder, capture_output=True, text=True, timeout=20, check=False)
                assert done.returncode == 0, f"{line.strip()}: {done.stderr}"


@test
def printed_files_are_current(_):
    for option, path in ((["--man"], "docs/man/weir.1"), (["--completion", "bash"], "scripts/package/weir.bash"), (["--completion", "zsh"], "scripts/package/_weir")):
        with open(os.path.join(ROOT, path), encoding="utf-8") as f:
            assert f.read() == weir("help", *option).stdout, f"{path}: make it again with `weir help {' '.join(option)}`"


@test
def completion_completes(_):
    script = f". {ROOT}/scripts/package/weir.bash; COMP_WORDS=(weir run --output j); COMP_CWORD=3; _weir; echo \"${{COMPREPLY[*]}}\"; " \
             "COMP_WORDS=(weir ex); COMP_CWORD=1; _weir; echo \"${COMPREPLY[*]}\""
    assert subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout == "json\nexplain\n"


@test
def a_live_table_on_a_terminal(_):
    status, shown = terminal(["run", "-e", "CREATE TABLE g (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '200');"
                                           "SELECT COUNT(*) AS n FROM g"], 1.2, b"\x03")
    assert status == 130 and b"row so far; Ctrl-C ends" in shown and b"\x1b[J" in shown and re.search(rb"\| +n \|", shown), (status, shown[-400:])


@test
def progress_only_on_a_terminal(folder):
    path = os.path.join(folder, "many.json")
    with open(path, "w", encoding="utf-8") as f:
        for i in range(400000):
            f.write('{"id":%d,"name":"somebody called %d","x":%d.5}\n' % (i, i % 1000, i))
    script = f"CREATE TABLE t (id INT, name STRING, x DOUBLE) WITH ('connector' = 'filesystem', 'path' = '{path}', 'format' = 'json');" \
             "CREATE TABLE s (n BIGINT, m STRING, h STRING) WITH ('connector' = 'blackhole');" \
             "INSERT INTO s SELECT COUNT(*) OVER (PARTITION BY name ORDER BY PROCTIME()), UPPER(name), SHA256(REPEAT(name, 20)) FROM t;"
    status, shown = terminal(["run", "-e", script], 0)
    assert status == 0 and b"400,000 rows written" in shown, (status, shown[-300:])
    if b"rows/s" not in shown and b"seconds)" in shown:
        taken = float(re.search(rb"\(([\d.]+) seconds\)", shown).group(1))
        assert taken < 0.6, f"no progress in {taken} s"
    assert "rows/s" not in run(script).stderr


@test
def zones_come_from_the_environment(_):
    sql = "SELECT CAST(TO_TIMESTAMP_LTZ(0, 3) AS STRING) AS t"
    assert "1970-01-01 09:00:00.000" in run(sql, env=dict(os.environ, TZ="Asia/Tokyo")).stdout
    assert "1970-01-01 00:00:00.000" in run("SET 'table.local-time-zone' = 'UTC'; " + sql, env=dict(os.environ, TZ="Asia/Tokyo")).stdout
    assert "1970-01-01T00:00" not in run(sql, "-o", "json", env=dict(os.environ, TZ="No/Where")).stdout


@test
def memory_is_limited(_):
    rows = ", ".join(f"({i})" for i in range(1000))
    sql = f"SELECT a.x, COUNT(*) AS n FROM (VALUES {rows}) AS a(x), (VALUES {rows}) AS b(y), (VALUES {rows}) AS c(z) GROUP BY a.x, b.y, c.z"
    done = run(sql, "--memory", "64mb", "-q", status=4)
    assert "memory" in done.stderr.lower(), done.stderr


def main():
    passed = failed = 0
    for function in TESTS:
        with tempfile.TemporaryDirectory(prefix="cli.") as folder:
            try:
                function(folder)
                passed += 1
            except (AssertionError, subprocess.TimeoutExpired, subprocess.CalledProcessError, ValueError, KeyError, IndexError) as why:
                failed += 1
                print(f"FAILED: {function.__name__}: {type(why).__name__}: {str(why)[:700]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

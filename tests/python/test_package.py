"""Results of the package weir: forms, changes, types there and back through pandas, polars, pyarrow and DuckDB, threads, cancelling, memory."""
import copy
import datetime
import decimal
import gc
import io
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import zoneinfo

import duckdb
import harness
import pandas
import polars
import pyarrow
import weir
from weir import RowKind

UTC = datetime.timezone.utc
COUNTS = "SELECT k, COUNT(*) AS n FROM (VALUES ('a'), ('a'), ('b')) AS t(k) GROUP BY k"
NUMBERS = """CREATE TEMPORARY TABLE IF NOT EXISTS numbers (id BIGINT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1',
'fields.id.end' = '100000', 'number-of-rows' = '100000', 'rows-per-second' = '1000000000'); """
ENDLESS = "CREATE TEMPORARY TABLE IF NOT EXISTS endless (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000'); "
# (expression, SQL type, Python value)
VALUES = [
    ("TRUE", "BOOLEAN", True), ("CAST(7 AS TINYINT)", "TINYINT", 7), ("CAST(-8 AS SMALLINT)", "SMALLINT", -8), ("9", "INT", 9),
    ("CAST(-9223372036854775807 AS BIGINT)", "BIGINT", -9223372036854775807), ("CAST(1.5 AS FLOAT)", "FLOAT", 1.5), ("CAST(2.25 AS DOUBLE)", "DOUBLE", 2.25),
    ("CAST(-12.50 AS DECIMAL(10, 2))", "DECIMAL(10, 2)", decimal.Decimal("-12.50")),
    ("CAST('12345678901234567890123456789012345.678' AS DECIMAL(38, 3))", "DECIMAL(38, 3)", decimal.Decimal("12345678901234567890123456789012345.678")),
    ("CAST('Straße' AS STRING)", "STRING", "Straße"), ("CAST(X'0AFF' AS BYTES)", "BYTES", b"\x0a\xff"), ("DATE '2024-02-29'", "DATE", datetime.date(2024, 2, 29)),
    ("DATE '1582-10-04'", "DATE", datetime.date(1582, 10, 4)), ("TIME '12:34:56'", "TIME(0)", datetime.time(12, 34, 56)),
    ("TIMESTAMP '2024-02-29 12:34:56'", "TIMESTAMP(0)", datetime.datetime(2024, 2, 29, 12, 34, 56)),
    ("TIMESTAMP '1969-12-31 23:59:59.123'", "TIMESTAMP(3)", datetime.datetime(1969, 12, 31, 23, 59, 59, 123000)),
    ("TIMESTAMP '2024-02-29 12:34:56.123456'", "TIMESTAMP(6)", datetime.datetime(2024, 2, 29, 12, 34, 56, 123456)),
    ("TIMESTAMP '2024-02-29 12:34:56.123456789'", "TIMESTAMP(9)",
     weir.NanoTimestamp.of(datetime.datetime(2024, 2, 29, 12, 34, 56, 123456), 789)),
    ("CAST(TIMESTAMP '2024-02-29 12:34:56.123' AS TIMESTAMP_LTZ(3))", "TIMESTAMP_LTZ(3)", datetime.datetime(2024, 2, 29, 12, 34, 56, 123000, UTC)),
    ("CAST(TIMESTAMP '2024-02-29 12:34:56.123456789' AS TIMESTAMP_LTZ(9))", "TIMESTAMP_LTZ(9)",
     weir.NanoTimestamp.of(datetime.datetime(2024, 2, 29, 12, 34, 56, 123456, UTC), 789)),
    ("INTERVAL '1 02:03:04.567' DAY TO SECOND", None, datetime.timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=567)),
    ("INTERVAL '1-2' YEAR TO MONTH", None, weir.Months(14)), ("CAST(NULL AS INT)", "INT", None), ("CAST(NULL AS STRING)", "STRING", None),
    ("CAST(NULL AS TIMESTAMP(9))", "TIMESTAMP(9)", None), ("CAST(NULL AS DECIMAL(5, 1))", "DECIMAL(5, 1)", None), ("CAST(NULL AS DATE)", "DATE", None),
    ("ARRAY[1, CAST(NULL AS INT), 3]", None, [1, None, 3]), ("ARRAY[ARRAY['a'], ARRAY['b', 'c']]", None, [["a"], ["b", "c"]]), ("MAP['k', 1, 'l', 2]", None, {"k": 1, "l": 2}),
    ("CAST(ROW(1, 'x') AS ROW<p INT, q STRING>)", "ROW<`p` INT, `q` STRING>", (1, "x")),
    ("CAST(ROW(ARRAY[1], MAP['k', DATE '2024-02-29']) AS ROW<p ARRAY<INT>, q MAP<STRING, DATE>>)", None, ([1], {"k": datetime.date(2024, 2, 29)})),
    ("CAST(NULL AS ROW<p INT>)", None, None), ("CAST(NULL AS ARRAY<INT>)", None, None),
]


def connection():
    return weir.connect(mode="batch")


# ---- types ----

def test_every_type_as_python_values():
    result = connection().sql("SELECT " + ", ".join(f"{sql} AS c{i}" for i, (sql, _, _) in enumerate(VALUES)))
    row = result.fetchall()[0]
    for i, (sql, kind, wanted) in enumerate(VALUES):
        assert row[i] == wanted, (sql, row[i])
        assert type(row[i]) is type(wanted) or isinstance(row[i], weir.Row), (sql, type(row[i]))
        assert kind is None or result.schema[i].type == kind, (sql, result.schema[i])
        assert result.schema[i].nullable or wanted is not None
    assert row.c30.p == 1 and row.c30["q"] == "x"


def test_nulls_among_values_and_many_rows():
    session = connection()
    for sql, _, wanted in VALUES:
        rows = session.sql(f"SELECT i, CASE WHEN MOD(i, 3) <> 1 THEN {sql} END AS x FROM (VALUES {', '.join(f'({i})' for i in range(20))}) AS t(i)").fetchall()
        assert [row.x for row in rows] == [None if i % 3 == 1 else wanted for i in range(20)], (sql, rows)


def test_there_and_back_through_arrow():
    """What came out goes in again, and comes out the same: type for type, where Arrow can tell them apart."""
    session = connection()
    kept = [(sql, kind, wanted) for sql, kind, wanted in VALUES if not sql.startswith("INTERVAL '1-2'")]
    query = "SELECT " + ", ".join(f"{sql} AS c{i}" for i, (sql, _, _) in enumerate(kept))
    first = session.sql(query)
    table = first.to_arrow()
    again = session.sql("SELECT * FROM t", t=table)
    assert again.fetchall() == first.fetchall()
    assert again.to_arrow().equals(table.cast(again.to_arrow().schema))
    for before, after, (sql, _, _) in zip(first.schema, again.schema, kept):
        same = {"TIME(0)": "TIME(3)", "TIMESTAMP(0)": "TIMESTAMP(3)"}.get(before.type, before.type)
        assert before.root in ("ARRAY", "MAP", "ROW", "CHAR", "TIME") or after.type == same, (sql, before, after)
    streamed = session.sql("SELECT * FROM t", t=session.sql(query))  # a result is a table, too
    assert streamed.fetchall() == first.fetchall()


def test_months_in_arrow():
    rows = connection().sql("SELECT INTERVAL '1-2' YEAR TO MONTH AS m, CAST(NULL AS INT) AS n").fetchall()
    assert rows == [(weir.Months(14), None)] and str(rows[0].m) == "+1-02" and str(weir.Months(-3)) == "-0-03"


def test_moments_are_shown_in_the_zone_of_the_session():
    for name, hours in (("Europe/Berlin", 1), ("America/New_York", -5), ("GMT+05:30", 5.5), ("UTC", 0)):
        value = weir.connect(time_zone=name).sql("SELECT TO_TIMESTAMP_LTZ(0, 3) AS t").fetchall()[0].t
        assert value == datetime.datetime(1970, 1, 1, tzinfo=UTC) and value.utcoffset() == datetime.timedelta(hours=hours), (name, value)
    assert weir.connect(time_zone="Europe/Berlin").sql("SELECT TO_TIMESTAMP_LTZ(0, 3) AS t").fetchone().t.tzinfo == zoneinfo.ZoneInfo("Europe/Berlin")


def test_nanoseconds():
    value = connection().sql("SELECT TIMESTAMP '2024-02-29 12:34:56.000000007' AS t").fetchone().t
    assert (value.nanosecond, value.microsecond, str(value)) == (7, 0, "2024-02-29 12:34:56.000000007")
    assert value != datetime.datetime(2024, 2, 29, 12, 34, 56) and pickle.loads(pickle.dumps(value)) == value and copy.copy(value).nanosecond == 7
    assert connection().sql("SELECT ? AS t", [value]).fetchone().t == value
    assert connection().sql("SELECT ? AS t", [pandas.Timestamp("2024-02-29 12:34:56.000000007")]).fetchone().t == value


def test_rows_can_be_pickled():
    row = connection().sql("SELECT 1 AS a, 'x' AS b").fetchone()
    again = pickle.loads(pickle.dumps(row))
    assert again == row and again.b == "x"


# ---- forms ----

def test_one_result_in_every_form():
    result = connection().sql("SELECT id, name FROM (VALUES (1, 'a'), (2, CAST(NULL AS STRING))) AS t(id, name) ORDER BY id")
    rows = [(1, "a"), (2, None)]
    for _ in range(2):
        assert result.fetchall() == rows
        assert [tuple(row.values()) for row in result.to_arrow().to_pylist()] == rows
        assert result.pl().rows() == rows
        assert list(result.df()["id"]) == [1, 2] and result.df()["name"].isna().tolist() == [False, True]
        assert list(result.rows()) == rows
        assert [(kind, tuple(row)) for kind, row in result] == [(RowKind.INSERT, row) for row in rows]
        assert pyarrow.table(result).num_rows == 2
        assert duckdb.sql("SELECT COUNT(*) FROM result").fetchall() == [(2,)]
        assert polars.DataFrame(result).rows() == rows
    assert result.columns == ["id", "name"] and result.schema["name"].type == "STRING"


def test_changes_and_what_they_add_up_to():
    result = weir.connect().sql(COUNTS)
    changes = [("+I", ("a", 1)), ("-U", ("a", 1)), ("+U", ("a", 2)), ("+I", ("b", 1))]
    table = [("a", 2), ("b", 1)]
    assert [(kind, tuple(row)) for kind, row in result] == changes
    assert [kind.adds for kind, _ in result.changes()] == [True, False, True, True]
    assert sorted(result.fetchall()) == table and sorted(result.pl().rows()) == table and sorted(result.rows()) == table
    arrow = result.to_arrow(changes=True)
    assert [(row["op"], (row["k"], row["n"])) for row in arrow.to_pylist()] == changes
    assert result.df(changes=True)["op"].tolist() == result.pl(changes=True)["op"].to_list() == [kind for kind, _ in changes]
    assert sorted(map(tuple, result.df().itertuples(index=False))) == table
    assert str(RowKind.DELETE) == "-D" and RowKind("-U") is RowKind.UPDATE_BEFORE


def test_a_result_of_no_rows():
    result = connection().sql("SELECT a, b FROM (VALUES (1, 'x')) AS t(a, b) WHERE a > 1")
    assert result.fetchall() == [] and list(result) == [] and result.fetchone() is None
    assert result.to_arrow().num_rows == 0 and result.to_arrow().column_names == ["a", "b"]
    assert result.df().shape == (0, 2) and result.pl().shape == (0, 2) and result.to_arrow(changes=True).column_names == ["a", "b", "op"]


def test_statements_without_rows():
    session = connection()
    result = session.sql("CREATE TABLE s (a INT) WITH ('connector' = 'blackhole'); INSERT INTO s VALUES (1), (2)")
    assert not result.has_rows and result.affected == 2 and result.columns == [] and "2 affected" in repr(result)
    for call in (result.fetchall, result.to_arrow, result.df, result.pl, result.explain, lambda: list(result)):
        with harness.raises(weir.InterfaceError, "no rows"):
            call()
    assert session.sql("SHOW TABLES").fetchall() == [("s",)] and [row for _, row in session.sql("SHOW TABLES")] == [("s",)]


def test_whole_numbers_with_nulls_stay_whole():
    frame = connection().sql("SELECT a, b FROM (VALUES (9007199254740993, TRUE), (CAST(NULL AS BIGINT), CAST(NULL AS BOOLEAN))) AS t(a, b)").df()
    assert frame["a"][0] == 9007199254740993 and str(frame["a"].dtype) == "Int64" and str(frame["b"].dtype) == "boolean"


def test_a_script_draws_its_last_rows_only():
    session = connection()
    result = session.sql("SELECT 1 AS a;\n\n  SELECT 1 / (a - 1) AS x FROM (VALUES (1)) AS t(a)")
    assert result.columns == ["x"]
    for _ in range(2):  # also when it runs again
        with harness.raises(weir.OperationalError, "zero") as caught:
            list(result)
        assert (caught[0].line, caught[0].column, caught[0].stage) == (3, 10, "run"), caught[0]
    for form in (result.fetchall, result.to_arrow, result.df, result.pl, lambda: str(result)):
        with harness.raises(weir.OperationalError, "zero") as caught:
            form()


def test_large_results():
    session = weir.connect()
    result = session.sql(NUMBERS + "SELECT id, CAST(id AS STRING) AS s FROM numbers")
    assert sum(row.id for row in result.rows()) == 5000050000
    assert result.to_arrow().num_rows == 100000 and result.pl()["id"].sum() == 5000050000
    grouped = session.sql("SELECT id, COUNT(*) AS n FROM numbers GROUP BY id")
    assert len(grouped.fetchall()) == 100000 and len(set(grouped.pl()["id"])) == 100000


def test_closing():
    with connection().sql("SELECT 1 AS a") as result:
        assert result.fetchall() == [(1,)]
    with harness.raises(weir.InterfaceError, "closed"):
        result.fetchall()
    result.close()
    session = connection()
    open_one = session.sql("SELECT 1 AS a")
    session.close()
    with harness.raises(weir.InterfaceError, "closed"):
        open_one.fetchall()
    abandoned = iter(connection().sql(COUNTS))
    next(abandoned)
    del abandoned
    gc.collect()


def test_explain_and_shows():
    session = weir.connect()
    result = session.sql("SET 'table.local-time-zone' = 'UTC'; " + COUNTS)
    assert "GroupAggregate" in result.explain() and result.fetchone() is not None
    assert repr(result).startswith("<weir.Result (k CHAR(1)") and "| a | 2 |" in str(result) and "2 rows" in str(result)
    page = session.sql("SELECT '<b>' AS `a<b`, CAST(NULL AS INT) AS n")._repr_html_()
    assert "&lt;b&gt;" in page and "<th>a&lt;b" in page and "NULL" in page and "<b>" not in page and "1 row<" in page
    many = session.sql(NUMBERS + "SELECT id FROM numbers")
    assert "more rows follow" in str(many) and str(many).count("\n") == 24 and len(many.fetchall()) == 100000
    endless = session.sql(ENDLESS + "SELECT id FROM endless")
    assert not endless.is_bounded and "without an end" in str(endless) and "without an end" in endless._repr_html_() and "without an end" in repr(endless)
    shown, sys.stdout = sys.stdout, io.StringIO()
    try:
        result.show()
        assert "| k |" in sys.stdout.getvalue()
    finally:
        sys.stdout = shown


# ---- tables from outside ----

def test_frames_and_tables_as_tables():
    session = connection()
    wanted = [(1, "a"), (2, None)]
    arrow = pyarrow.table({"id": pyarrow.array([1, 2], pyarrow.int64()), "s": ["a", None]})
    for data in (arrow, arrow.to_batches()[0], arrow.to_reader(), arrow.to_pandas(), polars.from_arrow(arrow), duckdb.sql("SELECT * FROM arrow"), {"id": [1, 2], "s": ["a", None]},
                 [{"id": 1, "s": "a"}, {"id": 2, "s": None}], session.sql("SELECT id, s FROM (VALUES (1, 'a'), (2, CAST(NULL AS STRING))) AS t(id, s)")):
        session.register("t", data)
        for _ in range(2):
            assert session.sql("SELECT id, s FROM t ORDER BY id").fetchall() == wanted, type(data)
    session.unregister("t")
    with harness.raises(weir.ProgrammingError):
        session.sql("SELECT * FROM t")
    with harness.raises(weir.ProgrammingError, "registered"):
        session.unregister("t")
    for wrong in (5, "text", [1, 2], polars.LazyFrame({"a": [1]})):
        with harness.raises(weir.InterfaceError, "cannot be made a table"):
            session.register("t", wrong)
    with harness.raises(weir.ProgrammingError, "name"):
        session.register("", arrow)


def test_types_of_pandas_and_polars():
    session = connection()
    frame = pandas.DataFrame({"i": [1, 2], "u": pandas.array([1, None], "UInt8"), "f": [0.5, None], "b": [True, False], "s": ["x", None], "c": pandas.Categorical(["p", "q"]),
                              "t": pandas.to_datetime(["2024-02-29 12:34:56.123456789", None]),
                              "z": pandas.to_datetime(["2024-02-29 12:00", "2024-07-01 12:00"]).tz_localize("Europe/Berlin"),
                              "d": [decimal.Decimal("1.50"), None], "y": [b"x", None], "day": [datetime.date(2024, 2, 29), None]}, index=[7, 8])
    result = session.sql("SELECT * FROM t", t=frame)
    assert result.columns == list(frame.columns)  # the index is no column
    one, two = result.fetchall()
    assert (one.i, one.u, one.f, one.b, one.s, one.c, one.d, one.y, one.day) == (1, 1, 0.5, True, "x", "p", decimal.Decimal("1.50"), b"x", datetime.date(2024, 2, 29))
    assert str(one.t).endswith(".123456789") and one.z == datetime.datetime(2024, 2, 29, 11, tzinfo=UTC) and two.z == datetime.datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert (two.u, two.s, two.t, two.d, two.y, two.day) == (None,) * 6
    back = result.df()
    assert back["i"].tolist() == [1, 2] and back["t"][0] == frame["t"].iloc[0] and back["z"].iloc[1] == frame["z"].iloc[1]
    other = polars.DataFrame({"a": [[1, 2], None], "r": [{"p": 1, "q": "x"}, {"p": 2, "q": None}], "t": [datetime.time(1, 2, 3), None],
                              "l": [datetime.timedelta(days=1), None], "c": polars.Series(["x", "y"], dtype=polars.Categorical)})
    found = session.sql("SELECT * FROM t", t=other)
    assert found.fetchall() == [([1, 2], (1, "x"), datetime.time(1, 2, 3), datetime.timedelta(days=1), "x"), (None, (2, None), None, None, "y")]
    assert found.pl()["a"].to_list() == other["a"].to_list() and found.pl()["r"].to_list() == other["r"].to_list()


def test_keyword_tables_are_passing():
    session = connection()
    one = session.sql("SELECT a FROM t", t={"a": [1]})
    two = session.sql("SELECT a FROM t", t={"a": [2]})
    assert one.fetchall() == [(1,)] and two.fetchall() == [(2,)] and one.explain()
    one.close()
    assert two.explain() and two.fetchall() == [(2,)]
    two.close()
    assert session.sql("SHOW TABLES").fetchall() == []
    session.register("t", {"a": [3]})
    with harness.raises(weir.ProgrammingError, "registered already"):
        session.sql("SELECT a FROM t", t={"a": [4]})
    assert session.sql("SELECT a FROM t").fetchall() == [(3,)]
    with harness.raises(weir.ProgrammingError):
        session.sql("SELECT nope FROM u", u={"a": [1]})
    assert session.sql("SHOW TABLES").fetchall() == [("t",)]


def test_a_stream_that_fails():
    def broken():
        yield pyarrow.record_batch({"a": [1]})
        raise ValueError("no more of that")
    session = connection()
    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema([("a", pyarrow.int64())]), broken())
    with harness.raises(weir.OperationalError, "no more of that"):
        session.sql("SELECT SUM(a) AS s FROM t", t=reader).fetchall()
    assert session.sql("SELECT 1 AS a").fetchall() == [(1,)]


def test_a_table_that_reads_a_result_of_the_same_connection():
    session = connection()
    source = session.sql("SELECT a FROM (VALUES (1), (2)) AS t(a)")

    def batches():
        yield from pyarrow.RecordBatchReader.from_stream(source)
    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema([("a", pyarrow.int32())]), batches())
    session.register("t", reader)
    assert session.sql("SELECT SUM(a) AS s FROM t").fetchall() == [(3,)]


def test_pandas_reads_sql():
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas would rather have SQLAlchemy
        frame = pandas.read_sql("SELECT id, name FROM (VALUES (1, 'a'), (2, 'b')) AS t(id, name) WHERE id > ?", connection(), params=(1,))
    assert frame.values.tolist() == [[2, "b"]]


def test_the_modules_own_connection():
    weir.register("own", {"a": [1, 2]})
    assert weir.sql("SELECT SUM(a) AS s FROM own").fetchall() == [(3,)]
    weir.set("execution.runtime-mode", "batch")
    assert weir.default_connection().get("execution.runtime-mode") == "batch" and weir.default_connection().get("no.such") is None
    weir.unregister("own")
    weir.default_connection().close()
    assert weir.sql("SELECT ? AS a", [1]).fetchall() == [(1,)]  # a new one


# ---- what runs ----

def test_cancel_from_another_thread():
    session = weir.connect()
    for form in ("fetchall", "to_arrow", "pl", "df"):
        result = session.sql(ENDLESS + "SELECT id FROM endless WHERE id IS NULL")
        seen = []
        thread = threading.Thread(target=lambda result=result, seen=seen: (time.sleep(0.4), seen.append(session.progress()), result.cancel()))
        thread.start()
        started = time.monotonic()
        with harness.raises(weir.Cancelled):
            getattr(result, form)()
        thread.join()
        assert time.monotonic() - started < 3 and seen[0].rows_read > 0, (form, seen)
        result.close()
    assert session.progress() is None and session.sql("SELECT 1 AS a").fetchall() == [(1,)]


def test_an_endless_query_is_read_as_it_comes():
    changes = iter(weir.connect().sql(ENDLESS + "SELECT id FROM endless"))
    assert [next(changes)[0] for _ in range(50)] == [RowKind.INSERT] * 50


def test_inserts_without_an_end():
    session = weir.connect()
    session.sql(ENDLESS + "CREATE TABLE s (id BIGINT) WITH ('connector' = 'blackhole'); INSERT INTO s SELECT id FROM endless")
    assert session.wait(0.3) is False and session.progress().rows_written > 0
    session.cancel()
    with harness.raises(weir.Cancelled):
        session.wait(1)
    assert session.wait() is True


def test_ctrl_c():
    """In a process of its own: SIGINT while the main thread waits in each of the forms."""
    program = """if True:
        import os, signal, sys, threading, time, weir
        session = weir.connect()
        session.sql(\"\"\"%s CREATE TABLE s (id BIGINT) WITH ('connector' = 'blackhole')\"\"\")
        query = "SELECT id FROM endless WHERE id IS NULL"
        session.set("table.dml-sync", True)
        forms = [lambda: session.sql(query).fetchall(), lambda: list(session.sql(query)), lambda: session.sql(query).to_arrow(), lambda: session.sql(query).pl(),
                 lambda: session.cursor().execute(query).fetchone(), lambda: session.sql("INSERT INTO s SELECT id FROM endless")]
        for form in forms:
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
            started = time.monotonic()
            try:
                form()
                sys.exit("an endless query ended")
            except KeyboardInterrupt:
                assert time.monotonic() - started < 3
        assert session.sql("SELECT 1 AS a").fetchall() == [(1,)]
        print("good")
        """ % ENDLESS
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "good\n", (done.returncode, done.stdout, done.stderr)


def test_the_progress_bar():
    """It is there when it is asked for, leaves nothing behind, and is not there where nobody looks."""
    program = """if True:
        import weir, sys
        session = weir.connect(progress=%s)
        session.sql(\"\"\"CREATE TABLE slow (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000', 'number-of-rows' = '1500')\"\"\")
        print(len(session.sql("SELECT id FROM slow").fetchall()))
        """
    for asked, there in (("True", True), ("False", False), ("None", False)):
        done = subprocess.run([sys.executable, "-c", program % asked], capture_output=True, timeout=60, check=False)
        assert done.stdout == b"1500\n" and (b"rows read" in done.stderr) is there, (asked, done)
        assert not there or done.stderr.endswith(b" \r")


def test_threads_with_connections_of_their_own():
    wrong, counts = [], []

    def work(number):
        try:
            session = weir.connect(mode="batch")
            session.register("t", {"a": list(range(number, number + 1000))})
            for _ in range(30):
                rows = session.sql("SELECT SUM(a) AS s, COUNT(*) AS n FROM t").fetchall()
                assert rows == [(sum(range(number, number + 1000)), 1000)], rows
                with harness.raises(weir.ProgrammingError, f"nope{number}"):
                    session.sql(f"SELECT nope{number} FROM t")
            counts.append(number)
        except BaseException as error:  # noqa: BLE001: told below
            wrong.append(error)
    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and len(counts) == 4, wrong


def test_the_gil_is_released():
    session = weir.connect()
    result = session.sql("""CREATE TABLE slow (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000', 'number-of-rows' = '1500'); SELECT id FROM slow""")
    thread = threading.Thread(target=result.fetchall)
    thread.start()
    steps = 0
    while thread.is_alive():
        time.sleep(0.01)
        steps += 1
    assert steps > 20, steps


def test_fork():
    session = connection()
    assert session.sql("SELECT 1 AS a").fetchall() == [(1,)]
    child = os.fork()
    if child == 0:
        os._exit(0 if weir.connect().sql("SELECT 2 AS a").fetchall() == [(2,)] else 1)
    assert os.waitpid(child, 0)[1] == 0


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def leak(round_, rounds):
    """Bytes that `rounds` calls leave behind, after some that warm up."""
    for i in range(rounds // 4):
        round_(i)
    gc.collect()
    before = resident()
    for i in range(rounds):
        round_(i)
    gc.collect()
    return resident() - before


def test_memory_is_flat_over_statements():
    session = weir.connect()
    table = pyarrow.table({"a": list(range(1000))})

    def round_(i):
        rows = session.sql("SELECT a, COUNT(*) AS n FROM t WHERE a < ? GROUP BY a", [5], t=table).fetchall()
        assert len(rows) == 5
        session.sql(f"SELECT {i} AS a, 'x' AS b").to_arrow()
        cursor = session.execute("SELECT a FROM (VALUES (1), (2)) AS t(a)")
        cursor.fetchone()
        try:
            session.sql("SELECT nope")
        except weir.ProgrammingError:
            pass
        next(iter(session.sql("SELECT a FROM (VALUES (1), (2)) AS t(a)")))
        session.sql("SELECT a FROM (VALUES (1), (2)) AS t(a)").changes()  # never begun
    grown = leak(round_, 400)  # 2,000 statements
    assert grown < 4 << 20, f"{grown} bytes"


def test_memory_is_flat_over_connections():
    def round_(i):
        with weir.connect() as session:
            session.register("t", {"a": [i]})
            assert session.sql("SELECT a FROM t").fetchall() == [(i,)]
        weir.connect().sql("SELECT 1 AS a").fetchall()  # not closed
    grown = leak(round_, 300)
    assert grown < 4 << 20, f"{grown} bytes"


harness.run(globals())

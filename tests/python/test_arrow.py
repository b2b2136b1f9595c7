"""The C API's streams in pyarrow, polars and DuckDB, and tables from each of them. Run by tests/drive/arrow.py in a virtual environment that has the three.

  test_arrow.py BUILD     ends with "N passed, N failed"
"""
import datetime
import decimal
import gc
import sys
import threading
import time
import traceback

import duckdb
import polars
import pyarrow
import weir_c

TYPES = """SELECT TRUE AS b, CAST(7 AS TINYINT) AS i8, CAST(-8 AS SMALLINT) AS i16, 9 AS i32, CAST(10 AS BIGINT) AS i64, CAST(1.5 AS FLOAT) AS f32,
CAST(2.25 AS DOUBLE) AS f64, CAST(12.50 AS DECIMAL(10, 2)) AS d, 'Straße' AS s, X'0AFF' AS y, DATE '2024-02-29' AS dy, TIME '12:34:56' AS t,
TIMESTAMP '2024-02-29 12:34:56.123' AS ts, CAST(TIMESTAMP '2024-02-29 12:34:56.123456' AS TIMESTAMP_LTZ(6)) AS ltz, CAST(NULL AS INT) AS n,
ARRAY[1, 2] AS a, MAP['k', 1] AS m, CAST(ROW(1, 'x') AS ROW<p INT, q STRING>) AS r"""
UTC = datetime.timezone.utc
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def reader(rows):
    return pyarrow.RecordBatchReader.from_stream(rows)


@test
def every_type_in_pyarrow(session):
    table = reader(session.rows(TYPES)).read_all()
    row = table.to_pylist()[0]
    assert row["b"] is True and (row["i8"], row["i16"], row["i32"], row["i64"]) == (7, -8, 9, 10)
    assert (row["f32"], row["f64"], row["d"], row["s"], row["y"]) == (1.5, 2.25, decimal.Decimal("12.50"), "Straße", b"\x0a\xff")
    assert row["dy"] == datetime.date(2024, 2, 29) and row["t"] == datetime.time(12, 34, 56)
    assert row["ts"] == datetime.datetime(2024, 2, 29, 12, 34, 56, 123000)
    assert row["ltz"] == datetime.datetime(2024, 2, 29, 12, 34, 56, 123456, UTC) and row["n"] is None
    assert row["a"] == [1, 2] and row["m"] == [("k", 1)] and row["r"] == {"p": 1, "q": "x"}
    assert table.schema.field("i32").type == pyarrow.int32() and not table.schema.field("i32").nullable


@test
def the_same_in_polars(session):
    frame = polars.from_arrow(reader(session.rows("SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, CAST(NULL AS STRING))) AS t(id, name)")).read_all())
    assert frame.rows() == [(1, "a"), (2, "b"), (3, None)]
    direct = polars.DataFrame(session.rows("SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(id, name)"))
    assert direct.rows() == [(1, "a"), (2, "b")] and direct.columns == ["id", "name"]


@test
def the_same_in_duckdb(session):
    rows = reader(session.rows("SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'c')) AS t(id, name)"))
    assert duckdb.sql("SELECT id, COUNT(*) FROM rows GROUP BY id ORDER BY id").fetchall() == [(1, 1), (2, 2)]


@test
def tables_from_all_three(session):
    table = pyarrow.table({"id": pyarrow.array([1, 2, 2], pyarrow.int64()), "word": ["a", None, "ccccccccccccccccccc"]})
    stream = weir_c.Stream()
    pyarrow.RecordBatchReader.from_batches(table.schema, table.to_batches())._export_to_c(weir_c.ctypes.addressof(stream))
    session.register("from_pyarrow", stream)
    assert not stream.release
    frame = polars.DataFrame({"id": [2, 3], "x": [0.5, 1.5]})
    stream = weir_c.Stream()
    pyarrow.RecordBatchReader.from_stream(frame)._export_to_c(weir_c.ctypes.addressof(stream))
    session.register("from_polars", stream)
    stream = weir_c.Stream()
    duckdb.sql("SELECT range::INT AS n FROM range(10000)").to_arrow_reader(1000)._export_to_c(weir_c.ctypes.addressof(stream))
    session.register("from_duckdb", stream)
    joined = reader(session.rows("SELECT a.id, a.word, p.x FROM from_pyarrow AS a JOIN from_polars AS p ON a.id = p.id ORDER BY a.word")).read_all().to_pylist()
    assert joined == [{"id": 2, "word": None, "x": 0.5}, {"id": 2, "word": "ccccccccccccccccccc", "x": 0.5}]
    for _ in range(2):  # a registered table can be read again
        total = reader(session.rows("SELECT COUNT(*) AS c, SUM(l.n) AS s FROM from_duckdb AS l JOIN from_duckdb AS r ON l.n = r.n")).read_all().to_pylist()
        assert total == [{"c": 10000, "s": 49995000}], total


@test
def arrays_outlive_the_session(session):
    other = weir_c.Session(session.library)
    other.set("execution.runtime-mode", "batch")
    rows = other.rows("SELECT id, CAST(id AS STRING) AS word FROM (VALUES (1), (2), (3)) AS t(id)")
    other.close()
    table = reader(rows).read_all()
    del rows
    gc.collect()
    assert table.to_pylist() == [{"id": i, "word": str(i)} for i in (1, 2, 3)]


@test
def changes_have_their_kind(session):
    session.set("execution.runtime-mode", "streaming")
    sql = "SELECT k, COUNT(*) AS n FROM (VALUES (1), (1)) AS t(k) GROUP BY k"
    rows = reader(session.rows(sql, with_changes=True)).read_all().to_pylist()
    assert [(r["op"], r["k"], r["n"]) for r in rows] == [(0, 1, 1), (1, 1, 1), (2, 1, 2)]
    try:
        reader(session.rows(sql)).read_all()
        raise AssertionError("an update came out of a stream without changes")
    except (pyarrow.ArrowInvalid, OSError) as error:
        assert "changes" in str(error), error


@test
def errors_say_where(session):
    for sql, code, line, column in (("SELECT 1;\nSELECT nope FROM (VALUES (1)) AS t(a)", weir_c.VALIDATE, 2, 8), ("SELECT 1 +", weir_c.PARSE, 1, 11),
                                    ("TRUNCATE TABLE t", weir_c.VALIDATE, 1, 16)):
        try:
            session.run(sql)
            raise AssertionError("no error from " + sql)
        except weir_c.Failed as failed:
            assert (failed.code, failed.line, failed.column) == (code, line, column), (sql, failed, failed.code, failed.line, failed.column)
    assert session.run("CREATE TABLE s (a INT) WITH ('connector' = 'blackhole'); INSERT INTO s VALUES (1), (2)") == 2
    try:
        session.set("execution.runtime-mode", "fast")
        raise AssertionError("a wrong value was taken")
    except weir_c.Failed as failed:
        assert failed.code == weir_c.VALIDATE and "execution.runtime-mode" in str(failed)


@test
def failures_reach_the_reader(session):
    rows = session.rows("SELECT 1 / (id - 2) AS x FROM (VALUES (1), (2)) AS t(id)")
    try:
        reader(rows).read_all()
        raise AssertionError("a division by zero went unnoticed")
    except (pyarrow.ArrowInvalid, OSError) as error:
        assert "zero" in str(error).lower(), error


@test
def cancel_and_progress_from_another_thread(session):
    session.set("execution.runtime-mode", "streaming")
    session.run("CREATE TABLE g (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000')")
    figures, seen = weir_c.Figures(), []

    def stop():
        time.sleep(0.5)
        seen.append((session.library.weir_progress(session.handle, figures), figures.rows_read))
        session.library.weir_cancel(session.handle)

    thread = threading.Thread(target=stop)
    rows = session.rows("SELECT id FROM g WHERE id IS NULL")  # nothing ever comes
    thread.start()
    started = time.monotonic()
    try:
        reader(rows).read_all()
        raise AssertionError("an endless query ended")
    except (pyarrow.ArrowInvalid, OSError) as error:
        assert "cancel" in str(error).lower(), error
    thread.join()
    assert time.monotonic() - started < 2 and seen[0][0] == 1 and seen[0][1] > 0, seen
    assert reader(session.rows("SELECT 1 AS a")).read_all().to_pylist() == [{"a": 1}]  # it can be used further


@test
def inserts_without_an_end_run_on(session):
    session.set("execution.runtime-mode", "streaming")
    session.run("""CREATE TABLE g (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '500');
                   CREATE TABLE s (id BIGINT) WITH ('connector' = 'blackhole');
                   INSERT INTO s SELECT id FROM g""")
    running = weir_c.ctypes.c_int()
    session.check(session.library.weir_wait(session.handle, 300, weir_c.ctypes.byref(running)))
    assert running.value == 1
    figures = weir_c.Figures()
    assert session.library.weir_progress(session.handle, figures) == 1 and figures.rows_written > 0
    session.library.weir_cancel(session.handle)
    assert session.library.weir_wait(session.handle, 1000, weir_c.ctypes.byref(running)) == weir_c.CANCELLED


@test
def wrong_use_is_told(session):
    result = weir_c.ctypes.c_void_p()
    session.check(session.library.weir_execute(session.handle, b"SET 'table.display.max-column-width' = '20'", weir_c.ctypes.byref(result)))
    stream = weir_c.Stream()
    assert session.library.weir_result_has_rows(result) == 0
    assert session.library.weir_result_stream(result, 0, weir_c.ctypes.byref(stream)) == weir_c.USAGE and not stream.release
    session.library.weir_result_close(result)
    assert session.library.weir_execute(session.handle, None, None) == weir_c.USAGE
    assert session.library.weir_register_stream(session.handle, b"t", weir_c.ctypes.byref(stream)) == weir_c.USAGE


def main():
    library = weir_c.load(sys.argv[1])
    passed = failed = 0
    for function in TESTS:
        session = weir_c.Session(library, memory_limit_bytes=1 << 30, parallelism=2)
        session.set("execution.runtime-mode", "batch")
        try:
            function(session)
            passed += 1
        except Exception:  # noqa: BLE001: whatever it is, it is this test's failure
            failed += 1
            print(f"FAILED: {function.__name__}\n{traceback.format_exc()}")
        session.close()
    print(f"weir {library.weir_version().decode()}, pyarrow {pyarrow.__version__}, polars {polars.__version__}, duckdb {duckdb.__version__}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

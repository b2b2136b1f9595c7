"""DB-API 2.0: a test for each thing that PEP 249 says a module, a connection and a cursor must do, from its text. The sentences are named in the order
of the PEP; what it leaves to the module is what docs/python.md says."""
import datetime
import decimal
import math
import time
import uuid
import zoneinfo

import harness
import weir

ROWS = "SELECT id, name FROM (VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four'), (5, 'five')) AS t(id, name)"


def cursor(**options):
    return weir.connect(**options).cursor()


# ---- the module ----

def test_globals():
    assert weir.apilevel == "2.0"
    assert weir.threadsafety in (0, 1, 2, 3)
    assert weir.paramstyle in ("qmark", "numeric", "named", "format", "pyformat")


def test_exceptions_are_in_order():
    assert issubclass(weir.Warning, Exception) and issubclass(weir.Error, Exception)
    assert issubclass(weir.InterfaceError, weir.Error) and issubclass(weir.DatabaseError, weir.Error)
    for kind in (weir.DataError, weir.OperationalError, weir.IntegrityError, weir.InternalError, weir.ProgrammingError, weir.NotSupportedError):
        assert issubclass(kind, weir.DatabaseError) and not issubclass(kind, weir.InterfaceError)
    assert not issubclass(weir.Warning, weir.Error)


def test_exceptions_as_attributes_of_the_connection():
    connection = weir.connect()
    for name in ("Warning", "Error", "InterfaceError", "DatabaseError", "DataError", "OperationalError", "IntegrityError", "InternalError", "ProgrammingError",
                 "NotSupportedError"):
        assert getattr(connection, name) is getattr(weir, name)


def test_constructors():
    assert weir.Date(2024, 2, 29) == datetime.date(2024, 2, 29)
    assert weir.Time(12, 34, 56) == datetime.time(12, 34, 56)
    assert weir.Timestamp(2024, 2, 29, 12, 34, 56) == datetime.datetime(2024, 2, 29, 12, 34, 56)
    ticks = time.mktime((2024, 2, 29, 12, 34, 56, 0, 0, -1))
    assert weir.DateFromTicks(ticks) == weir.Date(2024, 2, 29)
    assert weir.TimeFromTicks(ticks) == weir.Time(12, 34, 56)
    assert weir.TimestampFromTicks(ticks) == weir.Timestamp(2024, 2, 29, 12, 34, 56)
    assert weir.Binary(b"\x00\xff") == b"\x00\xff"


def test_type_objects():
    codes = {row[0]: row[1] for row in cursor().execute(
        "SELECT 'x' AS s, CAST('x' AS STRING) AS s2, X'01' AS y, 1 AS i, 1.5 AS d, CAST(1 AS DOUBLE) AS f, DATE '2024-01-01' AS dy, TIME '00:00:00' AS t, "
        "TIMESTAMP '2024-01-01 00:00:00' AS ts, CAST(NULL AS TIMESTAMP_LTZ(3)) AS l").description}
    for name, wanted in (("s", weir.STRING), ("s2", weir.STRING), ("y", weir.BINARY), ("i", weir.NUMBER), ("d", weir.NUMBER), ("f", weir.NUMBER),
                         ("dy", weir.DATETIME), ("t", weir.DATETIME), ("ts", weir.DATETIME), ("l", weir.DATETIME)):
        assert codes[name] == wanted and wanted == codes[name], (name, codes[name])
        assert [kind for kind in (weir.STRING, weir.BINARY, weir.NUMBER, weir.DATETIME, weir.ROWID) if codes[name] == kind] == [wanted]


# ---- connections ----

def test_a_closed_connection_is_unusable():
    connection = weir.connect()
    of_it = connection.cursor()
    of_it.execute(ROWS)
    connection.close()
    for call in (connection.cursor, connection.commit, lambda: of_it.execute("SELECT 1"), of_it.fetchone, of_it.fetchall, lambda: connection.sql("SELECT 1"),
                 lambda: connection.register("t", {"a": [1]}), lambda: connection.get("x"), connection.rollback):
        with harness.raises(weir.Error, "closed"):
            call()
    connection.close()  # twice is fine
    connection.cancel()
    assert connection.progress() is None and "closed" in repr(connection)


def test_with_closes():
    with weir.connect() as connection:
        with connection.cursor() as one:
            one.execute("SELECT 1")
        with harness.raises(weir.InterfaceError, "cursor is closed"):
            one.fetchone()
    with harness.raises(weir.InterfaceError):
        connection.cursor()


def test_commit_is_void_and_rollback_not_supported():
    connection = weir.connect()
    assert connection.commit() is None
    with harness.raises(weir.NotSupportedError, "transactions"):
        connection.rollback()


def test_cursors_of_one_connection_share_it():
    connection = weir.connect()
    connection.cursor().execute("CREATE TABLE s (a INT) WITH ('connector' = 'blackhole')")
    assert connection.cursor().execute("SHOW TABLES").fetchall() == [("s",)]
    one, two = connection.cursor(), connection.cursor()
    one.execute(ROWS)
    two.execute(ROWS)
    assert one.fetchone() == two.fetchone() and one.fetchone() == two.fetchone() == (2, "two")


def test_connections_do_not_share():
    weir.connect().execute("CREATE TABLE s (a INT) WITH ('connector' = 'blackhole')")
    assert weir.connect().execute("SHOW TABLES").fetchall() == []


# ---- cursors ----

def test_description():
    of_it = cursor()
    assert of_it.description is None
    of_it.execute("SELECT 1 AS i, CAST(NULL AS DECIMAL(10, 2)) AS d, CAST('ab' AS CHAR(2)) AS c, CURRENT_TIMESTAMP AS t")
    assert all(len(column) == 7 for column in of_it.description)
    assert [column[0] for column in of_it.description] == ["i", "d", "c", "t"]
    assert of_it.description[0][6] is False and of_it.description[1][4:] == (10, 2, True) and of_it.description[2][3] == 2
    of_it.execute("CREATE TABLE s (a INT) WITH ('connector' = 'blackhole')")
    assert of_it.description is None
    with harness.raises(weir.Error):
        of_it.execute("SELECT nope")
    assert of_it.description is None


def test_rowcount():
    of_it = cursor()
    assert of_it.rowcount == -1
    of_it.execute(ROWS)
    assert of_it.rowcount == -1  # not known for queries
    of_it.execute("CREATE TABLE s (a INT) WITH ('connector' = 'blackhole')")
    assert of_it.rowcount == -1
    of_it.execute("INSERT INTO s VALUES (1), (2), (3)")
    assert of_it.rowcount == 3
    of_it.execute("INSERT INTO s SELECT a FROM (VALUES (1)) AS t(a) WHERE a > 1")
    assert of_it.rowcount == 0


def test_execute_reuses_the_cursor():
    of_it = cursor()
    of_it.execute(ROWS)
    of_it.fetchone()
    of_it.execute("SELECT 7 AS x")
    assert of_it.fetchall() == [(7,)] and of_it.description[0][0] == "x"


def test_executemany():
    of_it = cursor()
    of_it.execute("CREATE TABLE s (a INT, b STRING) WITH ('connector' = 'blackhole')")
    of_it.executemany("INSERT INTO s VALUES (?, ?)", [(1, "a"), (2, "b")])
    assert of_it.rowcount == 2
    of_it.executemany("INSERT INTO s VALUES (:a, :b)", ({"a": i, "b": str(i)} for i in range(3)))
    assert of_it.rowcount == 3
    of_it.executemany("INSERT INTO s VALUES (?, ?)", [])
    assert of_it.rowcount == -1
    with harness.raises(weir.ProgrammingError, "executemany"):
        of_it.executemany("SELECT ?", [(1,), (2,)])


def test_fetchone():
    of_it = cursor().execute(ROWS)
    assert [of_it.fetchone() for _ in range(6)] == [(1, "one"), (2, "two"), (3, "three"), (4, "four"), (5, "five"), None]
    assert of_it.fetchone() is None and of_it.fetchmany() == [] and of_it.fetchall() == []


def test_fetchmany_and_arraysize():
    of_it = cursor()
    assert of_it.arraysize == 1
    of_it.execute(ROWS)
    assert of_it.fetchmany() == [(1, "one")]
    assert of_it.fetchmany(2) == [(2, "two"), (3, "three")]
    of_it.arraysize = 10
    assert of_it.fetchmany() == [(4, "four"), (5, "five")]
    assert of_it.fetchmany() == []
    assert of_it.execute(ROWS).fetchmany(0) == []


def test_fetchall_takes_the_rest():
    of_it = cursor().execute(ROWS)
    of_it.fetchone()
    assert len(of_it.fetchall()) == 4 and of_it.fetchall() == []
    assert cursor().execute("SELECT a FROM (VALUES (1)) AS t(a) WHERE a > 1").fetchall() == []


def test_fetching_across_batches():
    of_it = cursor(mode="batch")
    of_it.execute("""CREATE TABLE g (id BIGINT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '20000',
                     'rows-per-second' = '1000000000');
                     SELECT id FROM g""")
    assert [row[0] for row in of_it.fetchmany(5000)] == list(range(1, 5001))
    assert of_it.fetchone() == (5001,) and of_it.rownumber == 5001
    assert [row[0] for row in of_it] == list(range(5002, 20001)) and of_it.rownumber == 20000


def test_nothing_to_fetch():
    of_it = cursor()
    for call in (of_it.fetchone, of_it.fetchmany, of_it.fetchall, of_it.nextset):
        with harness.raises(weir.Error, "nothing to fetch"):
            call()
    of_it.execute("SET 'table.local-time-zone' = 'UTC'")
    with harness.raises(weir.Error, "nothing to fetch"):
        of_it.fetchone()


def test_optional_methods():
    of_it = cursor().execute(ROWS)
    of_it.setinputsizes([None])
    of_it.setoutputsize(1000)
    of_it.setoutputsize(1000, 0)
    assert of_it.nextset() is None and of_it.lastrowid is None and of_it.rownumber == 0
    assert isinstance(of_it.connection, weir.Connection) and iter(of_it) is of_it
    with harness.raises(weir.NotSupportedError):
        of_it.callproc("p")


def test_a_closed_cursor_is_unusable():
    of_it = cursor().execute(ROWS)
    of_it.close()
    of_it.close()
    for call in (lambda: of_it.execute("SELECT 1"), of_it.fetchone, of_it.fetchmany, of_it.fetchall, lambda: of_it.executemany("SELECT 1", [])):
        with harness.raises(weir.Error, "closed"):
            call()


def test_the_table_and_not_its_changes():
    sql = "SELECT k, COUNT(*) AS n FROM (VALUES ('a'), ('a'), ('b')) AS t(k) GROUP BY k"
    assert sorted(cursor().execute(sql).fetchall()) == sorted(cursor(mode="batch").execute(sql).fetchall()) == [("a", 2), ("b", 1)]


def test_rows_are_sequences_with_names():
    row = cursor().execute(ROWS).fetchone()
    assert row == (1, "one") and row[1] == row["name"] == row.name == "one" and row[-1:] == ("one",) and len(row) == 2
    assert row.asdict() == {"id": 1, "name": "one"} and row.keys() == ("id", "name") and repr(row) == "Row(id=1, name='one')"
    with harness.raises(KeyError, "id, name"):
        row["nope"]
    with harness.raises(AttributeError, "id, name"):
        row.nope


# ---- parameters ----

def value_of(value, **options):
    return cursor(**options).execute("SELECT ? AS x", [value]).fetchone()[0]


def test_parameters_come_back():
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    for value in (True, False, 0, -1, 2147483648, -9223372036854775808, 9223372036854775807, 1.5, -0.25, 1e300, 5e-324, 0.1, "", "it's", "x' OR '1'='1", "--", "/*",
                  "Straße 東京 \U0001f600", "a\\b\n\tc", "?", ":x", b"", b"\x00\xff'", decimal.Decimal("12.50"), decimal.Decimal("-0.001"),
                  decimal.Decimal("12345678901234567890123456789.123456789"), datetime.date(2024, 2, 29), datetime.date(1, 1, 1),
                  datetime.time(12, 34, 56, 789000), datetime.datetime(2024, 2, 29, 12, 34, 56, 123456), datetime.datetime(1, 1, 1), datetime.timedelta(0),
                  datetime.timedelta(days=3, seconds=4, milliseconds=5), -datetime.timedelta(days=12345, hours=6, milliseconds=7), weir.Months(14), weir.Months(-3), [1, 2],
                  ["a", "b'c"], {"k": 1, "l": 2}, [[1], [2, 3]]):
        found = value_of(value)
        assert found == value and type(found) is type(value), (value, found)
    assert value_of(12345678901234567890) == decimal.Decimal(12345678901234567890)
    assert math.isnan(value_of(math.nan)) and value_of(-math.inf) == -math.inf
    assert value_of(uuid.UUID(int=7)) == "00000000-0000-0000-0000-000000000007"
    assert value_of((1, 2)) == [1, 2] and value_of(bytearray(b"x")) == b"x"
    assert value_of(weir.connect().execute(ROWS).fetchone()) == (1, "one")
    moment = datetime.datetime(2024, 7, 1, 12, 34, 56, 123456, berlin)
    for zone in ("UTC", "Europe/Berlin", "America/New_York", "GMT+05:30"):
        found = value_of(moment, time_zone=zone)
        assert found == moment and found.utcoffset() is not None, (zone, found)
        first = datetime.datetime(2024, 10, 27, 2, 30, tzinfo=berlin)  # told twice by the clocks of Berlin
        assert value_of(first, time_zone=zone).timestamp() == first.timestamp()
        assert value_of(first.replace(fold=1), time_zone=zone).timestamp() == first.timestamp() + 3600
    with harness.raises(weir.DataError, "clocks"):
        value_of(datetime.datetime(2024, 10, 27, 2, 30, 0, 1, berlin), time_zone="Europe/Berlin")


def test_parameters_that_cannot_be_told():
    for value, kind in ((object(), weir.ProgrammingError), (datetime.time(1, 2, 3, 4), weir.DataError), (datetime.timedelta(microseconds=1), weir.DataError),
                        ([], weir.DataError), ({}, weir.DataError), (10 ** 38, weir.DataError), ("a\0b", weir.DataError), (decimal.Decimal("NaN"), weir.DataError),
                        (1j, weir.ProgrammingError), ("\ud800", weir.ProgrammingError)):
        with harness.raises(kind):
            value_of(value)


def test_null_parameters():
    assert cursor().execute("SELECT CAST(? AS STRING) AS x", [None]).fetchone() == (None,)
    assert cursor().execute("SELECT COALESCE(?, 5) AS x", [None]).fetchone() == (5,)
    with harness.raises(weir.ProgrammingError, "CAST(? AS INT)"):
        value_of(None)


def test_qmark():
    assert cursor().execute("SELECT id FROM (" + ROWS + ") AS t WHERE id > ? AND name <> ? LIMIT ?", (1, "two", 2)).fetchall() == [(3,), (4,)]
    assert cursor().execute("SELECT 5 -? AS x", (-3,)).fetchone() == (8,)  # not a comment
    assert cursor().execute("SELECT?AS x", (1,)).fetchone() == (1,)
    assert cursor().execute("SELECT '?' AS `a?`, ? AS b -- ?\n /* ? */", ("x",)).fetchone() == ("?", "x")
    for wrong in ((), (1, 2), ("a", "b", "c")):
        with harness.raises(weir.ProgrammingError, "1 `?`"):
            cursor().execute("SELECT ?", wrong)
    for wrong in ("text", 5):
        with harness.raises(weir.ProgrammingError, "sequence"):
            cursor().execute("SELECT ?", wrong)


def test_named():
    assert cursor().execute("SELECT :a AS x, :b AS y, :a AS z", {"a": 1, "b": "':a'"}).fetchone() == (1, "':a'", 1)
    assert cursor().execute("SELECT ':a' AS x, :a AS y", {"a": 2}).fetchone() == (":a", 2)
    with harness.raises(weir.ProgrammingError, ":b"):
        cursor().execute("SELECT :a, :b", {"a": 1})
    with harness.raises(weir.ProgrammingError, "'c'"):
        cursor().execute("SELECT :a", {"a": 1, "c": 2})


def test_patterns_keep_their_question_marks():
    sql = """SELECT * FROM (SELECT *, PROCTIME() AS p FROM (VALUES (1), (2), (9)) AS t(v)) AS s
             MATCH_RECOGNIZE (ORDER BY p MEASURES A.v AS a, C.v AS c PATTERN (A B*? C?) DEFINE B AS B.v > ?, C AS C.v > 5) AS m"""
    prepared = weir._parameters.Prepared(sql, [3], datetime.timezone.utc)
    assert "(A B*? C?)" in prepared.text and "B.v >  3 ," in prepared.text


def test_places_in_errors_are_those_of_the_sql_as_given():
    with harness.raises(weir.ProgrammingError, "line 2, column 10", "nope"):
        cursor().execute("SELECT ?, ?,\n       ?,nope FROM (VALUES (1)) AS t(a)", ["a longer text than the mark\nin two lines", 2, "x"])
    with harness.raises(weir.ProgrammingError, "line 1, column 8"):
        cursor().execute("SELECT ?+1", [weir.Months(1)])


def test_injection_is_not_possible():
    of_it = cursor()
    of_it.execute("CREATE TABLE s (a STRING) WITH ('connector' = 'blackhole')")
    for attack in ("'; DROP TABLE s; --", "\\'; DROP TABLE s; --", "''; DROP TABLE s; --", "x'/*", "`", "$$"):
        assert of_it.execute("SELECT ? AS x", (attack,)).fetchall() == [(attack,)]
    assert of_it.execute("SHOW TABLES").fetchall() == [("s",)]


# ---- errors ----

def test_errors_have_stage_place_and_hint():
    with harness.raises(weir.ProgrammingError, "line 2, column 8", "^", "hint") as caught:
        cursor().execute("SELECT 1;\nSELECT nam FROM (VALUES (1)) AS t(name)")
    error = caught[0]
    assert (error.stage, error.line, error.column) == ("bind", 2, 8) and "name" in error.hint and "nam" in error.message and error.sql.startswith("SELECT 1")
    with harness.raises(weir.ProgrammingError) as caught:
        cursor().execute("SELEC 1")
    assert caught[0].stage == "parse" and caught[0].line == 1
    with harness.raises(weir.OperationalError, "zero") as caught:
        cursor().execute("SELECT 1 / (a - 1) AS x FROM (VALUES (1)) AS t(a)").fetchall()
    assert caught[0].stage == "run" and caught[0].column == 8
    with harness.raises(weir.NotSupportedError):
        cursor().execute("ADD JAR 'functions.jar'")
    with harness.raises(weir.ProgrammingError, "NUL"):
        cursor().execute("SELECT 1\0")
    with harness.raises(weir.ProgrammingError, "str"):
        cursor().execute(b"SELECT 1")


def test_remarks_are_warnings():
    import warnings
    connection = weir.connect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        connection.set("pipeline.object-reuse", True)
    assert [w.category for w in caught] == [weir.Warning] and "object-reuse" in str(caught[0].message)


def test_wrong_options():
    for options in ({"mode": "fast"}, {"time_zone": "Mars/Olympus"}, {"settings": {"weir.nothing": "1"}}):
        with harness.raises(weir.Error):
            weir.connect(**options)


harness.run(globals())

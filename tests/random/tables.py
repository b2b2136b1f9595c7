"""Tables of random rows for random queries: the same rows as JSON lines for Weir and as inserts for DuckDB.

Every table has the same columns, so that any query fits any of them. `a`, `b` and `c` are plain; `aw` and `bw` read the files of `a` and `b`
with a watermark on `ts`: their time column is a time attribute, for windows and OVER in streaming mode. Times are all different within a
table and come at most 5 seconds out of order, behind a watermark of 10 seconds: no row is late.
"""
import datetime
import json
import os

INT, BIGINT, DECIMAL, DOUBLE, STRING, BOOLEAN, DATE, TIMESTAMP, ARRAY = ("INT", "BIGINT", "DECIMAL", "DOUBLE", "STRING", "BOOLEAN", "DATE", "TIMESTAMP", "ARRAY")
# name, type, Weir's, DuckDB's; every DOUBLE is a multiple of 1/4, so that sums do not depend on their order
COLUMNS = [("id", INT, "INT NOT NULL", "INTEGER"), ("i", INT, "INT", "INTEGER"), ("k", INT, "INT", "INTEGER"), ("l", BIGINT, "BIGINT", "BIGINT"),
           ("d", DECIMAL, "DECIMAL(10, 2)", "DECIMAL(10, 2)"), ("f", DOUBLE, "DOUBLE", "DOUBLE"), ("s", STRING, "STRING", "VARCHAR"),
           ("u", STRING, "STRING", "VARCHAR"), ("z", BOOLEAN, "BOOLEAN", "BOOLEAN"), ("dt", DATE, "DATE", "DATE"),
           ("ts", TIMESTAMP, "TIMESTAMP(3)", "TIMESTAMP"), ("arr", ARRAY, "ARRAY<INT>", "INTEGER[]")]
ROWS = {"a": 60, "b": 40, "c": 12}
FILES = {"a": "a", "b": "b", "c": "c", "aw": "a", "bw": "b"}
TIMED = ("aw", "bw")
WORDS = ["", "a", "b", "ab", "abc", "Weir", "weir", "x y", " pad ", "100", "-7", "3.5", "2024-02-29", "a,b,c", "%", "_", "ÄÖ", "naïve", "longer than twelve bytes", "longer than twelve bits"]
START = datetime.datetime(2024, 2, 28, 22, 0, 0)


def random_row(random, number, moment):
    def maybe(value, share=0.12):
        return None if random.random() < share else value
    return {"id": number, "i": maybe(random.randint(-6, 20)), "k": maybe(random.randint(0, 4)), "l": maybe(random.choice([random.randint(-50, 50), random.randint(-10**9, 10**9)])),
            "d": maybe(random.randint(-5000, 99999) / 100), "f": maybe(random.randint(-200, 400) / 4), "s": maybe(random.choice(WORDS)), "u": maybe(random.choice("abc")),
            "z": maybe(random.random() < 0.5), "dt": maybe((START + datetime.timedelta(days=random.randint(-40, 400))).date().isoformat()),
            "ts": moment.isoformat(sep=" ", timespec="milliseconds"),
            "arr": maybe([maybe(random.randint(0, 5)) for _ in range(random.randint(0, 4))])}


def random_rows(random, count):
    moments, at = [], START
    for _ in range(count):
        at += datetime.timedelta(milliseconds=random.choice([1, 250, 1000, 7000, 61000, 400000]) + random.randint(0, 900))
        if random.random() < 0.4:  # on the bounds of windows and of interval joins
            at = at.replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)
        moments.append(at)
    for n in range(1, count):  # a little out of order, but never by more than 5 s
        if random.random() < 0.2 and moments[n] - moments[n - 1] < datetime.timedelta(seconds=5):
            moments[n - 1], moments[n] = moments[n], moments[n - 1]
    return [random_row(random, n, moments[n]) for n in range(count)]


def write(folder, random):
    """The files; returns the rows of each."""
    rows = {name: random_rows(random, count) for name, count in ROWS.items()}
    for name, lines in rows.items():
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as out:
            for row in lines:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return rows


def weir_script(folder):
    parts = []
    for name, file in FILES.items():
        columns = ", ".join(f"{column} {sql}" for column, _, sql, _ in COLUMNS)
        watermark = ", WATERMARK FOR ts AS ts - INTERVAL '10' SECOND" if name in TIMED else ""
        path = os.path.join(folder, file + ".json")
        parts.append(f"CREATE TABLE {name} ({columns}{watermark}) WITH ('connector' = 'filesystem', 'path' = '{path}', 'format' = 'json', "
                     "'json.timestamp-format.standard' = 'SQL')")
    return ";\n".join(parts)


def duck_fill(connection, rows):
    for name, file in FILES.items():
        connection.execute(f"CREATE TABLE {name} ({', '.join(f'{column} {sql}' for column, _, _, sql in COLUMNS)})")
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(COLUMNS))})", [list(row.values()) for row in rows[file]])

"""Run one batch query on DuckDB and time it, in a process of its own; needs the environment that scripts/fetch-data made.

usage: duck.py FORMAT THREADS REPEATS QUERY [OUT.csv]
  FORMAT   parquet | csv      QUERY   f1_origin_hour, ..., q18
Prints one JSON line: wall and CPU milliseconds of each repeat (the query only, all threads, its result as Arrow), the peak
memory of the process in MB, the number of rows. With OUT.csv the first result is written there without a header.
"""
import csv
import json
import os
import resource
import sys
import time

import duckdb

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tables  # noqa: E402

KINDS = {"string": "varchar", "M": tables.M, "timestamp(3)": "timestamp"}


def connect(form, threads, names):
    connection = duckdb.connect(config={"threads": threads})
    connection.sql("SET enable_progress_bar = false")
    for table in names:
        if form == "parquet":
            source = f"read_parquet('{tables.path(table, form)}')"
        else:
            kinds = ",".join(f"'{name}':'{KINDS.get(kind, kind)}'" for name, kind in tables.columns(table))
            source = f"read_csv('{tables.path(table, form)}', header=true, columns={{{kinds}}})"
        connection.sql(f"CREATE VIEW {table} AS SELECT * FROM {source}")
    return connection


def text(value):
    if value is None:
        return ""
    if hasattr(value, "isoformat") and hasattr(value, "hour"):
        return value.replace(tzinfo=None).isoformat(sep=" ")
    return str(value)


def main():
    if len(sys.argv) < 5 or "--help" in sys.argv:
        sys.exit(__doc__)
    form, threads, repeats, name = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    if threads == 1:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    sql = tables.query(name)
    connection = connect(form, threads, tables.used(sql))
    walls, cpus, result = [], [], None
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        result = connection.sql(sql).to_arrow_table()
        walls.append(round((time.perf_counter() - wall) * 1000, 1))
        cpus.append(round((time.process_time() - cpu) * 1000, 1))
    print(json.dumps({"query": name, "format": form, "threads": threads, "ms": walls, "cpu_ms": cpus, "rows": result.num_rows,
                      "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)}))
    if len(sys.argv) > 5:
        with open(sys.argv[5], "w", newline="", encoding="utf-8") as f:
            writer = csv.writer(f, lineterminator="\n")
            for row in zip(*[column.to_pylist() for column in result.columns]):
                writer.writerow([text(value) for value in row])


if __name__ == "__main__":
    main()

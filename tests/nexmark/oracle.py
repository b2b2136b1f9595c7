#!/usr/bin/env python3
"""Ask a real Flink what the Nexmark queries give on the golden event file, and record it in expected/.

  scripts/engines/flink.sh start               a Flink with its SQL Gateway (at least 4 slots: WEIR_FLINK_SLOTS=4)
  tests/nexmark/oracle.py [q0 q5 ...]          all queries, or these
  --gateway URL      where the SQL Gateway listens (default http://127.0.0.1:8083)
  --build DIR        where nexmark_gen was built (default build)

Each query is run twice and leaves expected/<query>.json: columns, number of rows, SHA-256 of the canonical rows (see
canon.py), and the changes by kind where both runs agree on them (null where they depend on how Flink's two inputs of a
join happen to interleave); and, where the result has at most 400 rows, expected/<query>.rows with the rows themselves.
"""
import argparse
import json
import os
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "bench", "nexmark"), os.path.join(ROOT, "scripts", "engines")]
import canon  # noqa: E402
import events  # noqa: E402
import flink_oracle  # noqa: E402
import queries  # noqa: E402

SMALL_ROWS = 400


def encode(value, kind):
    """A value as the gateway gives it -> as tests/corpus/README.md writes it."""
    if value is None or not kind.startswith("TIMESTAMP"):
        return value
    moment, _, fraction = value.replace("T", " ").partition(".")
    digits = int(kind[len("TIMESTAMP("):-1])
    return moment + ("." + fraction.ljust(digits, "0") if digits else "")


def ask(gateway, query, file):
    settings = dict(flink_oracle.BASE, **{"execution.runtime-mode": "streaming"})
    session = gateway.call("POST", "/v2/sessions", {"properties": settings})["sessionHandle"]
    try:
        for statement in flink_oracle.split_statements(queries.script(query, "select", EVENTS=file)):
            columns, changes, _ = flink_oracle.run_stmt(gateway, session, statement, time.time() + 600)
    finally:
        gateway.call("DELETE", f"/v2/sessions/{session}")
    types = [c["type"] for c in columns]
    changes = [(op, [encode(v, t) for v, t in zip(row, types)]) for op, row in changes]
    names = [[c["name"], c["type"] + ("" if c["nullable"] else " NOT NULL")] for c in columns]
    return names, changes


def final_rows(columns, changes):
    """The rows that are left and, of an upsert stream (+U without -U), the key that it is collapsed by, which the oracle infers."""
    if not canon.is_upsert(changes):
        return canon.collapse(changes), None
    _, found = flink_oracle.final_rows([[op, row] for op, row in changes], [{"name": c[0]} for c in columns], None)
    if not found.get("upsert_key"):
        raise ValueError("an upsert stream whose key was not found")
    names = [c[0] for c in columns]
    key = [names.index(name) for name in found["upsert_key"]]
    return canon.collapse_by_key(changes, key), key


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("queries", nargs="*", default=queries.names())
    parser.add_argument("--gateway", default="http://127.0.0.1:8083")
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    arguments = parser.parse_args()
    gateway = flink_oracle.Gateway(arguments.gateway)
    with tempfile.TemporaryDirectory(prefix="nexmark.") as scratch:
        file = events.golden(arguments.build, scratch)
        for query in arguments.queries or queries.names():
            started = time.time()
            columns, changes = ask(gateway, query, file)
            (lines, key), kinds = final_rows(columns, changes), canon.kinds(changes)
            again = ask(gateway, query, file)[1]
            if final_rows(columns, again) != (lines, key):
                raise ValueError(f"{query}: two runs gave two results; the query depends on chance and is no test")
            record = {"query": query, "columns": columns, "changes": kinds if canon.kinds(again) == kinds else None,
                      "rows": len(lines), "sha256": canon.digest(lines)}
            if key is not None:
                record["key"] = key
            base = os.path.join(HERE, "expected", query)
            with open(base + ".json", "w", encoding="utf-8") as f:
                json.dump(record, f, indent=1, ensure_ascii=False)
                f.write("\n")
            if os.path.exists(base + ".rows"):
                os.remove(base + ".rows")
            if len(lines) <= SMALL_ROWS:
                with open(base + ".rows", "w", encoding="utf-8") as f:
                    f.writelines(text + "\n" for text in lines)
            print(f"{query}: {record['rows']} rows, {record['changes']}, {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()

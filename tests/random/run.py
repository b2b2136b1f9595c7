#!/usr/bin/env python3
"""Random queries over random tables: every run of Weir must give the same rows, and DuckDB's where it has the same query.

  run.py --build DIR [--queries N] [--seed S] [--jobs J]     N queries, J processes; exit status 1 when rows differ
  run.py --build DIR --query SEED                            one query again, with its text and what each run gave

Each query runs in batch mode (plain, batches of 1 row, optimizer off, parallelism 3) and in streaming mode (plain, batches of 1 row, optimizer
off, mini-batches), where the changes are added up to a table. A query that the plain run refuses is none; one that only streaming mode refuses
(as real Flink does: sorting without a limit, ...) is compared in batch mode. A difference is made smaller before it is shown. The tally at the
end says how often each operator, optimizer rule and function was part of a query, and which were in fewer than --demand.
Needs pyarrow and duckdb.
"""
import argparse
import collections
import datetime
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "python")]

import duckdb  # noqa: E402
import pyarrow as pa  # noqa: E402

import weir_c  # noqa: E402
from expression import Generator, load_functions  # noqa: E402
from query import LOST, VIEWS, Maker, names_of  # noqa: E402
from shrink import shrink  # noqa: E402
from tables import duck_fill, weir_script, write  # noqa: E402

TABLES_EVERY = 250  # queries over the same tables
BATCH = [("batch", []), ("batch, rows one by one", [("weir.batch-size", "1")]), ("batch, optimizer off", [("weir.optimizer", "off")]),
         ("batch, parallelism 3", [("parallelism.default", "3")])]
STREAMING = [("streaming", []), ("streaming, rows one by one", [("weir.batch-size", "1")]), ("streaming, optimizer off", [("weir.optimizer", "off")]),
             ("streaming, mini-batch", [("table.exec.mini-batch.enabled", "true"), ("table.exec.mini-batch.allow-latency", "1 s"), ("table.exec.mini-batch.size", "7")])]
INSERT, UPDATE_BEFORE, UPDATE_AFTER = 0, 1, 2
REFUSED = (weir_c.PARSE, weir_c.VALIDATE, weir_c.UNSUPPORTED)


def plain(value):
    """A value that can be compared and put into a set."""
    if isinstance(value, float):
        return str(value) if math.isnan(value) or math.isinf(value) else float(f"{value:.9g}")  # STDDEV and its like depend on the order
    if isinstance(value, (list, tuple)):
        return tuple(plain(item) for item in value)
    if isinstance(value, dict):
        return tuple(sorted((key, plain(item)) for key, item in value.items()))
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None)
    return value


class Outcome:
    def __init__(self, rows=None, code=0, message=""):
        self.rows, self.code, self.message = rows, code, message

    def same(self, other):
        return (self.rows is None) == (other.rows is None) and self.rows == other.rows

    def __str__(self):
        if self.rows is None:
            return f"error {self.code}: {self.message}"
        lines = sorted(repr(row) + ("" if count == 1 else f"  x{count}") for row, count in self.rows.items())
        return f"{sum(self.rows.values())} rows\n      " + "\n      ".join(lines[:8]) + ("\n      ..." if len(lines) > 8 else "")


class Engine:
    """A session of Weir with settings of its own."""

    def __init__(self, library, name, mode, settings, script):
        self.name, self.streaming = name, mode == "streaming"
        self.session = weir_c.Session(library)
        self.session.run(script)
        for view in VIEWS:
            self.session.run(view)
        self.session.set("execution.runtime-mode", mode)
        for key, value in settings:
            self.session.set(key, value)

    def rows(self, sql, key=None):
        """`key`: the columns by which an upsert stream (+U without -U) replaces its rows; () for a table of one row, as a Top-1 without
        PARTITION BY gives it; None: a retract stream. (+U alone is also what HAVING lets through first: an insert then.)"""
        try:
            stream = self.session.rows(sql, with_changes=self.streaming)
            table = pa.RecordBatchReader.from_stream(stream).read_all()
        except weir_c.Failed as failed:
            return Outcome(code=failed.code, message=str(failed))
        except (OSError, pa.ArrowInvalid) as failed:
            return Outcome(code=weir_c.RUNTIME, message=str(failed))
        lists = [column.to_pylist() for column in table.columns]
        if not self.streaming:
            return Outcome(collections.Counter(tuple(plain(value) for value in row) for row in zip(*lists)))
        rows, newest, before = collections.Counter(), {}, None
        for row in zip(*lists):
            values, change = tuple(plain(value) for value in row[:-1]), row[-1]
            if key is not None:
                place = tuple(values[n] for n in key)
                if change == UPDATE_AFTER and before != UPDATE_BEFORE and place in newest:
                    rows[newest[place]] -= 1
                newest[place] = values
            rows[values] += 1 if change in (INSERT, UPDATE_AFTER) else -1
            if rows[values] < 0:
                return Outcome(code=weir_c.INTERNAL, message=f"a change takes away a row that is not there: {row}")
            before = change
        return Outcome(+rows)

    def plan(self, sql):
        try:
            stream = self.session.rows("EXPLAIN " + sql)
            return pa.RecordBatchReader.from_stream(stream).read_all().column(0)[0].as_py()
        except weir_c.Failed:
            return ""

    def close(self):
        self.session.close()


class Duck:
    def __init__(self, rows):
        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 1")
        duck_fill(self.connection, rows)

    def rows(self, sql):
        """None: DuckDB refuses it, or it fails over a value there."""
        try:
            return Outcome(collections.Counter(tuple(plain(value) for value in row) for row in self.connection.execute(sql).fetchall()))
        except duckdb.Error:
            return None


class Bench:
    """All engines over one set of tables."""

    def __init__(self, library, folder, seed):
        rows = write(folder, random.Random(seed))
        script = weir_script(folder)
        self.batch = [Engine(library, name, "batch", settings, script) for name, settings in BATCH]
        self.streaming = [Engine(library, name, "streaming", settings, script) for name, settings in STREAMING]
        self.duck = Duck(rows)

    def run(self, query):
        """[(name, Outcome)], of each mode the one to compare with first; of a mode whose plain run refuses the query only that one."""
        sql = query.render("weir")
        outcomes = []
        for group in (self.batch, self.streaming):
            key = query.upsert_key
            if group is self.batch and getattr(query, "only", None) == "streaming" or group is self.streaming and key == LOST:
                continue
            first = group[0].rows(sql, key)
            if first.code in REFUSED:
                outcomes.append((group[0].name, first))
                continue
            outcomes += [(group[0].name, first)] + [(engine.name, engine.rows(sql, key)) for engine in group[1:]]
        duck_sql = query.render("duck")
        if duck_sql is not None:
            answer = self.duck.rows(duck_sql)
            if answer is not None:
                outcomes.append(("DuckDB", answer))
        return outcomes

    def close(self):
        for engine in self.batch + self.streaming:
            engine.close()
        self.duck.connection.close()


def differs(base, name, outcome):
    if outcome.code == weir_c.RUNTIME and "optimizer off" in name and base.rows is not None:
        return False  # it computed a column that nobody reads, and that failed
    if base.code == weir_c.RUNTIME and "mini-batch" in name:
        return False  # what failed was folded away
    return not base.same(outcome)


def judge(outcomes):
    """The names of the two runs that differ, or None. What all refuse or all fail at is no difference. Between the modes rows are compared alone: in
    streaming mode a row that comes and goes may fail the job."""
    # a mode that refuses the query has only its plain run here, without a comma: what another refuses, the plain run took
    ran = [(name, outcome) for name, outcome in outcomes if outcome.code not in REFUSED or "," in name]
    first = {}
    for name, outcome in ran:
        mode = name.split(",")[0]
        if outcome.code == weir_c.INTERNAL:
            return ran[0][0], name
        if mode not in first:
            first[mode] = (name, outcome)
        elif differs(first[mode][1], name, outcome):
            return first[mode][0], name
    bases = [base for base in first.values() if base[1].rows is not None]
    for name, outcome in bases[1:]:
        if not bases[0][1].same(outcome):
            return bases[0][0], name
    return None


def operators_of(plan):
    return {re.sub(r"\[\d+\].*", "", line).split(":")[0] for line in plan.rsplit("==", 1)[-1].strip().splitlines() if "[" in line}


def rules_of(plan):
    found = re.search(r"^Rules: (.+)$", plan, re.M)
    return {part.rsplit(" ", 1)[0] for part in found.group(1).split(", ")} if found else set()


def make_query(seed, functions):
    """The query of a seed, whichever tables it meets."""
    generator = random.Random(seed)
    maker = Maker(generator, Generator(generator, *functions))
    return maker.timed() if generator.random() < 0.35 else maker.query(generator.choice([0, 1, 1, 2]))


def report(seed, query, outcomes, names):
    chosen = [(name, outcome) for name, outcome in outcomes if name in names]
    text = [f"seed {seed}: {names[0]} and {names[1]} differ", "    " + query.render("weir")]
    if "DuckDB" in names:
        text.append("    " + query.render("duck"))
    return "\n".join(text + [f"    {name}: {outcome}" for name, outcome in chosen])


def handle(bench, query, seed, tally, log):
    outcomes = bench.run(query)
    if all(outcome.code in REFUSED for name, outcome in outcomes if name != "DuckDB"):
        tally["refused"][re.sub(r"'[^']*'|\"[^\"]*\"|\d+", "?", outcomes[0][1].message)[:90]] += 1
        return
    accepted = [(name, outcome) for name, outcome in outcomes if outcome.code not in REFUSED and name != "DuckDB"]
    tally["counts"]["queries"] += 1
    tally["counts"]["runs"] += len(accepted)
    tally["counts"]["with rows"] += bool(accepted[0][1].rows)
    tally["counts"]["failed everywhere"] += accepted[0][1].rows is None
    tally["counts"]["with DuckDB"] += outcomes[-1][0] == "DuckDB" and accepted[0][1].rows is not None
    if accepted[0][1].rows is None:
        tally["errors"][re.sub(r"'[^']*'|\d+", "?", accepted[0][1].message)[:90]] += 1
    for name in set(names_of(query)):
        tally["functions"][name] += 1
    operators, rules = set(), set()
    sql = query.render("weir")
    for engine in (bench.batch[0], bench.streaming[0]):
        plan = engine.plan(sql)
        operators |= operators_of(plan)
        rules |= rules_of(plan)
    for name in operators:
        tally["operators"][name] += 1
    for name in rules:
        tally["rules"][name] += 1
    names = judge(outcomes)
    if names is None:
        return
    smaller = shrink(query, lambda candidate: judge(bench.run(candidate)) == names)
    tally["counts"]["differences"] += 1
    log(report(seed, smaller, bench.run(smaller), names))


def work(options, first, count):
    """Queries first .. first + count - 1 in this process; the tally as a dict."""
    library = weir_c.load(options.build)
    functions = functions_of(options)
    tally = {name: collections.Counter() for name in ("counts", "functions", "operators", "rules", "refused", "errors")}
    bench, folder = None, None
    for seed in range(first, first + count):
        if bench is None or seed % TABLES_EVERY == 0:
            if bench is not None:
                bench.close()
                folder.cleanup()
            folder = tempfile.TemporaryDirectory(prefix="weir-random-")
            bench = Bench(library, folder.name, seed - seed % TABLES_EVERY)
        handle(bench, make_query(seed, functions), seed, tally, lambda text: print(text, file=sys.stderr, flush=True))
    bench.close()
    folder.cleanup()
    return tally


def listed(options):
    """The lines of `weir functions --json`."""
    done = subprocess.run([os.path.join(options.build, "weir"), "functions", "--json"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def functions_of(options):
    return load_functions(listed(options))


def demanded(options, tally):
    """What was in too few queries: {kind: {name: times}}."""
    names = {json.loads(line)["name"] for line in listed(options)}
    short = {"functions": {name: tally["functions"][name] for name in sorted(names) if tally["functions"][name] < options.demand}}
    for kind in ("operators", "rules"):
        short[kind] = {name: times for name, times in sorted(tally[kind].items()) if times < options.demand}
    return {kind: found for kind, found in short.items() if found}


def show_one(options):
    library, functions, seed = weir_c.load(options.build), functions_of(options), options.query
    with tempfile.TemporaryDirectory(prefix="weir-random-") as folder:
        bench = Bench(library, folder, seed - seed % TABLES_EVERY)
        query = make_query(seed, functions)
        print(query.render("weir"), "\n\n" + str(query.render("duck")), "\n")
        outcomes = bench.run(query)
        for name, outcome in outcomes:
            print(f"  {name}: {outcome}")
        bench.close()
        return 1 if judge(outcomes) else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", required=True, help="folder with libweir.so and weir")
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0, help="of the first query")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--demand", type=int, default=0, help="name what was in fewer queries than this")
    parser.add_argument("--query", type=int, help="only this one, with all that it gave")
    parser.add_argument("--tally", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.query is not None:
        return show_one(options)
    if options.tally:
        with open(options.tally, "w", encoding="utf-8") as out:
            json.dump(work(options, options.seed, options.queries), out)
        return 0
    started = time.time()
    tally = {}
    with tempfile.TemporaryDirectory(prefix="weir-random-") as folder:
        share = -(-options.queries // options.jobs)
        share = -(-share // TABLES_EVERY) * TABLES_EVERY if options.jobs > 1 else share
        workers = []
        for number in range(options.jobs):
            first = options.seed + number * share
            count = min(share, options.seed + options.queries - first)
            if count > 0:
                path = os.path.join(folder, str(number))
                workers.append((path, subprocess.Popen([sys.executable, os.path.abspath(__file__), "--build", options.build, "--seed", str(first), "--queries", str(count), "--tally", path])))
        crashed = [process.returncode for _, process in workers if process.wait() != 0]
        for path, process in workers:
            if process.returncode == 0:
                with open(path, encoding="utf-8") as text:
                    for kind, counts in json.load(text).items():
                        tally.setdefault(kind, collections.Counter()).update(counts)
    counts = tally.get("counts", collections.Counter())
    for kind in ("refused", "errors"):
        for message, times in tally.get(kind, collections.Counter()).most_common(6):
            print(f"  {kind} {times}: {message}")
    print("operators: " + ", ".join(f"{name} {times}" for name, times in tally.get("operators", collections.Counter()).most_common()))
    print("rules: " + ", ".join(f"{name} {times}" for name, times in tally.get("rules", collections.Counter()).most_common()))
    short = demanded(options, tally) if options.demand and tally else {}
    for kind, names in short.items():
        print(f"{kind} in fewer than {options.demand} queries: " + ", ".join(f"{name} {times}" for name, times in names.items()))
    print(f"{counts['queries']} queries ({counts['with rows']} with rows, {counts['with DuckDB']} also by DuckDB, {counts['failed everywhere']} failed in every run), {counts['runs']} runs, "
          f"{sum(tally.get('refused', {}).values())} refused, {counts['differences']} differences, {len(crashed)} crashes, {time.time() - started:.0f} s")
    failed = counts["differences"] + len(crashed) + sum(len(names) for names in short.values())
    print(f"{counts['queries'] - counts['differences']} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

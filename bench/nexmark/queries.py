"""The Nexmark scripts of this folder, put together for whoever runs them.

A query file q*.sql holds CREATE TABLE sink and INSERT INTO sink SELECT ...; a whole script is the source's DDL
(ddl_json.sql or ddl_source.sql), views.sql and the query, in one of two forms:
  insert   as it stands: the rows go to a sink that keeps nothing ('blackhole', or another connector)
  select   only the SELECT, so that its rows can be compared
"""
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))


def names():
    """All queries, in the order of their numbers."""
    found = [f[:-4] for f in os.listdir(HERE) if re.fullmatch(r"q\d+\.sql", f)]
    return sorted(found, key=lambda q: int(q[1:]))


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        return f.read()


def script(query, form="insert", source="json", sink="'connector' = 'blackhole'", **parameters):
    """The text of one job; ${NAME} is filled from the parameters (EVENTS=file, COUNT=events), others stay."""
    body = read(query + ".sql")
    if form == "select":
        body = re.search(r"(?ms)^INSERT INTO sink\n(.*)\Z", body).group(1)
    else:
        body = body.replace("'connector' = 'blackhole'", sink)
    text = read(f"ddl_{source}.sql") + read("views.sql") + body
    for name, value in parameters.items():
        text = text.replace("${%s}" % name, str(value))
    return text

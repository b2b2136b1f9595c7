"""Weir: Flink SQL, streaming and batch, in this process.

    import weir
    weir.sql("SELECT 1 AS a").fetchall()                 # [Row(a=1)]
    weir.sql("SELECT SUM(x) AS s FROM t", t=frame).df()  # a DataFrame in, a DataFrame out
    for kind, row in weir.sql("SELECT k, COUNT(*) AS n FROM t GROUP BY k", t=frame):
        ...                                              # a streaming query is its changes

weir.sql, weir.register, weir.set and their like use one connection of the module's own; weir.connect() makes others. The module is a driver
in the sense of PEP 249 (DB-API 2.0). As Flink does, Weir runs queries in streaming mode unless it is told otherwise: connect(mode="batch").
"""
from __future__ import annotations

import datetime as _datetime
import time as _time
from typing import Any

from . import _native
from ._connection import Connection, Cursor, Figures
from ._errors import (Cancelled, DatabaseError, DataError, Error, IntegrityError, InterfaceError, InternalError, NotSupportedError, OperationalError,
                      ProgrammingError, Warning)
from ._parameters import Parameters
from ._result import Result
from ._types import BINARY, DATETIME, NUMBER, ROWID, STRING, Column, Months, NanoTimestamp, Row, RowKind, Schema

__version__: str = _native.lib.weir_version().decode()

# ---- PEP 249 ----

apilevel = "2.0"
threadsafety = 1
"""Threads may share the module, but not connections."""
paramstyle = "qmark"
"""`?` with a sequence. `:name` with a mapping is understood as well."""

Date = _datetime.date
Time = _datetime.time
Timestamp = _datetime.datetime
Binary = bytes


def DateFromTicks(ticks: float) -> _datetime.date:
    """The local date of a moment in seconds since 1970."""
    return _datetime.date(*_time.localtime(ticks)[:3])


def TimeFromTicks(ticks: float) -> _datetime.time:
    """The local time of a moment in seconds since 1970."""
    return _datetime.time(*_time.localtime(ticks)[3:6])


def TimestampFromTicks(ticks: float) -> _datetime.datetime:
    """The local date and time of a moment in seconds since 1970."""
    return _datetime.datetime(*_time.localtime(ticks)[:6])


def connect(*, mode: str | None = None, parallelism: int | None = None, memory_limit: int | None = None, time_zone: str | None = None,
            settings: dict[str, str] | None = None, progress: bool | None = None) -> Connection:
    """A new session, with an empty catalog of its own.

    mode          "streaming" (Flink's default) or "batch"
    parallelism   threads of a query; None: one
    memory_limit  bytes that a query may take; None: any
    time_zone     table.local-time-zone, for instance "Europe/Berlin"; None: UTC
    settings      further options, as for SET
    progress      a progress bar on standard error: True, False, or None: on a terminal and in a notebook
    """
    return Connection(mode=mode, parallelism=parallelism, memory_limit=memory_limit, time_zone=time_zone, settings=settings, progress=progress)


# ---- the module's own connection ----

_own: Connection | None = None


def default_connection() -> Connection:
    """The connection behind weir.sql(); made when it is first needed."""
    global _own
    if _own is None or _own._closed:
        _own = Connection()
    return _own


def sql(query: str, parameters: Parameters | None = None, /, **tables: Any) -> Result:
    """Run a script and return the rows of its last statement, drawn when they are asked for: see Connection.sql and Result."""
    return default_connection().sql(query, parameters, **tables)


def register(name: str, data: Any) -> None:
    """Make a DataFrame, an Arrow table or the like a table: see Connection.register."""
    default_connection().register(name, data)


def unregister(name: str) -> None:
    """Drop a table that was registered."""
    default_connection().unregister(name)


def set(key: str, value: str | bool | int) -> None:  # noqa: A001: SQL's own word
    """As SET 'key' = 'value', for weir.sql()."""
    default_connection().set(key, value)


__all__ = [
    "BINARY", "Binary", "Cancelled", "Column", "Connection", "Cursor", "DATETIME", "DataError", "DatabaseError", "Date", "DateFromTicks", "Error", "Figures",
    "IntegrityError", "InterfaceError", "InternalError", "Months", "NUMBER", "NanoTimestamp", "NotSupportedError", "OperationalError", "Parameters",
    "ProgrammingError", "ROWID", "Result", "Row", "RowKind", "STRING", "Schema", "Time", "TimeFromTicks", "Timestamp", "TimestampFromTicks", "Warning",
    "apilevel", "connect", "default_connection", "paramstyle", "register", "set", "sql", "threadsafety", "unregister", "__version__"]

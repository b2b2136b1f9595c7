"""Connections, which are sessions of Weir's, and the cursors of PEP 249."""
from __future__ import annotations

import collections
import ctypes
import sys
import time
import warnings
import weakref
from typing import Any, Callable, Iterable, Iterator, NamedTuple, Sequence, TypeVar

from . import _errors, _native, _parameters, _result, _types, _worker

T = TypeVar("T")
lib = _native.lib

Description = tuple[str, str, None, int | None, int | None, int | None, bool]


class Figures(NamedTuple):
    """How far a connection's queries are."""
    rows_read: int
    rows_skipped: int
    bytes_read: int
    bytes_total: int
    rows_written: int
    late_rows_dropped: int
    watermark_ms: int | None
    memory_bytes: int


# The library may say something after its connection is gone from Python (a stream that somebody still reads); so it holds a number, no object.
_connections: weakref.WeakValueDictionary[int, Connection] = weakref.WeakValueDictionary()


def _remark(context: int, message: bytes) -> None:
    connection = _connections.get(context)
    if connection is not None:
        connection._remarks.append(message.decode(errors="replace"))


_on_warning = _native.WarnFunction(_remark)


_next_number = iter(range(1, sys.maxsize)).__next__


def _close_session(handle: ctypes.c_void_p, dead: collections.deque[Callable[[], None]]) -> None:
    while dead:
        dead.popleft()()
    lib.weir_close(handle)


class Connection:
    """A session: a catalog, settings, and what runs. Made by weir.connect().

    One thread at a time may use a connection and what came from it, except cancel() and progress(), which are for any thread. Connections
    share nothing: several threads take several of them, and run side by side.
    """

    Warning = _errors.Warning
    Error = _errors.Error
    InterfaceError = _errors.InterfaceError
    DatabaseError = _errors.DatabaseError
    DataError = _errors.DataError
    OperationalError = _errors.OperationalError
    IntegrityError = _errors.IntegrityError
    InternalError = _errors.InternalError
    ProgrammingError = _errors.ProgrammingError
    NotSupportedError = _errors.NotSupportedError

    def __init__(self, *, mode: str | None = None, parallelism: int | None = None, memory_limit: int | None = None, time_zone: str | None = None,
                 settings: dict[str, str] | None = None, progress: bool | None = None) -> None:
        self._handle = ctypes.c_void_p()
        self._closed = True
        self._bar = progress
        self._remarks: list[str] = []
        self._explicit: set[str] = set()
        self._passing: dict[str, object] = {}  # tables of sql(..., name=table), and whose they are
        self._dead: collections.deque[Callable[[], None]] = collections.deque()  # what gives back streams and results
        self._left: collections.deque[tuple[str, object]] = collections.deque()
        self._calls = 0
        self._number = _next_number()
        _connections[self._number] = self
        options = _native.Options(struct_size=ctypes.sizeof(_native.Options), memory_limit_bytes=memory_limit or 0, parallelism=parallelism or 0,
                                  warn=_on_warning, warn_context=self._number)
        code = lib.weir_open(ctypes.byref(options), ctypes.byref(self._handle))
        if code != _native.OK:
            raise _errors.CLASS_OF_CODE.get(code, _errors.InternalError)("The session cannot be opened.")
        self._closed = False
        self._finalizer = weakref.finalize(self, _close_session, self._handle, self._dead)
        asked = {"execution.runtime-mode": mode, "table.local-time-zone": time_zone, **(settings or {})}
        for key, value in asked.items():
            try:
                if value is not None:
                    self.set(key, value)
            except BaseException:
                self.close()
                raise

    # ---- calls ----

    def _need_open(self) -> None:
        if self._closed:
            raise _errors.InterfaceError("This connection is closed.")

    @property
    def _alive(self) -> bool:
        """Is there a session? Not any more when connection and results are collected together, and the connection was the first."""
        return not self._closed and self._finalizer.alive

    def _error(self, code: int, prepared: _parameters.Prepared | None) -> _errors.Error:
        line, column = int(lib.weir_last_line(self._handle)), int(lib.weir_last_column(self._handle))
        message = lib.weir_last_message(self._handle).decode(errors="replace")
        hint = lib.weir_last_hint(self._handle).decode(errors="replace")
        stage = lib.weir_last_stage(self._handle).decode()
        if line and prepared is not None:
            line, column = prepared.place(line, column)
            if not hint and "Illegal use of 'NULL'" in message and prepared.text is not prepared.sql:
                hint = "say which type the NULL has: CAST(? AS INT)"
        kind = _errors.CLASS_OF_CODE.get(code, _errors.InternalError)
        return kind(message, hint=hint or None, stage=stage or None, line=line or None, column=column if line else None,
                    sql=prepared.sql if prepared is not None else None)

    def _check(self, code: int, prepared: _parameters.Prepared | None = None) -> None:
        if code != _native.OK:
            raise self._error(code, prepared)

    def _code_of(self, errno: int) -> int:
        """What a stream's errno stands for."""
        return _native.OK if errno == 0 else int(lib.weir_last_code(self._handle)) or _native.INTERNAL

    def _run(self, call: Callable[[], T]) -> T:
        """A long call: with the progress bar, and deaf to nobody."""
        self._bury()
        bar = _worker.Bar(self.progress, sys.stderr) if (_worker.watched() if self._bar is None else self._bar) else None
        self._calls += 1
        try:
            return _worker.run(call, self.cancel, bar.tick if bar else None)
        finally:
            self._calls -= 1
            if bar is not None:
                bar.clear()
            self._bury()
            remarks, self._remarks[:] = list(self._remarks), []
            for remark in remarks:
                warnings.warn(remark, _errors.Warning, stacklevel=5)

    def _call(self, call: Callable[[], int], prepared: _parameters.Prepared | None = None) -> None:
        self._need_open()
        self._check(self._run(call), prepared)

    def _foreign(self, call: Callable[[], T], prepared: _parameters.Prepared | None) -> T:
        """A call of another library that reads a stream of ours: an error of the engine comes out as such."""
        try:
            return self._run(call)
        except Exception as error:
            code = int(lib.weir_last_code(self._handle))
            if code == _native.OK:
                raise
            raise self._error(code, prepared) from error

    # Results and streams may be collected while a call runs, in its middle or by another thread, and to close them is to wait for it: so they wait.

    def _give_back(self, close: Callable[[], None]) -> None:
        if self._finalizer.alive:
            self._dead.append(close)
            self._bury()
        else:
            close()

    def _bury(self) -> None:
        while self._dead and self._calls == 0:
            try:
                close = self._dead.popleft()
            except IndexError:
                return
            close()
        while self._left and self._calls == 0 and self._alive:
            try:
                name, token = self._left.popleft()
            except IndexError:
                return
            if self._passing.get(name) is token:
                del self._passing[name]
                lib.weir_unregister(self._handle, name.encode())

    # ---- settings ----

    def set(self, key: str, value: str | bool | int) -> None:
        """As SET 'key' = 'value'."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        self._call(lambda: lib.weir_set(self._handle, key.encode(), text.encode()))

    def get(self, key: str) -> str | None:
        """The value that counts: set, else the default; None where there is neither."""
        self._need_open()
        value = ctypes.c_char_p()
        self._check(lib.weir_get(self._handle, key.encode(), ctypes.byref(value)))
        return None if value.value is None else value.value.decode()

    def _zone(self) -> Any:
        return _parameters.zone_of(self.get("table.local-time-zone"))

    # ---- SQL ----

    def _execute(self, query: str, parameters: _parameters.Parameters | None) -> _result.Handle:
        self._need_open()
        if not isinstance(query, str):
            raise _errors.ProgrammingError(f"SQL is a str, not {type(query).__name__}.")
        prepared = _parameters.Prepared(query, parameters, _parameters.zone_of(None) if parameters is None else self._zone())
        return _result.Handle(self, prepared)

    def sql(self, query: str, parameters: _parameters.Parameters | None = None, /, **tables: Any) -> _result.Result:
        """Run a script; the rows of its last statement are the result's, drawn when they are asked for. All that stands before is carried out
        at once, as are INSERTs. Keywords are tables (see register) that are there for this result alone."""
        self._need_open()
        token = object()
        try:
            for name, data in tables.items():
                if name in self._explicit:
                    raise _errors.ProgrammingError(f"A table named {name!r} is registered already.", hint=f"unregister({name!r}) first, or take another name")
                self._register(name, data)
                self._passing[name] = token
            return _result.Result(self, self._execute(query, parameters), {name: token for name in tables})
        except BaseException:
            self._drop_passing({name: token for name in tables})
            raise

    def cursor(self) -> Cursor:
        """A cursor of PEP 249."""
        self._need_open()
        return Cursor(self)

    def execute(self, query: str, parameters: _parameters.Parameters | None = None) -> Cursor:
        """cursor().execute(...)."""
        return self.cursor().execute(query, parameters)

    def commit(self) -> None:
        """Nothing: each INSERT is whole when it has ended."""
        self._need_open()

    def rollback(self) -> None:
        """There are no transactions."""
        self._need_open()
        raise _errors.NotSupportedError("Weir has no transactions.")

    # ---- tables from outside ----

    def register(self, name: str, data: Any) -> None:
        """Make `data` the temporary table `name`: a pandas or polars DataFrame, a pyarrow Table, RecordBatch or RecordBatchReader, a relation
        of DuckDB's, another result, anything else with __arrow_c_stream__, or (with pyarrow) a list of dicts or a dict of lists. A table
        registered under the name before is replaced. What is a stream is read when a query first needs it, and kept."""
        self._register(name, data)
        self._passing.pop(name, None)
        self._explicit.add(name)

    def _register(self, name: str, data: Any) -> None:
        self._need_open()
        if not name:
            raise _errors.ProgrammingError("A table needs a name.")
        stream = stream_of(data)
        try:
            self._call(lambda: lib.weir_register_stream(self._handle, name.encode(), ctypes.byref(stream)))
        finally:
            _native.stream_release(stream)

    def unregister(self, name: str) -> None:
        """Drop a table that was registered. Results that are open may still read it."""
        self._call(lambda: lib.weir_unregister(self._handle, name.encode()))
        self._explicit.discard(name)
        self._passing.pop(name, None)

    def _drop_passing(self, tables: dict[str, Any]) -> None:
        """Those that are still this result's own."""
        self._left.extend(tables.items())
        self._bury()

    # ---- what runs ----

    def progress(self) -> Figures | None:
        """How far what runs is, None when nothing does. For any thread."""
        figures = _native.Figures()
        if not self._alive or not lib.weir_progress(self._handle, ctypes.byref(figures)):
            return None
        return Figures(figures.rows_read, figures.rows_skipped, figures.bytes_read, figures.bytes_total, figures.rows_written, figures.late_rows_dropped,
                       None if figures.watermark_ms == -(1 << 63) else figures.watermark_ms, figures.memory_bytes)

    def cancel(self) -> None:
        """Stop what runs, within moments: calls that wait for it raise Cancelled. For any thread. The connection can be used further."""
        if self._alive:
            lib.weir_cancel(self._handle)

    def wait(self, timeout: float | None = None) -> bool:
        """Work on INSERTs without an end, which run only while their connection is used, for `timeout` seconds (None: until they have ended).
        True when none runs any more."""
        until = None if timeout is None else time.monotonic() + timeout
        running = ctypes.c_int(1)
        while running.value:
            left = 1.0 if until is None else until - time.monotonic()
            if left <= 0:
                return False
            patience = max(1, int(min(left, 1.0) * 1000))
            self._call(lambda: lib.weir_wait(self._handle, patience, ctypes.byref(running)))
        return True

    def close(self) -> None:
        """End the session; what runs for it is cancelled. It cannot be used any more, nor can its cursors and results."""
        if self._closed:
            return
        lib.weir_cancel(self._handle)
        self._closed = True
        self._passing.clear()
        self._finalizer()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<weir.Connection{', closed' if self._closed else ''}>"


class Cursor:
    """A cursor of PEP 249. Rows are those of the table that the query means; they are fetched as the query gives them where they are only ever
    added, and when it has ended where they may change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._handle: _result.Handle | None = None
        self._rows: _result.Rows | None = None
        self._batches: Iterator[list[_types.Row]] = iter(())
        self._batch: list[_types.Row] = []
        self._at = 0
        self._closed = False
        self._affected = -1
        self._number: int | None = None
        self.arraysize = 1
        """How many rows fetchmany() fetches."""

    @property
    def connection(self) -> Connection:
        """Whose cursor it is."""
        return self._connection

    @property
    def description(self) -> list[Description] | None:
        """For each column: name, type code, None, internal size, precision, scale, may it be NULL. None when there are no rows to fetch."""
        if self._handle is None or not self._handle.has_rows:
            return None
        return [_describe(column) for column in self._handle.schema]

    @property
    def rowcount(self) -> int:
        """Rows written by the last INSERT; -1 where it is not known (queries are not counted beforehand)."""
        return self._affected

    @property
    def rownumber(self) -> int | None:
        """The number of the next row, from 0; None when there are none."""
        return self._number

    lastrowid = None
    """Rows have no identifiers."""

    def _need_open(self) -> None:
        self._connection._need_open()
        if self._closed:
            raise _errors.InterfaceError("This cursor is closed.")

    def _drop(self) -> None:
        rows, handle = self._rows, self._handle
        self._rows, self._handle, self._batches, self._batch, self._at, self._affected, self._number = None, None, iter(()), [], 0, -1, None
        if rows is not None:
            rows.close()
        if handle is not None:
            handle.close()

    def execute(self, operation: str, parameters: _parameters.Parameters | None = None) -> Cursor:
        """Run a script. `parameters`: a sequence for `?`, or a mapping for `:name`. Returns the cursor itself."""
        self._need_open()
        self._drop()
        handle = self._connection._execute(operation, parameters)
        self._handle = handle
        if handle.has_rows:
            stream = _result.Result._opened(handle, _native.TABLE)
            self._rows = _result.Rows(handle, stream, False)
            self._batches = iter(self._rows)
            self._number = 0
        elif handle.affected or _writes(operation):
            self._affected = handle.affected
        return self

    def executemany(self, operation: str, seq_of_parameters: Iterable[_parameters.Parameters]) -> Cursor:
        """Run it once for each of the parameters; rowcount is the sum."""
        self._need_open()
        self._drop()
        total, known = 0, False
        for parameters in seq_of_parameters:
            self.execute(operation, parameters)
            if self._handle is not None and self._handle.has_rows:
                self._drop()
                raise _errors.ProgrammingError("executemany is for statements that give no rows.", sql=operation)
            if self._affected >= 0:
                total, known = total + self._affected, True
        self._affected = total if known else -1
        return self

    def callproc(self, procname: str, parameters: Sequence[Any] = ()) -> Sequence[Any]:
        """There are no procedures."""
        raise _errors.NotSupportedError("Weir has no procedures.")

    def nextset(self) -> bool | None:
        """A script's rows are those of its last statement; there is no further set."""
        self._need_rows()
        return None

    def setinputsizes(self, sizes: Sequence[Any]) -> None:
        """Nothing; PEP 249 wants it."""

    def setoutputsize(self, size: int, column: int | None = None) -> None:
        """Nothing; PEP 249 wants it."""

    def _need_rows(self) -> None:
        self._need_open()
        if self._rows is None:
            raise _errors.ProgrammingError("There is nothing to fetch: no query was executed, or the last statement gives no rows.")

    def _more(self) -> bool:
        while self._at >= len(self._batch):
            batch = next(self._batches, None)
            if batch is None:
                self._batch, self._at = [], 0
                return False
            self._batch, self._at = batch, 0
        return True

    def fetchone(self) -> _types.Row | None:
        """The next row, or None when there is none left."""
        self._need_rows()
        if not self._more():
            return None
        row = self._batch[self._at]
        self._at += 1
        self._number = (self._number or 0) + 1
        return row

    def fetchmany(self, size: int | None = None) -> list[_types.Row]:
        """The next `size` rows (None: arraysize), or as many as are left."""
        self._need_rows()
        wanted = self.arraysize if size is None else size
        found: list[_types.Row] = []
        while len(found) < wanted and self._more():
            part = self._batch[self._at:self._at + wanted - len(found)]
            self._at += len(part)
            found += part
        self._number = (self._number or 0) + len(found)
        return found

    def fetchall(self) -> list[_types.Row]:
        """All rows that are left."""
        return self.fetchmany(sys.maxsize)

    def __iter__(self) -> Iterator[_types.Row]:
        return self

    def __next__(self) -> _types.Row:
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row

    def close(self) -> None:
        """It cannot be used any more."""
        if not self._closed:
            self._closed = True
            self._drop()

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()

    def __del__(self) -> None:
        if not getattr(self, "_closed", True):
            self.close()


def _describe(column: _types.Column) -> Description:
    numbers = column.numbers
    size = numbers[0] if column.root in ("CHAR", "VARCHAR", "BINARY", "VARBINARY") and numbers else None
    precision = numbers[0] if column.root in ("DECIMAL", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ") and numbers else None
    scale = numbers[1] if column.root == "DECIMAL" and len(numbers) > 1 else None
    return column.name, column.root, None, size, precision, scale, column.nullable


def _writes(operation: str) -> bool:
    """Is an INSERT of no rows a count of 0, rather than no count? Told by the word, since the library counts both as 0."""
    return "insert" in operation.lower()


def stream_of(data: Any) -> _native.ArrowArrayStream:
    """Somebody's table as a stream that is ours."""
    module = type(data).__module__.partition(".")[0]
    if module == "pandas" and hasattr(data, "columns"):  # its own stream would carry the index along
        arrow = _result._needed("pyarrow")
        data = arrow.Table.from_pandas(data, preserve_index=False)
    elif not hasattr(data, "__arrow_c_stream__"):
        if hasattr(data, "__arrow_c_array__"):
            data = _result._needed("pyarrow").Table.from_batches([_result._needed("pyarrow").record_batch(data)])
        elif isinstance(data, dict):
            data = _result._needed("pyarrow").table(data)
        elif isinstance(data, (list, tuple)) and data and all(isinstance(row, dict) for row in data):
            data = _result._needed("pyarrow").Table.from_pylist(list(data))
        else:
            hint = "collect() it first" if type(data).__name__ == "LazyFrame" else "a DataFrame, a pyarrow Table, or anything with __arrow_c_stream__ can be"
            raise _errors.InterfaceError(f"A {type(data).__name__} cannot be made a table.", hint=hint)
    return _native.stream_of_capsule(data.__arrow_c_stream__())

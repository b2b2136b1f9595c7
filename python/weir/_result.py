"""Results: the rows of a query, drawn when somebody wants them, in the form that is wanted."""
from __future__ import annotations

import ctypes
import html
import re
from typing import TYPE_CHECKING, Any, Callable, Iterator

from . import _arrow, _errors, _native, _parameters, _types

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from ._connection import Connection

PREVIEW_ROWS = 20
lib = _native.lib


class Handle:
    """A weir_result, closed when nobody holds it any more."""

    def __init__(self, connection: Connection, prepared: _parameters.Prepared, text: str | None = None) -> None:
        self.connection, self.prepared = connection, prepared
        self.pointer = ctypes.c_void_p()
        self.text = prepared.text if text is None else text
        if "\0" in self.text:
            raise _errors.ProgrammingError("SQL with a NUL character is not read.", sql=prepared.sql)
        try:
            encoded = self.text.encode()
        except UnicodeEncodeError as error:
            raise _errors.ProgrammingError(f"This SQL is not Unicode text: {error}", sql=prepared.sql) from None
        connection._call(lambda: lib.weir_execute(connection._handle, encoded, ctypes.byref(self.pointer)), prepared)
        self.has_rows = bool(lib.weir_result_has_rows(self.pointer))
        self.affected = int(lib.weir_result_affected(self.pointer))
        self.is_bounded = bool(lib.weir_result_is_bounded(self.pointer))
        self.is_insert_only = bool(lib.weir_result_is_insert_only(self.pointer))
        self.statement = (lib.weir_result_statement(self.pointer) or b"").decode()
        self.schema = _types.Schema(self._column(i) for i in range(lib.weir_result_column_count(self.pointer)))

    def _column(self, index: int) -> _types.Column:
        text = lib.weir_result_column_type(self.pointer, index).decode()
        nullable = not text.endswith(" NOT NULL")
        return _types.Column(lib.weir_result_column_name(self.pointer, index).decode(), text.removesuffix(" NOT NULL"), nullable)

    def stream(self, flags: int) -> _native.ArrowArrayStream | None:
        """None: the rows have gone, or cannot be had in this form any more."""
        stream = _native.ArrowArrayStream()
        code = lib.weir_result_stream(self.pointer, flags, ctypes.byref(stream))
        if code == _native.USAGE:
            return None
        self.connection._check(code, self.prepared)
        return stream

    def again(self, before: str = "") -> Handle:
        """The query once more, behind `before`. What stood before it in the script is blanked, so that places in errors stay true."""
        start = len(self.text) - len(self.statement)
        return Handle(self.connection, self.prepared, re.sub(r"[^\n]", " ", self.text[:start]) + before + self.statement)

    def close(self) -> None:
        """Nothing may be read from it afterwards."""
        pointer, self.pointer = self.pointer, ctypes.c_void_p()
        if pointer:
            self.connection._give_back(lambda: lib.weir_result_close(pointer))

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            self.close()


class Rows:
    """Lists of rows from a stream, one for each of its arrays; closed when read to its end, or by close()."""

    def __init__(self, handle: Handle, stream: _native.ArrowArrayStream, with_changes: bool) -> None:
        self.handle, self.live = handle, stream
        try:
            self.reader = _arrow.Reader(stream, handle.connection._zone(), with_changes)
        except BaseException:
            self.close()
            raise

    def _pull(self, array: _native.ArrowArray) -> None:
        stream = self.live
        self.handle.connection._call(lambda: self.handle.connection._code_of(stream.get_next(ctypes.byref(stream), ctypes.byref(array))),
                                     self.handle.prepared)

    def __iter__(self) -> Iterator[list[Any]]:
        try:
            yield from self.reader.batches(self._pull)
        finally:
            self.close()

    def close(self) -> None:
        """Give the stream back."""
        stream = self.live
        if stream.release:
            self.live = _native.ArrowArrayStream()
            self.handle.connection._give_back(lambda: _native.stream_release(stream))

    def __del__(self) -> None:
        self.close()


class Result:
    """What weir.sql() gives: the columns are known at once, the rows are drawn when they are asked for.

    fetchall(), to_arrow(), df() and pl() give the table that the query means, and keep it: they may be called one after the other. Iterating,
    rows(), and whatever imports the result through Arrow's C stream interface draw rows as they come, without keeping them; whoever asks
    again afterwards, or for another form, has the query run again.

    A query in streaming mode has a changing result: iterate over it for its changes. Asked for a table, it is what the changes add up to.
    """

    def __init__(self, connection: Connection, handle: Handle, tables: dict[str, Any] | None = None) -> None:
        self._connection, self._handle, self._tables = connection, handle, tables
        self._closed = False
        self._arrow_tables: dict[bool, Any] = {}

    # ---- about it ----

    @property
    def schema(self) -> _types.Schema:
        """The columns: name, SQL type, nullable."""
        return self._handle.schema

    @property
    def columns(self) -> list[str]:
        """The columns' names."""
        return self._handle.schema.names

    @property
    def has_rows(self) -> bool:
        """False for CREATE TABLE, INSERT, SET and the like."""
        return self._handle.has_rows

    @property
    def affected(self) -> int:
        """Rows that the INSERTs of the script wrote."""
        return self._handle.affected

    @property
    def is_bounded(self) -> bool:
        """Does the query end by itself?"""
        return self._handle.is_bounded

    def explain(self) -> str:
        """The plan, as EXPLAIN shows it."""
        self._need_rows()
        handle = self._handle.again("EXPLAIN ")
        try:
            return "\n".join(row[0] for rows in Rows(handle, self._opened(handle, _native.TABLE), False) for row in rows)
        finally:
            handle.close()

    def cancel(self) -> None:
        """Stop it, from any thread: whoever is waiting for its rows gets weir.Cancelled. Stops whatever else its connection runs, too."""
        self._connection.cancel()

    def close(self) -> None:
        """Give back what the result holds. Rows cannot be drawn from it any more."""
        if not self._closed:
            self._closed = True
            self._arrow_tables.clear()
            self._handle.close()
            if self._tables:
                self._connection._drop_passing(self._tables)

    def __del__(self) -> None:
        if not getattr(self, "_closed", True):
            self.close()

    def __enter__(self) -> Result:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()

    # ---- streams ----

    def _need_rows(self) -> None:
        self._connection._need_open()
        if self._closed:
            raise _errors.InterfaceError("This result is closed.")
        if not self.has_rows:
            raise _errors.InterfaceError("The last statement gives no rows.")

    @staticmethod
    def _opened(handle: Handle, flags: int) -> _native.ArrowArrayStream:
        stream = handle.stream(flags)
        if stream is None:
            raise _errors.InternalError("A result that was never read has no stream.")
        return stream

    def _stream(self, flags: int) -> _native.ArrowArrayStream:
        self._need_rows()
        stream = self._handle.stream(flags)
        if stream is None:
            self._handle = self._handle.again()
            stream = self._opened(self._handle, flags)
        return stream

    def _rows(self, flags: int) -> Rows:
        stream = self._stream(flags)
        return Rows(self._handle, stream, bool(flags & _native.CHANGES))

    def changes(self) -> Iterator[tuple[_types.RowKind, _types.Row]]:
        """The changes as they come: (kind, row). Iterating over the result does the same."""
        rows = self._rows(_native.CHANGES)
        return (change for changes in rows for change in changes)

    def __iter__(self) -> Iterator[tuple[_types.RowKind, _types.Row]]:
        return self.changes()

    def rows(self) -> Iterator[_types.Row]:
        """The rows of the table, without keeping them. As they come where they are only ever added; else when the query has ended."""
        rows = self._rows(_native.TABLE)
        return (row for batch in rows for row in batch)

    def fetchall(self) -> list[_types.Row]:
        """All rows of the table."""
        return [row for batch in self._rows(_native.TABLE | _native.KEEP) for row in batch]

    def fetchone(self) -> _types.Row | None:
        """The first row of the table, or None when there is none."""
        found = self._preview(1)
        return found[0] if found else None

    def _preview(self, most: int) -> list[_types.Row]:
        found: list[_types.Row] = []
        rows = self._rows(_native.TABLE | _native.KEEP)
        try:
            for batch in rows.reader.batches(rows._pull):
                found += batch
                if len(found) >= most:
                    break
        finally:
            rows.close()
        return found[:most]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Arrow's PyCapsule interface: pyarrow, polars, DuckDB and others take a result as it is."""
        return _native.capsule_of_stream(self._stream(_native.TABLE))

    # ---- tables of others ----

    def _import(self, flags: int, take: Callable[[Any], Any]) -> Any:
        """take(an object with __arrow_c_stream__), where it can be interrupted; what the engine says comes out as its exception."""
        stream = self._stream(flags)
        source = _Source(stream)
        try:
            return self._connection._foreign(lambda: take(source), self._handle.prepared)
        finally:
            source.close()

    def to_arrow(self, changes: bool = False) -> pyarrow.Table:
        """The rows as a pyarrow.Table. With `changes` every change, its kind ("+I", "-U", "+U", "-D") in a last column "op"."""
        self._need_rows()
        if changes not in self._arrow_tables:
            arrow = _needed("pyarrow")
            flags = _native.KEEP | (_native.CHANGES if changes else _native.TABLE)
            table = self._import(flags, lambda source: arrow.RecordBatchReader.from_stream(source).read_all())
            self._arrow_tables[changes] = _with_kinds(arrow, table) if changes else table
        kept: pyarrow.Table = self._arrow_tables[changes]
        return kept

    def df(self, changes: bool = False, **options: Any) -> pandas.DataFrame:
        """The rows as a pandas.DataFrame; `options` go to pyarrow.Table.to_pandas. Whole numbers and truth values with NULLs become pandas'
        nullable types, so that none is turned into a float."""
        _needed("pandas")
        table = self.to_arrow(changes)
        if "types_mapper" not in options:
            options["types_mapper"] = _nullable_types(table).get
        frame: pandas.DataFrame = table.to_pandas(**options)
        return frame

    def pl(self, changes: bool = False) -> polars.DataFrame:
        """The rows as a polars.DataFrame."""
        frames = _needed("polars")
        if changes or changes in self._arrow_tables:
            frame = frames.from_arrow(self.to_arrow(changes))
        else:
            frame = self._import(_native.TABLE | _native.KEEP, frames.DataFrame)
        found: polars.DataFrame = frame
        return found

    # ---- for the eye ----

    def __repr__(self) -> str:
        if not self.has_rows:
            return f"<weir.Result: no rows, {self.affected} affected>"
        return f"<weir.Result {self.schema!r}{'' if self.is_bounded else ', without an end'}>"

    def _shown(self) -> tuple[list[_types.Row], str]:
        """The first rows, and what to say below them."""
        if not self.is_bounded:
            return [], "a query without an end: iterate over it"
        rows = self._preview(PREVIEW_ROWS + 1)
        more = len(rows) > PREVIEW_ROWS
        return rows[:PREVIEW_ROWS], "more rows follow" if more else f"{len(rows)} row{'' if len(rows) == 1 else 's'}"

    def __str__(self) -> str:
        """A table of the first rows; runs the query when it has an end."""
        if not self.has_rows or self._closed:
            return repr(self)
        rows, note = self._shown()
        cells = [self.columns] + [[_cell(value) for value in row] for row in rows]
        widths = [max(len(line[i]) for line in cells) for i in range(len(self.columns))]
        rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
        lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in cells]
        return "\n".join([rule, lines[0], rule, *lines[1:], *([rule] if rows else []), note])

    def show(self) -> None:
        """Print the first rows."""
        print(self)

    def _repr_html_(self) -> str:
        """For notebooks: a table of the first rows; runs the query when it has an end."""
        if not self.has_rows or self._closed:
            return f"<pre>{html.escape(repr(self))}</pre>"
        rows, note = self._shown()
        head = "".join(f"<th>{html.escape(c.name)}<br><small>{html.escape(c.type)}</small></th>" for c in self.schema)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(_cell(value))}</td>" for value in row) + "</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><small>{html.escape(note)}</small>"


class _Source:
    """A stream that one importer takes."""

    def __init__(self, stream: _native.ArrowArrayStream) -> None:
        self.capsule: object | None = _native.capsule_of_stream(stream)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.capsule

    def close(self) -> None:
        self.capsule = None


def _cell(value: Any) -> str:
    text = "NULL" if value is None else value if isinstance(value, str) else str(value)
    text = text.replace("\n", " ")
    return text if len(text) <= 60 else text[:59] + "…"


def _needed(name: str) -> Any:
    import importlib
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise _errors.InterfaceError(f"{name} is needed for this, and it cannot be imported: {error}", hint=f"pip install {name}") from error


def _with_kinds(arrow: Any, table: Any) -> Any:
    """The numbers of "op" as the words that Flink writes."""
    place = table.num_columns - 1
    words = arrow.array([kind.value for kind in _types.KINDS])
    chunks = [arrow.DictionaryArray.from_arrays(chunk, words) for chunk in table.column(place).chunks]
    kind = arrow.dictionary(arrow.int8(), arrow.string())
    return table.set_column(place, arrow.field("op", kind, nullable=False), arrow.chunked_array(chunks, kind))


def _nullable_types(table: Any) -> dict[Any, Any]:
    pandas_, arrow = _needed("pandas"), _needed("pyarrow")
    known = {arrow.int8(): pandas_.Int8Dtype(), arrow.int16(): pandas_.Int16Dtype(), arrow.int32(): pandas_.Int32Dtype(), arrow.int64(): pandas_.Int64Dtype(),
             arrow.bool_(): pandas_.BooleanDtype()}
    return {field.type: known[field.type] for i, field in enumerate(table.schema) if field.type in known and table.column(i).null_count > 0}

"""Parameters: Python values as SQL literals of their type, put where the SQL has `?` or `:name`. Texts, quoted names, comments and the
patterns of MATCH_RECOGNIZE (whose `?` is a quantifier) are left alone, and no value can ever become anything but one literal."""
from __future__ import annotations

import datetime
import decimal
import math
import re
import uuid
import zoneinfo
from typing import Any, Mapping, Sequence

from . import _errors, _types

Parameters = Sequence[Any] | Mapping[str, Any]

_INT64 = 1 << 63
_TOKEN = re.compile(r"""
    (?P<skip> '(?:[^']|'')*' | `(?:[^`]|``)*` | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ )
  | (?P<pattern> \bPATTERN\s*\( )
  | (?P<word> [^\W\d]\w* )
  | (?P<qmark> \? )
  | (?P<named> (?<![:\w]) : [^\W\d]\w* )
""", re.X | re.S | re.I)


def literal(value: Any, zone: datetime.tzinfo) -> str:
    """The value as one SQL expression. `zone` is the session's, in which TIMESTAMP becomes TIMESTAMP_LTZ."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, _types.Months):
        return f"INTERVAL {'-' if value < 0 else ''}'{abs(int(value)) // 12}-{abs(int(value)) % 12}' YEAR(4) TO MONTH"
    for kinds, make in _MAKERS:
        if isinstance(value, kinds):
            text: str = make(value, zone)
            return text
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        return literal(value.item(), zone)
    if hasattr(value, "to_pydatetime"):  # pandas.Timestamp, which is a datetime, comes here only as NaT
        return "NULL"
    raise _errors.ProgrammingError(f"A parameter of the type {type(value).__name__} cannot be told in SQL.",
                                   hint="pass None, bool, int, float, Decimal, str, bytes, date, time, datetime, timedelta, UUID, list, dict or Row")


def _signed(text: str) -> str:
    """In brackets, so that the sign never meets another one: `--` would begin a comment."""
    return f"({text})" if text.startswith("-") else text


def _int(value: int, zone: datetime.tzinfo) -> str:
    value = int(value)
    if -_INT64 <= value < _INT64:
        return _signed(str(value))
    if len(str(abs(value))) > 38:
        raise _errors.DataError("A whole number of more than 38 digits has no SQL type.")
    return f"CAST('{value}' AS DECIMAL(38, 0))"


def _float(value: float, zone: datetime.tzinfo) -> str:
    value = float(value)
    if math.isnan(value):
        return "CAST('NaN' AS DOUBLE)"
    if math.isinf(value):
        return f"CAST('{'-' if value < 0 else ''}Infinity' AS DOUBLE)"
    text = repr(value)
    return _signed(text if "e" in text else text + "E0")


def _decimal(value: decimal.Decimal, zone: datetime.tzinfo) -> str:
    if not value.is_finite():
        raise _errors.DataError(f"The Decimal {value} has no SQL literal.")
    text = format(value, "f")
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    scale = len(text.partition(".")[2])
    precision = max(len(digits), min(scale + 1, 38), scale)
    if precision > 38:
        raise _errors.DataError("A Decimal of more than 38 digits has no SQL type.")
    return f"CAST('{text}' AS DECIMAL({precision}, {scale}))"


def _text(value: str, zone: datetime.tzinfo) -> str:
    if "\0" in value:
        raise _errors.DataError("A text with a NUL character cannot be told in SQL.")
    return "'" + str(value).replace("'", "''") + "'"


def _bytes(value: bytes | bytearray | memoryview, zone: datetime.tzinfo) -> str:
    return f"X'{bytes(value).hex()}'"


def _date(value: datetime.date, zone: datetime.tzinfo) -> str:
    return f"DATE '{value.isoformat()}'"


def _time(value: datetime.time, zone: datetime.tzinfo) -> str:
    if value.tzinfo is not None:
        raise _errors.DataError("SQL has no TIME with a zone.")
    if value.microsecond % 1000:
        raise _errors.DataError("TIME counts milliseconds; this one is finer.")
    return f"TIME '{value.isoformat(timespec='milliseconds')}'"


def _datetime(value: datetime.datetime, zone: datetime.tzinfo) -> str:
    nanosecond: int | None = getattr(value, "nanosecond", None)  # NanoTimestamp, pandas.Timestamp
    digits = 6 if not nanosecond else 9
    plain = datetime.datetime(value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond, value.tzinfo, fold=value.fold)
    if value.tzinfo is not None and plain.microsecond % 1000 == 0 and not nanosecond:
        since = plain - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        return f"CAST(TO_TIMESTAMP_LTZ({since // datetime.timedelta(milliseconds=1)}, 3) AS TIMESTAMP_LTZ(6))"
    if value.tzinfo is not None:
        plain = plain.astimezone(zone)
        if plain.replace(fold=1 - plain.fold).utcoffset() != plain.utcoffset():
            raise _errors.DataError(f"{value} is told twice, or never, by the clocks of the session's zone; SQL can tell it in milliseconds only.")
    text = f"TIMESTAMP '{plain.replace(tzinfo=None).isoformat(sep=' ', timespec='microseconds')}{nanosecond:03}'" if nanosecond else \
        f"TIMESTAMP '{plain.replace(tzinfo=None).isoformat(sep=' ', timespec='microseconds')}'"
    return text if value.tzinfo is None else f"CAST({text} AS TIMESTAMP_LTZ({digits}))"


def _timedelta(value: datetime.timedelta, zone: datetime.tzinfo) -> str:
    if value.microseconds % 1000:
        raise _errors.DataError("INTERVAL DAY TO SECOND counts milliseconds; this one is finer.")
    sign, value = ("-", -value) if value.days < 0 else ("", value)
    if value.days > 999999:
        raise _errors.DataError("INTERVAL DAY TO SECOND has at most 999,999 days.")
    clock = f"{value.seconds // 3600:02}:{value.seconds // 60 % 60:02}:{value.seconds % 60:02}.{value.microseconds // 1000:03}"
    return f"INTERVAL {sign}'{value.days} {clock}' DAY(6) TO SECOND(3)"


def _row(value: _types.Row, zone: datetime.tzinfo) -> str:
    return "ROW(" + ", ".join(literal(field, zone) for field in value) + ")"


def _array(value: Sequence[Any], zone: datetime.tzinfo) -> str:
    if not value:
        raise _errors.DataError("An empty list has no element type, so that SQL has no literal for it.")
    return "ARRAY[" + ", ".join(literal(item, zone) for item in value) + "]"


def _map(value: Mapping[Any, Any], zone: datetime.tzinfo) -> str:
    if not value:
        raise _errors.DataError("An empty dict has no types, so that SQL has no literal for it.")
    return "MAP[" + ", ".join(f"{literal(key, zone)}, {literal(item, zone)}" for key, item in value.items()) + "]"


_MAKERS: tuple[tuple[Any, Any], ...] = (
    (int, _int), (float, _float), (decimal.Decimal, _decimal), (str, _text), ((bytes, bytearray, memoryview), _bytes), (datetime.datetime, _datetime),
    (datetime.date, _date), (datetime.time, _time), (datetime.timedelta, _timedelta), (uuid.UUID, lambda value, zone: f"'{value}'"), (_types.Row, _row),
    ((list, tuple), _array), (dict, _map))


class Prepared:
    """SQL with its parameters filled in, which still knows where each piece stood before."""

    def __init__(self, sql: str, parameters: Parameters | None, zone: datetime.tzinfo) -> None:
        self.sql = sql
        self.pieces: list[tuple[int, int, bool]] = [(0, 0, False)]  # (offset in text, offset in sql, is it a literal)
        if parameters is None:
            self.text = sql
        elif isinstance(parameters, Mapping):
            self.text = self._fill_named(parameters, zone)
        elif isinstance(parameters, Sequence) and not isinstance(parameters, (str, bytes, bytearray)):
            self.text = self._fill_qmark(parameters, zone)
        else:
            raise _errors.ProgrammingError(f"Parameters are a sequence, for `?`, or a mapping, for `:name`; not {type(parameters).__name__}.")

    def _fill_qmark(self, parameters: Sequence[Any], zone: datetime.tzinfo) -> str:
        places = _places(self.sql, "qmark")
        if len(places) != len(parameters):
            raise _errors.ProgrammingError(f"The SQL has {len(places)} `?`, and {len(parameters)} parameters were given.")
        return self._fill(places, [literal(value, zone) for value in parameters])

    def _fill_named(self, parameters: Mapping[str, Any], zone: datetime.tzinfo) -> str:
        places = _places(self.sql, "named")
        names = [self.sql[start + 1:end] for start, end in places]
        for name in names:
            if name not in parameters:
                raise _errors.ProgrammingError(f"The SQL has `:{name}`, and no parameter of this name was given.")
        for name in parameters:
            if name not in names:
                raise _errors.ProgrammingError(f"The parameter {name!r} was given, and the SQL has no `:{name}`.")
        return self._fill(places, [literal(parameters[name], zone) for name in names])

    def _fill(self, places: list[tuple[int, int]], literals: list[str]) -> str:
        out, size, at = [], 0, 0
        for (start, end), text in zip(places, literals):
            text = " " + text + " "  # never one word with its neighbours
            out += [self.sql[at:start], text]
            size += start - at
            self.pieces.append((size, start, True))
            size += len(text)
            self.pieces.append((size, end, False))
            at = end
        return "".join(out) + self.sql[at:]

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the SQL as it was given, from those in the SQL with its parameters filled in."""
        lines = self.text.split("\n")
        offset = sum(len(text) + 1 for text in lines[:line - 1]) + column - 1
        in_text, in_sql, is_literal = max(piece for piece in self.pieces if piece[0] <= offset)
        where = in_sql if is_literal else in_sql + offset - in_text
        before = self.sql[:where]
        return before.count("\n") + 1, where - (before.rfind("\n") + 1) + 1


def _places(sql: str, kind: str) -> list[tuple[int, int]]:
    places, at = [], 0
    while (found := _TOKEN.search(sql, at)) is not None:
        at = found.end()
        if found.lastgroup == "pattern":
            at = _pattern_end(sql, at)
        elif found.lastgroup == kind:
            places.append(found.span())
    return places


def _pattern_end(sql: str, at: int) -> int:
    """Behind the bracket that closes PATTERN (."""
    depth = 1
    while depth > 0 and at < len(sql):
        depth += {"(": 1, ")": -1}.get(sql[at], 0)
        at += 1
    return at


def zone_of(name: str | None) -> datetime.tzinfo:
    """The zone of table.local-time-zone."""
    if not name or name in ("UTC", "Z", "GMT"):
        return datetime.timezone.utc
    fixed = re.fullmatch(r"(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?", name)
    if fixed:
        offset = datetime.timedelta(hours=int(fixed.group(2)), minutes=int(fixed.group(3) or 0))
        return datetime.timezone(-offset if fixed.group(1) == "-" else offset)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return datetime.timezone.utc

"""Rows, their kinds, columns, and the values that Python has no type of its own for."""
from __future__ import annotations

import datetime
import enum
import re
from typing import Any, Iterable, NamedTuple, Sequence


class RowKind(str, enum.Enum):
    """What a change does, written as Flink writes it. RowKind.INSERT == "+I"."""
    INSERT = "+I"
    UPDATE_BEFORE = "-U"
    UPDATE_AFTER = "+U"
    DELETE = "-D"

    def __str__(self) -> str:
        return self.value

    @property
    def adds(self) -> bool:
        """Does the row come (+I, +U) rather than go (-U, -D)?"""
        return self.value[0] == "+"


KINDS = (RowKind.INSERT, RowKind.UPDATE_BEFORE, RowKind.UPDATE_AFTER, RowKind.DELETE)  # as the column "op" counts them


class Row(tuple[Any, ...]):
    """A row: a tuple whose fields have names. row[0], row["name"] and row.name are the same."""
    __slots__ = ()
    _fields: tuple[str, ...] = ()

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            try:
                return tuple.__getitem__(self, self._fields.index(key))
            except ValueError:
                raise KeyError(f"{key!r}; the columns are {', '.join(self._fields)}") from None
        return tuple.__getitem__(self, key)

    def __getattr__(self, name: str) -> Any:
        try:
            return tuple.__getitem__(self, self._fields.index(name))
        except ValueError:
            raise AttributeError(f"no column {name!r}; the columns are {', '.join(self._fields)}") from None

    def keys(self) -> tuple[str, ...]:
        """The columns' names."""
        return self._fields

    def asdict(self) -> dict[str, Any]:
        """The row as a dict (of columns with the same name the last one counts)."""
        return dict(zip(self._fields, self))

    def __repr__(self) -> str:
        return "Row(" + ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self)) + ")"

    def __reduce__(self) -> tuple[Any, ...]:
        return _row_again, (self._fields, tuple(self))


def row_class(fields: Iterable[str]) -> type[Row]:
    """The class of rows with these columns."""
    return type("Row", (Row,), {"__slots__": (), "_fields": tuple(fields)})


def _row_again(fields: tuple[str, ...], values: tuple[Any, ...]) -> Row:
    return row_class(fields)(values)


class NanoTimestamp(datetime.datetime):
    """A TIMESTAMP(7..9) or TIMESTAMP_LTZ(7..9): a datetime and, in `nanosecond`, the 0..999 nanoseconds that a datetime cannot hold."""
    nanosecond: int

    @classmethod
    def of(cls, moment: datetime.datetime, nanosecond: int) -> NanoTimestamp:
        """The moment and 0..999 nanoseconds."""
        made = cls(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond, moment.tzinfo, fold=moment.fold)
        made.nanosecond = nanosecond
        return made

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and getattr(self, "nanosecond", 0) == getattr(other, "nanosecond", 0)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return super().__hash__()

    def _text(self, separator: str) -> str:
        whole = self.replace(microsecond=0)
        text = datetime.datetime.isoformat(whole, separator)
        return f"{text[:19]}.{self.microsecond:06}{getattr(self, 'nanosecond', 0):03}{text[19:]}"

    def __str__(self) -> str:
        return self._text(" ")

    def __repr__(self) -> str:
        return f"NanoTimestamp({self._text(' ')!r})"

    def __reduce_ex__(self, protocol: Any) -> Any:
        return NanoTimestamp.of, (datetime.datetime(self.year, self.month, self.day, self.hour, self.minute, self.second, self.microsecond, self.tzinfo,
                                                    fold=self.fold), getattr(self, "nanosecond", 0))


class Months(int):
    """An INTERVAL YEAR TO MONTH: a number of months."""

    def __str__(self) -> str:
        return f"{'-' if self < 0 else '+'}{abs(int(self)) // 12}-{abs(int(self)) % 12:02}"

    def __repr__(self) -> str:
        return f"Months({int(self)})"


class Column(NamedTuple):
    """A column of a result."""
    name: str
    type: str
    """As DESCRIBE says it: "DECIMAL(10, 2)", "TIMESTAMP_LTZ(3)", "ROW<`a` INT>"."""
    nullable: bool

    @property
    def root(self) -> str:
        """The type's name alone: "DECIMAL", "TIMESTAMP_LTZ", "ROW", "INTERVAL"."""
        found = re.match(r"[A-Z_]+", self.type)
        return found.group(0) if found else self.type

    @property
    def numbers(self) -> tuple[int, ...]:
        """Those in the type's brackets: (10, 2)."""
        found = re.match(r"[A-Z_ ]+\(([\d, ]+)\)", self.type)
        return tuple(int(number) for number in found.group(1).split(",")) if found else ()


class Schema(tuple[Column, ...]):
    """The columns of a result, in order. schema["name"] finds one by its name; schema.names are all of them."""
    __slots__ = ()

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [column.name for column in self]

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            for column in self:
                if column.name == key:
                    return column
            raise KeyError(f"{key!r}; the columns are {', '.join(self.names)}")
        return tuple.__getitem__(self, key)

    def __repr__(self) -> str:
        return "(" + ", ".join(f"{c.name} {c.type}{'' if c.nullable else ' NOT NULL'}" for c in self) + ")"


class TypeObject:
    """A type object of PEP 249: equal to the type codes of the types that it stands for."""

    def __init__(self, name: str, codes: Sequence[str]) -> None:
        self.name, self.codes = name, frozenset(codes)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, str) and other in self.codes)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"weir.{self.name}"


STRING = TypeObject("STRING", ("CHAR", "VARCHAR", "STRING"))
BINARY = TypeObject("BINARY", ("BINARY", "VARBINARY", "BYTES"))
NUMBER = TypeObject("NUMBER", ("TINYINT", "SMALLINT", "INT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN"))
DATETIME = TypeObject("DATETIME", ("DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ", "INTERVAL"))
ROWID = TypeObject("ROWID", ())

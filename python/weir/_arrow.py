"""Arrow's C arrays as Python values, column by column, with nothing but ctypes: so that rows can be had where pyarrow is not installed."""
from __future__ import annotations

import ctypes
import datetime
import decimal
from typing import Any, Callable, Iterator

from . import _errors, _native, _types

Values = list[Any]
Decoder = Callable[[_native.ArrowArray, int, int], Values]

_EPOCH = datetime.datetime(1970, 1, 1)
_EPOCH_UTC = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_EPOCH_DAY = datetime.date(1970, 1, 1).toordinal()
_BITS = tuple(tuple(bool(byte >> bit & 1) for bit in range(8)) for byte in range(256))
_PLAIN = {"c": ("b", 1), "s": ("h", 2), "i": ("i", 4), "l": ("q", 8), "f": ("f", 4), "g": ("d", 8)}


def _bytes(array: _native.ArrowArray, index: int, start: int, size: int) -> memoryview:
    address = array.buffers[index]
    if size == 0 or not address:
        return memoryview(b"")
    return memoryview((ctypes.c_char * size).from_address(address + start)).cast("B")


def _bits(array: _native.ArrowArray, index: int, start: int, length: int) -> list[bool]:
    first = start // 8
    packed = _bytes(array, index, first, (start + length + 7) // 8 - first)
    bits = [bit for byte in packed for bit in _BITS[byte]]
    return bits[start - first * 8:start - first * 8 + length]


def _numbers(array: _native.ArrowArray, index: int, start: int, length: int, code: str, width: int) -> Values:
    view: Any = _bytes(array, index, start * width, length * width)
    values: Values = view.cast(code).tolist() if length else []
    return values


def _with_nulls(decode: Decoder) -> Decoder:
    def decode_nulls(array: _native.ArrowArray, start: int, length: int) -> Values:
        values = decode(array, start, length)
        if array.null_count == 0 or not array.buffers[0]:
            return values
        return [value if valid else None for value, valid in zip(values, _bits(array, 0, start, length))]
    return decode_nulls


def _mapped(code: str, width: int, convert: Callable[[int], Any]) -> Decoder:
    """A number for each value. Where the value is NULL the number may be anything, so that it must not be converted."""
    def decode(array: _native.ArrowArray, start: int, length: int) -> Values:
        numbers = _numbers(array, 1, start, length, code, width)
        try:
            if array.null_count == 0 or not array.buffers[0]:
                return [convert(number) for number in numbers]
            return [convert(number) if valid else None for number, valid in zip(numbers, _bits(array, 0, start, length))]
        except (OverflowError, ValueError) as error:
            raise _errors.DataError(f"A value lies outside of what Python's datetime can hold ({error}); to_arrow() can.") from None
    return decode


def _plain(code: str, width: int) -> Decoder:
    return _with_nulls(lambda array, start, length: _numbers(array, 1, start, length, code, width))


def _spans(array: _native.ArrowArray, start: int, length: int) -> tuple[list[int], memoryview]:
    offsets = _numbers(array, 1, start, length + 1, "i", 4)
    return offsets, _bytes(array, 2, 0, offsets[-1])


def _texts(array: _native.ArrowArray, start: int, length: int) -> Values:
    offsets, data = _spans(array, start, length)
    return [str(data[offsets[i]:offsets[i + 1]], "utf-8") for i in range(length)]


def _binaries(array: _native.ArrowArray, start: int, length: int) -> Values:
    offsets, data = _spans(array, start, length)
    return [bytes(data[offsets[i]:offsets[i + 1]]) for i in range(length)]


def _decimals(scale: int) -> Decoder:
    def decode(array: _native.ArrowArray, start: int, length: int) -> Values:
        data = bytes(_bytes(array, 1, start * 16, length * 16))
        return [decimal.Decimal(f"{int.from_bytes(data[i:i + 16], 'little', signed=True)}E-{scale}") for i in range(0, length * 16, 16)]
    return _with_nulls(decode)


def _timestamps(unit: str, zone: datetime.tzinfo | None) -> Decoder:
    micros = {"m": 1000, "u": 1}.get(unit)

    def naive(value: int) -> datetime.datetime:
        return _EPOCH + datetime.timedelta(microseconds=value)

    def aware(value: int) -> datetime.datetime:
        return (_EPOCH_UTC + datetime.timedelta(microseconds=value)).astimezone(zone)

    make = naive if zone is None else aware
    if micros is None:
        return _mapped("q", 8, lambda value: _types.NanoTimestamp.of(make(value // 1000), value % 1000))
    return _mapped("q", 8, lambda value: make(value * micros))


def _time(value: int) -> datetime.time:
    second, millis = divmod(value, 1000)
    return datetime.time(second // 3600, second // 60 % 60, second % 60, millis * 1000)


def _lists(item: Decoder) -> Decoder:
    def decode(array: _native.ArrowArray, start: int, length: int) -> Values:
        offsets = _numbers(array, 1, start, length + 1, "i", 4)
        child = array.children[0].contents
        first = offsets[0]
        items = item(child, child.offset + first, offsets[-1] - first)
        return [items[offsets[i] - first:offsets[i + 1] - first] for i in range(length)]
    return _with_nulls(decode)


def _map_of(pairs: list[tuple[Any, Any]]) -> Any:
    try:
        return dict(pairs)
    except TypeError:
        return pairs  # keys that Python cannot hash, for instance arrays


def _maps(entries: Decoder) -> Decoder:
    lists = _lists(entries)
    return lambda array, start, length: [None if pairs is None else _map_of(pairs) for pairs in lists(array, start, length)]


def _structs(children: list[Decoder], make: Callable[[tuple[Any, ...]], Any]) -> Decoder:
    def decode(array: _native.ArrowArray, start: int, length: int) -> Values:
        columns = []
        for i, child_decode in enumerate(children):
            child = array.children[i].contents
            columns.append(child_decode(child, child.offset + start, length))
        return [make(values) for values in zip(*columns)] if columns else [make(()) for _ in range(length)]
    return _with_nulls(decode)


def decoder_of(schema: _native.ArrowSchema, zone: datetime.tzinfo) -> Decoder:
    """What turns arrays of this type into lists of Python values; moments are shown in `zone`."""
    text = schema.format.decode()
    children = [schema.children[i].contents for i in range(schema.n_children)]
    if text in _PLAIN:
        return _plain(*_PLAIN[text])
    if text == "b":
        return _with_nulls(lambda array, start, length: _bits(array, 1, start, length))
    if text == "n":
        return lambda array, start, length: [None] * length
    if text == "u":
        return _with_nulls(_texts)
    if text == "z":
        return _with_nulls(_binaries)
    if text.startswith("d:"):
        return _decimals(int(text[2:].split(",")[1]))
    if text == "tdD":
        return _mapped("i", 4, lambda day: datetime.date.fromordinal(day + _EPOCH_DAY))
    if text == "ttm":
        return _mapped("i", 4, _time)
    if text.startswith("ts"):
        return _timestamps(text[2], zone if len(text) > 4 else None)
    if text == "tiM":
        return _mapped("i", 4, _types.Months)
    if text == "tDm":
        return _mapped("q", 8, lambda millis: datetime.timedelta(milliseconds=millis))
    if text == "+l":
        return _lists(decoder_of(children[0], zone))
    if text == "+m":
        pair = children[0]
        return _maps(_structs([decoder_of(pair.children[i].contents, zone) for i in range(2)], lambda values: values))
    if text == "+s":
        return _structs([decoder_of(child, zone) for child in children], _types.row_class(child.name.decode() for child in children))
    raise _errors.NotSupportedError(f"An Arrow column of format {text!r} cannot be shown in Python.")


class Reader:
    """A stream of struct arrays as lists of rows, one list for each array. `pull` draws the next array and raises what goes wrong."""

    def __init__(self, stream: _native.ArrowArrayStream, zone: datetime.tzinfo, with_changes: bool) -> None:
        self.stream, self.with_changes = stream, with_changes
        schema = _native.ArrowSchema()
        if stream.get_schema(ctypes.byref(stream), ctypes.byref(schema)) != 0:
            raise _errors.OperationalError("no memory for a schema")
        try:
            children = [schema.children[i].contents for i in range(schema.n_children)]
            names = [child.name.decode() for child in children]
            self.decoders = [decoder_of(child, zone) for child in children]
            self.make = _types.row_class(names[:-1] if with_changes else names)
        finally:
            schema.release(ctypes.byref(schema))

    def read(self, array: _native.ArrowArray) -> Values:
        """The array's rows, with their kinds where the stream has them. The array is given back."""
        try:
            columns = []
            for i, decode in enumerate(self.decoders):
                child = array.children[i].contents
                columns.append(decode(child, child.offset + array.offset, array.length))
        finally:
            array.release(ctypes.byref(array))
        if not self.with_changes:
            return list(map(self.make, zip(*columns)))
        kinds = [_types.KINDS[op] for op in columns.pop()]
        return list(zip(kinds, map(self.make, zip(*columns))))

    def batches(self, pull: Callable[[_native.ArrowArray], None]) -> Iterator[Values]:
        """One list of rows after the other."""
        while True:
            array = _native.ArrowArray()
            pull(array)
            if not array.release:
                return
            yield self.read(array)

"""libweir.so through ctypes, which releases the GIL around every call: include/weir/weir.h as Python declarations, and nothing more."""
from __future__ import annotations

import ctypes
import os
from typing import Any

OK, PARSE, VALIDATE, UNSUPPORTED, RUNTIME, MEMORY, CANCELLED, USAGE, INTERNAL = range(9)
CHANGES, TABLE, KEEP = 1, 2, 4  # WEIR_STREAM_*


class ArrowSchema(ctypes.Structure):
    """struct ArrowSchema"""


class ArrowArray(ctypes.Structure):
    """struct ArrowArray"""


class ArrowArrayStream(ctypes.Structure):
    """struct ArrowArrayStream"""


_SchemaPointer = ctypes.POINTER(ArrowSchema)
_ArrayPointer = ctypes.POINTER(ArrowArray)
_StreamPointer = ctypes.POINTER(ArrowArrayStream)

ArrowSchema._fields_ = [
    ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_void_p), ("flags", ctypes.c_int64), ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(_SchemaPointer)), ("dictionary", _SchemaPointer), ("release", ctypes.CFUNCTYPE(None, _SchemaPointer)),
    ("private_data", ctypes.c_void_p)]
ArrowArray._fields_ = [
    ("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64), ("n_buffers", ctypes.c_int64), ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)), ("children", ctypes.POINTER(_ArrayPointer)), ("dictionary", _ArrayPointer),
    ("release", ctypes.CFUNCTYPE(None, _ArrayPointer)), ("private_data", ctypes.c_void_p)]
ArrowArrayStream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, _StreamPointer, _SchemaPointer)),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, _StreamPointer, _ArrayPointer)),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, _StreamPointer)), ("release", ctypes.CFUNCTYPE(None, _StreamPointer)),
    ("private_data", ctypes.c_void_p)]

WarnFunction = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)


class Options(ctypes.Structure):
    """weir_options"""
    _fields_ = [("struct_size", ctypes.c_size_t), ("memory_limit_bytes", ctypes.c_uint64), ("parallelism", ctypes.c_uint32), ("time_zone", ctypes.c_char_p),
                ("warn", WarnFunction), ("warn_context", ctypes.c_void_p)]


class Figures(ctypes.Structure):
    """weir_figures"""
    _fields_ = [("rows_read", ctypes.c_uint64), ("rows_skipped", ctypes.c_uint64), ("bytes_read", ctypes.c_uint64), ("bytes_total", ctypes.c_uint64),
                ("rows_written", ctypes.c_uint64), ("late_rows_dropped", ctypes.c_uint64), ("watermark_ms", ctypes.c_int64), ("memory_bytes", ctypes.c_uint64)]


def _load() -> ctypes.CDLL:
    """The library beside this file; WEIR_LIBRARY names another one (for work on Weir itself)."""
    path = os.environ.get("WEIR_LIBRARY") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "libweir.so")
    library = ctypes.CDLL(path)
    handle, text, code = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    declarations: tuple[tuple[str, Any, list[Any]], ...] = (
        ("weir_version", text, []),
        ("weir_open", code, [ctypes.POINTER(Options), ctypes.POINTER(handle)]),
        ("weir_close", None, [handle]),
        ("weir_set", code, [handle, text, text]),
        ("weir_get", code, [handle, text, ctypes.POINTER(text)]),
        ("weir_execute", code, [handle, text, ctypes.POINTER(handle)]),
        ("weir_result_has_rows", code, [handle]),
        ("weir_result_is_bounded", code, [handle]),
        ("weir_result_is_insert_only", code, [handle]),
        ("weir_result_column_count", ctypes.c_uint32, [handle]),
        ("weir_result_column_name", text, [handle, ctypes.c_uint32]),
        ("weir_result_column_type", text, [handle, ctypes.c_uint32]),
        ("weir_result_statement", text, [handle]),
        ("weir_result_affected", ctypes.c_uint64, [handle]),
        ("weir_result_stream", code, [handle, code, _StreamPointer]),
        ("weir_result_close", None, [handle]),
        ("weir_wait", code, [handle, ctypes.c_int64, ctypes.POINTER(code)]),
        ("weir_register_stream", code, [handle, text, _StreamPointer]),
        ("weir_unregister", code, [handle, text]),
        ("weir_progress", code, [handle, ctypes.POINTER(Figures)]),
        ("weir_cancel", None, [handle]),
        ("weir_last_code", code, [handle]),
        ("weir_last_message", text, [handle]),
        ("weir_last_hint", text, [handle]),
        ("weir_last_stage", text, [handle]),
        ("weir_last_line", ctypes.c_uint32, [handle]),
        ("weir_last_column", ctypes.c_uint32, [handle]))
    for name, result, arguments in declarations:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


lib = _load()

# ---- PyCapsules, as Arrow's PyCapsule interface has them ----

_STREAM_NAME = b"arrow_array_stream"
_capsule_new = ctypes.pythonapi.PyCapsule_New
_capsule_new.restype, _capsule_new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.restype, _capsule_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
_capsule_pointer_raw = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(("PyCapsule_GetPointer", ctypes.pythonapi))
_in_capsules: dict[int, ArrowArrayStream] = {}


def stream_release(stream: ArrowArrayStream) -> None:
    """Give a stream back; one that was moved or released already is left alone."""
    if stream.release:
        stream.release(ctypes.byref(stream))


def _forget_capsule(capsule: int) -> None:
    stream = _in_capsules.pop(_capsule_pointer_raw(capsule, _STREAM_NAME), None)
    if stream is not None:
        stream_release(stream)


_capsule_gone = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(_forget_capsule)


def capsule_of_stream(stream: ArrowArrayStream) -> object:
    """A capsule that owns the stream until somebody moves it out."""
    address = ctypes.addressof(stream)
    _in_capsules[address] = stream
    capsule: object = _capsule_new(address, _STREAM_NAME, ctypes.cast(_capsule_gone, ctypes.c_void_p))
    return capsule


def stream_of_capsule(capsule: object) -> ArrowArrayStream:
    """Move the stream out of somebody's capsule."""
    source = ArrowArrayStream.from_address(_capsule_pointer(capsule, _STREAM_NAME))
    stream = ArrowArrayStream()
    ctypes.memmove(ctypes.addressof(stream), ctypes.addressof(source), ctypes.sizeof(stream))
    ctypes.memset(ctypes.addressof(source) + ArrowArrayStream.release.offset, 0, ctypes.sizeof(ctypes.c_void_p))
    return stream

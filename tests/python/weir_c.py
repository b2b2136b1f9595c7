"""libweir.so through ctypes: the C API as a few Python functions, for the tests. A stream leaves as an object with __arrow_c_stream__, which pyarrow,
polars and DuckDB import without this file knowing any of them."""
import ctypes
import os

OK, PARSE, VALIDATE, UNSUPPORTED, RUNTIME, MEMORY, CANCELLED, USAGE, INTERNAL = range(9)


class Schema(ctypes.Structure):
    pass


class Stream(ctypes.Structure):
    """struct ArrowArrayStream"""


Release = ctypes.CFUNCTYPE(None, ctypes.POINTER(Stream))
Stream._fields_ = [("get_schema", ctypes.c_void_p), ("get_next", ctypes.c_void_p), ("get_last_error", ctypes.c_void_p), ("release", Release),
                   ("private_data", ctypes.c_void_p)]


class Options(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_size_t), ("memory_limit_bytes", ctypes.c_uint64), ("parallelism", ctypes.c_uint32), ("time_zone", ctypes.c_char_p),
                ("warn", ctypes.c_void_p), ("warn_context", ctypes.c_void_p)]


class Figures(ctypes.Structure):
    _fields_ = [("rows_read", ctypes.c_uint64), ("rows_skipped", ctypes.c_uint64), ("bytes_read", ctypes.c_uint64), ("bytes_total", ctypes.c_uint64),
                ("rows_written", ctypes.c_uint64), ("late_rows_dropped", ctypes.c_uint64), ("watermark_ms", ctypes.c_int64), ("memory_bytes", ctypes.c_uint64)]


def load(build):
    library = ctypes.CDLL(os.path.join(build, "libweir.so"))
    handle, text = ctypes.c_void_p, ctypes.c_char_p
    for name, result, arguments in (
            ("weir_version", text, []), ("weir_open", ctypes.c_int, [ctypes.POINTER(Options), ctypes.POINTER(handle)]), ("weir_close", None, [handle]),
            ("weir_set", ctypes.c_int, [handle, text, text]), ("weir_execute", ctypes.c_int, [handle, text, ctypes.POINTER(handle)]),
            ("weir_result_has_rows", ctypes.c_int, [handle]), ("weir_result_affected", ctypes.c_uint64, [handle]),
            ("weir_result_stream", ctypes.c_int, [handle, ctypes.c_int, ctypes.POINTER(Stream)]), ("weir_result_close", None, [handle]),
            ("weir_wait", ctypes.c_int, [handle, ctypes.c_int64, ctypes.POINTER(ctypes.c_int)]),
            ("weir_register_stream", ctypes.c_int, [handle, text, ctypes.POINTER(Stream)]),
            ("weir_progress", ctypes.c_int, [handle, ctypes.POINTER(Figures)]), ("weir_cancel", None, [handle]),
            ("weir_last_code", ctypes.c_int, [handle]), ("weir_last_message", text, [handle]), ("weir_last_hint", text, [handle]),
            ("weir_last_line", ctypes.c_uint32, [handle]), ("weir_last_column", ctypes.c_uint32, [handle])):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


class Failed(Exception):
    def __init__(self, code, message, hint, line, column):
        super().__init__(message)
        self.code, self.hint, self.line, self.column = code, hint, line, column


_capsule_new = ctypes.pythonapi.PyCapsule_New
_capsule_new.restype, _capsule_new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class Rows:
    """A stream that can be imported once."""

    def __init__(self):
        self.stream = Stream()

    def __arrow_c_stream__(self, requested_schema=None):
        return _capsule_new(ctypes.addressof(self.stream), b"arrow_array_stream", None)

    def address(self):
        return ctypes.addressof(self.stream)

    def close(self):
        if self.stream.release:
            self.stream.release(ctypes.byref(self.stream))


class Session:
    def __init__(self, library, **options):
        self.library, self.handle = library, ctypes.c_void_p()
        given = Options(struct_size=ctypes.sizeof(Options), **options)
        code = library.weir_open(ctypes.byref(given), ctypes.byref(self.handle))
        assert code == OK, code

    def check(self, code):
        if code != OK:
            library = self.library
            assert library.weir_last_code(self.handle) == code
            raise Failed(code, library.weir_last_message(self.handle).decode(), library.weir_last_hint(self.handle).decode(),
                         library.weir_last_line(self.handle), library.weir_last_column(self.handle))

    def set(self, key, value):
        self.check(self.library.weir_set(self.handle, key.encode(), value.encode()))

    def run(self, sql):
        """For what gives no rows."""
        result = ctypes.c_void_p()
        self.check(self.library.weir_execute(self.handle, sql.encode(), ctypes.byref(result)))
        affected = self.library.weir_result_affected(result)
        self.library.weir_result_close(result)
        return affected

    def rows(self, sql, with_changes=False):
        result, rows = ctypes.c_void_p(), Rows()
        self.check(self.library.weir_execute(self.handle, sql.encode(), ctypes.byref(result)))
        try:
            self.check(self.library.weir_result_stream(result, with_changes, ctypes.byref(rows.stream)))
        finally:
            self.library.weir_result_close(result)
        return rows

    def register(self, name, stream):
        self.check(self.library.weir_register_stream(self.handle, name.encode(), ctypes.byref(stream)))

    def close(self):
        self.library.weir_close(self.handle)
        self.handle = None

"""The exceptions of PEP 249, with what Weir knows about an error: its stage, its place in the SQL, and what to do about it."""
from __future__ import annotations

import builtins

from . import _native


class Warning(builtins.Warning):  # noqa: A001: the name that PEP 249 asks for
    """A remark, for instance that an option means nothing here. Shown through Python's `warnings`."""


class Error(Exception):
    """Whatever goes wrong in Weir. str() of it shows message, place and hint; the parts are attributes.

    message  what is wrong
    hint     what to do about it, or None
    stage    "parse", "bind", "plan" or "run", or None
    line     in the SQL, from 1, or None where it is nowhere in particular
    column   in that line, from 1, or None
    sql      the SQL that was run, or None
    """

    def __init__(self, message: str = "", *, hint: str | None = None, stage: str | None = None, line: int | None = None, column: int | None = None,
                 sql: str | None = None) -> None:
        super().__init__(message)
        self.message, self.hint, self.stage, self.line, self.column, self.sql = message, hint, stage, line, column, sql

    def __str__(self) -> str:
        text = self.message
        if self.line is not None and self.column is not None:
            text += f"\n  --> line {self.line}, column {self.column}"
            lines = self.sql.split("\n") if self.sql is not None else []
            if self.line <= len(lines):
                text += f"\n   | {lines[self.line - 1]}\n   | {' ' * (self.column - 1)}^"
        if self.hint:
            text += f"\n  hint: {self.hint}"
        return text


class InterfaceError(Error):
    """This package was used wrongly: a closed connection, rows of a statement that has none."""


class DatabaseError(Error):
    """Something that the engine says."""


class DataError(DatabaseError):
    """A value that cannot be told or kept."""


class OperationalError(DatabaseError):
    """It failed while running: bad data, a missing file, no memory."""


class Cancelled(OperationalError):
    """Somebody cancelled it."""


class IntegrityError(DatabaseError):
    """For PEP 249; Weir has no constraints that raise it."""


class InternalError(DatabaseError):
    """A bug of Weir's."""


class ProgrammingError(DatabaseError):
    """The SQL is wrong: its grammar, a name, a type, an option."""


class NotSupportedError(DatabaseError):
    """Correct, and not there."""


CLASS_OF_CODE: dict[int, type[Error]] = {
    _native.PARSE: ProgrammingError, _native.VALIDATE: ProgrammingError, _native.UNSUPPORTED: NotSupportedError, _native.RUNTIME: OperationalError,
    _native.MEMORY: OperationalError, _native.CANCELLED: Cancelled, _native.USAGE: InterfaceError, _native.INTERNAL: InternalError}

"""Long calls in a thread of their own, so that the main thread can draw a progress bar and hear Ctrl-C while they last.

Python delivers a KeyboardInterrupt to the main thread, and only between two steps of Python code: a main thread that is inside of the library
would hear it when the query has ended. So the main thread waits in small steps and cancels when it is interrupted. Other threads call directly.
"""
from __future__ import annotations

import os
import queue
import sys
import threading
import time
from typing import Any, Callable, TextIO, TypeVar

T = TypeVar("T")
_STEP_S = 0.1


class _Task:
    def __init__(self, call: Callable[[], Any]) -> None:
        self.call = call
        self.value: Any = None
        self.error: BaseException | None = None
        self.done = threading.Lock()
        self.done.acquire()

    def run(self) -> None:
        try:
            self.value = self.call()
        except BaseException as error:  # noqa: BLE001: it is raised again where it was asked for
            self.error = error
        self.done.release()


class _Worker(threading.Thread):
    def __init__(self) -> None:
        super().__init__(name="weir", daemon=True)
        self.tasks: queue.SimpleQueue[_Task] = queue.SimpleQueue()

    def run(self) -> None:
        while True:
            task = self.tasks.get()
            task.run()
            del task  # what it holds must not live until the next one comes


_idle: list[_Worker] = []
os.register_at_fork(after_in_child=_idle.clear)


def run(call: Callable[[], T], cancel: Callable[[], None], tick: Callable[[], None] | None = None) -> T:
    """call(), with `tick` every tenth of a second; an interrupt cancels, waits for the call to end, and is raised then."""
    if threading.current_thread() is not threading.main_thread():
        return call()
    worker = _idle.pop() if _idle else _Worker()
    if worker.ident is None:
        worker.start()
    task = _Task(call)
    interrupt: BaseException | None = None
    worker.tasks.put(task)
    while True:
        try:
            if interrupt is not None:
                cancel()
            if task.done.acquire(timeout=_STEP_S):
                break
            if tick is not None and interrupt is None:
                tick()
        except BaseException as error:  # noqa: BLE001: the call must have ended before anybody may go on
            interrupt = error
    _idle.append(worker)
    if interrupt is not None:
        raise interrupt
    if task.error is not None:
        raise task.error
    value: T = task.value
    return value


class Bar:
    """One line on standard error that says how far a query is; shown when it takes longer than a moment."""

    AFTER_S = 0.5
    WIDTH = 24

    def __init__(self, figures: Callable[[], Any], stream: TextIO) -> None:
        self.figures, self.stream = figures, stream
        self.started = time.monotonic()
        self.shown = 0

    def tick(self) -> None:
        elapsed = time.monotonic() - self.started
        if elapsed < self.AFTER_S:
            return
        figures = self.figures()
        if figures is None:
            return
        text = f"{figures.rows_read:,} rows read, {figures.rows_read / elapsed:,.0f}/s, {elapsed:.1f} s"
        if figures.bytes_total > 0:
            share = min(1.0, figures.bytes_read / figures.bytes_total)
            filled = int(share * self.WIDTH)
            text = f"[{'#' * filled}{' ' * (self.WIDTH - filled)}] {share:4.0%}  {text}"
        self._put(text)

    def _put(self, text: str) -> None:
        self.stream.write("\r" + text + " " * max(0, self.shown - len(text)))
        self.stream.flush()
        self.shown = len(text)

    def clear(self) -> None:
        """Leave the line as it was before."""
        if self.shown:
            self._put("")
            self.stream.write("\r")
            self.stream.flush()


def watched() -> bool:
    """Is somebody looking: a terminal, or a notebook?"""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    if shell is not None and type(shell).__name__ == "ZMQInteractiveShell":
        return True
    return sys.stderr is not None and sys.stderr.isatty()

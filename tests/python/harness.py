"""A test is a function whose name begins with test_; a file of tests ends with `harness.run(globals())`, which prints "N passed, N failed"."""
import contextlib
import sys
import time
import traceback


@contextlib.contextmanager
def raises(kind, *words):
    """The block must raise this exception, and its text must have these words. Gives a list whose only item is the exception."""
    caught = []
    try:
        yield caught
    except kind as error:
        caught.append(error)
        for word in words:
            assert word in str(error), f"{word!r} is not in: {error}"
    else:
        raise AssertionError(f"no {kind.__name__} was raised")


def run(names):
    passed = failed = 0
    chosen = sys.argv[1:]
    for name, function in list(names.items()):
        if not name.startswith("test_") or not callable(function) or (chosen and name not in chosen):
            continue
        started = time.monotonic()
        try:
            function()
            passed += 1
        except Exception:  # noqa: BLE001: whatever it is, it is this test's failure
            failed += 1
            print(f"FAILED: {name}\n{traceback.format_exc()}")
        if time.monotonic() - started > 10:
            print(f"{name}: {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)

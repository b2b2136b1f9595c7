"""The canonical form of a Nexmark result, and what is compared of it.

Rows are JSON arrays in the encoding of tests/corpus/README.md, without blanks, sorted bytewise, one a line; the hash is the
SHA-256 of that text. A changelog is collapsed first (+I and +U add a row, -D and -U take one equal row away).
"""
import collections
import hashlib
import json


def line(row):
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def is_upsert(changes):
    """+U without -U: a row replaces the one of its key."""
    ops = {op for op, _ in changes}
    return "+U" in ops and "-U" not in ops


def collapse_by_key(changes, key):
    """As collapse, of an upsert stream whose rows `key` (places of columns) identifies."""
    last = {}
    for op, row in changes:
        row = json.loads(row) if isinstance(row, str) else row
        place = line([row[column] for column in key])
        if op == "-D":
            last.pop(place, None)
        else:
            last[place] = line(row)
    return sorted(last.values(), key=lambda text: text.encode())


def collapse(changes):
    """[(op, row)] -> sorted lines; raises ValueError when a row is taken away that is not there."""
    count = collections.Counter()
    for op, row in changes:
        count[row if isinstance(row, str) else line(row)] += 1 if op in ("+I", "+U") else -1
    below = next((text for text, n in count.items() if n < 0), None)
    if below:
        raise ValueError("taken away more often than added: " + below[:200])
    return sorted(count.elements(), key=lambda text: text.encode())


def digest(lines):
    return hashlib.sha256("".join(text + "\n" for text in lines).encode()).hexdigest()


def kinds(changes):
    """How many changes of each kind, without -U: Flink leaves it out where a unique key is known, Weir never does."""
    count = collections.Counter(op for op, _ in changes)
    return {op: count[op] for op in ("+I", "+U", "-D") if count[op]}

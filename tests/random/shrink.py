"""Makes a failing query smaller: drops clauses and puts simpler expressions in place of larger ones as long as it still fails."""
import copy

from expression import SCALARS, null
from query import Derived, Join, Query, SetOperation


def clause_changes(query):
    """Functions that make a copy of the query simpler."""
    if isinstance(query, SetOperation):
        yield lambda q: q.left
        yield lambda q: q.right
        return
    if not isinstance(query, Query):
        return
    for field, empty in (("limit", None), ("ranked", None), ("distinct", False), ("grouping", "{}"), ("group", None)):
        if getattr(query, field) != empty:
            yield lambda q, field=field, empty=empty: (setattr(q, field, empty), q)[1]
    for field in ("where", "having", "items"):
        for n in range(len(getattr(query, field))):
            if field != "items" or len(query.items) > 1:
                yield lambda q, field=field, n=n: (getattr(q, field).pop(n), q)[1]
    if isinstance(query.source, Join):
        yield lambda q: (setattr(q, "source", q.source.left), q)[1]
        yield lambda q: (setattr(q, "source", q.source.right), q)[1]
    if isinstance(query.source, Derived):
        yield lambda q: q.source.query


def spots(query):
    """Every expression in the query as (holder, index or attribute)."""
    for place, at in query.nodes():
        yield place, at
        node = getattr(place, at) if isinstance(at, str) else place[at]
        stack = [node]
        while stack:
            inside = stack.pop()
            for n, kid in enumerate(inside.kids):
                yield inside.kids, n
                stack.append(kid)


def expression_changes(query):
    count = sum(1 for _ in spots(query))
    for number in range(count):
        place, at = list(spots(query))[number]
        node = getattr(place, at) if isinstance(at, str) else place[at]
        for n, kid in enumerate(node.kids):
            if kid.type == node.type:
                yield lambda q, number=number, n=n: replace(q, number, lambda node: node.kids[n])
        if node.kids and node.type in SCALARS:
            yield lambda q, number=number: replace(q, number, lambda node: null(node.type))


def replace(query, number, change):
    place, at = list(spots(query))[number]
    if isinstance(at, str):
        setattr(place, at, change(getattr(place, at)))
    else:
        place[at] = change(place[at])
    return query


def shrink(query, still_fails, tries=400):
    changed = True
    while changed and tries > 0:
        changed = False
        for change in list(clause_changes(query)) + list(expression_changes(query)):
            tries -= 1
            if tries <= 0:
                break
            try:
                smaller = change(copy.deepcopy(query))
            except (IndexError, AttributeError):
                continue
            if still_fails(smaller):
                query, changed = smaller, True
                break
    return query

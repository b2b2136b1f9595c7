"""Random queries. A query is a tree that renders in both dialects: None where DuckDB has no such query.

Rows never depend on an order that the query does not fix: LIMIT and Top-N order by columns that make a total order, OVER orders by a time that
is unique in its table, and FIRST_VALUE and its like stand only over one plain table, whose order is that of its file.
"""
from expression import APPROX, OTHER, SCALARS, Node, both, column
from tables import ARRAY, BIGINT, BOOLEAN, COLUMNS, DATE, DECIMAL, DOUBLE, INT, STRING, TIMED, TIMESTAMP

AGGREGATES = ("COUNT", "SUM", "AVG", "MIN", "MAX", "VAR_POP", "VAR_SAMP", "VARIANCE", "STDDEV_POP", "STDDEV_SAMP", "STDDEV", "FIRST_VALUE", "LAST_VALUE", "LISTAGG", "ARRAY_AGG",
              "JSON_ARRAYAGG", "APPROX_COUNT_DISTINCT", "COLLECT", "PERCENTILE", "JSON_OBJECTAGG")
LOST = "lost"
SCALAR_SUBQUERY = "(SELECT ...)"
KEYS = (INT, STRING, BOOLEAN, DATE, BIGINT)


class Table:
    def __init__(self, name, alias):
        self.name, self.alias, self.plain = name, alias, True
        self.columns = [(f"{alias}.{column}", type) for column, type, _, _ in COLUMNS if not (name in TIMED and column == "ts")]
        self.time = f"{alias}.ts"

    def render(self, dialect):
        return f"{self.name} AS {self.alias}"

    def nodes(self):
        return []


class Window:
    """A windowing table function over a timed table."""
    plain, time = False, None

    def __init__(self, random, name, alias):
        self.name, self.alias = name, alias
        self.kind = random.choice(["TUMBLE", "TUMBLE", "HOP", "CUMULATE", "SESSION"])
        self.minutes = random.choice([1, 5, 10, 60])
        self.count = random.choice([1, 2, 3, 4])
        self.columns = [(f"{alias}.{column}", type) for column, type, _, _ in COLUMNS if column != "ts"]
        self.columns += [(f"{alias}.window_start", TIMESTAMP), (f"{alias}.window_end", TIMESTAMP)]

    def render(self, dialect):
        step, size = self.minutes, self.minutes * self.count
        if dialect == "weir":
            partition = " PARTITION BY k" if self.kind == "SESSION" else ""
            sizes = {"TUMBLE": [step], "HOP": [step, size], "CUMULATE": [step, size], "SESSION": [step]}[self.kind]
            texts = ", ".join(f"INTERVAL '{minutes}' MINUTE(3)" for minutes in sizes)
            return f"TABLE({self.kind}(TABLE {self.name}{partition}, DESCRIPTOR(ts), {texts})) AS {self.alias}"
        if self.kind == "SESSION":
            return None
        at, unit = "epoch_us(t.ts)", 60 * 1000000
        if self.kind == "TUMBLE":
            start, end, numbers = f"({at} // {step * unit}) * {step * unit}", step * unit, "range(1)"
        elif self.kind == "HOP":
            start, end, numbers = f"({at} // {step * unit} - r.n) * {step * unit}", size * unit, f"range({self.count})"
        else:
            start = f"({at} // {size * unit}) * {size * unit}"
            return (f"(SELECT t.*, make_timestamp({start}) AS window_start, make_timestamp({start} + (r.n + 1) * {step * unit}) AS window_end FROM {self.name} t, "
                    f"range({self.count}) r(n) WHERE {start} + (r.n + 1) * {step * unit} > {at}) AS {self.alias}")
        return (f"(SELECT t.*, make_timestamp({start}) AS window_start, make_timestamp({start} + {end}) AS window_end FROM {self.name} t, {numbers} r(n)) AS {self.alias}")

    def nodes(self):
        return []


class Derived:
    plain, time = False, None

    def __init__(self, query, alias):
        self.query, self.alias = query, alias
        self.columns = [(f"{alias}.c{n}", item.type) for n, item in enumerate(query.items)]

    def render(self, dialect):
        text = self.query.render(dialect)
        return None if text is None else f"({text}) AS {self.alias}"

    def nodes(self):
        return self.query.nodes()


class Join:
    plain, time = False, None

    def __init__(self, kind, left, right, condition):
        self.kind, self.left, self.right, self.condition = kind, left, right, condition
        self.columns = left.columns + right.columns

    def render(self, dialect):
        texts = [part.render(dialect) for part in (self.left, self.right, self.condition)]
        if isinstance(self.right, Join) and texts[1] is not None:
            texts[1] = f"({texts[1]})"
        return None if None in texts else f"{texts[0]} {self.kind} JOIN {texts[1]} ON {texts[2]}"

    def nodes(self):
        return self.left.nodes() + self.right.nodes() + [(self, "condition")]


class Query:
    """SELECT items FROM source WHERE ... GROUP BY ... HAVING ... ORDER BY ... LIMIT"""

    def __init__(self, source, items, where=(), group=None, grouping="{}", having=(), distinct=False, limit=None, ranked=None):
        self.source, self.items, self.where, self.group, self.grouping = source, list(items), list(where), group, grouping
        self.having, self.distinct, self.limit, self.ranked = list(having), distinct, limit, ranked

    def render(self, dialect):
        source = self.source.render(dialect)
        items = [item.render(dialect) for item in self.items]
        where = [condition.render(dialect) for condition in self.where]
        group = [key.render(dialect) for key in self.group] if self.group else []
        having = [condition.render(dialect) for condition in self.having]
        if source is None or None in items + where + group + having:
            return None
        text = "SELECT " + ("DISTINCT " if self.distinct else "") + ", ".join(f"{item} AS c{n}" for n, item in enumerate(items)) + f" FROM {source}"
        if where:
            text += " WHERE " + " AND ".join(where)
        if group:
            text += " GROUP BY " + self.grouping.replace("{}", ", ".join(group))
        if having:
            text += " HAVING " + " AND ".join(having)
        if self.ranked is not None:
            keys, descending, rows = self.ranked
            order = ", ".join(f"c{n}{' DESC' if descending else ''}{nulls(dialect, descending)}" for n in range(len(items)))
            partition = "PARTITION BY " + ", ".join(f"c{n}" for n in keys) + " " if keys else ""
            names = ", ".join(f"c{n}" for n in range(len(items)))
            text = f"SELECT {names} FROM (SELECT *, ROW_NUMBER() OVER ({partition}ORDER BY {order}) AS rn FROM ({text}) AS q) AS p WHERE rn <= {rows}"
        if self.limit is not None:
            descending, rows = self.limit
            text += " ORDER BY " + ", ".join(f"c{n}{' DESC' if descending else ''}{nulls(dialect, descending)}" for n in range(len(items))) + f" LIMIT {rows}"
        return text

    def global_over_nothing(self):
        """An aggregate without GROUP BY over what may bring no row: a row in batch mode, none in streaming mode, as in Flink."""
        names = [name for item in self.items + self.where + self.having for name in item.names()]
        aggregates = not self.group and (self.having or any(name in AGGREGATES for item in self.items for name in item.names()))
        return SCALAR_SUBQUERY in names or bool(aggregates and (self.where or not isinstance(self.source, Table)))

    @property
    def upsert_key(self):
        """How the rows of a streaming run replace each other. A Top-1 leaves as an upsert stream, as in Flink: the columns of its key. Above it the
        key may be gone: LOST. None: -U before every +U."""
        if self.global_over_nothing():
            return LOST
        if any(derived.query.upsert_key is not None for derived in derived_of(self.source)):
            return LOST  # Flink takes a Top-1 with several sort keys for rows that only come, whatever reads it
        return tuple(self.ranked[0]) if self.ranked is not None and self.limit is None and self.ranked[2] == 1 else None

    def nodes(self):
        own = [(self.items, n) for n in range(len(self.items))] + [(self.where, n) for n in range(len(self.where))]
        own += [(self.having, n) for n in range(len(self.having))] + ([(self.group, n) for n in range(len(self.group))] if self.group else [])
        return own + self.source.nodes()


def nulls(dialect, descending):
    return "" if dialect == "weir" else " NULLS LAST" if descending else " NULLS FIRST"


def derived_of(source):
    """The subqueries in FROM."""
    if isinstance(source, Join):
        return derived_of(source.left) + derived_of(source.right)
    return [source] if isinstance(source, Derived) else []


class SetOperation:
    ranked = limit = None

    def __init__(self, kind, left, right):
        self.kind, self.left, self.right, self.items = kind, left, right, left.items

    def render(self, dialect):
        texts = [self.left.render(dialect), self.right.render(dialect)]
        return None if None in texts else f"({texts[0]}) {self.kind} ({texts[1]})"

    @property
    def upsert_key(self):
        keys = (self.left.upsert_key, self.right.upsert_key)
        return LOST if LOST in keys or (self.kind == "UNION ALL" and keys != (None, None)) else None

    def nodes(self):
        return self.left.nodes() + self.right.nodes()


class Fixed:
    """A query of a fixed shape with a few random places."""
    ranked = limit = upsert_key = None

    def __init__(self, weir, duck, types, kids=(), names=(), only=None):
        self.text, self.items, self.kids, self.only = Node(None, weir, duck, kids), [Node(type, "", "") for type in types], list(kids), only
        self.used = list(names)

    def render(self, dialect):
        self.text.kids = self.kids
        return self.text.render(dialect)

    def nodes(self):
        return [(self.kids, n) for n in range(len(self.kids))]


class Maker:
    def __init__(self, random, expressions):
        self.random, self.make, self.aliases = random, expressions, 0

    def alias(self):
        self.aliases += 1
        return f"t{self.aliases}"

    def condition(self, scope, depth=2):
        return self.make.of(BOOLEAN, scope, depth)

    # ---- sources ----
    def table(self, timed=False):
        return Table(self.random.choice(TIMED if timed else ("a", "b", "c")), self.alias())

    def source(self, depth):
        chance = self.random.random()
        if depth <= 0 or chance < 0.4:
            return self.table()
        if chance < 0.75:
            return self.join(depth)
        return Derived(self.query(depth - 1, shown=SCALARS), self.alias())

    def join(self, depth):
        left, right = self.source(depth - 1), self.source(depth - 1)
        kind = self.random.choice(["INNER", "INNER", "LEFT", "RIGHT", "FULL"])
        condition = self.equality(left, right)
        if condition is None:
            return left
        if kind == "INNER" or self.random.random() < 0.3:
            if self.random.random() < 0.5:
                extra = self.condition(left.columns + right.columns, 1)
                condition = Node(BOOLEAN, "({0} AND {1})", "({0} AND {1})", [condition, extra])
        return Join(kind, left, right, condition)

    def equality(self, left, right):
        pairs = [(a, b, type) for a, type in left.columns for b, other in right.columns if type == other and type in (INT, STRING, BOOLEAN, DATE, BIGINT)]
        if not pairs:
            return None
        a, b, type = self.random.choice(pairs)
        return Node(BOOLEAN, "{0} = {1}", "{0} = {1}", [column(type, a), column(type, b)])

    # ---- aggregates ----
    def aggregate(self, scope, plain):
        random = self.random
        of = lambda type: self.make.of(type, scope, 1)
        kind = random.choice(["COUNT*", "COUNT", "DISTINCT", "SUM", "SUM", "AVG", "MIN", "MAX", "SPREAD", "ORDERED", "MULTI"])
        if kind == "COUNT*":
            node = Node(BIGINT, "COUNT(*)", "COUNT(*)", [], "COUNT")
        elif kind == "COUNT":
            node = Node(BIGINT, "COUNT({0})", "COUNT({0})", [of(random.choice(SCALARS))], "COUNT")
        elif kind == "DISTINCT":
            name, type = random.choice([("COUNT", STRING), ("COUNT", INT), ("SUM", INT), ("SUM", DOUBLE), ("COUNT", DATE)])
            node = Node(BIGINT if name == "COUNT" else type, name + "(DISTINCT {0})", name + "(DISTINCT {0})", [of(type)], name)
        elif kind == "SUM":
            type = random.choice((INT, BIGINT, DOUBLE, DECIMAL))
            duck = "CAST(SUM({0}) AS BIGINT)" if type == BIGINT else "SUM({0})"  # too large for a BIGINT: wraps here, fails there
            node = Node(OTHER if type == DECIMAL else type, "SUM({0})", duck, [of(type)], "SUM")
        elif kind == "AVG":
            type = random.choice((INT, DOUBLE, DECIMAL))
            duck = {INT: "CAST(trunc(CAST(SUM({0}) AS DOUBLE) / NULLIF(COUNT({0}), 0)) AS INTEGER)", DOUBLE: "(SUM({0}) / NULLIF(COUNT({0}), 0))", DECIMAL: None}[type]
            node = Node({INT: INT, DOUBLE: APPROX, DECIMAL: OTHER}[type], "AVG({0})", duck, [of(type)], "AVG")
        elif kind in ("MIN", "MAX"):
            type = random.choice((INT, BIGINT, DOUBLE, STRING, DATE, TIMESTAMP))
            node = Node(type, kind + "({0})", kind + "({0})", [of(type)], kind)
        elif kind == "SPREAD":
            name = random.choice(["VAR_POP", "VAR_SAMP", "VARIANCE", "STDDEV_POP", "STDDEV_SAMP", "STDDEV"])
            node = Node(APPROX, name + "({0})", None, [of(random.choice((INT, DOUBLE)))], name)
        elif kind == "ORDERED" and plain:
            name, types = random.choice([("FIRST_VALUE", (INT, STRING)), ("LAST_VALUE", (INT, STRING)), ("LISTAGG", (STRING,)), ("ARRAY_AGG", (INT,)), ("JSON_ARRAYAGG", (INT,))])
            node = Node(OTHER, name + "({0})", None, [of(random.choice(types))], name)
        else:
            name, type = random.choice([("APPROX_COUNT_DISTINCT", INT), ("COLLECT", INT), ("PERCENTILE", INT), ("JSON_OBJECTAGG", STRING)])
            text = {"PERCENTILE": "PERCENTILE({0}, 0.5)", "JSON_OBJECTAGG": "JSON_OBJECTAGG(KEY COALESCE({0}, 'n') VALUE 1)"}.get(name, name + "({0})")
            if name == "JSON_OBJECTAGG" and not plain:
                return self.aggregate(scope, plain)
            node = Node(OTHER, text, None, [of(type)], name)
        if random.random() < 0.15:
            node = Node(node.type, node.weir + " FILTER (WHERE {1})", None if node.duck is None or node.duck.startswith("(") or "CAST" in node.duck else node.duck + " FILTER (WHERE {1})",
                        (node.kids or [both(INT, "1")]) + [self.condition(scope, 1)], node.name)
        return node

    # ---- queries ----
    def query(self, depth, shown=None):
        random = self.random
        chance = random.random()
        if shown is None and chance < 0.06 and depth > 0:
            return self.set_operation(depth)
        source = self.source(depth)
        scope = source.columns
        where = [self.condition(scope) for _ in range(random.choice([0, 0, 1, 1, 2]))]
        if random.random() < 0.12 and depth > 0:
            where.append(self.subquery_condition(scope))
        if chance < 0.40:
            return self.grouped(source, scope, where, shown)
        items = [self.shown(scope, shown) for _ in range(random.randint(1, 4))]
        query = Query(source, items, where, distinct=random.random() < 0.12)
        self.finish(query)
        return query

    def shown(self, scope, types):
        return self.make.shown(scope, 2) if types is None else self.make.of(self.random.choice(types), scope, 2)

    def finish(self, query):
        if any(item.type in (OTHER, APPROX, ARRAY) for item in query.items):
            return
        chance = self.random.random()
        if chance < 0.08:
            query.limit = (self.random.random() < 0.5, self.random.randint(1, 12))
        elif chance < 0.18:
            keys = self.random.sample(range(len(query.items)), self.random.randint(0, min(2, len(query.items) - 1))) if len(query.items) > 1 else []
            query.ranked = (keys, self.random.random() < 0.5, self.random.choice([1, 1, 2, 5]))

    def grouped(self, source, scope, where, types):
        random = self.random
        fitting = [(text, type) for text, type in scope if type in KEYS]
        keys = [column(type, text) for text, type in random.sample(fitting, min(len(fitting), random.choice([0, 1, 1, 2])))]
        if fitting and not keys and (where or not isinstance(source, Table)) and random.random() < 0.8:
            keys = [column(type, text) for text, type in [random.choice(fitting)]]
        if keys and random.random() < 0.3:
            keys[0] = self.make.of(random.choice((INT, STRING)), scope, 1)
        if any("(" not in key.weir and not key.kids and "." not in key.weir for key in keys):  # a literal is a position there
            keys = keys[1:]
        aggregates = [self.aggregate(scope, source.plain and not any("SELECT" in condition.weir for condition in where)) for _ in range(random.randint(1, 3))]
        if types is not None:
            aggregates = [node for node in aggregates if node.type in types] or [Node(BIGINT, "COUNT(*)", "COUNT(*)", [], "COUNT")]
        grouping = "{}"
        if len(keys) == 2 and all(not key.kids for key in keys) and isinstance(source, Table) and not where and random.random() < 0.8:
            # (over no rows at all DuckDB gives one for the empty set of keys, Flink none)
            grouping = random.choice(["ROLLUP ({})", "CUBE ({})", "GROUPING SETS (({}), ())"])
        having = []
        if random.random() < 0.25:
            many = "(COUNT(*) > %d)" % random.randint(0, 3)
            having.append(Node(BOOLEAN, many, many, [], "COUNT"))
        query = Query(source, keys + aggregates, where, keys or None, grouping, having)
        self.finish(query)
        return query

    def subquery_condition(self, scope):
        random = self.random
        inner = self.table()
        keys = [(text, type) for text, type in scope if type in (INT, STRING)]
        if not keys:
            return self.condition(scope)
        text, type = random.choice(keys)
        own = random.choice([name for name, of in inner.columns if of == type])
        extra = self.condition(inner.columns, 1)
        kind = random.choice(["IN", "NOT IN", "EXISTS", "NOT EXISTS", "SCALAR"])
        if kind in ("IN", "NOT IN"):
            template = f"({text} {kind} (SELECT {own} FROM {inner.render('weir')} WHERE {{0}}))"
        elif kind == "SCALAR":
            template = f"({text} {random.choice(['<', '=', '>='])} (SELECT MAX({own}) FROM {inner.render('weir')} WHERE {{0}}))"
        else:
            template = f"({kind} (SELECT 1 FROM {inner.render('weir')} WHERE {own} = {text} AND {{0}}))"
        return Node(BOOLEAN, template, template, [extra], SCALAR_SUBQUERY if kind == "SCALAR" else None)

    def set_operation(self, depth):
        types = [self.random.choice((INT, STRING, BIGINT, BOOLEAN)) for _ in range(self.random.randint(1, 3))]
        sides = []
        for _ in range(2):
            source = self.source(depth - 1)
            sides.append(Query(source, [self.make.of(type, source.columns, 1) for type in types], [self.condition(source.columns, 1)] if self.random.random() < 0.5 else []))
        return SetOperation(self.random.choice(["UNION ALL", "UNION", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL"]), *sides)

    # ---- what needs a time attribute ----
    def timed(self):
        return self.random.choice([self.window_aggregate, self.window_aggregate, self.over, self.interval_join, self.window_join, self.deduplicated, self.temporal_join,
                                   self.matched, self.window_rank])()

    def window_aggregate(self):
        random = self.random
        window = Window(random, random.choice(TIMED), self.alias())
        scope = window.columns
        keys = [column(TIMESTAMP, f"{window.alias}.window_start"), column(TIMESTAMP, f"{window.alias}.window_end")]
        more = [(text, type) for text, type in scope if type in KEYS]
        if window.kind == "SESSION":
            keys.append(column(INT, f"{window.alias}.k"))
        else:
            keys += [column(type, text) for text, type in random.sample(more, random.choice([0, 1]))]
        where = [self.condition(scope[:-2], 1)] if random.random() < 0.3 and window.kind != "SESSION" else []
        return Query(window, keys + [self.aggregate(scope, False) for _ in range(random.randint(1, 3))], where, keys)

    def window_rank(self):
        alias, minutes, rows = self.alias(), self.random.choice([1, 10, 60]), self.random.choice([1, 2, 3])
        key = self.random.choice(["k", "u"])
        order = self.random.choice(["i", "l", "f"])
        window = f"TABLE(TUMBLE(TABLE aw, DESCRIPTOR(ts), INTERVAL '{minutes}' MINUTE))"
        unit = minutes * 60 * 1000000
        duck = f"(SELECT *, make_timestamp((epoch_us(ts) // {unit}) * {unit}) AS window_start, make_timestamp((epoch_us(ts) // {unit}) * {unit} + {unit}) AS window_end FROM aw)"
        text = "SELECT id, window_end, {key} AS c2, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, {key} ORDER BY {order}{nulls}, id) AS rn FROM {window}) AS t WHERE rn <= {rows}"
        weir = text.format(key=key, order=order, nulls="", window=window, rows=rows)
        return Fixed(weir, text.format(key=key, order=order, nulls=" NULLS FIRST", window=duck, rows=rows), (INT, TIMESTAMP, OTHER, BIGINT), names=["ROW_NUMBER"])

    def over(self):
        random = self.random
        table = Table(random.choice(TIMED), self.alias())
        scope = table.columns
        bounds = random.choice(["", f" ROWS BETWEEN {random.randint(0, 4)} PRECEDING AND CURRENT ROW", " RANGE BETWEEN INTERVAL '10' MINUTE PRECEDING AND CURRENT ROW",
                                " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"])
        partition = random.choice(["", f"PARTITION BY {table.alias}.k ", f"PARTITION BY {table.alias}.u, {table.alias}.z "])
        window = f"({partition}ORDER BY {table.alias}.ts{bounds})"
        items = [column(INT, f"{table.alias}.id")]
        for _ in range(random.randint(1, 3)):
            name, type = random.choice([("COUNT", STRING), ("SUM", INT), ("SUM", DOUBLE), ("MIN", INT), ("MAX", STRING), ("AVG", DOUBLE), ("LAST_VALUE", INT), ("FIRST_VALUE", STRING)])
            result = {"COUNT": BIGINT, "AVG": APPROX, "LAST_VALUE": OTHER, "FIRST_VALUE": OTHER}.get(name, type)
            kid = self.make.of(type, scope, 1)
            items.append(Node(result, name + "({0}) OVER " + window, None if name.endswith("_VALUE") else name + "({0}) OVER " + window, [kid], name))
        if random.random() < 0.25:  # only in batch mode: any order
            name = random.choice(["RANK()", "DENSE_RANK()", "PERCENT_RANK()", "CUME_DIST()", "NTILE(3)", "LAG({0})", "LEAD({0}, 2)", "ROW_NUMBER()"])
            order = f"OVER ({partition}ORDER BY {table.alias}.i{{nulls}}, {table.alias}.id)"
            kid = self.make.of(INT, scope, 1)
            items = [items[0], Node(OTHER, f"{name} {order}".replace("{nulls}", ""), f"{name} {order}".replace("{nulls}", " NULLS FIRST"), [kid], name.split("(")[0])]
        return Query(table, items)

    def interval_join(self):
        random = self.random
        left, right = Table("aw", self.alias()), Table("bw", self.alias())
        before, after = random.choice([0, 1, 5, 30]), random.choice([0, 1, 5, 30])
        key = random.choice(["k", "u", "z"])
        condition = (f"{left.alias}.{key} = {right.alias}.{key} AND {left.alias}.ts BETWEEN {right.alias}.ts - INTERVAL '{before}' MINUTE AND {right.alias}.ts + INTERVAL '{after}' MINUTE")
        extra = self.condition(left.columns + right.columns, 1) if random.random() < 0.3 else both(BOOLEAN, "TRUE")
        node = Node(BOOLEAN, condition + " AND {0}", condition + " AND {0}", [extra])
        join = Join(random.choice(["INNER", "LEFT", "RIGHT", "FULL"]), left, right, node)
        return Query(join, [column(INT, f"{left.alias}.id"), column(INT, f"{right.alias}.id"), self.make.of(random.choice(SCALARS), join.columns, 1)])

    def window_join(self):
        random = self.random
        left, right = Window(random, "aw", self.alias()), Window(random, "bw", self.alias())
        left.kind = random.choice(["TUMBLE", "HOP", "CUMULATE"])
        right.kind, right.minutes, right.count = left.kind, left.minutes, left.count
        key = random.choice(["k", "u"])
        text = " AND ".join(f"{left.alias}.{name} = {right.alias}.{name}" for name in ("window_start", "window_end", key))
        join = Join(random.choice(["INNER", "LEFT", "RIGHT", "FULL"]), left, right, Node(BOOLEAN, text, text))
        return Query(join, [column(INT, f"{left.alias}.id"), column(INT, f"{right.alias}.id"), column(TIMESTAMP, f"{left.alias}.window_start")])

    def deduplicated(self):
        random = self.random
        key, order = random.choice(["k", "u", "s", "dt"]), random.choice(["", " DESC"])
        condition = self.condition([("i", INT), ("s", STRING)], 1) if random.random() < 0.3 else both(BOOLEAN, "TRUE")
        weir = f"SELECT id, {key} AS c1 FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY ts{order}) AS rn FROM aw WHERE {{0}}) AS t WHERE rn = 1"
        query = Fixed(weir, weir, (INT, OTHER), [condition], ["ROW_NUMBER"])
        query.upsert_key = [1]
        return query

    def temporal_join(self):
        kind = self.random.choice(["LEFT JOIN", "JOIN"])
        key = self.random.choice(["k", "u"])
        # a version that comes late, behind a newer one, never was
        view = (f"(SELECT * FROM (SELECT *, MAX(ts) OVER (PARTITION BY {key} ORDER BY id ROWS UNBOUNDED PRECEDING) AS newest FROM bw WHERE {key} IS NOT NULL) AS v "
                "WHERE ts = newest)")
        weir = f"SELECT x.id, y.id AS c1 FROM aw AS x {kind} latest_{key} FOR SYSTEM_TIME AS OF x.ts AS y ON x.{key} = y.{key}"
        duck = f"SELECT x.id, y.id AS c1 FROM aw AS x ASOF {'LEFT ' if kind != 'JOIN' else ''}JOIN {view} AS y ON x.{key} = y.{key} AND x.ts >= y.ts"
        return Fixed(weir, duck, (INT, INT), only="streaming")

    def matched(self):
        random = self.random
        pattern = random.choice(["A B", "A+ B", "A B* C", "A B? C", "A{ 2 } B", "A B+? C"])
        skip = random.choice(["PAST LAST ROW", "TO NEXT ROW"])
        defines = ["A AS A.i > {0}", "B AS B.i < {1}"] + (["C AS C.k > 1"] if "C" in pattern else [])
        weir = (f"SELECT * FROM aw MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES FIRST(A.id) AS first_id, LAST(B.id) AS last_id, COUNT(A.id) AS many ONE ROW PER MATCH "
                f"AFTER MATCH SKIP {skip} PATTERN ({pattern}) DEFINE {', '.join(defines)}) AS m")
        return Fixed(weir, None, (STRING, INT, INT, BIGINT), [both(INT, str(random.randint(-2, 10))), both(INT, str(random.randint(0, 15)))])


VIEWS = [f"CREATE VIEW latest_{key} AS SELECT id, {key}, i, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY ts DESC) AS rn FROM bw WHERE {key} IS NOT NULL) AS t WHERE rn = 1"
         for key in ("k", "u")]


def names_of(query):
    """The functions in a query."""
    found = list(getattr(query, "used", []))
    for place, at in query.nodes():
        node = getattr(place, at) if isinstance(at, str) else place[at]
        found += node.names()
    return found

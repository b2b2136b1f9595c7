"""Random typed expressions that render as Weir's SQL and, where DuckDB means the same by it, as DuckDB's.

A node is a template with its children; what has no DuckDB template is compared among Weir's own runs alone. APPROX is a double that
depends on rounding (SIN, POWER, ...): it is shown, but never added up. OTHER is any type that is only shown.
"""
import json
import re

from tables import ARRAY, BIGINT, BOOLEAN, DATE, DECIMAL, DOUBLE, INT, STRING, TIMESTAMP

APPROX, OTHER = "APPROX", "OTHER"
NUMBERS = (INT, BIGINT, DECIMAL, DOUBLE)
SCALARS = (INT, BIGINT, DECIMAL, DOUBLE, STRING, BOOLEAN, DATE, TIMESTAMP)
WEIR_TYPES = {INT: "INT", BIGINT: "BIGINT", DECIMAL: "DECIMAL(10, 2)", DOUBLE: "DOUBLE", STRING: "STRING", BOOLEAN: "BOOLEAN", DATE: "DATE", TIMESTAMP: "TIMESTAMP(3)",
              ARRAY: "ARRAY<INT>"}
DUCK_TYPES = dict(WEIR_TYPES, STRING="VARCHAR", TIMESTAMP="TIMESTAMP", ARRAY="INTEGER[]")


class Node:
    def __init__(self, type, weir, duck, kids=(), name=None):
        self.type, self.weir, self.duck, self.kids, self.name = type, weir, duck, list(kids), name

    def render(self, dialect):
        """None: DuckDB has no such expression."""
        template = getattr(self, dialect)
        if template is None:
            return None
        texts = [kid.render(dialect) for kid in self.kids]
        if None in texts:
            return None
        return re.sub(r"\{(\d)\}", lambda found: texts[int(found.group(1))], template)

    def names(self):
        own = [self.name] if self.name else []
        return own + [name for kid in self.kids for name in kid.names()]


def column(type, text):
    return Node(type, text, text)


def null(type):
    return Node(type, f"CAST(NULL AS {WEIR_TYPES[type]})", f"CAST(NULL AS {DUCK_TYPES[type]})")


def literal(random, type):
    if random.random() < 0.05:
        return null(type)
    if type == INT:
        text = str(random.randint(0, 9))
    elif type == BIGINT:
        text = f"CAST({random.choice([0, 1, 7, 100, 12345678901])} AS BIGINT)"
    elif type == DECIMAL:
        text = f"{random.randint(0, 99)}.{random.randint(10, 99)}"
    elif type == DOUBLE:
        text = f"CAST({random.randint(0, 40) / 4} AS DOUBLE)"
    elif type == STRING:
        text = "'" + random.choice(["", "a", "b", "ab", "x y", "weir", "7", "-7", "ÄÖ", "%", "longer than twelve bytes"]) + "'"
        return Node(type, f"CAST({text} AS STRING)" if random.random() < 0.3 else text, text)
    elif type == BOOLEAN:
        text = random.choice(["TRUE", "FALSE"])
    elif type == DATE:
        text = "DATE '2024-0%d-1%d'" % (random.randint(1, 9), random.randint(0, 9))
    elif type == ARRAY:
        items = [str(random.randint(0, 5)) for _ in range(random.randint(1, 3))]
        return Node(type, f"ARRAY[{', '.join(items)}]", f"[{', '.join(items)}]")
    else:
        text = "TIMESTAMP '2024-02-2%d %02d:30:00'" % (random.choice([8, 9]), random.randint(0, 23))
    return both(type, text)


def both(type, text):
    return Node(type, text, text)


# ---- templates: result type, argument types, Weir's, DuckDB's ("=": the same, None: no counterpart), names of functions in it ----
TEMPLATES = []


def add(type, arguments, weir, duck="=", name=None):
    TEMPLATES.append((type, arguments, weir, weir if duck == "=" else duck, name))


for _type in (INT, BIGINT, DECIMAL, DOUBLE, STRING, DATE, TIMESTAMP):
    for _sign in ("=", "<>", "<", "<=", ">", ">="):
        add(BOOLEAN, (_type, _type), "({0} %s {1})" % _sign)
    add(BOOLEAN, (_type, _type, _type), "({0} BETWEEN {1} AND {2})")
    add(BOOLEAN, (_type, _type, _type), "({0} NOT IN ({1}, {2}))")
    add(BOOLEAN, (_type, _type, _type), "({0} IN ({1}, {2}))")
    add(BOOLEAN, (_type,), "({0} IS NULL)")
    add(BOOLEAN, (_type,), "({0} IS NOT NULL)")
    add(BOOLEAN, (_type, _type), "({0} IS DISTINCT FROM {1})")
    add(BOOLEAN, (_type, _type), "({0} IS NOT DISTINCT FROM {1})")
add(BOOLEAN, (INT, BIGINT), "({0} < {1})")
add(BOOLEAN, (DECIMAL, INT), "({0} >= {1})")
for _ in range(4):
    add(BOOLEAN, (BOOLEAN, BOOLEAN), "({0} AND {1})")
    add(BOOLEAN, (BOOLEAN, BOOLEAN), "({0} OR {1})")
    add(BOOLEAN, (BOOLEAN,), "(NOT {0})")
for _test in ("TRUE", "FALSE", "NOT TRUE", "NOT FALSE"):
    add(BOOLEAN, (BOOLEAN,), "({0} IS %s)" % _test)
add(BOOLEAN, (BOOLEAN,), "({0} IS UNKNOWN)", "({0} IS NULL)")
for _pattern in ("%", "a%", "%b%", "_", "%e_r", "longer%s"):
    add(BOOLEAN, (STRING,), "({0} LIKE '%s')" % _pattern)
    add(BOOLEAN, (STRING,), "({0} NOT LIKE '%s')" % _pattern)
add(BOOLEAN, (STRING,), "({0} SIMILAR TO '(a|b)+')", None)
add(BOOLEAN, (STRING, STRING), "STARTSWITH({0}, {1})", "starts_with({0}, {1})", "STARTSWITH")
add(BOOLEAN, (STRING, STRING), "ENDSWITH({0}, {1})", "ends_with({0}, {1})", "ENDSWITH")
for _type in SCALARS:
    add(_type, (BOOLEAN, _type, _type), "CASE WHEN {0} THEN {1} ELSE {2} END")
    add(_type, (BOOLEAN, _type), "CASE WHEN {0} THEN {1} END")
    add(_type, (_type, _type), "COALESCE({0}, {1})", "=", "COALESCE")
    add(_type, (_type, _type), "NULLIF({0}, {1})", "=", "NULLIF")
    add(_type, (BOOLEAN, _type, _type), "IF({0}, {1}, {2})", None if _type == TIMESTAMP else "=", "IF")  # Flink takes the precision of the first
    add(_type, (_type, _type), "IFNULL({0}, {1})", "=", "IFNULL")
for _type in NUMBERS:
    if _type != DECIMAL:
        for _sign in "+-*":
            add(_type, (_type, _type), "({0} %s {1})" % _sign)
    add(_type, (_type,), "ABS({0})", "=", "ABS")
    add(_type, (_type,), "(- {0})")
for _sign in "+-":
    add(DECIMAL, (DECIMAL, DECIMAL), "CAST(({0} %s {1}) AS DECIMAL(10, 2))" % _sign)
add(DECIMAL, (DECIMAL, INT), "CAST(({0} * {1}) AS DECIMAL(10, 2))")
add(DECIMAL, (INT,), "CAST({0} AS DECIMAL(10, 2))")
add(INT, (INT, INT), "({0} / NULLIF({1}, 0))", "CAST(trunc(CAST({0} AS DOUBLE) / NULLIF({1}, 0)) AS INTEGER)")
add(DOUBLE, (DOUBLE, DOUBLE), "({0} / CAST(4 AS DOUBLE) + {1})", None)
add(INT, (INT, INT), "MOD({0}, NULLIF({1}, 0))", "({0} % NULLIF({1}, 0))", "MOD")
add(INT, (INT,), "({0} % 3)")
add(BIGINT, (INT,), "CAST({0} AS BIGINT)")
add(DOUBLE, (INT,), "CAST({0} AS DOUBLE)")
add(DOUBLE, (DOUBLE,), "FLOOR({0})", "=", "FLOOR")
add(DOUBLE, (DOUBLE,), "CEIL({0})", "=", "CEIL")
add(INT, (BOOLEAN,), "CAST({0} AS INT)")
add(INT, (STRING,), "CHAR_LENGTH({0})", "length({0})", "CHAR_LENGTH")
add(INT, (STRING, STRING), "POSITION({1} IN {0})", None, "POSITION")
add(INT, (STRING,), "TRY_CAST({0} AS INT)", None)
add(INT, (ARRAY,), "CARDINALITY({0})", "CAST(len({0}) AS INTEGER)", "CARDINALITY")
add(INT, (ARRAY,), "{0}[1]")
add(INT, (ARRAY,), "{0}[2]")
for _unit in ("YEAR", "MONTH", "DAY", "QUARTER"):
    add(BIGINT, (DATE,), "EXTRACT(%s FROM {0})" % _unit, "=", "EXTRACT")
for _unit in ("HOUR", "MINUTE", "DOY"):
    add(BIGINT, (TIMESTAMP,), "EXTRACT(%s FROM {0})" % _unit, "=", "EXTRACT")
add(STRING, (STRING, STRING), "({0} || {1})")
add(STRING, (STRING,), "UPPER({0})", "=", "UPPER")
add(STRING, (STRING,), "LOWER({0})", "=", "LOWER")
add(STRING, (STRING,), "TRIM({0})", "trim({0}, ' ')", "TRIM")
add(STRING, (STRING,), "TRIM(LEADING 'a' FROM {0})", "ltrim({0}, 'a')", "TRIM")
add(STRING, (STRING,), "SUBSTRING({0} FROM 2)", "=", "SUBSTRING")
add(STRING, (STRING,), "SUBSTRING({0} FROM 1 FOR 3)", "=", "SUBSTRING")
add(STRING, (STRING, STRING), "REPLACE({0}, 'e', {1})", "=", "REPLACE")
add(STRING, (STRING,), "OVERLAY({0} PLACING 'xx' FROM 2 FOR 1)", None, "OVERLAY")
add(STRING, (STRING,), "LPAD({0}, 5, '*')", "=", "LPAD")
add(STRING, (STRING,), "LEFT({0}, 2)", "=", "LEFT")
add(STRING, (STRING,), "REVERSE({0})", None, "REVERSE")
add(STRING, (INT,), "CAST({0} AS STRING)", "CAST({0} AS VARCHAR)")
add(STRING, (BIGINT,), "CAST({0} AS STRING)", "CAST({0} AS VARCHAR)")
add(STRING, (DATE,), "CAST({0} AS STRING)", "CAST({0} AS VARCHAR)")
add(STRING, (DECIMAL,), "CAST({0} AS STRING)", "CAST(CAST({0} AS DECIMAL(10, 2)) AS VARCHAR)")
add(STRING, (DOUBLE,), "CAST({0} AS STRING)", None)
add(STRING, (ARRAY,), "CAST({0} AS STRING)", None)
add(STRING, (TIMESTAMP,), "DATE_FORMAT({0}, 'yyyy-MM-dd HH:mm')", "strftime({0}, '%Y-%m-%d %H:%M')", "DATE_FORMAT")
add(DATE, (TIMESTAMP,), "CAST({0} AS DATE)")
add(DATE, (DATE,), "({0} + INTERVAL '3' DAY)", "CAST({0} + INTERVAL '3' DAY AS DATE)")
add(TIMESTAMP, (TIMESTAMP,), "({0} - INTERVAL '90' MINUTE)")
add(TIMESTAMP, (TIMESTAMP,), "FLOOR({0} TO HOUR)", "date_trunc('hour', {0})", "FLOOR")
add(TIMESTAMP, (TIMESTAMP,), "CEIL({0} TO DAY)", None, "CEIL")
add(TIMESTAMP, (DATE,), "CAST({0} AS TIMESTAMP(3))", "CAST({0} AS TIMESTAMP)")
add(INT, (TIMESTAMP, TIMESTAMP), "TIMESTAMPDIFF(MINUTE, {0}, {1})", None, "TIMESTAMPDIFF")
add(TIMESTAMP, (INT, TIMESTAMP), "TIMESTAMPADD(HOUR, {0}, {1})", "({1} + {0} * INTERVAL '1' HOUR)", "TIMESTAMPADD")
add(BOOLEAN, (DATE, DATE, DATE, DATE), "(({0}, {1}) OVERLAPS ({2}, {3}))", None)
add(STRING, (STRING, INT), "JSON_VALUE(JSON_OBJECT('a' VALUE {0}, 'b' VALUE {1}), '$.b')", None, "JSON_VALUE")
add(BOOLEAN, (STRING,), "JSON_EXISTS(JSON_OBJECT('a' VALUE {0} ABSENT ON NULL), '$.a')", None, "JSON_EXISTS")
add(STRING, (STRING,), "JSON_QUERY(JSON_OBJECT('a' VALUE JSON_ARRAY({0})), '$.a')", None, "JSON_QUERY")
add(STRING, (STRING, INT), "JSON_OBJECT('x' VALUE {0}, 'y' VALUE {1})", None, "JSON_OBJECT")
add(STRING, (STRING, INT), "JSON_ARRAY({0}, {1} NULL ON NULL)", None, "JSON_ARRAY")
add(ARRAY, (INT, INT), "ARRAY[{0}, {1}]", "[{0}, {1}]")
add(INT, (INT, STRING), "CAST(ROW({0}, {1}) AS ROW<x INT, y STRING>).x", None)
add(INT, (STRING, INT), "MAP[COALESCE({0}, ''), {1}]['a']", None)

# ---- functions as the product lists them: called with arguments of the types that it says ----
NOT_COMPARABLE = {"RAND", "RAND_INTEGER", "UUID", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "NOW", "CURRENT_ROW_TIMESTAMP",
                  "PROCTIME", "UNIX_TIMESTAMP"}
LITERALS_ONLY = {"TYPEOF", "STR_TO_MAP"}  # arguments of theirs must be literals
SKIPPED = {"CURRENT_WATERMARK", "SOURCE_WATERMARK"}  # belong to streams and to CREATE TABLE
RESULTS = {"STRING": STRING, "INT": INT, "BIGINT": BIGINT, "BOOLEAN": BOOLEAN, "DATE": DATE, "TIMESTAMP(3)": TIMESTAMP, "DOUBLE": APPROX}
ARGUMENTS = {"STRING": STRING, "INT": INT, "BIGINT": BIGINT, "BOOLEAN": BOOLEAN, "DOUBLE": DOUBLE, "ARRAY": ARRAY, "DATE | TIME | TIMESTAMP": DATE, "TIMESTAMP | STRING": TIMESTAMP,
             "INT or STRING": INT, "element": INT, "ARRAY | MAP | MULTISET": ARRAY}


class Function:
    """One line of `weir functions --json` that can be called as NAME(argument, ...)."""

    def __init__(self, name, arguments, result):
        self.name, self.arguments, self.result = name, arguments, result


def parse_usage(name, usage):
    """A Function, or None when the usage has a syntax of its own."""
    found = re.fullmatch(r"(\w+)\((.*)\) -> (.+)", usage)
    if not found or re.search(r"\b(FROM|IN|PLACING|ON|VALUE|RETURNING|unit)\b|[{*]|\) \|", found.group(2)):
        return None
    arguments = []
    for part in re.split(r",\s*", found.group(2).replace("[", "").replace("]", "").strip() or ""):
        if part == "...":
            arguments.append(arguments[-1])
            continue
        if not part:
            continue
        type = part.split(" ", 1)[1] if " " in part else part
        arguments.append(type)
    optional = found.group(2).count("[")
    return Function(name, (arguments, optional), found.group(3))


def load_functions(lines):
    """Scalar functions: those that can be called with arguments, and for the others their examples."""
    callable_ones, examples = [], []
    for line in lines:
        entry = json.loads(line)
        if entry["kind"] != "scalar" or entry["name"] in SKIPPED:
            continue
        function = parse_usage(entry["name"], entry["usage"])
        if entry["name"] in NOT_COMPARABLE | LITERALS_ONLY or function is None or not all(a in ARGUMENTS or a in ("NUMERIC", "ANY") for a in function.arguments[0]):
            if entry.get("example"):
                examples.append((entry["name"], entry["example"]))
        else:
            callable_ones.append(function)
    return callable_ones, examples


class Generator:
    """Makes expressions over the columns of a scope: [(text, type)]."""

    def __init__(self, random, functions, examples):
        self.random, self.functions, self.examples = random, functions, examples
        self.by_type = {}
        for template in TEMPLATES:
            self.by_type.setdefault(template[0], []).append(template)

    def leaf(self, type, scope):
        fitting = [text for text, of in scope if of == type]
        if fitting and self.random.random() < 0.8:
            return column(type, self.random.choice(fitting))
        return literal(self.random, type)

    def of(self, type, scope, depth):
        if depth <= 0 or type not in self.by_type or self.random.random() < 0.25:
            return self.leaf(type, scope)
        if type == STRING and self.random.random() < 0.15:
            return self.called(scope, depth - 1, STRING) or self.leaf(type, scope)
        result, arguments, weir, duck, name = self.random.choice(self.by_type[type])
        return Node(result, weir, duck, [self.of(argument, scope, depth - 1) for argument in arguments], name)

    def called(self, scope, depth, wanted=None):
        """A call of one of the listed functions."""
        for _ in range(8):
            function = self.random.choice(self.functions)
            types, optional = function.arguments
            count = len(types) - (self.random.randint(0, optional) if optional else 0)
            any_type = self.random.choice((INT, DECIMAL, DOUBLE, STRING))
            kids = []
            for type in types[:count]:
                actual = any_type if type == "ANY" else self.random.choice(NUMBERS) if type == "NUMERIC" else ARGUMENTS[type]
                kids.append(self.of(actual, scope, min(depth, 1)))
            result = RESULTS.get(function.result, OTHER)
            if wanted is None or result == wanted:
                slots = ", ".join("{%d}" % n for n in range(len(kids)))
                return Node(result, f"{function.name}({slots})", None, kids, function.name)
        return None

    def example(self, scope):
        name, text = self.random.choice(self.examples)
        if name in NOT_COMPARABLE:
            text = f"({text}) IS NOT NULL"
        return Node(OTHER, "CASE WHEN {0} THEN %s END" % re.sub(r"\{(\d)\}", r"{ \1}", text), None, [self.of(BOOLEAN, scope, 1)], name)

    def shown(self, scope, depth):
        """Anything for a select list."""
        chance = self.random.random()
        if chance < 0.10:
            return self.example(scope)
        if chance < 0.30:
            return self.called(scope, depth) or self.leaf(INT, scope)
        return self.of(self.random.choice(SCALARS), scope, depth)

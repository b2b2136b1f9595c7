/* The syntax tree, part one: names, types, windows and expressions. Queries are in sql/ast_query.h, statements in
 * sql/ast_statement.h.
 *
 * The tree says what was written, with the place where it was written; it knows nothing of tables, columns or function
 * catalogues. Nodes live in the arena given to the parser, are never changed after parsing and may be shared between
 * threads that read. Texts point into the arena or into the script, whose bytes must live as long as the tree.
 *
 * Conventions
 * - Every node has a `position`: the whole range of its text, line and column of its first character, counted from the
 *   first character of its *statement* (as Flink does) while offset_bytes counts from the start of the script.
 * - A pointer that may be NULL says so. A list is `items` + `<what>_count`; an empty list has a NULL pointer.
 * - Names keep their case (identifiers are case-sensitive); function and type names are compared without case by readers.
 * - Left out: everything about meaning. Literals keep their digits; whether they fit is decided when they are bound.
 */
#ifndef WEIR_SQL_AST_H
#define WEIR_SQL_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"

typedef struct weir_ast_expr weir_ast_expr;
typedef struct weir_ast_type weir_ast_type;
typedef struct weir_ast_query weir_ast_query;
typedef struct weir_ast_table_ref weir_ast_table_ref;

/* ---- names ---- */

/* One identifier, without its backticks. */
typedef struct weir_ast_ident {
    weir_text text;
    weir_position position;
    bool quoted; /* was written in backticks */
} weir_ast_ident;

/* a.b.c: count >= 1 where a name is required; count 0 means "no name". */
typedef struct weir_ast_name {
    const weir_ast_ident *parts;
    size_t count;
    weir_position position;
} weir_ast_name;

/* ---- lists that occur everywhere ---- */

typedef struct weir_ast_expr_list {
    weir_ast_expr *const *items;
    size_t count;
} weir_ast_expr_list;

/* ORDER BY item. With null_order WEIR_AST_NULLS_DEFAULT, NULLs count as the lowest values. */
typedef enum weir_ast_null_order { WEIR_AST_NULLS_DEFAULT, WEIR_AST_NULLS_FIRST, WEIR_AST_NULLS_LAST } weir_ast_null_order;
typedef struct weir_ast_order_item {
    weir_ast_expr *expr;
    bool descending;
    weir_ast_null_order null_order;
    weir_position position;
} weir_ast_order_item;
typedef struct weir_ast_order_list {
    const weir_ast_order_item *items;
    size_t count;
} weir_ast_order_list;

/* 'key' = 'value' */
typedef struct weir_ast_option {
    weir_text key, value; /* unescaped */
    weir_position key_position, value_position;
} weir_ast_option;
typedef struct weir_ast_options {
    const weir_ast_option *items;
    size_t count;
    weir_position position;
} weir_ast_options;

/* ---- time units and intervals ---- */

typedef enum weir_ast_unit {
    WEIR_AST_UNIT_NONE,
    WEIR_AST_UNIT_YEAR,
    WEIR_AST_UNIT_QUARTER,
    WEIR_AST_UNIT_MONTH,
    WEIR_AST_UNIT_WEEK,
    WEIR_AST_UNIT_DAY,
    WEIR_AST_UNIT_HOUR,
    WEIR_AST_UNIT_MINUTE,
    WEIR_AST_UNIT_SECOND,
    WEIR_AST_UNIT_MILLISECOND,
    WEIR_AST_UNIT_MICROSECOND,
    WEIR_AST_UNIT_NANOSECOND,
    WEIR_AST_UNIT_EPOCH,
    WEIR_AST_UNIT_DOW,
    WEIR_AST_UNIT_ISODOW,
    WEIR_AST_UNIT_DOY,
    WEIR_AST_UNIT_ISOYEAR,
    WEIR_AST_UNIT_DECADE,
    WEIR_AST_UNIT_CENTURY,
    WEIR_AST_UNIT_MILLENNIUM,
    WEIR_AST_UNIT_OTHER, /* an unknown unit, or a name such as SQL_TSI_DAY's base: see the text kept beside it */
} weir_ast_unit;

const char *weir_ast_unit_name(weir_ast_unit unit); /* "YEAR", ...; "" for NONE and OTHER */

/* DAY, DAY(3), DAY TO SECOND(3), SECOND(2, 6): precisions are -1 when not written; `end` is NONE for a single unit. */
typedef struct weir_ast_interval_qualifier {
    weir_ast_unit start, end;
    int leading_precision;
    int fractional_precision;
    weir_position position;
} weir_ast_interval_qualifier;

/* ---- types ---- */

typedef enum weir_ast_type_kind {
    WEIR_AST_TYPE_NAMED,     /* name [(precision [, scale])]: BOOLEAN INT BIGINT DECIMAL STRING BYTES DATE VARIANT RAW ... */
    WEIR_AST_TYPE_TIME,      /* TIME [(p)] [WITHOUT TIME ZONE] */
    WEIR_AST_TYPE_TIMESTAMP, /* TIMESTAMP [(p)] [zone], TIMESTAMP_LTZ [(p)] */
    WEIR_AST_TYPE_INTERVAL,
    WEIR_AST_TYPE_ARRAY,     /* ARRAY<e> or `e ARRAY` */
    WEIR_AST_TYPE_MULTISET,  /* MULTISET<e> or `e MULTISET` */
    WEIR_AST_TYPE_MAP,
    WEIR_AST_TYPE_ROW,       /* ROW<...> or ROW(...) or STRUCTURED<...> */
} weir_ast_type_kind;

typedef enum weir_ast_zone { WEIR_AST_ZONE_NONE, WEIR_AST_ZONE_LOCAL, WEIR_AST_ZONE_WITH } weir_ast_zone;

typedef struct weir_ast_type_field {
    weir_ast_ident name;
    const weir_ast_type *type;
    weir_text comment; /* data NULL when there is none */
} weir_ast_type_field;

struct weir_ast_type {
    weir_ast_type_kind kind;
    weir_position position;
    bool not_null;      /* NOT NULL was written */
    bool null_written;  /* NULL was written */
    /* NAMED. Built-in types of several words and synonyms have one canonical upper-case name here: "INT" for INTEGER, "DECIMAL" for
     * DEC and NUMERIC, "DOUBLE" for DOUBLE PRECISION, "CHAR" for CHARACTER, "VARCHAR" for CHAR VARYING, "VARBINARY" for
     * BINARY VARYING. A user-defined type keeps its parts in `user_name`, and `name` is its last part as written. */
    weir_text name;
    weir_ast_name user_name;                /* count 0 for built-in types */
    int64_t precision, scale;               /* -1 when not written; TIME and TIMESTAMP use precision */
    weir_ast_zone zone;                     /* TIMESTAMP */
    weir_ast_interval_qualifier qualifier;  /* INTERVAL */
    const weir_ast_type *element;           /* ARRAY, MULTISET; MAP's value */
    const weir_ast_type *key;               /* MAP */
    const weir_ast_type_field *fields;      /* ROW */
    size_t field_count;
    weir_text class_name;                   /* RAW('class', 'snapshot') and STRUCTURED<'class', ...>; data NULL otherwise */
};

/* ---- windows (OVER, WINDOW w AS) ---- */

typedef enum weir_ast_bound_kind {
    WEIR_AST_BOUND_UNBOUNDED_PRECEDING,
    WEIR_AST_BOUND_PRECEDING, /* expr PRECEDING */
    WEIR_AST_BOUND_CURRENT_ROW,
    WEIR_AST_BOUND_FOLLOWING, /* expr FOLLOWING */
    WEIR_AST_BOUND_UNBOUNDED_FOLLOWING,
} weir_ast_bound_kind;
typedef struct weir_ast_bound {
    weir_ast_bound_kind kind;
    weir_ast_expr *expr; /* NULL unless PRECEDING or FOLLOWING */
    weir_position position;
} weir_ast_bound;

typedef enum weir_ast_frame_kind { WEIR_AST_FRAME_NONE, WEIR_AST_FRAME_ROWS, WEIR_AST_FRAME_RANGE } weir_ast_frame_kind;

/* OVER w is a window with `base` only; OVER (w ORDER BY ...) and OVER (PARTITION BY ...) have parentheses. */
typedef struct weir_ast_window {
    weir_position position;
    bool reference;      /* OVER w: nothing but `base` */
    weir_ast_ident base; /* name of the window it refines; text.data NULL when none */
    weir_ast_expr_list partition_by;
    weir_ast_order_list order_by;
    weir_ast_frame_kind frame;
    weir_position frame_position; /* of the word ROWS or RANGE */
    weir_ast_bound lower, upper; /* of a frame; without BETWEEN, upper is CURRENT ROW */
} weir_ast_window;

/* ---- JSON clauses ---- */

typedef enum weir_ast_json_behavior {
    WEIR_AST_JSON_NOT_WRITTEN,
    WEIR_AST_JSON_NULL,
    WEIR_AST_JSON_ERROR,
    WEIR_AST_JSON_DEFAULT, /* DEFAULT expr */
    WEIR_AST_JSON_TRUE,    /* JSON_EXISTS */
    WEIR_AST_JSON_FALSE,
    WEIR_AST_JSON_UNKNOWN,
    WEIR_AST_JSON_EMPTY_ARRAY, /* JSON_QUERY */
    WEIR_AST_JSON_EMPTY_OBJECT,
} weir_ast_json_behavior;
typedef enum weir_ast_json_wrapper {
    WEIR_AST_WRAPPER_NOT_WRITTEN,
    WEIR_AST_WRAPPER_WITHOUT,
    WEIR_AST_WRAPPER_CONDITIONAL,
    WEIR_AST_WRAPPER_UNCONDITIONAL, /* also WITH [ARRAY] WRAPPER */
} weir_ast_json_wrapper;
typedef enum weir_ast_json_nulls {
    WEIR_AST_JSON_NULLS_NOT_WRITTEN,
    WEIR_AST_JSON_NULLS_KEEP,   /* NULL ON NULL */
    WEIR_AST_JSON_NULLS_ABSENT, /* ABSENT ON NULL */
} weir_ast_json_nulls;

/* The clauses of JSON_VALUE, JSON_QUERY, JSON_EXISTS, JSON_OBJECT[AGG] and JSON_ARRAY[AGG]. JSON_OBJECT's arguments are
 * key, value, key, value, ...; those of JSON_VALUE, JSON_QUERY and JSON_EXISTS are the input and the path. */
typedef struct weir_ast_json_clauses {
    const weir_ast_type *returning; /* NULL when not written */
    weir_ast_json_behavior on_empty, on_error;
    weir_ast_expr *default_on_empty, *default_on_error; /* NULL unless DEFAULT */
    weir_ast_json_wrapper wrapper;
    weir_ast_json_nulls nulls;
} weir_ast_json_clauses;

/* ---- function calls ---- */

/* How a call was written. The arguments of every form come in the order of the plain function. */
typedef enum weir_ast_call_syntax {
    WEIR_AST_CALL_PLAIN,        /* f(a, b) */
    WEIR_AST_CALL_NILADIC,      /* CURRENT_DATE, LOCALTIMESTAMP: no parentheses */
    WEIR_AST_CALL_EXTRACT,      /* EXTRACT(unit FROM x): args UNIT, x */
    WEIR_AST_CALL_TO_UNIT,      /* FLOOR(x TO unit), CEIL(x TO unit): args x, UNIT */
    WEIR_AST_CALL_SUBSTRING,    /* SUBSTRING(x FROM a [FOR b]): args x, a [, b] */
    WEIR_AST_CALL_TRIM,         /* TRIM([BOTH|LEADING|TRAILING] [c] FROM s): args KEYWORD, c or ' ', s; TRIM(s) is PLAIN */
    WEIR_AST_CALL_POSITION,     /* POSITION(a IN b [FROM n]): args a, b [, n] */
    WEIR_AST_CALL_OVERLAY,      /* OVERLAY(s PLACING r FROM a [FOR n]): args s, r, a [, n] */
    WEIR_AST_CALL_TIMESTAMP,    /* TIMESTAMPADD(unit, n, t), TIMESTAMPDIFF(unit, a, b): args UNIT, x, y */
    WEIR_AST_CALL_JSON,         /* the clauses are in `json` */
} weir_ast_call_syntax;

typedef enum weir_ast_null_treatment {
    WEIR_AST_NULL_TREATMENT_NONE,
    WEIR_AST_IGNORE_NULLS,
    WEIR_AST_RESPECT_NULLS,
} weir_ast_null_treatment;

typedef struct weir_ast_call {
    weir_ast_name name; /* canonical upper case for special syntax (CEILING becomes CEIL), as written otherwise */
    weir_ast_call_syntax syntax;
    bool distinct;      /* f(DISTINCT ...) */
    bool all;           /* f(ALL ...) */
    bool star;          /* COUNT(*): args is empty */
    weir_ast_expr_list args; /* also NAMED_ARGUMENT, UNIT, KEYWORD, DESCRIPTOR, TABLE_ARGUMENT, DEFAULT nodes */
    const weir_ast_json_clauses *json;      /* NULL unless syntax is JSON */
    weir_ast_null_treatment null_treatment; /* IGNORE NULLS inside or behind the parentheses */
    weir_ast_order_list within_group;       /* WITHIN GROUP (ORDER BY ...) */
    weir_ast_order_list argument_order;     /* ARRAY_AGG(x ORDER BY y), JSON_ARRAYAGG(x ORDER BY y) */
    weir_ast_expr *filter;                  /* FILTER (WHERE ...), NULL when none */
    const weir_ast_window *over;            /* NULL when none */
} weir_ast_call;

/* ---- literals ---- */

typedef enum weir_ast_literal_kind {
    WEIR_AST_LITERAL_NULL,
    WEIR_AST_LITERAL_TRUE,
    WEIR_AST_LITERAL_FALSE,
    WEIR_AST_LITERAL_UNKNOWN,
    WEIR_AST_LITERAL_INTEGER,     /* text: digits */
    WEIR_AST_LITERAL_DECIMAL,     /* text: digits with a point; also DECIMAL '1.5' */
    WEIR_AST_LITERAL_APPROXIMATE, /* text: with E */
    WEIR_AST_LITERAL_STRING,      /* text: unescaped UTF-8; adjacent pieces on several lines are joined; U&'..' is decoded */
    WEIR_AST_LITERAL_BINARY,      /* text: hex digits of X'..', an even number */
    WEIR_AST_LITERAL_DATE,        /* text: inside of the quotes; not checked here */
    WEIR_AST_LITERAL_TIME,
    WEIR_AST_LITERAL_TIMESTAMP,
    WEIR_AST_LITERAL_TIMESTAMP_LTZ, /* TIMESTAMP WITH LOCAL TIME ZONE '..' */
    WEIR_AST_LITERAL_INTERVAL,      /* text and `interval`, `negative` for INTERVAL -'1' DAY */
} weir_ast_literal_kind;

typedef struct weir_ast_literal {
    weir_ast_literal_kind kind;
    weir_text text;
    bool negative; /* INTERVAL only; a minus before a number is a WEIR_AST_NEGATE node */
    weir_ast_interval_qualifier interval;
    weir_text charset; /* _UTF8'..', n'..': the introducer without its underscore; data NULL when none */
} weir_ast_literal;

/* ---- operators ---- */

typedef enum weir_ast_binary_op {
    WEIR_AST_OR,
    WEIR_AST_AND,
    WEIR_AST_EQUAL,
    WEIR_AST_NOT_EQUAL,
    WEIR_AST_LESS,
    WEIR_AST_LESS_EQUAL,
    WEIR_AST_GREATER,
    WEIR_AST_GREATER_EQUAL,
    WEIR_AST_PLUS,
    WEIR_AST_MINUS,
    WEIR_AST_TIMES,
    WEIR_AST_DIVIDE,
    WEIR_AST_MODULO,
    WEIR_AST_CONCAT,
    WEIR_AST_OVERLAPS, /* both sides are ROW nodes of two */
} weir_ast_binary_op;

const char *weir_ast_binary_text(weir_ast_binary_op op); /* "OR", "<>", "||", ... */

typedef enum weir_ast_unary_op { WEIR_AST_NOT, WEIR_AST_NEGATE, WEIR_AST_POSITIVE } weir_ast_unary_op;

typedef enum weir_ast_is_what {
    WEIR_AST_IS_NULL,
    WEIR_AST_IS_TRUE,
    WEIR_AST_IS_FALSE,
    WEIR_AST_IS_UNKNOWN,
    WEIR_AST_IS_DISTINCT_FROM, /* `right` is the other side */
    WEIR_AST_IS_JSON_VALUE,    /* IS JSON is IS JSON VALUE */
    WEIR_AST_IS_JSON_OBJECT,
    WEIR_AST_IS_JSON_ARRAY,
    WEIR_AST_IS_JSON_SCALAR,
} weir_ast_is_what;

typedef enum weir_ast_quantifier { WEIR_AST_ANY, WEIR_AST_ALL } weir_ast_quantifier; /* SOME is ANY */

typedef struct weir_ast_when {
    weir_ast_expr *when, *then;
} weir_ast_when;

/* ---- expressions ---- */

typedef enum weir_ast_expr_kind {
    WEIR_AST_EXPR_LITERAL,        /* literal */
    WEIR_AST_EXPR_NAME,           /* name: a, t.a, t.a.field */
    WEIR_AST_EXPR_STAR,           /* star: *, t.*, a.b.* */
    WEIR_AST_EXPR_CALL,           /* call */
    WEIR_AST_EXPR_CAST,           /* cast */
    WEIR_AST_EXPR_UNARY,          /* unary */
    WEIR_AST_EXPR_BINARY,         /* binary */
    WEIR_AST_EXPR_BETWEEN,        /* between */
    WEIR_AST_EXPR_IN,             /* in */
    WEIR_AST_EXPR_LIKE,           /* like: LIKE and SIMILAR TO */
    WEIR_AST_EXPR_IS,             /* is */
    WEIR_AST_EXPR_CASE,           /* case_ */
    WEIR_AST_EXPR_SUBQUERY,       /* subquery: (SELECT ...) as a value */
    WEIR_AST_EXPR_EXISTS,         /* subquery */
    WEIR_AST_EXPR_QUANTIFIED,     /* quantified: a = ANY (SELECT ...) */
    WEIR_AST_EXPR_ROW,            /* row: ROW(a, b), (a, b) */
    WEIR_AST_EXPR_ARRAY,          /* items: ARRAY[a, b] */
    WEIR_AST_EXPR_ARRAY_QUERY,    /* subquery: ARRAY(SELECT ...) */
    WEIR_AST_EXPR_MAP,            /* items: MAP[k, v, k, v] */
    WEIR_AST_EXPR_MAP_QUERY,      /* subquery: MAP(SELECT ...) */
    WEIR_AST_EXPR_MULTISET,       /* items: MULTISET[a, b] */
    WEIR_AST_EXPR_MULTISET_QUERY, /* subquery: MULTISET(SELECT ...) */
    WEIR_AST_EXPR_ELEMENT,        /* element: a[i] */
    WEIR_AST_EXPR_FIELD,          /* field: f(x).a, a[1].b, (row).* */
    WEIR_AST_EXPR_INTERVAL,       /* interval: INTERVAL expr DAY, with an expression instead of a literal */
    WEIR_AST_EXPR_INTERVAL_DIFFERENCE, /* difference: (t1 - t2) HOUR */
    /* only as arguments of calls: */
    WEIR_AST_EXPR_NAMED_ARGUMENT, /* named: a => expr */
    WEIR_AST_EXPR_UNIT,           /* unit */
    WEIR_AST_EXPR_KEYWORD,        /* keyword: BOTH, LEADING, TRAILING */
    WEIR_AST_EXPR_DESCRIPTOR,     /* descriptor: DESCRIPTOR(a, b) */
    WEIR_AST_EXPR_TABLE_ARGUMENT, /* table_argument: TABLE t, (SELECT ...), TABLE t PARTITION BY k ORDER BY o */
    WEIR_AST_EXPR_MODEL,          /* name: MODEL m */
    WEIR_AST_EXPR_DEFAULT,        /* DEFAULT, nothing else */
    /* only in MATCH_RECOGNIZE: */
    WEIR_AST_EXPR_RUNNING,        /* semantics: RUNNING expr, FINAL expr */
} weir_ast_expr_kind;

struct weir_ast_expr {
    weir_ast_expr_kind kind;
    bool parenthesized; /* was written in parentheses (kept for texts and for "(a, b)"); does not change the meaning */
    weir_position position; /* of the whole expression; of a binary operator from its left operand to its right */
    union {
        const weir_ast_literal *literal;
        weir_ast_name name;
        struct {
            weir_ast_name qualifier; /* count 0: plain * */
        } star;
        const weir_ast_call *call;
        struct {
            weir_ast_expr *operand;
            const weir_ast_type *type;
            bool try_cast;
        } cast;
        struct {
            weir_ast_unary_op op;
            weir_ast_expr *operand;
        } unary;
        struct {
            weir_ast_binary_op op;
            weir_ast_expr *left, *right;
            weir_position op_position;
        } binary;
        struct {
            weir_ast_expr *operand, *low, *high;
            bool negated, symmetric;
        } between;
        struct {
            weir_ast_expr *operand;        /* a ROW for (a, b) IN ... */
            weir_ast_expr_list list;       /* empty when `query` is set */
            const weir_ast_query *query;   /* NULL when `list` is set */
            bool negated;
        } in;
        struct {
            weir_ast_expr *operand, *pattern;
            weir_ast_expr *escape; /* NULL when not written */
            bool negated, similar;
        } like;
        struct {
            weir_ast_is_what what;
            weir_ast_expr *operand;
            weir_ast_expr *right; /* DISTINCT FROM only */
            bool negated;
        } is;
        struct {
            weir_ast_expr *operand; /* NULL: searched CASE. WHEN a, b THEN gives one weir_ast_when for each of a, b */
            const weir_ast_when *whens;
            size_t when_count;
            weir_ast_expr *otherwise; /* NULL: ELSE NULL */
        } case_;
        const weir_ast_query *subquery;
        struct {
            weir_ast_binary_op op;
            weir_ast_quantifier quantifier;
            weir_ast_expr *operand;
            weir_ast_expr_list list;     /* = ANY (1, 2, 3) */
            const weir_ast_query *query; /* NULL when `list` is set */
        } quantified;
        struct {
            weir_ast_expr_list items;
            bool explicit_row; /* ROW(...) rather than (...) */
        } row;
        weir_ast_expr_list items;
        struct {
            weir_ast_expr *collection, *index;
        } element;
        struct {
            weir_ast_expr *operand;
            weir_ast_ident field; /* text.data NULL for .* */
        } field;
        struct {
            weir_ast_expr *operand;
            weir_ast_interval_qualifier qualifier;
            bool negative;
        } interval;
        struct {
            weir_ast_expr *left, *right;
            weir_ast_interval_qualifier qualifier;
        } difference;
        struct {
            weir_ast_ident name;
            weir_ast_expr *value;
        } named;
        struct {
            weir_ast_unit unit;
            weir_text text; /* as written */
        } unit;
        weir_text keyword; /* upper case */
        struct {
            const weir_ast_name *names;
            size_t count;
        } descriptor;
        struct {
            const weir_ast_table_ref *table; /* a NAMED or SUBQUERY reference */
            weir_ast_expr_list partition_by;
            weir_ast_order_list order_by;
        } table_argument;
        struct {
            weir_ast_expr *operand;
            bool final;
        } semantics;
    } as;
};

#endif

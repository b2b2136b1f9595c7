/* The syntax tree, part two: queries and what stands in FROM. See sql/ast.h for the conventions. */
#ifndef WEIR_SQL_AST_QUERY_H
#define WEIR_SQL_AST_QUERY_H

#include "sql/ast.h"

/* One hint of a comment: OPTIONS('k'='v'), BROADCAST(t1, t2), STATE_TTL('t' = '1d'), LOOKUP('table'='t', ...). */
typedef struct weir_ast_hint {
    weir_ast_ident name;
    weir_ast_options options;          /* key = value form (keys may be identifiers or strings) */
    const weir_ast_ident *arguments;   /* list form: names, or texts of literals */
    size_t argument_count;
    weir_position position;
} weir_ast_hint;
typedef struct weir_ast_hints {
    const weir_ast_hint *items;
    size_t count;
} weir_ast_hints;

/* ---- MATCH_RECOGNIZE ---- */

typedef enum weir_ast_pattern_kind {
    WEIR_AST_PATTERN_VARIABLE,    /* variable */
    WEIR_AST_PATTERN_SEQUENCE,    /* items */
    WEIR_AST_PATTERN_ALTERNATION, /* items: A | B */
    WEIR_AST_PATTERN_PERMUTE,     /* items: PERMUTE(A, B) */
    WEIR_AST_PATTERN_EXCLUDE,     /* items[0]: {- A -} */
    WEIR_AST_PATTERN_REPEAT,      /* items[0] with minimum, maximum, reluctant */
    WEIR_AST_PATTERN_EMPTY,       /* () */
} weir_ast_pattern_kind;
typedef struct weir_ast_pattern weir_ast_pattern;
struct weir_ast_pattern {
    weir_ast_pattern_kind kind;
    weir_position position;
    weir_ast_ident variable;
    weir_ast_pattern *const *items;
    size_t item_count;
    int64_t minimum, maximum; /* of REPEAT; maximum -1 = unbounded; {,n} has minimum -1 */
    bool reluctant;
};

typedef enum weir_ast_skip {
    WEIR_AST_SKIP_NOT_WRITTEN,
    WEIR_AST_SKIP_NEXT_ROW,
    WEIR_AST_SKIP_PAST_LAST_ROW,
    WEIR_AST_SKIP_TO_FIRST, /* skip_variable */
    WEIR_AST_SKIP_TO_LAST,  /* skip_variable; also SKIP TO a */
} weir_ast_skip;
typedef enum weir_ast_match_rows { WEIR_AST_ROWS_NOT_WRITTEN, WEIR_AST_ONE_ROW_PER_MATCH, WEIR_AST_ALL_ROWS_PER_MATCH } weir_ast_match_rows;

typedef struct weir_ast_measure {
    weir_ast_expr *expr;
    weir_ast_ident alias;
} weir_ast_measure;
typedef struct weir_ast_definition {
    weir_ast_ident variable;
    weir_ast_expr *condition;
} weir_ast_definition;
typedef struct weir_ast_subset {
    weir_ast_ident name;
    const weir_ast_ident *variables;
    size_t variable_count;
} weir_ast_subset;

typedef struct weir_ast_match {
    weir_position position;
    weir_ast_expr_list partition_by;
    weir_ast_order_list order_by;
    const weir_ast_measure *measures;
    size_t measure_count;
    weir_ast_match_rows rows;
    weir_ast_skip skip;
    weir_ast_ident skip_variable; /* text.data NULL when none */
    weir_ast_pattern *pattern;
    bool anchored_start, anchored_end; /* PATTERN (^ ... $) */
    weir_ast_expr *within;             /* an interval; NULL when none */
    const weir_ast_subset *subsets;
    size_t subset_count;
    const weir_ast_definition *definitions;
    size_t definition_count;
} weir_ast_match;

/* ---- FROM ---- */

typedef enum weir_ast_table_kind {
    WEIR_AST_TABLE_NAMED,    /* named: t, db.t, c.d.t */
    WEIR_AST_TABLE_SUBQUERY, /* subquery: (SELECT ...), (VALUES ...), [LATERAL] (SELECT ...) */
    WEIR_AST_TABLE_FUNCTION, /* function: TABLE(f(...)), LATERAL TABLE(f(...)), f(...) */
    WEIR_AST_TABLE_UNNEST,   /* unnest */
    WEIR_AST_TABLE_MATCH,    /* match: input MATCH_RECOGNIZE (...) */
    WEIR_AST_TABLE_JOIN,     /* join */
} weir_ast_table_kind;

typedef enum weir_ast_join_kind {
    WEIR_AST_JOIN_INNER,
    WEIR_AST_JOIN_LEFT,
    WEIR_AST_JOIN_RIGHT,
    WEIR_AST_JOIN_FULL,
    WEIR_AST_JOIN_CROSS,
    WEIR_AST_JOIN_COMMA,
} weir_ast_join_kind;

struct weir_ast_table_ref {
    weir_ast_table_kind kind;
    weir_position position;
    bool lateral;
    /* of every kind but JOIN */
    weir_ast_ident alias; /* text.data NULL when none */
    const weir_ast_ident *columns; /* alias (a, b, c) */
    size_t column_count;
    weir_ast_hints hints;        /* written behind the name */
    weir_ast_expr *system_time;  /* FOR SYSTEM_TIME AS OF expr; NULL when none */
    struct {
        bool present, bernoulli, repeatable; /* otherwise SYSTEM */
        weir_text percentage, seed;
        weir_position position;
    } sample;
    union {
        struct {
            weir_ast_name name;
        } named;
        const weir_ast_query *subquery;
        struct {
            weir_ast_expr *call; /* a WEIR_AST_EXPR_CALL */
        } function;
        struct {
            weir_ast_expr_list collections; /* one; several are standard SQL but not Flink's */
            bool with_ordinality;
        } unnest;
        struct {
            const weir_ast_table_ref *input;
            const weir_ast_match *match;
        } match;
        struct {
            weir_ast_join_kind kind;
            bool natural;
            const weir_ast_table_ref *left, *right;
            weir_ast_expr *condition;    /* ON; NULL when none */
            const weir_ast_ident *using_columns;
            size_t using_count;
            weir_position keyword_position; /* of the word JOIN, or the comma */
        } join;
    } as;
};

/* ---- SELECT ---- */

typedef struct weir_ast_select_item {
    weir_ast_expr *expr;  /* STAR nodes as well */
    weir_ast_ident alias; /* text.data NULL when none */
    weir_position position;
} weir_ast_select_item;

typedef enum weir_ast_group_kind {
    WEIR_AST_GROUP_EXPRESSION,    /* exprs has one; a parenthesised list (a, b) has several */
    WEIR_AST_GROUP_EMPTY,         /* () */
    WEIR_AST_GROUP_GROUPING_SETS, /* items */
    WEIR_AST_GROUP_ROLLUP,        /* items: expressions or lists */
    WEIR_AST_GROUP_CUBE,
} weir_ast_group_kind;
typedef struct weir_ast_group_item weir_ast_group_item;
struct weir_ast_group_item {
    weir_ast_group_kind kind;
    weir_position position;
    weir_ast_expr_list exprs;
    const weir_ast_group_item *items;
    size_t item_count;
};

typedef struct weir_ast_named_window {
    weir_ast_ident name;
    const weir_ast_window *window;
} weir_ast_named_window;

typedef struct weir_ast_select {
    weir_position position;
    weir_ast_hints hints;
    bool stream;        /* SELECT STREAM: Calcite's word; Flink accepts and ignores it no more, the binder refuses it */
    bool distinct;      /* SELECT ALL is the default */
    const weir_ast_select_item *items;
    size_t item_count;
    const weir_ast_table_ref *from; /* NULL: SELECT 1 */
    weir_ast_expr *where;           /* NULL when none */
    bool grouped;                   /* GROUP BY was written */
    bool group_distinct;            /* GROUP BY DISTINCT */
    const weir_ast_group_item *groups;
    size_t group_count;
    weir_ast_expr *having;
    const weir_ast_named_window *windows; /* WINDOW w AS (...) */
    size_t window_count;
    weir_ast_expr *qualify;
} weir_ast_select;

/* ---- queries ---- */

typedef enum weir_ast_query_kind {
    WEIR_AST_QUERY_SELECT, /* select */
    WEIR_AST_QUERY_SET,    /* set */
    WEIR_AST_QUERY_VALUES, /* rows: each item is a ROW node */
    WEIR_AST_QUERY_TABLE,  /* table: TABLE t */
    WEIR_AST_QUERY_NESTED, /* nested: a parenthesised query that got a WITH, ORDER BY or LIMIT of its own outside */
} weir_ast_query_kind;
typedef enum weir_ast_set_op { WEIR_AST_UNION, WEIR_AST_INTERSECT, WEIR_AST_EXCEPT } weir_ast_set_op; /* MINUS is EXCEPT */

typedef struct weir_ast_with_item {
    weir_ast_ident name;
    const weir_ast_ident *columns;
    size_t column_count;
    const weir_ast_query *query;
    weir_position position;
} weir_ast_with_item;

struct weir_ast_query {
    weir_ast_query_kind kind;
    weir_position position;
    bool parenthesized;
    bool recursive; /* WITH RECURSIVE */
    const weir_ast_with_item *with;
    size_t with_count;
    weir_ast_order_list order_by;
    weir_ast_expr *offset; /* OFFSET, or LIMIT start, count; NULL when none */
    weir_ast_expr *limit;  /* LIMIT or FETCH; NULL when none or LIMIT ALL */
    union {
        const weir_ast_select *select;
        struct {
            weir_ast_set_op op;
            bool all;
            const weir_ast_query *left, *right;
            weir_position op_position;
        } set;
        weir_ast_expr_list rows;
        weir_ast_name table;
        const weir_ast_query *nested;
    } as;
};

#endif

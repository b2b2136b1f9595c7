/* The syntax tree, part three: statements. See sql/ast.h for the conventions.
 *
 * Everything Flink 2.3 has a statement for is parsed, also what Weir does not carry out, so that it can be refused by its
 * name and not as a mistake in the grammar.
 */
#ifndef WEIR_SQL_AST_STATEMENT_H
#define WEIR_SQL_AST_STATEMENT_H

#include "sql/ast_query.h"

typedef struct weir_ast_statement weir_ast_statement;

/* ---- parts of CREATE and ALTER TABLE ---- */

typedef enum weir_ast_column_kind { WEIR_AST_COLUMN_PHYSICAL, WEIR_AST_COLUMN_METADATA, WEIR_AST_COLUMN_COMPUTED } weir_ast_column_kind;
typedef enum weir_ast_enforcement { WEIR_AST_ENFORCEMENT_NOT_WRITTEN, WEIR_AST_ENFORCED, WEIR_AST_NOT_ENFORCED } weir_ast_enforcement;

typedef struct weir_ast_constraint {
    weir_position position;
    weir_ast_ident name; /* text.data NULL when none */
    bool unique;         /* UNIQUE rather than PRIMARY KEY; never supported */
    const weir_ast_ident *columns;
    size_t column_count;
    weir_ast_enforcement enforcement;
    bool inline_column; /* written behind its column */
} weir_ast_constraint;

typedef enum weir_ast_column_place { WEIR_AST_PLACE_NOT_WRITTEN, WEIR_AST_PLACE_FIRST, WEIR_AST_PLACE_AFTER } weir_ast_column_place;

typedef struct weir_ast_column {
    weir_ast_column_kind kind;
    weir_position position;
    weir_ast_name name;               /* one part; ALTER TABLE may name nested fields */
    const weir_ast_type *type;        /* NULL for COMPUTED, and in CREATE TABLE t (a, b) AS SELECT */
    weir_ast_expr *expr;              /* COMPUTED */
    bool metadata_key_written;        /* METADATA FROM 'key' */
    weir_text metadata_key;
    bool is_virtual;
    const weir_ast_constraint *constraint; /* inline PRIMARY KEY; NULL when none. Also in the table's list */
    bool has_comment;
    weir_text comment;
    weir_ast_column_place place; /* ALTER TABLE: FIRST, AFTER after */
    weir_ast_name after;
} weir_ast_column;

typedef struct weir_ast_watermark {
    weir_position position;
    weir_ast_name column;
    weir_ast_expr *expr;
} weir_ast_watermark;

/* DISTRIBUTED [BY [HASH|RANGE](a, b)] [INTO n BUCKETS] */
typedef struct weir_ast_distribution {
    bool present;
    weir_text kind; /* "HASH", "RANGE", or empty */
    const weir_ast_ident *columns;
    size_t column_count;
    weir_text bucket_count; /* digits; empty when not written */
    weir_position position;
} weir_ast_distribution;

typedef enum weir_ast_like_merge {
    WEIR_AST_LIKE_INCLUDING,
    WEIR_AST_LIKE_EXCLUDING,
    WEIR_AST_LIKE_OVERWRITING,
} weir_ast_like_merge;
typedef enum weir_ast_like_feature {
    WEIR_AST_LIKE_ALL,
    WEIR_AST_LIKE_CONSTRAINTS,
    WEIR_AST_LIKE_DISTRIBUTION,
    WEIR_AST_LIKE_GENERATED,
    WEIR_AST_LIKE_METADATA,
    WEIR_AST_LIKE_OPTIONS,
    WEIR_AST_LIKE_PARTITIONS,
    WEIR_AST_LIKE_WATERMARKS,
} weir_ast_like_feature;
typedef struct weir_ast_like_option {
    weir_ast_like_merge merge;
    weir_ast_like_feature feature;
    weir_position position;
} weir_ast_like_option;
typedef struct weir_ast_like_clause {
    weir_ast_name source;
    const weir_ast_like_option *options;
    size_t option_count;
} weir_ast_like_clause;

typedef struct weir_ast_create_table {
    weir_ast_name name;
    bool or_replace, temporary, if_not_exists;
    bool replace_only;    /* REPLACE TABLE: it must be there */
    bool columns_written; /* the parenthesised list is there: columns, constraints, the watermark */
    const weir_ast_column *columns;
    size_t column_count;
    const weir_ast_constraint *constraints; /* inline and outline ones */
    size_t constraint_count;
    const weir_ast_watermark *watermark; /* NULL when none; a second one is a parse error */
    bool has_comment;
    weir_text comment;
    weir_ast_distribution distribution;
    const weir_ast_ident *partitions; /* PARTITIONED BY */
    size_t partition_count;
    bool has_options;
    weir_ast_options options;
    const weir_ast_like_clause *like; /* NULL when none */
    const weir_ast_query *query;      /* AS query; NULL when none */
} weir_ast_create_table;

typedef struct weir_ast_create_view {
    weir_ast_name name;
    bool or_replace, temporary, if_not_exists;
    const weir_ast_ident *columns;
    size_t column_count;
    bool has_comment;
    weir_text comment;
    const weir_ast_query *query; /* its position gives the text in the script */
} weir_ast_create_view;

/* CREATE CATALOG, DATABASE */
typedef struct weir_ast_create_space {
    weir_ast_name name;
    bool if_not_exists;
    bool has_comment;
    weir_text comment;
    weir_ast_options options;
} weir_ast_create_space;

/* CREATE and ALTER FUNCTION */
typedef struct weir_ast_create_function {
    weir_ast_name name;
    bool temporary, system, if_not_exists; /* for ALTER: if_exists is if_not_exists */
    weir_text class_name;
    weir_text language; /* upper case; empty when not written */
    const weir_text *resources; /* USING JAR 'path' */
    size_t resource_count;
    weir_ast_options options;
} weir_ast_create_function;

/* ---- DROP ---- */

typedef enum weir_ast_object {
    WEIR_AST_OBJECT_TABLE,
    WEIR_AST_OBJECT_VIEW,
    WEIR_AST_OBJECT_DATABASE,
    WEIR_AST_OBJECT_CATALOG,
    WEIR_AST_OBJECT_FUNCTION,
    WEIR_AST_OBJECT_MODEL,
    WEIR_AST_OBJECT_MATERIALIZED_TABLE,
    WEIR_AST_OBJECT_CONNECTION,
} weir_ast_object;
const char *weir_ast_object_name(weir_ast_object object); /* "TABLE", "MATERIALIZED TABLE", ... */

typedef struct weir_ast_drop {
    weir_ast_object object;
    weir_ast_name name;
    bool temporary, system, if_exists;
    bool cascade; /* DATABASE; RESTRICT is the default */
} weir_ast_drop;

/* ---- ALTER ---- */

typedef enum weir_ast_alter_kind {
    WEIR_AST_ALTER_RENAME,            /* RENAME TO new_name: TABLE, VIEW */
    WEIR_AST_ALTER_RENAME_COLUMN,     /* RENAME column TO new_name */
    WEIR_AST_ALTER_SET,               /* SET (options) */
    WEIR_AST_ALTER_RESET,             /* RESET (keys): keys are in options with empty values */
    WEIR_AST_ALTER_ADD,               /* ADD columns, constraint, watermark, distribution */
    WEIR_AST_ALTER_MODIFY,            /* MODIFY the same */
    WEIR_AST_ALTER_DROP_COLUMNS,      /* DROP a, DROP (a, b) */
    WEIR_AST_ALTER_DROP_PRIMARY_KEY,
    WEIR_AST_ALTER_DROP_CONSTRAINT,   /* new_name is the constraint */
    WEIR_AST_ALTER_DROP_WATERMARK,
    WEIR_AST_ALTER_DROP_DISTRIBUTION,
    WEIR_AST_ALTER_ADD_PARTITIONS,    /* partitions */
    WEIR_AST_ALTER_DROP_PARTITIONS,   /* partitions */
    WEIR_AST_ALTER_COMPACT,           /* ALTER TABLE t [PARTITION (..)] COMPACT */
    WEIR_AST_ALTER_AS,                /* ALTER VIEW v AS query */
    WEIR_AST_ALTER_COMMENT,           /* ALTER CATALOG c COMMENT 'text' */
    WEIR_AST_ALTER_OTHER,             /* of a materialized table or model: never supported; `what` names it */
} weir_ast_alter_kind;

/* One PARTITION (k = v, ...) [WITH (...)]. */
typedef struct weir_ast_partition {
    const weir_ast_ident *names;
    weir_ast_expr *const *values; /* literals; a NULL pointer where only the name was written */
    size_t count;
    weir_ast_options options;
    weir_position position;
} weir_ast_partition;

typedef struct weir_ast_alter {
    weir_ast_object object;
    weir_ast_alter_kind kind;
    weir_ast_name name;
    bool if_exists;      /* ALTER TABLE IF EXISTS */
    bool element_exists; /* ADD IF NOT EXISTS PARTITION, DROP IF EXISTS ... */
    weir_ast_name new_name;
    weir_ast_name column; /* RENAME_COLUMN */
    const weir_ast_name *dropped;
    size_t dropped_count;
    const weir_ast_column *columns;
    size_t column_count;
    const weir_ast_constraint *constraints;
    size_t constraint_count;
    const weir_ast_watermark *watermark;
    weir_ast_distribution distribution;
    const weir_ast_partition *partitions;
    size_t partition_count;
    weir_ast_options options;
    const weir_ast_query *query;
    weir_text comment;
    weir_text what;
} weir_ast_alter;

/* ---- SHOW, DESCRIBE, EXPLAIN ---- */

typedef enum weir_ast_show_kind {
    WEIR_AST_SHOW_TABLES,
    WEIR_AST_SHOW_VIEWS,
    WEIR_AST_SHOW_MATERIALIZED_TABLES,
    WEIR_AST_SHOW_COLUMNS,         /* FROM table */
    WEIR_AST_SHOW_DATABASES,       /* [FROM catalog] */
    WEIR_AST_SHOW_CATALOGS,
    WEIR_AST_SHOW_FUNCTIONS,       /* user_only: SHOW USER FUNCTIONS */
    WEIR_AST_SHOW_PROCEDURES,
    WEIR_AST_SHOW_MODELS,
    WEIR_AST_SHOW_MODULES,         /* full: SHOW FULL MODULES */
    WEIR_AST_SHOW_PARTITIONS,      /* table [PARTITION (...)] */
    WEIR_AST_SHOW_CURRENT_CATALOG,
    WEIR_AST_SHOW_CURRENT_DATABASE,
    WEIR_AST_SHOW_CREATE,          /* SHOW CREATE `object` name */
    WEIR_AST_SHOW_JOBS,
    WEIR_AST_SHOW_JARS,
    WEIR_AST_SHOW_CONNECTIONS,
} weir_ast_show_kind;

typedef enum weir_ast_show_like { WEIR_AST_SHOW_ALL, WEIR_AST_SHOW_LIKE, WEIR_AST_SHOW_ILIKE } weir_ast_show_like;

typedef struct weir_ast_show {
    weir_ast_show_kind kind;
    weir_ast_object object; /* SHOW CREATE */
    bool temporary;         /* SHOW TEMPORARY TABLES, VIEWS: refused by Flink, too */
    bool user_only, full;
    weir_ast_name from;     /* FROM or IN, the table of COLUMNS and PARTITIONS, the name of SHOW CREATE; count 0 when none */
    const weir_ast_partition *partition; /* NULL when none */
    weir_ast_show_like like;
    bool not_like;
    weir_text pattern;
} weir_ast_show;

typedef enum weir_ast_describe_kind {
    WEIR_AST_DESCRIBE_TABLE,
    WEIR_AST_DESCRIBE_CATALOG,
    WEIR_AST_DESCRIBE_DATABASE,
    WEIR_AST_DESCRIBE_FUNCTION,
    WEIR_AST_DESCRIBE_MODEL,
    WEIR_AST_DESCRIBE_JOB, /* job_id */
} weir_ast_describe_kind;
typedef struct weir_ast_describe {
    weir_ast_describe_kind kind;
    bool extended;
    weir_ast_name name;
    weir_text job_id;
} weir_ast_describe;

typedef struct weir_ast_explain {
    bool plan_for; /* EXPLAIN PLAN FOR */
    bool estimated_cost, changelog_mode, json_execution_plan, plan_advice, analyzed_physical_plan;
    const weir_ast_statement *statement; /* query, INSERT, statement set, CTAS, COMPILE-free */
} weir_ast_explain;

/* ---- INSERT, statement sets and the rest ---- */

typedef struct weir_ast_insert {
    weir_ast_name target;
    weir_ast_hints hints;
    bool overwrite;                      /* INSERT OVERWRITE */
    bool upsert;                         /* UPSERT INTO: never supported */
    const weir_ast_partition *partition; /* PARTITION (p = 'x', q); NULL when none */
    const weir_ast_ident *columns;       /* (a, b); may hold nested names in Calcite, not in Flink */
    size_t column_count;
    const weir_ast_query *query;
    weir_text on_conflict; /* ON CONFLICT DO ...: "NOTHING", "ERROR", "DEDUPLICATE"; empty when not written */
} weir_ast_insert;

typedef struct weir_ast_statement_set {
    const weir_ast_statement *const *inserts;
    size_t insert_count;
} weir_ast_statement_set;

typedef struct weir_ast_assignment {
    weir_ast_name column;
    weir_ast_expr *value;
} weir_ast_assignment;

/* UPDATE, DELETE, TRUNCATE */
typedef struct weir_ast_change {
    weir_ast_name target;
    weir_ast_ident alias; /* text.data NULL when none */
    const weir_ast_assignment *assignments;
    size_t assignment_count;
    weir_ast_expr *where; /* NULL when none */
} weir_ast_change;

typedef enum weir_ast_statement_kind {
    WEIR_AST_STATEMENT_QUERY,                /* query */
    WEIR_AST_STATEMENT_INSERT,               /* insert */
    WEIR_AST_STATEMENT_SET_BLOCK,            /* statement_set: [EXECUTE] STATEMENT SET BEGIN ... END */
    WEIR_AST_STATEMENT_BEGIN_STATEMENT_SET,  /* BEGIN STATEMENT SET; the INSERTs follow as statements of their own ... */
    WEIR_AST_STATEMENT_END,                  /* ... up to END; */
    WEIR_AST_STATEMENT_EXECUTE,              /* inner: EXECUTE query or INSERT */
    WEIR_AST_STATEMENT_EXECUTE_PLAN,         /* text: EXECUTE PLAN 'file' */
    WEIR_AST_STATEMENT_COMPILE_PLAN,         /* inner, text: COMPILE PLAN 'file' [IF NOT EXISTS] FOR ...; COMPILE AND EXECUTE PLAN */
    WEIR_AST_STATEMENT_CREATE_TABLE,         /* create_table */
    WEIR_AST_STATEMENT_CREATE_VIEW,          /* create_view */
    WEIR_AST_STATEMENT_CREATE_DATABASE,      /* create_space */
    WEIR_AST_STATEMENT_CREATE_CATALOG,       /* create_space */
    WEIR_AST_STATEMENT_CREATE_FUNCTION,      /* create_function */
    WEIR_AST_STATEMENT_CREATE_OTHER,         /* text: "MODEL", "MATERIALIZED TABLE", "CONNECTION"; name; never supported */
    WEIR_AST_STATEMENT_DROP,                 /* drop */
    WEIR_AST_STATEMENT_ALTER,                /* alter */
    WEIR_AST_STATEMENT_ALTER_FUNCTION,       /* create_function */
    WEIR_AST_STATEMENT_SET,                  /* option: key, value; SET alone has key.data NULL, SET 'k' has value.data NULL */
    WEIR_AST_STATEMENT_RESET,                /* option: key; RESET alone has key.data NULL */
    WEIR_AST_STATEMENT_USE,                  /* use.name: USE db */
    WEIR_AST_STATEMENT_USE_CATALOG,          /* use.name */
    WEIR_AST_STATEMENT_USE_MODULES,          /* use.modules */
    WEIR_AST_STATEMENT_SHOW,                 /* show */
    WEIR_AST_STATEMENT_DESCRIBE,             /* describe */
    WEIR_AST_STATEMENT_EXPLAIN,              /* explain */
    WEIR_AST_STATEMENT_UPDATE,               /* change */
    WEIR_AST_STATEMENT_DELETE,               /* change */
    WEIR_AST_STATEMENT_TRUNCATE,             /* change */
    WEIR_AST_STATEMENT_ANALYZE,              /* use.name: ANALYZE TABLE t ... */
    WEIR_AST_STATEMENT_CALL,                 /* call: a CALL expression */
    WEIR_AST_STATEMENT_LOAD_MODULE,          /* use.name, use.options */
    WEIR_AST_STATEMENT_UNLOAD_MODULE,        /* use.name */
    WEIR_AST_STATEMENT_ADD_JAR,              /* text: the path */
    WEIR_AST_STATEMENT_REMOVE_JAR,           /* text */
    WEIR_AST_STATEMENT_STOP_JOB,             /* job */
    WEIR_AST_STATEMENT_HELP,                 /* client words, each alone: HELP, CLEAR, QUIT or EXIT */
    WEIR_AST_STATEMENT_CLEAR,
    WEIR_AST_STATEMENT_QUIT,
} weir_ast_statement_kind;

/* What people call it: "CREATE TABLE", "INSERT", ...; for errors and listings. */
const char *weir_ast_statement_name(const weir_ast_statement *statement);

struct weir_ast_statement {
    weir_ast_statement_kind kind;
    weir_position position; /* from the first token to the last, without the semicolon */
    union {
        const weir_ast_query *query;
        weir_ast_insert insert;
        weir_ast_statement_set statement_set;
        struct {
            const weir_ast_statement *statement;
            weir_text text;
            bool if_not_exists, and_execute;
        } inner;
        const weir_ast_create_table *create_table;
        const weir_ast_create_view *create_view;
        weir_ast_create_space create_space;
        weir_ast_create_function create_function;
        struct {
            weir_text what;
            weir_ast_name name;
        } other;
        weir_ast_drop drop;
        const weir_ast_alter *alter;
        weir_ast_option option;
        struct {
            weir_ast_name name;
            const weir_ast_ident *modules;
            size_t module_count;
            weir_ast_options options;
        } use;
        weir_ast_show show;
        weir_ast_describe describe;
        weir_ast_explain explain;
        weir_ast_change change;
        weir_ast_expr *call;
        weir_text text;
        struct {
            weir_text id;
            bool with_savepoint, with_drain;
        } job;
    } as;
};

/* A whole script; `statements` are in order. */
typedef struct weir_ast_script {
    const weir_ast_statement *const *statements;
    size_t statement_count;
} weir_ast_script;

#endif

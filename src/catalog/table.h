/* What a CREATE TABLE or CREATE VIEW says, checked but not resolved: expressions are kept as SQL text and bound when the table is used.
 * Immutable; replaced as a whole by ALTER. Lives in the catalog's arena. */
#ifndef WEIR_CATALOG_TABLE_H
#define WEIR_CATALOG_TABLE_H

#include "base/arena.h"
#include "base/status.h"
#include "types/type.h"

typedef struct weir_option {
    weir_text key;
    weir_text value;
    weir_position position;
} weir_option;

typedef enum weir_table_column_kind { WEIR_COLUMN_PHYSICAL, WEIR_COLUMN_COMPUTED, WEIR_COLUMN_METADATA } weir_table_column_kind;

typedef struct weir_table_column {
    weir_table_column_kind kind;
    weir_text name;
    const weir_type *type;  /* of a computed column: as bound when the table was created */
    weir_text expression;   /* computed: SQL text in Flink's expanded style */
    weir_text metadata_key; /* metadata: FROM '...', else the name */
    bool is_virtual;        /* metadata: VIRTUAL */
    weir_text comment;      /* data NULL: none */
} weir_table_column;

typedef struct weir_watermark_spec {
    bool present;
    weir_text column;      /* a.b for nested is refused earlier */
    weir_text expression;  /* SQL text */
    const weir_type *type; /* of the expression */
} weir_watermark_spec;

typedef enum weir_table_kind { WEIR_TABLE, WEIR_VIEW } weir_table_kind;

typedef struct weir_table {
    weir_table_kind kind;
    bool temporary;
    weir_text catalog, database, name;
    uint32_t column_count;
    const weir_table_column *columns;
    weir_watermark_spec watermark;
    uint32_t key_count; /* PRIMARY KEY ... NOT ENFORCED: column indexes */
    const uint32_t *key;
    weir_text key_name;
    uint32_t partition_count; /* PARTITIONED BY: column indexes */
    const uint32_t *partitions;
    weir_text distribution; /* DISTRIBUTED BY ... INTO ... BUCKETS, as it is shown; empty: none */
    uint32_t option_count;
    const weir_option *options;
    weir_text comment;
    weir_text view_query;    /* WEIR_VIEW: expanded SQL text */
    weir_text view_original; /* as written */
    void *registered;        /* a table handed in through the C API: the connector "arrow" knows what it is; else NULL */
} weir_table;

const weir_option *weir_table_option(const weir_table *table, const char *key); /* NULL: not given */
/* The text of an option; data NULL: not given. */
weir_text weir_table_option_text(const weir_table *table, const char *key);
/* Typed options: `fallback` when not given; WEIR_VALIDATE at the option's position, naming the key, when the value is none. */
weir_status weir_table_option_bool(const weir_table *table, const char *key, bool fallback, bool *out, weir_error *error) WEIR_MUST_USE;
weir_status weir_table_option_i64(const weir_table *table, const char *key, int64_t least, int64_t most, int64_t fallback, int64_t *out,
                                  weir_error *error) WEIR_MUST_USE;
weir_status weir_table_option_duration(const weir_table *table, const char *key, int64_t fallback_ms, int64_t *out_ms,
                                       weir_error *error) WEIR_MUST_USE;
/* One of `words` (ended by NULL; case-blind); *out is its index. */
weir_status weir_table_option_word(const weir_table *table, const char *key, const char *const *words, int fallback, int *out,
                                   weir_error *error) WEIR_MUST_USE;
/* The error that all of these give: "Invalid value for option 'k'." and what was expected. */
weir_status weir_option_invalid(const weir_option *option, const char *expected, weir_error *error) WEIR_MUST_USE;

/* Texts that stand for values in options: true / false in any case; "500 ms", "10s", "1 min", "PT5M"; "64 kb", "128mb". */
bool weir_option_parse_bool(weir_text text, bool *out) WEIR_MUST_USE;
bool weir_option_parse_i64(weir_text text, int64_t *out) WEIR_MUST_USE;
bool weir_option_parse_duration_ms(weir_text text, int64_t *out_ms) WEIR_MUST_USE;
bool weir_option_parse_size_bytes(weir_text text, uint64_t *out_bytes) WEIR_MUST_USE;

/* Index of the column of this name (case counts), UINT32_MAX when there is none. */
uint32_t weir_table_column_index(const weir_table *table, weir_text name);
bool weir_table_is_partition(const weir_table *table, uint32_t column_index);
/* A deep copy in `arena`; NULL without memory. `registered` is copied as the pointer it is. */
weir_table *weir_table_copy(weir_arena *arena, const weir_table *table) WEIR_MUST_USE;

#endif

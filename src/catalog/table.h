/* What a CREATE TABLE or CREATE VIEW says, checked but not resolved: expressions are kept as SQL text and bound when the table is used.
 * Immutable; replaced as a whole by ALTER. Lives in the catalog's arena. */
#ifndef WEIR_CATALOG_TABLE_H
#define WEIR_CATALOG_TABLE_H

#include "base/arena.h"
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
    const weir_type *type;     /* of a computed column: as bound when the table was created */
    weir_text expression;      /* computed: SQL text in Flink's expanded style */
    weir_text metadata_key;    /* metadata: FROM '...', else the name */
    bool is_virtual;           /* metadata: VIRTUAL */
    weir_text comment;         /* data NULL: none */
} weir_table_column;

typedef struct weir_watermark_spec {
    bool present;
    weir_text column;          /* a.b for nested is refused earlier */
    weir_text expression;      /* SQL text */
    const weir_type *type;     /* of the expression */
} weir_watermark_spec;

typedef enum weir_table_kind { WEIR_TABLE, WEIR_VIEW } weir_table_kind;

typedef struct weir_table {
    weir_table_kind kind;
    bool temporary;
    weir_text catalog, database, name;
    uint32_t column_count;
    const weir_table_column *columns;
    weir_watermark_spec watermark;
    uint32_t key_count;              /* PRIMARY KEY ... NOT ENFORCED: column indexes */
    const uint32_t *key;
    weir_text key_name;
    uint32_t partition_count;        /* PARTITIONED BY: column indexes */
    const uint32_t *partitions;
    uint32_t option_count;
    const weir_option *options;
    weir_text comment;
    weir_text view_query;            /* WEIR_VIEW: expanded SQL text */
    weir_text view_original;         /* as written */
    void *registered;                /* a table handed in through the C API: the connector "arrow" knows what it is; else NULL */
} weir_table;

const weir_option *weir_table_option(const weir_table *table, const char *key); /* NULL: not given */

#endif

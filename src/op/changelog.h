/* Small operators on the kinds of rows. */
#ifndef WEIR_OP_CHANGELOG_H
#define WEIR_OP_CHANGELOG_H

#include "op/operator.h"

/* Drops -U (the consumer takes upserts). */
extern const weir_operator_vtable weir_drop_update_before_operator; /* spec: NULL */

/* Makes a full changelog of an upsert one: remembers the last row of each key, adds the missing -U, turns the first +U into +I, drops a -D
 * for nothing. Also upsert-kafka-like sources. */
typedef struct weir_changelog_normalize_spec {
    uint32_t input_count;
    const weir_type *const *input_types;
    uint32_t key_count;
    const uint32_t *keys;
    bool emit_update_before;
} weir_changelog_normalize_spec;
extern const weir_operator_vtable weir_changelog_normalize_operator;

/* INTERSECT ALL / EXCEPT ALL: input columns + a BIGINT count; repeats the row count times. */
typedef struct weir_replicate_spec {
    uint32_t count_column;
    uint32_t output_count; /* leading columns kept */
    const weir_type *const *output_types;
} weir_replicate_spec;
extern const weir_operator_vtable weir_replicate_operator;

/* NOT NULL columns of a sink: fails the job (or drops the row) when a NULL arrives: "Column '%s' is NOT NULL, however, a null value is
 * being written into it. ..." */
typedef struct weir_not_null_spec {
    uint32_t count;
    const uint32_t *columns;
    const weir_text *names;
} weir_not_null_spec;
extern const weir_operator_vtable weir_not_null_operator;

#endif

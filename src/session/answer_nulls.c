/* NULL in a result's column that cannot be NULL by its type. Flink puts its NOT NULL enforcer before the sink of every SELECT, too: such a
 * row fails the job, or is dropped (table.exec.sink.not-null-enforcer). Such values come from casts and functions that give NULL where
 * their declared type has none, such as a DECIMAL that does not fit. A batch without NULLs costs a look at each column's bitmap. */
#include "session/session_int.h"

/* The first selected row (as a place in the selection) with such a NULL, and its column; UINT32_MAX: none. */
static uint32_t first_unexpected(const weir_answer *answer, const weir_batch *batch, uint32_t *column) {
    uint32_t first = UINT32_MAX;
    for (uint32_t c = 0; c < answer->schema.count && c < batch->column_count; c++) {
        const uint8_t *valid = batch->columns[c]->valid;
        if (valid == NULL || answer->schema.fields[c].type->nullable)
            continue;
        for (uint32_t k = 0; k < batch->selected && k < first; k++) {
            if (!valid[batch->selection == NULL ? k : batch->selection[k]]) {
                first = k;
                *column = c;
            }
        }
    }
    return first;
}

static bool is_fine(const weir_answer *answer, const weir_batch *batch, uint32_t row) {
    for (uint32_t c = 0; c < answer->schema.count && c < batch->column_count; c++)
        if (!answer->schema.fields[c].type->nullable && !weir_column_is_valid(batch->columns[c], row))
            return false;
    return true;
}

/* Keep the places of the selection before `end` whose rows are fine. */
static weir_status keep_fine(const weir_answer *answer, weir_batch *batch, uint32_t end, weir_error *error) {
    bool whole = batch->selection == NULL;
    uint32_t kept = 0;
    if (whole && weir_batch_open_selection(batch, batch->rows) == NULL)
        return weir_fail_memory(error, "a result", batch->rows * sizeof(uint32_t));
    for (uint32_t k = 0; k < end; k++) {
        uint32_t row = whole ? k : batch->selection[k];
        if (is_fine(answer, batch, row))
            batch->selection[kept++] = row;
    }
    batch->selected = kept;
    return WEIR_OK;
}

weir_status answer_check_nulls(weir_answer *answer, weir_batch *batch, weir_error *error) {
    uint32_t column = 0, first = first_unexpected(answer, batch, &column);
    if (first == UINT32_MAX)
        return WEIR_OK;
    if (!answer->plan_settings.operators.fail_on_not_null)
        return keep_fine(answer, batch, batch->selected, error);
    weir_text name = answer->schema.fields[column].name;
    answer->failed_on_null = true;
    WEIR_TRY(keep_fine(answer, batch, first, error));
    weir_fail(&answer->null_failure, WEIR_RUNTIME,
              "Column '%.*s' is NOT NULL, however, a null value is being written into it. You can set job configuration "
              "'table.exec.sink.not-null-enforcer'='DROP' to suppress this exception and drop such records silently.",
              WEIR_TEXT_ARGS(name));
    return WEIR_OK;
}

/* Every row's changes, as Flink's GroupAggFunction gives them:
 *
 *     first record of a group          +I after
 *     last record of a group retracted -D before, and the group is forgotten
 *     else, when the result differs    -U before (unless the consumer takes upserts), +U after
 *     a retraction for no group        nothing
 *
 * With a TTL a row that changes nothing is sent as well: it keeps the consumer's state alive.
 *
 * The calls replay the whole batch column by column. Only where a group dies and comes back within a batch is the batch cut into runs,
 * since its states must be cleared in between.
 */
#include <string.h>

#include "op/group_aggregate_int.h"

/* Rows from position *at on whose groups need no clearing in between; the rest is for the next run. */
static uint32_t run_collect(group_aggregate *self, uint32_t *at, int64_t now_ms) {
    const weir_batch *batch = self->batch;
    uint32_t count = 0;
    for (; *at < batch->selected; ++*at) {
        uint32_t row = batch->selection == NULL ? *at : batch->selection[*at];
        group_head *head = self->values[row];
        if (self->expiry.ttl_ms > 0)
            group_expire(self, head, now_ms);
        if (head->cleared)
            break;
        bool retracts = group_retracts(self, row);
        self->first[row] = self->gone[row] = self->differs[row] = 0;
        if (head->count == 0) {
            if (retracts) {
                group_list(self, head);
                self->first[row] = self->gone[row] = 1; /* both: the row does nothing */
                continue;
            }
            self->first[row] = 1;
        }
        head->count += retracts ? -1 : 1;
        head->stamp_ms = now_ms;
        if (head->count == 0) {
            self->gone[row] = 1;
            head->cleared = 1;
            group_list(self, head);
        }
        self->live[count++] = row;
    }
    return count;
}

static void run_clear(group_aggregate *self) {
    for (uint32_t i = 0; i < self->listed_count; i++) {
        group_head *head = self->listed[i];
        if (!head->cleared)
            continue;
        weir_agg_calls_clear(&self->calls, head);
        head->cleared = 0;
    }
}

static weir_status run_replay(group_aggregate *self, const weir_rows *rows, weir_error *error) {
    const weir_batch *batch = self->batch;
    WEIR_TRY(weir_agg_calls_replay(&self->calls, self->values, rows, batch->kinds, batch->columns, self->before, self->after, error));
    for (uint32_t i = 0; i < self->spec->call_count; i++) {
        if (self->before[i]->failed || self->after[i]->failed)
            return weir_fail_memory(error, self->base.context->name, batch->rows * 16);
        weir_columns_differ(self->before[i], self->after[i], rows, self->differs);
    }
    return WEIR_OK;
}

/* Append-only input without TTL: nothing dies, all rows are one run. */
static weir_status append_replay(group_aggregate *self, weir_error *error) {
    weir_rows rows = weir_batch_rows(self->batch);
    WEIR_FOR_ROWS(&rows, row, {
        ((group_head *)self->values[row])->count = 1;
        self->first[row] = self->created[row];
        self->gone[row] = self->differs[row] = 0;
    });
    return run_replay(self, &rows, error);
}

static weir_status runs_replay(group_aggregate *self, weir_error *error) {
    int64_t now_ms = self->expiry.ttl_ms > 0 ? weir_clock_wall_ms(self->base.context->evaluation->clock) : 0;
    for (uint32_t at = 0; at < self->batch->selected;) {
        weir_rows run = {self->live, run_collect(self, &at, now_ms)};
        WEIR_TRY(run_replay(self, &run, error));
        run_clear(self);
    }
    return WEIR_OK;
}

static weir_status changes_list(group_aggregate *self, weir_error *error) {
    const weir_batch *batch = self->batch;
    group_output *out = &self->out;
    bool always = self->expiry.ttl_ms > 0, before = self->spec->emit_update_before;
    uint32_t mark = 0;
    for (uint32_t k = 0; k <= batch->selected; k++) {
        uint32_t row = k == batch->selected ? UINT32_MAX : batch->selection == NULL ? k : batch->selection[k];
        for (; mark < batch->mark_count && batch->marks[mark].row <= row; mark++)
            if (batch->marks[mark].watermark_ms != WEIR_WATERMARK_END && !group_out_mark(self, batch->marks[mark].watermark_ms))
                return weir_fail_memory(error, self->base.context->name, sizeof(weir_mark));
        if (row == UINT32_MAX)
            break;
        if (self->first[row]) {
            if (!self->gone[row])
                group_out_row(out, row, 1, WEIR_INSERT);
        } else if (self->gone[row]) {
            group_out_row(out, row, 0, WEIR_DELETE);
        } else if (self->differs[row] || always) {
            if (before)
                group_out_row(out, row, 0, WEIR_UPDATE_BEFORE);
            group_out_row(out, row, 1, WEIR_UPDATE_AFTER);
        }
    }
    return WEIR_OK;
}

weir_status group_stream_batch(group_aggregate *self, weir_error *error) {
    const weir_batch *batch = self->batch;
    for (uint32_t i = 0; i < self->spec->key_count; i++)
        self->keys[i] = batch->columns[self->spec->keys[i]];
    WEIR_TRY(group_out_room(self, 2 * batch->selected, error));
    WEIR_TRY(weir_agg_calls_columns(&self->calls, batch->rows, self->before, error));
    WEIR_TRY(weir_agg_calls_columns(&self->calls, batch->rows, self->after, error));
    if (self->spec->input_retracts || batch->kinds != NULL || self->expiry.ttl_ms > 0)
        WEIR_TRY(runs_replay(self, error));
    else
        WEIR_TRY(append_replay(self, error));
    WEIR_TRY(changes_list(self, error));
    group_listed_sweep(self);
    return WEIR_OK;
}

/* What --output table is for a query whose rows only get more: the same table, but only the first rows are kept, until the columns' widths
 * are known; all later rows go straight out, so that a result may be of any size. A later cell that is wider than its column makes its line
 * longer, up to the width at which cells are cut. */
#include "cli/cli_int.h"

enum { HELD_ROWS = 4096 };

static void put_line(cli_show *show) {
    cli_out_write(&show->self->out, show->line.data, show->line.size);
    weir_builder_clear(&show->line);
}

static weir_status begin(cli_show *show, weir_error *error) {
    WEIR_TRY(cli_texts_init(&show->texts, &show->self->memory, show->schema, weir_answer_evaluation(show->answer), error));
    show->widths = WEIR_ARENA_ARRAY(&show->texts.arena, uint32_t, show->schema->count);
    return show->widths == NULL ? weir_fail_memory(error, "a result", show->schema->count) : WEIR_OK;
}

static weir_status put_batch(cli_show *show, const weir_batch *batch, weir_error *error) {
    WEIR_TRY(cli_texts_fill(&show->texts, batch, error));
    weir_rows rows = weir_batch_rows(batch);
    WEIR_FOR_ROWS(&rows, row, {
        cli_table_row(show, batch, row);
        if (show->line.size > 32 << 10)
            put_line(show);
    });
    put_line(show);
    return show->line.failed ? weir_fail(error, WEIR_MEMORY, "no memory for a row of the result") : WEIR_OK;
}

/* The widths from what is held, the head of the table, and all that is held. */
static weir_status start(cli_show *show, weir_error *error) {
    cli_table_widths_begin(show);
    for (size_t i = 0; i < show->held_count; i++) {
        WEIR_TRY(cli_texts_fill(&show->texts, show->held[i], error));
        cli_table_widths_add(show, show->held[i]);
    }
    cli_table_widths_end(show);
    cli_put_rule(&show->line, show->widths, show->schema->count);
    cli_table_row(show, NULL, 0);
    cli_put_rule(&show->line, show->widths, show->schema->count);
    put_line(show);
    show->streaming = true;
    weir_status status = WEIR_OK;
    for (size_t i = 0; i < show->held_count; i++) {
        if (status == WEIR_OK)
            status = put_batch(show, show->held[i], error);
        weir_batch_destroy(show->held[i]);
    }
    show->held_count = 0;
    return status;
}

static weir_status batch_in(cli_show *show, const weir_batch *batch, weir_error *error) {
    show->rows += batch->selected;
    if (show->streaming)
        return put_batch(show, batch, error);
    if (!weir_memory_grow(&show->self->memory, (void **)&show->held, &show->held_capacity, show->held_count + 1, sizeof show->held[0]))
        return weir_fail_memory(error, "a result", sizeof show->held[0]);
    weir_batch *shared = weir_batch_share(batch);
    if (shared == NULL)
        return weir_fail_memory(error, "a result", batch->rows);
    show->held[show->held_count++] = shared;
    return show->rows >= HELD_ROWS ? start(show, error) : WEIR_OK;
}

static weir_status end(cli_show *show, weir_error *error) {
    if (!show->streaming)
        WEIR_TRY(start(show, error));
    if (show->rows > 0)
        cli_put_rule(&show->line, show->widths, show->schema->count);
    cli_table_summary(show, show->rows);
    put_line(show);
    cli_out_flush(&show->self->out);
    return WEIR_OK;
}

const cli_output cli_output_rows = {"rows", "the table of a result that only grows", begin, batch_in, NULL, end, NULL};

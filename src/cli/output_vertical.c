/* --output vertical: one line a column, for rows that are wider than any screen. Rows that only get more are written as they come; the
 * others are added up first, as for a table. Cells are written whole: nothing is cut. */
#include "cli/cli_int.h"

static void put_lines(cli_show *show) {
    cli_out_write(&show->self->out, show->line.data, show->line.size);
    weir_builder_clear(&show->line);
}

static weir_status begin(cli_show *show, weir_error *error) {
    WEIR_TRY(cli_texts_init(&show->texts, &show->self->memory, show->schema, weir_answer_evaluation(show->answer), error));
    show->widths = WEIR_ARENA_ARRAY(&show->texts.arena, uint32_t, 1);
    if (show->widths == NULL)
        return weir_fail_memory(error, "a result", show->schema->count);
    for (uint32_t i = 0; i < show->schema->count; i++) {
        uint32_t width = cli_width(show->schema->fields[i].name);
        show->widths[0] = width > show->widths[0] ? width : show->widths[0];
    }
    show->streaming = cli_answer_streams(show->answer);
    if (show->streaming)
        return WEIR_OK;
    return weir_collapse_create(weir_answer_memory(show->answer), show->schema, !weir_answer_is_batch(show->answer), &show->collapse,
                                error);
}

static weir_status put_batch(cli_show *show, const weir_batch *batch, weir_error *error) {
    WEIR_TRY(cli_texts_fill(&show->texts, batch, error));
    weir_rows rows = weir_batch_rows(batch);
    WEIR_FOR_ROWS(&rows, row, {
        weir_builder_format(&show->line, "-[ row %llu ]-\n", (unsigned long long)++show->rows);
        for (uint32_t i = 0; i < show->schema->count; i++) {
            cli_put_cell(&show->line, show->schema->fields[i].name, show->widths[0], false);
            weir_builder_c(&show->line, " | ");
            cli_put_clean(&show->line, cli_texts_cell(&show->texts, i, row, WEIR_TEXT("<NULL>")));
            weir_builder_char(&show->line, '\n');
        }
        if (show->line.size > 32 << 10)
            put_lines(show);
    });
    put_lines(show);
    return show->line.failed ? weir_fail(error, WEIR_MEMORY, "no memory for a row of the result") : WEIR_OK;
}

static weir_status batch_in(cli_show *show, const weir_batch *batch, weir_error *error) {
    return show->streaming ? put_batch(show, batch, error) : weir_collapse_apply(show->collapse, batch, error);
}

static weir_status end(cli_show *show, weir_error *error) {
    if (!show->streaming) {
        const weir_sort_key *keys;
        uint32_t key_count = weir_answer_order(show->answer, &keys);
        weir_batch *rows = NULL;
        WEIR_TRY(weir_collapse_rows(show->collapse, keys, key_count, UINT32_MAX, &rows, error));
        weir_status status = put_batch(show, rows, error);
        weir_batch_destroy(rows);
        WEIR_TRY(status);
    }
    if (weir_answer_is_query(show->answer))
        cli_table_summary(show, show->rows);
    put_lines(show);
    cli_out_flush(&show->self->out);
    return WEIR_OK;
}

const cli_output cli_output_vertical = {"vertical", "one line a column, nothing cut", begin, batch_in, NULL, end, NULL};

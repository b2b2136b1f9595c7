/* --output csv: a header line and the rows that the changes add up to, which are written as they come where none is ever taken back; of an
 * unbounded query every change, with its kind in a first column. */
#include "cli/cli_int.h"

static void put_field(weir_builder *out, weir_text text) {
    bool quote = false;
    for (size_t i = 0; i < text.size && !quote; i++)
        quote = text.data[i] == ',' || text.data[i] == '"' || text.data[i] == '\n' || text.data[i] == '\r';
    if (!quote) {
        weir_builder_text(out, text);
        return;
    }
    weir_builder_char(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"')
            weir_builder_char(out, '"');
        weir_builder_char(out, text.data[i]);
    }
    weir_builder_char(out, '"');
}

static bool with_kinds(const cli_show *show) { return !weir_answer_is_bounded(show->answer); }

static void put_line(cli_show *show) {
    cli_out_write(&show->self->out, show->line.data, show->line.size);
    weir_builder_clear(&show->line);
}

static weir_status begin(cli_show *show, weir_error *error) {
    WEIR_TRY(cli_texts_init(&show->texts, &show->self->memory, show->schema, weir_answer_evaluation(show->answer), error));
    if (weir_answer_is_bounded(show->answer) && !cli_answer_streams(show->answer))
        WEIR_TRY(weir_collapse_create(weir_answer_memory(show->answer), show->schema, true, &show->collapse, error));
    weir_builder_c(&show->line, with_kinds(show) ? "op," : "");
    for (uint32_t i = 0; i < show->schema->count; i++) {
        weir_builder_c(&show->line, i > 0 ? "," : "");
        put_field(&show->line, show->schema->fields[i].name);
    }
    weir_builder_char(&show->line, '\n');
    put_line(show);
    return WEIR_OK;
}

static weir_status lines(cli_show *show, const weir_batch *batch, weir_error *error) {
    WEIR_TRY(cli_texts_fill(&show->texts, batch, error));
    weir_rows rows = weir_batch_rows(batch);
    WEIR_FOR_ROWS(&rows, row, {
        if (with_kinds(show)) {
            weir_builder_c(&show->line, weir_change_name(weir_batch_kind(batch, row)));
            weir_builder_char(&show->line, ',');
        }
        for (uint32_t i = 0; i < show->schema->count; i++) {
            weir_builder_c(&show->line, i > 0 ? "," : "");
            put_field(&show->line, cli_texts_cell(&show->texts, i, row, (weir_text){0}));
        }
        weir_builder_char(&show->line, '\n');
        put_line(show);
    });
    return show->line.failed ? weir_fail(error, WEIR_MEMORY, "no memory for a row of the result") : WEIR_OK;
}

static weir_status batch_in(cli_show *show, const weir_batch *batch, weir_error *error) {
    return show->collapse != NULL ? weir_collapse_apply(show->collapse, batch, error) : lines(show, batch, error);
}

static weir_status pending(cli_show *show, weir_error *error) {
    (void)error;
    cli_out_flush(&show->self->out);
    return WEIR_OK;
}

static weir_status end(cli_show *show, weir_error *error) {
    if (show->collapse != NULL) {
        const weir_sort_key *keys;
        uint32_t key_count = weir_answer_order(show->answer, &keys);
        weir_batch *rows = NULL;
        WEIR_TRY(weir_collapse_rows(show->collapse, keys, key_count, UINT32_MAX, &rows, error));
        weir_status status = lines(show, rows, error);
        weir_batch_destroy(rows);
        WEIR_TRY(status);
    }
    return pending(show, error);
}

const cli_output cli_output_csv = {"csv", "a header line, then the rows", begin, batch_in, pending, end, NULL};

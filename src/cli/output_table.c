/* --output table: what the changes of a query add up to, as an aligned table with the number of rows and the time; and the live table that
 * an unbounded query is on a terminal: redrawn in place, as many rows and as much of them as the screen holds. EXPLAIN and SHOW CREATE,
 * whose only cell is a text of several lines, are shown as that text. */
#include "cli/cli_int.h"

enum { LIVE_EVERY_MS = 150, LIVE_LINES = 6 /* of the live table that are no rows, and the one of the cursor */ };

static void put_line(cli_show *show) {
    cli_out_write(&show->self->out, show->line.data, show->line.size);
    weir_builder_clear(&show->line);
}

static weir_status begin(cli_show *show, weir_error *error) {
    WEIR_TRY(cli_texts_init(&show->texts, &show->self->memory, show->schema, weir_answer_evaluation(show->answer), error));
    show->widths = WEIR_ARENA_ARRAY(&show->texts.arena, uint32_t, show->schema->count);
    if (show->widths == NULL)
        return weir_fail_memory(error, "a result", show->schema->count);
    return weir_collapse_create(weir_answer_memory(show->answer), show->schema, !weir_answer_is_batch(show->answer), &show->collapse,
                                error);
}

static weir_status batch_in(cli_show *show, const weir_batch *batch, weir_error *error) {
    return weir_collapse_apply(show->collapse, batch, error);
}

void cli_table_widths_begin(cli_show *show) {
    for (uint32_t i = 0; i < show->schema->count; i++)
        show->widths[i] = cli_width(show->schema->fields[i].name);
}

void cli_table_widths_add(cli_show *show, const weir_batch *batch) {
    weir_rows rows = weir_batch_rows(batch);
    for (uint32_t i = 0; i < show->schema->count; i++) {
        uint32_t width = show->widths[i];
        WEIR_FOR_ROWS(&rows, row, {
            uint32_t cell = cli_width(cli_texts_cell(&show->texts, i, row, WEIR_TEXT("<NULL>")));
            width = cell > width ? cell : width;
        });
        show->widths[i] = width;
    }
}

void cli_table_widths_end(cli_show *show) {
    for (uint32_t i = 0; weir_answer_is_query(show->answer) && i < show->schema->count; i++) {
        uint32_t name = cli_width(show->schema->fields[i].name);
        uint32_t most = name > show->width_max ? name : show->width_max;
        show->widths[i] = show->widths[i] > most ? most : show->widths[i];
    }
}

void cli_table_row(cli_show *show, const weir_batch *rows, uint32_t row) {
    weir_builder *line = &show->line;
    for (uint32_t i = 0; i < show->schema->count; i++) {
        const weir_field *field = &show->schema->fields[i];
        weir_builder_c(line, "| ");
        weir_text cell = rows == NULL ? field->name : cli_texts_cell(&show->texts, i, row, WEIR_TEXT("<NULL>"));
        cli_put_cell(line, cell, show->widths[i], cli_aligns_right(field->type));
        weir_builder_char(line, ' ');
    }
    weir_builder_c(line, "|\n");
}

/* What was added to the line since `from` fits the screen: its end is left out. */
static void cut_line(cli_show *show, size_t from) {
    weir_builder *line = &show->line;
    uint32_t cells = 0;
    if (show->screen_cells == 0 || line->size == from || line->data[line->size - 1] != '\n')
        return;
    for (size_t at = from; at + 1 < line->size;) {
        size_t start = at;
        weir_utf8_next(line->data, line->size - 1, &at);
        cells += cli_width((weir_text){line->data + start, at - start});
        if (cells <= show->screen_cells)
            continue;
        line->data[start] = '\n';
        line->size = start + 1;
        return;
    }
}

static void put_rule(cli_show *show) {
    size_t from = show->line.size;
    cli_put_rule(&show->line, show->widths, show->schema->count);
    cut_line(show, from);
}

static void put_row(cli_show *show, const weir_batch *rows, uint32_t row) {
    size_t from = show->line.size;
    cli_table_row(show, rows, row);
    cut_line(show, from);
}

/* Lines written. */
static uint32_t put_table(cli_show *show, const weir_batch *rows) {
    cli_table_widths_begin(show);
    cli_table_widths_add(show, rows);
    cli_table_widths_end(show);
    put_rule(show);
    put_row(show, NULL, 0);
    put_rule(show);
    for (uint32_t row = 0; row < rows->rows; row++) {
        put_row(show, rows, row);
        if (show->line.size > 32 << 10)
            put_line(show);
    }
    if (rows->rows > 0)
        put_rule(show);
    return rows->rows + (rows->rows > 0 ? 4 : 3);
}

void cli_table_summary(cli_show *show, uint64_t rows) {
    char count[32];
    cli_group_digits(rows, count);
    if (!show->quiet)
        weir_builder_format(&show->line, "%s %s in set (%.2f seconds)\n", count, rows == 1 ? "row" : "rows",
                            (double)(weir_clock_monotonic_ns(show->self->clock) - show->started_ns) / 1e9);
}

static bool is_text(const cli_show *show) {
    return !weir_answer_is_query(show->answer) && show->schema->count == 1 && weir_text_equal_c(show->schema->fields[0].name, "result");
}

static weir_status put_rows(cli_show *show, uint32_t most, uint32_t *lines, weir_error *error) {
    const weir_sort_key *keys;
    uint32_t key_count = weir_answer_order(show->answer, &keys);
    weir_batch *rows = NULL;
    WEIR_TRY(weir_collapse_rows(show->collapse, keys, key_count, most, &rows, error));
    weir_status status = cli_texts_fill(&show->texts, rows, error);
    if (status == WEIR_OK && is_text(show) && rows->rows == 1) {
        weir_text text = cli_texts_cell(&show->texts, 0, 0, (weir_text){0});
        weir_builder_text(&show->line, text);
        weir_builder_c(&show->line, text.size > 0 && text.data[text.size - 1] == '\n' ? "" : "\n");
    } else if (status == WEIR_OK) {
        *lines = put_table(show, rows);
    }
    weir_batch_destroy(rows);
    return status == WEIR_OK && show->line.failed ? weir_fail(error, WEIR_MEMORY, "no memory for the table") : status;
}

static weir_status end(cli_show *show, weir_error *error) {
    uint32_t lines = 0;
    WEIR_TRY(put_rows(show, UINT32_MAX, &lines, error));
    if (weir_answer_is_query(show->answer))
        cli_table_summary(show, weir_collapse_count(show->collapse));
    put_line(show);
    cli_out_flush(&show->self->out);
    return WEIR_OK;
}

const cli_output cli_output_table = {"table", "what the changes add up to, aligned; the default", begin, batch_in, NULL, end, NULL};

/* ---- live ---- */

static weir_status live_draw(cli_show *show, bool now, weir_error *error) {
    int64_t at_ns = weir_clock_monotonic_ns(show->self->clock);
    if (!now && at_ns - show->live_ns < LIVE_EVERY_MS * 1000000LL)
        return WEIR_OK;
    show->live_ns = at_ns;
    uint32_t height;
    cli_out_screen(&show->self->out, &height, &show->screen_cells);
    if (show->live_lines > 0)
        weir_builder_format(&show->line, "\033[%uA\033[J", show->live_lines);
    uint32_t lines = 0;
    WEIR_TRY(put_rows(show, height > LIVE_LINES ? height - LIVE_LINES : 1, &lines, error));
    char count[32];
    uint64_t rows = weir_collapse_count(show->collapse);
    cli_group_digits(rows, count);
    size_t from = show->line.size;
    weir_builder_format(&show->line, "%s %s so far; Ctrl-C ends\n", count, rows == 1 ? "row" : "rows");
    cut_line(show, from);
    show->live_lines = lines + 1;
    put_line(show);
    cli_out_flush(&show->self->out);
    return WEIR_OK;
}

static weir_status live_batch(cli_show *show, const weir_batch *batch, weir_error *error) {
    WEIR_TRY(batch_in(show, batch, error));
    return live_draw(show, false, error);
}

static weir_status live_pending(cli_show *show, weir_error *error) { return live_draw(show, false, error); }

static weir_status live_end(cli_show *show, weir_error *error) {
    show->screen_cells = 0; /* what stays is whole */
    if (show->live_lines > 0)
        weir_builder_format(&show->line, "\033[%uA\033[J", show->live_lines);
    return end(show, error);
}

const cli_output cli_output_live = {"live", "the table, redrawn as it changes", begin, live_batch, live_pending, live_end, NULL};

/* --output changelog: every change as it comes, with its kind in the column `op`, as Flink's client prints it; the widths come from the
 * types. */
#include "cli/cli_int.h"

/* Wide enough for most values of the type; Flink's client goes by the type, too. */
static uint32_t type_width(const weir_type *type) {
    switch (type->kind) {
    case WEIR_KIND_BOOLEAN: return 7;
    case WEIR_KIND_TINYINT: return 4;
    case WEIR_KIND_SMALLINT: return 6;
    case WEIR_KIND_INT: return 11;
    case WEIR_KIND_BIGINT: return 20;
    case WEIR_KIND_DECIMAL: return (uint32_t)type->precision + 2;
    case WEIR_KIND_DATE: return 10;
    case WEIR_KIND_TIME: return type->precision > 0 ? 9 + (uint32_t)type->precision : 8;
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ: return type->precision > 0 ? 20 + (uint32_t)type->precision : 19;
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR: return type->precision < 30 ? (uint32_t)type->precision : 30;
    default: return 30;
    }
}

static void put_line(cli_show *show) {
    cli_out_write(&show->self->out, show->line.data, show->line.size);
    weir_builder_clear(&show->line);
}

static weir_status begin(cli_show *show, weir_error *error) {
    uint32_t count = show->schema->count;
    WEIR_TRY(cli_texts_init(&show->texts, &show->self->memory, show->schema, weir_answer_evaluation(show->answer), error));
    show->widths = WEIR_ARENA_ARRAY(&show->texts.arena, uint32_t, count + 1);
    if (show->widths == NULL)
        return weir_fail_memory(error, "a result", count);
    show->widths[0] = 2;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t name = cli_width(show->schema->fields[i].name), width = type_width(show->schema->fields[i].type);
        if (width > show->width_max)
            width = show->width_max;
        show->widths[i + 1] = width > name ? width : name;
    }
    cli_put_rule(&show->line, show->widths, count + 1);
    weir_builder_c(&show->line, "| op |");
    for (uint32_t i = 0; i < count; i++) {
        weir_builder_char(&show->line, ' ');
        cli_put_cell(&show->line, show->schema->fields[i].name, show->widths[i + 1], cli_aligns_right(show->schema->fields[i].type));
        weir_builder_c(&show->line, " |");
    }
    weir_builder_char(&show->line, '\n');
    cli_put_rule(&show->line, show->widths, count + 1);
    put_line(show);
    return WEIR_OK;
}

static weir_status batch_lines(cli_show *show, const weir_batch *batch, weir_error *error) {
    WEIR_TRY(cli_texts_fill(&show->texts, batch, error));
    weir_rows rows = weir_batch_rows(batch);
    WEIR_FOR_ROWS(&rows, row, {
        weir_builder_format(&show->line, "| %s |", weir_change_name(weir_batch_kind(batch, row)));
        for (uint32_t i = 0; i < show->schema->count; i++) {
            weir_builder_char(&show->line, ' ');
            cli_put_cell(&show->line, cli_texts_cell(&show->texts, i, row, WEIR_TEXT("<NULL>")), show->widths[i + 1],
                         cli_aligns_right(show->schema->fields[i].type));
            weir_builder_c(&show->line, " |");
        }
        weir_builder_char(&show->line, '\n');
        put_line(show);
        show->rows++;
    });
    return show->line.failed ? weir_fail(error, WEIR_MEMORY, "no memory for a row of the result") : WEIR_OK;
}

static weir_status pending(cli_show *show, weir_error *error) {
    (void)error;
    cli_out_flush(&show->self->out);
    return WEIR_OK;
}

static weir_status end(cli_show *show, weir_error *error) {
    char rows[32];
    (void)error;
    cli_put_rule(&show->line, show->widths, show->schema->count + 1);
    cli_group_digits(show->rows, rows);
    if (!show->quiet)
        weir_builder_format(&show->line, "%s %s (%.2f seconds)\n", rows, show->rows == 1 ? "change" : "changes",
                            (double)(weir_clock_monotonic_ns(show->self->clock) - show->started_ns) / 1e9);
    put_line(show);
    cli_out_flush(&show->self->out);
    return WEIR_OK;
}

const cli_output cli_output_changelog = {"changelog", "every change, with its kind", begin, batch_lines, pending, end, NULL};

/* --output json: {"columns":[["a","INT"]]}, then {"op":"+I","row":[1]} for every change. */
#include "cli/cli_int.h"

enum { LINE_BYTES_MAX = 1 << 30, LINE_BYTES_FLUSH = 32 << 10 };

static void put_line(cli_show *show) {
    cli_out_write(&show->self->out, show->line.data, show->line.size);
    weir_builder_clear(&show->line);
}

static weir_status begin(cli_show *show, weir_error *error) {
    (void)error;
    weir_builder_c(&show->line, "{\"columns\":[");
    for (uint32_t i = 0; i < show->schema->count; i++) {
        weir_builder_c(&show->line, i > 0 ? ",[" : "[");
        cli_json_string(&show->line, show->schema->fields[i].name);
        weir_builder_c(&show->line, ",\"");
        weir_builder type;
        weir_builder_init(&type, &show->self->memory, 1 << 20);
        weir_type_print(show->schema->fields[i].type, &type);
        weir_builder_json(&show->line, weir_builder_view(&type));
        weir_builder_deinit(&type);
        weir_builder_c(&show->line, "\"]");
    }
    weir_builder_c(&show->line, "]}\n");
    put_line(show);
    return WEIR_OK;
}

static weir_status batch_lines(cli_show *show, const weir_batch *batch, weir_error *error) {
    weir_rows rows = weir_batch_rows(batch);
    weir_builder *line = &show->line;
    WEIR_FOR_ROWS(&rows, row, {
        weir_builder_add(line, "{\"op\":\"", 7);
        weir_builder_add(line, weir_change_name(weir_batch_kind(batch, row)), 2);
        weir_builder_add(line, "\",\"row\":[", 9);
        for (uint32_t i = 0; i < batch->column_count; i++) {
            if (i > 0)
                weir_builder_char(line, ',');
            cli_json_value(line, batch->columns[i], row);
        }
        weir_builder_add(line, "]}\n", 3);
        if (line->size >= LINE_BYTES_FLUSH)
            put_line(show);
    });
    put_line(show);
    return line->failed ? weir_fail(error, WEIR_MEMORY, "no memory for a row of the result") : WEIR_OK;
}

static weir_status pending(cli_show *show, weir_error *error) {
    (void)error;
    cli_out_flush(&show->self->out);
    return WEIR_OK;
}

static weir_status end(cli_show *show, weir_error *error) { return pending(show, error); }

const cli_output cli_output_json = {"json", "one JSON object a line: columns, then changes; errors too", begin, batch_lines, pending, end,
                                    NULL};

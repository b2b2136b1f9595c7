/* Columns as text for people: CAST(... AS STRING), as Flink's client shows them, bytes as x'..'. One program over whole batches. */
#include <wchar.h>

#include "cli/cli_int.h"
#include "expr/program.h"

static bool is_bytes(const weir_type *type) { return weir_kind_is_binary(type->kind); }

weir_status cli_texts_init(cli_texts *texts, weir_memory *memory, const weir_schema *schema, const weir_evaluation *evaluation,
                           weir_error *error) {
    *texts = (cli_texts){.memory = memory, .count = schema->count, .schema = schema};
    weir_arena_init(&texts->arena, memory);
    texts->columns = WEIR_ARENA_ARRAY(&texts->arena, weir_column *, schema->count);
    const weir_expr **exprs = WEIR_ARENA_ARRAY(&texts->arena, const weir_expr *, schema->count);
    if (texts->columns == NULL || exprs == NULL)
        return weir_fail_memory(error, "a result", schema->count * sizeof *exprs);
    for (uint32_t i = 0; i < schema->count; i++) {
        const weir_type *type = schema->fields[i].type;
        const weir_expr *column = weir_expr_column(&texts->arena, i, type, (weir_position){0});
        bool as_it_is = is_bytes(type) || weir_kind_is_text(type->kind) || type->kind == WEIR_KIND_NULL;
        exprs[i] = column == NULL || as_it_is ? column : weir_expr_cast(&texts->arena, column, weir_type_string(true));
        if (exprs[i] == NULL)
            return weir_fail_memory(error, "a result", sizeof(weir_expr));
    }
    return weir_program_compile(&texts->arena, memory, evaluation, exprs, schema->count, &texts->program, error);
}

static void drop_columns(cli_texts *texts) {
    for (uint32_t i = 0; texts->columns != NULL && i < texts->count; i++) {
        weir_column_unref(texts->columns[i]);
        texts->columns[i] = NULL;
    }
}

/* The bytes of each row as x'0A'. */
static weir_status show_bytes(cli_texts *texts, uint32_t column, const weir_batch *batch, weir_error *error) {
    static const char digits[] = "0123456789abcdef";
    weir_column *bytes = texts->columns[column],
                *shown = weir_column_create(texts->memory, weir_type_string(true), batch->rows > 0 ? batch->rows : 1);
    if (shown == NULL)
        return weir_fail_memory(error, "a result", batch->rows);
    weir_rows rows = weir_batch_rows(batch);
    WEIR_FOR_ROWS(&rows, row, {
        if (!weir_column_is_valid(bytes, row)) {
            weir_column_set_null(shown, row);
            continue;
        }
        weir_text value = weir_column_text(bytes, row);
        char *room = weir_column_text_room(shown, value.size * 2 + 3);
        if (room == NULL)
            continue;
        room[0] = 'x';
        room[1] = '\'';
        for (size_t i = 0; i < value.size; i++) {
            room[2 + 2 * i] = digits[(unsigned char)value.data[i] >> 4];
            room[3 + 2 * i] = digits[(unsigned char)value.data[i] & 15];
        }
        room[2 + 2 * value.size] = '\'';
        weir_column_set_view(shown, row, room, value.size * 2 + 3);
    });
    weir_column_unref(bytes);
    texts->columns[column] = shown;
    return shown->failed ? weir_fail_memory(error, "a result", batch->rows) : WEIR_OK;
}

weir_status cli_texts_fill(cli_texts *texts, const weir_batch *batch, weir_error *error) {
    uint32_t failed_row;
    weir_rows rows = weir_batch_rows(batch);
    drop_columns(texts);
    WEIR_TRY(weir_program_run(texts->program, batch->columns, batch->rows, &rows, texts->columns, &failed_row, error));
    for (uint32_t i = 0; i < texts->count; i++)
        if (is_bytes(texts->schema->fields[i].type))
            WEIR_TRY(show_bytes(texts, i, batch, error));
    return WEIR_OK;
}

weir_text cli_texts_cell(const cli_texts *texts, uint32_t column, uint32_t row, weir_text null_text) {
    const weir_column *cells = texts->columns[column];
    if (cells->layout != WEIR_LAYOUT_VIEW || !weir_column_is_valid(cells, row))
        return null_text;
    return weir_column_text(cells, row);
}

void cli_texts_clear(cli_texts *texts) { drop_columns(texts); }

void cli_texts_deinit(cli_texts *texts) {
    drop_columns(texts);
    if (texts->memory != NULL)
        weir_arena_deinit(&texts->arena);
    texts->memory = NULL;
}

/* ---- cells of a table ---- */

uint32_t cli_width(weir_text text) {
    uint32_t width = 0;
    for (size_t at = 0; at < text.size;) {
        unsigned char c = (unsigned char)text.data[at];
        if (c >= 32 && c < 127) {
            width++;
            at++;
            continue;
        }
        int cells = wcwidth((wchar_t)weir_utf8_next(text.data, text.size, &at));
        width += (uint32_t)(cells < 0 ? 1 : cells);
    }
    return width;
}

bool cli_aligns_right(const weir_type *type) { return weir_kind_is_numeric(type->kind) || weir_kind_is_interval(type->kind); }

void cli_put_clean(weir_builder *out, weir_text text) {
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        weir_builder_char(out, c < 32 || c == 127 ? ' ' : (char)c);
    }
}

void cli_put_cell(weir_builder *out, weir_text text, uint32_t width, bool right) {
    uint32_t cells = cli_width(text);
    bool cut = cells > width;
    if (cut) {
        size_t at = 0, end = 0;
        uint32_t used = 0;
        while (at < text.size) {
            weir_utf8_next(text.data, text.size, &at);
            uint32_t more = cli_width((weir_text){text.data + end, at - end});
            if (used + more > width - 3)
                break;
            used += more;
            end = at;
        }
        text.size = end;
        cells = used + 3;
        right = false;
    }
    uint32_t fill = width > cells ? width - cells : 0;
    for (uint32_t i = 0; right && i < fill; i++)
        weir_builder_char(out, ' ');
    cli_put_clean(out, text);
    weir_builder_c(out, cut ? "..." : "");
    for (uint32_t i = 0; !right && i < fill; i++)
        weir_builder_char(out, ' ');
}

void cli_put_rule(weir_builder *out, const uint32_t *widths, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        weir_builder_char(out, '+');
        for (uint32_t k = 0; k < widths[i] + 2; k++)
            weir_builder_char(out, '-');
    }
    weir_builder_c(out, "+\n");
}

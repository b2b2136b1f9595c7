/* Rows between bars, as they are written in a file of tests and in reports. */
#include "cli/test/test_int.h"

static bool needs_quotes(weir_text text) {
    if (text.size == 0 || text.data[0] == ' ' || text.data[text.size - 1] == ' ' || weir_text_equal_nocase_c(text, "NULL"))
        return true;
    if (text.data[0] == 'x' && text.size > 1 && text.data[1] == '\'')
        return false; /* bytes */
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '|' || text.data[i] == '\'' || text.data[i] == '\t')
            return true;
    return false;
}

static bool has_control(weir_text text) {
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < 32)
            return true;
    return false;
}

weir_text test_cell_write(weir_arena *arena, weir_text printed) {
    if (printed.data == NULL)
        return WEIR_TEXT("NULL");
    bool escape = has_control(printed);
    if (!escape && !needs_quotes(printed))
        return printed;
    weir_builder out;
    weir_builder_init(&out, arena->memory, SIZE_MAX);
    weir_builder_c(&out, escape ? "E'" : "'");
    for (size_t i = 0; i < printed.size; i++) {
        unsigned char c = (unsigned char)printed.data[i];
        if (c == '\'' || (escape && c == '\\'))
            weir_builder_char(&out, (char)c);
        if (c == '\n')
            weir_builder_c(&out, "\\n");
        else if (c < 32)
            weir_builder_format(&out, "\\%03o", c);
        else
            weir_builder_char(&out, (char)c);
    }
    weir_builder_char(&out, '\'');
    weir_text text = weir_arena_text(arena, weir_builder_view(&out));
    weir_builder_deinit(&out);
    return text.data == NULL ? WEIR_TEXT("") : text;
}

static void put_line(weir_builder *out, uint32_t indent, char mark, weir_text *const row, const uint32_t *widths, const bool *right,
                     uint32_t count) {
    for (uint32_t i = 0; i < indent; i++)
        weir_builder_char(out, ' ');
    if (mark != '\0') {
        weir_builder_char(out, mark);
        weir_builder_char(out, ' ');
    }
    for (uint32_t i = 0; i < count; i++) {
        weir_builder_c(out, i == 0 ? "| " : " | ");
        cli_put_cell(out, row[i], widths[i], right != NULL && right[i]);
    }
    weir_builder_c(out, " |\n");
}

void test_table_write(weir_builder *out, uint32_t indent, const weir_text *columns, const bool *right, uint32_t column_count,
                      weir_text *const *rows, size_t row_count, const char *marks) {
    uint32_t *widths = weir_memory_zalloc(out->memory, (column_count + 1) * sizeof *widths);
    if (widths == NULL) {
        out->failed = true;
        return;
    }
    for (uint32_t i = 0; i < column_count; i++) {
        widths[i] = cli_width(columns[i]);
        for (size_t r = 0; r < row_count; r++) {
            uint32_t width = cli_width(rows[r][i]);
            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
    put_line(out, indent, marks == NULL ? '\0' : ' ', (weir_text *)columns, widths, right, column_count);
    for (size_t r = 0; r < row_count; r++)
        put_line(out, indent, marks == NULL ? '\0' : marks[r], rows[r], widths, right, column_count);
    weir_memory_free(out->memory, widths, (column_count + 1) * sizeof *widths);
}

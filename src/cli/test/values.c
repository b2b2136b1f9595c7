/* Cells as values: each becomes CAST('cell' AS the column's type), and the session under test computes them, so that a test's texts are
 * read exactly as SQL reads them. NULL and an empty cell are NULL; 'quoted' cells are SQL's own; arrays, maps, rows, bytes and intervals
 * are SQL expressions. */
#include <string.h>

#include "cli/test/run_int.h"

enum { SQL_BYTES_MAX = 256 << 20 };

static bool is_expression(const weir_type *type) {
    return type->kind == WEIR_KIND_ARRAY || type->kind == WEIR_KIND_MAP || type->kind == WEIR_KIND_MULTISET ||
           type->kind == WEIR_KIND_ROW || weir_kind_is_binary(type->kind) || weir_kind_is_interval(type->kind);
}

bool run_is_printed(const weir_type *type, weir_text cell) {
    if (cell.size == 0 || weir_text_equal_nocase_c(cell, "NULL"))
        return false;
    if (weir_kind_is_interval(type->kind))
        return cell.size < 8 || !weir_text_equal_nocase_c((weir_text){cell.data, 8}, "INTERVAL");
    return is_expression(type) && (cell.data[0] == '[' || cell.data[0] == '{' || cell.data[0] == '(');
}

static void put_type(weir_builder *out, weir_arena *arena, const weir_type *type) {
    const weir_type *nullable = weir_type_with_nullable(arena, type, true);
    weir_type_print(nullable == NULL ? type : nullable, out);
}

static void put_cell(weir_builder *out, weir_arena *arena, const weir_type *type, weir_text cell, bool printed) {
    bool null = cell.size == 0 || weir_text_equal_nocase_c(cell, "NULL") || (printed && run_is_printed(type, cell));
    bool plain = !null && !is_expression(type) && cell.data[0] != '\'' && !(cell.data[0] == 'E' && cell.size > 1 && cell.data[1] == '\'');
    if (!null && weir_kind_is_interval(type->kind)) {
        weir_builder_text(out, cell);
        return;
    }
    weir_builder_c(out, null ? "CAST(NULL" : "CAST(");
    if (plain) {
        weir_builder_char(out, '\'');
        for (size_t i = 0; i < cell.size; i++) {
            if (cell.data[i] == '\'')
                weir_builder_char(out, '\'');
            weir_builder_char(out, cell.data[i]);
        }
        weir_builder_char(out, '\'');
    } else if (!null) {
        weir_builder_text(out, cell);
    }
    weir_builder_c(out, " AS ");
    put_type(out, arena, type);
    weir_builder_char(out, ')');
}

static void put_rows(weir_builder *out, weir_arena *arena, const run_values *values, size_t first, size_t count, uint32_t only) {
    weir_builder_c(out, "SELECT * FROM (VALUES ");
    for (size_t r = first; r < first + count; r++) {
        weir_builder_c(out, r > first ? ", (" : "(");
        bool more = false;
        for (uint32_t c = 0; c < values->column_count; c++) {
            if (only != UINT32_MAX && c != only)
                continue;
            uint32_t at = values->cell_of[c];
            weir_builder_c(out, more ? ", " : "");
            more = true;
            if (at == UINT32_MAX && values->fallback != NULL && values->fallback[c].size > 0) {
                weir_builder_format(out, "CAST(%.*s AS ", WEIR_TEXT_ARGS(values->fallback[c]));
                put_type(out, arena, values->columns[c].type);
                weir_builder_char(out, ')');
                continue;
            }
            put_cell(out, arena, values->columns[c].type, at == UINT32_MAX ? (weir_text){0} : values->rows[r]->cells[at], values->printed);
        }
        weir_builder_char(out, ')');
    }
    weir_builder_c(out, ") AS given_rows");
}

/* A query of the test's own; its batches and all that they stand on stay until the end. */
static weir_status query(run *self, weir_text sql, run_open **out, weir_error *error) {
    run_open *open = WEIR_ARENA_NEW(self->arena, run_open);
    weir_text copy = weir_arena_text(self->arena, sql);
    if (open == NULL || copy.data == NULL || !weir_list_add(self->arena, &self->open, open))
        return weir_fail_memory(error, "a test", sql.size);
    WEIR_TRY(weir_script_open(self->session, copy, &open->script, error));
    WEIR_TRY(weir_script_next(open->script, &open->answer, error));
    for (;;) {
        weir_batch *batch = NULL;
        bool pending = false;
        WEIR_TRY(weir_answer_next(open->answer, INT64_MAX, &batch, &pending, error));
        if (batch == NULL)
            break;
        if (!weir_list_add(self->arena, &open->batches, batch)) {
            weir_batch_destroy(batch);
            return weir_fail_memory(error, "a test", sizeof *batch);
        }
    }
    *out = open;
    return WEIR_OK;
}

static weir_status read_some(run *self, const run_values *values, size_t first, size_t count, uint32_t only, weir_list *batches,
                             weir_error *error) {
    weir_builder sql;
    run_open *open = NULL;
    weir_builder_init(&sql, &self->self->memory, SQL_BYTES_MAX);
    put_rows(&sql, self->arena, values, first, count, only);
    weir_status status =
        sql.failed ? weir_fail_memory(error, "the rows of a test", sql.size) : query(self, weir_builder_view(&sql), &open, error);
    weir_builder_deinit(&sql);
    WEIR_TRY(status);
    if (batches != NULL)
        *batches = open->batches;
    return WEIR_OK;
}

/* Which cell was it? */
static weir_status blame(run *self, const run_values *values, weir_status status, weir_error *error) {
    for (size_t r = 0; r < values->row_count; r++) {
        if (read_some(self, values, r, 1, UINT32_MAX, NULL, NULL) == WEIR_OK)
            continue;
        for (uint32_t c = 0; c < values->column_count; c++) {
            weir_error found = {0};
            uint32_t at = values->cell_of[c];
            if (at == UINT32_MAX || read_some(self, values, r, 1, c, NULL, &found) == WEIR_OK)
                continue;
            weir_text cell = values->rows[r]->cells[at];
            weir_builder type;
            weir_builder_init(&type, &self->self->memory, 4096);
            put_type(&type, self->arena, values->columns[c].type);
            weir_position position = {.line = values->rows[r]->line, .column = 1};
            weir_fail_at(error, WEIR_VALIDATE, position, "line %u: %.*s is no value of column '%.*s', which is %s: %.400s",
                         values->rows[r]->line, WEIR_TEXT_ARGS(cell), WEIR_TEXT_ARGS(values->columns[c].name),
                         type.data == NULL ? "" : type.data, found.message);
            weir_builder_deinit(&type);
            return WEIR_VALIDATE;
        }
    }
    return status;
}

weir_status run_values_read(run *self, const run_values *values, weir_list *batches, weir_error *error) {
    *batches = (weir_list){0};
    if (values->row_count == 0)
        return WEIR_OK;
    weir_status status = read_some(self, values, 0, values->row_count, UINT32_MAX, batches, error);
    if (status == WEIR_OK || status == WEIR_MEMORY || status == WEIR_CANCELLED)
        return status;
    return blame(self, values, status, error);
}

weir_status run_evaluation(run *self, weir_error *error) {
    run_open *open;
    WEIR_TRY(query(self, WEIR_TEXT("SELECT 1"), &open, error));
    self->evaluation = *weir_answer_evaluation(open->answer);
    return WEIR_OK;
}

/* 12:00:00.000 is written 12:00:00. */
static weir_text short_time(const weir_type *type, weir_text cell) {
    const char *dot = weir_kind_is_timestamp(type->kind) && cell.size > 0 ? memchr(cell.data, '.', cell.size) : NULL;
    while (dot != NULL && cell.data + cell.size > dot && (cell.data[cell.size - 1] == '0' || cell.data[cell.size - 1] == '.'))
        if (cell.data[--cell.size] == '.')
            break;
    return cell;
}

weir_status run_texts(run *self, cli_texts *texts, const weir_batch *batch, weir_status (*each)(void *, uint8_t, weir_text *, weir_error *),
                      void *context, weir_error *error) {
    WEIR_TRY(cli_texts_fill(texts, batch, error));
    weir_rows rows = weir_batch_rows(batch);
    weir_status status = WEIR_OK;
    WEIR_FOR_ROWS(&rows, row, {
        weir_text *cells = WEIR_ARENA_ARRAY(self->arena, weir_text, texts->count + 1);
        for (uint32_t c = 0; cells != NULL && c < texts->count; c++) {
            weir_text cell = cli_texts_cell(texts, c, row, (weir_text){0});
            cells[c] = cell.data == NULL ? cell : weir_arena_text(self->arena, short_time(texts->schema->fields[c].type, cell));
        }
        if (status == WEIR_OK)
            status = self->arena->failed ? weir_fail_memory(error, "the rows of a test", batch->rows)
                                         : each(context, weir_batch_kind(batch, row), cells, error);
    });
    cli_texts_clear(texts); /* they share the memory of a job, which ends before the test */
    return status;
}

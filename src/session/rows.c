/* Result sets that the session makes itself: text and BOOLEAN columns for SHOW, DESCRIBE, EXPLAIN and SET. */
#include "session/session_int.h"

weir_status rows_begin(rows_builder *rows, weir_answer *answer, const char *const *names, weir_error *error) {
    *rows = (rows_builder){.answer = answer};
    while (names[rows->column_count] != NULL)
        rows->column_count++;
    weir_field *fields = WEIR_ARENA_ARRAY(&answer->arena, weir_field, rows->column_count);
    if (fields == NULL)
        return weir_fail_memory(error, "a result", rows->column_count * sizeof *fields);
    for (uint32_t i = 0; i < rows->column_count; i++) {
        bool flag = names[i][0] == '?';
        fields[i].name = weir_text_of(names[i] + flag);
        fields[i].type = flag ? weir_type_simple(WEIR_KIND_BOOLEAN, true) : weir_type_string(true);
    }
    answer->kind = WEIR_ANSWER_ROWS;
    answer->schema = (weir_schema){rows->column_count, fields};
    return WEIR_OK;
}

weir_status rows_add(rows_builder *rows, const weir_text *texts, weir_error *error) {
    weir_arena *arena = &rows->answer->arena;
    weir_value *values = WEIR_ARENA_ARRAY(arena, weir_value, rows->column_count);
    if (values == NULL || !weir_list_add(arena, &rows->rows, values))
        return weir_fail_memory(error, "a result", rows->column_count * sizeof *values);
    for (uint32_t i = 0; i < rows->column_count; i++) {
        values[i].type = rows->answer->schema.fields[i].type;
        values[i].is_null = texts[i].data == NULL;
        if (values[i].type->kind == WEIR_KIND_BOOLEAN)
            values[i].as.boolean = weir_text_equal_c(texts[i], "true");
        else
            values[i].as.text = texts[i];
    }
    return WEIR_OK;
}

weir_status rows_end(rows_builder *rows, weir_error *error) {
    weir_answer *answer = rows->answer;
    uint32_t count = (uint32_t)rows->rows.count;
    const weir_type **types = WEIR_ARENA_ARRAY(&answer->arena, const weir_type *, rows->column_count);
    if (types == NULL)
        return weir_fail_memory(error, "a result", rows->column_count);
    for (uint32_t i = 0; i < rows->column_count; i++)
        types[i] = answer->schema.fields[i].type;
    if (count == 0)
        return WEIR_OK;
    weir_batch *batch = weir_batch_create_typed(&answer->ready_memory, types, rows->column_count, count);
    if (batch == NULL)
        return weir_fail_memory(error, "a result", count);
    bool failed = false;
    for (uint32_t c = 0; c < rows->column_count; c++) {
        for (uint32_t r = 0; r < count; r++)
            weir_column_put_value(batch->columns[c], r, &((const weir_value *)rows->rows.items[r])[c]);
        failed |= batch->columns[c]->failed;
    }
    batch->rows = batch->selected = count;
    answer->ready = batch;
    return failed ? weir_fail_memory(error, "a result", count) : WEIR_OK;
}

weir_status rows_single(weir_answer *answer, const char *name, weir_text text, weir_error *error) {
    rows_builder rows;
    WEIR_TRY(rows_begin(&rows, answer, (const char *const[]){name, NULL}, error));
    WEIR_TRY(rows_add(&rows, &text, error));
    return rows_end(&rows, error);
}

/* ALTER TABLE: a new definition made of the old one. Renaming the table itself, and partitions, are the session's business. */
#include <string.h>

#include "bind/table_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a table", sizeof(weir_table)); }

static weir_status begin(weir_bind_context *context, const weir_ast_alter *alter, const weir_table *old, weir_table *out,
                         table_state *state, weir_error *error) {
    *out = *old;
    *state = (table_state){
        .context = context, .table = out, .count = old->column_count, .capacity = old->column_count + (uint32_t)alter->column_count};
    state->columns = WEIR_ARENA_ARRAY(context->arena, weir_table_column, state->capacity);
    if (state->columns == NULL)
        return no_memory(error);
    if (old->column_count > 0)
        memcpy(state->columns, old->columns, old->column_count * sizeof *state->columns);
    return WEIR_OK;
}

static void finish(table_state *state) {
    state->table->columns = state->columns;
    state->table->column_count = state->count;
}

static weir_status unknown_column(weir_text name, weir_position position, const char *doing, weir_error *error) {
    return weir_fail_at(error, WEIR_VALIDATE, position,
                        "Failed to execute ALTER TABLE statement.\nThe column `%.*s` does not exist in the base table. %s",
                        WEIR_TEXT_ARGS(name), doing);
}

/* Columns are known by number in keys and partitions: names carry over a change of order. */
typedef struct column_names {
    weir_text *keys, *partitions;
} column_names;

static weir_status remember_names(table_state *state, column_names *names, weir_error *error) {
    const weir_table *table = state->table;
    names->keys = WEIR_ARENA_ARRAY(state->context->arena, weir_text, table->key_count);
    names->partitions = WEIR_ARENA_ARRAY(state->context->arena, weir_text, table->partition_count);
    if (names->keys == NULL || names->partitions == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < table->key_count; i++)
        names->keys[i] = state->columns[table->key[i]].name;
    for (uint32_t i = 0; i < table->partition_count; i++)
        names->partitions[i] = state->columns[table->partitions[i]].name;
    return WEIR_OK;
}

static weir_status renumber(table_state *state, const weir_text *names, uint32_t count, const uint32_t **out, weir_error *error) {
    uint32_t *numbers = WEIR_ARENA_ARRAY(state->context->arena, uint32_t, count);
    if (numbers == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = bind_table_column_named(state, names[i]);
    *out = numbers;
    return WEIR_OK;
}

static weir_status restore_numbers(table_state *state, const column_names *names, weir_error *error) {
    WEIR_TRY(renumber(state, names->keys, state->table->key_count, &state->table->key, error));
    return renumber(state, names->partitions, state->table->partition_count, &state->table->partitions, error);
}

static void move_column(table_state *state, uint32_t from, uint32_t to) {
    weir_table_column moved = state->columns[from];
    memmove(state->columns + from, state->columns + from + 1, (state->count - from - 1) * sizeof moved);
    memmove(state->columns + to + 1, state->columns + to, (state->count - 1 - to) * sizeof moved);
    state->columns[to] = moved;
}

static weir_status place_column(table_state *state, const weir_ast_column *ast, weir_error *error) {
    uint32_t at = bind_table_column_named(state, ast->name.parts[0].text);
    if (ast->place == WEIR_AST_PLACE_FIRST)
        move_column(state, at, 0);
    if (ast->place == WEIR_AST_PLACE_AFTER) {
        uint32_t after = bind_table_column_named(state, ast->after.parts[0].text);
        if (after == UINT32_MAX)
            return unknown_column(ast->after.parts[0].text, ast->after.position, "It is referenced by AFTER.", error);
        move_column(state, at, after < at ? after + 1 : after);
    }
    return WEIR_OK;
}

/* ADD and MODIFY: columns, primary key, watermark. */
static weir_status add_or_modify(table_state *state, const weir_ast_alter *alter, weir_error *error) {
    bool modify = alter->kind == WEIR_AST_ALTER_MODIFY;
    column_names names;
    WEIR_TRY(remember_names(state, &names, error));
    for (size_t i = 0; i < alter->column_count; i++) {
        const weir_ast_column *ast = &alter->columns[i];
        uint32_t old = bind_table_column_named(state, ast->name.parts[0].text);
        if (!modify && old != UINT32_MAX)
            return weir_fail_at(error, WEIR_VALIDATE, ast->position,
                                "Failed to execute ALTER TABLE statement.\nTry to add a column `%.*s` which already exists in the table.",
                                WEIR_TEXT_ARGS(ast->name.parts[0].text));
        if (modify && old == UINT32_MAX)
            return unknown_column(ast->name.parts[0].text, ast->position, "Try to modify a column.", error);
        if (modify) {
            /* Out of the way, so that it can be added anew, then back to its place. */
            move_column(state, old, state->count - 1);
            state->count--;
        }
        WEIR_TRY(bind_table_column_add(state, ast, error));
        if (modify)
            move_column(state, state->count - 1, old);
        WEIR_TRY(place_column(state, ast, error));
    }
    WEIR_TRY(bind_table_computed_types(state, alter->columns, alter->column_count, error));
    WEIR_TRY(restore_numbers(state, &names, error));
    if (alter->constraint_count > 0 && !modify && state->table->key_count > 0)
        return weir_fail_at(error, WEIR_VALIDATE, alter->constraints[0].position,
                            "Failed to execute ALTER TABLE statement.\nThe base table has already defined the primary key constraint. You "
                            "might want to drop it before adding a new one.");
    for (size_t i = 0; i < alter->constraint_count; i++) {
        state->table->key_count = 0;
        WEIR_TRY(bind_table_set_key(state, &alter->constraints[i], error));
    }
    if (alter->watermark == NULL)
        return WEIR_OK;
    if (!modify && state->table->watermark.present)
        return weir_fail_at(error, WEIR_VALIDATE, alter->watermark->position,
                            "Failed to execute ALTER TABLE statement.\nThe base table has already defined the watermark strategy. You "
                            "might want to drop it before adding a new one.");
    return bind_table_set_watermark(state, alter->watermark, error);
}

static bool text_mentions(weir_text expression, weir_text column) {
    weir_text quoted = {column.data, column.size};
    for (size_t i = 0; i + quoted.size + 2 <= expression.size; i++)
        if (expression.data[i] == '`' && memcmp(expression.data + i + 1, quoted.data, quoted.size) == 0 &&
            expression.data[i + 1 + quoted.size] == '`')
            return true;
    return false;
}

/* Nothing may stand on the column: keys, partitions, watermark, computed columns. */
static weir_status check_free(const table_state *state, uint32_t column, weir_position position, const char *doing, weir_error *error) {
    const weir_table *table = state->table;
    weir_text name = state->columns[column].name;
    const char *user = NULL;
    for (uint32_t i = 0; i < table->key_count; i++)
        user = table->key[i] == column ? "the primary key" : user;
    for (uint32_t i = 0; i < table->partition_count; i++)
        user = table->partitions[i] == column ? "the partition keys" : user;
    if (table->watermark.present && (weir_text_equal(table->watermark.column, name) || text_mentions(table->watermark.expression, name)))
        user = "a watermark expression";
    for (uint32_t i = 0; i < state->count; i++)
        if (i != column && state->columns[i].kind == WEIR_COLUMN_COMPUTED && text_mentions(state->columns[i].expression, name))
            user = "a computed column";
    if (user == NULL)
        return WEIR_OK;
    return weir_fail_at(error, WEIR_VALIDATE, position,
                        "Failed to execute ALTER TABLE statement.\nThe column `%.*s` is referenced by %s and cannot be %s.",
                        WEIR_TEXT_ARGS(name), user, doing);
}

static weir_status drop_columns(table_state *state, const weir_ast_alter *alter, weir_error *error) {
    column_names names;
    WEIR_TRY(remember_names(state, &names, error));
    for (size_t i = 0; i < alter->dropped_count; i++) {
        const weir_ast_name *name = &alter->dropped[i];
        uint32_t column = bind_table_column_named(state, name->parts[0].text);
        if (column == UINT32_MAX) {
            if (alter->element_exists)
                continue;
            return unknown_column(name->parts[0].text, name->position, "Try to drop a column.", error);
        }
        WEIR_TRY(check_free(state, column, name->position, "dropped", error));
        move_column(state, column, state->count - 1);
        state->count--;
        WEIR_TRY(restore_numbers(state, &names, error));
    }
    return WEIR_OK;
}

static weir_status rename_column(table_state *state, const weir_ast_alter *alter, weir_error *error) {
    weir_text from = alter->column.parts[0].text, to = alter->new_name.parts[0].text;
    uint32_t column = bind_table_column_named(state, from);
    if (column == UINT32_MAX)
        return unknown_column(from, alter->column.position, "Try to rename a column.", error);
    if (bind_table_column_named(state, to) != UINT32_MAX)
        return weir_fail_at(error, WEIR_VALIDATE, alter->new_name.position,
                            "Failed to execute ALTER TABLE statement.\nThe column `%.*s` already existed in table schema.",
                            WEIR_TEXT_ARGS(to));
    const weir_table *table = state->table;
    bool in_key_or_partition = false;
    for (uint32_t i = 0; i < table->key_count; i++)
        in_key_or_partition |= table->key[i] == column;
    if (!in_key_or_partition)
        WEIR_TRY(check_free(state, column, alter->column.position, "renamed", error));
    state->columns[column].name = to;
    return WEIR_OK;
}

static weir_status reset_options(table_state *state, const weir_ast_options *options, weir_error *error) {
    weir_table *table = state->table;
    weir_option *kept = WEIR_ARENA_ARRAY(state->context->arena, weir_option, table->option_count);
    if (kept == NULL)
        return no_memory(error);
    for (size_t k = 0; k < options->count; k++)
        if (weir_text_equal_c(options->items[k].key, "connector"))
            return weir_fail_at(error, WEIR_VALIDATE, options->items[k].key_position,
                                "ALTER TABLE RESET does not support changing 'connector'");
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->option_count; i++) {
        bool dropped = false;
        for (size_t k = 0; k < options->count; k++)
            dropped |= weir_text_equal(table->options[i].key, options->items[k].key);
        if (!dropped)
            kept[count++] = table->options[i];
    }
    table->options = kept;
    table->option_count = count;
    return WEIR_OK;
}

static weir_status drop_key(table_state *state, const weir_ast_alter *alter, weir_error *error) {
    weir_table *table = state->table;
    if (table->key_count == 0)
        return weir_fail_at(error, WEIR_VALIDATE, alter->name.position,
                            "Failed to execute ALTER TABLE statement.\nThe base table does not define any primary key.");
    if (alter->kind == WEIR_AST_ALTER_DROP_CONSTRAINT && !weir_text_equal(alter->new_name.parts[0].text, table->key_name))
        return weir_fail_at(error, WEIR_VALIDATE, alter->new_name.position,
                            "Failed to execute ALTER TABLE statement.\nThe base table does not define a primary key constraint named "
                            "'%.*s'. Available constraint name: ['%.*s'].",
                            WEIR_TEXT_ARGS(alter->new_name.parts[0].text), WEIR_TEXT_ARGS(table->key_name));
    table->key_count = 0;
    return WEIR_OK;
}

weir_status weir_bind_alter_table(weir_bind_context *context, const weir_ast_alter *alter, const weir_table *old, weir_table *out,
                                  weir_error *error) {
    table_state state = {0};
    WEIR_TRY(begin(context, alter, old, out, &state, error));
    weir_status status = WEIR_OK;
    switch (alter->kind) {
    case WEIR_AST_ALTER_ADD:
    case WEIR_AST_ALTER_MODIFY: status = add_or_modify(&state, alter, error); break;
    case WEIR_AST_ALTER_DROP_COLUMNS: status = drop_columns(&state, alter, error); break;
    case WEIR_AST_ALTER_RENAME_COLUMN: status = rename_column(&state, alter, error); break;
    case WEIR_AST_ALTER_SET: status = bind_table_options_merge(&state, &alter->options, error); break;
    case WEIR_AST_ALTER_RESET: status = reset_options(&state, &alter->options, error); break;
    case WEIR_AST_ALTER_DROP_PRIMARY_KEY:
    case WEIR_AST_ALTER_DROP_CONSTRAINT: status = drop_key(&state, alter, error); break;
    case WEIR_AST_ALTER_DROP_WATERMARK:
        if (!out->watermark.present)
            status = weir_fail_at(error, WEIR_VALIDATE, alter->name.position,
                                  "Failed to execute ALTER TABLE statement.\nThe base table does not define any watermark strategy.");
        out->watermark.present = false;
        break;
    default: status = weir_fail_at(error, WEIR_UNSUPPORTED, alter->name.position, "this form of ALTER TABLE is not supported"); break;
    }
    if (status != WEIR_OK)
        return status;
    finish(&state);
    return WEIR_OK;
}

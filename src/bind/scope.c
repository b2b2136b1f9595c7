/* Names: which column, field or outer column a name means, and what * stands for. The messages are Calcite's. */
#include <stdio.h>

#include "bind/qualify_int.h"

static weir_text part(const weir_ast_name *name, size_t index) { return name->parts[index].text; }

/* ---- fields of rows ---- */

static weir_status field_build(bind_scope *scope, const weir_expr *row, uint32_t index, weir_position position, const weir_expr **out,
                               weir_error *error) {
    const weir_expr *number = weir_expr_int(scope->context->arena, (int32_t)index);
    if (number == NULL)
        return weir_fail_memory(error, "an expression", sizeof *number);
    const weir_expr *arguments[2] = {row, number};
    return bind_build(scope, "FIELD", arguments, 2, position, out, error);
}

static int field_index(const weir_type *type, weir_text name) {
    for (uint32_t i = 0; i < type->field_count; i++)
        if (weir_text_equal(type->fields[i].name, name))
            return (int)i;
    return -1;
}

weir_status bind_field(bind_scope *scope, const weir_expr *row, const weir_ast_ident *field, const weir_expr **out, weir_error *error) {
    if (row->type->kind != WEIR_KIND_ROW)
        return weir_fail_at(error, WEIR_VALIDATE, field->position, "Column '%.*s' not found: the expression before the point is no ROW",
                            WEIR_TEXT_ARGS(field->text));
    int index = field_index(row->type, field->text);
    if (index < 0)
        return weir_fail_at(error, WEIR_VALIDATE, field->position, "Column '%.*s' not found in any table", WEIR_TEXT_ARGS(field->text));
    return field_build(scope, row, (uint32_t)index, field->position, out, error);
}

/* ---- columns ---- */

typedef enum find_result { FIND_NONE, FIND_ONE, FIND_MANY } find_result;

/* By its plain name. Hidden columns are found only through their table. */
static find_result find_column(const bind_scope *scope, weir_text name, uint32_t *out) {
    find_result found = FIND_NONE;
    for (uint32_t i = 0; i < scope->column_count; i++) {
        const bind_column *column = &scope->columns[i];
        if (!weir_text_equal(column->name, name) || column->hidden)
            continue;
        if (found == FIND_ONE)
            return FIND_MANY;
        found = FIND_ONE;
        *out = i;
    }
    return found;
}

/* The first `count` parts of the name are the table's: t, db.t or c.db.t. */
static bool is_of_table(const bind_column *column, const weir_ast_name *name, size_t count) {
    if (count == 0 || count > 3 || !weir_text_equal(column->table, part(name, count - 1)))
        return false;
    if (count == 1)
        return true;
    return column->path != NULL && weir_text_equal(column->path->database, part(name, count - 2)) &&
           (count == 2 || weir_text_equal(column->path->catalog, part(name, 0)));
}

static bool has_table_path(const bind_scope *scope, const weir_ast_name *name, size_t count) {
    for (uint32_t i = 0; i < scope->column_count; i++)
        if (is_of_table(&scope->columns[i], name, count))
            return true;
    return false;
}

static find_result find_of_table(const bind_scope *scope, const weir_ast_name *name, size_t count, uint32_t *out) {
    find_result found = FIND_NONE;
    for (uint32_t i = 0; i < scope->column_count; i++) {
        if (!weir_text_equal(scope->columns[i].name, part(name, count)) || !is_of_table(&scope->columns[i], name, count))
            continue;
        if (found == FIND_ONE)
            return FIND_MANY;
        found = FIND_ONE;
        *out = i;
    }
    return found;
}

static bool has_table(const bind_scope *scope, weir_text table) {
    for (uint32_t i = 0; i < scope->column_count; i++)
        if (weir_text_equal(scope->columns[i].table, table))
            return true;
    return false;
}

/* How many leading parts of a name were used up to find a column at some level. */
typedef struct find_place {
    bind_scope *scope;
    uint32_t level;
    uint32_t column;
    size_t used;
} find_place;

static weir_status find_at(bind_scope *scope, const weir_ast_name *name, find_place *place, bool *found, weir_error *error) {
    *found = false;
    find_result result = FIND_NONE;
    for (size_t prefix = name->count - 1 < 3 ? name->count - 1 : 3; prefix > 0 && result == FIND_NONE; prefix--) {
        result = find_of_table(scope, name, prefix, &place->column);
        place->used = prefix + 1;
    }
    if (result == FIND_NONE) {
        result = find_column(scope, part(name, 0), &place->column);
        place->used = 1;
    }
    if (result == FIND_MANY)
        return weir_fail_at(error, WEIR_VALIDATE, name->position, "Column '%.*s' is ambiguous",
                            WEIR_TEXT_ARGS(part(name, place->used - 1)));
    *found = result == FIND_ONE;
    return WEIR_OK;
}

/* Names are case-sensitive: "did you mean" looks for the same name in other letters first, then for a near one. */
static const bind_column *similar_column(const bind_scope *scope, weir_text table, weir_text name, bool *same_letters) {
    for (uint32_t i = 0; i < scope->column_count; i++) {
        const bind_column *column = &scope->columns[i];
        if (weir_text_equal_nocase(column->name, name) && (table.size == 0 || weir_text_equal(column->table, table))) {
            *same_letters = true;
            return column;
        }
    }
    *same_letters = false;
    weir_text *names = WEIR_ARENA_ARRAY(scope->context->arena, weir_text, scope->column_count);
    if (names == NULL)
        return NULL;
    for (uint32_t i = 0; i < scope->column_count; i++)
        names[i] = scope->columns[i].name;
    int nearest = weir_text_nearest(name, names, scope->column_count);
    return nearest < 0 ? NULL : &scope->columns[nearest];
}

/* a.b.c: everything before the last part was meant to be a table. */
static weir_status table_unknown(const bind_scope *scope, const weir_ast_name *name, weir_error *error) {
    weir_builder path;
    weir_builder_init(&path, scope->context->arena->memory, 4096);
    for (size_t i = 0; i + 1 < name->count; i++)
        weir_builder_format(&path, "%s%.*s", i > 0 ? "." : "", WEIR_TEXT_ARGS(part(name, i)));
    weir_position position = name->parts[0].position, last = name->parts[name->count - 2].position;
    position.length_bytes = last.offset_bytes + last.length_bytes - position.offset_bytes;
    weir_status status = weir_fail_at(error, WEIR_VALIDATE, position, "Table '%s' not found", path.failed ? "" : path.data);
    weir_builder_deinit(&path);
    return status;
}

static weir_status name_unknown(const bind_scope *scope, const weir_ast_name *name, weir_error *error) {
    weir_text table = {0};
    weir_text column = part(name, 0);
    weir_position position = name->position;
    if (name->count >= 2) {
        bool known = false;
        for (const bind_scope *at = scope; at != NULL && !known; at = at->outer)
            known = has_table(at, part(name, 0));
        if (!known)
            return table_unknown(scope, name, error);
        table = part(name, 0);
        column = part(name, 1);
    }
    bool same_letters;
    const bind_column *similar = similar_column(scope, table, column, &same_letters);
    char suffix[160] = "";
    if (similar != NULL && same_letters)
        snprintf(suffix, sizeof suffix, "; did you mean '%.*s'?", WEIR_TEXT_ARGS(similar->name));
    weir_status status = table.size > 0 ? weir_fail_at(error, WEIR_VALIDATE, position, "Column '%.*s' not found in table '%.*s'%s",
                                                       WEIR_TEXT_ARGS(column), WEIR_TEXT_ARGS(table), suffix)
                                        : weir_fail_at(error, WEIR_VALIDATE, position, "Column '%.*s' not found in any table%s",
                                                       WEIR_TEXT_ARGS(column), suffix);
    if (similar != NULL && !same_letters)
        weir_error_hint(error, "did you mean '%.*s'?", WEIR_TEXT_ARGS(similar->name));
    return status;
}

static const weir_expr *column_expr(bind_scope *scope, const bind_column *columns, uint32_t level, uint32_t column,
                                    weir_position position) {
    const weir_type *type = columns[column].type;
    if (level == 0)
        return weir_expr_column(scope->context->arena, column, type, position);
    weir_expr *outer = WEIR_ARENA_NEW(scope->context->arena, weir_expr);
    if (outer != NULL)
        *outer = (weir_expr){.kind = WEIR_EXPR_OUTER, .type = type, .position = position, .as.outer = {level, column}};
    return outer;
}

enum { MERGED_MAX = 64 };

weir_status bind_column_value(bind_scope *scope, const bind_column *columns, uint32_t level, uint32_t column, weir_position position,
                              const weir_expr **out, weir_error *error) {
    const weir_expr *values[MERGED_MAX];
    uint32_t count = 0;
    for (uint32_t at = column;; at = columns[at].merged - 1) {
        values[count] = column_expr(scope, columns, level, at, position);
        if (values[count++] == NULL)
            return weir_fail_memory(error, "an expression", sizeof(weir_expr));
        if (columns[at].merged == 0 || !columns[at].type->nullable)
            break;
        if (count == MERGED_MAX)
            return weir_fail_at(error, WEIR_UNSUPPORTED, position, "USING over more than %d tables is not supported", MERGED_MAX);
    }
    *out = values[0];
    return count == 1 ? WEIR_OK : bind_build(scope, "COALESCE", values, count, position, out, error);
}

/* The select list's expression of this name, when `aliases` are to be looked at. */
static weir_status find_alias(const bind_scope *scope, const weir_ast_name *name, const weir_expr **out, weir_error *error) {
    *out = NULL;
    if (scope->aliases == NULL || name->count != 1)
        return WEIR_OK;
    uint32_t found = 0;
    for (size_t i = 0; i < scope->aliases->count; i++) {
        const bind_item *item = scope->aliases->items[i];
        if (item->name.data == NULL || !weir_text_equal(item->name, part(name, 0)))
            continue;
        if (found++ == 0)
            *out = item->expr;
    }
    if (found < 2)
        return WEIR_OK;
    *out = NULL;
    return scope->clause == BIND_CLAUSE_ORDER
               ? WEIR_OK
               : weir_fail_at(error, WEIR_VALIDATE, name->position, "Column '%.*s' is ambiguous", WEIR_TEXT_ARGS(part(name, 0)));
}

/* PI needs no parentheses. Reserved words of this kind (CURRENT_DATE, ...) are calls for the parser already. */
static bool is_call_without_parentheses(const weir_ast_name *name) {
    return name->count == 1 && !name->parts[0].quoted && weir_text_equal_nocase_c(part(name, 0), "PI");
}

weir_status bind_name(bind_scope *scope, const weir_ast_name *name, const weir_expr **out, weir_error *error) {
    if (is_call_without_parentheses(name))
        return bind_build(scope, "PI", NULL, 0, name->position, out, error);
    WEIR_TRY(find_alias(scope, name, out, error));
    if (*out != NULL)
        return WEIR_OK;
    find_place place = {.scope = scope};
    bool found = false;
    for (; place.scope != NULL; place.scope = place.scope->outer, place.level++) {
        WEIR_TRY(find_at(place.scope, name, &place, &found, error));
        if (found)
            break;
    }
    if (!found)
        return name_unknown(scope, name, error);
    const weir_expr *expr;
    const bind_column *columns = place.scope->columns;
    bind_record_name(scope->context, name, &columns[place.column], place.used);
    if (place.used == 1)
        WEIR_TRY(bind_column_value(scope, columns, place.level, place.column, name->position, &expr, error));
    else if ((expr = column_expr(scope, columns, place.level, place.column, name->position)) == NULL)
        return weir_fail_memory(error, "an expression", sizeof *expr);
    for (size_t i = place.used; i < name->count; i++) {
        int index = expr->type->kind == WEIR_KIND_ROW ? field_index(expr->type, part(name, i)) : -1;
        if (index < 0) {
            weir_builder path;
            weir_builder_init(&path, scope->context->arena->memory, 4096);
            for (size_t k = place.used - 1; k <= i; k++) {
                if (path.size > 0)
                    weir_builder_char(&path, '.');
                weir_builder_text(&path, part(name, k));
            }
            weir_text shown = weir_builder_view(&path);
            weir_status status =
                place.used > 1
                    ? weir_fail_at(error, WEIR_VALIDATE, name->position, "Column '%.*s' not found in table '%.*s'", WEIR_TEXT_ARGS(shown),
                                   WEIR_TEXT_ARGS(part(name, place.used - 2)))
                    : weir_fail_at(error, WEIR_VALIDATE, name->position, "Column '%.*s' not found in any table", WEIR_TEXT_ARGS(shown));
            weir_builder_deinit(&path);
            return status;
        }
        WEIR_TRY(field_build(scope, expr, (uint32_t)index, name->position, &expr, error));
    }
    *out = expr;
    return WEIR_OK;
}

/* ---- stars ---- */

static weir_status item_add(bind_scope *scope, weir_list *items, const weir_expr *expr, weir_text name, weir_time_attribute time,
                            weir_error *error) {
    bind_item *item = WEIR_ARENA_NEW(scope->context->arena, bind_item);
    if (item == NULL || expr == NULL || !weir_list_add(scope->context->arena, items, item))
        return weir_fail_memory(error, "a select list", sizeof *item);
    *item = (bind_item){.expr = expr, .name = name, .time = time};
    return WEIR_OK;
}

static weir_status star_of_row(bind_scope *scope, const weir_expr *row, weir_position position, weir_list *items, weir_error *error) {
    if (row->type->kind != WEIR_KIND_ROW)
        return weir_fail_at(error, WEIR_VALIDATE, position, "Unknown identifier: only a table or a ROW can stand before .*");
    for (uint32_t i = 0; i < row->type->field_count; i++) {
        const weir_expr *field;
        WEIR_TRY(field_build(scope, row, i, position, &field, error));
        WEIR_TRY(item_add(scope, items, field, row->type->fields[i].name, WEIR_TIME_NONE, error));
    }
    return WEIR_OK;
}

/* * stands for names: two columns of one name in the same item of FROM cannot be told apart. */
static weir_status check_twins(const bind_scope *scope, uint32_t column, weir_position position, weir_error *error) {
    const bind_column *one = &scope->columns[column];
    for (uint32_t i = 0; i < scope->column_count; i++) {
        const bind_column *other = &scope->columns[i];
        if (i != column && other->owner == one->owner && weir_text_equal(other->name, one->name) &&
            weir_text_equal(other->table, one->table))
            return weir_fail_at(error, WEIR_VALIDATE, position, "Column '%.*s' is ambiguous", WEIR_TEXT_ARGS(one->name));
    }
    return WEIR_OK;
}

weir_status bind_star(bind_scope *scope, const weir_ast_expr *star, weir_list *items, weir_error *error) {
    const weir_ast_name *qualifier = &star->as.star.qualifier;
    if (!scope->has_from && qualifier->count == 0)
        return weir_fail_at(error, WEIR_VALIDATE, star->position, "SELECT * requires a FROM clause");
    bool of_table = has_table_path(scope, qualifier, qualifier->count);
    if (qualifier->count > 0 && !of_table) {
        const weir_expr *row;
        weir_status status = bind_name(scope, qualifier, &row, error);
        if (status != WEIR_OK)
            return status == WEIR_VALIDATE
                       ? weir_fail_at(error, WEIR_VALIDATE, star->position, "Unknown identifier '%.*s'", WEIR_TEXT_ARGS(part(qualifier, 0)))
                       : status;
        return star_of_row(scope, row, star->position, items, error);
    }
    uint32_t count = of_table || scope->star == NULL ? scope->column_count : scope->star_count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = of_table || scope->star == NULL ? i : scope->star[i];
        const bind_column *column = &scope->columns[at];
        if (of_table ? !is_of_table(column, qualifier, qualifier->count) : column->hidden)
            continue;
        WEIR_TRY(check_twins(scope, at, star->position, error));
        const weir_expr *expr = of_table ? weir_expr_column(scope->context->arena, at, column->type, star->position) : NULL;
        if (!of_table)
            WEIR_TRY(bind_column_value(scope, scope->columns, 0, at, star->position, &expr, error));
        WEIR_TRY(item_add(scope, items, expr, column->name, column->time, error));
    }
    return WEIR_OK;
}

weir_time_attribute bind_time_of(const bind_scope *scope, const weir_expr *expr) {
    if (expr->kind == WEIR_EXPR_COLUMN && expr->as.column < scope->column_count)
        return scope->columns[expr->as.column].time;
    return weir_expr_is_call(expr, "PROCTIME") ? WEIR_TIME_PROCTIME : WEIR_TIME_NONE;
}

const bind_column *bind_columns_of(weir_bind_context *context, const weir_node *node, weir_text alias, const weir_ast_ident *renamed,
                                   size_t renamed_count) {
    bind_column *columns = WEIR_ARENA_ARRAY(context->arena, bind_column, node->field_count);
    if (columns == NULL)
        return NULL;
    for (uint32_t i = 0; i < node->field_count; i++) {
        const weir_plan_field *field = &node->fields[i];
        columns[i] = (bind_column){.table = alias,
                                   .name = i < renamed_count ? renamed[i].text : field->name,
                                   .type = field->type,
                                   .time = field->time,
                                   .owner = node};
    }
    return columns;
}

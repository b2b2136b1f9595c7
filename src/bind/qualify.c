/* A view's text as the catalog keeps it: every table with its whole path, every column with its table, every * spelled out, so that it
 * means the same whatever the current database is, and whatever columns its tables get later.
 *
 * The query is written out, parsed into a tree of its own, and bound with a recorder, which notes what the names turned out to mean. Then
 * the names in that private tree are exchanged, and it is written out again. Names that mean an alias of the select list, or a column of a
 * USING pair, stay as they are.
 */
#include <string.h>

#include "bind/qualify_int.h"
#include "sql/parser.h"
#include "sql/unparse.h"

typedef enum patch_kind { PATCH_NAME, PATCH_ALIAS, PATCH_ITEMS } patch_kind;

typedef struct patch {
    patch_kind kind;
    void *target;
    weir_ast_name name;
    weir_ast_ident alias;
    const weir_ast_select_item *items;
    size_t item_count;
} patch;

struct bind_recorder {
    weir_arena *arena;
    weir_list patches;
    bool failed;
};

static patch *patch_add(bind_recorder *recorder, patch_kind kind, const void *target) {
    patch *made = WEIR_ARENA_NEW(recorder->arena, patch);
    if (made == NULL || !weir_list_add(recorder->arena, &recorder->patches, made)) {
        recorder->failed = true;
        return NULL;
    }
    made->kind = kind;
    made->target = (void *)(uintptr_t)target;
    return made;
}

/* `first` parts given by text, then the parts of `rest` from `skip` on. */
static bool name_make(bind_recorder *recorder, const weir_text *first, size_t first_count, const weir_ast_name *rest, size_t skip,
                      weir_ast_name *out) {
    size_t more = rest == NULL ? 0 : rest->count - skip;
    weir_ast_ident *parts = WEIR_ARENA_ARRAY(recorder->arena, weir_ast_ident, first_count + more);
    if (parts == NULL) {
        recorder->failed = true;
        return false;
    }
    for (size_t i = 0; i < first_count; i++)
        parts[i] = (weir_ast_ident){.text = first[i], .quoted = true};
    for (size_t i = 0; i < more; i++)
        parts[first_count + i] = rest->parts[skip + i];
    *out = (weir_ast_name){.parts = parts, .count = first_count + more};
    return true;
}

void bind_record_name(weir_bind_context *context, const weir_ast_name *name, const bind_column *column, size_t used) {
    bind_recorder *recorder = context->recorder;
    if (recorder == NULL || column->table.size == 0 || column->merged != 0 || column->hidden)
        return;
    patch *made = patch_add(recorder, PATCH_NAME, name);
    weir_text first[2] = {column->table, column->name};
    if (made != NULL)
        (void)name_make(recorder, first, 2, name, used, &made->name);
}

void bind_record_table(weir_bind_context *context, const weir_ast_name *name, weir_object_path path) {
    bind_recorder *recorder = context->recorder;
    patch *made = recorder == NULL ? NULL : patch_add(recorder, PATCH_NAME, name);
    weir_text parts[3] = {path.catalog, path.database, path.name};
    if (made != NULL)
        (void)name_make(recorder, parts, 3, NULL, 0, &made->name);
}

void bind_record_alias(weir_bind_context *context, const weir_ast_table_ref *ref, weir_text alias) {
    patch *made = context->recorder == NULL ? NULL : patch_add(context->recorder, PATCH_ALIAS, ref);
    if (made != NULL)
        made->alias = (weir_ast_ident){.text = alias, .quoted = true};
}

static weir_ast_expr *name_expr(bind_recorder *recorder, const bind_column *column) {
    weir_ast_expr *expr = WEIR_ARENA_NEW(recorder->arena, weir_ast_expr);
    weir_text parts[2] = {column->table, column->name};
    bool plain = column->table.size == 0 || column->merged != 0;
    if (expr == NULL || !name_make(recorder, parts + plain, 2 - plain, NULL, 0, &expr->as.name)) {
        recorder->failed = true;
        return NULL;
    }
    expr->kind = WEIR_AST_EXPR_NAME;
    return expr;
}

void bind_record_items(weir_bind_context *context, const weir_ast_select *select, const bind_star_columns *stars, size_t total) {
    bind_recorder *recorder = context->recorder;
    weir_ast_select_item *items = recorder == NULL ? NULL : WEIR_ARENA_ARRAY(recorder->arena, weir_ast_select_item, total);
    if (items == NULL) {
        if (recorder != NULL)
            recorder->failed = true;
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < select->item_count; i++) {
        if (stars[i].count == 0)
            items[count++] = select->items[i];
        for (size_t k = 0; k < stars[i].count; k++)
            items[count++].expr = name_expr(recorder, stars[i].columns[k]);
    }
    patch *made = recorder->failed ? NULL : patch_add(recorder, PATCH_ITEMS, select);
    if (made == NULL)
        return;
    made->items = items;
    made->item_count = count;
}

/* Several clauses may have bound the same piece of tree: the same patch again changes nothing. */
static void apply(const bind_recorder *recorder) {
    for (size_t i = 0; i < recorder->patches.count; i++) {
        const patch *one = recorder->patches.items[i];
        switch (one->kind) {
        case PATCH_NAME: *(weir_ast_name *)one->target = one->name; break;
        case PATCH_ALIAS: ((weir_ast_table_ref *)one->target)->alias = one->alias; break;
        case PATCH_ITEMS:
            ((weir_ast_select *)one->target)->items = one->items;
            ((weir_ast_select *)one->target)->item_count = one->item_count;
            break;
        }
    }
}

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a view's text", sizeof(bind_recorder)); }

enum { QUERY_TEXT_BYTES_MAX = 1 << 24 };

static weir_status query_text(weir_arena *arena, const weir_ast_query *query, weir_text *out, weir_error *error) {
    weir_builder text;
    weir_builder_init(&text, arena->memory, QUERY_TEXT_BYTES_MAX);
    weir_sql_unparse_query(&text, query);
    *out = text.failed ? (weir_text){0} : weir_arena_text(arena, weir_builder_view(&text));
    weir_builder_deinit(&text);
    return out->data == NULL ? no_memory(error) : WEIR_OK;
}

weir_status bind_qualified_text(weir_bind_context *context, const weir_ast_query *query, weir_text *out, weir_error *error) {
    weir_text text;
    const weir_ast_query *copy;
    const weir_node *ignored;
    WEIR_TRY(query_text(context->arena, query, &text, error));
    WEIR_TRY(weir_sql_parse_query(context->arena, text, &copy, error));
    bind_recorder recorder = {.arena = context->arena};
    uint32_t aliases = context->generated_aliases;
    context->generated_aliases = 0;
    context->recorder = &recorder;
    weir_status status = bind_query(context, NULL, NULL, copy, &ignored, error);
    context->recorder = NULL;
    context->generated_aliases = aliases;
    WEIR_TRY(status);
    if (recorder.failed)
        return no_memory(error);
    apply(&recorder);
    return query_text(context->arena, copy, out, error);
}

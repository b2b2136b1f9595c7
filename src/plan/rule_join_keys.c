/* The equalities of a join condition become its keys. A key that is not a bare column is computed by a PROJECT on its side; one above the
 * join drops those columns again. Both columns of a pair have one type; what is left of the condition is the residual.
 */
#include <string.h>

#include "plan/rules.h"

typedef struct key_search {
    rewrite *self;
    const weir_node *node;
    uint32_t left_count;
    weir_list extra[2]; /* weir_expr over one side, computed below */
    uint32_t count;
    uint32_t *keys[2];
    bool *null_safe;
    const weir_expr *residual;
} key_search;

static const weir_node *side_of(const key_search *search, int side) { return search->node->inputs[side]; }

/* Which side an operand reads: 0, 1, or -1: both or none. */
static int operand_side(const key_search *search, const weir_expr *expr) {
    uint32_t left = search->left_count, right = side_of(search, 1)->field_count;
    bool reads_left = rewrite_reads_any(expr, 0, left), reads_right = rewrite_reads_any(expr, left, left + right);
    if (reads_left == reads_right || !weir_expr_is_deterministic(expr))
        return -1;
    return reads_right;
}

/* The column of a side that holds the expression. */
static weir_status key_column(key_search *search, int side, const weir_expr *expr, uint32_t *out, weir_error *error) {
    weir_arena *arena = search->self->arena;
    uint32_t columns = side_of(search, side)->field_count;
    if (side == 1)
        expr = rewrite_shift(arena, expr, search->left_count + columns, -(int64_t)search->left_count);
    if (expr == NULL)
        return rewrite_no_memory(error);
    if (expr->kind == WEIR_EXPR_COLUMN) {
        *out = expr->as.column;
        return WEIR_OK;
    }
    weir_list *extra = &search->extra[side];
    for (size_t i = 0; i < extra->count; i++)
        if (weir_expr_equal(extra->items[i], expr)) {
            *out = columns + (uint32_t)i;
            return WEIR_OK;
        }
    *out = columns + (uint32_t)extra->count;
    return weir_list_add(arena, extra, (void *)(uintptr_t)expr) ? WEIR_OK : rewrite_no_memory(error);
}

/* Do equal values of the two types have equal bytes as keys? */
static bool alike(const weir_type *a, const weir_type *b) {
    if (weir_type_equal(a, b, true))
        return true;
    if (weir_kind_is_text(a->kind) && weir_kind_is_text(b->kind))
        return true;
    if (weir_kind_is_binary(a->kind) && weir_kind_is_binary(b->kind))
        return true;
    bool same = a->kind == b->kind && weir_type_layout(a) == weir_type_layout(b);
    return same && (a->kind == WEIR_KIND_DECIMAL ? a->scale == b->scale : weir_kind_is_timestamp(a->kind) || a->kind == WEIR_KIND_TIME);
}

/* Both operands as one type; false: there is none. */
static weir_status one_type(weir_arena *arena, const weir_expr **a, const weir_expr **b, bool *found, weir_error *error) {
    *found = true;
    if (alike((*a)->type, (*b)->type))
        return WEIR_OK;
    const weir_type *common = weir_type_common(arena, (*a)->type, (*b)->type);
    if (common == NULL) {
        *found = false;
        return arena->failed ? rewrite_no_memory(error) : WEIR_OK;
    }
    const weir_expr **both[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        const weir_type *type = weir_type_with_nullable(arena, common, (*both[i])->type->nullable);
        if (type == NULL || (*both[i] = weir_expr_cast(arena, *both[i], type)) == NULL)
            return rewrite_no_memory(error);
    }
    return WEIR_OK;
}

static weir_status take_pair(key_search *search, const weir_expr *conjunct, bool *taken, weir_error *error) {
    *taken = false;
    bool safe = weir_expr_is_call(conjunct, "IS NOT DISTINCT FROM");
    if (!safe && !weir_expr_is_call(conjunct, "="))
        return WEIR_OK;
    const weir_expr *a = conjunct->as.call.arguments[0], *b = conjunct->as.call.arguments[1];
    int side_a = operand_side(search, a), side_b = operand_side(search, b);
    if (side_a < 0 || side_b < 0 || side_a == side_b)
        return WEIR_OK;
    WEIR_TRY(one_type(search->self->arena, &a, &b, taken, error));
    if (!*taken)
        return WEIR_OK;
    const weir_expr *sides[2] = {side_a == 0 ? a : b, side_a == 0 ? b : a};
    uint32_t column[2];
    for (int side = 0; side < 2; side++)
        WEIR_TRY(key_column(search, side, sides[side], &column[side], error));
    for (uint32_t i = 0; i < search->count; i++)
        if (search->keys[0][i] == column[0] && search->keys[1][i] == column[1] && search->null_safe[i] == safe)
            return WEIR_OK;
    search->keys[0][search->count] = column[0];
    search->keys[1][search->count] = column[1];
    search->null_safe[search->count++] = safe;
    return WEIR_OK;
}

static weir_status search_keys(key_search *search, weir_error *error) {
    weir_arena *arena = search->self->arena;
    weir_list parts = {0};
    if (!weir_expr_conjuncts(arena, search->node->as.join.condition, &parts))
        return rewrite_no_memory(error);
    search->keys[0] = WEIR_ARENA_ARRAY(arena, uint32_t, parts.count);
    search->keys[1] = WEIR_ARENA_ARRAY(arena, uint32_t, parts.count);
    search->null_safe = WEIR_ARENA_ARRAY(arena, bool, parts.count);
    if (search->keys[0] == NULL || search->keys[1] == NULL || search->null_safe == NULL)
        return rewrite_no_memory(error);
    for (size_t i = 0; i < parts.count; i++) {
        bool taken;
        WEIR_TRY(take_pair(search, parts.items[i], &taken, error));
        if (taken)
            continue;
        search->residual = weir_expr_and(arena, search->residual, parts.items[i]);
        if (search->residual == NULL)
            return rewrite_no_memory(error);
    }
    return WEIR_OK;
}

/* The side with its computed keys behind its columns. FOR SYSTEM_TIME stays on top: the join looks for it there. */
static weir_status side_with_keys(key_search *search, int side, const weir_node **out, weir_error *error) {
    const weir_node *input = side_of(search, side);
    const weir_list *extra = &search->extra[side];
    *out = input;
    if (extra->count == 0)
        return WEIR_OK;
    uint32_t count = input->field_count + (uint32_t)extra->count;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(search->self->arena, const weir_expr *, count);
    if (exprs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        exprs[i] = i < input->field_count ? rewrite_column(search->self->arena, input, i) : extra->items[i - input->field_count];
    const weir_node *below = input->kind == WEIR_NODE_SNAPSHOT ? input->inputs[0] : input;
    WEIR_TRY(rewrite_project(search->self->arena, below, exprs, NULL, count, search->node->position, out, error));
    if (below == input)
        return WEIR_OK;
    weir_node *snapshot = weir_node_create(search->self->arena, WEIR_NODE_SNAPSHOT, input->position, out, 1, count);
    if (snapshot == NULL)
        return rewrite_no_memory(error);
    memcpy(weir_node_fields(snapshot), (*out)->fields, count * sizeof *(*out)->fields);
    snapshot->as.snapshot = input->as.snapshot;
    *out = snapshot;
    return WEIR_OK;
}

static weir_status renumbered(const key_search *search, uint32_t moved_by, const weir_expr *expr, const weir_expr **out,
                              weir_error *error) {
    weir_arena *arena = search->self->arena;
    uint32_t left = search->left_count, total = left + side_of(search, 1)->field_count;
    *out = expr;
    if (expr == NULL || moved_by == 0)
        return WEIR_OK;
    uint32_t *map = WEIR_ARENA_ARRAY(arena, uint32_t, total);
    if (map == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < total; i++)
        map[i] = i < left ? i : i + moved_by;
    *out = weir_expr_renumber(arena, expr, map);
    return *out == NULL ? rewrite_no_memory(error) : WEIR_OK;
}

/* Only the columns that the join had before. */
static weir_status trim(const key_search *search, const weir_node *join, uint32_t moved_by, const weir_node **out, weir_error *error) {
    uint32_t *columns = WEIR_ARENA_ARRAY(search->self->arena, uint32_t, search->node->field_count);
    if (columns == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < search->node->field_count; i++)
        columns[i] = i < search->left_count ? i : i + moved_by;
    return rewrite_columns(search->self->arena, join, columns, search->node->fields, search->node->field_count, search->node->position, out,
                           error);
}

static weir_status join_with_keys(key_search *search, const weir_node **out, weir_error *error) {
    weir_arena *arena = search->self->arena;
    const weir_node *left, *right, *join;
    WEIR_TRY(side_with_keys(search, 0, &left, error));
    WEIR_TRY(side_with_keys(search, 1, &right, error));
    uint32_t moved_by = (uint32_t)search->extra[0].count;
    const weir_expr *condition, *residual;
    WEIR_TRY(renumbered(search, moved_by, search->node->as.join.condition, &condition, error));
    WEIR_TRY(renumbered(search, moved_by, search->residual, &residual, error));
    WEIR_TRY(rewrite_join(arena, search->node->as.join.type, left, right, condition, search->node->position, &join, error));
    weir_node *made = (weir_node *)(uintptr_t)join;
    made->as.join.null_aware_anti = search->node->as.join.null_aware_anti;
    made->as.join.equal_count = search->count;
    made->as.join.left_keys = search->keys[0];
    made->as.join.right_keys = search->keys[1];
    made->as.join.null_safe = search->null_safe;
    made->as.join.residual = residual;
    if (search->extra[0].count + search->extra[1].count == 0) {
        /* the fields as they were: the names that the query gave them, and the types of an outer join */
        memcpy(weir_node_fields(made), search->node->fields, search->node->field_count * sizeof *search->node->fields);
        *out = join;
        return WEIR_OK;
    }
    return trim(search, join, moved_by, out, error);
}

/* NOT IN whose condition is not only keys: a row is excluded unless the condition is FALSE for all rows of the right side. */
static weir_status plain_anti(key_search *search, const weir_node **out, weir_error *error) {
    weir_node *copy = rewrite_copy(search->self->arena, search->node);
    const weir_expr *condition = search->node->as.join.condition;
    const weir_expr *maybe =
        weir_expr_call(search->self->arena, "IS NOT FALSE", weir_type_simple(WEIR_KIND_BOOLEAN, false), &condition, 1, condition->position);
    if (copy == NULL || maybe == NULL)
        return rewrite_no_memory(error);
    copy->as.join.null_aware_anti = false;
    copy->as.join.condition = copy->as.join.residual = maybe;
    *out = copy;
    return WEIR_OK;
}

weir_status rule_join_keys(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    if (rewrite_join_has_keys(node))
        return WEIR_OK;
    key_search search = {.self = self, .node = node, .left_count = node->inputs[0]->field_count};
    WEIR_TRY(search_keys(&search, error));
    if (node->as.join.null_aware_anti && search.residual != NULL)
        return plain_anti(&search, out, error);
    return join_with_keys(&search, out, error);
}

/* Expressions -> a program: every distinct subexpression becomes one node, however often it occurs. See program.h.
 *
 * Children come first, so that two calls are equal when they call the same function with the same nodes: finding an equal node is one look
 * into a hash table, whatever the size of the expression.
 */
#include <string.h>

#include "base/hash.h"
#include "expr/program_int.h"

static weir_form form_of(const weir_function *function) {
    static const struct {
        const char *name;
        weir_form form;
    } forms[] = {{"AND", FORM_AND},           {"OR", FORM_OR}, {"CASE", FORM_CASE},
                 {"COALESCE", FORM_COALESCE}, {"IF", FORM_IF}, {"FIELD", FORM_FIELD}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(function->name, forms[i].name) == 0)
            return forms[i].form;
    return FORM_NONE;
}

static weir_status call_bind(weir_program *program, program_node *node, weir_error *error) {
    const weir_expr *expr = node->expr;
    uint32_t count = expr->as.call.count;
    const weir_type **types = WEIR_ARENA_ARRAY(program->arena, const weir_type *, count);
    const weir_value **literals = WEIR_ARENA_ARRAY(program->arena, const weir_value *, count);
    if (types == NULL || literals == NULL)
        return weir_fail_memory(error, "an expression", count * sizeof *types);
    for (uint32_t i = 0; i < count; i++) {
        const weir_expr *argument = expr->as.call.arguments[i];
        types[i] = argument->type;
        literals[i] = argument->kind == WEIR_EXPR_LITERAL ? &argument->as.literal : NULL;
    }
    node->call = (weir_call){.function = expr->as.call.function,
                             .arena = program->arena,
                             .memory = program->memory,
                             .evaluation = program->evaluation,
                             .result = expr->type,
                             .argument_count = count,
                             .argument_types = types,
                             .literals = literals,
                             .failed_row = UINT32_MAX};
    if (node->call.function->bind == NULL)
        return weir_fail_at(error, WEIR_UNSUPPORTED, expr->position, "Function '%s' cannot be evaluated here.", node->call.function->name);
    weir_status status = node->call.function->bind(&node->call, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, expr->position);
        return status;
    }
    return node->call.kernel != NULL
               ? WEIR_OK
               : weir_fail(error, WEIR_INTERNAL, "function '%s' was bound without a kernel", node->call.function->name);
}

/* Total all the way down: no failure, no cost worth avoiding. */
static bool node_is_total(const weir_program *program, const program_node *node) {
    if (node->expr->kind != WEIR_EXPR_CALL)
        return true;
    uint32_t needed = WEIR_FUNCTION_STRICT | WEIR_FUNCTION_TOTAL;
    if (node->form != FORM_NONE || (node->call.function->flags & needed) != needed)
        return false;
    for (uint32_t i = 0; i < node->argument_count; i++)
        if (!program->nodes[node->arguments[i]].is_total)
            return false;
    return true;
}

/* ---- equal nodes ---- */

static uint64_t literal_hash(const weir_value *value) {
    if (value->is_null)
        return 1;
    switch (weir_type_layout(value->type)) {
    case WEIR_LAYOUT_I8:
    case WEIR_LAYOUT_I16:
    case WEIR_LAYOUT_I32:
    case WEIR_LAYOUT_I64: return weir_hash_u64((uint64_t)value->as.integer);
    case WEIR_LAYOUT_I128: return weir_hash_u64((uint64_t)value->as.decimal);
    case WEIR_LAYOUT_VIEW: return weir_hash_bytes(value->as.text.data, value->as.text.size);
    default: return 2; /* few of them */
    }
}

static uint64_t node_hash(const program_node *node) {
    uint64_t hash = weir_hash_combine((uint64_t)node->expr->kind, (uint64_t)node->expr->type->kind);
    switch (node->expr->kind) {
    case WEIR_EXPR_COLUMN: return weir_hash_combine(hash, node->expr->as.column);
    case WEIR_EXPR_LITERAL: return weir_hash_combine(hash, literal_hash(&node->expr->as.literal));
    case WEIR_EXPR_OUTER: return hash;
    case WEIR_EXPR_CALL: break;
    }
    hash = weir_hash_combine(hash, (uint64_t)(uintptr_t)node->expr->as.call.function);
    for (uint32_t i = 0; i < node->argument_count; i++)
        hash = weir_hash_combine(hash, node->arguments[i]);
    return hash;
}

static bool nodes_equal(const program_node *a, const program_node *b) {
    if (a->expr->kind != b->expr->kind || a->form != b->form || !weir_type_equal(a->expr->type, b->expr->type, false))
        return false;
    if (a->expr->kind != WEIR_EXPR_CALL)
        return weir_expr_equal(a->expr, b->expr);
    if (a->form == FORM_SET)
        return weir_expr_equal(a->expr, b->expr);
    return a->expr->as.call.function == b->expr->as.call.function && a->argument_count == b->argument_count &&
           (a->argument_count == 0 || memcmp(a->arguments, b->arguments, a->argument_count * sizeof *a->arguments) == 0);
}

/* The place in the table of the node that equals `node`, or the free one for it. */
static uint32_t table_find(const weir_program *program, const program_node *node) {
    uint32_t at = (uint32_t)node_hash(node) & (program->table_slots - 1);
    while (program->table[at] != 0 && !nodes_equal(&program->nodes[program->table[at] - 1], node))
        at = (at + 1) & (program->table_slots - 1);
    return at;
}

static bool node_known(const weir_program *program, const program_node *node, uint32_t *out) {
    uint32_t known = node->shareable ? program->table[table_find(program, node)] : 0;
    if (known != 0)
        *out = known - 1;
    return known != 0;
}

/* Room for one node more. */
static weir_status table_grow(weir_program *program, weir_error *error) {
    if (program->node_count * 2 < program->table_slots)
        return WEIR_OK;
    uint32_t slots = program->table_slots == 0 ? 32 : program->table_slots * 2;
    uint32_t *table = WEIR_ARENA_ARRAY(program->arena, uint32_t, slots);
    if (table == NULL)
        return weir_fail_memory(error, "an expression", slots * sizeof *table);
    program->table = table;
    program->table_slots = slots;
    for (uint32_t i = 0; i < program->node_count; i++)
        if (program->nodes[i].shareable)
            program->table[table_find(program, &program->nodes[i])] = i + 1;
    return WEIR_OK;
}

/* ---- nodes ---- */

static weir_status node_append(weir_program *program, const program_node *node, uint32_t *out, weir_error *error) {
    if (program->node_count == program->node_capacity) {
        uint32_t capacity = program->node_capacity == 0 ? 16 : program->node_capacity * 2;
        program_node *nodes = WEIR_ARENA_ARRAY(program->arena, program_node, capacity);
        if (nodes == NULL)
            return weir_fail_memory(error, "an expression", capacity * sizeof *nodes);
        if (program->node_count > 0)
            memcpy(nodes, program->nodes, program->node_count * sizeof *nodes);
        program->nodes = nodes;
        program->node_capacity = capacity;
    }
    program->nodes[program->node_count] = *node;
    if (node->shareable)
        program->table[table_find(program, node)] = program->node_count + 1;
    *out = program->node_count++;
    return table_grow(program, error);
}

static weir_status node_add(weir_program *program, const weir_expr *expr, uint32_t *out, weir_error *error);

static weir_status arguments_add(weir_program *program, program_node *node, weir_error *error) {
    const weir_expr *expr = node->expr;
    node->arguments = WEIR_ARENA_ARRAY(program->arena, uint32_t, expr->as.call.count);
    if (node->arguments == NULL)
        return weir_fail_memory(error, "an expression", expr->as.call.count);
    for (uint32_t i = 0; i < expr->as.call.count; i++) {
        WEIR_TRY(node_add(program, expr->as.call.arguments[i], &node->arguments[i], error));
        node->shareable &= program->nodes[node->arguments[i]].shareable;
    }
    node->argument_count = expr->as.call.count;
    return WEIR_OK;
}

/* The node of x in (the values that the disjunction compares it with). */
static weir_status set_add(weir_program *program, const weir_expr *disjunction, const weir_expr *value, uint32_t *out, weir_error *error) {
    program_node set = {.expr = disjunction, .form = FORM_SET, .shareable = true};
    set.arguments = WEIR_ARENA_ARRAY(program->arena, uint32_t, 1);
    if (set.arguments == NULL)
        return weir_fail_memory(error, "an expression", sizeof *set.arguments);
    set.argument_count = 1;
    WEIR_TRY(node_add(program, value, &set.arguments[0], error));
    if (node_known(program, &set, out))
        return WEIR_OK;
    WEIR_TRY(weir_program_set_create(program->arena, disjunction, value, &set.set, error));
    set.is_total = program->nodes[set.arguments[0]].is_total;
    return node_append(program, &set, out, error);
}

/* The parts x = 1, x = 2, ... become one set, which stands where the first of them stood; the others stay parts. */
static weir_status members_add(weir_program *program, program_node *node, const weir_expr *value, weir_error *error) {
    const weir_expr *expr = node->expr;
    node->arguments = WEIR_ARENA_ARRAY(program->arena, uint32_t, expr->as.call.count);
    if (node->arguments == NULL)
        return weir_fail_memory(error, "an expression", expr->as.call.count);
    bool placed = false;
    for (uint32_t i = 0; i < expr->as.call.count; i++) {
        const weir_expr *part = expr->as.call.arguments[i];
        bool member = weir_program_is_member(value, part);
        if (member && placed)
            continue;
        uint32_t *place = &node->arguments[node->argument_count];
        WEIR_TRY(member ? set_add(program, expr, value, place, error) : node_add(program, part, place, error));
        node->shareable &= program->nodes[*place].shareable;
        node->argument_count++;
        placed |= member;
    }
    return WEIR_OK;
}

static weir_status node_fill(weir_program *program, program_node *node, weir_error *error) {
    const weir_expr *expr = node->expr;
    node->shareable = true;
    if (expr->kind == WEIR_EXPR_OUTER)
        return weir_fail_at(error, WEIR_UNSUPPORTED, expr->position,
                            "unexpected correlate variable: this form of correlated subquery is not supported");
    if (expr->kind != WEIR_EXPR_CALL)
        return WEIR_OK;
    node->form = form_of(expr->as.call.function);
    node->shareable = (expr->as.call.function->flags & WEIR_FUNCTION_DYNAMIC) == 0;
    const weir_expr *value = node->form == FORM_OR ? weir_program_member_of(expr) : NULL;
    return value == NULL ? arguments_add(program, node, error) : members_add(program, node, value, error);
}

static weir_status node_add(weir_program *program, const weir_expr *expr, uint32_t *out, weir_error *error) {
    program_node node = {.expr = expr};
    if (program->evaluation != NULL && program->evaluation->cancelled != NULL &&
        atomic_load_explicit(program->evaluation->cancelled, memory_order_relaxed))
        return weir_fail(error, WEIR_CANCELLED, "the job was cancelled");
    WEIR_TRY(node_fill(program, &node, error));
    if (node.form == FORM_OR && node.argument_count == 1) { /* nothing but a set */
        *out = node.arguments[0];
        return WEIR_OK;
    }
    if (node_known(program, &node, out))
        return WEIR_OK;
    if (expr->kind == WEIR_EXPR_CALL && node.form == FORM_NONE)
        WEIR_TRY(call_bind(program, &node, error));
    node.is_total = node_is_total(program, &node);
    return node_append(program, &node, out, error);
}

static void program_release(void *data) {
    weir_program *program = data;
    for (uint32_t i = 0; i < program->node_count; i++) {
        weir_column_unref(program->nodes[i].literal);
        weir_column_unref(program->nodes[i].memo);
    }
}

weir_status weir_program_compile(weir_arena *arena, weir_memory *memory, const weir_evaluation *evaluation, const weir_expr *const *exprs,
                                 uint32_t count, weir_program **out, weir_error *error) {
    weir_program *program = WEIR_ARENA_NEW(arena, weir_program);
    uint32_t *roots = WEIR_ARENA_ARRAY(arena, uint32_t, count);
    if (program == NULL || roots == NULL || !weir_arena_on_reset(arena, program_release, program))
        return weir_fail_memory(error, "an expression", sizeof *program);
    program->arena = arena;
    program->memory = memory;
    program->evaluation = evaluation;
    program->roots = roots;
    program->root_count = count;
    WEIR_TRY(table_grow(program, error));
    for (uint32_t i = 0; i < count; i++)
        WEIR_TRY(node_add(program, exprs[i], &roots[i], error));
    *out = program;
    return WEIR_OK;
}

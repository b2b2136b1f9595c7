/* What a SELECT hands out under a NOT NULL type is valid: a cast or a sum whose result did not fit comes out NULL at run time, and so does
 * what a file holds against its table's schema; the job fails then, as Flink's does. Literals and counts are not looked at.
 */
#include <string.h>

#include "op/changelog.h"
#include "plan/physical_int.h"

static bool expr_surely_valid(const weir_node *input, const weir_expr *expr);

static bool aggregate_surely_valid(const weir_node *node, uint32_t column) {
    uint32_t keys = node->as.aggregate.key_count;
    if (node->as.aggregate.set_count > 0 || node->as.aggregate.window.present || column < keys)
        return false;
    return column - keys < node->as.aggregate.call_count && strcmp(node->as.aggregate.calls[column - keys].aggregate->name, "COUNT") == 0;
}

static bool surely_valid(const weir_node *node, uint32_t column) {
    switch (node->kind) {
    case WEIR_NODE_VALUES: return true;
    case WEIR_NODE_FILTER:
    case WEIR_NODE_SORT:
    case WEIR_NODE_COLLECT: return surely_valid(node->inputs[0], column);
    case WEIR_NODE_PROJECT: return expr_surely_valid(node->inputs[0], node->as.project.expressions[column]);
    case WEIR_NODE_AGGREGATE: return aggregate_surely_valid(node, column);
    default: return false;
    }
}

static bool expr_surely_valid(const weir_node *input, const weir_expr *expr) {
    if (expr->kind == WEIR_EXPR_COLUMN)
        return surely_valid(input, expr->as.column);
    return expr->kind == WEIR_EXPR_LITERAL;
}

weir_status physical_not_null(physical *self, const weir_node *collect, uint32_t *input, weir_error *error) {
    uint32_t *columns = WEIR_ARENA_ARRAY(self->arena, uint32_t, collect->field_count);
    weir_text *names = WEIR_ARENA_ARRAY(self->arena, weir_text, collect->field_count);
    weir_not_null_spec *spec = WEIR_ARENA_NEW(self->arena, weir_not_null_spec);
    if (columns == NULL || names == NULL || spec == NULL)
        return physical_no_memory(error);
    *spec = (weir_not_null_spec){.columns = columns, .names = names};
    for (uint32_t i = 0; i < collect->field_count; i++)
        if (!collect->fields[i].type->nullable && !surely_valid(collect, i)) {
            columns[spec->count] = i;
            names[spec->count++] = collect->fields[i].name;
        }
    if (spec->count == 0)
        return WEIR_OK;
    weir_vertex *vertex;
    return physical_operator(self, &weir_not_null_operator, spec, input, 1, physical_types(self, *input), collect->field_count,
                             physical_changes_of(self, *input), &vertex, input, error);
}

/* Plans and job graphs as text, for EXPLAIN and for tests: one line a node, inputs below it, indented. */
#include <inttypes.h>

#include "plan/print_int.h"
#include "plan/rules.h"

typedef struct printer {
    weir_arena *arena;
    weir_builder *out;
    weir_list shared; /* nodes read more than once, in the order in which they are met */
    weir_list seen;
    weir_list printed;
} printer;

static bool contains(const weir_list *list, const void *item, size_t *at) {
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == item) {
            if (at != NULL)
                *at = i;
            return true;
        }
    return false;
}

static void find_shared(printer *to, const weir_node *node) {
    if (contains(&to->seen, node, NULL)) {
        if (!contains(&to->shared, node, NULL) && !weir_list_add(to->arena, &to->shared, (void *)(uintptr_t)node))
            to->out->failed = true;
        return;
    }
    if (!weir_list_add(to->arena, &to->seen, (void *)(uintptr_t)node))
        to->out->failed = true;
    for (uint32_t i = 0; i < node->input_count; i++)
        find_shared(to, node->inputs[i]);
}

/* ---- pieces ---- */

/* Names of the input's columns; of both inputs for a join. */
static weir_schema names_of(printer *to, const weir_node *node) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < node->input_count; i++)
        count += node->inputs[i]->field_count;
    weir_field *fields = WEIR_ARENA_ARRAY(to->arena, weir_field, count);
    uint32_t next = 0;
    for (uint32_t i = 0; fields != NULL && i < node->input_count; i++)
        for (uint32_t f = 0; f < node->inputs[i]->field_count; f++)
            fields[next++] = (weir_field){.name = node->inputs[i]->fields[f].name, .type = node->inputs[i]->fields[f].type};
    return (weir_schema){.count = fields == NULL ? 0 : count, .fields = fields};
}

static void print_name(printer *to, const weir_node *input, uint32_t column) {
    if (column < input->field_count)
        weir_builder_text(to->out, input->fields[column].name);
    else
        weir_builder_format(to->out, "$%u", column);
}

static void print_names(printer *to, const char *label, const weir_node *input, const uint32_t *columns, uint32_t count) {
    weir_builder_format(to->out, "%s=[", label);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            weir_builder_c(to->out, ", ");
        print_name(to, input, columns[i]);
    }
    weir_builder_c(to->out, "]");
}

static void print_order(printer *to, const weir_node *input, const weir_sort_key *order, uint32_t count) {
    weir_builder_c(to->out, "orderBy=[");
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            weir_builder_c(to->out, ", ");
        print_name(to, input, order[i].column);
        weir_builder_c(to->out, order[i].descending ? " DESC" : " ASC");
        if (order[i].nulls_last != order[i].descending)
            weir_builder_c(to->out, order[i].nulls_last ? " NULLS LAST" : " NULLS FIRST");
    }
    weir_builder_c(to->out, "]");
}

static void print_call(printer *to, const weir_node *input, const weir_aggregate_call *call) {
    weir_builder_format(to->out, "%s(%s", call->aggregate->name, call->distinct ? "DISTINCT " : "");
    if (call->argument_count == 0 && (call->aggregate->flags & WEIR_AGGREGATE_STAR))
        weir_builder_c(to->out, "*");
    for (uint32_t i = 0; i < call->argument_count; i++) {
        if (i > 0)
            weir_builder_c(to->out, ", ");
        print_name(to, input, call->arguments[i]);
    }
    weir_builder_c(to->out, ")");
    if (call->filter >= 0) {
        weir_builder_c(to->out, " FILTER ");
        print_name(to, input, (uint32_t)call->filter);
    }
}

static void print_calls(printer *to, const weir_node *input, const weir_aggregate_call *calls, uint32_t count) {
    weir_builder_c(to->out, "select=[");
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            weir_builder_c(to->out, ", ");
        print_call(to, input, &calls[i]);
    }
    weir_builder_c(to->out, "]");
}

static void print_fields(printer *to, const weir_node *node) {
    weir_builder_c(to->out, "fields=[");
    for (uint32_t i = 0; i < node->field_count; i++) {
        if (i > 0)
            weir_builder_c(to->out, ", ");
        weir_builder_text(to->out, node->fields[i].name);
    }
    weir_builder_c(to->out, "]");
}

static void print_window(printer *to, const weir_window *window) {
    static const char *const kinds[] = {
        [WEIR_WINDOW_TUMBLE] = "TUMBLE", [WEIR_WINDOW_HOP] = "HOP", [WEIR_WINDOW_CUMULATE] = "CUMULATE", [WEIR_WINDOW_SESSION] = "SESSION"};
    bool two = window->kind == WEIR_WINDOW_HOP || window->kind == WEIR_WINDOW_CUMULATE;
    weir_builder_format(to->out, "window=[%s(%s=%" PRId64 " ms", kinds[window->kind], window->kind == WEIR_WINDOW_SESSION ? "gap" : "size",
                        window->size_ms);
    if (two)
        weir_builder_format(to->out, ", %s=%" PRId64 " ms", window->kind == WEIR_WINDOW_HOP ? "slide" : "step", window->slide_ms);
    if (window->offset_ms != 0)
        weir_builder_format(to->out, ", offset=%" PRId64 " ms", window->offset_ms);
    weir_builder_c(to->out, ")]");
}

static void print_exprs(printer *to, const weir_node *node, const weir_expr *const *exprs) {
    weir_schema names = names_of(to, node);
    weir_builder_c(to->out, "select=[");
    for (uint32_t i = 0; i < node->field_count; i++) {
        if (i > 0)
            weir_builder_c(to->out, ", ");
        weir_expr_print(exprs[i], &names, to->out);
        bool named = exprs[i]->kind == WEIR_EXPR_COLUMN && exprs[i]->as.column < names.count &&
                     weir_text_equal(names.fields[exprs[i]->as.column].name, node->fields[i].name);
        if (!named) {
            weir_builder_c(to->out, " AS ");
            weir_builder_text(to->out, node->fields[i].name);
        }
    }
    weir_builder_c(to->out, "]");
}

static void print_condition(printer *to, const weir_node *node, const char *label, const weir_expr *expr) {
    weir_schema names = names_of(to, node);
    weir_builder_format(to->out, "%s=[", label);
    if (expr == NULL)
        weir_builder_c(to->out, "true");
    else
        weir_expr_print(expr, &names, to->out);
    weir_builder_c(to->out, "]");
}

/* ---- nodes ---- */

static void print_join(printer *to, const weir_node *node) {
    static const char *const types[] = {
        [WEIR_JOIN_INNER] = "InnerJoin",    [WEIR_JOIN_LEFT] = "LeftOuterJoin", [WEIR_JOIN_RIGHT] = "RightOuterJoin",
        [WEIR_JOIN_FULL] = "FullOuterJoin", [WEIR_JOIN_SEMI] = "LeftSemiJoin",  [WEIR_JOIN_ANTI] = "LeftAntiJoin"};
    weir_builder_format(to->out, "joinType=[%s], ", types[node->as.join.type]);
    if (node->as.join.equal_count == 0 && node->as.join.residual == NULL) {
        print_condition(to, node, "where", node->as.join.condition);
    } else {
        weir_builder_c(to->out, "on=[");
        for (uint32_t i = 0; i < node->as.join.equal_count; i++) {
            if (i > 0)
                weir_builder_c(to->out, ", ");
            print_name(to, node->inputs[0], node->as.join.left_keys[i]);
            weir_builder_c(to->out, node->as.join.null_safe[i] ? " IS NOT DISTINCT FROM " : " = ");
            print_name(to, node->inputs[1], node->as.join.right_keys[i]);
        }
        weir_builder_c(to->out, "]");
        if (node->as.join.residual != NULL) {
            weir_builder_c(to->out, ", ");
            print_condition(to, node, "where", node->as.join.residual);
        }
    }
    if (node->as.join.null_aware_anti)
        weir_builder_c(to->out, ", nullAware=[true]");
    if (node->kind == WEIR_NODE_INTERVAL_JOIN)
        weir_builder_format(to->out, ", interval=[%" PRId64 " ms, %" PRId64 " ms]", node->as.join.lower_ms, node->as.join.upper_ms);
    if (node->kind != WEIR_NODE_JOIN) {
        weir_builder_c(to->out, ", time=[");
        print_name(to, node->inputs[0], node->as.join.left_time);
        weir_builder_c(to->out, ", ");
        print_name(to, node->inputs[1], node->as.join.right_time);
        weir_builder_c(to->out, "]");
    }
}

static void print_scan(printer *to, const weir_node *node) {
    const weir_table *table = node->as.scan.table;
    weir_builder_format(to->out, "table=[[%.*s, %.*s, %.*s]], ", WEIR_TEXT_ARGS(table->catalog), WEIR_TEXT_ARGS(table->database),
                        WEIR_TEXT_ARGS(table->name));
    print_fields(to, node);
    for (uint32_t i = 0; node->as.scan.used_children != NULL && i < node->as.scan.physical_count; i++) {
        const bool *used = node->as.scan.used_children[i];
        if (used == NULL)
            continue;
        weir_builder_format(to->out, ", %.*s=[", WEIR_TEXT_ARGS(node->fields[i].name));
        const char *separator = "";
        for (uint32_t f = 0; f < node->fields[i].type->field_count; f++)
            if (used[f]) {
                weir_builder_format(to->out, "%s%.*s", separator, WEIR_TEXT_ARGS(node->fields[i].type->fields[f].name));
                separator = ", ";
            }
        weir_builder_c(to->out, "]");
    }
}

static void print_aggregate(printer *to, const weir_node *node) {
    const weir_node *input = node->inputs[0];
    print_names(to, "groupBy", input, node->as.aggregate.keys, node->as.aggregate.key_count);
    if (node->as.aggregate.set_count > 0)
        weir_builder_format(to->out, ", groupingSets=[%u]", node->as.aggregate.set_count);
    if (node->as.aggregate.window.present) {
        weir_builder_c(to->out, ", ");
        print_window(to, &node->as.aggregate.window.window);
    }
    weir_builder_c(to->out, ", ");
    print_calls(to, input, node->as.aggregate.calls, node->as.aggregate.call_count);
}

static void print_window_aggregate(printer *to, const weir_node *node) {
    const weir_window_aggregate_spec *spec = &node->as.window_aggregate.spec;
    const weir_node *input = node->inputs[0];
    print_names(to, "groupBy", input, spec->keys, spec->key_count);
    weir_builder_c(to->out, ", ");
    print_window(to, &spec->window);
    if (spec->attached) {
        weir_builder_c(to->out, ", bounds=[");
        print_name(to, input, spec->start_column);
        weir_builder_c(to->out, ", ");
        print_name(to, input, spec->end_column);
        weir_builder_c(to->out, "], ");
    } else {
        weir_builder_c(to->out, ", time=[");
        print_name(to, input, spec->window.time_column);
        weir_builder_c(to->out, "], ");
    }
    print_calls(to, input, spec->calls, spec->call_count);
}

static void print_over(printer *to, const weir_node *node) {
    const weir_node *input = node->inputs[0];
    print_names(to, "partitionBy", input, node->as.over.keys, node->as.over.key_count);
    weir_builder_c(to->out, ", ");
    print_order(to, input, node->as.over.order, node->as.over.order_count);
    weir_builder_c(to->out, ", select=[");
    for (uint32_t i = 0; i < node->as.over.call_count; i++) {
        if (i > 0)
            weir_builder_c(to->out, ", ");
        print_call(to, input, &node->as.over.calls[i].call);
    }
    weir_builder_c(to->out, "]");
}

static void print_rank(printer *to, const weir_node *node) {
    static const char *const functions[] = {
        [WEIR_RANK_ROW_NUMBER] = "ROW_NUMBER", [WEIR_RANK_RANK] = "RANK", [WEIR_RANK_DENSE_RANK] = "DENSE_RANK"};
    const weir_rank_spec *spec = &node->as.rank;
    const weir_node *input = node->inputs[0];
    weir_builder_format(to->out, "function=[%s], range=[%" PRId64, functions[spec->function], spec->from_rank);
    if (spec->to_rank != INT64_MAX)
        weir_builder_format(to->out, " to %" PRId64, spec->to_rank);
    if (spec->to_rank_column >= 0) {
        weir_builder_c(to->out, " to ");
        print_name(to, input, (uint32_t)spec->to_rank_column);
    }
    weir_builder_c(to->out, "], ");
    print_names(to, "partitionBy", input, spec->keys, spec->key_count);
    weir_builder_c(to->out, ", ");
    print_order(to, input, spec->order, spec->order_count);
    if (spec->emit_rank)
        weir_builder_c(to->out, ", number=[true]");
}

static void print_window_rank(printer *to, const weir_node *node) {
    const weir_window_rank_spec *spec = &node->as.window_rank;
    const weir_node *input = node->inputs[0];
    weir_builder_format(to->out, "range=[%" PRId64 " to %" PRId64 "], windowEnd=[", spec->from_rank, spec->to_rank);
    print_name(to, input, spec->end_column);
    weir_builder_c(to->out, "], ");
    print_names(to, "partitionBy", input, spec->keys, spec->key_count);
    weir_builder_c(to->out, ", ");
    print_order(to, input, spec->order, spec->order_count);
}

static void print_deduplicate(printer *to, const weir_node *node) {
    const weir_deduplicate_spec *spec = &node->as.deduplicate;
    weir_builder_format(to->out, "keep=[%s], ", spec->keep_last ? "LastRow" : "FirstRow");
    print_names(to, "key", node->inputs[0], spec->keys, spec->key_count);
    weir_builder_format(to->out, ", order=[%s]", spec->by_rowtime ? "ROWTIME" : "PROCTIME");
}

static void print_sort(printer *to, const weir_node *node) {
    print_order(to, node->inputs[0], node->as.sort.order, node->as.sort.order_count);
    if (node->as.sort.offset > 0)
        weir_builder_format(to->out, ", offset=[%" PRId64 "]", node->as.sort.offset);
    if (node->as.sort.fetch >= 0)
        weir_builder_format(to->out, ", fetch=[%" PRId64 "]", node->as.sort.fetch);
}

static void print_details(printer *to, const weir_node *node) {
    switch (node->kind) {
    case WEIR_NODE_SCAN: print_scan(to, node); return;
    case WEIR_NODE_VALUES: weir_builder_format(to->out, "rows=[%u]", node->as.values.row_count); return;
    case WEIR_NODE_WATERMARK:
        weir_builder_c(to->out, "rowtime=[");
        print_name(to, node->inputs[0], node->as.watermark.rowtime);
        weir_builder_c(to->out, "], ");
        print_condition(to, node, "watermark", node->as.watermark.expression);
        return;
    case WEIR_NODE_PROJECT: print_exprs(to, node, node->as.project.expressions); return;
    case WEIR_NODE_FILTER: print_condition(to, node, "where", node->as.filter.condition); return;
    case WEIR_NODE_AGGREGATE: print_aggregate(to, node); return;
    case WEIR_NODE_WINDOW_AGGREGATE: print_window_aggregate(to, node); return;
    case WEIR_NODE_WINDOW_TABLE: print_window(to, &node->as.window_table.window); return;
    case WEIR_NODE_JOIN:
    case WEIR_NODE_WINDOW_JOIN:
    case WEIR_NODE_INTERVAL_JOIN:
    case WEIR_NODE_TEMPORAL_JOIN: print_join(to, node); return;
    case WEIR_NODE_OVER: print_over(to, node); return;
    case WEIR_NODE_SORT: print_sort(to, node); return;
    case WEIR_NODE_SET: {
        static const char *const kinds[] = {[WEIR_SET_UNION] = "UNION", [WEIR_SET_INTERSECT] = "INTERSECT", [WEIR_SET_EXCEPT] = "EXCEPT"};
        weir_builder_format(to->out, "%s%s", kinds[node->as.set.kind], node->as.set.all ? " ALL" : "");
        return;
    }
    case WEIR_NODE_UNNEST: print_condition(to, node, "unnest", node->as.unnest.collection); return;
    case WEIR_NODE_MATCH: print_match(to->arena, node, to->out); return;
    case WEIR_NODE_RANK: print_rank(to, node); return;
    case WEIR_NODE_WINDOW_RANK: print_window_rank(to, node); return;
    case WEIR_NODE_DEDUPLICATE: print_deduplicate(to, node); return;
    case WEIR_NODE_EXPAND: weir_builder_format(to->out, "sets=[%u]", node->as.expand.set_count); return;
    case WEIR_NODE_SINK: {
        const weir_table *table = node->as.sink.table;
        weir_builder_format(to->out, "table=[%.*s.%.*s.%.*s], ", WEIR_TEXT_ARGS(table->catalog), WEIR_TEXT_ARGS(table->database),
                            WEIR_TEXT_ARGS(table->name));
        print_fields(to, node);
        return;
    }
    default: print_fields(to, node); return;
    }
}

static void print_node(printer *to, const weir_node *node, uint32_t depth) {
    weir_builder_format(to->out, "%*s%s(", (int)(depth * 3), depth == 0 ? "" : "+- ", weir_node_kind_name(node->kind));
    print_details(to, node);
    weir_builder_c(to->out, ")");
    size_t number;
    bool shared = contains(&to->shared, node, &number);
    bool again = contains(&to->printed, node, NULL);
    if (shared)
        weir_builder_format(to->out, "%s#%zu", again ? " see " : " ", number + 1);
    weir_builder_c(to->out, "\n");
    if (again)
        return;
    if (shared && !weir_list_add(to->arena, &to->printed, (void *)(uintptr_t)node))
        to->out->failed = true;
    for (uint32_t i = 0; i < node->input_count; i++)
        print_node(to, node->inputs[i], depth + 1);
}

void weir_plan_print(weir_arena *arena, const weir_plan *plan, weir_builder *out) {
    printer to = {.arena = arena, .out = out};
    for (uint32_t i = 0; i < plan->root_count; i++)
        find_shared(&to, plan->roots[i]);
    for (uint32_t i = 0; i < plan->root_count; i++) {
        if (i > 0)
            weir_builder_c(out, "\n");
        print_node(&to, plan->roots[i], 0);
    }
}

/* ---- job graphs ---- */

static void print_edge(const weir_job_graph *graph, const weir_edge *edge, weir_builder *out) {
    weir_builder_c(out, graph->vertices[edge->from].name);
    if (edge->exchange == WEIR_EXCHANGE_SINGLE)
        weir_builder_c(out, " (single)");
    if (edge->exchange != WEIR_EXCHANGE_HASH)
        return;
    weir_builder_c(out, " (hash");
    for (uint32_t k = 0; k < edge->key_count; k++)
        weir_builder_format(out, "%s$%u", k == 0 ? " " : ", ", edge->keys[k]);
    weir_builder_c(out, ")");
}

void weir_graph_print(weir_arena *arena, const weir_job_graph *graph, weir_builder *out) {
    (void)arena;
    for (uint32_t v = 0; v < graph->count; v++) {
        const weir_vertex *vertex = &graph->vertices[v];
        weir_builder_c(out, vertex->name);
        if (vertex->details != NULL)
            weir_builder_format(out, "(%s)", vertex->details);
        for (uint32_t i = 0; i < vertex->input_count; i++) {
            weir_builder_c(out, i == 0 ? " <- " : ", ");
            print_edge(graph, &vertex->inputs[i], out);
        }
        weir_builder_c(out, "\n");
    }
}

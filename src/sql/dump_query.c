/* The dump of queries and of what stands in FROM. */
#include "sql/dump_int.h"

void weir_dump_hints(weir_dump *d, weir_ast_hints hints) {
    for (size_t i = 0; i < hints.count; i++) {
        weir_dump_ident(d, "hint", hints.items[i].name);
        d->depth++;
        weir_dump_options(d, NULL, hints.items[i].options);
        weir_dump_idents(d, "argument", hints.items[i].arguments, hints.items[i].argument_count);
        d->depth--;
    }
}

/* ---- MATCH_RECOGNIZE ---- */

static void dump_pattern(weir_dump *d, const char *label, const weir_ast_pattern *pattern) {
    static const char *const kinds[] = {"variable", "sequence", "alternation", "permute", "exclude", "repeat", "empty"};
    if (pattern->kind == WEIR_AST_PATTERN_VARIABLE) {
        weir_dump_ident(d, label ? label : "variable", pattern->variable);
        return;
    }
    if (pattern->kind == WEIR_AST_PATTERN_REPEAT)
        weir_dump_line(d, label, pattern->position, "repeat %lld to %lld%s", (long long)pattern->minimum, (long long)pattern->maximum,
            pattern->reluctant ? " reluctant" : "");
    else
        weir_dump_line(d, label, pattern->position, "%s", kinds[pattern->kind]);
    d->depth++;
    for (size_t i = 0; i < pattern->item_count; i++)
        dump_pattern(d, NULL, pattern->items[i]);
    d->depth--;
}

static void dump_match(weir_dump *d, const weir_ast_match *match) {
    static const char *const skips[] = {"", "TO NEXT ROW", "PAST LAST ROW", "TO FIRST", "TO LAST"};
    weir_dump_exprs(d, "partition by", match->partition_by);
    weir_dump_order(d, "order by", match->order_by);
    for (size_t i = 0; i < match->measure_count; i++) {
        weir_dump_ident(d, "measure", match->measures[i].alias);
        d->depth++;
        weir_dump_expr(d, NULL, match->measures[i].expr);
        d->depth--;
    }
    if (match->rows)
        weir_dump_line(d, "rows", (weir_position){0}, "%s", match->rows == WEIR_AST_ONE_ROW_PER_MATCH ? "ONE" : "ALL");
    if (match->skip)
        weir_dump_line(d, "skip", (weir_position){0}, "%s", skips[match->skip]);
    weir_dump_ident(d, "skip variable", match->skip_variable);
    weir_dump_flag(d, "anchored at the start", match->anchored_start);
    weir_dump_flag(d, "anchored at the end", match->anchored_end);
    dump_pattern(d, "pattern", match->pattern);
    weir_dump_expr(d, "within", match->within);
    for (size_t i = 0; i < match->subset_count; i++) {
        weir_dump_ident(d, "subset", match->subsets[i].name);
        d->depth++;
        weir_dump_idents(d, "variable", match->subsets[i].variables, match->subsets[i].variable_count);
        d->depth--;
    }
    for (size_t i = 0; i < match->definition_count; i++) {
        weir_dump_ident(d, "define", match->definitions[i].variable);
        d->depth++;
        weir_dump_expr(d, NULL, match->definitions[i].condition);
        d->depth--;
    }
}

/* ---- FROM ---- */

static void dump_join(weir_dump *d, const char *label, const weir_ast_table_ref *table) {
    static const char *const kinds[] = {"inner", "left", "right", "full", "cross", "comma"};
    weir_dump_line(d, label, table->position, "join %s%s", kinds[table->as.join.kind], table->as.join.natural ? " natural" : "");
    d->depth++;
    weir_dump_table(d, NULL, table->as.join.left);
    weir_dump_table(d, NULL, table->as.join.right);
    weir_dump_expr(d, "on", table->as.join.condition);
    weir_dump_idents(d, "using", table->as.join.using_columns, table->as.join.using_count);
    d->depth--;
}

void weir_dump_table(weir_dump *d, const char *label, const weir_ast_table_ref *table) {
    static const char *const kinds[] = {"table", "subquery", "table function", "unnest", "match_recognize", "join"};
    if (!table)
        return;
    if (table->kind == WEIR_AST_TABLE_JOIN) {
        dump_join(d, label, table);
        return;
    }
    weir_dump_line(d, label, table->position, "%s%s", table->lateral ? "lateral " : "", kinds[table->kind]);
    d->depth++;
    switch (table->kind) {
    case WEIR_AST_TABLE_NAMED: weir_dump_name(d, "name", &table->as.named.name); break;
    case WEIR_AST_TABLE_SUBQUERY: weir_dump_query(d, NULL, table->as.subquery); break;
    case WEIR_AST_TABLE_FUNCTION: weir_dump_expr(d, NULL, table->as.function.call); break;
    case WEIR_AST_TABLE_UNNEST:
        weir_dump_exprs(d, NULL, table->as.unnest.collections);
        weir_dump_flag(d, "with ordinality", table->as.unnest.with_ordinality);
        break;
    case WEIR_AST_TABLE_MATCH:
        weir_dump_table(d, "input", table->as.match.input);
        dump_match(d, table->as.match.match);
        break;
    case WEIR_AST_TABLE_JOIN: break;
    }
    weir_dump_hints(d, table->hints);
    weir_dump_expr(d, "system time", table->system_time);
    weir_dump_ident(d, "alias", table->alias);
    weir_dump_idents(d, "column", table->columns, table->column_count);
    if (table->sample.present)
        weir_dump_line(d, "sample", table->sample.position, "%s %.*s%s%.*s", table->sample.bernoulli ? "BERNOULLI" : "SYSTEM",
            WEIR_TEXT_ARGS(table->sample.percentage), table->sample.repeatable ? " REPEATABLE " : "", WEIR_TEXT_ARGS(table->sample.seed));
    d->depth--;
}

/* ---- SELECT ---- */

static void dump_groups(weir_dump *d, const char *label, const weir_ast_group_item *items, size_t count) {
    static const char *const kinds[] = {"expression", "empty", "GROUPING SETS", "ROLLUP", "CUBE"};
    for (size_t i = 0; i < count; i++) {
        weir_dump_line(d, label, items[i].position, "%s", kinds[items[i].kind]);
        d->depth++;
        weir_dump_exprs(d, NULL, items[i].exprs);
        dump_groups(d, NULL, items[i].items, items[i].item_count);
        d->depth--;
    }
}

static void dump_select(weir_dump *d, const weir_ast_select *select) {
    weir_dump_flag(d, "stream", select->stream);
    weir_dump_flag(d, "distinct", select->distinct);
    weir_dump_hints(d, select->hints);
    for (size_t i = 0; i < select->item_count; i++) {
        weir_dump_line(d, NULL, select->items[i].position, "item");
        d->depth++;
        weir_dump_expr(d, NULL, select->items[i].expr);
        weir_dump_ident(d, "alias", select->items[i].alias);
        d->depth--;
    }
    weir_dump_table(d, "from", select->from);
    weir_dump_expr(d, "where", select->where);
    weir_dump_flag(d, "group by distinct", select->group_distinct);
    dump_groups(d, "group by", select->groups, select->group_count);
    weir_dump_expr(d, "having", select->having);
    for (size_t i = 0; i < select->window_count; i++) {
        weir_dump_ident(d, "window", select->windows[i].name);
        d->depth++;
        weir_dump_window(d, NULL, select->windows[i].window);
        d->depth--;
    }
    weir_dump_expr(d, "qualify", select->qualify);
}

/* ---- queries ---- */

static void dump_body(weir_dump *d, const weir_ast_query *query) {
    switch (query->kind) {
    case WEIR_AST_QUERY_SELECT: dump_select(d, query->as.select); return;
    case WEIR_AST_QUERY_SET:
        weir_dump_flag(d, "all", query->as.set.all);
        weir_dump_query(d, NULL, query->as.set.left);
        weir_dump_query(d, NULL, query->as.set.right);
        return;
    case WEIR_AST_QUERY_VALUES: weir_dump_exprs(d, NULL, query->as.rows); return;
    case WEIR_AST_QUERY_TABLE: weir_dump_name(d, "name", &query->as.table); return;
    case WEIR_AST_QUERY_NESTED: weir_dump_query(d, NULL, query->as.nested); return;
    }
}

void weir_dump_query(weir_dump *d, const char *label, const weir_ast_query *query) {
    static const char *const kinds[] = {"select", "", "values", "table", "nested"};
    static const char *const operations[] = {"union", "intersect", "except"};
    if (!query)
        return;
    weir_dump_line(d, label, query->position, "%s",
        query->kind == WEIR_AST_QUERY_SET ? operations[query->as.set.op] : kinds[query->kind]);
    d->depth++;
    weir_dump_flag(d, "recursive", query->recursive);
    for (size_t i = 0; i < query->with_count; i++) {
        weir_dump_ident(d, "with", query->with[i].name);
        d->depth++;
        weir_dump_idents(d, "column", query->with[i].columns, query->with[i].column_count);
        weir_dump_query(d, NULL, query->with[i].query);
        d->depth--;
    }
    dump_body(d, query);
    weir_dump_order(d, "order by", query->order_by);
    weir_dump_expr(d, "offset", query->offset);
    weir_dump_expr(d, "limit", query->limit);
    d->depth--;
}

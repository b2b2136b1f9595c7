/* Queries as SQL: one clause a line. */
#include "sql/unparse_int.h"

/* ---- MATCH_RECOGNIZE ---- */

static void write_quantifier(weir_builder *out, const weir_ast_pattern *pattern) {
    if (pattern->minimum == 0 && pattern->maximum == -1)
        weir_builder_char(out, '*');
    else if (pattern->minimum == 1 && pattern->maximum == -1)
        weir_builder_char(out, '+');
    else if (pattern->minimum == 0 && pattern->maximum == 1)
        weir_builder_char(out, '?');
    else if (pattern->minimum == pattern->maximum)
        weir_builder_format(out, "{%lld}", (long long)pattern->minimum);
    else if (pattern->minimum < 0)
        weir_builder_format(out, "{,%lld}", (long long)pattern->maximum);
    else if (pattern->maximum < 0)
        weir_builder_format(out, "{%lld,}", (long long)pattern->minimum);
    else
        weir_builder_format(out, "{%lld,%lld}", (long long)pattern->minimum, (long long)pattern->maximum);
    if (pattern->reluctant)
        weir_builder_char(out, '?');
}

/* `tight`: the pattern is quantified, or part of a sequence, and must be one thing. */
static void write_pattern(weir_builder *out, const weir_ast_pattern *pattern, bool tight) {
    bool loose = pattern->kind == WEIR_AST_PATTERN_SEQUENCE || pattern->kind == WEIR_AST_PATTERN_ALTERNATION ||
        pattern->kind == WEIR_AST_PATTERN_REPEAT;
    bool paren = tight && loose;
    const char *between = pattern->kind == WEIR_AST_PATTERN_ALTERNATION ? " | " : pattern->kind == WEIR_AST_PATTERN_PERMUTE ? ", " : " ";
    if (paren)
        weir_builder_char(out, '(');
    switch (pattern->kind) {
    case WEIR_AST_PATTERN_VARIABLE: weir_sql_quote_name(out, pattern->variable.text); break;
    case WEIR_AST_PATTERN_EMPTY: weir_builder_c(out, "()"); break;
    case WEIR_AST_PATTERN_REPEAT:
        write_pattern(out, pattern->items[0], true);
        write_quantifier(out, pattern);
        break;
    case WEIR_AST_PATTERN_EXCLUDE:
        weir_builder_c(out, "{- ");
        write_pattern(out, pattern->items[0], false);
        weir_builder_c(out, " -}");
        break;
    case WEIR_AST_PATTERN_SEQUENCE: case WEIR_AST_PATTERN_ALTERNATION: case WEIR_AST_PATTERN_PERMUTE:
        if (pattern->kind == WEIR_AST_PATTERN_PERMUTE)
            weir_builder_c(out, "PERMUTE(");
        for (size_t i = 0; i < pattern->item_count; i++) {
            const weir_ast_pattern *item = pattern->items[i];
            bool inner = pattern->kind == WEIR_AST_PATTERN_SEQUENCE && item->kind != WEIR_AST_PATTERN_REPEAT;
            if (i)
                weir_builder_c(out, between);
            write_pattern(out, item, inner || (pattern->kind != WEIR_AST_PATTERN_SEQUENCE && item->kind == WEIR_AST_PATTERN_ALTERNATION));
        }
        if (pattern->kind == WEIR_AST_PATTERN_PERMUTE)
            weir_builder_char(out, ')');
        break;
    }
    if (paren)
        weir_builder_char(out, ')');
}

static void write_skip(weir_builder *out, const weir_ast_match *match) {
    switch (match->skip) {
    case WEIR_AST_SKIP_NOT_WRITTEN: return;
    case WEIR_AST_SKIP_NEXT_ROW: weir_builder_c(out, "\nAFTER MATCH SKIP TO NEXT ROW"); return;
    case WEIR_AST_SKIP_PAST_LAST_ROW: weir_builder_c(out, "\nAFTER MATCH SKIP PAST LAST ROW"); return;
    case WEIR_AST_SKIP_TO_FIRST: weir_builder_c(out, "\nAFTER MATCH SKIP TO FIRST "); break;
    case WEIR_AST_SKIP_TO_LAST: weir_builder_c(out, "\nAFTER MATCH SKIP TO LAST "); break;
    }
    weir_sql_quote_name(out, match->skip_variable.text);
}

static void write_match_pattern(weir_builder *out, const weir_ast_match *match) {
    weir_builder_c(out, match->anchored_start ? "\nPATTERN (^ " : "\nPATTERN (");
    write_pattern(out, match->pattern, false);
    weir_builder_c(out, match->anchored_end ? " $)" : ")");
    if (match->within) {
        weir_builder_c(out, " WITHIN ");
        weir_sql_unparse_expression(out, match->within);
    }
    for (size_t i = 0; i < match->subset_count; i++) {
        weir_builder_c(out, i ? ", " : "\nSUBSET ");
        weir_sql_quote_name(out, match->subsets[i].name.text);
        weir_builder_c(out, " = ");
        weir_unparse_idents(out, match->subsets[i].variables, match->subsets[i].variable_count);
    }
    for (size_t i = 0; i < match->definition_count; i++) {
        weir_builder_c(out, i ? ", " : "\nDEFINE ");
        weir_sql_quote_name(out, match->definitions[i].variable.text);
        weir_builder_c(out, " AS ");
        weir_sql_unparse_expression(out, match->definitions[i].condition);
    }
}

static void write_match(weir_builder *out, const weir_ast_match *match) {
    weir_builder_c(out, " MATCH_RECOGNIZE(");
    if (match->partition_by.count) {
        weir_builder_c(out, "\nPARTITION BY ");
        weir_unparse_expr_list(out, match->partition_by);
    }
    if (match->order_by.count) {
        weir_builder_c(out, "\nORDER BY ");
        weir_unparse_order(out, match->order_by);
    }
    for (size_t i = 0; i < match->measure_count; i++) {
        weir_builder_c(out, i ? ", " : "\nMEASURES ");
        weir_sql_unparse_expression(out, match->measures[i].expr);
        weir_builder_c(out, " AS ");
        weir_sql_quote_name(out, match->measures[i].alias.text);
    }
    if (match->rows != WEIR_AST_ROWS_NOT_WRITTEN)
        weir_builder_c(out, match->rows == WEIR_AST_ONE_ROW_PER_MATCH ? "\nONE ROW PER MATCH" : "\nALL ROWS PER MATCH");
    write_skip(out, match);
    write_match_pattern(out, match);
    weir_builder_char(out, ')');
}

/* ---- hints and tables ---- */

static void write_hints(weir_builder *out, weir_ast_hints hints) {
    if (!hints.count)
        return;
    weir_builder_c(out, " /*+ ");
    for (size_t i = 0; i < hints.count; i++) {
        const weir_ast_hint *hint = &hints.items[i];
        if (i)
            weir_builder_c(out, ", ");
        weir_sql_quote_name(out, hint->name.text);
        weir_builder_char(out, '(');
        for (size_t k = 0; k < hint->options.count; k++) {
            if (k)
                weir_builder_c(out, ", ");
            weir_sql_quote_string(out, hint->options.items[k].key);
            weir_builder_c(out, " = ");
            weir_sql_quote_string(out, hint->options.items[k].value);
        }
        for (size_t k = 0; k < hint->argument_count; k++) {
            if (k)
                weir_builder_c(out, ", ");
            weir_sql_quote_string(out, hint->arguments[k].text);
        }
        weir_builder_char(out, ')');
    }
    weir_builder_c(out, " */");
}

static void write_table_tail(weir_builder *out, const weir_ast_table_ref *table) {
    if (table->alias.text.data) {
        weir_builder_c(out, " AS ");
        weir_sql_quote_name(out, table->alias.text);
        if (table->column_count) {
            weir_builder_char(out, ' ');
            weir_unparse_idents(out, table->columns, table->column_count);
        }
    }
    if (!table->sample.present)
        return;
    weir_builder_format(out, " TABLESAMPLE %s(%.*s)", table->sample.bernoulli ? "BERNOULLI" : "SYSTEM",
        WEIR_TEXT_ARGS(table->sample.percentage));
    if (table->sample.repeatable)
        weir_builder_format(out, " REPEATABLE(%.*s)", WEIR_TEXT_ARGS(table->sample.seed));
}

static void write_join(weir_builder *out, const weir_ast_table_ref *join) {
    static const char *const words[] = {
        [WEIR_AST_JOIN_INNER] = "INNER JOIN ",
        [WEIR_AST_JOIN_LEFT] = "LEFT JOIN ",
        [WEIR_AST_JOIN_RIGHT] = "RIGHT JOIN ",
        [WEIR_AST_JOIN_FULL] = "FULL JOIN ",
        [WEIR_AST_JOIN_CROSS] = "CROSS JOIN ",
        [WEIR_AST_JOIN_COMMA] = "",
    };
    bool comma = join->as.join.kind == WEIR_AST_JOIN_COMMA;
    bool paren = join->as.join.right->kind == WEIR_AST_TABLE_JOIN && !(comma && join->as.join.right->as.join.kind != WEIR_AST_JOIN_COMMA);
    bool left_paren = !comma && join->as.join.left->kind == WEIR_AST_TABLE_JOIN && join->as.join.left->as.join.kind == WEIR_AST_JOIN_COMMA;
    if (left_paren)
        weir_builder_char(out, '(');
    weir_unparse_table(out, join->as.join.left);
    if (left_paren)
        weir_builder_char(out, ')');
    weir_builder_c(out, comma ? ",\n" : "\n");
    if (join->as.join.natural)
        weir_builder_c(out, "NATURAL ");
    weir_builder_c(out, words[join->as.join.kind]);
    if (paren)
        weir_builder_char(out, '(');
    weir_unparse_table(out, join->as.join.right);
    if (paren)
        weir_builder_char(out, ')');
    if (join->as.join.condition) {
        weir_builder_c(out, " ON ");
        weir_sql_unparse_expression(out, join->as.join.condition);
    }
    if (join->as.join.using_count) {
        weir_builder_c(out, " USING ");
        weir_unparse_idents(out, join->as.join.using_columns, join->as.join.using_count);
    }
}

void weir_unparse_table(weir_builder *out, const weir_ast_table_ref *table) {
    if (table->lateral)
        weir_builder_c(out, "LATERAL ");
    switch (table->kind) {
    case WEIR_AST_TABLE_NAMED:
        weir_sql_unparse_name(out, &table->as.named.name);
        write_hints(out, table->hints);
        break;
    case WEIR_AST_TABLE_SUBQUERY:
        weir_builder_char(out, '(');
        weir_sql_unparse_query(out, table->as.subquery);
        weir_builder_char(out, ')');
        break;
    case WEIR_AST_TABLE_FUNCTION:
        weir_builder_c(out, "TABLE(");
        weir_sql_unparse_expression(out, table->as.function.call);
        weir_builder_char(out, ')');
        break;
    case WEIR_AST_TABLE_UNNEST:
        weir_builder_c(out, "UNNEST(");
        weir_unparse_expr_list(out, table->as.unnest.collections);
        weir_builder_c(out, table->as.unnest.with_ordinality ? ") WITH ORDINALITY" : ")");
        break;
    case WEIR_AST_TABLE_MATCH:
        weir_unparse_table(out, table->as.match.input);
        write_match(out, table->as.match.match);
        break;
    case WEIR_AST_TABLE_JOIN: write_join(out, table); return;
    }
    if (table->system_time) {
        weir_builder_c(out, " FOR SYSTEM_TIME AS OF ");
        weir_sql_unparse_expression(out, table->system_time);
    }
    write_table_tail(out, table);
}

/* ---- SELECT ---- */

static void write_group_items(weir_builder *out, const weir_ast_group_item *items, size_t count) {
    static const char *const words[] = {
        [WEIR_AST_GROUP_EXPRESSION] = "",
        [WEIR_AST_GROUP_EMPTY] = "()",
        [WEIR_AST_GROUP_GROUPING_SETS] = "GROUPING SETS(",
        [WEIR_AST_GROUP_ROLLUP] = "ROLLUP(",
        [WEIR_AST_GROUP_CUBE] = "CUBE(",
    };
    for (size_t i = 0; i < count; i++) {
        if (i)
            weir_builder_c(out, ", ");
        weir_builder_c(out, words[items[i].kind]);
        if (items[i].kind == WEIR_AST_GROUP_EXPRESSION) {
            bool list = items[i].exprs.count > 1;
            if (list)
                weir_builder_char(out, '(');
            weir_unparse_expr_list(out, items[i].exprs);
            if (list)
                weir_builder_char(out, ')');
        } else if (items[i].kind != WEIR_AST_GROUP_EMPTY) {
            write_group_items(out, items[i].items, items[i].item_count);
            weir_builder_char(out, ')');
        }
    }
}

static void write_clause(weir_builder *out, const char *word, const weir_ast_expr *expr) {
    if (!expr)
        return;
    weir_builder_c(out, word);
    weir_sql_unparse_expression(out, expr);
}

static void write_select(weir_builder *out, const weir_ast_select *select) {
    weir_builder_c(out, "SELECT");
    write_hints(out, select->hints);
    if (select->stream)
        weir_builder_c(out, " STREAM");
    weir_builder_c(out, select->distinct ? " DISTINCT " : " ");
    for (size_t i = 0; i < select->item_count; i++) {
        if (i)
            weir_builder_c(out, ", ");
        weir_sql_unparse_expression(out, select->items[i].expr);
        if (select->items[i].alias.text.data) {
            weir_builder_c(out, " AS ");
            weir_sql_quote_name(out, select->items[i].alias.text);
        }
    }
    if (select->from) {
        weir_builder_c(out, "\nFROM ");
        weir_unparse_table(out, select->from);
    }
    write_clause(out, "\nWHERE ", select->where);
    if (select->grouped) {
        weir_builder_c(out, select->group_distinct ? "\nGROUP BY DISTINCT " : "\nGROUP BY ");
        write_group_items(out, select->groups, select->group_count);
    }
    write_clause(out, "\nHAVING ", select->having);
    for (size_t i = 0; i < select->window_count; i++) {
        weir_builder_c(out, i ? ", " : "\nWINDOW ");
        weir_sql_quote_name(out, select->windows[i].name.text);
        weir_builder_c(out, " AS ");
        weir_unparse_window(out, select->windows[i].window);
    }
    write_clause(out, "\nQUALIFY ", select->qualify);
}

/* ---- queries ---- */

static void write_with(weir_builder *out, const weir_ast_query *query) {
    for (size_t i = 0; i < query->with_count; i++) {
        const weir_ast_with_item *item = &query->with[i];
        weir_builder_c(out, i ? ", " : query->recursive ? "WITH RECURSIVE " : "WITH ");
        weir_sql_quote_name(out, item->name.text);
        if (item->column_count) {
            weir_builder_char(out, ' ');
            weir_unparse_idents(out, item->columns, item->column_count);
        }
        weir_builder_c(out, " AS (");
        weir_sql_unparse_query(out, item->query);
        weir_builder_c(out, i + 1 == query->with_count ? ")\n" : ")");
    }
}

/* An operand of a set operation: in parentheses when it has an end of its own, or is another operation that would bind otherwise. */
static void write_operand(weir_builder *out, const weir_ast_query *query, const weir_ast_query *parent, bool right) {
    bool tight = parent->as.set.op == WEIR_AST_INTERSECT;
    bool set = query->kind == WEIR_AST_QUERY_SET;
    bool paren = query->with_count || query->order_by.count || query->limit || query->offset || query->kind == WEIR_AST_QUERY_NESTED ||
        (set && (right || (tight && query->as.set.op != WEIR_AST_INTERSECT)));
    if (set && right && !tight && query->as.set.op == WEIR_AST_INTERSECT && !query->with_count && !query->order_by.count && !query->limit &&
        !query->offset)
        paren = false;
    if (paren)
        weir_builder_char(out, '(');
    weir_sql_unparse_query(out, query);
    if (paren)
        weir_builder_char(out, ')');
}

static void write_body(weir_builder *out, const weir_ast_query *query) {
    static const char *const words[] = {[WEIR_AST_UNION] = "UNION", [WEIR_AST_INTERSECT] = "INTERSECT", [WEIR_AST_EXCEPT] = "EXCEPT"};
    switch (query->kind) {
    case WEIR_AST_QUERY_SELECT: write_select(out, query->as.select); return;
    case WEIR_AST_QUERY_SET:
        write_operand(out, query->as.set.left, query, false);
        weir_builder_format(out, "\n%s%s\n", words[query->as.set.op], query->as.set.all ? " ALL" : "");
        write_operand(out, query->as.set.right, query, true);
        return;
    case WEIR_AST_QUERY_VALUES:
        weir_builder_c(out, "VALUES ");
        weir_unparse_expr_list(out, query->as.rows);
        return;
    case WEIR_AST_QUERY_TABLE:
        weir_builder_c(out, "TABLE ");
        weir_sql_unparse_name(out, &query->as.table);
        return;
    case WEIR_AST_QUERY_NESTED:
        weir_builder_char(out, '(');
        weir_sql_unparse_query(out, query->as.nested);
        weir_builder_char(out, ')');
        return;
    }
}

void weir_sql_unparse_query(weir_builder *out, const weir_ast_query *query) {
    write_with(out, query);
    write_body(out, query);
    if (query->order_by.count) {
        weir_builder_c(out, "\nORDER BY ");
        weir_unparse_order(out, query->order_by);
    }
    if (query->offset) {
        weir_builder_c(out, "\nOFFSET ");
        weir_sql_unparse_expression(out, query->offset);
        weir_builder_c(out, " ROWS");
    }
    if (query->limit) {
        weir_builder_c(out, "\nFETCH NEXT ");
        weir_sql_unparse_expression(out, query->limit);
        weir_builder_c(out, " ROWS ONLY");
    }
}

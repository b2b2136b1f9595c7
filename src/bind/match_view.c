/* Expressions over variables become expressions over a view: first it is gathered which rows, aggregates and times they look at, then their
 * columns get the numbers that these have in the view. */
#include "bind/match_int.h"

typedef struct view_builder {
    bind_match *match;
    uint32_t stage; /* whose condition; UINT32_MAX: measures */
    weir_list sources;
    weir_list aggregates; /* match_aggregate */
    weir_list times;      /* weir_type */
    bool numbers;         /* second pass */
} view_builder;

static uint32_t width(const bind_match *self) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < self->column_count; i++)
        count += self->map[i] != UINT32_MAX;
    return count;
}

static match_navigation navigation_of(const bind_match *self, const weir_expr *expr) {
    if (expr->kind != WEIR_EXPR_COLUMN)
        return *(const match_navigation *)self->navigations.items[expr->as.outer.column];
    uint32_t variable = expr->as.column / self->column_count;
    return (match_navigation){.variable = variable == self->variable_count ? WEIR_MATCH_ANY : variable,
                              .column = expr->as.column % self->column_count};
}

static weir_match_source source_of(const view_builder *builder, const match_navigation *navigation) {
    bool own = navigation->variable == builder->stage || navigation->variable == WEIR_MATCH_ANY;
    if (builder->stage != UINT32_MAX && own && !navigation->first && navigation->offset == 0)
        return (weir_match_source){.kind = WEIR_MATCH_CURRENT};
    return (weir_match_source){
        .kind = navigation->first ? WEIR_MATCH_FIRST : WEIR_MATCH_LAST, .variable = navigation->variable, .offset = navigation->offset};
}

static weir_status source_find(view_builder *builder, weir_match_source source, uint32_t *out, weir_error *error) {
    for (uint32_t i = 0; i < builder->sources.count; i++) {
        const weir_match_source *other = builder->sources.items[i];
        if (other->kind == source.kind && other->variable == source.variable && other->offset == source.offset) {
            *out = i;
            return WEIR_OK;
        }
    }
    weir_match_source *copy = WEIR_ARENA_NEW(builder->match->context->arena, weir_match_source);
    if (copy == NULL || !weir_list_add(builder->match->context->arena, &builder->sources, copy))
        return bind_match_no_memory(error);
    *copy = source;
    *out = (uint32_t)builder->sources.count - 1;
    return WEIR_OK;
}

static weir_status item_find(view_builder *builder, weir_list *list, const void *item, uint32_t *out, weir_error *error) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i] == item) {
            *out = i;
            return WEIR_OK;
        }
    *out = (uint32_t)list->count;
    return weir_list_add(builder->match->context->arena, list, (void *)(uintptr_t)item) ? WEIR_OK : bind_match_no_memory(error);
}

/* IS NULL of what cannot be NULL is FALSE, whether or not the row is there: so it is in Flink, too. */
static weir_status fold_null_test(const bind_match *self, const weir_expr *expr, const weir_expr **replacement, weir_error *error) {
    bool is_null = weir_expr_is_call(expr, "IS NULL");
    if ((!is_null && !weir_expr_is_call(expr, "IS NOT NULL")) || expr->as.call.arguments[0]->type->nullable)
        return WEIR_OK;
    *replacement = weir_expr_bool(self->context->arena, !is_null);
    return *replacement == NULL ? bind_match_no_memory(error) : WEIR_OK;
}

static weir_status change(void *context, const weir_expr *expr, const weir_expr **replacement, weir_error *error) {
    view_builder *builder = context;
    const bind_match *self = builder->match;
    uint32_t number, kept = width(self);
    if (expr->kind == WEIR_EXPR_COLUMN || bind_is_mark(expr, MATCH_MARK_NAVIGATION)) {
        match_navigation navigation = navigation_of(self, expr);
        WEIR_TRY(source_find(builder, source_of(builder, &navigation), &number, error));
        number = number * kept + self->map[navigation.column];
    } else if (bind_is_mark(expr, MATCH_MARK_AGGREGATE)) {
        WEIR_TRY(item_find(builder, &builder->aggregates, self->aggregates.items[expr->as.outer.column], &number, error));
        number += (uint32_t)builder->sources.count * kept;
    } else if (bind_is_mark(expr, MATCH_MARK_TIME)) {
        WEIR_TRY(item_find(builder, &builder->times, self->times.items[expr->as.outer.column], &number, error));
        number += (uint32_t)(builder->sources.count * kept + builder->aggregates.count);
    } else {
        return fold_null_test(self, expr, replacement, error);
    }
    if (!builder->numbers)
        return WEIR_OK;
    *replacement = weir_expr_column(self->context->arena, number, expr->type, expr->position);
    return *replacement == NULL ? bind_match_no_memory(error) : WEIR_OK;
}

/* ---- aggregates ---- */

static weir_status to_input(void *context, const weir_expr *expr, const weir_expr **replacement, weir_error *error) {
    const bind_match *self = context;
    if (expr->kind != WEIR_EXPR_COLUMN)
        return WEIR_OK;
    *replacement = weir_expr_column(self->context->arena, self->map[expr->as.column % self->column_count], expr->type, expr->position);
    return *replacement == NULL ? bind_match_no_memory(error) : WEIR_OK;
}

static weir_status aggregate_make(bind_match *self, const match_aggregate *from, weir_match_aggregate *to, weir_error *error) {
    weir_arena *arena = self->context->arena;
    uint32_t count = from->call.argument_count;
    const weir_expr **arguments = WEIR_ARENA_ARRAY(arena, const weir_expr *, count);
    weir_list columns = {0};
    if (arguments == NULL)
        return bind_match_no_memory(error);
    bind_aggregate call = from->call;
    for (uint32_t i = 0; i < count; i++)
        WEIR_TRY(bind_rewrite(arena, from->call.arguments[i], to_input, self, &arguments[i], error));
    call.arguments = arguments;
    *to = (weir_match_aggregate){.variable = from->variable};
    WEIR_TRY(bind_call_columns(self->context, &columns, &call, &to->call, error));
    to->argument_count = (uint32_t)columns.count;
    to->arguments = (const weir_expr *const *)columns.items;
    return WEIR_OK;
}

static weir_status view_fill(view_builder *builder, weir_match_view *view, weir_error *error) {
    weir_arena *arena = builder->match->context->arena;
    weir_match_source *sources = WEIR_ARENA_ARRAY(arena, weir_match_source, builder->sources.count);
    weir_match_aggregate *aggregates = WEIR_ARENA_ARRAY(arena, weir_match_aggregate, builder->aggregates.count);
    if (sources == NULL || aggregates == NULL)
        return bind_match_no_memory(error);
    for (size_t i = 0; i < builder->sources.count; i++)
        sources[i] = *(const weir_match_source *)builder->sources.items[i];
    for (size_t i = 0; i < builder->aggregates.count; i++)
        WEIR_TRY(aggregate_make(builder->match, builder->aggregates.items[i], &aggregates[i], error));
    *view = (weir_match_view){.source_count = (uint32_t)builder->sources.count,
                              .sources = sources,
                              .aggregate_count = (uint32_t)builder->aggregates.count,
                              .aggregates = aggregates,
                              .time_count = (uint32_t)builder->times.count,
                              .time_types = (const weir_type *const *)builder->times.items};
    return WEIR_OK;
}

weir_status bind_match_view(bind_match *self, const weir_expr **exprs, uint32_t count, uint32_t stage, weir_match_view *view,
                            weir_error *error) {
    view_builder builder = {.match = self, .stage = stage};
    uint32_t number;
    if (stage != UINT32_MAX)
        WEIR_TRY(source_find(&builder, (weir_match_source){.kind = WEIR_MATCH_CURRENT}, &number, error));
    for (int pass = 0; pass < 2; pass++) {
        builder.numbers = pass == 1;
        for (uint32_t i = 0; i < count; i++) {
            const weir_expr *rewritten;
            WEIR_TRY(bind_rewrite(self->context->arena, exprs[i], change, &builder, &rewritten, error));
            exprs[i] = rewritten;
        }
    }
    return view_fill(&builder, view, error);
}

/* ---- which columns ---- */

void bind_match_mark_needs(const bind_match *self, const weir_expr *expr, bool *needs) {
    if (expr->kind == WEIR_EXPR_COLUMN || bind_is_mark(expr, MATCH_MARK_NAVIGATION)) {
        needs[navigation_of(self, expr).column] = true;
    } else if (bind_is_mark(expr, MATCH_MARK_AGGREGATE)) {
        const match_aggregate *aggregate = self->aggregates.items[expr->as.outer.column];
        for (uint32_t i = 0; i < aggregate->call.argument_count; i++)
            bind_match_mark_needs(self, aggregate->call.arguments[i], needs);
    } else if (expr->kind == WEIR_EXPR_CALL) {
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            bind_match_mark_needs(self, expr->as.call.arguments[i], needs);
    }
}

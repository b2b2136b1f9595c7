/* MATCH_RECOGNIZE: quantifiers, skip strategies, WITHIN, late rows, navigation and aggregates in conditions and measures; against a naive
 * matcher on random rows and patterns, whatever the batches; processing time; and every allocation failing in turn. */
#include "op_rows.h"

#include "op/match.h"

enum { KEY, V, TS, INPUT_COLUMNS };

static const weir_type *types[INPUT_COLUMNS];
static const weir_position nowhere = {0};

static void make_types(op_bench *bench) {
    types[KEY] = weir_type_simple(WEIR_KIND_INT, true);
    types[V] = weir_type_simple(WEIR_KIND_INT, true);
    types[TS] = weir_type_sized(&bench->arena, WEIR_KIND_TIMESTAMP, 3, true);
    bench->input_types[0] = types;
    bench->input_counts[0] = INPUT_COLUMNS;
}

/* ---- patterns ---- */

typedef enum condition { ALWAYS, LESS, RISES, SUM_LESS, ABOVE_FIRST_STAGE, CONDITIONS } condition;

typedef struct plain_stage {
    condition condition;
    int operand;
    uint32_t minimum, maximum;
    bool greedy;
} plain_stage;

typedef struct plain_pattern {
    uint32_t count;
    plain_stage stages[4];
    weir_match_skip skip;
    uint32_t skip_stage;
    int64_t within_ms;
    bool processing_time;
} plain_pattern;

static const weir_expr *column(op_bench *bench, uint32_t number, const weir_type *type) {
    return weir_expr_column(&bench->arena, number, type, nowhere);
}

static const weir_expr *call2(op_bench *bench, const char *name, const weir_expr *a, const weir_expr *b) {
    const weir_expr *arguments[] = {a, b};
    return weir_expr_call(&bench->arena, name, weir_type_simple(WEIR_KIND_BOOLEAN, true), arguments, b == NULL ? 1 : 2, nowhere);
}

static void aggregate_make(op_bench *bench, weir_match_aggregate *out, const char *name, uint32_t variable) {
    bool sums = strcmp(name, "SUM") == 0;
    const weir_expr **arguments = WEIR_ARENA_ARRAY(&bench->arena, const weir_expr *, 1);
    const weir_type **argument_types = WEIR_ARENA_ARRAY(&bench->arena, const weir_type *, 1);
    static const uint32_t first = 0;
    static const weir_value *const no_literals[1];
    if (arguments == NULL || argument_types == NULL)
        return;
    arguments[0] = column(bench, V, types[V]);
    argument_types[0] = types[V];
    *out = (weir_match_aggregate){.variable = variable, .argument_count = sums, .arguments = arguments};
    out->call = (weir_aggregate_call){.aggregate = weir_aggregate_find(weir_text_of(name), false),
                                      .result = weir_type_simple(sums ? WEIR_KIND_INT : WEIR_KIND_BIGINT, sums),
                                      .argument_count = sums,
                                      .arguments = &first,
                                      .argument_types = argument_types,
                                      .literals = no_literals,
                                      .filter = -1};
}

/* What the condition of a stage is as an expression over its view. */
static const weir_expr *condition_make(op_bench *bench, const plain_stage *from, uint32_t stage, weir_match_view *view) {
    weir_match_source *sources = WEIR_ARENA_ARRAY(&bench->arena, weir_match_source, 2);
    if (sources == NULL)
        return NULL;
    *view = (weir_match_view){.source_count = 1, .sources = sources};
    const weir_expr *current = column(bench, V, types[V]), *other = column(bench, INPUT_COLUMNS + V, types[V]);
    switch (from->condition) {
    case LESS: return call2(bench, "<", current, weir_expr_int(&bench->arena, from->operand));
    case RISES: /* v > LAST(v, 1) OR LAST(v, 1) IS NULL */
        view->source_count = 2;
        sources[1] = (weir_match_source){WEIR_MATCH_LAST, stage, 1};
        return call2(bench, "OR", call2(bench, ">", current, other), call2(bench, "IS NULL", other, NULL));
    case SUM_LESS: {
        weir_match_aggregate *sum = WEIR_ARENA_NEW(&bench->arena, weir_match_aggregate);
        if (sum == NULL)
            return NULL;
        aggregate_make(bench, sum, "SUM", stage);
        view->aggregate_count = 1;
        view->aggregates = sum;
        return call2(bench, "<", column(bench, INPUT_COLUMNS, sum->call.result), weir_expr_int(&bench->arena, from->operand));
    }
    case ABOVE_FIRST_STAGE:
        if (stage == 0)
            return call2(bench, "<", current, weir_expr_int(&bench->arena, from->operand));
        view->source_count = 2;
        sources[1] = (weir_match_source){WEIR_MATCH_LAST, 0, 0};
        return call2(bench, ">", current, other);
    default: return NULL;
    }
}

/* Measures: FIRST(ts), LAST(ts), then COUNT of every stage. */
static void measures_make(op_bench *bench, const plain_pattern *pattern, weir_match_spec *spec) {
    weir_match_source *sources = WEIR_ARENA_ARRAY(&bench->arena, weir_match_source, 2);
    weir_match_aggregate *aggregates = WEIR_ARENA_ARRAY(&bench->arena, weir_match_aggregate, pattern->count);
    const weir_expr **measures = WEIR_ARENA_ARRAY(&bench->arena, const weir_expr *, 2 + pattern->count);
    const weir_type **output = WEIR_ARENA_ARRAY(&bench->arena, const weir_type *, 3 + pattern->count);
    if (sources == NULL || aggregates == NULL || measures == NULL || output == NULL)
        return;
    sources[0] = (weir_match_source){WEIR_MATCH_FIRST, WEIR_MATCH_ANY, 0};
    sources[1] = (weir_match_source){WEIR_MATCH_LAST, WEIR_MATCH_ANY, 0};
    measures[0] = column(bench, TS, types[TS]);
    measures[1] = column(bench, INPUT_COLUMNS + TS, types[TS]);
    output[0] = types[KEY];
    output[1] = output[2] = types[TS];
    for (uint32_t i = 0; i < pattern->count; i++) {
        aggregate_make(bench, &aggregates[i], "COUNT", i);
        output[3 + i] = aggregates[i].call.result;
        measures[2 + i] = column(bench, 2 * INPUT_COLUMNS + i, aggregates[i].call.result);
    }
    spec->view = (weir_match_view){.source_count = 2, .sources = sources, .aggregate_count = pattern->count, .aggregates = aggregates};
    spec->measure_count = 2 + pattern->count;
    spec->measures = measures;
    spec->output_types = output;
}

static const uint32_t keys[] = {KEY};
static const weir_sort_key order[] = {{.column = TS}};

static bool spec_make(op_bench *bench, const plain_pattern *pattern, weir_match_spec *spec) {
    static const char *const names[] = {"A", "B", "C", "D"};
    weir_match_stage *stages = WEIR_ARENA_ARRAY(&bench->arena, weir_match_stage, pattern->count);
    *spec = (weir_match_spec){.input_count = INPUT_COLUMNS,
                              .input_types = types,
                              .key_count = 1,
                              .keys = keys,
                              .order_count = 1,
                              .order = order,
                              .processing_time = pattern->processing_time,
                              .stage_count = pattern->count,
                              .stages = stages,
                              .skip = pattern->skip,
                              .skip_stage = pattern->skip_stage,
                              .within_ms = pattern->within_ms};
    if (stages == NULL)
        return false;
    for (uint32_t i = 0; i < pattern->count; i++) {
        const plain_stage *from = &pattern->stages[i];
        stages[i] =
            (weir_match_stage){.name = weir_text_of(names[i]), .minimum = from->minimum, .maximum = from->maximum, .greedy = from->greedy};
        stages[i].condition = condition_make(bench, from, i, &stages[i].view);
    }
    measures_make(bench, pattern, spec);
    return !bench->arena.failed;
}

static weir_status run_into(op_bench *bench, const plain_pattern *pattern, const char *lines, weir_match_spec *spec) {
    make_types(bench);
    if (!spec_make(bench, pattern, spec))
        return bench->status = WEIR_MEMORY;
    if (bench_open(bench, &weir_match_operator, spec) == WEIR_OK)
        bench_feed(bench, lines);
    return bench->status;
}

static char *run(const plain_pattern *pattern, const char *lines, uint32_t batch_rows, uint32_t input_rows) {
    op_bench bench;
    weir_match_spec spec;
    bench_init(&bench, batch_rows, input_rows);
    weir_status status = run_into(&bench, pattern, lines, &spec);
    char *out = strdup(status == WEIR_OK ? bench_out(&bench) : bench.error.message);
    bench_close(&bench);
    return out;
}

static void check(const plain_pattern *pattern, const char *lines, const char *expected) {
    static const uint32_t sizes[] = {1, 2, 3, 4096};
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 4; k++) {
            char *out = run(pattern, lines, sizes[i], sizes[k]);
            assert_string_equal(out, expected);
            free(out);
        }
}

/* ---- cases whose answers are plain to see ---- */

static const plain_stage any = {.condition = ALWAYS, .minimum = 1, .maximum = 1};

static plain_stage less(int operand, uint32_t minimum, uint32_t maximum, bool greedy) {
    return (plain_stage){LESS, operand, minimum, maximum, greedy};
}

static void finds_sequences(void **state) {
    (void)state;
    plain_pattern pattern = {2, {less(10, 1, 1, false), any}, .skip = WEIR_MATCH_SKIP_PAST_LAST};
    check(&pattern, "+I,1,5,100\n+I,1,50,200\n+I,1,6,300\n+I,1,7,400\n+I,1,8,500\nW,END\n", "+I,1,100,200,1,1\n+I,1,300,400,1,1\n");
    pattern.skip = WEIR_MATCH_SKIP_TO_NEXT;
    check(&pattern, "+I,1,5,100\n+I,1,50,200\n+I,1,6,300\n+I,1,7,400\n+I,1,8,500\nW,END\n",
          "+I,1,100,200,1,1\n+I,1,300,400,1,1\n+I,1,400,500,1,1\n");
    check(&pattern, "W,END\n", "");
}

static void sorts_and_drops_late_rows(void **state) {
    (void)state;
    plain_pattern pattern = {2, {any, any}, .skip = WEIR_MATCH_SKIP_PAST_LAST};
    check(&pattern, "+I,1,1,300\n+I,1,1,100\nW,200\n+I,1,1,200\n+I,1,1,150\n+I,1,1,250\n+I,1,1,400\nW,END\n",
          "+I,1,100,250,1,1\n+I,1,300,400,1,1\n");
}

/* A+ C: rows that fit A stay in A as long as A is greedy. */
static void takes_as_many_as_it_can(void **state) {
    (void)state;
    const char *rows = "+I,1,1,100\n+I,1,2,200\n+I,1,3,300\n+I,1,20,400\n+I,1,4,500\nW,END\n";
    plain_pattern pattern = {2, {less(10, 1, WEIR_MATCH_UNBOUNDED, true), any}, .skip = WEIR_MATCH_SKIP_PAST_LAST};
    check(&pattern, rows, "+I,1,100,400,3,1\n");
    pattern.stages[0].greedy = false;
    check(&pattern, rows, "+I,1,100,200,1,1\n+I,1,300,400,1,1\n");
    pattern.stages[0] = less(10, 2, 2, false);
    check(&pattern, rows, "+I,1,100,300,2,1\n");
    pattern.stages[0] = less(10, 0, 1, false);
    check(&pattern, rows, "+I,1,100,100,0,1\n+I,1,200,200,0,1\n+I,1,300,300,0,1\n+I,1,400,400,0,1\n+I,1,500,500,0,1\n");
    pattern.stages[0] = less(10, 2, 3, true);
    check(&pattern, rows, "+I,1,100,400,3,1\n");
    /* Only two are asked for, but a third fits and must not be C: the match fails. */
    pattern.stages[0] = less(10, 1, 2, true);
    check(&pattern, rows, "+I,1,200,400,2,1\n");
}

static void skips(void **state) {
    (void)state;
    const char *rows = "+I,1,1,100\n+I,1,2,200\n+I,1,3,300\n+I,1,4,400\n+I,1,5,500\nW,END\n";
    plain_pattern pattern = {3, {any, any, any}, .skip = WEIR_MATCH_SKIP_TO_FIRST, .skip_stage = 2};
    check(&pattern, rows, "+I,1,100,300,1,1,1\n+I,1,300,500,1,1,1\n");
    pattern.skip_stage = 1;
    check(&pattern, rows, "+I,1,100,300,1,1,1\n+I,1,200,400,1,1,1\n+I,1,300,500,1,1,1\n");
    pattern.stages[1].minimum = pattern.stages[1].maximum = 2;
    pattern.skip = WEIR_MATCH_SKIP_TO_LAST;
    check(&pattern, rows, "+I,1,100,400,1,2,1\n");
    char *out;
    pattern.skip_stage = 0;
    out = run(&pattern, rows, 10, 10);
    assert_non_null(strstr(out, "Could not skip to first element of a match"));
    free(out);
    pattern = (plain_pattern){3, {any, less(0, 0, 1, false), any}, .skip = WEIR_MATCH_SKIP_TO_LAST, .skip_stage = 1};
    out = run(&pattern, rows, 10, 10);
    assert_non_null(strstr(out, "Could not skip to B"));
    free(out);
}

static void ends_in_time(void **state) {
    (void)state;
    plain_pattern pattern = {2, {any, any}, .skip = WEIR_MATCH_SKIP_TO_NEXT, .within_ms = 100};
    check(&pattern, "+I,1,1,100\n+I,1,1,199\n+I,1,1,299\n+I,1,1,398\nW,END\n", "+I,1,100,199,1,1\n+I,1,299,398,1,1\n");
}

/* The match that begins at 200 is complete at 400, but the one that begins at 100 is still open and may rule it out: until its time is
 * over. */
static void waits_for_earlier_ones(void **state) {
    (void)state;
    plain_stage gap = {ALWAYS, 0, 1, WEIR_MATCH_UNBOUNDED, false}, above = {ABOVE_FIRST_STAGE, 0, 1, 1, false};
    plain_pattern pattern = {3, {any, gap, above}, .skip = WEIR_MATCH_SKIP_TO_NEXT, .within_ms = 350};
    op_bench bench;
    weir_match_spec spec;
    bench_init(&bench, 10, 1);
    bench.show_marks = true;
    run_into(&bench, &pattern, "+I,1,9,100\n+I,1,1,200\n+I,1,5,300\n+I,1,2,400\nW,400\nW,449\nW,450\nW,END\n", &spec);
    assert_string_equal(bench_out(&bench), "W,400\nW,449\n+I,1,200,400,1,1,1\nW,450\nW,END\n");
    bench_close(&bench);
}

static void conditions_look_back(void **state) {
    (void)state;
    plain_stage sum = {SUM_LESS, 10, 1, WEIR_MATCH_UNBOUNDED, true}, above = {ABOVE_FIRST_STAGE, 0, 1, 1, false};
    plain_pattern pattern = {2, {sum, any}, .skip = WEIR_MATCH_SKIP_PAST_LAST};
    check(&pattern, "+I,1,4,100\n+I,1,5,200\n+I,1,6,300\n+I,1,NULL,400\n+I,1,9,500\n+I,1,1,600\nW,END\n",
          "+I,1,100,300,2,1\n+I,1,500,600,1,1\n");
    pattern.stages[0] = any;
    pattern.stages[1] = above;
    check(&pattern, "+I,1,4,100\n+I,1,5,200\n+I,1,5,300\n+I,1,8,400\n+I,1,NULL,500\nW,END\n", "+I,1,100,200,1,1\n+I,1,300,400,1,1\n");
}

/* A row that is not there has no values; where the type knows no NULL, the measure is what Flink makes of it. */
static void missing_rows(void **state) {
    (void)state;
    op_bench bench;
    weir_match_spec spec;
    plain_pattern pattern = {3, {any, less(5, 0, 1, false), less(100, 1, 1, false)}, .skip = WEIR_MATCH_SKIP_PAST_LAST};
    bench_init(&bench, 10, 10);
    make_types(&bench);
    assert_true(spec_make(&bench, &pattern, &spec));
    const weir_type *strict = weir_type_simple(WEIR_KIND_INT, false);
    const weir_match_source sources[] = {{WEIR_MATCH_LAST, 1, 0}, {WEIR_MATCH_FIRST, 0, 0}, {WEIR_MATCH_FIRST, WEIR_MATCH_ANY, 2}};
    const weir_expr *arguments[] = {column(&bench, V, strict), weir_expr_int(&bench.arena, 7)};
    const weir_expr *measures[] = {column(&bench, V, strict), column(&bench, V, types[V]),
                                   weir_expr_call(&bench.arena, "COALESCE", strict, arguments, 2, nowhere),
                                   column(&bench, INPUT_COLUMNS + V, strict), column(&bench, 2 * INPUT_COLUMNS + V, types[V])};
    const weir_type *output[] = {types[KEY], strict, types[V], strict, strict, types[V]};
    spec.measures = measures;
    spec.measure_count = 5;
    spec.view = (weir_match_view){.source_count = 3, .sources = sources};
    spec.output_types = output;
    assert_int_equal(bench_open(&bench, &weir_match_operator, &spec), WEIR_OK);
    bench_feed(&bench, "+I,1,8,100\n+I,1,9,200\n+I,1,3,300\nW,END\n");
    assert_string_equal(bench_out(&bench), "+I,1,-1,NULL,7,8,NULL\n");
    bench_close(&bench);
}

static void partitions_are_apart(void **state) {
    (void)state;
    plain_pattern pattern = {2, {any, any}, .skip = WEIR_MATCH_SKIP_PAST_LAST};
    check(&pattern, "+I,1,1,100\n+I,2,1,150\n+I,NULL,1,160\n+I,1,1,200\n+I,NULL,1,300\n+I,2,1,400\n+I,3,1,500\nW,END\n",
          "+I,1,100,200,1,1\n+I,2,150,400,1,1\n+I,NULL,160,300,1,1\n");
}

static void refuses_rows_without_time(void **state) {
    (void)state;
    plain_pattern pattern = {1, {any}, .skip = WEIR_MATCH_SKIP_TO_NEXT};
    char *out = run(&pattern, "+I,1,1,NULL\nW,END\n", 10, 10);
    assert_non_null(strstr(out, "RowTime field should not be null"));
    free(out);
}

static void goes_by_the_clock(void **state) {
    (void)state;
    plain_pattern pattern = {2, {less(10, 1, 1, false), any}, .skip = WEIR_MATCH_SKIP_PAST_LAST, .within_ms = 500, .processing_time = true};
    static const uint32_t sizes[] = {1, 3, 4096};
    for (int i = 0; i < 3; i++) {
        op_bench bench;
        weir_match_spec spec;
        bench_init(&bench, sizes[i], 4);
        run_into(&bench, &pattern, "+I,1,5,900\n+I,2,5,100\n+I,2,6,200\n+I,1,6,100\n+I,1,1,50\n", &spec);
        /* Rows are tried in the order in which they come, and matches leave in that order. */
        assert_string_equal(bench_out(&bench), "+I,2,100,200,1,1\n+I,1,900,100,1,1\n");
        int64_t due_ms = bench.op->vtable->next_tick_ms(bench.op);
        assert_true(due_ms != INT64_MAX);
        bench_tick(&bench, due_ms);
        assert_true(bench.op->vtable->next_tick_ms(bench.op) == INT64_MAX);
        bench_feed(&bench, "+I,1,20,60\nW,END\n");
        assert_string_equal(bench_out(&bench), "+I,2,100,200,1,1\n+I,1,900,100,1,1\n");
        bench_close(&bench);
    }
}

/* ---- against a naive matcher ---- */

enum { ROWS_MAX = 60, PATHS_MAX = 20000 };

typedef struct naive_row {
    int key;
    int v;
    bool v_null;
    int64_t ts;
    int arrival;
} naive_row;

/* A way to give the rows from `start` on to stages. */
typedef struct naive_path {
    uint8_t stages[ROWS_MAX];
    uint32_t length;
    uint32_t in_stage; /* rows of the last one */
} naive_path;

typedef struct naive {
    const plain_pattern *pattern;
    const naive_row *rows; /* of one key, in order */
    uint32_t count;
    naive_path *paths, *next, *found;
    uint32_t found_count;
} naive;

static bool naive_fits(const naive *self, uint32_t stage, uint32_t start, const naive_path *path, uint32_t row) {
    const plain_stage *from = &self->pattern->stages[stage];
    const naive_row *current = &self->rows[row], *last_own = NULL, *last_first = NULL;
    int sum = current->v_null ? 0 : current->v;
    bool any_value = !current->v_null;
    for (uint32_t i = 0; i < path->length; i++) {
        const naive_row *taken = &self->rows[start + i];
        if (path->stages[i] == 0)
            last_first = taken;
        if (path->stages[i] != stage)
            continue;
        last_own = taken;
        sum += taken->v_null ? 0 : taken->v;
        any_value |= !taken->v_null;
    }
    switch (from->condition) {
    case ALWAYS: return true;
    case LESS: return !current->v_null && current->v < from->operand;
    case RISES: return last_own == NULL || last_own->v_null || (!current->v_null && current->v > last_own->v);
    case SUM_LESS: return any_value && sum < from->operand;
    default:
        if (stage == 0)
            return !current->v_null && current->v < from->operand;
        return last_first != NULL && !last_first->v_null && !current->v_null && current->v > last_first->v;
    }
}

/* May the match go on from stage `from` (-1: not begun) to stage `to` (count: the end) with this row? Stages between are left out; greedy
 * ones that are left behind must not want the row. */
static bool naive_passes(const naive *self, int from, int to, uint32_t start, const naive_path *path, uint32_t row) {
    for (int m = from + 1; m < to; m++)
        if (self->pattern->stages[m].minimum > 0)
            return false;
    for (int m = from < 0 ? 0 : from; m < to; m++)
        if (self->pattern->stages[m].greedy && naive_fits(self, (uint32_t)m, start, path, row))
            return false;
    return true;
}

static void naive_take(naive_path *out, const naive_path *path, int stage, bool same) {
    *out = *path;
    out->stages[out->length++] = (uint8_t)stage;
    out->in_stage = same ? path->in_stage + 1 : 1;
}

static bool naive_complete(const naive *self, uint32_t start, const naive_path *before, const naive_path *path, uint32_t row) {
    int stage = path->stages[path->length - 1], last = (int)self->pattern->count - 1;
    if (path->in_stage < self->pattern->stages[stage].minimum)
        return false;
    return stage == last || naive_passes(self, stage, last + 1, start, before, row);
}

/* The ways in which a path goes on with a row. */
static void naive_step(naive *self, uint32_t start, const naive_path *path, uint32_t row, uint32_t *next) {
    int at = path->length == 0 ? -1 : path->stages[path->length - 1];
    for (int to = at < 0 ? 0 : at; to < (int)self->pattern->count; to++) {
        const plain_stage *stage = &self->pattern->stages[to];
        bool stays = to == at;
        if (stays ? path->in_stage >= stage->maximum : at >= 0 && path->in_stage < self->pattern->stages[at].minimum)
            continue;
        if (!naive_fits(self, (uint32_t)to, start, path, row) || (!stays && !naive_passes(self, at, to, start, path, row)))
            continue;
        assert_true(*next < PATHS_MAX && self->found_count < PATHS_MAX);
        naive_path *taken = &self->next[(*next)++];
        naive_take(taken, path, to, stays);
        if (naive_complete(self, start, path, taken, row))
            self->found[self->found_count++] = *taken;
    }
}

typedef enum naive_result { NAIVE_DEAD, NAIVE_OPEN, NAIVE_FOUND } naive_result;

/* All complete paths that begin at `start`, up to the first row that completes one, and on to row `until`: while an earlier match is open,
 * the one that is found may still grow. Then *until is where it was decided. */
static naive_result naive_find(naive *self, uint32_t start, uint32_t *until) {
    uint32_t paths = 1;
    self->paths[0] = (naive_path){.length = 0};
    self->found_count = 0;
    for (uint32_t row = start; row < self->count; row++) {
        uint32_t next = 0;
        bool expired = self->pattern->within_ms > 0 && self->rows[row].ts - self->rows[start].ts >= self->pattern->within_ms;
        if (expired || paths == 0 || (self->found_count > 0 && row > *until)) {
            *until = row - 1 > *until ? row - 1 : *until;
            return self->found_count > 0 ? NAIVE_FOUND : NAIVE_DEAD;
        }
        for (uint32_t p = 0; p < paths; p++)
            naive_step(self, start, &self->paths[p], row, &next);
        naive_path *swap = self->paths;
        self->paths = self->next;
        self->next = swap;
        paths = next;
    }
    *until = self->count;
    if (self->found_count > 0)
        return NAIVE_FOUND;
    return paths == 0 || self->pattern->within_ms > 0 ? NAIVE_DEAD : NAIVE_OPEN;
}

static void naive_line(const naive *self, uint32_t start, const naive_path *path, char *out) {
    int counts[4] = {0};
    for (uint32_t i = 0; i < path->length; i++)
        counts[path->stages[i]]++;
    int size = sprintf(out, "+I,%d,%lld,%lld", self->rows[0].key, (long long)self->rows[start].ts,
                       (long long)self->rows[start + path->length - 1].ts);
    for (uint32_t i = 0; i < self->pattern->count; i++)
        size += sprintf(out + size, ",%d", counts[i]);
}

/* The next line of this key; NULL: none. */
static const char *next_line(const char **at, int key, char *out) {
    char start[32];
    sprintf(start, "+I,%d,", key);
    while (**at != '\0') {
        const char *line = *at, *end = strchr(line, '\n');
        *at = end + 1;
        if (strncmp(line, start, strlen(start)) == 0) {
            sprintf(out, "%.*s", (int)(end - line), line);
            return out;
        }
    }
    return NULL;
}

/* The output of one key must be, start by start, one of what the naive matcher allows. */
static void naive_check(naive *self, const char *output) {
    const char *at = output;
    uint32_t first = 0, until = 0;
    char line[256], expected[256] = "";
    for (uint32_t start = 0; start < self->count; start++) {
        if (start < first)
            continue;
        naive_result result = naive_find(self, start, &until);
        if (result == NAIVE_OPEN)
            break;
        if (result == NAIVE_DEAD)
            continue;
        if (next_line(&at, self->rows[0].key, line) == NULL)
            fail_msg("a match is missing that begins at %lld", (long long)self->rows[start].ts);
        uint32_t p = 0;
        for (; p < self->found_count; p++) {
            naive_line(self, start, &self->found[p], expected);
            if (strcmp(expected, line) == 0)
                break;
        }
        if (p == self->found_count)
            fail_msg("%s, but it could be %s", line, expected);
        first = self->pattern->skip == WEIR_MATCH_SKIP_PAST_LAST ? start + self->found[p].length : start + 1;
    }
    if (next_line(&at, self->rows[0].key, line) != NULL)
        fail_msg("there should be no match %s", line);
}

static void random_pattern(plain_pattern *pattern, uint64_t *seed) {
    static const uint32_t ranges[][2] = {
        {1, 1}, {1, 1}, {1, WEIR_MATCH_UNBOUNDED}, {0, WEIR_MATCH_UNBOUNDED}, {2, 2}, {1, 3}, {0, 2}, {2, WEIR_MATCH_UNBOUNDED}, {0, 1}};
    *pattern = (plain_pattern){.count = 1 + bench_random(seed, 4)};
    bool needed = false;
    for (uint32_t i = 0; i < pattern->count; i++) {
        const uint32_t *range = ranges[bench_random(seed, 9)];
        plain_stage *stage = &pattern->stages[i];
        *stage = (plain_stage){(condition)bench_random(seed, CONDITIONS), 1 + (int)bench_random(seed, 8), range[0], range[1], false};
        stage->greedy = i + 1 < pattern->count && range[0] != range[1] && range[1] != 1 && bench_random(seed, 2);
        needed |= range[0] > 0;
    }
    if (!needed)
        pattern->stages[pattern->count - 1] = any;
    pattern->skip = bench_random(seed, 2) ? WEIR_MATCH_SKIP_PAST_LAST : WEIR_MATCH_SKIP_TO_NEXT;
    pattern->within_ms = bench_random(seed, 3) == 0 ? 20 + (int64_t)bench_random(seed, 100) : 0;
}

/* Lines for the operator, and the rows that are not late. */
static uint32_t random_rows(naive_row *rows, char *lines, uint64_t *seed) {
    uint32_t count = 0, total = 10 + bench_random(seed, 50);
    int64_t now = 100, watermark = INT64_MIN;
    char *at = lines;
    for (uint32_t i = 0; i < total; i++) {
        now += bench_random(seed, 25);
        naive_row row = {.key = (int)bench_random(seed, 2), .v = (int)bench_random(seed, 8), .v_null = bench_random(seed, 10) == 0};
        row.ts = now - bench_random(seed, 40);
        row.arrival = (int)i;
        at += row.v_null ? sprintf(at, "+I,%d,NULL,%lld\n", row.key, (long long)row.ts)
                         : sprintf(at, "+I,%d,%d,%lld\n", row.key, row.v, (long long)row.ts);
        if (row.ts > watermark)
            rows[count++] = row;
        if (bench_random(seed, 4) == 0 && now - 20 > watermark) {
            watermark = now - 20;
            at += sprintf(at, "W,%lld\n", (long long)watermark);
        }
    }
    sprintf(at, "W,END\n");
    return count;
}

static int row_compare(const void *a_, const void *b_) {
    const naive_row *a = a_, *b = b_;
    if (a->key != b->key)
        return a->key - b->key;
    if (a->ts != b->ts)
        return a->ts < b->ts ? -1 : 1;
    return a->arrival - b->arrival;
}

static void agrees_with_naive_matcher(void **state) {
    (void)state;
    static const uint32_t sizes[] = {1, 3, 4096};
    naive_row rows[ROWS_MAX];
    char lines[ROWS_MAX * 64];
    naive matcher = {.paths = malloc(PATHS_MAX * sizeof(naive_path)),
                     .next = malloc(PATHS_MAX * sizeof(naive_path)),
                     .found = malloc(PATHS_MAX * sizeof(naive_path))};
    assert_true(matcher.paths != NULL && matcher.next != NULL && matcher.found != NULL);
    uint64_t seed = 20240611, matches = 0;
    for (int round = 0; round < 1500; round++) {
        plain_pattern pattern;
        random_pattern(&pattern, &seed);
        uint32_t count = random_rows(rows, lines, &seed);
        qsort(rows, count, sizeof *rows, row_compare);
        char *out = run(&pattern, lines, sizes[round % 3], sizes[round / 3 % 3]);
        matcher.pattern = &pattern;
        for (uint32_t from = 0, to; from < count; from = to) {
            for (to = from; to < count && rows[to].key == rows[from].key; to++)
                ;
            matcher.rows = rows + from;
            matcher.count = to - from;
            naive_check(&matcher, out);
        }
        for (const char *at = out; *at != '\0'; at++)
            matches += *at == '\n';
        free(out);
    }
    assert_true(matches > 5000);
    free(matcher.paths);
    free(matcher.next);
    free(matcher.found);
}

/* ---- memory ---- */

static void gives_back_what_is_over(void **state) {
    (void)state;
    plain_pattern pattern = {2, {less(10, 1, WEIR_MATCH_UNBOUNDED, true), any}, .skip = WEIR_MATCH_SKIP_PAST_LAST};
    op_bench bench;
    weir_match_spec spec;
    bench_init(&bench, 100, 1000);
    run_into(&bench, &pattern, "W,0\n", &spec);
    char lines[64 * 1000];
    uint64_t bytes = 0;
    for (int round = 0; round < 30; round++) {
        char *at = lines;
        for (int i = 0; i < 1000; i++)
            at += sprintf(at, "+I,%d,%d,%d\n", round * 100 + i % 100, i / 100 == 9 ? 50 : 1, 1 + round * 1000 + i);
        sprintf(at, "W,%d\n", (round + 1) * 1000);
        bench_feed(&bench, lines);
        uint64_t now = atomic_load(&bench.metrics.state_bytes);
        if (round == 3)
            bytes = now;
        assert_true(round <= 3 || now <= bytes * 2);
    }
    assert_int_equal(bench.status, WEIR_OK);
    assert_int_equal(bench.out_rows, 30 * 100);
    bench_close(&bench);
}

static void survives_no_memory(void **state) {
    (void)state;
    plain_stage sum = {SUM_LESS, 10, 1, WEIR_MATCH_UNBOUNDED, true}, rises = {RISES, 0, 1, 1, false};
    plain_pattern patterns[] = {{3, {sum, less(5, 0, 2, false), rises}, .skip = WEIR_MATCH_SKIP_TO_NEXT, .within_ms = 500},
                                {2, {any, any}, .skip = WEIR_MATCH_SKIP_TO_LAST, .skip_stage = 1, .processing_time = true}};
    const char *lines =
        "+I,1,1,100\n+I,2,9,150\n+I,1,2,200\nW,150\n+I,1,3,300\n+I,2,1,310\n+I,1,9,400\n+I,2,4,450\nW,420\n+I,1,5,500\nW,END\n";
    for (int p = 0; p < 2; p++) {
        bool done = false;
        for (uint64_t nth = 1; !done; nth++) {
            op_bench bench;
            weir_match_spec spec;
            bench_init(&bench, 2, 3);
            weir_memory_fail_after(nth, false);
            weir_status status = run_into(&bench, &patterns[p], lines, &spec);
            done = weir_memory_tries() < nth;
            weir_memory_fail_after(0, false);
            assert_int_equal(status, done ? WEIR_OK : WEIR_MEMORY);
            bench_close(&bench);
            assert_true(nth < 20000);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_sequences),
        cmocka_unit_test(sorts_and_drops_late_rows),
        cmocka_unit_test(takes_as_many_as_it_can),
        cmocka_unit_test(skips),
        cmocka_unit_test(ends_in_time),
        cmocka_unit_test(waits_for_earlier_ones),
        cmocka_unit_test(conditions_look_back),
        cmocka_unit_test(missing_rows),
        cmocka_unit_test(partitions_are_apart),
        cmocka_unit_test(refuses_rows_without_time),
        cmocka_unit_test(goes_by_the_clock),
        cmocka_unit_test(agrees_with_naive_matcher),
        cmocka_unit_test(gives_back_what_is_over),
        cmocka_unit_test(survives_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

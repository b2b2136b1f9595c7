/* Aggregates over windows: by hand, and at random against a naive reading of the rules, in all ways to fold (slices or windows), with
 * batches of all sizes, and without memory. */
#include "tests/unit/op/op_rows.h"

#include "op/window.h"
#include "tests/unit/op/op_aggregates.h"

/* Input: k STRING, v BIGINT, t TIMESTAMP(3), s and e TIMESTAMP(3) (attached). Output: k, COUNTER, ADDER(v) [, GREATEST(v)], start, end. */
typedef struct setting {
    weir_window window;
    bool attached, global, batch_mode, retracts;
    bool owning; /* with GREATEST, whose states own blocks: no slices for HOP */
    const char *zone;
    uint32_t batch_rows, input_rows;
} setting;

static void open_bench(op_bench *bench, setting with) {
    bench_init(bench, with.batch_rows == 0 ? 4 : with.batch_rows, with.input_rows == 0 ? 4 : with.input_rows);
    bench->settings.batch_mode = with.batch_mode;
    weir_arena *arena = &bench->arena;
    if (with.zone != NULL)
        assert_int_equal(weir_zone_open(arena, weir_text_of(with.zone), &bench->evaluation.zone, NULL), WEIR_OK);
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, 5), **out = WEIR_ARENA_ARRAY(arena, const weir_type *, 7);
    types[0] = weir_type_string(true);
    types[1] = weir_type_simple(WEIR_KIND_BIGINT, true);
    for (uint32_t i = 2; i < 5; i++)
        types[i] = weir_type_sized(arena, WEIR_KIND_TIMESTAMP, 3, true);
    bench->input_types[0] = types;
    bench->input_counts[0] = with.attached ? 5 : 3;
    weir_aggregate_call *calls = WEIR_ARENA_ARRAY(arena, weir_aggregate_call, 3);
    calls[0] = call_of(arena, &counter_function, UINT32_MAX);
    calls[1] = call_of(arena, &adder_function, 1);
    calls[2] = call_of(arena, &greatest_function, 1);
    uint32_t at = 0;
    if (!with.global)
        out[at++] = types[0];
    for (uint32_t i = 0; i < (with.owning ? 3 : 2); i++)
        out[at++] = types[1];
    out[at++] = types[2];
    out[at] = types[2];
    static const uint32_t key = 0;
    static const weir_window_property properties[] = {WEIR_WINDOW_PROPERTY_START, WEIR_WINDOW_PROPERTY_END};
    with.window.time_column = 2;
    weir_window_aggregate_spec *spec = WEIR_ARENA_NEW(arena, weir_window_aggregate_spec);
    *spec = (weir_window_aggregate_spec){.window = with.window,
                                         .attached = with.attached,
                                         .start_column = 3,
                                         .end_column = 4,
                                         .input_count = bench->input_counts[0],
                                         .input_types = types,
                                         .key_count = with.global ? 0 : 1,
                                         .keys = &key,
                                         .call_count = with.owning ? 3 : 2,
                                         .calls = calls,
                                         .input_retracts = with.retracts,
                                         .property_count = 2,
                                         .properties = properties,
                                         .output_types = out};
    assert_int_equal(bench_open(bench, &weir_window_aggregate_operator, spec), WEIR_OK);
}

static void expect(setting with, const char *in, const char *out, uint64_t late) {
    static const uint32_t sizes[] = {1, 2, 3, 64};
    for (uint32_t i = 0; i < 16; i++) {
        op_bench bench;
        with.batch_rows = sizes[i / 4];
        with.input_rows = sizes[i % 4];
        open_bench(&bench, with);
        bench_feed(&bench, in);
        assert_int_equal(bench.status, WEIR_OK);
        assert_string_equal(bench_out(&bench), out);
        assert_int_equal(atomic_load(&bench.metrics.late_rows_dropped), late);
        bench_close(&bench);
    }
}

static const weir_window tumble = {.kind = WEIR_WINDOW_TUMBLE, .size_ms = 10, .slide_ms = 10};
static const weir_window hop = {.kind = WEIR_WINDOW_HOP, .size_ms = 20, .slide_ms = 10};
static const weir_window cumulate = {.kind = WEIR_WINDOW_CUMULATE, .size_ms = 30, .slide_ms = 10};
static const weir_window session = {.kind = WEIR_WINDOW_SESSION, .size_ms = 10};

static void tumbling(void **unused) {
    (void)unused;
    const char *in = "+I,b,1,3\n+I,a,2,9\n+I,b,4,1\nW,8\n+I,a,1,12\nW,9\n+I,a,7,5\n+I,a,8,-1\n+I,b,NULL,15\nW,END\n";
    expect((setting){.window = tumble}, in, "+I,b,2,5,0,10\n+I,a,1,2,0,10\n+I,a,1,1,10,20\n+I,b,1,NULL,10,20\n", 2);
    expect((setting){.window = tumble, .global = true}, in, "+I,3,7,0,10\n+I,2,1,10,20\n", 2);
    expect((setting){.window = tumble, .batch_mode = true}, in,
           "+I,a,1,8,-10,0\n+I,b,2,5,0,10\n+I,a,2,9,0,10\n+I,a,1,1,10,20\n+I,b,1,NULL,10,20\n", 0);
    weir_window shifted = tumble;
    shifted.offset_ms = -3;
    expect((setting){.window = shifted, .global = true}, "+I,a,1,6\n+I,a,1,7\n+I,a,1,17\nW,END\n",
           "+I,1,1,-3,7\n+I,1,1,7,17\n+I,1,1,17,27\n", 0);
    expect((setting){.window = tumble}, "W,3\nW,END\n", "", 0);
}

static void hopping(void **unused) {
    (void)unused;
    /* The late row at 5 still enters the window 0..20. */
    const char *in = "+I,a,1,5\n+I,a,2,12\nW,9\n+I,a,4,5\n+I,a,8,-11\nW,19\n+I,b,1,25\nW,END\n";
    const char *out = "+I,a,1,1,-10,10\n+I,a,3,7,0,20\n+I,a,1,2,10,30\n+I,b,1,1,10,30\n+I,b,1,1,20,40\n";
    expect((setting){.window = hop}, in, out, 1);
    const char *owning = "+I,a,1,1,1,-10,10\n+I,a,3,7,4,0,20\n+I,a,1,2,2,10,30\n+I,b,1,1,1,10,30\n+I,b,1,1,1,20,40\n";
    expect((setting){.window = hop, .owning = true}, in, owning, 1);
    /* Slides that do not divide the size, and slides longer than the size (legacy windows). */
    weir_window odd = {.kind = WEIR_WINDOW_HOP, .size_ms = 5, .slide_ms = 3};
    expect((setting){.window = odd, .global = true}, "+I,a,1,3\n+I,a,1,5\nW,END\n", "+I,1,1,0,5\n+I,2,2,3,8\n", 0);
    weir_window gaps = {.kind = WEIR_WINDOW_HOP, .size_ms = 2, .slide_ms = 5};
    expect((setting){.window = gaps, .global = true}, "+I,a,1,6\n+I,a,1,7\n+I,a,1,-4\nW,END\n", "+I,1,1,-5,-3\n+I,1,1,5,7\n", 0);
}

static void cumulating(void **unused) {
    (void)unused;
    const char *in = "+I,a,1,5\n+I,b,2,12\nW,19\n+I,a,4,3\nW,29\n+I,a,9,4\n+I,b,1,55\nW,END\n";
    const char *out = "+I,a,1,1,0,10\n+I,a,1,1,0,20\n+I,b,1,2,0,20\n+I,a,2,5,0,30\n+I,b,1,2,0,30\n+I,b,1,1,30,60\n";
    expect((setting){.window = cumulate}, in, out, 1);
    const char *owning = "+I,a,1,1,1,0,10\n+I,a,1,1,1,0,20\n+I,b,1,2,2,0,20\n+I,a,2,5,4,0,30\n+I,b,1,2,2,0,30\n+I,b,1,1,1,30,60\n";
    expect((setting){.window = cumulate, .owning = true}, in, owning, 1);
}

static void sessions(void **unused) {
    (void)unused;
    /* Exactly one gap apart: one session. A late row that joins a session which has not fired is taken. Two sessions become one. */
    const char *in =
        "+I,a,1,0\n+I,b,1,2\n+I,a,2,10\n+I,a,4,35\nW,15\n+I,a,8,1\n+I,a,16,5\n+I,b,3,1\n+I,a,32,27\n+I,a,64,19\nW,60\n+I,a,1,50\n"
        "+I,a,1,52\n+I,c,1,70\nW,END\n";
    expect((setting){.window = session}, in, "+I,b,1,1,2,12\n+I,a,7,127,0,45\n+I,a,1,1,52,62\n+I,c,1,1,70,80\n", 2);
    expect((setting){.window = session, .owning = true}, in, "+I,b,1,1,1,2,12\n+I,a,7,127,64,0,45\n+I,a,1,1,1,52,62\n+I,c,1,1,1,70,80\n",
           2);
    expect((setting){.window = session, .global = true}, "+I,a,1,0\n+I,a,1,30\n+I,a,1,15\n+I,a,1,22\nW,END\n",
           "+I,1,1,0,10\n+I,3,3,15,40\n", 0);
}

static void attached_windows(void **unused) {
    (void)unused;
    weir_window any = {.kind = WEIR_WINDOW_TUMBLE};
    const char *in =
        "+I,a,1,NULL,0,10\n+I,a,2,NULL,5,10\n+I,a,4,NULL,0,10\n+I,b,1,NULL,0,20\nW,9\n+I,a,1,NULL,0,10\n+I,a,1,NULL,0,20\nW,END\n";
    expect((setting){.window = any, .attached = true}, in, "+I,a,2,5,0,10\n+I,a,1,2,5,10\n+I,b,1,1,0,20\n+I,a,1,1,0,20\n", 1);
}

static void retracting(void **unused) {
    (void)unused;
    const char *in = "+I,a,1,1\n-U,a,1,1\n+U,a,5,2\n+I,b,1,1\n-D,b,1,1\nW,END\n";
    expect((setting){.window = tumble, .retracts = true}, in, "+I,a,1,5,0,10\n", 0);
    expect((setting){.window = hop, .retracts = true}, in, "+I,a,1,5,-10,10\n+I,a,1,5,0,20\n", 0);
    expect((setting){.window = session, .retracts = true}, in, "+I,a,1,5,1,12\n", 0);
}

/* Windows of a day in wall time: the day the clocks go forward has 23 hours. */
static void in_a_zone(void **unused) {
    (void)unused;
    weir_window day = {.kind = WEIR_WINDOW_TUMBLE, .size_ms = 86400000, .slide_ms = 86400000, .time_is_ltz = true};
    /* 2024-03-31 in Berlin: from 2024-03-30 23:00 UTC to 2024-03-31 22:00 UTC; wall time 1711843200000 .. 1711929600000. */
    const char *in =
        "+I,a,1,1711839600000\n+I,a,2,1711922399999\nW,1711922399998\n+I,a,4,1711922399999\nW,1711922399999\n+I,a,8,1711922399998\n"
        "+I,a,16,1711922400000\nW,END\n";
    expect((setting){.window = day, .zone = "Europe/Berlin"}, in,
           "+I,a,3,7,1711843200000,1711929600000\n+I,a,1,16,1711929600000,1712016000000\n", 1);
}

static void by_the_clock(void **unused) {
    (void)unused;
    for (uint32_t s = 0; s < 2; s++) {
        weir_window now = s == 0 ? tumble : session;
        now.processing_time = true;
        op_bench bench;
        open_bench(&bench, (setting){.window = now});
        assert_true(bench.op->vtable->next_tick_ms(bench.op) == INT64_MAX);
        bench_feed(&bench, "+I,a,1,NULL\n+I,b,1,NULL\nW,50\n"); /* the clock shows 1000 */
        assert_int_equal(bench.op->vtable->next_tick_ms(bench.op), 1010);
        bench_tick(&bench, 1009);
        assert_string_equal(bench_out(&bench), "");
        bench_tick(&bench, 1010);
        assert_string_equal(bench_out(&bench), "+I,a,1,1,1000,1010\n+I,b,1,1,1000,1010\n");
        bench_feed(&bench, "+I,a,1,NULL\nW,END\n"); /* what has not closed by the end does not leave */
        assert_string_equal(bench_out(&bench), "+I,a,1,1,1000,1010\n+I,b,1,1,1000,1010\n");
        bench_close(&bench);
    }
}

static void a_row_without_time_fails(void **unused) {
    (void)unused;
    const weir_window *all[] = {&tumble, &session};
    for (uint32_t i = 0; i < 2; i++) {
        op_bench bench;
        open_bench(&bench, (setting){.window = *all[i]});
        bench_feed(&bench, "+I,a,1,5\n+I,a,1,NULL\n");
        assert_int_equal(bench.status, WEIR_RUNTIME);
        assert_non_null(strstr(bench.error.message, "RowTime field should not be null"));
        bench_close(&bench);
    }
    expect((setting){.window = tumble, .batch_mode = true}, "+I,a,1,5\n+I,a,1,NULL\nW,END\n", "+I,a,1,1,0,10\n", 0);
}

/* ---- at random ---- */

enum { ROWS = 150, NAIVE_MAX = 4000 };

typedef struct naive_window {
    char key;
    int64_t start, end, count, sum, most;
    bool fired;
} naive_window;

typedef struct naive {
    naive_window windows[NAIVE_MAX];
    uint32_t count;
    uint64_t late;
    char *out;
    size_t out_size;
} naive;

static void naive_add(naive *n, char key, int64_t start, int64_t end, int64_t v) {
    for (uint32_t i = 0; i < n->count; i++) {
        naive_window *w = &n->windows[i];
        if (w->key == key && w->start == start && w->end == end && !w->fired) {
            w->count++;
            w->sum += v;
            w->most = v > w->most ? v : w->most;
            return;
        }
    }
    assert_true(n->count < NAIVE_MAX);
    n->windows[n->count++] = (naive_window){key, start, end, 1, v, v, false};
}

static int64_t floor_to(int64_t t, int64_t step) { return t - ((t % step) + step) % step; }

static void naive_row(naive *n, const weir_window *w, char key, int64_t v, int64_t t, int64_t mark) {
    if (w->kind == WEIR_WINDOW_SESSION) {
        naive_window made = {key, t, t + w->size_ms, 1, v, v, false};
        bool joined = false;
        for (uint32_t i = 0; i < n->count; i++) {
            naive_window *o = &n->windows[i];
            if (o->fired || o->key != key || o->start > made.end || o->end < made.start)
                continue;
            made.start = o->start < made.start ? o->start : made.start;
            made.end = o->end > made.end ? o->end : made.end;
            made.count += o->count;
            made.sum += o->sum;
            made.most = o->most > made.most ? o->most : made.most;
            o->fired = joined = true;
            i = UINT32_MAX; /* look again: it has grown */
        }
        if (!joined && made.end - 1 <= mark)
            n->late++;
        else
            n->windows[n->count++] = made;
        assert_true(n->count < NAIVE_MAX);
        return;
    }
    bool any = false, open = false;
    int64_t step = w->kind == WEIR_WINDOW_TUMBLE ? w->size_ms : w->slide_ms;
    for (int64_t end = floor_to(t, step) - w->size_ms; end <= t + 2 * w->size_ms; end += step) {
        int64_t start = w->kind == WEIR_WINDOW_CUMULATE ? floor_to(end - 1, w->size_ms) : end - w->size_ms;
        if (t < start || t >= end)
            continue;
        any = true;
        if (end - 1 <= mark)
            continue;
        open = true;
        naive_add(n, key, start, end, v);
    }
    n->late += any && !open;
}

static void naive_fire(naive *n, int64_t mark, bool owning) {
    for (uint32_t i = 0; i < n->count; i++) {
        naive_window *w = &n->windows[i];
        if (w->fired || w->end - 1 > mark)
            continue;
        w->fired = true;
        n->out_size += (size_t)sprintf(n->out + n->out_size, "+I,%c,%lld,%lld,", w->key, (long long)w->count, (long long)w->sum);
        if (owning)
            n->out_size += (size_t)sprintf(n->out + n->out_size, "%lld,", (long long)w->most);
        n->out_size += (size_t)sprintf(n->out + n->out_size, "%lld,%lld\n", (long long)w->start, (long long)w->end);
    }
}

static void random_round(const weir_window *window, uint64_t seed, bool owning) {
    static const uint32_t sizes[] = {1, 2, 7, 40, 500};
    naive *n = calloc(1, sizeof *n);
    char *in = malloc(ROWS * 64);
    assert_true(n != NULL && in != NULL);
    n->out = malloc(NAIVE_MAX * 64);
    n->out[0] = '\0';
    size_t at = 0;
    uint64_t rng = seed;
    int64_t mark = INT64_MIN, now = 0;
    for (uint32_t i = 0; i < ROWS; i++) {
        now += bench_random(&rng, 12);
        char key = (char)('a' + bench_random(&rng, 3));
        int64_t v = bench_random(&rng, 9), t = now - bench_random(&rng, 60);
        at += (size_t)sprintf(in + at, "+I,%c,%lld,%lld\n", key, (long long)v, (long long)t);
        naive_row(n, window, key, v, t, mark);
        if (bench_random(&rng, 4) == 0 && now - 30 > mark) {
            mark = now - 30;
            at += (size_t)sprintf(in + at, "W,%lld\n", (long long)mark);
            naive_fire(n, mark, owning);
        }
    }
    sprintf(in + at, "W,END\n");
    naive_fire(n, INT64_MAX, owning);
    op_bench bench;
    open_bench(&bench, (setting){.window = *window, .owning = owning, .batch_rows = sizes[seed % 5], .input_rows = sizes[seed / 5 % 5]});
    bench_feed(&bench, in);
    assert_int_equal(bench.status, WEIR_OK);
    char *got = bench_sorted(bench_out(&bench)), *expected = bench_sorted(n->out);
    assert_string_equal(got, expected);
    assert_int_equal(atomic_load(&bench.metrics.late_rows_dropped), n->late);
    bench_close(&bench);
    free(got);
    free(expected);
    free(in);
    free(n->out);
    free(n);
}

static void as_the_rules_say(void **unused) {
    (void)unused;
    const weir_window windows[] = {tumble,
                                   hop,
                                   cumulate,
                                   session,
                                   {.kind = WEIR_WINDOW_HOP, .size_ms = 50, .slide_ms = 5},
                                   {.kind = WEIR_WINDOW_HOP, .size_ms = 140, .slide_ms = 2},
                                   {.kind = WEIR_WINDOW_TUMBLE, .size_ms = 2, .slide_ms = 2},
                                   {.kind = WEIR_WINDOW_HOP, .size_ms = 35, .slide_ms = 10},
                                   {.kind = WEIR_WINDOW_CUMULATE, .size_ms = 40, .slide_ms = 4}};
    for (uint32_t w = 0; w < sizeof windows / sizeof windows[0]; w++)
        for (uint64_t seed = 1; seed <= 26; seed++)
            random_round(&windows[w], seed, seed % 2);
}

static void no_memory_anywhere(void **unused) {
    (void)unused;
    const weir_window *all[] = {&tumble, &hop, &cumulate, &session};
    for (uint32_t f = 0; f < 8; f++) {
        bool done = false;
        for (uint64_t nth = 1; !done; nth++) {
            op_bench bench;
            open_bench(&bench, (setting){.window = *all[f % 4], .owning = f >= 4});
            weir_memory_fail_after(nth, nth % 2 == 0);
            bench_feed(&bench, "+I,a,5,1\n+I,b,1,25\n+I,b,1,33\n+I,a,1,9\nW,20\n+I,a,1,21\n+I,a,1,14\nW,END\n");
            done = weir_memory_tries() < nth;
            weir_memory_fail_after(0, false);
            assert_int_equal(bench.status, done ? WEIR_OK : WEIR_MEMORY);
            bench_close(&bench);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tumbling),
        cmocka_unit_test(hopping),
        cmocka_unit_test(cumulating),
        cmocka_unit_test(sessions),
        cmocka_unit_test(attached_windows),
        cmocka_unit_test(retracting),
        cmocka_unit_test(in_a_zone),
        cmocka_unit_test(by_the_clock),
        cmocka_unit_test(a_row_without_time_fails),
        cmocka_unit_test(as_the_rules_say),
        cmocka_unit_test(no_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

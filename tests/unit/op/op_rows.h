/* A bench for one operator: batches are built from text lines, the output comes back as text lines.
 *
 *     "0 +I,1,abc,NULL"   a row for input 0 (the number may be left out)
 *     "1 W,5000"          a watermark on input 1;  "W,END" the last one
 *
 * Values by the column's type: integers, doubles, text, BOOLEAN as 0/1, TIMESTAMP as milliseconds. Consecutive lines of the same input form
 * batches of up to `input_rows` rows.
 */
#ifndef WEIR_TESTS_OP_ROWS_H
#define WEIR_TESTS_OP_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "op/operator.h"
#include "os/clock.h"

typedef struct op_bench {
    weir_memory memory;
    weir_arena arena;
    weir_evaluation evaluation;
    weir_clock_virtual clock;
    weir_operator_settings settings;
    weir_operator_metrics metrics;
    weir_operator_context context;
    weir_operator *op;
    const weir_type *const *input_types[2];
    uint32_t input_counts[2];
    uint32_t input_rows; /* rows per input batch */
    weir_batch *pending;
    uint32_t pending_input;
    char *out; /* grows */
    size_t out_size, out_capacity;
    uint64_t out_rows;
    bool show_marks;
    weir_status status;
    weir_error error;
} op_bench;

static inline void bench_init(op_bench *bench, uint32_t batch_rows, uint32_t input_rows) {
    *bench = (op_bench){.input_rows = input_rows};
    weir_memory_init(&bench->memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&bench->arena, &bench->memory);
    weir_clock_virtual_init(&bench->clock, 1000000000);
    bench->evaluation = (weir_evaluation){.zone = weir_zone_utc(), .clock = &bench->clock.clock};
    bench->settings = (weir_operator_settings){.batch_rows = batch_rows, .key_groups = 128};
    bench->context =
        (weir_operator_context){&bench->arena, &bench->memory, &bench->evaluation, &bench->settings, "Test[0]", &bench->metrics};
}

static inline weir_status bench_open(op_bench *bench, const weir_operator_vtable *vtable, const void *spec) {
    bench->status = vtable->open(spec, &bench->context, &bench->op, &bench->error);
    return bench->status;
}

/* Closes all; everything must have been given back. */
static inline void bench_close(op_bench *bench) {
    weir_batch_destroy(bench->pending);
    if (bench->op != NULL)
        bench->op->vtable->close(bench->op);
    weir_arena_deinit(&bench->arena);
    free(bench->out);
    assert_int_equal(atomic_load(&bench->memory.used_bytes), 0);
}

static inline void bench_say(op_bench *bench, const char *format, ...) {
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (bench->out_size + (size_t)size + 1 > bench->out_capacity) {
        bench->out_capacity = bench->out_capacity * 2 + 4096;
        bench->out = realloc(bench->out, bench->out_capacity);
        assert_non_null(bench->out);
    }
    memcpy(bench->out + bench->out_size, line, (size_t)size + 1);
    bench->out_size += (size_t)size;
}

static inline void bench_say_value(op_bench *bench, const weir_column *column, uint32_t row) {
    if (!weir_column_is_valid(column, row)) {
        bench_say(bench, ",NULL");
        return;
    }
    switch (column->layout) {
    case WEIR_LAYOUT_U8: bench_say(bench, ",%d", WEIR_VALUES(column, uint8_t)[row]); break;
    case WEIR_LAYOUT_I8: bench_say(bench, ",%d", WEIR_VALUES(column, int8_t)[row]); break;
    case WEIR_LAYOUT_I16: bench_say(bench, ",%d", WEIR_VALUES(column, int16_t)[row]); break;
    case WEIR_LAYOUT_I32: bench_say(bench, ",%d", WEIR_VALUES(column, int32_t)[row]); break;
    case WEIR_LAYOUT_I64: {
        int64_t value = WEIR_VALUES(column, int64_t)[row];
        bench_say(bench, ",%lld", (long long)(weir_kind_is_timestamp(column->type->kind) ? value / 1000 : value));
        break;
    }
    case WEIR_LAYOUT_F64: bench_say(bench, ",%g", WEIR_VALUES(column, double)[row]); break;
    case WEIR_LAYOUT_VIEW: bench_say(bench, ",%.*s", WEIR_TEXT_ARGS(weir_column_text(column, row))); break;
    default: bench_say(bench, ",?"); break;
    }
}

static inline void bench_say_batch(op_bench *bench, const weir_batch *batch) {
    assert_true(batch->rows <= bench->settings.batch_rows || batch->rows <= bench->input_rows);
    uint32_t mark = 0;
    for (uint32_t k = 0; k < batch->selected; k++) {
        uint32_t row = batch->selection == NULL ? k : batch->selection[k];
        for (; mark < batch->mark_count && batch->marks[mark].row <= row; mark++)
            if (bench->show_marks)
                bench_say(bench, batch->marks[mark].watermark_ms == WEIR_WATERMARK_END ? "W,END\n" : "W,%lld\n",
                          (long long)batch->marks[mark].watermark_ms);
        bench_say(bench, "%s", weir_change_name(weir_batch_kind(batch, row)));
        for (uint32_t i = 0; i < batch->column_count; i++)
            bench_say_value(bench, batch->columns[i], row);
        bench_say(bench, "\n");
        bench->out_rows++;
    }
    for (; mark < batch->mark_count; mark++)
        if (bench->show_marks)
            bench_say(bench, batch->marks[mark].watermark_ms == WEIR_WATERMARK_END ? "W,END\n" : "W,%lld\n",
                      (long long)batch->marks[mark].watermark_ms);
}

static inline void bench_take(op_bench *bench, weir_output *output) {
    for (uint32_t i = 0; i < output->count; i++) {
        bench_say_batch(bench, output->batches[i]);
        weir_batch_destroy(output->batches[i]);
    }
    output->count = 0;
}

static inline void bench_go_on(op_bench *bench, weir_output *output, weir_step step) {
    bench_take(bench, output);
    while (bench->status == WEIR_OK && step == WEIR_STEP_MORE_OUTPUT) {
        bench->status = bench->op->vtable->resume(bench->op, output, &step, &bench->error);
        bench_take(bench, output);
    }
}

static inline void bench_process(op_bench *bench, uint32_t input, weir_batch *batch) {
    if (bench->status != WEIR_OK) {
        weir_batch_destroy(batch);
        return;
    }
    weir_output output = {.count = 0};
    weir_step step = WEIR_STEP_MORE_INPUT;
    bench->status = bench->op->vtable->process(bench->op, input, batch, &output, &step, &bench->error);
    bench_go_on(bench, &output, step);
}

static inline void bench_flush(op_bench *bench) {
    weir_batch *batch = bench->pending;
    bench->pending = NULL;
    if (batch != NULL)
        bench_process(bench, bench->pending_input, batch);
}

static inline void bench_tick(op_bench *bench, int64_t now_ms) {
    bench_flush(bench);
    weir_output output = {.count = 0};
    weir_step step = WEIR_STEP_MORE_INPUT;
    weir_clock_virtual_set_ns(&bench->clock, now_ms * 1000000);
    bench->status = bench->op->vtable->tick(bench->op, now_ms, &output, &step, &bench->error);
    bench_go_on(bench, &output, step);
}

static inline void bench_put(weir_column *column, uint32_t row, const char *text, size_t size) {
    char value[256];
    snprintf(value, sizeof value, "%.*s", (int)size, text);
    if (strcmp(value, "NULL") == 0) {
        weir_column_set_null(column, row);
        return;
    }
    long long number = strtoll(value, NULL, 10);
    switch (column->layout) {
    case WEIR_LAYOUT_U8: WEIR_VALUES(column, uint8_t)[row] = (uint8_t)number; break;
    case WEIR_LAYOUT_I8: WEIR_VALUES(column, int8_t)[row] = (int8_t)number; break;
    case WEIR_LAYOUT_I16: WEIR_VALUES(column, int16_t)[row] = (int16_t)number; break;
    case WEIR_LAYOUT_I32: WEIR_VALUES(column, int32_t)[row] = (int32_t)number; break;
    case WEIR_LAYOUT_I64: WEIR_VALUES(column, int64_t)[row] = weir_kind_is_timestamp(column->type->kind) ? number * 1000 : number; break;
    case WEIR_LAYOUT_F64: WEIR_VALUES(column, double)[row] = strtod(value, NULL); break;
    case WEIR_LAYOUT_VIEW: weir_column_put_text(column, row, (weir_text){text, size}); break;
    default: fail_msg("the bench cannot write this type"); break;
    }
}

static inline uint8_t bench_kind(const char *text) {
    return text[0] == '+' ? (text[1] == 'U' ? WEIR_UPDATE_AFTER : WEIR_INSERT) : (text[1] == 'U' ? WEIR_UPDATE_BEFORE : WEIR_DELETE);
}

/* The batch that the next line of this input goes to; false: no memory. */
static inline bool bench_room(op_bench *bench, uint32_t input) {
    if (bench->pending != NULL && (bench->pending_input != input || bench->pending->rows == bench->input_rows))
        bench_flush(bench);
    if (bench->pending != NULL)
        return true;
    bench->pending = weir_batch_create_typed(&bench->memory, bench->input_types[input], bench->input_counts[input], bench->input_rows);
    bench->pending_input = input;
    if (bench->pending != NULL && weir_batch_open_kinds(bench->pending, bench->input_rows) == NULL) {
        weir_batch_destroy(bench->pending);
        bench->pending = NULL;
    }
    if (bench->pending == NULL)
        bench->status = WEIR_MEMORY;
    return bench->pending != NULL;
}

static inline void bench_line(op_bench *bench, const char *line, size_t size) {
    uint32_t input = 0;
    while (size > 0 && *line == ' ')
        line++, size--;
    if (size > 2 && line[1] == ' ') {
        input = (uint32_t)(line[0] - '0');
        line += 2;
        size -= 2;
    }
    if (size == 0 || bench->status != WEIR_OK || !bench_room(bench, input))
        return;
    weir_batch *batch = bench->pending;
    if (line[0] == 'W') {
        int64_t mark = line[2] == 'E' ? WEIR_WATERMARK_END : strtoll(line + 2, NULL, 10);
        if (!weir_batch_add_mark(batch, batch->rows, mark))
            bench->status = WEIR_MEMORY;
        return;
    }
    batch->kinds[batch->rows] = bench_kind(line);
    const char *at = line + 3, *end = line + size;
    for (uint32_t i = 0; i < batch->column_count; i++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        size_t field = (size_t)((comma == NULL ? end : comma) - at);
        bench_put(batch->columns[i], batch->rows, at, field);
        if (batch->columns[i]->failed)
            bench->status = WEIR_MEMORY;
        at += field + (comma != NULL);
    }
    batch->rows++;
    batch->selected = batch->rows;
}

/* Feed lines. */
static inline void bench_feed(op_bench *bench, const char *lines) {
    for (const char *at = lines; *at != '\0';) {
        const char *end = strchrnul(at, '\n');
        bench_line(bench, at, (size_t)(end - at));
        at = *end == '\0' ? end : end + 1;
    }
    bench_flush(bench);
}

/* Feed `format`, which has one %d, for the keys [from, to). */
static inline void bench_feed_keys(op_bench *bench, const char *format, int from, int to) {
    char lines[512];
    for (int key = from; key < to; key++) {
        snprintf(lines, sizeof lines, format, key);
        bench_feed(bench, lines);
    }
}

static inline size_t bench_state_bytes(op_bench *bench) { return (size_t)atomic_load(&bench->metrics.state_bytes); }

/* With a time to live of a second: what 400 keys held is given back when time has gone by and one more key comes. */
static inline void bench_expect_expiry(op_bench *bench, const char *format) {
    bench_feed_keys(bench, format, 0, 1);
    size_t one = bench_state_bytes(bench);
    bench_feed_keys(bench, format, 1, 400);
    assert_int_equal(bench->status, WEIR_OK);
    assert_true(bench_state_bytes(bench) > 50 * one);
    weir_clock_virtual_advance_ns(&bench->clock, INT64_C(3000000000));
    bench_feed_keys(bench, format, 400, 401);
    assert_int_equal(bench->status, WEIR_OK);
    assert_true(bench_state_bytes(bench) <= 2 * one);
}

static inline const char *bench_out(const op_bench *bench) { return bench->out == NULL ? "" : bench->out; }

static int bench_compare_lines(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The output's lines, sorted. The caller frees. */
static inline char *bench_sorted(const char *text) {
    size_t size = strlen(text), count = 0;
    char *copy = strdup(text), *result = malloc(size + 1), **lines = malloc((size + 1) * sizeof(char *));
    assert_true(copy != NULL && result != NULL && lines != NULL);
    for (char *line = strtok(copy, "\n"); line != NULL; line = strtok(NULL, "\n"))
        lines[count++] = line;
    qsort(lines, count, sizeof(char *), bench_compare_lines);
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        at += (size_t)sprintf(result + at, "%s\n", lines[i]);
    result[at] = '\0';
    free(copy);
    free(lines);
    return result;
}

/* What is left when the changes are applied: sorted rows without kinds. Fails the test when a row is removed that is not there. The caller
 * frees. */
static inline char *bench_collapse(const char *text) {
    size_t size = strlen(text), count = 0;
    char *copy = strdup(text), **rows = malloc((size + 1) * sizeof(char *));
    assert_true(copy != NULL && rows != NULL);
    for (char *line = strtok(copy, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (line[0] == 'W')
            continue;
        char *row = line + 3;
        if (line[0] == '+') {
            rows[count++] = row;
            continue;
        }
        size_t i = 0;
        while (i < count && strcmp(rows[i], row) != 0)
            i++;
        if (i == count)
            fail_msg("row taken back that is not there: %s", line);
        rows[i] = rows[--count];
    }
    char *result = malloc(size + 1);
    assert_non_null(result);
    qsort(rows, count, sizeof(char *), bench_compare_lines);
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        at += (size_t)sprintf(result + at, "%s\n", rows[i]);
    result[at] = '\0';
    free(copy);
    free(rows);
    return result;
}

/* A small generator of numbers, the same every time. */
static inline uint32_t bench_random(uint64_t *seed, uint32_t below) {
    *seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)((*seed >> 33) % below);
}

#endif

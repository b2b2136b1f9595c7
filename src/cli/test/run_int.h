/* What the files that run a test share (run.c, tables.c, values.c). */
#ifndef WEIR_CLI_TEST_RUN_INT_H
#define WEIR_CLI_TEST_RUN_INT_H

#include "cli/test/test_int.h"
#include "connect/connector.h"
#include "connect/test_table.h"

typedef struct run run;

/* A table that the job has created. */
typedef struct run_table {
    weir_test_table table; /* what the connector sees */
    run *run;
    test_capture capture;
    cli_texts texts;
    bool texts_ready;
} run_table;

/* A script of the session with its open answer; closed when the test has ended. */
typedef struct run_open {
    weir_script *script;
    weir_answer *answer;
    weir_list batches; /* weir_batch, to be destroyed before */
} run_open;

struct run {
    cli *self;
    weir_arena *arena;
    const test_file *file;
    const test_case *test;
    test_outcome *out;
    weir_session *session;
    weir_clock_virtual clock;
    test_step **steps; /* the header's, then the test's */
    size_t step_count;
    int64_t *at_ms; /* of each step */
    int64_t start_ms, end_ms;
    bool endless;
    cli_arguments params;
    weir_list tables;   /* run_table */
    weir_list captures; /* test_capture, the newest last */
    weir_list open;     /* run_open */
    weir_evaluation evaluation;
    bool own_fault; /* what failed is the test's own, not the job's */
};

/* ---- values.c: cells become values, by the session itself ---- */
/* Rows of cells, one for each of the columns; `line` for messages. */
typedef struct run_values {
    const weir_field *columns;
    uint32_t column_count;
    const test_row *const *rows;
    size_t row_count;
    const uint32_t *cell_of;   /* [column_count]: index into a row's cells; UINT32_MAX: NULL */
    const weir_text *fallback; /* SQL for columns without a cell; may be NULL, as may its texts: then NULL */
    bool printed;              /* arrays, maps, rows and intervals may be given as they are printed; such cells are NULL here */
} run_values;
/* The batches are the run's and live until its end. */
weir_status run_values_read(run *self, const run_values *values, weir_list *batches, weir_error *error) WEIR_MUST_USE;
bool run_is_printed(const weir_type *type, weir_text cell);
/* The settings' evaluation as it is now. */
weir_status run_evaluation(run *self, weir_error *error) WEIR_MUST_USE;
/* The rows of a batch as texts: `each` is called with the cells, copied into the run's arena. */
weir_status run_texts(run *self, cli_texts *texts, const weir_batch *batch, weir_status (*each)(void *, uint8_t, weir_text *, weir_error *),
                      void *context, weir_error *error) WEIR_MUST_USE;

/* ---- tables.c ---- */
weir_status run_adapt_table(void *context, weir_arena *arena, weir_table *table, weir_error *error);
weir_status run_capture_add(run *self, test_capture *capture, uint8_t kind, weir_text *cells, weir_error *error) WEIR_MUST_USE;
/* The columns that a line of names means, without the one of kinds in front: *has_op says whether there is one. */
weir_status run_header(const test_step *step, const weir_field *fields, uint32_t count, bool want_op, uint32_t *columns, bool *has_op,
                       weir_error *error) WEIR_MUST_USE;
weir_status run_kind(const test_row *row, uint8_t *kind, weir_error *error) WEIR_MUST_USE;

#endif

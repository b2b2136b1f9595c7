/* What the files of `weir test` share.
 *
 *   test_file_parse -> for each test: test_run -> test_compare for each `expect` -> test_report_*
 *
 * A file's blocks point into its text. Everything that a test makes lives in its arena.
 */
#ifndef WEIR_CLI_TEST_TEST_INT_H
#define WEIR_CLI_TEST_TEST_INT_H

#include "cli/run_int.h"

/* ---- parse.c: the format ---- */

typedef enum test_step_kind {
    TEST_STEP_JOB,     /* job FILE */
    TEST_STEP_SQL,     /* sql, then indented text */
    TEST_STEP_QUERY,   /* query [NAME], then indented text */
    TEST_STEP_SET,     /* set KEY = VALUE */
    TEST_STEP_PARAM,   /* param NAME = VALUE */
    TEST_STEP_CLOCK,   /* clock TIMESTAMP */
    TEST_STEP_ENDLESS, /* endless */
    TEST_STEP_KEEP,    /* keep TABLE */
    TEST_STEP_GIVEN,   /* given TABLE, then rows */
    TEST_STEP_ADVANCE, /* advance DURATION */
    TEST_STEP_EXPECT,  /* expect NAME [changes] [in order | in any order], then rows */
    TEST_STEP_ERROR,   /* expect error [TEXT] */
} test_step_kind;

typedef struct test_row {
    weir_text *cells; /* as written, trimmed */
    uint32_t count;
    uint32_t line;
} test_row;

typedef struct test_step {
    test_step_kind kind;
    uint32_t line;
    uint32_t indent;    /* columns before the word */
    weir_text name;     /* the table; the file; the key */
    weir_text value;    /* of set, param, clock, advance, error; the text of sql and query */
    size_t text_offset; /* of the text of sql and query in the file */
    uint32_t text_line;
    bool changes, in_order;
    test_row header;               /* count 0: no rows were written */
    weir_list rows;                /* test_row */
    size_t table_start, table_end; /* the lines of the rows in the file, for --update; equal: none */
} test_step;

typedef struct test_case {
    weir_text name;
    uint32_t line;
    weir_list steps; /* test_step */
} test_case;

typedef struct test_file {
    const char *path;
    weir_text text;
    weir_list header; /* test_step: in front of every test */
    weir_list cases;  /* test_case */
} test_file;

/* The error's position is a place in the text. */
weir_status test_file_parse(weir_arena *arena, weir_text text, test_file *out, weir_error *error) WEIR_MUST_USE;

/* ---- run.c: one test ---- */

typedef struct test_change {
    uint8_t kind; /* weir_change */
    int64_t at_ms;
    weir_text *cells; /* as printed; data NULL: NULL */
} test_change;

/* What a table, a query or the job's last SELECT got. */
typedef struct test_capture {
    weir_text name;
    weir_schema schema;
    uint32_t key_count;
    const uint32_t *key;
    weir_list changes; /* test_change */
} test_capture;

typedef enum test_mark { TEST_SAME, TEST_MISSING, TEST_UNEXPECTED, TEST_CHANGED } test_mark;
typedef struct test_difference {
    test_mark mark;
    weir_text *expected, *got; /* cells; the one that there is, or both */
} test_difference;

/* One `expect` that did not hold. */
typedef struct test_problem {
    const test_step *step;    /* NULL: the job failed */
    weir_text message;        /* what is wrong, in a line */
    weir_text detail;         /* of an error: where and what to do; may be empty */
    const weir_text *columns; /* of the differences */
    const bool *right;        /* aligned to the right */
    uint32_t column_count;
    weir_list differences; /* test_difference */
    weir_list actual;      /* weir_text *cells of all rows that came, for --update */
} test_problem;

typedef struct test_outcome {
    const test_case *test;
    bool passed;
    double seconds;
    weir_list problems; /* test_problem */
} test_outcome;

/* Run it; only a failure of memory, or a cancel, is an error. */
weir_status test_run(cli *self, cli_signals *signals, weir_arena *arena, const test_file *file, const test_case *test, test_outcome *out,
                     weir_error *error) WEIR_MUST_USE;

/* ---- compare.c ---- */
/* The rows that stood in the capture at `until_ms` against the step's; *problem NULL: they agree. `expected` are the step's rows as printed
 * texts, in the columns `picked` of the capture. */
weir_status test_compare(weir_arena *arena, const test_capture *capture, const test_step *step, int64_t until_ms, const uint32_t *picked,
                         uint32_t picked_count, const weir_list *expected, test_problem **problem, weir_error *error) WEIR_MUST_USE;

/* ---- table.c: cells as they are written in a file ---- */
/* A printed text as a cell: NULL, quoted where it must be. */
weir_text test_cell_write(weir_arena *arena, weir_text printed);
/* Rows with a line of names, aligned, each line behind `indent` blanks and `marks`[row] (NULL: none). */
void test_table_write(weir_builder *out, uint32_t indent, const weir_text *columns, const bool *right, uint32_t column_count,
                      weir_text *const *rows, size_t row_count, const char *marks);

/* ---- report.c ---- */
void test_report_text(cli *self, const test_file *file, const test_outcome *outcome, bool quiet);
void test_report_json(cli *self, const test_file *file, const test_outcome *outcome);
void test_report_junit(weir_builder *out, const test_file *file, const weir_list *outcomes);
/* The file's text with what came in the place of what was expected. */
weir_status test_update(cli *self, const test_file *file, const weir_list *outcomes, bool *changed, weir_error *error) WEIR_MUST_USE;

#endif

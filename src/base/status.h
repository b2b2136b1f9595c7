/* How a call says that it failed, and the record that explains why.
 *
 * Every fallible function returns a weir_status and takes a nullable `weir_error *` last. The record has a fixed size, so
 * that an error can be told even when there is no memory left. A call that returns WEIR_OK leaves the record untouched.
 */
#ifndef WEIR_BASE_STATUS_H
#define WEIR_BASE_STATUS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define WEIR_MUST_USE __attribute__((warn_unused_result))
#define WEIR_PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))

typedef enum weir_status {
    WEIR_OK = 0,
    WEIR_PARSE,       /* the text is not in the grammar */
    WEIR_VALIDATE,    /* names, types or options are wrong */
    WEIR_UNSUPPORTED, /* correct, but cannot be planned or is not there */
    WEIR_RUNTIME,     /* failed while running: bad data, division by zero, missing file */
    WEIR_MEMORY,      /* the memory limit, or the machine, has no more */
    WEIR_CANCELLED,   /* somebody asked to stop */
    WEIR_USAGE,       /* the command line or the C API was used wrongly */
    WEIR_INTERNAL,    /* a bug of ours */
} weir_status;

/* A place in a script. Lines and columns count from 1, columns in code points; line 0 means "nowhere in particular". */
typedef struct weir_position {
    uint32_t offset_bytes;
    uint32_t length_bytes;
    uint32_t line;
    uint32_t column;
} weir_position;

enum { WEIR_ERROR_MESSAGE_BYTES = 2048, WEIR_ERROR_HINT_BYTES = 512 };

typedef struct weir_error {
    weir_status status;
    weir_position position;
    const char *stage; /* static text: "parse", "bind", "plan", "run", ...; NULL when unknown */
    char message[WEIR_ERROR_MESSAGE_BYTES];
    char hint[WEIR_ERROR_HINT_BYTES]; /* what to do; empty when there is nothing to say */
} weir_error;

/* Fill in `error` (when not NULL) and return `status`. A longer message is cut at a code point. */
weir_status weir_fail(weir_error *error, weir_status status, const char *format, ...) WEIR_PRINTF(3, 4);
weir_status weir_fail_at(weir_error *error, weir_status status, weir_position position, const char *format, ...) WEIR_PRINTF(4, 5);
weir_status weir_fail_memory(weir_error *error, const char *what, size_t size_bytes);
void weir_error_hint(weir_error *error, const char *format, ...) WEIR_PRINTF(2, 3);
/* Put a position, a stage on an error that has none yet. */
void weir_error_locate(weir_error *error, weir_position position);
void weir_error_stage(weir_error *error, const char *stage);
void weir_error_clear(weir_error *error);

/* "parse", "validate", "unsupported", "runtime", ...: the word that scripts see. Never NULL. */
const char *weir_status_name(weir_status status);

#define WEIR_TRY(call)                         \
    do {                                       \
        weir_status weir_try_status_ = (call); \
        if (weir_try_status_ != WEIR_OK)       \
            return weir_try_status_;           \
    } while (0)

/* As WEIR_TRY, but leaves through a clean-up label; needs a local `weir_status status`. */
#define WEIR_TRY_GOTO(call, label) \
    do {                           \
        status = (call);           \
        if (status != WEIR_OK)     \
            goto label;            \
    } while (0)

#endif

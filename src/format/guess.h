/* Guessing column names and types from the first records of a file, for people who want to start with a file they do not know.
 * What is guessed is a proposal: numbers become BIGINT or DOUBLE, texts of one form TIMESTAMP(3), DATE or BOOLEAN, everything else STRING.
 */
#ifndef WEIR_FORMAT_GUESS_H
#define WEIR_FORMAT_GUESS_H

#include "format/format.h"

typedef struct weir_guess {
    uint32_t count;
    weir_field *fields;  /* in the arena; all nullable */
    uint64_t records;    /* that were looked at */
    bool iso_timestamps; /* json: yyyy-MM-ddTHH:mm:ss */
    char delimiter;      /* csv */
    bool header_line;    /* csv: the first line holds names */
    bool empty_is_null;  /* csv: there are empty fields in columns that are no text */
} weir_guess;

/* `text` may end in the middle of a record unless `whole`. WEIR_RUNTIME when it holds no record of the format. */
weir_status weir_guess_json(weir_arena *arena, weir_text text, bool whole, weir_guess *out, weir_error *error) WEIR_MUST_USE;
weir_status weir_guess_csv(weir_arena *arena, weir_text text, bool whole, weir_guess *out, weir_error *error) WEIR_MUST_USE;
/* Does it look like JSON lines rather than CSV? */
bool weir_guess_is_json(weir_text text);

#endif

/* Text <-> value for the scalar types, with Flink's rules (flink_semantics "CAST"). The formats and the CAST kernels stand on this.
 *
 * Printing appends at `out` (at least WEIR_PRINT_BYTES_MAX bytes) and returns the bytes written, no NUL.
 * Parsing returns false when the text is not a value (the caller decides: NULL, TRY_CAST, or an error that names it).
 */
#ifndef WEIR_TYPES_CONVERT_H
#define WEIR_TYPES_CONVERT_H

#include "types/decimal.h"
#include "types/timestamp.h"
#include "types/type.h"

enum { WEIR_PRINT_BYTES_MAX = 64 };

size_t weir_print_i64(int64_t value, char *out);
size_t weir_print_double(double value,
                         char *out); /* Java's Double.toString up to JDK 18 (java_digits.c says why): 1.0, 1.0E7, 1.0E-4, NaN, Infinity */
size_t weir_print_float(float value, char *out);
size_t weir_print_decimal(weir_i128 value, int32_t scale, char *out);       /* exactly `scale` digits after the point */
size_t weir_print_decimal_plain(weir_i128 value, int32_t scale, char *out); /* trailing zeros of the fraction cut */
size_t weir_print_date(int32_t days, char *out);                            /* 2024-02-29 */
size_t weir_print_time(int32_t milliseconds, int32_t precision, char *out); /* 12:34:56[.123] */
/* As CAST(time AS STRING) does it: trailing zeros of the fraction cut, but one digit stays unless the precision is 0. */
size_t weir_print_time_cast(int32_t milliseconds, int32_t precision, char *out);
size_t weir_print_timestamp(int64_t microseconds, int32_t precision, char *out); /* 2024-02-29 12:34:56[.123]; p <= 6 */
size_t weir_print_timestamp_ns(weir_timestamp_ns value, int32_t precision, char *out);
size_t weir_print_interval_month(int32_t months, char *out);        /* as CAST(INTERVAL .. AS STRING): +1-02 */
size_t weir_print_interval_second(int64_t milliseconds, char *out); /* +1 02:03:04.500 */

/* Strict readers of a whole text, used by formats (JSON numbers, CSV fields): optional sign, digits; no blanks. */
bool weir_parse_i64(weir_text text, int64_t *out) WEIR_MUST_USE;
bool weir_parse_double(weir_text text, double *out) WEIR_MUST_USE; /* correctly rounded; also NaN, Infinity, -Infinity */
bool weir_parse_decimal(weir_text text, int32_t precision, int32_t scale, weir_i128 *out) WEIR_MUST_USE; /* HALF_UP; 5. -.5 1e2 */
/* The same, telling a text that is no number from a number that has too many digits. */
typedef enum weir_reading { WEIR_READ_OK, WEIR_READ_BAD, WEIR_READ_TOO_WIDE } weir_reading;
weir_reading weir_read_decimal(weir_text text, int32_t precision, int32_t scale, weir_i128 *out) WEIR_MUST_USE;
bool weir_parse_date(weir_text text, int32_t *days) WEIR_MUST_USE;         /* yyyy-M-d, exact */
bool weir_parse_time(weir_text text, int32_t *milliseconds) WEIR_MUST_USE; /* HH:mm:ss[.fraction] */
/* yyyy-MM-dd HH:mm:ss[.fraction up to 9] with `separator` ' ' or 'T' (0: either), floor to microseconds. After 'T' (or 't') the seconds may
 * be missing. */
bool weir_parse_timestamp(weir_text text, char separator, int64_t *microseconds) WEIR_MUST_USE;
bool weir_parse_timestamp_ns(weir_text text, char separator, weir_timestamp_ns *out) WEIR_MUST_USE;

/* CAST from text, Flink's lenient rules (blanks, 12.5 as INT, 2024-06 as DATE, 2023-02-29 12:00:00 -> 2023-02-28, ...). */
bool weir_cast_text_to_boolean(weir_text text, bool *out) WEIR_MUST_USE;
bool weir_cast_text_to_i64(weir_text text, int64_t least, int64_t most, int64_t *out) WEIR_MUST_USE;
bool weir_cast_text_to_double(weir_text text, double *out) WEIR_MUST_USE;
bool weir_cast_text_to_float(weir_text text, float *out) WEIR_MUST_USE;
bool weir_cast_text_to_decimal(weir_text text, int32_t precision, int32_t scale, weir_i128 *out) WEIR_MUST_USE;
bool weir_cast_text_to_date(weir_text text, int32_t *days) WEIR_MUST_USE;
bool weir_cast_text_to_time(weir_text text, int32_t *milliseconds) WEIR_MUST_USE;
bool weir_cast_text_to_timestamp(weir_text text, weir_timestamp_ns *out) WEIR_MUST_USE;

#endif

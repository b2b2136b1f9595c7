/* Text of values as Java's parsers and printers have it, which is what Flink's formats and partition folders mean: java.time's ISO forms,
 * java.sql's valueOf, BigDecimal, Integer.parseInt, Double.parseDouble, base64. Nothing here allocates. */
#ifndef WEIR_FORMAT_TEXT_H
#define WEIR_FORMAT_TEXT_H

#include "types/timestamp.h"
#include "types/type.h"

/* ---- text of dates and times ---- */
/* ISO_LOCAL_DATE: yyyy-MM-dd (years of more digits need a sign). `smart` clips day 29..31 to the month's end as Java's SMART resolver does.
 */
bool weir_iso_date_parse(weir_text text, bool smart, int32_t *days) WEIR_MUST_USE;
/* HH:mm:ss[.fraction of up to 9], 24:00:00 when smart; `short_form`: seconds may be left out. Nanoseconds of the day (86400e9 for 24:00).
 */
bool weir_iso_time_parse(weir_text text, bool smart, bool short_form, int64_t *nanoseconds) WEIR_MUST_USE;
typedef struct weir_iso_form {
    char separator; /* ' ' or 'T' (then 't' as well) */
    bool smart;
    bool short_form;
    bool zulu; /* must end in Z */
} weir_iso_form;
bool weir_iso_timestamp_parse(weir_text text, weir_iso_form form, weir_timestamp_ns *out) WEIR_MUST_USE;
/* java.sql.Date.valueOf and Timestamp.valueOf: lenient fields, roll over. */
bool weir_jdbc_date_parse(weir_text text, int32_t *days) WEIR_MUST_USE;
bool weir_jdbc_timestamp_parse(weir_text text, weir_timestamp_ns *out) WEIR_MUST_USE;
/* Printing: fraction with as many digits as needed. Up to 40 bytes; returns the bytes written. */
size_t weir_iso_date_print(int32_t days, char *out);
size_t weir_iso_time_print(int32_t milliseconds, char *out);
size_t weir_iso_timestamp_print(weir_timestamp_ns value, char separator, bool zulu, char *out);

/* BigDecimal.toString() after stripTrailingZeros(): 1.5, 0, 1E+2, 2.7E-9; `plain`: toPlainString(). Up to 64 bytes. */
size_t weir_java_decimal_print(weir_i128 value, int32_t scale, bool plain, char *out);
/* new BigDecimal(text): sign, digits, point, exponent; rounded HALF_UP to the scale. False: no number. *fits false: too wide for the
 * precision. */
bool weir_java_decimal_parse(weir_text text, int32_t precision, int32_t scale, weir_i128 *out, bool *fits) WEIR_MUST_USE;

/* ---- base64 (MIME alphabet, padded) ---- */
static inline size_t weir_base64_encoded_bytes(size_t size) { return (size + 2) / 3 * 4; }
void weir_base64_encode(const char *data, size_t size, char *out);
/* Blanks are skipped. Needs size / 4 * 3 + 3 bytes at `out`. False: not base64. */
bool weir_base64_decode(weir_text text, char *out, size_t *size) WEIR_MUST_USE;

/* A scalar of these types from its text as Java's parse methods (after trim) take it: Integer.parseInt, Double.parseDouble, ... */
bool weir_java_integer_parse(weir_text text, int64_t least, int64_t most, int64_t *out) WEIR_MUST_USE;
bool weir_java_double_parse(weir_text text, double *out) WEIR_MUST_USE;
bool weir_java_float_parse(weir_text text, float *out) WEIR_MUST_USE;

#endif

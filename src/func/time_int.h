/* Private to the time functions: units, date patterns, and civil fields that patterns read and write. */
#ifndef WEIR_FUNC_TIME_INT_H
#define WEIR_FUNC_TIME_INT_H

#include "func/func_int.h"
#include "types/timestamp.h"

/* The unit named by a SYMBOL argument. */
typedef enum weir_unit {
    WEIR_UNIT_NANOSECOND,
    WEIR_UNIT_MICROSECOND,
    WEIR_UNIT_MILLISECOND,
    WEIR_UNIT_SECOND,
    WEIR_UNIT_MINUTE,
    WEIR_UNIT_HOUR,
    WEIR_UNIT_DAY,
    WEIR_UNIT_WEEK,
    WEIR_UNIT_MONTH,
    WEIR_UNIT_QUARTER,
    WEIR_UNIT_YEAR,
    WEIR_UNIT_DECADE,
    WEIR_UNIT_CENTURY,
    WEIR_UNIT_MILLENNIUM,
    WEIR_UNIT_DOW,
    WEIR_UNIT_ISODOW,
    WEIR_UNIT_DOY,
    WEIR_UNIT_ISOYEAR,
    WEIR_UNIT_EPOCH,
    WEIR_UNIT_COUNT,
} weir_unit;

const char *weir_unit_name(weir_unit unit);
/* The unit that the SYMBOL literal at `index` names; also SQL_TSI_MONTH and the like. WEIR_VALIDATE with the nearest name. */
weir_status weir_unit_of(const weir_signature *signature, uint32_t index, weir_unit *out, weir_error *error) WEIR_MUST_USE;
weir_unit weir_unit_of_call(const weir_call *call, uint32_t index); /* after infer has let it through */

/* ---- date patterns: time_pattern.c ---- */

/* Two dialects of pattern letters: java.time.format.DateTimeFormatter (DATE_FORMAT of timestamps, TO_TIMESTAMP) and
 * java.text.SimpleDateFormat (TO_DATE, UNIX_TIMESTAMP, FROM_UNIXTIME, CONVERT_TZ, DATE_FORMAT of text). */
typedef enum weir_date_dialect { WEIR_DATE_FORMATTER, WEIR_DATE_SIMPLE } weir_date_dialect;

enum { WEIR_DATE_ITEMS_MAX = 96, WEIR_DATE_TEXT_MAX = 512, WEIR_DATE_OUT_MAX = 4096 };

typedef struct weir_date_item {
    char letter;        /* 0: literal text; '[' and ']': an optional part */
    uint8_t count;      /* of letters */
    uint8_t pad;        /* width that 'p' asks for, 0: none */
    bool fixed;         /* adjacent digits: exactly `count` of them */
    uint16_t following; /* digits to leave for the fixed-width fields that follow at once */
    uint16_t text_at;
    uint16_t text_size;
} weir_date_item;

typedef struct weir_date_pattern {
    weir_date_dialect dialect;
    uint32_t count;
    uint32_t text_size;
    weir_date_item items[WEIR_DATE_ITEMS_MAX];
    char text[WEIR_DATE_TEXT_MAX]; /* of the literals */
} weir_date_pattern;

/* False: *problem says why, in Java's words (static text, or with the letter in problem). */
bool weir_date_pattern_compile(weir_text text, weir_date_dialect dialect, weir_date_pattern *out, char problem[160]) WEIR_MUST_USE;

/* What a pattern is filled from. */
typedef struct weir_date_fields {
    int32_t year, month, day;
    int32_t days; /* since 1970-01-01 */
    int32_t hour, minute, second;
    int32_t nanosecond;    /* 0..999999999 */
    const weir_zone *zone; /* SIMPLE only */
    int32_t offset_seconds;
} weir_date_fields;

weir_date_fields weir_date_fields_of(int64_t local_microseconds, int32_t nanoseconds_below);
/* Write to out[WEIR_DATE_OUT_MAX]; false: *problem (a field that the value has not). */
bool weir_date_format(const weir_date_pattern *pattern, const weir_date_fields *fields, char *out, size_t *size,
                      char problem[160]) WEIR_MUST_USE;

/* DateTimeFormatter.parse and what Flink fills in for missing fields; false: not that form. Local time in *microseconds, the rest below in
 * *nanoseconds (0..999). */
bool weir_date_parse(const weir_date_pattern *pattern, weir_text text, int64_t *microseconds, int32_t *nanoseconds) WEIR_MUST_USE;
/* SimpleDateFormat.parse, lenient: milliseconds since the epoch (UTC). `century_start`: the year from which two-digit years count. */
bool weir_date_parse_simple(const weir_date_pattern *pattern, weir_text text, const weir_zone *zone, int32_t century_start,
                            int64_t *milliseconds) WEIR_MUST_USE;
/* java.sql.Timestamp.valueOf / Date.valueOf: what TO_TIMESTAMP falls back to. */
bool weir_date_parse_jdbc(weir_text text, int64_t *microseconds, int32_t *nanoseconds) WEIR_MUST_USE;

/* Local to UTC as java.util.Calendar does it: in an overlap the later instant (standard time), in a gap forward. */
int64_t weir_zone_to_utc_calendar_us(const weir_zone *zone, int64_t local_us);
/* The calendar with Julian dates before 1582-10-15 that SimpleDateFormat uses. Months may lie outside 1..12, days outside the month. */
int32_t weir_days_from_hybrid(int64_t year, int64_t month, int64_t day);
weir_civil weir_hybrid_from_days(int32_t days);
/* Weeks that begin on Sunday, the first one holds January 1 (day 1 of the month): the US locale's. */
int32_t weir_us_week_of_year(int32_t days, int32_t *week_year); /* week_year may be NULL */
int32_t weir_us_week_of_month(int32_t days, int32_t day_of_month);

extern const char *const weir_month_names[12];
extern const char *const weir_day_names[7]; /* Sunday first */

/* TimeZone.getTimeZone: IANA names, PST and its kind, GMT+5:30; anything else is GMT. Opened zones live in the arena. */
const weir_zone *weir_zone_java(weir_arena *arena, weir_text name);
/* "PST" / "Pacific Daylight Time" at that instant; "GMT+05:30" for zones whose names are not known here. */
size_t weir_zone_print_name(const weir_zone *zone, int32_t offset_seconds, int64_t utc_seconds, bool full, char *out);

/* ---- infer and bind of the families, for the table in time.c ---- */
#define WEIR_TIME_FUNCTION(name)                                                   \
    weir_status weir_##name##_infer(weir_signature *signature, weir_error *error); \
    weir_status weir_##name##_bind(weir_call *call, weir_error *error)

WEIR_TIME_FUNCTION(extract);
WEIR_TIME_FUNCTION(part);
WEIR_TIME_FUNCTION(round_time);
WEIR_TIME_FUNCTION(date_format);
WEIR_TIME_FUNCTION(to_date);
WEIR_TIME_FUNCTION(to_timestamp);
WEIR_TIME_FUNCTION(to_timestamp_ltz);
WEIR_TIME_FUNCTION(unix_timestamp);
WEIR_TIME_FUNCTION(from_unixtime);
WEIR_TIME_FUNCTION(convert_tz);
WEIR_TIME_FUNCTION(timestampadd);
WEIR_TIME_FUNCTION(timestampdiff);
WEIR_TIME_FUNCTION(overlaps);
WEIR_TIME_FUNCTION(now);
WEIR_TIME_FUNCTION(current_watermark);
WEIR_TIME_FUNCTION(source_watermark);

#endif

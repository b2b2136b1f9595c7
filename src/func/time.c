/* The time functions' table. What they do lies in time_extract.c, time_round.c, time_convert.c, time_shift.c and time_now.c.
 *
 * How the binder calls them: EXTRACT(unit FROM x) is EXTRACT(SYMBOL unit, x); FLOOR(x TO unit) is FLOOR_TO(x, SYMBOL unit) and CEIL(x TO
 * unit) is CEIL_TO(x, SYMBOL unit); TIMESTAMPADD and TIMESTAMPDIFF take the SYMBOL first; (a, b) OVERLAPS (c, d) is OVERLAPS(a, b, c, d).
 * CURRENT_DATE and its kind have no arguments. CURRENT_WATERMARK's argument must be a rowtime attribute: the binder knows that, the type
 * alone does not tell; it reads evaluation->watermark_ms. SOURCE_WATERMARK() is only a marker in a WATERMARK clause and refused anywhere
 * else. */
#include "func/time_int.h"

#define STRICT WEIR_FUNCTION_STRICT
#define TOTAL (WEIR_FUNCTION_STRICT | WEIR_FUNCTION_TOTAL)
#define DYNAMIC WEIR_FUNCTION_DYNAMIC
#define HIDDEN WEIR_FUNCTION_HIDDEN
#define PART(name, what, example, gives) \
    { name, TOTAL, weir_part_infer, weir_part_bind, "time", name "(x DATE | TIME | TIMESTAMP) -> BIGINT", what, example, gives }
#define NOW(name, type, what) \
    { name, DYNAMIC, weir_now_infer, weir_now_bind, "time", name type, what, name, NULL }

const weir_function weir_functions_time[] = {
    {"EXTRACT", TOTAL, weir_extract_infer, weir_extract_bind, "time", "EXTRACT(unit FROM x DATE | TIME | TIMESTAMP | INTERVAL) -> BIGINT",
     "One field of a date, a time or an interval: YEAR, QUARTER, MONTH, WEEK (ISO), DAY, DOY, DOW (1 is Sunday), HOUR, MINUTE, SECOND, "
     "MILLISECOND, EPOCH and others.",
     "EXTRACT(DOY FROM DATE '2024-02-29')", "60"},
    PART("YEAR", "The year.", "YEAR(DATE '2024-02-29')", "2024"),
    PART("QUARTER", "The quarter, 1 to 4.", "QUARTER(DATE '2024-02-29')", "1"),
    PART("MONTH", "The month, 1 to 12.", "MONTH(DATE '2024-02-29')", "2"),
    PART("WEEK", "The ISO week, 1 to 53.", "WEEK(DATE '2024-02-29')", "9"),
    PART("DAYOFYEAR", "The day of the year, 1 to 366.", "DAYOFYEAR(DATE '2024-02-29')", "60"),
    PART("DAYOFMONTH", "The day of the month, 1 to 31.", "DAYOFMONTH(DATE '2024-02-29')", "29"),
    PART("DAYOFWEEK", "The day of the week: 1 is Sunday, 7 is Saturday.", "DAYOFWEEK(DATE '2024-02-29')", "5"),
    PART("HOUR", "The hour, 0 to 23.", "HOUR(TIMESTAMP '2024-02-29 13:45:30')", "13"),
    PART("MINUTE", "The minute, 0 to 59.", "MINUTE(TIMESTAMP '2024-02-29 13:45:30')", "45"),
    PART("SECOND", "The second, 0 to 59.", "SECOND(TIMESTAMP '2024-02-29 13:45:30')", "30"),
    {"FLOOR_TO", STRICT | HIDDEN, weir_round_time_infer, weir_round_time_bind, "time",
     "FLOOR(x DATE | TIME | TIMESTAMP TO unit) -> type of x", "Rounds down to a full unit; weeks begin on Sunday.",
     "FLOOR(TIMESTAMP '2024-05-17 13:45:30' TO MONTH)", "2024-05-01 00:00:00"},
    {"CEIL_TO", STRICT | HIDDEN, weir_round_time_infer, weir_round_time_bind, "time",
     "CEIL(x DATE | TIME | TIMESTAMP TO unit) -> type of x", "Rounds up to a full unit.", "CEIL(TIMESTAMP '2024-05-17 13:45:30' TO HOUR)",
     "2024-05-17 14:00:00"},
    {"DATE_FORMAT", STRICT, weir_date_format_infer, weir_date_format_bind, "time",
     "DATE_FORMAT(x TIMESTAMP | STRING, pattern STRING) -> STRING",
     "A timestamp as text, by a Java date pattern; text is read as yyyy-MM-dd HH:mm:ss first.",
     "DATE_FORMAT(TIMESTAMP '2024-02-29 13:45:30', 'dd.MM.yy HH:mm')", "29.02.24 13:45"},
    {"TO_DATE", STRICT, weir_to_date_infer, weir_to_date_bind, "time", "TO_DATE(text STRING [, pattern STRING]) -> DATE",
     "A date read from text, NULL when it is none; the pattern is yyyy-MM-dd unless given.", "TO_DATE('08 Jul 2024', 'dd MMM yyyy')",
     "2024-07-08"},
    {"TO_TIMESTAMP", STRICT, weir_to_timestamp_infer, weir_to_timestamp_bind, "time",
     "TO_TIMESTAMP(text STRING [, pattern STRING]) -> TIMESTAMP(3)",
     "A timestamp read from text, NULL when it is none; the pattern is yyyy-MM-dd HH:mm:ss[.fraction] unless given.",
     "TO_TIMESTAMP('2024/07/08 09:10', 'yyyy/MM/dd HH:mm')", "2024-07-08 09:10:00.000"},
    {"TO_TIMESTAMP_LTZ", STRICT, weir_to_timestamp_ltz_infer, weir_to_timestamp_ltz_bind, "time",
     "TO_TIMESTAMP_LTZ(count NUMERIC [, precision INT]) | (text STRING [, pattern STRING [, zone STRING]]) -> TIMESTAMP_LTZ(3)",
     "An instant from a count since 1970-01-01 UTC in units of 10^-precision seconds (3 unless given), or from text in a time zone (UTC "
     "unless given).",
     "EXTRACT(EPOCH FROM TO_TIMESTAMP_LTZ(5, 0)) - EXTRACT(EPOCH FROM TO_TIMESTAMP_LTZ(0, 0))", "5"},
    {"UNIX_TIMESTAMP", STRICT | DYNAMIC, weir_unix_timestamp_infer, weir_unix_timestamp_bind, "time",
     "UNIX_TIMESTAMP([text STRING [, pattern STRING]]) -> BIGINT",
     "Seconds since 1970-01-01 UTC of a text in the session's time zone, or of the present.",
     "UNIX_TIMESTAMP('1970-01-02 00:00:00 +0000', 'yyyy-MM-dd HH:mm:ss Z')", "86400"},
    {"FROM_UNIXTIME", STRICT, weir_from_unixtime_infer, weir_from_unixtime_bind, "time",
     "FROM_UNIXTIME(seconds BIGINT [, pattern STRING]) -> STRING",
     "Seconds since 1970-01-01 UTC as text in the session's time zone; the pattern is yyyy-MM-dd HH:mm:ss unless given.",
     "FROM_UNIXTIME(1709214330, 'yyyy')", "2024"},
    {"CONVERT_TZ", STRICT, weir_convert_tz_infer, weir_convert_tz_bind, "time", "CONVERT_TZ(text STRING, from STRING, to STRING) -> STRING",
     "A local time yyyy-MM-dd HH:mm:ss of one time zone in another; unknown zones count as GMT.",
     "CONVERT_TZ('1970-01-01 00:00:00', 'UTC', 'America/Los_Angeles')", "1969-12-31 16:00:00"},
    {"TIMESTAMPADD", STRICT, weir_timestampadd_infer, weir_timestampadd_bind, "time",
     "TIMESTAMPADD(unit, count INT, x DATE | TIME | TIMESTAMP) -> type of x",
     "Adds a number of units; a month clips to the last day of the month.", "TIMESTAMPADD(MONTH, 1, DATE '2024-01-31')", "2024-02-29"},
    {"TIMESTAMPDIFF", STRICT, weir_timestampdiff_infer, weir_timestampdiff_bind, "time",
     "TIMESTAMPDIFF(unit, a DATE | TIME | TIMESTAMP, b DATE | TIME | TIMESTAMP) -> INT", "Full units from a to b.",
     "TIMESTAMPDIFF(DAY, DATE '2024-02-28', DATE '2024-03-01')", "2"},
    {"OVERLAPS", HIDDEN, weir_overlaps_infer, weir_overlaps_bind, "time", "(a, b) OVERLAPS (c, d) -> BOOLEAN",
     "Do two periods have a moment in common? The second of a pair may be an interval.",
     "(TIME '2:55:00', INTERVAL '1' HOUR) OVERLAPS (TIME '3:30:00', INTERVAL '2' HOUR)", "TRUE"},
    NOW("CURRENT_DATE", " -> DATE", "Today, in the session's time zone."),
    NOW("CURRENT_TIME", " -> TIME(0)", "The time of day, in the session's time zone."),
    NOW("LOCALTIME", " -> TIME(0)", "The time of day, in the session's time zone."),
    NOW("CURRENT_TIMESTAMP", " -> TIMESTAMP_LTZ(3)", "The present instant; in batch mode the one at which the query began."),
    NOW("LOCALTIMESTAMP", " -> TIMESTAMP(3)", "The present, as local time of the session's time zone."),
    {"NOW", DYNAMIC, weir_now_infer, weir_now_bind, "time", "NOW() -> TIMESTAMP_LTZ(3)", "The same as CURRENT_TIMESTAMP.", "NOW()", NULL},
    {"CURRENT_ROW_TIMESTAMP", DYNAMIC, weir_now_infer, weir_now_bind, "time", "CURRENT_ROW_TIMESTAMP() -> TIMESTAMP_LTZ(3)",
     "The present instant, read from the clock in batch mode as well.", "CURRENT_ROW_TIMESTAMP()", NULL},
    {"PROCTIME", DYNAMIC, weir_now_infer, weir_now_bind, "time", "PROCTIME() -> TIMESTAMP_LTZ(3)",
     "The processing time; as a computed column it is a time attribute.", "PROCTIME()", NULL},
    {"CURRENT_WATERMARK", DYNAMIC, weir_current_watermark_infer, weir_current_watermark_bind, "time",
     "CURRENT_WATERMARK(rowtime) -> TIMESTAMP(3)", "The watermark at this row; NULL before the first one.", NULL, NULL},
    {"SOURCE_WATERMARK", DYNAMIC, weir_source_watermark_infer, weir_source_watermark_bind, "time", "SOURCE_WATERMARK()",
     "A marker: the source makes the watermarks. Only in WATERMARK FOR.", NULL, NULL},
    {0},
};

/* Calendar arithmetic (proleptic Gregorian) over days and microseconds. Source of the civil algorithms: Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms". */
#ifndef WEIR_TYPES_TIMESTAMP_H
#define WEIR_TYPES_TIMESTAMP_H

#include "types/type.h"

#define WEIR_US_PER_SECOND INT64_C(1000000)
#define WEIR_US_PER_DAY INT64_C(86400000000)
#define WEIR_MS_PER_DAY INT64_C(86400000)

typedef struct weir_civil {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
} weir_civil;

int32_t weir_days_from_civil(int32_t year, int32_t month, int32_t day);
weir_civil weir_civil_from_days(int32_t days);
int32_t weir_days_in_month(int32_t year, int32_t month);
int32_t weir_days_add_months(int32_t days, int32_t months); /* clips to the last day of the month */
int32_t weir_iso_week(int32_t days);                        /* 1..53 */
int32_t weir_iso_week_year(int32_t days);
int32_t weir_day_of_week(int32_t days); /* 1 = Sunday .. 7 = Saturday */
int32_t weir_day_of_year(int32_t days); /* 1..366 */

static inline int64_t weir_floor_div(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a ^ b) < 0); }
static inline int64_t weir_floor_mod(int64_t a, int64_t b) {
    int64_t rest = a % b;
    return rest != 0 && (rest ^ b) < 0 ? rest + b : rest;
}

static inline weir_timestamp_ns weir_timestamp_ns_from_us(int64_t us) {
    int64_t ms = weir_floor_div(us, 1000);
    return (weir_timestamp_ns){ms, (int32_t)(us - ms * 1000) * 1000, 0};
}
static inline int64_t weir_timestamp_ns_to_us(weir_timestamp_ns t) { return t.milliseconds * 1000 + t.nanoseconds / 1000; }
/* Cut to `precision` fractional digits, toward the past. */
int64_t weir_timestamp_cut_us(int64_t us, int32_t precision);

#endif

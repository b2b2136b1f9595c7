/* Dates, times, timestamps and intervals as text; see convert.h. Years outside 0000..9999 print with a sign or more digits. */
#include <stdlib.h>

#include "types/convert.h"

static char *put2(char *at, uint32_t value) {
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
    return at + 2;
}

static char *put_date(char *at, int32_t days) {
    weir_civil civil = weir_civil_from_days(days);
    if (civil.year >= 0 && civil.year <= 9999) {
        at = put2(at, (uint32_t)civil.year / 100);
        at = put2(at, (uint32_t)civil.year % 100);
    } else {
        if (civil.year < 0)
            *at++ = '-';
        int32_t year = abs(civil.year);
        for (int32_t unit = 1000; unit > 1 && year < unit; unit /= 10)
            *at++ = '0';
        at += weir_print_i64(year, at);
    }
    *at++ = '-';
    at = put2(at, (uint32_t)civil.month);
    *at++ = '-';
    return put2(at, (uint32_t)civil.day);
}

static char *put_clock(char *at, uint32_t seconds) {
    at = put2(at, seconds / 3600);
    *at++ = ':';
    at = put2(at, seconds / 60 % 60);
    *at++ = ':';
    return put2(at, seconds % 60);
}

/* '.' and the first `precision` of nine digits. */
static char *put_fraction(char *at, uint32_t nanoseconds, int32_t precision) {
    if (precision <= 0)
        return at;
    *at++ = '.';
    for (uint32_t unit = 100000000; precision > 0; precision--, unit /= 10)
        *at++ = unit == 0 ? '0' : (char)('0' + nanoseconds / unit % 10);
    return at;
}

size_t weir_print_date(int32_t days, char *out) { return (size_t)(put_date(out, days) - out); }

size_t weir_print_time(int32_t milliseconds, int32_t precision, char *out) {
    uint32_t ms = (uint32_t)weir_floor_mod(milliseconds, WEIR_MS_PER_DAY);
    char *at = put_clock(out, ms / 1000);
    return (size_t)(put_fraction(at, ms % 1000 * 1000000, precision) - out);
}

size_t weir_print_time_cast(int32_t milliseconds, int32_t precision, char *out) {
    uint32_t ms = (uint32_t)weir_floor_mod(milliseconds, WEIR_MS_PER_DAY) % 1000;
    int32_t digits = ms % 100 == 0 ? 1 : ms % 10 == 0 ? 2 : 3;
    return weir_print_time(milliseconds, digits < precision ? digits : precision, out);
}

static size_t put_timestamp(char *out, int64_t days, uint32_t seconds, uint32_t nanoseconds, int32_t precision) {
    /* Beyond the range of DATE only the clock can be right. */
    if (days > INT32_MAX)
        days = INT32_MAX;
    if (days < INT32_MIN)
        days = INT32_MIN;
    char *at = put_date(out, (int32_t)days);
    *at++ = ' ';
    at = put_clock(at, seconds);
    return (size_t)(put_fraction(at, nanoseconds, precision) - out);
}

size_t weir_print_timestamp(int64_t microseconds, int32_t precision, char *out) {
    int64_t days = weir_floor_div(microseconds, WEIR_US_PER_DAY);
    int64_t rest = weir_floor_mod(microseconds, WEIR_US_PER_DAY);
    return put_timestamp(out, days, (uint32_t)(rest / WEIR_US_PER_SECOND), (uint32_t)(rest % WEIR_US_PER_SECOND) * 1000, precision);
}

size_t weir_print_timestamp_ns(weir_timestamp_ns value, int32_t precision, char *out) {
    int64_t days = weir_floor_div(value.milliseconds, WEIR_MS_PER_DAY);
    int64_t rest = weir_floor_mod(value.milliseconds, WEIR_MS_PER_DAY);
    return put_timestamp(out, days, (uint32_t)(rest / 1000), (uint32_t)(rest % 1000) * 1000000 + (uint32_t)value.nanoseconds, precision);
}

size_t weir_print_interval_month(int32_t months, char *out) {
    int64_t size = llabs((long long)months);
    char *at = out;
    *at++ = months < 0 ? '-' : '+';
    at += weir_print_i64(size / 12, at);
    *at++ = '-';
    return (size_t)(put2(at, (uint32_t)(size % 12)) - out);
}

size_t weir_print_interval_second(int64_t milliseconds, char *out) {
    uint64_t size = milliseconds < 0 ? 0 - (uint64_t)milliseconds : (uint64_t)milliseconds;
    char *at = out;
    *at++ = milliseconds < 0 ? '-' : '+';
    at += weir_print_i64((int64_t)(size / (uint64_t)WEIR_MS_PER_DAY), at);
    *at++ = ' ';
    uint32_t rest = (uint32_t)(size % (uint64_t)WEIR_MS_PER_DAY);
    at = put_clock(at, rest / 1000);
    return (size_t)(put_fraction(at, rest % 1000 * 1000000, 3) - out);
}

/* Strict readers of dates, times and timestamps; see convert.h. Years are the four-digit ones, 0000 to 9999. */
#include "types/convert.h"

/* `count` digits at *at; -1: there are none or fewer. */
static int32_t take_fixed(const char **at, const char *end, int count) {
    int32_t value = 0;
    if (end - *at < count)
        return -1;
    for (int i = 0; i < count; i++) {
        uint32_t digit = (uint32_t)(unsigned char)(*at)[i] - '0';
        if (digit > 9)
            return -1;
        value = value * 10 + (int32_t)digit;
    }
    *at += count;
    return value;
}

/* One or two digits. */
static int32_t take_short(const char **at, const char *end) {
    int32_t value = take_fixed(at, end, 2);
    return value >= 0 ? value : take_fixed(at, end, 1);
}

static bool take_char(const char **at, const char *end, char c) {
    if (*at == end || **at != c)
        return false;
    ++*at;
    return true;
}

static bool days_of(int32_t year, int32_t month, int32_t day, int32_t *days) {
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > weir_days_in_month(year, month))
        return false;
    *days = weir_days_from_civil(year, month, day);
    return true;
}

bool weir_parse_date(weir_text text, int32_t *days) {
    const char *at = text.data, *end = text.data + text.size;
    int32_t year = take_fixed(&at, end, 4);
    if (year < 0 || !take_char(&at, end, '-'))
        return false;
    int32_t month = take_short(&at, end);
    if (month < 0 || !take_char(&at, end, '-'))
        return false;
    int32_t day = take_short(&at, end);
    return at == end && days_of(year, month, day, days);
}

/* '.' and up to nine digits (none is allowed), or nothing. */
static bool take_fraction(const char **at, const char *end, int32_t *nanoseconds) {
    *nanoseconds = 0;
    if (!take_char(at, end, '.'))
        return true;
    int32_t unit = 100000000;
    for (; *at < end && unit > 0; ++*at, unit /= 10) {
        uint32_t digit = (uint32_t)(unsigned char)**at - '0';
        if (digit > 9)
            return false;
        *nanoseconds += (int32_t)digit * unit;
    }
    return *at == end;
}

/* HH:mm[:ss[.fraction]] up to the end. */
static bool take_clock(const char *at, const char *end, bool need_seconds, int32_t *seconds, int32_t *nanoseconds) {
    int32_t hour = take_fixed(&at, end, 2);
    if (hour < 0 || hour > 23 || !take_char(&at, end, ':'))
        return false;
    int32_t minute = take_fixed(&at, end, 2);
    if (minute < 0 || minute > 59)
        return false;
    int32_t second = 0;
    *nanoseconds = 0;
    if (at < end || need_seconds) {
        if (!take_char(&at, end, ':'))
            return false;
        second = take_fixed(&at, end, 2);
        if (second < 0 || second > 59 || !take_fraction(&at, end, nanoseconds))
            return false;
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return at == end;
}

bool weir_parse_time(weir_text text, int32_t *milliseconds) {
    int32_t seconds, nanoseconds;
    if (!take_clock(text.data, text.data + text.size, true, &seconds, &nanoseconds))
        return false;
    *milliseconds = seconds * 1000 + nanoseconds / 1000000;
    return true;
}

static bool parse_timestamp(weir_text text, char separator, int32_t *days, int32_t *seconds, int32_t *nanoseconds) {
    enum { DATE_BYTES = 10 };
    if (text.size <= DATE_BYTES)
        return false;
    char found = text.data[DATE_BYTES];
    bool iso = (found == 'T' || found == 't') && separator != ' ';
    if (!iso && (found != ' ' || separator == 'T'))
        return false;
    const char *at = text.data, *end = text.data + text.size;
    int32_t year = take_fixed(&at, end, 4);
    if (year < 0 || !take_char(&at, end, '-'))
        return false;
    int32_t month = take_fixed(&at, end, 2);
    if (month < 0 || !take_char(&at, end, '-'))
        return false;
    int32_t day = take_fixed(&at, end, 2);
    return days_of(year, month, day, days) && take_clock(at + 1, end, !iso, seconds, nanoseconds);
}

bool weir_parse_timestamp(weir_text text, char separator, int64_t *microseconds) {
    int32_t days, seconds, nanoseconds;
    if (!parse_timestamp(text, separator, &days, &seconds, &nanoseconds))
        return false;
    *microseconds = days * WEIR_US_PER_DAY + seconds * WEIR_US_PER_SECOND + nanoseconds / 1000;
    return true;
}

bool weir_parse_timestamp_ns(weir_text text, char separator, weir_timestamp_ns *out) {
    int32_t days, seconds, nanoseconds;
    if (!parse_timestamp(text, separator, &days, &seconds, &nanoseconds))
        return false;
    *out = (weir_timestamp_ns){days * WEIR_MS_PER_DAY + seconds * INT64_C(1000) + nanoseconds / 1000000, nanoseconds % 1000000, 0};
    return true;
}

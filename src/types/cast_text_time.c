/* CAST from text to DATE, TIME and TIMESTAMP, with the leniencies of Flink's runtime. */
#include <string.h>

#include "types/convert.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* An unsigned integer with white space around, as Java's trim takes it away. */
static bool read_part(const char *at, const char *end, int32_t *out) {
    while (at < end && (unsigned char)*at <= ' ')
        at++;
    while (at < end && (unsigned char)end[-1] <= ' ')
        end--;
    if (at == end)
        return false;
    int64_t value = 0;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return false;
        value = value * 10 + (*at - '0');
        if (value > INT32_MAX)
            return false;
    }
    *out = (int32_t)value;
    return true;
}

static const char *find(const char *at, const char *end, char c) {
    const char *found = at < end ? memchr(at, c, (size_t)(end - at)) : NULL;
    return found == NULL ? end : found;
}

/* y, y-m or y-m-d; a time after a blank is ignored. */
bool weir_cast_text_to_date(weir_text text, int32_t *days) {
    const char *at = text.data, *end = text.data + text.size;
    const char *blank = find(at, end, ' ');
    if (blank > at)
        end = blank;
    int32_t year, month = 1, day = 1;
    const char *first = find(at, end, '-');
    if (!read_part(at, first, &year))
        return false;
    if (first < end) {
        const char *second = find(first + 1, end, '-');
        if (!read_part(first + 1, second, &month) || (second < end && !read_part(second + 1, end, &day)))
            return false;
    }
    if (year > 9999 || month < 1 || month > 12 || day < 1 || day > weir_days_in_month(year, month))
        return false;
    *days = weir_days_from_civil(year, month, day);
    return true;
}

/* Three digits, the third rounded by the fourth; what is no digit counts as 0. */
static int32_t read_milliseconds(const char *at, const char *end) {
    while (at < end && (unsigned char)*at <= ' ')
        at++;
    while (at < end && (unsigned char)end[-1] <= ' ')
        end--;
    int32_t value = 0;
    for (int32_t unit = 100; at < end; at++, unit /= 10) {
        value += is_digit(*at) ? unit * (*at - '0') : 0;
        if (unit == 1) {
            value += at + 1 < end && at[1] >= '5';
            break;
        }
    }
    return value;
}

typedef struct clock_text {
    int32_t hour, minute, second, millisecond;
} clock_text;

/* h, h:m, h:m:s or h:m:s.fraction in [at, end). Separators are looked for up to `text_end`, through the offset behind the clock: with
 * "1+2:3" the hour would be "1+2", which is none. */
static bool read_clock(const char *at, const char *end, const char *text_end, clock_text *out) {
    *out = (clock_text){0};
    const char *first = find(at, text_end, ':');
    if (first == text_end)
        return read_part(at, end, &out->hour);
    if (!read_part(at, first, &out->hour))
        return false;
    const char *second = find(first + 1, text_end, ':');
    if (second == text_end)
        return first < end && read_part(first + 1, end, &out->minute);
    if (!read_part(first + 1, second, &out->minute))
        return false;
    const char *point = find(second + 1, text_end, '.');
    if (point == text_end)
        return second < end && read_part(second + 1, end, &out->second);
    if (!read_part(second + 1, point, &out->second))
        return false;
    if (point < end)
        out->millisecond = read_milliseconds(point + 1, end);
    return true;
}

/* A clock, and an offset (+h or +h:m) that is added to it. */
bool weir_cast_text_to_time(weir_text text, int32_t *milliseconds) {
    const char *at = text.data, *end = text.data + text.size;
    const char *offset = find(at, end, '-');
    int32_t direction = -1, offset_hour = 0, offset_minute = 0;
    if (offset == end) {
        offset = find(at, end, '+');
        direction = 1;
    }
    if (offset < end) {
        const char *colon = find(offset, end, ':');
        if (!read_part(offset + 1, colon, &offset_hour) || (colon < end && !read_part(colon + 1, end, &offset_minute)))
            return false;
    }
    clock_text clock;
    if (!read_clock(at, offset, end, &clock) || clock.hour > 23 || clock.minute > 59 || clock.second > 59)
        return false;
    int64_t hour = clock.hour + (int64_t)direction * offset_hour, minute = clock.minute + (int64_t)direction * offset_minute;
    /* The offset may lead out of the day, as in Flink; absurd ones wrap like Java's ints. */
    *milliseconds = (int32_t)(uint32_t)((uint64_t)hour * 3600000 + (uint64_t)minute * 60000 + (uint64_t)clock.second * 1000 +
                                        (uint64_t)clock.millisecond);
    return true;
}

/* A field of the timestamp pattern "[XX][X]": two digits, then any number of digits of the same value; or any number; or nothing (-1 as
 * *out: the default). Negative numbers are read and then out of every range: false. */
static bool take_field(const char **at, const char *end, int32_t *out) {
    *out = -1;
    if (end - *at >= 2 && is_digit((*at)[0]) && is_digit((*at)[1])) {
        *out = ((*at)[0] - '0') * 10 + ((*at)[1] - '0');
        *at += 2;
    }
    if (end - *at >= 2 && (*at)[0] == '-' && is_digit((*at)[1]))
        return *out >= 0; /* after two digits a different value is simply not taken */
    int64_t value = 0;
    const char *digit = *at;
    for (; digit < end && is_digit(*digit) && digit - *at < 19; digit++)
        value = value > INT32_MAX ? value : value * 10 + (*digit - '0');
    if (digit == *at)
        return true;
    if (*out >= 0 && value != *out)
        return true; /* what follows will not be the separator: the caller fails */
    *out = value > INT32_MAX ? INT32_MAX : (int32_t)value;
    *at = digit;
    return true;
}

static bool take_char(const char **at, const char *end, char c) {
    if (*at == end || **at != c)
        return false;
    ++*at;
    return true;
}

static bool take_year(const char **at, const char *end, int32_t *year) {
    const char *digit = *at;
    int64_t value = 0;
    bool plus = take_char(&digit, end, '+');
    const char *first = digit;
    for (; digit < end && is_digit(*digit); digit++)
        value = value > INT32_MAX ? value : value * 10 + (*digit - '0');
    /* More than four digits need a sign, a sign needs more than four digits. */
    if (digit - first < 4 || (digit - first > 4) != plus)
        return false;
    *at = digit;
    *year = (int32_t)value;
    return value >= 1 && value <= 999999999;
}

static bool take_fraction(const char **at, const char *end, int32_t *nanoseconds) {
    *nanoseconds = 0;
    if (!take_char(at, end, '.'))
        return true;
    for (int32_t unit = 100000000; *at < end && unit > 0 && is_digit(**at); ++*at, unit /= 10)
        *nanoseconds += (**at - '0') * unit;
    return true;
}

/* yyyy-M-d[ H:m:s[.fraction]]: days after the end of their month fall on its last day, 24:00:00 is the next midnight. */
bool weir_cast_text_to_timestamp(weir_text text, weir_timestamp_ns *out) {
    const char *at = text.data, *end = text.data + text.size;
    int32_t year, month, day, hour = -1, minute = -1, second = -1, nanoseconds = 0;
    if (!take_year(&at, end, &year) || !take_char(&at, end, '-') || !take_field(&at, end, &month) || !take_char(&at, end, '-') ||
        !take_field(&at, end, &day))
        return false;
    if (at < end) {
        if (!take_char(&at, end, ' ') || !take_field(&at, end, &hour) || !take_char(&at, end, ':') || !take_field(&at, end, &minute) ||
            !take_char(&at, end, ':') || !take_field(&at, end, &second) || !take_fraction(&at, end, &nanoseconds) || at != end)
            return false;
    }
    month = month < 0 ? 1 : month;
    day = day < 0 ? 1 : day;
    hour = hour < 0 ? 0 : hour;
    minute = minute < 0 ? 0 : minute;
    second = second < 0 ? 0 : second;
    if (month < 1 || month > 12 || day < 1 || day > 31 || minute > 59 || second > 59)
        return false;
    if (hour > 23 && !(hour == 24 && minute == 0 && second == 0 && nanoseconds == 0))
        return false;
    /* Years that a count of days in 32 bits cannot hold are of no use to anybody. */
    if (year > 5000000)
        return false;
    int32_t last = weir_days_in_month(year, month);
    int64_t days = weir_days_from_civil(year, month, day < last ? day : last);
    out->milliseconds = days * WEIR_MS_PER_DAY + (hour * 3600 + minute * 60 + second) * INT64_C(1000) + nanoseconds / 1000000;
    out->nanoseconds = nanoseconds % 1000000;
    out->zero = 0;
    return true;
}

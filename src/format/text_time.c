/* Text of dates and times in the two dialects that Flink's formats speak: java.time's ISO formatters (json, csv times) and java.sql's
 * valueOf methods (csv dates and timestamps). Years beyond four digits are read with their sign, as ISO asks. */
#include <string.h>

#include "format/text.h"

#define NANOS_PER_DAY INT64_C(86400000000000)

/* `count` digits exactly. */
static bool take_fixed(weir_text *text, size_t count, int32_t *out) {
    if (text->size < count)
        return false;
    int32_t value = 0;
    for (size_t i = 0; i < count; i++) {
        char c = text->data[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    text->data += count;
    text->size -= count;
    *out = value;
    return true;
}

/* From least to most digits. */
static bool take_digits(weir_text *text, size_t least, size_t most, int32_t *out) {
    size_t count = 0;
    while (count < most && count < text->size && text->data[count] >= '0' && text->data[count] <= '9')
        count++;
    return count >= least && take_fixed(text, count, out);
}

static bool take_char(weir_text *text, char c) {
    if (text->size == 0 || text->data[0] != c)
        return false;
    text->data++;
    text->size--;
    return true;
}

static bool take_iso_date(weir_text *text, bool smart, int32_t *days) {
    int32_t year, month, day;
    bool minus = false, sign = text->size > 0 && (text->data[0] == '+' || text->data[0] == '-');
    if (sign) {
        minus = text->data[0] == '-';
        text->data++;
        text->size--;
    }
    if (!(sign ? take_digits(text, 4, 9, &year) : take_fixed(text, 4, &year)) || !take_char(text, '-') || !take_fixed(text, 2, &month) ||
        !take_char(text, '-') || !take_fixed(text, 2, &day))
        return false;
    if (minus)
        year = -year;
    if (month < 1 || month > 12 || day < 1 || day > 31 || year > 5000000 || year < -5000000)
        return false;
    int32_t last = weir_days_in_month(year, month);
    if (day > last) {
        if (!smart)
            return false;
        day = last;
    }
    *days = weir_days_from_civil(year, month, day);
    return true;
}

/* Up to nine digits after the point; none is fine, as Java has it. */
static void take_fraction(weir_text *text, int64_t *nanoseconds) {
    int64_t value = 0, unit = 100000000;
    while (unit > 0 && text->size > 0 && text->data[0] >= '0' && text->data[0] <= '9') {
        value += unit * (text->data[0] - '0');
        unit /= 10;
        text->data++;
        text->size--;
    }
    *nanoseconds = value;
}

static bool take_iso_time(weir_text *text, bool smart, bool short_form, int64_t *nanoseconds) {
    int32_t hour, minute, second = 0;
    int64_t fraction = 0;
    if (!take_fixed(text, 2, &hour) || !take_char(text, ':') || !take_fixed(text, 2, &minute))
        return false;
    if (take_char(text, ':')) {
        if (!take_fixed(text, 2, &second))
            return false;
        if (take_char(text, '.'))
            take_fraction(text, &fraction);
    } else if (!short_form) {
        return false;
    }
    bool end_of_day = smart && hour == 24 && minute == 0 && second == 0 && fraction == 0;
    if ((hour > 23 && !end_of_day) || minute > 59 || second > 59)
        return false;
    *nanoseconds = ((int64_t)(hour * 60 + minute) * 60 + second) * 1000000000 + fraction;
    return true;
}

bool weir_iso_date_parse(weir_text text, bool smart, int32_t *days) { return take_iso_date(&text, smart, days) && text.size == 0; }

bool weir_iso_time_parse(weir_text text, bool smart, bool short_form, int64_t *nanoseconds) {
    return take_iso_time(&text, smart, short_form, nanoseconds) && text.size == 0;
}

static weir_timestamp_ns timestamp_of(int32_t days, int64_t nanoseconds_of_day) {
    return (weir_timestamp_ns){(int64_t)days * WEIR_MS_PER_DAY + nanoseconds_of_day / 1000000, (int32_t)(nanoseconds_of_day % 1000000), 0};
}

bool weir_iso_timestamp_parse(weir_text text, weir_iso_form form, weir_timestamp_ns *out) {
    int32_t days;
    int64_t nanoseconds;
    if (!take_iso_date(&text, form.smart, &days))
        return false;
    if (!take_char(&text, form.separator) && !(form.separator == 'T' && take_char(&text, 't')))
        return false;
    if (!take_iso_time(&text, form.smart, form.short_form, &nanoseconds))
        return false;
    if (form.zulu && !take_char(&text, 'Z'))
        return false;
    *out = timestamp_of(days, nanoseconds);
    return text.size == 0;
}

/* yyyy-[m]m-[d]d; a day beyond the month's end rolls over. */
static bool jdbc_date(weir_text text, int32_t *days) {
    int32_t year, month, day;
    if (!take_fixed(&text, 4, &year) || !take_char(&text, '-') || !take_digits(&text, 1, 2, &month) || !take_char(&text, '-') ||
        !take_digits(&text, 1, 2, &day) || text.size > 0)
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *days = weir_days_from_civil(year, month, 1) + day - 1;
    return true;
}

bool weir_jdbc_date_parse(weir_text text, int32_t *days) { return jdbc_date(text, days); }

bool weir_jdbc_timestamp_parse(weir_text text, weir_timestamp_ns *out) {
    text = weir_text_trim(text);
    const char *blank = memchr(text.data, ' ', text.size);
    if (text.size == 0 || blank == NULL)
        return false;
    int32_t days, hour, minute, second;
    if (!jdbc_date((weir_text){text.data, (size_t)(blank - text.data)}, &days))
        return false;
    weir_text time = {blank + 1, text.size - (size_t)(blank + 1 - text.data)};
    if (!take_digits(&time, 1, 6, &hour) || !take_char(&time, ':') || !take_digits(&time, 1, 6, &minute) || !take_char(&time, ':') ||
        !take_digits(&time, 1, 6, &second))
        return false;
    int64_t fraction = 0;
    if (take_char(&time, '.')) {
        if (time.size == 0 || time.size > 9)
            return false;
        take_fraction(&time, &fraction);
    }
    if (time.size > 0)
        return false;
    int64_t seconds = (int64_t)days * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
    *out = (weir_timestamp_ns){seconds * 1000 + fraction / 1000000, (int32_t)(fraction % 1000000), 0};
    return true;
}

static size_t put_two(int32_t value, char *out) {
    out[0] = (char)('0' + value / 10);
    out[1] = (char)('0' + value % 10);
    return 2;
}

/* A point and as many digits of the nanoseconds as needed; nothing for 0. */
static size_t put_fraction(int32_t nanoseconds, char *out) {
    if (nanoseconds == 0)
        return 0;
    int count = 9;
    while (nanoseconds % 10 == 0) {
        nanoseconds /= 10;
        count--;
    }
    out[0] = '.';
    for (int i = count; i > 0; i--, nanoseconds /= 10)
        out[i] = (char)('0' + nanoseconds % 10);
    return (size_t)count + 1;
}

static size_t put_time(int64_t milliseconds, int32_t nanoseconds, char *out) {
    int32_t second_of_day = (int32_t)(milliseconds / 1000);
    size_t at = put_two(second_of_day / 3600, out);
    out[at++] = ':';
    at += put_two(second_of_day / 60 % 60, out + at);
    out[at++] = ':';
    at += put_two(second_of_day % 60, out + at);
    return at + put_fraction((int32_t)(milliseconds % 1000) * 1000000 + nanoseconds, out + at);
}

size_t weir_iso_date_print(int32_t days, char *out) {
    weir_civil civil = weir_civil_from_days(days);
    size_t at = 0;
    int32_t year = civil.year;
    if (year < 0) {
        out[at++] = '-';
        year = -year;
    } else if (year > 9999) {
        out[at++] = '+';
    }
    int32_t unit = 1000;
    while (year / unit > 9)
        unit *= 10;
    for (; unit > 0; unit /= 10)
        out[at++] = (char)('0' + year / unit % 10);
    out[at++] = '-';
    at += put_two(civil.month, out + at);
    out[at++] = '-';
    return at + put_two(civil.day, out + at);
}

size_t weir_iso_time_print(int32_t milliseconds, char *out) { return put_time(milliseconds, 0, out); }

size_t weir_iso_timestamp_print(weir_timestamp_ns value, char separator, bool zulu, char *out) {
    int64_t days = weir_floor_div(value.milliseconds, WEIR_MS_PER_DAY);
    size_t at = weir_iso_date_print((int32_t)days, out);
    out[at++] = separator;
    at += put_time(value.milliseconds - days * WEIR_MS_PER_DAY, value.nanoseconds, out + at);
    if (zulu)
        out[at++] = 'Z';
    return at;
}

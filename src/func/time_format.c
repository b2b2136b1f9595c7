/* Writing dates by a compiled pattern, in both dialects, with the names of the US locale. */
#include <stdio.h>
#include <string.h>

#include "func/time_int.h"

typedef struct out_text {
    char *data;
    size_t size;
    bool full;
} out_text;

static void put(out_text *out, const char *data, size_t size) {
    if (out->size + size > WEIR_DATE_OUT_MAX) {
        out->full = true;
        return;
    }
    memcpy(out->data + out->size, data, size);
    out->size += size;
}

static void put_c(out_text *out, const char *text) { put(out, text, strlen(text)); }
static void put_first(out_text *out, const char *text, size_t size) { put(out, text, size); }

static void put_number(out_text *out, int64_t value, uint32_t width) {
    char digits[32];
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        put(out, "-", 1);
    for (size_t have = sizeof(digits) - at; have < width; have++)
        put(out, "0", 1);
    put(out, digits + at, sizeof(digits) - at);
}

/* A name by the count of letters: 3 and fewer short, 4 full, 5 its first letter. */
static void put_name(out_text *out, const char *name, uint32_t count) {
    if (count == 4)
        put_c(out, name);
    else
        put_first(out, name, count == 5 ? 1 : 3);
}

/* y, u, Y of DateTimeFormatter: two letters give two digits; from four on a plus sign shows that there are more digits than letters. */
static void put_year(out_text *out, int64_t year, uint32_t count) {
    static const int64_t limits[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    if (count == 2) {
        put_number(out, weir_floor_mod(year, 100), 2);
        return;
    }
    if (count >= 4 && count < 10 && year >= limits[count])
        put(out, "+", 1);
    put_number(out, year, count);
}

static void put_day_period(out_text *out, const weir_date_fields *fields, uint32_t count) {
    bool exact = fields->minute == 0;
    if (fields->hour == 0 && exact)
        put_c(out, count == 5 ? "mi" : "midnight");
    else if (fields->hour == 12 && exact)
        put_c(out, count == 5 ? "n" : "noon");
    else if (fields->hour >= 6 && fields->hour < 12)
        put_c(out, "in the morning");
    else if (fields->hour >= 12 && fields->hour < 18)
        put_c(out, "in the afternoon");
    else
        put_c(out, fields->hour >= 18 && fields->hour < 21 ? "in the evening" : "at night");
}

static void put_quarter(out_text *out, int32_t quarter, uint32_t count) {
    static const char *const ordinals[] = {"1st quarter", "2nd quarter", "3rd quarter", "4th quarter"};
    if (count == 3)
        put(out, "Q", 1);
    if (count == 4)
        put_c(out, ordinals[quarter - 1]);
    else
        put_number(out, quarter, count == 2 ? 2 : 1);
}

static int32_t hour_of(char letter, int32_t hour) {
    switch (letter) {
    case 'k': return hour == 0 ? 24 : hour;
    case 'K': return hour % 12;
    case 'h': return hour % 12 == 0 ? 12 : hour % 12;
    default: return hour;
    }
}

/* The letters that both dialects write alike. False: not one of them. */
static bool put_common(out_text *out, const weir_date_item *item, const weir_date_fields *fields) {
    uint32_t count = item->count;
    int32_t week_year;
    switch (item->letter) {
    case 'd': put_number(out, fields->day, count); return true;
    case 'H':
    case 'k':
    case 'K':
    case 'h': put_number(out, hour_of(item->letter, fields->hour), count); return true;
    case 'm': put_number(out, fields->minute, count); return true;
    case 's': put_number(out, fields->second, count); return true;
    case 'D': put_number(out, weir_day_of_year(fields->days), count); return true;
    case 'w': put_number(out, weir_us_week_of_year(fields->days, &week_year), count); return true;
    case 'W': put_number(out, weir_us_week_of_month(fields->days, fields->day), count); return true;
    case 'a': put_c(out, fields->hour < 12 ? "AM" : "PM"); return true;
    default: return false;
    }
}

static bool put_formatter(out_text *out, const weir_date_item *item, const weir_date_fields *fields, char *problem) {
    uint32_t count = item->count;
    int32_t week_year, weekday = weir_day_of_week(fields->days);
    int64_t ms = ((int64_t)fields->hour * 3600 + fields->minute * 60 + fields->second) * 1000;
    switch (item->letter) {
    case 'G':
        put_c(out, fields->year > 0 ? (count == 4   ? "Anno Domini"
                                       : count == 5 ? "A"
                                                    : "AD")
                                    : (count == 4   ? "Before Christ"
                                       : count == 5 ? "B"
                                                    : "BC"));
        return true;
    case 'y': put_year(out, fields->year > 0 ? fields->year : 1 - fields->year, count); return true;
    case 'u': put_year(out, fields->year, count); return true;
    case 'Y':
        weir_us_week_of_year(fields->days, &week_year);
        put_year(out, week_year, count);
        return true;
    case 'M':
    case 'L':
        if (count <= 2)
            put_number(out, fields->month, count);
        else
            put_name(out, weir_month_names[fields->month - 1], count);
        return true;
    case 'Q':
    case 'q': put_quarter(out, (fields->month + 2) / 3, count); return true;
    case 'e':
    case 'c':
        if (count <= 2) {
            put_number(out, weekday, count);
            return true;
        }
        put_name(out, weir_day_names[weekday - 1], count);
        return true;
    case 'E': put_name(out, weir_day_names[weekday - 1], count); return true;
    case 'F': put_number(out, (fields->day - 1) % 7 + 1, 1); return true;
    case 'S': {
        char digits[16];
        snprintf(digits, sizeof(digits), "%09d", fields->nanosecond);
        put(out, digits, count);
        return true;
    }
    case 'A': put_number(out, ms + fields->nanosecond / 1000000, count); return true;
    case 'n': put_number(out, fields->nanosecond, count); return true;
    case 'N': put_number(out, ms * 1000000 + fields->nanosecond, count); return true;
    case 'B': put_day_period(out, fields, count); return true;
    default: break;
    }
    snprintf(problem, 160,
             "Unable to extract ZoneId from temporal: the pattern letter '%c' asks for a time zone, which a TIMESTAMP has not",
             item->letter);
    return false;
}

static void put_offset(out_text *out, int32_t offset_seconds, const char *format) {
    char text[16];
    int32_t minutes = (offset_seconds < 0 ? -offset_seconds : offset_seconds) / 60;
    snprintf(text, sizeof(text), format, offset_seconds < 0 ? '-' : '+', minutes / 60, minutes % 60);
    put_c(out, text);
}

static void put_simple(out_text *out, const weir_date_item *item, const weir_date_fields *fields) {
    uint32_t count = item->count;
    int32_t week_year, weekday = weir_day_of_week(fields->days);
    char name[64];
    switch (item->letter) {
    case 'G': put_c(out, fields->year > 0 ? "AD" : "BC"); return;
    case 'y':
    case 'Y': {
        int32_t year = fields->year > 0 ? fields->year : 1 - fields->year;
        if (item->letter == 'Y') {
            weir_us_week_of_year(fields->days, &week_year);
            year = week_year;
        }
        put_number(out, count == 2 ? year % 100 : year, count);
        return;
    }
    case 'M':
    case 'L':
        if (count <= 2)
            put_number(out, fields->month, count);
        else
            put_name(out, weir_month_names[fields->month - 1], count >= 4 ? 4 : 3);
        return;
    case 'E': put_name(out, weir_day_names[weekday - 1], count >= 4 ? 4 : 3); return;
    case 'u': put_number(out, (weekday + 5) % 7 + 1, count); return;
    case 'F': put_number(out, (fields->day - 1) / 7 + 1, count); return;
    case 'S': put_number(out, fields->nanosecond / 1000000, count); return;
    case 'z': put(out, name, weir_zone_print_name(fields->zone, fields->offset_seconds, 0, count >= 4, name)); return;
    case 'Z': put_offset(out, fields->offset_seconds, "%c%02d%02d"); return;
    default: /* X */
        if (fields->offset_seconds == 0)
            put(out, "Z", 1);
        else
            put_offset(out, fields->offset_seconds, count == 1 ? "%c%02d" : count == 2 ? "%c%02d%02d" : "%c%02d:%02d");
        return;
    }
}

weir_date_fields weir_date_fields_of(int64_t local_microseconds, int32_t nanoseconds_below) {
    int64_t day = weir_floor_div(local_microseconds, WEIR_US_PER_DAY);
    int64_t within = local_microseconds - day * WEIR_US_PER_DAY;
    weir_civil civil = weir_civil_from_days((int32_t)day);
    int32_t seconds = (int32_t)(within / WEIR_US_PER_SECOND);
    return (weir_date_fields){.year = civil.year,
                              .month = civil.month,
                              .day = civil.day,
                              .days = (int32_t)day,
                              .hour = seconds / 3600,
                              .minute = seconds / 60 % 60,
                              .second = seconds % 60,
                              .nanosecond = (int32_t)(within % WEIR_US_PER_SECOND) * 1000 + nanoseconds_below};
}

bool weir_date_format(const weir_date_pattern *pattern, const weir_date_fields *fields, char *out, size_t *size, char problem[160]) {
    out_text text = {.data = out};
    for (uint32_t i = 0; i < pattern->count; i++) {
        const weir_date_item *item = &pattern->items[i];
        size_t start = text.size;
        if (item->letter == '[' || item->letter == ']')
            continue;
        if (item->letter == 0)
            put(&text, pattern->text + item->text_at, item->text_size);
        else if (put_common(&text, item, fields))
            ;
        else if (pattern->dialect == WEIR_DATE_SIMPLE)
            put_simple(&text, item, fields);
        else if (!put_formatter(&text, item, fields, problem))
            return false;
        size_t written = text.size - start;
        if (item->pad == 0)
            continue;
        if (written > item->pad) {
            snprintf(problem, 160, "Cannot print as output of %zu characters exceeds pad width of %u", written, item->pad);
            return false;
        }
        for (size_t k = written; k < item->pad; k++)
            put(&text, " ", 1);
        memmove(out + start + item->pad - written, out + start, written);
        memset(out + start, ' ', item->pad - written);
    }
    *size = text.size;
    if (text.full)
        snprintf(problem, 160, "The text that the date pattern gives is longer than %d bytes", WEIR_DATE_OUT_MAX);
    return !text.full;
}

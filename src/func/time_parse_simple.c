/* Reading dates as java.text.SimpleDateFormat does: leniently. Fields may run over (month 13, day 31 of February), blanks before a field
 * are skipped, names are read in any case, text after the pattern's end is ignored, and dates before 1582-10-15 are Julian. Left out: a
 * weekday alone as a date (E without d), weeks of the month (W, F): read, but they do not decide the date. */
#include <string.h>

#include "func/time_int.h"

typedef struct lenient {
    int64_t year, month, day, day_of_year, week;
    int64_t hour, half_hour, half_day, minute, second, millisecond;
    bool has_day, has_day_of_year, has_week, week_year, before_christ, uses_half_day;
    int64_t weekday; /* 1 = Sunday, 0: none */
    bool has_offset;
    int64_t offset_seconds;
} lenient;

static void skip_blanks(weir_text text, size_t *at) {
    while (*at < text.size && (text.data[*at] == ' ' || text.data[*at] == '\t'))
        ++*at;
}

/* An optional minus and digits, at most `most` bytes of text. */
static bool read_integer(weir_text text, size_t *at, size_t most, int64_t *out) {
    size_t end = most > text.size - *at ? text.size : *at + most, pos = *at;
    bool negative = pos < end && text.data[pos] == '-';
    pos += negative;
    size_t start = pos;
    int64_t value = 0;
    while (pos < end && text.data[pos] >= '0' && text.data[pos] <= '9') {
        value = value > INT32_MAX ? value : value * 10 + (text.data[pos] - '0');
        pos++;
    }
    if (pos == start)
        return false;
    *out = negative ? -value : value;
    *at = pos;
    return true;
}

static bool starts_nocase(weir_text text, size_t at, const char *word, size_t size) {
    return text.size - at >= size && weir_text_equal_nocase((weir_text){text.data + at, size}, (weir_text){word, size});
}

static bool read_name(weir_text text, size_t *at, const char *const *names, int count, int *out) {
    size_t best = 0;
    for (int i = 0; i < count; i++) {
        size_t size = strlen(names[i]);
        if (!starts_nocase(text, *at, names[i], size))
            size = size > 3 ? 3 : size;
        if (size > best && starts_nocase(text, *at, names[i], size)) {
            best = size;
            *out = i;
        }
    }
    *at += best;
    return best > 0;
}

/* Sign, hours and minutes: +02, +0200, +02:00. */
static bool read_offset(weir_text text, size_t *at, int64_t *seconds) {
    size_t pos = *at;
    if (pos >= text.size || (text.data[pos] != '+' && text.data[pos] != '-'))
        return false;
    int64_t sign = text.data[pos] == '-' ? -1 : 1, hours = 0, minutes = 0;
    size_t digits = 0;
    for (pos++; pos < text.size && digits < 4; pos++) {
        char c = text.data[pos];
        if (c == ':' && (digits == 1 || digits == 2) && pos + 2 < text.size && text.data[pos + 1] >= '0' && text.data[pos + 1] <= '9') {
            digits = 2;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        if (digits < 2)
            hours = hours * 10 + (c - '0');
        else
            minutes = minutes * 10 + (c - '0');
        digits++;
    }
    if (digits == 0 || digits == 3 || hours > 23 || minutes > 59)
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    *at = pos;
    return true;
}

static bool read_zone(const weir_date_item *item, weir_text text, size_t *at, lenient *found) {
    static const struct {
        const char *name;
        int32_t offset_seconds;
    } names[] = {{"UTC", 0},      {"GMT", 0},      {"WET", 0},      {"WEST", 3600},  {"BST", 3600},   {"CEST", 7200},  {"CET", 3600},
                 {"EEST", 10800}, {"EET", 7200},   {"MSK", 10800},  {"EST", -18000}, {"EDT", -14400}, {"CST", -21600}, {"CDT", -18000},
                 {"MST", -25200}, {"MDT", -21600}, {"PST", -28800}, {"PDT", -25200}, {"JST", 32400},  {"IST", 19800},  {"HST", -36000}};
    found->has_offset = true;
    if (read_offset(text, at, &found->offset_seconds))
        return true;
    if (item->letter == 'X') {
        found->offset_seconds = 0;
        return *at < text.size && text.data[*at] == 'Z' && ++*at > 0;
    }
    size_t best = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t size = strlen(names[i].name);
        if (size > best && starts_nocase(text, *at, names[i].name, size)) {
            best = size;
            found->offset_seconds = names[i].offset_seconds;
        }
    }
    if (best == 0)
        return false;
    bool is_gmt = starts_nocase(text, *at, "GMT", 3);
    *at += best;
    int64_t offset;
    if (is_gmt && read_offset(text, at, &offset))
        found->offset_seconds = offset;
    return true;
}

static bool read_word(const weir_date_item *item, weir_text text, size_t *at, lenient *found, bool *done) {
    static const char *const halves[] = {"AM", "PM"};
    static const char *const eras[] = {"AD", "BC"};
    int index = 0;
    *done = true;
    switch (item->letter) {
    case 'M':
    case 'L':
        if (item->count <= 2)
            break;
        if (!read_name(text, at, weir_month_names, 12, &index))
            return false;
        found->month = index + 1;
        return true;
    case 'E':
        if (!read_name(text, at, weir_day_names, 7, &index))
            return false;
        found->weekday = index + 1;
        return true;
    case 'a':
        if (!read_name(text, at, halves, 2, &index))
            return false;
        found->half_day = index;
        found->uses_half_day = true;
        return true;
    case 'G':
        if (!read_name(text, at, eras, 2, &index))
            return false;
        found->before_christ = index == 1;
        return true;
    case 'z':
    case 'Z':
    case 'X': return read_zone(item, text, at, found);
    default: break;
    }
    *done = false;
    return true;
}

static void store(const weir_date_item *item, int64_t value, bool two_digits, int32_t century_start, lenient *found) {
    switch (item->letter) {
    case 'y':
    case 'Y':
        if (item->count <= 2 && two_digits)
            value += century_start / 100 * 100 + (value < century_start % 100 ? 100 : 0);
        found->year = value;
        found->week_year = item->letter == 'Y';
        break;
    case 'M':
    case 'L': found->month = value; break;
    case 'd':
        found->day = value;
        found->has_day = true;
        break;
    case 'D':
        found->day_of_year = value;
        found->has_day_of_year = true;
        break;
    case 'w':
        found->week = value;
        found->has_week = true;
        break;
    case 'u': found->weekday = value % 7 + 1; break;
    case 'H':
        found->hour = value;
        found->uses_half_day = false;
        break;
    case 'k':
        found->hour = value == 24 ? 0 : value;
        found->uses_half_day = false;
        break;
    case 'K':
    case 'h':
        found->half_hour = item->letter == 'h' && value == 12 ? 0 : value;
        found->uses_half_day = true;
        break;
    case 'm': found->minute = value; break;
    case 's': found->second = value; break;
    case 'S': found->millisecond = value; break;
    default: break; /* W, F */
    }
}

static bool read_item(const weir_date_item *item, weir_text text, size_t *at, int32_t century_start, lenient *found) {
    skip_blanks(text, at);
    if (*at >= text.size)
        return false;
    bool done;
    if (!read_word(item, text, at, found, &done))
        return false;
    if (done)
        return true;
    size_t start = *at;
    int64_t value;
    if (item->fixed && text.size - start < item->count)
        return false;
    if (!read_integer(text, at, item->fixed ? item->count : SIZE_MAX, &value))
        return false;
    bool two_digits = *at - start == 2 && text.data[start] != '-';
    store(item, value, two_digits, century_start, found);
    return true;
}

static int32_t resolve_days(const lenient *found) {
    int64_t year = found->before_christ ? 1 - found->year : found->year;
    if (!found->has_day && found->has_day_of_year)
        return (int32_t)(weir_days_from_hybrid(year, 1, 1) + found->day_of_year - 1);
    if (!found->has_day && (found->has_week || found->week_year)) {
        int32_t first = weir_days_from_hybrid(year, 1, 1);
        int64_t weekday = found->weekday == 0 ? 1 : found->weekday, week = found->has_week ? found->week : 1;
        return (int32_t)(first - (weir_day_of_week(first) - 1) + (week - 1) * 7 + weekday - 1);
    }
    return weir_days_from_hybrid(year, found->month, found->day);
}

bool weir_date_parse_simple(const weir_date_pattern *pattern, weir_text text, const weir_zone *zone, int32_t century_start,
                            int64_t *milliseconds) {
    lenient found = {.year = 1970, .month = 1, .day = 1};
    size_t at = 0;
    for (uint32_t i = 0; i < pattern->count; i++) {
        const weir_date_item *item = &pattern->items[i];
        if (item->letter == 0) {
            if (text.size - at < item->text_size || memcmp(text.data + at, pattern->text + item->text_at, item->text_size) != 0)
                return false;
            at += item->text_size;
            continue;
        }
        if (!read_item(item, text, &at, century_start, &found))
            return false;
    }
    if (at == 0)
        return false; /* nothing was read: Java reports the position 0 as a failure */
    int64_t hour = found.uses_half_day ? found.half_day * 12 + found.half_hour : found.hour;
    int64_t local_ms = resolve_days(&found) * WEIR_MS_PER_DAY + ((hour * 60 + found.minute) * 60 + found.second) * 1000 + found.millisecond;
    if (found.has_offset)
        *milliseconds = local_ms - found.offset_seconds * 1000;
    else
        *milliseconds = weir_floor_div(weir_zone_to_utc_calendar_us(zone, local_ms * 1000), 1000);
    return true;
}

/* Reading dates as java.time.format.DateTimeFormatter does (US locale, SMART resolving), and what Flink makes of the fields it finds:
 * a missing year is 1970, a missing month or day 1, a missing time of day 00:00:00. An hour on a 12-hour clock without AM or PM is dropped.
 * Left out: eras but AD and BC, day periods (B), localised offsets. */
#include <string.h>

#include "func/time_int.h"

enum { MISSING = INT32_MIN };

/* What has been read so far; MISSING where nothing has. */
typedef struct parsed {
    int64_t year, year_of_era, era;
    int64_t week_year, week, weekday; /* weekday 1 = Sunday */
    int64_t iso_weekday;              /* from E: checked against the date */
    int64_t month, day, day_of_year, quarter;
    int64_t hour, clock_hour, half_hour, clock_half_hour, half_day;
    int64_t minute, second, nanosecond;
    int64_t milli_of_day, nano_of_day;
} parsed;

static void parsed_init(parsed *p) {
    int64_t *fields = (int64_t *)p;
    for (size_t i = 0; i < sizeof(*p) / sizeof(int64_t); i++)
        fields[i] = MISSING;
}

typedef struct number_rule {
    uint32_t least, most;
    char sign; /* 'n': a minus is fine; 'x': a plus when there are more digits than letters; '-': none */
} number_rule;

static number_rule rule_of(const weir_date_item *item) {
    uint32_t count = item->count;
    switch (item->letter) {
    case 'y':
    case 'u':
    case 'Y':
        if (count == 2)
            return (number_rule){2, 2, '-'};
        return count < 4 ? (number_rule){count, 19, 'n'} : (number_rule){count, 19, 'x'};
    case 'D':
        if (count == 2)
            return (number_rule){2, 3, '-'};
        break;
    case 'S': return (number_rule){count, count, '-'};
    case 'A':
    case 'n':
    case 'N': return (number_rule){count, 19, '-'};
    case 'w':
    case 'e':
    case 'c':
        if (count == 1)
            return (number_rule){1, 2, '-'};
        break;
    default: break;
    }
    return count == 1 ? (number_rule){1, 19, 'n'} : (number_rule){count, count, '-'};
}

/* Digits at *at; false: no number here. */
static bool read_number(const weir_date_item *item, weir_text text, size_t *at, int64_t *out) {
    number_rule rule = rule_of(item);
    size_t pos = *at;
    bool negative = false, positive = false;
    if (pos < text.size && (text.data[pos] == '+' || text.data[pos] == '-')) {
        negative = text.data[pos] == '-';
        positive = !negative;
        if (rule.sign == '-' || (rule.sign == 'n' && positive))
            return false;
        pos++;
    }
    size_t start = pos, most = (size_t)rule.most + item->following, end = pos;
    while (end < text.size && end - start < most && text.data[end] >= '0' && text.data[end] <= '9')
        end++;
    if (item->following > 0) {
        size_t have = end - start, keep = have > item->following ? have - item->following : 0;
        end = start + (keep > rule.least ? keep : rule.least);
        if (end - start > have)
            return false;
    }
    if (end - start < rule.least)
        return false;
    uint64_t total = 0;
    for (size_t i = start; i < end; i++) {
        if (total > (UINT64_MAX - 9) / 10)
            return false;
        total = total * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (total > INT64_MAX || (negative && total == 0))
        return false;
    if (rule.sign == 'x' && !negative && positive != (end - start > rule.least))
        return false;
    *out = negative ? -(int64_t)total : (int64_t)total;
    *at = end;
    return true;
}

/* The longest of `names` (short or full by count) at *at. */
static bool read_name(weir_text text, size_t *at, const char *const *names, int count_of_names, uint32_t letters, int *out) {
    int best = -1;
    size_t best_size = 0;
    for (int i = 0; i < count_of_names; i++) {
        size_t size = letters == 4 ? strlen(names[i]) : letters == 5 ? 1 : 3;
        if (size > best_size && text.size - *at >= size && memcmp(text.data + *at, names[i], size) == 0) {
            best = i;
            best_size = size;
        }
    }
    if (best < 0)
        return false;
    *at += best_size;
    *out = best;
    return true;
}

static bool set(int64_t *field, int64_t value) {
    if (*field != MISSING && *field != value)
        return false;
    *field = value;
    return true;
}

/* A zone or an offset: recognised, and then not used (a TIMESTAMP has none). */
static bool skip_zone(const weir_date_item *item, weir_text text, size_t *at) {
    size_t pos = *at;
    bool names = item->letter == 'z' || item->letter == 'V' || item->letter == 'v';
    if (pos < text.size && text.data[pos] == 'Z' && (item->letter == 'X' || item->count == 5 || names)) {
        *at = pos + 1;
        return true;
    }
    if (names || item->letter == 'O') {
        size_t start = pos;
        while (pos < text.size && ((text.data[pos] >= 'A' && text.data[pos] <= 'Z') || (text.data[pos] >= 'a' && text.data[pos] <= 'z') ||
                                   text.data[pos] == '/' || text.data[pos] == '_'))
            pos++;
        bool word = pos > start;
        if (word && !(pos < text.size && (text.data[pos] == '+' || text.data[pos] == '-'))) {
            *at = pos;
            return true;
        }
    }
    if (pos >= text.size || (text.data[pos] != '+' && text.data[pos] != '-'))
        return false;
    size_t start = ++pos;
    while (pos < text.size && ((text.data[pos] >= '0' && text.data[pos] <= '9') || text.data[pos] == ':') && pos - start < 9)
        pos++;
    size_t size = pos - start;
    bool colon = memchr(text.data + start, ':', size) != NULL;
    switch (item->letter) {
    case 'x':
    case 'X':
        if (item->count == 1 ? size != 2 && size != 4 : item->count == 2 ? size != 4 : item->count == 3 ? size != 5 || !colon : size < 4)
            return false;
        break;
    case 'Z':
        if (item->count <= 3 ? size != 4 || colon : !colon)
            return false;
        break;
    default:
        if (size == 0)
            return false;
        break;
    }
    *at = pos;
    return true;
}

/* Where a numeric letter goes; NULL: read and dropped. */
static int64_t *target_of(parsed *p, char letter) {
    switch (letter) {
    case 'y': return &p->year_of_era;
    case 'u': return &p->year;
    case 'Y': return &p->week_year;
    case 'M':
    case 'L': return &p->month;
    case 'd': return &p->day;
    case 'D': return &p->day_of_year;
    case 'Q':
    case 'q': return &p->quarter;
    case 'w': return &p->week;
    case 'e':
    case 'c': return &p->weekday;
    case 'H': return &p->hour;
    case 'k': return &p->clock_hour;
    case 'K': return &p->half_hour;
    case 'h': return &p->clock_half_hour;
    case 'm': return &p->minute;
    case 's': return &p->second;
    case 'S':
    case 'n': return &p->nanosecond;
    case 'A': return &p->milli_of_day;
    case 'N': return &p->nano_of_day;
    default: return NULL;
    }
}

static bool read_numeric(const weir_date_item *item, weir_text text, size_t *at, parsed *p) {
    int64_t value;
    if (!read_number(item, text, at, &value))
        return false;
    if (item->letter == 'S')
        for (uint32_t i = item->count; i < 9; i++)
            value *= 10;
    if ((item->letter == 'y' || item->letter == 'u' || item->letter == 'Y') && item->count == 2)
        value += 2000;
    int64_t *target = target_of(p, item->letter);
    return target == NULL || set(target, value);
}

static bool read_field(const weir_date_item *item, weir_text text, size_t *at, parsed *p) {
    static const char *const halves[] = {"AM", "PM"};
    static const char *const eras[] = {"BC", "AD"};
    int index;
    switch (item->letter) {
    case 'M':
    case 'L':
        if (item->count <= 2)
            break;
        return read_name(text, at, weir_month_names, 12, item->count, &index) && set(&p->month, index + 1);
    case 'e':
    case 'c':
        if (item->count <= 2)
            break;
        return read_name(text, at, weir_day_names, 7, item->count, &index) && set(&p->weekday, index + 1);
    case 'E': return read_name(text, at, weir_day_names, 7, item->count, &index) && set(&p->iso_weekday, index + 1);
    case 'a': return read_name(text, at, halves, 2, 4, &index) && set(&p->half_day, index);
    case 'G': return read_name(text, at, eras, 2, 4, &index) && set(&p->era, index);
    case 'Q':
    case 'q':
        if (item->count <= 2)
            break;
        if (*at >= text.size || text.data[*at] != 'Q')
            return false;
        ++*at;
        return read_numeric(&(weir_date_item){.letter = 'Q', .count = 1}, text, at, p);
    case 'X':
    case 'x':
    case 'z':
    case 'Z':
    case 'V':
    case 'v':
    case 'O': return skip_zone(item, text, at);
    case 'B': return false;
    default: break;
    }
    return read_numeric(item, text, at, p);
}

static bool read_padded(const weir_date_item *item, weir_text text, size_t *at, parsed *p) {
    size_t end = *at + item->pad, pos = *at;
    if (end > text.size)
        return false;
    while (pos < end && text.data[pos] == ' ')
        pos++;
    if (!read_field(item, (weir_text){text.data, end}, &pos, p) || pos != end)
        return false;
    *at = end;
    return true;
}

/* The item after the ']' that closes the '[' at `open`. */
static uint32_t after_close(const weir_date_pattern *pattern, uint32_t open) {
    uint32_t depth = 0;
    for (uint32_t i = open; i < pattern->count; i++) {
        depth += pattern->items[i].letter == '[';
        depth -= pattern->items[i].letter == ']';
        if (depth == 0)
            return i + 1;
    }
    return pattern->count;
}

/* Items [from, to); an optional part that does not fit leaves everything as it was. The recursion is as deep as the brackets are nested: at
 * most WEIR_DATE_ITEMS_MAX. */
static bool read_items(const weir_date_pattern *pattern, uint32_t from, uint32_t to, weir_text text, size_t *at, parsed *p) {
    for (uint32_t i = from; i < to; i++) {
        const weir_date_item *item = &pattern->items[i];
        if (item->letter == '[') {
            uint32_t end = after_close(pattern, i);
            parsed saved = *p;
            size_t start = *at;
            if (!read_items(pattern, i + 1, end - 1, text, at, p)) {
                *p = saved;
                *at = start;
            }
            i = end - 1;
        } else if (item->letter == ']') {
            continue;
        } else if (item->letter == 0) {
            if (text.size - *at < item->text_size || memcmp(text.data + *at, pattern->text + item->text_at, item->text_size) != 0)
                return false;
            *at += item->text_size;
        } else if (item->pad > 0 ? !read_padded(item, text, at, p) : !read_field(item, text, at, p)) {
            return false;
        }
    }
    return true;
}

static bool within(int64_t value, int64_t least, int64_t most) { return value == MISSING || (value >= least && value <= most); }

/* The date, when the fields make a whole one: 1; not enough fields: 0; not a date: -1. */
static int resolve_date(parsed *p, int32_t *days) {
    if (p->year_of_era != MISSING && p->year == MISSING)
        p->year = p->era == 0 ? 1 - p->year_of_era : p->year_of_era;
    if (!within(p->year, -999999, 999999) || !within(p->month, 1, 12) || !within(p->day, 1, 31) || !within(p->quarter, 1, 4) ||
        !within(p->week, 1, 53) || !within(p->weekday, 1, 7))
        return -1;
    if (p->year != MISSING && p->month != MISSING && p->day != MISSING) {
        int32_t last = weir_days_in_month((int32_t)p->year, (int32_t)p->month);
        *days = weir_days_from_civil((int32_t)p->year, (int32_t)p->month, p->day > last ? last : (int32_t)p->day);
    } else if (p->year != MISSING && p->day_of_year != MISSING) {
        int32_t first = weir_days_from_civil((int32_t)p->year, 1, 1);
        if (p->day_of_year < 1 || p->day_of_year > weir_days_from_civil((int32_t)p->year + 1, 1, 1) - first)
            return -1;
        *days = first + (int32_t)p->day_of_year - 1;
    } else if (p->week_year != MISSING && p->week != MISSING && (p->weekday != MISSING || p->iso_weekday != MISSING)) {
        if (!within(p->week_year, -999999, 999999))
            return -1;
        int32_t first = weir_days_from_civil((int32_t)p->week_year, 1, 1);
        int64_t weekday = p->weekday != MISSING ? p->weekday : p->iso_weekday;
        *days = first - (weir_day_of_week(first) - 1) + (int32_t)((p->week - 1) * 7 + weekday - 1);
    } else {
        return 0;
    }
    if ((p->iso_weekday != MISSING && p->iso_weekday != weir_day_of_week(*days)) ||
        (p->weekday != MISSING && p->weekday != weir_day_of_week(*days)))
        return -1;
    return 1;
}

/* Time of day in nanoseconds; *extra_days for 24:00. False: out of range. */
static bool resolve_time(parsed *p, int64_t *nanoseconds, int32_t *extra_days) {
    *extra_days = 0;
    if (!within(p->minute, 0, 59) || !within(p->second, 0, 59) || !within(p->nanosecond, 0, 999999999) || !within(p->hour, 0, 24) ||
        !within(p->clock_hour, 1, 24) || !within(p->half_hour, 0, 11) || !within(p->clock_half_hour, 1, 12) ||
        !within(p->milli_of_day, 0, WEIR_MS_PER_DAY - 1) || !within(p->nano_of_day, 0, WEIR_US_PER_DAY * 1000 - 1))
        return false;
    if (p->nano_of_day != MISSING) {
        *nanoseconds = p->nano_of_day;
        return true;
    }
    if (p->milli_of_day != MISSING) {
        *nanoseconds = p->milli_of_day * 1000000 + (p->nanosecond == MISSING ? 0 : p->nanosecond % 1000000);
        return true;
    }
    if (p->clock_hour != MISSING && !set(&p->hour, p->clock_hour % 24))
        return false;
    if (p->clock_half_hour != MISSING && !set(&p->half_hour, p->clock_half_hour % 12))
        return false;
    if (p->half_day != MISSING && p->half_hour != MISSING && !set(&p->hour, p->half_day * 12 + p->half_hour))
        return false;
    int64_t minute = p->minute == MISSING ? 0 : p->minute, second = p->second == MISSING ? 0 : p->second,
            nano = p->nanosecond == MISSING ? 0 : p->nanosecond;
    if (p->hour == 24) {
        if (minute != 0 || second != 0 || nano != 0)
            return false;
        p->hour = 0;
        *extra_days = 1;
    }
    *nanoseconds = (((p->hour == MISSING ? 0 : p->hour) * 60 + minute) * 60 + second) * 1000000000 + nano;
    return true;
}

bool weir_date_parse(const weir_date_pattern *pattern, weir_text text, int64_t *microseconds, int32_t *nanoseconds) {
    parsed p;
    parsed_init(&p);
    size_t at = 0;
    if (!read_items(pattern, 0, pattern->count, text, &at, &p) || at != text.size)
        return false;
    int32_t days = 0, extra_days;
    int64_t nanos;
    int date = resolve_date(&p, &days);
    if (date < 0 || !resolve_time(&p, &nanos, &extra_days))
        return false;
    if (date == 0) {
        int32_t year = p.year == MISSING ? 1970 : (int32_t)p.year, month = p.month == MISSING ? 1 : (int32_t)p.month,
                day = p.day == MISSING ? 1 : (int32_t)p.day;
        if (day > weir_days_in_month(year, month))
            return false;
        days = weir_days_from_civil(year, month, day);
        extra_days = 0;
    }
    *microseconds = ((int64_t)days + extra_days) * WEIR_US_PER_DAY + nanos / 1000;
    *nanoseconds = (int32_t)(nanos % 1000);
    return true;
}

/* ---- java.sql.Timestamp.valueOf and java.sql.Date.valueOf ---- */

static bool read_digits(weir_text text, size_t *at, size_t least, size_t most, int64_t *out) {
    size_t start = *at;
    int64_t value = 0;
    while (*at < text.size && *at - start < most && text.data[*at] >= '0' && text.data[*at] <= '9')
        value = value * 10 + (text.data[(*at)++] - '0');
    *out = value;
    return *at - start >= least;
}

static bool read_char(weir_text text, size_t *at, char c) {
    if (*at >= text.size || text.data[*at] != c)
        return false;
    ++*at;
    return true;
}

bool weir_date_parse_jdbc(weir_text text, int64_t *microseconds, int32_t *nanoseconds) {
    text = weir_text_trim(text);
    int64_t year, month, day, hour = 0, minute = 0, second = 0, nano = 0;
    size_t at = 0;
    if (!read_digits(text, &at, 4, 4, &year) || !read_char(text, &at, '-') || !read_digits(text, &at, 1, 2, &month) ||
        !read_char(text, &at, '-') || !read_digits(text, &at, 1, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    if (at < text.size) {
        if (!read_char(text, &at, ' ') || !read_digits(text, &at, 1, 8, &hour) || !read_char(text, &at, ':') ||
            !read_digits(text, &at, 1, 8, &minute) || !read_char(text, &at, ':') || !read_digits(text, &at, 1, 8, &second))
            return false;
        if (at < text.size) {
            size_t start = at + 1;
            if (!read_char(text, &at, '.') || !read_digits(text, &at, 1, 9, &nano))
                return false;
            for (size_t digits = at - start; digits < 9; digits++)
                nano *= 10;
        }
    }
    if (at != text.size)
        return false;
    int64_t days = weir_days_from_hybrid(year, month, day);
    *microseconds = (days * 86400 + hour * 3600 + minute * 60 + second) * WEIR_US_PER_SECOND + nano / 1000;
    *nanoseconds = (int32_t)(nano % 1000);
    return true;
}

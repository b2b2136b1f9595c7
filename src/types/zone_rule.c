/* The last line of a TZif file: a POSIX TZ string, which says how the zone goes on after its table. */
#include "types/timestamp.h"
#include "types/zone_int.h"

enum { HOUR_SECONDS = 3600, DAY_SECONDS = 86400, DEFAULT_CHANGE_SECONDS = 7200 };

typedef struct cursor {
    const char *at, *end;
} cursor;

static bool take(cursor *c, char wanted) {
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_number(cursor *c, int32_t most, int32_t *out) {
    int32_t value = 0;
    const char *first = c->at;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        value = value * 10 + (*c->at - '0');
        if (value > most)
            return false;
    }
    *out = value;
    return c->at > first;
}

/* Letters, or anything in angle brackets. */
static bool take_name(cursor *c) {
    if (take(c, '<')) {
        while (c->at < c->end && *c->at != '>')
            c->at++;
        return take(c, '>');
    }
    const char *first = c->at;
    while (c->at < c->end && ((*c->at | 0x20) >= 'a' && (*c->at | 0x20) <= 'z'))
        c->at++;
    return c->at - first >= 3;
}

/* [+-]h[:m[:s]] */
static bool take_time(cursor *c, int32_t *seconds) {
    bool negative = take(c, '-');
    if (!negative)
        (void)take(c, '+');
    int32_t hours, minutes = 0, rest = 0;
    if (!take_number(c, 167, &hours))
        return false;
    if (take(c, ':')) {
        if (!take_number(c, 59, &minutes) || (take(c, ':') && !take_number(c, 59, &rest)))
            return false;
    }
    *seconds = hours * HOUR_SECONDS + minutes * 60 + rest;
    if (negative)
        *seconds = -*seconds;
    return true;
}

static bool take_date(cursor *c, weir_zone_date *out) {
    *out = (weir_zone_date){.time_seconds = DEFAULT_CHANGE_SECONDS};
    if (take(c, 'M')) {
        out->form = WEIR_ZONE_MONTH_WEEK_DAY;
        if (!take_number(c, 12, &out->month) || !take(c, '.') || !take_number(c, 5, &out->week) || !take(c, '.') ||
            !take_number(c, 6, &out->weekday))
            return false;
        if (out->month < 1 || out->week < 1)
            return false;
    } else if (take(c, 'J')) {
        out->form = WEIR_ZONE_JULIAN;
        if (!take_number(c, 365, &out->day) || out->day < 1)
            return false;
    } else {
        out->form = WEIR_ZONE_DAY_OF_YEAR;
        if (!take_number(c, 365, &out->day))
            return false;
    }
    return !take(c, '/') || take_time(c, &out->time_seconds);
}

bool weir_zone_rule_parse(weir_text text, weir_zone_rule *out) {
    cursor c = {text.data, text.data + text.size};
    *out = (weir_zone_rule){0};
    if (!take_name(&c) || !take_time(&c, &out->standard_seconds))
        return false;
    out->standard_seconds = -out->standard_seconds; /* POSIX counts west of Greenwich */
    if (c.at == c.end)
        return true;
    out->has_daylight = true;
    if (!take_name(&c))
        return false;
    out->daylight_seconds = out->standard_seconds + HOUR_SECONDS;
    if (c.at < c.end && *c.at != ',') {
        if (!take_time(&c, &out->daylight_seconds))
            return false;
        out->daylight_seconds = -out->daylight_seconds;
    }
    return take(&c, ',') && take_date(&c, &out->begin) && take(&c, ',') && take_date(&c, &out->end) && c.at == c.end;
}

static int32_t day_of(const weir_zone_date *date, int32_t year) {
    if (date->form == WEIR_ZONE_MONTH_WEEK_DAY) {
        int32_t first = weir_days_from_civil(year, date->month, 1);
        int32_t weekday = weir_day_of_week(first) - 1;
        int32_t day = first + (date->weekday - weekday + 7) % 7 + (date->week - 1) * 7;
        /* Week 5 is the last, which may be the fourth. */
        return day - first >= weir_days_in_month(year, date->month) ? day - 7 : day;
    }
    int32_t first = weir_days_from_civil(year, 1, 1);
    if (date->form == WEIR_ZONE_DAY_OF_YEAR)
        return first + date->day;
    return first + date->day - 1 + (date->day > 59 && weir_days_in_month(year, 2) == 29);
}

void weir_zone_rule_changes(const weir_zone_rule *rule, int32_t year, int64_t *begin_utc, int64_t *end_utc) {
    *begin_utc = (int64_t)day_of(&rule->begin, year) * DAY_SECONDS + rule->begin.time_seconds - rule->standard_seconds;
    *end_utc = (int64_t)day_of(&rule->end, year) * DAY_SECONDS + rule->end.time_seconds - rule->daylight_seconds;
}

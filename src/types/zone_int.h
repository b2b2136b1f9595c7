/* What the files of a time zone share: the zone itself, and the rule of its future. */
#ifndef WEIR_TYPES_ZONE_INT_H
#define WEIR_TYPES_ZONE_INT_H

#include "types/zone.h"

/* When daylight saving begins or ends each year, in local time: the three forms of POSIX. */
typedef struct weir_zone_date {
    enum { WEIR_ZONE_MONTH_WEEK_DAY, WEIR_ZONE_JULIAN, WEIR_ZONE_DAY_OF_YEAR } form;
    int32_t month, week, weekday; /* 1..12, 1..5 (5 = last), 0 = Sunday */
    int32_t day;                  /* 1..365 without the leap day (JULIAN), 0..365 with it (DAY_OF_YEAR) */
    int32_t time_seconds;         /* of that day; may be negative or beyond a day */
} weir_zone_date;

typedef struct weir_zone_rule {
    int32_t standard_seconds, daylight_seconds; /* offsets from UTC, east positive */
    bool has_daylight;
    weir_zone_date begin, end; /* of daylight saving time */
} weir_zone_rule;

/* "CET-1CEST,M3.5.0,M10.5.0/3" */
bool weir_zone_rule_parse(weir_text text, weir_zone_rule *out) WEIR_MUST_USE;
/* The two changes of a year, in UTC seconds. */
void weir_zone_rule_changes(const weir_zone_rule *rule, int32_t year, int64_t *begin_utc, int64_t *end_utc);

struct weir_zone {
    weir_text name;
    /* offsets[0] holds before changes[0], offsets[i + 1] from changes[i] on. */
    int32_t *offsets;
    int64_t *changes_utc;
    int64_t *changes_local; /* from this local time on offsets[i + 1] holds, by the rule for gaps and overlaps */
    uint32_t change_count;
    /* The last 400 years in the table repeat for ever: the calendar does. INT64_MAX when the last offset stays. */
    int64_t repeat_from_utc;
};

/* A zone out of the bytes of a TZif file; the arena keeps it. False: not a TZif file, or no memory (the arena remembers). */
bool weir_zone_read(weir_arena *arena, const char *data, size_t size, weir_zone *out) WEIR_MUST_USE;
/* A zone of one offset. */
bool weir_zone_fix(weir_arena *arena, int32_t offset_seconds, weir_zone *out) WEIR_MUST_USE;

#endif

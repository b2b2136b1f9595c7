/* TZif files (RFC 8536) as tables of changes.
 *
 *   header  "TZif" version(1) reserved(15) isutc isstd leap time type char: six counts of 4 bytes, big-endian
 *   data    times (4 bytes each in the first block, 8 in the second), type index per time, types {offset 4, dst 1, name 1}, names, leap,
 * isstd, isut footer  newline, POSIX rule, newline (version 2 and later)
 *
 * From version 2 on there are two blocks and the second counts. The rule in the footer is written out for 400 years, so that a look-up is
 * always a binary search. Leap seconds ("right/" zones) are left out: Java's zones have none. */
#include <string.h>

#include "types/timestamp.h"
#include "types/zone_int.h"

enum { HEADER_BYTES = 44, TYPE_BYTES = 6, REPEAT_YEARS = 400, OFFSET_SECONDS_MAX = 26 * 3600 };

typedef struct tzif_block {
    uint32_t isutc, isstd, leap, times, types, chars;
    uint32_t time_bytes;
    const char *data;
} tzif_block;

static uint64_t big_endian(const char *at, uint32_t size) {
    uint64_t value = 0;
    for (uint32_t i = 0; i < size; i++)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

static bool block_at(const char *data, size_t size, size_t at, uint32_t time_bytes, tzif_block *out, size_t *next) {
    if (size < at + HEADER_BYTES || memcmp(data + at, "TZif", 4) != 0)
        return false;
    uint32_t counts[6];
    for (int i = 0; i < 6; i++) {
        counts[i] = (uint32_t)big_endian(data + at + 20 + 4 * i, 4);
        if (counts[i] > 100000)
            return false;
    }
    *out = (tzif_block){counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], time_bytes, data + at + HEADER_BYTES};
    size_t body = (size_t)out->times * (time_bytes + 1) + (size_t)out->types * TYPE_BYTES + out->chars +
                  (size_t)out->leap * (time_bytes + 4) + out->isstd + out->isutc;
    *next = at + HEADER_BYTES + body;
    return *next <= size;
}

static int64_t block_time(const tzif_block *block, uint32_t index) {
    uint64_t raw = big_endian(block->data + (size_t)index * block->time_bytes, block->time_bytes);
    return block->time_bytes == 4 ? (int32_t)(uint32_t)raw : (int64_t)raw;
}

static bool type_offset(const tzif_block *block, uint32_t type, int32_t *offset) {
    if (type >= block->types)
        return false;
    const char *types = block->data + (size_t)block->times * (block->time_bytes + 1);
    *offset = (int32_t)(uint32_t)big_endian(types + (size_t)type * TYPE_BYTES, 4);
    return *offset >= -OFFSET_SECONDS_MAX && *offset <= OFFSET_SECONDS_MAX;
}

/* Changes that change nothing (only the name or the "is daylight saving" flag) are dropped. */
static void change_add(weir_zone *zone, int64_t utc, int32_t offset) {
    uint32_t i = zone->change_count;
    if (zone->offsets[i] == offset)
        return;
    if (i > 0 && zone->changes_utc[i - 1] >= utc)
        return;
    zone->changes_utc[i] = utc;
    zone->offsets[i + 1] = offset;
    zone->change_count++;
}

static bool table_read(const tzif_block *block, weir_zone *out) {
    if (!type_offset(block, 0, &out->offsets[0])) /* before the first change the first type holds */
        return false;
    const char *indices = block->data + (size_t)block->times * block->time_bytes;
    for (uint32_t i = 0; i < block->times; i++) {
        int32_t offset;
        int64_t utc = block_time(block, i);
        if (!type_offset(block, (unsigned char)indices[i], &offset) || (i > 0 && utc <= block_time(block, i - 1)))
            return false;
        /* The beginning of time, as some writers put it. */
        if (utc < -(INT64_C(1) << 55))
            out->offsets[0] = offset;
        else
            change_add(out, utc, offset);
    }
    return true;
}

static void rule_expand(const weir_zone_rule *rule, int64_t after_utc, int32_t first_year, weir_zone *out) {
    for (int32_t year = first_year; year <= first_year + REPEAT_YEARS + 1; year++) {
        int64_t begin, end;
        weir_zone_rule_changes(rule, year, &begin, &end);
        bool begin_first = begin < end;
        int64_t utc[2] = {begin_first ? begin : end, begin_first ? end : begin};
        int32_t offset[2] = {begin_first ? rule->daylight_seconds : rule->standard_seconds,
                             begin_first ? rule->standard_seconds : rule->daylight_seconds};
        for (int i = 0; i < 2; i++)
            if (utc[i] > after_utc)
                change_add(out, utc[i], offset[i]);
    }
    out->repeat_from_utc = (int64_t)weir_days_from_civil(first_year + REPEAT_YEARS + 1, 1, 1) * 86400;
}

/* Gap: the local times that do not exist take the offset before it. Overlap: the ambiguous ones, too. So the new offset begins, in local
 * time, where both offsets have passed the change. */
static void local_changes(weir_zone *zone) {
    for (uint32_t i = 0; i < zone->change_count; i++) {
        int32_t before = zone->offsets[i], after = zone->offsets[i + 1];
        zone->changes_local[i] = zone->changes_utc[i] + (before > after ? before : after);
    }
}

static bool zone_allocate(weir_arena *arena, size_t changes, weir_zone *out) {
    out->changes_utc = WEIR_ARENA_ARRAY(arena, int64_t, changes);
    out->changes_local = WEIR_ARENA_ARRAY(arena, int64_t, changes);
    out->offsets = WEIR_ARENA_ARRAY(arena, int32_t, changes + 1);
    out->change_count = 0;
    out->repeat_from_utc = INT64_MAX;
    return out->changes_utc != NULL && out->changes_local != NULL && out->offsets != NULL;
}

/* The text between the last two newlines. */
static weir_text footer_of(const char *data, size_t size, size_t at) {
    if (at + 2 > size || data[at] != '\n')
        return (weir_text){0};
    const char *end = memchr(data + at + 1, '\n', size - at - 1);
    return end == NULL ? (weir_text){0} : (weir_text){data + at + 1, (size_t)(end - data - at - 1)};
}

bool weir_zone_read(weir_arena *arena, const char *data, size_t size, weir_zone *out) {
    tzif_block block;
    size_t next;
    if (!block_at(data, size, 0, 4, &block, &next))
        return false;
    bool wide = data[4] >= '2';
    if (wide && !block_at(data, size, next, 8, &block, &next))
        return false;
    weir_zone_rule rule = {0};
    weir_text footer = wide ? footer_of(data, size, next) : (weir_text){0};
    bool ruled = footer.size > 0;
    if (ruled && !weir_zone_rule_parse(footer, &rule))
        return false;
    size_t room = block.times + (rule.has_daylight ? 2 * (REPEAT_YEARS + 2) : 1);
    if (!zone_allocate(arena, room, out) || !table_read(&block, out))
        return false;
    if (ruled) {
        int64_t last = block.times > 0 ? block_time(&block, block.times - 1) : INT64_C(0);
        int32_t year = weir_civil_from_days((int32_t)weir_floor_div(last, 86400)).year;
        if (rule.has_daylight)
            rule_expand(&rule, last, year, out);
    }
    local_changes(out);
    return true;
}

bool weir_zone_fix(weir_arena *arena, int32_t offset_seconds, weir_zone *out) {
    if (!zone_allocate(arena, 0, out))
        return false;
    out->offsets[0] = offset_seconds;
    return true;
}

/* Zones by name, and conversion; see zone.h. */
#include "types/zone.h"

#include <stdlib.h>
#include <string.h>

#include "os/file.h"
#include "types/timestamp.h"
#include "types/zone_int.h"

enum { FILE_BYTES_MAX = 1 << 20, NAME_BYTES_MAX = 64, PATH_BYTES = 512, NAMES_LISTED_MAX = 2000 };
#define SECONDS_PER_400_YEARS (INT64_C(146097) * 86400)

const weir_zone *weir_zone_utc(void) {
    static int32_t offset = 0; /* never written: the structure's pointer is not to const */
    static const weir_zone utc = {.name = {"UTC", 3}, .offsets = &offset, .repeat_from_utc = INT64_MAX};
    return &utc;
}

weir_text weir_zone_name(const weir_zone *zone) { return zone->name; }

/* How many of `changes` are <= at. */
static uint32_t changes_until(const int64_t *changes, uint32_t count, int64_t at) {
    uint32_t low = 0;
    while (count > 0) {
        uint32_t half = count / 2;
        if (changes[low + half] <= at) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

/* A later time at which everything is as at `seconds`, within the table. */
static int64_t within_table(const weir_zone *zone, int64_t seconds) {
    if (seconds < zone->repeat_from_utc)
        return seconds;
    int64_t periods = (seconds - zone->repeat_from_utc) / SECONDS_PER_400_YEARS + 1;
    return seconds - periods * SECONDS_PER_400_YEARS;
}

int32_t weir_zone_offset_seconds(const weir_zone *zone, int64_t utc_seconds) {
    if (zone->change_count == 0)
        return zone->offsets[0];
    return zone->offsets[changes_until(zone->changes_utc, zone->change_count, within_table(zone, utc_seconds))];
}

int64_t weir_zone_to_local_us(const weir_zone *zone, int64_t utc_us) {
    return utc_us + weir_zone_offset_seconds(zone, weir_floor_div(utc_us, WEIR_US_PER_SECOND)) * WEIR_US_PER_SECOND;
}

int64_t weir_zone_to_utc_us(const weir_zone *zone, int64_t local_us) {
    uint32_t index = 0;
    if (zone->change_count > 0)
        index = changes_until(zone->changes_local, zone->change_count, within_table(zone, weir_floor_div(local_us, WEIR_US_PER_SECOND)));
    return local_us - zone->offsets[index] * WEIR_US_PER_SECOND;
}

static int32_t take_digits(const char **at, const char *end, int count) {
    int32_t value = 0;
    if (end - *at < count)
        return -1;
    for (int i = 0; i < count; i++, ++*at) {
        if (**at < '0' || **at > '9')
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

/* +h, +hh, +hh:mm, +h:mm, +hhmm, +hh:mm:ss, within 18 hours. */
static bool read_offset(weir_text text, int32_t *seconds) {
    const char *at = text.data, *end = text.data + text.size;
    if (at == end || (*at != '+' && *at != '-'))
        return false;
    bool negative = *at++ == '-';
    const char *colon = memchr(at, ':', (size_t)(end - at));
    ptrdiff_t hour_digits = colon != NULL ? colon - at : end - at >= 4 ? 2 : end - at;
    if (hour_digits < 1 || hour_digits > 2)
        return false;
    int32_t hours = take_digits(&at, end, (int)hour_digits), minutes = 0, rest = 0;
    if (at < end) {
        at += *at == ':';
        minutes = take_digits(&at, end, 2);
    }
    if (at < end) {
        at += *at == ':';
        rest = take_digits(&at, end, 2);
    }
    if (at != end || hours < 0 || minutes < 0 || minutes > 59 || rest < 0 || rest > 59)
        return false;
    *seconds = hours * 3600 + minutes * 60 + rest;
    if (*seconds > 18 * 3600)
        return false;
    if (negative)
        *seconds = -*seconds;
    return true;
}

/* Offsets, alone or after UTC, GMT or UT, and the names of UTC itself. */
static bool read_fixed(weir_text name, int32_t *seconds) {
    static const char *const utc[] = {"Z", "UTC", "GMT", "UT"};
    *seconds = 0;
    for (int i = 0; i < 4; i++) {
        weir_text prefix = weir_text_of(utc[i]);
        if (weir_text_equal(name, prefix))
            return true;
        if (i > 0 && weir_text_starts(name, prefix) && read_offset((weir_text){name.data + prefix.size, name.size - prefix.size}, seconds))
            return true;
    }
    return read_offset(name, seconds);
}

/* Letters, digits, and _ + - in parts divided by '/': nothing that could leave the folder. */
static bool plausible(weir_text name) {
    if (name.size == 0 || name.size > NAME_BYTES_MAX || name.data[0] == '/')
        return false;
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i], lower = (char)(c | 0x20);
        bool letter = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' || c == '/';
        if (!letter)
            return false;
    }
    return true;
}

/* The folder of zone files: TZDIR when set, as everywhere. NULL: the machine has none. */
static const char *zone_folder(void) {
    static const char *const places[] = {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"};
    const weir_files *files = weir_files_real();
    weir_file_info info;
    const char *chosen = getenv("TZDIR");
    if (chosen != NULL)
        return chosen;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (weir_files_stat(files, places[i], &info, NULL) == WEIR_OK && info.kind == WEIR_FILE_FOLDER)
            return places[i];
    return NULL;
}

static bool zone_like(weir_text name, void *context) {
    (void)context;
    return name.size > 0 && name.data[0] >= 'A' && name.data[0] <= 'Z';
}

static weir_status unknown(weir_arena *arena, weir_text name, const char *folder, weir_error *error) {
    weir_status status = weir_fail(error, WEIR_VALIDATE,
                                   "The supported Zone ID is either a full name such as 'America/Los_Angeles', or a custom timezone id "
                                   "such as 'GMT-08:00', but '%.*s' is neither.",
                                   WEIR_TEXT_ARGS(name));
    weir_arena scratch;
    weir_arena_init(&scratch, arena->memory);
    weir_file_entry *entries = NULL;
    size_t count = 0;
    weir_text *names = NULL;
    if (weir_files_list_tree(weir_files_real(), &scratch, folder, zone_like, NULL, &entries, &count, NULL) == WEIR_OK)
        names = WEIR_ARENA_ARRAY(&scratch, weir_text, count);
    size_t skip = strlen(folder) + 1;
    for (size_t i = 0; names != NULL && i < count; i++)
        names[i] = (weir_text){entries[i].path.data + skip, entries[i].path.size - skip};
    int nearest = names == NULL ? -1 : weir_text_nearest(name, names, count < NAMES_LISTED_MAX ? count : NAMES_LISTED_MAX);
    if (nearest >= 0)
        weir_error_hint(error, "Did you mean '%.*s'?", WEIR_TEXT_ARGS(names[nearest]));
    weir_arena_deinit(&scratch);
    return status;
}

static weir_status read_file(weir_arena *arena, weir_text name, const char *path, const char *folder, weir_zone *zone, weir_error *error) {
    const weir_files *files = weir_files_real();
    weir_file_info info;
    if (weir_files_stat(files, path, &info, NULL) != WEIR_OK || info.kind != WEIR_FILE_REGULAR)
        return unknown(arena, name, folder, error);
    char *data;
    size_t size, capacity;
    WEIR_TRY(weir_files_read_all(files, arena->memory, path, FILE_BYTES_MAX, &data, &size, &capacity, error));
    bool good = weir_zone_read(arena, data, size, zone);
    weir_memory_free(arena->memory, data, capacity);
    if (good)
        return WEIR_OK;
    return arena->failed ? weir_fail_memory(error, "a time zone", capacity) : unknown(arena, name, folder, error);
}

weir_status weir_zone_open(weir_arena *arena, weir_text name, const weir_zone **out, weir_error *error) {
    weir_zone *zone = WEIR_ARENA_NEW(arena, weir_zone);
    weir_text kept = weir_arena_text(arena, name);
    if (zone == NULL || kept.data == NULL)
        return weir_fail_memory(error, "a time zone", sizeof(weir_zone));
    zone->name = kept;
    *out = zone;
    int32_t seconds;
    if (read_fixed(name, &seconds))
        return weir_zone_fix(arena, seconds, zone) ? WEIR_OK : weir_fail_memory(error, "a time zone", sizeof(int32_t));
    const char *folder = zone_folder();
    if (folder == NULL)
        return weir_fail(error, WEIR_RUNTIME,
                         "The time zone '%.*s' is not known: this machine has no time zone files; install the package tzdata, or set TZDIR "
                         "to their folder.",
                         WEIR_TEXT_ARGS(name));
    char path[PATH_BYTES];
    if (!plausible(name) || strlen(folder) + name.size + 2 > sizeof(path))
        return unknown(arena, name, folder, error);
    memcpy(path, folder, strlen(folder));
    path[strlen(folder)] = '/';
    memcpy(path + strlen(folder) + 1, name.data, name.size);
    path[strlen(folder) + 1 + name.size] = 0;
    return read_file(arena, name, path, folder, zone, error);
}

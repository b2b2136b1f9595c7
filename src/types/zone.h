/* Time zones: IANA names through the system's TZif files (tzdata), "UTC", "GMT+05:30", "+05:30", "Z".
 * A zone is immutable after opening and may be shared by threads. The rule for local -> UTC is Java's: in a gap the time moves
 * forward by the gap, in an overlap the earlier offset wins. */
#ifndef WEIR_TYPES_ZONE_H
#define WEIR_TYPES_ZONE_H

#include "base/arena.h"
#include "types/type.h"

typedef struct weir_zone weir_zone;

const weir_zone *weir_zone_utc(void);
/* WEIR_VALIDATE with the nearest known name when there is no such zone. The zone lives in the arena. */
weir_status weir_zone_open(weir_arena *arena, weir_text name, const weir_zone **out, weir_error *error) WEIR_MUST_USE;
weir_text weir_zone_name(const weir_zone *zone);
int32_t weir_zone_offset_seconds(const weir_zone *zone, int64_t utc_seconds); /* local = UTC + offset */
int64_t weir_zone_to_local_us(const weir_zone *zone, int64_t utc_us);
int64_t weir_zone_to_utc_us(const weir_zone *zone, int64_t local_us);

#endif

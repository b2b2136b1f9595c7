/* Calendar pieces that only the functions over text need: Java's legacy calendar (Julian before 1582-10-15), US weeks, zones as
 * java.util.TimeZone names them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "func/time_int.h"

enum { GREGORIAN_FIRST_DAY = -141427 /* 1582-10-15 */ };

/* Julian calendar, days since 1970-01-01; any year. */
static int64_t days_from_julian(int64_t year, int64_t month, int64_t day) {
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t shifted = month > 2 ? month - 3 : month + 9;
    int64_t of_year = (153 * shifted + 2) / 5 + day - 1;
    return 365 * y + weir_floor_div(y, 4) + of_year - 719470;
}

int32_t weir_days_from_hybrid(int64_t year, int64_t month, int64_t day) {
    year += weir_floor_div(month - 1, 12);
    month = weir_floor_mod(month - 1, 12) + 1;
    if (year < -290000 || year > 290000)
        year = year < 0 ? -290000 : 290000;
    int64_t days = weir_days_from_civil((int32_t)year, (int32_t)month, 1) + (int64_t)(day - 1);
    if (days < GREGORIAN_FIRST_DAY)
        days = days_from_julian(year, month, 1) + day - 1;
    return (int32_t)(days < INT32_MIN ? INT32_MIN : days > INT32_MAX ? INT32_MAX : days);
}

weir_civil weir_hybrid_from_days(int32_t days) {
    if (days >= GREGORIAN_FIRST_DAY)
        return weir_civil_from_days(days);
    int64_t shifted = (int64_t)days + 719470;
    int64_t cycle = weir_floor_div(shifted, 1461);
    int64_t of_cycle = shifted - cycle * 1461;
    int64_t year_of_cycle = of_cycle == 1460 ? 3 : of_cycle / 365;
    int64_t of_year = of_cycle - 365 * year_of_cycle;
    int64_t m = (5 * of_year + 2) / 153;
    int64_t month = m < 10 ? m + 3 : m - 9;
    return (weir_civil){(int32_t)(cycle * 4 + year_of_cycle + (month <= 2)), (int32_t)month, (int32_t)(of_year - (153 * m + 2) / 5 + 1)};
}

/* The number of the week that holds day `day` (from 1), when the first week is the one with day 1 and weeks begin on Sunday (weekday 1). */
static int32_t week_of(int32_t day, int32_t weekday) {
    int32_t start = (int32_t)weir_floor_mod(day - weekday, 7);
    int32_t offset = start > 0 ? 7 - start : 0;
    return (7 + offset + day - 1) / 7;
}

int32_t weir_us_week_of_year(int32_t days, int32_t *week_year) {
    int32_t year = weir_civil_from_days(days).year;
    int32_t week = week_of(weir_day_of_year(days), weir_day_of_week(days));
    int32_t next = weir_days_from_civil(year + 1, 1, 1);
    int32_t next_first = next - (weir_day_of_week(next) - 1);
    if (days >= next_first) {
        week = 1;
        year++;
    }
    if (week_year != NULL)
        *week_year = year;
    return week;
}

int32_t weir_us_week_of_month(int32_t days, int32_t day_of_month) { return week_of(day_of_month, weir_day_of_week(days)); }

int64_t weir_zone_to_utc_calendar_us(const weir_zone *zone, int64_t local_us) {
    int64_t utc = weir_zone_to_utc_us(zone, local_us);
    if (weir_zone_to_local_us(zone, utc) != local_us)
        return utc; /* a gap: moved forward already */
    int64_t before = weir_zone_offset_seconds(zone, weir_floor_div(utc, WEIR_US_PER_SECOND));
    int64_t after = weir_zone_offset_seconds(zone, weir_floor_div(utc, WEIR_US_PER_SECOND) + 7200);
    int64_t later = local_us - after * WEIR_US_PER_SECOND;
    return after < before && weir_zone_to_local_us(zone, later) == local_us ? later : utc;
}

/* ---- zones ---- */

typedef struct zone_alias {
    const char *id;
    const char *zone;
} zone_alias;

/* The three-letter ids that java.util.TimeZone still knows. */
static const zone_alias aliases[] = {
    {"ACT", "Australia/Darwin"},
    {"AET", "Australia/Sydney"},
    {"AGT", "America/Argentina/Buenos_Aires"},
    {"ART", "Africa/Cairo"},
    {"AST", "America/Anchorage"},
    {"BET", "America/Sao_Paulo"},
    {"BST", "Asia/Dhaka"},
    {"CAT", "Africa/Harare"},
    {"CNT", "America/St_Johns"},
    {"CST", "America/Chicago"},
    {"CTT", "Asia/Shanghai"},
    {"EAT", "Africa/Addis_Ababa"},
    {"ECT", "Europe/Paris"},
    {"IET", "America/Indiana/Indianapolis"},
    {"IST", "Asia/Kolkata"},
    {"JST", "Asia/Tokyo"},
    {"MIT", "Pacific/Apia"},
    {"NET", "Asia/Yerevan"},
    {"NST", "Pacific/Auckland"},
    {"PLT", "Asia/Karachi"},
    {"PNT", "America/Phoenix"},
    {"PRT", "America/Puerto_Rico"},
    {"PST", "America/Los_Angeles"},
    {"SST", "Pacific/Guadalcanal"},
    {"VST", "Asia/Ho_Chi_Minh"},
    {"EST", "GMT-05:00"},
    {"MST", "GMT-07:00"},
    {"HST", "GMT-10:00"},
    {"Z", "UTC"},
};

/* GMT+h, GMT+hh, GMT+hmm, GMT+hhmm, GMT+h:mm, GMT+hh:mm as "GMT+hh:mm". */
static bool custom_zone(weir_text name, char out[32]) {
    int digits[4], count = 0, colon = -1;
    for (size_t i = 4; i < name.size; i++) {
        if (name.data[i] == ':' && colon < 0 && count > 0)
            colon = count;
        else if (name.data[i] >= '0' && name.data[i] <= '9' && count < 4)
            digits[count++] = name.data[i] - '0';
        else
            return false;
    }
    if (count == 0 || (colon >= 0 && count - colon != 2))
        return false;
    int hour_digits = colon >= 0 ? colon : count <= 2 ? count : count - 2;
    int hours = hour_digits == 1 ? digits[0] : digits[0] * 10 + digits[1];
    int minutes = count > hour_digits ? digits[hour_digits] * 10 + digits[hour_digits + 1] : 0;
    if (hour_digits > 2 || hours > 23 || minutes > 59)
        return false;
    snprintf(out, 32, "GMT%c%02d:%02d", name.data[3], hours, minutes);
    return true;
}

const weir_zone *weir_zone_java(weir_arena *arena, weir_text name) {
    const weir_zone *zone = NULL;
    char custom[32];
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (weir_text_equal_c(name, aliases[i].id))
            name = weir_text_of(aliases[i].zone);
    bool is_custom = name.size > 4 && memcmp(name.data, "GMT", 3) == 0 && (name.data[3] == '+' || name.data[3] == '-');
    if (is_custom) {
        if (!custom_zone(name, custom))
            return weir_zone_utc();
        name = weir_text_of(custom);
    } else if (name.size == 0 || !isalpha((unsigned char)name.data[0])) {
        return weir_zone_utc();
    }
    weir_text canonical;
    if (weir_zone_open(arena, name, &zone, NULL) != WEIR_OK || zone == NULL)
        return weir_zone_utc();
    canonical = weir_zone_name(zone);
    /* Names are case-sensitive in Java. */
    return is_custom || weir_text_equal(canonical, name) ? zone : weir_zone_utc();
}

typedef struct zone_names {
    const char *zone;
    const char *short_standard, *short_daylight;
    const char *standard, *daylight;
    int32_t standard_offset_seconds;
} zone_names;

static const zone_names known_names[] = {
    {"UTC", "UTC", "UTC", "Coordinated Universal Time", "Coordinated Universal Time", 0},
    {"GMT", "GMT", "GMT", "Greenwich Mean Time", "Greenwich Mean Time", 0},
    {"Europe/London", "GMT", "BST", "Greenwich Mean Time", "British Summer Time", 0},
    {"Europe/Lisbon", "WET", "WEST", "Western European Standard Time", "Western European Summer Time", 0},
    {"Europe/Berlin", "CET", "CEST", "Central European Standard Time", "Central European Summer Time", 3600},
    {"Europe/Paris", "CET", "CEST", "Central European Standard Time", "Central European Summer Time", 3600},
    {"Europe/Madrid", "CET", "CEST", "Central European Standard Time", "Central European Summer Time", 3600},
    {"Europe/Rome", "CET", "CEST", "Central European Standard Time", "Central European Summer Time", 3600},
    {"Europe/Vienna", "CET", "CEST", "Central European Standard Time", "Central European Summer Time", 3600},
    {"Europe/Zurich", "CET", "CEST", "Central European Standard Time", "Central European Summer Time", 3600},
    {"Europe/Amsterdam", "CET", "CEST", "Central European Standard Time", "Central European Summer Time", 3600},
    {"Europe/Oslo", "CET", "CEST", "Central European Standard Time", "Central European Summer Time", 3600},
    {"Europe/Stockholm", "CET", "CEST", "Central European Standard Time", "Central European Summer Time", 3600},
    {"Europe/Warsaw", "CET", "CEST", "Central European Standard Time", "Central European Summer Time", 3600},
    {"Europe/Athens", "EET", "EEST", "Eastern European Standard Time", "Eastern European Summer Time", 7200},
    {"Europe/Helsinki", "EET", "EEST", "Eastern European Standard Time", "Eastern European Summer Time", 7200},
    {"Europe/Moscow", "MSK", "MSD", "Moscow Standard Time", "Moscow Summer Time", 10800},
    {"America/New_York", "EST", "EDT", "Eastern Standard Time", "Eastern Daylight Time", -18000},
    {"America/Chicago", "CST", "CDT", "Central Standard Time", "Central Daylight Time", -21600},
    {"America/Denver", "MST", "MDT", "Mountain Standard Time", "Mountain Daylight Time", -25200},
    {"America/Los_Angeles", "PST", "PDT", "Pacific Standard Time", "Pacific Daylight Time", -28800},
    {"Asia/Tokyo", "JST", "JDT", "Japan Standard Time", "Japan Daylight Time", 32400},
    {"Asia/Shanghai", "CST", "CDT", "China Standard Time", "China Daylight Time", 28800},
    {"Asia/Kolkata", "IST", "IST", "India Standard Time", "India Standard Time", 19800},
    {"Asia/Singapore", "SGT", "SGT", "Singapore Standard Time", "Singapore Standard Time", 28800},
    {"Asia/Hong_Kong", "HKT", "HKST", "Hong Kong Standard Time", "Hong Kong Summer Time", 28800},
    {"Asia/Seoul", "KST", "KDT", "Korean Standard Time", "Korean Daylight Time", 32400},
    {"Australia/Sydney", "AEDT", "AEDT", "Australian Eastern Standard Time", "Australian Eastern Daylight Time", 36000},
};

size_t weir_zone_print_name(const weir_zone *zone, int32_t offset_seconds, int64_t utc_seconds, bool full, char *out) {
    (void)utc_seconds;
    weir_text name = weir_zone_name(zone);
    for (size_t i = 0; i < sizeof(known_names) / sizeof(known_names[0]); i++) {
        const zone_names *known = &known_names[i];
        if (!weir_text_equal_c(name, known->zone))
            continue;
        bool daylight = offset_seconds != known->standard_offset_seconds;
        const char *text =
            full ? (daylight ? known->daylight : known->standard) : (daylight ? known->short_daylight : known->short_standard);
        return (size_t)snprintf(out, 64, "%s", text);
    }
    int32_t minutes = (offset_seconds < 0 ? -offset_seconds : offset_seconds) / 60;
    return (size_t)snprintf(out, 64, "GMT%c%02d:%02d", offset_seconds < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* The calendar; see timestamp.h. Years are 64-bit inside, so that no int32_t count of days overflows on the way. */
#include "types/timestamp.h"

enum { DAYS_PER_ERA = 146097, DAYS_TO_EPOCH = 719468 }; /* 400 years; from 0000-03-01 to 1970-01-01 */

int32_t weir_days_from_civil(int32_t year, int32_t month, int32_t day) {
    int64_t y = (int64_t)year - (month <= 2); /* the year begins in March, the leap day ends it */
    int64_t era = weir_floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH);
}

weir_civil weir_civil_from_days(int32_t days) {
    int64_t z = (int64_t)days + DAYS_TO_EPOCH;
    int64_t era = weir_floor_div(z, DAYS_PER_ERA);
    uint32_t day_of_era = (uint32_t)(z - era * DAYS_PER_ERA);
    uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t month = (5 * day_of_year + 2) / 153; /* 0 = March */
    weir_civil civil;
    civil.day = (int32_t)(day_of_year - (153 * month + 2) / 5 + 1);
    civil.month = (int32_t)(month < 10 ? month + 3 : month - 9);
    civil.year = (int32_t)(era * 400 + year_of_era + (civil.month <= 2));
    return civil;
}

static bool leap(int32_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int32_t weir_days_in_month(int32_t year, int32_t month) {
    static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

int32_t weir_days_add_months(int32_t days, int32_t months) {
    weir_civil civil = weir_civil_from_days(days);
    int64_t total = (int64_t)civil.year * 12 + (civil.month - 1) + months;
    int32_t year = (int32_t)weir_floor_div(total, 12);
    int32_t month = (int32_t)weir_floor_mod(total, 12) + 1;
    int32_t last = weir_days_in_month(year, month);
    return weir_days_from_civil(year, month, civil.day < last ? civil.day : last);
}

int32_t weir_day_of_week(int32_t days) { return (int32_t)weir_floor_mod((int64_t)days + 4, 7) + 1; } /* 1970-01-01 was a Thursday, 5 */

int32_t weir_day_of_year(int32_t days) { return days - weir_days_from_civil(weir_civil_from_days(days).year, 1, 1) + 1; }

/* An ISO week belongs to the year that has its Thursday. */
static int32_t thursday_of(int32_t days) {
    int32_t monday_based = (int32_t)weir_floor_mod((int64_t)days + 3, 7);
    return days - monday_based + 3;
}

int32_t weir_iso_week_year(int32_t days) { return weir_civil_from_days(thursday_of(days)).year; }
int32_t weir_iso_week(int32_t days) { return (weir_day_of_year(thursday_of(days)) - 1) / 7 + 1; }

int64_t weir_timestamp_cut_us(int64_t us, int32_t precision) {
    static const int32_t units[7] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    if (precision >= 6)
        return us;
    /* Unsigned: near the least value there is no earlier one, and it wraps. */
    return (int64_t)((uint64_t)us - (uint64_t)weir_floor_mod(us, units[precision]));
}

/* The calendar and time zones. Expectations were checked against Java's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "os/file.h"
#include "types/timestamp.h"
#include "types/zone.h"
#include "types/zone_int.h"

static weir_memory memory;
static weir_arena arena;

static const weir_zone *open_zone(const char *name) {
    const weir_zone *zone = NULL;
    weir_error error = {0};
    if (weir_zone_open(&arena, weir_text_of(name), &zone, &error) != WEIR_OK)
        fail_msg("%s: %s", name, error.message);
    return zone;
}

static int64_t at(int year, int month, int day, int hour, int minute) {
    return weir_days_from_civil(year, month, day) * INT64_C(86400) + hour * 3600 + minute * 60;
}

static void test_calendar(void **state) {
    (void)state;
    for (int32_t days = -800000; days < 3000000; days += 13) {
        weir_civil civil = weir_civil_from_days(days);
        assert_int_equal(weir_days_from_civil(civil.year, civil.month, civil.day), days);
        assert_in_range(civil.month, 1, 12);
        assert_in_range(civil.day, 1, (uint32_t)weir_days_in_month(civil.year, civil.month));
    }
    assert_int_equal(weir_days_from_civil(1970, 1, 1), 0);
    assert_int_equal(weir_day_of_week(0), 5);
    assert_int_equal(weir_iso_week(weir_days_from_civil(2021, 1, 3)), 53);
    assert_int_equal(weir_iso_week_year(weir_days_from_civil(2021, 1, 3)), 2020);
    assert_int_equal(weir_iso_week(weir_days_from_civil(2024, 12, 30)), 1);
    assert_int_equal(weir_day_of_year(weir_days_from_civil(2024, 12, 31)), 366);
    assert_int_equal(weir_days_add_months(weir_days_from_civil(2024, 1, 31), 1), weir_days_from_civil(2024, 2, 29));
    assert_int_equal(weir_days_add_months(weir_days_from_civil(2024, 1, 31), -11), weir_days_from_civil(2023, 2, 28));
    assert_int_equal(weir_days_add_months(0, -12), -365);
    assert_int_equal(weir_timestamp_cut_us(-1, 3), -1000);
    assert_int_equal(weir_timestamp_cut_us(1999999, 0), 1000000);
    assert_int_equal(weir_timestamp_cut_us(123456, 5), 123450);
    weir_civil last = weir_civil_from_days(INT32_MAX);
    assert_int_equal(weir_days_from_civil(last.year, last.month, last.day), INT32_MAX);
    weir_civil first = weir_civil_from_days(INT32_MIN);
    assert_int_equal(weir_days_from_civil(first.year, first.month, first.day), INT32_MIN);
}

static void test_offsets(void **state) {
    (void)state;
    const weir_zone *la = open_zone("America/Los_Angeles"), *berlin = open_zone("Europe/Berlin"), *kolkata = open_zone("Asia/Kolkata");
    assert_int_equal(weir_zone_offset_seconds(la, at(2024, 3, 10, 9, 59)), -8 * 3600);
    assert_int_equal(weir_zone_offset_seconds(la, at(2024, 3, 10, 10, 0)), -7 * 3600);
    assert_int_equal(weir_zone_offset_seconds(berlin, at(2024, 7, 1, 0, 0)), 2 * 3600);
    assert_int_equal(weir_zone_offset_seconds(kolkata, 0), 19800);
    /* Far beyond the table, by the rule. */
    assert_int_equal(weir_zone_offset_seconds(la, at(2100, 7, 1, 0, 0)), -7 * 3600);
    assert_int_equal(weir_zone_offset_seconds(la, at(2500, 1, 1, 0, 0)), -8 * 3600);
    assert_int_equal(weir_zone_offset_seconds(la, at(9999, 7, 1, 0, 0)), -7 * 3600);
    assert_int_equal(weir_zone_offset_seconds(berlin, at(9999, 12, 31, 23, 0)), 3600);
    /* Before it: local mean time. */
    assert_int_equal(weir_zone_offset_seconds(berlin, at(1800, 1, 1, 0, 0)), 53 * 60 + 28);
    assert_int_equal(weir_zone_offset_seconds(weir_zone_utc(), at(2024, 1, 1, 0, 0)), 0);
}

static void test_gaps_and_overlaps(void **state) {
    (void)state;
    const weir_zone *la = open_zone("America/Los_Angeles");
    /* 2:30 does not exist on 10 March: half an hour after the change. 1:30 exists twice on 3 November: the first. */
    assert_int_equal(weir_zone_to_utc_us(la, at(2024, 3, 10, 2, 30) * 1000000), at(2024, 3, 10, 10, 30) * 1000000);
    assert_int_equal(weir_zone_to_utc_us(la, at(2024, 3, 10, 3, 0) * 1000000), at(2024, 3, 10, 10, 0) * 1000000);
    assert_int_equal(weir_zone_to_utc_us(la, at(2024, 11, 3, 1, 30) * 1000000), at(2024, 11, 3, 8, 30) * 1000000);
    assert_int_equal(weir_zone_to_utc_us(la, at(2024, 11, 3, 2, 0) * 1000000), at(2024, 11, 3, 10, 0) * 1000000);
    assert_int_equal(weir_zone_to_local_us(la, at(2024, 11, 3, 9, 30) * 1000000 + 5), at(2024, 11, 3, 1, 30) * 1000000 + 5);
    assert_int_equal(weir_zone_to_utc_us(la, -1), 28799999999);
    for (int64_t hour = 0; hour < 24 * 366; hour++) { /* there and back, but for the hours that exist twice */
        int64_t utc = at(2300, 1, 1, 0, 0) + hour * 3600;
        int64_t back = weir_zone_to_utc_us(la, weir_zone_to_local_us(la, utc * 1000000)) / 1000000;
        assert_true(back == utc || back == utc - 3600);
    }
}

static void test_names(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int32_t offset;
    } fixed[] = {{"UTC", 0},       {"Z", 0},        {"GMT+05:30", 19800}, {"+05:30", 19800},  {"-8", -28800},
                 {"+0530", 19800}, {"UTC+1", 3600}, {"GMT-8:00", -28800}, {"+01:02:03", 3723}};
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        assert_int_equal(weir_zone_offset_seconds(open_zone(fixed[i].name), 0), fixed[i].offset);
    assert_true(weir_text_equal_c(weir_zone_name(open_zone("Europe/Berlin")), "Europe/Berlin"));
    static const char *const wrong[] = {"",       "Europe/Berlim", "Nowhere",        "+19:00", "+5:3", "../../etc/passwd", "/etc/passwd",
                                        "Europe", "GMT+",          "Europe/Berlin ", "+aa:00"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const weir_zone *zone;
        weir_error error = {0};
        assert_int_equal(weir_zone_open(&arena, weir_text_of(wrong[i]), &zone, &error), WEIR_VALIDATE);
        if (strcmp(wrong[i], "Europe/Berlim") == 0)
            assert_non_null(strstr(error.hint, "Europe/Berlin"));
    }
}

static void test_rules(void **state) {
    (void)state;
    weir_zone_rule rule;
    assert_true(weir_zone_rule_parse(WEIR_TEXT("CET-1CEST,M3.5.0,M10.5.0/3"), &rule));
    int64_t begin, end;
    weir_zone_rule_changes(&rule, 2024, &begin, &end);
    assert_int_equal(begin, at(2024, 3, 31, 1, 0));
    assert_int_equal(end, at(2024, 10, 27, 1, 0));
    assert_true(weir_zone_rule_parse(WEIR_TEXT("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"), &rule));
    assert_int_equal(rule.standard_seconds, 37800);
    assert_int_equal(rule.daylight_seconds, 39600);
    assert_true(weir_zone_rule_parse(WEIR_TEXT("XXX3YYY,J60/0,300/-1"), &rule));
    weir_zone_rule_changes(&rule, 2023, &begin, &end);
    assert_int_equal(begin, at(2023, 3, 1, 3, 0));
    weir_zone_rule_changes(&rule, 2024, &begin, &end);
    assert_int_equal(begin, at(2024, 3, 1, 3, 0)); /* J never counts the leap day */
    assert_int_equal(end, at(2024, 10, 27, 1, 0)); /* the 300th day from 0, an hour before it begins, daylight time */
    static const char *const wrong[] = {
        "", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0x", "<CET-1"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(weir_zone_rule_parse(weir_text_of(wrong[i]), &rule));
}

/* A file cut anywhere is refused or read, never read beyond its end. */
static void test_broken_files(void **state) {
    (void)state;
    const char *folder = getenv("TZDIR") != NULL ? getenv("TZDIR") : "/usr/share/zoneinfo";
    weir_text path = weir_arena_format(&arena, "%s/%s", folder, "Europe/Berlin");
    char *data;
    size_t size, capacity;
    weir_error error = {0};
    assert_int_equal(weir_files_read_all(weir_files_real(), &memory, path.data, 1 << 20, &data, &size, &capacity, &error), WEIR_OK);
    weir_arena scratch;
    weir_arena_init(&scratch, &memory);
    for (size_t cut = 0; cut <= size; cut++) {
        char *exact = malloc(cut + 1);
        memcpy(exact, data, cut);
        weir_zone zone = {0};
        bool good = weir_zone_read(&scratch, exact, cut, &zone);
        if (cut == size)
            assert_true(good);
        else if (cut < 44)
            assert_false(good);
        free(exact);
        if (cut % 64 == 0)
            weir_arena_reset(&scratch);
    }
    for (size_t i = 4; i < size; i++) { /* any byte may be wrong */
        char kept = data[i];
        data[i] = (char)(kept ^ 0xFF);
        weir_zone zone = {0};
        (void)!weir_zone_read(&scratch, data, size, &zone);
        data[i] = kept;
        if (i % 64 == 0)
            weir_arena_reset(&scratch);
    }
    weir_arena_deinit(&scratch);
    weir_memory_free(&memory, data, capacity);
}

static int group_open(void **state) {
    (void)state;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    return 0;
}

static int group_close(void **state) {
    (void)state;
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar), cmocka_unit_test(test_offsets), cmocka_unit_test(test_gaps_and_overlaps),
        cmocka_unit_test(test_names),    cmocka_unit_test(test_rules),   cmocka_unit_test(test_broken_files),
    };
    return cmocka_run_group_tests(tests, group_open, group_close);
}

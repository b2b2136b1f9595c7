/* The time functions against what Flink 2.3 answered to the same calls: one line is one recorded answer ("!": it failed). */
#include "func_check.h"

static weir_value instant(int64_t microseconds, int32_t precision) {
    return (weir_value){.type = weir_type_sized(&check_arena, WEIR_KIND_TIMESTAMP_LTZ, precision, true), .as.integer = microseconds};
}

static void in_zone(const char *name) {
    assert_int_equal(weir_zone_open(&check_arena, weir_text_of(name), &check_evaluation.zone, NULL), WEIR_OK);
}

static void extract(void **state) {
    (void)state;
    GIVES_TYPED("2024", "BIGINT NOT NULL", "EXTRACT", word("YEAR"), date("2024-02-29"));
    GIVES_TYPED("0", "BIGINT NOT NULL", "EXTRACT", word("HOUR"), date("2024-02-29"));
    GIVES_TYPED("19", "BIGINT NOT NULL", "EXTRACT", word("SECOND"), date("2024-02-29"));
    GIVES_TYPED("1709164800", "BIGINT NOT NULL", "EXTRACT", word("EPOCH"), date("2024-02-29"));
    GIVES_TYPED("782", "BIGINT NOT NULL", "EXTRACT", word("MILLISECOND"), date("2024-02-29"));
    GIVES("!", "EXTRACT", word("MICROSECOND"), date("2024-02-29"));
    GIVES("!", "EXTRACT", word("NANOSECOND"), date("2024-02-29"));
    GIVES("!", "EXTRACT", word("DAY"), clock_time("12:34:56", 0));
    GIVES_TYPED("789", "BIGINT NOT NULL", "EXTRACT", word("MILLISECOND"), clock_time("12:34:56.789", 3));
    GIVES("!", "EXTRACT", word("MICROSECOND"), clock_time("12:34:56.789", 3));
    GIVES("!", "EXTRACT", word("NANOSECOND"), clock_time("12:34:56.789", 3));
    GIVES_TYPED("56", "BIGINT NOT NULL", "EXTRACT", word("SECOND"), clock_time("12:34:56.789", 3));
    GIVES("!", "EXTRACT", word("EPOCH"), clock_time("12:34:56.789", 3));
    GIVES_TYPED("2", "BIGINT NOT NULL", "EXTRACT", word("YEAR"), span_months(29));
    GIVES_TYPED("5", "BIGINT NOT NULL", "EXTRACT", word("MONTH"), span_months(29));
    GIVES_TYPED("2", "BIGINT NOT NULL", "EXTRACT", word("QUARTER"), span_months(29));
    GIVES_TYPED("3", "BIGINT NOT NULL", "EXTRACT", word("DAY"), span_ms(273906789));
    GIVES_TYPED("4", "BIGINT NOT NULL", "EXTRACT", word("HOUR"), span_ms(273906789));
    GIVES_TYPED("5", "BIGINT NOT NULL", "EXTRACT", word("MINUTE"), span_ms(273906789));
    GIVES_TYPED("6", "BIGINT NOT NULL", "EXTRACT", word("SECOND"), span_ms(273906789));
    GIVES_TYPED("789", "BIGINT NOT NULL", "EXTRACT", word("MILLISECOND"), span_ms(273906789));
    GIVES("!", "EXTRACT", word("EPOCH"), span_ms(273906789));
    GIVES("!", "EXTRACT", word("YEAR"), span_ms(273906789));
    GIVES_TYPED("-3", "BIGINT NOT NULL", "EXTRACT", word("DAY"), span_ms(-273906789));
    GIVES_TYPED("-4", "BIGINT NOT NULL", "EXTRACT", word("HOUR"), span_ms(-273906789));
    GIVES("!", "EXTRACT", word("WEEK"), span_ms(273906789));
    GIVES("!", "EXTRACT", word("MICROSECOND"), span_ms(273906789));
    GIVES("!", "EXTRACT", word("DECADE"), span_months(305));
    GIVES_TYPED("0", "BIGINT NOT NULL", "EXTRACT", word("CENTURY"), span_months(305));
    GIVES_TYPED("NULL", "BIGINT", "EXTRACT", word("YEAR"), null(WEIR_KIND_DATE));
    GIVES_TYPED("2024", "BIGINT", "EXTRACT", word("YEAR"), instant(1709214330123000, 3));
    GIVES_TYPED("13", "BIGINT", "EXTRACT", word("HOUR"), instant(1709214330123000, 3));
    GIVES_TYPED("1709214330", "BIGINT", "EXTRACT", word("EPOCH"), instant(1709214330123000, 3));
    GIVES_TYPED("60", "BIGINT", "EXTRACT", word("DOY"), instant(1709214330123000, 3));
    GIVES_TYPED("7", "BIGINT NOT NULL", "EXTRACT", word("ISODOW"), date("2024-12-29"));
    GIVES_TYPED("2025", "BIGINT NOT NULL", "EXTRACT", word("ISOYEAR"), date("2024-12-30"));
    GIVES_TYPED("1", "BIGINT NOT NULL", "EXTRACT", word("WEEK"), date("2024-12-30"));
    GIVES_TYPED("196", "BIGINT NOT NULL", "EXTRACT", word("DECADE"), date("1969-12-30"));
    GIVES_TYPED("20", "BIGINT NOT NULL", "EXTRACT", word("CENTURY"), date("2000-12-30"));
    GIVES_TYPED("21", "BIGINT NOT NULL", "EXTRACT", word("CENTURY"), date("2001-12-30"));
    GIVES_TYPED("2", "BIGINT NOT NULL", "EXTRACT", word("MILLENNIUM"), date("2000-12-30"));
    GIVES_TYPED("-14182939", "BIGINT NOT NULL", "EXTRACT", word("EPOCH"), stamp("1969-07-20 20:17:40.5", 1));
    GIVES_TYPED("-19", "BIGINT NOT NULL", "EXTRACT", word("SECOND"), stamp("1969-07-20 20:17:40.5", 1));
    GIVES_TYPED("-500", "BIGINT NOT NULL", "EXTRACT", word("MILLISECOND"), stamp("1969-07-20 20:17:40.5", 1));
    GIVES_TYPED("123", "BIGINT NOT NULL", "EXTRACT", word("MILLISECOND"), stamp("2024-07-20 20:17:40.123456789", 9));
    GIVES_TYPED("21", "BIGINT NOT NULL", "EXTRACT", word("DAY"), stamp("1969-07-20 20:17:40.5", 1));
    GIVES_TYPED("1970", "BIGINT NOT NULL", "EXTRACT", word("YEAR"), stamp("1969-12-31 20:17:40.5", 1));
}

static void parts(void **state) {
    (void)state;
    GIVES("!", "YEAR", clock_time("12:00:00", 0));
    GIVES_TYPED("0", "BIGINT NOT NULL", "HOUR", date("2024-02-29"));
    GIVES_TYPED("9", "BIGINT NOT NULL", "WEEK", stamp("2024-02-29 00:00:00", 0));
    GIVES_TYPED("5", "BIGINT NOT NULL", "DAYOFWEEK", stamp("2024-02-29 00:00:00", 0));
    GIVES("!", "YEAR", text("2024-02-29"));
}

static void floor_to(void **state) {
    (void)state;
    GIVES_TYPED("2024-01-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123", 3), word("YEAR"));
    GIVES_TYPED("2024-04-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123", 3), word("QUARTER"));
    GIVES_TYPED("2024-05-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123", 3), word("MONTH"));
    GIVES_TYPED("2024-05-12 00:00:00.000", "TIMESTAMP(3) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123", 3), word("WEEK"));
    GIVES_TYPED("2024-05-17 00:00:00.000", "TIMESTAMP(3) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123", 3), word("DAY"));
    GIVES_TYPED("2024-05-17 13:00:00.000", "TIMESTAMP(3) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123", 3), word("HOUR"));
    GIVES_TYPED("2024-05-17 13:45:00.000", "TIMESTAMP(3) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123", 3), word("MINUTE"));
    GIVES_TYPED("2024-05-17 13:45:30.000000", "TIMESTAMP(6) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123456", 6), word("SECOND"));
    GIVES_TYPED("2024-05-17 13:45:30.123000", "TIMESTAMP(6) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123456", 6),
                word("MILLISECOND"));
    GIVES("!", "FLOOR_TO", stamp("2024-05-17 13:45:30.123456", 6), word("MICROSECOND"));
    GIVES_TYPED("2020-01-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123", 3), word("DECADE"));
    GIVES_TYPED("2001-01-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123", 3), word("CENTURY"));
    GIVES_TYPED("2001-01-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "FLOOR_TO", stamp("2024-05-17 13:45:30.123", 3), word("MILLENNIUM"));
    GIVES_TYPED("2024-01-01", "DATE NOT NULL", "FLOOR_TO", date("2024-05-17"), word("YEAR"));
    GIVES_TYPED("2024-04-01", "DATE NOT NULL", "FLOOR_TO", date("2024-05-17"), word("QUARTER"));
    GIVES_TYPED("2024-05-01", "DATE NOT NULL", "FLOOR_TO", date("2024-05-17"), word("MONTH"));
    GIVES_TYPED("2024-05-12", "DATE NOT NULL", "FLOOR_TO", date("2024-05-17"), word("WEEK"));
    GIVES_TYPED("2024-05-17", "DATE NOT NULL", "FLOOR_TO", date("2024-05-17"), word("DAY"));
    GIVES_TYPED("2024-05-17", "DATE NOT NULL", "FLOOR_TO", date("2024-05-17"), word("HOUR"));
    GIVES_TYPED("2020-01-01", "DATE NOT NULL", "FLOOR_TO", date("2024-05-17"), word("DECADE"));
    GIVES_TYPED("12:00:00", "TIME(3) NOT NULL", "FLOOR_TO", clock_time("12:34:56.789", 3), word("HOUR"));
    GIVES_TYPED("12:34:00", "TIME(3) NOT NULL", "FLOOR_TO", clock_time("12:34:56.789", 3), word("MINUTE"));
    GIVES_TYPED("12:34:56", "TIME(3) NOT NULL", "FLOOR_TO", clock_time("12:34:56.789", 3), word("SECOND"));
    GIVES_TYPED("12:34:56.789", "TIME(3) NOT NULL", "FLOOR_TO", clock_time("12:34:56.789", 3), word("DAY"));
    GIVES_TYPED("1969-07-20 20:00:00.0", "TIMESTAMP(1) NOT NULL", "FLOOR_TO", stamp("1969-07-20 20:17:40.5", 1), word("HOUR"));
    GIVES_TYPED("1969-07-01 00:00:00.0", "TIMESTAMP(1) NOT NULL", "FLOOR_TO", stamp("1969-07-20 20:17:40.5", 1), word("MONTH"));
    GIVES_TYPED("2024-02-29 00:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "FLOOR_TO", instant(1709214330123000, 3), word("DAY"));
    GIVES("!", "FLOOR_TO", text("2024-05-17"), word("DAY"));
    GIVES("!", "FLOOR_TO", num(5), word("DAY"));
    GIVES("!", "FLOOR_TO", stamp("2024-05-17 13:45:30", 0), word("EPOCH"));
}

static void ceil_to(void **state) {
    (void)state;
    GIVES_TYPED("2025-01-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("YEAR"));
    GIVES_TYPED("2024-07-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("QUARTER"));
    GIVES_TYPED("2024-06-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("MONTH"));
    GIVES_TYPED("2024-05-19 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("WEEK"));
    GIVES_TYPED("2024-05-18 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("DAY"));
    GIVES_TYPED("2024-05-17 14:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("HOUR"));
    GIVES_TYPED("2024-05-17 13:46:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("MINUTE"));
    GIVES_TYPED("2024-05-17 13:45:31.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("SECOND"));
    GIVES_TYPED("2024-05-17 13:45:30.124000", "TIMESTAMP(6) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123456", 6),
                word("MILLISECOND"));
    GIVES_TYPED("2030-01-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("DECADE"));
    GIVES_TYPED("2101-01-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("CENTURY"));
    GIVES_TYPED("3001-01-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-17 13:45:30.123", 3), word("MILLENNIUM"));
    GIVES_TYPED("2024-01-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-01-01 00:00:00.000", 3), word("YEAR"));
    GIVES_TYPED("2024-05-12 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2024-05-12 00:00:00.000", 3), word("WEEK"));
    GIVES_TYPED("2030-01-01 00:00:00.000", "TIMESTAMP(3) NOT NULL", "CEIL_TO", stamp("2020-01-01 00:00:00.000", 3), word("DECADE"));
    GIVES_TYPED("2025-01-01", "DATE NOT NULL", "CEIL_TO", date("2024-05-17"), word("YEAR"));
    GIVES_TYPED("2024-07-01", "DATE NOT NULL", "CEIL_TO", date("2024-05-17"), word("QUARTER"));
    GIVES_TYPED("2024-06-01", "DATE NOT NULL", "CEIL_TO", date("2024-05-17"), word("MONTH"));
    GIVES_TYPED("2024-05-19", "DATE NOT NULL", "CEIL_TO", date("2024-05-17"), word("WEEK"));
    GIVES_TYPED("2024-05-18", "DATE NOT NULL", "CEIL_TO", date("2024-05-17"), word("DAY"));
    GIVES_TYPED("2024-05-17", "DATE NOT NULL", "CEIL_TO", date("2024-05-17"), word("HOUR"));
    GIVES_TYPED("2024-05-01", "DATE NOT NULL", "CEIL_TO", date("2024-05-01"), word("MONTH"));
    GIVES_TYPED("13:00:00", "TIME(3) NOT NULL", "CEIL_TO", clock_time("12:34:56.789", 3), word("HOUR"));
    GIVES_TYPED("12:35:00", "TIME(3) NOT NULL", "CEIL_TO", clock_time("12:34:56.789", 3), word("MINUTE"));
    GIVES("!", "CEIL_TO", clock_time("23:34:56.789", 3), word("HOUR"));
    GIVES_TYPED("2024-02-29 14:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "CEIL_TO", instant(1709214330123000, 3), word("HOUR"));
}

static void date_format(void **state) {
    (void)state;
    GIVES_TYPED("AD Anno Domini A", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("G GGGG GGGGG"));
    GIVES_TYPED("2024 24 2024 02024", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("u uu uuuu uuuuu"));
    GIVES_TYPED("2024 24 2024 2024 02024", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("y yy yyy yyyy yyyyy"));
    GIVES_TYPED("2024 24 2024", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("Y YY YYYY"));
    GIVES_TYPED("5 05 May May M", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("M MM MMM MMMM MMMMM"));
    GIVES_TYPED("5 05 May May M", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("L LL LLL LLLL LLLLL"));
    GIVES_TYPED("7 07 128 128 128", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("d dd D DD DDD"));
    GIVES_TYPED("Tue Tue Tue Tuesday T", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("E EE EEE EEEE EEEEE"));
    GIVES_TYPED("3 03 Tue Tuesday T", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("e ee eee eeee eeeee"));
    GIVES_TYPED("3 Tue Tuesday T", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("c ccc cccc ccccc"));
    GIVES_TYPED("19 19 2 7", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("w ww W F"));
    GIVES_TYPED("2 02 Q2 2nd quarter 2", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("Q QQ QQQ QQQQ QQQQQ"));
    GIVES_TYPED("2 02 Q2 2nd quarter 2", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("q qq qqq qqqq qqqqq"));
    GIVES_TYPED("3 03 3 03 3 03 3 03", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("H HH h hh K KK k kk"));
    GIVES_TYPED("0 00 12 12 0 00 24 24", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 00:05:09.123456", 6),
                text("H HH h hh K KK k kk"));
    GIVES_TYPED("5 05 9 09 1 12 123 123456000", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("m mm s ss S SS SSS SSSSSSSSS"));
    GIVES_TYPED("11109123 123456000 11109123456000", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("A n N"));
    GIVES_TYPED("0011109123 0123456000 011109123456000", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6),
                text("AAAAAAAAAA nnnnnnnnnn NNNNNNNNNNNNNNN"));
    GIVES_TYPED("AM", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("a"));
    GIVES_TYPED("at night", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("B"));
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("aa"));
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("z"));
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("XXX"));
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("VV"));
    GIVES("!", "DATE_FORMAT", instant(1715051109123000, 3), text("z zzzz VV X XX XXX x xxx Z ZZZZ ZZZZZ O OOOO"));
    GIVES("!", "DATE_FORMAT", instant(1715051109123000, 3), text("v"));
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("MMMMMM"));
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("hhh"));
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("l"));
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("yyyy'y''"));
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("yyyy 'unclosed"));
    GIVES_TYPED("03:05", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("[HH:mm]"));
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("HH{mm}"));
    GIVES_TYPED(" 3 3", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("ppHppH"));
    GIVES_TYPED("", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text(""));
    GIVES_TYPED("2024-W19-3", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09.123456", 6), text("YYYY-'W'ww-e"));
    GIVES_TYPED("2023 1 1", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2023-01-01 03:05:09.123456", 6), text("YYYY w W"));
    GIVES_TYPED("2025 1 5 3", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-12-31 03:05:09.123456", 6), text("YYYY w W F"));
    GIVES_TYPED("99 0099 99 AD", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("0099-12-31 03:05:09.123456", 6), text("y yyyy yy G"));
    GIVES_TYPED("07-08 000", "VARCHAR(2147483647)", "DATE_FORMAT", text("2024-05-06 07:08:09.5"), text("HH-mm SSS"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "DATE_FORMAT", text("2024-05-06"), text("HH-mm SSS"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "DATE_FORMAT", text("2024-05-06T07:08:09"), text("HH"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "DATE_FORMAT", text("garbage"), text("HH"));
    GIVES("!", "DATE_FORMAT", date("2024-05-06"), text("HH"));
    GIVES("!", "DATE_FORMAT", clock_time("12:00:00", 0), text("HH"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "DATE_FORMAT", stamp("2024-05-07 03:05:09", 0), null_text());
    GIVES("!", "DATE_FORMAT", stamp("2024-05-07 03:05:09", 0));
    GIVES_TYPED("1500-02-28", "VARCHAR(2147483647)", "DATE_FORMAT", text("1500-02-28 00:00:00"), text("yyyy-MM-dd"));
    GIVES_TYPED("2024-03-01", "VARCHAR(2147483647)", "DATE_FORMAT", text("2024-02-30 00:00:00"), text("yyyy-MM-dd"));
    GIVES("!", "DATE_FORMAT", text("2024-05-06 07:08:09"), text("Q"));
    GIVES_TYPED("1", "VARCHAR(2147483647)", "DATE_FORMAT", text("2024-05-06 07:08:09"), text("u"));
    GIVES_TYPED("UTC", "VARCHAR(2147483647)", "DATE_FORMAT", text("2024-05-06 07:08:09"), text("z"));
}

static void to_date(void **state) {
    (void)state;
    GIVES_TYPED("2024-02-29", "DATE", "TO_DATE", text("2024-02-29"));
    GIVES_TYPED("NULL", "DATE", "TO_DATE", text("2024-02-30"));
    GIVES_TYPED("2024-02-20", "DATE", "TO_DATE", text(" 2024-02-20 "));
    GIVES_TYPED("2024-01-01", "DATE", "TO_DATE", text("2024"));
    GIVES_TYPED("2024-05-01", "DATE", "TO_DATE", text("2024-5"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("2024-05-06 10:00:00"));
    GIVES_TYPED("NULL", "DATE", "TO_DATE", text("2024-05-06T10:00:00"));
    GIVES_TYPED("NULL", "DATE", "TO_DATE", text("20240506"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("20240506"), text("yyyyMMdd"));
    GIVES_TYPED("NULL", "DATE", "TO_DATE", text("2024-05-06x"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("2024-5-6"), text("yyyy-MM-dd"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("2024-05-06 extra"), text("yyyy-MM-dd"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("24-05-06"), text("yy-MM-dd"));
    GIVES_TYPED("1969-05-06", "DATE", "TO_DATE", text("69-05-06"), text("yy-MM-dd"));
    GIVES_TYPED("2025-01-06", "DATE", "TO_DATE", text("2024-13-06"), text("yyyy-MM-dd"));
    GIVES_TYPED("2024-03-02", "DATE", "TO_DATE", text("2024-02-31"), text("yyyy-MM-dd"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("5/6/2024"), text("M/d/yyyy"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("05/06/2024"), text("M/d/yyyy"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("Mon, 06 May 2024"), text("EEE, dd MMM yyyy"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("May 6 2024"), text("MMMM d yyyy"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("may 6 2024"), text("MMM d yyyy"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("2024 127"), text("yyyy DDD"));
    GIVES_TYPED("2024-05-01", "DATE", "TO_DATE", text("2024-05"), text("yyyy-MM"));
    GIVES_TYPED("2024-01-01", "DATE", "TO_DATE", text("2024"), text("yyyy"));
    GIVES_TYPED("1970-01-01", "DATE", "TO_DATE", text("10:00"), text("HH:mm"));
    GIVES_TYPED("5471-09-27", "DATE", "TO_DATE", text("rubbish"), text("yyyy-MM-dd"));
    GIVES("!", "TO_DATE", text("2024-05-06"), text("qqqq"));
    GIVES("!", "TO_DATE", text("2024-05-06"), text("bbb"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("2024-05-06 12:13:14"), text("yyyy-MM-dd HH:mm:ss"));
    GIVES_TYPED("NULL", "DATE", "TO_DATE", null_text());
    GIVES("!", "TO_DATE", num(20240506));
    GIVES_TYPED("NULL", "DATE", "TO_DATE", text(""));
    GIVES_TYPED("0174-08-04", "DATE", "TO_DATE", text("2024-05-06"), text("MM-dd-yyyy"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("  2024-05-06"), text("yyyy-MM-dd"));
    GIVES_TYPED("5471-09-27", "DATE", "TO_DATE", text("2024 -05-06"), text("yyyy-MM-dd"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("2024- 05-06"), text("yyyy-MM-dd"));
    GIVES_TYPED("2024-04-24", "DATE", "TO_DATE", text("2024-05--06"), text("yyyy-MM-dd"));
    GIVES_TYPED("0099-05-04", "DATE", "TO_DATE", text("99-05-06"), text("yyyy-MM-dd"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("2024-05-06"), text("yy-MM-dd"));
    GIVES_TYPED("0004-05-04", "DATE", "TO_DATE", text("4-05-06"), text("yy-MM-dd"));
    GIVES_TYPED("2024-01-28", "DATE", "TO_DATE", text("2024-W05"), text("YYYY-'W'ww"));
    GIVES_TYPED("5471-09-27", "DATE", "TO_DATE", text("xx"), text("yyyy"));
    GIVES_TYPED("2025-04-19", "DATE", "TO_DATE", text("2024-0506"), text("yyyyMMdd"));
    GIVES_TYPED("5471-09-27", "DATE", "TO_DATE", text("202456"), text("yyyyMMdd"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("2024-05-06 PST"), text("yyyy-MM-dd z"));
    GIVES_TYPED("2024-05-07", "DATE", "TO_DATE", text("2024-05-06 23:00 -0800"), text("yyyy-MM-dd HH:mm Z"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("Tuesday 2024-05-06"), text("EEEE yyyy-MM-dd"));
    GIVES_TYPED("5471-09-27", "DATE", "TO_DATE", text("a"), text("MMM"));
    GIVES_TYPED("2024-01-01", "DATE", "TO_DATE", text("JANUARY 2024"), text("MMM yyyy"));
    GIVES_TYPED("5471-09-27", "DATE", "TO_DATE", text("Sept 2024"), text("MMM yyyy"));
    GIVES_TYPED("2024-01-01", "DATE", "TO_DATE", text("2024 PM"), text("yyyy a"));
    GIVES_TYPED("5471-09-27", "DATE", "TO_DATE", text(""), text("yyyy"));
    GIVES_TYPED("5471-09-27", "DATE", "TO_DATE", text("foo"), text(""));
    GIVES_TYPED("NULL", "DATE", "TO_DATE", text("2024-05-06"), null_text());
    GIVES_TYPED("1500-03-10", "DATE", "TO_DATE", text("1500-02-29"), text("yyyy-MM-dd"));
}

static void to_timestamp(void **state) {
    (void)state;
    GIVES_TYPED("2024-05-06 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09"));
    GIVES_TYPED("2024-05-06 07:08:09.123", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09.123456789"));
    GIVES_TYPED("2024-05-06 07:08:09.100", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09.1"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09.12345678901"));
    GIVES_TYPED("2024-05-06 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 7:8:9"));
    GIVES_TYPED("2024-05-06 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-5-6 7:8:9"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08"));
    GIVES_TYPED("2024-05-06 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06"));
    GIVES_TYPED("2024-02-29 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-30 07:08:09"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-13-30 07:08:09"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 25:08:09"));
    GIVES_TYPED("2024-02-21 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 24:00:00"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 23:59:60"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text(" 2024-02-20 23:59:00 "));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20T23:59:00"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 23:59:00Z"));
    GIVES_TYPED("2024-02-29 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-30 07:08:09"), text("yyyy-MM-dd HH:mm:ss"));
    GIVES_TYPED("2024-02-20 07:08:09.123", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 07:08:09.123"),
                text("yyyy-MM-dd HH:mm:ss.SSS"));
    GIVES_TYPED("2024-02-20 07:08:09.123", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 07:08:09.123456"),
                text("yyyy-MM-dd HH:mm:ss.SSSSSS"));
    GIVES_TYPED("2024-02-20 07:08:09.100", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 07:08:09.1"), text("yyyy-MM-dd HH:mm:ss.SSS"));
    GIVES_TYPED("2024-02-20 07:08:09.123", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 07:08:09.123456"),
                text("yyyy-MM-dd HH:mm:ss.SSSSSSSSS"));
    GIVES_TYPED("2024-02-20 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 07:08:09"), text("yyyy-MM-dd HH:mm:ss.SSS"));
    GIVES_TYPED("2024-02-20 14:03:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("02:03 PM 2024-02-20"), text("hh:mm a yyyy-MM-dd"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("02:03 pm 2024-02-20"), text("hh:mm a yyyy-MM-dd"));
    GIVES_TYPED("2024-02-20 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20"), text("yyyy-MM-dd HH"));
    GIVES_TYPED("2024-02-20 10:11:12.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20T10:11:12"), text("yyyy-MM-dd'T'HH:mm:ss"));
    GIVES_TYPED("2024-02-20 10:11:12.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20T10:11:12Z"), text("yyyy-MM-dd'T'HH:mm:ssX"));
    GIVES_TYPED("2024-02-20 10:11:12.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20T10:11:12+0200"),
                text("yyyy-MM-dd'T'HH:mm:ssZ"));
    GIVES_TYPED("2024-02-20 10:11:12.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20T10:11:12Z"), text("yyyy-MM-dd'T'HH:mm:ss'Z'"));
    GIVES_TYPED("2024-02-20 10:11:12.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("20240220101112"), text("yyyyMMddHHmmss"));
    GIVES_TYPED("2024-02-20 10:11:12.123", "TIMESTAMP(3)", "TO_TIMESTAMP", text("20240220101112123"), text("yyyyMMddHHmmssSSS"));
    GIVES_TYPED("1970-01-01 10:11:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("10:11"), text("HH:mm"));
    GIVES_TYPED("2024-01-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024"), text("yyyy"));
    GIVES_TYPED("2024-02-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02"), text("yyyy-MM"));
    GIVES_TYPED("2024-02-03 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("24/2/3"), text("yy/M/d"));
    GIVES_TYPED("2099-02-03 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("99/2/3"), text("yy/M/d"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 07:08:09"), text("bad pattern"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text(""), text("yyyy"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text(""));
    GIVES_TYPED("2024-02-20 07:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 7"), text("yyyy-MM-dd H"));
    GIVES_TYPED("2024-02-20 17:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 17"), text("yyyy-MM-dd H"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 07:08:09"), null_text());
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("12024-02-20 07:08:09"));
    GIVES_TYPED("0001-01-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("0001-01-01 00:00:00"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("-0001-01-01 00:00:00"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20  07:08:09"));
    GIVES_TYPED("2024-02-20 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 07:08:09."));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("20240-02-20 07:08:09"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("24-02-20 07:08:09"));
    GIVES_TYPED("2024-02-21 01:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 25:08:09"), text("yyyy-MM-dd HH:mm:ss"));
    GIVES_TYPED("2024-03-02 05:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-2-31 5:8:9"), text("yyyy-MM-dd HH:mm:ss"));
    GIVES_TYPED("2024-02-03 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-2-3"), text("yyyy/MM/dd"));
    GIVES_TYPED("2024-02-03 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text(" 2024-2-3 "), text("yyyy/MM/dd"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-13-3"), text("yyyy/MM/dd"));
    GIVES_TYPED("2024-03-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-2-30"), text("yyyy/MM/dd"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024/2/3"), text("yyyy/MM/dd"));
    GIVES_TYPED("2024-02-20 07:08:09.123", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-20 07:08:09.123456789"),
                text("yyyy-MM-dd HH:mm:ss"));
    GIVES_TYPED("2024-02-03 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("Feb 3, 2024"), text("MMM d, yyyy"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("feb 3, 2024"), text("MMM d, yyyy"));
    GIVES_TYPED("2024-02-03 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("February 3, 2024"), text("MMMM d, yyyy"));
    GIVES_TYPED("2024-02-03 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("Sat, 03 Feb 2024"), text("EEE, dd MMM yyyy"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("Mon, 03 Feb 2024"), text("EEE, dd MMM yyyy"));
    GIVES_TYPED("2024-02-03 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024 034"), text("yyyy DDD"));
    GIVES_TYPED("2024-02-03 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024 34"), text("yyyy D"));
    GIVES_TYPED("2024-02-29 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-02-30"), text("uuuu-MM-dd"));
    GIVES_TYPED("2024-03-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("3 2024"), text("M yyyy"));
    GIVES_TYPED("1970-01-01 00:30:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("12:30 AM"), text("hh:mm a"));
    GIVES_TYPED("1970-01-01 00:30:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("12:30"), text("hh:mm"));
    GIVES_TYPED("1970-01-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("03"), text("hh"));
    GIVES_TYPED("1970-01-01 00:15:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("15"), text("mm"));
    GIVES_TYPED("2024-01-30 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-W05-3"), text("YYYY-'W'ww-e"));
    GIVES_TYPED("2024-01-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024Q2"), text("yyyy'Q'Q"));
    GIVES_TYPED("2024-05-06 07:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06[07]"), text("yyyy-MM-dd['['HH']']"));
    GIVES_TYPED("2024-05-06 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06"), text("yyyy-MM-dd[ HH:mm:ss]"));
    GIVES_TYPED("2024-05-06 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09"), text("yyyy-MM-dd[ HH:mm:ss]"));
    GIVES_TYPED("2024-05-06 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09 UTC"), text("yyyy-MM-dd HH:mm:ss VV"));
    GIVES_TYPED("2024-05-06 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09 PST"), text("yyyy-MM-dd HH:mm:ss z"));
    GIVES_TYPED("2024-05-06 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09+02:00"),
                text("yyyy-MM-dd HH:mm:ssXXX"));
    GIVES_TYPED("2024-05-06 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09 +0200"),
                text("yyyy-MM-dd HH:mm:ss Z"));
    GIVES_TYPED("2024-05-06 07:08:09.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09 +02"), text("yyyy-MM-dd HH:mm:ss x"));
    GIVES_TYPED("2024-01-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("AD 2024"), text("G yyyy"));
    GIVES_TYPED("0123-01-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("123-01-01"), text("y-MM-dd"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("23-01-01"), text("yyy-MM-dd"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("123-01-01"), text("yy-MM-dd"));
    GIVES_TYPED("2024-01-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-1-01"), text("yyyy-MM-dd"));
    GIVES_TYPED("2024-01-01 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-001-01"), text("yyyy-M-dd"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("1700000000000"), text("A"));
    GIVES_TYPED("2024-05-07 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 24:00"), text("yyyy-MM-dd HH:mm"));
    GIVES_TYPED("2024-05-06 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 24"), text("yyyy-MM-dd kk"));
    GIVES_TYPED("2024-05-06 07:08:09.123", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09.123"), text("yyyy-MM-dd HH:mm:ss.S"));
    GIVES_TYPED("2024-05-06 07:08:09.100", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:09.1"), text("yyyy-MM-dd HH:mm:ss.S"));
    GIVES_TYPED("2024-05-06 07:09:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 07:08:60"), text("yyyy-MM-dd HH:mm:ss"));
    GIVES_TYPED("2024-05-06 07:08:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06 007:08:00"), text("yyyy-MM-dd HH:mm:ss"));
    GIVES_TYPED("2024-05-06 07:08:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024-05-06T07:08"), text("yyyy-MM-dd'T'HH:mm[:ss]"));
    GIVES_TYPED("NULL", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2024 5 6"), text("yyyy ppM ppd"));
    GIVES_TYPED("1970-01-05 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("5"), text("d"));
    GIVES_TYPED("1970-01-31 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("31"), text("d"));
    GIVES_TYPED("2023-02-28 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2023 2 31"), text("yyyy M d"));
    GIVES_TYPED("2023-01-31 00:00:00.000", "TIMESTAMP(3)", "TO_TIMESTAMP", text("2023 31"), text("yyyy d"));
}

static void to_timestamp_ltz(void **state) {
    (void)state;
    GIVES_TYPED("2024-02-29 13:45:30.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", num(1709214330), num(0));
    GIVES_TYPED("2024-02-29 13:45:30.123", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", big(1709214330123), num(3));
    GIVES_TYPED("2024-02-29 13:45:30.123", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", big(1709214330123));
    GIVES_TYPED("2024-02-29 13:45:30.123456", "TIMESTAMP(6) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", big(1709214330123456), num(6));
    GIVES_TYPED("2024-02-29 13:45:30.123456789", "TIMESTAMP(9) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", big(1709214330123456789), num(9));
    GIVES_TYPED("1970-01-01 00:00:00.500", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", num(5), num(1));
    GIVES_TYPED("1970-01-01 00:00:01.500", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", real(1.5), num(0));
    GIVES_TYPED("1970-01-01 00:00:00.001", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", real(1.5), num(3));
    GIVES_TYPED("1970-01-01 00:00:01.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", dec("1.5", 5, 2), num(0));
    GIVES_TYPED("1970-01-01 00:00:00.001", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", single(1.5), num(3));
    GIVES_TYPED("1970-01-01 00:00:00.001", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", num(1), num(3));
    GIVES_TYPED("1970-01-01 00:00:01.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", tiny(1), num(0));
    GIVES_TYPED("NULL", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", null(WEIR_KIND_BIGINT), num(0));
    GIVES_TYPED("NULL", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", num(1000), null(WEIR_KIND_INT));
    GIVES_TYPED("2024-05-06 07:08:09.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024-05-06 07:08:09"));
    GIVES_TYPED("2024-05-06 07:08:09.123", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024-05-06 07:08:09.123456"));
    GIVES_TYPED("2024-05-06 00:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024-05-06"));
    GIVES("!", "TO_TIMESTAMP_LTZ", text("rubbish"));
    GIVES_TYPED("2024-05-06 00:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024/05/06"), text("yyyy/MM/dd"));
    GIVES_TYPED("2024-05-06 01:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024/05/06 10"),
                text("yyyy/MM/dd HH"), text("Asia/Tokyo"));
    GIVES_TYPED("2024-05-06 10:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024/05/06 10"),
                text("yyyy/MM/dd HH"), text("UTC"));
    GIVES_TYPED("2024-05-06 01:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024/05/06 10"),
                text("yyyy/MM/dd HH"), text("+09:00"));
    GIVES("!", "TO_TIMESTAMP_LTZ", text("2024/05/06 10"), text("yyyy/MM/dd HH"), text("Nowhere/City"));
    GIVES_TYPED("2024-05-06 10:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024-05-06T10:00:00Z"),
                text("yyyy-MM-dd'T'HH:mm:ssX"));
    GIVES_TYPED("NULL", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", null_text());
    GIVES_TYPED("NULL", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("rubbish"), text("yyyy"));
    GIVES_TYPED("1969-12-31 23:59:59.999", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", num(-1), num(3));
    GIVES_TYPED("NULL", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", big(253402300800), num(0));
    GIVES_TYPED("0000-12-31 23:59:59.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", big(-62135596801), num(0));
}

static void unix_timestamp(void **state) {
    (void)state;
    GIVES_TYPED("1714979289", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06 07:08:09"));
    GIVES_TYPED("-9223372036854775808", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06"));
    GIVES_TYPED("-9223372036854775808", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06 07:08"));
    GIVES_TYPED("1714979289", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06 07:08:09.5"));
    GIVES_TYPED("1714979289", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06 07:08:09.9"));
    GIVES_TYPED("1714979289", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06 7:8:9"));
    GIVES_TYPED("1709276889", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-02-30 7:8:9"));
    GIVES_TYPED("1708477689", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-02-20 25:08:09"));
    GIVES_TYPED("-9223372036854775808", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("bad"));
    GIVES_TYPED("1714953600", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024/05/06"), text("yyyy/MM/dd"));
    GIVES_TYPED("1714953600", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024/05/06 extra"), text("yyyy/MM/dd"));
    GIVES_TYPED("1714953600", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("06 May 2024"), text("dd MMM yyyy"));
    GIVES_TYPED("1714972089", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06T07:08:09+0200"), text("yyyy-MM-dd'T'HH:mm:ssZ"));
    GIVES_TYPED("1714972089", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06T07:08:09+02:00"), text("yyyy-MM-dd'T'HH:mm:ssXXX"));
    GIVES_TYPED("1714979289", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06T07:08:09Z"), text("yyyy-MM-dd'T'HH:mm:ssXXX"));
    GIVES_TYPED("1715008089", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06 07:08:09 PST"), text("yyyy-MM-dd HH:mm:ss z"));
    GIVES_TYPED("1714972089", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06 07:08:09 GMT+02:00"), text("yyyy-MM-dd HH:mm:ss z"));
    GIVES_TYPED("1714979289", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-05-06 07:08:09.123"), text("yyyy-MM-dd HH:mm:ss.SSS"));
    GIVES_TYPED("-9223372036854775808", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("bad"), text("yyyy/MM/dd"));
    GIVES_TYPED("1704067200", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024"), text("yyyy"));
    GIVES_TYPED("1704067200", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("24"), text("yy"));
    GIVES_TYPED("915148800", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("99"), text("yy"));
    GIVES("!", "UNIX_TIMESTAMP", text("2024"), text("b"));
    GIVES_TYPED("NULL", "BIGINT", "UNIX_TIMESTAMP", null_text());
    GIVES_TYPED("NULL", "BIGINT", "UNIX_TIMESTAMP", null_text(), text("yyyy"));
    GIVES_TYPED("-1", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("1969-12-31 23:59:59"));
    GIVES_TYPED("0", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("1969-12-31 23:59:59.5"), text("yyyy-MM-dd HH:mm:ss.S"));
    GIVES_TYPED("-14825980800", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("1500-02-28 00:00:00"));
}

static void from_unixtime(void **state) {
    (void)state;
    GIVES_TYPED("1970-01-01 00:00:00", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(0));
    GIVES_TYPED("2024-05-07 03:05:09", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109));
    GIVES_TYPED("1969-12-31 23:59:59", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(-1));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "FROM_UNIXTIME", null(WEIR_KIND_BIGINT));
    GIVES_TYPED("2024/05/07", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109), text("yyyy/MM/dd"));
    GIVES_TYPED("AD AD 2024 24 2024 2024 2024 24 2024", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109),
                text("G GGGG y yy yyy yyyy Y YY YYYY"));
    GIVES_TYPED("5 05 May May 5 May May", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109), text("M MM MMM MMMM L LLL LLLL"));
    GIVES_TYPED("19 2 128 128 7 07 1 Tue Tue Tue Tuesday 2", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109),
                text("w W D DD d dd F E EE EEE EEEE u"));
    GIVES_TYPED("AM 3 03 3 03 3 03 3 03", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109), text("a H HH k kk K KK h hh"));
    GIVES_TYPED("5 05 9 09 0 00 000 0000", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109), text("m mm s ss S SS SSS SSSS"));
    GIVES_TYPED("UTC Coordinated Universal Time +0000 +0000 Z Z Z", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109),
                text("z zzzz Z ZZ X XX XXX"));
    GIVES_TYPED("May Tuesday AD", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109), text("MMMMM EEEEE GGGGG"));
    GIVES("!", "FROM_UNIXTIME", num(1715051109), text("Q"));
    GIVES("!", "FROM_UNIXTIME", num(1715051109), text("e"));
    GIVES_TYPED("2024T03'", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109), text("yyyy'T'HH''"));
    GIVES("!", "FROM_UNIXTIME", num(1715051109), text("[HH]{x}"));
    GIVES("!", "FROM_UNIXTIME", num(1715051109), text("yyyy 'unclosed"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1715051109), null_text());
    GIVES("!", "FROM_UNIXTIME", dec("1715051109.7", 11, 1));
    GIVES("!", "FROM_UNIXTIME", text("1715051109"));
    GIVES_TYPED("1970-01-01 00:00:01", "VARCHAR(2147483647)", "FROM_UNIXTIME", tiny(1));
    GIVES("!", "FROM_UNIXTIME", real(1.7));
    GIVES_TYPED("1336-03-15 12:26:40", "VARCHAR(2147483647)", "FROM_UNIXTIME", big(-20000000000));
}

static void convert_tz(void **state) {
    (void)state;
    GIVES_TYPED("1969-12-31 16:00:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00"), text("UTC"),
                text("America/Los_Angeles"));
    GIVES_TYPED("1969-12-31 16:00:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00"), text("UTC"), text("PST"));
    GIVES_TYPED("1970-01-01 05:30:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00"), text("UTC"), text("GMT+05:30"));
    GIVES_TYPED("1970-01-01 00:00:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00"), text("UTC"), text("+05:30"));
    GIVES_TYPED("1970-01-01 00:00:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00"), text("UTC"), text("Nowhere"));
    GIVES_TYPED("1969-12-31 19:00:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00"), text("UTC"), text("EST"));
    GIVES_TYPED("1969-12-31 21:00:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00"), text("UTC"), text("GMT-3"));
    GIVES_TYPED("1969-12-31 18:00:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00"), text("UTC"), text("CST"));
    GIVES_TYPED("1970-01-01 00:00:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00"), text("UTC"), text("asia/tokyo"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01"), text("UTC"), text("Asia/Tokyo"));
    GIVES_TYPED("1970-01-01 09:00:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00.5"), text("UTC"), text("Asia/Tokyo"));
    GIVES_TYPED("1970-01-01 10:02:03", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 1:2:3"), text("UTC"), text("Asia/Tokyo"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "CONVERT_TZ", text("bad"), text("UTC"), text("Asia/Tokyo"));
    GIVES_TYPED("2024-03-10 10:30:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("2024-03-10 02:30:00"), text("America/Los_Angeles"),
                text("UTC"));
    GIVES_TYPED("2024-11-03 09:30:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("2024-11-03 01:30:00"), text("America/Los_Angeles"),
                text("UTC"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "CONVERT_TZ", null_text(), text("UTC"), text("Asia/Tokyo"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "CONVERT_TZ", text("1970-01-01 00:00:00"), null_text(), text("Asia/Tokyo"));
    GIVES_TYPED("1500-02-28 00:00:00", "VARCHAR(2147483647)", "CONVERT_TZ", text("1500-02-28 00:00:00"), text("UTC"), text("UTC"));
}

static void timestampadd(void **state) {
    (void)state;
    GIVES_TYPED("2024-01-31 00:00:05", "TIMESTAMP(0) NOT NULL", "TIMESTAMPADD", word("SECOND"), num(5), stamp("2024-01-31 00:00:00", 0));
    GIVES("2024-01-31 00:00:00.005", "TIMESTAMPADD", word("MILLISECOND"), num(5), stamp("2024-01-31 00:00:00", 0));
    GIVES("!", "TIMESTAMPADD", word("MICROSECOND"), num(5), stamp("2024-01-31 00:00:00", 0));
    GIVES_TYPED("2024-01-31 00:05:00.123", "TIMESTAMP(3) NOT NULL", "TIMESTAMPADD", word("MINUTE"), num(5),
                stamp("2024-01-31 00:00:00.123", 3));
    GIVES_TYPED("2024-01-31 05:00:00.000000", "TIMESTAMP(6) NOT NULL", "TIMESTAMPADD", word("HOUR"), num(5), date("2024-01-31"));
    GIVES_TYPED("2024-01-31 00:05:00.000000", "TIMESTAMP(6) NOT NULL", "TIMESTAMPADD", word("MINUTE"), num(5), date("2024-01-31"));
    GIVES_TYPED("2024-01-31 00:00:05.000000", "TIMESTAMP(6) NOT NULL", "TIMESTAMPADD", word("SECOND"), num(5), date("2024-01-31"));
    GIVES("2024-02-05", "TIMESTAMPADD", word("DAY"), num(5), date("2024-01-31"));
    GIVES("2024-02-07", "TIMESTAMPADD", word("WEEK"), num(1), date("2024-01-31"));
    GIVES("2024-02-29", "TIMESTAMPADD", word("MONTH"), num(1), date("2024-01-31"));
    GIVES("2024-04-30", "TIMESTAMPADD", word("QUARTER"), num(1), date("2024-01-31"));
    GIVES("2025-02-28", "TIMESTAMPADD", word("YEAR"), num(1), date("2024-02-29"));
    GIVES_TYPED("2024-02-29 00:00:00", "TIMESTAMP(0) NOT NULL", "TIMESTAMPADD", word("MONTH"), num(1), stamp("2024-01-31 00:00:00", 0));
    GIVES("13:00:00", "TIMESTAMPADD", word("HOUR"), num(25), clock_time("12:00:00", 0));
    GIVES("12:00:00", "TIMESTAMPADD", word("DAY"), num(1), clock_time("12:00:00", 0));
    GIVES("12:00:00", "TIMESTAMPADD", word("MONTH"), num(1), clock_time("12:00:00", 0));
    GIVES_TYPED("NULL", "DATE", "TIMESTAMPADD", word("DAY"), null(WEIR_KIND_INT), date("2024-01-31"));
    GIVES("2024-02-03", "TIMESTAMPADD", word("DAY"), big(3), date("2024-01-31"));
    GIVES("!", "TIMESTAMPADD", word("DAY"), dec("1.5", 2, 1), date("2024-01-31"));
    GIVES_TYPED("1970-01-01 01:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMPADD", word("HOUR"), num(1), instant(0, 3));
    GIVES_TYPED("1970-02-01 00:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMPADD", word("MONTH"), num(1), instant(0, 3));
    GIVES("!", "TIMESTAMPADD", word("DAY"), num(1), text("2024-01-01"));
}

static void timestampdiff(void **state) {
    (void)state;
    GIVES_TYPED("60", "INT NOT NULL", "TIMESTAMPDIFF", word("SECOND"), stamp("2024-01-31 00:00:00", 0), stamp("2024-01-31 00:01:00.9", 1));
    GIVES_TYPED("-60", "INT NOT NULL", "TIMESTAMPDIFF", word("SECOND"), stamp("2024-01-31 00:01:00.9", 1), stamp("2024-01-31 00:00:00", 0));
    GIVES_TYPED("60000", "INT NOT NULL", "TIMESTAMPDIFF", word("MILLISECOND"), stamp("2024-01-31 00:00:00", 0),
                stamp("2024-01-31 00:01:00.9", 1));
    GIVES_TYPED("60000000", "INT NOT NULL", "TIMESTAMPDIFF", word("MICROSECOND"), stamp("2024-01-31 00:00:00", 0),
                stamp("2024-01-31 00:01:00.9", 1));
    GIVES_TYPED("60000000000", "BIGINT NOT NULL", "TIMESTAMPDIFF", word("NANOSECOND"), stamp("2024-01-31 00:00:00", 0),
                stamp("2024-01-31 00:01:00.9", 1));
    GIVES_TYPED("0", "INT NOT NULL", "TIMESTAMPDIFF", word("DAY"), clock_time("12:00:00", 0), clock_time("13:00:00", 0));
    GIVES_TYPED("1", "INT NOT NULL", "TIMESTAMPDIFF", word("HOUR"), clock_time("12:00:00", 0), clock_time("13:00:00", 0));
    GIVES_TYPED("1", "INT NOT NULL", "TIMESTAMPDIFF", word("MONTH"), date("2024-01-31"), date("2024-02-29"));
    GIVES_TYPED("-1", "INT NOT NULL", "TIMESTAMPDIFF", word("MONTH"), date("2024-02-29"), date("2024-01-31"));
    GIVES_TYPED("0", "INT NOT NULL", "TIMESTAMPDIFF", word("MONTH"), stamp("2024-01-31 12:00:00", 0), stamp("2024-02-29 11:00:00", 0));
    GIVES_TYPED("0", "INT NOT NULL", "TIMESTAMPDIFF", word("MONTH"), stamp("2024-01-15 12:00:00", 0), stamp("2024-02-15 11:59:59", 0));
    GIVES_TYPED("1", "INT NOT NULL", "TIMESTAMPDIFF", word("YEAR"), date("2024-02-29"), date("2025-02-28"));
    GIVES_TYPED("4", "INT NOT NULL", "TIMESTAMPDIFF", word("QUARTER"), date("2024-02-29"), date("2025-02-28"));
    GIVES_TYPED("11", "INT", "TIMESTAMPDIFF", word("DAY"), instant(0, 3), instant(1000000000000, 3));
    GIVES("!", "TIMESTAMPDIFF", word("DAY"), instant(0, 3), stamp("2024-01-31 00:00:00", 0));
    GIVES_TYPED("1973748992", "INT NOT NULL", "TIMESTAMPDIFF", word("SECOND"), date("0001-01-01"), date("9999-01-01"));
    GIVES_TYPED("99", "INT NOT NULL", "TIMESTAMPDIFF", word("CENTURY"), date("0001-01-01"), date("9999-01-01"));
    GIVES_TYPED("9998", "INT NOT NULL", "TIMESTAMPDIFF", word("DECADE"), date("0001-01-01"), date("9999-01-01"));
    GIVES("!", "TIMESTAMPDIFF", word("DAY"), text("2024-01-01"), text("2024-01-02"));
    GIVES_TYPED("1", "INT NOT NULL", "TIMESTAMPDIFF", word("DAY"), date("2024-01-01"), stamp("2024-01-02 00:00:00", 0));
}

static void overlaps(void **state) {
    (void)state;
    GIVES("FALSE", "OVERLAPS", date("2024-01-01"), null(WEIR_KIND_DATE), date("2024-01-10"), date("2024-01-20"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "OVERLAPS", stamp("2024-01-01 00:00:00", 0), span_months(1), stamp("2024-01-10 00:00:00", 0),
                stamp("2024-01-05 00:00:00", 0));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "OVERLAPS", date("2024-01-10"), date("2024-01-01"), date("2024-01-05"), date("2024-01-06"));
}

static void date_format_in_los_angeles(void **state) {
    (void)state;
    in_zone("America/Los_Angeles");
    GIVES_TYPED("02:30 UTC", "VARCHAR(2147483647)", "DATE_FORMAT", text("2024-03-10 02:30:00"), text("HH:mm z"));
    GIVES_TYPED("02:30", "VARCHAR(2147483647)", "DATE_FORMAT", text("2024-03-10 02:30:00"), text("HH:mm"));
    GIVES_TYPED("2024-11-03 01:30:00", "VARCHAR(2147483647)", "DATE_FORMAT", instant(1730626200000000, 3), text("yyyy-MM-dd HH:mm:ss"));
}

static void to_date_in_los_angeles(void **state) {
    (void)state;
    in_zone("America/Los_Angeles");
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("2024-05-06 23:00 +0000"), text("yyyy-MM-dd HH:mm Z"));
    GIVES_TYPED("2024-05-06", "DATE", "TO_DATE", text("2024-05-06"), text("yyyy-MM-dd"));
}

static void unix_timestamp_in_los_angeles(void **state) {
    (void)state;
    in_zone("America/Los_Angeles");
    GIVES_TYPED("1730626200", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-11-03 01:30:00"));
    GIVES_TYPED("1710066600", "BIGINT NOT NULL", "UNIX_TIMESTAMP", text("2024-03-10 02:30:00"));
}

static void from_unixtime_in_los_angeles(void **state) {
    (void)state;
    in_zone("America/Los_Angeles");
    GIVES_TYPED("2024-11-03 01:30:00", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1730626200));
    GIVES_TYPED("2024-11-03 01:30:00 PST Pacific Standard Time -0800 -08:00 -08", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1730626200),
                text("yyyy-MM-dd HH:mm:ss z zzzz Z XXX X"));
    GIVES_TYPED("2024-07-10 08:43:20 PDT Pacific Daylight Time -0700 -07:00 -07", "VARCHAR(2147483647)", "FROM_UNIXTIME", num(1720626200),
                text("yyyy-MM-dd HH:mm:ss z zzzz Z XXX X"));
}

static void to_timestamp_ltz_in_los_angeles(void **state) {
    (void)state;
    in_zone("America/Los_Angeles");
    GIVES_TYPED("2024-03-09 18:30:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024-03-10 02:30:00"));
    GIVES_TYPED("2024-11-02 18:30:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024-11-03 01:30:00"));
    GIVES_TYPED("2024-11-02 18:30:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024-11-03 01:30:00"),
                text("yyyy-MM-dd HH:mm:ss"));
    GIVES_TYPED("2024-11-03 01:30:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024-11-03 01:30:00"),
                text("yyyy-MM-dd HH:mm:ss"), text("America/Los_Angeles"));
    GIVES_TYPED("2024-03-10 03:30:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TO_TIMESTAMP_LTZ", text("2024-03-10 02:30:00"),
                text("yyyy-MM-dd HH:mm:ss"), text("America/Los_Angeles"));
}

static void floor_to_in_los_angeles(void **state) {
    (void)state;
    in_zone("America/Los_Angeles");
    GIVES_TYPED("2024-11-03 01:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "FLOOR_TO", instant(1730626200000000, 3), word("DAY"));
}

static void ceil_to_in_los_angeles(void **state) {
    (void)state;
    in_zone("America/Los_Angeles");
    GIVES_TYPED("2024-11-04 00:00:00.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "CEIL_TO", instant(1730626200000000, 3), word("DAY"));
}

static void extract_in_los_angeles(void **state) {
    (void)state;
    in_zone("America/Los_Angeles");
    GIVES_TYPED("1", "BIGINT", "EXTRACT", word("HOUR"), instant(1730626200000000, 3));
    GIVES_TYPED("1730597400", "BIGINT", "EXTRACT", word("EPOCH"), instant(1730626200000000, 3));
    GIVES_TYPED("2", "BIGINT", "EXTRACT", word("DAY"), instant(1730607200000000, 3));
}

static void timestampdiff_in_los_angeles(void **state) {
    (void)state;
    in_zone("America/Los_Angeles");
    GIVES_TYPED("1", "INT", "TIMESTAMPDIFF", word("MONTH"), instant(1730607200000000, 3), instant(1733207200000000, 3));
}

static void timestampadd_in_los_angeles(void **state) {
    (void)state;
    in_zone("America/Los_Angeles");
    GIVES_TYPED("2024-12-02 20:13:20.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMPADD", word("MONTH"), num(1),
                instant(1730607200000000, 3));
    GIVES_TYPED("2024-11-03 20:13:20.000", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMPADD", word("DAY"), num(1),
                instant(1730607200000000, 3));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(extract, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(parts, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(floor_to, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(ceil_to, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(date_format, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(to_date, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(to_timestamp, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(to_timestamp_ltz, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(unix_timestamp, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(from_unixtime, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(convert_tz, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(timestampadd, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(timestampdiff, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(overlaps, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(date_format_in_los_angeles, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(to_date_in_los_angeles, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(unix_timestamp_in_los_angeles, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(from_unixtime_in_los_angeles, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(to_timestamp_ltz_in_los_angeles, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(floor_to_in_los_angeles, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(ceil_to_in_los_angeles, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(extract_in_los_angeles, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(timestampdiff_in_los_angeles, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(timestampadd_in_los_angeles, check_setup, check_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

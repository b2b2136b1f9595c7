/* Values in their usual form, decoded without branches where it can be done; shared by the readers. The input is padded. What is unusual is
 * left to others: then these say so and nothing was done.
 */
#ifndef WEIR_FORMAT_FAST_H
#define WEIR_FORMAT_FAST_H

#include "column/column.h"
#include "format/scan.h"
#include "types/timestamp.h"

/* A plain decimal number: digits, maybe a point and digits, no exponent, 18 digits at most. *end is NULL when it is not. */
typedef struct weir_fast_number {
    bool negative;
    uint64_t digits;
    unsigned fraction; /* digits behind the point */
    const char *end;
} weir_fast_number;

static inline weir_fast_number weir_fast_plain(const char *p) {
    static const uint64_t pow10[19] = {1ull,
                                       10ull,
                                       100ull,
                                       1000ull,
                                       10000ull,
                                       100000ull,
                                       1000000ull,
                                       10000000ull,
                                       100000000ull,
                                       1000000000ull,
                                       10000000000ull,
                                       100000000000ull,
                                       1000000000000ull,
                                       10000000000000ull,
                                       100000000000000ull,
                                       1000000000000000ull,
                                       10000000000000000ull,
                                       100000000000000000ull,
                                       1000000000000000000ull};
    weir_fast_number number = {.negative = *p == '-'};
    p += number.negative;
    const char *end = weir_scan_digits(p, &number.digits);
    size_t whole = (size_t)(end - p);
    if (whole == 0 || whole > 18 || (*p == '0' && whole > 1))
        return number;
    if (*end == '.') {
        uint64_t fraction;
        const char *start = end + 1;
        end = weir_scan_digits(start, &fraction);
        size_t count = (size_t)(end - start);
        if (count == 0 || whole + count > 18)
            return number;
        number.digits = number.digits * pow10[count] + fraction;
        number.fraction = (unsigned)count;
    }
    number.end = end;
    return number;
}

/* Both sides of the division are exact doubles up to here, so that it rounds correctly. */
#define WEIR_FAST_DOUBLE_MAX (1ull << 53)
static inline double weir_fast_double(const weir_fast_number *number) {
    static const double pow10[19] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                     1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
    double value = (double)number->digits / pow10[number->fraction];
    return number->negative ? -value : value;
}

/* A view over at most 12 bytes of padded input, without a copy of variable length. */
static inline weir_view weir_fast_view(const char *data, size_t size) {
#if defined(__SSE2__)
    static const uint64_t low[13] = {0,     0xFF,  0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF,
                                     ~0ull, ~0ull, ~0ull,  ~0ull,    ~0ull};
    static const uint32_t high[13] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF};
    if (size <= WEIR_VIEW_INLINE_BYTES) {
        weir_view view;
        view.size = (uint32_t)size;
        uint64_t head = weir_load64(data) & low[size];
        uint32_t tail;
        memcpy(&tail, data + 8, 4);
        tail &= high[size];
        memcpy(view.as.inlined, &head, 8);
        memcpy(view.as.inlined + 8, &tail, 4);
        return view;
    }
#endif
    return weir_view_over(data, (uint32_t)size);
}

/* The day that was seen last: timestamps of one stream share it. Starts as zeros. */
typedef struct weir_fast_date {
    char text[16];
    int64_t us;
} weir_fast_date;

/* "yyyy-MM-dd HH:mm" in digits 0..9; false when it has another form. */
static inline bool weir_fast_minute(const char *p, char separator, uint8_t digits[16]) {
#if defined(__SSE2__)
    const __m128i form = _mm_setr_epi8('0', '0', '0', '0', '-', '0', '0', '-', '0', '0', separator, '0', '0', ':', '0', '0');
    const __m128i most = _mm_setr_epi8(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9);
    __m128i value = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)p), form);
    __m128i over = _mm_subs_epu8(value, most);
    _mm_storeu_si128((__m128i *)digits, value);
    return _mm_movemask_epi8(_mm_cmpeq_epi8(over, _mm_setzero_si128())) == 0xFFFF;
#else
    static const char form[] = "0000-00-00S00:00";
    for (int i = 0; i < 16; i++) {
        char c = form[i] == 'S' ? separator : form[i];
        digits[i] = (uint8_t)(p[i] - c);
        if (digits[i] > (c == '0' ? 9 : 0))
            return false;
    }
    return true;
#endif
}

/* Microseconds of the day that starts the text p; from the cache when it is the day seen last. */
static inline bool weir_fast_day(weir_fast_date *cache, const char *p, const uint8_t digits[16], int64_t *us) {
    if (WEIR_LIKELY(memcmp(cache->text, p, 8) == 0 && memcmp(cache->text + 8, p + 8, 2) == 0)) {
        *us = cache->us;
        return true;
    }
    int32_t year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
    int32_t month = digits[5] * 10 + digits[6], day = digits[8] * 10 + digits[9];
    if (month < 1 || month > 12 || day < 1 || day > weir_days_in_month(year, month))
        return false;
    memcpy(cache->text, p, 10);
    *us = cache->us = (int64_t)weir_days_from_civil(year, month, day) * WEIR_US_PER_DAY;
    return true;
}

/* "yyyy-MM-dd HH:mm:ss" and maybe a fraction of 1 to 6 digits; returns where it ends, NULL when it has another form. */
static inline const char *weir_fast_timestamp(weir_fast_date *cache, const char *p, char separator, int64_t *us) {
    static const uint32_t scale_us[7] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    uint8_t d[16];
    if (WEIR_UNLIKELY(!weir_fast_minute(p, separator, d) || p[16] != ':' || !weir_fast_day(cache, p, d, us)))
        return NULL;
    unsigned tens = (unsigned)(p[17] - '0'), ones = (unsigned)(p[18] - '0');
    unsigned hour = d[11] * 10u + d[12], minute = d[14] * 10u + d[15];
    if (WEIR_UNLIKELY(tens > 5 || ones > 9 || hour > 23 || minute > 59))
        return NULL;
    *us += (int64_t)((hour * 60 + minute) * 60 + tens * 10 + ones) * 1000000;
    p += 19;
    if (*p != '.')
        return p;
    uint64_t fraction;
    const char *end = weir_scan_digits(p + 1, &fraction);
    size_t count = (size_t)(end - p - 1);
    if (count == 0 || count > 6)
        return NULL;
    *us += (int64_t)fraction * scale_us[count];
    return end;
}

#endif

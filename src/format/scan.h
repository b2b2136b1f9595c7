/* Vector scans over input that is padded (WEIR_READ_PADDING) and ends in '\n'. SSE2 where the machine is an x86-64, words of eight bytes
 * elsewhere. */
#ifndef WEIR_FORMAT_SCAN_H
#define WEIR_FORMAT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define WEIR_LIKELY(x) __builtin_expect(!!(x), 1)
#define WEIR_UNLIKELY(x) __builtin_expect(!!(x), 0)

typedef enum weir_string_flags { WEIR_STRING_ESCAPED = 1, WEIR_STRING_HIGH = 2 } weir_string_flags;

static inline uint64_t weir_load64(const char *p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

/* Bytes of `word` equal to the byte that `pattern` repeats: their top bit set (exact, no false positives below the first hit). */
static inline uint64_t weir_word_has(uint64_t word, uint64_t pattern) {
    uint64_t x = word ^ pattern;
    return (x - 0x0101010101010101ull) & ~x & 0x8080808080808080ull;
}

/* The first of a, b, c at or after p. One of them must come. */
static inline const char *weir_find_any3(const char *p, char a, char b, char c) {
#if defined(__SSE2__)
    const __m128i va = _mm_set1_epi8(a), vb = _mm_set1_epi8(b), vc = _mm_set1_epi8(c);
    for (;; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)p);
        int mask = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, va), _mm_cmpeq_epi8(v, vb)), _mm_cmpeq_epi8(v, vc)));
        if (mask != 0)
            return p + __builtin_ctz((unsigned)mask);
    }
#else
    while (*p != a && *p != b && *p != c)
        p++;
    return p;
#endif
}

/* The closing quote of a JSON string whose first character is at p; NULL when the line ends before. */
static inline const char *weir_string_end(const char *p, unsigned *flags) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), back = _mm_set1_epi8('\\'), line = _mm_set1_epi8('\n');
    unsigned high = 0;
    for (;;) {
        __m128i v = _mm_loadu_si128((const __m128i *)p);
        unsigned mask = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, back)), _mm_cmpeq_epi8(v, line)));
        unsigned top = (unsigned)_mm_movemask_epi8(v);
        if (mask == 0) {
            high |= top;
            p += 16;
            continue;
        }
        unsigned at = (unsigned)__builtin_ctz(mask);
        high |= top & ((1u << at) - 1);
        p += at;
        if (WEIR_LIKELY(*p == '"'))
            break;
        if (*p == '\n' || p[1] == '\n')
            return NULL;
        *flags |= WEIR_STRING_ESCAPED;
        p += 2;
    }
    if (high != 0)
        *flags |= WEIR_STRING_HIGH;
    return p;
#else
    unsigned char high = 0;
    for (;; p++) {
        if (*p == '"')
            break;
        if (*p == '\n')
            return NULL;
        if (*p == '\\') {
            if (p[1] == '\n')
                return NULL;
            *flags |= WEIR_STRING_ESCAPED;
            p++;
            continue;
        }
        high |= (unsigned char)*p;
    }
    if (high & 0x80)
        *flags |= WEIR_STRING_HIGH;
    return p;
#endif
}

/* The first quote, bracket of either kind or line end at or after p. */
static inline const char *weir_find_structure(const char *p) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), open = _mm_set1_epi8('{'), shut = _mm_set1_epi8('}'), line = _mm_set1_epi8('\n'),
                  fold = _mm_set1_epi8(0x20);
    for (;; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)p);
        __m128i folded = _mm_or_si128(v, fold); /* '[' and ']' differ from '{' and '}' in this bit alone */
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, line)),
                                   _mm_or_si128(_mm_cmpeq_epi8(folded, open), _mm_cmpeq_epi8(folded, shut)));
        int mask = _mm_movemask_epi8(hit);
        if (mask != 0)
            return p + __builtin_ctz((unsigned)mask);
    }
#else
    while (*p != '"' && *p != '\n' && (*p | 0x20) != '{' && (*p | 0x20) != '}')
        p++;
    return p;
#endif
}

/* Decimal digits from p: *value is what they say modulo 2^64; returns where they end. More than 19 of them may have wrapped. */
static inline const char *weir_scan_digits(const char *p, uint64_t *value) {
    uint64_t total = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    static const uint64_t pow10[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    for (;;) {
        uint64_t word = weir_load64(p);
        uint64_t other = ((word & 0xF0F0F0F0F0F0F0F0ull) ^ 0x3030303030303030ull) |
                         (((word + 0x0606060606060606ull) & 0xF0F0F0F0F0F0F0F0ull) ^ 0x3030303030303030ull);
        unsigned count = other == 0 ? 8 : (unsigned)__builtin_ctzll(other) >> 3;
        if (count == 0)
            break;
        uint64_t digits = word << (64 - 8 * count); /* leading zeros come in below */
        digits &= 0x0F0F0F0F0F0F0F0Full;
        digits = (digits * 10 + (digits >> 8)) & 0x00FF00FF00FF00FFull;
        digits = (digits * 100 + (digits >> 16)) & 0x0000FFFF0000FFFFull;
        digits = (digits * 10000 + (digits >> 32)) & 0xFFFFFFFFull;
        total = total * pow10[count] + digits;
        p += count;
        if (count < 8)
            break;
    }
#else
    for (; *p >= '0' && *p <= '9'; p++)
        total = total * 10 + (uint64_t)(*p - '0');
#endif
    *value = total;
    return p;
}

#endif

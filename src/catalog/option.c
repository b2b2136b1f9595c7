/* Option values: texts that stand for booleans, numbers, durations and sizes, with the words Flink has for a bad one. */
#include "catalog/table.h"

#include <string.h>

bool weir_option_parse_bool(weir_text text, bool *out) {
    text = weir_text_trim(text);
    if (weir_text_equal_nocase_c(text, "true"))
        *out = true;
    else if (weir_text_equal_nocase_c(text, "false"))
        *out = false;
    else
        return false;
    return true;
}

/* Digits from the front of `text`; the rest stays in it. */
static bool take_digits(weir_text *text, uint64_t *out) {
    size_t at = 0;
    uint64_t value = 0;
    for (; at < text->size && text->data[at] >= '0' && text->data[at] <= '9'; at++)
        if (__builtin_mul_overflow(value, 10u, &value) || __builtin_add_overflow(value, (uint64_t)(text->data[at] - '0'), &value))
            return false;
    if (at == 0)
        return false;
    text->data += at;
    text->size -= at;
    *out = value;
    return true;
}

bool weir_option_parse_i64(weir_text text, int64_t *out) {
    text = weir_text_trim(text);
    bool negative = text.size > 0 && text.data[0] == '-';
    if (text.size > 0 && (text.data[0] == '-' || text.data[0] == '+')) {
        text.data++;
        text.size--;
    }
    uint64_t size;
    if (!take_digits(&text, &size) || text.size > 0 || size > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return false;
    *out = negative ? (int64_t)(0 - size) : (int64_t)size;
    return true;
}

typedef struct unit {
    const char *name;
    uint64_t factor; /* of the smallest unit: nanoseconds, bytes */
} unit;

static const unit duration_units[] = {{"d", 86400000000000},
                                      {"day", 86400000000000},
                                      {"days", 86400000000000},
                                      {"h", 3600000000000},
                                      {"hour", 3600000000000},
                                      {"hours", 3600000000000},
                                      {"min", 60000000000},
                                      {"m", 60000000000},
                                      {"minute", 60000000000},
                                      {"minutes", 60000000000},
                                      {"s", 1000000000},
                                      {"sec", 1000000000},
                                      {"secs", 1000000000},
                                      {"second", 1000000000},
                                      {"seconds", 1000000000},
                                      {"ms", 1000000},
                                      {"milli", 1000000},
                                      {"millis", 1000000},
                                      {"millisecond", 1000000},
                                      {"milliseconds", 1000000},
                                      {"", 1000000},
                                      {"\xC2\xB5s", 1000},
                                      {"micro", 1000},
                                      {"micros", 1000},
                                      {"microsecond", 1000},
                                      {"microseconds", 1000},
                                      {"ns", 1},
                                      {"nano", 1},
                                      {"nanos", 1},
                                      {"nanosecond", 1},
                                      {"nanoseconds", 1},
                                      {NULL, 0}};

static const unit size_units[] = {{"", 1},           {"b", 1},           {"bytes", 1},
                                  {"k", 1 << 10},    {"kb", 1 << 10},    {"kibibytes", 1 << 10},
                                  {"m", 1 << 20},    {"mb", 1 << 20},    {"mebibytes", 1 << 20},
                                  {"g", 1 << 30},    {"gb", 1 << 30},    {"gibibytes", 1 << 30},
                                  {"t", 1ull << 40}, {"tb", 1ull << 40}, {"tebibytes", 1ull << 40},
                                  {NULL, 0}};

static bool with_unit(weir_text text, const unit *units, uint64_t *out) {
    uint64_t value;
    if (!take_digits(&text, &value))
        return false;
    text = weir_text_trim(text);
    for (; units->name != NULL; units++)
        if (weir_text_equal_nocase_c(text, units->name))
            return !__builtin_mul_overflow(value, units->factor, out);
    return false;
}

/* ISO 8601 durations as Java prints them: P1DT2H3M4S; the seconds may have a fraction, which is cut to milliseconds. */
static bool iso_duration(weir_text text, int64_t *out_ms) {
    uint64_t total_ms = 0;
    bool in_time = false, any = false;
    for (text.data++, text.size--; text.size > 0;) {
        if (!in_time && (text.data[0] == 'T' || text.data[0] == 't')) {
            in_time = true;
            text.data++;
            text.size--;
            continue;
        }
        uint64_t value, fraction_ms = 0, factor_ms;
        if (!take_digits(&text, &value))
            return false;
        bool fraction = text.size > 0 && text.data[0] == '.';
        if (fraction) {
            uint64_t scale = 100;
            for (text.data++, text.size--; text.size > 0 && text.data[0] >= '0' && text.data[0] <= '9';
                 text.data++, text.size--, scale /= 10)
                fraction_ms += scale * (uint64_t)(text.data[0] - '0');
        }
        char letter = text.size > 0 ? (char)(text.data[0] & ~0x20) : 0;
        if (letter == 'D' && !in_time)
            factor_ms = 86400000;
        else if (letter == 'H' && in_time)
            factor_ms = 3600000;
        else if (letter == 'M' && in_time)
            factor_ms = 60000;
        else if (letter == 'S' && in_time)
            factor_ms = 1000;
        else
            return false;
        if ((fraction && letter != 'S') || __builtin_mul_overflow(value, factor_ms, &value) ||
            __builtin_add_overflow(total_ms, value + fraction_ms, &total_ms))
            return false;
        any = true;
        text.data++;
        text.size--;
    }
    *out_ms = (int64_t)total_ms;
    return any && total_ms <= INT64_MAX;
}

bool weir_option_parse_duration_ms(weir_text text, int64_t *out_ms) {
    text = weir_text_trim(text);
    if (text.size > 1 && (text.data[0] == 'P' || text.data[0] == 'p'))
        return iso_duration(text, out_ms);
    uint64_t ns;
    if (!with_unit(text, duration_units, &ns))
        return false;
    *out_ms = (int64_t)(ns / 1000000);
    return true;
}

bool weir_option_parse_size_bytes(weir_text text, uint64_t *out_bytes) { return with_unit(weir_text_trim(text), size_units, out_bytes); }

weir_status weir_option_invalid(const weir_option *option, const char *expected, weir_error *error) {
    weir_status status = weir_fail_at(error, WEIR_VALIDATE, option->position,
                                      "Invalid value for option '%.*s'. Could not parse value '%.*s' for key '%.*s'.",
                                      WEIR_TEXT_ARGS(option->key), WEIR_TEXT_ARGS(option->value), WEIR_TEXT_ARGS(option->key));
    weir_error_hint(error, "expected %s", expected);
    return status;
}

const weir_option *weir_table_option(const weir_table *table, const char *key) {
    for (uint32_t i = 0; i < table->option_count; i++)
        if (weir_text_equal_c(table->options[i].key, key))
            return &table->options[i];
    return NULL;
}

weir_text weir_table_option_text(const weir_table *table, const char *key) {
    const weir_option *option = weir_table_option(table, key);
    return option == NULL ? (weir_text){NULL, 0} : option->value;
}

weir_status weir_table_option_bool(const weir_table *table, const char *key, bool fallback, bool *out, weir_error *error) {
    const weir_option *option = weir_table_option(table, key);
    *out = fallback;
    if (option != NULL && !weir_option_parse_bool(option->value, out))
        return weir_option_invalid(option, "true or false", error);
    return WEIR_OK;
}

weir_status weir_table_option_i64(const weir_table *table, const char *key, int64_t least, int64_t most, int64_t fallback, int64_t *out,
                                  weir_error *error) {
    const weir_option *option = weir_table_option(table, key);
    *out = fallback;
    if (option == NULL)
        return WEIR_OK;
    if (!weir_option_parse_i64(option->value, out))
        return weir_option_invalid(option, "a whole number", error);
    if (*out < least || *out > most) {
        weir_status status = weir_option_invalid(option, "a number in range", error);
        weir_error_hint(error, "the value must lie between %lld and %lld", (long long)least, (long long)most);
        return status;
    }
    return WEIR_OK;
}

weir_status weir_table_option_duration(const weir_table *table, const char *key, int64_t fallback_ms, int64_t *out_ms, weir_error *error) {
    const weir_option *option = weir_table_option(table, key);
    *out_ms = fallback_ms;
    if (option != NULL && !weir_option_parse_duration_ms(option->value, out_ms))
        return weir_option_invalid(option, "a duration such as '500 ms', '10 s', '1 min', '2 h' or '1 d'", error);
    return WEIR_OK;
}

weir_status weir_table_option_word(const weir_table *table, const char *key, const char *const *words, int fallback, int *out,
                                   weir_error *error) {
    const weir_option *option = weir_table_option(table, key);
    *out = fallback;
    if (option == NULL)
        return WEIR_OK;
    for (int i = 0; words[i] != NULL; i++)
        if (weir_text_equal_nocase_c(weir_text_trim(option->value), words[i])) {
            *out = i;
            return WEIR_OK;
        }
    char expected[256];
    size_t used = 0;
    for (int i = 0; words[i] != NULL && used + strlen(words[i]) + 8 < sizeof expected; i++) {
        const char *join = i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ";
        memcpy(expected + used, join, strlen(join));
        used += strlen(join);
        memcpy(expected + used, words[i], strlen(words[i]));
        used += strlen(words[i]);
    }
    expected[used] = 0;
    return weir_option_invalid(option, expected, error);
}

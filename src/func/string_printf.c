/* PRINTF: Java's Formatter over a row's values.
 *
 * %[n$][flags][width][.precision]conversion with the conversions b c d o x e f g s n % and their capitals, the flags - # + blank 0 , ( and
 * "<" for the argument before. A format that does not fit its arguments gives NULL, as in Flink. Floats are rounded half up on their
 * shortest decimal text, as Java does. Values print as Flink's runtime holds them: a DATE is a number of days. %h, %a, dates (%t) and
 * nested values are refused. */
#include <stdio.h>

#include "func/string_int.h"
#include "types/convert.h"
#include "types/timestamp.h"

enum {
    WIDTH_MAX = 100000,
    DIGITS_MAX = 40,
    FLAG_LEFT = 1,
    FLAG_ALTERNATE = 2,
    FLAG_PLUS = 4,
    FLAG_BLANK = 8,
    FLAG_ZERO = 16,
    FLAG_GROUP = 32,
    FLAG_PAREN = 64
};

typedef struct spec {
    uint32_t argument; /* index into the values; UINT32_MAX: none */
    unsigned flags;
    int32_t width;     /* -1: none */
    int32_t precision; /* -1: none */
    char conversion;   /* small letter */
    bool upper;
} spec;

typedef enum outcome { PRINTED, MISFIT, REFUSED } outcome;

static weir_status infer_printf(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, signature->count == 1 ? "s" : "s*+", error));
    for (uint32_t i = 1; i < signature->count; i++) {
        const weir_type *type = signature->arguments[i].type;
        if (type->kind == WEIR_KIND_ROW || weir_type_layout(type) == WEIR_LAYOUT_SPAN || weir_kind_is_binary(type->kind))
            return weir_fail(error, WEIR_UNSUPPORTED,
                             "PRINTF cannot print ARRAY, MAP, MULTISET, ROW or binary values; cast them to STRING");
    }
    return weir_signature_result(signature, weir_type_string(true), error);
}

/* ---- reading a specifier ---- */

static bool read_number(weir_text format, size_t *at, int32_t *out) {
    int32_t value = 0;
    size_t start = *at;
    while (*at < format.size && format.data[*at] >= '0' && format.data[*at] <= '9' && value <= WIDTH_MAX)
        value = value * 10 + (format.data[(*at)++] - '0');
    *out = value;
    return *at > start;
}

static unsigned flag_of(char c) {
    static const char letters[] = "-#+ 0,(";
    const char *found = c == '\0' ? NULL : strchr(letters, c);
    return found == NULL ? 0 : 1u << (found - letters);
}

/* Behind '%'. `next`: the argument an unnumbered conversion takes; `last`: the one before, for "<". */
static bool read_spec(weir_text format, size_t *at, spec *out, uint32_t *next, uint32_t *last) {
    *out = (spec){.argument = UINT32_MAX, .width = -1, .precision = -1};
    size_t start = *at;
    int32_t number;
    bool chosen = false;
    if (*at < format.size && format.data[*at] != '0' && read_number(format, at, &number) && *at < format.size && format.data[*at] == '$') {
        out->argument = (uint32_t)number - 1;
        chosen = true;
        (*at)++;
    } else {
        *at = start;
    }
    if (!chosen && *at < format.size && format.data[*at] == '<') {
        out->argument = *last;
        chosen = true;
        (*at)++;
    }
    for (unsigned flag; *at < format.size && (flag = flag_of(format.data[*at])) != 0; (*at)++) {
        if (out->flags & flag)
            return false;
        out->flags |= flag;
    }
    if (read_number(format, at, &number))
        out->width = number;
    if (*at < format.size && format.data[*at] == '.') {
        (*at)++;
        if (!read_number(format, at, &number))
            return false;
        out->precision = number;
    }
    if (*at >= format.size || out->width > WIDTH_MAX || out->precision > WIDTH_MAX)
        return false;
    char c = format.data[(*at)++];
    out->upper = c >= 'A' && c <= 'Z';
    out->conversion = (char)(out->upper ? c | 0x20 : c);
    if (out->upper && strchr("bhscxegat", out->conversion) == NULL)
        return false;
    if (out->conversion == 'n' || out->conversion == '%')
        return true;
    if (!chosen)
        out->argument = (*next)++;
    *last = out->argument;
    return true;
}

/* ---- numbers ---- */

typedef struct number_text {
    char digits[DIGITS_MAX]; /* significant, without a point */
    int32_t count;
    int32_t exponent; /* value = 0.digits * 10^exponent */
} number_text;

/* The shortest digits of a finite, non-negative double. */
static number_text number_of(double value) {
    number_text number = {.count = 0};
    char printed[WEIR_PRINT_BYTES_MAX];
    size_t size = weir_print_double(value, printed), at = 0;
    int32_t point = -1;
    for (; at < size && printed[at] != 'E'; at++) {
        if (printed[at] == '.')
            point = number.count;
        else
            number.digits[number.count++] = (char)(printed[at] - '0');
    }
    int32_t exponent = 0;
    if (at < size) {
        bool minus = printed[++at] == '-';
        for (at += minus; at < size; at++)
            exponent = exponent * 10 + (printed[at] - '0');
        exponent = minus ? -exponent : exponent;
    }
    number.exponent = (point < 0 ? number.count : point) + exponent;
    int32_t zeros = 0;
    while (zeros < number.count && number.digits[zeros] == 0)
        zeros++;
    memmove(number.digits, number.digits + zeros, (size_t)(number.count - zeros));
    number.count -= zeros;
    number.exponent -= zeros;
    while (number.count > 0 && number.digits[number.count - 1] == 0)
        number.count--;
    if (number.count == 0)
        number.exponent = 1;
    return number;
}

/* Keep `count` digits (may be negative: nothing is left), half up. */
static void number_round(number_text *number, int32_t count) {
    if (count >= number->count)
        return;
    bool up = count >= 0 && number->digits[count] >= 5;
    number->count = count < 0 ? 0 : count;
    if (!up)
        return;
    int32_t at = number->count - 1;
    while (at >= 0 && number->digits[at] == 9)
        number->digits[at--] = 0;
    if (at >= 0) {
        number->digits[at]++;
        return;
    }
    number->digits[0] = 1; /* 999 became 1000 */
    for (int32_t k = 1; k < number->count; k++)
        number->digits[k] = 0;
    number->count = number->count == 0 ? 1 : number->count;
    number->exponent++;
}

static char digit_at(const number_text *number, int32_t index) {
    return (char)('0' + (index >= 0 && index < number->count ? number->digits[index] : 0));
}

static void add_fixed(weir_builder *out, double value, int32_t precision) {
    number_text number = number_of(value);
    number_round(&number, number.exponent + precision);
    if (number.exponent <= 0 || number.count == 0)
        weir_builder_char(out, '0');
    for (int32_t k = 0; k < number.exponent && number.count > 0; k++)
        weir_builder_char(out, digit_at(&number, k));
    if (precision > 0)
        weir_builder_char(out, '.');
    for (int32_t k = 0; k < precision; k++)
        weir_builder_char(out, number.count == 0 ? '0' : digit_at(&number, number.exponent + k));
}

static void add_scientific(weir_builder *out, double value, int32_t precision) {
    number_text number = number_of(value);
    number_round(&number, precision + 1);
    int32_t exponent = number.count == 0 ? 0 : number.exponent - 1;
    weir_builder_char(out, digit_at(&number, 0));
    if (precision > 0)
        weir_builder_char(out, '.');
    for (int32_t k = 1; k <= precision; k++)
        weir_builder_char(out, digit_at(&number, k));
    weir_builder_format(out, "e%c%02d", exponent < 0 ? '-' : '+', exponent < 0 ? -exponent : exponent);
}

static void add_general(weir_builder *out, double value, int32_t precision) {
    precision = precision < 0 ? 6 : precision == 0 ? 1 : precision;
    number_text number = number_of(value);
    number_round(&number, precision);
    int32_t exponent = number.count == 0 ? 0 : number.exponent - 1;
    if (number.count == 0 || (exponent >= -4 && exponent < precision))
        add_fixed(out, value, precision - exponent - 1);
    else
        add_scientific(out, value, precision - 1);
}

/* Thousands by commas, in the whole part of a plain number. */
static void add_grouped(weir_builder *out, weir_text number) {
    size_t whole = 0;
    while (whole < number.size && number.data[whole] >= '0' && number.data[whole] <= '9')
        whole++;
    for (size_t k = 0; k < number.size; k++) {
        if (k > 0 && k < whole && (whole - k) % 3 == 0)
            weir_builder_char(out, ',');
        weir_builder_char(out, number.data[k]);
    }
}

/* Sign, grouping, zeros and width around an unsigned number. */
static bool add_signed(weir_builder *out, const spec *s, weir_text number, bool negative, bool finite) {
    if ((s->flags & (FLAG_LEFT | FLAG_ZERO)) && s->width < 0)
        return false;
    if ((s->flags & (FLAG_PLUS | FLAG_BLANK)) == (FLAG_PLUS | FLAG_BLANK) ||
        (s->flags & (FLAG_LEFT | FLAG_ZERO)) == (FLAG_LEFT | FLAG_ZERO))
        return false;
    weir_builder body;
    weir_builder_init(&body, out->memory, SIZE_MAX);
    if ((s->flags & FLAG_GROUP) && finite)
        add_grouped(&body, number);
    else
        weir_builder_text(&body, number);
    const char *before = negative ? s->flags & FLAG_PAREN ? "(" : "-" : s->flags & FLAG_PLUS ? "+" : s->flags & FLAG_BLANK ? " " : "";
    const char *behind = negative && (s->flags & FLAG_PAREN) ? ")" : "";
    size_t size = strlen(before) + body.size + strlen(behind), width = s->width < 0 ? 0 : (size_t)s->width;
    size_t filling = width > size ? width - size : 0;
    bool zeros = (s->flags & FLAG_ZERO) && finite;
    for (size_t k = 0; k < filling && !zeros && !(s->flags & FLAG_LEFT); k++)
        weir_builder_char(out, ' ');
    weir_builder_c(out, before);
    for (size_t k = 0; k < filling && zeros; k++)
        weir_builder_char(out, '0');
    weir_builder_text(out, weir_builder_view(&body));
    weir_builder_c(out, behind);
    for (size_t k = 0; k < filling && (s->flags & FLAG_LEFT); k++)
        weir_builder_char(out, ' ');
    out->failed |= body.failed;
    weir_builder_deinit(&body);
    return true;
}

static void add_padded(weir_builder *out, const spec *s, weir_text text) {
    size_t length = weir_utf8_length(text), width = s->width < 0 ? 0 : (size_t)s->width, filling = width > length ? width - length : 0;
    for (size_t k = 0; k < filling && !(s->flags & FLAG_LEFT); k++)
        weir_builder_char(out, ' ');
    weir_builder_text(out, text);
    for (size_t k = 0; k < filling && (s->flags & FLAG_LEFT); k++)
        weir_builder_char(out, ' ');
}

/* ---- values ---- */

/* Integers as the runtime holds them, dates and intervals included. *bytes: Java's width. */
static bool integer_at(const weir_column *column, uint32_t row, int64_t *value, unsigned *bytes) {
    switch (column->layout) {
    case WEIR_LAYOUT_I8:
        *value = WEIR_VALUES(column, int8_t)[row];
        *bytes = 1;
        return true;
    case WEIR_LAYOUT_I16:
        *value = WEIR_VALUES(column, int16_t)[row];
        *bytes = 2;
        return true;
    case WEIR_LAYOUT_I32:
        *value = WEIR_VALUES(column, int32_t)[row];
        *bytes = 4;
        return true;
    case WEIR_LAYOUT_I64:
        *value = WEIR_VALUES(column, int64_t)[row];
        *bytes = 8;
        return !weir_kind_is_timestamp(column->type->kind);
    default: return false;
    }
}

static bool real_at(const weir_column *column, uint32_t row, double *value) {
    if (column->layout == WEIR_LAYOUT_F32)
        *value = (double)WEIR_VALUES(column, float)[row];
    else if (column->layout == WEIR_LAYOUT_F64)
        *value = WEIR_VALUES(column, double)[row];
    else
        return false;
    return true;
}

/* LocalDateTime.toString: seconds only when there are any, fractions by threes. */
static size_t print_timestamp(const weir_column *column, uint32_t row, char *out) {
    weir_timestamp_ns value = column->layout == WEIR_LAYOUT_TIMESTAMP_NS ? WEIR_VALUES(column, weir_timestamp_ns)[row]
                                                                         : weir_timestamp_ns_from_us(WEIR_VALUES(column, int64_t)[row]);
    size_t size = weir_print_timestamp_ns(value, 9, out);
    out[10] = 'T';
    while (size > 20 && size - 20 > 0 && memcmp(out + size - 3, "000", 3) == 0)
        size -= 3;
    if (size == 20)
        size--; /* the point */
    if (size == 19 && memcmp(out + 16, ":00", 3) == 0)
        size -= 3;
    return size;
}

/* What toString gives. */
static weir_text shown(const weir_column *column, uint32_t row, char *buffer) {
    int64_t integer;
    unsigned bytes;
    if (!weir_column_is_valid(column, row))
        return WEIR_TEXT("null");
    if (integer_at(column, row, &integer, &bytes))
        return (weir_text){buffer, weir_print_i64(integer, buffer)};
    switch (column->layout) {
    case WEIR_LAYOUT_U8: return WEIR_VALUES(column, uint8_t)[row] ? WEIR_TEXT("true") : WEIR_TEXT("false");
    case WEIR_LAYOUT_F32: return (weir_text){buffer, weir_print_float(WEIR_VALUES(column, float)[row], buffer)};
    case WEIR_LAYOUT_F64: return (weir_text){buffer, weir_print_double(WEIR_VALUES(column, double)[row], buffer)};
    case WEIR_LAYOUT_I128: return (weir_text){buffer, weir_print_decimal(WEIR_VALUES(column, weir_i128)[row], column->type->scale, buffer)};
    case WEIR_LAYOUT_I64:
    case WEIR_LAYOUT_TIMESTAMP_NS: return (weir_text){buffer, print_timestamp(column, row, buffer)};
    case WEIR_LAYOUT_VIEW: return weir_column_text(column, row);
    default: return WEIR_TEXT("null");
    }
}

static outcome add_integer(weir_builder *out, const spec *s, const weir_column *column, uint32_t row) {
    int64_t value;
    unsigned bytes;
    char digits[24];
    if (s->precision >= 0 || !integer_at(column, row, &value, &bytes))
        return MISFIT;
    if (s->conversion == 'd') {
        uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
        int count = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)size);
        return !(s->flags & FLAG_ALTERNATE) && add_signed(out, s, (weir_text){digits, (size_t)count}, value < 0, true) ? PRINTED : MISFIT;
    }
    if (s->flags & (FLAG_GROUP | FLAG_PAREN | FLAG_PLUS | FLAG_BLANK))
        return MISFIT;
    uint64_t raw = bytes == 8 ? (uint64_t)value : (uint64_t)value & ((1ull << (8 * bytes)) - 1);
    const char *prefix = s->flags & FLAG_ALTERNATE ? s->conversion == 'x' ? "0x" : "0" : "";
    int count = snprintf(digits, sizeof(digits), s->conversion == 'x' ? "%llx" : "%llo", (unsigned long long)raw);
    size_t size = strlen(prefix) + (size_t)count, width = s->width < 0 ? 0 : (size_t)s->width, filling = width > size ? width - size : 0;
    if (!(s->flags & FLAG_ZERO)) {
        char whole[28];
        int length = snprintf(whole, sizeof(whole), "%s%.*s", prefix, count, digits);
        add_padded(out, s, (weir_text){whole, (size_t)length});
        return PRINTED;
    }
    weir_builder_c(out, prefix);
    for (size_t k = 0; k < filling; k++)
        weir_builder_char(out, '0');
    weir_builder_add(out, digits, (size_t)count);
    return PRINTED;
}

static outcome add_real(weir_builder *out, const spec *s, const weir_column *column, uint32_t row) {
    double value;
    if (!real_at(column, row, &value) || (s->flags & FLAG_ALTERNATE) || (s->conversion == 'e' && (s->flags & FLAG_GROUP)))
        return MISFIT;
    bool negative = __builtin_signbit(value) && value == value, finite = value - value == 0;
    double size = negative ? -value : value;
    weir_builder body;
    weir_builder_init(&body, out->memory, SIZE_MAX);
    if (!finite)
        weir_builder_c(&body, value != value ? "NaN" : "Infinity");
    else if (s->conversion == 'f')
        add_fixed(&body, size, s->precision < 0 ? 6 : s->precision);
    else if (s->conversion == 'e')
        add_scientific(&body, size, s->precision < 0 ? 6 : s->precision);
    else
        add_general(&body, size, s->precision);
    bool done = add_signed(out, s, weir_builder_view(&body), negative, finite);
    out->failed |= body.failed;
    weir_builder_deinit(&body);
    return done ? PRINTED : MISFIT;
}

static outcome add_character(weir_builder *out, const spec *s, const weir_column *column, uint32_t row) {
    int64_t value;
    unsigned bytes;
    char character[4];
    if (s->precision >= 0 || !integer_at(column, row, &value, &bytes) || bytes == 8 || value < 0 || value > 0x10FFFF)
        return MISFIT;
    add_padded(out, s, (weir_text){character, weir_utf8_put((uint32_t)value, character)});
    return PRINTED;
}

static void add_text(weir_builder *out, const spec *s, weir_text text) {
    if (s->precision >= 0)
        text.size = string_forward(text, 0, s->precision);
    add_padded(out, s, text);
}

static outcome add_value(weir_builder *out, const spec *s, const weir_column *column, uint32_t row) {
    char buffer[WEIR_PRINT_BYTES_MAX];
    bool null = !weir_column_is_valid(column, row);
    if ((s->flags & FLAG_LEFT) && s->width < 0)
        return MISFIT;
    switch (s->conversion) {
    case 's':
        if (s->flags & ~(unsigned)FLAG_LEFT)
            return MISFIT;
        add_text(out, s, shown(column, row, buffer));
        return PRINTED;
    case 'b':
        if (s->flags & ~(unsigned)FLAG_LEFT)
            return MISFIT;
        add_text(out, s,
                 !null && (column->layout != WEIR_LAYOUT_U8 || WEIR_VALUES(column, uint8_t)[row]) ? WEIR_TEXT("true") : WEIR_TEXT("false"));
        return PRINTED;
    case 'h':
    case 'a':
    case 't': return REFUSED;
    default: break;
    }
    if (null && strchr("cdoxefg", s->conversion) != NULL) {
        add_text(out, s, WEIR_TEXT("null"));
        return PRINTED;
    }
    switch (s->conversion) {
    case 'c': return add_character(out, s, column, row);
    case 'd':
    case 'o':
    case 'x': return add_integer(out, s, column, row);
    case 'e':
    case 'f':
    case 'g': return add_real(out, s, column, row);
    default: return MISFIT;
    }
}

static outcome print_row(weir_builder *out, weir_text format, weir_column *const *values, uint32_t count, uint32_t row) {
    uint32_t next = 0, last = UINT32_MAX;
    for (size_t at = 0; at < format.size;) {
        char c = format.data[at++];
        if (c != '%') {
            weir_builder_char(out, c);
            continue;
        }
        spec s;
        if (!read_spec(format, &at, &s, &next, &last))
            return MISFIT;
        if (s.conversion == 'n') {
            if (s.flags != 0 || s.width >= 0 || s.precision >= 0)
                return MISFIT;
            weir_builder_char(out, '\n');
            continue;
        }
        if (s.conversion == '%') {
            add_padded(out, &s, WEIR_TEXT("%"));
            continue;
        }
        if (s.argument >= count)
            return MISFIT;
        size_t start = out->size;
        outcome done = add_value(out, &s, values[s.argument], row);
        if (done != PRINTED)
            return done;
        for (size_t k = start; s.upper && k < out->size; k++)
            if (out->data[k] >= 'a' && out->data[k] <= 'z')
                out->data[k] = (char)(out->data[k] ^ 0x20);
    }
    return PRINTED;
}

static void run_printf(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    weir_builder builder;
    weir_builder_init(&builder, call->memory, SIZE_MAX);
    WEIR_FOR_ROWS(rows, i, {
        weir_builder_clear(&builder);
        outcome done = !weir_column_is_valid(arguments[0], i)
                           ? MISFIT
                           : print_row(&builder, weir_column_text(arguments[0], i), arguments + 1, call->argument_count - 1, i);
        if (done == PRINTED)
            weir_column_put_text(out, i, weir_builder_view(&builder));
        else
            weir_column_set_null(out, i);
        if (done == REFUSED)
            weir_call_fail(call, i, "PRINTF does not support the conversions %%h, %%a and %%t");
    });
    if (builder.failed)
        out->failed = true;
    weir_builder_deinit(&builder);
}

static weir_status bind_printf(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_printf;
    return WEIR_OK;
}

const weir_function weir_functions_string_printf[] = {
    {"PRINTF", 0, infer_printf, bind_printf, "string", "PRINTF(format STRING, value ANY, ...) -> STRING",
     "The values in a format of Java's Formatter; NULL when they do not fit it.", "PRINTF('%s has %05.1f%%', 'weir', 9.25E0)",
     "weir has 009.3%"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

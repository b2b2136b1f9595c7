/* Names of partition folders: column=value, with the characters that Hive escapes as %XX. */
#include "connect/filesystem/filesystem_int.h"

#include <string.h>

#include "format/text.h"
#include "types/convert.h"

static bool must_escape(unsigned char c) { return (c >= 1 && c < 0x20) || c == 0x7F || (c != 0 && strchr("\"#%'*/:=?\\{[]^", c) != NULL); }

void weir_fs_escape(weir_builder *out, weir_text text) {
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (must_escape(c))
            weir_builder_format(out, "%%%02X", c);
        else
            weir_builder_char(out, (char)c);
    }
}

static int hex_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

weir_text weir_fs_unescape(weir_arena *arena, weir_text text) {
    char *out = weir_arena_alloc(arena, text.size + 1);
    size_t size = 0;
    if (out == NULL)
        return (weir_text){NULL, 0};
    for (size_t i = 0; i < text.size; i++) {
        int high = text.data[i] == '%' && i + 2 < text.size ? hex_of(text.data[i + 1]) : -1;
        int low = high >= 0 ? hex_of(text.data[i + 2]) : -1;
        if (low >= 0) {
            out[size++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[size++] = text.data[i];
        }
    }
    return (weir_text){out, size};
}

weir_text weir_fs_partition_text(weir_text path, weir_text name) {
    for (size_t end = path.size; end > 0;) {
        const char *slash = memrchr(path.data, '/', end);
        const size_t at = slash == NULL ? 0 : (size_t)(slash - path.data) + 1;
        weir_text part = {path.data + at, end - at};
        if (end < path.size && part.size > name.size && weir_text_starts(part, name) && part.data[name.size] == '=')
            return (weir_text){part.data + name.size + 1, part.size - name.size - 1};
        end = at == 0 ? 0 : at - 1;
    }
    return (weir_text){NULL, 0};
}

static bool parse_value(const weir_type *type, weir_text text, weir_value *out) {
    bool fits;
    int32_t days, milliseconds;
    weir_timestamp_ns time;
    switch (type->kind) {
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR:
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY: out->as.text = text; return true;
    case WEIR_KIND_BOOLEAN: out->as.boolean = weir_text_equal_nocase_c(text, "true"); return true;
    case WEIR_KIND_TINYINT: return weir_java_integer_parse(text, INT8_MIN, INT8_MAX, &out->as.integer);
    case WEIR_KIND_SMALLINT: return weir_java_integer_parse(text, INT16_MIN, INT16_MAX, &out->as.integer);
    case WEIR_KIND_INT: return weir_java_integer_parse(text, INT32_MIN, INT32_MAX, &out->as.integer);
    case WEIR_KIND_BIGINT: return weir_java_integer_parse(text, INT64_MIN, INT64_MAX, &out->as.integer);
    case WEIR_KIND_FLOAT:
    case WEIR_KIND_DOUBLE: return weir_java_double_parse(text, &out->as.real);
    case WEIR_KIND_DECIMAL: return weir_java_decimal_parse(text, type->precision, type->scale, &out->as.decimal, &fits) && fits;
    case WEIR_KIND_DATE:
        if (!weir_cast_text_to_date(text, &days))
            return false;
        out->as.integer = days;
        return true;
    case WEIR_KIND_TIME:
        if (!weir_cast_text_to_time(text, &milliseconds))
            return false;
        out->as.integer = milliseconds;
        return true;
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ:
        if (!weir_cast_text_to_timestamp(text, &time) &&
            !weir_iso_timestamp_parse(text, (weir_iso_form){.separator = 'T', .short_form = true}, &time))
            return false;
        if (type->precision > 6)
            out->as.nanos = time;
        else
            out->as.integer = weir_timestamp_cut_us(weir_timestamp_ns_to_us(time), type->precision);
        return true;
    default: return false;
    }
}

weir_status weir_fs_partition_value(weir_arena *arena, const weir_fs_options *options, const weir_type *type, weir_text column,
                                    weir_text escaped, weir_value *out, weir_error *error) {
    *out = (weir_value){.type = type, .is_null = escaped.data == NULL};
    if (out->is_null)
        return WEIR_OK;
    weir_text text = weir_fs_unescape(arena, escaped);
    if (text.data == NULL)
        return weir_fail_memory(error, "a partition's value", escaped.size);
    if (weir_text_equal(text, options->default_partition)) {
        out->is_null = true;
        return WEIR_OK;
    }
    if (parse_value(type, text, out))
        return WEIR_OK;
    weir_builder name;
    weir_builder_init(&name, arena->memory, 200);
    weir_type_print_short(type, &name);
    weir_status status = weir_fail(error, WEIR_RUNTIME, "The partition folder '%.*s=%.*s' holds no value of the column's type %s.",
                                   WEIR_TEXT_ARGS(column), WEIR_TEXT_ARGS(escaped), name.data == NULL ? "" : name.data);
    weir_builder_deinit(&name);
    return status;
}

/* A foreign Arrow schema as fields of ours; see arrow.h. */
#include <stdio.h>

#include "column/arrow.h"

static weir_status refuse(const struct ArrowSchema *schema, const char *what, weir_error *error) {
    weir_status status = weir_fail(error, WEIR_UNSUPPORTED, "The Arrow column '%s' has the format '%s' (%s), which cannot be read.",
                                   schema->name == NULL ? "" : schema->name, schema->format, what);
    weir_error_hint(error, "Convert it to a plain type before handing it over.");
    return status;
}

static weir_status type_of(weir_arena *arena, const struct ArrowSchema *schema, const weir_type **out, weir_error *error);

static weir_status child_type(weir_arena *arena, const struct ArrowSchema *schema, int64_t index, const weir_type **out,
                              weir_error *error) {
    if (schema->n_children <= index)
        return weir_fail(error, WEIR_VALIDATE, "The Arrow column '%s' of format '%s' lacks its child %d.",
                         schema->name == NULL ? "" : schema->name, schema->format, (int)index);
    return type_of(arena, schema->children[index], out, error);
}

/* 'd:p,s' or 'd:p,s,bits' */
static weir_status decimal_type(weir_arena *arena, const struct ArrowSchema *schema, bool nullable, const weir_type **out,
                                weir_error *error) {
    int precision = 0, scale = 0, bits = 128;
    int read = sscanf(schema->format, "d:%d,%d,%d", &precision, &scale, &bits);
    if (read < 2 || bits != 128 || precision < 1 || precision > WEIR_DECIMAL_DIGITS_MAX || scale < 0 || scale > precision)
        return refuse(schema, "a decimal of more than 128 bits, or with a scale outside its precision", error);
    *out = weir_type_decimal(arena, precision, scale, nullable);
    return WEIR_OK;
}

static weir_status time_type(weir_arena *arena, const struct ArrowSchema *schema, bool nullable, const weir_type **out, weir_error *error) {
    const char *format = schema->format;
    int32_t precision = format[1] == 0 || format[2] == 0 ? -1
                        : format[2] == 's'               ? 0
                        : format[2] == 'm'               ? 3
                        : format[2] == 'u'               ? 6
                        : format[2] == 'n'               ? 9
                                                         : -1;
    if (format[1] == 'd' && (format[2] == 'D' || format[2] == 'm'))
        *out = weir_type_simple(WEIR_KIND_DATE, nullable);
    else if (format[1] == 't' && precision >= 0)
        *out = weir_type_sized(arena, WEIR_KIND_TIME, precision < 3 ? precision : 3,
                               nullable); /* finer units are cut: TIME holds milliseconds */
    else if (format[1] == 's' && precision >= 0 && format[3] == ':')
        *out = weir_type_sized(arena, format[4] == 0 ? WEIR_KIND_TIMESTAMP : WEIR_KIND_TIMESTAMP_LTZ, precision, nullable);
    else if (format[1] == 'D' && precision >= 0)
        *out = weir_type_simple(WEIR_KIND_INTERVAL_SECOND, nullable);
    else if (format[1] == 'i' && format[2] == 'M')
        *out = weir_type_simple(WEIR_KIND_INTERVAL_MONTH, nullable);
    else if (format[1] == 'i' && format[2] == 'D')
        *out = weir_type_simple(WEIR_KIND_INTERVAL_SECOND, nullable);
    else
        return refuse(schema, "an interval of months, days and nanoseconds, or an unknown time unit", error);
    return WEIR_OK;
}

static weir_status row_type(weir_arena *arena, const struct ArrowSchema *schema, bool nullable, const weir_type **out, weir_error *error) {
    weir_schema fields;
    WEIR_TRY(weir_arrow_import_schema(arena, schema, &fields, error));
    *out = weir_type_row(arena, fields.fields, fields.count, nullable);
    return WEIR_OK;
}

static weir_status map_type(weir_arena *arena, const struct ArrowSchema *schema, bool nullable, const weir_type **out, weir_error *error) {
    if (schema->n_children != 1 || schema->children[0]->n_children != 2)
        return refuse(schema, "a map without entries of key and value", error);
    const weir_type *key, *value;
    WEIR_TRY(type_of(arena, schema->children[0]->children[0], &key, error));
    WEIR_TRY(type_of(arena, schema->children[0]->children[1], &value, error));
    *out = weir_type_map(arena, key, value, nullable);
    return WEIR_OK;
}

static weir_status nested_type(weir_arena *arena, const struct ArrowSchema *schema, bool nullable, const weir_type **out,
                               weir_error *error) {
    const weir_type *element;
    switch (schema->format[1]) {
    case 'l':
    case 'L':
    case 'w':
        WEIR_TRY(child_type(arena, schema, 0, &element, error));
        *out = weir_type_array(arena, element, nullable);
        return WEIR_OK;
    case 's': return row_type(arena, schema, nullable, out, error);
    case 'm': return map_type(arena, schema, nullable, out, error);
    case 'u': return refuse(schema, "a union", error);
    case 'r': return refuse(schema, "run-end encoded", error);
    case 'v': return refuse(schema, "a list view", error);
    default: return refuse(schema, "an unknown nested type", error);
    }
}

static weir_status plain_type(weir_arena *arena, const struct ArrowSchema *schema, bool nullable, const weir_type **out,
                              weir_error *error) {
    const char *format = schema->format;
    int size = 0;
    switch (format[0]) {
    case 'n': *out = weir_type_simple(WEIR_KIND_NULL, true); return WEIR_OK;
    case 'b': *out = weir_type_simple(WEIR_KIND_BOOLEAN, nullable); return WEIR_OK;
    case 'c': *out = weir_type_simple(WEIR_KIND_TINYINT, nullable); return WEIR_OK;
    case 'C': /* unsigned ones take the next wider signed type */
    case 's': *out = weir_type_simple(WEIR_KIND_SMALLINT, nullable); return WEIR_OK;
    case 'S':
    case 'i': *out = weir_type_simple(WEIR_KIND_INT, nullable); return WEIR_OK;
    case 'I':
    case 'l': *out = weir_type_simple(WEIR_KIND_BIGINT, nullable); return WEIR_OK;
    case 'L': *out = weir_type_decimal(arena, 20, 0, nullable); return WEIR_OK;
    case 'f': *out = weir_type_simple(WEIR_KIND_FLOAT, nullable); return WEIR_OK;
    case 'g': *out = weir_type_simple(WEIR_KIND_DOUBLE, nullable); return WEIR_OK;
    case 'e': return refuse(schema, "a half float", error);
    case 'd': return decimal_type(arena, schema, nullable, out, error);
    case 'u':
    case 'U': *out = weir_type_string(nullable); return WEIR_OK;
    case 'z':
    case 'Z': *out = weir_type_bytes(nullable); return WEIR_OK;
    case 'v': *out = format[1] == 'u' ? weir_type_string(nullable) : weir_type_bytes(nullable); return WEIR_OK;
    case 'w':
        if (sscanf(format, "w:%d", &size) != 1 || size < 1)
            return refuse(schema, "fixed-size binary without a size", error);
        *out = weir_type_sized(arena, WEIR_KIND_BINARY, size, nullable);
        return WEIR_OK;
    case 't': return time_type(arena, schema, nullable, out, error);
    case '+': return nested_type(arena, schema, nullable, out, error);
    default: return refuse(schema, "unknown", error);
    }
}

static weir_status type_of(weir_arena *arena, const struct ArrowSchema *schema, const weir_type **out, weir_error *error) {
    bool nullable = (schema->flags & ARROW_FLAG_NULLABLE) != 0;
    *out = NULL;
    if (schema->dictionary != NULL) {
        WEIR_TRY(type_of(arena, schema->dictionary, out, error));
        *out = weir_type_with_nullable(arena, *out, nullable);
    } else {
        WEIR_TRY(plain_type(arena, schema, nullable, out, error));
    }
    return *out != NULL ? WEIR_OK : weir_fail_memory(error, "a type", sizeof(weir_type));
}

weir_status weir_arrow_import_schema(weir_arena *arena, const struct ArrowSchema *schema, weir_schema *out, weir_error *error) {
    if (strcmp(schema->format, "+s") != 0)
        return weir_fail(error, WEIR_VALIDATE, "An Arrow table must be a struct (format '+s'), but its format is '%s'.", schema->format);
    weir_field *fields = WEIR_ARENA_ARRAY(arena, weir_field, (size_t)schema->n_children);
    if (fields == NULL)
        return weir_fail_memory(error, "a schema", (size_t)schema->n_children * sizeof(weir_field));
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowSchema *child = schema->children[i];
        fields[i].name = weir_arena_text(arena, weir_text_of(child->name));
        if (fields[i].name.data == NULL)
            return weir_fail_memory(error, "a name", child->name == NULL ? 0 : strlen(child->name));
        WEIR_TRY(type_of(arena, child, &fields[i].type, error));
    }
    *out = (weir_schema){(uint32_t)schema->n_children, fields};
    return WEIR_OK;
}

/* Makers of types. Those without parameters, and the unbounded STRING and BYTES, are static; the others live in the caller's arena. */
#include <assert.h>
#include <string.h>

#include "types/type.h"

#define BOTH(kind_)                                                                 \
    {                                                                               \
        {.kind = (kind_), .nullable = false}, { .kind = (kind_), .nullable = true } \
    }
static const weir_type simple[WEIR_KIND_COUNT][2] = {
    [WEIR_KIND_NULL] = {{.kind = WEIR_KIND_NULL, .nullable = true}, {.kind = WEIR_KIND_NULL, .nullable = true}},
    [WEIR_KIND_BOOLEAN] = BOTH(WEIR_KIND_BOOLEAN),
    [WEIR_KIND_TINYINT] = BOTH(WEIR_KIND_TINYINT),
    [WEIR_KIND_SMALLINT] = BOTH(WEIR_KIND_SMALLINT),
    [WEIR_KIND_INT] = BOTH(WEIR_KIND_INT),
    [WEIR_KIND_BIGINT] = BOTH(WEIR_KIND_BIGINT),
    [WEIR_KIND_FLOAT] = BOTH(WEIR_KIND_FLOAT),
    [WEIR_KIND_DOUBLE] = BOTH(WEIR_KIND_DOUBLE),
    [WEIR_KIND_DATE] = BOTH(WEIR_KIND_DATE),
    [WEIR_KIND_TIME] = BOTH(WEIR_KIND_TIME), /* TIME(0) */
    [WEIR_KIND_INTERVAL_MONTH] = BOTH(WEIR_KIND_INTERVAL_MONTH),
    [WEIR_KIND_INTERVAL_SECOND] = BOTH(WEIR_KIND_INTERVAL_SECOND),
    [WEIR_KIND_SYMBOL] = BOTH(WEIR_KIND_SYMBOL),
    [WEIR_KIND_VARIANT] = BOTH(WEIR_KIND_VARIANT),
    [WEIR_KIND_BITMAP] = BOTH(WEIR_KIND_BITMAP),
};
#undef BOTH

#define SIZED(kind_, size_)                                                                                                     \
    {                                                                                                                           \
        {.kind = (kind_), .nullable = false, .precision = (size_)}, { .kind = (kind_), .nullable = true, .precision = (size_) } \
    }
static const weir_type strings[2] = SIZED(WEIR_KIND_VARCHAR, WEIR_LENGTH_MAX);
static const weir_type bytes[2] = SIZED(WEIR_KIND_VARBINARY, WEIR_LENGTH_MAX);
/* Time attributes and the results of most time functions. */
static const weir_type timestamps_3[2] = SIZED(WEIR_KIND_TIMESTAMP, 3);
static const weir_type timestamps_6[2] = SIZED(WEIR_KIND_TIMESTAMP, 6);
#undef SIZED

const weir_type *weir_type_simple(weir_kind kind, bool nullable) {
    /* Kinds that need parameters have no entry of their own and show as NULL kind here. */
    assert(kind < WEIR_KIND_COUNT && simple[kind][1].kind == kind);
    return &simple[kind][nullable];
}

const weir_type *weir_type_string(bool nullable) { return &strings[nullable]; }
const weir_type *weir_type_bytes(bool nullable) { return &bytes[nullable]; }

static const weir_type *type_new(weir_arena *arena, weir_type type) {
    weir_type *made = WEIR_ARENA_NEW(arena, weir_type);
    if (made != NULL)
        *made = type;
    return made;
}

const weir_type *weir_type_sized(weir_arena *arena, weir_kind kind, int32_t precision, bool nullable) {
    assert(weir_kind_is_text(kind) || weir_kind_is_binary(kind) || kind == WEIR_KIND_TIME || weir_kind_is_timestamp(kind));
    if (precision == WEIR_LENGTH_MAX && kind == WEIR_KIND_VARCHAR)
        return weir_type_string(nullable);
    if (precision == WEIR_LENGTH_MAX && kind == WEIR_KIND_VARBINARY)
        return weir_type_bytes(nullable);
    if (kind == WEIR_KIND_TIMESTAMP && precision == 3)
        return &timestamps_3[nullable];
    if (kind == WEIR_KIND_TIMESTAMP && precision == 6)
        return &timestamps_6[nullable];
    if (kind == WEIR_KIND_TIME && precision == 0)
        return weir_type_simple(kind, nullable);
    return type_new(arena, (weir_type){.kind = kind, .nullable = nullable, .precision = precision});
}

const weir_type *weir_type_decimal(weir_arena *arena, int32_t precision, int32_t scale, bool nullable) {
    assert(precision >= 1 && precision <= WEIR_DECIMAL_DIGITS_MAX && scale >= 0 && scale <= precision);
    return type_new(arena, (weir_type){.kind = WEIR_KIND_DECIMAL, .nullable = nullable, .precision = precision, .scale = scale});
}

const weir_type *weir_type_array(weir_arena *arena, const weir_type *element, bool nullable) {
    if (element == NULL)
        return NULL;
    return type_new(arena, (weir_type){.kind = WEIR_KIND_ARRAY, .nullable = nullable, .child_count = 1, .children = {element}});
}

const weir_type *weir_type_multiset(weir_arena *arena, const weir_type *element, bool nullable) {
    if (element == NULL)
        return NULL;
    return type_new(arena, (weir_type){.kind = WEIR_KIND_MULTISET, .nullable = nullable, .child_count = 1, .children = {element}});
}

const weir_type *weir_type_map(weir_arena *arena, const weir_type *key, const weir_type *value, bool nullable) {
    if (key == NULL || value == NULL)
        return NULL;
    return type_new(arena, (weir_type){.kind = WEIR_KIND_MAP, .nullable = nullable, .child_count = 2, .children = {key, value}});
}

const weir_type *weir_type_row(weir_arena *arena, const weir_field *fields, uint32_t field_count, bool nullable) {
    weir_field *copy = WEIR_ARENA_ARRAY(arena, weir_field, field_count);
    if (copy == NULL)
        return NULL;
    if (field_count > 0)
        memcpy(copy, fields, field_count * sizeof(weir_field));
    return type_new(arena, (weir_type){.kind = WEIR_KIND_ROW, .nullable = nullable, .field_count = field_count, .fields = copy});
}

const weir_type *weir_type_with_nullable(weir_arena *arena, const weir_type *type, bool nullable) {
    if (type == NULL || type->nullable == nullable || type->kind == WEIR_KIND_NULL)
        return type;
    if (type->kind != WEIR_KIND_DECIMAL && type->child_count == 0 && type->field_count == 0) {
        if (simple[type->kind][1].kind == type->kind && type->precision == 0)
            return &simple[type->kind][nullable];
        return weir_type_sized(arena, type->kind, type->precision, nullable);
    }
    weir_type copy = *type;
    copy.nullable = nullable;
    return type_new(arena, copy);
}

static bool field_copy(weir_arena *arena, weir_field *field, const weir_field *from) {
    field->name = weir_arena_text(arena, from->name);
    field->type = weir_type_copy(arena, from->type);
    if (from->comment.data != NULL)
        field->comment = weir_arena_text(arena, from->comment);
    return field->name.data != NULL && field->type != NULL && (from->comment.data == NULL || field->comment.data != NULL);
}

const weir_type *weir_type_copy(weir_arena *arena, const weir_type *type) {
    weir_type copy = *type;
    for (uint32_t i = 0; i < type->child_count; i++) {
        copy.children[i] = weir_type_copy(arena, type->children[i]);
        if (copy.children[i] == NULL)
            return NULL;
    }
    if (type->field_count > 0) {
        weir_field *fields = WEIR_ARENA_ARRAY(arena, weir_field, type->field_count);
        if (fields == NULL)
            return NULL;
        for (uint32_t i = 0; i < type->field_count; i++)
            if (!field_copy(arena, &fields[i], &type->fields[i]))
                return NULL;
        copy.fields = fields;
    }
    return type_new(arena, copy);
}

/* Types as written in SQL -> logical types. Nullable unless NOT NULL is written. */
#include <inttypes.h>

#include "bind/bind_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a type", sizeof(weir_type)); }

typedef struct named_type {
    const char *name;
    weir_kind kind;
    int32_t default_precision; /* -1: takes none */
    int32_t least, most;
} named_type;

static const named_type named_types[] = {
    {"BOOLEAN", WEIR_KIND_BOOLEAN, -1, 0, 0},
    {"TINYINT", WEIR_KIND_TINYINT, -1, 0, 0},
    {"SMALLINT", WEIR_KIND_SMALLINT, -1, 0, 0},
    {"INT", WEIR_KIND_INT, -1, 0, 0},
    {"BIGINT", WEIR_KIND_BIGINT, -1, 0, 0},
    {"FLOAT", WEIR_KIND_FLOAT, -1, 0, 0},
    {"DOUBLE", WEIR_KIND_DOUBLE, -1, 0, 0},
    {"DECIMAL", WEIR_KIND_DECIMAL, 10, 1, 38},
    {"CHAR", WEIR_KIND_CHAR, 1, 1, WEIR_LENGTH_MAX},
    {"VARCHAR", WEIR_KIND_VARCHAR, 1, 1, WEIR_LENGTH_MAX},
    {"STRING", WEIR_KIND_VARCHAR, WEIR_LENGTH_MAX, WEIR_LENGTH_MAX, WEIR_LENGTH_MAX},
    {"BINARY", WEIR_KIND_BINARY, 1, 1, WEIR_LENGTH_MAX},
    {"VARBINARY", WEIR_KIND_VARBINARY, 1, 1, WEIR_LENGTH_MAX},
    {"BYTES", WEIR_KIND_VARBINARY, WEIR_LENGTH_MAX, WEIR_LENGTH_MAX, WEIR_LENGTH_MAX},
    {"DATE", WEIR_KIND_DATE, -1, 0, 0},
    {"VARIANT", WEIR_KIND_VARIANT, -1, 0, 0},
    {"BITMAP", WEIR_KIND_BITMAP, -1, 0, 0},
};

static weir_status range_error(const weir_ast_type *ast, const char *name, int32_t least, int32_t most, weir_error *error) {
    return weir_fail_at(error, WEIR_VALIDATE, ast->position, "%s precision must be between %d and %d (both inclusive), not %" PRId64, name,
                        least, most, ast->precision);
}

static weir_status named(weir_bind_context *context, const weir_ast_type *ast, bool nullable, const weir_type **out, weir_error *error) {
    const named_type *found = NULL;
    for (size_t i = 0; i < sizeof named_types / sizeof *named_types && found == NULL; i++)
        if (weir_text_equal_nocase_c(ast->name, named_types[i].name))
            found = &named_types[i];
    if (found == NULL) {
        weir_status status = weir_fail_at(error, ast->user_name.count > 0 ? WEIR_VALIDATE : WEIR_UNSUPPORTED, ast->position, "%s '%.*s'%s",
                                          ast->user_name.count > 0 ? "Unknown identifier" : "The type", WEIR_TEXT_ARGS(ast->name),
                                          ast->user_name.count > 0 ? ": there is no type of this name" : " is not supported");
        weir_text names[sizeof named_types / sizeof *named_types];
        for (size_t i = 0; i < sizeof named_types / sizeof *named_types; i++)
            names[i] = weir_text_of(named_types[i].name);
        int nearest = weir_text_nearest(ast->name, names, sizeof named_types / sizeof *named_types);
        if (nearest >= 0)
            weir_error_hint(error, "did you mean %s?", named_types[nearest].name);
        return status;
    }
    if (found->default_precision < 0) {
        if (ast->precision >= 0 && found->kind != WEIR_KIND_FLOAT)
            return weir_fail_at(error, WEIR_VALIDATE, ast->position, "%s takes no precision", found->name);
        *out = weir_type_simple(found->kind, nullable);
        return WEIR_OK;
    }
    int64_t precision = ast->precision < 0 ? found->default_precision : ast->precision;
    /* VARCHAR and VARBINARY without a length are STRING and BYTES in DDL. */
    if (ast->precision < 0 && (found->kind == WEIR_KIND_VARCHAR || found->kind == WEIR_KIND_VARBINARY))
        precision = WEIR_LENGTH_MAX;
    if (precision < found->least || precision > found->most)
        return range_error(ast, found->name, found->least, found->most, error);
    if (found->kind != WEIR_KIND_DECIMAL) {
        *out = weir_type_sized(context->arena, found->kind, (int32_t)precision, nullable);
        return WEIR_OK;
    }
    int64_t scale = ast->scale < 0 ? 0 : ast->scale;
    if (scale > precision)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position,
                            "Decimal scale must be between 0 and the precision %" PRId64 " (both inclusive)", precision);
    *out = weir_type_decimal(context->arena, (int32_t)precision, (int32_t)scale, nullable);
    return WEIR_OK;
}

static weir_status temporal(weir_bind_context *context, const weir_ast_type *ast, bool nullable, const weir_type **out, weir_error *error) {
    bool is_time = ast->kind == WEIR_AST_TYPE_TIME;
    if (ast->zone == WEIR_AST_ZONE_WITH)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position, "The type %s WITH TIME ZONE is not supported",
                            is_time ? "TIME" : "TIMESTAMP");
    int64_t precision = ast->precision < 0 ? (is_time ? 0 : 6) : ast->precision;
    if (precision > 9)
        return range_error(ast, is_time ? "TIME" : "TIMESTAMP", 0, 9, error);
    weir_kind kind = is_time ? WEIR_KIND_TIME : ast->zone == WEIR_AST_ZONE_LOCAL ? WEIR_KIND_TIMESTAMP_LTZ : WEIR_KIND_TIMESTAMP;
    *out = weir_type_sized(context->arena, kind, (int32_t)precision, nullable);
    return WEIR_OK;
}

static weir_status row(weir_bind_context *context, const weir_ast_type *ast, bool nullable, const weir_type **out, weir_error *error) {
    weir_field *fields = WEIR_ARENA_ARRAY(context->arena, weir_field, ast->field_count);
    if (fields == NULL)
        return no_memory(error);
    for (size_t i = 0; i < ast->field_count; i++) {
        fields[i].name = weir_arena_text(context->arena, ast->fields[i].name.text);
        fields[i].comment = ast->fields[i].comment;
        WEIR_TRY(weir_bind_type(context, ast->fields[i].type, &fields[i].type, error));
    }
    *out = weir_type_row(context->arena, fields, (uint32_t)ast->field_count, nullable);
    return WEIR_OK;
}

weir_status weir_bind_type(weir_bind_context *context, const weir_ast_type *ast, const weir_type **out, weir_error *error) {
    bool nullable = !ast->not_null;
    const weir_type *element = NULL, *key = NULL;
    if (ast->element != NULL)
        WEIR_TRY(weir_bind_type(context, ast->element, &element, error));
    if (ast->key != NULL)
        WEIR_TRY(weir_bind_type(context, ast->key, &key, error));
    switch (ast->kind) {
    case WEIR_AST_TYPE_NAMED: WEIR_TRY(named(context, ast, nullable, out, error)); break;
    case WEIR_AST_TYPE_TIME:
    case WEIR_AST_TYPE_TIMESTAMP: WEIR_TRY(temporal(context, ast, nullable, out, error)); break;
    case WEIR_AST_TYPE_INTERVAL: *out = bind_interval_type(&ast->qualifier, nullable); break;
    case WEIR_AST_TYPE_ARRAY: *out = weir_type_array(context->arena, element, nullable); break;
    case WEIR_AST_TYPE_MULTISET: *out = weir_type_multiset(context->arena, element, nullable); break;
    case WEIR_AST_TYPE_MAP: *out = weir_type_map(context->arena, key, element, nullable); break;
    case WEIR_AST_TYPE_ROW: WEIR_TRY(row(context, ast, nullable, out, error)); break;
    }
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

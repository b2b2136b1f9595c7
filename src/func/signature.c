/* Checking a call's arguments, with the words that Flink (through Calcite) uses when they do not fit. */
#include "func/func_int.h"

#include <string.h>

enum { MESSAGE_BYTES = 1200 };

const char *weir_function_shown_name(const weir_function *function) {
    if (strcmp(function->name, "-u") == 0)
        return "-";
    return strcmp(function->name, "+u") == 0 ? "+" : function->name;
}

static void print_sized(const char *name, int32_t size, weir_builder *out) { weir_builder_format(out, "%s(%d)", name, size); }

static void print_record(const weir_type *type, weir_builder *out) {
    weir_builder_c(out, "RecordType(");
    for (uint32_t i = 0; i < type->field_count; i++) {
        if (i > 0)
            weir_builder_c(out, ", ");
        weir_type_print_calcite(type->fields[i].type, out);
        weir_builder_format(out, " %.*s", WEIR_TEXT_ARGS(type->fields[i].name));
    }
    weir_builder_char(out, ')');
}

static const char *plain_name(weir_kind kind) {
    switch (kind) {
    case WEIR_KIND_NULL: return "NULL";
    case WEIR_KIND_BOOLEAN: return "BOOLEAN";
    case WEIR_KIND_TINYINT: return "TINYINT";
    case WEIR_KIND_SMALLINT: return "SMALLINT";
    case WEIR_KIND_INT: return "INTEGER";
    case WEIR_KIND_BIGINT: return "BIGINT";
    case WEIR_KIND_FLOAT: return "FLOAT";
    case WEIR_KIND_DOUBLE: return "DOUBLE";
    case WEIR_KIND_DECIMAL: return "DECIMAL";
    case WEIR_KIND_CHAR: return "CHAR";
    case WEIR_KIND_VARCHAR: return "VARCHAR";
    case WEIR_KIND_BINARY: return "BINARY";
    case WEIR_KIND_VARBINARY: return "VARBINARY";
    case WEIR_KIND_DATE: return "DATE";
    case WEIR_KIND_TIME: return "TIME";
    case WEIR_KIND_TIMESTAMP: return "TIMESTAMP";
    case WEIR_KIND_TIMESTAMP_LTZ: return "TIMESTAMP_WITH_LOCAL_TIME_ZONE";
    case WEIR_KIND_INTERVAL_MONTH: return "INTERVAL MONTH";
    case WEIR_KIND_INTERVAL_SECOND: return "INTERVAL SECOND";
    case WEIR_KIND_ARRAY: return "ARRAY";
    case WEIR_KIND_MULTISET: return "MULTISET";
    case WEIR_KIND_MAP: return "MAP";
    case WEIR_KIND_ROW: return "ROW";
    case WEIR_KIND_VARIANT: return "VARIANT";
    case WEIR_KIND_BITMAP: return "BITMAP";
    default: return "SYMBOL";
    }
}

void weir_type_print_calcite(const weir_type *type, weir_builder *out) {
    switch (type->kind) {
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR:
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY:
    case WEIR_KIND_TIME:
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ: print_sized(plain_name(type->kind), type->precision, out); return;
    case WEIR_KIND_DECIMAL: weir_builder_format(out, "DECIMAL(%d, %d)", type->precision, type->scale); return;
    case WEIR_KIND_ARRAY:
    case WEIR_KIND_MULTISET:
        weir_type_print_calcite(type->children[0], out);
        weir_builder_format(out, " %s", plain_name(type->kind));
        return;
    case WEIR_KIND_MAP:
        weir_builder_char(out, '(');
        weir_type_print_calcite(type->children[0], out);
        weir_builder_c(out, ", ");
        weir_type_print_calcite(type->children[1], out);
        weir_builder_c(out, ") MAP");
        return;
    case WEIR_KIND_ROW: print_record(type, out); return;
    default: weir_builder_c(out, plain_name(type->kind)); return;
    }
}

bool weir_signature_nullable(const weir_signature *signature) {
    for (uint32_t i = 0; i < signature->count; i++)
        if (signature->arguments[i].type->nullable)
            return true;
    return false;
}

weir_status weir_signature_count(const weir_signature *signature, uint32_t least, uint32_t most, weir_error *error) {
    if (signature->count >= least && signature->count <= most)
        return WEIR_OK;
    const char *name = weir_function_shown_name(signature->function);
    if (least == most)
        weir_fail(error, WEIR_VALIDATE, "Invalid number of arguments to function '%s'. Was expecting %u arguments", name, least);
    else if (most == UINT32_MAX)
        weir_fail(error, WEIR_VALIDATE, "Invalid number of arguments to function '%s'. Was expecting %u or more arguments", name, least);
    else
        weir_fail(error, WEIR_VALIDATE, "Invalid number of arguments to function '%s'. Was expecting %u to %u arguments", name, least,
                  most);
    if (signature->function->usage != NULL && (signature->function->flags & WEIR_FUNCTION_HIDDEN) == 0)
        weir_error_hint(error, "It is used as %s", signature->function->usage);
    return WEIR_VALIDATE;
}

static void print_argument(const weir_signature *signature, uint32_t index, weir_builder *out) {
    weir_builder_char(out, '<');
    weir_type_print_calcite(signature->arguments[index].type, out);
    weir_builder_char(out, '>');
}

static bool starts_with_letter(const char *name) { return (name[0] >= 'A' && name[0] <= 'Z') || name[0] == '_'; }

/* "'<A> + <B>'", "'-<A>'", "'<A> IS TRUE'", "'UPPER(<A>)'" */
static void print_arguments(const weir_signature *signature, weir_builder *out) {
    const char *name = weir_function_shown_name(signature->function);
    bool is_operator = (signature->function->flags & WEIR_FUNCTION_HIDDEN) &&
                       (!starts_with_letter(name) || strncmp(name, "IS ", 3) == 0 || strcmp(name, "AND") == 0 || strcmp(name, "OR") == 0);
    weir_builder_char(out, '\'');
    if (is_operator && signature->count == 2) {
        print_argument(signature, 0, out);
        weir_builder_format(out, " %s ", name);
        print_argument(signature, 1, out);
    } else if (is_operator && signature->count == 1) {
        if (starts_with_letter(name)) {
            print_argument(signature, 0, out);
            weir_builder_format(out, " %s", name);
        } else {
            weir_builder_c(out, name);
            print_argument(signature, 0, out);
        }
    } else if (strcmp(name, "NOT") == 0 && signature->count == 1) {
        weir_builder_c(out, name);
        print_argument(signature, 0, out);
    } else {
        weir_builder_format(out, "%s(", name);
        for (uint32_t i = 0; i < signature->count; i++) {
            if (i > 0)
                weir_builder_c(out, ", ");
            print_argument(signature, i, out);
        }
        weir_builder_char(out, ')');
    }
    weir_builder_char(out, '\'');
}

weir_status weir_signature_refuse_forms(const weir_signature *signature, const char *forms, weir_error *error) {
    weir_builder arguments;
    weir_builder_init(&arguments, signature->arena->memory, MESSAGE_BYTES);
    print_arguments(signature, &arguments);
    weir_text text = weir_builder_view(&arguments);
    weir_fail(error, WEIR_VALIDATE, "Cannot apply '%s' to arguments of type %.*s. Supported form(s): %s",
              weir_function_shown_name(signature->function), WEIR_TEXT_ARGS(text), forms);
    weir_builder_deinit(&arguments);
    return WEIR_VALIDATE;
}

weir_status weir_signature_refuse(const weir_signature *signature, weir_error *error) {
    const char *usage = signature->function->usage != NULL ? signature->function->usage : signature->function->name;
    return weir_signature_refuse_forms(signature, usage, error);
}

weir_status weir_signature_refuse_mix(const weir_type *a, const weir_type *b, weir_error *error) {
    weir_fail(error, WEIR_VALIDATE, "implicit type conversion between %s and %s is not supported now", plain_name(a->kind),
              plain_name(b->kind));
    weir_error_hint(error, "Write the conversion out: CAST(... AS %s)", plain_name(weir_kind_is_text(a->kind) ? b->kind : a->kind));
    return WEIR_VALIDATE;
}

weir_status weir_signature_no_null(const weir_signature *signature, weir_error *error) {
    for (uint32_t i = 0; i < signature->count; i++) {
        if (signature->arguments[i].type->kind != WEIR_KIND_NULL)
            continue;
        weir_fail(error, WEIR_VALIDATE, "Illegal use of 'NULL'");
        weir_error_hint(error, "Give it a type: CAST(NULL AS INT)");
        return WEIR_VALIDATE;
    }
    return WEIR_OK;
}

weir_status weir_signature_result(weir_signature *signature, const weir_type *type, weir_error *error) {
    if (type == NULL)
        return weir_fail_memory(error, "a result type", sizeof(weir_type));
    signature->result = type;
    return WEIR_OK;
}

weir_status weir_signature_want(weir_signature *signature, uint32_t index, const weir_type *type, weir_error *error) {
    const weir_type *given = signature->arguments[index].type;
    const weir_type *wanted = weir_type_with_nullable(signature->arena, type, given->nullable || given->kind == WEIR_KIND_NULL);
    if (wanted == NULL)
        return weir_fail_memory(error, "an argument type", sizeof(weir_type));
    if (!weir_type_equal(given, wanted, true))
        signature->wanted[index] = wanted;
    return WEIR_OK;
}

const weir_type *weir_signature_merge(weir_arena *arena, const weir_type *a, const weir_type *b) {
    /* Flink's rule is not symmetric: DECIMAL, FLOAT is FLOAT; FLOAT, DECIMAL is DOUBLE. */
    if (a->kind == WEIR_KIND_DECIMAL && b->kind == WEIR_KIND_FLOAT)
        return weir_type_simple(WEIR_KIND_FLOAT, a->nullable || b->nullable);
    if (weir_kind_is_approx(a->kind) && weir_kind_is_approx(b->kind))
        return weir_type_simple(a->kind == WEIR_KIND_DOUBLE || b->kind == WEIR_KIND_DOUBLE ? WEIR_KIND_DOUBLE : WEIR_KIND_FLOAT,
                                a->nullable || b->nullable);
    return weir_type_common(arena, a, b);
}

static bool fits(const weir_type *type, char letter) {
    if (type->kind == WEIR_KIND_NULL)
        return true;
    switch (letter) {
    case 's': return weir_kind_is_text(type->kind);
    case 'i': return weir_kind_is_integer(type->kind);
    case 'n': return weir_kind_is_numeric(type->kind);
    case 'x': return weir_kind_is_exact(type->kind);
    case 'b': return type->kind == WEIR_KIND_BOOLEAN;
    case 'd': return type->kind == WEIR_KIND_DATE;
    case 't': return type->kind == WEIR_KIND_TIME;
    case 'T': return weir_kind_is_timestamp(type->kind);
    case 'y': return weir_kind_is_binary(type->kind);
    case 'D': return weir_kind_is_datetime(type->kind);
    case 'I': return weir_kind_is_interval(type->kind);
    case 'a': return type->kind == WEIR_KIND_ARRAY;
    case 'm': return type->kind == WEIR_KIND_MAP;
    case 'r': return type->kind == WEIR_KIND_ROW;
    case 'S': return type->kind == WEIR_KIND_SYMBOL;
    default: return letter == '*';
    }
}

/* What a bare NULL becomes where `letter` is expected, so that kernels meet a typed column. */
static const weir_type *null_type(char letter) {
    switch (letter) {
    case 's': return weir_type_string(true);
    case 'i':
    case 'n':
    case 'x': return weir_type_simple(WEIR_KIND_INT, true);
    case 'b': return weir_type_simple(WEIR_KIND_BOOLEAN, true);
    case 'd': return weir_type_simple(WEIR_KIND_DATE, true);
    case 't': return weir_type_simple(WEIR_KIND_TIME, true);
    case 'T':
    case 'D': return weir_type_sized(NULL, WEIR_KIND_TIMESTAMP, 3, true); /* a static type: no arena needed */
    case 'y': return weir_type_bytes(true);
    case 'I': return weir_type_simple(WEIR_KIND_INTERVAL_SECOND, true);
    default: return NULL;
    }
}

weir_status weir_signature_match(const weir_signature *signature, const char *pattern, weir_error *error) {
    char letters[32];
    uint32_t least = 0, most = 0;
    bool optional = false, repeats = false;
    for (const char *at = pattern; *at != '\0' && most < sizeof(letters); at++) {
        if (*at == '?') {
            optional = true;
        } else if (*at == '+') {
            repeats = true;
        } else {
            letters[most++] = *at;
            least += !optional;
        }
    }
    WEIR_TRY(weir_signature_count(signature, least, repeats ? UINT32_MAX : most, error));
    for (uint32_t i = 0; i < signature->count; i++) {
        char letter = letters[i < most ? i : most - 1];
        if (!fits(signature->arguments[i].type, letter))
            return weir_signature_refuse(signature, error);
        const weir_type *instead = signature->arguments[i].type->kind == WEIR_KIND_NULL ? null_type(letter) : NULL;
        if (instead != NULL)
            signature->wanted[i] = instead;
    }
    return WEIR_OK;
}

weir_status weir_signature_check(weir_signature *signature, const char *pattern, weir_error *error) {
    if (*pattern == '!') {
        pattern++;
        WEIR_TRY(weir_signature_match(signature, pattern, error));
        WEIR_TRY(weir_signature_no_null(signature, error));
    } else {
        WEIR_TRY(weir_signature_match(signature, pattern, error));
    }
    uint32_t index = 0;
    for (const char *at = pattern; *at != '\0' && index < signature->count; at++) {
        if (*at == '?' || *at == '+')
            continue;
        if (*at == 'i')
            WEIR_TRY(weir_signature_want(signature, index, weir_type_simple(WEIR_KIND_BIGINT, true), error));
        index++;
    }
    return WEIR_OK;
}

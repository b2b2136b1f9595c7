/* Checking the arguments of aggregate functions, with Calcite's messages. */
#include "agg/agg_int.h"

weir_status aggregate_count(const weir_signature *signature, const char *name, uint32_t least, uint32_t most, weir_error *error) {
    if (signature->count >= least && signature->count <= most)
        return WEIR_OK;
    if (least == most)
        return weir_fail(error, WEIR_VALIDATE, "Invalid number of arguments to function '%s'. Was expecting %u arguments", name, least);
    return weir_fail(error, WEIR_VALIDATE, "Invalid number of arguments to function '%s'. Was expecting %u to %u arguments", name, least,
                     most);
}

weir_status aggregate_refuse(const weir_signature *signature, const char *name, const char *forms, weir_error *error) {
    weir_builder types;
    weir_builder_init(&types, signature->arena->memory, 4096);
    for (uint32_t i = 0; i < signature->count; i++) {
        weir_builder_c(&types, i == 0 ? "<" : ", <");
        weir_type_print_calcite(signature->arguments[i].type, &types);
        weir_builder_char(&types, '>');
    }
    weir_status status = weir_fail(error, WEIR_VALIDATE, "Cannot apply '%s' to arguments of type '%s(%s)'. Supported form(s): %s", name,
                                   name, weir_builder_view(&types).data, forms);
    weir_builder_deinit(&types);
    return status;
}

weir_status aggregate_result(weir_signature *signature, const weir_type *type, weir_error *error) {
    if (type == NULL)
        return weir_fail_memory(error, "a type", sizeof *type);
    signature->result = type;
    return WEIR_OK;
}

weir_status aggregate_no_null(const weir_signature *signature, weir_error *error) {
    for (uint32_t i = 0; i < signature->count; i++)
        if (signature->arguments[i].type->kind == WEIR_KIND_NULL) {
            (void)weir_fail(error, WEIR_VALIDATE, "Illegal use of 'NULL'");
            weir_error_hint(error, "Give it a type: CAST(NULL AS INT)");
            return WEIR_VALIDATE;
        }
    return WEIR_OK;
}

weir_status aggregate_no_support(const weir_signature *signature, const char *shown, weir_error *error) {
    weir_builder type;
    weir_builder_init(&type, signature->arena->memory, 400);
    weir_type_print_calcite(signature->arguments[0].type, &type);
    weir_text text = weir_builder_view(&type);
    (void)weir_fail(error, WEIR_UNSUPPORTED, "%s aggregate function does not support type: '%.*s'.", shown, WEIR_TEXT_ARGS(text));
    weir_error_hint(error, "Cast the value to a number, a text, a date or a time first");
    weir_builder_deinit(&type);
    return WEIR_UNSUPPORTED;
}

weir_status aggregate_invalid(const weir_signature *signature, const char *name, const char *usage, weir_error *error) {
    weir_builder types;
    weir_builder_init(&types, signature->arena->memory, 1000);
    for (uint32_t i = 0; i < signature->count; i++) {
        if (i > 0)
            weir_builder_c(&types, ", ");
        weir_type_print_short(signature->arguments[i].type, &types);
    }
    weir_text text = weir_builder_view(&types);
    (void)weir_fail(error, WEIR_VALIDATE, "Invalid function call: %s(%.*s). Invalid input arguments. Expected signatures are: %s", name,
                    WEIR_TEXT_ARGS(text), usage);
    weir_builder_deinit(&types);
    return WEIR_VALIDATE;
}

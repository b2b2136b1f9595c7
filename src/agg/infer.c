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

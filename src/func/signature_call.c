/* The words of Flink's newer functions for arguments that do not fit. */
#include "func/families_int.h"

enum { MESSAGE_BYTES = 1200 };

weir_status weir_signature_invalid(const weir_signature *signature, weir_error *error) {
    weir_builder types;
    weir_builder_init(&types, signature->arena->memory, MESSAGE_BYTES);
    for (uint32_t i = 0; i < signature->count; i++) {
        if (i > 0)
            weir_builder_c(&types, ", ");
        weir_type_print_short(signature->arguments[i].type, &types);
    }
    weir_text shown = weir_builder_view(&types);
    const weir_function *function = signature->function;
    weir_fail(error, WEIR_VALIDATE, "Invalid function call: %s(%.*s). Invalid input arguments. Expected signatures are: %s", function->name,
              WEIR_TEXT_ARGS(shown), function->usage);
    weir_builder_deinit(&types);
    return WEIR_VALIDATE;
}

weir_status weir_signature_no_match(const weir_signature *signature, uint32_t least, uint32_t most, weir_error *error) {
    if (signature->count >= least && signature->count <= most)
        return WEIR_OK;
    weir_builder types;
    weir_builder_init(&types, signature->arena->memory, MESSAGE_BYTES);
    for (uint32_t i = 0; i < signature->count; i++) {
        weir_builder_c(&types, i > 0 ? ", <" : "<");
        weir_type_print_calcite(signature->arguments[i].type, &types);
        weir_builder_char(&types, '>');
    }
    weir_text shown = weir_builder_view(&types);
    const weir_function *function = signature->function;
    weir_fail(error, WEIR_VALIDATE, "No match found for function signature %s(%.*s). Supported signatures are: %s", function->name,
              WEIR_TEXT_ARGS(shown), function->usage);
    weir_builder_deinit(&types);
    return WEIR_VALIDATE;
}

/* The list of all function families, and finding a function by name.
 *
 * The tables are const, so look-up needs no index that would have to be built and owned: names are compared one after the other,
 * a few hundred short comparisons per call in a statement's text. */
#include "func/families_int.h"

static const weir_function *const families[] = {
    weir_functions_compare,       weir_functions_arithmetic,  weir_functions_time_arithmetic,
    weir_functions_logic,         weir_functions_cast,        weir_functions_string_case,
    weir_functions_string_concat, weir_functions_string_trim, weir_functions_string_part,
    weir_functions_string_search, weir_functions_string_edit, weir_functions_string_encode,
    weir_functions_string_url,    weir_functions_regexp,      weir_functions_like,
    weir_functions_string_printf, weir_functions_hash,        weir_functions_math,
    weir_functions_math_round,    weir_functions_random,      weir_functions_conditional,
    weir_functions_time,          weir_functions_collection,  weir_functions_json,
    weir_functions_variant,       weir_functions_bitmap,
};

enum { FAMILY_COUNT = sizeof(families) / sizeof(families[0]), NAMES_MAX = 1024 };

const weir_function *weir_function_family(size_t index) { return index < FAMILY_COUNT ? families[index] : NULL; }

const weir_function *weir_function_find(weir_text name, bool operators) {
    for (size_t family = 0; family < FAMILY_COUNT; family++)
        for (const weir_function *function = families[family]; function->name != NULL; function++)
            if (weir_text_equal_nocase_c(name, function->name) && (operators || (function->flags & WEIR_FUNCTION_HIDDEN) == 0))
                return function;
    return NULL;
}

const weir_function *weir_function_nearest(weir_text name) {
    weir_text names[NAMES_MAX];
    const weir_function *functions[NAMES_MAX];
    size_t count = 0;
    for (size_t family = 0; family < FAMILY_COUNT; family++) {
        for (const weir_function *function = families[family]; function->name != NULL && count < NAMES_MAX; function++) {
            if (function->flags & WEIR_FUNCTION_HIDDEN)
                continue;
            names[count] = weir_text_of(function->name);
            functions[count++] = function;
        }
    }
    int found = weir_text_nearest(name, names, count);
    return found < 0 ? NULL : functions[found];
}

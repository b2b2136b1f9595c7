/* Private to the JSON functions. */
#ifndef WEIR_FUNC_JSON_INT_H
#define WEIR_FUNC_JSON_INT_H

#include "func/families_int.h"
#include "func/json_encode.h"
#include "func/json_path.h"

/* The word of a SYMBOL argument, `otherwise` when it is not given. */
weir_text weir_json_word(const weir_argument *argument, const char *otherwise);
weir_text weir_json_call_word(const weir_call *call, uint32_t index, const char *otherwise);

#define WEIR_JSON_FUNCTION(name)                                                   \
    weir_status weir_##name##_infer(weir_signature *signature, weir_error *error); \
    weir_status weir_##name##_bind(weir_call *call, weir_error *error)

WEIR_JSON_FUNCTION(json_exists);
WEIR_JSON_FUNCTION(json_value);
WEIR_JSON_FUNCTION(json_query);
WEIR_JSON_FUNCTION(json_string);
WEIR_JSON_FUNCTION(json_object);
WEIR_JSON_FUNCTION(json_array);
WEIR_JSON_FUNCTION(json_parsed);
WEIR_JSON_FUNCTION(json_quote);
WEIR_JSON_FUNCTION(json_unquote);
WEIR_JSON_FUNCTION(is_json);

#endif

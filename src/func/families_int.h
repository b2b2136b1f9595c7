/* The tables of the families over time, collections and JSON, and what their infer functions share. */
#ifndef WEIR_FUNC_FAMILIES_INT_H
#define WEIR_FUNC_FAMILIES_INT_H

#include "func/func_int.h"

extern const weir_function weir_functions_time[];
extern const weir_function weir_functions_collection[];
extern const weir_function weir_functions_json[];

/* How Flink's newer functions refuse their arguments: "Invalid function call: ... Invalid input arguments. Expected signatures are: ...".
 * Always WEIR_VALIDATE. */
weir_status weir_signature_invalid(const weir_signature *signature, weir_error *error);
/* ... and a wrong number of them: "No match found for function signature ARRAY_DISTINCT(<INTEGER ARRAY>, <INTEGER>)". */
weir_status weir_signature_no_match(const weir_signature *signature, uint32_t least, uint32_t most, weir_error *error) WEIR_MUST_USE;

#endif

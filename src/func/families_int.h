/* The tables of the families over time, collections and JSON, and what their infer functions share. */
#ifndef WEIR_FUNC_FAMILIES_INT_H
#define WEIR_FUNC_FAMILIES_INT_H

#include "func/func_int.h"

extern const weir_function weir_functions_time[];
extern const weir_function weir_functions_collection[];
extern const weir_function weir_functions_json[];

#endif

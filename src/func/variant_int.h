/* Private to func/: item access to a VARIANT, which ITEM hands on. */
#ifndef WEIR_FUNC_VARIANT_INT_H
#define WEIR_FUNC_VARIANT_INT_H

#include "func/func_int.h"

/* v[i] of an array (from 1), v['k'] of an object; NULL where there is none. */
weir_status weir_variant_item_infer(weir_signature *signature, weir_error *error);
weir_status weir_variant_item_bind(weir_call *call, weir_error *error);

#endif

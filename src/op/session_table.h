/* SESSION as a table function: opened by the window table function when its window is a session. Private to op/. */
#ifndef WEIR_OP_SESSION_TABLE_H
#define WEIR_OP_SESSION_TABLE_H

#include "op/window.h"

weir_status weir_session_table_open(const weir_window_table_spec *spec, const weir_operator_context *context, weir_operator **out,
                                    weir_error *error) WEIR_MUST_USE;

#endif

/* Aggregates over SESSION windows: opened by the window aggregate when its window is a session. Private to op/. */
#ifndef WEIR_OP_SESSION_AGGREGATE_H
#define WEIR_OP_SESSION_AGGREGATE_H

#include "op/window.h"

weir_status weir_session_aggregate_open(const weir_window_aggregate_spec *spec, const weir_operator_context *context, weir_operator **out,
                                        weir_error *error) WEIR_MUST_USE;

#endif

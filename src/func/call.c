/* What kernels report: the first failing row of a run. */
#include <stdarg.h>
#include <stdio.h>

#include "func/function.h"

void weir_call_fail(weir_call *call, uint32_t row, const char *format, ...) {
    if (call->failed_row <= row)
        return;
    call->failed_row = row;
    call->failure = (weir_error){.status = WEIR_RUNTIME};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(call->failure.message, sizeof(call->failure.message), format, arguments);
    va_end(arguments);
}

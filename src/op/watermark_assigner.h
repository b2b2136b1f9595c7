/* Makes marks: evaluates the watermark expression, and lets a watermark follow the row that advances it by more than the interval.
 * A NULL rowtime fails the job. Incoming marks other than END are dropped (a view over another watermark). */
#ifndef WEIR_OP_WATERMARK_ASSIGNER_H
#define WEIR_OP_WATERMARK_ASSIGNER_H

#include "op/operator.h"

typedef struct weir_watermark_assigner_spec {
    uint32_t rowtime;            /* column, TIMESTAMP(p<=3) or LTZ */
    const weir_expr *expression; /* same kind as the rowtime; NULL value: no advance */
    int64_t interval_ms;         /* pipeline.auto-watermark-interval, 200 */
    int64_t idle_timeout_ms;     /* table.exec.source.idle-timeout; 0: off */
} weir_watermark_assigner_spec;

extern const weir_operator_vtable weir_watermark_assigner_operator;

#endif

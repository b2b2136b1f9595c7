/* Functions that exist only with OVER: their types and documentation. op/over runs them. */
#include "agg/agg_int.h"

static weir_status infer_number(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 0, 0, error));
    return aggregate_result(signature, weir_type_simple(WEIR_KIND_BIGINT, false), error);
}

static weir_status infer_share(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 0, 0, error));
    return aggregate_result(signature, weir_type_simple(WEIR_KIND_DOUBLE, false), error);
}

static weir_status infer_ntile(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 1, error));
    const weir_argument *buckets = &signature->arguments[0];
    if (!weir_kind_is_integer(buckets->type->kind))
        return aggregate_refuse(signature, name, "'NTILE(<INTEGER>)'", error);
    if (buckets->literal == NULL || buckets->literal->is_null || buckets->literal->as.integer < 1)
        return weir_fail(error, WEIR_VALIDATE, "Argument to function 'NTILE' must be a positive integer literal");
    return aggregate_result(signature, weir_type_simple(WEIR_KIND_BIGINT, false), error);
}

/* LAG(value [, rows [, default]]): NULL where there is no such row, unless a default is given. */
static weir_status infer_lag(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 3, error));
    const weir_type *type = signature->arguments[0].type;
    if (signature->count >= 2 && !weir_kind_is_integer(signature->arguments[1].type->kind))
        return aggregate_refuse(signature, name, "'(value, offset INTEGER, default)'", error);
    if (signature->count < 3)
        return aggregate_result(signature, weir_type_with_nullable(signature->arena, type, true), error);
    /* The default is cast to the value's type, and it alone decides whether the result may be NULL: Flink's rule. */
    const weir_type *given = signature->arguments[2].type;
    if (!weir_type_can_cast(given, type))
        return aggregate_refuse(signature, name, "'(value, offset INTEGER, default)'", error);
    bool nullable = given->nullable || given->kind == WEIR_KIND_NULL;
    const weir_type *wanted = weir_type_with_nullable(signature->arena, type, nullable);
    if (wanted == NULL)
        return weir_fail_memory(error, "a type", sizeof *type);
    signature->wanted[2] = wanted;
    return aggregate_result(signature, wanted, error);
}

enum { FLAGS = WEIR_AGGREGATE_WINDOW_ONLY, NEVER_NULL = WEIR_AGGREGATE_WINDOW_ONLY | WEIR_AGGREGATE_NEVER_NULL };
#define OVER_EXAMPLE(call) "SELECT " call " OVER (ORDER BY v) FROM (VALUES (5)) AS t(v)"

const weir_aggregate weir_aggregates_window[] = {
    {"ROW_NUMBER", NEVER_NULL, infer_number, NULL, "window", "ROW_NUMBER() OVER (...) -> BIGINT",
     "The number of the row in its partition, from 1.", OVER_EXAMPLE("ROW_NUMBER()"), "1"},
    {"RANK", NEVER_NULL, infer_number, NULL, "window", "RANK() OVER (...) -> BIGINT", "The rank with gaps: equal rows share one.",
     OVER_EXAMPLE("RANK()"), "1"},
    {"DENSE_RANK", NEVER_NULL, infer_number, NULL, "window", "DENSE_RANK() OVER (...) -> BIGINT", "The rank without gaps.",
     OVER_EXAMPLE("DENSE_RANK()"), "1"},
    {"PERCENT_RANK", NEVER_NULL, infer_share, NULL, "window", "PERCENT_RANK() OVER (...) -> DOUBLE", "(rank - 1) / (rows - 1).",
     OVER_EXAMPLE("PERCENT_RANK()"), "0.0"},
    {"CUME_DIST", NEVER_NULL, infer_share, NULL, "window", "CUME_DIST() OVER (...) -> DOUBLE", "The share of rows up to and with this one.",
     OVER_EXAMPLE("CUME_DIST()"), "1.0"},
    {"NTILE", NEVER_NULL, infer_ntile, NULL, "window", "NTILE(buckets INT) OVER (...) -> BIGINT",
     "The bucket when the partition is cut into equal parts.", OVER_EXAMPLE("NTILE(2)"), "1"},
    {"LAG", FLAGS, infer_lag, NULL, "window", "LAG(value ANY [, rows INT [, default ANY]]) OVER (...) -> type of value",
     "The value some rows before.", OVER_EXAMPLE("LAG(v, 1, 0)"), "0"},
    {"LEAD", FLAGS, infer_lag, NULL, "window", "LEAD(value ANY [, rows INT [, default ANY]]) OVER (...) -> type of value",
     "The value some rows after.", OVER_EXAMPLE("LEAD(v, 1, 0)"), "0"},
    {0},
};

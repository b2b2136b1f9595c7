/* Which casts exist, as sets of kinds per source kind: explicit ones (CAST) and the ones that happen without asking.
 *
 * Left out although the kinds are both scalar: numbers with timestamps (Flink refuses them and points to TO_TIMESTAMP_LTZ and
 * UNIX_TIMESTAMP), text to intervals, DECIMAL to intervals. */
#include "types/type.h"

#define K(kind) (1u << WEIR_KIND_##kind)
_Static_assert(WEIR_KIND_COUNT <= 32, "a set of kinds is a uint32_t");

#define INTEGERS (K(TINYINT) | K(SMALLINT) | K(INT) | K(BIGINT))
#define APPROX (K(FLOAT) | K(DOUBLE))
#define NUMBERS (INTEGERS | K(DECIMAL) | APPROX)
#define TEXT (K(CHAR) | K(VARCHAR))
#define BINARIES (K(BINARY) | K(VARBINARY))
#define TIMESTAMPS (K(TIMESTAMP) | K(TIMESTAMP_LTZ))
#define INTERVALS (K(INTERVAL_MONTH) | K(INTERVAL_SECOND))
#define EVERYTHING (~0u)

/* Nested kinds appear here only as sources of text; their own casts go by their children. */
static const uint32_t explicit_to[WEIR_KIND_COUNT] = {
    [WEIR_KIND_NULL] = EVERYTHING,
    [WEIR_KIND_BOOLEAN] = K(BOOLEAN) | NUMBERS | TEXT,
    [WEIR_KIND_TINYINT] = K(BOOLEAN) | NUMBERS | TEXT | INTERVALS,
    [WEIR_KIND_SMALLINT] = K(BOOLEAN) | NUMBERS | TEXT | INTERVALS,
    [WEIR_KIND_INT] = K(BOOLEAN) | NUMBERS | TEXT | INTERVALS,
    [WEIR_KIND_BIGINT] = K(BOOLEAN) | NUMBERS | TEXT | INTERVALS,
    [WEIR_KIND_FLOAT] = K(BOOLEAN) | NUMBERS | TEXT,
    [WEIR_KIND_DOUBLE] = K(BOOLEAN) | NUMBERS | TEXT,
    [WEIR_KIND_DECIMAL] = K(BOOLEAN) | NUMBERS | TEXT,
    [WEIR_KIND_CHAR] = K(BOOLEAN) | NUMBERS | TEXT | BINARIES | K(DATE) | K(TIME) | TIMESTAMPS,
    [WEIR_KIND_VARCHAR] = K(BOOLEAN) | NUMBERS | TEXT | BINARIES | K(DATE) | K(TIME) | TIMESTAMPS,
    [WEIR_KIND_BINARY] = TEXT | BINARIES,
    [WEIR_KIND_VARBINARY] = TEXT | BINARIES,
    [WEIR_KIND_DATE] = TEXT | K(DATE) | TIMESTAMPS,
    [WEIR_KIND_TIME] = TEXT | K(TIME) | TIMESTAMPS,
    [WEIR_KIND_TIMESTAMP] = TEXT | K(DATE) | K(TIME) | TIMESTAMPS,
    [WEIR_KIND_TIMESTAMP_LTZ] = TEXT | K(DATE) | K(TIME) | TIMESTAMPS,
    [WEIR_KIND_INTERVAL_MONTH] = TEXT | K(INTERVAL_MONTH),
    [WEIR_KIND_INTERVAL_SECOND] = TEXT | K(INTERVAL_SECOND),
    [WEIR_KIND_ARRAY] = TEXT,
    [WEIR_KIND_MULTISET] = TEXT,
    [WEIR_KIND_MAP] = TEXT,
    [WEIR_KIND_ROW] = TEXT,
    /* A VARIANT cannot be cast, not even to itself; its text comes from JSON_STRING. */
    [WEIR_KIND_BITMAP] = TEXT | K(BITMAP),
    [WEIR_KIND_SYMBOL] = K(SYMBOL),
};

static const uint32_t implicit_to[WEIR_KIND_COUNT] = {
    [WEIR_KIND_NULL] = EVERYTHING,
    [WEIR_KIND_BOOLEAN] = K(BOOLEAN),
    [WEIR_KIND_TINYINT] = NUMBERS | INTERVALS,
    [WEIR_KIND_SMALLINT] = (NUMBERS & ~K(TINYINT)) | INTERVALS,
    [WEIR_KIND_INT] = K(INT) | K(BIGINT) | K(DECIMAL) | APPROX | INTERVALS,
    [WEIR_KIND_BIGINT] = K(BIGINT) | K(DECIMAL) | APPROX | INTERVALS,
    [WEIR_KIND_FLOAT] = K(DECIMAL) | APPROX,
    [WEIR_KIND_DOUBLE] = K(DECIMAL) | K(DOUBLE),
    [WEIR_KIND_DECIMAL] = K(DECIMAL) | APPROX,
    [WEIR_KIND_CHAR] = TEXT,
    [WEIR_KIND_VARCHAR] = K(VARCHAR),
    [WEIR_KIND_BINARY] = BINARIES,
    [WEIR_KIND_VARBINARY] = K(VARBINARY),
    [WEIR_KIND_DATE] = K(DATE),
    [WEIR_KIND_TIME] = K(TIME),
    [WEIR_KIND_TIMESTAMP] = K(DATE) | K(TIME) | TIMESTAMPS,
    [WEIR_KIND_TIMESTAMP_LTZ] = TIMESTAMPS,
    [WEIR_KIND_INTERVAL_MONTH] = K(INTERVAL_MONTH) | K(INT) | K(BIGINT),
    [WEIR_KIND_INTERVAL_SECOND] = K(INTERVAL_SECOND) | K(INT) | K(BIGINT),
    [WEIR_KIND_VARIANT] = K(VARIANT),
    [WEIR_KIND_BITMAP] = K(BITMAP),
    [WEIR_KIND_SYMBOL] = K(SYMBOL),
};

static bool nested_kind(weir_kind kind) {
    return kind == WEIR_KIND_ARRAY || kind == WEIR_KIND_MULTISET || kind == WEIR_KIND_MAP || kind == WEIR_KIND_ROW;
}

static bool allowed(const weir_type *from, const weir_type *to, const uint32_t *table) {
    if (from->kind != to->kind || !nested_kind(from->kind))
        return (table[from->kind] >> to->kind) & 1;
    if (from->field_count != to->field_count)
        return false;
    for (uint32_t i = 0; i < from->child_count; i++)
        if (!allowed(from->children[i], to->children[i], table))
            return false;
    for (uint32_t i = 0; i < from->field_count; i++)
        if (!allowed(from->fields[i].type, to->fields[i].type, table))
            return false;
    return true;
}

bool weir_type_can_cast(const weir_type *from, const weir_type *to) { return allowed(from, to, explicit_to); }
bool weir_type_can_coerce(const weir_type *from, const weir_type *to) { return allowed(from, to, implicit_to); }

/* Logical types: Flink's, each with its nullability. Immutable once made; they live in an arena or are static.
 *
 * Physical layout of one value in a column (see column/column.h):
 *   kind                                   layout
 *   BOOLEAN                                uint8_t, 0 or 1
 *   TINYINT SMALLINT INT BIGINT            int8_t int16_t int32_t int64_t
 *   FLOAT DOUBLE                           float double
 *   DECIMAL(p, s)                          weir_i128, the value times 10^s
 *   CHAR VARCHAR BINARY VARBINARY          weir_view (16 bytes)
 *   DATE                                   int32_t days since 1970-01-01
 *   TIME(p)                                int32_t milliseconds of the day, whatever p is (as in Flink's runtime)
 *   TIMESTAMP(p), TIMESTAMP_LTZ(p), p <= 6 int64_t microseconds since 1970-01-01 00:00:00 (LTZ: UTC)
 *   TIMESTAMP(p), TIMESTAMP_LTZ(p), p > 6  weir_timestamp_ns, 16 bytes
 *   INTERVAL YEAR TO MONTH                 int32_t months
 *   INTERVAL DAY TO SECOND                 int64_t milliseconds
 *   ARRAY MULTISET MAP                     weir_span into child column(s): element; key and value (a MULTISET's value is INT)
 *   ROW                                    nothing of its own: one child column per field, and validity
 *   VARIANT                                weir_view: compact JSON, keys in order, as Flink prints one (func/variant.c)
 *   BITMAP                                 weir_view: a roaring bitmap in its portable serialised form (func/bitmap.c)
 *   NULL (the type of a bare NULL)         nothing: never valid
 */
#ifndef WEIR_TYPES_TYPE_H
#define WEIR_TYPES_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

typedef __int128 weir_i128;
typedef unsigned __int128 weir_u128;

/* Timestamps of precision 7 to 9: floor(milliseconds) since the epoch and the nanoseconds within, 0..999999. */
typedef struct weir_timestamp_ns {
    int64_t milliseconds;
    int32_t nanoseconds;
    int32_t zero; /* keeps the bytes comparable */
} weir_timestamp_ns;

typedef enum weir_kind {
    WEIR_KIND_NULL,
    WEIR_KIND_BOOLEAN,
    WEIR_KIND_TINYINT,
    WEIR_KIND_SMALLINT,
    WEIR_KIND_INT,
    WEIR_KIND_BIGINT,
    WEIR_KIND_FLOAT,
    WEIR_KIND_DOUBLE,
    WEIR_KIND_DECIMAL,
    WEIR_KIND_CHAR,
    WEIR_KIND_VARCHAR,
    WEIR_KIND_BINARY,
    WEIR_KIND_VARBINARY,
    WEIR_KIND_DATE,
    WEIR_KIND_TIME,
    WEIR_KIND_TIMESTAMP,
    WEIR_KIND_TIMESTAMP_LTZ,
    WEIR_KIND_INTERVAL_MONTH,  /* year-month */
    WEIR_KIND_INTERVAL_SECOND, /* day-time */
    WEIR_KIND_ARRAY,
    WEIR_KIND_MULTISET,
    WEIR_KIND_MAP,
    WEIR_KIND_ROW,
    WEIR_KIND_SYMBOL, /* a keyword argument such as the unit in EXTRACT; only in expressions, as a literal whose text is the word */
    WEIR_KIND_VARIANT,
    WEIR_KIND_BITMAP,
    WEIR_KIND_COUNT,
} weir_kind;

/* How a value is laid out; kernels switch on this. */
typedef enum weir_layout {
    WEIR_LAYOUT_NONE, /* NULL, ROW, SYMBOL */
    WEIR_LAYOUT_U8,   /* BOOLEAN */
    WEIR_LAYOUT_I8,
    WEIR_LAYOUT_I16,
    WEIR_LAYOUT_I32,
    WEIR_LAYOUT_I64,
    WEIR_LAYOUT_F32,
    WEIR_LAYOUT_F64,
    WEIR_LAYOUT_I128,
    WEIR_LAYOUT_TIMESTAMP_NS,
    WEIR_LAYOUT_VIEW,
    WEIR_LAYOUT_SPAN,
} weir_layout;

enum { WEIR_LENGTH_MAX = 2147483647, WEIR_DECIMAL_DIGITS_MAX = 38 };

struct weir_type;

typedef struct weir_field {
    weir_text name;
    const struct weir_type *type;
    weir_text comment; /* data NULL: none */
} weir_field;

typedef struct weir_type {
    weir_kind kind;
    bool nullable;
    int32_t precision;    /* DECIMAL; fractional digits of TIME, TIMESTAMP(_LTZ); length of CHAR, VARCHAR, BINARY, VARBINARY */
    int32_t scale;        /* DECIMAL */
    uint32_t child_count; /* ARRAY, MULTISET 1 (element); MAP 2 (key, value); ROW 0: its fields count in field_count */
    const struct weir_type *children[2];
    uint32_t field_count; /* ROW */
    const weir_field *fields;
} weir_type;

weir_layout weir_type_layout(const weir_type *type);
uint32_t weir_layout_bytes(weir_layout layout); /* bytes per value; 0 for NONE */

/* Makers; NULL without memory. The scalar ones without parameters of their own are static and need no arena. */
const weir_type *weir_type_simple(weir_kind kind, bool nullable); /* kinds without precision; BIGINT ... */
const weir_type *weir_type_string(bool nullable);                 /* VARCHAR(2147483647) */
const weir_type *weir_type_bytes(bool nullable);                  /* VARBINARY(2147483647) */
const weir_type *weir_type_sized(weir_arena *arena, weir_kind kind, int32_t precision,
                                 bool nullable); /* CHAR VARCHAR BINARY VARBINARY TIME TIMESTAMP* */
const weir_type *weir_type_decimal(weir_arena *arena, int32_t precision, int32_t scale, bool nullable);
const weir_type *weir_type_array(weir_arena *arena, const weir_type *element, bool nullable);
const weir_type *weir_type_multiset(weir_arena *arena, const weir_type *element, bool nullable);
const weir_type *weir_type_map(weir_arena *arena, const weir_type *key, const weir_type *value, bool nullable);
const weir_type *weir_type_row(weir_arena *arena, const weir_field *fields, uint32_t field_count,
                               bool nullable); /* fields are copied, their texts are not */
const weir_type *weir_type_with_nullable(weir_arena *arena, const weir_type *type, bool nullable);
const weir_type *weir_type_copy(weir_arena *arena, const weir_type *type); /* deep: with all texts */

/* Equal in everything; `ignore_nullable` looks away from nullability at every depth. ROW field names count. */
bool weir_type_equal(const weir_type *a, const weir_type *b, bool ignore_nullable);

/* Families. */
bool weir_kind_is_integer(weir_kind kind); /* TINYINT .. BIGINT */
bool weir_kind_is_exact(weir_kind kind);   /* integers and DECIMAL */
bool weir_kind_is_approx(weir_kind kind);  /* FLOAT, DOUBLE */
bool weir_kind_is_numeric(weir_kind kind);
bool weir_kind_is_text(weir_kind kind); /* CHAR, VARCHAR */
bool weir_kind_is_binary(weir_kind kind);
bool weir_kind_is_timestamp(weir_kind kind); /* TIMESTAMP, TIMESTAMP_LTZ */
bool weir_kind_is_datetime(weir_kind kind);  /* DATE, TIME, TIMESTAMP* */
bool weir_kind_is_interval(weir_kind kind);

/* "INT NOT NULL", "DECIMAL(10, 2)", "ROW<`x` BIGINT, `y` VARCHAR(5)>", as Flink serialises it (STRING = VARCHAR(2147483647),
 * TIMESTAMP(3) WITH LOCAL TIME ZONE = "TIMESTAMP(3) WITH LOCAL TIME ZONE", INTERVAL = "INTERVAL SECOND(3)" / "INTERVAL MONTH"). */
void weir_type_print(const weir_type *type, weir_builder *out);
/* As DESCRIBE and error messages show it (short: STRING, BYTES, TIMESTAMP_LTZ(3)). */
void weir_type_print_short(const weir_type *type, weir_builder *out);

/* The type that values of both can be turned into without asking (Calcite's leastRestrictive under Flink's rules): CASE branches,
 * UNION columns, IN lists, array elements. NULL: there is none (or no memory). Nullable when either is. */
const weir_type *weir_type_common(weir_arena *arena, const weir_type *a, const weir_type *b);

/* Result types of decimal arithmetic ('+' '-' '*' '/' '%'), precision and scale only, nullable when either is. Integers count as DECIMAL.
 */
const weir_type *weir_type_decimal_result(weir_arena *arena, char operation, const weir_type *a, const weir_type *b);
/* TINYINT -> DECIMAL(3,0) ... BIGINT -> DECIMAL(19,0); DECIMAL itself. NULL for other kinds. */
const weir_type *weir_type_as_decimal(weir_arena *arena, const weir_type *type);

/* Which explicit CASTs exist at all (Flink's matrix). The kernels live in func/. */
bool weir_type_can_cast(const weir_type *from, const weir_type *to);
/* Which casts happen without asking: function arguments, INSERT columns. */
bool weir_type_can_coerce(const weir_type *from, const weir_type *to);

#endif

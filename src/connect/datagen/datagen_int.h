/* The datagen connector: generators, one per field, each with its own random stream; and the source that drives them. */
#ifndef WEIR_CONNECT_DATAGEN_DATAGEN_INT_H
#define WEIR_CONNECT_DATAGEN_DATAGEN_INT_H

#include "connect/connectors_int.h"
#include "os/random.h"

typedef struct weir_datagen {
    const weir_type *type;
    bool sequence;
    int64_t next, end;   /* sequence */
    int64_t least, most; /* integers, intervals */
    double least_real, most_real;
    uint32_t length; /* text, bytes, collections */
    bool variable_length;
    double null_rate;
    int64_t past_ms; /* timestamps */
    weir_random random;
    uint32_t child_count;
    struct weir_datagen *children;
} weir_datagen;

/* The generator of the field `name` ("f", "f.element", "r.x"), from the options fields.<name>.*. */
weir_status weir_datagen_init(weir_datagen *generator, weir_arena *arena, const weir_table *table, weir_text name, const weir_type *type,
                              weir_error *error) WEIR_MUST_USE;
/* Rows left before a sequence ends; UINT64_MAX: it never does. */
uint64_t weir_datagen_left(const weir_datagen *generator);
/* Rows [from, from + count) of the column; now_us: the clock, as local time for TIMESTAMP. False: no memory. */
bool weir_datagen_fill(weir_datagen *generator, weir_column *column, uint32_t from, uint32_t count, int64_t now_us, int64_t local_now_us);

#endif

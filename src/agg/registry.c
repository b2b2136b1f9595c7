/* The families of aggregate functions, and finding one by name. */
#include "agg/agg_int.h"

static const weir_aggregate *const families[] = {
    weir_aggregates_count, weir_aggregates_sum,  weir_aggregates_extreme,    weir_aggregates_order,       weir_aggregates_variance,
    weir_aggregates_list,  weir_aggregates_json, weir_aggregates_percentile, weir_aggregates_approximate, weir_aggregates_window,
};

const weir_aggregate *weir_aggregate_family(size_t index) { return index < sizeof families / sizeof *families ? families[index] : NULL; }

const weir_aggregate *weir_aggregate_find(weir_text name, bool hidden) {
    for (size_t f = 0; f < sizeof families / sizeof *families; f++)
        for (const weir_aggregate *at = families[f]; at->name != NULL; at++)
            if (weir_text_equal_nocase_c(name, at->name) && (hidden || !(at->flags & WEIR_AGGREGATE_HIDDEN)))
                return at;
    return NULL;
}

enum { NAMES_MAX = 128 };

const weir_aggregate *weir_aggregate_nearest(weir_text name) {
    weir_text names[NAMES_MAX];
    const weir_aggregate *entries[NAMES_MAX];
    size_t count = 0;
    for (size_t f = 0; f < sizeof families / sizeof *families; f++)
        for (const weir_aggregate *at = families[f]; at->name != NULL && count < NAMES_MAX; at++)
            if (!(at->flags & WEIR_AGGREGATE_HIDDEN)) {
                entries[count] = at;
                names[count++] = weir_text_of(at->name);
            }
    int nearest = weir_text_nearest(name, names, count);
    return nearest < 0 ? NULL : entries[nearest];
}

/* CAST of ARRAY, MULTISET, MAP and ROW to their own kind: the elements and fields are cast, a column at a time.
 *
 * The elements of all rows are taken together into one dense column, cast by their own plan, and laid behind what the result holds already.
 * A failing element is reported for its row. */
#include <string.h>

#include "func/cast_int.h"

/* Cast the valid rows of `from`; the others become NULL. */
static void cast_valid(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    if (from->valid == NULL) {
        plan->step(plan, run, rows, from, out);
        return;
    }
    size_t bytes = rows->count * sizeof(uint32_t);
    uint32_t *index = weir_memory_alloc(out->memory, bytes);
    if (index == NULL) {
        out->failed = true;
        return;
    }
    weir_rows valid = {index, 0};
    WEIR_FOR_ROWS(rows, i, {
        if (from->valid[i])
            index[valid.count++] = i;
        else
            weir_column_set_null(out, i);
    });
    if (valid.count > 0)
        plan->step(plan, run, &valid, from, out);
    weir_memory_free(out->memory, index, bytes);
}

static void step_row(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    for (uint32_t field = 0; field < plan->child_count; field++) {
        cast_valid(&plan->children[field], run, rows, from->children[field], out->children[field]);
        out->failed |= out->children[field]->failed;
    }
}

/* Which child row each element comes from, and whose row it is. */
typedef struct elements {
    uint32_t count;
    uint32_t *source;
    uint32_t *origin;
    uint32_t base; /* the first one's place in the result's children */
} elements;

static bool elements_collect(const weir_rows *rows, const cast_run *run, const weir_column *from, weir_column *out, elements *all) {
    const weir_span *spans = WEIR_VALUES(from, weir_span);
    uint32_t count = 0;
    WEIR_FOR_ROWS(rows, i, { count += spans[i].count; });
    *all = (elements){.count = count};
    all->source = weir_memory_alloc(out->memory, count * sizeof(uint32_t));
    all->origin = weir_memory_alloc(out->memory, count * sizeof(uint32_t));
    if (all->source == NULL || all->origin == NULL)
        return false;
    uint32_t at = 0;
    bool done = true;
    WEIR_FOR_ROWS(rows, i, {
        uint32_t first = weir_column_span_add(out, i, spans[i].count);
        done = done && first != UINT32_MAX;
        if (at == 0)
            all->base = first;
        for (uint32_t k = 0; k < spans[i].count; k++) {
            all->source[at] = spans[i].start + k;
            all->origin[at++] = run->origin == NULL ? i : run->origin[i];
        }
    });
    return done;
}

static void elements_done(elements *all, weir_memory *memory) {
    if (all->source != NULL)
        weir_memory_free(memory, all->source, all->count * sizeof(uint32_t));
    if (all->origin != NULL)
        weir_memory_free(memory, all->origin, all->count * sizeof(uint32_t));
}

static bool elements_cast(const cast_plan *plan, cast_run *run, const elements *all, const weir_column *from, weir_column *out) {
    weir_column *dense = weir_column_take(out->memory, from, all->source, all->count);
    weir_column *made = weir_column_create(out->memory, plan->to, all->count);
    bool done = dense != NULL && made != NULL;
    if (done) {
        cast_run inner = *run;
        inner.origin = all->origin;
        weir_rows every = {NULL, all->count};
        cast_valid(plan, &inner, &every, dense, made);
        done = !made->failed && weir_column_keep_from(out, made);
        if (done)
            weir_column_gather(out, all->base, made, NULL, all->count);
        done = done && !out->failed;
    }
    weir_column_unref(dense);
    weir_column_unref(made);
    return done;
}

static void step_span(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    elements all;
    bool done = elements_collect(rows, run, from, out, &all);
    for (uint32_t child = 0; done && all.count > 0 && child < out->child_count; child++) {
        if (child < plan->child_count) {
            done = elements_cast(&plan->children[child], run, &all, from->children[child], out->children[child]);
        } else { /* a multiset's counts */
            weir_column_gather(out->children[child], all.base, from->children[child], all.source, all.count);
            done = !out->children[child]->failed;
        }
    }
    if (!done)
        out->failed = true;
    elements_done(&all, out->memory);
}

cast_step weir_cast_step_nested(const weir_type *from, const weir_type *to) {
    if (from->kind != to->kind)
        return NULL;
    if (from->kind == WEIR_KIND_ROW)
        return from->field_count == to->field_count ? step_row : NULL;
    return weir_type_layout(from) == WEIR_LAYOUT_SPAN ? step_span : NULL;
}

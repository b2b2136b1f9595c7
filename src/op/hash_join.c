/* Batch hash join: the right side is read first and kept in columns, with a table from keys to chains of rows; then the left side streams
 * by. All six types, and NOT IN. See join.h.
 *
 * Rows of one key hang in a chain in order of arrival, so that pairs come in that order. RIGHT and FULL mark the rows that found a partner
 * and emit the others at the end. Without keys every row is in the one chain: a nested loop. Left out: spilling; outgrowing the memory
 * limit is an error.
 */
#include <string.h>

#include "op/join_match.h"
#include "op/row_store.h"
#include "state/keyed.h"

enum { NONE = UINT32_MAX };

typedef struct chain_value {
    uint32_t first, last; /* row + 1; 0: empty */
} chain_value;

typedef struct pair_list {
    uint32_t *left, *right;
    size_t count, left_capacity, right_capacity;
} pair_list;

typedef struct hash_join_operator {
    weir_stage stage; /* first */
    const weir_join_spec *spec;
    weir_join_type type;
    weir_row_store store; /* the right side */
    weir_state *state;
    weir_keyed *keyed;
    uint32_t *next; /* chain */
    size_t next_capacity;
    uint8_t *matched; /* RIGHT, FULL: by row of the store */
    size_t matched_capacity;
    chain_value nulls; /* NOT IN: rows of the right with a NULL key */
    bool built;
    weir_program *residual;
    bool *used; /* columns that the residual reads */
    weir_column **columns;
    weir_row_scratch scratch;
    uint32_t *with_keys;
    uint32_t with_keys_capacity;
    pair_list candidates; /* to be filtered */
    pair_list leaving;    /* a left row without partner has right NONE, and the other way round */
    /* place within the batch: the row at hand */
    uint32_t chain;        /* next candidate, row + 1 */
    bool in_row;           /* it has begun */
    bool row_matched;      /* and has found a partner */
    bool whole_store;      /* NOT IN, NULL key: the candidates are all rows, by number */
    bool in_order;         /* `leaving` has each left row at most once, in order */
    bool nulls_done;       /* NOT IN: the rows with a NULL key have been looked at */
    uint32_t unmatched_at; /* RIGHT, FULL at the end */
} hash_join_operator;

static weir_status no_memory(hash_join_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}
static bool is_outer_right(weir_join_type type) { return type == WEIR_JOIN_RIGHT || type == WEIR_JOIN_FULL; }

static weir_status with_keys_reserve(hash_join_operator *self, uint32_t rows, weir_error *error) {
    if (rows <= self->with_keys_capacity)
        return WEIR_OK;
    weir_memory *memory = self->stage.base.context->memory;
    weir_memory_free(memory, self->with_keys, self->with_keys_capacity * sizeof(uint32_t));
    self->with_keys_capacity = 0;
    self->with_keys = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    if (self->with_keys == NULL)
        return no_memory(self, rows * sizeof(uint32_t), error);
    self->with_keys_capacity = rows;
    return WEIR_OK;
}

static weir_status begin(weir_stage *stage, weir_error *error) {
    hash_join_operator *self = (hash_join_operator *)stage;
    const weir_batch *batch = stage->batch;
    const weir_join_keys *on = &self->spec->on;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    WEIR_TRY(with_keys_reserve(self, batch->rows, error));
    for (uint32_t row = 0; row < batch->rows; row++)
        self->scratch.values[row] = NULL;
    if (batch->selected == 0)
        return WEIR_OK;
    weir_rows rows = {self->with_keys, weir_join_rows_with_keys(on, stage->input, batch, self->with_keys)};
    const uint32_t *keys = weir_join_side_of(on, stage->input)->keys;
    if (stage->input == 1)
        return weir_keyed_upsert(self->keyed, batch->columns, keys, &rows, self->scratch.values, NULL, error);
    return weir_keyed_find(self->keyed, batch->columns, keys, &rows, self->scratch.values, error);
}

/* ---- build ---- */

static void chain_add(hash_join_operator *self, chain_value *chain, uint32_t row) {
    if (chain->last != 0)
        self->next[chain->last - 1] = row + 1;
    else
        chain->first = row + 1;
    chain->last = row + 1;
}

/* Rows of the right that can never match are kept only where they must leave (RIGHT, FULL) or count (NOT IN). */
static weir_status build_rows(hash_join_operator *self, const weir_rows *rows, weir_error *error) {
    const weir_batch *batch = self->stage.batch;
    weir_memory *memory = self->stage.base.context->memory;
    bool keep_all = is_outer_right(self->type) || self->spec->null_aware_anti;
    uint32_t kept = 0, at = self->store.rows;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        self->with_keys[kept] = row;
        kept += keep_all || self->scratch.values[row] != NULL;
    }
    weir_rows keep = {self->with_keys, kept};
    if (!weir_memory_grow(memory, (void **)&self->next, &self->next_capacity, (size_t)at + kept, sizeof(uint32_t)))
        return no_memory(self, (size_t)at * sizeof(uint32_t), error);
    if (is_outer_right(self->type)) {
        if (!weir_memory_grow(memory, (void **)&self->matched, &self->matched_capacity, (size_t)at + kept, 1))
            return no_memory(self, at, error);
        memset(self->matched + at, 0, kept);
    }
    WEIR_TRY(weir_row_store_append(&self->store, batch->columns, &keep, error));
    for (uint32_t k = 0; k < kept; k++) {
        chain_value *chain = self->scratch.values[self->with_keys[k]];
        self->next[at + k] = 0;
        if (chain != NULL)
            chain_add(self, chain, at + k);
        else if (self->spec->null_aware_anti)
            chain_add(self, &self->nulls, at + k);
    }
    return WEIR_OK;
}

/* ---- probe ---- */

static bool pairs_reserve(hash_join_operator *self, pair_list *pairs, size_t wanted) {
    weir_memory *memory = self->stage.base.context->memory;
    size_t room = wanted < WEIR_BATCH_ROWS * 2 ? WEIR_BATCH_ROWS * 2 : wanted;
    return (wanted <= pairs->left_capacity ||
            weir_memory_grow(memory, (void **)&pairs->left, &pairs->left_capacity, room, sizeof(uint32_t))) &&
           (wanted <= pairs->right_capacity ||
            weir_memory_grow(memory, (void **)&pairs->right, &pairs->right_capacity, room, sizeof(uint32_t)));
}

static inline bool pair_add(hash_join_operator *self, pair_list *pairs, uint32_t left, uint32_t right) {
    if ((pairs->count >= pairs->left_capacity || pairs->count >= pairs->right_capacity) && !pairs_reserve(self, pairs, pairs->count + 1))
        return false;
    pairs->left[pairs->count] = left;
    pairs->right[pairs->count++] = right;
    return true;
}

static bool is_not_in(const hash_join_operator *self) { return self->spec->null_aware_anti && self->spec->on.key_count > 0; }

/* The candidates of a left row: its chain. Under NOT IN a row with a NULL key meets every row of the right, any other also those with a
 * NULL key. */
static void row_start(hash_join_operator *self, uint32_t row) {
    const chain_value *chain = self->scratch.values[row];
    self->in_row = true;
    self->row_matched = false;
    self->whole_store = false;
    self->nulls_done = !is_not_in(self);
    self->chain = chain == NULL ? 0 : chain->first;
    for (uint32_t i = 0; !self->nulls_done && i < self->spec->on.key_count; i++)
        self->whole_store |= !weir_column_is_valid(self->stage.batch->columns[self->spec->on.left.keys[i]], row);
    if (self->whole_store) {
        self->nulls_done = true;
        self->chain = self->store.rows > 0;
    }
}

static void chain_step(hash_join_operator *self) {
    self->chain = self->whole_store ? (self->chain < self->store.rows ? self->chain + 1 : 0) : self->next[self->chain - 1];
}

/* A column of the joined rows. */
static weir_column *column_of(hash_join_operator *self, uint32_t column, const pair_list *pairs) {
    weir_memory *memory = self->stage.base.context->memory;
    uint32_t left = self->spec->on.left.column_count, count = (uint32_t)pairs->count;
    if (column >= left)
        return weir_row_store_take(&self->store, column - left, pairs->right, count);
    if (self->in_order && pairs == &self->leaving && count == self->stage.batch->rows) /* all of them */
        return weir_column_ref(self->stage.batch->columns[column]);
    if (pairs->left[0] != NONE)
        return weir_column_take(memory, self->stage.batch->columns[column], pairs->left, count);
    weir_column *nulls = weir_column_create(memory, self->spec->on.output_types[column], count);
    for (uint32_t k = 0; nulls != NULL && k < count; k++)
        weir_column_set_null(nulls, k);
    return nulls;
}

static void columns_release(hash_join_operator *self) {
    for (uint32_t i = 0; i < self->spec->on.left.column_count + self->spec->on.right.column_count; i++) {
        weir_column_unref(self->columns[i]);
        self->columns[i] = NULL;
    }
}

static bool keys_compatible(const hash_join_operator *self, uint32_t row) {
    const weir_join_keys *on = &self->spec->on;
    for (uint32_t i = 0; i < on->key_count; i++) {
        const weir_column *left = self->columns[on->left.keys[i]], *right = self->columns[on->left.column_count + on->right.keys[i]];
        if (weir_column_is_valid(left, row) && weir_column_is_valid(right, row) && !weir_column_rows_equal(left, row, right, row))
            return false;
    }
    return true;
}

/* Keep the candidates for which the residual is TRUE. */
static weir_status candidates_filter(hash_join_operator *self, weir_error *error) {
    pair_list *pairs = &self->candidates;
    bool check_keys = is_not_in(self) && self->spec->on.key_count > 1;
    uint32_t columns = self->spec->on.left.column_count + self->spec->on.right.column_count;
    if ((self->residual == NULL && !check_keys) || pairs->count == 0)
        return WEIR_OK;
    weir_status status = WEIR_OK;
    for (uint32_t i = 0; i < columns && status == WEIR_OK; i++) {
        if (!self->used[i])
            continue;
        self->columns[i] = column_of(self, i, pairs);
        if (self->columns[i] == NULL)
            status = no_memory(self, pairs->count, error);
    }
    uint32_t first[WEIR_BATCH_ROWS], passed[WEIR_BATCH_ROWS], kept = 0, failed_row;
    weir_rows rows = {first, 0};
    for (uint32_t k = 0; k < pairs->count && status == WEIR_OK; k++) {
        first[rows.count] = k;
        rows.count += !check_keys || keys_compatible(self, k);
    }
    if (status == WEIR_OK && self->residual != NULL)
        status = weir_program_filter(self->residual, self->columns, (uint32_t)pairs->count, &rows, passed, &kept, &failed_row, error);
    columns_release(self);
    WEIR_TRY(status);
    const uint32_t *keep = self->residual != NULL ? passed : first;
    kept = self->residual != NULL ? kept : rows.count;
    for (uint32_t k = 0; k < kept; k++) {
        pairs->left[k] = pairs->left[keep[k]];
        pairs->right[k] = pairs->right[keep[k]];
    }
    pairs->count = kept;
    return WEIR_OK;
}

/* Most joins look up one row for each: a whole batch in a tight loop. False: some row has several partners, nothing was done. */
static bool rows_single(hash_join_operator *self, const weir_rows *rows, bool keep_alone) {
    uint32_t *left = self->leaving.left, *right = self->leaving.right, count = 0;
    const uint32_t *next = self->next;
    void *const *values = self->scratch.values;
    bool several = false;
    for (uint32_t k = 0; k < rows->count && !several; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        const chain_value *chain = values[row];
        uint32_t first = chain == NULL ? 0 : chain->first;
        left[count] = row;
        right[count] = first - 1; /* NONE without partner */
        count += first != 0 || keep_alone;
        several = first != 0 && next[first - 1] != 0;
    }
    self->leaving.count = several ? 0 : count;
    return !several;
}

/* Without residual, INNER and outer joins: follow the chains of many rows in one go. */
static weir_status rows_plain(hash_join_operator *self, const weir_rows *rows, uint32_t *at, weir_error *error) {
    bool keep_alone = self->type == WEIR_JOIN_LEFT || self->type == WEIR_JOIN_FULL, outer_right = is_outer_right(self->type);
    pair_list *leaving = &self->leaving;
    if (!pairs_reserve(self, leaving, WEIR_BATCH_ROWS))
        return no_memory(self, WEIR_BATCH_ROWS * sizeof(uint32_t), error);
    if (*at == 0 && !self->in_row && !outer_right && rows->count <= WEIR_BATCH_ROWS && rows_single(self, rows, keep_alone)) {
        self->in_order = true;
        *at = rows->count;
        return WEIR_OK;
    }
    while (*at < rows->count && leaving->count < WEIR_BATCH_ROWS) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        if (!self->in_row) {
            const chain_value *chain = self->scratch.values[row];
            self->chain = chain == NULL ? 0 : chain->first;
            self->in_row = true;
            if (self->chain == 0 && keep_alone && !pair_add(self, leaving, row, NONE))
                return no_memory(self, sizeof(uint32_t), error);
        }
        for (; self->chain != 0 && leaving->count < WEIR_BATCH_ROWS; self->chain = self->next[self->chain - 1]) {
            if (!pair_add(self, leaving, row, self->chain - 1))
                return no_memory(self, sizeof(uint32_t), error);
            if (outer_right)
                self->matched[self->chain - 1] = 1;
        }
        if (self->chain != 0)
            return WEIR_OK;
        self->in_row = false;
        ++*at;
    }
    return WEIR_OK;
}

/* SEMI and ANTI without residual need one look at the table. */
static weir_status rows_half(hash_join_operator *self, const weir_rows *rows, uint32_t *at, weir_error *error) {
    for (; *at < rows->count && self->leaving.count < WEIR_BATCH_ROWS; ++*at) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        const chain_value *chain = self->scratch.values[row];
        if ((chain != NULL && chain->first != 0) == (self->type == WEIR_JOIN_SEMI) && !pair_add(self, &self->leaving, row, NONE))
            return no_memory(self, sizeof(uint32_t), error);
    }
    return WEIR_OK;
}

/* The row at hand has met all its candidates. */
static weir_status row_done(hash_join_operator *self, uint32_t row, weir_error *error) {
    bool leaves_alone = self->type == WEIR_JOIN_ANTI || self->type == WEIR_JOIN_LEFT || self->type == WEIR_JOIN_FULL;
    bool leaves = self->row_matched ? self->type == WEIR_JOIN_SEMI : leaves_alone;
    return !leaves || pair_add(self, &self->leaving, row, NONE) ? WEIR_OK : no_memory(self, sizeof(uint32_t), error);
}

/* Candidates of rows [*end, ...) until there are enough; *end stops at the row that is not complete. */
static weir_status candidates_collect(hash_join_operator *self, const weir_rows *rows, uint32_t *end, weir_error *error) {
    pair_list *candidates = &self->candidates;
    while (*end < rows->count && candidates->count < WEIR_BATCH_ROWS) {
        uint32_t row = rows->index == NULL ? *end : rows->index[*end];
        if (!self->in_row)
            row_start(self, row);
        for (; self->chain != 0 && candidates->count < WEIR_BATCH_ROWS; chain_step(self))
            if (!pair_add(self, candidates, row, self->chain - 1))
                return no_memory(self, sizeof(uint32_t), error);
        if (self->chain != 0)
            return WEIR_OK;
        if (!self->nulls_done) {
            self->nulls_done = true;
            self->chain = self->nulls.first;
            continue;
        }
        self->in_row = false;
        ++*end;
    }
    return WEIR_OK;
}

/* A residual, or NOT IN: collect the candidates of many rows, filter them together, then see for each row whether it has matched. The last
 * row may stay in progress. */
static weir_status rows_filtered(hash_join_operator *self, const weir_rows *rows, uint32_t *at, weir_error *error) {
    bool half = weir_join_is_half(self->type), carried = self->in_row && self->row_matched;
    uint32_t end = *at;
    self->candidates.count = 0;
    if (half && carried)
        self->chain = 0, self->nulls_done = true; /* one match says all */
    WEIR_TRY(candidates_collect(self, rows, &end, error));
    WEIR_TRY(candidates_filter(self, error));
    const pair_list *candidates = &self->candidates;
    size_t pair = 0;
    for (; *at <= end && *at < rows->count; ++*at) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        self->row_matched = carried;
        carried = false;
        for (; pair < candidates->count && candidates->left[pair] == row; pair++) {
            self->row_matched = true;
            if (is_outer_right(self->type))
                self->matched[candidates->right[pair]] = 1;
            if (!half && !pair_add(self, &self->leaving, row, candidates->right[pair]))
                return no_memory(self, sizeof(uint32_t), error);
        }
        if (*at == end) /* in progress, or not begun */
            return WEIR_OK;
        WEIR_TRY(row_done(self, row, error));
    }
    return WEIR_OK;
}

/* The pairs leave as one block. */
static weir_status pairs_leave(hash_join_operator *self, weir_error *error) {
    weir_stage *stage = &self->stage;
    uint32_t count = (uint32_t)self->leaving.count;
    uint32_t columns = self->spec->on.left.column_count + (weir_join_is_half(self->type) ? 0 : self->spec->on.right.column_count);
    if (count == 0)
        return WEIR_OK;
    weir_batch *block = weir_batch_create(stage->base.context->memory, columns);
    bool done = block != NULL;
    for (uint32_t i = 0; done && i < columns; i++) {
        block->columns[i] = column_of(self, i, &self->leaving);
        done = block->columns[i] != NULL;
    }
    self->leaving.count = 0;
    self->in_order = false;
    if (!done) {
        weir_batch_destroy(block);
        return no_memory(self, count, error);
    }
    block->rows = block->selected = count;
    weir_stage_put_block(stage, block);
    return WEIR_OK;
}

static weir_status rows_handle(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    hash_join_operator *self = (hash_join_operator *)stage;
    if (stage->input == 1) {
        *at = rows->count;
        return build_rows(self, rows, error);
    }
    if (self->residual != NULL || is_not_in(self))
        WEIR_TRY(rows_filtered(self, rows, at, error));
    else
        WEIR_TRY(weir_join_is_half(self->type) ? rows_half(self, rows, at, error) : rows_plain(self, rows, at, error));
    return pairs_leave(self, error);
}

/* RIGHT, FULL: rows of the right without partner. */
static weir_status fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    hash_join_operator *self = (hash_join_operator *)stage;
    if (watermark_ms != WEIR_WATERMARK_END || !is_outer_right(self->type))
        return WEIR_OK;
    uint32_t most = stage->base.context->settings->batch_rows;
    for (; self->unmatched_at < self->store.rows && self->leaving.count < most; self->unmatched_at++)
        if (!self->matched[self->unmatched_at] && !pair_add(self, &self->leaving, NONE, self->unmatched_at))
            return no_memory(self, sizeof(uint32_t), error);
    *more = self->leaving.count > 0;
    return pairs_leave(self, error);
}

static void end(weir_stage *stage) {
    hash_join_operator *self = (hash_join_operator *)stage;
    if (stage->watermarks.inputs[1] == WEIR_WATERMARK_END)
        self->built = true;
}

static const weir_stage_hooks hooks = {.begin = begin, .rows = rows_handle, .fire = fire, .end = end};

/* The right side first, to its end. */
static uint32_t prefer(const weir_operator *operator) { return ((const hash_join_operator *)operator)->built ? 0 : 1; }

static void hash_join_close(weir_operator *operator) {
    hash_join_operator *self = (hash_join_operator *)operator;
    weir_memory *memory = operator->context->memory;
    weir_stage_deinit(&self->stage);
    weir_row_store_deinit(&self->store);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_memory_free(memory, self->with_keys, self->with_keys_capacity * sizeof(uint32_t));
    weir_memory_free(memory, self->next, self->next_capacity * sizeof(uint32_t));
    weir_memory_free(memory, self->matched, self->matched_capacity);
    pair_list *lists[] = {&self->candidates, &self->leaving};
    for (int i = 0; i < 2; i++) {
        weir_memory_free(memory, lists[i]->left, lists[i]->left_capacity * sizeof(uint32_t));
        weir_memory_free(memory, lists[i]->right, lists[i]->right_capacity * sizeof(uint32_t));
    }
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(memory, self, sizeof *self);
}

static weir_status prepare(hash_join_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_join_keys *on = &self->spec->on;
    uint32_t count = on->left.column_count + on->right.column_count;
    WEIR_TRY(weir_join_check(on, context, error));
    uint32_t out = weir_join_is_half(on->type) ? 0 : on->right.column_count;
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, on->output_types, on->left.column_count, out, false, false, error));
    const weir_type **key_types = weir_stage_types_of(context->arena, on->right.types, on->right.keys, on->key_count);
    self->columns = WEIR_ARENA_ARRAY(context->arena, weir_column *, count + 1);
    self->used = WEIR_ARENA_ARRAY(context->arena, bool, count + 1);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (key_types == NULL || self->columns == NULL || self->used == NULL || self->state == NULL)
        return no_memory(self, 0, error);
    self->keyed = weir_keyed_create(self->state, context->arena, "chains", key_types, on->key_count, sizeof(chain_value));
    if (self->keyed == NULL)
        return no_memory(self, 0, error);
    if (self->spec->null_aware_anti)
        for (uint32_t i = 0; i < on->key_count; i++)
            self->used[on->left.keys[i]] = self->used[on->left.column_count + on->right.keys[i]] = true;
    if (on->residual == NULL)
        return WEIR_OK;
    weir_expr_columns(on->residual, self->used, count);
    return weir_program_compile(context->arena, context->memory, context->evaluation, &on->residual, 1, &self->residual, error);
}

static weir_status hash_join_open(const void *spec_, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    hash_join_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &weir_hash_join_operator, context, &hooks);
    self->stage.hold_marks = true;
    self->spec = spec_;
    self->type = self->spec->on.type;
    weir_row_store_init(&self->store, context->memory, context->name, self->spec->on.right.types, self->spec->on.right.column_count);
    weir_status status = prepare(self, error);
    if (status != WEIR_OK) {
        hash_join_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

const weir_operator_vtable weir_hash_join_operator = {.name = "HashJoin",
                                                      .input_count = 2,
                                                      .open = hash_join_open,
                                                      .process = weir_stage_process,
                                                      .resume = weir_stage_resume,
                                                      .close = hash_join_close,
                                                      .prefer = prefer};

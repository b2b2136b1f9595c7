/* The connector "datagen": random or sequential rows, so many a second, so many in all. */
#include "connect/datagen/datagen_int.h"
#include "types/timestamp.h"

static const char *const optional_options[] = {"rows-per-second", "number-of-rows",    "fields.#.kind",      "fields.#.min",
                                               "fields.#.max",    "fields.#.max-past", "fields.#.length",    "fields.#.var-len",
                                               "fields.#.start",  "fields.#.end",      "fields.#.null-rate", NULL};

typedef struct datagen_source {
    const weir_connect_context *context;
    uint32_t count;
    weir_datagen *fields;
    const weir_type **types;
    weir_datagen *limits; /* sequences that are not selected end the rows, too */
    uint32_t limit_count;
    uint64_t rows, rows_max;
    int64_t rows_per_second;
    int64_t started_ms; /* monotonic; INT64_MIN: not yet */
} datagen_source;

static weir_status table_options(const weir_table *table, int64_t *rows_per_second, uint64_t *rows_max, weir_error *error) {
    int64_t rows;
    WEIR_TRY(weir_table_option_i64(table, "rows-per-second", 1, INT64_MAX / 1000, 10000, rows_per_second, error));
    WEIR_TRY(weir_table_option_i64(table, "number-of-rows", 0, INT64_MAX, -1, &rows, error));
    *rows_max = rows < 0 ? UINT64_MAX : (uint64_t)rows;
    return WEIR_OK;
}

/* fields.NAME.option must name a column. */
static weir_status check_names(const weir_table *table, weir_error *error) {
    for (uint32_t i = 0; i < table->option_count; i++) {
        weir_text key = table->options[i].key, names[64];
        if (!weir_text_starts(key, WEIR_TEXT("fields.")))
            continue;
        weir_text rest = {key.data + 7, key.size - 7};
        bool found = false;
        size_t count = 0;
        for (uint32_t k = 0; k < table->column_count && !found; k++) {
            weir_text name = table->columns[k].name;
            found = table->columns[k].kind == WEIR_COLUMN_PHYSICAL && rest.size > name.size && weir_text_starts(rest, name) &&
                    rest.data[name.size] == '.';
            if (count < 64)
                names[count++] = name;
        }
        if (found)
            continue;
        weir_fail_at(error, WEIR_VALIDATE, table->options[i].position,
                     "Unsupported options found for 'datagen'.\n\nUnsupported options:\n\n%.*s", WEIR_TEXT_ARGS(key));
        size_t dot = 0;
        while (dot < rest.size && rest.data[dot] != '.')
            dot++;
        int nearest = weir_text_nearest((weir_text){rest.data, dot}, names, count);
        if (nearest >= 0)
            weir_error_hint(error, "the table has no field '%.*s'; did you mean '%.*s'?", (int)dot, rest.data,
                            WEIR_TEXT_ARGS(names[nearest]));
        return WEIR_VALIDATE;
    }
    return WEIR_OK;
}

static weir_status check(const weir_table *table, bool writing, weir_error *error) {
    int64_t rows_per_second;
    uint64_t rows_max;
    weir_memory memory;
    weir_arena arena;
    (void)writing;
    WEIR_TRY(table_options(table, &rows_per_second, &rows_max, error));
    WEIR_TRY(check_names(table, error));
    weir_memory_init(&memory, NULL, "options", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    weir_status status = WEIR_OK;
    for (uint32_t i = 0; i < table->column_count && status == WEIR_OK; i++) {
        weir_datagen generator = {0};
        if (table->columns[i].kind == WEIR_COLUMN_PHYSICAL)
            status = weir_datagen_init(&generator, &arena, table, table->columns[i].name, table->columns[i].type, error);
    }
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
    return status;
}

static weir_status open_source(const weir_connect_context *context, const weir_scan_spec *scan, weir_source **out, weir_error *error) {
    weir_arena *arena = context->arena;
    datagen_source *source = WEIR_ARENA_NEW(arena, datagen_source);
    if (source == NULL)
        return weir_fail_memory(error, "the datagen source", sizeof *source);
    source->context = context;
    source->count = scan->read.count;
    source->started_ms = INT64_MIN;
    source->fields = WEIR_ARENA_ARRAY(arena, weir_datagen, source->count);
    source->types = WEIR_ARENA_ARRAY(arena, const weir_type *, source->count);
    source->limits = WEIR_ARENA_ARRAY(arena, weir_datagen, scan->table->column_count);
    if (arena->failed)
        return weir_fail_memory(error, "the datagen source", 0);
    WEIR_TRY(table_options(scan->table, &source->rows_per_second, &source->rows_max, error));
    for (uint32_t i = 0; i < source->count; i++) {
        source->types[i] = scan->read.fields[i].type;
        WEIR_TRY(weir_datagen_init(&source->fields[i], arena, scan->table, scan->read.fields[i].name, scan->read.fields[i].type, error));
    }
    for (uint32_t i = 0; i < scan->table->column_count; i++)
        if (scan->table->columns[i].kind == WEIR_COLUMN_PHYSICAL)
            WEIR_TRY(weir_datagen_init(&source->limits[source->limit_count++], arena, scan->table, scan->table->columns[i].name,
                                       scan->table->columns[i].type, error));
    for (uint32_t i = 0; i < source->limit_count; i++) {
        uint64_t left = weir_datagen_left(&source->limits[i]);
        source->rows_max = left < source->rows_max ? left : source->rows_max;
    }
    *out = (weir_source *)source;
    return WEIR_OK;
}

/* As Flink: each second's rows at once, then nothing until the next second. */
static uint64_t rows_due(datagen_source *source, int64_t *next_ms) {
    int64_t now_ms = weir_clock_monotonic_ms(source->context->clock);
    if (source->started_ms == INT64_MIN)
        source->started_ms = now_ms;
    int64_t seconds = (now_ms - source->started_ms) / 1000 + 1;
    *next_ms = source->started_ms + seconds * 1000 - now_ms;
    unsigned __int128 due = (unsigned __int128)(uint64_t)seconds * (uint64_t)source->rows_per_second;
    uint64_t until = due > source->rows_max ? source->rows_max : (uint64_t)due;
    return until > source->rows ? until - source->rows : 0;
}

static weir_status next_batch(weir_source *base, weir_batch **out, weir_source_state *state, int64_t *wake_ms, weir_error *error) {
    datagen_source *source = (datagen_source *)base;
    const weir_connect_context *context = source->context;
    int64_t wait_ms;
    *out = NULL;
    if (source->rows >= source->rows_max) {
        *state = WEIR_SOURCE_DONE;
        return WEIR_OK;
    }
    uint64_t due = rows_due(source, &wait_ms);
    if (due == 0) {
        *state = WEIR_SOURCE_IDLE;
        *wake_ms = weir_clock_wall_ms(context->clock) + wait_ms;
        return WEIR_OK;
    }
    const uint32_t rows = due > WEIR_BATCH_ROWS ? WEIR_BATCH_ROWS : (uint32_t)due;
    weir_batch *batch = weir_batch_create_typed(context->memory, source->types, source->count, rows);
    const int64_t now_us = weir_clock_wall_us(context->clock),
                  local_us = weir_zone_to_local_us(context->zone == NULL ? weir_zone_utc() : context->zone, now_us);
    bool filled = batch != NULL;
    for (uint32_t i = 0; i < source->count && filled; i++)
        filled = weir_datagen_fill(&source->fields[i], batch->columns[i], 0, rows, now_us, local_us);
    if (!filled) {
        weir_batch_destroy(batch);
        return weir_fail_memory(error, "generated rows", 0);
    }
    batch->rows = batch->selected = rows;
    source->rows += rows;
    *out = batch;
    *state = WEIR_SOURCE_BATCH;
    return WEIR_OK;
}

static void progress(const weir_source *base, weir_source_progress *out) {
    *out = (weir_source_progress){.rows = ((const datagen_source *)base)->rows};
}
static void close_source(weir_source *source) { (void)source; }

static bool bounded(const weir_table *table) { return weir_table_option(table, "number-of-rows") != NULL; }

static const weir_source_vtable source_vtable = {open_source, next_batch, progress, close_source};

const weir_connector weir_connector_datagen = {
    .name = "datagen",
    .summary = "generates random or sequential rows",
    .optional_options = optional_options,
    .strict_options = true,
    .source = &source_vtable,
    .bounded = bounded,
    .check = check,
};

/* Reading: lists the files, decodes chunks and hands out batches in chunk order.
 *
 * With one thread everything happens in `next`. With more, `parallelism` workers each take the next chunk (under a lock: reading is
 * sequential) and decode it into its slot of a ring; `next` takes the slots in their order, so that the rows come as they stand in the
 * files whatever the threads do. A batch that ends in an error is handed out with the rows before it, and the error comes with the next
 * call.
 */
#include "connect/filesystem/filesystem_int.h"
#include "connect/filesystem/list.h"
#include "types/timestamp.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

enum { SLOTS_PER_WORKER = 2, WORKERS_MAX = 64, WAIT_NS = 50000000, PARALLEL_BYTES_MIN = 4 << 20 };

/* Where a column of a batch comes from. */
typedef enum column_origin { FROM_FORMAT, FROM_PARTITION, FROM_FILE } column_origin;
typedef struct column_source {
    column_origin origin;
    uint32_t index; /* in the format's columns, in the partitions, a file_fact */
} column_source;

typedef enum file_fact { FILE_NAME, FILE_PATH, FILE_SIZE, FILE_MODIFIED } file_fact;

typedef struct slot {
    weir_fs_chunk chunk;
    weir_batch **batches;
    size_t count, capacity, taken;
    bool done;
} slot;

struct fs_source;
typedef struct worker {
    struct fs_source *source;
    weir_reader *reader;
    weir_thread thread;
    uint64_t skipped_seen;
} worker;

typedef struct fs_source {
    const weir_connect_context *context;
    weir_fs_options options;
    const weir_format *format;
    weir_read_spec spec; /* of the format: without partition columns */
    const weir_type **types;
    uint32_t column_count;
    column_source *columns; /* of the batch */
    const weir_type **column_types;
    uint32_t partition_count;
    const weir_field *partitions;
    weir_arena files;  /* the list of files */
    weir_fs_seen seen; /* of a watched folder */
    bool pattern;      /* the path has wildcards */
    weir_fs_file **list;
    size_t list_capacity;
    weir_fs_chunker chunker;
    uint64_t bytes_total;
    uint64_t rows;
    _Atomic uint64_t skipped;
    pcre2_code *path_filter;
    int64_t next_look_ms; /* at a watched folder */
    /* without threads */
    worker alone;
    weir_fs_chunk chunk;
    bool have_chunk;
    /* with threads */
    uint32_t worker_count;
    worker *workers;
    slot *slots;
    size_t slot_count;
    weir_mutex read_mutex, slot_mutex;
    weir_condition slot_done, slot_free;
    uint64_t read_sequence;  /* under read_mutex */
    uint64_t taken_sequence; /* under slot_mutex */
    uint64_t end_sequence;   /* under slot_mutex; UINT64_MAX: not known yet */
    bool stop;               /* under slot_mutex */
} fs_source;

/* ---- decoding ---- */

static weir_status file_fact_value(weir_arena *arena, const weir_fs_file *file, file_fact fact, const weir_type *type, weir_value *out) {
    *out = (weir_value){.type = type};
    switch (fact) {
    case FILE_NAME: out->as.text = file->entry.name; return WEIR_OK;
    case FILE_PATH:
        out->as.text = weir_arena_format(arena, "file:%.*s", WEIR_TEXT_ARGS(file->entry.path));
        return out->as.text.data == NULL ? WEIR_MEMORY : WEIR_OK;
    case FILE_SIZE: out->as.integer = (int64_t)file->entry.info.size_bytes; return WEIR_OK;
    case FILE_MODIFIED: {
        int64_t us = weir_floor_div(file->entry.info.modified_us, 1000) * 1000;
        if (type->precision > 6)
            out->as.nanos = weir_timestamp_ns_from_us(us);
        else
            out->as.integer = weir_timestamp_cut_us(us, type->precision);
        return WEIR_OK;
    }
    }
    return WEIR_OK;
}

/* The format's batch with the partition columns and facts put in. Takes `batch` over. */
static weir_batch *complete(const fs_source *source, const weir_fs_file *file, weir_batch *batch) {
    weir_memory *memory = source->context->memory;
    weir_batch *out = weir_batch_create(memory, source->column_count);
    weir_arena scratch;
    weir_arena_init(&scratch, memory);
    bool failed = out == NULL;
    for (uint32_t i = 0; i < source->column_count && !failed; i++) {
        const column_source *from = &source->columns[i];
        weir_column *column;
        weir_value value;
        if (from->origin == FROM_FORMAT)
            column = weir_column_ref(batch->columns[from->index]);
        else if (from->origin == FROM_PARTITION)
            column = weir_column_of_value(memory, &file->partitions[from->index], batch->rows);
        else
            column = file_fact_value(&scratch, file, (file_fact)from->index, source->column_types[i], &value) == WEIR_OK
                         ? weir_column_of_value(memory, &value, batch->rows)
                         : NULL;
        failed = column == NULL;
        if (!failed)
            weir_batch_set_column(out, i, column);
    }
    if (!failed) {
        out->rows = batch->rows;
        out->selected = batch->selected;
        out->kinds = batch->kinds;
        out->kinds_capacity = batch->kinds_capacity;
        batch->kinds = NULL;
        batch->kinds_capacity = 0;
        out->selection = batch->selection;
        out->selection_capacity = batch->selection_capacity;
        batch->selection = NULL;
        batch->selection_capacity = 0;
    }
    weir_batch_destroy(batch);
    weir_arena_deinit(&scratch);
    if (!failed)
        return out;
    weir_batch_destroy(out);
    return NULL;
}

/* An error without a line number: count the lines before the chunk and decode it once more, to hear the same error with its line. */
static void tell_line(const fs_source *source, worker *by, const weir_fs_chunk *chunk, weir_error *error) {
    weir_memory *memory = source->context->memory;
    uint64_t lines;
    weir_format_place place = {.path = chunk->file->entry.path, .offset_bytes = chunk->offset_bytes};
    if (error == NULL || weir_fs_count_lines(memory, source->context->files, place.path, chunk->offset_bytes, &lines, NULL) != WEIR_OK)
        return;
    place.line = lines + 1;
    const char *data = (const char *)chunk->buffer->data;
    weir_error told = {0};
    for (size_t at = 0, used = 0; at < chunk->size; at += used) {
        weir_batch *batch =
            weir_batch_create_typed(memory, source->types, source->spec.count + source->spec.metadata_count, WEIR_BATCH_ROWS);
        if (batch == NULL)
            return;
        weir_status status =
            source->format->read(by->reader, &place, chunk->buffer, data + at, chunk->size - at, chunk->final, batch, &used, &told);
        const bool stuck = used == 0 && batch->rows == 0;
        weir_batch_destroy(batch);
        if (status == WEIR_RUNTIME)
            *error = told;
        if (status != WEIR_OK || stuck)
            return;
        for (const char *p = data + at, *end = p + used; p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
            place.line++;
        place.offset_bytes += used;
    }
}

/* As decode, for a format that reads whole files. */
static weir_batch *decode_file(fs_source *source, worker *by, weir_fs_chunk *chunk) {
    const weir_format *format = source->format;
    weir_batch *batch = NULL;
    if (chunk->status == WEIR_OK && !chunk->opened)
        chunk->status = format->open_file(by->reader, chunk->file->entry.path, &chunk->error);
    chunk->opened = true;
    if (chunk->status == WEIR_OK)
        chunk->status = format->next_batch(by->reader, &batch, &chunk->error);
    if (batch == NULL)
        return NULL;
    batch = complete(source, chunk->file, batch);
    if (batch == NULL)
        chunk->status = weir_fail_memory(&chunk->error, "a batch of rows", 0);
    return batch;
}

/* The next batch of the chunk; NULL at its end (or at the error in chunk->status). */
static weir_batch *decode(fs_source *source, worker *by, weir_fs_chunk *chunk) {
    weir_memory *memory = source->context->memory;
    if (source->format->records == WEIR_RECORDS_FILE)
        return decode_file(source, by, chunk);
    while (chunk->status == WEIR_OK && chunk->at < chunk->size) {
        weir_batch *batch =
            weir_batch_create_typed(memory, source->types, source->spec.count + source->spec.metadata_count, WEIR_BATCH_ROWS);
        if (batch == NULL) {
            chunk->status = weir_fail_memory(&chunk->error, "a batch of rows", 0);
            return NULL;
        }
        weir_format_place place = {
            .path = chunk->file->entry.path, .offset_bytes = chunk->offset_bytes + chunk->at, .line = chunk->offset_bytes + chunk->at == 0};
        size_t used = 0;
        chunk->status = source->format->read(by->reader, &place, chunk->buffer, (const char *)chunk->buffer->data + chunk->at,
                                             chunk->size - chunk->at, chunk->final, batch, &used, &chunk->error);
        if (chunk->status == WEIR_RUNTIME && place.line == 0)
            tell_line(source, by, chunk, &chunk->error);
        chunk->at += used;
        if (used == 0 && batch->rows == 0) /* one record may fill several batches: then rows come without bytes */
            chunk->at = chunk->size;
        uint64_t skipped = source->format->counts(by->reader)->skipped;
        atomic_fetch_add_explicit(&source->skipped, skipped - by->skipped_seen, memory_order_relaxed);
        by->skipped_seen = skipped;
        if (batch->rows == 0) {
            weir_batch_destroy(batch);
            continue;
        }
        batch = complete(source, chunk->file, batch);
        if (batch == NULL)
            chunk->status = weir_fail_memory(&chunk->error, "a batch of rows", 0);
        return batch;
    }
    return NULL;
}

/* ---- threads ---- */

static bool cancelled(const fs_source *source) {
    return source->context->cancelled != NULL && atomic_load_explicit(source->context->cancelled, memory_order_relaxed);
}

/* The next chunk into its slot; NULL: there is none, or nobody wants it. */
static slot *take_chunk(fs_source *source) {
    slot *mine = NULL;
    weir_mutex_lock(&source->read_mutex);
    const uint64_t sequence = source->read_sequence;
    weir_mutex_lock(&source->slot_mutex);
    while (!source->stop && source->end_sequence == UINT64_MAX && sequence - source->taken_sequence >= source->slot_count)
        weir_condition_wait(&source->slot_free, &source->slot_mutex);
    bool go_on = !source->stop && source->end_sequence == UINT64_MAX;
    weir_mutex_unlock(&source->slot_mutex);
    if (go_on) {
        mine = &source->slots[sequence % source->slot_count];
        bool more = false;
        weir_error error = {0};
        weir_status status = weir_fs_chunk_next(&source->chunker, &mine->chunk, &more, &error);
        if (status != WEIR_OK) { /* a slot that holds nothing but the error */
            mine->chunk = (weir_fs_chunk){.status = status, .error = error};
            more = true;
        }
        weir_mutex_lock(&source->slot_mutex);
        if (more)
            source->read_sequence = sequence + 1;
        if (!more || status != WEIR_OK) {
            source->end_sequence = source->read_sequence;
            weir_condition_broadcast(&source->slot_done);
            weir_condition_broadcast(&source->slot_free);
        }
        weir_mutex_unlock(&source->slot_mutex);
        if (!more)
            mine = NULL;
    }
    weir_mutex_unlock(&source->read_mutex);
    return mine;
}

static void run_worker(void *context) {
    worker *self = context;
    fs_source *source = self->source;
    for (slot *mine; (mine = take_chunk(source)) != NULL;) {
        weir_batch *batch;
        while (!cancelled(source) && (batch = decode(source, self, &mine->chunk)) != NULL) {
            if (weir_memory_grow(source->context->memory, (void **)&mine->batches, &mine->capacity, mine->count + 1,
                                 sizeof *mine->batches)) {
                mine->batches[mine->count++] = batch;
                continue;
            }
            weir_batch_destroy(batch);
            mine->chunk.status = weir_fail_memory(&mine->chunk.error, "decoded rows", 0);
        }
        weir_mutex_lock(&source->slot_mutex);
        mine->done = true;
        weir_condition_broadcast(&source->slot_done);
        weir_mutex_unlock(&source->slot_mutex);
    }
}

static void stop_workers(fs_source *source) {
    if (source->worker_count == 0)
        return;
    weir_mutex_lock(&source->slot_mutex);
    source->stop = true;
    weir_condition_broadcast(&source->slot_free);
    weir_mutex_unlock(&source->slot_mutex);
    for (uint32_t i = 0; i < source->worker_count; i++)
        weir_thread_join(&source->workers[i].thread);
    source->worker_count = 0;
}

/* The next batch of the ring. IDLE when it takes long, so that the caller can look at other things. */
static weir_status next_of_ring(fs_source *source, weir_batch **batch, weir_source_state *state, int64_t *wake_ms, weir_error *error) {
    for (;;) {
        weir_mutex_lock(&source->slot_mutex);
        slot *current = &source->slots[source->taken_sequence % source->slot_count];
        bool ended = source->taken_sequence == source->end_sequence;
        if (!ended && !current->done)
            weir_condition_wait_ns(&source->slot_done, &source->slot_mutex, WAIT_NS);
        ended = source->taken_sequence == source->end_sequence;
        bool done = !ended && current->done;
        weir_mutex_unlock(&source->slot_mutex);
        if (ended) {
            *state = WEIR_SOURCE_DONE;
            return WEIR_OK;
        }
        if (!done) {
            *state = WEIR_SOURCE_IDLE;
            *wake_ms = weir_clock_wall_ms(source->context->clock);
            return WEIR_OK;
        }
        if (current->taken < current->count) {
            *batch = current->batches[current->taken++];
            *state = WEIR_SOURCE_BATCH;
            return WEIR_OK;
        }
        if (current->chunk.status != WEIR_OK) {
            if (error != NULL)
                *error = current->chunk.error;
            return current->chunk.status;
        }
        weir_fs_chunk_release(&current->chunk);
        weir_mutex_lock(&source->slot_mutex);
        current->count = current->taken = 0;
        current->done = false;
        source->taken_sequence++;
        weir_condition_broadcast(&source->slot_free);
        weir_mutex_unlock(&source->slot_mutex);
    }
}

static weir_status start_workers(fs_source *source, const weir_table *table, weir_error *error) {
    weir_arena *arena = source->context->arena;
    uint32_t wanted = source->context->parallelism > WORKERS_MAX ? WORKERS_MAX : source->context->parallelism;
    /* A format that reads whole files would have a whole file's batches wait in a slot. */
    if (wanted < 2 || source->format->records == WEIR_RECORDS_FILE || source->bytes_total < PARALLEL_BYTES_MIN ||
        source->options.monitor_interval_ms > 0)
        return WEIR_OK;
    source->slot_count = (size_t)wanted * SLOTS_PER_WORKER;
    source->slots = WEIR_ARENA_ARRAY(arena, slot, source->slot_count);
    source->workers = WEIR_ARENA_ARRAY(arena, worker, wanted);
    if (source->slots == NULL || source->workers == NULL)
        return weir_fail_memory(error, "the filesystem source", 0);
    for (uint32_t i = 0; i < wanted; i++) {
        source->workers[i].source = source;
        WEIR_TRY(source->format->reader_create(arena, source->context->memory, table, &source->spec, &source->workers[i].reader, error));
    }
    for (; source->worker_count < wanted; source->worker_count++)
        WEIR_TRY(weir_thread_start(&source->workers[source->worker_count].thread, "weir-decode", run_worker,
                                   &source->workers[source->worker_count], error));
    return WEIR_OK;
}

/* ---- files ---- */

static weir_status matches_pattern(const fs_source *source, weir_text path, bool *matches, weir_error *error) {
    *matches = true;
    if (source->path_filter == NULL)
        return WEIR_OK;
    pcre2_match_data *match = pcre2_match_data_create(1, NULL);
    int result = match == NULL ? PCRE2_ERROR_NOMEMORY
                               : pcre2_match(source->path_filter, (PCRE2_SPTR)path.data, path.size, 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED,
                                             match, NULL);
    pcre2_match_data_free(match);
    *matches = result >= 0;
    if (result >= 0 || result == PCRE2_ERROR_NOMATCH)
        return WEIR_OK;
    if (result == PCRE2_ERROR_NOMEMORY)
        return weir_fail_memory(error, "the pattern of paths", path.size);
    char reason[120];
    pcre2_get_error_message(result, (PCRE2_UCHAR *)reason, sizeof reason);
    return weir_fail(error, WEIR_RUNTIME, "Whether the path '%.*s' matches 'source.path.regex-pattern' cannot be found out: %s",
                     WEIR_TEXT_ARGS(path), reason);
}

static weir_status add_file(fs_source *source, const weir_file_entry *entry, weir_error *error) {
    weir_arena *arena = &source->files;
    weir_fs_file *file = WEIR_ARENA_NEW(arena, weir_fs_file);
    weir_value *values = WEIR_ARENA_ARRAY(arena, weir_value, source->partition_count);
    if (file == NULL || values == NULL ||
        !weir_memory_grow(source->context->memory, (void **)&source->list, &source->list_capacity, source->chunker.count + 1,
                          sizeof *source->list))
        return weir_fail_memory(error, "the list of files", 0);
    file->entry = *entry;
    file->entry.path = weir_arena_text(arena, entry->path);
    if (file->entry.path.data == NULL)
        return weir_fail_memory(error, "the list of files", entry->path.size);
    file->entry.name.data = file->entry.path.data + entry->path.size - entry->name.size;
    file->partitions = values;
    for (uint32_t i = 0; i < source->partition_count; i++) {
        const weir_field *column = &source->partitions[i];
        weir_text text = weir_fs_partition_text(entry->path, column->name);
        WEIR_TRY(weir_fs_partition_value(arena, &source->options, column->type, column->name, text, &values[i], error));
    }
    source->list[source->chunker.count++] = file;
    source->chunker.list = source->list;
    source->bytes_total += entry->info.size_bytes;
    return WEIR_OK;
}

static weir_status add_listed(fs_source *source, const weir_file_entry *entries, size_t count, weir_error *error) {
    for (size_t i = 0; i < count; i++) {
        bool fresh = true, matches;
        WEIR_TRY(matches_pattern(source, entries[i].path, &matches, error));
        if (!matches)
            continue;
        if (source->options.monitor_interval_ms > 0)
            WEIR_TRY(weir_fs_seen_add(&source->seen, entries[i].path, &fresh, error));
        if (fresh)
            WEIR_TRY(add_file(source, &entries[i], error));
    }
    return WEIR_OK;
}

/* A watched pattern may match nothing yet, as long as the folder in front of its wildcards is there. */
static weir_status may_match_later(const fs_source *source, weir_arena *arena, bool *later, weir_error *error) {
    *later = false;
    if (!source->pattern || source->options.monitor_interval_ms == 0)
        return WEIR_OK;
    const size_t size = weir_path_fixed_size(source->options.path);
    weir_text fixed = weir_arena_text(arena, (weir_text){source->options.path, size});
    weir_file_info info;
    if (fixed.data == NULL)
        return weir_fail_memory(error, "a path", size);
    WEIR_TRY(weir_files_stat(source->context->files, size == 0 ? "." : fixed.data, &info, error));
    *later = info.kind == WEIR_FILE_FOLDER;
    return WEIR_OK;
}

/* Files that are not in the list yet: known by their paths, as in Flink; a file that grows later is not read again. */
static weir_status look(fs_source *source, weir_error *error) {
    weir_file_entry *entries = NULL;
    size_t count = 0;
    bool later;
    weir_error told = {0};
    weir_arena arena;
    weir_arena_init(&arena, source->context->memory);
    weir_status status = weir_fs_list(source->context->files, &arena, source->options.path, &entries, &count, &told);
    if (status == WEIR_RUNTIME && may_match_later(source, &arena, &later, NULL) == WEIR_OK && later)
        status = WEIR_OK;
    if (status == WEIR_OK)
        status = add_listed(source, entries, count, error);
    else if (error != NULL)
        *error = told;
    weir_arena_deinit(&arena);
    return status;
}

static weir_status compile_pattern(fs_source *source, const weir_table *table, weir_error *error) {
    weir_text text = source->options.path_pattern;
    int code;
    PCRE2_SIZE at;
    if (text.data == NULL)
        return WEIR_OK;
    source->path_filter = pcre2_compile((PCRE2_SPTR)text.data, text.size, PCRE2_UTF, &code, &at, NULL);
    return source->path_filter != NULL
               ? WEIR_OK
               : weir_option_invalid(weir_table_option(table, "source.path.regex-pattern"), "a regular expression", error);
}

/* ---- what is read ---- */

static uint32_t field_index(const weir_field *fields, uint32_t count, weir_text name) {
    for (uint32_t i = 0; i < count; i++)
        if (weir_text_equal(fields[i].name, name))
            return i;
    return UINT32_MAX;
}

/* The spec for the format: the columns that stand in the file, in the order of the scan. */
static weir_status split_columns(fs_source *source, const weir_scan_spec *scan, weir_error *error) {
    weir_arena *arena = source->context->arena;
    const weir_table *table = scan->table;
    const weir_read_spec *read = &scan->read;
    source->column_count = read->count + read->metadata_count + scan->metadata_count;
    weir_field *wanted = WEIR_ARENA_ARRAY(arena, weir_field, read->count), *partitions = WEIR_ARENA_ARRAY(arena, weir_field, read->count);
    weir_field *all = WEIR_ARENA_ARRAY(arena, weir_field, table->column_count);
    uint32_t *index = WEIR_ARENA_ARRAY(arena, uint32_t, read->count);
    const bool **used = WEIR_ARENA_ARRAY(arena, const bool *, read->count);
    source->columns = WEIR_ARENA_ARRAY(arena, column_source, source->column_count);
    source->types = WEIR_ARENA_ARRAY(arena, const weir_type *, source->column_count);
    source->column_types = WEIR_ARENA_ARRAY(arena, const weir_type *, source->column_count);
    if (arena->failed)
        return weir_fail_memory(error, "the filesystem source", 0);
    uint32_t all_count = 0, count = 0;
    for (uint32_t i = 0; i < table->column_count; i++)
        if (table->columns[i].kind == WEIR_COLUMN_PHYSICAL && !weir_table_is_partition(table, i))
            all[all_count++] = (weir_field){table->columns[i].name, table->columns[i].type, {NULL, 0}};
    for (uint32_t i = 0; i < read->count; i++) {
        uint32_t column = weir_table_column_index(table, read->fields[i].name);
        source->column_types[i] = read->fields[i].type;
        if (column != UINT32_MAX && weir_table_is_partition(table, column)) {
            partitions[source->partition_count] = read->fields[i];
            source->columns[i] = (column_source){FROM_PARTITION, source->partition_count++};
            continue;
        }
        wanted[count] = read->fields[i];
        index[count] = field_index(all, all_count, read->fields[i].name);
        used[count] = read->used_children == NULL ? NULL : read->used_children[i];
        source->types[count] = read->fields[i].type;
        source->columns[i] = (column_source){FROM_FORMAT, count++};
    }
    for (uint32_t i = 0; i < read->metadata_count; i++) {
        source->types[count + i] = read->metadata[i].type;
        source->column_types[read->count + i] = read->metadata[i].type;
        source->columns[read->count + i] = (column_source){FROM_FORMAT, count + i};
    }
    source->partitions = partitions;
    source->spec = *read;
    source->spec.count = count;
    source->spec.fields = wanted;
    source->spec.total_count = all_count;
    source->spec.total_fields = all;
    source->spec.total_index = index;
    source->spec.used_children = used;
    return WEIR_OK;
}

static weir_status fact_columns(fs_source *source, const weir_scan_spec *scan, weir_error *error) {
    static const char *const names[] = {"file.name", "file.path", "file.size", "file.modification-time"};
    const uint32_t first = scan->read.count + scan->read.metadata_count;
    for (uint32_t i = 0; i < scan->metadata_count; i++) {
        uint32_t fact = 0;
        while (fact < 4 && !weir_text_equal_c(scan->metadata[i].name, names[fact]))
            fact++;
        if (fact == 4)
            return weir_fail(error, WEIR_VALIDATE,
                             "Invalid metadata key '%.*s' in table '%.*s'. The filesystem connector has file.name, file.path, file.size "
                             "and file.modification-time.",
                             WEIR_TEXT_ARGS(scan->metadata[i].name), WEIR_TEXT_ARGS(scan->table->name));
        source->columns[first + i] = (column_source){FROM_FILE, fact};
        source->column_types[first + i] = scan->metadata[i].type;
    }
    return WEIR_OK;
}

/* ---- the vtable ---- */

static void close_source(weir_source *base) {
    fs_source *source = (fs_source *)base;
    stop_workers(source);
    for (size_t i = 0; i < source->slot_count && source->slots != NULL; i++) {
        slot *s = &source->slots[i];
        for (size_t k = s->taken; k < s->count; k++)
            weir_batch_destroy(s->batches[k]);
        weir_memory_free(source->context->memory, s->batches, s->capacity * sizeof *s->batches);
        weir_fs_chunk_release(&s->chunk);
    }
    if (source->workers != NULL)
        for (uint32_t i = 0; i < source->slot_count / SLOTS_PER_WORKER; i++)
            if (source->workers[i].reader != NULL)
                source->format->reader_close(source->workers[i].reader);
    if (source->have_chunk)
        weir_fs_chunk_release(&source->chunk);
    weir_fs_chunker_close(&source->chunker);
    if (source->alone.reader != NULL)
        source->format->reader_close(source->alone.reader);
    weir_memory_free(source->context->memory, source->list, source->list_capacity * sizeof *source->list);
    weir_arena_deinit(&source->files);
    weir_fs_seen_deinit(&source->seen);
    pcre2_code_free(source->path_filter);
    weir_condition_deinit(&source->slot_done);
    weir_condition_deinit(&source->slot_free);
    weir_mutex_deinit(&source->slot_mutex);
    weir_mutex_deinit(&source->read_mutex);
}

/* Is the path a pattern, or there? */
static weir_status check_path(fs_source *source, weir_error *error) {
    weir_file_info info;
    WEIR_TRY(weir_fs_is_pattern(source->context->files, source->options.path, &source->pattern, error));
    if (source->pattern)
        return WEIR_OK;
    WEIR_TRY(weir_files_stat(source->context->files, source->options.path, &info, error));
    if (info.kind != WEIR_FILE_NONE)
        return WEIR_OK;
    weir_fail(error, WEIR_RUNTIME, "File %s does not exist or the user has insufficient permissions to access it.", source->options.path);
    weir_error_hint(error, "'path' must name a file or folder that is there when the job starts");
    return WEIR_RUNTIME;
}

static weir_status prepare_source(fs_source *source, const weir_scan_spec *scan, weir_error *error) {
    const weir_connect_context *context = source->context;
    WEIR_TRY(weir_fs_options_read(context->arena, scan->table, &source->options, error));
    WEIR_TRY(weir_connector_format(scan->table, &source->format, error));
    WEIR_TRY(split_columns(source, scan, error));
    WEIR_TRY(fact_columns(source, scan, error));
    WEIR_TRY(compile_pattern(source, scan->table, error));
    WEIR_TRY(source->format->reader_create(context->arena, context->memory, scan->table, &source->spec, &source->alone.reader, error));
    source->alone.source = source;
    source->chunker = (weir_fs_chunker){.memory = context->memory,
                                        .files = context->files,
                                        .format = source->format,
                                        .reader = source->alone.reader,
                                        .cancelled = context->cancelled};
    WEIR_TRY(check_path(source, error));
    WEIR_TRY(look(source, error));
    source->next_look_ms = weir_clock_wall_ms(context->clock) + source->options.monitor_interval_ms;
    weir_connector_remarks(context, scan->table);
    return start_workers(source, scan->table, error);
}

static weir_status open_source(const weir_connect_context *context, const weir_scan_spec *scan, weir_source **out, weir_error *error) {
    fs_source *source = WEIR_ARENA_NEW(context->arena, fs_source);
    if (source == NULL)
        return weir_fail_memory(error, "the filesystem source", sizeof *source);
    source->context = context;
    source->end_sequence = UINT64_MAX;
    weir_arena_init(&source->files, context->memory);
    weir_fs_seen_init(&source->seen, context->memory);
    weir_mutex_init(&source->read_mutex);
    weir_mutex_init(&source->slot_mutex);
    weir_condition_init(&source->slot_done);
    weir_condition_init(&source->slot_free);
    weir_status status = prepare_source(source, scan, error);
    if (status != WEIR_OK) {
        close_source((weir_source *)source);
        return status;
    }
    *out = (weir_source *)source;
    return WEIR_OK;
}

/* Later looks may fail for a while (a folder that is being replaced, a network share): that is said, and tried again the next time, as
 * Flink does. */
static weir_status look_again(fs_source *source, weir_error *error) {
    weir_error told = {0};
    const weir_connect_context *context = source->context;
    weir_status status = look(source, &told);
    if (status == WEIR_RUNTIME) {
        if (context->warn != NULL)
            context->warn(context->warn_context, told.message);
        return WEIR_OK;
    }
    if (status != WEIR_OK && error != NULL)
        *error = told;
    return status;
}

/* At the end of the files there are: done, or wait for more in a watched folder. */
static weir_status at_end(fs_source *source, weir_source_state *state, int64_t *wake_ms, weir_error *error) {
    if (source->options.monitor_interval_ms == 0 || source->context->batch_mode) {
        *state = WEIR_SOURCE_DONE;
        return WEIR_OK;
    }
    int64_t now_ms = weir_clock_wall_ms(source->context->clock);
    *state = WEIR_SOURCE_IDLE;
    *wake_ms = now_ms;
    if (now_ms >= source->next_look_ms) {
        source->next_look_ms = now_ms + source->options.monitor_interval_ms;
        WEIR_TRY(look_again(source, error));
    }
    if (source->chunker.next == source->chunker.count)
        *wake_ms = source->next_look_ms;
    return WEIR_OK;
}

static weir_status next_alone(fs_source *source, weir_batch **batch, weir_source_state *state, int64_t *wake_ms, weir_error *error) {
    for (;;) {
        if (!source->have_chunk) {
            bool more;
            WEIR_TRY(weir_fs_chunk_next(&source->chunker, &source->chunk, &more, error));
            if (!more)
                return at_end(source, state, wake_ms, error);
            source->have_chunk = true;
        }
        *batch = decode(source, &source->alone, &source->chunk);
        if (*batch != NULL) {
            *state = WEIR_SOURCE_BATCH;
            return WEIR_OK;
        }
        if (source->chunk.status != WEIR_OK) {
            if (error != NULL)
                *error = source->chunk.error;
            return source->chunk.status;
        }
        weir_fs_chunk_release(&source->chunk);
        source->have_chunk = false;
    }
}

static weir_status next_batch(weir_source *base, weir_batch **batch, weir_source_state *state, int64_t *wake_ms, weir_error *error) {
    fs_source *source = (fs_source *)base;
    *batch = NULL;
    if (cancelled(source))
        return weir_fail(error, WEIR_CANCELLED, "cancelled while reading '%s'", source->options.path);
    WEIR_TRY(source->worker_count > 0 ? next_of_ring(source, batch, state, wake_ms, error)
                                      : next_alone(source, batch, state, wake_ms, error));
    if (*batch != NULL)
        source->rows += (*batch)->selected;
    return WEIR_OK;
}

static void progress(const weir_source *base, weir_source_progress *out) {
    const fs_source *source = (const fs_source *)base;
    *out = (weir_source_progress){.bytes_read = atomic_load_explicit(&source->chunker.bytes_read, memory_order_relaxed),
                                  .bytes_total = source->bytes_total,
                                  .rows = source->rows,
                                  .skipped = atomic_load_explicit(&source->skipped, memory_order_relaxed)};
}

const weir_source_vtable weir_fs_source_vtable = {open_source, next_batch, progress, close_source};

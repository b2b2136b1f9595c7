/* Writing: rows go to hidden files (".part-ID-N.inprogress") in the folders they will stand in; sink_commit.c makes them durable and
 * renames them to "part-ID-N". So a reader never sees half of an epoch, and a rename never crosses a file system.
 *
 * Partitions are folders column=value/...; a partition's open file is found by its folder. At most WEIR_FS_OPEN_MAX files are open: beyond
 * that the one that was not written for longest is closed and its partition gets another file later. Files roll by size, and in streaming
 * mode by age, which is looked at when rows come. Left out: compaction.
 */
#include <string.h>

#include "base/hash.h"
#include "connect/filesystem/list.h"
#include "connect/filesystem/sink_int.h"
#include "connect/java_text.h"
#include "os/random.h"

/* ---- files ---- */

static weir_fs_out *file_create(weir_fs_sink *sink, weir_text key) {
    weir_memory *memory = sink->context->memory;
    weir_fs_out *file = weir_memory_zalloc(memory, sizeof *file);
    if (file == NULL)
        return NULL;
    weir_arena_init(&file->arena, memory);
    weir_builder_init(&file->bytes, memory, SIZE_MAX);
    file->key = weir_arena_text(&file->arena, key);
    file->folder = weir_arena_format(&file->arena, key.size == 0 ? "%s%.*s" : "%s/%.*s", sink->options.path, WEIR_TEXT_ARGS(key)).data;
    uint64_t number = sink->file_number++;
    file->temporary = weir_arena_format(&file->arena, "%s/.part-%016llx-%llu.inprogress", file->folder, (unsigned long long)sink->id,
                                        (unsigned long long)number)
                          .data;
    file->final =
        weir_arena_format(&file->arena, "%s/part-%016llx-%llu", file->folder, (unsigned long long)sink->id, (unsigned long long)number)
            .data;
    return file;
}

void weir_fs_out_destroy(weir_fs_sink *sink, weir_fs_out *file) {
    weir_memory *memory = sink->context->memory;
    if (file->writer != NULL)
        sink->format->writer_close(file->writer);
    if (file->file != NULL && weir_file_close(file->file, NULL) != WEIR_OK) {
        /* it is thrown away */
    }
    weir_builder_deinit(&file->bytes);
    weir_memory_free(memory, file->rows, file->row_capacity * sizeof *file->rows);
    weir_arena_deinit(&file->arena);
    weir_memory_free(memory, file, sizeof *file);
}

static weir_status file_open(weir_fs_sink *sink, weir_text key, weir_fs_out **out, weir_error *error) {
    const weir_connect_context *context = sink->context;
    weir_fs_out *file = file_create(sink, key);
    if (file == NULL)
        return weir_fail_memory(error, "the filesystem sink", sizeof *file);
    weir_file_info info = {.kind = WEIR_FILE_FOLDER};
    weir_status status = file->arena.failed ? weir_fail_memory(error, "the filesystem sink", 0) : WEIR_OK;
    if (status == WEIR_OK && key.size > 0)
        status = weir_files_stat(context->files, file->folder, &info, error);
    file->new_folder = info.kind == WEIR_FILE_NONE;
    if (status == WEIR_OK)
        status = weir_files_make_folders(context->files, file->folder, error);
    if (status == WEIR_OK)
        status = weir_files_open(context->files, context->memory, file->temporary, WEIR_FILE_CREATE_NEW, &file->file, error);
    if (status == WEIR_OK)
        status = sink->format->writer_create(&file->arena, context->memory, sink->table, &sink->schema, &file->writer, error);
    if (status != WEIR_OK) {
        weir_fs_sink_discard(sink, file);
        return status;
    }
    file->opened_ms = sink->options.roll_by_time ? weir_clock_wall_ms(context->clock) : 0;
    file->written_ms = file->opened_ms;
    *out = file;
    return WEIR_OK;
}

static weir_status flush(weir_fs_out *file, weir_error *error) {
    if (file->bytes.size > 0)
        WEIR_TRY(weir_file_write(file->file, file->bytes.data, file->bytes.size, error));
    file->written_bytes += file->bytes.size;
    weir_builder_clear(&file->bytes);
    return WEIR_OK;
}

static weir_fs_out **slot_of(weir_fs_sink *sink, weir_text key) {
    return &sink->slots[weir_hash_bytes(key.data, key.size) % WEIR_FS_TABLE_SLOTS];
}

/* Out of the table, into the list of closed ones: whole, on the disk, under its hidden name. */
static weir_status file_finish(weir_fs_sink *sink, weir_fs_out *file, weir_error *error) {
    weir_fs_out **link = slot_of(sink, file->key);
    while (*link != file)
        link = &(*link)->next;
    if (sink->format->finish != NULL)
        WEIR_TRY(sink->format->finish(file->writer, &file->bytes, error));
    WEIR_TRY(flush(file, error));
    WEIR_TRY(weir_file_sync(file->file, error));
    weir_file *handle = file->file;
    file->file = NULL;
    WEIR_TRY(weir_file_close(handle, error));
    weir_builder_deinit(&file->bytes);
    *link = file->next;
    sink->open_count--;
    file->next = sink->closed;
    sink->closed = file;
    return WEIR_OK;
}

/* Those that have been open, or not written to, for too long. */
static weir_status finish_aged(weir_fs_sink *sink, weir_error *error) {
    const int64_t now_ms = weir_clock_wall_ms(sink->context->clock);
    if (now_ms < sink->next_roll_ms)
        return WEIR_OK;
    sink->next_roll_ms = now_ms + sink->options.roll_check_ms;
    for (size_t i = 0; i < WEIR_FS_TABLE_SLOTS; i++)
        for (weir_fs_out *file = sink->slots[i], *next; file != NULL; file = next) {
            next = file->next;
            if (now_ms - file->opened_ms >= sink->options.roll_age_ms || now_ms - file->written_ms >= sink->options.roll_idle_ms)
                WEIR_TRY(file_finish(sink, file, error));
        }
    return WEIR_OK;
}

static weir_status finish_oldest(weir_fs_sink *sink, weir_error *error) {
    weir_fs_out *oldest = NULL;
    for (size_t i = 0; i < WEIR_FS_TABLE_SLOTS; i++)
        for (weir_fs_out *file = sink->slots[i]; file != NULL; file = file->next)
            if (file->row_count == 0 && (oldest == NULL || file->used_at < oldest->used_at))
                oldest = file;
    return oldest == NULL ? WEIR_OK : file_finish(sink, oldest, error);
}

static weir_status file_of(weir_fs_sink *sink, weir_text key, weir_fs_out **out, weir_error *error) {
    for (weir_fs_out *file = *slot_of(sink, key); file != NULL; file = file->next)
        if (weir_text_equal(file->key, key)) {
            *out = file;
            return WEIR_OK;
        }
    if (sink->open_count >= WEIR_FS_OPEN_MAX)
        WEIR_TRY(finish_oldest(sink, error));
    WEIR_TRY(file_open(sink, key, out, error));
    weir_fs_out **slot = slot_of(sink, (*out)->key);
    (*out)->next = *slot;
    *slot = *out;
    sink->open_count++;
    return WEIR_OK;
}

/* ---- rows ---- */

static bool is_empty_text(const weir_column *column, uint32_t row) {
    return column->layout == WEIR_LAYOUT_VIEW && WEIR_VALUES(column, weir_view)[row].size == 0;
}

/* column=value/column=value of the row into sink->key. */
static weir_status partition_key(weir_fs_sink *sink, const weir_batch *batch, uint32_t row, weir_error *error) {
    weir_builder value;
    weir_builder_init(&value, sink->context->memory, SIZE_MAX);
    weir_builder_clear(&sink->key);
    for (uint32_t i = 0; i < sink->partition_count; i++) {
        const weir_column *column = batch->columns[sink->partitions[i]];
        weir_builder_clear(&value);
        if (!weir_column_is_valid(column, row) || is_empty_text(column, row))
            weir_builder_text(&value, sink->options.default_partition);
        else if (weir_kind_is_binary(column->type->kind))
            weir_builder_text(&value, weir_column_text(column, row));
        else
            weir_java_text_print(column, row, &value);
        if (i > 0)
            weir_builder_char(&sink->key, '/');
        weir_fs_escape(&sink->key, sink->table->columns[sink->table->partitions[i]].name);
        weir_builder_char(&sink->key, '=');
        weir_fs_escape(&sink->key, weir_builder_view(&value));
    }
    bool failed = value.failed || sink->key.failed;
    weir_builder_deinit(&value);
    return failed ? weir_fail_memory(error, "a partition's name", 0) : WEIR_OK;
}

static weir_status add_row(weir_fs_sink *sink, weir_fs_out *file, uint32_t row, weir_error *error) {
    if (file->row_count == file->row_capacity) {
        size_t capacity = file->row_capacity;
        if (!weir_memory_grow(sink->context->memory, (void **)&file->rows, &capacity, (size_t)file->row_count + 1, sizeof *file->rows))
            return weir_fail_memory(error, "the filesystem sink", 0);
        file->row_capacity = (uint32_t)capacity;
    }
    file->rows[file->row_count++] = row;
    return WEIR_OK;
}

static bool same_partition(const weir_fs_sink *sink, const weir_batch *batch, uint32_t a, uint32_t b) {
    for (uint32_t i = 0; i < sink->partition_count; i++) {
        const weir_column *column = batch->columns[sink->partitions[i]];
        if (!weir_column_rows_equal(column, a, column, b))
            return false;
    }
    return true;
}

static weir_status encode(weir_fs_sink *sink, weir_fs_out *file, const weir_batch *rows, weir_error *error) {
    file->used_at = ++sink->clock;
    if (sink->options.roll_by_time)
        file->written_ms = weir_clock_wall_ms(sink->context->clock);
    WEIR_TRY(sink->format->write(file->writer, rows, &file->bytes, error));
    if (file->bytes.size >= WEIR_FS_FLUSH_BYTES)
        WEIR_TRY(flush(file, error));
    if (file->written_bytes + file->bytes.size >= sink->options.roll_bytes)
        return file_finish(sink, file, error);
    return WEIR_OK;
}

static weir_status write_partitioned(weir_fs_sink *sink, const weir_batch *batch, weir_batch *view, weir_error *error) {
    const weir_rows rows = weir_batch_rows(batch);
    weir_fs_out *file = NULL;
    weir_fs_out *touched[WEIR_FS_OPEN_MAX];
    uint32_t touched_count = 0, before = 0;
    for (uint32_t k = 0; k <= rows.count; k++) {
        const bool end = k == rows.count;
        const uint32_t row = end ? 0 : rows.index == NULL ? k : rows.index[k];
        if (!end && (file == NULL || !same_partition(sink, batch, before, row))) {
            WEIR_TRY(partition_key(sink, batch, row, error));
            WEIR_TRY(file_of(sink, weir_builder_view(&sink->key), &file, error));
            if (file->row_count == 0)
                touched[touched_count++] = file;
        }
        if (!end) {
            WEIR_TRY(add_row(sink, file, row, error));
            before = row;
        }
        if (!end && touched_count < WEIR_FS_OPEN_MAX)
            continue;
        for (uint32_t i = 0; i < touched_count; i++) {
            view->selection = touched[i]->rows;
            view->selected = touched[i]->row_count;
            touched[i]->row_count = 0;
            WEIR_TRY(encode(sink, touched[i], view, error));
        }
        touched_count = 0;
        file = NULL;
    }
    return WEIR_OK;
}

static weir_status write_batch(weir_sink *base, const weir_batch *batch, weir_error *error) {
    weir_fs_sink *sink = (weir_fs_sink *)base;
    if (sink->options.roll_by_time)
        WEIR_TRY(finish_aged(sink, error));
    if (batch->selected == 0)
        return WEIR_OK;
    weir_column *columns[256];
    weir_batch view = *batch;
    if (sink->partition_count > 0) {
        if (sink->schema.count > 256)
            return weir_fail(error, WEIR_UNSUPPORTED, "A partitioned table with more than 256 columns cannot be written.");
        for (uint32_t i = 0; i < sink->schema.count; i++)
            columns[i] = batch->columns[sink->columns[i]];
        view.columns = columns;
        view.column_count = sink->schema.count;
        return write_partitioned(sink, batch, &view, error);
    }
    weir_fs_out *file;
    WEIR_TRY(file_of(sink, (weir_text){"", 0}, &file, error));
    return encode(sink, file, &view, error);
}

weir_status weir_fs_sink_finish_all(weir_fs_sink *sink, weir_error *error) {
    for (size_t i = 0; i < WEIR_FS_TABLE_SLOTS; i++)
        while (sink->slots[i] != NULL)
            WEIR_TRY(file_finish(sink, sink->slots[i], error));
    return WEIR_OK;
}

static void close_sink(weir_sink *base) {
    weir_fs_sink_abort(base);
    weir_builder_deinit(&((weir_fs_sink *)base)->key);
}

/* ---- opening ---- */

static uint32_t schema_index(const weir_schema *schema, weir_text name) {
    for (uint32_t i = 0; i < schema->count; i++)
        if (weir_text_equal(schema->fields[i].name, name))
            return i;
    return UINT32_MAX;
}

static weir_status split_columns(weir_fs_sink *sink, const weir_sink_spec *spec, weir_error *error) {
    weir_arena *arena = sink->context->arena;
    const weir_table *table = spec->table;
    weir_field *fields = WEIR_ARENA_ARRAY(arena, weir_field, spec->schema.count);
    sink->columns = WEIR_ARENA_ARRAY(arena, uint32_t, spec->schema.count);
    sink->partitions = WEIR_ARENA_ARRAY(arena, uint32_t, table->partition_count);
    if (fields == NULL || sink->columns == NULL || sink->partitions == NULL)
        return weir_fail_memory(error, "the filesystem sink", 0);
    sink->partition_count = table->partition_count;
    for (uint32_t i = 0; i < table->partition_count; i++) {
        sink->partitions[i] = schema_index(&spec->schema, table->columns[table->partitions[i]].name);
        if (sink->partitions[i] == UINT32_MAX)
            return weir_fail(error, WEIR_VALIDATE, "The partition column '%.*s' is not among the columns written.",
                             WEIR_TEXT_ARGS(table->columns[table->partitions[i]].name));
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < spec->schema.count; i++) {
        bool partition = false;
        for (uint32_t k = 0; k < table->partition_count; k++)
            partition = partition || sink->partitions[k] == i;
        if (partition)
            continue;
        sink->columns[count] = i;
        fields[count++] = spec->schema.fields[i];
    }
    sink->schema = (weir_schema){count, fields};
    return WEIR_OK;
}

static weir_status refuse_pattern(const weir_fs_sink *sink, weir_error *error) {
    bool pattern;
    WEIR_TRY(weir_fs_is_pattern(sink->context->files, sink->options.path, &pattern, error));
    return !pattern ? WEIR_OK
                    : weir_fail(error, WEIR_UNSUPPORTED, "The path '%s' has wildcards: files can be read from it, not written to it.",
                                sink->options.path);
}

/* Flink's streaming sink rolls by default, its batch sink never does. Where a job commits again and again, partitions would be complete
 * before their time has come. */
static weir_status settle_options(weir_fs_sink *sink, weir_error *error) {
    weir_fs_options *options = &sink->options;
    const bool batch = sink->context->batch_mode;
    enum { ROLL_BYTES_STREAMING = 128 << 20 };
    if (options->roll_bytes == 0)
        options->roll_bytes = batch ? UINT64_MAX : ROLL_BYTES_STREAMING;
    options->roll_by_time = !batch;
    if (!options->commit_by_time || batch || sink->context->job_id.size == 0)
        return WEIR_OK;
    const weir_option *trigger = weir_table_option(sink->table, "sink.partition-commit.trigger");
    if (trigger == NULL)
        trigger = weir_table_option(sink->table, "sink.partition-commit.delay");
    return weir_fail_at(
        error, WEIR_UNSUPPORTED, trigger->position,
        "The option '%.*s' = '%.*s' is not supported here: partitions are committed with the checkpoint that holds their rows.",
        WEIR_TEXT_ARGS(trigger->key), WEIR_TEXT_ARGS(trigger->value));
}

static weir_status make_root(weir_fs_sink *sink, weir_error *error) {
    const weir_files *files = sink->context->files;
    weir_file_info info;
    WEIR_TRY(weir_files_stat(files, sink->options.path, &info, error));
    weir_status status = weir_files_make_folders(files, sink->options.path, error);
    if (status != WEIR_OK)
        weir_error_hint(error, "a table is written as files in a folder, which 'path' names; '%s' must be one, or possible to make",
                        sink->options.path);
    sink->new_root = status == WEIR_OK && info.kind == WEIR_FILE_NONE;
    return status;
}

static weir_status open_sink(const weir_connect_context *context, const weir_sink_spec *spec, weir_sink **out, weir_error *error) {
    weir_fs_sink *sink = WEIR_ARENA_NEW(context->arena, weir_fs_sink);
    if (sink == NULL)
        return weir_fail_memory(error, "the filesystem sink", sizeof *sink);
    sink->context = context;
    sink->table = spec->table;
    sink->overwrite = spec->overwrite;
    sink->static_count = spec->static_count;
    sink->static_partitions = spec->static_partitions;
    sink->id = weir_random_seed();
    weir_builder_init(&sink->key, context->memory, 4096);
    if (spec->overwrite && !context->batch_mode)
        return weir_fail(error, WEIR_UNSUPPORTED, "Streaming mode not support overwrite.");
    WEIR_TRY(weir_fs_options_read(context->arena, spec->table, &sink->options, error));
    WEIR_TRY(refuse_pattern(sink, error));
    WEIR_TRY(settle_options(sink, error));
    WEIR_TRY(weir_connector_format(spec->table, &sink->format, error));
    if (sink->format->writer_create == NULL)
        return weir_fail(error, WEIR_UNSUPPORTED, "The format '%s' can be read but not written.", sink->format->name);
    WEIR_TRY(split_columns(sink, spec, error));
    WEIR_TRY(make_root(sink, error));
    weir_connector_remarks(context, spec->table);
    weir_fs_options_remarks(context, spec->table);
    *out = (weir_sink *)sink;
    return WEIR_OK;
}

const weir_sink_vtable weir_fs_sink_vtable = {open_sink,           write_batch,        weir_fs_sink_prepare,
                                              weir_fs_sink_commit, weir_fs_sink_abort, close_sink};

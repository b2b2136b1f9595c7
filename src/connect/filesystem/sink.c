/* Writing: rows go to hidden files (".part-ID-N.inprogress") in the folders they will stand in; prepare makes them durable, commit renames
 * them to "part-ID-N". So a reader never sees half of an epoch, and a rename never crosses a file system.
 *
 * With a job id, prepare renames to ".part-ID-N.JOB.eEPOCH.pending" first: if the process dies between prepare and commit, the job's next
 * life finds and finishes (or, for later epochs, removes) those files with its first commit or abort.
 *
 * Partitions are folders column=value/...; a partition's open file is found by its folder. At most OPEN_MAX files are open: beyond that the
 * one that was not written for longest is closed and its partition gets another file later. Left out: time-based rolling (an epoch's end
 * closes all files anyway), compaction.
 */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "connect/filesystem/filesystem_int.h"
#include "connect/filesystem/list.h"
#include "connect/java_text.h"
#include "os/random.h"

enum { FLUSH_BYTES = 1 << 18, OPEN_MAX = 256, TABLE_SLOTS = 1024 };

typedef struct out_file {
    weir_arena arena; /* the paths and the format's writer */
    weir_text key;    /* folder below the table's path; empty for unpartitioned tables */
    const char *folder, *temporary, *final;
    weir_file *file;
    weir_writer *writer;
    weir_builder bytes;
    uint64_t written_bytes;
    uint64_t used_at;
    uint32_t *rows; /* of the batch at hand; WEIR_BATCH_ROWS or more */
    uint32_t row_count, row_capacity;
    struct out_file *next; /* in its slot of the table, or in the list of closed ones */
} out_file;

typedef struct fs_sink {
    const weir_connect_context *context;
    const weir_table *table;
    weir_fs_options options;
    const weir_format *format;
    weir_schema schema; /* without partition columns */
    uint32_t *columns;  /* of the batch, for the schema */
    uint32_t partition_count;
    uint32_t *partitions; /* indexes of the batch's columns, in folder order */
    bool overwrite;
    uint32_t static_count;
    const weir_option *static_partitions;
    out_file *slots[TABLE_SLOTS];
    uint32_t open_count;
    out_file *closed;   /* written, not prepared */
    out_file *prepared; /* waiting for commit */
    uint64_t clock;     /* of used_at */
    uint64_t file_number;
    uint64_t id;
    bool recovered; /* leftovers of an earlier life were looked after */
    weir_builder key;
} fs_sink;

/* ---- files ---- */

static out_file *file_create(fs_sink *sink, weir_text key) {
    weir_memory *memory = sink->context->memory;
    out_file *file = weir_memory_zalloc(memory, sizeof *file);
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

static void file_destroy(fs_sink *sink, out_file *file) {
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

static weir_status file_open(fs_sink *sink, weir_text key, out_file **out, weir_error *error) {
    const weir_connect_context *context = sink->context;
    out_file *file = file_create(sink, key);
    if (file == NULL)
        return weir_fail_memory(error, "the filesystem sink", sizeof *file);
    weir_status status = file->arena.failed ? weir_fail_memory(error, "the filesystem sink", 0) : WEIR_OK;
    if (status == WEIR_OK)
        status = weir_files_make_folders(context->files, file->folder, error);
    if (status == WEIR_OK)
        status = weir_files_open(context->files, context->memory, file->temporary, WEIR_FILE_CREATE_NEW, &file->file, error);
    if (status == WEIR_OK)
        status = sink->format->writer_create(&file->arena, context->memory, sink->table, &sink->schema, &file->writer, error);
    if (status != WEIR_OK) {
        file_destroy(sink, file);
        return status;
    }
    *out = file;
    return WEIR_OK;
}

static weir_status flush(out_file *file, weir_error *error) {
    if (file->bytes.size > 0)
        WEIR_TRY(weir_file_write(file->file, file->bytes.data, file->bytes.size, error));
    file->written_bytes += file->bytes.size;
    weir_builder_clear(&file->bytes);
    return WEIR_OK;
}

static out_file **slot_of(fs_sink *sink, weir_text key) { return &sink->slots[weir_hash_bytes(key.data, key.size) % TABLE_SLOTS]; }

/* Out of the table, into the list of closed ones: flushed and closed, not yet synced. */
static weir_status file_finish(fs_sink *sink, out_file *file, weir_error *error) {
    out_file **link = slot_of(sink, file->key);
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

static weir_status finish_oldest(fs_sink *sink, weir_error *error) {
    out_file *oldest = NULL;
    for (size_t i = 0; i < TABLE_SLOTS; i++)
        for (out_file *file = sink->slots[i]; file != NULL; file = file->next)
            if (file->row_count == 0 && (oldest == NULL || file->used_at < oldest->used_at))
                oldest = file;
    return oldest == NULL ? WEIR_OK : file_finish(sink, oldest, error);
}

static weir_status file_of(fs_sink *sink, weir_text key, out_file **out, weir_error *error) {
    for (out_file *file = *slot_of(sink, key); file != NULL; file = file->next)
        if (weir_text_equal(file->key, key)) {
            *out = file;
            return WEIR_OK;
        }
    if (sink->open_count >= OPEN_MAX)
        WEIR_TRY(finish_oldest(sink, error));
    WEIR_TRY(file_open(sink, key, out, error));
    out_file **slot = slot_of(sink, (*out)->key);
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
static weir_status partition_key(fs_sink *sink, const weir_batch *batch, uint32_t row, weir_error *error) {
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

static weir_status add_row(fs_sink *sink, out_file *file, uint32_t row, weir_error *error) {
    if (file->row_count == file->row_capacity) {
        size_t capacity = file->row_capacity;
        if (!weir_memory_grow(sink->context->memory, (void **)&file->rows, &capacity, (size_t)file->row_count + 1, sizeof *file->rows))
            return weir_fail_memory(error, "the filesystem sink", 0);
        file->row_capacity = (uint32_t)capacity;
    }
    file->rows[file->row_count++] = row;
    return WEIR_OK;
}

static bool same_partition(const fs_sink *sink, const weir_batch *batch, uint32_t a, uint32_t b) {
    for (uint32_t i = 0; i < sink->partition_count; i++) {
        const weir_column *column = batch->columns[sink->partitions[i]];
        if (!weir_column_rows_equal(column, a, column, b))
            return false;
    }
    return true;
}

static weir_status encode(fs_sink *sink, out_file *file, const weir_batch *rows, weir_error *error) {
    file->used_at = ++sink->clock;
    WEIR_TRY(sink->format->write(file->writer, rows, &file->bytes, error));
    if (file->bytes.size >= FLUSH_BYTES)
        WEIR_TRY(flush(file, error));
    if (file->written_bytes + file->bytes.size >= sink->options.roll_bytes)
        return file_finish(sink, file, error);
    return WEIR_OK;
}

static weir_status write_partitioned(fs_sink *sink, const weir_batch *batch, weir_batch *view, weir_error *error) {
    const weir_rows rows = weir_batch_rows(batch);
    out_file *file = NULL;
    out_file *touched[OPEN_MAX];
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
        if (!end && touched_count < OPEN_MAX)
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
    fs_sink *sink = (fs_sink *)base;
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
    out_file *file;
    WEIR_TRY(file_of(sink, (weir_text){"", 0}, &file, error));
    return encode(sink, file, &view, error);
}

/* ---- two phases ---- */

static weir_status finish_all(fs_sink *sink, weir_error *error) {
    for (size_t i = 0; i < TABLE_SLOTS; i++)
        while (sink->slots[i] != NULL)
            WEIR_TRY(file_finish(sink, sink->slots[i], error));
    return WEIR_OK;
}

static weir_status prepare(weir_sink *base, uint64_t epoch, weir_error *error) {
    fs_sink *sink = (fs_sink *)base;
    const weir_connect_context *context = sink->context;
    WEIR_TRY(finish_all(sink, error));
    while (sink->closed != NULL) {
        out_file *file = sink->closed;
        if (context->job_id.size > 0) {
            const char *slash = strrchr(file->final, '/');
            const char *pending = weir_arena_format(&file->arena, "%s/.%s.%.*s.e%llu.pending", file->folder, slash + 1,
                                                    WEIR_TEXT_ARGS(context->job_id), (unsigned long long)epoch)
                                      .data;
            if (pending == NULL)
                return weir_fail_memory(error, "the filesystem sink", 0);
            WEIR_TRY(weir_files_rename(context->files, file->temporary, pending, error));
            WEIR_TRY(weir_files_sync_folder(context->files, file->folder, error));
            file->temporary = pending;
        }
        sink->closed = file->next;
        file->next = sink->prepared;
        sink->prepared = file;
    }
    return WEIR_OK;
}

/* Everything visible in the folder goes. */
static weir_status clear_folder(fs_sink *sink, const char *folder, weir_error *error) {
    const weir_files *files = sink->context->files;
    weir_file_info info;
    weir_arena arena;
    weir_file_entry *entries = NULL;
    size_t count = 0;
    WEIR_TRY(weir_files_stat(files, folder, &info, error));
    if (info.kind != WEIR_FILE_FOLDER)
        return WEIR_OK;
    weir_arena_init(&arena, sink->context->memory);
    weir_status status = weir_files_list(files, &arena, folder, &entries, &count, error);
    for (size_t i = 0; i < count && status == WEIR_OK; i++)
        if (entries[i].name.data[0] != '.' && entries[i].name.data[0] != '_')
            status = weir_files_remove_tree(files, sink->context->memory, entries[i].path.data, error);
    weir_arena_deinit(&arena);
    return status;
}

/* The folder that PARTITION (p = 'x', ...) names, as far as the constants lead; NULL: not named, or no memory. */
static const char *static_folder(fs_sink *sink) {
    weir_builder path;
    weir_builder_init(&path, sink->context->memory, SIZE_MAX);
    weir_builder_c(&path, sink->options.path);
    for (uint32_t i = 0; i < sink->table->partition_count; i++) {
        weir_text name = sink->table->columns[sink->table->partitions[i]].name;
        const weir_option *constant = NULL;
        for (uint32_t k = 0; k < sink->static_count; k++)
            if (weir_text_equal(sink->static_partitions[k].key, name))
                constant = &sink->static_partitions[k];
        if (constant == NULL)
            break;
        weir_builder_char(&path, '/');
        weir_fs_escape(&path, name);
        weir_builder_char(&path, '=');
        weir_fs_escape(&path, constant->value.size == 0 ? sink->options.default_partition : constant->value);
    }
    weir_text copy = path.failed ? (weir_text){NULL, 0} : weir_arena_text(sink->context->arena, weir_builder_view(&path));
    weir_builder_deinit(&path);
    return copy.data;
}

/* INSERT OVERWRITE: what the new files replace. Partitions that get no row stay, unless the statement names them. */
static weir_status clear_old(fs_sink *sink, weir_error *error) {
    if (sink->partition_count == 0)
        return clear_folder(sink, sink->options.path, error);
    if (sink->static_count == sink->partition_count) {
        const char *folder = static_folder(sink);
        return folder == NULL ? weir_fail_memory(error, "a partition's name", 0) : clear_folder(sink, folder, error);
    }
    for (const out_file *file = sink->prepared; file != NULL; file = file->next)
        WEIR_TRY(clear_folder(sink, file->folder, error));
    return WEIR_OK;
}

static bool enter_any(weir_text name, void *context) {
    (void)context;
    return name.size > 0;
}

/* ".part-ID-N.JOB.eEPOCH.pending": files that an earlier life of the job prepared. */
static weir_status recover(fs_sink *sink, uint64_t epoch, weir_error *error) {
    const weir_connect_context *context = sink->context;
    sink->recovered = true;
    if (context->job_id.size == 0)
        return WEIR_OK;
    weir_arena arena;
    weir_arena_init(&arena, context->memory);
    weir_file_entry *entries = NULL;
    size_t count = 0;
    weir_text mark = weir_arena_format(&arena, ".%.*s.e", WEIR_TEXT_ARGS(context->job_id));
    weir_text own = weir_arena_format(&arena, ".part-%016llx-", (unsigned long long)sink->id);
    weir_status status = arena.failed
                             ? weir_fail_memory(error, "the filesystem sink", 0)
                             : weir_files_list_tree(context->files, &arena, sink->options.path, enter_any, NULL, &entries, &count, error);
    for (size_t i = 0; i < count && status == WEIR_OK; i++) {
        weir_text name = entries[i].name;
        const char *found = weir_text_starts(name, WEIR_TEXT(".part-")) && !weir_text_starts(name, own)
                                ? memmem(name.data, name.size, mark.data, mark.size)
                                : NULL;
        const char *end = name.data + name.size - 8;
        if (found == NULL || name.size < 8 || memcmp(end, ".pending", 8) != 0)
            continue;
        uint64_t its_epoch = 0;
        for (const char *p = found + mark.size; p < end && *p >= '0' && *p <= '9'; p++)
            its_epoch = its_epoch * 10 + (uint64_t)(*p - '0');
        if (its_epoch > epoch) {
            status = weir_files_remove(context->files, entries[i].path.data, error);
            continue;
        }
        size_t folder_size = entries[i].path.size - name.size;
        weir_text target =
            weir_arena_format(&arena, "%.*s%.*s", (int)folder_size, entries[i].path.data, (int)(found - name.data - 1), name.data + 1);
        status = target.data == NULL ? weir_fail_memory(error, "the filesystem sink", 0)
                                     : weir_files_rename_durable(context->files, context->memory, entries[i].path.data, target.data, error);
    }
    weir_arena_deinit(&arena);
    return status;
}

static weir_status mark_success(fs_sink *sink, const char *folder, weir_error *error) {
    char path[4096];
    weir_file *file;
    if ((size_t)snprintf(path, sizeof path, "%s/%.*s", folder, WEIR_TEXT_ARGS(sink->options.success_name)) >= sizeof path)
        return weir_fail(error, WEIR_RUNTIME, "The path of '%.*s' is too long.", WEIR_TEXT_ARGS(sink->options.success_name));
    WEIR_TRY(weir_files_open(sink->context->files, sink->context->memory, path, WEIR_FILE_CREATE, &file, error));
    return weir_file_close(file, error);
}

static weir_status commit(weir_sink *base, uint64_t epoch, weir_error *error) {
    fs_sink *sink = (fs_sink *)base;
    const weir_connect_context *context = sink->context;
    if (!sink->recovered)
        WEIR_TRY(recover(sink, epoch, error));
    if (sink->overwrite) {
        WEIR_TRY(clear_old(sink, error));
        sink->overwrite = false; /* later epochs add */
    }
    while (sink->prepared != NULL) {
        out_file *file = sink->prepared;
        WEIR_TRY(weir_files_rename_durable(context->files, context->memory, file->temporary, file->final, error));
        if (sink->options.success_file && sink->partition_count > 0)
            WEIR_TRY(mark_success(sink, file->folder, error));
        sink->prepared = file->next;
        file_destroy(sink, file);
    }
    return WEIR_OK;
}

static void remove_files(fs_sink *sink, out_file **list) {
    while (*list != NULL) {
        out_file *file = *list;
        *list = file->next;
        if (weir_files_remove(sink->context->files, file->temporary, NULL) != WEIR_OK) {
            /* a hidden file stays behind: ugly, but nobody reads it */
        }
        file_destroy(sink, file);
    }
}

static void abort_sink(weir_sink *base) {
    fs_sink *sink = (fs_sink *)base;
    for (size_t i = 0; i < TABLE_SLOTS; i++)
        remove_files(sink, &sink->slots[i]);
    sink->open_count = 0;
    remove_files(sink, &sink->closed);
    remove_files(sink, &sink->prepared);
}

static void close_sink(weir_sink *base) {
    abort_sink(base);
    weir_builder_deinit(&((fs_sink *)base)->key);
}

/* ---- opening ---- */

static uint32_t schema_index(const weir_schema *schema, weir_text name) {
    for (uint32_t i = 0; i < schema->count; i++)
        if (weir_text_equal(schema->fields[i].name, name))
            return i;
    return UINT32_MAX;
}

static weir_status split_columns(fs_sink *sink, const weir_sink_spec *spec, weir_error *error) {
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

static weir_status refuse_pattern(const fs_sink *sink, weir_error *error) {
    bool pattern;
    WEIR_TRY(weir_fs_is_pattern(sink->context->files, sink->options.path, &pattern, error));
    return !pattern ? WEIR_OK
                    : weir_fail(error, WEIR_UNSUPPORTED, "The path '%s' has wildcards: files can be read from it, not written to it.",
                                sink->options.path);
}

static weir_status open_sink(const weir_connect_context *context, const weir_sink_spec *spec, weir_sink **out, weir_error *error) {
    fs_sink *sink = WEIR_ARENA_NEW(context->arena, fs_sink);
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
    WEIR_TRY(weir_connector_format(spec->table, &sink->format, error));
    if (sink->format->writer_create == NULL)
        return weir_fail(error, WEIR_UNSUPPORTED, "The format '%s' can be read but not written.", sink->format->name);
    WEIR_TRY(split_columns(sink, spec, error));
    WEIR_TRY(weir_files_make_folders(context->files, sink->options.path, error));
    weir_connector_remarks(context, spec->table);
    *out = (weir_sink *)sink;
    return WEIR_OK;
}

const weir_sink_vtable weir_fs_sink_vtable = {open_sink, write_batch, prepare, commit, abort_sink, close_sink};

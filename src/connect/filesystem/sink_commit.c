/* Making written files visible, all or nothing.
 *
 * prepare has everything on the disk under hidden names; with a job id it renames to ".part-ID-N.JOB.eEPOCH.pending" first: if the process
 * dies between prepare and commit, the job's next life finds and finishes (or, for later epochs, removes) those files with its first
 * commit.
 *
 * commit is a list of steps. INSERT OVERWRITE first renames what it replaces to hidden names (".NAME.replaced-ID"); then the new files get
 * their names, the folders are synced, success files are made. When a step fails, all before it are undone in reverse order, and the table
 * is as it was. Only then, when nothing can fail any more, the replaced files are removed. A process that is killed between the first and
 * the last rename leaves the old files under their hidden names: no row is lost, and nothing but a rename is needed to have them back.
 */
#include <string.h>

#include "connect/filesystem/list.h"
#include "connect/filesystem/sink_int.h"

weir_status weir_fs_sink_prepare(weir_sink *base, uint64_t epoch, weir_error *error) {
    weir_fs_sink *sink = (weir_fs_sink *)base;
    const weir_connect_context *context = sink->context;
    WEIR_TRY(weir_fs_sink_finish_all(sink, error));
    while (sink->closed != NULL) {
        weir_fs_out *file = sink->closed;
        if (context->job_id.size > 0) {
            const char *slash = strrchr(file->final, '/');
            const char *pending = weir_arena_format(&file->arena, "%s/.%s.%.*s.e%llu.pending", file->folder, slash + 1,
                                                    WEIR_TEXT_ARGS(context->job_id), (unsigned long long)epoch)
                                      .data;
            if (pending == NULL)
                return weir_fail_memory(error, "the filesystem sink", 0);
            WEIR_TRY(weir_files_rename(context->files, file->temporary, pending, error));
            file->temporary = pending;
            WEIR_TRY(weir_files_sync_folder(context->files, file->folder, error));
        }
        sink->closed = file->next;
        file->next = sink->prepared;
        sink->prepared = file;
    }
    return WEIR_OK;
}

/* ---- what a commit does ---- */

typedef struct step {
    const char *from; /* NULL: `to` is an empty file to be made */
    const char *to;
} step;

typedef struct commit_plan {
    weir_fs_sink *sink;
    weir_arena arena;
    weir_list steps;    /* step */
    weir_list replaced; /* hidden names of what was replaced */
    weir_list folders;  /* to be synced */
    weir_fs_seen touched, cleared;
    size_t done; /* steps taken */
    weir_error *error;
} commit_plan;

static weir_status out_of_memory(const commit_plan *plan) { return weir_fail_memory(plan->error, "the filesystem sink's commit", 0); }

static weir_status add_step(commit_plan *plan, const char *from, const char *to) {
    step *one = WEIR_ARENA_NEW(&plan->arena, step);
    if (one == NULL || to == NULL || !weir_list_add(&plan->arena, &plan->steps, one))
        return out_of_memory(plan);
    *one = (step){from, to};
    return WEIR_OK;
}

static weir_status touch_folder(commit_plan *plan, const char *folder) {
    bool fresh;
    WEIR_TRY(weir_fs_seen_add(&plan->touched, weir_text_of(folder), &fresh, plan->error));
    if (fresh && !weir_list_add(&plan->arena, &plan->folders, (void *)(uintptr_t)folder))
        return out_of_memory(plan);
    return WEIR_OK;
}

/* Everything visible in the folder goes. */
static weir_status plan_clear(commit_plan *plan, const char *folder) {
    weir_fs_sink *sink = plan->sink;
    weir_file_info info;
    weir_file_entry *entries = NULL;
    size_t count = 0;
    bool fresh;
    WEIR_TRY(weir_fs_seen_add(&plan->cleared, weir_text_of(folder), &fresh, plan->error));
    if (!fresh)
        return WEIR_OK;
    WEIR_TRY(weir_files_stat(sink->context->files, folder, &info, plan->error));
    if (info.kind != WEIR_FILE_FOLDER)
        return WEIR_OK;
    WEIR_TRY(weir_files_list(sink->context->files, &plan->arena, folder, &entries, &count, plan->error));
    for (size_t i = 0; i < count; i++) {
        weir_text name = entries[i].name;
        if (weir_fs_is_hidden(name))
            continue;
        const char *hidden =
            weir_arena_format(&plan->arena, "%s/.%.*s.replaced-%016llx", folder, WEIR_TEXT_ARGS(name), (unsigned long long)sink->id).data;
        WEIR_TRY(add_step(plan, entries[i].path.data, hidden));
        WEIR_TRY(touch_folder(plan, folder));
        if (!weir_list_add(&plan->arena, &plan->replaced, (void *)(uintptr_t)hidden))
            return out_of_memory(plan);
    }
    return WEIR_OK;
}

/* The folder that PARTITION (p = 'x', ...) names; every partition column has a constant. */
static const char *static_folder(commit_plan *plan) {
    const weir_fs_sink *sink = plan->sink;
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
    weir_text copy = path.failed ? (weir_text){NULL, 0} : weir_arena_text(&plan->arena, weir_builder_view(&path));
    weir_builder_deinit(&path);
    return copy.data;
}

/* INSERT OVERWRITE: what the new files replace. Partitions that get no row stay, unless the statement names them. */
static weir_status plan_overwrite(commit_plan *plan) {
    const weir_fs_sink *sink = plan->sink;
    if (sink->partition_count == 0)
        return plan_clear(plan, sink->options.path);
    if (sink->static_count == sink->partition_count) {
        const char *folder = static_folder(plan);
        return folder == NULL ? out_of_memory(plan) : plan_clear(plan, folder);
    }
    for (const weir_fs_out *file = sink->prepared; file != NULL; file = file->next)
        WEIR_TRY(plan_clear(plan, file->folder));
    return WEIR_OK;
}

static weir_status plan_new_files(commit_plan *plan) {
    const weir_fs_sink *sink = plan->sink;
    for (const weir_fs_out *file = sink->prepared; file != NULL; file = file->next) {
        WEIR_TRY(add_step(plan, file->temporary, file->final));
        WEIR_TRY(touch_folder(plan, file->folder));
    }
    return WEIR_OK;
}

/* Every folder that got a file is a partition, and complete. */
static weir_status plan_success_files(commit_plan *plan) {
    const weir_fs_sink *sink = plan->sink;
    weir_fs_seen marked;
    weir_status status = WEIR_OK;
    weir_fs_seen_init(&marked, sink->context->memory);
    for (const weir_fs_out *file = sink->prepared; file != NULL && status == WEIR_OK; file = file->next) {
        bool fresh;
        weir_file_info info;
        status = weir_fs_seen_add(&marked, weir_text_of(file->folder), &fresh, plan->error);
        if (status != WEIR_OK || !fresh)
            continue;
        const char *path = weir_arena_format(&plan->arena, "%s/%.*s", file->folder, WEIR_TEXT_ARGS(sink->options.success_name)).data;
        status = path == NULL ? out_of_memory(plan) : weir_files_stat(sink->context->files, path, &info, plan->error);
        if (status == WEIR_OK && info.kind == WEIR_FILE_NONE)
            status = add_step(plan, NULL, path);
    }
    weir_fs_seen_deinit(&marked);
    return status;
}

/* ---- doing and undoing it ---- */

static weir_status take_step(commit_plan *plan, const step *one) {
    const weir_connect_context *context = plan->sink->context;
    weir_file *file;
    if (one->from != NULL)
        return weir_files_rename(context->files, one->from, one->to, plan->error);
    WEIR_TRY(weir_files_open(context->files, context->memory, one->to, WEIR_FILE_CREATE, &file, plan->error));
    weir_status status = weir_file_close(file, plan->error);
    if (status != WEIR_OK && weir_files_remove(context->files, one->to, NULL) != WEIR_OK)
        weir_error_hint(plan->error, "'%s' stays behind", one->to);
    return status;
}

static void undo(commit_plan *plan) {
    const weir_files *files = plan->sink->context->files;
    while (plan->done > 0) {
        const step *one = plan->steps.items[--plan->done];
        weir_status status =
            one->from == NULL ? weir_files_remove(files, one->to, NULL) : weir_files_rename(files, one->to, one->from, NULL);
        if (status != WEIR_OK)
            weir_error_hint(plan->error, one->from == NULL ? "'%s' could not be removed again" : "'%s' could not be renamed back", one->to);
    }
}

static weir_status carry_out(commit_plan *plan) {
    for (; plan->done < plan->steps.count; plan->done++)
        WEIR_TRY(take_step(plan, plan->steps.items[plan->done]));
    for (size_t i = 0; i < plan->folders.count; i++)
        WEIR_TRY(weir_files_sync_folder(plan->sink->context->files, plan->folders.items[i], plan->error));
    return WEIR_OK;
}

/* The new rows stand; what cannot be removed is hidden and only takes room. */
static void remove_replaced(commit_plan *plan) {
    const weir_connect_context *context = plan->sink->context;
    weir_error told = {0};
    weir_status first = WEIR_OK;
    for (size_t i = 0; i < plan->replaced.count; i++) {
        weir_status status =
            weir_files_remove_tree(context->files, context->memory, plan->replaced.items[i], first == WEIR_OK ? &told : NULL);
        first = first == WEIR_OK ? status : first;
    }
    if (first != WEIR_OK && context->warn != NULL)
        context->warn(context->warn_context, told.message);
}

static weir_status make_plan(commit_plan *plan) {
    const weir_fs_sink *sink = plan->sink;
    if (sink->overwrite)
        WEIR_TRY(plan_overwrite(plan));
    WEIR_TRY(plan_new_files(plan));
    return sink->options.success_file && sink->partition_count > 0 ? plan_success_files(plan) : WEIR_OK;
}

static weir_status commit_prepared(weir_fs_sink *sink, weir_error *error) {
    commit_plan plan = {.sink = sink, .error = error};
    weir_memory *memory = sink->context->memory;
    weir_arena_init(&plan.arena, memory);
    weir_fs_seen_init(&plan.touched, memory);
    weir_fs_seen_init(&plan.cleared, memory);
    weir_status status = make_plan(&plan);
    if (status == WEIR_OK)
        status = carry_out(&plan);
    if (status == WEIR_OK)
        remove_replaced(&plan);
    else
        undo(&plan);
    weir_fs_seen_deinit(&plan.touched);
    weir_fs_seen_deinit(&plan.cleared);
    weir_arena_deinit(&plan.arena);
    return status;
}

/* ---- an earlier life's files ---- */

/* ".part-ID-N.JOB.eEPOCH.pending": files that an earlier life of the job prepared. */
static weir_status recover(weir_fs_sink *sink, uint64_t epoch, weir_error *error) {
    const weir_connect_context *context = sink->context;
    if (context->job_id.size == 0) {
        sink->recovered = true;
        return WEIR_OK;
    }
    weir_arena arena;
    weir_arena_init(&arena, context->memory);
    weir_file_entry *entries = NULL;
    size_t count = 0;
    weir_text mark = weir_arena_format(&arena, ".%.*s.e", WEIR_TEXT_ARGS(context->job_id));
    weir_text own = weir_arena_format(&arena, ".part-%016llx-", (unsigned long long)sink->id);
    weir_status status = arena.failed
                             ? weir_fail_memory(error, "the filesystem sink", 0)
                             : weir_files_list_tree(context->files, &arena, sink->options.path, NULL, NULL, &entries, &count, error);
    for (size_t i = 0; i < count && status == WEIR_OK; i++) {
        weir_text name = entries[i].name;
        const char *found = weir_text_starts(name, WEIR_TEXT(".part-")) && !weir_text_starts(name, own)
                                ? memmem(name.data, name.size, mark.data, mark.size)
                                : NULL;
        if (found == NULL || name.size < 8 || memcmp(name.data + name.size - 8, ".pending", 8) != 0)
            continue;
        const char *end = name.data + name.size - 8;
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
    sink->recovered = status == WEIR_OK;
    return status;
}

weir_status weir_fs_sink_commit(weir_sink *base, uint64_t epoch, weir_error *error) {
    weir_fs_sink *sink = (weir_fs_sink *)base;
    if (!sink->recovered)
        WEIR_TRY(recover(sink, epoch, error));
    WEIR_TRY(commit_prepared(sink, error));
    sink->new_root = false;
    sink->overwrite = false; /* later epochs add */
    while (sink->prepared != NULL) {
        weir_fs_out *file = sink->prepared;
        sink->prepared = file->next;
        weir_fs_out_destroy(sink, file);
    }
    return WEIR_OK;
}

/* The folders that were made for the file, as long as they are empty. */
static void remove_new_folders(weir_fs_sink *sink, weir_fs_out *file) {
    const size_t root = strlen(sink->options.path);
    char *path = (char *)(uintptr_t)file->folder;
    for (size_t end = strlen(path); end > root; end--)
        if (path[end] == '/' || path[end] == 0) {
            path[end] = 0;
            if (weir_files_remove(sink->context->files, path, NULL) != WEIR_OK)
                return;
        }
}

static void remove_temporary(weir_fs_sink *sink, weir_fs_out *file) {
    if (file->temporary != NULL && weir_files_remove(sink->context->files, file->temporary, NULL) != WEIR_OK) {
        /* it was never made, or it stays behind hidden: nobody reads it */
    }
}

void weir_fs_sink_discard(weir_fs_sink *sink, weir_fs_out *file) {
    remove_temporary(sink, file);
    if (file->new_folder)
        remove_new_folders(sink, file);
    weir_fs_out_destroy(sink, file);
}

/* All of them into one list: a folder can go only after the last file in it. */
static void gather(weir_fs_out **all, weir_fs_out **list) {
    while (*list != NULL) {
        weir_fs_out *file = *list;
        *list = file->next;
        file->next = *all;
        *all = file;
    }
}

void weir_fs_sink_abort(weir_sink *base) {
    weir_fs_sink *sink = (weir_fs_sink *)base;
    weir_fs_out *all = NULL;
    for (size_t i = 0; i < WEIR_FS_TABLE_SLOTS; i++)
        gather(&all, &sink->slots[i]);
    sink->open_count = 0;
    gather(&all, &sink->closed);
    gather(&all, &sink->prepared);
    for (weir_fs_out *file = all; file != NULL; file = file->next)
        remove_temporary(sink, file);
    while (all != NULL) {
        weir_fs_out *file = all;
        all = file->next;
        if (file->new_folder)
            remove_new_folders(sink, file);
        weir_fs_out_destroy(sink, file);
    }
    if (sink->new_root && weir_files_remove(sink->context->files, sink->options.path, NULL) != WEIR_OK) {
        /* somebody else has put something into it */
    }
    sink->new_root = false;
}

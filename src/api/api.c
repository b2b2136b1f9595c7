/* Sessions and scripts of the C API. */
#include <string.h>

#include "api/api_int.h"
#include "sql/lexer.h"

_Static_assert((int)WEIR_CODE_PARSE == (int)WEIR_PARSE && (int)WEIR_CODE_VALIDATE == (int)WEIR_VALIDATE, "codes are statuses");
_Static_assert((int)WEIR_CODE_UNSUPPORTED == (int)WEIR_UNSUPPORTED && (int)WEIR_CODE_RUNTIME == (int)WEIR_RUNTIME, "codes are statuses");
_Static_assert((int)WEIR_CODE_MEMORY == (int)WEIR_MEMORY && (int)WEIR_CODE_CANCELLED == (int)WEIR_CANCELLED, "codes are statuses");
_Static_assert((int)WEIR_CODE_USAGE == (int)WEIR_USAGE && (int)WEIR_CODE_INTERNAL == (int)WEIR_INTERNAL, "codes are statuses");

const char *weir_version(void) { return "0.1.0"; }

/* ---- lives ---- */

void api_account_ref(api_account *account) { atomic_fetch_add(&account->references, 1); }

void api_account_unref(api_account *account) {
    if (atomic_fetch_sub(&account->references, 1) != 1)
        return;
    weir_memory_deinit(&account->memory);
    /* The account cannot pay for itself; account_create's own payer is gone. */
    weir_memory payer;
    weir_memory_init(&payer, NULL, "weir", SIZE_MAX);
    if (weir_memory_reserve(&payer, sizeof *account))
        weir_memory_free(&payer, account, sizeof *account);
}

static api_account *account_create(void) {
    weir_memory payer;
    weir_memory_init(&payer, NULL, "weir", SIZE_MAX);
    api_account *account = weir_memory_zalloc(&payer, sizeof *account);
    if (account == NULL)
        return NULL;
    weir_memory_init(&account->memory, NULL, "weir", SIZE_MAX);
    atomic_init(&account->references, 1);
    return account;
}

void api_lock(weir *self) {
    if (!atomic_load(&self->locked) || !pthread_equal(atomic_load(&self->locker), pthread_self())) {
        weir_mutex_lock(&self->mutex);
        atomic_store(&self->locker, pthread_self());
        atomic_store(&self->locked, true);
    }
    self->lock_depth++;
}

void api_unlock(weir *self) {
    if (--self->lock_depth > 0)
        return;
    atomic_store(&self->locked, false);
    weir_mutex_unlock(&self->mutex);
}

void api_ref(weir *self) { atomic_fetch_add(&self->references, 1); }

void api_unref(weir *self) {
    if (atomic_fetch_sub(&self->references, 1) != 1)
        return;
    weir_session_destroy(self->session);
    for (api_table *table = self->tables, *next; table != NULL; table = next) {
        next = table->next;
        weir_arrow_table_destroy(table->table);
        weir_memory_free(&self->account->memory, table, sizeof *table);
    }
    weir_builder_deinit(&self->text);
    weir_mutex_deinit(&self->mutex);
    api_account *account = self->account;
    weir_memory_free(&account->memory, self, sizeof *self);
    api_account_unref(account);
}

void api_result_unref(weir_result *result) {
    if (atomic_fetch_sub(&result->references, 1) != 1)
        return;
    weir *owner = result->owner;
    api_lock(owner);
    api_result_forget(result);
    weir_answer_close(result->answer);
    weir_script_close(result->script);
    weir_memory_free(&owner->account->memory, result->text, result->text_bytes);
    weir_memory_free(&owner->account->memory, result, sizeof *result);
    atomic_fetch_sub(&owner->results, 1);
    api_tables_purge(owner);
    api_unlock(owner);
    api_unref(owner);
}

/* ---- sessions ---- */

static void warn_hook(void *context, const char *message) {
    weir *self = context;
    if (self->warn != NULL)
        self->warn(self->warn_context, message);
}

static weir *handle_create(void) {
    api_account *account = account_create();
    if (account == NULL)
        return NULL;
    weir *self = weir_memory_zalloc(&account->memory, sizeof *self);
    if (self == NULL) {
        api_account_unref(account);
        return NULL;
    }
    self->account = account;
    weir_builder_init(&self->text, &account->memory, SIZE_MAX);
    weir_mutex_init(&self->mutex);
    atomic_init(&self->references, 1);
    return self;
}

int weir_open(const weir_options *options, weir **session) {
    weir_options given = {0};
    if (session == NULL)
        return WEIR_CODE_USAGE;
    *session = NULL;
    if (options != NULL)
        memcpy(&given, options, options->struct_size < sizeof given ? options->struct_size : sizeof given);
    weir *self = handle_create();
    if (self == NULL)
        return WEIR_CODE_MEMORY;
    self->warn = given.warn;
    self->warn_context = given.warn_context;
    weir_session_environment environment = {.memory = &self->account->memory,
                                            .memory_limit_bytes = given.memory_limit_bytes == 0 ? SIZE_MAX : given.memory_limit_bytes,
                                            .default_zone = weir_text_of(given.time_zone),
                                            .parallelism = given.parallelism,
                                            .warn = warn_hook,
                                            .warn_context = self};
    weir_status status = weir_session_create(&environment, &self->session, &self->error);
    if (status != WEIR_OK) {
        api_unref(self);
        return (int)status;
    }
    *session = self;
    return WEIR_CODE_OK;
}

void weir_close(weir *session) {
    if (session == NULL)
        return;
    api_unref(session);
}

int api_fail(weir *self, weir_text script, const weir_error *error) {
    self->error = *error;
    self->error_line = self->error_column = 0;
    if (error->position.line > 0 && error->position.offset_bytes <= script.size && script.data != NULL) {
        weir_position place = weir_sql_locate(script, error->position.offset_bytes);
        self->error_line = place.line;
        self->error_column = place.column;
    }
    return (int)error->status;
}

static int fail_usage(weir *self, const char *message) {
    weir_error error = {0};
    weir_status status = weir_fail(&error, WEIR_USAGE, "%s", message);
    (void)status;
    return api_fail(self, (weir_text){0}, &error);
}

static int fail_memory(weir *self, size_t bytes) {
    weir_error error = {0};
    weir_status status = weir_fail_memory(&error, "a text", bytes);
    (void)status;
    return api_fail(self, (weir_text){0}, &error);
}

void api_begin(weir *self) {
    api_lock(self);
    weir_error_clear(&self->error);
    self->error_line = self->error_column = 0;
}

int weir_set(weir *session, const char *key, const char *value) {
    weir_error error = {0};
    if (key == NULL || value == NULL)
        return fail_usage(session, "weir_set: key and value are needed");
    api_begin(session);
    weir_status status = weir_session_set(session->session, weir_text_of(key), weir_text_of(value), &error);
    int code = status == WEIR_OK ? WEIR_CODE_OK : api_fail(session, (weir_text){0}, &error);
    api_unlock(session);
    return code;
}

int weir_get(weir *session, const char *key, const char **value) {
    if (key == NULL || value == NULL)
        return fail_usage(session, "weir_get: key and value are needed");
    api_begin(session);
    *value = NULL;
    weir_text found = weir_session_setting(session->session, key);
    int code = WEIR_CODE_OK;
    if (found.data != NULL) {
        weir_builder_clear(&session->text);
        weir_builder_text(&session->text, found);
        weir_builder_char(&session->text, '\0');
        if (session->text.failed)
            code = fail_memory(session, found.size);
        else
            *value = session->text.data;
    }
    api_unlock(session);
    return code;
}

/* ---- scripts ---- */

static weir_status drain(weir_answer *answer, weir_error *error) {
    for (;;) {
        weir_batch *batch = NULL;
        bool pending = false;
        WEIR_TRY(weir_answer_next(answer, 1000, &batch, &pending, error));
        if (batch == NULL && !pending)
            return WEIR_OK;
        weir_batch_destroy(batch);
    }
}

/* Keep the rows of the last statement; everything else runs to its end here. */
static weir_status take_answer(weir_result *result, weir_answer *answer, bool keep_rows, weir_error *error) {
    weir_answer_kind kind = weir_answer_kind_of(answer);
    if (kind == WEIR_ANSWER_ROWS && keep_rows && weir_script_is_done(result->script)) {
        result->answer = answer;
        return api_result_describe(result, error);
    }
    weir_status status = WEIR_OK;
    if (kind == WEIR_ANSWER_ROWS || kind == WEIR_ANSWER_AFFECTED)
        status = drain(answer, error);
    if (status == WEIR_OK && kind == WEIR_ANSWER_AFFECTED)
        result->affected += weir_answer_affected(answer);
    weir_answer_close(answer);
    return status;
}

static weir_status run_script(weir_result *result, bool keep_rows, weir_error *error) {
    WEIR_TRY(weir_script_open(result->owner->session, (weir_text){result->text, result->text_bytes}, &result->script, error));
    for (;;) {
        weir_answer *answer = NULL;
        WEIR_TRY(weir_script_next(result->script, &answer, error));
        if (answer == NULL)
            return WEIR_OK;
        WEIR_TRY(take_answer(result, answer, keep_rows, error));
        if (result->answer != NULL)
            return WEIR_OK;
    }
}

static weir_result *result_create(weir *owner, const char *sql) {
    weir_memory *memory = &owner->account->memory;
    weir_result *result = weir_memory_zalloc(memory, sizeof *result);
    if (result == NULL)
        return NULL;
    result->text_bytes = strlen(sql);
    result->text = weir_memory_alloc(memory, result->text_bytes);
    if (result->text == NULL) {
        weir_memory_free(memory, result, sizeof *result);
        return NULL;
    }
    memcpy(result->text, sql, result->text_bytes);
    weir_arena_init(&result->texts, memory);
    atomic_fetch_add(&owner->results, 1);
    result->owner = owner;
    atomic_init(&result->references, 1);
    api_ref(owner);
    return result;
}

int weir_execute(weir *session, const char *sql, weir_result **result) {
    weir_error error = {0};
    if (result != NULL)
        *result = NULL;
    if (sql == NULL)
        return fail_usage(session, "weir_execute: the script is needed");
    api_begin(session);
    weir_result *made = result_create(session, sql);
    weir_status status = made == NULL ? weir_fail_memory(&error, "a script", strlen(sql)) : run_script(made, result != NULL, &error);
    int code = status == WEIR_OK ? WEIR_CODE_OK
                                 : api_fail(session, made == NULL ? (weir_text){0} : (weir_text){made->text, made->text_bytes}, &error);
    api_unlock(session);
    if (made != NULL && (status != WEIR_OK || result == NULL))
        api_result_unref(made);
    else if (made != NULL)
        *result = made;
    return code;
}

int weir_result_has_rows(const weir_result *result) { return result->answer != NULL; }
int weir_result_is_bounded(const weir_result *result) { return result->answer == NULL || weir_answer_is_bounded(result->answer); }
int weir_result_is_insert_only(const weir_result *result) { return result->answer == NULL || result->insert_only; }
uint64_t weir_result_affected(const weir_result *result) { return result->affected; }

uint32_t weir_result_column_count(const weir_result *result) {
    return result->answer == NULL ? 0 : weir_answer_schema(result->answer)->count;
}
const char *weir_result_column_name(const weir_result *result, uint32_t index) {
    return index < weir_result_column_count(result) ? result->names[index] : NULL;
}
const char *weir_result_column_type(const weir_result *result, uint32_t index) {
    return index < weir_result_column_count(result) ? result->types[index] : NULL;
}
const char *weir_result_statement(const weir_result *result) { return result->statement; }

void weir_result_close(weir_result *result) {
    if (result != NULL)
        api_result_unref(result);
}

int weir_wait(weir *session, int64_t patience_ms, int *running) {
    weir_error error = {0};
    bool pending = false;
    api_begin(session);
    weir_status status = weir_session_wait(session->session, patience_ms < 0 ? 0 : patience_ms, &pending, &error);
    int code = status == WEIR_OK ? WEIR_CODE_OK : api_fail(session, (weir_text){0}, &error);
    api_unlock(session);
    if (running != NULL)
        *running = pending;
    return code;
}

/* ---- from any thread ---- */

void weir_cancel(weir *session) { weir_session_cancel(session->session); }

int weir_progress(weir *session, weir_figures *figures) {
    weir_job_progress progress = {0};
    *figures = (weir_figures){.watermark_ms = INT64_MIN};
    if (!weir_session_progress(session->session, &progress))
        return 0;
    *figures = (weir_figures){.rows_read = progress.rows_read,
                              .rows_skipped = progress.rows_skipped,
                              .bytes_read = progress.bytes_read,
                              .bytes_total = progress.bytes_total,
                              .rows_written = progress.rows_written,
                              .late_rows_dropped = progress.late_rows_dropped,
                              .watermark_ms = progress.watermark_ms,
                              .memory_bytes = progress.memory_bytes};
    return 1;
}

/* ---- errors ---- */

int weir_last_code(const weir *session) { return (int)session->error.status; }
const char *weir_last_message(const weir *session) { return session->error.message; }
const char *weir_last_hint(const weir *session) { return session->error.hint; }
const char *weir_last_stage(const weir *session) { return session->error.stage == NULL ? "" : session->error.stage; }
uint32_t weir_last_line(const weir *session) { return session->error_line; }
uint32_t weir_last_column(const weir *session) { return session->error_column; }

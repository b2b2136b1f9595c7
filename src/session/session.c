/* The session's life, its remarks, and what runs behind a script. */
#include "session/session.h"

#include <string.h>

#include "session/session_int.h"

weir_status weir_session_create(const weir_session_environment *environment, weir_session **out, weir_error *error) {
    weir_session *session = weir_memory_zalloc(environment->memory, sizeof *session);
    if (session == NULL)
        return weir_fail_memory(error, "a session", sizeof *session);
    session->environment = *environment;
    if (session->environment.files == NULL)
        session->environment.files = weir_files_real();
    if (session->environment.clock == NULL)
        session->environment.clock = weir_clock_real();
    if (session->environment.engine == NULL)
        session->environment.engine = weir_engine_find(WEIR_TEXT("local"));
    weir_memory_init(&session->memory, environment->memory, "session", SIZE_MAX);
    weir_arena_init(&session->arena, &session->memory);
    weir_mutex_init(&session->mutex);
    weir_status status = weir_catalog_create(&session->memory, &session->catalog, error);
    if (status == WEIR_OK && environment->default_zone.size > 0) {
        session->environment.default_zone = weir_arena_text(&session->arena, environment->default_zone);
        if (session->environment.default_zone.data == NULL)
            status = weir_fail_memory(error, "a session", environment->default_zone.size);
    }
    if (status != WEIR_OK) {
        weir_session_destroy(session);
        return status;
    }
    *out = session;
    return WEIR_OK;
}

void weir_session_destroy(weir_session *session) {
    if (session == NULL)
        return;
    while (session->running != NULL)
        weir_answer_close(session->running);
    weir_memory *memory = session->environment.memory;
    weir_catalog_destroy(session->catalog);
    weir_arena_deinit(&session->arena);
    weir_mutex_deinit(&session->mutex);
    weir_memory_deinit(&session->memory);
    weir_memory_free(memory, session, sizeof *session);
}

weir_catalog *weir_session_catalog(weir_session *session) { return session->catalog; }

void session_warn(weir_session *session, const char *message) {
    for (size_t i = 0; i < session->said.count; i++)
        if (strcmp(session->said.items[i], message) == 0)
            return;
    weir_text copy = weir_arena_text(&session->arena, weir_text_of(message));
    if (copy.data != NULL && !weir_list_add(&session->arena, &session->said, (void *)copy.data))
        return;
    if (session->environment.warn != NULL)
        session->environment.warn(session->environment.warn_context, message);
}

void session_warn_hook(void *session, const char *message) { session_warn(session, message); }

/* ---- what runs ---- */

void session_running_add(weir_session *session, weir_answer *answer) {
    weir_mutex_lock(&session->mutex);
    answer->next_running = session->running;
    answer->is_running = true;
    session->running = answer;
    weir_mutex_unlock(&session->mutex);
}

void session_running_remove(weir_session *session, weir_answer *answer) {
    weir_mutex_lock(&session->mutex);
    for (weir_answer **at = &session->running; *at != NULL; at = &(*at)->next_running)
        if (*at == answer) {
            *at = answer->next_running;
            break;
        }
    answer->is_running = false;
    weir_mutex_unlock(&session->mutex);
}

static void cancel_running(weir_session *session, bool behind) {
    weir_mutex_lock(&session->mutex);
    atomic_store(&session->cancelled, true);
    for (weir_answer *answer = session->running; answer != NULL; answer = answer->next_running)
        if (behind || !answer->behind)
            answer->job->engine->cancel(answer->job);
    weir_mutex_unlock(&session->mutex);
}

void weir_session_cancel(weir_session *session) { cancel_running(session, true); }

void weir_session_interrupt(weir_session *session) { cancel_running(session, false); }

static void progress_add(weir_job_progress *sum, const weir_job_progress *one, bool first) {
    if (first) {
        *sum = *one;
        return;
    }
    bool known = sum->bytes_total > 0 && one->bytes_total > 0;
    sum->rows_read += one->rows_read;
    sum->rows_skipped += one->rows_skipped;
    sum->bytes_read += one->bytes_read;
    sum->bytes_total = known ? sum->bytes_total + one->bytes_total : 0;
    sum->rows_written += one->rows_written;
    sum->late_rows_dropped += one->late_rows_dropped;
    sum->watermark_ms = sum->watermark_ms < one->watermark_ms ? sum->watermark_ms : one->watermark_ms;
    sum->memory_bytes += one->memory_bytes;
    sum->memory_peak_bytes += one->memory_peak_bytes;
}

bool weir_session_progress(weir_session *session, weir_job_progress *out) {
    bool any = false;
    weir_mutex_lock(&session->mutex);
    for (const weir_answer *answer = session->running; answer != NULL; answer = answer->next_running) {
        weir_job_progress one;
        answer->job->engine->progress(answer->job, &one);
        progress_add(out, &one, !any);
        any = true;
    }
    weir_mutex_unlock(&session->mutex);
    return any;
}

weir_status session_check_cancelled(const weir_session *session, weir_error *error) {
    return atomic_load_explicit(&session->cancelled, memory_order_relaxed) ? weir_fail(error, WEIR_CANCELLED, "cancelled") : WEIR_OK;
}

static uint32_t count_behind(const weir_session *session) {
    uint32_t count = 0;
    for (const weir_answer *answer = session->running; answer != NULL; answer = answer->next_running)
        count += answer->behind;
    return count;
}

/* Only this thread adds to or takes from the list, so it may walk it without the lock. */
weir_status session_work_behind(weir_session *session, int64_t patience_ms, weir_error *error) {
    uint32_t count = count_behind(session);
    session->has_behind = count > 0;
    weir_answer *next;
    for (weir_answer *answer = session->running; answer != NULL; answer = next) {
        next = answer->next_running;
        if (!answer->behind)
            continue;
        weir_batch *batch = NULL;
        bool pending = false;
        weir_status status = answer->job->engine->next(answer->job, patience_ms / count, &batch, &pending, error);
        weir_batch_destroy(batch);
        if (status == WEIR_OK && (pending || batch != NULL))
            continue;
        session_job_ended(answer, answer->job->engine->state(answer->job));
        weir_answer_close(answer);
        if (status != WEIR_OK)
            return status;
    }
    session->has_behind = session->has_behind && count_behind(session) > 0;
    return WEIR_OK;
}

weir_status weir_session_wait(weir_session *session, int64_t patience_ms, bool *pending, weir_error *error) {
    *pending = false;
    int64_t deadline_ms = weir_clock_monotonic_ms(session->environment.clock) + patience_ms;
    while (session->has_behind) {
        WEIR_TRY(session_work_behind(session, patience_ms < 50 ? patience_ms : 50, error));
        if (session->has_behind && weir_clock_monotonic_ms(session->environment.clock) >= deadline_ms) {
            *pending = true;
            return WEIR_OK;
        }
    }
    return WEIR_OK;
}

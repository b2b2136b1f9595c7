/* Answers: what a statement gave back. Each owns the arena of its statement; a job in it stands in the session's list while it runs. */
#include "session/session_int.h"

enum { BEHIND_SLICE_MS = 5, FRONT_SLICE_MS = 20 };

weir_status answer_create(weir_session *session, weir_answer **out, weir_error *error) {
    weir_answer *answer = weir_memory_zalloc(&session->memory, sizeof *answer);
    if (answer == NULL)
        return weir_fail_memory(error, "a statement", sizeof *answer);
    answer->session = session;
    answer->bounded = true;
    weir_arena_init(&answer->arena, &session->memory);
    weir_memory_init(&answer->ready_memory, &session->memory, "result", SIZE_MAX);
    *out = answer;
    return WEIR_OK;
}

weir_answer_kind weir_answer_kind_of(const weir_answer *answer) { return answer->kind; }
const char *weir_answer_statement(const weir_answer *answer) { return answer->statement; }
weir_position weir_answer_position(const weir_answer *answer) { return answer->position; }
const weir_schema *weir_answer_schema(const weir_answer *answer) { return &answer->schema; }
bool weir_answer_is_query(const weir_answer *answer) { return answer->is_query; }
bool weir_answer_is_bounded(const weir_answer *answer) { return answer->bounded; }
bool weir_answer_is_batch(const weir_answer *answer) { return answer->batch_mode || !answer->is_query; }

bool weir_answer_only_inserts(const weir_answer *answer) {
    return weir_answer_is_batch(answer) || (answer->job != NULL && answer->job->only_inserts);
}

const weir_evaluation *weir_answer_evaluation(const weir_answer *answer) { return &answer->evaluation; }

weir_memory *weir_answer_memory(const weir_answer *answer) {
    return answer->job != NULL && answer->job->memory != NULL ? answer->job->memory : &answer->session->memory;
}

uint32_t weir_answer_order(const weir_answer *answer, const weir_sort_key **keys) {
    *keys = answer->order;
    return answer->order_count;
}

static void job_environment(weir_answer *answer) {
    const weir_session_environment *environment = &answer->session->environment;
    answer->job_environment = (weir_job_environment){.memory = &answer->session->memory,
                                                     .memory_limit_bytes = environment->memory_limit_bytes,
                                                     .files = environment->files,
                                                     .clock = environment->clock,
                                                     .evaluation = answer->evaluation,
                                                     .print = environment->print,
                                                     .print_context = environment->print_context,
                                                     .warn = session_warn_hook,
                                                     .warn_context = answer->session};
}

weir_status answer_start(weir_answer *answer, weir_error *error) {
    weir_session *session = answer->session;
    job_environment(answer);
    answer->request = (weir_engine_request){
        .arena = &answer->arena, .plan = &answer->plan, .settings = &answer->plan_settings, .environment = &answer->job_environment};
    answer->bounded = weir_plan_is_bounded(&answer->plan);
    answer->started_ns = weir_clock_monotonic_ns(session->environment.clock);
    WEIR_TRY(session_check_cancelled(session, error));
    WEIR_TRY(session->environment.engine->submit(&answer->request, &answer->job, error));
    session_running_add(session, answer);
    /* A cancel that came in between has not met the job. */
    if (atomic_load(&session->cancelled))
        answer->job->engine->cancel(answer->job);
    return WEIR_OK;
}

static void report_end(weir_answer *answer) {
    const weir_session_environment *environment = &answer->session->environment;
    if (answer->ended || answer->job == NULL)
        return;
    answer->ended = true;
    if (environment->job_ended == NULL)
        return;
    weir_job_report report = {.statement = answer->statement,
                              .position = answer->position,
                              .state = answer->job->engine->state(answer->job),
                              .wall_ns = weir_clock_monotonic_ns(environment->clock) - answer->started_ns,
                              .job = answer->job};
    answer->job->engine->progress(answer->job, &report.progress);
    environment->job_ended(environment->job_ended_context, &report);
}

static weir_status job_next(weir_answer *answer, int64_t patience_ms, weir_batch **batch, bool *pending, weir_error *error) {
    weir_session *session = answer->session;
    if (!session->has_behind)
        return answer->job->engine->next(answer->job, patience_ms, batch, pending, error);
    /* Others run behind the script: take turns. */
    int64_t deadline_ms = patience_ms == INT64_MAX ? INT64_MAX : weir_clock_monotonic_ms(session->environment.clock) + patience_ms;
    for (;;) {
        WEIR_TRY(answer->job->engine->next(answer->job, FRONT_SLICE_MS, batch, pending, error));
        if (!*pending)
            return WEIR_OK;
        WEIR_TRY(session_work_behind(session, BEHIND_SLICE_MS, error));
        if (deadline_ms != INT64_MAX && weir_clock_monotonic_ms(session->environment.clock) >= deadline_ms)
            return WEIR_OK;
    }
}

weir_status weir_answer_next(weir_answer *answer, int64_t patience_ms, weir_batch **batch, bool *pending, weir_error *error) {
    *batch = NULL;
    *pending = false;
    if (answer->ready != NULL) {
        *batch = answer->ready;
        answer->ready = NULL;
        return WEIR_OK;
    }
    if (answer->job == NULL || answer->ended)
        return WEIR_OK;
    weir_status status = job_next(answer, patience_ms, batch, pending, error);
    if (status != WEIR_OK || (*batch == NULL && !*pending))
        report_end(answer);
    return status;
}

uint64_t weir_answer_affected(const weir_answer *answer) {
    weir_job_progress progress = {0};
    if (answer->job != NULL)
        answer->job->engine->progress(answer->job, &progress);
    return progress.rows_written;
}

void weir_answer_close(weir_answer *answer) {
    if (answer == NULL)
        return;
    weir_session *session = answer->session;
    if (answer->job != NULL) {
        report_end(answer);
        session_job_ended(answer, answer->job->engine->state(answer->job));
        if (answer->is_running)
            session_running_remove(session, answer);
        answer->job->engine->close(answer->job);
    }
    weir_batch_destroy(answer->ready);
    weir_arena_deinit(&answer->arena);
    weir_memory_deinit(&answer->ready_memory);
    weir_memory_free(&session->memory, answer, sizeof *answer);
}

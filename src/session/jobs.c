/* The INSERTs that run behind a script, as jobs with a name and an id: SHOW JOBS, DESCRIBE JOB, STOP JOB. A job's record stays when it has
 * ended, so that its end can be seen; the records live in the session's arena. */
#include <stdio.h>
#include <string.h>

#include "session/session_int.h"
#include "types/convert.h"

/* As Flink's client names them: insert-into_<path of the table>, several joined by commas. */
static weir_text job_name(weir_session *session, const weir_answer *answer) {
    weir_text given = weir_session_setting(session, "pipeline.name");
    if (given.size > 0)
        return weir_arena_text(&session->arena, given);
    weir_builder name;
    weir_builder_init(&name, &session->memory, 4096);
    for (uint32_t i = 0; i < answer->plan.root_count; i++) {
        const weir_node *root = answer->plan.roots[i];
        if (root->kind != WEIR_NODE_SINK)
            continue;
        const weir_table *table = root->as.sink.table;
        weir_builder_format(&name, "%s%.*s.%.*s.%.*s", name.size == 0 ? "insert-into_" : ",", WEIR_TEXT_ARGS(table->catalog),
                            WEIR_TEXT_ARGS(table->database), WEIR_TEXT_ARGS(table->name));
    }
    weir_text copy = weir_arena_text(&session->arena, weir_builder_view(&name));
    weir_builder_deinit(&name);
    return copy;
}

weir_status session_job_add(weir_answer *answer, weir_error *error) {
    weir_session *session = answer->session;
    session_job *job = WEIR_ARENA_NEW(&session->arena, session_job);
    if (job == NULL || !weir_list_add(&session->arena, &session->jobs, job))
        return weir_fail_memory(error, "a job", sizeof *job);
    uint64_t high = weir_random_seed(), low = weir_random_seed();
    snprintf(job->id, sizeof job->id, "%016llx%016llx", (unsigned long long)high, (unsigned long long)low);
    job->name = job_name(session, answer);
    job->started_ms = weir_clock_wall_ms(session->environment.clock);
    job->state = WEIR_JOB_RUNNING;
    job->answer = answer;
    answer->record = job;
    return job->name.data == NULL ? weir_fail_memory(error, "a job", sizeof *job) : WEIR_OK;
}

void session_job_ended(weir_answer *answer, weir_job_state state) {
    if (answer->record == NULL)
        return;
    answer->record->state = state == WEIR_JOB_RUNNING ? WEIR_JOB_CANCELLED : state;
    answer->record->answer = NULL;
    answer->record = NULL;
}

const char *weir_answer_job_id(const weir_answer *answer) { return answer->record == NULL ? NULL : answer->record->id; }

uint32_t weir_session_jobs_running(const weir_session *session) {
    uint32_t count = 0;
    for (size_t i = 0; i < session->jobs.count; i++)
        count += ((const session_job *)session->jobs.items[i])->answer != NULL;
    return count;
}

static const char *state_name(weir_job_state state) {
    switch (state) {
    case WEIR_JOB_RUNNING: return "RUNNING";
    case WEIR_JOB_FINISHED: return "FINISHED";
    case WEIR_JOB_FAILED: return "FAILED";
    case WEIR_JOB_CANCELLED: return "CANCELED";
    }
    return "";
}

/* The jobs as rows, the newest first; only `id` when it is not empty. */
static weir_status list_jobs(session_statement *statement, weir_text id, weir_error *error) {
    const weir_session *session = statement->session;
    weir_evaluation evaluation;
    rows_builder rows;
    WEIR_TRY(session_evaluation(statement->session, &evaluation, error));
    WEIR_TRY(rows_begin(&rows, statement->answer, (const char *const[]){"job id", "job name", "status", "start time", NULL}, error));
    for (size_t i = session->jobs.count; i-- > 0;) {
        const session_job *job = session->jobs.items[i];
        if (id.size > 0 && !weir_text_equal_c(id, job->id))
            continue;
        char time[WEIR_PRINT_BYTES_MAX];
        size_t size = weir_print_timestamp(weir_zone_to_local_us(evaluation.zone, job->started_ms * 1000), 3, time);
        weir_text started = weir_arena_text(statement->arena, (weir_text){time, size});
        if (started.data == NULL)
            return weir_fail_memory(error, "SHOW JOBS", size);
        WEIR_TRY(rows_add(&rows, (weir_text[]){weir_text_of(job->id), job->name, weir_text_of(state_name(job->state)), started}, error));
    }
    return rows_end(&rows, error);
}

weir_status statement_show_jobs(session_statement *statement, weir_error *error) { return list_jobs(statement, (weir_text){0}, error); }

static weir_status find_job(const session_statement *statement, weir_text id, session_job **out, weir_error *error) {
    const weir_session *session = statement->session;
    for (size_t i = 0; i < session->jobs.count; i++) {
        *out = session->jobs.items[i];
        if (weir_text_equal_c(id, (*out)->id))
            return WEIR_OK;
    }
    weir_fail_at(error, WEIR_VALIDATE, statement->ast->position, "There is no job '%.*s'.", WEIR_TEXT_ARGS(id));
    weir_error_hint(error, "SHOW JOBS lists the jobs of this session");
    return WEIR_VALIDATE;
}

weir_status statement_describe_job(session_statement *statement, weir_error *error) {
    session_job *job;
    WEIR_TRY(find_job(statement, statement->ast->as.describe.job_id, &job, error));
    return list_jobs(statement, statement->ast->as.describe.job_id, error);
}

weir_status statement_stop_job(session_statement *statement, weir_error *error) {
    session_job *job;
    if (statement->ast->as.job.with_savepoint)
        return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "STOP JOB ... WITH SAVEPOINT is not supported");
    WEIR_TRY(find_job(statement, statement->ast->as.job.id, &job, error));
    if (job->answer == NULL)
        return weir_fail_at(error, WEIR_VALIDATE, statement->ast->position, "The job '%s' has ended already: it is %s.", job->id,
                            state_name(job->state));
    weir_answer *answer = job->answer;
    session_job_ended(answer, WEIR_JOB_CANCELLED);
    weir_answer_close(answer);
    return WEIR_OK;
}

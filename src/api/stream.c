/* A result's rows as an Arrow stream. Arrays are copies in the account of the session, so that they may outlive it: each holds a reference
 * to the account, which its release gives back. */
#include <errno.h>
#include <string.h>

#include "api/api_int.h"

/* An array has at most so many rows; the table that changes add up to is one batch. */
enum { ARRAY_ROWS = 1 << 16 };

typedef struct stream_data {
    weir_result *result;
    bool with_changes;
    weir_batch *current; /* of the result, while some of its rows are still to be exported */
    size_t batch;        /* the one to be exported, */
    uint32_t from_row;   /* and its rows from here */
    int failed;          /* errno of the error below */
    weir_error error;
} stream_data;

/* The exported array's own release and data, put back when ours runs. */
typedef struct array_data {
    api_account *account;
    void (*release)(struct ArrowArray *);
    void *private_data;
} array_data;

static int errno_of(weir_status status) {
    switch (status) {
    case WEIR_MEMORY: return ENOMEM;
    case WEIR_CANCELLED: return ECANCELED;
    case WEIR_USAGE: return EINVAL;
    default: return EIO;
    }
}

static void array_release(struct ArrowArray *array) {
    array_data *data = array->private_data;
    api_account *account = data->account;
    array->release = data->release;
    array->private_data = data->private_data;
    array->release(array);
    weir_memory_free(&account->memory, data, sizeof *data);
    api_account_unref(account);
}

static weir_status keep_account(api_account *account, struct ArrowArray *array, weir_error *error) {
    array_data *data = weir_memory_alloc(&account->memory, sizeof *data);
    if (data == NULL) {
        array->release(array);
        return weir_fail_memory(error, "an Arrow array", sizeof *data);
    }
    *data = (array_data){account, array->release, array->private_data};
    array->release = array_release;
    array->private_data = data;
    api_account_ref(account);
    return WEIR_OK;
}

/* Without a column for them, changes other than +I cannot be told. */
static weir_status check_kinds(const weir_batch *batch, weir_error *error) {
    weir_rows rows = weir_batch_rows(batch);
    bool only_inserts = true;
    if (batch->kinds != NULL)
        WEIR_FOR_ROWS(&rows, row, { only_inserts = only_inserts && batch->kinds[row] == WEIR_INSERT; });
    if (only_inserts)
        return WEIR_OK;
    weir_fail(error, WEIR_USAGE, "The result of this query changes, and its stream was opened without changes.");
    weir_error_hint(error,
                    "read its changes, or the table that they add up to, or run the query with SET 'execution.runtime-mode' = 'batch'");
    return WEIR_USAGE;
}

/* A selection makes the export copy everything, so that nothing points into the job. */
static weir_status select_all(weir_batch *batch, weir_error *error) {
    if (batch->selection != NULL)
        return WEIR_OK;
    uint32_t *selection = weir_batch_open_selection(batch, batch->rows > 0 ? batch->rows : 1);
    if (selection == NULL)
        return weir_fail_memory(error, "an Arrow array", batch->rows);
    for (uint32_t i = 0; i < batch->rows; i++)
        selection[i] = i;
    batch->selected = batch->rows;
    return WEIR_OK;
}

static weir_status export_batch(const stream_data *data, weir_batch *batch, struct ArrowArray *out, weir_error *error) {
    api_account *account = data->result->owner->account;
    if (!data->with_changes)
        WEIR_TRY(check_kinds(batch, error));
    WEIR_TRY(weir_arrow_export_batch(&account->memory, batch, weir_answer_schema(data->result->answer), data->with_changes, out, error));
    return keep_account(account, out, error);
}

/* Up to ARRAY_ROWS of the batch's rows. */
static weir_status export_window(stream_data *data, weir_batch *batch, struct ArrowArray *out, weir_error *error) {
    WEIR_TRY(select_all(batch, error));
    weir_batch window = *batch; /* its selection only is another */
    uint32_t rest = batch->selected - data->from_row;
    window.selection = batch->selection + data->from_row;
    window.selected = rest < ARRAY_ROWS ? rest : ARRAY_ROWS;
    WEIR_TRY(export_batch(data, &window, out, error));
    data->from_row += window.selected;
    if (data->from_row == batch->selected) {
        data->from_row = 0;
        data->batch++;
    }
    return WEIR_OK;
}

static weir_status next_array(stream_data *data, struct ArrowArray *out, weir_error *error) {
    weir_batch *batch = data->current;
    if (data->from_row == 0)
        WEIR_TRY(api_result_batch(data->result, data->batch, &batch, error));
    data->current = batch;
    return batch == NULL ? WEIR_OK : export_window(data, batch, out, error);
}

static int stream_get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    stream_data *data = stream->private_data;
    weir *owner = data->result->owner;
    memset(out, 0, sizeof *out);
    if (data->failed != 0)
        return data->failed;
    api_lock(owner);
    weir_status status = next_array(data, out, &data->error);
    if (status != WEIR_OK) {
        data->failed = errno_of(status);
        api_fail(owner, (weir_text){data->result->text, data->result->text_bytes}, &data->error);
        memset(out, 0, sizeof *out);
    }
    api_unlock(owner);
    return data->failed;
}

static int stream_get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    stream_data *data = stream->private_data;
    weir_error error = {0};
    memset(out, 0, sizeof *out);
    weir_status status = weir_arrow_export_schema(weir_answer_schema(data->result->answer), data->with_changes, out, &error);
    if (status == WEIR_OK)
        return 0;
    data->error = error;
    return errno_of(status);
}

static const char *stream_get_last_error(struct ArrowArrayStream *stream) {
    const stream_data *data = stream->private_data;
    return data->error.message[0] == '\0' ? NULL : data->error.message;
}

static void stream_release(struct ArrowArrayStream *stream) {
    stream_data *data = stream->private_data;
    weir_result *result = data->result;
    weir_memory_free(&result->owner->account->memory, data, sizeof *data);
    stream->release = NULL;
    stream->private_data = NULL;
    api_result_unref(result);
}

bool api_stream_is_own(const weir *self, const struct ArrowArrayStream *stream) {
    return stream->release == stream_release && ((const stream_data *)stream->private_data)->result->owner == self;
}

static weir_status stream_check(const weir_result *result, int flags, weir_error *error) {
    const int known = WEIR_STREAM_CHANGES | WEIR_STREAM_TABLE | WEIR_STREAM_KEEP, both = WEIR_STREAM_CHANGES | WEIR_STREAM_TABLE;
    if ((flags & ~known) != 0 || (flags & both) == both)
        return weir_fail(error, WEIR_USAGE, "weir_result_stream: flags %d: CHANGES or TABLE, and KEEP, are known.", flags);
    if (result->answer == NULL)
        return weir_fail(error, WEIR_USAGE, "The script's last statement gives no rows.");
    if (result->streamed && !result->keeps)
        return weir_fail(error, WEIR_USAGE, "The rows of this result have been streamed already.");
    if (result->streamed && !result->insert_only && result->collapsed != ((flags & WEIR_STREAM_TABLE) != 0))
        return weir_fail(error, WEIR_USAGE, "The rows of this result have been read as %s; run the query again to have them as %s.",
                         result->collapsed ? "a table" : "changes", result->collapsed ? "changes" : "a table");
    return WEIR_OK;
}

static weir_status stream_open(weir_result *result, int flags, struct ArrowArrayStream *out, weir_error *error) {
    WEIR_TRY(stream_check(result, flags, error));
    stream_data *data = weir_memory_zalloc(&result->owner->account->memory, sizeof *data);
    if (data == NULL)
        return weir_fail_memory(error, "an Arrow stream", sizeof *data);
    data->result = result;
    data->with_changes = (flags & WEIR_STREAM_CHANGES) != 0;
    if (!result->streamed) {
        result->keeps = (flags & WEIR_STREAM_KEEP) != 0;
        result->collapsed = (flags & WEIR_STREAM_TABLE) != 0 && !result->insert_only;
    }
    result->streamed = true;
    atomic_fetch_add(&result->references, 1);
    *out = (struct ArrowArrayStream){stream_get_schema, stream_get_next, stream_get_last_error, stream_release, data};
    return WEIR_OK;
}

int weir_result_stream(weir_result *result, int flags, struct ArrowArrayStream *out) {
    weir_error error = {0};
    weir *owner = result->owner;
    memset(out, 0, sizeof *out);
    api_begin(owner);
    weir_status status = stream_open(result, flags, out, &error);
    int code = status == WEIR_OK ? WEIR_CODE_OK : api_fail(owner, (weir_text){0}, &error);
    api_unlock(owner);
    return code;
}

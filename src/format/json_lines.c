/* Running over the lines of a chunk: padding, blank lines, failed records. Shared by json and the CDC formats. */
#include "format/json_int.h"

/* Where the run over one padded piece stands. */
typedef struct piece {
    const char *data; /* in the chunk as given, for messages */
    size_t offset;    /* of `start` in it */
    const char *start, *end;
} piece;

static weir_status fail_record(const weir_json_lines *lines, const weir_json_scan *scan, const weir_format_place *place, const piece *at,
                               const char *record, weir_error *error) {
    const char *record_end = memchr(record, '\n', (size_t)(at->end - record));
    if (record_end == NULL)
        record_end = at->end;
    while (record_end > record && record_end[-1] == '\r')
        record_end--;
    bool cut;
    weir_text excerpt = weir_format_excerpt((weir_text){record, (size_t)(record_end - record)}, &cut);
    weir_fail(error, WEIR_RUNTIME, "%s '%.*s%s'. %s", lines->failure, WEIR_TEXT_ARGS(excerpt), cut ? "..." : "", scan->cause);
    const char *bad = scan->bad_at >= record && scan->bad_at <= record_end ? scan->bad_at : record;
    weir_format_locate(error, place, at->data, at->offset + (size_t)(record - at->start), at->offset + (size_t)(bad - at->start));
    return WEIR_RUNTIME;
}

/* Records from at->start on until the piece ends or the batch is full; *stop is where. */
static weir_status run(const weir_json_lines *lines, weir_json_scan *scan, weir_reader_counts *counts, const weir_format_place *place,
                       const piece *at, weir_batch *batch, const char **stop, weir_error *error) {
    const char *p = at->start;
    while (p < at->end && batch->rows + lines->rows_per_record <= lines->capacity) {
        const char *record = p;
        p = weir_json_blanks(p);
        if (*p == '\n') { /* a blank line is no record */
            p++;
            continue;
        }
        const uint32_t rows_before = batch->rows;
        const char *resume = NULL;
        scan->at = p;
        scan->bad_at = NULL;
        weir_json_result result = lines->record(lines->context, scan, batch, &resume);
        if (result == WEIR_JSON_MEMORY)
            return weir_fail_memory(error, "decoding JSON", 0);
        if (WEIR_UNLIKELY(result != WEIR_JSON_OK)) {
            lines->undo(lines->context, batch, rows_before);
            if (!scan->options->ignore_parse_errors)
                return fail_record(lines, scan, place, at, record, error);
            counts->skipped++;
            scan->at = record;
        } else if (resume != NULL) {
            *stop = resume;
            return WEIR_OK;
        } else {
            counts->records++;
        }
        p = scan->at;
        if (WEIR_LIKELY(*p == '\n'))
            p++;
        else
            p = (const char *)memchr(p, '\n', (size_t)(at->end - p)) + 1; /* what follows on the line is not read */
    }
    *stop = p;
    return WEIR_OK;
}

/* The position behind the last '\n' of data[0, size); 0: there is none. */
static size_t whole_lines(const char *data, size_t size) {
    const char *last = size == 0 ? NULL : memrchr(data, '\n', size);
    return last == NULL ? 0 : (size_t)(last - data) + 1;
}

/* The rest of the chunk, copied to where it is padded. */
static weir_status run_tail(const weir_json_lines *lines, weir_json_scan *scan, weir_reader_counts *counts, const weir_format_place *place,
                            const char *data, size_t from, size_t to, weir_batch *batch, size_t *used, weir_error *error) {
    const size_t size = to - from;
    weir_buffer *copy = weir_buffer_create(scan->memory, size + 1 + WEIR_READ_PADDING);
    if (copy == NULL)
        return weir_fail_memory(error, "decoding JSON", size);
    char *bytes = (char *)copy->data;
    memcpy(bytes, data + from, size);
    memset(bytes + size, '\n', 1 + WEIR_READ_PADDING);
    bool ends = bytes[size - 1] == '\n';
    piece at = {data, from, bytes, bytes + size + !ends};
    const char *stop;
    scan->owner = copy;
    weir_status status = lines->keep(lines->context, copy) ? run(lines, scan, counts, place, &at, batch, &stop, error)
                                                           : weir_fail_memory(error, "decoding JSON", size);
    if (status == WEIR_OK)
        *used = from + ((size_t)(stop - bytes) > size ? size : (size_t)(stop - bytes));
    scan->owner = NULL;
    weir_buffer_unref(copy);
    return status;
}

weir_status weir_json_lines_read(const weir_json_lines *lines, weir_json_scan *scan, weir_reader_counts *counts,
                                 const weir_format_place *place, weir_buffer *owner, const char *data, size_t size, bool final,
                                 weir_batch *batch, size_t *used, weir_error *error) {
    const size_t whole = final ? size : whole_lines(data, size);
    bool padded = owner != NULL && (const uint8_t *)data >= owner->data &&
                  (const uint8_t *)data + size + WEIR_READ_PADDING <= owner->data + owner->size_bytes;
    /* Without padding behind the data, its own end is the padding of what stands before. */
    size_t direct =
        whole_lines(data, padded                                  ? whole
                          : size > WEIR_READ_PADDING && whole > 0 ? (size - WEIR_READ_PADDING < whole ? size - WEIR_READ_PADDING : whole)
                                                                  : 0);
    *used = 0;
    if (direct > 0) {
        piece at = {data, 0, data, data + direct};
        const char *stop;
        scan->owner = owner;
        if (owner != NULL && !lines->keep(lines->context, owner))
            return weir_fail_memory(error, "decoding JSON", 0);
        weir_status status = run(lines, scan, counts, place, &at, batch, &stop, error);
        scan->owner = NULL;
        if (status != WEIR_OK)
            return status;
        *used = (size_t)(stop - data);
        if (stop < data + direct)
            return WEIR_OK;
    }
    if (whole > direct && batch->rows + lines->rows_per_record <= lines->capacity)
        return run_tail(lines, scan, counts, place, data, direct, whole, batch, used, error);
    return WEIR_OK;
}

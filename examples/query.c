/* Weir as a library: run a query and read the answer through Arrow's C stream interface.
 *
 *   cc examples/query.c $(pkg-config --cflags --libs weir) -o query && ./query
 *   ./query "SELECT 1 + 1 AS two"
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <weir/weir.h>

static const char default_sql[] = "SELECT fruit, COUNT(*) AS baskets, SUM(pieces) AS pieces\n"
                                  "FROM (VALUES ('apple', 3), ('pear', 5), ('apple', 4)) AS t(fruit, pieces)\n"
                                  "GROUP BY fruit ORDER BY fruit";

static int complain(const weir *session) {
    fprintf(stderr, "error: %s\n", weir_last_message(session));
    if (weir_last_line(session) > 0)
        fprintf(stderr, "  at line %" PRIu32 ", column %" PRIu32 "\n", weir_last_line(session), weir_last_column(session));
    if (weir_last_hint(session)[0] != '\0')
        fprintf(stderr, "  hint: %s\n", weir_last_hint(session));
    return 1;
}

static int is_null(const struct ArrowArray *column, int64_t row) {
    const uint8_t *valid = column->buffers[0];
    return valid != NULL && (valid[row / 8] >> (row % 8) & 1) == 0;
}

/* Only what the default query needs: integers and text. Real programs hand the stream to an Arrow library. */
static void print_value(const struct ArrowSchema *schema, const struct ArrowArray *column, int64_t row) {
    row += column->offset;
    if (is_null(column, row)) {
        printf("NULL");
    } else if (strcmp(schema->format, "i") == 0) {
        printf("%" PRId32, ((const int32_t *)column->buffers[1])[row]);
    } else if (strcmp(schema->format, "l") == 0) {
        printf("%" PRId64, ((const int64_t *)column->buffers[1])[row]);
    } else if (strcmp(schema->format, "u") == 0) {
        const int32_t *offsets = column->buffers[1];
        printf("%.*s", (int)(offsets[row + 1] - offsets[row]), (const char *)column->buffers[2] + offsets[row]);
    } else {
        printf("<%s>", schema->format);
    }
}

static void print_rows(const struct ArrowSchema *schema, const struct ArrowArray *batch) {
    for (int64_t row = 0; row < batch->length; row++)
        for (int64_t i = 0; i < batch->n_children; i++) {
            printf("%s", i > 0 ? "\t" : "");
            print_value(schema->children[i], batch->children[i], row + batch->offset);
            printf("%s", i + 1 == batch->n_children ? "\n" : "");
        }
}

static int print_stream(struct ArrowArrayStream *stream) {
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int code = stream->get_schema(stream, &schema);
    if (code != 0)
        return code;
    for (int64_t i = 0; i < schema.n_children; i++)
        printf("%s%s", schema.children[i]->name, i + 1 == schema.n_children ? "\n" : "\t");
    while ((code = stream->get_next(stream, &batch)) == 0 && batch.release != NULL) {
        print_rows(&schema, &batch);
        batch.release(&batch);
    }
    schema.release(&schema);
    return code;
}

int main(int argc, char **argv) {
    weir *session;
    weir_result *result;
    struct ArrowArrayStream stream;
    if (weir_open(NULL, &session) != WEIR_CODE_OK) {
        fprintf(stderr, "error: no memory for a session\n");
        return 1;
    }
    int failed = 0;
    if (weir_set(session, "execution.runtime-mode", "batch") != WEIR_CODE_OK ||
        weir_execute(session, argc > 1 ? argv[1] : default_sql, &result) != WEIR_CODE_OK) {
        failed = complain(session);
    } else {
        if (weir_result_has_rows(result)) {
            failed = weir_result_stream(result, 0, &stream) != WEIR_CODE_OK || print_stream(&stream) != 0 ? complain(session) : 0;
            if (stream.release != NULL)
                stream.release(&stream);
        }
        weir_result_close(result);
    }
    weir_close(session);
    return failed;
}

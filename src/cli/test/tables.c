/* The tables of a job under test: when one is created, its connector is replaced, its metadata become ordinary columns, and the rows that
 * the test gives for it are made. What is written to it is captured as texts. */
#include <string.h>

#include "cli/test/run_int.h"

/* ---- names ---- */

static bool is_called(const weir_table *table, weir_text name) {
    if (weir_text_equal(table->name, name))
        return true;
    size_t tail = table->name.size + 1, front = table->database.size;
    return name.size == front + tail && weir_text_starts(name, table->database) && name.data[front] == '.' &&
           memcmp(name.data + front + 1, table->name.data, table->name.size) == 0;
}

static weir_status unknown_column(const test_step *step, weir_text name, const weir_field *fields, uint32_t count, weir_error *error) {
    weir_position position = {.line = step->header.line, .column = 1};
    weir_text names[64];
    size_t known = 0;
    for (uint32_t i = 0; i < count && known < 64; i++)
        names[known++] = fields[i].name;
    weir_fail_at(error, WEIR_VALIDATE, position, "line %u: '%.*s' has no column '%.*s'", step->header.line, WEIR_TEXT_ARGS(step->name),
                 WEIR_TEXT_ARGS(name));
    int nearest = weir_text_nearest(name, names, known);
    if (nearest >= 0)
        weir_error_hint(error, "did you mean '%.*s'?", WEIR_TEXT_ARGS(names[nearest]));
    return WEIR_VALIDATE;
}

static uint32_t field_index(const weir_field *fields, uint32_t count, weir_text name) {
    for (uint32_t i = 0; i < count; i++)
        if (weir_text_equal(fields[i].name, name))
            return i;
    return UINT32_MAX;
}

weir_status run_header(const test_step *step, const weir_field *fields, uint32_t count, bool want_op, uint32_t *columns, bool *has_op,
                       weir_error *error) {
    const test_row *header = &step->header;
    *has_op = header->count > 0 && weir_text_equal_c(header->cells[0], "op") &&
              (want_op || field_index(fields, count, WEIR_TEXT("op")) == UINT32_MAX);
    if (want_op && header->count > 0 && !*has_op) {
        weir_position position = {.line = header->line, .column = 1};
        return weir_fail_at(error, WEIR_VALIDATE, position, "line %u: changes have a first column called op: | op | ...", header->line);
    }
    for (uint32_t i = *has_op; i < header->count; i++) {
        columns[i - *has_op] = field_index(fields, count, header->cells[i]);
        if (columns[i - *has_op] == UINT32_MAX)
            return unknown_column(step, header->cells[i], fields, count, error);
    }
    return WEIR_OK;
}

weir_status run_kind(const test_row *row, uint8_t *kind, weir_error *error) {
    for (*kind = WEIR_INSERT; *kind <= WEIR_DELETE; (*kind)++)
        if (weir_text_equal_c(row->cells[0], weir_change_name(*kind)))
            return WEIR_OK;
    weir_position position = {.line = row->line, .column = 1};
    return weir_fail_at(error, WEIR_VALIDATE, position, "line %u: the kind of a change is +I, -U, +U or -D, not '%.*s'", row->line,
                        WEIR_TEXT_ARGS(row->cells[0]));
}

/* ---- what is written ---- */

weir_status run_capture_add(run *self, test_capture *capture, uint8_t kind, weir_text *cells, weir_error *error) {
    test_change *change = WEIR_ARENA_NEW(self->arena, test_change);
    if (change == NULL || !weir_list_add(self->arena, &capture->changes, change))
        return weir_fail_memory(error, "the rows of a test", sizeof *change);
    *change = (test_change){kind, weir_clock_wall_ms(&self->clock.clock), cells};
    return WEIR_OK;
}

static weir_status take_row(void *context, uint8_t kind, weir_text *cells, weir_error *error) {
    run_table *table = context;
    return run_capture_add(table->run, &table->capture, kind, cells, error);
}

static weir_status take(void *context, const weir_schema *schema, const weir_batch *batch, weir_error *error) {
    run_table *table = context;
    (void)schema;
    if (!table->texts_ready) {
        WEIR_TRY(cli_texts_init(&table->texts, &table->run->self->memory, &table->capture.schema, &table->run->evaluation, error));
        table->texts_ready = true;
    }
    return run_texts(table->run, &table->texts, batch, take_row, table, error);
}

/* ---- what is given ---- */

static weir_status set_kinds(const test_step *step, const weir_list *batches, weir_error *error) {
    size_t at = 0;
    for (size_t i = 0; i < batches->count; i++) {
        weir_batch *batch = batches->items[i];
        uint8_t *kinds = weir_batch_open_kinds(batch, batch->rows);
        if (kinds == NULL)
            return weir_fail_memory(error, "the rows of a test", batch->rows);
        for (uint32_t row = 0; row < batch->rows; row++)
            WEIR_TRY(run_kind(step->rows.items[at++], &kinds[row], error));
    }
    return WEIR_OK;
}

/* A column that must have a value and gets none. */
static weir_status check_given(const test_step *step, const weir_field *fields, uint32_t count, const uint32_t *cell_of,
                               weir_error *error) {
    for (uint32_t i = 0; i < count; i++)
        if (cell_of[i] == UINT32_MAX && !fields[i].type->nullable && step->rows.count > 0) {
            weir_position position = {.line = step->header.line, .column = 1};
            return weir_fail_at(error, WEIR_VALIDATE, position, "line %u: column '%.*s' of '%.*s' is NOT NULL and is given no value",
                                step->header.line, WEIR_TEXT_ARGS(fields[i].name), WEIR_TEXT_ARGS(step->name));
        }
    return WEIR_OK;
}

/* An event time that is not written is the time of arrival. */
static weir_status given_batches(run *self, run_table *table, const weir_table *definition, size_t number, weir_list *batches,
                                 weir_error *error) {
    const test_step *step = self->steps[number];
    const weir_schema *schema = &table->capture.schema;
    uint32_t *columns = WEIR_ARENA_ARRAY(self->arena, uint32_t, step->header.count + 1);
    uint32_t *cell_of = WEIR_ARENA_ARRAY(self->arena, uint32_t, schema->count);
    weir_text *fallback = WEIR_ARENA_ARRAY(self->arena, weir_text, schema->count);
    bool has_op;
    if (columns == NULL || cell_of == NULL || fallback == NULL)
        return weir_fail_memory(error, "a test", schema->count);
    WEIR_TRY(run_header(step, schema->fields, schema->count, false, columns, &has_op, error));
    for (uint32_t i = 0; i < schema->count; i++)
        cell_of[i] = UINT32_MAX;
    for (uint32_t i = 0; i + has_op < step->header.count; i++)
        cell_of[columns[i]] = i + has_op;
    WEIR_TRY(check_given(step, schema->fields, schema->count, cell_of, error));
    run_values values = {.columns = schema->fields,
                         .column_count = schema->count,
                         .rows = (const test_row *const *)step->rows.items,
                         .row_count = step->rows.count,
                         .cell_of = cell_of,
                         .fallback = fallback};
    for (uint32_t i = 0; definition->watermark.present && i < schema->count; i++)
        if (weir_text_equal(schema->fields[i].name, definition->watermark.column))
            fallback[i] = weir_arena_format(self->arena, "TO_TIMESTAMP_LTZ(%lld, 3)", (long long)self->at_ms[number]);
    WEIR_TRY(run_values_read(self, &values, batches, error));
    table->table.changes = table->table.changes || has_op;
    return has_op ? set_kinds(step, batches, error) : WEIR_OK;
}

static weir_status fill(run *self, run_table *table, const weir_table *definition, weir_error *error) {
    weir_list arrivals = {0};
    for (size_t i = 0; i < self->step_count; i++) {
        weir_list batches;
        if (self->steps[i]->kind != TEST_STEP_GIVEN || !is_called(definition, self->steps[i]->name))
            continue;
        table->table.is_given = true;
        WEIR_TRY(given_batches(self, table, definition, i, &batches, error));
        for (size_t k = 0; k < batches.count; k++) {
            weir_test_arrival *arrival = WEIR_ARENA_NEW(self->arena, weir_test_arrival);
            if (arrival == NULL || !weir_list_add(self->arena, &arrivals, arrival))
                return weir_fail_memory(error, "a test", sizeof *arrival);
            *arrival = (weir_test_arrival){self->at_ms[i], batches.items[k]};
        }
    }
    weir_test_arrival *array = WEIR_ARENA_ARRAY(self->arena, weir_test_arrival, arrivals.count + 1);
    if (array == NULL)
        return weir_fail_memory(error, "a test", arrivals.count);
    for (size_t i = 0; i < arrivals.count; i++)
        array[i] = *(weir_test_arrival *)arrivals.items[i];
    table->table.arrivals = array;
    table->table.arrival_count = (uint32_t)arrivals.count;
    return WEIR_OK;
}

/* ---- the table itself ---- */

/* Is there a line of this kind about the table? */
static bool is_named(const run *self, test_step_kind kind, const weir_table *table) {
    for (size_t i = 0; i < self->step_count; i++)
        if (self->steps[i]->kind == kind && is_called(table, self->steps[i]->name))
            return true;
    return false;
}

/* May updates be written to it? What the real connector says; of one that is not there, its format, or what is known of its name. */
static bool takes_changes(const weir_table *table) {
    weir_text name = weir_table_option_text(table, "connector"), format = weir_table_option_text(table, "format");
    const weir_connector *connector = name.data == NULL ? NULL : weir_connector_find(name);
    if (connector != NULL && connector->takes_changes != NULL)
        return connector->takes_changes(table);
    if (format.data != NULL && (weir_text_equal_c(format, "debezium-json") || weir_text_equal_c(format, "canal-json") ||
                                weir_text_equal_c(format, "maxwell-json") || weir_text_equal_c(format, "ogg-json")))
        return true;
    return !(name.data != NULL &&
             (weir_text_equal_c(name, "kafka") || weir_text_equal_c(name, "pulsar") || weir_text_equal_c(name, "kinesis")));
}

/* Metadata become ordinary columns; of a sink, those that are only read go away. */
static weir_status change_columns(weir_arena *arena, weir_table *table, bool given, weir_error *error) {
    weir_table_column *columns = WEIR_ARENA_ARRAY(arena, weir_table_column, table->column_count + 1);
    uint32_t *moved = WEIR_ARENA_ARRAY(arena, uint32_t, table->column_count + 1),
             *key = WEIR_ARENA_ARRAY(arena, uint32_t, table->key_count + 1);
    uint32_t count = 0;
    if (columns == NULL || moved == NULL || key == NULL)
        return weir_fail_memory(error, "a table", table->column_count);
    for (uint32_t i = 0; i < table->column_count; i++) {
        moved[i] = count;
        columns[count] = table->columns[i];
        if (columns[count].kind == WEIR_COLUMN_METADATA) {
            if (columns[count].is_virtual && !given)
                continue;
            columns[count].kind = WEIR_COLUMN_PHYSICAL;
        }
        count++;
    }
    for (uint32_t i = 0; i < table->key_count; i++)
        key[i] = moved[table->key[i]];
    uint32_t *partitions = WEIR_ARENA_ARRAY(arena, uint32_t, table->partition_count + 1);
    if (partitions == NULL)
        return weir_fail_memory(error, "a table", table->partition_count);
    for (uint32_t i = 0; i < table->partition_count; i++)
        partitions[i] = moved[table->partitions[i]];
    table->columns = columns;
    table->column_count = count;
    table->key = key;
    table->partitions = partitions;
    return WEIR_OK;
}

static weir_status change_connector(weir_arena *arena, weir_table *table, weir_error *error) {
    weir_option *options = WEIR_ARENA_ARRAY(arena, weir_option, table->option_count + 1);
    uint32_t count = 0;
    if (options == NULL)
        return weir_fail_memory(error, "a table", table->option_count);
    options[count++] = (weir_option){.key = WEIR_TEXT("connector"), .value = WEIR_TEXT("weir-test")};
    for (uint32_t i = 0; i < table->option_count; i++)
        if (!weir_text_equal_c(table->options[i].key, "connector"))
            options[count++] = table->options[i];
    table->options = options;
    table->option_count = count;
    return WEIR_OK;
}

/* The physical columns, as the capture's own; the key by its places among them. */
static weir_status capture_columns(run *self, const weir_table *table, test_capture *capture, weir_error *error) {
    weir_field *fields = WEIR_ARENA_ARRAY(self->arena, weir_field, table->column_count + 1);
    uint32_t *key = WEIR_ARENA_ARRAY(self->arena, uint32_t, table->key_count + 1);
    uint32_t count = 0;
    capture->name = weir_arena_text(self->arena, table->name);
    for (uint32_t i = 0; fields != NULL && key != NULL && i < table->column_count; i++) {
        if (table->columns[i].kind != WEIR_COLUMN_PHYSICAL)
            continue;
        for (uint32_t k = 0; k < table->key_count; k++)
            if (table->key[k] == i)
                key[capture->key_count++] = count;
        fields[count].name = weir_arena_text(self->arena, table->columns[i].name);
        fields[count++].type = weir_type_copy(self->arena, table->columns[i].type);
    }
    capture->schema = (weir_schema){count, fields};
    capture->key = key;
    return self->arena->failed ? weir_fail_memory(error, "a test", table->column_count) : WEIR_OK;
}

static weir_status adapt(run *self, weir_arena *arena, weir_table *table, weir_error *error) {
    if (is_named(self, TEST_STEP_KEEP, table))
        return WEIR_OK;
    run_table *entry = WEIR_ARENA_NEW(self->arena, run_table);
    if (entry == NULL || !weir_list_add(self->arena, &self->tables, entry) || !weir_list_add(self->arena, &self->captures, &entry->capture))
        return weir_fail_memory(error, "a test", sizeof *entry);
    *entry = (run_table){.run = self,
                         .table = {.endless = self->endless, .takes_changes = takes_changes(table), .end_ms = self->end_ms, .take = take}};
    entry->table.context = entry;
    WEIR_TRY(change_columns(arena, table, is_named(self, TEST_STEP_GIVEN, table), error));
    WEIR_TRY(change_connector(arena, table, error));
    WEIR_TRY(capture_columns(self, table, &entry->capture, error));
    WEIR_TRY(run_evaluation(self, error));
    table->registered = &entry->table;
    return fill(self, entry, table, error);
}

weir_status run_adapt_table(void *context, weir_arena *arena, weir_table *table, weir_error *error) {
    run *self = context;
    weir_status status = adapt(self, arena, table, error);
    self->own_fault = status != WEIR_OK;
    return status;
}

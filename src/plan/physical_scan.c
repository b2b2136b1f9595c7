/* Tables as sources and sinks. */
#include <string.h>

#include "op/changelog.h"
#include "plan/physical_int.h"

static weir_status all_physical_fields(physical *self, const weir_table *table, weir_field **fields, uint32_t *count, uint32_t *index_of,
                                       weir_error *error) {
    *fields = WEIR_ARENA_ARRAY(self->arena, weir_field, table->column_count);
    if (*fields == NULL)
        return physical_no_memory(error);
    *count = 0;
    for (uint32_t c = 0; c < table->column_count; c++) {
        if (table->columns[c].kind != WEIR_COLUMN_PHYSICAL)
            continue;
        index_of[c] = *count;
        (*fields)[(*count)++] = (weir_field){.name = table->columns[c].name, .type = table->columns[c].type};
    }
    return WEIR_OK;
}

static bool is_connector_metadata(const weir_connector *connector, const weir_table *table, weir_text key) {
    if (connector->metadata == NULL)
        return false;
    uint32_t count = 0;
    const weir_field *known = connector->metadata(table, &count);
    for (uint32_t i = 0; i < count; i++)
        if (weir_text_equal(known[i].name, key))
            return true;
    return false;
}

/* Metadata columns of the format stand before those of the connector: the batch has them in that order. */
static weir_status metadata_fields(physical *self, const weir_node *node, weir_scan_spec *spec, uint32_t *order, weir_error *error) {
    uint32_t count = node->as.scan.metadata_count, next = 0;
    weir_field *fields = WEIR_ARENA_ARRAY(self->arena, weir_field, count);
    if (fields == NULL)
        return physical_no_memory(error);
    for (int of_connector = 0; of_connector < 2; of_connector++)
        for (uint32_t m = 0; m < count; m++) {
            const weir_table_column *column = &node->as.scan.table->columns[node->as.scan.metadata[m]];
            if (is_connector_metadata(node->as.scan.connector, node->as.scan.table, column->metadata_key) != (of_connector == 1))
                continue;
            order[m] = next;
            fields[next++] = (weir_field){.name = column->metadata_key, .type = node->fields[node->as.scan.physical_count + m].type};
            if (of_connector == 0)
                spec->read.metadata_count++;
            else
                spec->metadata_count++;
        }
    spec->read.metadata = fields;
    spec->metadata = fields + spec->read.metadata_count;
    return WEIR_OK;
}

static weir_status scan_spec(physical *self, const weir_node *node, uint32_t *metadata_order, weir_scan_spec **out, weir_error *error) {
    const weir_table *table = node->as.scan.table;
    weir_scan_spec *spec = WEIR_ARENA_NEW(self->arena, weir_scan_spec);
    weir_field *wanted = WEIR_ARENA_ARRAY(self->arena, weir_field, node->as.scan.physical_count);
    uint32_t *index = WEIR_ARENA_ARRAY(self->arena, uint32_t, node->as.scan.physical_count);
    uint32_t *index_of = WEIR_ARENA_ARRAY(self->arena, uint32_t, table->column_count);
    if (spec == NULL || wanted == NULL || index == NULL || index_of == NULL)
        return physical_no_memory(error);
    weir_field *total = NULL;
    uint32_t total_count = 0;
    WEIR_TRY(all_physical_fields(self, table, &total, &total_count, index_of, error));
    for (uint32_t i = 0; i < node->as.scan.physical_count; i++) {
        const weir_table_column *column = &table->columns[node->as.scan.physical[i]];
        wanted[i] = (weir_field){.name = column->name, .type = column->type};
        index[i] = index_of[node->as.scan.physical[i]];
    }
    spec->table = table;
    spec->read = (weir_read_spec){.count = node->as.scan.physical_count,
                                  .fields = wanted,
                                  .total_count = total_count,
                                  .total_fields = total,
                                  .total_index = index,
                                  .used_children = node->as.scan.used_children,
                                  .zone = self->settings->evaluation->zone,
                                  .has_primary_key = table->key_count > 0};
    WEIR_TRY(metadata_fields(self, node, spec, metadata_order, error));
    *out = spec;
    return WEIR_OK;
}

static weir_status batch_refuses_changes(physical *self, const weir_node *node, physical_changes changes, weir_error *error) {
    const weir_table *table = node->as.scan.table;
    if (!self->settings->batch_mode || !physical_retracts(changes))
        return WEIR_OK;
    return weir_fail_at(error, WEIR_UNSUPPORTED, node->position,
                        "Querying a table in batch mode is currently only possible for INSERT-only table sources. But the source for table "
                        "'%.*s.%.*s.%.*s' produces other changelog messages than just INSERT.",
                        WEIR_TEXT_ARGS(table->catalog), WEIR_TEXT_ARGS(table->database), WEIR_TEXT_ARGS(table->name));
}

weir_status physical_scan(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    const weir_connector *connector = node->as.scan.connector;
    bool changing = connector->changelog != NULL && connector->changelog(node->as.scan.table);
    physical_changes changes = {changing, changing};
    WEIR_TRY(batch_refuses_changes(self, node, changes, error));
    uint32_t metadata = node->as.scan.metadata_count, physical_count = node->as.scan.physical_count;
    uint32_t *order = WEIR_ARENA_ARRAY(self->arena, uint32_t, metadata);
    const weir_type **types = WEIR_ARENA_ARRAY(self->arena, const weir_type *, node->field_count);
    if (order == NULL || types == NULL)
        return physical_no_memory(error);
    weir_scan_spec *spec = NULL;
    WEIR_TRY(scan_spec(self, node, order, &spec, error));
    for (uint32_t i = 0; i < physical_count; i++)
        types[i] = node->fields[i].type;
    bool in_order = true;
    for (uint32_t m = 0; m < metadata; m++) {
        types[physical_count + order[m]] = node->fields[physical_count + m].type;
        in_order &= order[m] == m;
    }
    weir_vertex *vertex;
    weir_text name = weir_arena_format(self->arena, "Source: %.*s", WEIR_TEXT_ARGS(node->as.scan.table->name));
    WEIR_TRY(physical_vertex(self, WEIR_VERTEX_SOURCE, name.data, NULL, 0, types, node->field_count, changes, &vertex, out, error));
    vertex->as.source.connector = connector;
    vertex->as.source.spec = spec;
    if (in_order)
        return WEIR_OK;
    const weir_expr **columns = WEIR_ARENA_ARRAY(self->arena, const weir_expr *, node->field_count);
    if (columns == NULL)
        return physical_no_memory(error);
    for (uint32_t i = 0; i < node->field_count; i++) {
        uint32_t from = i < physical_count ? i : physical_count + order[i - physical_count];
        if ((columns[i] = weir_expr_column(self->arena, from, types[from], node->position)) == NULL)
            return physical_no_memory(error);
    }
    return physical_calc(self, *out, NULL, columns, node->field_count, out, error);
}

/* ---- sinks ---- */

static weir_status sink_takes(physical *self, const weir_node *node, uint32_t input, weir_error *error) {
    const weir_connector *connector = node->as.sink.connector;
    const weir_table *table = node->as.sink.table;
    if (connector->takes_changes == NULL || connector->takes_changes(table))
        return WEIR_OK;
    weir_text consumer = weir_arena_format(self->arena, "Table sink '%.*s.%.*s.%.*s'", WEIR_TEXT_ARGS(table->catalog),
                                           WEIR_TEXT_ARGS(table->database), WEIR_TEXT_ARGS(table->name));
    return consumer.data == NULL ? physical_no_memory(error) : physical_insert_only(self, input, consumer.data, node->position, error);
}

weir_status physical_sink(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    weir_vertex *vertex;
    if (node->kind == WEIR_NODE_NOT_NULL)
        return physical_operator(self, &weir_not_null_operator, &node->as.not_null, &input, 1, physical_types(self, input),
                                 node->field_count, physical_changes_of(self, input), &vertex, out, error);
    WEIR_TRY(sink_takes(self, node, input, error));
    weir_text name = weir_arena_format(self->arena, "Sink: %.*s", WEIR_TEXT_ARGS(node->as.sink.table->name));
    WEIR_TRY(physical_vertex(self, WEIR_VERTEX_SINK, name.data, &input, 1, physical_types(self, input), node->field_count,
                             physical_changes_of(self, input), &vertex, out, error));
    vertex->as.sink.connector = node->as.sink.connector;
    vertex->as.sink.spec = &node->as.sink.spec;
    physical_keyed(vertex, 0, NULL, 0);
    return WEIR_OK;
}

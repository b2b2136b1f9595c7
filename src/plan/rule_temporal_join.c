/* JOIN t FOR SYSTEM_TIME AS OF left.rowtime: each left row meets the version of the right row with its key that was valid then. The right
 * side must say what a version is: a primary key, all of it among the equalities of the condition, and a watermark.
 */
#include <string.h>

#include "plan/rules.h"

static weir_status refuse(const weir_node *node, const char *message, weir_error *error) {
    return weir_fail_at(error, WEIR_UNSUPPORTED, node->position, "%s", message);
}

static weir_status left_time(const weir_node *node, const weir_node *snapshot, uint32_t *out, weir_error *error) {
    const weir_expr *time = snapshot->as.snapshot.time;
    const char *wanted = "Temporal table join currently only supports 'FOR SYSTEM_TIME AS OF' left table's time attribute field";
    if (time->kind != WEIR_EXPR_COLUMN || time->as.column >= node->inputs[0]->field_count)
        return refuse(node, wanted, error);
    *out = time->as.column;
    switch (node->inputs[0]->fields[*out].time) {
    case WEIR_TIME_ROWTIME: return WEIR_OK;
    case WEIR_TIME_PROCTIME: return refuse(node, "Processing-time temporal join is not supported yet.", error);
    case WEIR_TIME_NONE: break;
    }
    return refuse(node, wanted, error);
}

static weir_status right_time(const weir_node *node, const weir_node *versions, uint32_t *out, weir_error *error) {
    for (*out = 0; *out < versions->field_count; ++*out)
        if (versions->fields[*out].time == WEIR_TIME_ROWTIME)
            return WEIR_OK;
    return refuse(node,
                  "Event-Time Temporal Table Join requires both primary key and row time attribute in versioned table, but no row time "
                  "attribute can be found.",
                  error);
}

static bool among_keys(const weir_node *node, uint32_t column) {
    for (uint32_t i = 0; i < node->as.join.equal_count; i++)
        if (node->as.join.right_keys[i] == column)
            return true;
    return false;
}

static weir_status check_key(const weir_node *node, const weir_node *versions, weir_error *error) {
    uint32_t key[PLAN_KEY_MAX], count = 0;
    if (!plan_unique_key(versions, key, &count))
        return refuse(node, "Temporal Table Join requires primary key in versioned table, but no primary key can be found.", error);
    for (uint32_t i = 0; i < count; i++)
        if (!among_keys(node, key[i])) {
            weir_text name = versions->fields[key[i]].name;
            return weir_fail_at(
                error, WEIR_UNSUPPORTED, node->position,
                "Temporal table's primary key must be included in the equivalence condition of temporal join, but its column "
                "'%.*s' is not.",
                WEIR_TEXT_ARGS(name));
        }
    return WEIR_OK;
}

/* A version is what its +U says; the -U before it, which carries the old time, would take the old version away. */
static weir_status versions_only(rewrite *self, const weir_node **versions, weir_error *error) {
    const weir_node *from = *versions;
    if (plan_insert_only(from))
        return WEIR_OK;
    weir_node *made = weir_node_create(self->arena, WEIR_NODE_DROP_UPDATE_BEFORE, from->position, versions, 1, from->field_count);
    if (made == NULL)
        return rewrite_no_memory(error);
    memcpy(weir_node_fields(made), from->fields, from->field_count * sizeof *from->fields);
    *versions = made;
    return WEIR_OK;
}

weir_status rule_temporal_join(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    const weir_node *snapshot = node->inputs[1];
    if (snapshot->kind != WEIR_NODE_SNAPSHOT)
        return WEIR_OK;
    if (self->settings->batch_mode)
        return refuse(node, "FOR SYSTEM_TIME AS OF is not supported in batch mode", error);
    if (node->as.join.type != WEIR_JOIN_INNER && node->as.join.type != WEIR_JOIN_LEFT)
        return refuse(node, "FOR SYSTEM_TIME AS OF is supported in INNER and LEFT joins only", error);
    const weir_node *versions = snapshot->inputs[0];
    uint32_t left = 0, right = 0;
    WEIR_TRY(left_time(node, snapshot, &left, error));
    WEIR_TRY(right_time(node, versions, &right, error));
    WEIR_TRY(check_key(node, versions, error));
    WEIR_TRY(versions_only(self, &versions, error));
    const weir_node *inputs[2] = {node->inputs[0], versions};
    weir_node *join = rewrite_copy(self->arena, node);
    if (join == NULL)
        return rewrite_no_memory(error);
    join->kind = WEIR_NODE_TEMPORAL_JOIN;
    join->as.join.condition = join->as.join.residual;
    join->as.join.left_time = left;
    join->as.join.right_time = right;
    return rewrite_inputs(self->arena, join, inputs, out, error);
}

/* x = 1 OR x = 2 OR ... (what IN over a list is) as one look into a hash table of the values.
 *
 * Where: numbers, dates and times that fit into an int64, and texts; eight values and more. DOUBLE, DECIMAL and the rest stay an OR: their
 * equality is not that of their bytes.
 */
#include "base/hash.h"
#include "expr/program_int.h"

enum { MEMBERS_MIN = 8 };

/* Open addressing over the distinct values. */
struct program_set {
    uint32_t mask;   /* slots - 1 */
    uint32_t count;  /* of values */
    uint32_t *slots; /* number of a value + 1; 0: free */
    bool is_text;
    int64_t *numbers; /* by is_text one of the two */
    weir_view *texts;
};

static bool is_number(const weir_type *type) {
    if (weir_kind_is_approx(type->kind) || type->kind == WEIR_KIND_DECIMAL)
        return false;
    weir_layout layout = weir_type_layout(type);
    return layout == WEIR_LAYOUT_I8 || layout == WEIR_LAYOUT_I16 || layout == WEIR_LAYOUT_I32 || layout == WEIR_LAYOUT_I64;
}

static bool comparable(const weir_type *column, const weir_type *literal) {
    if (weir_kind_is_text(column->kind))
        return weir_kind_is_text(literal->kind);
    if (!is_number(column) || !is_number(literal))
        return false;
    return column->kind == literal->kind || (weir_kind_is_integer(column->kind) && weir_kind_is_integer(literal->kind));
}

/* The x of "x = literal"; NULL: something else. */
static const weir_expr *compared(const weir_expr *expr) {
    if (!weir_expr_is_call(expr, "="))
        return NULL;
    const weir_expr *value = expr->as.call.arguments[0], *literal = expr->as.call.arguments[1];
    return literal->kind == WEIR_EXPR_LITERAL && !literal->as.literal.is_null && comparable(value->type, literal->type) ? value : NULL;
}

/* The most frequent x cannot be had in one walk; the first one is, in all that people and tools write. */
const weir_expr *weir_program_member_of(const weir_expr *disjunction) {
    const weir_expr *first = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < disjunction->as.call.count && disjunction->as.call.count >= MEMBERS_MIN; i++) {
        const weir_expr *value = compared(disjunction->as.call.arguments[i]);
        if (value == NULL)
            continue;
        if (first == NULL && weir_expr_is_deterministic(value))
            first = value;
        count += first != NULL && weir_expr_equal(first, value);
    }
    return count >= MEMBERS_MIN ? first : NULL;
}

bool weir_program_is_member(const weir_expr *value, const weir_expr *part) {
    const weir_expr *other = compared(part);
    return other != NULL && weir_expr_equal(value, other);
}

static inline uint32_t number_find(const program_set *set, int64_t number) {
    uint32_t at = (uint32_t)weir_hash_u64((uint64_t)number) & set->mask;
    while (set->slots[at] != 0 && set->numbers[set->slots[at] - 1] != number)
        at = (at + 1) & set->mask;
    return at;
}

static inline uint32_t text_find(const program_set *set, const weir_view *view) {
    weir_text text = weir_view_text(view);
    uint32_t at = (uint32_t)weir_hash_bytes(text.data, text.size) & set->mask;
    while (set->slots[at] != 0 && !weir_view_equal(&set->texts[set->slots[at] - 1], view))
        at = (at + 1) & set->mask;
    return at;
}

static void set_add(program_set *set, const weir_value *value) {
    uint32_t at;
    if (set->is_text) {
        set->texts[set->count] = weir_view_over(value->as.text.data, (uint32_t)value->as.text.size);
        at = text_find(set, &set->texts[set->count]);
    } else {
        set->numbers[set->count] = value->as.integer;
        at = number_find(set, value->as.integer);
    }
    if (set->slots[at] == 0)
        set->slots[at] = ++set->count;
}

weir_status weir_program_set_create(weir_arena *arena, const weir_expr *disjunction, const weir_expr *value, program_set **out,
                                    weir_error *error) {
    uint32_t parts = disjunction->as.call.count, slots = 16;
    while (slots < parts * 2)
        slots *= 2;
    program_set *set = WEIR_ARENA_NEW(arena, program_set);
    if (set == NULL)
        return weir_fail_memory(error, "an IN list", sizeof *set);
    set->mask = slots - 1;
    set->is_text = weir_kind_is_text(value->type->kind);
    set->slots = WEIR_ARENA_ARRAY(arena, uint32_t, slots);
    set->numbers = set->is_text ? NULL : WEIR_ARENA_ARRAY(arena, int64_t, parts);
    set->texts = set->is_text ? WEIR_ARENA_ARRAY(arena, weir_view, parts) : NULL;
    if (set->slots == NULL || (set->numbers == NULL && set->texts == NULL))
        return weir_fail_memory(error, "an IN list", parts * sizeof *set->texts);
    for (uint32_t i = 0; i < parts; i++)
        if (weir_program_is_member(value, disjunction->as.call.arguments[i]))
            set_add(set, &disjunction->as.call.arguments[i]->as.call.arguments[1]->as.literal);
    *out = set;
    return WEIR_OK;
}

#define LOOK_UP(c_type)                                                                                    \
    do {                                                                                                   \
        const c_type *from = WEIR_VALUES(value, c_type);                                                   \
        WEIR_FOR_ROWS(rows, row, { truth[row] = set->slots[number_find(set, (int64_t)from[row])] != 0; }); \
    } while (0)

static void look_up(const program_set *set, const weir_column *value, const weir_rows *rows, uint8_t *truth) {
    switch (value->layout) {
    case WEIR_LAYOUT_I8: LOOK_UP(int8_t); break;
    case WEIR_LAYOUT_I16: LOOK_UP(int16_t); break;
    case WEIR_LAYOUT_I32: LOOK_UP(int32_t); break;
    case WEIR_LAYOUT_I64: LOOK_UP(int64_t); break;
    default:
        WEIR_FOR_ROWS(rows, row, {
            truth[row] = weir_column_is_valid(value, row) && set->slots[text_find(set, &WEIR_VALUES(value, weir_view)[row])] != 0;
        });
    }
}

weir_status weir_program_set_run(weir_program *program, const program_node *node, const weir_rows *rows, weir_column **out,
                                 weir_error *error) {
    weir_column *value;
    WEIR_TRY(weir_program_node(program, node->arguments[0], rows, &value, error));
    weir_column *result = weir_column_create(program->memory, node->expr->type, program->physical_rows);
    if (result == NULL) {
        weir_column_unref(value);
        return weir_fail_memory(error, "an IN list", program->physical_rows);
    }
    look_up(node->set, value, rows, result->values);
    if (value->valid != NULL) {
        uint8_t *valid = weir_column_open_valid(result);
        WEIR_FOR_ROWS(rows, row, { valid[row] = value->valid[row]; });
    }
    weir_column_unref(value);
    *out = result;
    return WEIR_OK;
}

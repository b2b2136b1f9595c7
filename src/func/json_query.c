/* JSON_EXISTS, JSON_VALUE, JSON_QUERY: a document, a path, and what to do when nothing or the wrong thing is found.
 *
 * In strict mode (the default) a path that does not fit, a NULL, and text that is no JSON are errors: ON ERROR decides. In lax mode they
 * are empty: ON EMPTY decides. */
#include <string.h>

#include "func/json_int.h"
#include "types/convert.h"

typedef enum behavior { GIVE_NULL, GIVE_DEFAULT, GIVE_EMPTY_ARRAY, GIVE_EMPTY_OBJECT, GIVE_TRUE, GIVE_FALSE, RAISE } behavior;
typedef enum wrapper { WITHOUT_WRAPPER, CONDITIONAL_WRAPPER, ALWAYS_WRAPPER } wrapper;

typedef struct query_state {
    weir_json_document document;
    weir_json_matches matches;
    weir_builder text;
    weir_arena paths; /* of a path that is not constant: one at a time */
    weir_text path_text;
    const weir_json_path *path;
    char path_problem[WEIR_JSON_PROBLEM_BYTES];
    behavior on_empty, on_error;
    wrapper wrapper;
    /* of the row at work */
    weir_call *call;
    uint32_t row;
    const char *problem;
} query_state;

weir_text weir_json_word(const weir_argument *argument, const char *otherwise) {
    const weir_value *literal = argument->literal;
    return literal == NULL || literal->is_null || literal->type->kind != WEIR_KIND_SYMBOL ? weir_text_of(otherwise) : literal->as.text;
}

weir_text weir_json_call_word(const weir_call *call, uint32_t index, const char *otherwise) {
    const weir_value *literal = weir_call_literal(call, index);
    return literal == NULL || literal->is_null || literal->type->kind != WEIR_KIND_SYMBOL ? weir_text_of(otherwise) : literal->as.text;
}

static const struct {
    const char *word;
    behavior behavior;
} behaviors[] = {{"NULL", GIVE_NULL},
                 {"UNKNOWN", GIVE_NULL},
                 {"DEFAULT", GIVE_DEFAULT},
                 {"EMPTY ARRAY", GIVE_EMPTY_ARRAY},
                 {"EMPTY OBJECT", GIVE_EMPTY_OBJECT},
                 {"TRUE", GIVE_TRUE},
                 {"FALSE", GIVE_FALSE},
                 {"ERROR", RAISE}};

static bool find_behavior(weir_text word, behavior *out) {
    for (size_t i = 0; i < sizeof(behaviors) / sizeof(behaviors[0]); i++) {
        if (weir_text_equal_nocase_c(word, behaviors[i].word)) {
            *out = behaviors[i].behavior;
            return true;
        }
    }
    return false;
}

static behavior behavior_of(const weir_call *call, uint32_t index, const char *otherwise) {
    behavior found = GIVE_NULL;
    (void)find_behavior(weir_json_call_word(call, index, otherwise), &found);
    return found;
}

static weir_status check_behavior(const weir_signature *signature, uint32_t index, const char *allowed, weir_error *error) {
    if (index >= signature->count)
        return WEIR_OK;
    behavior found;
    weir_text word = weir_json_word(&signature->arguments[index], "?");
    if (find_behavior(word, &found) && strchr(allowed, "NDAOTFE"[found]) != NULL)
        return WEIR_OK;
    return weir_fail(error, WEIR_VALIDATE, "%s does not know the clause '%.*s'", signature->function->name, WEIR_TEXT_ARGS(word));
}

static weir_status check_input(weir_signature *signature, uint32_t most, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, most, error));
    for (uint32_t i = 0; i < 2; i++) {
        weir_kind kind = signature->arguments[i].type->kind;
        if (kind == WEIR_KIND_NULL)
            return weir_signature_no_null(signature, error);
        if (!weir_kind_is_text(kind))
            return weir_signature_refuse(signature, error);
    }
    return WEIR_OK;
}

/* ---- state ---- */

static void state_release(void *data) {
    query_state *state = data;
    weir_json_document_deinit(&state->document);
    weir_json_matches_deinit(&state->matches);
    weir_builder_deinit(&state->text);
    weir_arena_deinit(&state->paths);
}

static weir_status make_state(weir_call *call, query_state **out, weir_error *error) {
    query_state *state = WEIR_CALL_STATE(call, query_state);
    if (state == NULL || !weir_arena_on_reset(call->arena, state_release, state))
        return weir_fail_memory(error, call->function->name, sizeof(query_state));
    weir_json_document_init(&state->document, call->memory);
    weir_json_matches_init(&state->matches, call->memory);
    weir_builder_init(&state->text, call->memory, WEIR_LENGTH_MAX);
    weir_arena_init(&state->paths, call->memory);
    call->state = state;
    *out = state;
    return WEIR_OK;
}

/* The compiled path of this row; NULL: it does not compile. */
static const weir_json_path *path_of(query_state *state, weir_text text) {
    if (state->path_text.data != NULL && weir_text_equal(state->path_text, text))
        return state->path;
    weir_arena_reset(&state->paths);
    state->path_text = weir_arena_text(&state->paths, text);
    state->path = weir_json_path_compile(&state->paths, text, state->path_problem);
    return state->path;
}

typedef enum outcome { FOUND, EMPTY, ERROR_FOUND } outcome;

/* Parse, compile, walk. FOUND may still be a NULL value or nothing at all. */
static outcome search(query_state *state, weir_text input, weir_text path_text) {
    const weir_json_path *path = path_of(state, path_text);
    if (path == NULL) {
        state->problem = state->path_problem;
        return ERROR_FOUND;
    }
    weir_json_result parsed = weir_json_parse(&state->document, input);
    if (parsed != WEIR_JSON_OK) {
        state->matches.count = 0;
        state->problem = parsed == WEIR_JSON_BAD ? state->document.problem : "no memory for the JSON document";
        return weir_json_path_is_lax(path) ? EMPTY : ERROR_FOUND;
    }
    if (weir_json_path_find(path, &state->document, &state->matches))
        return FOUND;
    state->problem = state->matches.no_memory ? "no memory for the JSON document" : state->matches.problem;
    return ERROR_FOUND;
}

static bool out_of_memory(const query_state *state) { return state->matches.no_memory || state->paths.failed || state->text.failed; }

/* The found thing of a definite path, NULL when it is nothing or JSON null. */
static const weir_json_found *single(const query_state *state) {
    if (state->matches.count == 0)
        return NULL;
    const weir_json_found *found = &state->matches.items[0];
    return found->kind == WEIR_JSON_FOUND_NODE && state->document.nodes[found->node].kind == WEIR_JSON_NULL ? NULL : found;
}

/* Scalar, as JSON_VALUE wants it? Lists of an indefinite path are not. */
static bool is_scalar(const query_state *state, const weir_json_found *found) {
    switch (found->kind) {
    case WEIR_JSON_FOUND_NODE: return state->document.nodes[found->node].kind < WEIR_JSON_ARRAY;
    case WEIR_JSON_FOUND_REAL:
    case WEIR_JSON_FOUND_WHOLE: return true;
    default: return false;
    }
}

static void write_found(const query_state *state, const weir_json_found *found, weir_builder *out) {
    const weir_json_document *document = &state->document;
    char digits[WEIR_PRINT_BYTES_MAX];
    switch (found->kind) {
    case WEIR_JSON_FOUND_NODE: weir_json_print(document, found->node, out); return;
    case WEIR_JSON_FOUND_WHOLE: weir_builder_add(out, digits, weir_print_i64(found->whole, digits)); return;
    case WEIR_JSON_FOUND_REAL: weir_builder_add(out, digits, weir_print_double(found->real, digits)); return;
    case WEIR_JSON_FOUND_KEYS:
        weir_builder_char(out, '[');
        for (uint32_t key = weir_json_first(document, found->node), i = 0; key != 0;
             key = weir_json_next(document, found->node, key), i++) {
            if (i > 0)
                weir_builder_char(out, ',');
            weir_json_write_string(weir_json_node_text(document, key), out);
        }
        weir_builder_char(out, ']');
        return;
    case WEIR_JSON_FOUND_MEMBERS: break;
    }
    /* A handful of members: written in order by picking the least name each time. */
    const uint32_t *keys = state->matches.members + found->node;
    weir_text last = {0};
    weir_builder_char(out, '{');
    for (uint32_t i = 0; i < found->count; i++) {
        uint32_t best = 0;
        for (uint32_t k = 0; k < found->count; k++) {
            weir_text name = weir_json_node_text(document, keys[k]);
            bool later = i == 0 || weir_text_compare(name, last) > 0;
            if (later && (best == 0 || weir_text_compare(name, weir_json_node_text(document, best)) < 0))
                best = keys[k];
        }
        if (best == 0)
            break; /* the same name twice */
        if (i > 0)
            weir_builder_char(out, ',');
        last = weir_json_node_text(document, best);
        weir_json_write_string(last, out);
        weir_builder_char(out, ':');
        weir_json_print(document, weir_json_value_of(document, best), out);
    }
    weir_builder_char(out, '}');
}

static void raise(weir_call *call, uint32_t row, const char *problem) {
    weir_call_fail(call, row, "%s: %s", call->function->name, problem);
}

/* ---- JSON_EXISTS ---- */

weir_status weir_json_exists_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(check_input(signature, 3, error));
    WEIR_TRY(check_behavior(signature, 2, "NTFE", error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BOOLEAN, true), error);
}

static void run_exists(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    query_state *state = call->state;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_column_is_valid(arguments[0], i) || !weir_column_is_valid(arguments[1], i)) {
            weir_column_set_null(out, i);
            continue;
        }
        outcome found = search(state, weir_column_text(arguments[0], i), weir_column_text(arguments[1], i));
        bool missing = found == FOUND && weir_json_path_is_definite(state->path) && single(state) == NULL;
        if (missing && !weir_json_path_is_lax(state->path)) { /* a JSON null is an error like a value that is not there */
            state->problem = "Strict jsonpath mode requires a non empty returned value, but is null";
            found = ERROR_FOUND;
        }
        if (found != ERROR_FOUND)
            r[i] = found == FOUND && !missing;
        else if (state->on_error == RAISE)
            raise(call, i, state->problem);
        else if (state->on_error == GIVE_NULL)
            weir_column_set_null(out, i);
        else
            r[i] = state->on_error == GIVE_TRUE;
        if (out_of_memory(state)) {
            out->failed = true;
            return;
        }
    });
}

weir_status weir_json_exists_bind(weir_call *call, weir_error *error) {
    query_state *state;
    WEIR_TRY(make_state(call, &state, error));
    state->on_error = behavior_of(call, 2, "FALSE");
    call->kernel = run_exists;
    return WEIR_OK;
}

/* ---- JSON_VALUE(input, path, RETURNING, on empty, default, on error, default) ---- */

enum { VALUE_RETURNING = 2, VALUE_ON_EMPTY = 3, VALUE_EMPTY_DEFAULT = 4, VALUE_ON_ERROR = 5, VALUE_ERROR_DEFAULT = 6, VALUE_ARGUMENTS = 7 };

static weir_status refuse_returning(const weir_signature *signature, const weir_type *type, weir_error *error) {
    weir_builder shown;
    weir_builder_init(&shown, signature->arena->memory, 300);
    weir_type_print(type, &shown);
    weir_text text = weir_builder_view(&shown);
    weir_fail(error, WEIR_UNSUPPORTED, "Unsupported type '%.*s' for RETURNING in %s().", WEIR_TEXT_ARGS(text), signature->function->name);
    weir_builder_deinit(&shown);
    return WEIR_UNSUPPORTED;
}

static const weir_type *returning_of(const weir_signature *signature) {
    const weir_type *type = signature->count > VALUE_RETURNING ? signature->arguments[VALUE_RETURNING].type : NULL;
    return type == NULL || type->kind == WEIR_KIND_NULL ? weir_type_string(true) : type;
}

weir_status weir_json_value_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(check_input(signature, VALUE_ARGUMENTS, error));
    const weir_type *result = weir_type_with_nullable(signature->arena, returning_of(signature), true);
    if (result == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    if (!weir_kind_is_text(result->kind) && result->kind != WEIR_KIND_BOOLEAN && result->kind != WEIR_KIND_INT &&
        result->kind != WEIR_KIND_DOUBLE)
        return refuse_returning(signature, result, error);
    WEIR_TRY(check_behavior(signature, VALUE_ON_EMPTY, "NDE", error));
    WEIR_TRY(check_behavior(signature, VALUE_ON_ERROR, "NDE", error));
    for (uint32_t i = VALUE_EMPTY_DEFAULT; i < signature->count; i += 2) {
        if (!weir_type_can_cast(signature->arguments[i].type, result))
            return weir_signature_refuse(signature, error);
        WEIR_TRY(weir_signature_want(signature, i, result, error));
    }
    return weir_signature_result(signature, result, error);
}

static const char *java_class(const query_state *state, const weir_json_found *found) {
    if (found->kind == WEIR_JSON_FOUND_REAL)
        return "java.lang.Double";
    if (found->kind == WEIR_JSON_FOUND_WHOLE)
        return "java.lang.Integer";
    const weir_json_node *node = &state->document.nodes[found->node];
    if (node->kind == WEIR_JSON_STRING)
        return "java.lang.String";
    if (node->kind != WEIR_JSON_NUMBER)
        return "java.lang.Boolean";
    weir_text text = weir_json_node_text(&state->document, found->node);
    int64_t whole;
    if (!weir_parse_i64(text, &whole))
        return memchr(text.data, '.', text.size) != NULL || memchr(text.data, 'e', text.size) != NULL ||
                       memchr(text.data, 'E', text.size) != NULL
                   ? "java.math.BigDecimal"
                   : "java.math.BigInteger";
    return whole >= INT32_MIN && whole <= INT32_MAX ? "java.lang.Integer" : "java.lang.Long";
}

/* Nothing is converted: the JSON value must be of the kind that RETURNING names, as in Flink. */
static bool put_typed(query_state *state, const weir_json_found *found, weir_column *out, uint32_t row) {
    const char *class = java_class(state, found);
    weir_text text = found->kind == WEIR_JSON_FOUND_NODE ? weir_json_node_text(&state->document, found->node) : (weir_text){0};
    int64_t whole = found->whole;
    switch (out->type->kind) {
    case WEIR_KIND_BOOLEAN:
        if (strcmp(class, "java.lang.Boolean") != 0)
            return false;
        WEIR_VALUES(out, uint8_t)[row] = state->document.nodes[found->node].kind == WEIR_JSON_TRUE;
        return true;
    case WEIR_KIND_INT:
        if (strcmp(class, "java.lang.Integer") != 0 || (text.data != NULL && !weir_parse_i64(text, &whole)))
            return false;
        WEIR_VALUES(out, int32_t)[row] = (int32_t)whole;
        return true;
    default: return strcmp(class, "java.math.BigDecimal") == 0 && weir_parse_double(text, &WEIR_VALUES(out, double)[row]);
    }
}

static void put_value(query_state *state, const weir_json_found *found, weir_column *out, uint32_t row) {
    if (!weir_kind_is_text(out->type->kind)) {
        const char *wanted = out->type->kind == WEIR_KIND_INT       ? "java.lang.Integer"
                             : out->type->kind == WEIR_KIND_BOOLEAN ? "java.lang.Boolean"
                                                                    : "java.math.BigDecimal";
        if (!put_typed(state, found, out, row))
            weir_call_fail(state->call, row, "class %s cannot be cast to class %s: RETURNING in JSON_VALUE does not convert",
                           java_class(state, found), wanted);
        return;
    }
    if (found->kind == WEIR_JSON_FOUND_NODE && state->document.nodes[found->node].kind == WEIR_JSON_STRING) {
        weir_column_put_text(out, row, weir_json_node_text(&state->document, found->node));
        return;
    }
    weir_builder_clear(&state->text);
    write_found(state, found, &state->text);
    weir_column_put_text(out, row, weir_builder_view(&state->text));
}

static void run_value(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    query_state *state = call->state;
    state->call = call;
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_column_is_valid(arguments[0], i) || !weir_column_is_valid(arguments[1], i)) {
            weir_column_set_null(out, i);
            continue;
        }
        outcome found = search(state, weir_column_text(arguments[0], i), weir_column_text(arguments[1], i));
        const weir_json_found *value = found == FOUND && weir_json_path_is_definite(state->path) ? single(state) : NULL;
        bool scalar = value != NULL && is_scalar(state, value);
        if (found == FOUND && !scalar) {
            bool lax = weir_json_path_is_lax(state->path);
            found = lax ? EMPTY : ERROR_FOUND;
            state->problem = "Strict jsonpath mode requires scalar value, and the actual value is another";
        }
        behavior then = found == EMPTY ? state->on_empty : state->on_error;
        if (found == FOUND)
            put_value(state, value, out, i);
        else if (then == RAISE)
            raise(call, i, found == EMPTY ? "Empty result of JSON_VALUE function is not allowed" : state->problem);
        else if (then == GIVE_DEFAULT)
            weir_column_copy_row(out, i, arguments[found == EMPTY ? VALUE_EMPTY_DEFAULT : VALUE_ERROR_DEFAULT], i);
        else
            weir_column_set_null(out, i);
        if (out_of_memory(state)) {
            out->failed = true;
            return;
        }
    });
}

weir_status weir_json_value_bind(weir_call *call, weir_error *error) {
    query_state *state;
    WEIR_TRY(make_state(call, &state, error));
    state->on_empty = behavior_of(call, VALUE_ON_EMPTY, "NULL");
    state->on_error = behavior_of(call, VALUE_ON_ERROR, "NULL");
    call->kernel = run_value;
    return WEIR_OK;
}

/* ---- JSON_QUERY(input, path, RETURNING, wrapper, on empty, on error) ---- */

enum { QUERY_WRAPPER = 3, QUERY_ON_EMPTY = 4, QUERY_ON_ERROR = 5, QUERY_ARGUMENTS = 6 };

static bool find_wrapper(weir_text word, wrapper *out) {
    static const char *const words[] = {"WITHOUT", "CONDITIONAL", "UNCONDITIONAL"};
    for (int i = 0; i < 3; i++) {
        if (weir_text_equal_nocase_c(word, words[i])) {
            *out = (wrapper)i;
            return true;
        }
    }
    return false;
}

weir_status weir_json_query_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(check_input(signature, QUERY_ARGUMENTS, error));
    const weir_type *result = weir_type_with_nullable(signature->arena, returning_of(signature), true);
    if (result == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    bool array = result->kind == WEIR_KIND_ARRAY;
    if (array && !weir_kind_is_text(result->children[0]->kind))
        return weir_fail(error, WEIR_VALIDATE,
                         "Unsupported array element type for RETURNING ARRAY in JSON_QUERY(): only ARRAY<STRING> is supported");
    if (!array && !weir_kind_is_text(result->kind))
        return refuse_returning(signature, result, error);
    wrapper ignored;
    if (signature->count > QUERY_WRAPPER && !find_wrapper(weir_json_word(&signature->arguments[QUERY_WRAPPER], "?"), &ignored))
        return weir_signature_refuse(signature, error);
    for (uint32_t i = QUERY_ON_EMPTY; i < signature->count; i++) {
        WEIR_TRY(check_behavior(signature, i, "NAOE", error));
        if (array && weir_text_equal_nocase_c(weir_json_word(&signature->arguments[i], ""), "EMPTY OBJECT"))
            return weir_fail(error, WEIR_VALIDATE, "Illegal on %s behavior 'EMPTY OBJECT' for return type: VARCHAR(2147483647) ARRAY",
                             i == QUERY_ON_EMPTY ? "empty" : "error");
    }
    return weir_signature_result(signature, result, error);
}

/* The found list, or the one found thing in a list of its own, as ARRAY<STRING>: texts as they are, other things as JSON. False: it is no
 * list. */
static void put_item(query_state *state, const weir_json_found *found, weir_column *child, uint32_t at) {
    const weir_json_node *node = found->kind == WEIR_JSON_FOUND_NODE ? &state->document.nodes[found->node] : NULL;
    if (node != NULL && node->kind == WEIR_JSON_NULL) {
        weir_column_set_null(child, at);
        return;
    }
    if (node != NULL && node->kind == WEIR_JSON_STRING) {
        weir_column_put_text(child, at, weir_json_node_text(&state->document, found->node));
        return;
    }
    weir_builder_clear(&state->text);
    write_found(state, found, &state->text);
    weir_column_put_text(child, at, weir_builder_view(&state->text));
}

static bool put_array(query_state *state, bool list, bool wrapped, weir_column *out, uint32_t row) {
    const weir_json_found *first = &state->matches.items[0];
    if (list && !wrapped) {
        uint32_t at = weir_column_span_add(out, row, (uint32_t)state->matches.count);
        for (size_t i = 0; i < state->matches.count && at != UINT32_MAX; i++)
            put_item(state, &state->matches.items[i], out->children[0], at + (uint32_t)i);
    } else if (wrapped) {
        uint32_t at = weir_column_span_add(out, row, 1);
        weir_builder_clear(&state->text);
        if (at != UINT32_MAX && !list) {
            put_item(state, first, out->children[0], at);
        } else if (at != UINT32_MAX) {
            weir_builder_char(&state->text, '[');
            for (size_t i = 0; i < state->matches.count; i++) {
                if (i > 0)
                    weir_builder_char(&state->text, ',');
                write_found(state, &state->matches.items[i], &state->text);
            }
            weir_builder_char(&state->text, ']');
            weir_column_put_text(out->children[0], at, weir_builder_view(&state->text));
        }
    } else if (first->kind == WEIR_JSON_FOUND_NODE && state->document.nodes[first->node].kind == WEIR_JSON_ARRAY) {
        const weir_json_document *document = &state->document;
        uint32_t array = first->node, at = weir_column_span_add(out, row, document->nodes[array].count);
        for (uint32_t child = weir_json_first(document, array); child != 0 && at != UINT32_MAX;
             child = weir_json_next(document, array, child))
            put_item(state, &(weir_json_found){.kind = WEIR_JSON_FOUND_NODE, .node = child}, out->children[0], at++);
    } else {
        return false;
    }
    out->failed |= out->children[0]->failed;
    return true;
}

static void put_query_text(query_state *state, bool list, bool wrapped, weir_column *out, uint32_t row) {
    weir_builder_clear(&state->text);
    if (wrapped)
        weir_builder_char(&state->text, '[');
    if (list)
        weir_builder_char(&state->text, '[');
    for (size_t i = 0; i < state->matches.count; i++) {
        if (i > 0)
            weir_builder_char(&state->text, ',');
        write_found(state, &state->matches.items[i], &state->text);
    }
    if (list)
        weir_builder_char(&state->text, ']');
    if (wrapped)
        weir_builder_char(&state->text, ']');
    weir_column_put_text(out, row, weir_builder_view(&state->text));
}

static void put_behavior(weir_call *call, behavior then, outcome found, const char *problem, weir_column *out, uint32_t row) {
    bool array = out->type->kind == WEIR_KIND_ARRAY;
    switch (then) {
    case RAISE: raise(call, row, found == EMPTY ? "Empty result of JSON_QUERY function is not allowed" : problem); return;
    case GIVE_EMPTY_ARRAY:
        if (array)
            (void)(weir_column_span_add(out, row, 0) == 0);
        else
            weir_column_put_text(out, row, WEIR_TEXT("[]"));
        return;
    case GIVE_EMPTY_OBJECT: weir_column_put_text(out, row, WEIR_TEXT("{}")); return;
    default: weir_column_set_null(out, row); return;
    }
}

/* What was found, judged: FOUND with *wrapped, or EMPTY or ERROR_FOUND. */
static outcome judge(query_state *state, bool list, bool *wrapped) {
    const weir_json_found *value = list ? NULL : single(state);
    bool lax = weir_json_path_is_lax(state->path);
    *wrapped = false;
    if (!list && value == NULL) {
        state->problem = "Strict jsonpath mode requires a non empty returned value, but is null";
        return lax ? EMPTY : ERROR_FOUND;
    }
    bool is_list = list || value->kind == WEIR_JSON_FOUND_KEYS ||
                   (value->kind == WEIR_JSON_FOUND_NODE && state->document.nodes[value->node].kind == WEIR_JSON_ARRAY);
    *wrapped = state->wrapper == ALWAYS_WRAPPER || (state->wrapper == CONDITIONAL_WRAPPER && !is_list);
    if (*wrapped || list || !is_scalar(state, value))
        return FOUND;
    state->problem = "Strict jsonpath mode requires array or object value, and the actual value is a scalar";
    return lax ? EMPTY : ERROR_FOUND;
}

static void run_query(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    query_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_column_is_valid(arguments[0], i) || !weir_column_is_valid(arguments[1], i)) {
            weir_column_set_null(out, i);
            continue;
        }
        outcome found = search(state, weir_column_text(arguments[0], i), weir_column_text(arguments[1], i));
        bool list = found == FOUND && !weir_json_path_is_definite(state->path);
        bool wrapped = false;
        if (found == FOUND)
            found = judge(state, list, &wrapped);
        if (found == FOUND && out->type->kind == WEIR_KIND_ARRAY && !put_array(state, list, wrapped, out, i)) {
            state->problem = "the value is not an array, but RETURNING ARRAY is written";
            found = ERROR_FOUND;
        } else if (found == FOUND && out->type->kind != WEIR_KIND_ARRAY) {
            put_query_text(state, list, wrapped, out, i);
        }
        if (found != FOUND)
            put_behavior(call, found == EMPTY ? state->on_empty : state->on_error, found, state->problem, out, i);
        if (out_of_memory(state)) {
            out->failed = true;
            return;
        }
    });
}

weir_status weir_json_query_bind(weir_call *call, weir_error *error) {
    query_state *state;
    WEIR_TRY(make_state(call, &state, error));
    state->on_empty = behavior_of(call, QUERY_ON_EMPTY, "NULL");
    state->on_error = behavior_of(call, QUERY_ON_ERROR, "NULL");
    (void)find_wrapper(weir_json_call_word(call, QUERY_WRAPPER, "WITHOUT"), &state->wrapper);
    call->kernel = run_query;
    return WEIR_OK;
}

/* RAND, RAND_INTEGER, UUID. With a seed of their own RAND and RAND_INTEGER give java.util.Random's numbers, as Flink does; else the seed
 * comes from the job's seed, the clock and the call, so that no two calls give the same. */
#include <string.h>

#include "base/hash.h"
#include "func/func_int.h"

typedef struct random_state {
    uint64_t seed; /* of the generator at hand */
    bool started;  /* an own seed is taken from the first row */
} random_state;

static uint64_t fresh_seed(const weir_call *call, const random_state *state) {
    const weir_evaluation *evaluation = call->evaluation;
    uint64_t seed = weir_hash_u64((uint64_t)(uintptr_t)state);
    if (evaluation != NULL)
        seed = weir_hash_combine(seed, evaluation->random_seed);
    if (evaluation != NULL && evaluation->clock != NULL)
        seed = weir_hash_combine(seed, (uint64_t)weir_clock_wall_ns(evaluation->clock));
    return seed;
}

/* java.util.Random: a linear congruence of 48 bits. */
#define JAVA_MULTIPLIER 0x5DEECE66Dull
#define JAVA_MASK ((1ull << 48) - 1)
static void java_seed(random_state *state, int64_t seed) { state->seed = ((uint64_t)seed ^ JAVA_MULTIPLIER) & JAVA_MASK; }

static uint32_t java_next(random_state *state, unsigned bits) {
    state->seed = (state->seed * JAVA_MULTIPLIER + 0xB) & JAVA_MASK;
    return (uint32_t)(state->seed >> (48 - bits));
}

static double java_double(random_state *state) {
    uint64_t high = java_next(state, 26);
    uint64_t low = java_next(state, 27);
    return (double)(high << 27 | low) * 0x1.0p-53;
}

static int32_t java_below(random_state *state, int32_t bound) {
    uint32_t value = java_next(state, 31);
    if ((bound & (bound - 1)) == 0)
        return (int32_t)(((uint64_t)(uint32_t)bound * value) >> 31);
    uint32_t rest = value % (uint32_t)bound;
    while ((int32_t)(value - rest + (uint32_t)(bound - 1)) < 0) {
        value = java_next(state, 31);
        rest = value % (uint32_t)bound;
    }
    return (int32_t)rest;
}

static weir_status infer_rand(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 0, 1, error));
    WEIR_TRY(weir_signature_check(signature, signature->count == 1 ? "!i" : "", error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_DOUBLE, weir_signature_nullable(signature)), error);
}

static void run_rand(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    random_state *state = call->state;
    double *r = WEIR_VALUES(out, double);
    WEIR_FOR_ROWS(rows, i, {
        if (!state->started && call->argument_count == 1)
            java_seed(state, WEIR_VALUES(arguments[0], int64_t)[i]);
        state->started = true;
        r[i] = java_double(state);
    });
}

static weir_status infer_rand_integer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!i?i", error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_INT, weir_signature_nullable(signature)), error);
}

static void run_rand_integer(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    random_state *state = call->state;
    const int64_t *bounds = WEIR_VALUES(arguments[call->argument_count - 1], int64_t);
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        if (!state->started && call->argument_count == 2)
            java_seed(state, WEIR_VALUES(arguments[0], int64_t)[i]);
        state->started = true;
        if (bounds[i] < 1 || bounds[i] > INT32_MAX)
            weir_call_fail(call, i, "bound must be positive");
        else
            r[i] = java_below(state, (int32_t)bounds[i]);
    });
}

static weir_status infer_uuid(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 0, 0, error));
    return weir_signature_result(signature, weir_type_sized(signature->arena, WEIR_KIND_CHAR, 36, false), error);
}

/* Version 4, variant 1. */
static void run_uuid(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)arguments;
    static const char digits[] = "0123456789abcdef";
    random_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        uint64_t words[2];
        words[0] = weir_hash_u64(++state->seed);
        words[1] = weir_hash_combine(words[0], ++state->seed);
        unsigned char bytes[16];
        memcpy(bytes, words, 16);
        bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
        char *to = weir_column_text_room(out, 36);
        if (to == NULL)
            continue;
        char *at = to;
        for (int k = 0; k < 16; k++) {
            if (k == 4 || k == 6 || k == 8 || k == 10)
                *at++ = '-';
            *at++ = digits[bytes[k] >> 4];
            *at++ = digits[bytes[k] & 15];
        }
        weir_column_set_view(out, i, to, 36);
    });
}

static weir_status bind_random(weir_call *call, weir_kernel kernel, weir_error *error) {
    random_state *state = WEIR_CALL_STATE(call, random_state);
    if (state == NULL)
        return weir_fail_memory(error, "a random generator", sizeof(random_state));
    state->seed = fresh_seed(call, state);
    if (kernel != run_uuid)
        java_seed(state, (int64_t)state->seed);
    call->state = state;
    call->kernel = kernel;
    return WEIR_OK;
}

static weir_status bind_rand(weir_call *call, weir_error *error) { return bind_random(call, run_rand, error); }
static weir_status bind_rand_integer(weir_call *call, weir_error *error) { return bind_random(call, run_rand_integer, error); }
static weir_status bind_uuid(weir_call *call, weir_error *error) { return bind_random(call, run_uuid, error); }

#define FLAGS (WEIR_FUNCTION_STRICT | WEIR_FUNCTION_DYNAMIC)
const weir_function weir_functions_random[] = {
    {"RAND", FLAGS, infer_rand, bind_rand, "math", "RAND([seed INT]) -> DOUBLE", "A random number from 0 to below 1.", "RAND(5) < 1",
     "TRUE"},
    {"RAND_INTEGER", FLAGS, infer_rand_integer, bind_rand_integer, "math", "RAND_INTEGER([seed INT,] bound INT) -> INT",
     "A random whole number from 0 to below the bound.", "RAND_INTEGER(1)", "0"},
    {"UUID", FLAGS, infer_uuid, bind_uuid, "string", "UUID() -> CHAR(36)", "A random universally unique identifier.", "CHAR_LENGTH(UUID())",
     "36"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

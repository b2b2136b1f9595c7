/* MD5, SHA1, SHA224 .. SHA512, SHA2 (by libcrypto) and HASH_CODE (Java's hash codes). Digests are hexadecimal text in small letters. */
#include <openssl/evp.h>

#include "func/string_int.h"
#include "types/decimal.h"

typedef struct digest_state {
    EVP_MD_CTX *context;
    const EVP_MD *digest; /* NULL: SHA2 chooses by its second argument */
} digest_state;

static weir_status infer_digest(weir_signature *signature, weir_error *error) {
    static const struct {
        const char *name;
        int32_t length;
    } lengths[] = {{"MD5", 32}, {"SHA1", 40}, {"SHA224", 56}, {"SHA256", 64}, {"SHA384", 96}, {"SHA512", 128}};
    bool binary = signature->count > 0 && weir_kind_is_binary(signature->arguments[0].type->kind);
    WEIR_TRY(weir_signature_check(signature, binary ? "!y" : "!s", error));
    int32_t length = 0;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
        if (strcmp(lengths[i].name, signature->function->name) == 0)
            length = lengths[i].length;
    return weir_signature_result(signature, weir_type_sized(signature->arena, WEIR_KIND_CHAR, length, weir_signature_nullable(signature)),
                                 error);
}

static weir_status infer_sha2(weir_signature *signature, weir_error *error) {
    bool binary = signature->count > 0 && weir_kind_is_binary(signature->arguments[0].type->kind);
    WEIR_TRY(weir_signature_check(signature, binary ? "!yi" : "!si", error));
    return weir_signature_result(signature, weir_type_sized(signature->arena, WEIR_KIND_VARCHAR, 128, weir_signature_nullable(signature)),
                                 error);
}

static const EVP_MD *sha2_of(int64_t bits) {
    switch (bits) {
    case 224: return EVP_sha224();
    case 256: return EVP_sha256();
    case 384: return EVP_sha384();
    case 512: return EVP_sha512();
    default: return NULL;
    }
}

static void put_digest(weir_call *call, const digest_state *state, const EVP_MD *digest, weir_text text, weir_column *out, uint32_t row) {
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_DigestInit_ex(state->context, digest, NULL) != 1 || EVP_DigestUpdate(state->context, text.data, text.size) != 1 ||
        EVP_DigestFinal_ex(state->context, bytes, &size) != 1) {
        weir_call_fail(call, row, "The digest %s is not to be had from the crypto library", call->function->name);
        return;
    }
    char *to = string_begin(out, row, (size_t)size * 2);
    if (to == NULL)
        return;
    for (unsigned k = 0; k < size; k++) {
        to[2 * k] = digits[bytes[k] >> 4];
        to[2 * k + 1] = digits[bytes[k] & 15];
    }
    string_end(out, row);
}

static void run_digest(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const digest_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        const EVP_MD *digest = state->digest != NULL ? state->digest : sha2_of(WEIR_VALUES(arguments[1], int64_t)[i]);
        if (digest == NULL)
            weir_call_fail(call, i, "Unsupported algorithm. SHA2 makes 224, 256, 384 or 512 bits");
        else
            put_digest(call, state, digest, weir_column_text(arguments[0], i), out, i);
    });
}

static void context_free(void *data) { EVP_MD_CTX_free(data); }

static weir_status bind_digest(weir_call *call, const EVP_MD *digest, weir_error *error) {
    digest_state *state = WEIR_CALL_STATE(call, digest_state);
    if (state == NULL)
        return weir_fail_memory(error, "a digest", sizeof(digest_state));
    state->digest = digest;
    state->context = EVP_MD_CTX_new();
    if (state->context == NULL)
        return weir_fail_memory(error, "a digest", sizeof(digest_state));
    if (!weir_arena_on_reset(call->arena, context_free, state->context)) {
        EVP_MD_CTX_free(state->context);
        return weir_fail_memory(error, "a digest", sizeof(digest_state));
    }
    call->state = state;
    call->kernel = run_digest;
    return WEIR_OK;
}

static weir_status bind_md5(weir_call *call, weir_error *error) { return bind_digest(call, EVP_md5(), error); }
static weir_status bind_sha1(weir_call *call, weir_error *error) { return bind_digest(call, EVP_sha1(), error); }
static weir_status bind_sha224(weir_call *call, weir_error *error) { return bind_digest(call, EVP_sha224(), error); }
static weir_status bind_sha256(weir_call *call, weir_error *error) { return bind_digest(call, EVP_sha256(), error); }
static weir_status bind_sha384(weir_call *call, weir_error *error) { return bind_digest(call, EVP_sha384(), error); }
static weir_status bind_sha512(weir_call *call, weir_error *error) { return bind_digest(call, EVP_sha512(), error); }
static weir_status bind_sha2(weir_call *call, weir_error *error) { return bind_digest(call, NULL, error); }

/* ---- HASH_CODE ---- */

static weir_status infer_hash_code(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!*", error));
    const weir_type *type = signature->arguments[0].type;
    bool scalar = type->kind == WEIR_KIND_BOOLEAN || weir_kind_is_numeric(type->kind) || weir_kind_is_text(type->kind) ||
                  weir_kind_is_datetime(type->kind);
    if (!scalar)
        return weir_signature_refuse(signature, error);
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_INT, type->nullable), error);
}

static uint32_t fold(uint64_t value) { return (uint32_t)(value ^ value >> 32); }

static uint32_t hash_text(weir_text text) {
    uint32_t hash = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t point = weir_utf8_next(text.data, text.size, &at);
        if (point >= 0x10000) {
            hash = hash * 31 + 0xD800 + ((point - 0x10000) >> 10);
            point = 0xDC00 + ((point - 0x10000) & 0x3FF);
        }
        hash = hash * 31 + point;
    }
    return (int32_t)hash < 0 && hash != 0x80000000u ? 0 - hash : hash; /* Math.abs */
}

/* BigDecimal.hashCode: the digits' 32-bit words, the sign, the scale. */
static uint32_t hash_decimal(weir_i128 value, int32_t scale) {
    weir_u128 size = value < 0 ? -(weir_u128)value : (weir_u128)value;
    uint32_t hash = 0;
    for (int shift = 96; shift >= 0; shift -= 32)
        hash = hash * 31 + (uint32_t)(size >> shift);
    return 31 * (value < 0 ? 0 - hash : hash) + (uint32_t)scale;
}

static uint32_t hash_timestamp(weir_timestamp_ns value) { return 31 * fold((uint64_t)value.milliseconds) + (uint32_t)value.nanoseconds; }

static uint32_t hash_at(const weir_column *column, uint32_t row) {
    switch (column->layout) {
    case WEIR_LAYOUT_U8: return WEIR_VALUES(column, uint8_t)[row] ? 1231 : 1237;
    case WEIR_LAYOUT_I8: return (uint32_t)WEIR_VALUES(column, int8_t)[row];
    case WEIR_LAYOUT_I16: return (uint32_t)WEIR_VALUES(column, int16_t)[row];
    case WEIR_LAYOUT_I32: return (uint32_t)WEIR_VALUES(column, int32_t)[row];
    case WEIR_LAYOUT_F32: {
        float value = WEIR_VALUES(column, float)[row];
        uint32_t bits;
        memcpy(&bits, &value, 4);
        return value != value ? 0x7FC00000u : bits;
    }
    case WEIR_LAYOUT_F64: {
        double value = WEIR_VALUES(column, double)[row];
        uint64_t bits;
        memcpy(&bits, &value, 8);
        return value != value ? 0x7FF80000u : fold(bits);
    }
    case WEIR_LAYOUT_I128: return hash_decimal(WEIR_VALUES(column, weir_i128)[row], column->type->scale);
    case WEIR_LAYOUT_TIMESTAMP_NS: return hash_timestamp(WEIR_VALUES(column, weir_timestamp_ns)[row]);
    case WEIR_LAYOUT_VIEW: return hash_text(weir_column_text(column, row));
    default: break;
    }
    int64_t value = WEIR_VALUES(column, int64_t)[row];
    if (!weir_kind_is_timestamp(column->type->kind))
        return fold((uint64_t)value);
    int64_t milliseconds = value / 1000 - (value % 1000 < 0);
    return hash_timestamp((weir_timestamp_ns){milliseconds, (int32_t)(value - milliseconds * 1000) * 1000, 0});
}

static void run_hash_code(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)hash_at(arguments[0], i); });
}

static weir_status bind_hash_code(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_hash_code;
    return WEIR_OK;
}

#define STRICT WEIR_FUNCTION_STRICT
const weir_function weir_functions_hash[] = {
    {"MD5", STRICT, infer_digest, bind_md5, "hash", "MD5(text STRING) -> CHAR(32)", "The MD5 digest.", "MD5('weir')",
     "57c6838eabf401f73f6dd50093408e33"},
    {"SHA1", STRICT, infer_digest, bind_sha1, "hash", "SHA1(text STRING) -> CHAR(40)", "The SHA-1 digest.", "SHA1('abc')",
     "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"SHA224", STRICT, infer_digest, bind_sha224, "hash", "SHA224(text STRING) -> CHAR(56)", "The SHA-224 digest.", "SHA224('abc')",
     "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
    {"SHA256", STRICT, infer_digest, bind_sha256, "hash", "SHA256(text STRING) -> CHAR(64)", "The SHA-256 digest.", "SHA256('abc')",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"SHA384", STRICT, infer_digest, bind_sha384, "hash", "SHA384(text STRING) -> CHAR(96)", "The SHA-384 digest.", "SHA384('abc')",
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
    {"SHA512", STRICT, infer_digest, bind_sha512, "hash", "SHA512(text STRING) -> CHAR(128)", "The SHA-512 digest.", "SHA512('abc')",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    {"SHA2", STRICT, infer_sha2, bind_sha2, "hash", "SHA2(text STRING, bits INT) -> VARCHAR(128)",
     "The SHA-2 digest of 224, 256, 384 or 512 bits.", "SHA2('abc', 224)", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
    {"HASH_CODE", STRICT, infer_hash_code, bind_hash_code, "hash", "HASH_CODE(value ANY) -> INT",
     "Java's hash code of the value; of a text its absolute value.", "HASH_CODE('abc')", "96354"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

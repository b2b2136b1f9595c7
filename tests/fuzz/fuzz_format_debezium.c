/* Fuzzing the change envelopes. The first byte chooses the dialect and options, the second where the text is split. */
#include "format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    static const char *const formats[4] = {"debezium-json", "canal-json", "maxwell-json", "ogg-json"};
    static const char *const ignore[4] = {"debezium-json.ignore-parse-errors", "canal-json.ignore-parse-errors",
                                          "maxwell-json.ignore-parse-errors", "ogg-json.ignore-parse-errors"};
    const unsigned which = data[0] & 3;
    const weir_option options[] = {{weir_text_of(ignore[which]), WEIR_TEXT("true"), {0}},
                                   {WEIR_TEXT("debezium-json.schema-include"), WEIR_TEXT("true"), {0}}};
    const weir_field fields[] = {{WEIR_TEXT("id"), weir_type_simple(WEIR_KIND_INT, true), {NULL, 0}},
                                 {WEIR_TEXT("name"), weir_type_string(true), {NULL, 0}}};
    const fuzz_case c = {formats[which], options + (data[0] >> 2 & 1), (data[0] >> 3 & 1) + (data[0] >> 2 & 1 ? 0u : 1u), fields, 2};
    fuzz_both_ways(&c, data + 2, size - 2, data[1]);
    return 0;
}

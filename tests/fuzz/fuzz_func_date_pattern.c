/* Any bytes as a date pattern and a text to read by it, in both dialects. What a DateTimeFormatter pattern writes is bounded and never
 * fails for its own fields. */
#include "func/time_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(weir_text pattern_text, weir_text text, weir_date_dialect dialect) {
    weir_date_pattern pattern;
    char problem[160], out[WEIR_DATE_OUT_MAX];
    size_t written;
    int64_t value;
    int32_t below;
    if (!weir_date_pattern_compile(pattern_text, dialect, &pattern, problem))
        return;
    weir_date_fields fields = weir_date_fields_of(INT64_C(1709214330123456), 789);
    fields.zone = weir_zone_utc();
    (void)weir_date_format(&pattern, &fields, out, &written, problem);
    if (dialect == WEIR_DATE_FORMATTER)
        (void)weir_date_parse(&pattern, text, &value, &below);
    else
        (void)weir_date_parse_simple(&pattern, text, weir_zone_utc(), 1946, &value);
    (void)weir_date_parse_jdbc(text, &value, &below);
}

/* The bytes before the first newline are the pattern, the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t cut = 0;
    while (cut < size && data[cut] != '\n')
        cut++;
    weir_text pattern = {(const char *)data, cut},
              text = {(const char *)data + (cut < size ? cut + 1 : cut), cut < size ? size - cut - 1 : 0};
    run(pattern, text, WEIR_DATE_FORMATTER);
    run(pattern, text, WEIR_DATE_SIMPLE);
    return 0;
}

/* Units of time as keyword arguments: EXTRACT(unit, x), FLOOR_TO(x, unit), TIMESTAMPADD(unit, n, x). */
#include "func/time_int.h"

static const char *const names[WEIR_UNIT_COUNT] = {
    [WEIR_UNIT_NANOSECOND] = "NANOSECOND",
    [WEIR_UNIT_MICROSECOND] = "MICROSECOND",
    [WEIR_UNIT_MILLISECOND] = "MILLISECOND",
    [WEIR_UNIT_SECOND] = "SECOND",
    [WEIR_UNIT_MINUTE] = "MINUTE",
    [WEIR_UNIT_HOUR] = "HOUR",
    [WEIR_UNIT_DAY] = "DAY",
    [WEIR_UNIT_WEEK] = "WEEK",
    [WEIR_UNIT_MONTH] = "MONTH",
    [WEIR_UNIT_QUARTER] = "QUARTER",
    [WEIR_UNIT_YEAR] = "YEAR",
    [WEIR_UNIT_DECADE] = "DECADE",
    [WEIR_UNIT_CENTURY] = "CENTURY",
    [WEIR_UNIT_MILLENNIUM] = "MILLENNIUM",
    [WEIR_UNIT_DOW] = "DOW",
    [WEIR_UNIT_ISODOW] = "ISODOW",
    [WEIR_UNIT_DOY] = "DOY",
    [WEIR_UNIT_ISOYEAR] = "ISOYEAR",
    [WEIR_UNIT_EPOCH] = "EPOCH",
};

const char *weir_unit_name(weir_unit unit) { return names[unit]; }

static bool find(weir_text text, weir_unit *out) {
    weir_text prefix = WEIR_TEXT("SQL_TSI_");
    if (text.size > prefix.size && weir_text_equal_nocase((weir_text){text.data, prefix.size}, prefix))
        text = (weir_text){text.data + prefix.size, text.size - prefix.size};
    for (int i = 0; i < WEIR_UNIT_COUNT; i++) {
        if (weir_text_equal_nocase_c(text, names[i])) {
            *out = (weir_unit)i;
            return true;
        }
    }
    return false;
}

weir_status weir_unit_of(const weir_signature *signature, uint32_t index, weir_unit *out, weir_error *error) {
    const weir_value *literal = index < signature->count ? signature->arguments[index].literal : NULL;
    if (literal == NULL || literal->is_null || signature->arguments[index].type->kind != WEIR_KIND_SYMBOL)
        return weir_signature_refuse(signature, error);
    if (find(literal->as.text, out))
        return WEIR_OK;
    weir_text candidates[WEIR_UNIT_COUNT];
    for (int i = 0; i < WEIR_UNIT_COUNT; i++)
        candidates[i] = weir_text_of(names[i]);
    weir_fail(error, WEIR_VALIDATE, "'%.*s' is not a valid time frame", WEIR_TEXT_ARGS(literal->as.text));
    int near = weir_text_nearest(literal->as.text, candidates, WEIR_UNIT_COUNT);
    if (near >= 0)
        weir_error_hint(error, "Did you mean %s?", names[near]);
    return WEIR_VALIDATE;
}

weir_unit weir_unit_of_call(const weir_call *call, uint32_t index) {
    weir_unit unit = WEIR_UNIT_COUNT;
    const weir_value *literal = weir_call_literal(call, index);
    if (literal == NULL || literal->is_null || !find(literal->as.text, &unit))
        return WEIR_UNIT_COUNT;
    return unit;
}

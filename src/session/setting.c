/* The settings of a session: what SET puts and RESET takes away, checked against the table of options, and what they mean for a job. */
#include <stdio.h>
#include <string.h>

#include "session/session_int.h"

enum { WEIR_SETTING_NAMES_MAX = 256 };

/* An exact key comes before a longer pattern before a shorter one. */
static const weir_setting_info *info_find(weir_text key) {
    const weir_setting_info *best = NULL;
    size_t best_size = 0;
    for (const weir_setting_info *info = weir_settings; info->key != NULL; info++) {
        size_t size = strlen(info->key);
        if (info->key[size - 1] != '*') {
            if (weir_text_equal_c(key, info->key))
                return info;
        } else if (weir_text_starts(key, (weir_text){info->key, size - 1}) && size > best_size) {
            best = info;
            best_size = size;
        }
    }
    return best;
}

static const char *nearest_key(weir_text key) {
    weir_text names[WEIR_SETTING_NAMES_MAX];
    size_t count = 0;
    for (const weir_setting_info *info = weir_settings; info->key != NULL && count < WEIR_SETTING_NAMES_MAX; info++)
        if (strchr(info->key, '*') == NULL)
            names[count++] = weir_text_of(info->key);
    int nearest = weir_text_nearest(key, names, count);
    return nearest < 0 ? NULL : names[nearest].data;
}

const session_setting *session_setting_find(const weir_session *session, weir_text key) {
    for (size_t i = 0; i < session->settings.count; i++) {
        const session_setting *setting = session->settings.items[i];
        if (weir_text_equal(setting->key, key))
            return setting;
    }
    return NULL;
}

weir_text weir_session_setting(const weir_session *session, const char *key) {
    const session_setting *setting = session_setting_find(session, weir_text_of(key));
    if (setting != NULL)
        return setting->value;
    const weir_setting_info *info = info_find(weir_text_of(key));
    return info == NULL || info->fallback == NULL ? (weir_text){0} : weir_text_of(info->fallback);
}

bool session_setting_bool(const weir_session *session, const char *key) {
    bool value = false;
    return weir_option_parse_bool(weir_session_setting(session, key), &value) && value;
}

int64_t session_setting_int(const weir_session *session, const char *key) {
    int64_t value = 0;
    return weir_option_parse_i64(weir_session_setting(session, key), &value) ? value : -1;
}

int64_t session_setting_duration_ms(const weir_session *session, const char *key) {
    int64_t value = 0;
    return weir_option_parse_duration_ms(weir_session_setting(session, key), &value) ? value : 0;
}

bool session_setting_is(const weir_session *session, const char *key, const char *word) {
    return weir_text_equal_nocase_c(weir_session_setting(session, key), word);
}

/* ---- checking ---- */

static bool is_word(weir_text value, const char *words) {
    while (*words != '\0') {
        const char *end = strchr(words, '|');
        size_t size = end == NULL ? strlen(words) : (size_t)(end - words);
        if (weir_text_equal_nocase(value, (weir_text){words, size}))
            return true;
        words += size + (end != NULL);
    }
    return false;
}

static const char *expected_of(const weir_setting_info *info, weir_text value) {
    bool flag;
    int64_t number;
    uint64_t size;
    switch (info->type) {
    case WEIR_SETTING_TEXT: return NULL;
    case WEIR_SETTING_BOOL: return weir_option_parse_bool(value, &flag) ? NULL : "true or false";
    case WEIR_SETTING_INT: return weir_option_parse_i64(value, &number) ? NULL : "a whole number";
    case WEIR_SETTING_DURATION: return weir_option_parse_duration_ms(value, &number) ? NULL : "a duration such as '5 s' or '200 ms'";
    case WEIR_SETTING_SIZE: return weir_option_parse_size_bytes(value, &size) ? NULL : "a size such as '64 mb'";
    case WEIR_SETTING_WORD: return is_word(value, info->words) ? NULL : info->words;
    }
    return NULL;
}

static weir_status check_range(weir_text key, weir_text value, weir_error *error) {
    int64_t number = 0;
    if (weir_text_equal_c(key, "weir.batch-size") && weir_option_parse_i64(value, &number) && (number < 1 || number > WEIR_BATCH_ROWS))
        return weir_fail(error, WEIR_VALIDATE, "Could not parse value '%.*s' for key 'weir.batch-size'. Expected: 1 to %d",
                         WEIR_TEXT_ARGS(value), WEIR_BATCH_ROWS);
    if (weir_text_equal_c(key, "parallelism.default") && weir_option_parse_i64(value, &number) && (number < 1 || number > 1024))
        return weir_fail(error, WEIR_VALIDATE, "Could not parse value '%.*s' for key 'parallelism.default'. Expected: 1 to 1024",
                         WEIR_TEXT_ARGS(value));
    return WEIR_OK;
}

static weir_status check_value(const weir_setting_info *info, weir_text key, weir_text value, weir_error *error) {
    if (weir_text_equal_c(key, "execution.runtime-mode") && weir_text_equal_nocase_c(value, "automatic"))
        return weir_fail(error, WEIR_VALIDATE,
                         "Unsupported mode 'AUTOMATIC' for 'execution.runtime-mode'. Only an explicit BATCH or STREAMING mode is supported "
                         "in Table API.");
    const char *expected = expected_of(info, value);
    if (expected != NULL)
        return weir_fail(error, WEIR_VALIDATE, "Could not parse value '%.*s' for key '%.*s'. Expected: %s", WEIR_TEXT_ARGS(value),
                         WEIR_TEXT_ARGS(key), expected);
    if (info->status == WEIR_SETTING_REFUSED && (info->fallback == NULL || !weir_text_equal_nocase_c(value, info->fallback)))
        return weir_fail(error, WEIR_UNSUPPORTED, "'%.*s' = '%.*s' is not supported: %s", WEIR_TEXT_ARGS(key), WEIR_TEXT_ARGS(value),
                         info->summary);
    return check_range(key, value, error);
}

static void remark(weir_session *session, const weir_setting_info *info, weir_text key) {
    char text[512];
    if (info == NULL) {
        const char *nearest = nearest_key(key);
        snprintf(text, sizeof text, "'%.*s' is not a known option and changes nothing%s%s%s", WEIR_TEXT_ARGS(key),
                 nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest, nearest == NULL ? "" : "'?");
    } else if (info->status == WEIR_SETTING_MEANINGLESS) {
        snprintf(text, sizeof text, "'%.*s' changes nothing here: %s", WEIR_TEXT_ARGS(key), info->summary);
    } else {
        return;
    }
    session_warn(session, text);
}

static weir_status check_zone(weir_session *session, weir_text key, weir_text value, weir_error *error) {
    if (!weir_text_equal_c(key, "table.local-time-zone") || weir_text_equal_c(value, "default"))
        return WEIR_OK;
    const weir_zone *zone;
    return weir_zone_open(&session->arena, value, &zone, error);
}

weir_status session_setting_put(weir_session *session, weir_text key, weir_text value, weir_error *error) {
    const weir_setting_info *info = info_find(key);
    if (info == NULL && weir_text_starts(key, WEIR_TEXT("weir."))) {
        weir_fail(error, WEIR_VALIDATE, "there is no option '%.*s'", WEIR_TEXT_ARGS(key));
        const char *nearest = nearest_key(key);
        if (nearest != NULL)
            weir_error_hint(error, "did you mean '%s'?", nearest);
        return WEIR_VALIDATE;
    }
    if (info != NULL)
        WEIR_TRY(check_value(info, key, value, error));
    WEIR_TRY(check_zone(session, key, value, error));
    remark(session, info, key);
    session_setting *setting = (session_setting *)session_setting_find(session, key);
    weir_text copy = weir_arena_text(&session->arena, value);
    if (copy.data == NULL)
        return weir_fail_memory(error, "a setting", value.size);
    if (setting == NULL) {
        setting = WEIR_ARENA_NEW(&session->arena, session_setting);
        if (setting == NULL || !weir_list_add(&session->arena, &session->settings, setting))
            return weir_fail_memory(error, "a setting", sizeof *setting);
        setting->key = weir_arena_text(&session->arena, key);
    }
    setting->value = copy;
    return setting->key.data == NULL ? weir_fail_memory(error, "a setting", key.size) : WEIR_OK;
}

weir_status weir_session_set(weir_session *session, weir_text key, weir_text value, weir_error *error) {
    return session_setting_put(session, key, value, error);
}

weir_status session_setting_reset(weir_session *session, weir_text key, weir_error *error) {
    (void)error;
    if (key.data == NULL) {
        session->settings.count = 0;
        return WEIR_OK;
    }
    for (size_t i = 0; i < session->settings.count; i++) {
        const session_setting *setting = session->settings.items[i];
        if (!weir_text_equal(setting->key, key))
            continue;
        memmove(&session->settings.items[i], &session->settings.items[i + 1],
                (session->settings.count - i - 1) * sizeof session->settings.items[0]);
        session->settings.count--;
        return WEIR_OK;
    }
    return WEIR_OK;
}

/* ---- what they mean ---- */

static weir_status session_zone(weir_session *session, const weir_zone **out, weir_error *error) {
    weir_text name = weir_session_setting(session, "table.local-time-zone");
    if (weir_text_equal_c(name, "default"))
        name = session->environment.default_zone;
    if (name.size == 0)
        name = WEIR_TEXT("UTC");
    if (session->zone == NULL || !weir_text_equal(session->zone_name, name)) {
        weir_text copy = weir_arena_text(&session->arena, name);
        if (copy.data == NULL)
            return weir_fail_memory(error, "a time zone", name.size);
        WEIR_TRY(weir_zone_open(&session->arena, copy, &session->zone, error));
        session->zone_name = copy;
    }
    *out = session->zone;
    return WEIR_OK;
}

weir_status session_evaluation(weir_session *session, weir_evaluation *out, weir_error *error) {
    *out = (weir_evaluation){.clock = session->environment.clock,
                             .batch_mode = session_setting_is(session, "execution.runtime-mode", "batch"),
                             .query_start_ms = weir_clock_wall_ms(session->environment.clock),
                             .legacy_cast = session_setting_is(session, "table.exec.legacy-cast-behaviour", "enabled"),
                             .random_seed = weir_random_seed(),
                             .current_database = weir_catalog_current_database(session->catalog),
                             .cancelled = &session->cancelled};
    return session_zone(session, &out->zone, error);
}

static uint32_t parallelism_of(const weir_session *session) {
    int64_t wanted = session_setting_int(session, "table.exec.resource.default-parallelism");
    if (wanted < 1)
        wanted = session_setting_int(session, "parallelism.default");
    if (wanted >= 1 && wanted <= 1024)
        return (uint32_t)wanted;
    return session->environment.parallelism > 0 ? session->environment.parallelism : 1;
}

void session_plan_settings(const weir_session *session, const weir_evaluation *evaluation, weir_plan_settings *out) {
    *out = (weir_plan_settings){.batch_mode = evaluation->batch_mode,
                                .evaluation = evaluation,
                                .parallelism = parallelism_of(session),
                                .auto_watermark_interval_ms = session_setting_duration_ms(session, "pipeline.auto-watermark-interval"),
                                .idle_timeout_ms = session_setting_duration_ms(session, "table.exec.source.idle-timeout"),
                                .optimizer_off = session_setting_is(session, "weir.optimizer", "off")};
    out->operators =
        (weir_operator_settings){.batch_mode = evaluation->batch_mode,
                                 .mini_batch = session_setting_bool(session, "table.exec.mini-batch.enabled") && !evaluation->batch_mode,
                                 .mini_batch_size = session_setting_int(session, "table.exec.mini-batch.size"),
                                 .mini_batch_latency_ms = session_setting_duration_ms(session, "table.exec.mini-batch.allow-latency"),
                                 .state_ttl_ms = session_setting_duration_ms(session, "table.exec.state.ttl"),
                                 .batch_rows = (uint32_t)session_setting_int(session, "weir.batch-size"),
                                 .key_groups = 128,
                                 .fail_on_not_null = session_setting_is(session, "table.exec.sink.not-null-enforcer", "error")};
}

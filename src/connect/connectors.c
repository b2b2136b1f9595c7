/* The table of connectors, and the checks that Flink's factory discovery makes of a table's options, in its words. */
#include "connect/connectors_int.h"

#include <stdio.h>
#include <string.h>

const weir_connector *const weir_connectors[] = {&weir_connector_arrow,
                                                 &weir_connector_blackhole,
                                                 &weir_connector_datagen,
                                                 &weir_connector_filesystem,
                                                 &weir_connector_nexmark,
                                                 &weir_connector_print,
                                                 &weir_connector_test,
                                                 NULL};

const weir_connector *weir_connector_find(weir_text name) {
    for (size_t i = 0; weir_connectors[i] != NULL; i++)
        if (weir_text_equal_c(name, weir_connectors[i]->name))
            return weir_connectors[i];
    return NULL;
}

/* A list of names for a message, in a fixed space; what does not fit is left out. */
typedef struct name_list {
    char text[900];
    size_t size;
} name_list;

static void list_add(name_list *list, const char *name, size_t size) {
    if (list->size + size + 3 > sizeof list->text)
        return;
    if (list->size > 0)
        list->text[list->size++] = '\n';
    memcpy(list->text + list->size, name, size);
    list->size += size;
    list->text[list->size] = 0;
}

/* Does `key` match a name of the table ("fields.#.kind": # stands for anything)? */
static bool matches(weir_text key, const char *pattern) {
    const char *hole = strchr(pattern, '#');
    if (hole == NULL)
        return weir_text_equal_c(key, pattern);
    weir_text front = {pattern, (size_t)(hole - pattern)}, back = weir_text_of(hole + 1);
    return key.size > front.size + back.size && weir_text_starts(key, front) &&
           memcmp(key.data + key.size - back.size, back.data, back.size) == 0;
}

static bool in_list(weir_text key, const char *const *names) {
    for (; names != NULL && *names != NULL; names++)
        if (matches(key, *names))
            return true;
    return false;
}

static bool of_format(weir_text key, weir_text format) {
    return key.size > format.size + 1 && weir_text_starts(key, format) && key.data[format.size] == '.';
}

static bool known_everywhere(weir_text key) {
    static const char *const common[] = {"connector", "property-version", "scan.parallelism", "sink.parallelism", NULL};
    return in_list(key, common);
}

static void hint_option(weir_error *error, weir_text key, const weir_connector *connector) {
    weir_text names[64];
    size_t count = 0;
    for (const char *const *name = connector->required_options; name != NULL && *name != NULL && count < 64; name++)
        names[count++] = weir_text_of(*name);
    for (const char *const *name = connector->optional_options; name != NULL && *name != NULL && count < 64; name++)
        names[count++] = weir_text_of(*name);
    int nearest = weir_text_nearest(key, names, count);
    if (nearest >= 0)
        weir_error_hint(error, "did you mean '%.*s'?", WEIR_TEXT_ARGS(names[nearest]));
}

static weir_status check_unknown(const weir_table *table, const weir_connector *connector, weir_text format, weir_error *error) {
    name_list unknown = {{0}, 0};
    const weir_option *first = NULL;
    for (uint32_t i = 0; i < table->option_count; i++) {
        weir_text key = table->options[i].key;
        if (known_everywhere(key) || in_list(key, connector->required_options) || in_list(key, connector->optional_options) ||
            (connector->uses_format && of_format(key, format)))
            continue;
        first = first == NULL ? &table->options[i] : first;
        list_add(&unknown, key.data, key.size);
    }
    if (first == NULL || !connector->strict_options)
        return WEIR_OK;
    name_list known = {{0}, 0};
    for (const char *const *name = connector->required_options; name != NULL && *name != NULL; name++)
        list_add(&known, *name, strlen(*name));
    for (const char *const *name = connector->optional_options; name != NULL && *name != NULL; name++)
        list_add(&known, *name, strlen(*name));
    weir_fail_at(
        error, WEIR_VALIDATE, first->position,
        "Unsupported options found for '%s'.\n\nUnsupported options:\n\n%s\n\nSupported options:\n\nconnector\n%s\nproperty-version",
        connector->name, unknown.text, known.text);
    hint_option(error, first->key, connector);
    return WEIR_VALIDATE;
}

static weir_status check_required(const weir_table *table, const weir_connector *connector, weir_error *error) {
    name_list missing = {{0}, 0};
    for (const char *const *name = connector->required_options; name != NULL && *name != NULL; name++)
        if (weir_table_option(table, *name) == NULL)
            list_add(&missing, *name, strlen(*name));
    if (missing.size == 0)
        return WEIR_OK;
    weir_fail(error, WEIR_VALIDATE, "One or more required options are missing.\n\nMissing required options are:\n\n%s", missing.text);
    weir_error_hint(error, "add them to the WITH clause of table '%.*s'", WEIR_TEXT_ARGS(table->name));
    return WEIR_VALIDATE;
}

weir_status weir_connector_format(const weir_table *table, const weir_format **out, weir_error *error) {
    const weir_option *option = weir_table_option(table, "format");
    if (option == NULL) {
        weir_fail(error, WEIR_VALIDATE, "Table options do not contain an option key 'format' for discovering a format.");
        weir_error_hint(error, "add 'format' = 'json' or another to the WITH clause of table '%.*s'", WEIR_TEXT_ARGS(table->name));
        return WEIR_VALIDATE;
    }
    *out = weir_format_find(option->value);
    if (*out != NULL)
        return WEIR_OK;
    name_list names = {{0}, 0};
    weir_text texts[32];
    size_t count = 0;
    for (; weir_formats[count] != NULL && count < 32; count++) {
        list_add(&names, weir_formats[count]->name, strlen(weir_formats[count]->name));
        texts[count] = weir_text_of(weir_formats[count]->name);
    }
    weir_fail_at(error, WEIR_VALIDATE, option->position,
                 "Could not find any format factory for identifier '%.*s' in the classpath. Available formats are:\n\n%s",
                 WEIR_TEXT_ARGS(option->value), names.text);
    int nearest = weir_text_nearest(option->value, texts, count);
    if (nearest >= 0)
        weir_error_hint(error, "did you mean '%s'?", weir_formats[nearest]->name);
    return WEIR_VALIDATE;
}

static weir_status find_connector(const weir_table *table, const weir_connector **out, weir_error *error) {
    const weir_option *option = weir_table_option(table, "connector");
    if (option == NULL) {
        weir_fail(error, WEIR_VALIDATE, "Table options do not contain an option key 'connector' for discovering a connector.");
        weir_error_hint(error, "add 'connector' = 'filesystem' or another to the WITH clause of table '%.*s'", WEIR_TEXT_ARGS(table->name));
        return WEIR_VALIDATE;
    }
    *out = weir_connector_find(option->value);
    if (*out != NULL)
        return WEIR_OK;
    name_list names = {{0}, 0};
    weir_text texts[32];
    size_t count = 0;
    for (; weir_connectors[count] != NULL && count < 32; count++) {
        list_add(&names, weir_connectors[count]->name, strlen(weir_connectors[count]->name));
        texts[count] = weir_text_of(weir_connectors[count]->name);
    }
    weir_fail_at(error, WEIR_VALIDATE, option->position,
                 "Could not find any factory for identifier '%.*s' that implements 'org.apache.flink.table.factories.DynamicTableFactory' "
                 "in the classpath.\n\n"
                 "Available factory identifiers are:\n\n%s",
                 WEIR_TEXT_ARGS(option->value), names.text);
    int nearest = weir_text_nearest(option->value, texts, count);
    if (nearest >= 0)
        weir_error_hint(error, "did you mean '%s'?", weir_connectors[nearest]->name);
    return WEIR_VALIDATE;
}

/* All physical columns but the partition columns: what the format sees of the table. */
static weir_status check_format(const weir_table *table, const weir_format *format, bool writing, weir_error *error) {
    weir_field fields[256];
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->column_count && count < 256; i++)
        if (table->columns[i].kind == WEIR_COLUMN_PHYSICAL && !weir_table_is_partition(table, i))
            fields[count++] = (weir_field){table->columns[i].name, table->columns[i].type, {NULL, 0}};
    weir_read_spec spec = {.count = count, .fields = fields, .total_count = count, .total_fields = fields};
    if (writing && format->writer_create == NULL)
        return weir_fail(error, WEIR_UNSUPPORTED, "The format '%s' can be read but not written.", format->name);
    return format->check == NULL ? WEIR_OK : format->check(table, &spec, writing, error);
}

weir_status weir_connector_of(const weir_table *table, bool writing, const weir_connector **out, weir_error *error) {
    const weir_connector *connector = NULL;
    const weir_format *format = NULL;
    WEIR_TRY(find_connector(table, &connector, error));
    if (writing ? connector->sink == NULL : connector->source == NULL)
        return weir_fail(error, WEIR_VALIDATE, "Connector '%s' can only be used as a %s. It cannot be used as a %s.", connector->name,
                         writing ? "source" : "sink", writing ? "sink" : "source");
    if (connector->uses_format && weir_table_option(table, "format") != NULL)
        WEIR_TRY(weir_connector_format(table, &format, error));
    WEIR_TRY(check_required(table, connector, error));
    WEIR_TRY(check_unknown(table, connector, format == NULL ? (weir_text){"", 0} : weir_text_of(format->name), error));
    if (connector->check != NULL)
        WEIR_TRY(connector->check(table, writing, error));
    if (format != NULL)
        WEIR_TRY(check_format(table, format, writing, error));
    *out = connector;
    return WEIR_OK;
}

void weir_connector_remarks(const weir_connect_context *context, const weir_table *table) {
    weir_text format_name = weir_table_option_text(table, "format");
    const weir_format *format = format_name.data == NULL ? NULL : weir_format_find(format_name);
    if (context->warn == NULL || format == NULL)
        return;
    for (uint32_t i = 0; i < table->option_count; i++) {
        weir_text key = table->options[i].key, names[32];
        size_t count = 0;
        if (!of_format(key, format_name))
            continue;
        weir_text rest = {key.data + format_name.size + 1, key.size - format_name.size - 1};
        for (; format->option_names != NULL && format->option_names[count] != NULL && count < 32; count++)
            names[count] = weir_text_of(format->option_names[count]);
        if (in_list(rest, format->option_names))
            continue;
        int nearest = count == 0 ? -1 : weir_text_nearest(rest, names, count);
        char message[512];
        if (nearest >= 0)
            snprintf(message, sizeof message, "table '%.*s': the format '%s' has no option '%.*s'; it is ignored (did you mean '%s.%.*s'?)",
                     WEIR_TEXT_ARGS(table->name), format->name, WEIR_TEXT_ARGS(key), format->name, WEIR_TEXT_ARGS(names[nearest]));
        else
            snprintf(message, sizeof message, "table '%.*s': the format '%s' has no option '%.*s'; it is ignored",
                     WEIR_TEXT_ARGS(table->name), format->name, WEIR_TEXT_ARGS(key));
        context->warn(context->warn_context, message);
    }
}

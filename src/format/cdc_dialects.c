/* debezium-json, canal-json, maxwell-json, ogg-json: the envelopes that Flink knows, as data. */
#include "format/cdc_int.h"
#include "format/formats_int.h"

/* As Flink declares them; a column of another type gets them cast. */
static const weir_type text = {.kind = WEIR_KIND_VARCHAR, .nullable = true, .precision = WEIR_LENGTH_MAX};
static const weir_type key_text = {.kind = WEIR_KIND_VARCHAR, .nullable = false, .precision = WEIR_LENGTH_MAX};
static const weir_type number = {.kind = WEIR_KIND_INT, .nullable = true};
static const weir_type time_ms = {.kind = WEIR_KIND_TIMESTAMP_LTZ, .nullable = true, .precision = 3};
static const weir_type texts = {.kind = WEIR_KIND_ARRAY, .nullable = true, .child_count = 1, .children = {&text}};
static const weir_type texts_by_name = {.kind = WEIR_KIND_MAP, .nullable = true, .child_count = 2, .children = {&key_text, &text}};
static const weir_type numbers_by_name = {.kind = WEIR_KIND_MAP, .nullable = true, .child_count = 2, .children = {&key_text, &number}};

#define KEY(name, type)                                \
    {                                                  \
        {(name), sizeof(name) - 1}, &type, { NULL, 0 } \
    }

static const weir_cdc_metadata debezium_metadata[] = {
    {KEY("schema", text), "schema", NULL, true, WEIR_CDC_DIRECT},
    {KEY("ingestion-timestamp", time_ms), "ts_ms", NULL, false, WEIR_CDC_MILLISECONDS},
    {KEY("source.timestamp", time_ms), "source", "ts_ms", false, WEIR_CDC_MILLISECONDS},
    {KEY("source.database", text), "source", "db", false, WEIR_CDC_DIRECT},
    {KEY("source.schema", text), "source", "schema", false, WEIR_CDC_DIRECT},
    {KEY("source.table", text), "source", "table", false, WEIR_CDC_DIRECT},
    {KEY("source.properties", texts_by_name), "source", NULL, false, WEIR_CDC_DIRECT},
    {{{NULL, 0}, NULL, {NULL, 0}}, NULL, NULL, false, WEIR_CDC_DIRECT},
};
static const weir_cdc_metadata canal_metadata[] = {
    {KEY("database", text), "database", NULL, false, WEIR_CDC_DIRECT},
    {KEY("table", text), "table", NULL, false, WEIR_CDC_DIRECT},
    {KEY("sql-type", numbers_by_name), "sqlType", NULL, false, WEIR_CDC_DIRECT},
    {KEY("pk-names", texts), "pkNames", NULL, false, WEIR_CDC_DIRECT},
    {KEY("ingestion-timestamp", time_ms), "ts", NULL, false, WEIR_CDC_MILLISECONDS},
    {KEY("event-timestamp", time_ms), "es", NULL, false, WEIR_CDC_MILLISECONDS},
    {{{NULL, 0}, NULL, {NULL, 0}}, NULL, NULL, false, WEIR_CDC_DIRECT},
};
static const weir_cdc_metadata maxwell_metadata[] = {
    {KEY("database", text), "database", NULL, false, WEIR_CDC_DIRECT},
    {KEY("table", text), "table", NULL, false, WEIR_CDC_DIRECT},
    {KEY("primary-key-columns", texts), "primary_key_columns", NULL, false, WEIR_CDC_DIRECT},
    {KEY("ingestion-timestamp", time_ms), "ts", NULL, false, WEIR_CDC_SECONDS},
    {{{NULL, 0}, NULL, {NULL, 0}}, NULL, NULL, false, WEIR_CDC_DIRECT},
};
static const weir_cdc_metadata ogg_metadata[] = {
    {KEY("table", text), "table", NULL, false, WEIR_CDC_DIRECT},
    {KEY("primary-keys", texts), "primary_keys", NULL, false, WEIR_CDC_DIRECT},
    {{{NULL, 0}, NULL, {NULL, 0}}, NULL, NULL, false, WEIR_CDC_DIRECT},
};

const weir_cdc_dialect weir_cdc_debezium = {
    .name = "debezium-json",
    .title = "Debezium",
    .rows = WEIR_CDC_BEFORE_AFTER,
    .before = "before",
    .after = "after",
    .operation = "op",
    .inserts = {"c", "r"},
    .updates = {"u"},
    .deletes = {"d"},
    .connector = "Debezium",
    .may_have_schema = true,
    .metadata = debezium_metadata,
};
const weir_cdc_dialect weir_cdc_canal = {
    .name = "canal-json",
    .title = "Canal",
    .rows = WEIR_CDC_DATA_OLD,
    .lists = true,
    .before = "old",
    .after = "data",
    .operation = "type",
    .inserts = {"INSERT"},
    .updates = {"UPDATE"},
    .deletes = {"DELETE"},
    .ignored = {"CREATE"},
    .filters = true,
    .metadata = canal_metadata,
};
const weir_cdc_dialect weir_cdc_maxwell = {
    .name = "maxwell-json",
    .title = "Maxwell",
    .rows = WEIR_CDC_DATA_OLD,
    .before = "old",
    .after = "data",
    .operation = "type",
    .inserts = {"insert"},
    .updates = {"update"},
    .deletes = {"delete"},
    .metadata = maxwell_metadata,
};
const weir_cdc_dialect weir_cdc_ogg = {
    .name = "ogg-json",
    .title = "Ogg",
    .rows = WEIR_CDC_BEFORE_AFTER,
    .before = "before",
    .after = "after",
    .operation = "op_type",
    .inserts = {"I"},
    .updates = {"U"},
    .deletes = {"D"},
    .connector = "Ogg",
    .metadata = ogg_metadata,
};

#define COMMON_OPTIONS                                                                                                                 \
    "ignore-parse-errors", "timestamp-format.standard", "map-null-key.mode", "map-null-key.literal", "encode.decimal-as-plain-number", \
        "encode.ignore-null-fields"
static const char *const debezium_options[] = {COMMON_OPTIONS, "schema-include", NULL};
static const char *const canal_options[] = {COMMON_OPTIONS, "database.include", "table.include", NULL};
static const char *const other_options[] = {COMMON_OPTIONS, NULL};

/* The vtable has no place for the dialect, so each format has three small functions of its own. */
#define CDC_FORMAT(which, dialect_name, options)                                                                                   \
    static weir_status which##_check(const weir_table *table, const weir_read_spec *spec, bool writing, weir_error *error) {       \
        return weir_cdc_check(&weir_cdc_##which, table, spec, writing, error);                                                     \
    }                                                                                                                              \
    static weir_status which##_reader(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_read_spec *spec, \
                                      weir_reader **out, weir_error *error) {                                                      \
        return weir_cdc_reader_create(&weir_cdc_##which, arena, memory, table, spec, out, error);                                  \
    }                                                                                                                              \
    static weir_status which##_writer(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_schema *schema,  \
                                      weir_writer **out, weir_error *error) {                                                      \
        return weir_cdc_writer_create(&weir_cdc_##which, arena, memory, table, schema, out, error);                                \
    }                                                                                                                              \
    static const weir_field *which##_metadata_at(uint32_t index) {                                                                 \
        return which##_metadata[index].column.name.data == NULL ? NULL : &which##_metadata[index].column;                          \
    }                                                                                                                              \
    const weir_format weir_format_##which##_json = {                                                                               \
        .name = dialect_name,                                                                                                      \
        .records = WEIR_RECORDS_LINES,                                                                                             \
        .changelog = true,                                                                                                         \
        .metadata = which##_metadata_at,                                                                                           \
        .option_names = options,                                                                                                   \
        .check = which##_check,                                                                                                    \
        .reader_create = which##_reader,                                                                                           \
        .read = weir_cdc_read,                                                                                                     \
        .counts = weir_cdc_counts,                                                                                                 \
        .reader_close = weir_cdc_reader_close,                                                                                     \
        .writer_create = which##_writer,                                                                                           \
        .write = weir_cdc_write,                                                                                                   \
        .writer_close = weir_cdc_writer_close,                                                                                     \
        .writes_changes = true,                                                                                                    \
    }

CDC_FORMAT(debezium, "debezium-json", debezium_options);
CDC_FORMAT(canal, "canal-json", canal_options);
CDC_FORMAT(maxwell, "maxwell-json", other_options);
CDC_FORMAT(ogg, "ogg-json", other_options);

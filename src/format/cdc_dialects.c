/* debezium-json, canal-json, maxwell-json, ogg-json: the envelopes that Flink knows, as data. */
#include "format/cdc_int.h"
#include "format/formats_int.h"

static const weir_cdc_metadata debezium_metadata[] = {
    {"schema", "schema", NULL, true, WEIR_CDC_DIRECT},
    {"ingestion-timestamp", "ts_ms", NULL, false, WEIR_CDC_MILLISECONDS},
    {"source.timestamp", "source", "ts_ms", false, WEIR_CDC_MILLISECONDS},
    {"source.database", "source", "db", false, WEIR_CDC_DIRECT},
    {"source.schema", "source", "schema", false, WEIR_CDC_DIRECT},
    {"source.table", "source", "table", false, WEIR_CDC_DIRECT},
    {"source.properties", "source", NULL, false, WEIR_CDC_DIRECT},
    {0},
};
static const weir_cdc_metadata canal_metadata[] = {
    {"database", "database", NULL, false, WEIR_CDC_DIRECT},
    {"table", "table", NULL, false, WEIR_CDC_DIRECT},
    {"sql-type", "sqlType", NULL, false, WEIR_CDC_DIRECT},
    {"pk-names", "pkNames", NULL, false, WEIR_CDC_DIRECT},
    {"ingestion-timestamp", "ts", NULL, false, WEIR_CDC_MILLISECONDS},
    {"event-timestamp", "es", NULL, false, WEIR_CDC_MILLISECONDS},
    {0},
};
static const weir_cdc_metadata maxwell_metadata[] = {
    {"database", "database", NULL, false, WEIR_CDC_DIRECT},
    {"table", "table", NULL, false, WEIR_CDC_DIRECT},
    {"primary-key-columns", "primary_key_columns", NULL, false, WEIR_CDC_DIRECT},
    {"ingestion-timestamp", "ts", NULL, false, WEIR_CDC_SECONDS},
    {0},
};
static const weir_cdc_metadata ogg_metadata[] = {
    {"table", "table", NULL, false, WEIR_CDC_DIRECT},
    {"primary-keys", "primary_keys", NULL, false, WEIR_CDC_DIRECT},
    {0},
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
    const weir_format weir_format_##which##_json = {                                                                               \
        .name = dialect_name,                                                                                                      \
        .records = WEIR_RECORDS_LINES,                                                                                             \
        .changelog = true,                                                                                                         \
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

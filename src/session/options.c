/* Flink's options, as far as they concern what runs here: one table that feeds SET and RESET, their messages, and the documentation.
 *
 * Flink lets unknown keys pass; so does this, with a remark that names the nearest known one. Left out: options of connectors and formats, which
 * stand in a table's WITH clause. */
#include "session/session_int.h"

#define HONOURED WEIR_SETTING_HONOURED
#define MEANINGLESS WEIR_SETTING_MEANINGLESS
#define REFUSED WEIR_SETTING_REFUSED

static const char no_cluster[] = "there is no cluster: everything runs in this process";
static const char own_plan[] = "plans are made by other rules here; the results are the same";
static const char own_memory[] = "memory is governed by --memory";
static const char no_checkpoints[] = "no checkpoints are taken yet: sinks commit when the job ends";
static const char own_client[] = "concerns Flink's client only";

const weir_setting_info weir_settings[] = {
    /* ---- what a job does ---- */
    {"execution.runtime-mode", WEIR_SETTING_WORD, "streaming", "streaming|batch", HONOURED, "read the inputs as streams, or as tables that are complete"},
    {"parallelism.default", WEIR_SETTING_INT, NULL, NULL, HONOURED, "threads of a job; --parallelism says it where this is not set"},
    {"table.exec.resource.default-parallelism", WEIR_SETTING_INT, "-1", NULL, HONOURED, "threads of a job, before parallelism.default"},
    {"table.local-time-zone", WEIR_SETTING_TEXT, "default", NULL, HONOURED, "the zone of TIMESTAMP_LTZ; default: the system's"},
    {"table.dml-sync", WEIR_SETTING_BOOL, NULL, NULL, HONOURED,
     "true: an INSERT is finished before the next statement; false: it runs on behind it; not set: only INSERTs without an end do"},
    {"pipeline.auto-watermark-interval", WEIR_SETTING_DURATION, "200 ms", NULL, HONOURED,
     "a watermark follows a row that advances it by more than this much of event time"},
    {"table.exec.source.idle-timeout", WEIR_SETTING_DURATION, "0 ms", NULL, HONOURED, "a source that is silent for so long no longer holds watermarks back; 0: never"},
    {"table.exec.state.ttl", WEIR_SETTING_DURATION, "0 ms", NULL, HONOURED, "state that was not touched for so long may be forgotten; 0: never"},
    {"table.exec.mini-batch.enabled", WEIR_SETTING_BOOL, "false", NULL, HONOURED, "fold the changes of a bundle of rows into one per key"},
    {"table.exec.mini-batch.allow-latency", WEIR_SETTING_DURATION, "0 ms", NULL, HONOURED, "a bundle waits no longer than this"},
    {"table.exec.mini-batch.size", WEIR_SETTING_INT, "-1", NULL, HONOURED, "rows of a bundle; must be set when mini-batch is enabled"},
    {"table.exec.sink.not-null-enforcer", WEIR_SETTING_WORD, "ERROR", "ERROR|DROP", HONOURED, "a NULL for a NOT NULL column of a sink fails the job, or the row is dropped"},
    {"table.exec.legacy-cast-behaviour", WEIR_SETTING_WORD, "DISABLED", "ENABLED|DISABLED", HONOURED, "ENABLED: a CAST that fails gives NULL"},
    {"table.display.max-column-width", WEIR_SETTING_INT, "30", NULL, HONOURED, "columns of --output table are cut at this width"},
    {"sql-client.display.max-column-width", WEIR_SETTING_INT, NULL, NULL, HONOURED, "the older name of table.display.max-column-width"},
    {"sql-client.execution.result-mode", WEIR_SETTING_WORD, NULL, "table|changelog|tableau", HONOURED, "how results are shown where --output does not say it"},
    {"weir.batch-size", WEIR_SETTING_INT, "4096", NULL, HONOURED, "rows per batch, 1 to 4096; results are the same for all: tests use it"},
    {"weir.optimizer", WEIR_SETTING_WORD, "on", "on|off", HONOURED, "off: only the rewrite rules without which nothing runs; for tests"},
    /* ---- what would change results, and is not there ---- */
    {"table.exec.sink.type-length-enforcer", WEIR_SETTING_WORD, "IGNORE", "IGNORE|TRIM_PAD|ERROR", REFUSED, "sinks take values of CHAR(n) and the like as they are"},
    {"table.exec.sink.nested-constraint-enforcer", WEIR_SETTING_WORD, "IGNORE", "IGNORE|ERROR", REFUSED, "constraints of nested fields are not enforced"},
    {"table.exec.source.cdc-events-duplicate", WEIR_SETTING_BOOL, "false", NULL, REFUSED, "changes that were delivered twice cannot be told apart"},
    {"table.exec.disabled-operators", WEIR_SETTING_TEXT, "", NULL, REFUSED, "operators cannot be switched off"},
    {"table.sql-dialect", WEIR_SETTING_WORD, "default", "default|hive", REFUSED, "only Flink's own dialect is spoken"},
    {"table.column-expansion-strategy", WEIR_SETTING_TEXT, "", NULL, REFUSED, "SELECT * always gives all columns"},
    {"table.dynamic-table-options.enabled", WEIR_SETTING_BOOL, "true", NULL, REFUSED, "OPTIONS hints are always taken"},
    {"execution.savepoint.path", WEIR_SETTING_TEXT, NULL, NULL, REFUSED, "a job cannot be started from a savepoint yet"},
    {"execution.state-recovery.path", WEIR_SETTING_TEXT, NULL, NULL, REFUSED, "a job cannot be started from a savepoint yet"},
    {"table.exec.legacy-transformation-uids", WEIR_SETTING_BOOL, "false", NULL, MEANINGLESS, no_cluster},
    /* ---- what changes nothing here ---- */
    {"table.exec.sink.upsert-materialize", WEIR_SETTING_WORD, "AUTO", "NONE|AUTO|FORCE", MEANINGLESS, "rows keep their order on the way to a sink"},
    {"table.exec.sink.keyed-shuffle", WEIR_SETTING_WORD, "AUTO", "NONE|AUTO|FORCE", MEANINGLESS, "rows keep their order on the way to a sink"},
    {"table.exec.sink.rowtime-inserter", WEIR_SETTING_WORD, "ENABLED", "ENABLED|DISABLED", MEANINGLESS, "sinks take no time beside a row's columns"},
    {"table.exec.rank.topn-cache-size", WEIR_SETTING_INT, "10000", NULL, MEANINGLESS, own_memory},
    {"table.exec.uid.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"table.exec.async-*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "there are no asynchronous look-ups"},
    {"table.exec.resource.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_memory},
    {"table.exec.sort.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_memory},
    {"table.exec.spill-compression.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_memory},
    {"table.exec.window-agg.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_memory},
    {"table.exec.local-hash-agg.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_plan},
    {"table.exec.operator-fusion-codegen.enabled", WEIR_SETTING_BOOL, "false", NULL, MEANINGLESS, own_plan},
    {"table.exec.simplify-operator-name-enabled", WEIR_SETTING_BOOL, "true", NULL, MEANINGLESS, own_plan},
    {"table.exec.deduplicate.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_plan},
    {"table.exec.interval-join.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_plan},
    {"table.exec.unbounded-over.version", WEIR_SETTING_INT, "2", NULL, MEANINGLESS, own_plan},
    {"table.exec.shuffle-mode", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"table.optimizer.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_plan},
    {"table.generated-code.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "no code is generated"},
    {"table.plan.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "plans are not compiled to files"},
    {"table.builtin-catalog-name", WEIR_SETTING_TEXT, "default_catalog", NULL, MEANINGLESS, "the session has started already"},
    {"table.builtin-database-name", WEIR_SETTING_TEXT, "default_database", NULL, MEANINGLESS, "the session has started already"},
    {"table.rtas-ctas.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "a table whose query fails is not kept"},
    {"table.catalog-modification.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "catalogs live in memory"},
    {"table.resources.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "there are no jars"},
    {"table.materialized-table.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "there are no materialized tables"},
    {"workflow-scheduler.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "there are no materialized tables"},
    {"execution.checkpointing.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_checkpoints},
    {"state.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_checkpoints},
    {"restart-strategy*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_checkpoints},
    {"execution.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"pipeline.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"client.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_client},
    {"sql-client.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_client},
    {"sql-gateway.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, own_client},
    {"taskmanager.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"jobmanager.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"resourcemanager.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"rest.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"cluster.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"kubernetes.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"yarn.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"high-availability.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"metrics.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "figures come from --stats"},
    {"env.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, no_cluster},
    {"fs.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "files are the machine's own"},
    {"s3.*", WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, "files are the machine's own"},
    {NULL, WEIR_SETTING_TEXT, NULL, NULL, MEANINGLESS, NULL},
};

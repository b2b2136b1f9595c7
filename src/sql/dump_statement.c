/* The dump of statements. */
#include "sql/dump_int.h"

#define NOWHERE ((weir_position){0})

static void dump_partition(weir_dump *d, const weir_ast_partition *partition) {
    if (!partition)
        return;
    weir_dump_line(d, NULL, partition->position, "partition");
    d->depth++;
    for (size_t i = 0; i < partition->count; i++) {
        weir_dump_ident(d, "key", partition->names[i]);
        weir_dump_expr(d, "value", partition->values[i]);
    }
    weir_dump_options(d, "option", partition->options);
    d->depth--;
}

static void dump_constraint(weir_dump *d, const weir_ast_constraint *constraint) {
    static const char *const enforcements[] = {"", " ENFORCED", " NOT ENFORCED"};
    weir_dump_line(d, NULL, constraint->position, "%s%s%s", constraint->unique ? "unique" : "primary key",
        constraint->inline_column ? " inline" : "", enforcements[constraint->enforcement]);
    d->depth++;
    weir_dump_ident(d, "name", constraint->name);
    weir_dump_idents(d, "column", constraint->columns, constraint->column_count);
    d->depth--;
}

static void dump_column(weir_dump *d, const weir_ast_column *column) {
    static const char *const kinds[] = {"column", "metadata column", "computed column"};
    weir_dump_line(d, NULL, column->position, "%s", kinds[column->kind]);
    d->depth++;
    weir_dump_name(d, "name", &column->name);
    weir_dump_type(d, "type", column->type);
    weir_dump_expr(d, "as", column->expr);
    if (column->metadata_key_written)
        weir_dump_text(d, "key", column->metadata_key);
    weir_dump_flag(d, "virtual", column->is_virtual);
    if (column->has_comment)
        weir_dump_text(d, "comment", column->comment);
    weir_dump_flag(d, "first", column->place == WEIR_AST_PLACE_FIRST);
    weir_dump_name(d, "after", &column->after);
    d->depth--;
}

static void dump_watermark(weir_dump *d, const weir_ast_watermark *watermark) {
    if (!watermark)
        return;
    weir_dump_line(d, NULL, watermark->position, "watermark");
    d->depth++;
    weir_dump_name(d, "for", &watermark->column);
    weir_dump_expr(d, "as", watermark->expr);
    d->depth--;
}

static void dump_distribution(weir_dump *d, const weir_ast_distribution *distribution) {
    if (!distribution->present)
        return;
    weir_dump_line(d, NULL, distribution->position, "distribution %.*s %.*s", WEIR_TEXT_ARGS(distribution->kind),
        WEIR_TEXT_ARGS(distribution->bucket_count));
    d->depth++;
    weir_dump_idents(d, "column", distribution->columns, distribution->column_count);
    d->depth--;
}

static void dump_create_table(weir_dump *d, const weir_ast_create_table *create) {
    static const char *const merges[] = {"INCLUDING", "EXCLUDING", "OVERWRITING"};
    static const char *const features[] = {"ALL", "CONSTRAINTS", "DISTRIBUTION", "GENERATED", "METADATA", "OPTIONS", "PARTITIONS",
        "WATERMARKS"};
    weir_dump_name(d, "name", &create->name);
    weir_dump_flag(d, "or replace", create->or_replace);
    weir_dump_flag(d, "replace only", create->replace_only);
    weir_dump_flag(d, "temporary", create->temporary);
    weir_dump_flag(d, "if not exists", create->if_not_exists);
    for (size_t i = 0; i < create->column_count; i++)
        dump_column(d, &create->columns[i]);
    for (size_t i = 0; i < create->constraint_count; i++)
        dump_constraint(d, &create->constraints[i]);
    dump_watermark(d, create->watermark);
    if (create->has_comment)
        weir_dump_text(d, "comment", create->comment);
    dump_distribution(d, &create->distribution);
    weir_dump_idents(d, "partitioned by", create->partitions, create->partition_count);
    weir_dump_options(d, "option", create->options);
    if (create->like) {
        weir_dump_name(d, "like", &create->like->source);
        for (size_t i = 0; i < create->like->option_count; i++)
            weir_dump_line(d, "like option", create->like->options[i].position, "%s %s", merges[create->like->options[i].merge],
                features[create->like->options[i].feature]);
    }
    weir_dump_query(d, "as", create->query);
}

static void dump_create_view(weir_dump *d, const weir_ast_create_view *create) {
    weir_dump_name(d, "name", &create->name);
    weir_dump_flag(d, "or replace", create->or_replace);
    weir_dump_flag(d, "temporary", create->temporary);
    weir_dump_flag(d, "if not exists", create->if_not_exists);
    weir_dump_idents(d, "column", create->columns, create->column_count);
    if (create->has_comment)
        weir_dump_text(d, "comment", create->comment);
    weir_dump_query(d, "as", create->query);
}

static void dump_function(weir_dump *d, const weir_ast_create_function *function) {
    weir_dump_name(d, "name", &function->name);
    weir_dump_flag(d, "temporary", function->temporary);
    weir_dump_flag(d, "system", function->system);
    weir_dump_flag(d, "if [not] exists", function->if_not_exists);
    weir_dump_text(d, "class", function->class_name);
    if (function->language.size)
        weir_dump_text(d, "language", function->language);
    for (size_t i = 0; i < function->resource_count; i++)
        weir_dump_text(d, "jar", function->resources[i]);
    weir_dump_options(d, "option", function->options);
}

static void dump_alter(weir_dump *d, const weir_ast_alter *alter) {
    static const char *const kinds[] = {"RENAME", "RENAME COLUMN", "SET", "RESET", "ADD", "MODIFY", "DROP COLUMNS", "DROP PRIMARY KEY",
        "DROP CONSTRAINT", "DROP WATERMARK", "DROP DISTRIBUTION", "ADD PARTITIONS", "DROP PARTITIONS", "COMPACT", "AS", "COMMENT",
        "OTHER"};
    weir_dump_line(d, NULL, NOWHERE, "%s %s", weir_ast_object_name(alter->object), kinds[alter->kind]);
    weir_dump_name(d, "name", &alter->name);
    weir_dump_flag(d, "if exists", alter->if_exists);
    weir_dump_flag(d, "element if [not] exists", alter->element_exists);
    weir_dump_name(d, "column", &alter->column);
    weir_dump_name(d, "new name", &alter->new_name);
    for (size_t i = 0; i < alter->dropped_count; i++)
        weir_dump_name(d, "dropped", &alter->dropped[i]);
    for (size_t i = 0; i < alter->column_count; i++)
        dump_column(d, &alter->columns[i]);
    for (size_t i = 0; i < alter->constraint_count; i++)
        dump_constraint(d, &alter->constraints[i]);
    dump_watermark(d, alter->watermark);
    dump_distribution(d, &alter->distribution);
    for (size_t i = 0; i < alter->partition_count; i++)
        dump_partition(d, &alter->partitions[i]);
    weir_dump_options(d, "option", alter->options);
    weir_dump_query(d, "as", alter->query);
    if (alter->comment.data)
        weir_dump_text(d, "comment", alter->comment);
    if (alter->what.data)
        weir_dump_text(d, "what", alter->what);
}

static void dump_show(weir_dump *d, const weir_ast_show *show) {
    static const char *const kinds[] = {"TABLES", "VIEWS", "MATERIALIZED TABLES", "COLUMNS", "DATABASES", "CATALOGS", "FUNCTIONS",
        "PROCEDURES", "MODELS", "MODULES", "PARTITIONS", "CURRENT CATALOG", "CURRENT DATABASE", "CREATE", "JOBS", "JARS", "CONNECTIONS"};
    static const char *const likes[] = {"", "LIKE", "ILIKE"};
    weir_dump_line(d, NULL, NOWHERE, "%s%s%s", kinds[show->kind], show->kind == WEIR_AST_SHOW_CREATE ? " " : "",
        show->kind == WEIR_AST_SHOW_CREATE ? weir_ast_object_name(show->object) : "");
    weir_dump_flag(d, "user", show->user_only);
    weir_dump_flag(d, "full", show->full);
    weir_dump_name(d, "from", &show->from);
    dump_partition(d, show->partition);
    if (show->like != WEIR_AST_SHOW_ALL) {
        weir_dump_line(d, NULL, NOWHERE, "%s%s", show->not_like ? "NOT " : "", likes[show->like]);
        weir_dump_text(d, "pattern", show->pattern);
    }
}

static void dump_explain(weir_dump *d, const weir_ast_explain *explain) {
    weir_dump_flag(d, "ESTIMATED_COST", explain->estimated_cost);
    weir_dump_flag(d, "CHANGELOG_MODE", explain->changelog_mode);
    weir_dump_flag(d, "JSON_EXECUTION_PLAN", explain->json_execution_plan);
    weir_dump_flag(d, "PLAN_ADVICE", explain->plan_advice);
    weir_dump_flag(d, "ANALYZED_PHYSICAL_PLAN", explain->analyzed_physical_plan);
    weir_dump_statement(d, NULL, explain->statement);
}

static void dump_insert(weir_dump *d, const weir_ast_insert *insert) {
    weir_dump_flag(d, "overwrite", insert->overwrite);
    weir_dump_name(d, "into", &insert->target);
    weir_dump_hints(d, insert->hints);
    dump_partition(d, insert->partition);
    weir_dump_idents(d, "column", insert->columns, insert->column_count);
    weir_dump_query(d, NULL, insert->query);
    if (insert->on_conflict.size)
        weir_dump_text(d, "on conflict", insert->on_conflict);
}

static void dump_change(weir_dump *d, const weir_ast_change *change) {
    weir_dump_name(d, "target", &change->target);
    weir_dump_ident(d, "alias", change->alias);
    for (size_t i = 0; i < change->assignment_count; i++) {
        weir_dump_name(d, "set", &change->assignments[i].column);
        d->depth++;
        weir_dump_expr(d, NULL, change->assignments[i].value);
        d->depth--;
    }
    weir_dump_expr(d, "where", change->where);
}

static void dump_describe(weir_dump *d, const weir_ast_describe *describe) {
    static const char *const kinds[] = {"TABLE", "CATALOG", "DATABASE", "FUNCTION", "MODEL", "JOB"};
    weir_dump_line(d, NULL, NOWHERE, "%s%s", kinds[describe->kind], describe->extended ? " EXTENDED" : "");
    weir_dump_name(d, "name", &describe->name);
    if (describe->job_id.data)
        weir_dump_text(d, "job", describe->job_id);
}

static void dump_drop(weir_dump *d, const weir_ast_drop *drop) {
    weir_dump_line(d, NULL, NOWHERE, "%s", weir_ast_object_name(drop->object));
    weir_dump_name(d, "name", &drop->name);
    weir_dump_flag(d, "temporary", drop->temporary);
    weir_dump_flag(d, "system", drop->system);
    weir_dump_flag(d, "if exists", drop->if_exists);
    weir_dump_flag(d, "cascade", drop->cascade);
}

static void dump_parts(weir_dump *d, const weir_ast_statement *s) {
    switch (s->kind) {
    case WEIR_AST_STATEMENT_QUERY: weir_dump_query(d, NULL, s->as.query); return;
    case WEIR_AST_STATEMENT_INSERT: dump_insert(d, &s->as.insert); return;
    case WEIR_AST_STATEMENT_SET_BLOCK:
        for (size_t i = 0; i < s->as.statement_set.insert_count; i++)
            weir_dump_statement(d, NULL, s->as.statement_set.inserts[i]);
        return;
    case WEIR_AST_STATEMENT_EXECUTE: case WEIR_AST_STATEMENT_COMPILE_PLAN:
        if (s->as.inner.text.data)
            weir_dump_text(d, "file", s->as.inner.text);
        weir_dump_flag(d, "if not exists", s->as.inner.if_not_exists);
        weir_dump_flag(d, "and execute", s->as.inner.and_execute);
        weir_dump_statement(d, NULL, s->as.inner.statement);
        return;
    case WEIR_AST_STATEMENT_CREATE_TABLE: dump_create_table(d, s->as.create_table); return;
    case WEIR_AST_STATEMENT_CREATE_VIEW: dump_create_view(d, s->as.create_view); return;
    case WEIR_AST_STATEMENT_CREATE_DATABASE: case WEIR_AST_STATEMENT_CREATE_CATALOG:
        weir_dump_name(d, "name", &s->as.create_space.name);
        weir_dump_flag(d, "if not exists", s->as.create_space.if_not_exists);
        if (s->as.create_space.has_comment)
            weir_dump_text(d, "comment", s->as.create_space.comment);
        weir_dump_options(d, "option", s->as.create_space.options);
        return;
    case WEIR_AST_STATEMENT_CREATE_FUNCTION: case WEIR_AST_STATEMENT_ALTER_FUNCTION: dump_function(d, &s->as.create_function); return;
    case WEIR_AST_STATEMENT_CREATE_OTHER:
        weir_dump_text(d, "what", s->as.other.what);
        weir_dump_name(d, "name", &s->as.other.name);
        return;
    case WEIR_AST_STATEMENT_DROP: dump_drop(d, &s->as.drop); return;
    case WEIR_AST_STATEMENT_ALTER: dump_alter(d, s->as.alter); return;
    case WEIR_AST_STATEMENT_SET: case WEIR_AST_STATEMENT_RESET:
        weir_dump_options(d, NULL, (weir_ast_options){.items = &s->as.option, .count = s->as.option.key.data != NULL});
        return;
    case WEIR_AST_STATEMENT_USE: case WEIR_AST_STATEMENT_USE_CATALOG: case WEIR_AST_STATEMENT_USE_MODULES:
    case WEIR_AST_STATEMENT_LOAD_MODULE: case WEIR_AST_STATEMENT_UNLOAD_MODULE: case WEIR_AST_STATEMENT_ANALYZE:
        weir_dump_name(d, "name", &s->as.use.name);
        weir_dump_idents(d, "module", s->as.use.modules, s->as.use.module_count);
        weir_dump_options(d, "option", s->as.use.options);
        return;
    case WEIR_AST_STATEMENT_SHOW: dump_show(d, &s->as.show); return;
    case WEIR_AST_STATEMENT_DESCRIBE: dump_describe(d, &s->as.describe); return;
    case WEIR_AST_STATEMENT_EXPLAIN: dump_explain(d, &s->as.explain); return;
    case WEIR_AST_STATEMENT_UPDATE: case WEIR_AST_STATEMENT_DELETE: case WEIR_AST_STATEMENT_TRUNCATE: dump_change(d, &s->as.change); return;
    case WEIR_AST_STATEMENT_CALL: weir_dump_expr(d, NULL, s->as.call); return;
    case WEIR_AST_STATEMENT_EXECUTE_PLAN: case WEIR_AST_STATEMENT_ADD_JAR: case WEIR_AST_STATEMENT_REMOVE_JAR:
        weir_dump_text(d, "path", s->as.text);
        return;
    case WEIR_AST_STATEMENT_STOP_JOB:
        weir_dump_text(d, "job", s->as.job.id);
        weir_dump_flag(d, "with savepoint", s->as.job.with_savepoint);
        weir_dump_flag(d, "with drain", s->as.job.with_drain);
        return;
    case WEIR_AST_STATEMENT_BEGIN_STATEMENT_SET: case WEIR_AST_STATEMENT_END: case WEIR_AST_STATEMENT_HELP:
    case WEIR_AST_STATEMENT_CLEAR: case WEIR_AST_STATEMENT_QUIT:
        return;
    }
}

void weir_dump_statement(weir_dump *d, const char *label, const weir_ast_statement *statement) {
    weir_dump_line(d, label, statement->position, "%s", weir_ast_statement_name(statement));
    d->depth++;
    dump_parts(d, statement);
    d->depth--;
}

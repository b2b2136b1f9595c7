/* What may follow the text before the cursor: tables behind FROM, columns of the tables that the statement names, functions, keywords;
 * options and their values inside of quotes; commands and files behind a backslash. Words keep the case in which they were begun. */
#include <stdlib.h>
#include <string.h>

#include "agg/aggregate.h"
#include "cli/repl/repl_int.h"
#include "connect/connector.h"
#include "sql/lexer.h"

enum { TOKENS_MAX = 4096, TABLES_MAX = 32 };

/* The tokens of the statement, and what is known about the word. */
typedef struct context {
    weir_session *session;
    repl_completion *out;
    weir_text before;
    weir_text word; /* what has been typed of it */
    bool lower;     /* it was begun in small letters */
    weir_token *tokens;
    size_t token_count;  /* of the whole statement */
    size_t before_count; /* of those wholly before the word */
} context;

static void offer(context *self, weir_text word) {
    if (word.size < self->word.size || !weir_text_equal_nocase((weir_text){word.data, self->word.size}, self->word))
        return;
    weir_text copy = weir_arena_text(&self->out->arena, word);
    if (copy.data != NULL && !weir_list_add(&self->out->arena, &self->out->words, (void *)copy.data))
        self->out->words.count = 0;
}

static void offer_c(context *self, const char *word) { offer(self, weir_text_of(word)); }

/* A word of the language, in the case of what was typed; `suffix` may be "(". */
static void offer_word(context *self, const char *word, const char *suffix) {
    char text[128];
    size_t size = strlen(word), more = strlen(suffix);
    if (size + more + 1 > sizeof text)
        return;
    for (size_t i = 0; i < size; i++)
        text[i] = self->lower && word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] + 32) : word[i];
    memcpy(text + size, suffix, more + 1);
    offer(self, (weir_text){text, size + more});
}

static void offer_words(context *self, const char *const *words) {
    for (; *words != NULL; words++)
        offer_word(self, *words, "");
}

/* A name, in backticks where it needs them. */
static void offer_name(context *self, weir_text name) {
    bool plain = name.size > 0 && !(name.data[0] >= '0' && name.data[0] <= '9') && !weir_keyword_reserved(weir_keyword_find(name));
    for (size_t i = 0; plain && i < name.size; i++) {
        char c = name.data[i];
        plain = c == '_' || c == '$' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
    }
    if (plain) {
        offer(self, name);
        return;
    }
    weir_text quoted = weir_arena_format(&self->out->arena, "`%.*s`", WEIR_TEXT_ARGS(name));
    bool typed_tick = self->word.size > 0 && self->word.data[0] == '`';
    if (quoted.data != NULL && !typed_tick && self->word.size > 0 && name.size >= self->word.size &&
        weir_text_equal_nocase((weir_text){name.data, self->word.size}, self->word)) {
        if (!weir_list_add(&self->out->arena, &self->out->words, (void *)quoted.data))
            self->out->words.count = 0;
    } else if (quoted.data != NULL) {
        offer(self, quoted);
    }
}

/* ---- what there is ---- */

static void offer_tables(context *self, weir_text database) {
    const weir_catalog *catalog = weir_session_catalog(self->session);
    weir_text *names;
    size_t count;
    weir_text in = database.size > 0 ? database : weir_catalog_current_database(catalog);
    if (weir_catalog_has_database(catalog, weir_catalog_current(catalog), in) &&
        weir_catalog_list_tables(catalog, &self->out->arena, weir_catalog_current(catalog), in, false, &names, &count, NULL) == WEIR_OK)
        for (size_t i = 0; i < count; i++)
            offer_name(self, names[i]);
}

static void offer_databases(context *self) {
    const weir_catalog *catalog = weir_session_catalog(self->session);
    weir_text *names;
    size_t count;
    if (weir_catalog_list_databases(catalog, &self->out->arena, weir_catalog_current(catalog), &names, &count, NULL) == WEIR_OK)
        for (size_t i = 0; i < count; i++)
            offer_name(self, names[i]);
}

static void offer_catalogs(context *self) {
    weir_text *names;
    size_t count;
    if (weir_catalog_list_catalogs(weir_session_catalog(self->session), &self->out->arena, &names, &count, NULL) == WEIR_OK)
        for (size_t i = 0; i < count; i++)
            offer_name(self, names[i]);
}

static void offer_functions(context *self) {
    const weir_function *function;
    const weir_aggregate *aggregate;
    for (size_t f = 0; (function = weir_function_family(f)) != NULL; f++)
        for (; function->name != NULL; function++)
            if ((function->flags & WEIR_FUNCTION_HIDDEN) == 0)
                offer_word(self, function->name, "(");
    for (size_t f = 0; (aggregate = weir_aggregate_family(f)) != NULL; f++)
        for (; aggregate->name != NULL; aggregate++)
            if ((aggregate->flags & WEIR_AGGREGATE_HIDDEN) == 0)
                offer_word(self, aggregate->name, "(");
}

/* All words once two letters have been typed, before that those that queries are made of. */
static void offer_keywords(context *self) {
    for (int k = WEIR_KEYWORD_NONE + 1; k < WEIR_KEYWORD_LIMIT; k++)
        if (self->word.size >= 2 || weir_keyword_reserved((weir_keyword)k))
            offer_word(self, weir_keyword_name((weir_keyword)k), "");
}

/* ---- the tables of the statement ---- */

static bool is_name(const weir_token *token) { return token->kind == WEIR_TOKEN_WORD || token->kind == WEIR_TOKEN_QUOTED_NAME; }

static weir_text name_of(const weir_token *token) {
    if (token->kind == WEIR_TOKEN_QUOTED_NAME && token->text.size >= 2)
        return (weir_text){token->text.data + 1, token->text.size - 2};
    return token->text;
}

static void offer_columns_of(context *self, const weir_table *table) {
    for (uint32_t i = 0; table != NULL && i < table->column_count; i++)
        offer_name(self, table->columns[i].name);
}

/* The table that the tokens from `at` name; *next: behind it and its alias (`alias`, size 0: none). */
static const weir_table *table_at(const context *self, size_t at, size_t *next, weir_text *alias) {
    weir_text parts[3];
    size_t count = 0;
    while (at < self->token_count && count < 3 && is_name(&self->tokens[at])) {
        parts[count++] = name_of(&self->tokens[at++]);
        if (at + 1 >= self->token_count || self->tokens[at].kind != WEIR_TOKEN_DOT)
            break;
        at++;
    }
    weir_object_path path;
    const weir_table *table = NULL;
    if (count > 0 && weir_catalog_path(weir_session_catalog(self->session), parts, count, &path, NULL) == WEIR_OK)
        table = weir_catalog_find(weir_session_catalog(self->session), path);
    if (at < self->token_count && self->tokens[at].keyword == WEIR_KW_AS)
        at++;
    *alias = (weir_text){0};
    if (at < self->token_count && is_name(&self->tokens[at]) && !weir_keyword_reserved(self->tokens[at].keyword))
        *alias = name_of(&self->tokens[at++]);
    *next = at;
    return table;
}

static bool names_table(weir_keyword keyword) {
    return keyword == WEIR_KW_FROM || keyword == WEIR_KW_JOIN || keyword == WEIR_KW_INTO || keyword == WEIR_KW_TABLE ||
           keyword == WEIR_KW_UPDATE || keyword == WEIR_KW_VIEW || keyword == WEIR_KW_DESCRIBE || keyword == WEIR_KW_DESC ||
           keyword == WEIR_KW_OVERWRITE;
}

/* The columns of all tables that the statement names; with `qualifier` only those of this table or alias. */
static void offer_columns(context *self, weir_text qualifier) {
    for (size_t i = 0; i < self->token_count; i++) {
        if (!names_table(self->tokens[i].keyword))
            continue;
        for (size_t at = i + 1, next = 0; at < self->token_count; at = next + 1) {
            weir_text alias;
            const weir_table *table = table_at(self, at, &next, &alias);
            if (table != NULL && (qualifier.size == 0 || weir_text_equal_nocase(alias, qualifier) ||
                                  (alias.size == 0 && weir_text_equal_nocase(table->name, qualifier))))
                offer_columns_of(self, table);
            if (next >= self->token_count || self->tokens[next].kind != WEIR_TOKEN_COMMA)
                break;
        }
    }
}

/* ---- inside of quotes ---- */

static bool sees(const context *self, size_t from_end, weir_keyword keyword) {
    return self->before_count >= from_end && self->tokens[self->before_count - from_end].keyword == keyword;
}

static weir_token_kind kind_before(const context *self, size_t from_end) {
    return self->before_count >= from_end ? self->tokens[self->before_count - from_end].kind : WEIR_TOKEN_END;
}

static bool string_before_is(const context *self, const char *text) {
    if (kind_before(self, 2) != WEIR_TOKEN_STRING)
        return false;
    weir_text string = self->tokens[self->before_count - 2].text;
    return string.size >= 2 && weir_text_equal_c((weir_text){string.data + 1, string.size - 2}, text);
}

static void offer_split(context *self, const char *words) {
    while (words != NULL && *words != '\0') {
        const char *end = strchr(words, '|');
        offer(self, (weir_text){words, end == NULL ? strlen(words) : (size_t)(end - words)});
        words = end == NULL ? NULL : end + 1;
    }
}

static void offer_value(context *self) {
    if (string_before_is(self, "connector")) {
        for (size_t i = 0; weir_connectors[i] != NULL; i++)
            offer_c(self, weir_connectors[i]->name);
        return;
    }
    if (string_before_is(self, "format")) {
        for (size_t i = 0; weir_formats[i] != NULL; i++)
            offer_c(self, weir_formats[i]->name);
        return;
    }
    for (const weir_setting_info *info = weir_settings; info->key != NULL; info++)
        if (string_before_is(self, info->key))
            offer_split(self, info->type == WEIR_SETTING_BOOL ? "true|false" : info->words);
}

/* The options of the connector that the statement names; of all, when it names none. */
static void offer_table_options(context *self) {
    const weir_connector *only = NULL;
    for (size_t i = 0; i + 2 < self->token_count; i++) {
        weir_text value = self->tokens[i + 2].text;
        if (self->tokens[i].kind == WEIR_TOKEN_STRING && weir_text_equal_c(self->tokens[i].text, "'connector'") && value.size > 2)
            only = weir_connector_find((weir_text){value.data + 1, value.size - 2});
    }
    offer_c(self, "connector");
    for (size_t i = 0; weir_connectors[i] != NULL; i++) {
        const weir_connector *connector = weir_connectors[i];
        if (only != NULL && connector != only)
            continue;
        for (const char *const *name = connector->required_options; name != NULL && *name != NULL; name++)
            offer_c(self, *name);
        for (const char *const *name = connector->optional_options; name != NULL && *name != NULL; name++)
            offer_c(self, *name);
        if (connector->uses_format)
            offer_c(self, "format");
    }
}

static void offer_in_string(context *self) {
    if (sees(self, 1, WEIR_KW_SET) || sees(self, 1, WEIR_KW_RESET)) {
        for (const weir_setting_info *info = weir_settings; info->key != NULL; info++)
            if (info->status == WEIR_SETTING_HONOURED || self->word.size > 0)
                offer_c(self, info->key);
    } else if (kind_before(self, 1) == WEIR_TOKEN_EQUAL) {
        offer_value(self);
    } else if (kind_before(self, 1) == WEIR_TOKEN_LEFT_PAREN || kind_before(self, 1) == WEIR_TOKEN_COMMA) {
        for (size_t i = 0; i < self->before_count; i++)
            if (self->tokens[i].keyword == WEIR_KW_WITH || self->tokens[i].keyword == WEIR_KW_SET) {
                offer_table_options(self);
                break;
            }
    }
}

/* ---- backslashes ---- */

static void offer_files(context *self) {
    const char *slash = memrchr(self->word.data, '/', self->word.size);
    weir_text folder = slash == NULL ? WEIR_TEXT(".") : (weir_text){self->word.data, (size_t)(slash - self->word.data) + 1};
    weir_text path = weir_arena_text(&self->out->arena, folder);
    weir_file_entry *entries;
    size_t count;
    if (path.data == NULL || weir_files_list(weir_files_real(), &self->out->arena, path.data, &entries, &count, NULL) != WEIR_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        weir_text name = weir_arena_format(&self->out->arena, "%.*s%.*s%s", slash == NULL ? 0 : (int)folder.size, folder.data,
                                           WEIR_TEXT_ARGS(entries[i].name), entries[i].info.kind == WEIR_FILE_FOLDER ? "/" : "");
        if (name.data != NULL)
            offer(self, name);
    }
}

static void complete_meta(context *self) {
    size_t start = self->before.size;
    while (start > 0 && self->before.data[start - 1] != ' ')
        start--;
    self->out->start = start;
    self->word = (weir_text){self->before.data + start, self->before.size - start};
    if (start == 0) {
        for (const repl_meta *meta = repl_metas; meta->name != NULL; meta++)
            offer_c(self, meta->name);
    } else if (weir_text_starts(self->before, WEIR_TEXT("\\d ")) || weir_text_starts(self->before, WEIR_TEXT("\\d\t"))) {
        offer_tables(self, (weir_text){0});
    } else if (weir_text_starts(self->before, WEIR_TEXT("\\df"))) {
        offer_functions(self);
    } else {
        offer_files(self);
    }
}

/* ---- all together ---- */

static const char *const starts[] = {"SELECT",  "INSERT", "CREATE", "DROP",  "ALTER", "SHOW",   "DESCRIBE",
                                     "EXPLAIN", "SET",    "RESET",  "USE",   "WITH",  "VALUES", "BEGIN",
                                     "EXECUTE", "STOP",   "HELP",   "CLEAR", "QUIT",  "EXIT",   NULL};
static const char *const behind_show[] = {"TABLES", "VIEWS",   "DATABASES",  "CATALOGS", "FUNCTIONS", "COLUMNS",    "CREATE", "CURRENT",
                                          "JOBS",   "MODULES", "PARTITIONS", "USER",     "FULL",      "PROCEDURES", "JARS",   NULL};
static const char *const behind_create[] = {"TABLE", "TEMPORARY", "VIEW", "DATABASE", "CATALOG", "FUNCTION", "OR", NULL};
static const char *const behind_drop[] = {"TABLE", "TEMPORARY", "VIEW", "DATABASE", "CATALOG", "FUNCTION", NULL};

static const struct {
    weir_keyword keyword;
    const char *const *words;
} followers[] = {
    {WEIR_KW_SHOW, behind_show},
    {WEIR_KW_CREATE, behind_create},
    {WEIR_KW_DROP, behind_drop},
};

static void complete_dotted(context *self) {
    const weir_token *qualifier = &self->tokens[self->before_count - 2];
    if (!is_name(qualifier))
        return;
    offer_columns(self, name_of(qualifier));
    offer_tables(self, name_of(qualifier));
}

static void complete_sql(context *self) {
    weir_keyword last = self->before_count > 0 ? self->tokens[self->before_count - 1].keyword : WEIR_KEYWORD_NONE;
    if (self->before_count == 0) {
        offer_words(self, starts);
        return;
    }
    for (size_t i = 0; i < sizeof followers / sizeof followers[0]; i++)
        if (last == followers[i].keyword && self->before_count == 1) {
            offer_words(self, followers[i].words);
            return;
        }
    if (kind_before(self, 1) == WEIR_TOKEN_DOT && self->before_count >= 2) {
        complete_dotted(self);
    } else if (last == WEIR_KW_USE) {
        offer_word(self, "CATALOG", "");
        offer_databases(self);
    } else if (last == WEIR_KW_CATALOG && sees(self, 2, WEIR_KW_USE)) {
        offer_catalogs(self);
    } else if (names_table(last)) {
        offer_tables(self, (weir_text){0});
        offer_databases(self);
    } else {
        offer_columns(self, (weir_text){0});
        offer_functions(self);
        offer_keywords(self);
    }
}

static bool word_byte(char c) {
    return c == '_' || c == '$' || c == '`' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c & 0x80) != 0;
}

/* The last statement of the text: its tokens up to the word, then those behind the cursor. An open string makes the word. */
static bool scan(context *self, weir_text after) {
    weir_lexer lexer;
    weir_token token;
    weir_lexer_init(&lexer, self->before);
    weir_lexer_start(&lexer, true);
    for (weir_lexer_next(&lexer, &token); token.kind != WEIR_TOKEN_END && token.kind != WEIR_TOKEN_ERROR; weir_lexer_next(&lexer, &token)) {
        size_t end = (size_t)(token.text.data - self->before.data) + token.text.size;
        if (token.kind == WEIR_TOKEN_QUOTE) {
            self->out->start = (size_t)(token.text.data - self->before.data) + 1;
            self->out->in_string = true;
            break;
        }
        if (token.kind == WEIR_TOKEN_SEMICOLON)
            self->token_count = 0;
        else if (end <= self->out->start && self->token_count < TOKENS_MAX)
            self->tokens[self->token_count++] = token;
    }
    self->before_count = self->token_count;
    if (token.kind == WEIR_TOKEN_ERROR)
        return false;
    weir_lexer_init(&lexer, after);
    weir_lexer_start(&lexer, false);
    for (weir_lexer_next(&lexer, &token); token.kind != WEIR_TOKEN_END && token.kind != WEIR_TOKEN_ERROR; weir_lexer_next(&lexer, &token))
        if (self->token_count < TOKENS_MAX)
            self->tokens[self->token_count++] = token;
    return true;
}

static int by_text(const void *left, const void *right) { return strcmp(*(char *const *)left, *(char *const *)right); }

static void sort_words(repl_completion *out) {
    if (out->words.count < 2)
        return;
    qsort(out->words.items, out->words.count, sizeof out->words.items[0], by_text);
    size_t kept = 1;
    for (size_t i = 1; i < out->words.count; i++)
        if (strcmp(out->words.items[i], out->words.items[kept - 1]) != 0)
            out->words.items[kept++] = out->words.items[i];
    out->words.count = kept;
}

void repl_complete(weir_session *session, weir_memory *memory, weir_text before, weir_text after, repl_completion *out) {
    *out = (repl_completion){.start = before.size};
    weir_arena_init(&out->arena, memory);
    context self = {.session = session, .out = out, .before = before};
    if (before.size > 0 && before.data[0] == '\\') {
        complete_meta(&self);
        sort_words(out);
        return;
    }
    while (out->start > 0 && word_byte(before.data[out->start - 1]))
        out->start--;
    self.tokens = WEIR_ARENA_ARRAY(&out->arena, weir_token, TOKENS_MAX);
    if (self.tokens == NULL || !scan(&self, after))
        return;
    self.word = (weir_text){before.data + out->start, before.size - out->start};
    self.lower = self.word.size > 0 && self.word.data[0] >= 'a' && self.word.data[0] <= 'z';
    if (out->in_string)
        offer_in_string(&self);
    else
        complete_sql(&self);
    sort_words(out);
}

void repl_completion_deinit(repl_completion *completion) { weir_arena_deinit(&completion->arena); }

size_t repl_completion_common(const repl_completion *completion) {
    if (completion->words.count == 0)
        return 0;
    const char *first = completion->words.items[0];
    size_t common = strlen(first);
    for (size_t i = 1; i < completion->words.count; i++) {
        const char *word = completion->words.items[i];
        size_t same = 0;
        while (same < common && word[same] == first[same])
            same++;
        common = same;
    }
    while (common > 0 && ((unsigned char)first[common] & 0xC0) == 0x80)
        common--;
    return common;
}

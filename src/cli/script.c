/* Scripts on their way in: read, and ${NAME} filled in from --param. Comments are left alone. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli_int.h"
#include "sql/lexer.h"

enum { SCRIPT_BYTES_MAX = 512 << 20 };

static bool name_char(char c, bool first) {
    return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
}

/* The value of --param NAME=VALUE; NULL: not given. */
static const char *param_value(const cli_arguments *arguments, weir_text name) {
    for (size_t i = arguments->given_count; i-- > 0;) {
        const cli_given *given = &arguments->given[i];
        if (strcmp(given->option->name, "--param") != 0)
            continue;
        const char *equal = strchr(given->value, '=');
        if (equal != NULL && weir_text_equal(name, (weir_text){given->value, (size_t)(equal - given->value)}))
            return equal + 1;
    }
    return NULL;
}

static void hint_params(const cli_arguments *arguments, weir_text name, weir_error *error) {
    weir_text names[64];
    size_t count = 0;
    for (size_t i = 0; i < arguments->given_count && count < 64; i++) {
        const char *equal = strcmp(arguments->given[i].option->name, "--param") == 0 ? strchr(arguments->given[i].value, '=') : NULL;
        if (equal != NULL)
            names[count++] = (weir_text){arguments->given[i].value, (size_t)(equal - arguments->given[i].value)};
    }
    int nearest = weir_text_nearest(name, names, count);
    if (nearest >= 0)
        weir_error_hint(error, "--param gives '%.*s': is that what is meant?", WEIR_TEXT_ARGS(names[nearest]));
    else
        weir_error_hint(error, "give it with --param %.*s=VALUE", WEIR_TEXT_ARGS(name));
}

/* Where the comment that begins here ends; `at` itself when none begins here. Hints are no comments. */
static size_t comment_end(weir_text text, size_t at) {
    if (at + 1 >= text.size)
        return at;
    if (text.data[at] == '-' && text.data[at + 1] == '-') {
        const char *end = memchr(text.data + at, '\n', text.size - at);
        return end == NULL ? text.size : (size_t)(end - text.data);
    }
    if (text.data[at] == '/' && text.data[at + 1] == '*' && !(at + 2 < text.size && text.data[at + 2] == '+')) {
        for (size_t i = at + 2; i + 1 < text.size; i++)
            if (text.data[i] == '*' && text.data[i + 1] == '/')
                return i + 2;
        return text.size;
    }
    return at;
}

static size_t string_end(weir_text text, size_t at) {
    const char *end = memchr(text.data + at + 1, '\'', text.size - at - 1);
    return end == NULL ? text.size : (size_t)(end - text.data);
}

static weir_status fill_params(const cli_arguments *arguments, weir_text text, weir_builder *out, weir_error *error) {
    size_t copied = 0, string_stop = 0;
    for (size_t at = 0; at < text.size; at++) {
        if (at >= string_stop) {
            size_t end = comment_end(text, at);
            if (end > at) {
                at = end - 1;
                continue;
            }
            if (text.data[at] == '\'')
                string_stop = string_end(text, at) + 1;
        }
        if (text.data[at] != '$' || at + 3 >= text.size || text.data[at + 1] != '{' || !name_char(text.data[at + 2], true))
            continue;
        size_t end = at + 2;
        while (end < text.size && name_char(text.data[end], false))
            end++;
        if (end == text.size || text.data[end] != '}')
            continue;
        weir_text name = {text.data + at + 2, end - at - 2};
        const char *value = param_value(arguments, name);
        if (value == NULL) {
            weir_position position = weir_sql_locate(text, at);
            position.offset_bytes = (uint32_t)at;
            position.length_bytes = (uint32_t)(end + 1 - at);
            weir_fail_at(error, WEIR_USAGE, position, "the script needs a value for ${%.*s}, at line %u, column %u", WEIR_TEXT_ARGS(name),
                         position.line, position.column);
            hint_params(arguments, name, error);
            return WEIR_USAGE;
        }
        weir_builder_add(out, text.data + copied, at - copied);
        weir_builder_c(out, value);
        copied = end + 1;
        at = end;
    }
    weir_builder_add(out, text.data + copied, text.size - copied);
    return out->failed ? weir_fail(error, WEIR_MEMORY, "no memory for a script of %zu bytes", text.size) : WEIR_OK;
}

/* Replace the bytes by those with the parameters filled in. The bytes stay when that fails: the error points into them. */
static weir_status fill_script(cli *self, const cli_arguments *arguments, cli_script *script, weir_error *error) {
    weir_text text = {script->data, script->size};
    if (text.size == 0 || memmem(text.data, text.size, "${", 2) == NULL)
        return WEIR_OK;
    weir_builder out;
    weir_builder_init(&out, &self->memory, SCRIPT_BYTES_MAX);
    weir_status status = fill_params(arguments, text, &out, error);
    if (status != WEIR_OK) {
        weir_builder_deinit(&out);
        return status;
    }
    cli_script_free(self, script);
    script->data = out.data;
    script->size = out.size;
    script->capacity = out.capacity;
    return WEIR_OK;
}

static weir_status read_input(cli *self, cli_script *out, weir_error *error) {
    weir_builder text;
    weir_builder_init(&text, &self->memory, SCRIPT_BYTES_MAX);
    for (;;) {
        char *room = weir_builder_room(&text, 65536);
        if (room == NULL) {
            weir_builder_deinit(&text);
            return weir_fail(error, WEIR_USAGE, "the script on standard input is larger than %d MiB", SCRIPT_BYTES_MAX >> 20);
        }
        ssize_t got = read(STDIN_FILENO, room, 65536);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        text.size += (size_t)got;
    }
    out->data = text.data;
    out->size = text.size;
    out->capacity = text.capacity;
    return WEIR_OK;
}

weir_status cli_script_read(cli *self, const cli_arguments *arguments, const char *path, cli_script *out, weir_error *error) {
    *out = (cli_script){.name = path};
    if (strcmp(path, "-") == 0) {
        out->name = "standard input";
        WEIR_TRY(read_input(self, out, error));
        return fill_script(self, arguments, out, error);
    }
    const weir_files *files = weir_files_real();
    weir_file_info info;
    weir_status status = weir_files_stat(files, path, &info, error);
    if (status == WEIR_OK && info.kind == WEIR_FILE_NONE)
        status = weir_fail(error, WEIR_USAGE, "the script '%s' does not exist", path);
    if (status == WEIR_OK && info.kind == WEIR_FILE_FOLDER)
        status = weir_fail(error, WEIR_USAGE, "'%s' is a folder, not a script", path);
    if (status == WEIR_OK)
        status = weir_files_read_all(files, &self->memory, path, SCRIPT_BYTES_MAX, &out->data, &out->size, &out->capacity, error);
    return status == WEIR_OK ? fill_script(self, arguments, out, error) : status;
}

weir_status cli_script_text(cli *self, const cli_arguments *arguments, const char *text, cli_script *out, weir_error *error) {
    *out = (cli_script){.name = "-e", .size = strlen(text)};
    out->capacity = out->size + 1;
    out->data = weir_memory_alloc(&self->memory, out->capacity);
    if (out->data == NULL) {
        *out = (cli_script){.name = "-e"};
        return weir_fail_memory(error, "a script", strlen(text));
    }
    memcpy(out->data, text, out->size + 1);
    return fill_script(self, arguments, out, error);
}

void cli_script_free(cli *self, cli_script *script) {
    weir_memory_free(&self->memory, script->data, script->capacity);
    script->data = NULL;
    script->size = script->capacity = 0;
}

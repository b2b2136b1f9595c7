/* Errors for people: what and where, the line with a caret, what to do; and the same as a line of JSON. */
#include <stdio.h>
#include <string.h>

#include "cli/cli_int.h"
#include "sql/lexer.h"

enum { EXCERPT_COLUMNS = 120 };

int cli_exit_of(weir_status status) {
    switch (status) {
    case WEIR_OK: return CLI_GOOD;
    case WEIR_PARSE:
    case WEIR_VALIDATE:
    case WEIR_UNSUPPORTED: return CLI_SQL;
    case WEIR_RUNTIME:
    case WEIR_MEMORY: return CLI_RUNTIME;
    case WEIR_CANCELLED: return CLI_CANCELLED;
    case WEIR_USAGE: return CLI_USAGE;
    case WEIR_INTERNAL: return CLI_INTERNAL;
    }
    return CLI_INTERNAL;
}

/* The line around a place, cut to what fits, and where the caret goes. */
typedef struct excerpt {
    weir_text line;
    bool cut_left, cut_right;
    uint32_t caret;  /* columns before it */
    uint32_t length; /* of the marks */
} excerpt;

static bool excerpt_of(const cli_script *script, weir_position position, excerpt *out) {
    if (script == NULL || script->data == NULL || position.line == 0 || position.offset_bytes > script->size)
        return false;
    const char *data = script->data;
    size_t start = position.offset_bytes, end = position.offset_bytes;
    while (start > 0 && data[start - 1] != '\n' && position.offset_bytes - start < EXCERPT_COLUMNS / 2)
        start--;
    while (start < position.offset_bytes && ((unsigned char)data[start] & 0xC0) == 0x80)
        start++;
    while (end < script->size && data[end] != '\n' && data[end] != '\r' && end - start < EXCERPT_COLUMNS)
        end++;
    while (end > position.offset_bytes && end < script->size && ((unsigned char)data[end] & 0xC0) == 0x80)
        end--;
    out->cut_left = start > 0 && data[start - 1] != '\n';
    out->cut_right = end < script->size && data[end] != '\n' && data[end] != '\r';
    out->line = (weir_text){data + start, end - start};
    out->caret = cli_width((weir_text){data + start, position.offset_bytes - start});
    size_t marked = position.length_bytes;
    if (marked > end - position.offset_bytes)
        marked = end - position.offset_bytes;
    out->length = cli_width((weir_text){data + position.offset_bytes, marked});
    if (out->length == 0)
        out->length = 1;
    return true;
}

static void put_plain(cli_out *err, weir_text line) {
    char text[EXCERPT_COLUMNS + 8];
    size_t size = line.size < sizeof text ? line.size : sizeof text;
    for (size_t i = 0; i < size; i++)
        text[i] = line.data[i] == '\t' || (unsigned char)line.data[i] >= 32 ? (line.data[i] == '\t' ? ' ' : line.data[i]) : '?';
    cli_out_write(err, text, size);
}

/* Messages quote data, which may be no UTF-8. */
static void put_valid(cli_out *err, weir_text text) {
    size_t bad;
    while (!weir_utf8_valid(text, &bad)) {
        cli_out_write(err, text.data, bad);
        cli_out_text(err, "\xEF\xBF\xBD");
        weir_utf8_next(text.data, text.size, &bad);
        text = (weir_text){text.data + bad, text.size - bad};
    }
    cli_out_write(err, text.data, text.size);
}

void cli_error_tell(cli *self, const cli_script *script, const weir_error *error) {
    cli_out *err = &self->err;
    const char *bold = self->colour ? "\033[1m" : "", *red = self->colour ? "\033[1;31m" : "", *off = self->colour ? "\033[0m" : "";
    if (error->status == WEIR_CANCELLED) {
        cli_out_text(err, "cancelled\n");
        cli_out_flush(err);
        return;
    }
    cli_out_format(err, "%s%s%s", red, error->status == WEIR_USAGE ? "weir" : "error", off);
    if (error->stage != NULL)
        cli_out_format(err, " (%s)", error->stage);
    cli_out_text(err, ": ");
    cli_out_text(err, bold);
    put_valid(err, weir_text_of(error->message[0] != '\0' ? error->message : weir_status_name(error->status)));
    cli_out_format(err, "%s\n", off);
    excerpt found;
    if (excerpt_of(script, error->position, &found)) {
        weir_position place = weir_sql_locate((weir_text){script->data, script->size}, error->position.offset_bytes);
        cli_out_format(err, "  --> %s:%u:%u\n%6s |\n%5u  | %s", script->name, place.line, place.column, "", place.line,
                       found.cut_left ? "..." : "");
        put_plain(err, found.line);
        cli_out_format(err, "%s\n%6s | %*s%s", found.cut_right ? "..." : "", "", (int)(found.caret + (found.cut_left ? 3 : 0)), "", red);
        for (uint32_t i = 0; i < found.length && i < EXCERPT_COLUMNS; i++)
            cli_out_text(err, "^");
        cli_out_format(err, "%s\n", off);
    }
    if (error->hint[0] != '\0')
        cli_out_format(err, "  hint: %s\n", error->hint);
    cli_out_flush(err);
}

/* Flink puts the place of a validation error in front of it, counted from the start of the statement. */
static void put_place(weir_builder *out, const cli_script *script, const weir_error *error) {
    weir_position at = error->position;
    if (at.line == 0 || error->status == WEIR_PARSE || error->status == WEIR_USAGE || strstr(error->message, "line ") != NULL)
        return;
    uint32_t line = at.line, column = at.column;
    if (script != NULL && script->data != NULL && at.length_bytes > 1 && (size_t)at.offset_bytes + at.length_bytes <= script->size) {
        const char *data = script->data + at.offset_bytes;
        for (size_t i = 0; i < at.length_bytes;) {
            size_t next = i;
            uint32_t c = weir_utf8_next(data, at.length_bytes, &next);
            if (next >= at.length_bytes)
                break;
            line += c == '\n';
            column = c == '\n' ? 1 : column + 1;
            i = next;
        }
    }
    if (line == at.line && column == at.column)
        weir_builder_format(out, "At line %u, column %u: ", at.line, at.column);
    else
        weir_builder_format(out, "From line %u, column %u to line %u, column %u: ", at.line, at.column, line, column);
}

void cli_error_json(cli *self, const cli_script *script, const weir_error *error) {
    weir_builder out;
    weir_builder_init(&out, &self->memory, 64 << 10);
    const char *kind = error->status == WEIR_MEMORY ? "runtime" : weir_status_name(error->status);
    weir_builder_format(&out, "{\"error\":{\"kind\":\"%s\",\"message\":\"", kind);
    put_place(&out, script, error);
    weir_builder_json(&out, weir_text_of(error->message));
    weir_builder_char(&out, '"');
    if (error->stage != NULL)
        weir_builder_format(&out, ",\"stage\":\"%s\"", error->stage);
    excerpt found;
    if (excerpt_of(script, error->position, &found)) {
        weir_position place = weir_sql_locate((weir_text){script->data, script->size}, error->position.offset_bytes);
        weir_builder_format(&out, ",\"line\":%u,\"column\":%u,\"excerpt\":\"", place.line, place.column);
        weir_builder_json(&out, found.line);
        weir_builder_char(&out, '"');
    }
    if (error->hint[0] != '\0') {
        weir_builder_c(&out, ",\"hint\":\"");
        weir_builder_json(&out, weir_text_of(error->hint));
        weir_builder_char(&out, '"');
    }
    weir_builder_c(&out, "}}\n");
    cli_out_write(&self->out, out.data, out.size);
    weir_builder_deinit(&out);
}

void cli_remark(cli *self, const char *message) {
    cli_out_format(&self->err, "%snote%s: ", self->colour ? "\033[1;33m" : "", self->colour ? "\033[0m" : "");
    cli_out_text(&self->err, message);
    cli_out_text(&self->err, "\n");
    cli_out_flush(&self->err);
}

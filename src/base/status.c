/* Filling in the error record; see status.h. */
#include "base/status.h"

#include <stdio.h>
#include <string.h>

/* vsnprintf cuts anywhere; a half code point at the end would make the message invalid UTF-8. */
static void format_cut(char *out, size_t size_bytes, const char *format, va_list arguments) {
    int wanted = vsnprintf(out, size_bytes, format, arguments);
    if (wanted < 0) {
        out[0] = '\0';
        return;
    }
    if ((size_t)wanted < size_bytes)
        return;
    size_t end = size_bytes - 1;
    size_t start = end;
    while (start > 0 && end - start < 4 && ((unsigned char)out[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && (unsigned char)out[start - 1] >= 0xC0)
        out[start - 1] = '\0';
}

weir_status weir_fail(weir_error *error, weir_status status, const char *format, ...) {
    if (error == NULL)
        return status;
    weir_error_clear(error);
    error->status = status;
    va_list arguments;
    va_start(arguments, format);
    format_cut(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return status;
}

weir_status weir_fail_at(weir_error *error, weir_status status, weir_position position, const char *format, ...) {
    if (error == NULL)
        return status;
    weir_error_clear(error);
    error->status = status;
    error->position = position;
    va_list arguments;
    va_start(arguments, format);
    format_cut(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return status;
}

weir_status weir_fail_memory(weir_error *error, const char *what, size_t size_bytes) {
    return weir_fail(error, WEIR_MEMORY, "out of memory: %s needs %zu more bytes", what, size_bytes);
}

void weir_error_hint(weir_error *error, const char *format, ...) {
    if (error == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    format_cut(error->hint, sizeof error->hint, format, arguments);
    va_end(arguments);
}

void weir_error_locate(weir_error *error, weir_position position) {
    if (error != NULL && error->position.line == 0)
        error->position = position;
}

void weir_error_stage(weir_error *error, const char *stage) {
    if (error != NULL && error->stage == NULL)
        error->stage = stage;
}

void weir_error_clear(weir_error *error) {
    if (error == NULL)
        return;
    error->status = WEIR_OK;
    error->position = (weir_position){0};
    error->stage = NULL;
    error->message[0] = '\0';
    error->hint[0] = '\0';
}

const char *weir_status_name(weir_status status) {
    switch (status) {
    case WEIR_OK: return "ok";
    case WEIR_PARSE: return "parse";
    case WEIR_VALIDATE: return "validate";
    case WEIR_UNSUPPORTED: return "unsupported";
    case WEIR_RUNTIME: return "runtime";
    case WEIR_MEMORY: return "memory";
    case WEIR_CANCELLED: return "cancelled";
    case WEIR_USAGE: return "usage";
    case WEIR_INTERNAL: return "internal";
    }
    return "internal";
}

/* Standard output and standard error with a buffer. A write that fails is remembered: the command then stops. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli_int.h"

enum { OUT_BYTES = 64 * 1024, OUT_BYTES_MAX = 1 << 30 };

void cli_out_init(cli_out *out, weir_memory *memory, int fd) {
    *out = (cli_out){.fd = fd, .terminal = isatty(fd) != 0};
    weir_builder_init(&out->buffer, memory, OUT_BYTES_MAX);
    weir_mutex_init(&out->mutex);
}

void cli_out_deinit(cli_out *out) {
    weir_builder_deinit(&out->buffer);
    weir_mutex_deinit(&out->mutex);
}

static void put(cli_out *out, const char *data, size_t size) {
    if (out->divert != NULL && size > 0 && out->failed == 0 && !out->divert(out->divert_context, data, size))
        out->failed = EPIPE;
    if (out->divert != NULL)
        return;
    while (size > 0 && out->failed == 0) {
        ssize_t written = write(out->fd, data, size);
        if (written < 0 && errno != EINTR) {
            out->failed = errno;
            return;
        }
        if (written > 0) {
            data += written;
            size -= (size_t)written;
        }
    }
}

static void flush(cli_out *out) {
    put(out, out->buffer.data, out->buffer.size);
    weir_builder_clear(&out->buffer);
}

void cli_out_write(cli_out *out, const char *data, size_t size) {
    weir_mutex_lock(&out->mutex);
    if (out->buffer.size + size > OUT_BYTES && out->buffer.size > 0)
        flush(out);
    if (size > OUT_BYTES)
        put(out, data, size);
    else
        weir_builder_add(&out->buffer, data, size);
    if (out->buffer.failed) {
        out->buffer.failed = false;
        put(out, data, size);
    }
    weir_mutex_unlock(&out->mutex);
}

void cli_out_text(cli_out *out, const char *text) { cli_out_write(out, text, strlen(text)); }

void cli_out_format(cli_out *out, const char *format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size > 0)
        cli_out_write(out, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
}

void cli_out_flush(cli_out *out) {
    weir_mutex_lock(&out->mutex);
    flush(out);
    weir_mutex_unlock(&out->mutex);
}

void cli_out_screen(const cli_out *out, uint32_t *height, uint32_t *width) {
    struct winsize screen = {0};
    bool known = ioctl(out->fd, TIOCGWINSZ, &screen) == 0;
    *height = known && screen.ws_row > 0 ? screen.ws_row : 24;
    *width = known && screen.ws_col > 0 ? screen.ws_col : 80;
}

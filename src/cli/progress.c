/* One line on a terminal while something long runs: rows and rows per second, event time, and a bar where the size of the input is known.
 * Never shown when standard error is no terminal. */
#include <stdio.h>

#include "cli/cli_int.h"
#include "types/convert.h"

enum { SHOW_AFTER_MS = 400, SHOW_EVERY_MS = 100, BAR_CELLS = 20 };

void cli_progress_begin(cli_progress *progress, cli *self, bool enabled) {
    *progress = (cli_progress){.self = self, .enabled = enabled && self->err.terminal, .started_ns = weir_clock_monotonic_ns(self->clock)};
}

void cli_group_digits(uint64_t value, char out[32]) {
    char plain[24];
    int size = snprintf(plain, sizeof plain, "%llu", (unsigned long long)value), at = 0;
    for (int i = 0; i < size; i++) {
        if (i > 0 && (size - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = plain[i];
    }
    out[at] = '\0';
}

static void put_bar(cli_out *err, double share) {
    int full = (int)(share * BAR_CELLS);
    cli_out_text(err, "  [");
    for (int i = 0; i < BAR_CELLS; i++)
        cli_out_text(err, i < full ? "#" : ".");
    cli_out_format(err, "] %3.0f %%", share * 100);
}

void cli_progress_show(cli_progress *progress, weir_session *session) {
    if (!progress->enabled)
        return;
    int64_t now_ns = weir_clock_monotonic_ns(progress->self->clock);
    if (now_ns - progress->started_ns < SHOW_AFTER_MS * 1000000LL || now_ns - progress->shown_ns < SHOW_EVERY_MS * 1000000LL)
        return;
    weir_job_progress figures;
    if (!weir_session_progress(session, &figures))
        return;
    progress->shown_ns = now_ns;
    cli_out *err = &progress->self->err;
    double seconds = (double)(now_ns - progress->started_ns) / 1e9;
    char rows[32], rate[32];
    cli_group_digits(figures.rows_read, rows);
    cli_group_digits((uint64_t)((double)figures.rows_read / seconds), rate);
    cli_out_format(err, "\r\033[K%s rows  %s rows/s", rows, rate);
    if (figures.watermark_ms != WEIR_WATERMARK_NONE && figures.watermark_ms > -62135596800000 && figures.watermark_ms < 253402300800000) {
        char time[WEIR_PRINT_BYTES_MAX];
        size_t size = weir_print_timestamp(figures.watermark_ms * 1000, 0, time);
        cli_out_format(err, "  event time %.*s", (int)size, time);
    }
    if (figures.bytes_total > 0)
        put_bar(err, (double)figures.bytes_read / (double)figures.bytes_total > 1
                         ? 1
                         : (double)figures.bytes_read / (double)figures.bytes_total);
    cli_out_flush(err);
    progress->shown = true;
}

void cli_progress_clear(cli_progress *progress) {
    if (!progress->shown)
        return;
    cli_out_text(&progress->self->err, "\r\033[K");
    cli_out_flush(&progress->self->err);
    progress->shown = false;
}

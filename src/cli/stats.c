/* --stats: the figures of every job on standard error, when it has ended: as a table, or one JSON object a line. */
#include "cli/cli_int.h"

static const char *state_name(weir_job_state state) {
    switch (state) {
    case WEIR_JOB_RUNNING: return "running";
    case WEIR_JOB_FINISHED: return "finished";
    case WEIR_JOB_FAILED: return "failed";
    case WEIR_JOB_CANCELLED: return "cancelled";
    }
    return "unknown";
}

static void put_watermark(weir_builder *out, int64_t watermark_ms) {
    if (watermark_ms == WEIR_WATERMARK_NONE || watermark_ms == WEIR_WATERMARK_END)
        weir_builder_c(out, "null");
    else
        weir_builder_format(out, "%lld", (long long)watermark_ms);
}

static void put_kinds(weir_builder *out, const weir_engine_figure *figure) {
    for (uint8_t kind = 0; kind < 4; kind++)
        weir_builder_format(out, "%s\"%s\":%llu", kind > 0 ? "," : "", weir_change_name(kind), (unsigned long long)figure->kinds[kind]);
}

static void put_sinks(weir_builder *out, const weir_engine_job *job) {
    weir_engine_figure figure;
    bool first = true;
    for (uint32_t i = 0; job->engine->figure(job, i, &figure); i++) {
        if (!figure.is_sink && !figure.is_collector)
            continue;
        weir_builder_c(out, first ? "{\"name\":\"" : ",{\"name\":\"");
        weir_builder_json(out, weir_text_of(figure.name));
        weir_builder_c(out, "\",\"kinds\":{");
        put_kinds(out, &figure);
        weir_builder_c(out, "}}");
        first = false;
    }
}

void cli_stats_json(cli *self, const weir_job_report *report, uint32_t line) {
    const weir_job_progress *progress = &report->progress;
    weir_builder out;
    weir_builder_init(&out, &self->memory, 16 << 20);
    weir_builder_format(&out, "{\"statement\":\"%s\",\"line\":%u,\"state\":\"%s\",\"wall_s\":%.6f",
                        report->statement == NULL ? "" : report->statement, line, state_name(report->state), (double)report->wall_ns / 1e9);
    weir_builder_format(
        &out, ",\"rows_read\":%llu,\"rows_skipped\":%llu,\"bytes_read\":%llu,\"rows_written\":%llu,\"late_rows_dropped\":%llu",
        (unsigned long long)progress->rows_read, (unsigned long long)progress->rows_skipped, (unsigned long long)progress->bytes_read,
        (unsigned long long)progress->rows_written, (unsigned long long)progress->late_rows_dropped);
    weir_builder_format(&out, ",\"memory_peak_bytes\":%llu,\"sinks\":[", (unsigned long long)progress->memory_peak_bytes);
    put_sinks(&out, report->job);
    weir_builder_c(&out, "],\"operators\":[");
    weir_engine_figure figure;
    for (uint32_t i = 0; report->job->engine->figure(report->job, i, &figure); i++) {
        weir_builder_c(&out, i > 0 ? ",{\"name\":\"" : "{\"name\":\"");
        weir_builder_json(&out, weir_text_of(figure.name));
        weir_builder_format(&out, "\",\"rows_in\":%llu,\"rows_out\":%llu,\"late_rows_dropped\":%llu,\"state_bytes\":%llu,\"watermark_ms\":",
                            (unsigned long long)figure.rows_in, (unsigned long long)figure.rows_out,
                            (unsigned long long)figure.late_rows_dropped, (unsigned long long)figure.state_bytes);
        put_watermark(&out, figure.watermark_ms);
        weir_builder_char(&out, '}');
    }
    weir_builder_c(&out, "]}\n");
    cli_out_flush(&self->out);
    cli_out_write(&self->err, out.data, out.size);
    cli_out_flush(&self->err);
    weir_builder_deinit(&out);
}

void cli_stats_text(cli *self, const weir_job_report *report, uint32_t line) {
    const weir_job_progress *progress = &report->progress;
    cli_out *err = &self->err;
    char rows[32], skipped[32], late[32], in[32], out[32];
    cli_out_flush(&self->out);
    cli_group_digits(progress->rows_read, rows);
    cli_group_digits(progress->rows_skipped, skipped);
    cli_group_digits(progress->late_rows_dropped, late);
    double seconds = (double)report->wall_ns / 1e9;
    cli_out_format(err, "%s (line %u): %s in %.3f s; read %s rows, %.1f MB (%.1f MB/s); skipped %s; late %s; memory at most %.1f MB\n",
                   report->statement == NULL ? "job" : report->statement, line, state_name(report->state), seconds, rows,
                   (double)progress->bytes_read / 1e6, seconds > 0 ? (double)progress->bytes_read / 1e6 / seconds : 0.0, skipped, late,
                   (double)progress->memory_peak_bytes / 1e6);
    cli_out_format(err, "  %-40s %15s %15s %12s %12s\n", "step", "rows in", "rows out", "late", "state bytes");
    weir_engine_figure figure;
    for (uint32_t i = 0; report->job->engine->figure(report->job, i, &figure); i++) {
        cli_group_digits(figure.rows_in, in);
        cli_group_digits(figure.rows_out, out);
        cli_out_format(err, "  %-40.40s %15s %15s %12llu %12llu", figure.name, in, out, (unsigned long long)figure.late_rows_dropped,
                       (unsigned long long)figure.state_bytes);
        if (figure.is_sink || figure.is_collector)
            for (uint8_t kind = 0; kind < 4; kind++)
                if (figure.kinds[kind] > 0)
                    cli_out_format(err, "  %s %llu", weir_change_name(kind), (unsigned long long)figure.kinds[kind]);
        cli_out_text(err, "\n");
    }
    cli_out_flush(err);
}

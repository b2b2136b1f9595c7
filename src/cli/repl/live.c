/* A query without an end as a table on the alternate screen: redrawn in place as it changes, cut to the terminal's height and width. Rows
 * that only get more keep the last ones in sight and forget the others; a table that changes keeps its rows and their places. The arrow
 * keys and the page keys move over it, q and Ctrl-C end it; what was there then stays on the screen. */
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/repl/repl_int.h"

enum { TAIL_ROWS = 1000, FRAME_MS = 100, FRAME_LINES = 5 };

typedef struct live {
    repl *self;
    cli_show show;
    weir_answer *answer;
    weir_batch *tail;        /* the last rows, where they only get more; else show.collapse has them */
    const weir_type **types; /* of the tail's columns */
    uint32_t *index;         /* [TAIL_ROWS]: room for the rows that go into a tail */
    struct termios before;
    bool raw, ended, quit;
    uint32_t height, width;
    uint64_t top;  /* rows above the screen */
    uint32_t left; /* columns before it */
    uint64_t changes;
    int64_t drawn_ns, drawing_ns;
    weir_builder frame;
} live;

static void screen_open(live *view) {
    if (tcgetattr(STDIN_FILENO, &view->before) == 0) {
        struct termios raw = view->before;
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        raw.c_cc[VMIN] = 0;
        raw.c_cc[VTIME] = 0;
        view->raw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
    }
    cli_out_text(&view->self->self->out, "\033[?1049h\033[?25l\033[H\033[2J");
    cli_out_flush(&view->self->self->out);
}

static void screen_close(live *view) {
    cli_out_text(&view->self->self->out, "\033[?25h\033[?1049l");
    cli_out_flush(&view->self->self->out);
    if (view->raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &view->before);
}

/* ---- the rows ---- */

/* The last rows of the old tail and of the batch, as a new tail. */
static weir_status tail_add(live *view, const weir_batch *batch, weir_error *error) {
    const weir_schema *schema = view->show.schema;
    weir_memory *memory = &view->self->self->memory;
    uint32_t fresh = batch->selected < TAIL_ROWS ? batch->selected : TAIL_ROWS;
    uint32_t old = view->tail == NULL ? 0 : view->tail->rows;
    old = old + fresh > TAIL_ROWS ? TAIL_ROWS - fresh : old;
    weir_batch *tail = weir_batch_create_typed(memory, view->types, schema->count, old + fresh + 1);
    if (tail == NULL)
        return weir_fail_memory(error, "a result", old + fresh);
    for (uint32_t part = 0; part < 2; part++) {
        const weir_batch *from = part == 0 ? view->tail : batch;
        uint32_t count = part == 0 ? old : fresh;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t at = (part == 0 ? from->rows : from->selected) - count + i;
            view->index[i] = part == 1 && from->selection != NULL ? from->selection[at] : at;
        }
        for (uint32_t c = 0; count > 0 && c < schema->count; c++)
            weir_column_gather(tail->columns[c], part == 0 ? 0 : old, from->columns[c], view->index, count);
    }
    tail->rows = tail->selected = old + fresh;
    weir_batch_destroy(view->tail);
    view->tail = tail;
    return WEIR_OK;
}

static weir_status take(live *view, const weir_batch *batch, weir_error *error) {
    view->changes += batch->selected;
    view->show.rows += batch->selected;
    return view->show.collapse == NULL ? tail_add(view, batch, error) : weir_collapse_apply(view->show.collapse, batch, error);
}

static uint64_t row_count(const live *view) {
    return view->show.collapse == NULL ? view->show.rows : weir_collapse_count(view->show.collapse);
}

/* The rows to show, at most `most`, from the top'th on; *first: the number of the first of them in `*out`. The caller destroys *out. */
static weir_status visible(live *view, uint32_t most, weir_batch **out, uint32_t *first, weir_error *error) {
    const weir_sort_key *keys;
    uint32_t key_count = weir_answer_order(view->answer, &keys);
    *first = 0;
    if (view->show.collapse == NULL) {
        uint32_t rows = view->tail == NULL ? 0 : view->tail->rows;
        uint32_t most_top = rows > most ? rows - most : 0;
        view->top = view->top < most_top ? view->top : most_top;
        *first = most_top - (uint32_t)view->top; /* counted from the end: 0 follows the stream */
        *out = view->tail == NULL ? NULL : weir_batch_share(view->tail);
        return view->tail != NULL && *out == NULL ? weir_fail_memory(error, "a result", rows) : WEIR_OK;
    }
    uint64_t rows = row_count(view), most_top = rows > most ? rows - most : 0;
    view->top = view->top < most_top ? view->top : most_top;
    *first = (uint32_t)view->top;
    return weir_collapse_rows(view->show.collapse, keys, key_count, (uint32_t)view->top + most, out, error);
}

/* ---- drawing ---- */

/* The line of the table without the columns to the left, cut to the screen. */
static void put_line(live *view) {
    weir_text line = weir_builder_view(&view->show.line);
    if (line.size > 0 && line.data[line.size - 1] == '\n')
        line.size--;
    size_t start = 0;
    for (uint32_t i = 0; i < view->left; i++) {
        uint32_t cells = 0, wanted = view->show.widths[i] + 3;
        while (start < line.size && cells < wanted) {
            size_t from = start;
            weir_utf8_next(line.data, line.size, &start);
            cells += cli_width((weir_text){line.data + from, start - from});
        }
    }
    size_t end = start;
    for (uint32_t cells = 0; end < line.size;) {
        size_t next = end;
        weir_utf8_next(line.data, line.size, &next);
        cells += cli_width((weir_text){line.data + end, next - end});
        if (cells > view->width)
            break;
        end = next;
    }
    weir_builder_add(&view->frame, line.data + start, end - start);
    weir_builder_c(&view->frame, "\033[K\r\n");
    weir_builder_clear(&view->show.line);
}

static void put_table(live *view, const weir_batch *rows, uint32_t first, uint32_t most) {
    cli_show *show = &view->show;
    cli_put_rule(&show->line, show->widths, show->schema->count);
    put_line(view);
    cli_table_row(show, NULL, 0);
    put_line(view);
    cli_put_rule(&show->line, show->widths, show->schema->count);
    put_line(view);
    for (uint32_t row = first; rows != NULL && row < rows->rows && row < first + most; row++) {
        cli_table_row(show, rows, row);
        put_line(view);
    }
    cli_put_rule(&show->line, show->widths, show->schema->count);
    put_line(view);
}

static void put_status(live *view, const char *keys) {
    char rows[32], changes[32];
    uint64_t count = row_count(view);
    double seconds = (double)(weir_clock_monotonic_ns(view->self->self->clock) - view->show.started_ns) / 1e9;
    cli_group_digits(count, rows);
    cli_group_digits(view->changes, changes);
    weir_builder_format(&view->show.line, "%s %s", rows, count == 1 ? "row" : "rows");
    if (view->show.collapse != NULL)
        weir_builder_format(&view->show.line, ", %s changes", changes);
    weir_builder_format(&view->show.line, ", %.1f seconds%s", seconds, keys);
    uint32_t left = view->left;
    view->left = 0;
    put_line(view);
    view->left = left;
}

/* `most` rows into the frame. */
static weir_status put_rows(live *view, uint32_t most, const char *keys, weir_error *error) {
    weir_batch *rows = NULL;
    uint32_t first = 0;
    weir_status status = visible(view, most, &rows, &first, error);
    if (status == WEIR_OK && rows != NULL)
        status = cli_texts_fill(&view->show.texts, rows, error);
    if (status == WEIR_OK) {
        cli_table_widths_begin(&view->show);
        if (rows != NULL)
            cli_table_widths_add(&view->show, rows);
        cli_table_widths_end(&view->show);
        put_table(view, rows, first, most);
        put_status(view, keys);
    }
    weir_batch_destroy(rows);
    return status;
}

static weir_status draw(live *view, bool now, weir_error *error) {
    int64_t at_ns = weir_clock_monotonic_ns(view->self->self->clock);
    int64_t every_ns = FRAME_MS * 1000000LL > 4 * view->drawing_ns ? FRAME_MS * 1000000LL : 4 * view->drawing_ns;
    if (!now && at_ns - view->drawn_ns < every_ns)
        return WEIR_OK;
    cli_out_screen(&view->self->self->out, &view->height, &view->width);
    weir_builder_c(&view->frame, "\033[H");
    WEIR_TRY(put_rows(view, view->height > FRAME_LINES ? view->height - FRAME_LINES : 1, "   (q or Ctrl-C ends, arrows move)", error));
    if (view->frame.size > 2)
        view->frame.size -= 2; /* the last line's end would scroll */
    weir_builder_c(&view->frame, "\033[J");
    cli_out_write(&view->self->self->out, view->frame.data, view->frame.size);
    cli_out_flush(&view->self->self->out);
    weir_builder_clear(&view->frame);
    view->drawn_ns = weir_clock_monotonic_ns(view->self->self->clock);
    view->drawing_ns = view->drawn_ns - at_ns;
    return WEIR_OK;
}

/* ---- keys ---- */

static void move_rows(live *view, int64_t by) {
    if (view->show.collapse == NULL)
        by = -by; /* counted from the end */
    view->top = by < 0 && (uint64_t)-by > view->top ? 0 : view->top + (uint64_t)by;
}

static void escape_key(live *view, const char *keys, size_t size) {
    int64_t page = view->height > FRAME_LINES ? view->height - FRAME_LINES : 1;
    if (size < 3 || (keys[1] != '[' && keys[1] != 'O'))
        return;
    switch (keys[2]) {
    case 'A': move_rows(view, -1); break;
    case 'B': move_rows(view, 1); break;
    case 'C': view->left += view->left + 1 < view->show.schema->count; break;
    case 'D': view->left -= view->left > 0; break;
    case '5': move_rows(view, -page); break;
    case '6': move_rows(view, page); break;
    case 'H': move_rows(view, -INT32_MAX); break;
    case 'F': move_rows(view, INT32_MAX); break;
    default: break;
    }
}

/* Whether something was pressed. */
static bool keys_read(live *view) {
    char keys[64];
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    if (!view->raw || poll(&input, 1, 0) <= 0)
        return false;
    ssize_t size = read(STDIN_FILENO, keys, sizeof keys);
    for (ssize_t i = 0; i < size; i++) {
        if (keys[i] == '\033') {
            escape_key(view, keys + i, (size_t)(size - i));
            i += size - i > 2 ? 2 : 0;
            i += i + 1 < size && keys[i + 1] == '~' ? 1 : 0;
        } else if (keys[i] == 'q' || keys[i] == 'Q' || keys[i] == 3) {
            view->quit = true;
        } else if (keys[i] == 'k' || keys[i] == 'j') {
            move_rows(view, keys[i] == 'k' ? -1 : 1);
        } else if (keys[i] == ' ') {
            move_rows(view, view->height > FRAME_LINES ? view->height - FRAME_LINES : 1);
        }
    }
    return size > 0;
}

static weir_status watch(live *view, weir_error *error) {
    while (!view->quit && !view->ended) {
        weir_batch *batch = NULL;
        bool pending = false;
        WEIR_TRY(weir_answer_next(view->answer, FRAME_MS / 4, &batch, &pending, error));
        view->ended = batch == NULL && !pending;
        weir_status status = batch == NULL ? WEIR_OK : take(view, batch, error);
        weir_batch_destroy(batch);
        WEIR_TRY(status);
        bool pressed = keys_read(view);
        WEIR_TRY(draw(view, pressed || view->ended, error));
        if (view->self->self->out.failed != 0)
            return weir_fail(error, WEIR_CANCELLED, "the terminal is gone");
    }
    return WEIR_OK;
}

/* What the table was like at the end stays among the shell's lines. */
static weir_status leave(live *view, weir_error *error) {
    cli_out_screen(&view->self->self->out, &view->height, &view->width);
    view->left = 0;
    if (view->show.collapse == NULL)
        view->top = 0;
    WEIR_TRY(put_rows(view, view->height > FRAME_LINES + 2 ? view->height - FRAME_LINES - 2 : 1,
                      view->ended ? " until it ended" : " until it was stopped", error));
    cli_out_write(&view->self->self->out, view->frame.data, view->frame.size);
    cli_out_flush(&view->self->self->out);
    return WEIR_OK;
}

static weir_status live_begin(live *view, weir_error *error) {
    cli_show *show = &view->show;
    WEIR_TRY(cli_texts_init(&show->texts, &show->self->memory, show->schema, weir_answer_evaluation(view->answer), error));
    show->widths = WEIR_ARENA_ARRAY(&show->texts.arena, uint32_t, show->schema->count);
    view->types = WEIR_ARENA_ARRAY(&show->texts.arena, const weir_type *, show->schema->count);
    view->index = WEIR_ARENA_ARRAY(&show->texts.arena, uint32_t, TAIL_ROWS);
    if (show->widths == NULL || view->types == NULL || view->index == NULL)
        return weir_fail_memory(error, "a result", show->schema->count);
    for (uint32_t i = 0; i < show->schema->count; i++)
        view->types[i] = show->schema->fields[i].type;
    if (cli_answer_streams(view->answer))
        return WEIR_OK;
    WEIR_TRY(weir_collapse_create(weir_answer_memory(show->answer), show->schema, true, &show->collapse, error));
    weir_collapse_keep_places(show->collapse);
    return WEIR_OK;
}

weir_status repl_live(repl *self, weir_answer *answer, weir_error *error) {
    live view = {.self = self, .answer = answer};
    view.show = (cli_show){.self = self->self,
                           .answer = answer,
                           .schema = weir_answer_schema(answer),
                           .started_ns = weir_clock_monotonic_ns(self->self->clock),
                           .width_max = cli_runner_width_max(&self->runner),
                           .quiet = self->runner.quiet};
    weir_builder_init(&view.show.line, &self->self->memory, SIZE_MAX);
    weir_builder_init(&view.frame, &self->self->memory, SIZE_MAX);
    weir_status status = live_begin(&view, error);
    if (status == WEIR_OK) {
        self->screen_taken = true;
        screen_open(&view);
        status = watch(&view, error);
        screen_close(&view);
        self->screen_taken = false;
        weir_builder_clear(&view.frame);
        weir_builder_clear(&view.show.line);
        if (status == WEIR_CANCELLED && !atomic_load(&self->runner.signals.terminated))
            status = WEIR_OK; /* Ctrl-C is the way to end it */
        if (status == WEIR_OK)
            status = leave(&view, error);
    }
    weir_batch_destroy(view.tail);
    cli_texts_deinit(&view.show.texts);
    weir_collapse_destroy(view.show.collapse);
    weir_builder_deinit(&view.show.line);
    weir_builder_deinit(&view.frame);
    return status;
}

/* The line editor: libedit where it was there when the program was built, else a plain reader. Both wait for keys through wait.c. Ctrl-C
 * throws the line away, Ctrl-D on an empty line leaves, Tab completes; ~/.editrc is honoured. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "cli/repl/repl_int.h"

enum { LINE_BYTES_MAX = 64 << 20, SHOWN_WORDS_MAX = 200 };

#ifdef WEIR_LIBEDIT
#include <histedit.h>
#include <stdio.h>

struct repl_line {
    EditLine *edit;
    History *history;
    const char *prompt;
    bool interrupted;
    mbstate_t decoding;
};

static repl *repl_of(EditLine *edit) {
    void *self = NULL;
    el_get(edit, EL_CLIENTDATA, &self);
    return self;
}

static char *prompt(EditLine *edit) { return (char *)repl_of(edit)->line->prompt; }

static void resized(repl *self) {
    el_resize(self->line->edit);
    el_set(self->line->edit, EL_REFRESH);
}

static void spoiled(repl *self) { el_set(self->line->edit, EL_REFRESH); }

static int next_character(EditLine *edit, wchar_t *out) {
    repl *self = repl_of(edit);
    for (;;) {
        int byte = repl_wait_byte(self, resized, spoiled);
        if (byte == -2) {
            *out = 3; /* as if Ctrl-C had been read */
            return 1;
        }
        if (byte < 0)
            return 0;
        char c = (char)byte;
        size_t got = mbrtowc(out, &c, 1, &self->line->decoding);
        if (got == (size_t)-2)
            continue;
        if (got == (size_t)-1) {
            memset(&self->line->decoding, 0, sizeof self->line->decoding);
            *out = L'?';
        }
        return 1;
    }
}

static unsigned char on_interrupt(EditLine *edit, int key) {
    (void)key;
    repl_of(edit)->line->interrupted = true;
    el_deletestr(edit, 1 << 20);
    return CC_EOF;
}

static unsigned char on_suspend(EditLine *edit, int key) {
    (void)key;
    el_set(edit, EL_PREP_TERM, 0);
    raise(SIGSTOP);
    el_set(edit, EL_PREP_TERM, 1);
    return CC_REDISPLAY;
}

/* The words in columns, below the line. */
static void show_words(repl *self, const repl_completion *completion) {
    cli_out *out = &self->self->out;
    uint32_t height, width, widest = 1;
    cli_out_screen(&self->self->out, &height, &width);
    size_t count = completion->words.count < SHOWN_WORDS_MAX ? completion->words.count : SHOWN_WORDS_MAX;
    for (size_t i = 0; i < count; i++) {
        uint32_t cells = cli_width(weir_text_of(completion->words.items[i]));
        widest = cells > widest ? cells : widest;
    }
    uint32_t columns = width / (widest + 2) > 0 ? width / (widest + 2) : 1;
    size_t lines = (count + columns - 1) / columns;
    cli_out_text(out, "\n");
    for (size_t line = 0; line < lines; line++) {
        for (size_t i = line; i < count; i += lines)
            cli_out_format(out, "%-*s", i + lines < count ? (int)widest + 2 : 0, (const char *)completion->words.items[i]);
        cli_out_text(out, "\n");
    }
    if (count < completion->words.count)
        cli_out_format(out, "... and %zu more\n", completion->words.count - count);
    cli_out_flush(out);
}

static unsigned char insert_word(EditLine *edit, const repl_completion *completion, weir_text word) {
    char text[512];
    size_t common = repl_completion_common(completion);
    bool only = completion->words.count == 1;
    if (common + 2 > sizeof text)
        return CC_ERROR;
    memcpy(text, completion->words.items[0], common);
    if (only && !completion->in_string && text[common - 1] != '(' && text[common - 1] != '/')
        text[common++] = ' ';
    text[common] = '\0';
    el_deletestr(edit, (int)weir_utf8_length(word));
    return el_insertstr(edit, text) == 0 ? CC_REFRESH : CC_ERROR;
}

static unsigned char on_complete(EditLine *edit, int key) {
    repl *self = repl_of(edit);
    const LineInfo *info = el_line(edit);
    weir_builder before;
    weir_builder_init(&before, &self->self->memory, LINE_BYTES_MAX);
    weir_builder_text(&before, weir_builder_view(&self->statement));
    weir_builder_add(&before, info->buffer, (size_t)(info->cursor - info->buffer));
    weir_builder_char(&before, '\0');
    unsigned char result = CC_ERROR;
    (void)key;
    if (!before.failed) {
        repl_completion completion;
        weir_text text = {before.data, before.size - 1};
        weir_text after = {info->cursor, (size_t)(info->lastchar - info->cursor)};
        repl_complete(self->runner.session, &self->self->memory, text, after, &completion);
        weir_text word = {text.data + completion.start, text.size - completion.start};
        if (completion.words.count == 1 || (completion.words.count > 1 && repl_completion_common(&completion) > word.size)) {
            result = insert_word(edit, &completion, word);
        } else if (completion.words.count > 1) {
            show_words(self, &completion);
            result = CC_REDISPLAY;
        }
        repl_completion_deinit(&completion);
    }
    weir_builder_deinit(&before);
    return result;
}

weir_status repl_line_open(repl *self, weir_error *error) {
    HistEvent event;
    repl_line *line = weir_memory_zalloc(&self->self->memory, sizeof *line);
    if (line == NULL)
        return weir_fail_memory(error, "the line editor", sizeof *line);
    self->line = line;
    line->edit = el_init("weir", stdin, stdout, stderr);
    line->history = history_init();
    if (line->edit == NULL || line->history == NULL)
        return weir_fail_memory(error, "the line editor", sizeof *line);
    history(line->history, &event, H_SETSIZE, 2000);
    history(line->history, &event, H_SETUNIQUE, 1);
    el_set(line->edit, EL_CLIENTDATA, self);
    el_set(line->edit, EL_PROMPT, prompt);
    el_set(line->edit, EL_EDITOR, "emacs");
    el_set(line->edit, EL_HIST, history, line->history);
    el_set(line->edit, EL_GETCFN, next_character);
    el_set(line->edit, EL_SETTY, "-d", "-isig", NULL);
    el_set(line->edit, EL_ADDFN, "weir-complete", "Complete the word", on_complete);
    el_set(line->edit, EL_ADDFN, "weir-interrupt", "Throw the line away", on_interrupt);
    el_set(line->edit, EL_ADDFN, "weir-suspend", "Stop the program", on_suspend);
    el_set(line->edit, EL_BIND, "^I", "weir-complete", NULL);
    el_set(line->edit, EL_BIND, "^C", "weir-interrupt", NULL);
    el_set(line->edit, EL_BIND, "^Z", "weir-suspend", NULL);
    el_set(line->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_source(line->edit, NULL);
    return WEIR_OK;
}

void repl_line_close(repl *self) {
    repl_line *line = self->line;
    if (line == NULL)
        return;
    if (line->history != NULL)
        history_end(line->history);
    if (line->edit != NULL)
        el_end(line->edit);
    weir_memory_free(&self->self->memory, line, sizeof *line);
    self->line = NULL;
}

repl_line_end repl_line_read(repl *self, const char *text, weir_text *out) {
    int count = 0;
    self->line->prompt = text;
    self->line->interrupted = false;
    el_resize(self->line->edit);
    const char *line = el_gets(self->line->edit, &count);
    if (self->line->interrupted)
        return REPL_LINE_INTERRUPTED;
    if (line == NULL || count <= 0)
        return REPL_LINE_CLOSED;
    *out = (weir_text){line, (size_t)count};
    while (out->size > 0 && (out->data[out->size - 1] == '\n' || out->data[out->size - 1] == '\r'))
        out->size--;
    return REPL_LINE_TEXT;
}

void repl_line_remember(repl *self, weir_text entry) {
    HistEvent event;
    char *copy = weir_memory_alloc(&self->self->memory, entry.size + 1);
    if (copy == NULL)
        return;
    memcpy(copy, entry.data, entry.size);
    copy[entry.size] = '\0';
    history(self->line->history, &event, H_ENTER, copy);
    weir_memory_free(&self->self->memory, copy, entry.size + 1);
}

#else

struct repl_line {
    weir_builder text;
};

weir_status repl_line_open(repl *self, weir_error *error) {
    repl_line *line = weir_memory_zalloc(&self->self->memory, sizeof *line);
    if (line == NULL)
        return weir_fail_memory(error, "the line reader", sizeof *line);
    weir_builder_init(&line->text, &self->self->memory, LINE_BYTES_MAX);
    self->line = line;
    return WEIR_OK;
}

void repl_line_close(repl *self) {
    if (self->line == NULL)
        return;
    weir_builder_deinit(&self->line->text);
    weir_memory_free(&self->self->memory, self->line, sizeof *self->line);
    self->line = NULL;
}

repl_line_end repl_line_read(repl *self, const char *text, weir_text *out) {
    weir_builder *line = &self->line->text;
    weir_builder_clear(line);
    cli_out_text(&self->self->out, text);
    cli_out_flush(&self->self->out);
    for (;;) {
        int byte = repl_wait_byte(self, NULL, NULL);
        if (byte == -2)
            return REPL_LINE_INTERRUPTED;
        if (byte == -1 && line->size == 0)
            return REPL_LINE_CLOSED;
        if (byte == '\n' || byte == -1)
            break;
        weir_builder_char(line, (char)byte);
    }
    *out = weir_builder_view(line);
    return REPL_LINE_TEXT;
}

void repl_line_remember(repl *self, weir_text entry) { (void)self, (void)entry; }
#endif

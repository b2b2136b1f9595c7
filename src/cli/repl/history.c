/* Former statements, kept from start to start in $XDG_STATE_HOME/weir/history (~/.local/state where that is not set), readable by its owner
 * alone. One statement a line, with \n for its line ends and \\ for a backslash; each is appended as it is given, so that two shells do not
 * overwrite each other and a crash loses nothing. A statement that begins with a blank is not kept. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/repl/repl_int.h"

enum { ENTRIES_MAX = 2000, HISTORY_BYTES_MAX = 64 << 20 };

void repl_history_write(weir_builder *out, weir_text entry) {
    for (size_t i = 0; i < entry.size; i++) {
        char c = entry.data[i];
        if (c == '\\' || c == '\n')
            weir_builder_char(out, '\\');
        if (c != '\r')
            weir_builder_char(out, c == '\n' ? 'n' : c);
    }
    weir_builder_char(out, '\n');
}

void repl_history_read(weir_builder *out, weir_text line) {
    for (size_t i = 0; i < line.size; i++) {
        bool escape = line.data[i] == '\\' && i + 1 < line.size;
        char c = line.data[escape ? ++i : i];
        weir_builder_char(out, escape && c == 'n' ? '\n' : c);
    }
}

/* The file's path, its folder made; false: there is no place for it. */
static bool history_path(weir_builder *path) {
    const char *state = getenv("XDG_STATE_HOME"); /* tidy: the XDG base directories are environment variables */
    const char *home = getenv("HOME");            /* tidy: as above */
    if (state != NULL && state[0] == '/')
        weir_builder_format(path, "%s/weir", state);
    else if (home != NULL && home[0] == '/')
        weir_builder_format(path, "%s/.local/state/weir", home);
    else
        return false;
    if (path->failed || weir_files_make_folders(weir_files_real(), path->data, NULL) != WEIR_OK)
        return false;
    weir_builder_c(path, "/history");
    return !path->failed;
}

static void append(const char *path, weir_text text, int how) {
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0600);
    if (fd < 0)
        return;
    for (ssize_t written = 1; text.size > 0 && written > 0;) {
        written = write(fd, text.data, text.size);
        text.data += written > 0 ? written : 0;
        text.size -= written > 0 ? (size_t)written : 0;
    }
    close(fd);
}

/* Every line to the line editor; only the last ones are kept when there are too many. */
static void load(repl *self, const char *path, weir_text text) {
    size_t count = 0, skip = 0;
    for (size_t i = 0; i < text.size; i++)
        count += text.data[i] == '\n';
    while (count > ENTRIES_MAX && skip < text.size)
        count -= text.data[skip++] == '\n';
    if (skip > 0)
        append(path, (weir_text){text.data + skip, text.size - skip}, O_TRUNC);
    weir_builder entry;
    weir_builder_init(&entry, &self->self->memory, HISTORY_BYTES_MAX);
    for (size_t at = skip; at < text.size;) {
        const char *end = memchr(text.data + at, '\n', text.size - at);
        size_t size = end == NULL ? text.size - at : (size_t)(end - text.data) - at;
        weir_builder_clear(&entry);
        repl_history_read(&entry, (weir_text){text.data + at, size});
        if (entry.size > 0)
            repl_line_remember(self, weir_builder_view(&entry));
        at += size + 1;
    }
    weir_builder_deinit(&entry);
}

void repl_history_load(repl *self) {
    weir_builder path;
    weir_builder_init(&path, &self->self->memory, 4096);
    weir_file_info info;
    const weir_files *files = weir_files_real();
    if (history_path(&path) && weir_files_stat(files, path.data, &info, NULL) == WEIR_OK && info.kind == WEIR_FILE_REGULAR) {
        char *data;
        size_t size, capacity;
        if (weir_files_read_all(files, &self->self->memory, path.data, HISTORY_BYTES_MAX, &data, &size, &capacity, NULL) == WEIR_OK) {
            load(self, path.data, (weir_text){data, size});
            weir_memory_free(&self->self->memory, data, capacity);
        }
    }
    weir_builder_deinit(&path);
}

void repl_history_add(repl *self, weir_text entry) {
    if (entry.size == 0 || entry.data[0] == ' ')
        return;
    while (entry.size > 0 && (entry.data[entry.size - 1] == '\n' || entry.data[entry.size - 1] == ' '))
        entry.size--;
    repl_line_remember(self, entry);
    weir_builder path, line;
    weir_builder_init(&path, &self->self->memory, 4096);
    weir_builder_init(&line, &self->self->memory, HISTORY_BYTES_MAX);
    repl_history_write(&line, entry);
    if (!line.failed && history_path(&path))
        append(path.data, weir_builder_view(&line), O_APPEND);
    weir_builder_deinit(&path);
    weir_builder_deinit(&line);
}

/* Results that are longer or wider than the screen go through a pager: $PAGER, else `less -S`, where there is one. It is started when the
 * first screen is full, and gets more only as it reads on, so that nobody keeps a long result. INSERTs that run behind go on meanwhile. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/repl/repl_int.h"

enum { KEPT_BYTES_MAX = 64 << 20, PIPE_WAIT_MS = 50, WORK_MS = 10 };

extern char **environ;

/* `input`: becomes its standard input; -1: as ours. Signals are as a program expects them. */
static int start_shell(const char *command, int input) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t none, usual;
    pid_t process = -1;
    char *arguments[] = {(char[]){"sh"}, (char[]){"-c"}, (char *)command, NULL};
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    if (input >= 0)
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (posix_spawnp(&process, "sh", &actions, &attributes, arguments, environ) != 0)
        process = -1;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return process;
}

static int await(int process) {
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int repl_shell(const char *command) {
    int process = start_shell(command, -1);
    return process < 0 ? -1 : await(process);
}

static const char *pager(void) {
    const char *name = getenv("PAGER"); /* tidy: the pager is chosen by the environment everywhere */
    if (name != NULL)
        return name[0] == '\0' ? NULL : name;
    return repl_shell("command -v less >/dev/null 2>&1") == 0 ? "less -S" : NULL;
}

static bool write_all(repl_page *page, int fd, const char *data, size_t size) {
    while (size > 0 && !page->left) {
        ssize_t written = write(fd, data, size);
        if (written >= 0) {
            data += written;
            size -= (size_t)written;
            continue;
        }
        if (errno == EAGAIN) {
            struct pollfd room = {.fd = fd, .events = POLLOUT};
            bool pending;
            weir_error error;
            if (poll(&room, 1, PIPE_WAIT_MS) == 0 && weir_session_jobs_running(page->self->runner.session) > 0 &&
                weir_session_wait(page->self->runner.session, WORK_MS, &pending, &error) != WEIR_OK)
                cli_error_tell(page->self->self, NULL, &error);
        } else if (errno != EINTR) {
            page->left = true;
        }
    }
    return !page->left;
}

static void start_pager(repl_page *page) {
    int ends[2];
    const char *command = pager();
    page->passing = true;
    if (command != NULL && pipe2(ends, O_CLOEXEC) == 0) {
        page->process = start_shell(command, ends[0]);
        close(ends[0]);
        if (page->process < 0) {
            close(ends[1]);
        } else {
            fcntl(ends[1], F_SETFL, O_NONBLOCK);
            page->pipe = ends[1];
            cli_progress_clear(&page->self->runner.progress);
            page->self->runner.progress.enabled = false; /* the screen is the pager's */
        }
    }
    weir_text kept = weir_builder_view(&page->kept);
    write_all(page, page->pipe >= 0 ? page->pipe : page->self->self->out.fd, kept.data, kept.size);
    weir_builder_deinit(&page->kept);
}

static bool too_long(repl_page *page, const char *data, size_t size) {
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c == '\n') {
            page->lines++;
            page->column = 0;
        } else if ((c & 0xC0) != 0x80 && ++page->column > page->width) {
            page->wide = true;
        }
    }
    return page->lines >= page->height || page->wide;
}

static bool take(void *context, const char *data, size_t size) {
    repl_page *page = context;
    if (page->self->to_file >= 0)
        return write_all(page, page->self->to_file, data, size);
    if (page->passing)
        return write_all(page, page->pipe >= 0 ? page->pipe : page->self->self->out.fd, data, size);
    bool start = too_long(page, data, size);
    weir_builder_add(&page->kept, data, size);
    if (start || page->kept.failed)
        start_pager(page);
    return !page->left;
}

void repl_page_begin(repl_page *page, repl *self) {
    *page = (repl_page){.self = self, .pipe = -1};
    cli_out_screen(&self->self->out, &page->height, &page->width);
    page->height = page->height > 2 ? page->height - 1 : 1;
    weir_builder_init(&page->kept, &self->self->memory, KEPT_BYTES_MAX);
    cli_out_flush(&self->self->out);
    self->screen_taken = true;
    self->self->out.divert = take;
    self->self->out.divert_context = page;
}

void repl_page_end(repl_page *page) {
    cli_out *out = &page->self->self->out;
    cli_out_flush(out);
    out->divert = NULL;
    page->self->screen_taken = false;
    out->failed = 0;
    if (page->pipe >= 0) {
        close(page->pipe);
        await(page->process);
    } else if (!page->passing) {
        weir_text kept = weir_builder_view(&page->kept);
        write_all(page, out->fd, kept.data, kept.size);
    }
    weir_builder_deinit(&page->kept);
}

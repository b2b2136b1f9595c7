/* Waiting for a key: what runs behind is worked on meanwhile, a terminal that changes its size is noticed, and so is Ctrl-C where the
 * terminal makes a signal of it. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "cli/repl/repl_int.h"

enum { KEY_WAIT_MS = 100, WORK_MS = 20 };

/* What runs behind may print or fail: say so above the prompt. */
static void work(repl *self, void (*spoiled)(repl *self)) {
    bool pending;
    weir_error error = {0};
    weir_status status = weir_session_wait(self->runner.session, WORK_MS, &pending, &error);
    if (status != WEIR_OK && status != WEIR_CANCELLED) {
        if (!self->prompt_spoiled)
            cli_out_text(&self->self->out, "\r\033[K");
        self->prompt_spoiled = true;
        cli_out_flush(&self->self->out);
        cli_out_text(&self->self->err, "A job that ran behind has failed (SHOW JOBS lists it).\n");
        cli_error_tell(self->self, NULL, &error);
    }
    cli_out_flush(&self->self->out);
    if (self->prompt_spoiled && spoiled != NULL)
        spoiled(self);
    self->prompt_spoiled = false;
}

int repl_wait_byte(repl *self, void (*resized)(repl *self), void (*spoiled)(repl *self)) {
    uint32_t height, width;
    cli_out_screen(&self->self->out, &height, &width);
    for (;;) {
        bool behind = weir_session_jobs_running(self->runner.session) > 0;
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        int ready = poll(&input, 1, behind ? 0 : KEY_WAIT_MS);
        if (atomic_load(&self->runner.signals.terminated))
            return -1;
        if (atomic_exchange(&self->runner.signals.seen, false))
            return -2;
        if (ready > 0) {
            unsigned char byte;
            ssize_t got = read(STDIN_FILENO, &byte, 1);
            if (got == 1)
                return byte;
            if (got == 0 || (errno != EINTR && errno != EAGAIN))
                return -1;
        }
        if (behind)
            work(self, spoiled);
        uint32_t new_height, new_width;
        cli_out_screen(&self->self->out, &new_height, &new_width);
        if ((new_height != height || new_width != width) && resized != NULL)
            resized(self);
        height = new_height;
        width = new_width;
    }
}

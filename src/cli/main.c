/* weir: sets up the process and hands over to the table of commands. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli_int.h"

/* A full disk behind standard output must not go unnoticed; a reader that left is no error. */
static int end(cli *self, int status) {
    cli_out_flush(&self->out);
    if (self->out.failed != 0 && self->out.failed != EPIPE) {
        if (!self->out.told)
            cli_out_format(&self->err, "error: standard output cannot be written: %s\n", strerror(self->out.failed));
        if (status == CLI_GOOD)
            status = CLI_RUNTIME;
    }
    if (self->out.failed == EPIPE)
        status = CLI_GOOD;
    cli_out_flush(&self->err);
    return status;
}

int main(int argc, char **argv) {
    cli self = {0};
    signal(SIGPIPE, SIG_IGN);
    setlocale(LC_CTYPE, "C.UTF-8"); /* for the width of characters */
    weir_memory_init(&self.memory, NULL, "weir", SIZE_MAX);
    self.clock = weir_clock_real();
    cli_out_init(&self.out, &self.memory, STDOUT_FILENO);
    cli_out_init(&self.err, &self.memory, STDERR_FILENO);
    self.colour = self.err.terminal && getenv("NO_COLOR") == NULL; /* tidy: the convention of no-color.org is an environment variable */
    int status = end(&self, cli_main(&self, argc, argv));
    cli_out_deinit(&self.out);
    cli_out_deinit(&self.err);
    weir_memory_deinit(&self.memory);
    return status;
}

/* `weir version`. */
#include "cli/cli_int.h"
#include "weir/weir.h"

int cli_version(cli *self, const cli_arguments *arguments) {
    (void)arguments;
    cli_out_format(&self->out, "weir %s\n", weir_version());
    return CLI_GOOD;
}

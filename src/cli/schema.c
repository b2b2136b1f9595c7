/* `weir schema`: guesses the CREATE TABLE of a file. */
#include "cli/cli_int.h"
#include "connect/schema_guess.h"

const cli_option cli_schema_options[] = {
    {NULL, 0, NULL, NULL, NULL, false},
};

int cli_schema(cli *self, const cli_arguments *arguments) {
    (void)self, (void)arguments;
    return 0;
}

/* The table of output formats. `live` is no format of its own: it is what `table` becomes for an unbounded query on a terminal. */
#include <string.h>

#include "cli/cli_int.h"

const cli_output *const cli_outputs[] = {&cli_output_table, &cli_output_changelog, &cli_output_json, &cli_output_csv, NULL};

const cli_output *cli_output_find(const char *name) {
    for (size_t i = 0; cli_outputs[i] != NULL; i++)
        if (strcmp(cli_outputs[i]->name, name) == 0)
            return cli_outputs[i];
    return NULL;
}

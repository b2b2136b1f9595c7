/* The table of output formats. `live` and `rows` are no formats of their own: `table` becomes the first for an unbounded query on a
 * terminal, the second for a query whose rows only get more. */
#include <string.h>

#include "cli/cli_int.h"

const cli_output *const cli_outputs[] = {&cli_output_table, &cli_output_changelog, &cli_output_json,
                                         &cli_output_csv,   &cli_output_vertical,  NULL};

bool cli_answer_streams(const weir_answer *answer) {
    const weir_sort_key *keys;
    return weir_answer_only_inserts(answer) && (weir_answer_is_batch(answer) || weir_answer_order(answer, &keys) == 0);
}

const cli_output *cli_output_find(const char *name) {
    for (size_t i = 0; cli_outputs[i] != NULL; i++)
        if (strcmp(cli_outputs[i]->name, name) == 0)
            return cli_outputs[i];
    return NULL;
}

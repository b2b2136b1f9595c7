/* `weir schema`: guesses the CREATE TABLE of a file, to begin a script with. */
#include "cli/cli_int.h"
#include "connect/schema_guess.h"

const cli_option cli_schema_options[] = {
    {"--table", 't', "NAME", NULL, "what the table is called (after the file)", false},
    {"--format", 'f', "FORMAT", NULL, "csv, json or parquet (by the file's name, else by what is in it)", false},
    {NULL, 0, NULL, NULL, NULL, false},
};

int cli_schema(cli *self, const cli_arguments *arguments) {
    weir_error error = {0};
    weir_arena arena;
    weir_text statement = {0};
    if (arguments->operand_count != 1)
        return cli_usage(self, "schema: which file? Give one");
    weir_arena_init(&arena, &self->memory);
    weir_status status = weir_schema_guess(&arena, &self->memory, weir_files_real(), weir_text_of(arguments->operands[0]),
                                           weir_text_of(cli_argument(arguments, "--table")),
                                           weir_text_of(cli_argument(arguments, "--format")), &statement, &error);
    if (status == WEIR_OK) {
        cli_out_write(&self->out, statement.data, statement.size);
        cli_out_text(&self->out, statement.size > 0 && statement.data[statement.size - 1] == '\n' ? "" : "\n");
    } else {
        cli_error_tell(self, NULL, &error);
    }
    weir_arena_deinit(&arena);
    return cli_exit_of(status);
}

/* `weir help`: made from the table of commands and their tables of options. */
#include <string.h>

#include "cli/cli_int.h"

const cli_option cli_help_options[] = {
    {"--man", 0, NULL, NULL, "print the manual page", true},
    {"--completion", 0, "SHELL", "bash|zsh", "print the completion of a shell", true},
    {NULL, 0, NULL, NULL, NULL, false},
};

static void put_option(cli_out *out, const cli_option *option) {
    const char *value = option->value == NULL ? "" : option->value;
    if (option->letter != 0)
        cli_out_format(out, "  -%c, ", option->letter);
    else
        cli_out_text(out, "      ");
    size_t size = strlen(option->name) + (value[0] == '\0' ? 0 : 1 + strlen(value));
    cli_out_format(out, "%s%s%s%*s  %s\n", option->name, value[0] == '\0' ? "" : " ", value, size < 24 ? (int)(24 - size) : 0, "",
                   option->help);
}

void cli_help_command(cli *self, const cli_command *command) {
    cli_out *out = &self->out;
    cli_out_format(out, "weir %s %s\n  %s\n", command->name, command->operands, command->summary);
    if (command->text != NULL)
        cli_out_format(out, "\n%s\n", command->text);
    cli_out_text(out, "\nOptions:\n");
    for (const cli_option *option = command->options; option != NULL && option->name != NULL; option++)
        if (!option->hidden)
            put_option(out, option);
    put_option(out, &(cli_option){"--help", 'h', NULL, NULL, "show this help", false});
    if (command->examples == NULL)
        return;
    cli_out_text(out, "\nExamples:\n");
    for (const char *const *example = command->examples; *example != NULL; example++)
        cli_out_format(out, "  %s%s\n", (*example)[0] == '#' ? "" : "  ", *example);
}

static void put_overview(cli *self) {
    cli_out *out = &self->out;
    cli_out_text(out, "weir: Flink SQL, streaming and batch, in one small process\n\n");
    for (const cli_command *command = cli_commands; command->name != NULL; command++)
        cli_out_format(out, "  weir %-10s %-24s %s\n", command->name, command->operands, command->summary);
    cli_out_text(out, "\nA first query over a file of your own:\n"
                      "  weir schema flights.csv > flights.sql        a CREATE TABLE for it\n"
                      "  echo \"SELECT COUNT(*) FROM flights;\" >> flights.sql\n"
                      "  weir run flights.sql\n\n"
                      "`weir COMMAND --help` says more, with examples.\n");
}

int cli_help(cli *self, const cli_arguments *arguments) {
    if (cli_flag(arguments, "--man")) {
        cli_manual(self);
        return CLI_GOOD;
    }
    const char *shell = cli_argument(arguments, "--completion");
    if (shell != NULL) {
        if (strcmp(shell, "bash") == 0)
            cli_completion_bash(self);
        else
            cli_completion_zsh(self);
        return CLI_GOOD;
    }
    if (arguments->operand_count == 0) {
        put_overview(self);
        return CLI_GOOD;
    }
    const cli_command *command = cli_command_find(arguments->operands[0]);
    if (command == NULL)
        return cli_usage(self, "there is no command '%s'; `weir help` lists them", arguments->operands[0]);
    cli_help_command(self, command);
    return CLI_GOOD;
}

/* The manual page and the shell completions, written from the tables of commands and options, so that they cannot lag behind.
 * The build does not run this: docs/man/weir.1 and scripts/package/ hold what it printed, and a test compares. */
#include <string.h>

#include "cli/cli_int.h"

/* roff: a hyphen is \-, a leading period or quote would be a request. */
static void put_roff(cli_out *out, const char *text) {
    for (bool line_start = true; *text != '\0'; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            cli_out_text(out, "\\&");
        if (*text == '-')
            cli_out_text(out, "\\-");
        else if (*text == '\\')
            cli_out_text(out, "\\e");
        else
            cli_out_write(out, text, 1);
        line_start = *text == '\n';
    }
}

/* Blank lines begin paragraphs. */
static void put_paragraphs(cli_out *out, const char *text) {
    while (*text != '\0') {
        const char *end = strchr(text, '\n');
        size_t size = end == NULL ? strlen(text) : (size_t)(end - text);
        if (size == 0) {
            cli_out_text(out, ".PP\n");
        } else {
            char line[1024];
            size = size < sizeof line ? size : sizeof line - 1;
            memcpy(line, text, size);
            line[size] = '\0';
            put_roff(out, line);
            cli_out_text(out, "\n");
        }
        text = end == NULL ? text + size : end + 1;
    }
}

static void put_options(cli_out *out, const cli_option *option) {
    for (; option != NULL && option->name != NULL; option++) {
        if (option->hidden)
            continue;
        cli_out_text(out, ".TP\n");
        if (option->letter != 0) {
            char letter[] = {'-', option->letter, '\0'};
            cli_out_text(out, "\\fB");
            put_roff(out, letter);
            cli_out_text(out, "\\fR, ");
        }
        cli_out_text(out, "\\fB");
        put_roff(out, option->name);
        cli_out_text(out, "\\fR");
        if (option->value != NULL) {
            cli_out_text(out, " \\fI");
            put_roff(out, option->value);
            cli_out_text(out, "\\fR");
        }
        cli_out_text(out, "\n");
        put_roff(out, option->help);
        cli_out_text(out, "\n");
    }
}

static void put_examples(cli_out *out, const char *const *examples) {
    for (; examples != NULL && *examples != NULL; examples++) {
        bool comment = (*examples)[0] == '#';
        cli_out_text(out, comment ? ".PP\n" : ".PP\n.RS 4\n.nf\n");
        put_roff(out, *examples + (comment ? 2 : 0));
        cli_out_text(out, comment ? ":\n" : "\n.fi\n.RE\n");
    }
}

void cli_manual(cli *self) {
    cli_out *out = &self->out;
    cli_out_text(out, ".TH WEIR 1 \"\" \"weir\" \"User Commands\"\n.SH NAME\nweir \\- Flink SQL, streaming and batch, in one small "
                      "process\n.SH SYNOPSIS\n");
    for (const cli_command *command = cli_commands; command->name != NULL; command++) {
        cli_out_format(out, "%s\\fBweir %s\\fR [\\fIOPTION\\fR]...%s", command == cli_commands ? "" : ".br\n", command->name,
                       command->operands[0] == '\0' ? "" : " ");
        put_roff(out, command->operands);
        cli_out_text(out, "\n");
    }
    cli_out_text(out, ".SH DESCRIPTION\nRuns scripts of Flink SQL in this process: no cluster, no Java machine. A script that runs here "
                      "runs on Flink as it is.\n");
    for (const cli_command *command = cli_commands; command->name != NULL; command++) {
        cli_out_format(out, ".SH WEIR %s\n", command->name);
        put_roff(out, command->summary);
        cli_out_text(out, ".\n");
        if (command->text != NULL) {
            cli_out_text(out, ".PP\n");
            put_paragraphs(out, command->text);
        }
        put_options(out, command->options);
        put_examples(out, command->examples);
    }
    cli_out_text(out, ".SH ENVIRONMENT\n.TP\n\\fBTZ\\fR\nthe time zone of the session, where table.local\\-time\\-zone does not say it\n"
                      ".TP\n\\fBNO_COLOR\\fR\nwhen set, messages have no colours\n");
}

/* ---- completions ---- */

static void put_names(cli_out *out, const cli_option *option) {
    for (; option != NULL && option->name != NULL; option++)
        if (!option->hidden)
            cli_out_format(out, "%s ", option->name);
    cli_out_text(out, "--help");
}

static void put_words(cli_out *out, const char *words) {
    for (; *words != '\0'; words++)
        cli_out_write(out, *words == '|' ? " " : words, 1);
}

void cli_completion_bash(cli *self) {
    cli_out *out = &self->out;
    cli_out_text(out, "# Completion of weir for bash; made by `weir help --completion bash`.\n_weir() {\n"
                      "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}\n"
                      "    COMPREPLY=()\n    if [ \"$COMP_CWORD\" = 1 ]; then\n        mapfile -t COMPREPLY < <(compgen -W \"");
    for (const cli_command *command = cli_commands; command->name != NULL; command++)
        cli_out_format(out, "%s%s", command == cli_commands ? "" : " ", command->name);
    cli_out_text(out, "\" -- \"$word\")\n        return\n    fi\n    case \"$command $before\" in\n");
    for (const cli_command *command = cli_commands; command->name != NULL; command++)
        for (const cli_option *option = command->options; option != NULL && option->name != NULL; option++)
            if (option->words != NULL && !option->hidden) {
                cli_out_format(out, "    \"%s %s\")\n        mapfile -t COMPREPLY < <(compgen -W \"", command->name, option->name);
                put_words(out, option->words);
                cli_out_text(out, "\" -- \"$word\")\n        return\n        ;;\n");
            }
    cli_out_text(out, "    esac\n    if [ \"${word:0:1}\" = - ]; then\n        case $command in\n");
    for (const cli_command *command = cli_commands; command->name != NULL; command++) {
        cli_out_format(out, "        %s) mapfile -t COMPREPLY < <(compgen -W \"", command->name);
        put_names(out, command->options);
        cli_out_text(out, "\" -- \"$word\") ;;\n");
    }
    cli_out_text(out, "        esac\n    else\n        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n    fi\n}\ncomplete -o filenames "
                      "-F _weir weir\n");
}

void cli_completion_zsh(cli *self) {
    cli_out *out = &self->out;
    cli_out_text(out, "#compdef weir\n# Completion of weir for zsh; made by `weir help --completion zsh`.\n_weir() {\n    if (( CURRENT == "
                      "2 )); then\n        local -a commands\n        commands=(\n");
    for (const cli_command *command = cli_commands; command->name != NULL; command++)
        cli_out_format(out, "            '%s:%s'\n", command->name, command->summary);
    cli_out_text(out, "        )\n        _describe command commands\n        return\n    fi\n    case $words[2] in\n");
    for (const cli_command *command = cli_commands; command->name != NULL; command++) {
        cli_out_format(out, "    %s)\n        _arguments \\\n", command->name);
        for (const cli_option *option = command->options; option != NULL && option->name != NULL; option++) {
            if (option->hidden)
                continue;
            cli_out_format(out, "            '%s%s[", option->value == NULL ? "" : "*", option->name);
            for (const char *c = option->help; *c != '\0'; c++)
                if (*c != '\'' && *c != '[' && *c != ']')
                    cli_out_write(out, c, 1);
            cli_out_text(out, "]");
            if (option->value != NULL) {
                cli_out_format(out, ":%s:", option->value);
                if (option->words != NULL) {
                    cli_out_text(out, "(");
                    put_words(out, option->words);
                    cli_out_text(out, ")");
                }
            }
            cli_out_text(out, "' \\\n");
        }
        cli_out_text(out, "            '--help[show this help]' \\\n            '*:file:_files'\n        ;;\n");
    }
    cli_out_text(out, "    esac\n}\n_weir \"$@\"\n");
}

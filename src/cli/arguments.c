/* The command line of one command, parsed by its table of options: --name VALUE, --name=VALUE, -x VALUE, -xVALUE; `--` ends them. */
#include <stdio.h>
#include <string.h>

#include "cli/cli_int.h"

static const cli_option help_option = {"--help", 'h', NULL, NULL, "show this help", false};

const char *cli_argument(const cli_arguments *arguments, const char *name) {
    for (size_t i = arguments->given_count; i-- > 0;)
        if (strcmp(arguments->given[i].option->name, name) == 0)
            return arguments->given[i].value;
    return NULL;
}

bool cli_flag(const cli_arguments *arguments, const char *name) {
    for (size_t i = 0; i < arguments->given_count; i++)
        if (strcmp(arguments->given[i].option->name, name) == 0)
            return true;
    return false;
}

int cli_usage(cli *self, const char *format, ...) {
    char text[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    cli_out_format(&self->err, "weir: %s\n", text);
    return CLI_USAGE;
}

static const cli_option *option_find(const cli_command *command, const char *name, size_t size) {
    for (const cli_option *option = command->options; option != NULL && option->name != NULL; option++)
        if (strlen(option->name) == size && memcmp(option->name, name, size) == 0)
            return option;
    return strlen(help_option.name) == size && memcmp(help_option.name, name, size) == 0 ? &help_option : NULL;
}

static const cli_option *letter_find(const cli_command *command, char letter) {
    for (const cli_option *option = command->options; option != NULL && option->name != NULL; option++)
        if (option->letter == letter)
            return option;
    return letter == help_option.letter ? &help_option : NULL;
}

static int unknown_option(cli *self, const cli_command *command, const char *word, size_t size) {
    weir_text names[64];
    size_t count = 0;
    for (const cli_option *option = command->options; option != NULL && option->name != NULL && count < 64; option++)
        if (!option->hidden)
            names[count++] = weir_text_of(option->name);
    int nearest = weir_text_nearest((weir_text){word, size}, names, count);
    for (size_t i = 0; i < count && size > 2; i++)
        if (weir_text_starts(names[i], (weir_text){word, size}))
            nearest = (int)i;
    if (nearest >= 0)
        return cli_usage(self, "%s: there is no option %.*s; did you mean %s?", command->name, (int)size, word, names[nearest].data);
    return cli_usage(self, "%s: there is no option %.*s; `weir %s --help` lists them", command->name, (int)size, word, command->name);
}

static bool word_allowed(const char *words, const char *value) {
    size_t size = strlen(value);
    for (const char *at = words; at != NULL; at = strchr(at, '|') == NULL ? NULL : strchr(at, '|') + 1) {
        const char *end = strchr(at, '|');
        size_t word = end == NULL ? strlen(at) : (size_t)(end - at);
        if (word == size && memcmp(at, value, size) == 0)
            return true;
    }
    return false;
}

static bool take(cli *self, const cli_command *command, const cli_option *option, const char *value, cli_arguments *out, int *status) {
    if (option == &help_option) {
        cli_help_command(self, command);
        *status = CLI_GOOD;
        return false;
    }
    if (option->words != NULL && !word_allowed(option->words, value)) {
        *status = cli_usage(self, "%s: %s takes one of %s, not '%s'", command->name, option->name, option->words, value);
        return false;
    }
    out->given[out->given_count++] = (cli_given){option, value};
    return true;
}

bool cli_arguments_parse(cli *self, const cli_command *command, int argc, char **argv, cli_arguments *out, int *status) {
    *out = (cli_arguments){.command = command->name};
    weir_arena_init(&out->arena, &self->memory);
    out->given = WEIR_ARENA_ARRAY(&out->arena, cli_given, (size_t)argc + 1);
    out->operands = WEIR_ARENA_ARRAY(&out->arena, const char *, (size_t)argc + 1);
    *status = CLI_RUNTIME;
    if (out->given == NULL || out->operands == NULL)
        return false;
    bool only_operands = false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (only_operands || word[0] != '-' || word[1] == '\0') {
            out->operands[out->operand_count++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            only_operands = true;
            continue;
        }
        const char *equal = word[1] == '-' ? strchr(word, '=') : NULL;
        size_t size = equal == NULL ? strlen(word) : (size_t)(equal - word);
        const cli_option *option = word[1] == '-' ? option_find(command, word, size) : letter_find(command, word[1]);
        if (option == NULL) {
            *status = unknown_option(self, command, word, size);
            return false;
        }
        const char *value = equal != NULL ? equal + 1 : word[1] != '-' && word[2] != '\0' ? word + 2 : NULL;
        if (option->value == NULL && value != NULL) {
            *status = cli_usage(self, "%s: %s takes no value", command->name, option->name);
            return false;
        }
        if (option->value != NULL && value == NULL) {
            if (i + 1 == argc) {
                *status = cli_usage(self, "%s: %s needs a value: %s", command->name, option->name, option->value);
                return false;
            }
            value = argv[++i];
        }
        if (!take(self, command, option, value, out, status))
            return false;
    }
    return true;
}

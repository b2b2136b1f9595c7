/* `weir options`: the options that SET and --set know, from the session's table. */
#include <string.h>

#include "cli/cli_int.h"

const cli_option cli_options_options[] = {
    {"--json", 0, NULL, NULL, "one JSON object a line", false},
    {NULL, 0, NULL, NULL, NULL, false},
};

static const char *status_name(weir_setting_status status) {
    switch (status) {
    case WEIR_SETTING_HONOURED: return "honoured";
    case WEIR_SETTING_MEANINGLESS: return "meaningless";
    case WEIR_SETTING_REFUSED: return "refused";
    }
    return "";
}

static void put_json(cli *self, const weir_setting_info *info) {
    weir_builder out;
    weir_builder_init(&out, &self->memory, 64 << 10);
    weir_builder_c(&out, "{\"key\":");
    cli_json_string(&out, weir_text_of(info->key));
    weir_builder_format(&out, ",\"status\":\"%s\",\"default\":", status_name(info->status));
    if (info->fallback == NULL)
        weir_builder_c(&out, "null");
    else
        cli_json_string(&out, weir_text_of(info->fallback));
    weir_builder_c(&out, ",\"summary\":");
    cli_json_string(&out, weir_text_of(info->summary));
    weir_builder_c(&out, "}\n");
    cli_out_write(&self->out, out.data, out.size);
    weir_builder_deinit(&out);
}

int cli_options(cli *self, const cli_arguments *arguments) {
    static const char *const titles[] = {[WEIR_SETTING_HONOURED] = "honoured",
                                         [WEIR_SETTING_MEANINGLESS] = "known, but meaningless here",
                                         [WEIR_SETTING_REFUSED] = "refused, unless the default"};
    const char *word = arguments->operand_count > 0 ? arguments->operands[0] : "";
    bool json = cli_flag(arguments, "--json");
    uint32_t count = 0;
    for (int status = WEIR_SETTING_HONOURED; status <= WEIR_SETTING_REFUSED; status++) {
        bool titled = false;
        for (const weir_setting_info *info = weir_settings; info->key != NULL; info++) {
            if (info->status != (weir_setting_status)status || strstr(info->key, word) == NULL)
                continue;
            count++;
            if (json) {
                put_json(self, info);
                continue;
            }
            if (!titled)
                cli_out_format(&self->out, "%s%s:\n", count > 1 ? "\n" : "", titles[status]);
            titled = true;
            cli_out_format(&self->out, "  %s", info->key);
            if (info->fallback != NULL && info->fallback[0] != '\0')
                cli_out_format(&self->out, " (%s)", info->fallback);
            cli_out_format(&self->out, "\n      %s\n", info->summary);
        }
    }
    return count > 0 ? CLI_GOOD : cli_usage(self, "no option's key contains '%s'", word);
}

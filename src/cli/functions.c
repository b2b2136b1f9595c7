/* `weir functions`: the functions that there are, from the tables that register them. */
#include <string.h>

#include "agg/aggregate.h"
#include "cli/cli_int.h"

const cli_option cli_functions_options[] = {
    {"--json", 0, NULL, NULL, "one JSON object a line", false},
    {NULL, 0, NULL, NULL, NULL, false},
};

/* What scalar and aggregate functions have in common. */
typedef struct function_info {
    const char *name, *kind, *family, *usage, *summary, *example, *gives;
} function_info;

typedef struct listing {
    cli *self;
    const char *wanted; /* NULL: all */
    bool json;
    const char *family; /* only this one; NULL: all */
    uint64_t count;
} listing;

static void put_json_text(weir_builder *out, const char *key, const char *text) {
    weir_builder_format(out, "%s\"%s\":", out->size > 1 ? "," : "", key);
    if (text == NULL)
        weir_builder_c(out, "null");
    else
        cli_json_string(out, weir_text_of(text));
}

static void put_json(cli *self, const function_info *info) {
    weir_builder out;
    weir_builder_init(&out, &self->memory, 64 << 10);
    weir_builder_char(&out, '{');
    put_json_text(&out, "name", info->name);
    put_json_text(&out, "kind", info->kind);
    put_json_text(&out, "family", info->family);
    put_json_text(&out, "usage", info->usage);
    put_json_text(&out, "summary", info->summary);
    put_json_text(&out, "example", info->example);
    put_json_text(&out, "gives", info->gives);
    weir_builder_c(&out, "}\n");
    cli_out_write(&self->out, out.data, out.size);
    weir_builder_deinit(&out);
}

static void put(listing *list, const function_info *info) {
    if (list->wanted != NULL && !weir_text_equal_nocase_c(weir_text_of(list->wanted), info->name))
        return;
    if (list->family != NULL && strcmp(list->family, info->family) != 0)
        return;
    list->count++;
    cli_out *out = &list->self->out;
    if (list->json) {
        put_json(list->self, info);
    } else if (list->wanted != NULL) {
        cli_out_format(out, "%s\n  %s\n", info->usage, info->summary);
        if (info->example != NULL)
            cli_out_format(out, "  for instance: %s", info->example);
        if (info->example != NULL && info->gives != NULL)
            cli_out_format(out, "   gives %s", info->gives);
        cli_out_text(out, "\n");
    } else {
        cli_out_format(out, "  %-24s %s\n", info->name, info->summary);
    }
}

static size_t family_add(const char **families, size_t count, size_t room, const char *family) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(families[i], family) == 0)
            return count;
    if (count < room)
        families[count++] = family;
    return count;
}

static void put_all(listing *list) {
    const weir_function *function;
    for (size_t f = 0; (function = weir_function_family(f)) != NULL; f++)
        for (; function->name != NULL; function++)
            if ((function->flags & WEIR_FUNCTION_HIDDEN) == 0)
                put(list, &(function_info){function->name, "scalar", function->family, function->usage, function->summary,
                                           function->example, function->gives});
    const weir_aggregate *aggregate;
    for (size_t f = 0; (aggregate = weir_aggregate_family(f)) != NULL; f++)
        for (; aggregate->name != NULL; aggregate++)
            if ((aggregate->flags & WEIR_AGGREGATE_HIDDEN) == 0)
                put(list, &(function_info){aggregate->name, (aggregate->flags & WEIR_AGGREGATE_WINDOW_ONLY) != 0 ? "window" : "aggregate",
                                           aggregate->family, aggregate->usage, aggregate->summary, aggregate->example, aggregate->gives});
}

/* The families in the order in which they first occur; tables may share one. */
static void put_families(listing *list) {
    enum { FAMILIES_MAX = 64 };
    const char *families[FAMILIES_MAX];
    size_t count = 0;
    const weir_function *function;
    const weir_aggregate *aggregate;
    for (size_t f = 0; (function = weir_function_family(f)) != NULL; f++)
        for (; function->name != NULL; function++)
            if ((function->flags & WEIR_FUNCTION_HIDDEN) == 0)
                count = family_add(families, count, FAMILIES_MAX, function->family);
    for (size_t f = 0; (aggregate = weir_aggregate_family(f)) != NULL; f++)
        for (; aggregate->name != NULL; aggregate++)
            if ((aggregate->flags & WEIR_AGGREGATE_HIDDEN) == 0)
                count = family_add(families, count, FAMILIES_MAX, aggregate->family);
    for (size_t i = 0; i < count; i++) {
        cli_out_format(&list->self->out, "%s%s\n", i > 0 ? "\n" : "", families[i]);
        list->family = families[i];
        put_all(list);
    }
}

int cli_functions(cli *self, const cli_arguments *arguments) {
    listing list = {
        .self = self, .wanted = arguments->operand_count > 0 ? arguments->operands[0] : NULL, .json = cli_flag(arguments, "--json")};
    if (arguments->operand_count > 1)
        return cli_usage(self, "functions: one name at a time");
    if (list.wanted == NULL && !list.json)
        put_families(&list);
    else
        put_all(&list);
    if (list.wanted == NULL || list.count > 0)
        return CLI_GOOD;
    const weir_function *nearest = weir_function_nearest(weir_text_of(list.wanted));
    if (nearest != NULL)
        return cli_usage(self, "there is no function '%s'; did you mean %s?", list.wanted, nearest->name);
    return cli_usage(self, "there is no function '%s'; `weir functions` lists them", list.wanted);
}

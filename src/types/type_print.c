/* Types as text: Flink's serialised form, and the short form of DESCRIBE and messages. */
#include "types/type.h"

static const char *const names[WEIR_KIND_COUNT] = {
    [WEIR_KIND_NULL] = "NULL",
    [WEIR_KIND_BOOLEAN] = "BOOLEAN",
    [WEIR_KIND_TINYINT] = "TINYINT",
    [WEIR_KIND_SMALLINT] = "SMALLINT",
    [WEIR_KIND_INT] = "INT",
    [WEIR_KIND_BIGINT] = "BIGINT",
    [WEIR_KIND_FLOAT] = "FLOAT",
    [WEIR_KIND_DOUBLE] = "DOUBLE",
    [WEIR_KIND_DECIMAL] = "DECIMAL",
    [WEIR_KIND_CHAR] = "CHAR",
    [WEIR_KIND_VARCHAR] = "VARCHAR",
    [WEIR_KIND_BINARY] = "BINARY",
    [WEIR_KIND_VARBINARY] = "VARBINARY",
    [WEIR_KIND_DATE] = "DATE",
    [WEIR_KIND_TIME] = "TIME",
    [WEIR_KIND_TIMESTAMP] = "TIMESTAMP",
    [WEIR_KIND_TIMESTAMP_LTZ] = "TIMESTAMP",
    /* Intervals have one resolution each here, so their precision is constant. */
    [WEIR_KIND_INTERVAL_MONTH] = "INTERVAL MONTH",
    [WEIR_KIND_INTERVAL_SECOND] = "INTERVAL SECOND(3)",
    [WEIR_KIND_ARRAY] = "ARRAY",
    [WEIR_KIND_MULTISET] = "MULTISET",
    [WEIR_KIND_MAP] = "MAP",
    [WEIR_KIND_ROW] = "ROW",
    [WEIR_KIND_SYMBOL] = "SYMBOL",
    [WEIR_KIND_VARIANT] = "VARIANT",
    [WEIR_KIND_BITMAP] = "BITMAP",
};

static void print(const weir_type *type, bool brief, weir_builder *out);

/* `quote` around the text, doubled inside. */
static void print_quoted(weir_text text, char quote, weir_builder *out) {
    weir_builder_char(out, quote);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == quote)
            weir_builder_char(out, quote);
        weir_builder_char(out, text.data[i]);
    }
    weir_builder_char(out, quote);
}

static void print_row(const weir_type *type, bool brief, weir_builder *out) {
    weir_builder_c(out, "ROW<");
    for (uint32_t i = 0; i < type->field_count; i++) {
        const weir_field *field = &type->fields[i];
        if (i > 0)
            weir_builder_c(out, ", ");
        print_quoted(field->name, '`', out);
        weir_builder_char(out, ' ');
        print(field->type, brief, out);
        if (field->comment.data != NULL) {
            weir_builder_char(out, ' ');
            print_quoted(field->comment, '\'', out);
        }
    }
    weir_builder_char(out, '>');
}

static void print_sized(const weir_type *type, bool brief, weir_builder *out) {
    bool unbounded = type->precision == WEIR_LENGTH_MAX;
    if (brief && unbounded && type->kind == WEIR_KIND_VARCHAR)
        weir_builder_c(out, "STRING");
    else if (brief && unbounded && type->kind == WEIR_KIND_VARBINARY)
        weir_builder_c(out, "BYTES");
    else
        weir_builder_format(out, "%s(%d)", names[type->kind], type->precision);
}

static void print(const weir_type *type, bool brief, weir_builder *out) {
    switch (type->kind) {
    case WEIR_KIND_DECIMAL: weir_builder_format(out, "DECIMAL(%d, %d)", type->precision, type->scale); break;
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR:
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY:
    case WEIR_KIND_TIME:
    case WEIR_KIND_TIMESTAMP: print_sized(type, brief, out); break;
    case WEIR_KIND_TIMESTAMP_LTZ:
        weir_builder_format(out, brief ? "TIMESTAMP_LTZ(%d)" : "TIMESTAMP(%d) WITH LOCAL TIME ZONE", type->precision);
        break;
    case WEIR_KIND_ARRAY:
    case WEIR_KIND_MULTISET:
    case WEIR_KIND_MAP:
        weir_builder_c(out, names[type->kind]);
        weir_builder_char(out, '<');
        print(type->children[0], brief, out);
        if (type->child_count == 2) {
            weir_builder_c(out, ", ");
            print(type->children[1], brief, out);
        }
        weir_builder_char(out, '>');
        break;
    case WEIR_KIND_ROW: print_row(type, brief, out); break;
    default: weir_builder_c(out, names[type->kind]); break;
    }
    if (!type->nullable && type->kind != WEIR_KIND_NULL && type->kind != WEIR_KIND_SYMBOL)
        weir_builder_c(out, " NOT NULL");
}

void weir_type_print(const weir_type *type, weir_builder *out) { print(type, false, out); }
void weir_type_print_short(const weir_type *type, weir_builder *out) { print(type, true, out); }

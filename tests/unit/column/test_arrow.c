/* Arrow's C data interface: what goes out comes back, foreign layouts come in, broken ones are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "column/arrow.h"

static weir_memory memory;
static weir_arena types;

static int open_all(void **state) {
    (void)state;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&types, &memory);
    return 0;
}

static int close_all(void **state) {
    (void)state;
    weir_arena_deinit(&types);
    assert_int_equal(memory.used_bytes, 0);
    return 0;
}

#define SIMPLE(kind) weir_type_simple(WEIR_KIND_##kind, true)
#define SIZED(kind, size) weir_type_sized(&types, WEIR_KIND_##kind, size, true)

static weir_field field(const char *name, const weir_type *type) { return (weir_field){.name = weir_text_of(name), .type = type}; }

/* A field of every kind. */
static weir_schema wide_schema(void) {
    weir_field *fields = WEIR_ARENA_ARRAY(&types, weir_field, 24);
    weir_field inner[2] = {field("a", SIMPLE(INT)), field("b", weir_type_string(true))};
    const weir_type *row = weir_type_row(&types, inner, 2, true);
    uint32_t n = 0;
    fields[n++] = field("bool", SIMPLE(BOOLEAN));
    fields[n++] = field("tiny", SIMPLE(TINYINT));
    fields[n++] = field("small", SIMPLE(SMALLINT));
    fields[n++] = field("int", SIMPLE(INT));
    fields[n++] = field("big", SIMPLE(BIGINT));
    fields[n++] = field("float", SIMPLE(FLOAT));
    fields[n++] = field("double", SIMPLE(DOUBLE));
    fields[n++] = field("dec", weir_type_decimal(&types, 38, 10, true));
    fields[n++] = field("text", weir_type_string(true));
    fields[n++] = field("bytes", weir_type_bytes(true));
    fields[n++] = field("date", SIMPLE(DATE));
    fields[n++] = field("time", SIZED(TIME, 3));
    fields[n++] = field("ts3", SIZED(TIMESTAMP, 3));
    fields[n++] = field("ts6", SIZED(TIMESTAMP, 6));
    fields[n++] = field("ts9", SIZED(TIMESTAMP, 9));
    fields[n++] = field("ltz", SIZED(TIMESTAMP_LTZ, 3));
    fields[n++] = field("months", SIMPLE(INTERVAL_MONTH));
    fields[n++] = field("seconds", SIMPLE(INTERVAL_SECOND));
    fields[n++] = field("array", weir_type_array(&types, weir_type_array(&types, row, true), true));
    fields[n++] = field("map", weir_type_map(&types, weir_type_string(false), row, true));
    fields[n++] = field("row", row);
    fields[n++] = field("none", SIMPLE(NULL));
    return (weir_schema){n, fields};
}

enum { ROWS = 9 };

static void fill(weir_column *column, uint32_t row, uint32_t seed);

static void fill_nested(weir_column *column, uint32_t row, uint32_t seed) {
    if (column->layout == WEIR_LAYOUT_NONE) {
        for (uint32_t i = 0; i < column->child_count; i++)
            fill(column->children[i], row, seed + i);
        return;
    }
    uint32_t count = seed % 4, at = weir_column_span_add(column, row, count);
    for (uint32_t k = 0; k < count; k++)
        for (uint32_t i = 0; i < column->child_count; i++)
            fill(column->children[i], at + k, seed * 7 + k * 3 + i + (column->child_count == 2 && i == 0 ? 0 : k));
}

/* Some value, or NULL for every fifth where NULL is allowed. */
static void fill(weir_column *column, uint32_t row, uint32_t seed) {
    if (column->type->kind == WEIR_KIND_NULL)
        return;
    if (seed % 5 == 4 && column->type->nullable) {
        weir_column_put_value(column, row, &(weir_value){.type = column->type, .is_null = true});
        return;
    }
    static const char *const texts[] = {"", "short", "twelve bytes", "a text of more than twelve bytes", "\xC3\xA4\xC3\xB6"};
    switch (column->layout) {
    case WEIR_LAYOUT_U8: WEIR_VALUES(column, uint8_t)[row] = seed % 2; break;
    case WEIR_LAYOUT_I8: WEIR_VALUES(column, int8_t)[row] = (int8_t)(seed * 37); break;
    case WEIR_LAYOUT_I16: WEIR_VALUES(column, int16_t)[row] = (int16_t)(seed * 3701); break;
    case WEIR_LAYOUT_I32: WEIR_VALUES(column, int32_t)[row] = (int32_t)(seed * 1000003 % 86400000); break;
    case WEIR_LAYOUT_I64: WEIR_VALUES(column, int64_t)[row] = (int64_t)seed * 1000003000 - 5000000000; break;
    case WEIR_LAYOUT_F32: WEIR_VALUES(column, float)[row] = (float)seed / 7; break;
    case WEIR_LAYOUT_F64: WEIR_VALUES(column, double)[row] = (double)seed / 7; break;
    case WEIR_LAYOUT_I128: WEIR_VALUES(column, weir_i128)[row] = -(weir_i128)seed * 1000000000000000000 * 1000000000; break;
    case WEIR_LAYOUT_TIMESTAMP_NS:
        WEIR_VALUES(column, weir_timestamp_ns)[row] = (weir_timestamp_ns){(int64_t)seed * 86399999 - 100000000, 123456, 0};
        break;
    case WEIR_LAYOUT_VIEW: weir_column_put_text(column, row, weir_text_of(texts[seed % 5])); break;
    default: fill_nested(column, row, seed); break;
    }
}

static weir_batch *filled(const weir_schema *schema) {
    const weir_type *of[24];
    for (uint32_t i = 0; i < schema->count; i++)
        of[i] = schema->fields[i].type;
    weir_batch *batch = weir_batch_create_typed(&memory, of, schema->count, ROWS);
    batch->rows = batch->selected = ROWS;
    for (uint32_t i = 0; i < schema->count; i++)
        for (uint32_t row = 0; row < ROWS; row++)
            fill(batch->columns[i], row, row * 3 + i);
    return batch;
}

static void expect_same_rows(const weir_batch *a, const weir_batch *b) {
    assert_int_equal(a->selected, b->rows);
    for (uint32_t i = 0; i < a->column_count; i++)
        for (uint32_t k = 0; k < a->selected; k++)
            if (!weir_column_rows_equal(a->columns[i], a->selection == NULL ? k : a->selection[k], b->columns[i], k))
                fail_msg("column %u row %u differs", i, k);
}

static void test_round_trip(void **state) {
    (void)state;
    weir_schema schema = wide_schema(), back;
    weir_error error = {0};
    struct ArrowSchema foreign_schema;
    assert_int_equal(weir_arrow_export_schema(&schema, false, &foreign_schema, &error), WEIR_OK);
    assert_int_equal(weir_arrow_import_schema(&types, &foreign_schema, &back, &error), WEIR_OK);
    assert_int_equal(back.count, schema.count);
    for (uint32_t i = 0; i < schema.count; i++) {
        assert_true(weir_text_equal(back.fields[i].name, schema.fields[i].name));
        assert_true(weir_type_equal(back.fields[i].type, schema.fields[i].type, false));
    }
    for (int selected = 0; selected < 2; selected++) {
        weir_batch *batch = filled(&schema);
        if (selected) {
            uint32_t *selection = weir_batch_open_selection(batch, ROWS);
            selection[0] = 1;
            selection[1] = 4;
            selection[2] = 8;
            batch->selected = 3;
        }
        struct ArrowArray array;
        assert_int_equal(weir_arrow_export_batch(&memory, batch, &schema, false, &array, &error), WEIR_OK);
        assert_int_equal(array.length, batch->selected);
        weir_batch *imported;
        assert_int_equal(weir_arrow_import_batch(&memory, &foreign_schema, &array, &back, 0, batch->selected, &imported, &error), WEIR_OK);
        expect_same_rows(batch, imported);
        weir_batch_destroy(imported);
        /* A part, and again through the other side's offset. */
        for (int64_t from = 0; from <= array.length; from++) {
            uint32_t count = (uint32_t)(array.length - from);
            assert_int_equal(weir_arrow_import_batch(&memory, &foreign_schema, &array, &back, from, count, &imported, &error), WEIR_OK);
            for (uint32_t i = 0; i < schema.count; i++)
                for (uint32_t k = 0; k < count; k++) {
                    uint32_t row = (uint32_t)from + k;
                    assert_true(weir_column_rows_equal(batch->columns[i], batch->selection == NULL ? row : batch->selection[row],
                                                       imported->columns[i], k));
                }
            weir_batch_destroy(imported);
        }
        weir_batch_destroy(batch); /* the array keeps what it shares */
        assert_int_equal(weir_arrow_import_batch(&memory, &foreign_schema, &array, &back, 0, 1, &imported, &error), WEIR_OK);
        weir_batch_destroy(imported);
        array.release(&array);
        assert_null(array.release);
    }
    foreign_schema.release(&foreign_schema);
}

static void test_formats_and_kinds(void **state) {
    (void)state;
    weir_schema schema = wide_schema();
    weir_error error = {0};
    struct ArrowSchema exported;
    assert_int_equal(weir_arrow_export_schema(&schema, true, &exported, &error), WEIR_OK);
    assert_string_equal(exported.format, "+s");
    assert_string_equal(exported.children[7]->format, "d:38,10");
    assert_string_equal(exported.children[12]->format, "tsm:");
    assert_string_equal(exported.children[13]->format, "tsu:");
    assert_string_equal(exported.children[14]->format, "tsn:");
    assert_string_equal(exported.children[15]->format, "tsm:UTC");
    assert_string_equal(exported.children[19]->format, "+m");
    assert_string_equal(exported.children[19]->children[0]->name, "entries");
    assert_int_equal(exported.children[19]->children[0]->children[0]->flags & ARROW_FLAG_NULLABLE, 0);
    assert_string_equal(exported.children[schema.count]->name, "op");
    assert_int_equal(exported.children[schema.count]->flags & ARROW_FLAG_NULLABLE, 0);
    weir_batch *batch = filled(&schema);
    uint8_t *kinds = weir_batch_open_kinds(batch, ROWS);
    kinds[2] = WEIR_DELETE;
    struct ArrowArray array;
    assert_int_equal(weir_arrow_export_batch(&memory, batch, &schema, true, &array, &error), WEIR_OK);
    assert_int_equal(((const int8_t *)array.children[schema.count]->buffers[1])[2], WEIR_DELETE);
    /* Shared, not copied. */
    assert_ptr_equal(array.children[4]->buffers[1], batch->columns[4]->values);
    /* A child moved out lives on. */
    struct ArrowArray moved = *array.children[8];
    array.children[8]->release = NULL;
    weir_batch_destroy(batch);
    array.release(&array);
    assert_int_equal(moved.length, ROWS);
    moved.release(&moved);
    exported.release(&exported);
}

/* Foreign arrays by hand: one column `child` in a struct. */
typedef struct foreign {
    struct ArrowSchema schema, child_schema, dictionary_schema;
    struct ArrowArray array, child, dictionary;
    struct ArrowSchema *schema_children[1];
    struct ArrowArray *children[1];
    const void *buffers[3], *dictionary_buffers[3];
    const void *no_buffer[1];
} foreign;

static void foreign_init(foreign *f, const char *format, int64_t length, const void *second, const void *third) {
    memset(f, 0, sizeof(*f));
    f->schema_children[0] = &f->child_schema;
    f->children[0] = &f->child;
    f->schema = (struct ArrowSchema){.format = "+s", .n_children = 1, .children = f->schema_children};
    f->child_schema = (struct ArrowSchema){.format = format, .name = "c", .flags = ARROW_FLAG_NULLABLE};
    f->array = (struct ArrowArray){.length = length, .n_buffers = 1, .n_children = 1, .children = f->children, .buffers = f->no_buffer};
    f->buffers[1] = second;
    f->buffers[2] = third;
    f->child = (struct ArrowArray){.length = length, .n_buffers = third == NULL ? 2 : 3, .buffers = f->buffers, .null_count = -1};
}

static weir_status import(foreign *f, const weir_type *as, weir_batch **out, weir_error *error) {
    weir_field *wanted = WEIR_ARENA_ARRAY(&types, weir_field, 1);
    wanted[0] = field("c", as);
    weir_schema schema = {1, wanted};
    return weir_arrow_import_batch(&memory, &f->schema, &f->array, &schema, 0, (uint32_t)f->array.length, out, error);
}

static const weir_type *imported_type(foreign *f) {
    weir_schema schema;
    weir_error error = {0};
    return weir_arrow_import_schema(&types, &f->schema, &schema, &error) == WEIR_OK ? schema.fields[0].type : NULL;
}

static void test_foreign_numbers(void **state) {
    (void)state;
    foreign f;
    weir_batch *batch;
    weir_error error = {0};
    static const uint32_t unsigned_values[3] = {1, 4000000000u, 3};
    foreign_init(&f, "I", 3, unsigned_values, NULL);
    assert_int_equal(imported_type(&f)->kind, WEIR_KIND_BIGINT);
    assert_int_equal(import(&f, SIMPLE(BIGINT), &batch, &error), WEIR_OK);
    assert_int_equal(WEIR_VALUES(batch->columns[0], int64_t)[1], 4000000000);
    weir_batch_destroy(batch);
    assert_int_equal(import(&f, SIMPLE(INT), &batch, &error), WEIR_RUNTIME); /* does not fit */
    assert_int_equal(import(&f, weir_type_string(true), &batch, &error), WEIR_VALIDATE);
    assert_non_null(strstr(error.message, "STRING"));
    /* Offset and validity: of bits 1 0 1 1, rows from 1 on. */
    static const uint8_t bits[1] = {0x0D};
    static const int64_t values[4] = {10, 11, 12, 13};
    foreign_init(&f, "l", 3, values, NULL);
    f.buffers[0] = bits;
    f.child.offset = 1;
    assert_int_equal(import(&f, SIMPLE(BIGINT), &batch, &error), WEIR_OK);
    assert_false(weir_column_is_valid(batch->columns[0], 0));
    assert_int_equal(WEIR_VALUES(batch->columns[0], int64_t)[0], 0); /* never garbage */
    assert_int_equal(WEIR_VALUES(batch->columns[0], int64_t)[2], 13);
    weir_batch_destroy(batch);
    static const int64_t milliseconds[1] = {-1};
    foreign_init(&f, "tsm:", 1, milliseconds, NULL);
    assert_int_equal(import(&f, SIZED(TIMESTAMP, 0), &batch, &error), WEIR_OK);
    assert_int_equal(WEIR_VALUES(batch->columns[0], int64_t)[0], -1000000); /* toward the past */
    weir_batch_destroy(batch);
    static const int64_t far_away[1] = {INT64_MAX};
    foreign_init(&f, "tss:", 1, far_away, NULL);
    assert_int_equal(import(&f, SIZED(TIMESTAMP, 6), &batch, &error), WEIR_RUNTIME);
    foreign_init(&f, "tsn:UTC", 1, milliseconds, NULL);
    assert_int_equal(imported_type(&f)->kind, WEIR_KIND_TIMESTAMP_LTZ);
    assert_int_equal(import(&f, SIZED(TIMESTAMP_LTZ, 9), &batch, &error), WEIR_OK);
    assert_int_equal(WEIR_VALUES(batch->columns[0], weir_timestamp_ns)[0].nanoseconds, 999999);
    weir_batch_destroy(batch);
}

static void test_foreign_text(void **state) {
    (void)state;
    foreign f;
    weir_batch *batch;
    weir_error error = {0};
    static const int64_t offsets[4] = {2, 5, 5, 25};
    static const char data[] = "..abcthis is rather longer";
    foreign_init(&f, "U", 3, offsets, data);
    assert_int_equal(import(&f, weir_type_string(true), &batch, &error), WEIR_OK);
    assert_true(weir_text_equal_c(weir_column_text(batch->columns[0], 0), "abc"));
    assert_int_equal(weir_column_text(batch->columns[0], 1).size, 0);
    assert_int_equal(weir_column_text(batch->columns[0], 2).size, 20);
    weir_batch_destroy(batch);
    static const int64_t falling[4] = {2, 5, 4, 25};
    foreign_init(&f, "U", 3, falling, data);
    assert_int_equal(import(&f, weir_type_string(true), &batch, &error), WEIR_VALIDATE);
    /* Views: one inline, one in a buffer. */
    struct {
        int32_t size;
        char bytes[12];
    } views[2] = {{3, "xyz"}, {20, {0}}};
    int32_t place[3] = {0, 0, 5};
    memcpy(views[1].bytes, "this", 4);
    memcpy(views[1].bytes + 4, &place[1], 8);
    foreign_init(&f, "vu", 2, views, data);
    assert_int_equal(import(&f, weir_type_string(true), &batch, &error), WEIR_OK);
    assert_true(weir_text_equal_c(weir_column_text(batch->columns[0], 0), "xyz"));
    assert_true(weir_text_equal_c(weir_column_text(batch->columns[0], 1), "this is rather longe"));
    weir_batch_destroy(batch);
    /* A dictionary. */
    static const int32_t entries[3] = {0, 3, 8};
    static const char words[] = "redgreen";
    static const int8_t picks[4] = {1, 0, 1, 5};
    foreign_init(&f, "c", 3, picks, NULL);
    f.dictionary_schema = (struct ArrowSchema){.format = "u"};
    f.child_schema.dictionary = &f.dictionary_schema;
    f.dictionary_buffers[1] = entries;
    f.dictionary_buffers[2] = words;
    f.dictionary = (struct ArrowArray){.length = 2, .n_buffers = 3, .buffers = f.dictionary_buffers};
    f.child.dictionary = &f.dictionary;
    assert_int_equal(imported_type(&f)->kind, WEIR_KIND_VARCHAR);
    assert_int_equal(import(&f, weir_type_string(true), &batch, &error), WEIR_OK);
    assert_true(weir_text_equal_c(weir_column_text(batch->columns[0], 0), "green"));
    assert_true(weir_text_equal_c(weir_column_text(batch->columns[0], 1), "red"));
    weir_batch_destroy(batch);
    f.child.length = f.array.length = 4; /* the fourth points nowhere */
    assert_int_equal(import(&f, weir_type_string(true), &batch, &error), WEIR_VALIDATE);
}

static void test_refused(void **state) {
    (void)state;
    static const char *const formats[] = {"e", "+ud:0,1", "+r", "+vl", "d:76,2,256", "tin", "x", "t"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        foreign f;
        foreign_init(&f, formats[i], 0, NULL, NULL);
        weir_schema schema;
        weir_error error = {0};
        assert_int_equal(weir_arrow_import_schema(&types, &f.schema, &schema, &error), WEIR_UNSUPPORTED);
        assert_non_null(strstr(error.message, formats[i]));
    }
    /* Nanoseconds end in 2262. */
    weir_field far_field = field("t", SIZED(TIMESTAMP, 9));
    weir_schema schema = {1, &far_field};
    weir_batch *batch = weir_batch_create_typed(&memory, &far_field.type, 1, 1);
    batch->rows = batch->selected = 1;
    WEIR_VALUES(batch->columns[0], weir_timestamp_ns)[0].milliseconds = INT64_C(253402300799999);
    struct ArrowArray array;
    weir_error error = {0};
    assert_int_equal(weir_arrow_export_batch(&memory, batch, &schema, false, &array, &error), WEIR_RUNTIME);
    weir_column_set_null(batch->columns[0], 0);
    assert_int_equal(weir_arrow_export_batch(&memory, batch, &schema, false, &array, &error), WEIR_OK);
    array.release(&array);
    weir_batch_destroy(batch);
}

/* With a selection everything is a copy, also inner values that lie as they are wanted: the array may outlive the batch's account. */
static void test_selected_shares_nothing(void **state) {
    (void)state;
    weir_schema schema = wide_schema();
    size_t used = memory.used_bytes;
    weir_memory apart;
    weir_error error = {0};
    struct ArrowArray array;
    weir_memory_init(&apart, NULL, "apart", SIZE_MAX);
    weir_batch *batch = filled(&schema);
    uint32_t *selection = weir_batch_open_selection(batch, ROWS);
    for (uint32_t i = 0; i < ROWS; i++)
        selection[i] = i;
    batch->selected = ROWS;
    assert_int_equal(weir_arrow_export_batch(&apart, batch, &schema, false, &array, &error), WEIR_OK);
    weir_batch_destroy(batch);
    assert_int_equal(memory.used_bytes, used);
    array.release(&array);
    assert_int_equal(apart.used_bytes, 0);
}

static void test_no_memory(void **state) {
    (void)state;
    weir_schema schema = wide_schema();
    struct ArrowSchema foreign_schema;
    weir_error error = {0};
    assert_int_equal(weir_arrow_export_schema(&schema, false, &foreign_schema, &error), WEIR_OK);
    weir_batch *batch = filled(&schema);
    uint32_t *selection = weir_batch_open_selection(batch, ROWS);
    selection[0] = 2;
    selection[1] = 7;
    batch->selected = 2;
    size_t used = memory.used_bytes;
    bool done = false;
    for (uint64_t n = 1; !done; n++) {
        assert_true(n < 2000);
        struct ArrowArray array = {0};
        weir_batch *imported = NULL;
        weir_memory_fail_after(n, false);
        weir_status status = weir_arrow_export_batch(&memory, batch, &schema, false, &array, &error);
        if (status == WEIR_OK)
            status = weir_arrow_import_batch(&memory, &foreign_schema, &array, &schema, 0, 2, &imported, &error);
        done = weir_memory_tries() < n;
        weir_memory_fail_after(0, false);
        assert_true(done ? status == WEIR_OK : status == WEIR_MEMORY);
        weir_batch_destroy(imported);
        if (array.release != NULL)
            array.release(&array);
        assert_int_equal(memory.used_bytes, used);
    }
    weir_batch_destroy(batch);
    foreign_schema.release(&foreign_schema);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_formats_and_kinds),
        cmocka_unit_test(test_foreign_numbers),
        cmocka_unit_test(test_foreign_text),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_selected_shares_nothing),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}

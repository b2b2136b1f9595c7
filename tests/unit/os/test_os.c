/* Clock, files, threads, randomness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/clock.h"
#include "os/file.h"
#include "os/random.h"
#include "os/thread.h"

static weir_memory memory;
static weir_arena arena;
static char folder[64];

static int open_all(void **state) {
    (void)state;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    strcpy(folder, "weir-os-test-XXXXXX");
    const char *scratch = getenv("TMPDIR");
    if (scratch == NULL || strlen(scratch) > 30)
        scratch = "/tmp";
    snprintf(folder, sizeof(folder), "%s/weir-os-test-XXXXXX", scratch);
    return mkdtemp(folder) == NULL;
}

static int close_all(void **state) {
    (void)state;
    weir_error error = {0};
    assert_int_equal(weir_files_remove_tree(weir_files_real(), &memory, folder, &error), WEIR_OK);
    weir_file_info info;
    assert_int_equal(weir_files_stat(weir_files_real(), folder, &info, &error), WEIR_OK);
    assert_int_equal(info.kind, WEIR_FILE_NONE);
    weir_arena_deinit(&arena);
    assert_int_equal(memory.used_bytes, 0);
    return 0;
}

static const char *path_of(const char *name) { return weir_arena_format(&arena, "%s/%s", folder, name).data; }

static void write_file(const char *name, const char *text) {
    weir_error error = {0};
    weir_file *file;
    assert_int_equal(weir_files_open(weir_files_real(), &memory, path_of(name), WEIR_FILE_CREATE, &file, &error), WEIR_OK);
    assert_int_equal(weir_file_write(file, text, strlen(text), &error), WEIR_OK);
    assert_int_equal(weir_file_close(file, &error), WEIR_OK);
}

static void expect_file(const char *name, const char *text) {
    weir_error error = {0};
    char *data;
    size_t size, capacity;
    assert_int_equal(weir_files_read_all(weir_files_real(), &memory, path_of(name), 1 << 20, &data, &size, &capacity, &error), WEIR_OK);
    assert_int_equal(size, strlen(text));
    assert_string_equal(data, text);
    weir_memory_free(&memory, data, capacity);
}

static void test_files(void **state) {
    (void)state;
    const weir_files *files = weir_files_real();
    weir_error error = {0};
    weir_file *file;
    write_file("a.txt", "hello");
    expect_file("a.txt", "hello");
    assert_int_equal(weir_files_open(files, &memory, path_of("a.txt"), WEIR_FILE_APPEND, &file, &error), WEIR_OK);
    assert_int_equal(weir_file_write(file, " world", 6, &error), WEIR_OK);
    assert_int_equal(weir_file_sync(file, &error), WEIR_OK);
    uint64_t size;
    assert_int_equal(weir_file_size(file, &size, &error), WEIR_OK);
    assert_int_equal(size, 11);
    assert_int_equal(weir_file_close(file, &error), WEIR_OK);
    expect_file("a.txt", "hello world");
    assert_int_equal(weir_files_open(files, &memory, path_of("a.txt"), WEIR_FILE_READ, &file, &error), WEIR_OK);
    char part[16];
    size_t read;
    assert_int_equal(weir_file_read_at(file, 6, part, sizeof(part), &read, &error), WEIR_OK);
    assert_int_equal(read, 5);
    assert_memory_equal(part, "world", 5);
    assert_int_equal(weir_file_read_at(file, 100, part, sizeof(part), &read, &error), WEIR_OK);
    assert_int_equal(read, 0);
    assert_int_equal(weir_file_close(file, &error), WEIR_OK);
    assert_int_equal(weir_files_open(files, &memory, path_of("a.txt"), WEIR_FILE_CREATE_NEW, &file, &error), WEIR_RUNTIME);
    assert_int_equal(weir_files_open(files, &memory, path_of("none"), WEIR_FILE_READ, &file, &error), WEIR_RUNTIME);
    assert_non_null(strstr(error.message, "does not exist"));
    assert_int_equal(weir_files_rename(files, path_of("none"), path_of("b.txt"), &error), WEIR_RUNTIME);
    assert_non_null(strstr(error.message, "none'"));
    weir_file_info info;
    assert_int_equal(weir_files_stat(files, path_of("a.txt"), &info, &error), WEIR_OK);
    assert_int_equal(info.kind, WEIR_FILE_REGULAR);
    assert_int_equal(info.size_bytes, 11);
    assert_true(info.modified_us > INT64_C(1500000000000000));
    assert_int_equal(weir_files_stat(files, path_of("a.txt/below"), &info, &error), WEIR_OK);
    assert_int_equal(info.kind, WEIR_FILE_NONE);
    assert_int_equal(weir_file_close(NULL, &error), WEIR_OK);
    char *data;
    size_t whole, capacity;
    assert_int_equal(weir_files_read_all(files, &memory, path_of("a.txt"), 10, &data, &whole, &capacity, &error), WEIR_RUNTIME);
    assert_null(data);
}

static bool not_hidden(weir_text name, void *context) {
    (void)context;
    return name.data[0] != '.' && name.data[0] != '_';
}

static void test_folders(void **state) {
    (void)state;
    const weir_files *files = weir_files_real();
    weir_error error = {0};
    assert_int_equal(weir_files_make_folders(files, path_of("t/x/y/z/"), &error), WEIR_OK);
    assert_int_equal(weir_files_make_folders(files, path_of("t/x"), &error), WEIR_OK);
    assert_int_equal(weir_files_make_folders(files, path_of("t/.hidden"), &error), WEIR_OK);
    write_file("t/b", "");
    write_file("t/x/a", "1");
    write_file("t/x/y/_skip", "2");
    write_file("t/.hidden/c", "3");
    assert_int_equal(symlink("missing", path_of("t/dangling")), 0);
    assert_int_equal(symlink("..", path_of("t/x/up")), 0); /* a loop */
    assert_int_equal(weir_files_make_folders(files, path_of("t/b/c"), &error), WEIR_RUNTIME);
    weir_file_entry *entries;
    size_t count;
    assert_int_equal(weir_files_list(files, &arena, path_of("t"), &entries, &count, &error), WEIR_OK);
    assert_int_equal(count, 4);
    assert_true(weir_text_equal_c(entries[0].name, ".hidden"));
    assert_true(weir_text_equal_c(entries[1].name, "b"));
    assert_int_equal(entries[1].info.kind, WEIR_FILE_REGULAR);
    assert_int_equal(entries[2].info.kind, WEIR_FILE_OTHER);
    assert_int_equal(weir_files_list_tree(files, &arena, path_of("t"), not_hidden, NULL, &entries, &count, &error), WEIR_RUNTIME);
    assert_non_null(strstr(error.message, "symbolic link"));
    assert_int_equal(weir_files_remove(files, path_of("t/x/up"), &error), WEIR_OK);
    assert_int_equal(weir_files_list_tree(files, &arena, path_of("t"), not_hidden, NULL, &entries, &count, &error), WEIR_OK);
    assert_int_equal(count, 2);
    assert_true(weir_text_equal_c(entries[0].path, path_of("t/b")));
    assert_true(weir_text_equal_c(entries[1].path, path_of("t/x/a")));
    assert_int_equal(weir_files_list_tree(files, &arena, path_of("t/b"), NULL, NULL, &entries, &count, &error), WEIR_OK);
    assert_int_equal(count, 1);
    assert_true(weir_text_equal_c(entries[0].name, "b"));
    assert_int_equal(weir_files_list_tree(files, &arena, path_of("none"), NULL, NULL, &entries, &count, &error), WEIR_RUNTIME);
    assert_int_equal(weir_files_remove(files, path_of("t/x"), &error), WEIR_RUNTIME); /* not empty */
    assert_int_equal(symlink(path_of("a.txt"), path_of("t/link")), 0);
    assert_int_equal(weir_files_remove_tree(files, &memory, path_of("t"), &error), WEIR_OK);
    expect_file("a.txt", "hello world"); /* only the link to it is gone */
    assert_int_equal(weir_files_remove_tree(files, &memory, path_of("t"), &error), WEIR_OK);
}

/* Whichever call fails: the file is the old one or the new one, and nothing is left beside it once a later try succeeds. */
static void test_atomic_under_faults(void **state) {
    (void)state;
    const weir_files *files = weir_files_real();
    weir_error error = {0};
    assert_int_equal(weir_files_make_folders(files, path_of("atomic"), &error), WEIR_OK);
    for (int torn = 0; torn < 2; torn++) {
        write_file("atomic/f", "old");
        bool done = false;
        for (uint64_t n = 1; !done; n++) {
            assert_true(n < 50);
            weir_files_faulty faulty;
            weir_files_faulty_init(&faulty, files, n, true, torn);
            weir_status status = weir_files_write_atomic(&faulty.files, &memory, path_of("atomic/f"), "new!", 4, &error);
            done = atomic_load(&faulty.calls) < n;
            if (done)
                assert_int_equal(status, WEIR_OK);
            else
                assert_int_equal(status, WEIR_RUNTIME);
            char *data;
            size_t size, capacity;
            assert_int_equal(weir_files_read_all(files, &memory, path_of("atomic/f"), 100, &data, &size, &capacity, &error), WEIR_OK);
            assert_true(strcmp(data, "old") == 0 || strcmp(data, "new!") == 0);
            weir_memory_free(&memory, data, capacity);
        }
        expect_file("atomic/f", "new!");
        weir_file_entry *entries;
        size_t count;
        assert_int_equal(weir_files_list(files, &arena, path_of("atomic"), &entries, &count, &error), WEIR_OK);
        assert_int_equal(count, 1);
    }
}

static void test_faults_pass_everything_on(void **state) {
    (void)state;
    weir_files_faulty faulty;
    weir_error error = {0};
    weir_files_faulty_init(&faulty, weir_files_real(), 0, false, false);
    const weir_files *files = &faulty.files;
    assert_int_equal(weir_files_make_folders(files, path_of("p/q"), &error), WEIR_OK);
    assert_int_equal(weir_files_write_atomic(files, &memory, path_of("p/q/r"), "x", 1, &error), WEIR_OK);
    weir_file_entry *entries;
    size_t count;
    assert_int_equal(weir_files_list_tree(files, &arena, path_of("p"), NULL, NULL, &entries, &count, &error), WEIR_OK);
    assert_int_equal(count, 1);
    weir_file *file;
    char byte;
    size_t read;
    assert_int_equal(weir_files_open(files, &memory, path_of("p/q/r"), WEIR_FILE_READ, &file, &error), WEIR_OK);
    assert_int_equal(weir_file_read(file, &byte, 1, &read, &error), WEIR_OK);
    assert_int_equal(weir_file_read_at(file, 0, &byte, 1, &read, &error), WEIR_OK);
    assert_int_equal(byte, 'x');
    faulty.fail_at = atomic_load(&faulty.calls) + 1;
    assert_int_equal(weir_file_close(file, &error), WEIR_RUNTIME); /* closed all the same */
    assert_int_equal(weir_files_remove_tree(files, &memory, path_of("p"), &error), WEIR_OK);
}

static void test_clocks(void **state) {
    (void)state;
    const weir_clock *real = weir_clock_real();
    int64_t before = weir_clock_monotonic_ns(real);
    weir_clock_sleep_ms(real, 2);
    assert_true(weir_clock_monotonic_ns(real) - before >= 2000000);
    assert_true(weir_clock_wall_ms(real) > INT64_C(1500000000000));
    weir_clock_virtual clock;
    weir_clock_virtual_init(&clock, 5000000000);
    assert_int_equal(weir_clock_wall_ms(&clock.clock), 5000);
    weir_clock_sleep_ms(&clock.clock, 250);
    assert_int_equal(weir_clock_wall_us(&clock.clock), 5250000);
    weir_clock_virtual_advance_ns(&clock, 1);
    assert_int_equal(weir_clock_monotonic_ns(&clock.clock), 5250000001);
    weir_clock_virtual_set_ns(&clock, 7);
    assert_int_equal(weir_clock_wall_ns(&clock.clock), 7);
}

typedef struct shared {
    weir_mutex mutex;
    weir_condition condition;
    int count;
    int waiting_for;
} shared;

static void worker(void *context) {
    shared *s = context;
    weir_mutex_lock(&s->mutex);
    s->count++;
    weir_condition_broadcast(&s->condition);
    while (s->count < s->waiting_for)
        weir_condition_wait(&s->condition, &s->mutex);
    weir_mutex_unlock(&s->mutex);
}

static void test_threads(void **state) {
    (void)state;
    enum { THREADS = 4 };
    shared s = {.waiting_for = THREADS + 1};
    weir_error error = {0};
    weir_thread threads[THREADS];
    weir_mutex_init(&s.mutex);
    weir_condition_init(&s.condition);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(weir_thread_start(&threads[i], "a name longer than fifteen", worker, &s, &error), WEIR_OK);
    weir_mutex_lock(&s.mutex);
    while (s.count < THREADS)
        weir_condition_wait(&s.condition, &s.mutex);
    assert_false(weir_condition_wait_ns(&s.condition, &s.mutex, 1000000)); /* nobody signals */
    s.count++;
    weir_condition_broadcast(&s.condition);
    weir_mutex_unlock(&s.mutex);
    for (int i = 0; i < THREADS; i++)
        weir_thread_join(&threads[i]);
    weir_condition_deinit(&s.condition);
    weir_mutex_deinit(&s.mutex);
    assert_true(weir_thread_cpu_count() >= 1);
}

static void test_random(void **state) {
    (void)state;
    weir_random a, b;
    weir_random_init(&a, 42);
    weir_random_init(&b, 42);
    uint64_t low = 0, high = 0;
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(weir_random_u64(&a), weir_random_u64(&b));
        uint64_t below = weir_random_below(&a, 10);
        assert_true(below == weir_random_below(&b, 10) && below < 10);
        low += below == 0;
        high += below == 9;
        double real = weir_random_double(&a);
        assert_true(real >= 0 && real < 1);
        (void)weir_random_double(&b);
    }
    assert_true(low > 50 && high > 50);
    weir_random_init(&b, 43);
    assert_int_not_equal(weir_random_u64(&a), weir_random_u64(&b));
    assert_int_not_equal(weir_random_seed(), weir_random_seed());
    /* The generators' published first values: a seed must mean the same for ever. */
    uint64_t splitmix = 1234567;
    assert_int_equal(weir_random_mix(&splitmix), 6457827717110365317u);
    weir_random_init(&a, 0);
    assert_int_equal(weir_random_u64(&a), 0x99EC5F36CB75F2B4u);
}

/* The names below the scratch folder that the pattern finds, with blanks between. */
static const char *globbed(const char *pattern) {
    weir_error error = {0};
    weir_file_entry *entries;
    size_t count;
    weir_builder names;
    weir_builder_init(&names, &memory, SIZE_MAX);
    if (weir_files_glob(weir_files_real(), &arena, path_of(pattern), not_hidden, NULL, &entries, &count, &error) == WEIR_OK)
        for (size_t i = 0; i < count; i++)
            weir_builder_format(&names, "%s%s", i == 0 ? "" : " ", entries[i].path.data + strlen(folder) + 1);
    else
        weir_builder_format(&names, "%s", error.message);
    weir_text copy = weir_arena_text(&arena, weir_builder_view(&names));
    weir_builder_deinit(&names);
    return copy.data;
}

static void test_globs(void **state) {
    (void)state;
    static const char *const tree[] = {"g/y=1/m=01/a.csv",
                                       "g/y=1/m=01/b.json",
                                       "g/y=1/m=12/a.csv",
                                       "g/y=2/m=11/c.csv",
                                       "g/.h/m=11/h.csv",
                                       "g/y=2/_tmp/x.csv",
                                       "g/y=2/m=11/.h.csv",
                                       "g/[x].csv",
                                       "g/[x].csvx",
                                       "g/{u}",
                                       NULL};
    weir_error error = {0};
    for (size_t i = 0; tree[i] != NULL; i++) {
        weir_text path = weir_text_of(path_of(tree[i]));
        const char *slash = memrchr(path.data, '/', path.size);
        weir_text parent = weir_arena_text(&arena, (weir_text){path.data, (size_t)(slash - path.data)});
        assert_int_equal(weir_files_make_folders(weir_files_real(), parent.data, &error), WEIR_OK);
        write_file(tree[i], "x");
    }
    assert_string_equal(globbed("g/y=*/m=1?/*.csv"), "g/y=1/m=12/a.csv g/y=2/m=11/c.csv");
    assert_string_equal(globbed("g/y=[13]/m=0[!2-9]/*"), "g/y=1/m=01/a.csv g/y=1/m=01/b.json");
    assert_string_equal(globbed("g/{y=2,y=1}/m=1{1,{2,3}}/*.{csv,json}"), "g/y=1/m=12/a.csv g/y=2/m=11/c.csv");
    assert_string_equal(globbed("g/{y=1/m=01,y=2/m=11}/*.csv"), "g/y=1/m=01/a.csv g/y=2/m=11/c.csv");
    assert_string_equal(globbed("g/**/*.csv"), "g/[x].csv g/y=1/m=01/a.csv g/y=1/m=12/a.csv g/y=2/m=11/c.csv");
    assert_string_equal(globbed("g/**/**/a.csv"), "g/y=1/m=01/a.csv g/y=1/m=12/a.csv");
    assert_string_equal(globbed("g/y=?/**"), "g/y=1/m=01/a.csv g/y=1/m=01/b.json g/y=1/m=12/a.csv g/y=2/m=11/c.csv");
    assert_string_equal(globbed("g/y=1"), "g/y=1/m=01/a.csv g/y=1/m=01/b.json g/y=1/m=12/a.csv");
    assert_string_equal(globbed("g/y={1,*}/m=01/{a.*,a.csv}"), "g/y=1/m=01/a.csv"); /* found twice, there once */
    assert_string_equal(globbed("g/.h*/*/*.csv"), "g/.h/m=11/h.csv");               /* asked for by its first character */
    assert_string_equal(globbed("g/\\[x].csv*"), "g/[x].csv g/[x].csvx");
    assert_string_equal(globbed("g/{u*"), "g/{u}"); /* a brace that nothing closes is a character */
    assert_non_null(strstr(globbed("g/y=*/m=7?/*.csv"), "nothing in it is named 'm=7?'"));
    assert_non_null(strstr(globbed("g/y=3/m=*/*.csv"), "/g' is there, but nothing in it is named 'y=3'"));
    assert_non_null(strstr(globbed("g/no*/m=*"), "/g/no*/m=*'"));
    assert_non_null(strstr(globbed("g/*.csv/x*"), "No file matches"));
    /* 2^13 alternatives are refused, not tried. */
    assert_non_null(strstr(globbed("g/{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"), "4096"));
    assert_int_equal(weir_path_fixed_size("/a/b/c*"), 4);
    assert_int_equal(weir_path_fixed_size("/c*"), 1);
    assert_int_equal(weir_path_fixed_size("c*"), 0);
    assert_int_equal(weir_path_fixed_size("/a/b"), 4);
    /* Every call of the disk that fails is told. */
    for (uint64_t n = 1;; n++) {
        weir_files_faulty faulty;
        weir_file_entry *entries;
        size_t count;
        weir_files_faulty_init(&faulty, weir_files_real(), n, false, false);
        weir_status status = weir_files_glob(&faulty.files, &arena, path_of("g/**/m=0?/*.csv"), not_hidden, NULL, &entries, &count, &error);
        if (atomic_load(&faulty.calls) < n) {
            assert_int_equal(status, WEIR_OK);
            assert_true(n > 8);
            break;
        }
        assert_int_equal(status, WEIR_RUNTIME);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_globs),
        cmocka_unit_test(test_atomic_under_faults),
        cmocka_unit_test(test_faults_pass_everything_on),
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}

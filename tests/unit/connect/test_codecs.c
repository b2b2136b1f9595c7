/* Compressed files: every codec against its library's own compressor; whole, in several members, cut short anywhere, damaged anywhere, on a
 * failing disk, without memory. */
#include "connect_help.h"

#include <zlib.h>

#include "connect/filesystem/codec.h"
#include "connect/filesystem/stream.h"
#ifdef WEIR_HAVE_BZIP2
#include <bzlib.h>
#endif
#ifdef WEIR_HAVE_LZMA
#include <lzma.h>
#endif
#ifdef WEIR_HAVE_ZSTD
#include <zstd.h>
#endif

typedef struct bytes {
    unsigned char *data;
    size_t size;
} bytes;

static bytes room_for(size_t size) {
    bytes out = {weir_arena_alloc(&arena, size + size / 8 + 1024), size + size / 8 + 1024};
    assert_non_null(out.data);
    return out;
}

static bytes compress_zlib(bytes in, int bits) {
    bytes out = room_for(in.size);
    z_stream stream = {.next_in = in.data, .avail_in = (unsigned)in.size, .next_out = out.data, .avail_out = (unsigned)out.size};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.size = stream.total_out;
    deflateEnd(&stream);
    return out;
}
static bytes compress_gzip(bytes in) { return compress_zlib(in, 31); }
static bytes compress_deflate(bytes in) { return compress_zlib(in, 15); }
#ifdef WEIR_HAVE_BZIP2
static bytes compress_bzip2(bytes in) {
    bytes out = room_for(in.size);
    unsigned size = (unsigned)out.size;
    assert_int_equal(BZ2_bzBuffToBuffCompress((char *)out.data, &size, (char *)in.data, (unsigned)in.size, 1, 0, 0), BZ_OK);
    out.size = size;
    return out;
}
#endif
#ifdef WEIR_HAVE_LZMA
static bytes compress_xz(bytes in) {
    bytes out = room_for(in.size);
    size_t size = 0;
    assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, in.data, in.size, out.data, &size, out.size), LZMA_OK);
    out.size = size;
    return out;
}
#endif
#ifdef WEIR_HAVE_ZSTD
static bytes compress_zstd(bytes in) {
    bytes out = room_for(in.size);
    out.size = ZSTD_compress(out.data, out.size, in.data, in.size, 3);
    assert_false(ZSTD_isError(out.size));
    return out;
}
#endif

typedef struct sample {
    const char *name;
    const weir_fs_codec *codec;
    bytes (*compress)(bytes in); /* NULL: built without */
} sample;
static const sample samples[] = {
    {"a.csv.gz", &weir_fs_codec_gzip, compress_gzip},
    {"a.csv.GZIP", &weir_fs_codec_gzip, compress_gzip},
    {"a.csv.deflate", &weir_fs_codec_deflate, compress_deflate},
#ifdef WEIR_HAVE_BZIP2
    {"a.csv.bz2", &weir_fs_codec_bzip2, compress_bzip2},
#else
    {"a.csv.bz2", &weir_fs_codec_bzip2, NULL},
#endif
#ifdef WEIR_HAVE_LZMA
    {"a.csv.xz", &weir_fs_codec_xz, compress_xz},
#else
    {"a.csv.xz", &weir_fs_codec_xz, NULL},
#endif
#ifdef WEIR_HAVE_ZSTD
    {"a.csv.zst", &weir_fs_codec_zstd, compress_zstd},
#else
    {"a.csv.zst", &weir_fs_codec_zstd, NULL},
#endif
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

static void put_bytes(const char *name, bytes what) {
    FILE *file = fopen(path_of(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(what.data, 1, what.size, file), what.size);
    fclose(file);
}

static bytes text_bytes(const char *text) { return (bytes){(unsigned char *)(uintptr_t)text, strlen(text)}; }

static bytes joined(bytes a, bytes b) {
    bytes out = {weir_arena_alloc(&arena, a.size + b.size), a.size + b.size};
    memcpy(out.data, a.data, a.size);
    memcpy(out.data + a.size, b.data, b.size);
    return out;
}

/* All of it, read in pieces of `piece` bytes; data NULL: an error. */
static bytes read_stream(const weir_files *files, const char *name, size_t piece, size_t room) {
    bytes out = {weir_arena_alloc(&arena, room + piece), 0};
    weir_fs_stream *stream;
    size_t got;
    memset(&error, 0, sizeof error);
    if (weir_fs_stream_open(&memory, files, weir_text_of(path_of(name)), NULL, &stream, &error) != WEIR_OK)
        return (bytes){NULL, 0};
    weir_status status;
    do {
        status = weir_fs_stream_read(stream, (char *)out.data + out.size, piece, &got, &error);
        out.size += got;
    } while (status == WEIR_OK && got > 0 && out.size <= room);
    weir_fs_stream_close(stream);
    return status == WEIR_OK ? out : (bytes){NULL, 0};
}

static void whole_files(void **state) {
    (void)state;
    const weir_table_column columns[] = {COLUMN("k", STRING), COLUMN("v", T(INT))};
    for (size_t i = 0; i < SAMPLES; i++) {
        if (samples[i].compress == NULL)
            continue;
        const char *path = weir_arena_format(&arena, "@/%s", samples[i].name).data;
        weir_table *table = make_table(columns, 2, "connector", "filesystem", "path", path, "format", "csv", NULL);
        bytes one = samples[i].compress(text_bytes("a,1\n")), two = samples[i].compress(text_bytes("b,2"));
        put_bytes(samples[i].name, joined(one, joined(samples[i].compress(text_bytes("")), two)));
        assert_string_equal(read_table(table), "{\"k\":\"a\",\"v\":1}\n{\"k\":\"b\",\"v\":2}\n");
        put_bytes(samples[i].name, (bytes){one.data, 0}); /* an empty file has no rows */
        assert_string_equal(read_table(table), "");
        put_bytes(samples[i].name, text_bytes("this is no compressed file at all"));
        assert_null(read_table(table));
        assert_non_null(strstr(error.message, samples[i].name));
        assert_non_null(strstr(error.message, samples[i].codec->name));
        put_bytes(samples[i].name, joined(one, text_bytes("rubbish behind it")));
        assert_null(read_table(table));
        assert_non_null(strstr(error.message, samples[i].name));
    }
}

/* More than any window, so that memory is seen to be bounded; in pieces of odd sizes. */
static void large_files(void **state) {
    (void)state;
    enum { SIZE = 5 << 20 };
    bytes plain = {weir_arena_alloc(&arena, SIZE), SIZE};
    uint32_t x = 1;
    for (size_t i = 0; i < SIZE; i++) {
        x = x * 1664525 + 1013904223;
        plain.data[i] = i % 64 < 48 ? (unsigned char)('a' + i % 23) : (unsigned char)(x >> 24);
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        if (samples[i].compress == NULL)
            continue;
        put_bytes(samples[i].name, samples[i].compress(plain));
        static const size_t pieces[] = {1 << 20, 4093, 70001};
        for (size_t k = 0; k < 3; k++) {
            bytes back = read_stream(weir_files_real(), samples[i].name, pieces[k], SIZE);
            assert_non_null(back.data);
            assert_int_equal(back.size, SIZE);
            assert_memory_equal(back.data, plain.data, SIZE);
        }
    }
}

static void cut_and_damaged_files(void **state) {
    (void)state;
    const char *text = "one,1\ntwo,2\nthree,3\nthree,3\nthree,3\nthree,3\nthree,3\n";
    for (size_t i = 0; i < SAMPLES; i++) {
        if (samples[i].compress == NULL)
            continue;
        bytes whole = samples[i].compress(text_bytes(text));
        for (size_t size = 1; size < whole.size; size++) {
            put_bytes(samples[i].name, (bytes){whole.data, size});
            assert_null(read_stream(weir_files_real(), samples[i].name, 4096, 4096).data);
            assert_int_equal(error.status, WEIR_RUNTIME);
            assert_non_null(strstr(error.message, samples[i].name));
        }
        for (size_t at = 0; at < whole.size; at++) {
            bytes damaged = joined(whole, (bytes){whole.data, 0});
            damaged.data[at] ^= 0x55;
            put_bytes(samples[i].name, damaged);
            if (read_stream(weir_files_real(), samples[i].name, 4096, 1 << 20).data == NULL) /* some bytes are not looked at */
                assert_non_null(strstr(error.message, samples[i].name));
        }
    }
}

static void failing_surroundings(void **state) {
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        if (samples[i].compress == NULL)
            continue;
        put_bytes(samples[i].name, samples[i].compress(text_bytes("some rows, some rows")));
        weir_files_faulty faulty;
        for (uint64_t n = 1;; n++) {
            weir_files_faulty_init(&faulty, weir_files_real(), n, false, false);
            bytes back = read_stream(&faulty.files, samples[i].name, 4096, 4096);
            if (back.data != NULL) {
                assert_true(n >= 3); /* open and two reads; closing a file that was only read may fail */
                break;
            }
            assert_int_equal(error.status, WEIR_RUNTIME);
            assert_non_null(strstr(error.message, "injected"));
        }
        for (uint64_t n = 1; n < 40; n++) {
            const char *path = path_of(samples[i].name);
            char data[64];
            size_t got = 0;
            weir_fs_stream *stream;
            weir_memory_fail_after(n, false);
            weir_status status = weir_fs_stream_open(&memory, weir_files_real(), (weir_text){path, strlen(path)}, NULL, &stream, &error);
            if (status == WEIR_OK) {
                status = weir_fs_stream_read(stream, data, sizeof data, &got, &error);
                weir_fs_stream_close(stream);
            }
            const bool reached = weir_memory_tries() >= n;
            weir_memory_fail_after(0, false);
            assert_int_equal(status, reached ? WEIR_MEMORY : WEIR_OK);
            if (!reached)
                break;
        }
    }
}

static void built_without(void **state) {
    (void)state;
    assert_null(weir_fs_codec_of(WEIR_TEXT("x.csv"), NULL));
    assert_null(weir_fs_codec_of(WEIR_TEXT("gz"), NULL));
    for (size_t i = 0; i < SAMPLES; i++) {
        assert_ptr_equal(weir_fs_codec_of(weir_text_of(samples[i].name), NULL), samples[i].codec);
        assert_int_equal(samples[i].codec->open == NULL, samples[i].compress == NULL);
        if (samples[i].compress != NULL)
            continue;
        put_file(samples[i].name, "?");
        assert_null(read_stream(weir_files_real(), samples[i].name, 64, 64).data);
        assert_int_equal(error.status, WEIR_UNSUPPORTED);
        assert_non_null(strstr(error.message, samples[i].codec->library));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whole_files, setup, teardown),
        cmocka_unit_test_setup_teardown(large_files, setup, teardown),
        cmocka_unit_test_setup_teardown(cut_and_damaged_files, setup, teardown),
        cmocka_unit_test_setup_teardown(failing_surroundings, setup, teardown),
        cmocka_unit_test_setup_teardown(built_without, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

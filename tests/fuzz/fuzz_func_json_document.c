/* Any bytes as a JSON document and a path over it: parse, walk, write; what is written must parse again and be written the same. */
#include <assert.h>
#include <stdlib.h>

#include "func/json_path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(weir_memory *memory, const weir_json_document *document, weir_text path_text) {
    weir_arena arena;
    weir_json_matches matches;
    char problem[WEIR_JSON_PROBLEM_BYTES];
    weir_arena_init(&arena, memory);
    weir_json_matches_init(&matches, memory);
    const weir_json_path *path = weir_json_path_compile(&arena, path_text, problem);
    if (path != NULL && weir_json_path_find(path, document, &matches))
        assert(!weir_json_path_is_definite(path) || matches.count <= 1);
    weir_json_matches_deinit(&matches);
    weir_arena_deinit(&arena);
}

/* The bytes before the first newline are the path, the rest is the document. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t cut = 0;
    while (cut < size && data[cut] != '\n')
        cut++;
    weir_text path = {(const char *)data, cut}, text = {(const char *)data + (cut < size ? cut + 1 : cut), cut < size ? size - cut - 1 : 0};
    weir_memory memory;
    weir_json_document document, again;
    weir_builder first, second;
    weir_memory_init(&memory, NULL, "fuzz", SIZE_MAX);
    weir_json_document_init(&document, &memory);
    weir_json_document_init(&again, &memory);
    weir_builder_init(&first, &memory, SIZE_MAX);
    weir_builder_init(&second, &memory, SIZE_MAX);
    if (weir_json_parse(&document, text) == WEIR_JSON_OK) {
        weir_json_print(&document, 0, &first);
        weir_json_result result = weir_json_parse(&again, weir_builder_view(&first));
        assert(result == WEIR_JSON_OK);
        (void)result;
        weir_json_print(&again, 0, &second);
        assert(weir_text_equal(weir_builder_view(&first), weir_builder_view(&second)));
        walk(&memory, &document, path);
    }
    weir_builder_deinit(&first);
    weir_builder_deinit(&second);
    weir_json_document_deinit(&document);
    weir_json_document_deinit(&again);
    weir_memory_deinit(&memory);
    return 0;
}

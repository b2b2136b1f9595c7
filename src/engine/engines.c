/* The table of engines. */
#include "engine/engines_int.h"

const weir_engine *const weir_engines[] = {&weir_engine_local, NULL};

const weir_engine *weir_engine_find(weir_text name) {
    for (size_t i = 0; weir_engines[i] != NULL; i++)
        if (weir_text_equal_c(name, weir_engines[i]->name))
            return weir_engines[i];
    return NULL;
}

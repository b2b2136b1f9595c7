/* A CREATE TABLE for a file that one does not know yet, guessed from its first records. */
#ifndef WEIR_CONNECT_SCHEMA_GUESS_H
#define WEIR_CONNECT_SCHEMA_GUESS_H

#include "connect/connector.h"

/* The statement for the file or folder at `path`, in the arena. table_name of size 0: made from the file's name.
 * format_name of size 0: from the extension (.json .jsonl .ndjson .csv .tsv .parquet, also compressed: .gz and the like), else from the
 * content. */
weir_status weir_schema_guess(weir_arena *arena, weir_memory *memory, const weir_files *files, weir_text path, weir_text table_name,
                              weir_text format_name, weir_text *statement, weir_error *error) WEIR_MUST_USE;

#endif

/* The words of the grammar. */
#ifndef WEIR_SQL_KEYWORD_H
#define WEIR_SQL_KEYWORD_H

#include <stdbool.h>

#include "base/text.h"

typedef enum weir_keyword {
    WEIR_KEYWORD_NONE,
#define WEIR_KEYWORD(word, reserved) WEIR_KW_##word,
#include "sql/keyword_list.h"
#undef WEIR_KEYWORD
    WEIR_KEYWORD_LIMIT,
} weir_keyword;

/* The keyword that `word` spells in any case, or NONE. */
weir_keyword weir_keyword_find(weir_text word);
/* In capitals; "" for NONE. */
const char *weir_keyword_name(weir_keyword keyword);
/* A reserved word is a name only in backticks. */
bool weir_keyword_reserved(weir_keyword keyword);
/* Reserved words that may still stand before a parenthesis as the name of a function: COUNT, LEFT, USER, ... */
bool weir_keyword_function(weir_keyword keyword);
/* CURRENT_DATE and its like: functions written without parentheses. */
bool weir_keyword_niladic(weir_keyword keyword);

#endif

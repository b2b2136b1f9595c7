/* Keywords: the sorted table and its search. */
#include "sql/keyword.h"

#include <string.h>

typedef struct keyword_entry {
    const char *name;
    unsigned char length;
    bool reserved;
} keyword_entry;

static const keyword_entry entries[WEIR_KEYWORD_LIMIT] = {
    {"", 0, false},
#define WEIR_KEYWORD(word, reserved_flag) {#word, sizeof(#word) - 1, (reserved_flag) != 0},
#include "sql/keyword_list.h"
#undef WEIR_KEYWORD
};

enum { KEYWORD_LONGEST = 40 };

weir_keyword weir_keyword_find(weir_text word) {
    char upper[KEYWORD_LONGEST];
    if (word.size == 0 || word.size > sizeof upper)
        return WEIR_KEYWORD_NONE;
    for (size_t i = 0; i < word.size; i++) {
        char c = word.data[i];
        upper[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    int low = 1, high = WEIR_KEYWORD_LIMIT - 1;
    while (low <= high) {
        int middle = (low + high) / 2;
        size_t length = entries[middle].length;
        int order = memcmp(upper, entries[middle].name, word.size < length ? word.size : length);
        if (order == 0)
            order = word.size < length ? -1 : word.size > length;
        if (order == 0)
            return (weir_keyword)middle;
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return WEIR_KEYWORD_NONE;
}

const char *weir_keyword_name(weir_keyword keyword) {
    return (unsigned)keyword < WEIR_KEYWORD_LIMIT ? entries[keyword].name : "";
}

bool weir_keyword_reserved(weir_keyword keyword) {
    return (unsigned)keyword < WEIR_KEYWORD_LIMIT && entries[keyword].reserved;
}

bool weir_keyword_function(weir_keyword keyword) {
    switch (keyword) {
    case WEIR_KW_ABS: case WEIR_KW_AVG: case WEIR_KW_CARDINALITY: case WEIR_KW_CEIL: case WEIR_KW_CEILING: case WEIR_KW_CHAR:
    case WEIR_KW_CHAR_LENGTH: case WEIR_KW_CHARACTER_LENGTH: case WEIR_KW_CLASSIFIER: case WEIR_KW_COALESCE: case WEIR_KW_COLLECT:
    case WEIR_KW_CONVERT: case WEIR_KW_CORR: case WEIR_KW_COUNT: case WEIR_KW_COVAR_POP: case WEIR_KW_COVAR_SAMP:
    case WEIR_KW_CUME_DIST: case WEIR_KW_CURRENT_DATE: case WEIR_KW_CURRENT_TIME: case WEIR_KW_CURRENT_TIMESTAMP:
    case WEIR_KW_DATE: case WEIR_KW_DATETIME: case WEIR_KW_DENSE_RANK: case WEIR_KW_ELEMENT: case WEIR_KW_EVERY: case WEIR_KW_EXP:
    case WEIR_KW_FIRST_VALUE: case WEIR_KW_FLOOR: case WEIR_KW_FUSION: case WEIR_KW_GROUPING: case WEIR_KW_HASH: case WEIR_KW_HOUR:
    case WEIR_KW_INTERSECTION: case WEIR_KW_LAG: case WEIR_KW_LAST_VALUE: case WEIR_KW_LEAD: case WEIR_KW_LEFT: case WEIR_KW_LN:
    case WEIR_KW_LOCALTIME: case WEIR_KW_LOCALTIMESTAMP: case WEIR_KW_LOWER: case WEIR_KW_MATCH_NUMBER: case WEIR_KW_MAX:
    case WEIR_KW_MIN: case WEIR_KW_MINUTE: case WEIR_KW_MOD: case WEIR_KW_MONTH: case WEIR_KW_NEXT: case WEIR_KW_NTH_VALUE:
    case WEIR_KW_NTILE: case WEIR_KW_NULLIF: case WEIR_KW_OCTET_LENGTH: case WEIR_KW_PERCENT_RANK: case WEIR_KW_PERCENTILE_CONT:
    case WEIR_KW_PERCENTILE_DISC: case WEIR_KW_POWER: case WEIR_KW_PREV: case WEIR_KW_RANK: case WEIR_KW_REGR_AVGX:
    case WEIR_KW_REGR_AVGY: case WEIR_KW_REGR_COUNT: case WEIR_KW_REGR_INTERCEPT: case WEIR_KW_REGR_R2: case WEIR_KW_REGR_SLOPE:
    case WEIR_KW_REGR_SXX: case WEIR_KW_REGR_SXY: case WEIR_KW_REGR_SYY: case WEIR_KW_RIGHT: case WEIR_KW_ROW_NUMBER:
    case WEIR_KW_SECOND: case WEIR_KW_SOME: case WEIR_KW_SQRT: case WEIR_KW_STDDEV_POP: case WEIR_KW_STDDEV_SAMP: case WEIR_KW_SUM:
    case WEIR_KW_TIME: case WEIR_KW_TIMESTAMP: case WEIR_KW_TRANSLATE: case WEIR_KW_TRUNCATE: case WEIR_KW_UPPER: case WEIR_KW_USER:
    case WEIR_KW_VAR_POP: case WEIR_KW_VAR_SAMP: case WEIR_KW_WIDTH_BUCKET: case WEIR_KW_YEAR:
        return true;
    default:
        return false;
    }
}

bool weir_keyword_niladic(weir_keyword keyword) {
    switch (keyword) {
    case WEIR_KW_CURRENT_CATALOG: case WEIR_KW_CURRENT_DATE: case WEIR_KW_CURRENT_DEFAULT_TRANSFORM_GROUP: case WEIR_KW_CURRENT_PATH:
    case WEIR_KW_CURRENT_ROLE: case WEIR_KW_CURRENT_SCHEMA: case WEIR_KW_CURRENT_TIME: case WEIR_KW_CURRENT_TIMESTAMP:
    case WEIR_KW_CURRENT_USER: case WEIR_KW_LOCALTIME: case WEIR_KW_LOCALTIMESTAMP: case WEIR_KW_SESSION_USER:
    case WEIR_KW_SYSTEM_USER: case WEIR_KW_USER:
        return true;
    default:
        return false;
    }
}

/* The table of the JSON functions, and how the binder calls them. The clauses come as SYMBOL literals (their text is the word) behind the
 * input and the path:
 *
 *   JSON_EXISTS(input, path, SYMBOL on_error)                       on_error: TRUE FALSE UNKNOWN ERROR; FALSE when nothing is written
 *   JSON_VALUE(input, path, NULL literal of the RETURNING type,     STRING when nothing is written
 *              SYMBOL on_empty, default, SYMBOL on_error, default)  NULL ERROR DEFAULT; a default that is not used is a bare NULL
 *   JSON_QUERY(input, path, NULL literal of the RETURNING type,
 *              SYMBOL wrapper, SYMBOL on_empty, SYMBOL on_error)    wrapper: WITHOUT CONDITIONAL UNCONDITIONAL; NULL, ERROR, EMPTY ARRAY,
 * EMPTY OBJECT JSON_OBJECT(SYMBOL, key, value, ...)                            NULL or ABSENT (ON NULL); NULL when nothing is written
 *   JSON_ARRAY(SYMBOL, value, ...)                                  NULL or ABSENT; ABSENT when nothing is written
 *
 * All trailing arguments may be left out together, and so may the leading SYMBOL. A value that JSON_OBJECT, JSON_ARRAY or JSON made is
 * nested as it is: its type carries a mark (json_encode.h). x IS JSON is "IS JSON VALUE"(x). JSON(text) stands only inside JSON_OBJECT and
 * JSON_ARRAY in Flink; here it may stand anywhere. VARIANT and its functions are in variant.c. */
#include "func/json_int.h"

#define STRICT WEIR_FUNCTION_STRICT
#define HIDDEN WEIR_FUNCTION_HIDDEN
#define IS_JSON(name, what)                                                                                                 \
    {"IS " name, HIDDEN, weir_is_json_infer, weir_is_json_bind, "json", "text IS " name " -> BOOLEAN", what, NULL, NULL}, { \
        "IS NOT " name, HIDDEN, weir_is_json_infer, weir_is_json_bind, "json", "text IS NOT " name " -> BOOLEAN",           \
            "The opposite of IS " name ".", NULL, NULL                                                                      \
    }

const weir_function weir_functions_json[] = {
    {"JSON_EXISTS", 0, weir_json_exists_infer, weir_json_exists_bind, "json",
     "JSON_EXISTS(json STRING, path STRING [{TRUE | FALSE | UNKNOWN | ERROR} ON ERROR]) -> BOOLEAN", "Does the path lead to a value?",
     "JSON_EXISTS('{\"a\": 1}', '$.a')", "TRUE"},
    {"JSON_VALUE", 0, weir_json_value_infer, weir_json_value_bind, "json",
     "JSON_VALUE(json STRING, path STRING [RETURNING type] [{NULL | ERROR | DEFAULT value} ON EMPTY] [{NULL | ERROR | DEFAULT value} ON "
     "ERROR]) -> STRING",
     "The scalar that the path leads to.", "JSON_VALUE('{\"a\": {\"b\": 1.50}}', '$.a.b')", "1.50"},
    {"JSON_QUERY", 0, weir_json_query_infer, weir_json_query_bind, "json",
     "JSON_QUERY(json STRING, path STRING [RETURNING type] [{WITHOUT | WITH [CONDITIONAL | UNCONDITIONAL]} WRAPPER] [{NULL | EMPTY ARRAY | "
     "EMPTY OBJECT | ERROR} ON {EMPTY | ERROR}]) -> STRING",
     "The object or array that the path leads to, as JSON.", "JSON_QUERY('{\"b\": [1, 2]}', '$.b')", "[1,2]"},
    {"JSON_STRING", STRICT, weir_json_string_infer, weir_json_string_bind, "json", "JSON_STRING(value) -> STRING", "A value as JSON.",
     "JSON_STRING(ARRAY[1, 2])", "[1,2]"},
    {"JSON_OBJECT", 0, weir_json_object_infer, weir_json_object_bind, "json",
     "JSON_OBJECT([KEY] key VALUE value, ... [{NULL | ABSENT} ON NULL]) -> STRING",
     "A JSON object; NULL values are kept unless ABSENT ON NULL is written.", "JSON_OBJECT('a' VALUE 1, 'b' VALUE JSON_ARRAY(2))",
     "{\"a\":1,\"b\":[2]}"},
    {"JSON_ARRAY", 0, weir_json_array_infer, weir_json_array_bind, "json", "JSON_ARRAY(value, ... [{NULL | ABSENT} ON NULL]) -> STRING",
     "A JSON array; NULL values are left out unless NULL ON NULL is written.", "JSON_ARRAY(1, 'x', TRUE)", "[1,\"x\",true]"},
    {"JSON", STRICT, weir_json_parsed_infer, weir_json_parsed_bind, "json", "JSON(text STRING) -> STRING",
     "Text that is JSON already, to be nested in JSON_OBJECT or JSON_ARRAY.", "JSON_ARRAY(JSON('{\"a\": 1}'))", "[{\"a\":1}]"},
    {"JSON_QUOTE", STRICT, weir_json_quote_infer, weir_json_quote_bind, "json", "JSON_QUOTE(text STRING) -> STRING",
     "The text as a JSON string, in quotes and escaped.", "JSON_QUOTE('a/b')", "\"a\\/b\""},
    {"JSON_UNQUOTE", STRICT, weir_json_unquote_infer, weir_json_unquote_bind, "json", "JSON_UNQUOTE(text STRING) -> STRING",
     "The content of a JSON string; other text stays as it is.", "JSON_UNQUOTE('\"a\\u0041\"')", "aA"},
    IS_JSON("JSON", "Is the text JSON? NULL is not."),
    IS_JSON("JSON VALUE", "Is the text JSON? NULL is not."),
    IS_JSON("JSON OBJECT", "Is the text a JSON object?"),
    IS_JSON("JSON ARRAY", "Is the text a JSON array?"),
    IS_JSON("JSON SCALAR", "Is the text a JSON string, number, boolean or null?"),
    {0},
};

/* Values as JSON: what JSON_STRING, JSON_OBJECT, JSON_ARRAY and their aggregates write.
 *
 * Objects (maps, rows) are written by key; DECIMAL and DOUBLE as BigDecimal.toString would (1.50, 1.0E+20); timestamps in the ISO form;
 * bytes in base64. The text that JSON functions give carries a mark in its type, so that JSON_OBJECT('a' VALUE JSON_ARRAY(1)) nests instead
 * of quoting: VARCHAR with scale 1. Nobody else looks at a VARCHAR's scale; a cast, a CASE or a column that was stored loses the mark, and
 * then it is text like any other.
 */
#ifndef WEIR_FUNC_JSON_ENCODE_H
#define WEIR_FUNC_JSON_ENCODE_H

#include "column/column.h"

typedef struct weir_json_encoder weir_json_encoder;

/* Static types: STRING that is JSON already. */
const weir_type *weir_json_text_type(bool nullable);
bool weir_json_type_is_text(const weir_type *type); /* has the mark? */

/* In the arena. WEIR_UNSUPPORTED for types that have no JSON form (DATE, TIME, intervals, maps whose keys are not text). */
weir_status weir_json_encoder_create(weir_arena *arena, const weir_type *type, const weir_json_encoder **out,
                                     weir_error *error) WEIR_MUST_USE;
/* Append the row's value ("null" when it is NULL). False: a NULL key in a map (no memory shows in the builder). */
bool weir_json_encode(const weir_json_encoder *encoder, const weir_column *column, uint32_t row, weir_builder *out) WEIR_MUST_USE;

#endif

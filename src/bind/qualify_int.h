/* What names turned out to mean, noted while a view's query is bound; see qualify.c. All of these do nothing without a recorder. */
#ifndef WEIR_BIND_QUALIFY_INT_H
#define WEIR_BIND_QUALIFY_INT_H

#include "bind/bind_int.h"

/* `name`, of which `used` parts are column's name and what goes before it. */
void bind_record_name(weir_bind_context *context, const weir_ast_name *name, const bind_column *column, size_t used);
void bind_record_table(weir_bind_context *context, const weir_ast_name *name, weir_object_path path);
void bind_record_alias(weir_bind_context *context, const weir_ast_table_ref *ref, weir_text alias);

/* What the star at a place of a select list stands for; count 0: no star, or one that stays. */
typedef struct bind_star_columns {
    const bind_column **columns;
    size_t count;
} bind_star_columns;
/* stars[i] belongs to select->items[i]; `total` items will be there. */
void bind_record_items(weir_bind_context *context, const weir_ast_select *select, const bind_star_columns *stars, size_t total);

/* The query's text with whole names. The query has been bound without an error before. */
weir_status bind_qualified_text(weir_bind_context *context, const weir_ast_query *query, weir_text *out, weir_error *error) WEIR_MUST_USE;

#endif

/* The formats there are; each is defined in the file that bears its name. */
#ifndef WEIR_FORMAT_FORMATS_INT_H
#define WEIR_FORMAT_FORMATS_INT_H

#include "format/format.h"

extern const weir_format weir_format_csv;
extern const weir_format weir_format_json;
extern const weir_format weir_format_debezium_json;
extern const weir_format weir_format_canal_json;
extern const weir_format weir_format_maxwell_json;
extern const weir_format weir_format_ogg_json;
extern const weir_format weir_format_parquet;
extern const weir_format weir_format_raw;

#endif

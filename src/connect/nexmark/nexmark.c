/* The connector "nexmark": the auction benchmark's stream of persons, auctions and bids, made in the process. Option names are those of the
 * connector that people know from Flink; the events are those of bench/nexmark (seeded, event time from a fixed base), so that results
 * agree with its files.
 *
 * The table's columns must be named event_type, person, auction, bid (any of them); the rows' fields are found by their names.
 */
#include "connect/connectors_int.h"
#include "connect/nexmark/events.h"
#include "types/timestamp.h"

#include <string.h>

static const char *const optional_options[] = {"rate.shape",
                                               "rate.period",
                                               "rate.limited",
                                               "first-event.rate",
                                               "next-event.rate",
                                               "person.avg-size",
                                               "auction.avg-size",
                                               "bid.avg-size",
                                               "person.proportion",
                                               "auction.proportion",
                                               "bid.proportion",
                                               "bid.hot-ratio.auctions",
                                               "bid.hot-ratio.bidders",
                                               "auction.hot-ratio.sellers",
                                               "events.num",
                                               "keep-alive",
                                               "stop-at",
                                               "max-emit-speed",
                                               "seed",
                                               "base-time",
                                               NULL};

typedef struct nexmark_options {
    weir_nexmark_options events;
    uint64_t count; /* UINT64_MAX: endless */
    bool limited;   /* to the rate, in real time */
    bool keep_alive;
} nexmark_options;

typedef enum field_id {
    ID,
    NAME,
    EMAIL,
    CARD,
    CITY,
    STATE,
    TIME,
    EXTRA,
    ITEM,
    DESCRIPTION,
    INITIAL_BID,
    RESERVE,
    EXPIRES,
    SELLER,
    CATEGORY,
    AUCTION,
    BIDDER,
    PRICE,
    CHANNEL,
    URL,
    FIELD_IDS
} field_id;
static const char *const field_names[FIELD_IDS] = {"id",       "name",     "emailAddress", "creditCard", "city",    "state",   "dateTime",
                                                   "extra",    "itemName", "description",  "initialBid", "reserve", "expires", "seller",
                                                   "category", "auction",  "bidder",       "price",      "channel", "url"};
static const bool field_is_text[FIELD_IDS] = {
    [NAME] = 1, [EMAIL] = 1, [CARD] = 1, [CITY] = 1, [STATE] = 1, [EXTRA] = 1, [ITEM] = 1, [DESCRIPTION] = 1, [CHANNEL] = 1, [URL] = 1};
/* Which fields a kind of event has. */
static const bool field_of_kind[3][FIELD_IDS] = {
    {[ID] = 1, [NAME] = 1, [EMAIL] = 1, [CARD] = 1, [CITY] = 1, [STATE] = 1, [TIME] = 1, [EXTRA] = 1},
    {[ID] = 1,
     [ITEM] = 1,
     [DESCRIPTION] = 1,
     [INITIAL_BID] = 1,
     [RESERVE] = 1,
     [TIME] = 1,
     [EXPIRES] = 1,
     [SELLER] = 1,
     [CATEGORY] = 1,
     [EXTRA] = 1},
    {[AUCTION] = 1, [BIDDER] = 1, [PRICE] = 1, [CHANNEL] = 1, [URL] = 1, [TIME] = 1, [EXTRA] = 1},
};

/* A row column that is read: which of its children get which field. */
typedef struct row_plan {
    uint32_t column; /* UINT32_MAX: not read */
    uint32_t count;
    uint32_t *children;
    field_id *fields;
    bool extra;
} row_plan;

typedef struct nexmark_source {
    const weir_connect_context *context;
    nexmark_options options;
    uint32_t column_count;
    const weir_type **types;
    uint32_t type_column; /* event_type; UINT32_MAX: not read */
    row_plan rows[3];
    weir_buffer *urls; /* WEIR_NEXMARK_URLS slots of WEIR_NEXMARK_URL_BYTES; NULL: not read */
    uint8_t *url_sizes;
    uint64_t next, end;
    int64_t started_ms;
    weir_nexmark_event event;
} nexmark_source;

static weir_status share(const weir_table *table, const char *key, int64_t least, uint32_t *out, weir_error *error) {
    int64_t value;
    WEIR_TRY(weir_table_option_i64(table, key, least, 1000000, *out, &value, error));
    *out = (uint32_t)value;
    return WEIR_OK;
}

static weir_status size_option(const weir_table *table, const char *key, uint32_t *out, weir_error *error) {
    const weir_option *option = weir_table_option(table, key);
    uint64_t bytes;
    if (option == NULL)
        return WEIR_OK;
    if (!weir_option_parse_size_bytes(option->value, &bytes) || bytes >= WEIR_NEXMARK_EXTRA_BYTES)
        return weir_option_invalid(option, "a size below 4 kb such as '200b'", error);
    *out = (uint32_t)bytes;
    return WEIR_OK;
}

static weir_status read_rates(const weir_table *table, nexmark_options *out, weir_error *error) {
    static const char *const shapes[] = {"SQUARE", "SINE", NULL};
    int shape;
    int64_t first, next, period_ms;
    bool fast;
    WEIR_TRY(weir_table_option_word(table, "rate.shape", shapes, 0, &shape, error));
    WEIR_TRY(weir_table_option_duration(table, "rate.period", 600000, &period_ms, error));
    WEIR_TRY(weir_table_option_bool(table, "rate.limited", false, &out->limited, error));
    WEIR_TRY(weir_table_option_bool(table, "max-emit-speed", true, &fast, error));
    WEIR_TRY(weir_table_option_i64(table, "first-event.rate", 1, 1000000000, 10000, &first, error));
    WEIR_TRY(weir_table_option_i64(table, "next-event.rate", 1, 1000000000, first, &next, error));
    if (first != next)
        return weir_fail_at(
            error, WEIR_UNSUPPORTED, weir_table_option(table, "next-event.rate")->position,
            "The nexmark connector makes events at one rate: 'first-event.rate' (%lld) and 'next-event.rate' (%lld) must be equal.",
            (long long)first, (long long)next);
    out->limited = out->limited || !fast;
    out->events.rate = (uint64_t)first;
    return WEIR_OK;
}

static weir_status read_options(const weir_table *table, nexmark_options *out, weir_error *error) {
    weir_nexmark_options *events = &out->events;
    int64_t count, stop, seed, base_ms;
    weir_nexmark_options_default(events);
    WEIR_TRY(read_rates(table, out, error));
    WEIR_TRY(share(table, "person.proportion", 1, &events->person_proportion, error));
    WEIR_TRY(share(table, "auction.proportion", 1, &events->auction_proportion, error));
    WEIR_TRY(share(table, "bid.proportion", 0, &events->bid_proportion, error));
    WEIR_TRY(share(table, "bid.hot-ratio.auctions", 1, &events->hot_auction_ratio, error));
    WEIR_TRY(share(table, "bid.hot-ratio.bidders", 1, &events->hot_bidder_ratio, error));
    WEIR_TRY(share(table, "auction.hot-ratio.sellers", 1, &events->hot_seller_ratio, error));
    WEIR_TRY(size_option(table, "person.avg-size", &events->person_bytes, error));
    WEIR_TRY(size_option(table, "auction.avg-size", &events->auction_bytes, error));
    WEIR_TRY(size_option(table, "bid.avg-size", &events->bid_bytes, error));
    WEIR_TRY(weir_table_option_i64(table, "events.num", 0, INT64_MAX, 0, &count, error));
    WEIR_TRY(weir_table_option_i64(table, "stop-at", -1, INT64_MAX, -1, &stop, error));
    WEIR_TRY(weir_table_option_i64(table, "seed", INT64_MIN, INT64_MAX, (int64_t)events->seed, &seed, error));
    WEIR_TRY(weir_table_option_i64(table, "base-time", 0, INT64_C(253402300799000), (int64_t)events->base_ms, &base_ms, error));
    WEIR_TRY(weir_table_option_bool(table, "keep-alive", false, &out->keep_alive, error));
    events->seed = (uint64_t)seed;
    events->base_ms = (uint64_t)base_ms;
    out->count = count == 0 ? UINT64_MAX : (uint64_t)count;
    if (stop >= 0 && (uint64_t)stop < out->count)
        out->count = (uint64_t)stop;
    return WEIR_OK;
}

static const char *const column_names[] = {"person", "auction", "bid"};

static int kind_named(weir_text name) {
    for (int i = 0; i < 3; i++)
        if (weir_text_equal_c(name, column_names[i]))
            return i;
    return -1;
}

static weir_status check_field(int kind, const weir_field *field, field_id *id, weir_error *error) {
    for (int i = 0; i < FIELD_IDS; i++) {
        if (!field_of_kind[kind][i] || !weir_text_equal_c(field->name, field_names[i]))
            continue;
        const weir_kind type = field->type->kind;
        const bool time = i == TIME || i == EXPIRES;
        *id = (field_id)i;
        if (field_is_text[i] ? type == WEIR_KIND_VARCHAR
            : time           ? weir_kind_is_timestamp(type) && field->type->precision <= 6
                             : type == WEIR_KIND_BIGINT)
            return WEIR_OK;
        return weir_fail(error, WEIR_VALIDATE, "The nexmark field '%s' of '%s' must be a %s.", field_names[i], column_names[kind],
                         field_is_text[i] ? "STRING"
                         : time           ? "TIMESTAMP(3)"
                                          : "BIGINT");
    }
    weir_text names[FIELD_IDS];
    size_t count = 0;
    for (int i = 0; i < FIELD_IDS; i++)
        if (field_of_kind[kind][i])
            names[count++] = weir_text_of(field_names[i]);
    int nearest = weir_text_nearest(field->name, names, count);
    weir_fail(error, WEIR_VALIDATE, "The nexmark row '%s' has no field '%.*s'.", column_names[kind], WEIR_TEXT_ARGS(field->name));
    if (nearest >= 0)
        weir_error_hint(error, "did you mean '%.*s'?", WEIR_TEXT_ARGS(names[nearest]));
    return WEIR_VALIDATE;
}

static weir_status check_column(weir_text name, const weir_type *type, weir_error *error) {
    int kind = kind_named(name);
    if (weir_text_equal_c(name, "event_type"))
        return type->kind == WEIR_KIND_INT ? WEIR_OK : weir_fail(error, WEIR_VALIDATE, "The nexmark column 'event_type' must be an INT.");
    if (kind < 0 || type->kind != WEIR_KIND_ROW)
        return weir_fail(error, WEIR_VALIDATE,
                         "The nexmark connector has the columns event_type INT, person ROW<...>, auction ROW<...> and bid ROW<...>; '%.*s' "
                         "is none of them.",
                         WEIR_TEXT_ARGS(name));
    field_id id;
    for (uint32_t i = 0; i < type->field_count; i++)
        WEIR_TRY(check_field(kind, &type->fields[i], &id, error));
    return WEIR_OK;
}

static weir_status check(const weir_table *table, bool writing, weir_error *error) {
    nexmark_options options;
    (void)writing;
    WEIR_TRY(read_options(table, &options, error));
    for (uint32_t i = 0; i < table->column_count; i++)
        if (table->columns[i].kind == WEIR_COLUMN_PHYSICAL)
            WEIR_TRY(check_column(table->columns[i].name, table->columns[i].type, error));
    return WEIR_OK;
}

static weir_status plan_row(nexmark_source *source, int kind, uint32_t column, const weir_type *type, const bool *used, weir_error *error) {
    row_plan *plan = &source->rows[kind];
    weir_arena *arena = source->context->arena;
    plan->column = column;
    plan->children = WEIR_ARENA_ARRAY(arena, uint32_t, type->field_count);
    plan->fields = WEIR_ARENA_ARRAY(arena, field_id, type->field_count);
    if (plan->children == NULL || plan->fields == NULL)
        return weir_fail_memory(error, "the nexmark source", 0);
    for (uint32_t i = 0; i < type->field_count; i++) {
        if (used != NULL && !used[i])
            continue;
        WEIR_TRY(check_field(kind, &type->fields[i], &plan->fields[plan->count], error));
        plan->extra = plan->extra || plan->fields[plan->count] == EXTRA;
        plan->children[plan->count++] = i;
    }
    return WEIR_OK;
}

static bool reads_url(const nexmark_source *source) {
    const row_plan *bid = &source->rows[WEIR_NEXMARK_BID];
    for (uint32_t i = 0; i < bid->count; i++)
        if (bid->fields[i] == URL)
            return true;
    return false;
}

static weir_status make_urls(nexmark_source *source, weir_error *error) {
    source->urls = weir_buffer_create(source->context->memory, (size_t)WEIR_NEXMARK_URLS * WEIR_NEXMARK_URL_BYTES);
    source->url_sizes = weir_arena_alloc(source->context->arena, WEIR_NEXMARK_URLS);
    if (source->urls == NULL || source->url_sizes == NULL)
        return weir_fail_memory(error, "the nexmark source", 0);
    for (uint32_t i = 0; i < WEIR_NEXMARK_URLS; i++)
        source->url_sizes[i] =
            (uint8_t)weir_nexmark_url(&source->options.events, i, (char *)source->urls->data + (size_t)i * WEIR_NEXMARK_URL_BYTES);
    return WEIR_OK;
}

static void close_source(weir_source *base) { weir_buffer_unref(((nexmark_source *)base)->urls); }

static weir_status prepare_source(nexmark_source *source, const weir_scan_spec *scan, weir_error *error) {
    WEIR_TRY(read_options(scan->table, &source->options, error));
    source->end = source->options.count;
    for (uint32_t i = 0; i < source->column_count; i++) {
        const weir_field *field = &scan->read.fields[i];
        int kind = kind_named(field->name);
        source->types[i] = field->type;
        WEIR_TRY(check_column(field->name, field->type, error));
        if (kind < 0)
            source->type_column = i;
        else
            WEIR_TRY(plan_row(source, kind, i, field->type, scan->read.used_children == NULL ? NULL : scan->read.used_children[i], error));
    }
    return reads_url(source) ? make_urls(source, error) : WEIR_OK;
}

static weir_status open_source(const weir_connect_context *context, const weir_scan_spec *scan, weir_source **out, weir_error *error) {
    nexmark_source *source = WEIR_ARENA_NEW(context->arena, nexmark_source);
    if (source == NULL)
        return weir_fail_memory(error, "the nexmark source", sizeof *source);
    source->context = context;
    source->column_count = scan->read.count;
    source->type_column = UINT32_MAX;
    source->started_ms = INT64_MIN;
    for (int i = 0; i < 3; i++)
        source->rows[i].column = UINT32_MAX;
    source->types = WEIR_ARENA_ARRAY(context->arena, const weir_type *, scan->read.count);
    weir_status status = source->types == NULL ? weir_fail_memory(error, "the nexmark source", 0) : prepare_source(source, scan, error);
    if (status != WEIR_OK) {
        close_source((weir_source *)source);
        return status;
    }
    *out = (weir_source *)source;
    return WEIR_OK;
}

/* ---- rows ---- */

static void put_field(nexmark_source *source, weir_column *column, uint32_t row, field_id field) {
    const weir_nexmark_event *e = &source->event;
    int64_t *integers = column->values;
    switch (field) {
    case ID: integers[row] = e->id; break;
    case INITIAL_BID: integers[row] = e->initial_bid; break;
    case RESERVE: integers[row] = e->reserve; break;
    case SELLER: integers[row] = e->seller; break;
    case CATEGORY: integers[row] = e->category; break;
    case AUCTION: integers[row] = e->auction; break;
    case BIDDER: integers[row] = e->bidder; break;
    case PRICE: integers[row] = e->price; break;
    case TIME: integers[row] = e->time_ms * 1000; break;
    case EXPIRES: integers[row] = e->expires_ms * 1000; break;
    case NAME: weir_column_put_text(column, row, weir_text_of(e->name)); break;
    case EMAIL: weir_column_put_text(column, row, weir_text_of(e->email)); break;
    case CARD: weir_column_put_text(column, row, weir_text_of(e->card)); break;
    case CITY: weir_column_put_text(column, row, weir_text_of(e->city)); break;
    case STATE: weir_column_put_text(column, row, weir_text_of(e->state)); break;
    case EXTRA: weir_column_put_text(column, row, (weir_text){e->extra, e->extra_size}); break;
    case ITEM: weir_column_put_text(column, row, weir_text_of(e->item)); break;
    case DESCRIPTION: weir_column_put_text(column, row, weir_text_of(e->description)); break;
    case CHANNEL: weir_column_put_text(column, row, weir_text_of(e->channel)); break;
    case URL:
        weir_column_set_view(column, row, (const char *)source->urls->data + (size_t)e->channel_index * WEIR_NEXMARK_URL_BYTES,
                             source->url_sizes[e->channel_index]);
        break;
    case FIELD_IDS: break;
    }
}

/* All rows NULL: each event sets one of the three. */
static void clear_row_column(weir_column *column) {
    memset(weir_column_open_valid(column), 0, column->capacity);
    for (uint32_t i = 0; i < column->child_count; i++)
        memset(weir_column_open_valid(column->children[i]), 0, column->capacity);
}

static bool keep_urls(nexmark_source *source, weir_batch *batch) {
    const row_plan *plan = &source->rows[WEIR_NEXMARK_BID];
    for (uint32_t i = 0; i < plan->count; i++)
        if (plan->fields[i] == URL && !weir_column_keep(batch->columns[plan->column]->children[plan->children[i]], source->urls))
            return false;
    return true;
}

static bool fill(nexmark_source *source, weir_batch *batch, uint32_t rows) {
    for (int k = 0; k < 3; k++)
        if (source->rows[k].column != UINT32_MAX)
            clear_row_column(batch->columns[source->rows[k].column]);
    if (!keep_urls(source, batch))
        return false;
    bool failed = false;
    for (uint32_t row = 0; row < rows; row++, source->next++) {
        const weir_nexmark_kind kind = weir_nexmark_kind_of(&source->options.events, source->next);
        const row_plan *plan = &source->rows[kind];
        if (source->type_column != UINT32_MAX)
            WEIR_VALUES(batch->columns[source->type_column], int32_t)[row] = (int32_t)kind;
        if (plan->column == UINT32_MAX)
            continue;
        weir_column *column = batch->columns[plan->column];
        column->valid[row] = 1;
        if (plan->count > 0)
            weir_nexmark_event_make(&source->options.events, source->next, plan->extra, &source->event);
        for (uint32_t i = 0; i < plan->count; i++) {
            weir_column *child = column->children[plan->children[i]];
            put_field(source, child, row, plan->fields[i]);
            child->valid[row] = 1;
            failed = failed || child->failed;
        }
    }
    return !failed;
}

static weir_status next_batch(weir_source *base, weir_batch **out, weir_source_state *state, int64_t *wake_ms, weir_error *error) {
    nexmark_source *source = (nexmark_source *)base;
    const weir_clock *clock = source->context->clock;
    *out = NULL;
    *state = WEIR_SOURCE_DONE;
    uint64_t due = source->end - source->next;
    if (due == 0 && !source->options.keep_alive)
        return WEIR_OK;
    const int64_t now_ms = weir_clock_monotonic_ms(clock);
    if (source->started_ms == INT64_MIN)
        source->started_ms = now_ms;
    if (source->options.limited) {
        uint64_t until = (uint64_t)((unsigned __int128)(uint64_t)(now_ms - source->started_ms + 1) * source->options.events.rate / 1000);
        due = until <= source->next ? 0 : until - source->next < due ? until - source->next : due;
    }
    if (due == 0) {
        *state = WEIR_SOURCE_IDLE;
        *wake_ms = weir_clock_wall_ms(clock) + (source->next == source->end ? 1000 : 10);
        return WEIR_OK;
    }
    const uint32_t rows = due > WEIR_BATCH_ROWS ? WEIR_BATCH_ROWS : (uint32_t)due;
    weir_batch *batch = weir_batch_create_typed(source->context->memory, source->types, source->column_count, rows);
    if (batch == NULL || !fill(source, batch, rows)) {
        weir_batch_destroy(batch);
        return weir_fail_memory(error, "nexmark events", 0);
    }
    batch->rows = batch->selected = rows;
    *out = batch;
    *state = WEIR_SOURCE_BATCH;
    return WEIR_OK;
}

static void progress(const weir_source *base, weir_source_progress *out) {
    *out = (weir_source_progress){.rows = ((const nexmark_source *)base)->next};
}

static bool bounded(const weir_table *table) {
    nexmark_options options;
    return read_options(table, &options, NULL) == WEIR_OK && options.count != UINT64_MAX && !options.keep_alive;
}

static const weir_source_vtable source_vtable = {open_source, next_batch, progress, close_source};

const weir_connector weir_connector_nexmark = {
    .name = "nexmark",
    .summary = "makes the events of the Nexmark benchmark",
    .optional_options = optional_options,
    .strict_options = true,
    .source = &source_vtable,
    .bounded = bounded,
    .check = check,
};

/* The events of the Nexmark benchmark, by number: every event draws from its own random stream keyed by (seed, number), so that any slice
 * can be made alone. The stream, the parameters and thereby the events equal those of the seeded generator in bench/nexmark. */
#ifndef WEIR_CONNECT_NEXMARK_EVENTS_H
#define WEIR_CONNECT_NEXMARK_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct weir_nexmark_options {
    uint64_t seed;
    uint64_t rate;    /* events per second of event time */
    uint64_t base_ms; /* event time of event 0 */
    uint32_t person_proportion, auction_proportion, bid_proportion;
    uint32_t hot_auction_ratio, hot_bidder_ratio, hot_seller_ratio; /* one in so many is not hot */
    uint32_t person_bytes, auction_bytes, bid_bytes;                /* on average */
} weir_nexmark_options;

typedef enum weir_nexmark_kind { WEIR_NEXMARK_PERSON, WEIR_NEXMARK_AUCTION, WEIR_NEXMARK_BID } weir_nexmark_kind;

enum { WEIR_NEXMARK_EXTRA_BYTES = 4096, WEIR_NEXMARK_URL_BYTES = 96 };

typedef struct weir_nexmark_event {
    weir_nexmark_kind kind;
    int64_t time_ms;
    int64_t id; /* person, auction */
    char name[40], email[48], card[24];
    const char *city, *state;
    char item[32], description[128];
    int64_t initial_bid, reserve, expires_ms, seller, category;
    int64_t auction, bidder, price;
    const char *channel;
    char channel_text[24];
    uint32_t channel_index; /* of weir_nexmark_url: 0 .. 9999 plain channels, then the four hot ones */
    char extra[WEIR_NEXMARK_EXTRA_BYTES];
    size_t extra_size;
} weir_nexmark_event;

void weir_nexmark_options_default(weir_nexmark_options *options);
weir_nexmark_kind weir_nexmark_kind_of(const weir_nexmark_options *options, uint64_t n);
/* Event number `n` into `out`; without its padding (`extra`) when nobody reads that. */
void weir_nexmark_event_make(const weir_nexmark_options *options, uint64_t n, bool with_extra, weir_nexmark_event *out);

/* Every channel has a URL of its own. Writes WEIR_NEXMARK_URL_BYTES at most; returns the size. */
enum {
    WEIR_NEXMARK_CHANNELS = 10000,
    WEIR_NEXMARK_HOT_CHANNELS = 4,
    WEIR_NEXMARK_URLS = WEIR_NEXMARK_CHANNELS + WEIR_NEXMARK_HOT_CHANNELS
};
size_t weir_nexmark_url(const weir_nexmark_options *options, uint32_t channel_index, char *out);

#endif

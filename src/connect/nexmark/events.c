/* Nexmark events; see events.h. Only integer arithmetic and IEEE multiplications: the same on every machine. */
#include "connect/nexmark/events.h"

#include <stdio.h>
#include <string.h>

typedef struct stream {
    uint64_t state;
} stream;

static uint64_t draw(stream *r) {
    uint64_t z = (r->state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}
static uint64_t below(stream *r, uint64_t limit) { return (uint64_t)(((unsigned __int128)draw(r) * limit) >> 64); }

enum { FIRST_ID = 1000, ACTIVE_PEOPLE = 1000, AUCTIONS_IN_FLIGHT = 100, ID_LEAD = 10, CATEGORIES = 5, FIRST_CATEGORY = 10, HOT_UNIT = 100 };

static const char *const states[] = {"AZ", "CA", "ID", "OR", "WA", "WY"};
static const char *const cities[] = {"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
                                     "Bend",    "Redmond",     "Seattle",       "Kent",  "Cheyenne"};
static const char *const first_names[] = {"Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"};
static const char *const last_names[] = {"Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"};
static const char *const hot_channels[] = {"Google", "Facebook", "Baidu", "Apple"};

void weir_nexmark_options_default(weir_nexmark_options *options) {
    *options = (weir_nexmark_options){.seed = 42,
                                      .rate = 10000,
                                      .base_ms = 1710115150000ull,
                                      .person_proportion = 1,
                                      .auction_proportion = 3,
                                      .bid_proportion = 46,
                                      .hot_auction_ratio = 2,
                                      .hot_bidder_ratio = 4,
                                      .hot_seller_ratio = 4,
                                      .person_bytes = 200,
                                      .auction_bytes = 500,
                                      .bid_bytes = 100};
}

/* round(100 * 10^(6u)) for a 20-bit fraction u: a product of the powers 10^(6 / 2^k). */
static int64_t price(stream *r) {
    static const double powers[20] = {1000.0,
                                      31.622776601683793,
                                      5.623413251903491,
                                      2.371373705661655,
                                      1.539926526059492,
                                      1.2409377607517196,
                                      1.1139738599948024,
                                      1.055449600878603,
                                      1.0273507681793026,
                                      1.0135831333340657,
                                      1.0067686592927223,
                                      1.0033786221027048,
                                      1.0016878865708143,
                                      1.0008435874655013,
                                      1.000421704815275,
                                      1.0002108301829544,
                                      1.000105409535892,
                                      1.0000527033791229,
                                      1.0000263513423648,
                                      1.0000131755843844};
    uint64_t u = draw(r) >> 44;
    double p = 1.0;
    for (int k = 0; k < 20; k++)
        if (u >> (19 - k) & 1)
            p *= powers[k];
    return (int64_t)(p * 100.0 + 0.5);
}

/* 3 to max - 1 letters; one in 13 is `special`. */
static size_t letters(stream *r, unsigned max, char special, char *out) {
    size_t size = 3 + (size_t)below(r, max - 3);
    for (size_t i = 0; i < size; i++)
        out[i] = below(r, 13) == 0 ? special : (char)('a' + below(r, 26));
    if (special == ' ') {
        if (out[0] == ' ')
            out[0] = 'a';
        if (out[size - 1] == ' ')
            out[size - 1] = 'z';
    }
    out[size] = 0;
    return size;
}

/* Letters that bring an event to its average size, 20 percent more or less. */
static void pad(stream *r, size_t have, uint32_t want, weir_nexmark_event *out) {
    out->extra_size = 0;
    out->extra[0] = 0;
    if (have >= want)
        return;
    int w = (int)(want - have), d = (w + 2) / 5, n = w - d + (d > 0 ? (int)below(r, 2 * (uint64_t)d) : 0);
    if (n > WEIR_NEXMARK_EXTRA_BYTES - 1)
        n = WEIR_NEXMARK_EXTRA_BYTES - 1;
    uint64_t value = 0;
    int left = 0;
    for (int i = 0; i < n; i++) {
        if (left == 0) {
            value = draw(r) >> 1;
            left = 13;
        }
        out->extra[i] = (char)('a' + value % 26);
        value /= 26;
        left--;
    }
    out->extra_size = (size_t)n;
    out->extra[n] = 0;
}

static uint32_t block(const weir_nexmark_options *o) { return o->person_proportion + o->auction_proportion + o->bid_proportion; }
static uint64_t time_of(const weir_nexmark_options *o, uint64_t n) { return o->base_ms + n * 1000 / o->rate; }

/* Numbers of the last person and auction up to event n; every block has its persons first, then its auctions, then its bids. */
static int64_t last_person(const weir_nexmark_options *o, uint64_t n) {
    int64_t epoch = (int64_t)(n / block(o)), offset = (int64_t)(n % block(o));
    if (offset >= o->person_proportion)
        offset = (int64_t)o->person_proportion - 1;
    return epoch * o->person_proportion + offset;
}
static int64_t last_auction(const weir_nexmark_options *o, uint64_t n) {
    int64_t epoch = (int64_t)(n / block(o)), offset = (int64_t)(n % block(o));
    const int64_t persons = o->person_proportion, auctions = o->auction_proportion;
    if (offset < persons)
        return (epoch - 1) * auctions + auctions - 1;
    offset -= persons;
    return epoch * auctions + (offset < auctions ? offset : auctions - 1);
}
static int64_t any_person(const weir_nexmark_options *o, stream *r, uint64_t n) {
    int64_t have = last_person(o, n) + 1, active = have < ACTIVE_PEOPLE ? have : ACTIVE_PEOPLE;
    return have - active + (int64_t)below(r, (uint64_t)active + ID_LEAD);
}
static int64_t any_auction(const weir_nexmark_options *o, stream *r, uint64_t n) {
    int64_t high = last_auction(o, n), low = high - AUCTIONS_IN_FLIGHT > 0 ? high - AUCTIONS_IN_FLIGHT : 0;
    return low + (int64_t)below(r, (uint64_t)(high - low + 1 + ID_LEAD));
}

size_t weir_nexmark_url(const weir_nexmark_options *options, uint32_t channel_index, char *out) {
    const bool hot = channel_index >= WEIR_NEXMARK_CHANNELS;
    const int64_t channel = hot ? -1 - (int64_t)(channel_index - WEIR_NEXMARK_CHANNELS) : (int64_t)channel_index;
    stream r = {options->seed * 0x2545F4914F6CDD1Dull + 77777 + (uint64_t)channel * 0x9E3779B97F4A7C15ull};
    char a[16], b[16], c[16];
    letters(&r, 5, '_', a);
    letters(&r, 5, '_', b);
    letters(&r, 5, '_', c);
    int size = snprintf(out, WEIR_NEXMARK_URL_BYTES, "https://www.nexmark.com/%s/%s/%s/item.htm?query=1", c, b, a);
    if (hot || below(&r, 10) == 0)
        return (size_t)size;
    uint32_t value = channel_index, reversed = 0;
    for (int i = 0; i < 32; i++)
        reversed |= (value >> i & 1u) << (31 - i);
    int64_t id = (int32_t)reversed;
    size += snprintf(out + size, WEIR_NEXMARK_URL_BYTES - (size_t)size, "&channel_id=%lld", (long long)(id < 0 ? -id : id));
    return (size_t)size;
}

static void make_person(const weir_nexmark_options *o, stream *r, uint64_t n, bool with_extra, weir_nexmark_event *out) {
    char user[16], host[16];
    out->id = last_person(o, n) + FIRST_ID;
    const char *last = last_names[below(r, 9)], *first = first_names[below(r, 11)]; /* drawn in this order */
    size_t size = (size_t)snprintf(out->name, sizeof out->name, "%s %s", first, last);
    letters(r, 7, '_', user);
    letters(r, 5, '_', host);
    size += (size_t)snprintf(out->email, sizeof out->email, "%s@%s.com", user, host);
    int parts[4];
    for (int i = 0; i < 4; i++)
        parts[i] = (int)below(r, 10000);
    size += (size_t)snprintf(out->card, sizeof out->card, "%04d %04d %04d %04d", parts[0], parts[1], parts[2], parts[3]);
    out->city = cities[below(r, 10)];
    out->state = states[below(r, 6)];
    if (with_extra)
        pad(r, 8 + size + strlen(out->city) + strlen(out->state), o->person_bytes, out);
}

static void make_auction(const weir_nexmark_options *o, stream *r, uint64_t n, bool with_extra, weir_nexmark_event *out) {
    out->id = last_auction(o, n) + FIRST_ID;
    const bool hot = below(r, o->hot_seller_ratio) > 0;
    out->seller = (hot ? last_person(o, n) / HOT_UNIT * HOT_UNIT : any_person(o, r, n)) + FIRST_ID;
    out->category = FIRST_CATEGORY + (int64_t)below(r, CATEGORIES);
    out->initial_bid = price(r);
    uint64_t horizon_ms =
        time_of(o, n + AUCTIONS_IN_FLIGHT * (uint64_t)block(o) / (o->auction_proportion == 0 ? 1 : o->auction_proportion)) - time_of(o, n);
    horizon_ms = horizon_ms == 0 ? 1 : horizon_ms;
    out->expires_ms = (int64_t)(time_of(o, n) + 1 + below(r, horizon_ms * 2));
    size_t size = letters(r, 20, ' ', out->item);
    size += letters(r, 100, ' ', out->description);
    out->reserve = out->initial_bid + price(r);
    if (with_extra)
        pad(r, 48 + size, o->auction_bytes, out);
}

static void make_bid(const weir_nexmark_options *o, stream *r, uint64_t n, bool with_extra, weir_nexmark_event *out) {
    const bool hot_auction = below(r, o->hot_auction_ratio) > 0;
    out->auction = (hot_auction ? last_auction(o, n) / HOT_UNIT * HOT_UNIT : any_auction(o, r, n)) + FIRST_ID;
    const bool hot_bidder = below(r, o->hot_bidder_ratio) > 0;
    out->bidder = (hot_bidder ? last_person(o, n) / HOT_UNIT * HOT_UNIT + 1 : any_person(o, r, n)) + FIRST_ID;
    out->price = price(r);
    if (below(r, 2) > 0) {
        int k = (int)below(r, 4);
        out->channel = hot_channels[k];
        out->channel_index = WEIR_NEXMARK_CHANNELS + (uint32_t)k;
    } else {
        out->channel_index = (uint32_t)below(r, WEIR_NEXMARK_CHANNELS);
        snprintf(out->channel_text, sizeof out->channel_text, "channel-%u", out->channel_index);
        out->channel = out->channel_text;
    }
    if (with_extra)
        pad(r, 32, o->bid_bytes, out);
}

weir_nexmark_kind weir_nexmark_kind_of(const weir_nexmark_options *options, uint64_t n) {
    const uint64_t position = n % block(options);
    if (position < options->person_proportion)
        return WEIR_NEXMARK_PERSON;
    return position < (uint64_t)options->person_proportion + options->auction_proportion ? WEIR_NEXMARK_AUCTION : WEIR_NEXMARK_BID;
}

void weir_nexmark_event_make(const weir_nexmark_options *options, uint64_t n, bool with_extra, weir_nexmark_event *out) {
    stream r = {options->seed * 0x9E3779B97F4A7C15ull ^ (n + 1) * 0xD1B54A32D192ED03ull};
    draw(&r);
    out->kind = weir_nexmark_kind_of(options, n);
    out->time_ms = (int64_t)time_of(options, n);
    /* The padding is drawn last, so leaving it out changes nothing else. */
    if (out->kind == WEIR_NEXMARK_PERSON)
        make_person(options, &r, n, with_extra, out);
    else if (out->kind == WEIR_NEXMARK_AUCTION)
        make_auction(options, &r, n, with_extra, out);
    else
        make_bid(options, &r, n, with_extra, out);
}

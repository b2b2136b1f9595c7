/* nexmark_gen: a seeded Nexmark event generator, with Nexmark's published parameters; the same bytes on every machine.
 *
 *   nexmark_gen -n 1000000 -o events.jsonl            one JSON object a line, nested person, auction or bid
 *   nexmark_gen -n 1000000 -c DIR                     DIR/person.csv auction.csv bid.csv, no header
 *   nexmark_gen -n 100000 -r 1000 -s 42 -o -          to standard output
 *
 * Options: -n events (1000000)   -s seed (42)   -r events per second of event time (10000)
 *          -b start in ms since the epoch (1710115150000 = 2024-03-10 23:59:10 UTC: midnight comes after 50 s)
 *          -g out-of-order group size (1 = in order)   -p partitions: FILE.0 to FILE.p-1, round robin by event
 *          -2 offset bidder ids twice, as the usual generator does (its bids then hardly meet real persons)
 *
 * Parameters: person, auction and bid are 1:3:46 by position in each block of 50 events; mean bytes 200, 500 and 100 (`extra` pads,
 * give or take 20 %); half of the bids go to a hot auction, three quarters come from a hot bidder, three quarters of the auctions
 * from a hot seller (one id in 100 is hot); 100 auctions in flight, 1000 active people, ids may run 10 ahead; 5 categories from 10;
 * first ids 1000; price = round(100 * 10^(6u)); 4 hot channels with half of the bids, 10000 others.
 *
 * Every event draws from a splitmix64 stream of its own, keyed by (seed, event number), so any slice can be made alone. The order of
 * the draws is part of the format: bench/flink/NexmarkEvents.java makes the same events.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARTITIONS_MAX = 64, CHANNEL_COUNT = 10000, HOT_CHANNEL_COUNT = 4, URL_BYTES = 96, TIME_BYTES = 32, EXTRA_BYTES = 700 };

typedef struct draws {
    uint64_t state;
} draws;

typedef struct options {
    uint64_t count, seed, rate, base_ms, group;
    int partitions;
    bool offset_twice;
    const char *json_path, *csv_folder;
} options;

typedef struct generator {
    options options;
    char urls[CHANNEL_COUNT][URL_BYTES];
    char hot_urls[HOT_CHANNEL_COUNT][URL_BYTES];
    FILE *json[PARTITIONS_MAX]; /* NULL where there is none */
    FILE *csv[3];               /* person, auction, bid */
} generator;

static uint64_t draw(draws *d) {
    uint64_t z = (d->state += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static uint64_t below(draws *d, uint64_t bound) { return (uint64_t)(((unsigned __int128)draw(d) * bound) >> 64); }

/* 100 * 10^(6u) for a 20-bit fraction u: a product of the powers 10^(6/2^k); only IEEE multiplications, so the same everywhere. */
static int64_t draw_price(draws *d) {
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
    uint64_t u = draw(d) >> 44;
    double product = 1.0;
    for (int k = 0; k < 20; k++)
        if (u >> (19 - k) & 1)
            product *= powers[k];
    return (int64_t)(product * 100.0 + 0.5);
}

/* A word of 3 to max - 1 letters, about one in 13 of them `special`; a blank is never first or last. */
static size_t draw_word(draws *d, size_t max, char special, char *out) {
    size_t length = 3 + below(d, max - 3);
    for (size_t i = 0; i < length; i++)
        out[i] = below(d, 13) == 0 ? special : (char)('a' + below(d, 26));
    if (special == ' ') {
        out[0] = out[0] == ' ' ? 'a' : out[0];
        out[length - 1] = out[length - 1] == ' ' ? 'z' : out[length - 1];
    }
    out[length] = 0;
    return length;
}

/* Letters that bring an event of `have` bytes to about `want`. */
static void draw_extra(draws *d, size_t have, size_t want, char *out) {
    size_t length = 0;
    if (have < want) {
        size_t missing = want - have, spread = (missing + 2) / 5;
        length = missing - spread + (spread ? below(d, 2 * spread) : 0);
    }
    uint64_t value = 0;
    int left = 0;
    for (size_t i = 0; i < length; i++, left--) {
        if (left == 0) {
            value = draw(d) >> 1;
            left = 13;
        }
        out[i] = (char)('a' + value % 26);
        value /= 26;
    }
    out[length] = 0;
}

static uint64_t time_ms(const options *o, uint64_t event) { return o->base_ms + event * 1000 / o->rate; }

/* "2024-03-10 23:59:10.000"; the date by the civil-from-days rule. */
static void put_time(uint64_t ms, char *out) {
    int64_t days = (int64_t)(ms / 86400000) + 719468, rest = (int64_t)(ms % 86400000);
    int64_t era = days / 146097, day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153, day = day_of_year - (153 * shifted + 2) / 5 + 1;
    int64_t month = shifted + (shifted < 10 ? 3 : -9), year = year_of_era + era * 400 + (month <= 2);
    snprintf(out, TIME_BYTES, "%04d-%02d-%02d %02d:%02d:%02d.%03d", (int)year, (int)month, (int)day, (int)(rest / 3600000),
             (int)(rest / 60000 % 60), (int)(rest / 1000 % 60), (int)(rest % 1000));
}

/* Of each 50 events the first is a person, the next three are auctions. */
static int64_t last_person(uint64_t event) { return (int64_t)(event / 50); }

static int64_t last_auction(uint64_t event) {
    int64_t block = (int64_t)(event / 50), place = (int64_t)(event % 50);
    return place < 1 ? (block - 1) * 3 + 2 : block * 3 + (place <= 3 ? place - 1 : 2);
}

static int64_t draw_person(draws *d, uint64_t event) {
    int64_t have = last_person(event) + 1, active = have < 1000 ? have : 1000;
    return have - active + (int64_t)below(d, (uint64_t)active + 10);
}

static int64_t draw_auction(draws *d, uint64_t event) {
    int64_t high = last_auction(event), low = high - 100 > 0 ? high - 100 : 0;
    return low + (int64_t)below(d, (uint64_t)(high - low + 1 + 10));
}

/* The url belongs to the channel, not to the event. Hot channels count as -1, -2, ... */
static void put_url(uint64_t seed, int channel, char *out) {
    draws d = {seed * 0x2545F4914F6CDD1Dull + 77777 + (uint64_t)(int64_t)channel * 0x9E3779B97F4A7C15ull};
    char first[8], second[8], third[8];
    draw_word(&d, 5, '_', third);
    draw_word(&d, 5, '_', second);
    draw_word(&d, 5, '_', first);
    int length = snprintf(out, URL_BYTES, "https://www.nexmark.com/%s/%s/%s/item.htm?query=1", first, second, third);
    if (channel < 0 || below(&d, 10) == 0)
        return;
    uint32_t reversed = 0;
    for (int bit = 0; bit < 32; bit++)
        reversed |= ((uint32_t)channel >> bit & 1u) << (31 - bit);
    int64_t id = (int32_t)reversed;
    snprintf(out + length, (size_t)(URL_BYTES - length), "&channel_id=%" PRId64, id < 0 ? -id : id);
}

static void make_person(const generator *g, uint64_t event, draws *d, FILE *json, FILE *csv) {
    static const char *const states[] = {"AZ", "CA", "ID", "OR", "WA", "WY"};
    static const char *const cities[] = {"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
                                         "Bend",    "Redmond",     "Seattle",       "Kent",  "Cheyenne"};
    static const char *const first_names[] = {"Peter", "Paul",  "Luke",  "John",   "Saul",  "Vicky",
                                              "Kate",  "Julie", "Sarah", "Deiter", "Walter"};
    static const char *const last_names[] = {"Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"};
    char name[40], user[16], host[16], email[48], card[32], extra[EXTRA_BYTES], when[TIME_BYTES];
    int64_t id = last_person(event) + 1000;
    const char *last = last_names[below(d, 9)];
    snprintf(name, sizeof name, "%s %s", first_names[below(d, 11)], last);
    draw_word(d, 7, '_', user);
    draw_word(d, 5, '_', host);
    snprintf(email, sizeof email, "%s@%s.com", user, host);
    int digits[4];
    for (int i = 0; i < 4; i++)
        digits[i] = (int)below(d, 10000);
    snprintf(card, sizeof card, "%04u %04u %04u %04u", digits[0] % 10000u, digits[1] % 10000u, digits[2] % 10000u, digits[3] % 10000u);
    const char *city = cities[below(d, 10)], *state = states[below(d, 6)];
    draw_extra(d, 8 + strlen(name) + strlen(email) + strlen(card) + strlen(city) + strlen(state), 200, extra);
    put_time(time_ms(&g->options, event), when);
    if (json)
        fprintf(json,
                "{\"event_type\":0,\"person\":{\"id\":%" PRId64
                ",\"name\":\"%s\",\"emailAddress\":\"%s\",\"creditCard\":\"%s\",\"city\":\"%s\","
                "\"state\":\"%s\",\"dateTime\":\"%s\",\"extra\":\"%s\"}}\n",
                id, name, email, card, city, state, when, extra);
    if (csv)
        fprintf(csv, "%" PRId64 ",%s,%s,%s,%s,%s,%s,%s\n", id, name, email, card, city, state, when, extra);
}

static void make_auction(const generator *g, uint64_t event, draws *d, FILE *json, FILE *csv) {
    char item[32], description[128], extra[EXTRA_BYTES], when[TIME_BYTES], until[TIME_BYTES];
    uint64_t now = time_ms(&g->options, event);
    int64_t id = last_auction(event) + 1000;
    int64_t seller = (below(d, 4) > 0 ? last_person(event) / 100 * 100 : draw_person(d, event)) + 1000;
    int64_t category = 10 + (int64_t)below(d, 5), initial = draw_price(d);
    uint64_t horizon_ms = time_ms(&g->options, event + 100 * 50 / 3) - now;
    uint64_t expires = now + 1 + below(d, (horizon_ms ? horizon_ms : 1) * 2);
    size_t item_bytes = draw_word(d, 20, ' ', item), description_bytes = draw_word(d, 100, ' ', description);
    int64_t reserve = initial + draw_price(d);
    draw_extra(d, 48 + item_bytes + description_bytes, 500, extra);
    put_time(now, when);
    put_time(expires, until);
    if (json)
        fprintf(json,
                "{\"event_type\":1,\"auction\":{\"id\":%" PRId64 ",\"itemName\":\"%s\",\"description\":\"%s\",\"initialBid\":%" PRId64
                ",\"reserve\":%" PRId64 ",\"dateTime\":\"%s\",\"expires\":\"%s\",\"seller\":%" PRId64 ",\"category\":%" PRId64
                ",\"extra\":\"%s\"}}\n",
                id, item, description, initial, reserve, when, until, seller, category, extra);
    if (csv)
        fprintf(csv, "%" PRId64 ",%s,%s,%" PRId64 ",%" PRId64 ",%s,%s,%" PRId64 ",%" PRId64 ",%s\n", id, item, description, initial,
                reserve, when, until, seller, category, extra);
}

static void make_bid(const generator *g, uint64_t event, draws *d, FILE *json, FILE *csv) {
    static const char *const hot[HOT_CHANNEL_COUNT] = {"Google", "Facebook", "Baidu", "Apple"};
    char name[24], extra[EXTRA_BYTES], when[TIME_BYTES];
    int64_t auction = (below(d, 2) > 0 ? last_auction(event) / 100 * 100 : draw_auction(d, event)) + 1000;
    int64_t bidder =
        (below(d, 4) > 0 ? last_person(event) / 100 * 100 + 1 : draw_person(d, event)) + (g->options.offset_twice ? 2000 : 1000);
    int64_t price = draw_price(d);
    const char *channel = name, *url;
    if (below(d, 2) > 0) {
        size_t k = below(d, HOT_CHANNEL_COUNT);
        channel = hot[k];
        url = g->hot_urls[k];
    } else {
        size_t k = below(d, CHANNEL_COUNT);
        snprintf(name, sizeof name, "channel-%zu", k);
        url = g->urls[k];
    }
    draw_extra(d, 32, 100, extra);
    put_time(time_ms(&g->options, event), when);
    if (json)
        fprintf(json,
                "{\"event_type\":2,\"bid\":{\"auction\":%" PRId64 ",\"bidder\":%" PRId64 ",\"price\":%" PRId64
                ",\"channel\":\"%s\",\"url\":\"%s\",\"dateTime\":\"%s\",\"extra\":\"%s\"}}\n",
                auction, bidder, price, channel, url, when, extra);
    if (csv)
        fprintf(csv, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%s,%s,%s,%s\n", auction, bidder, price, channel, url, when, extra);
}

static FILE *open_file(const char *path) {
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    if (!file)
        perror(path);
    else
        setvbuf(file, NULL, _IOFBF, 1 << 20);
    return file;
}

static bool open_files(generator *g) {
    static const char *const names[] = {"person", "auction", "bid"};
    const options *o = &g->options;
    char path[4096];
    for (int i = 0; o->json_path && i < o->partitions; i++) {
        if (o->partitions == 1)
            snprintf(path, sizeof path, "%s", o->json_path);
        else
            snprintf(path, sizeof path, "%s.%d", o->json_path, i);
        if (!(g->json[i] = open_file(path)))
            return false;
    }
    for (int i = 0; o->csv_folder && i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s.csv", o->csv_folder, names[i]);
        if (!(g->csv[i] = open_file(path)))
            return false;
    }
    return true;
}

/* False when something could not be written. */
static bool close_files(generator *g) {
    bool good = true;
    for (int i = 0; i < PARTITIONS_MAX; i++)
        if (g->json[i] && (ferror(g->json[i]) || fclose(g->json[i])))
            good = false;
    for (int i = 0; i < 3; i++)
        if (g->csv[i] && (ferror(g->csv[i]) || fclose(g->csv[i])))
            good = false;
    if (!good)
        perror("nexmark_gen: writing failed");
    return good;
}

static void generate(generator *g) {
    const options *o = &g->options;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        put_url(o->seed, i, g->urls[i]);
    for (int i = 0; i < HOT_CHANNEL_COUNT; i++)
        put_url(o->seed, -1 - i, g->hot_urls[i]);
    for (uint64_t i = 0; i < o->count; i++) {
        uint64_t event = i / o->group * o->group + i * 953 % o->group, place = event % 50;
        draws d = {o->seed * 0x9E3779B97F4A7C15ull ^ (event + 1) * 0xD1B54A32D192ED03ull};
        draw(&d);
        FILE *json = g->json[i % (uint64_t)o->partitions];
        if (place == 0)
            make_person(g, event, &d, json, g->csv[0]);
        else if (place <= 3)
            make_auction(g, event, &d, json, g->csv[1]);
        else
            make_bid(g, event, &d, json, g->csv[2]);
    }
}

static const char usage[] =
    "usage: nexmark_gen [-n EVENTS] [-s SEED] [-r RATE] [-b BASE_MS] [-g GROUP] [-p PARTITIONS] [-2] -o FILE|- | -c FOLDER\n";

static bool read_number(const char *text, uint64_t least, uint64_t most, uint64_t *out) {
    char *end;
    *out = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == 0 && *out >= least && *out <= most;
}

static bool read_options(int count, char **arguments, options *o) {
    for (int i = 1; i < count; i++) {
        const char *name = arguments[i], *value = i + 1 < count ? arguments[i + 1] : NULL;
        uint64_t partitions = 1;
        bool good = name[0] == '-' && name[1] && !name[2];
        if (good && name[1] == '2') {
            o->offset_twice = true;
            continue;
        }
        if (good && value) {
            switch (name[1]) {
            case 'n': good = read_number(value, 0, UINT64_MAX, &o->count); break;
            case 's': good = read_number(value, 0, UINT64_MAX, &o->seed); break;
            case 'r': good = read_number(value, 1, 1000000000, &o->rate); break;
            case 'b': good = read_number(value, 0, INT64_MAX, &o->base_ms); break;
            case 'g': good = read_number(value, 1, 1000000000, &o->group); break;
            case 'p': good = read_number(value, 1, PARTITIONS_MAX, &partitions); break;
            case 'o': o->json_path = value; break;
            case 'c': o->csv_folder = value; break;
            default: good = false;
            }
            if (name[1] == 'p')
                o->partitions = (int)partitions;
        }
        if (!good || !value) {
            fprintf(stderr, "nexmark_gen: cannot use %s%s%s\n%s", name, value ? " " : "", value ? value : "", usage);
            return false;
        }
        i++;
    }
    if (!o->json_path && !o->csv_folder)
        fputs(usage, stderr);
    return o->json_path || o->csv_folder;
}

int main(int count, char **arguments) {
    if (count > 1 && (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0)) {
        fputs(usage, stdout);
        return 0;
    }
    generator *g = calloc(1, sizeof *g);
    if (!g) {
        fputs("nexmark_gen: no memory\n", stderr);
        return 1;
    }
    g->options = (options){.count = 1000000, .seed = 42, .rate = 10000, .base_ms = 1710115150000ull, .group = 1, .partitions = 1};
    int status = 2;
    if (read_options(count, arguments, &g->options)) {
        status = 1;
        if (open_files(g)) {
            generate(g);
            status = close_files(g) ? 0 : 1;
        }
    }
    free(g);
    return status;
}

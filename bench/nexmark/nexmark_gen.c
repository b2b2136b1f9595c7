/* nexmark_gen - a seeded, platform-independent Nexmark event generator (own code, Nexmark's published parameters).
 *
 *   cc -O2 -o nexmark_gen nexmark_gen.c
 *   ./nexmark_gen -n 1000000 -o events.jsonl              one JSON object a line, nested person/auction/bid
 *   ./nexmark_gen -n 1000000 -c DIR                       DIR/person.csv auction.csv bid.csv (no header)
 *   ./nexmark_gen -n 100000 -r 1000 -s 42 -o -            to stdout
 * Options: -n events (1000000)  -s seed (42)  -r events per second of event time (10000)
 *          -b base, ms since the epoch (1710115150000 = 2024-03-10 23:59:10 UTC: crosses midnight after 50 s)
 *          -g out-of-order group size (1 = in order)  -p partitions: write FILE.0 .. FILE.p-1 round robin by event
 *          -2  offset bidder ids twice, as nexmark-flink does (its bids then hardly meet real persons; matters for q23)
 *
 * Parameters: person:auction:bid 1:3:46 by position in each block of 50; average bytes 200/500/100 (extra pads, +-20 %);
 * hot auction 1/2, hot seller 3/4, hot bidder 3/4 (one id in 100); 100 auctions in flight, 1000 active people, id lead 10;
 * 5 categories from 10; first ids 1000; price = round(100 * 10^(6u)); channels: 4 hot (half of the bids) of 10000.
 * Every event draws from its own splitmix64 stream keyed by (seed, event number), so any slice is reproducible on its own.
 * No libm, no locale, no time: the same options give the same bytes everywhere.  their sha256 are in nexmark.md.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t s;
} Rng;
static uint64_t nx(Rng *r) {
    uint64_t z = (r->s += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}
static uint64_t below(Rng *r, uint64_t n) { return (uint64_t)(((unsigned __int128)nx(r) * n) >> 64); }

static uint64_t seed = 42, rate = 10000, base_ms = 1710115150000ull, group = 1;
static int twice;

/* 10^(6u), u a 20-bit fraction: product of 10^(6/2^k); only IEEE multiplications, so the same everywhere */
static const double P10[20] = {1000.0,
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
static int64_t price(Rng *r) {
    uint64_t u = nx(r) >> 44;
    double p = 1.0;
    for (int k = 0; k < 20; k++)
        if (u >> (19 - k) & 1)
            p *= P10[k];
    return (int64_t)(p * 100.0 + 0.5);
}

static char *rstr(Rng *r, int max, char special, char *b) {
    int len = 3 + (int)below(r, (uint64_t)max - 3);
    for (int i = 0; i < len; i++)
        b[i] = below(r, 13) == 0 ? special : (char)('a' + below(r, 26));
    if (special == ' ') {
        b[0] = b[0] == ' ' ? 'a' : b[0];
        b[len - 1] = b[len - 1] == ' ' ? 'z' : b[len - 1];
    }
    b[len] = 0;
    return b;
}
static char *extra(Rng *r, int have, int want, char *b) {
    b[0] = 0;
    if (have >= want)
        return b;
    int w = want - have, d = (w + 2) / 5, n = w - d + (d ? (int)below(r, 2 * (uint64_t)d) : 0);
    uint64_t v = 0;
    int left = 0;
    for (int i = 0; i < n; i++) {
        if (!left) {
            v = nx(r) >> 1;
            left = 13;
        }
        b[i] = (char)('a' + v % 26);
        v /= 26;
        left--;
    }
    b[n] = 0;
    return b;
}

static uint64_t ts_of(uint64_t n) { return base_ms + n * 1000 / rate; }
static char *stamp(uint64_t ms, char *b) { /* civil-from-days */
    int64_t days = (int64_t)(ms / 86400000), rem = (int64_t)(ms % 86400000), z = days + 719468, era = z / 146097;
    int64_t doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365,
            doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153, d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9, y = yoe + era * 400 + (m <= 2);
    sprintf(b, "%04d-%02d-%02d %02d:%02d:%02d.%03d", (int)y, (int)m, (int)d, (int)(rem / 3600000), (int)(rem / 60000 % 60),
            (int)(rem / 1000 % 60), (int)(rem % 1000));
    return b;
}

static int64_t last_person(uint64_t n) { return (int64_t)(n / 50); } /* one person per block of 50, at position 0 */
static int64_t last_auction(uint64_t n) {                            /* three auctions, at positions 1..3 */
    int64_t e = (int64_t)(n / 50), o = (int64_t)(n % 50);
    if (o < 1)
        return (e - 1) * 3 + 2;
    return e * 3 + (o <= 3 ? o - 1 : 2);
}
static int64_t any_person(Rng *r, uint64_t n) {
    int64_t have = last_person(n) + 1, act = have < 1000 ? have : 1000;
    return have - act + (int64_t)below(r, (uint64_t)act + 10);
}
static int64_t any_auction(Rng *r, uint64_t n) {
    int64_t hi = last_auction(n), lo = hi - 100 > 0 ? hi - 100 : 0;
    return lo + (int64_t)below(r, (uint64_t)(hi - lo + 1 + 10));
}

static const char *ST[] = {"AZ", "CA", "ID", "OR", "WA", "WY"};
static const char *CI[] = {"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
                           "Bend",    "Redmond",     "Seattle",       "Kent",  "Cheyenne"};
static const char *FN[] = {"Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"};
static const char *LN[] = {"Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"};
static const char *HOT[] = {"Google", "Facebook", "Baidu", "Apple"};

static char *url_of(int ch, char *b) { /* ch < 0: hot channel -1-ch; the URL belongs to the channel */
    Rng r = {seed * 0x2545F4914F6CDD1Dull + 77777 + (uint64_t)(int64_t)ch * 0x9E3779B97F4A7C15ull};
    char a[16], c[16], d[16];
    int n = sprintf(b, "https://www.nexmark.com/%s/%s/%s/item.htm?query=1", rstr(&r, 5, '_', a), rstr(&r, 5, '_', c), rstr(&r, 5, '_', d));
    if (ch >= 0 && below(&r, 10) > 0) {
        uint32_t v = (uint32_t)ch, w = 0;
        for (int i = 0; i < 32; i++)
            w |= (v >> i & 1u) << (31 - i);
        int32_t s = (int32_t)w;
        sprintf(b + n, "&channel_id=%" PRId64, s < 0 ? -(int64_t)s : (int64_t)s);
    }
    return b;
}

static char (*urls)[96];
static char hoturl[4][96];

int main(int ac, char **av) {
    uint64_t N = 1000000;
    const char *out = NULL, *dir = NULL;
    int parts = 1;
    static const char usage[] =
        "usage: nexmark_gen [-n N] [-s SEED] [-r RATE] [-b BASE_MS] [-g GROUP] [-p PARTS] [-2] -o FILE|-  and/or  -c DIR\n";
    if (ac > 1 && (!strcmp(av[1], "--help") || !strcmp(av[1], "-h"))) {
        fputs(usage, stdout);
        return 0;
    }
    for (int i = 1; i < ac; i++) {
        const char *o = av[i];
        if (o[0] != '-' || !o[1]) {
            fprintf(stderr, "nexmark_gen: bad argument %s\n", o);
            return 2;
        }
        if (o[1] == '2') {
            twice = 1;
            continue;
        }
        if (i + 1 >= ac) {
            fprintf(stderr, "nexmark_gen: %s needs a value\n", o);
            return 2;
        }
        const char *v = av[++i];
        switch (o[1]) {
        case 'n': N = strtoull(v, 0, 10); break;
        case 's': seed = strtoull(v, 0, 10); break;
        case 'r': rate = strtoull(v, 0, 10); break;
        case 'b': base_ms = strtoull(v, 0, 10); break;
        case 'g': group = strtoull(v, 0, 10); break;
        case 'p': parts = atoi(v); break;
        case 'o': out = v; break;
        case 'c': dir = v; break;
        default: fprintf(stderr, "nexmark_gen: unknown option %s\n", o); return 2;
        }
    }
    if (!out && !dir) {
        fputs(usage, stderr);
        return 2;
    }
    urls = malloc(10000 * sizeof *urls);
    if (!urls)
        return 1;
    for (int i = 0; i < 10000; i++)
        url_of(i, urls[i]);
    for (int i = 0; i < 4; i++)
        url_of(-1 - i, hoturl[i]);

    FILE *J[64] = {0}, *C[3] = {0};
    char path[4096];
    if (parts < 1 || parts > 64)
        return 2;
    if (out)
        for (int i = 0; i < parts; i++) {
            if (parts == 1)
                snprintf(path, sizeof path, "%s", out);
            else
                snprintf(path, sizeof path, "%s.%d", out, i);
            J[i] = !strcmp(out, "-") ? stdout : fopen(path, "wb");
            if (!J[i]) {
                perror(path);
                return 1;
            }
            setvbuf(J[i], NULL, _IOFBF, 1 << 20);
        }
    const char *nm[] = {"person", "auction", "bid"};
    if (dir)
        for (int i = 0; i < 3; i++) {
            snprintf(path, sizeof path, "%s/%s.csv", dir, nm[i]);
            C[i] = fopen(path, "wb");
            if (!C[i]) {
                perror(path);
                return 1;
            }
            setvbuf(C[i], NULL, _IOFBF, 1 << 20);
        }
    for (uint64_t i = 0; i < N; i++) {
        uint64_t n = (i / group) * group + (i * 953) % group, t = ts_of(n), pos = n % 50;
        Rng r = {seed * 0x9E3779B97F4A7C15ull ^ (n + 1) * 0xD1B54A32D192ED03ull};
        nx(&r);
        char T[32], x[512];
        stamp(t, T);
        FILE *j = out ? J[i % (uint64_t)parts] : NULL;
        if (pos == 0) {
            char name[40], m1[16], m2[16], em[48], cc[24];
            int64_t id = last_person(n) + 1000;
            sprintf(name, "%s %s", FN[below(&r, 11)], LN[below(&r, 9)]);
            rstr(&r, 7, '_', m1);
            rstr(&r, 5, '_', m2);
            sprintf(em, "%s@%s.com", m1, m2);
            int c1 = (int)below(&r, 10000), c2 = (int)below(&r, 10000), c3 = (int)below(&r, 10000), c4 = (int)below(&r, 10000);
            sprintf(cc, "%04d %04d %04d %04d", c1, c2, c3, c4);
            const char *ci = CI[below(&r, 10)], *st = ST[below(&r, 6)];
            extra(&r, (int)(8 + strlen(name) + strlen(em) + strlen(cc) + strlen(ci) + strlen(st)), 200, x);
            if (j)
                fprintf(j,
                        "{\"event_type\":0,\"person\":{\"id\":%" PRId64
                        ",\"name\":\"%s\",\"emailAddress\":\"%s\",\"creditCard\":\"%s\",\"city\":\"%s\",\"state\":\"%s\",\"dateTime\":\"%"
                        "s\",\"extra\":\"%s\"}}\n",
                        id, name, em, cc, ci, st, T, x);
            if (dir)
                fprintf(C[0], "%" PRId64 ",%s,%s,%s,%s,%s,%s,%s\n", id, name, em, cc, ci, st, T, x);
        } else if (pos <= 3) {
            char item[32], desc[128], E[32];
            int64_t id = last_auction(n) + 1000;
            int64_t seller = (below(&r, 4) > 0 ? last_person(n) / 100 * 100 : any_person(&r, n)) + 1000;
            int64_t cat = 10 + (int64_t)below(&r, 5), ib = price(&r);
            uint64_t horizon = ts_of(n + 100 * 50 / 3) - t;
            if (horizon == 0)
                horizon = 1;
            uint64_t exp = t + 1 + below(&r, horizon * 2);
            rstr(&r, 20, ' ', item);
            rstr(&r, 100, ' ', desc);
            int64_t res = ib + price(&r);
            extra(&r, (int)(48 + strlen(item) + strlen(desc)), 500, x);
            stamp(exp, E);
            if (j)
                fprintf(j,
                        "{\"event_type\":1,\"auction\":{\"id\":%" PRId64
                        ",\"itemName\":\"%s\",\"description\":\"%s\",\"initialBid\":%" PRId64 ",\"reserve\":%" PRId64
                        ",\"dateTime\":\"%s\",\"expires\":\"%s\",\"seller\":%" PRId64 ",\"category\":%" PRId64 ",\"extra\":\"%s\"}}\n",
                        id, item, desc, ib, res, T, E, seller, cat, x);
            if (dir)
                fprintf(C[1], "%" PRId64 ",%s,%s,%" PRId64 ",%" PRId64 ",%s,%s,%" PRId64 ",%" PRId64 ",%s\n", id, item, desc, ib, res, T, E,
                        seller, cat, x);
        } else {
            int64_t au = (below(&r, 2) > 0 ? last_auction(n) / 100 * 100 : any_auction(&r, n)) + 1000;
            int64_t bi = (below(&r, 4) > 0 ? last_person(n) / 100 * 100 + 1 : any_person(&r, n)) + 1000 + (twice ? 1000 : 0);
            int64_t p = price(&r);
            char chn[24];
            const char *ch, *url;
            if (below(&r, 2) > 0) {
                int k = (int)below(&r, 4);
                ch = HOT[k];
                url = hoturl[k];
            } else {
                int k = (int)below(&r, 10000);
                sprintf(chn, "channel-%d", k);
                ch = chn;
                url = urls[k];
            }
            extra(&r, 32, 100, x);
            if (j)
                fprintf(j,
                        "{\"event_type\":2,\"bid\":{\"auction\":%" PRId64 ",\"bidder\":%" PRId64 ",\"price\":%" PRId64
                        ",\"channel\":\"%s\",\"url\":\"%s\",\"dateTime\":\"%s\",\"extra\":\"%s\"}}\n",
                        au, bi, p, ch, url, T, x);
            if (dir)
                fprintf(C[2], "%" PRId64 ",%" PRId64 ",%" PRId64 ",%s,%s,%s,%s\n", au, bi, p, ch, url, T, x);
        }
    }
    for (int i = 0; i < 64; i++)
        if (J[i] && fflush(J[i]))
            return 1;
    for (int i = 0; i < 3; i++)
        if (C[i] && fclose(C[i]))
            return 1;
    return 0;
}

/* Java's regular expression syntax rewritten for PCRE2.
 *
 * What differs without an error in PCRE2 is written anew: character classes (union, intersection, no POSIX names), octal escapes, back
 * references, \uXXXX, property names, the dot's line ends, comments mode, (?i) that knows ASCII only. What Java refuses and PCRE2 takes
 * ("{", "(?P<n>", "(?|", ...) is refused. The flags i, s, x, d, u are worked into the output; only (?m) and, with u, (?i) are handed on.
 * Left out: (?U), \N{name}, blocks beyond the common ones, \b{g}, canonical equivalence: REGEXP_UNSUPPORTED. */
#include <string.h>

#include "func/regexp_int.h"

enum { NESTING_MAX = 200, FLAG_I = 1, FLAG_S = 2, FLAG_X = 4, FLAG_U = 8, FLAG_D = 16, FLAG_M = 32 };

typedef struct translator {
    weir_text in;
    size_t at;
    weir_builder *out;
    unsigned flags;
    unsigned stack[NESTING_MAX]; /* flags outside of each open group */
    uint32_t depth;
    uint32_t groups; /* capturing ones in the whole pattern */
    regexp_fault fault;
    const char *reason;
} translator;

static bool refuse(translator *t, regexp_fault fault, const char *reason) {
    if (t->fault == REGEXP_FINE) {
        t->fault = fault;
        t->reason = reason;
    }
    return false;
}

static bool broken(translator *t, const char *reason) { return refuse(t, REGEXP_BROKEN, reason); }
static bool unsupported(translator *t, const char *reason) { return refuse(t, REGEXP_UNSUPPORTED, reason); }

static bool at_end(const translator *t) { return t->at >= t->in.size; }
static char peek(const translator *t) { return t->at < t->in.size ? t->in.data[t->at] : '\0'; }
static char peek_at(const translator *t, size_t ahead) { return t->at + ahead < t->in.size ? t->in.data[t->at + ahead] : '\0'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static void emit(translator *t, const char *text) { weir_builder_c(t->out, text); }

static int hex_value(char c) {
    if (is_digit(c))
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A code point that stands for itself, whatever it means to PCRE2. */
static void emit_point(weir_builder *out, uint32_t point) {
    if ((point < 128 && is_letter((char)point)) || (point < 128 && is_digit((char)point)))
        weir_builder_char(out, (char)point);
    else
        weir_builder_format(out, "\\x{%X}", point);
}

static bool folds(const translator *t) { return (t->flags & FLAG_I) && !(t->flags & FLAG_U); }

static void emit_literal(translator *t, uint32_t point) {
    if (folds(t) && point < 128 && is_letter((char)point)) {
        weir_builder_format(t->out, "[%c%c]", (char)point, (char)(point ^ 0x20));
        return;
    }
    emit_point(t->out, point);
}

/* White space and comments, in comments mode. */
static void skip_comments(translator *t) {
    while ((t->flags & FLAG_X) && !at_end(t)) {
        char c = peek(t);
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            t->at++;
        } else if (c == '#') {
            while (!at_end(t) && peek(t) != '\n' && peek(t) != '\r')
                t->at++;
        } else {
            return;
        }
    }
}

/* ---- properties ---- */

typedef struct named {
    const char *name;
    const char *set; /* the inside of a class, or what \p{...} is called */
} named;

/* US-ASCII only, as PCRE2's POSIX names are without UCP. */
static const named posix[] = {{"Lower", "lower"}, {"Upper", "upper"},   {"ASCII", "ascii"}, {"Alpha", "alpha"}, {"Digit", "digit"},
                              {"Alnum", "alnum"}, {"Punct", "punct"},   {"Graph", "graph"}, {"Print", "print"}, {"Blank", "blank"},
                              {"Cntrl", "cntrl"}, {"XDigit", "xdigit"}, {"Space", "space"}};

static const named properties[] = {
    {"javaLowerCase", "Lowercase"},
    {"javaUpperCase", "Uppercase"},
    {"javaAlphabetic", "Alphabetic"},
    {"javaIdeographic", "Ideographic"},
    {"javaTitleCase", "Lt"},
    {"javaDigit", "Nd"},
    {"javaLetter", "L"},
    {"javaWhitespace", "White_Space"},
    {"javaSpaceChar", "Z"},
    {"javaDefined", "Any"},
    {"IsAlphabetic", "Alphabetic"},
    {"IsIdeographic", "Ideographic"},
    {"IsLetter", "L"},
    {"IsLowercase", "Lowercase"},
    {"IsUppercase", "Uppercase"},
    {"IsTitlecase", "Lt"},
    {"IsPunctuation", "P"},
    {"IsControl", "Cc"},
    {"IsWhite_Space", "White_Space"},
    {"IsWhiteSpace", "White_Space"},
    {"IsDigit", "Nd"},
    {"IsHex_Digit", "Hex_Digit"},
    {"IsHexDigit", "Hex_Digit"},
    {"IsEmoji", "Emoji"},
    {"LC", "L&"},
    {"L1", ""},
};

/* Ranges of the blocks that occur in practice. */
static const named blocks[] = {
    {"BasicLatin", "\\x{0}-\\x{7F}"},
    {"Latin1Supplement", "\\x{80}-\\x{FF}"},
    {"LatinExtendedA", "\\x{100}-\\x{17F}"},
    {"LatinExtendedB", "\\x{180}-\\x{24F}"},
    {"Greek", "\\x{370}-\\x{3FF}"},
    {"GreekandCoptic", "\\x{370}-\\x{3FF}"},
    {"Cyrillic", "\\x{400}-\\x{4FF}"},
    {"Hebrew", "\\x{590}-\\x{5FF}"},
    {"Arabic", "\\x{600}-\\x{6FF}"},
    {"Devanagari", "\\x{900}-\\x{97F}"},
    {"Thai", "\\x{E00}-\\x{E7F}"},
    {"GeneralPunctuation", "\\x{2000}-\\x{206F}"},
    {"CurrencySymbols", "\\x{20A0}-\\x{20CF}"},
    {"Hiragana", "\\x{3040}-\\x{309F}"},
    {"Katakana", "\\x{30A0}-\\x{30FF}"},
    {"CJKUnifiedIdeographs", "\\x{4E00}-\\x{9FFF}"},
    {"HangulSyllables", "\\x{AC00}-\\x{D7AF}"},
};

static const char *named_find(const named *table, size_t count, weir_text name) {
    for (size_t i = 0; i < count; i++)
        if (weir_text_equal_nocase_c(name, table[i].name))
            return table[i].set;
    return NULL;
}
#define NAMED(table_, name_) named_find(table_, sizeof(table_) / sizeof((table_)[0]), name_)

static bool known_category(weir_text name) {
    static const char *const categories[] = {"L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc", "Me", "N",  "Nd", "Nl",
                                             "No", "P",  "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S",  "Sm", "Sc", "Sk",
                                             "So", "Z",  "Zs", "Zl", "Zp", "C",  "Cc", "Cf", "Co", "Cs", "Cn"};
    for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++)
        if (weir_text_equal_c(name, categories[i]))
            return true;
    return false;
}

/* Write the property as the inside of a class; `negated`: its complement. */
static bool emit_property(translator *t, weir_builder *out, weir_text name, bool negated) {
    const char *set = NAMED(posix, name);
    if (set != NULL && weir_text_equal_c(name, "ascii"))
        set = NULL;
    if (set != NULL) {
        weir_builder_format(out, "[:%s%s:]", negated ? "^" : "", set);
        return true;
    }
    set = NAMED(properties, name);
    if (set != NULL && set[0] != '\0') {
        weir_builder_format(out, "\\%c{%s}", negated ? 'P' : 'p', set);
        return true;
    }
    if (known_category(name)) {
        weir_builder_format(out, "\\%c{%.*s}", negated ? 'P' : 'p', WEIR_TEXT_ARGS(name));
        return true;
    }
    if (name.size > 2 && name.data[0] == 'I' && name.data[1] == 's') { /* a category or a script */
        weir_builder_format(out, "\\%c{%.*s}", negated ? 'P' : 'p', (int)name.size - 2, name.data + 2);
        return true;
    }
    if (name.size > 2 && name.data[0] == 'I' && name.data[1] == 'n') {
        char compact[64];
        size_t size = 0;
        for (size_t k = 2; k < name.size && size < sizeof(compact); k++)
            if (name.data[k] != ' ' && name.data[k] != '_' && name.data[k] != '-')
                compact[size++] = name.data[k];
        set = NAMED(blocks, ((weir_text){compact, size}));
        if (set == NULL || negated)
            return unsupported(t, "this Unicode block is not known");
        weir_builder_c(out, set);
        return true;
    }
    return broken(t, "Unknown character property name");
}

/* Behind \p or \P: {name}, {key=value} or one letter. */
static bool read_property(translator *t, weir_text *name) {
    static const char *const keys[] = {"script=", "sc=", "general_category=", "gc="};
    if (at_end(t))
        return broken(t, "Illegal/unsupported escape sequence");
    if (peek(t) != '{') {
        *name = (weir_text){t->in.data + t->at, 1};
        t->at++;
        return true;
    }
    size_t start = t->at + 1, end = start;
    while (end < t->in.size && t->in.data[end] != '}')
        end++;
    if (end >= t->in.size || end == start)
        return broken(t, "Unclosed character family");
    *name = (weir_text){t->in.data + start, end - start};
    t->at = end + 1;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (weir_text_starts(*name, weir_text_of(keys[i]))) {
            size_t skipped = strlen(keys[i]);
            /* "Is" in front makes the value a script or category, whatever it is. */
            *name = (weir_text){name->data + skipped, name->size - skipped};
        }
    }
    return true;
}

/* ---- escapes ---- */

typedef enum escape_kind { ESCAPE_POINT, ESCAPE_SET, ESCAPE_OTHER } escape_kind;

static bool read_hex(translator *t, unsigned digits, uint32_t *out) {
    uint32_t value = 0;
    for (unsigned k = 0; k < digits; k++) {
        int digit = hex_value(peek(t));
        if (at_end(t) || digit < 0)
            return broken(t, "Illegal hexadecimal escape sequence");
        value = value << 4 | (uint32_t)digit;
        t->at++;
    }
    *out = value;
    return true;
}

static bool read_braced_hex(translator *t, uint32_t *out) {
    uint32_t value = 0;
    size_t start = ++t->at;
    while (!at_end(t) && peek(t) != '}') {
        int digit = hex_value(peek(t));
        if (digit < 0 || value > 0x10FFFF)
            return broken(t, "Illegal hexadecimal escape sequence");
        value = value << 4 | (uint32_t)digit;
        t->at++;
    }
    if (at_end(t) || t->at == start || value > 0x10FFFF)
        return broken(t, "Unclosed hexadecimal escape sequence");
    t->at++;
    *out = value;
    return true;
}

static bool read_unicode(translator *t, uint32_t *out) {
    uint32_t unit, low;
    if (!read_hex(t, 4, &unit))
        return false;
    if (unit >= 0xD800 && unit < 0xDC00 && peek(t) == '\\' && peek_at(t, 1) == 'u') {
        size_t before = t->at;
        t->at += 2;
        if (!read_hex(t, 4, &low))
            return false;
        if (low >= 0xDC00 && low < 0xE000)
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        else
            t->at = before;
    }
    if (unit >= 0xD800 && unit < 0xE000)
        return unsupported(t, "a lone surrogate");
    *out = unit;
    return true;
}

static bool read_octal(translator *t, uint32_t *out) {
    uint32_t value = 0;
    size_t digits = 0;
    while (digits < 3 && peek(t) >= '0' && peek(t) <= '7' && value * 8 + (uint32_t)(peek(t) - '0') <= 0377) {
        value = value * 8 + (uint32_t)(peek(t) - '0');
        t->at++;
        digits++;
    }
    *out = value;
    return digits > 0 || broken(t, "Illegal octal escape sequence");
}

/* The escape behind a backslash that means one character or a set of them. ESCAPE_OTHER: not consumed, the letter is returned in *point. */
static bool read_escape(translator *t, weir_builder *set, escape_kind *kind, uint32_t *point) {
    if (at_end(t))
        return broken(t, "Unexpected internal error");
    char c = peek(t);
    *kind = ESCAPE_POINT;
    switch (c) {
    case 't': *point = '\t'; break;
    case 'n': *point = '\n'; break;
    case 'r': *point = '\r'; break;
    case 'f': *point = '\f'; break;
    case 'a': *point = 7; break;
    case 'e': *point = 27; break;
    case 'c':
        if (t->at + 1 >= t->in.size)
            return broken(t, "Illegal control escape sequence");
        t->at++;
        *point = (unsigned char)peek(t) ^ 64u;
        break;
    case '0': t->at++; return read_octal(t, point);
    case 'x': t->at++; return peek(t) == '{' ? read_braced_hex(t, point) : read_hex(t, 2, point);
    case 'u': t->at++; return read_unicode(t, point);
    case 'd':
    case 'D':
    case 'w':
    case 'W':
    case 's':
    case 'S':
    case 'h':
    case 'H':
    case 'v':
    case 'V':
        weir_builder_format(set, "\\%c", c);
        *kind = ESCAPE_SET;
        break;
    case 'p':
    case 'P': {
        weir_text name;
        t->at++;
        if (!read_property(t, &name))
            return false;
        *kind = ESCAPE_SET;
        return emit_property(t, set, name, c == 'P');
    }
    case 'N': return unsupported(t, "characters by name");
    default:
        if (is_letter(c) || is_digit(c)) {
            *kind = ESCAPE_OTHER;
            *point = (uint32_t)c;
            return true;
        }
        *point = weir_utf8_next(t->in.data, t->in.size, &t->at);
        return true;
    }
    t->at++;
    return true;
}

/* ---- classes ---- */

/* The parts of one class: a plain PCRE2 class body and, joined by |, nested classes. */
typedef struct class_parts {
    weir_builder body;
    weir_builder nested;
    bool any; /* something was read */
} class_parts;

static void parts_init(class_parts *parts, weir_memory *memory) {
    weir_builder_init(&parts->body, memory, 1 << 20);
    weir_builder_init(&parts->nested, memory, 1 << 20);
    parts->any = false;
}

static void parts_done(translator *t, class_parts *parts) {
    if (parts->body.failed || parts->nested.failed)
        t->out->failed = true;
    weir_builder_deinit(&parts->body);
    weir_builder_deinit(&parts->nested);
}

static void add_range(translator *t, class_parts *parts, uint32_t first, uint32_t last) {
    emit_point(&parts->body, first);
    if (last > first) {
        weir_builder_char(&parts->body, '-');
        emit_point(&parts->body, last);
    }
    parts->any = true;
    if (!folds(t))
        return;
    for (int upper = 0; upper < 2; upper++) {
        uint32_t from = upper ? 'A' : 'a', to = upper ? 'Z' : 'z';
        uint32_t low = first > from ? first : from, high = last < to ? last : to;
        if (low <= high)
            weir_builder_format(&parts->body, "%c-%c", (char)(low ^ 0x20), (char)(high ^ 0x20));
    }
}

static bool read_class(translator *t, weir_builder *out);

/* One side of &&: items up to "&&", the closing bracket or the end. */
static bool read_union(translator *t, class_parts *parts) {
    for (;;) {
        skip_comments(t);
        if (at_end(t))
            return broken(t, "Unclosed character class");
        char c = peek(t);
        if (c == ']' && parts->any)
            return true;
        if (c == '&' && peek_at(t, 1) == '&')
            return true;
        if (c == '[') {
            if (parts->nested.size > 0)
                weir_builder_char(&parts->nested, '|');
            t->at++;
            if (!read_class(t, &parts->nested))
                return false;
            parts->any = true;
            continue;
        }
        uint32_t first;
        escape_kind kind = ESCAPE_POINT;
        if (c == '\\' && peek_at(t, 1) == 'Q') {
            t->at += 2;
            while (!at_end(t) && !(peek(t) == '\\' && peek_at(t, 1) == 'E')) {
                first = weir_utf8_next(t->in.data, t->in.size, &t->at);
                add_range(t, parts, first, first);
            }
            t->at += at_end(t) ? 0 : 2;
            continue;
        }
        if (c == '\\') {
            t->at++;
            if (!read_escape(t, &parts->body, &kind, &first))
                return false;
            if (kind == ESCAPE_OTHER)
                return broken(t, "Illegal/unsupported escape sequence");
            parts->any = true;
            if (kind == ESCAPE_SET)
                continue;
        } else {
            first = weir_utf8_next(t->in.data, t->in.size, &t->at);
        }
        skip_comments(t);
        uint32_t last = first;
        if (peek(t) == '-' && peek_at(t, 1) != ']' && peek_at(t, 1) != '[' && t->at + 1 < t->in.size) {
            t->at++;
            skip_comments(t);
            if (peek(t) == '\\') {
                t->at++;
                size_t size = parts->body.size;
                if (!read_escape(t, &parts->body, &kind, &last))
                    return false;
                if (kind != ESCAPE_POINT) { /* "a-\d": the dash is a character */
                    if (kind == ESCAPE_OTHER || size == parts->body.size)
                        return broken(t, "Illegal/unsupported escape sequence");
                    add_range(t, parts, first, first);
                    add_range(t, parts, '-', '-');
                    continue;
                }
            } else {
                last = weir_utf8_next(t->in.data, t->in.size, &t->at);
            }
            if (last < first)
                return broken(t, "Illegal character range");
        }
        add_range(t, parts, first, last);
    }
}

/* The union as something that matches one character. */
static void emit_union(weir_builder *out, const class_parts *parts) {
    bool body = parts->body.size > 0, nested = parts->nested.size > 0;
    if (body && nested)
        weir_builder_c(out, "(?:");
    if (body)
        weir_builder_format(out, "[%.*s]", WEIR_TEXT_ARGS(weir_builder_view(&parts->body)));
    if (body && nested)
        weir_builder_char(out, '|');
    if (nested)
        weir_builder_format(out, body ? "%.*s" : "(?:%.*s)", WEIR_TEXT_ARGS(weir_builder_view(&parts->nested)));
    if (body && nested)
        weir_builder_char(out, ')');
}

/* The sides of && one after the other: all but the last as look-aheads. */
static bool read_intersection(translator *t, weir_builder *all, bool *plain, weir_builder *plain_body) {
    weir_builder side;
    weir_builder_init(&side, t->out->memory, 1 << 20);
    bool done = true;
    *plain = true;
    for (bool more = true; more && done;) {
        class_parts parts;
        parts_init(&parts, t->out->memory);
        done = read_union(t, &parts);
        if (done && !parts.any)
            done = broken(t, "Bad class syntax");
        more = done && peek(t) == '&';
        if (done) {
            if (side.size > 0)
                weir_builder_format(all, "(?=%.*s)", WEIR_TEXT_ARGS(weir_builder_view(&side)));
            weir_builder_clear(&side);
            emit_union(&side, &parts);
            *plain = *plain && !more && all->size == 0 && parts.nested.size == 0;
            if (*plain)
                weir_builder_text(plain_body, weir_builder_view(&parts.body));
            if (more)
                t->at += 2;
        }
        parts_done(t, &parts);
    }
    weir_builder_text(all, weir_builder_view(&side));
    if (side.failed)
        t->out->failed = true;
    weir_builder_deinit(&side);
    return done;
}

/* A class, behind its opening bracket; writes something that matches one character. */
static bool read_class(translator *t, weir_builder *out) {
    if (++t->depth >= NESTING_MAX)
        return unsupported(t, "a pattern nested this deep");
    skip_comments(t);
    bool negated = peek(t) == '^';
    t->at += negated;
    weir_builder all, body;
    weir_builder_init(&all, t->out->memory, 1 << 20);
    weir_builder_init(&body, t->out->memory, 1 << 20);
    bool plain, done = read_intersection(t, &all, &plain, &body);
    if (done) {
        t->at++; /* ] */
        if (plain)
            weir_builder_format(out, negated ? "[^%.*s]" : "[%.*s]", WEIR_TEXT_ARGS(weir_builder_view(&body)));
        else
            weir_builder_format(out, negated ? "(?:(?!%.*s)(?s:.))" : "(?:%.*s)", WEIR_TEXT_ARGS(weir_builder_view(&all)));
    }
    if (all.failed || body.failed)
        t->out->failed = true;
    weir_builder_deinit(&all);
    weir_builder_deinit(&body);
    t->depth--;
    return done;
}

/* ---- groups ---- */

static bool flag_of(char c, unsigned *flag) {
    switch (c) {
    case 'i': *flag = FLAG_I; return true;
    case 's': *flag = FLAG_S; return true;
    case 'x': *flag = FLAG_X; return true;
    case 'u': *flag = FLAG_U; return true;
    case 'd': *flag = FLAG_D; return true;
    case 'm': *flag = FLAG_M; return true;
    default: return false;
    }
}

static void emit_flags(translator *t, bool group) {
    bool unicode_case = (t->flags & FLAG_I) && (t->flags & FLAG_U);
    weir_builder_format(t->out, "(?%s%s%s%s%s%s", t->flags & FLAG_M ? "m" : "", unicode_case ? "i" : "",
                        (t->flags & FLAG_M) && unicode_case ? "" : "-", t->flags & FLAG_M ? "" : "m", unicode_case ? "" : "i",
                        group ? ":" : ")");
}

static bool push(translator *t) {
    if (t->depth >= NESTING_MAX - 1)
        return unsupported(t, "a pattern nested this deep");
    t->stack[t->depth++] = t->flags;
    return true;
}

static bool read_inline_flags(translator *t) {
    unsigned flags = t->flags, flag;
    bool on = true;
    for (;; t->at++) {
        char c = peek(t);
        if (at_end(t))
            return broken(t, "Unknown inline modifier");
        if (c == '-') {
            if (!on)
                return broken(t, "Unknown inline modifier");
            on = false;
        } else if (c == 'U') {
            return unsupported(t, "the flag (?U)");
        } else if (c == ')' || c == ':') {
            break;
        } else if (!flag_of(c, &flag)) {
            return broken(t, "Unknown inline modifier");
        } else {
            flags = on ? flags | flag : flags & ~flag;
        }
    }
    bool group = peek(t) == ':';
    t->at++;
    if (group && !push(t))
        return false;
    t->flags = flags;
    emit_flags(t, group);
    return true;
}

static bool read_group_name(translator *t) {
    size_t start = t->at;
    while (is_letter(peek(t)) || (t->at > start && is_digit(peek(t))))
        t->at++;
    if (t->at == start || peek(t) != '>')
        return broken(t, "named capturing group is missing trailing '>'");
    weir_builder_format(t->out, "(?<%.*s>", (int)(t->at - start), t->in.data + start);
    t->at++;
    return push(t);
}

/* Behind "(". */
static bool read_group(translator *t) {
    if (peek(t) != '?') {
        emit(t, "(");
        return push(t);
    }
    t->at++;
    char c = peek(t), next = peek_at(t, 1);
    if (c == ':' || c == '=' || c == '!' || c == '>') {
        weir_builder_format(t->out, "(?%c", c);
        t->at++;
        return push(t);
    }
    if (c == '<' && (next == '=' || next == '!')) {
        weir_builder_format(t->out, "(?<%c", next);
        t->at += 2;
        return push(t);
    }
    if (c == '<') {
        t->at++;
        return read_group_name(t);
    }
    return read_inline_flags(t);
}

static uint32_t count_groups(weir_text pattern) {
    uint32_t count = 0;
    int brackets = 0;
    for (size_t at = 0; at < pattern.size; at++) {
        char c = pattern.data[at];
        if (c == '\\') {
            at++;
            if (at < pattern.size && pattern.data[at] == 'Q')
                while (at + 1 < pattern.size && !(pattern.data[at] == '\\' && pattern.data[at + 1] == 'E'))
                    at++;
        } else if (c == '[') {
            brackets++;
        } else if (c == ']' && brackets > 0) {
            brackets--;
        } else if (c == '(' && brackets == 0) {
            bool plain = at + 1 >= pattern.size || pattern.data[at + 1] != '?';
            bool name =
                at + 3 < pattern.size && pattern.data[at + 1] == '?' && pattern.data[at + 2] == '<' && is_letter(pattern.data[at + 3]);
            count += plain || name;
        }
    }
    return count;
}

/* ---- atoms ---- */

/* \1 to \9, taking further digits only while there are that many groups. */
static bool read_reference(translator *t) {
    uint32_t number = (uint32_t)(peek(t) - '0');
    t->at++;
    while (is_digit(peek(t)) && number * 10 + (uint32_t)(peek(t) - '0') <= t->groups) {
        number = number * 10 + (uint32_t)(peek(t) - '0');
        t->at++;
    }
    if (number > t->groups)
        emit(t, "(?!)"); /* a group that is not there never matches */
    else
        weir_builder_format(t->out, "\\g{%u}", number);
    return true;
}

/* \b: between a letter, digit or underscore and something else, by Unicode as in Java 17. */
static const char boundary[] = "(?:(?<=[\\p{L}\\p{Nd}_])(?![\\p{L}\\p{Nd}_])|(?<![\\p{L}\\p{Nd}_])(?=[\\p{L}\\p{Nd}_]))";
static const char no_boundary[] = "(?:(?<=[\\p{L}\\p{Nd}_])(?=[\\p{L}\\p{Nd}_])|(?<![\\p{L}\\p{Nd}_])(?![\\p{L}\\p{Nd}_]))";

static bool read_other_escape(translator *t, char c) {
    t->at++;
    switch (c) {
    case 'b':
        if (peek(t) == '{')
            return unsupported(t, "\\b{g}");
        emit(t, boundary);
        return true;
    case 'B': emit(t, no_boundary); return true;
    case 'A':
    case 'G':
    case 'Z':
    case 'z':
    case 'R':
    case 'X': weir_builder_format(t->out, "\\%c", c); return true;
    case 'E': return true;
    case 'Q':
        while (!at_end(t) && !(peek(t) == '\\' && peek_at(t, 1) == 'E'))
            emit_literal(t, weir_utf8_next(t->in.data, t->in.size, &t->at));
        t->at += at_end(t) ? 0 : 2;
        return true;
    case 'k': {
        size_t start = t->at + 1, end = start;
        while (end < t->in.size && t->in.data[end] != '>')
            end++;
        if (peek(t) != '<' || end >= t->in.size)
            return broken(t, "\\k is not followed by '<' for named capturing group");
        weir_builder_format(t->out, "\\k<%.*s>", (int)(end - start), t->in.data + start);
        t->at = end + 1;
        return true;
    }
    default:
        if (is_digit(c)) {
            t->at--;
            return read_reference(t);
        }
        return broken(t, "Illegal/unsupported escape sequence");
    }
}

static bool read_backslash(translator *t) {
    weir_builder set;
    weir_builder_init(&set, t->out->memory, 1 << 16);
    escape_kind kind;
    uint32_t point = 0;
    bool done = read_escape(t, &set, &kind, &point);
    if (done && kind == ESCAPE_POINT)
        emit_literal(t, point);
    else if (done && kind == ESCAPE_SET)
        weir_builder_format(t->out, "[%.*s]", WEIR_TEXT_ARGS(weir_builder_view(&set)));
    if (set.failed)
        t->out->failed = true;
    weir_builder_deinit(&set);
    return done && kind == ESCAPE_OTHER ? read_other_escape(t, (char)point) : done;
}

/* {n}, {n,}, {n,m}, at the brace. */
static bool read_braces(translator *t) {
    size_t start = t->at++;
    size_t digits = 0;
    while (is_digit(peek(t)))
        t->at++, digits++;
    if (digits == 0)
        return broken(t, "Illegal repetition");
    if (peek(t) == ',') {
        t->at++;
        while (is_digit(peek(t)))
            t->at++;
    }
    if (peek(t) != '}')
        return broken(t, "Unclosed counted closure");
    t->at++;
    weir_builder_add(t->out, t->in.data + start, t->at - start);
    return true;
}

static bool read_one(translator *t) {
    char c = peek(t);
    switch (c) {
    case '\\': t->at++; return read_backslash(t);
    case '[': t->at++; return read_class(t, t->out);
    case '(': t->at++; return read_group(t);
    case ')':
        if (t->depth == 0)
            return broken(t, "Unmatched closing ')'");
        t->flags = t->stack[--t->depth];
        t->at++;
        emit(t, ")");
        return true;
    case '{': return read_braces(t);
    case '.':
        t->at++;
        emit(t, t->flags & FLAG_S ? "(?s:.)" : t->flags & FLAG_D ? "[^\\n]" : "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]");
        return true;
    case '^':
    case '$':
    case '|':
    case '*':
    case '+':
    case '?':
        t->at++;
        weir_builder_char(t->out, c);
        return true;
    default: emit_literal(t, weir_utf8_next(t->in.data, t->in.size, &t->at)); return true;
    }
}

regexp_fault weir_regexp_translate(weir_text java, weir_builder *out, const char **reason) {
    translator t = {.in = java, .out = out, .groups = count_groups(java)};
    for (;;) {
        skip_comments(&t);
        if (at_end(&t) || !read_one(&t))
            break;
    }
    if (t.fault == REGEXP_FINE && t.depth > 0)
        broken(&t, "Unclosed group");
    *reason = t.reason;
    return t.fault;
}

/* Date patterns are compiled once into a flat list of items: a letter with its count, or a literal. Two dialects share the list; what a
 * letter may be and how often it may stand is checked here, in the words of Java's exceptions. Adjacent digits ("yyyyMMdd") are resolved
 * here as well: fields that follow at once have exactly their width, and the first, variable one leaves them their digits. */
#include <stdio.h>
#include <string.h>

#include "func/time_int.h"

const char *const weir_month_names[12] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
const char *const weir_day_names[7] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

enum { PROBLEM_BYTES = 160, WIDTH_MAX = 19 };

static bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

static weir_date_item *add_item(weir_date_pattern *out, char letter, uint32_t count, char *problem) {
    if (out->count == WEIR_DATE_ITEMS_MAX) {
        snprintf(problem, PROBLEM_BYTES, "The date pattern has more than %d parts", WEIR_DATE_ITEMS_MAX);
        return NULL;
    }
    weir_date_item *item = &out->items[out->count++];
    *item = (weir_date_item){.letter = letter, .count = (uint8_t)count};
    return item;
}

/* Literal bytes join the literal before them. */
static bool add_text(weir_date_pattern *out, const char *data, size_t size, char *problem) {
    if (out->text_size + size > WEIR_DATE_TEXT_MAX) {
        snprintf(problem, PROBLEM_BYTES, "The date pattern has more than %d bytes of text", WEIR_DATE_TEXT_MAX);
        return false;
    }
    weir_date_item *last = out->count > 0 ? &out->items[out->count - 1] : NULL;
    if (last == NULL || last->letter != 0) {
        last = add_item(out, 0, 0, problem);
        if (last == NULL)
            return false;
        last->text_at = (uint16_t)out->text_size;
    }
    memcpy(out->text + out->text_size, data, size);
    out->text_size += (uint32_t)size;
    last->text_size = (uint16_t)(last->text_size + size);
    return true;
}

/* 'quoted', '' for one quote. Returns the index after it, 0 when it is not closed. */
static size_t read_quoted(weir_text text, size_t at, weir_date_pattern *out, char *problem) {
    size_t start = ++at;
    if (at < text.size && text.data[at] == '\'')
        return add_text(out, "'", 1, problem) ? at + 1 : 0;
    for (; at < text.size; at++) {
        if (text.data[at] != '\'')
            continue;
        if (!add_text(out, text.data + start, at - start, problem))
            return 0;
        if (at + 1 >= text.size || text.data[at + 1] != '\'')
            return at + 1;
        if (!add_text(out, "'", 1, problem))
            return 0;
        start = ++at + 1;
    }
    return 0;
}

static bool too_many(char letter, char *problem) {
    snprintf(problem, PROBLEM_BYTES, "Too many pattern letters: %c", letter);
    return false;
}

/* May `letter` stand `count` times in a DateTimeFormatter pattern? */
static bool check_formatter(char letter, uint32_t count, char *problem) {
    uint32_t most;
    switch (letter) {
    case 'd':
    case 'h':
    case 'H':
    case 'k':
    case 'K':
    case 'm':
    case 's':
    case 'w': most = 2; break;
    case 'a':
    case 'F':
    case 'W': most = 1; break;
    case 'D': most = 3; break;
    case 'z': most = 4; break;
    case 'S': most = 9; break;
    case 'G':
    case 'E':
    case 'e':
    case 'c':
    case 'M':
    case 'L':
    case 'Q':
    case 'q':
    case 'X':
    case 'x':
    case 'Z': most = 5; break;
    case 'y':
    case 'u':
    case 'Y':
    case 'A':
    case 'n':
    case 'N': most = WIDTH_MAX; break;
    case 'B':
    case 'O':
    case 'v':
    case 'V':
        if ((letter == 'V' && count != 2) || (letter == 'O' && count != 1 && count != 4) || (letter == 'v' && count != 1 && count != 4) ||
            (letter == 'B' && count != 1 && count != 4 && count != 5)) {
            snprintf(problem, PROBLEM_BYTES, "Pattern letter count must be %s: %c",
                     letter == 'V'   ? "2"
                     : letter == 'B' ? "1, 4 or 5"
                                     : "1 or 4",
                     letter);
            return false;
        }
        return true;
    default: snprintf(problem, PROBLEM_BYTES, "Unknown pattern letter: %c", letter); return false;
    }
    if (letter == 'c' && count == 2) {
        snprintf(problem, PROBLEM_BYTES, "Invalid pattern \"cc\"");
        return false;
    }
    return count <= most || too_many(letter, problem);
}

static bool check_simple(char letter, uint32_t count, char *problem) {
    if (strchr("GyYMLwWDdFEuaHkKhmsSzZX", letter) == NULL) {
        snprintf(problem, PROBLEM_BYTES, "Illegal pattern character '%c'", letter);
        return false;
    }
    if (letter == 'X' && count > 3) {
        snprintf(problem, PROBLEM_BYTES, "invalid ISO 8601 format: length=%u", count);
        return false;
    }
    return true;
}

/* Is the item a number, and may adjacent numbers take part of its digits? */
static bool is_number(const weir_date_item *item) {
    switch (item->letter) {
    case 0:
    case '[':
    case ']':
    case 'E':
    case 'a':
    case 'G':
    case 'B':
    case 'z':
    case 'Z':
    case 'X':
    case 'x':
    case 'O':
    case 'V':
    case 'v': return false;
    case 'M':
    case 'L': return item->count <= 2;
    case 'Q':
    case 'q':
    case 'e':
    case 'c': return item->count <= 2;
    default: return true;
    }
}

/* Has a DateTimeFormatter number a fixed width without a sign? */
static bool is_fixed(const weir_date_item *item) {
    switch (item->letter) {
    case 'd':
    case 'h':
    case 'H':
    case 'k':
    case 'K':
    case 'm':
    case 's':
    case 'M':
    case 'L':
    case 'Q':
    case 'q':
    case 'w':
    case 'e': return item->count == 2;
    case 'D': return item->count == 3;
    case 'S': return true;
    case 'y':
    case 'u':
    case 'Y': return item->count == 2;
    default: return false;
    }
}

/* The rule of DateTimeFormatterBuilder: a run of numbers without anything between; its first is the one that gives way. */
static void mark_adjacent(weir_date_pattern *pattern) {
    int32_t first = -1;
    for (uint32_t i = 0; i < pattern->count; i++) {
        weir_date_item *item = &pattern->items[i];
        if (!is_number(item)) {
            first = -1;
        } else if (first < 0) {
            first = (int32_t)i;
        } else if (is_fixed(item)) {
            item->fixed = true;
            pattern->items[first].following = (uint16_t)(pattern->items[first].following + item->count);
        } else {
            pattern->items[first].fixed = true;
            first = (int32_t)i;
        }
    }
    if (pattern->dialect == WEIR_DATE_FORMATTER)
        return;
    /* SimpleDateFormat: a number followed at once by another letter takes exactly its count of characters. */
    for (uint32_t i = 0; i < pattern->count; i++)
        pattern->items[i].fixed = i + 1 < pattern->count && pattern->items[i + 1].letter != 0;
}

typedef struct pattern_reader {
    weir_text text;
    size_t at;
    uint32_t open; /* optional parts */
    uint32_t pad;  /* from 'p' */
} pattern_reader;

static bool read_letters(pattern_reader *reader, weir_date_pattern *out, char *problem) {
    char letter = reader->text.data[reader->at];
    size_t start = reader->at;
    while (reader->at < reader->text.size && reader->text.data[reader->at] == letter)
        reader->at++;
    size_t count = reader->at - start;
    if (letter == 'p' && out->dialect == WEIR_DATE_FORMATTER) {
        if (reader->at >= reader->text.size || !is_letter(reader->text.data[reader->at]) || count > 200) {
            snprintf(problem, PROBLEM_BYTES, "Pad letter 'p' must be followed by valid pad pattern");
            return false;
        }
        reader->pad = (uint32_t)count;
        return true;
    }
    if (count > 255)
        return too_many(letter, problem);
    if (out->dialect == WEIR_DATE_FORMATTER ? !check_formatter(letter, (uint32_t)count, problem)
                                            : !check_simple(letter, (uint32_t)count, problem))
        return false;
    weir_date_item *item = add_item(out, letter, (uint32_t)count, problem);
    if (item == NULL)
        return false;
    item->pad = (uint8_t)reader->pad;
    reader->pad = 0;
    return true;
}

static bool read_other(pattern_reader *reader, weir_date_pattern *out, char *problem) {
    char c = reader->text.data[reader->at];
    if (c == '\'') {
        problem[0] = '\0';
        size_t next = read_quoted(reader->text, reader->at, out, problem);
        if (next == 0 && problem[0] == '\0') {
            if (out->dialect == WEIR_DATE_SIMPLE)
                snprintf(problem, PROBLEM_BYTES, "Unterminated quote");
            else
                snprintf(problem, PROBLEM_BYTES, "Pattern ends with an incomplete string literal: %.*s",
                         (int)(reader->text.size < 100 ? reader->text.size : 0), reader->text.data);
        }
        reader->at = next;
        return next != 0;
    }
    if (out->dialect == WEIR_DATE_FORMATTER && (c == '[' || c == ']')) {
        reader->at++;
        if (c == ']' && reader->open-- == 0) {
            snprintf(problem, PROBLEM_BYTES, "Pattern invalid as it contains ] without previous [");
            return false;
        }
        reader->open += c == '[';
        return add_item(out, c, 1, problem) != NULL;
    }
    if (out->dialect == WEIR_DATE_FORMATTER && (c == '{' || c == '}' || c == '#')) {
        snprintf(problem, PROBLEM_BYTES, "Pattern includes reserved character: '%c'", c);
        return false;
    }
    reader->at++;
    return add_text(out, &c, 1, problem);
}

bool weir_date_pattern_compile(weir_text text, weir_date_dialect dialect, weir_date_pattern *out, char problem[160]) {
    out->dialect = dialect;
    out->count = 0;
    out->text_size = 0;
    pattern_reader reader = {.text = text};
    while (reader.at < text.size) {
        bool fine = is_letter(text.data[reader.at]) ? read_letters(&reader, out, problem) : read_other(&reader, out, problem);
        if (!fine)
            return false;
    }
    for (; reader.open > 0; reader.open--)
        if (add_item(out, ']', 1, problem) == NULL)
            return false;
    mark_adjacent(out);
    return true;
}

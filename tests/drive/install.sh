#!/usr/bin/env bash
# What `make install` leaves behind: the program runs from there, the header compiles alone, a program builds with pkg-config's flags alone,
# and the library exports exactly the functions that the header declares.
set -u
build=${WEIR_BUILD:?the build folder}
root=$(cd "$(dirname "$0")/../.." && pwd)
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
passed=0 failed=0
check() { # check WHAT COMMAND...
    local what=$1 out
    shift
    if out=$("$@" 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n%s\n' "$what" "$out" | head -20
    fi
}
exports() {
    local declared exported
    declared=$(gcc -E -P "$prefix/include/weir/weir.h" | tr '\n' ' ' | tr ';' '\n' | grep 'visibility *( *"default" *)' | grep -oE '\bweir_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u)
    exported=$(nm -D --defined-only "$(find "$prefix" -name libweir.so)" | awk '$2 ~ /[A-Z]/ {print $3}' | grep -v '^_' | sort -u)
    [ -n "$declared" ] || { echo 'the header marks no function with visibility("default")'; return 1; }
    diff <(echo "$declared") <(echo "$exported")
}
example() {
    local pc
    pc=$(dirname "$(find "$prefix" -name weir.pc)")
    printf '#include <weir/weir.h>\nint main(void) { return 0; }\n' >"$prefix/empty.c"
    # shellcheck disable=SC2046
    gcc -std=c11 -Wall -Wextra -Werror -pedantic -o "$prefix/empty" "$prefix/empty.c" $(PKG_CONFIG_PATH="$pc" pkg-config --cflags --libs weir) &&
        LD_LIBRARY_PATH="$(dirname "$(find "$prefix" -name libweir.so)")" "$prefix/empty"
}
examples() {
    local pc source
    pc=$(dirname "$(find "$prefix" -name weir.pc)")
    for source in "$root"/examples/*.c; do
        [ -e "$source" ] || continue
        # shellcheck disable=SC2046
        gcc -std=c17 -Wall -Wextra -Werror -o "$prefix/$(basename "$source" .c)" "$source" $(PKG_CONFIG_PATH="$pc" pkg-config --cflags --libs weir) || return 1
    done
}
check 'make install' cmake --install "$build" --prefix "$prefix"
check 'the program runs from where it was installed' "$prefix/bin/weir" help
check 'the header alone is C11 without warnings' gcc -std=c11 -Wall -Wextra -Werror -pedantic -fsyntax-only -x c "$prefix/include/weir/weir.h"
check 'a program builds with the flags of pkg-config' example
check 'the C examples build' examples
check 'the library exports what the header declares, and nothing else' exports
check 'the manual page' test -s "$prefix/share/man/man1/weir.1"
check 'the manual page is clean' sh -c "! command -v man >/dev/null || ! man --warnings -E UTF-8 -l -Tutf8 -Z '$prefix/share/man/man1/weir.1' 2>&1 >/dev/null | grep ."
check 'the completion is a shell script' bash -n "$prefix/share/bash-completion/completions/weir"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

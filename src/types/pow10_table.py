#!/usr/bin/env python3
"""Writes pow10_table.c: run `python3 pow10_table.py > pow10_table.c` in this folder."""
LEAST, MOST = -342, 324


def top_128_bits(exponent):
    """floor(10^exponent / 2^r) with r such that the result has exactly 128 bits."""
    if exponent >= 0:
        value = 10 ** exponent
        shift = value.bit_length() - 128
        return value >> shift if shift >= 0 else value << -shift
    divisor = 10 ** -exponent
    shift = divisor.bit_length() + 127
    value = (1 << shift) // divisor
    if value.bit_length() < 128:
        value = (1 << (shift + 1)) // divisor
    return value >> (value.bit_length() - 128)


print("/* The leading 128 bits, rounded down, of the powers of ten from 10^%d to 10^%d; high half first." % (LEAST, MOST))
print(" * Written by pow10_table.py; stands under double -> text (shortest.c) and text -> double (number_read.c). */")
print('#include "types/number_int.h"\n')
print("const uint64_t weir_pow10_bits[WEIR_POW10_MOST - WEIR_POW10_LEAST + 1][2] = {")
for exponent in range(LEAST, MOST + 1):
    bits = top_128_bits(exponent)
    print("    {0x%016X, 0x%016X}, /* 10^%d */" % (bits >> 64, bits & (2 ** 64 - 1), exponent))
print("};")

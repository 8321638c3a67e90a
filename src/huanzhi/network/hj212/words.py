"""Words of eight bytes: what the compiled scan is made of.

In the subset of Python that numba compiles. Names are compared as words, digits are checked and summed as
words, the CRC folds words. All words are little-endian.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from huanzhi.network.hj212 import crc
from huanzhi.network.hj212.regular import DIGITS_MAX, MISSING, TEXT, Int64s

try:
    from numba import njit
    from numba.core import types
    from numba.core.cgutils import create_struct_proxy
    from numba.extending import intrinsic
except ImportError:
    COMPILED = False
else:
    COMPILED = True

Function = TypeVar("Function", bound=Callable[..., Any])
Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Word = Any
"""An unsigned integer of 64 bits: numba gives it its type."""
Whole = Any
"""A signed integer of 64 bits, never mixed with a `Word`."""


def compiled(function: Function) -> Function:
    """Compile with numba where it is installed.

    Nothing here makes an array, so references to arrays need no counting; counting took half of the time.
    """
    if not COMPILED:
        return function
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False, "error_model": "numpy"}
    return cast(Function, njit(**options)(function))


def _loaded(size: int) -> Any:
    """Return a function that loads `size` bytes of an array from any place, little-endian, without checks."""

    @intrinsic
    def load(_: Any, buffer: Any, at: Any) -> Any:
        found = types.uint64 if size == 8 else types.uint8

        def made(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            proxy: Any = create_struct_proxy
            array = proxy(signature.args[0])(context, builder, given[0])
            kind = context.get_value_type(found).as_pointer()
            loaded = builder.load(builder.bitcast(builder.gep(array.data, [given[1]]), kind))
            loaded.align = 1
            return loaded

        return found(buffer, types.int64), made

    return load


def _zeros() -> Any:
    """Return a function that counts the zero bits below the lowest bit of a word; 64 where it has none."""

    @intrinsic
    def count(_: Any, word: Any) -> Any:
        def made(_: Any, builder: Any, __: Any, given: Any) -> Any:
            return builder.cttz(given[0], given[0].type.__class__(1)(0))

        return types.int64(types.uint64), made

    return count


word_at: Any = _loaded(8) if COMPILED else None
byte_at: Any = _loaded(1) if COMPILED else None
zeros_below: Any = _zeros() if COMPILED else None
"""Eight bytes from a place on as a word, one byte, and the place of the lowest bit of a word."""


DONE, IRREGULAR, INCOMPLETE, FULL_NAMES, FULL_MNS = range(5)
"""How a scan ended: at the end of the bytes, an irregular frame, an unfinished one, or at a full table."""

AT, FRAMES, VALUES, NAMES, MNS, LAST, PASSWORD, STATE_SIZE = range(8)
"""Places in the state: position, rows of frames and values, entries of the tables, the last name, the last
password."""

KNOWN_COLUMNS = 10
"""Of each name: its bytes in three words, their masks, length, factor, whether a mark, what comes next."""
LENGTH, CODE, IS_MARK, NEXT = range(6, KNOWN_COLUMNS)
PLAIN_FIELD = -3

PADDING = 64
"""Bytes that must follow the last frame, because words are read across its end."""

TABLE: NDArray[np.int64] = np.array(crc.TABLE, dtype=np.int64)
MASKS: Words = np.array([(1 << 8 * count) - 1 for count in range(9)], dtype=np.uint64)

IN_NAME, IN_VALUE, IN_HEADER, IS_BLANK = 1, 2, 4, 8


def _signs() -> Bytes:
    """Return for each byte whether it may stand in a name, in a value and in a header field."""
    found = np.zeros(256, np.uint8)
    for byte in range(33, 127):
        found[byte] |= IN_VALUE * (byte not in b",;&") | IN_HEADER * (byte not in b",;&=")
        found[byte] |= IN_NAME * (chr(byte).isalnum() or byte == ord("_"))
    found[list(b"\r\n \t\0")] = IS_BLANK
    return found


SIGNS = _signs()
HEX: Int64s = np.array([int(chr(b), 16) if chr(b) in "0123456789abcdefABCDEF" else 16 for b in range(256)])
"""The hexadecimal digit that a byte is; 16 where it is none."""


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text, "little"))


NONE, EIGHT = np.uint64(0), np.uint64(8)
ONES, HIGHS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
HYPHENS, EQUAL_SIGNS = _word(b"--------"), _word(b"========")
COMMAS, SEMICOLONS, DOTS, ZEROS = _word(b"," * 8), _word(b";" * 8), _word(b"." * 8), _word(b"0" * 8)
NOT_EQUALS_BIT = np.uint64(0xEFEFEFEFEFEFEFEF)
ABOVE_NINE = np.uint64(0x4646464646464646)
ONE, TEN, SIXTEEN, HALF = np.uint64(1), np.uint64(10), np.uint64(16), np.uint64(32)
PAIRS, HUNDREDS, UNITS = (
    np.uint64(0x000000FF000000FF),
    np.uint64(0x000F424000000064),
    np.uint64(0x0000271000000001),
)
LOW = np.uint64(0xFFFFFFFF)
BYTE = np.uint64(0xFF)
FLAG_KIND, DATA_TIME, AREA_QN = _word(b"Flag"), _word(b"DataTime"), _word(b"QN")
FIELD_QN, FIELD_ST, FIELD_CN, FIELD_PW, FIELD_MN, FIELD_RF = (
    _word(name) for name in (b"QN=", b"ST=", b"CN=", b"PW=", b"MN=", b"RF=")
)
FIELD_FLAG, FIELD_PNUM, FIELD_PNO, FIELD_CP = (
    _word(name) for name in (b"Flag=", b"PNUM=", b"PNO=", b"CP=&&")
)
HASH_1, HASH_2, HASH_3 = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
    np.uint64(0x165667B19E3779F9),
)
HASH_SIGN, AMPERSAND, COMMA, SEMICOLON, EQUALS, SLASH = (ord(sign) for sign in "#&,;=/")
HYPHEN, PLUS, DOT, EXPONENT = (ord(sign) for sign in "-+.e")


@compiled
def digit_of(byte: Whole) -> Whole:
    """Return the digit that a byte writes, -1 for none."""
    return byte - 48 if 48 <= byte <= 57 else -1


@compiled
def zero_bytes(word: Word) -> Word:
    """Return a word whose lowest high bit stands in the lowest zero byte of `word`; 0 where it has none."""
    return (word - ONES) & ~word & HIGHS


@compiled
def lowest_mark(marks: Word) -> Whole:
    """Return the number of the lowest marked byte; 8 where none is marked."""
    return zeros_below(marks) >> 3


@compiled
def eight_digits(word: Word) -> Whole:
    """Return the number that eight digits are; -1 where one is none."""
    if ((word + ABOVE_NINE) | (word - ZEROS)) & HIGHS != NONE:
        return -1
    plain = word - ZEROS
    plain = plain * TEN + (plain >> EIGHT)
    high, low = (plain & PAIRS) * HUNDREDS, ((plain >> SIXTEEN) & PAIRS) * UNITS
    return np.int64((high + low) >> HALF & LOW)


@compiled
def four_digits(word: Word) -> Whole:
    """Return the number that the first four digits are; -1 where one is none."""
    return eight_digits(word << HALF | ZEROS & LOW)


@compiled
def four_hex_digits(buffer: Bytes, start: Whole, hexes: Int64s) -> Whole:
    """Return the number that four hexadecimal digits are; -1 where one is none."""
    a, b = hexes[byte_at(buffer, start)], hexes[byte_at(buffer, start + 1)]
    c, d = hexes[byte_at(buffer, start + 2)], hexes[byte_at(buffer, start + 3)]
    return a << 12 | b << 8 | c << 4 | d if (a | b | c | d) < 16 else -1


@compiled
def standard_crc(buffer: Bytes, start: Whole, end: Whole, table: Int64s) -> Whole:
    """Fold the bytes by XOR into eight, then take eight steps."""
    size = end - start
    head = size % 8
    folded = (word_at(buffer, start) & MASKS[head]) << np.uint64(8 * (8 - head)) if head else NONE
    for at in range(start + head, end, 8):
        folded ^= word_at(buffer, at)
    folded ^= BYTE << np.uint64(8 * ((8 - head) % 8))
    register = 0
    for place in range(8):
        register = table[(register >> 8) ^ np.int64(folded >> np.uint64(8 * place) & BYTE)]
    return register


@compiled
def modbus_crc(buffer: Bytes, start: Whole, end: Whole, table: Int64s) -> Whole:
    """Return CRC-16/MODBUS of part of a buffer."""
    register = 0xFFFF
    for at in range(start, end):
        register = (register >> 8) ^ table[(register ^ buffer[at]) & 0xFF]
    return register


@compiled
def verdict_on(buffer: Bytes, start: Whole, end: Whole, written: Whole, table: Int64s) -> Whole:
    """Return which algorithm made the written sum: 0 standard, then MODBUS, swapped, none."""
    if standard_crc(buffer, start, end, table) == written:
        return 0
    other = modbus_crc(buffer, start, end, table)
    if other == written:
        return 1
    return 2 if ((other & 0xFF) << 8 | other >> 8) == written else 3


@compiled
def slot_of(keys: Words, a: Word, b: Word, c: Word) -> Word:
    """Return where a key stands in an open table, or where it would. Numbers there are from 1 on."""
    mask = np.uint64(len(keys) - 1)
    mixed = (a * HASH_1) ^ (b * HASH_2) ^ (c * HASH_3)
    slot = ((mixed ^ (mixed >> HALF)) * HASH_1) >> HALF & mask
    while keys[slot, 3] != NONE and not (keys[slot, 0] == a and keys[slot, 1] == b and keys[slot, 2] == c):
        slot = (slot + ONE) & mask
    return slot


@compiled
def number_of(keys: Words, a: Word, b: Word, c: Word) -> Whole:
    """Return the number of a key; -1 where it has none."""
    return np.int64(keys[slot_of(keys, a, b, c), 3]) - 1


@compiled
def enter(keys: Words, number: Whole, a: Word, b: Word, c: Word) -> Any:
    """Give a new key its number; False where the table is half full."""
    if 2 * number >= len(keys):
        return False
    slot = slot_of(keys, a, b, c)
    keys[slot, 0], keys[slot, 1], keys[slot, 2], keys[slot, 3] = a, b, c, np.uint64(number + 1)
    return True


@compiled
def enter_all(keys: Words, entries: Words) -> None:
    """Number keys in their order."""
    for number in range(len(entries)):
        enter(keys, number, entries[number, 0], entries[number, 1], entries[number, 2])


@compiled
def count_bytes(buffer: Bytes, sign: Whole) -> Whole:
    """Return how often a byte stands in a buffer."""
    found = 0
    for byte in buffer:
        found += byte == sign
    return found


@compiled
def end_of_run(buffer: Bytes, signs: Bytes, start: Whole, end: Whole, kind: Whole) -> Whole:
    """Return where the run of bytes of a kind ends that begins at `start`."""
    at = start
    while at < end and signs[buffer[at]] & kind:
        at += 1
    return at


@compiled
def all_are(buffer: Bytes, signs: Bytes, start: Whole, end: Whole, kind: Whole) -> Any:
    """Return whether every byte of a part is of a kind."""
    return end_of_run(buffer, signs, start, end, kind) == end


@compiled
def china_seconds(buffer: Bytes, start: Whole, size: Whole) -> Whole:
    """Return a time of 14 or 17 digits in China as seconds UTC; MISSING where it is none."""
    if size != 14 and size != 17:
        return MISSING
    number = 0
    for at in range(start, start + size):
        digit = digit_of(buffer[at])
        if digit < 0:
            return MISSING
        number = number * 10 + digit if at < start + 14 else number
    return seconds_of(number)


@compiled
def seconds_of(number: Whole) -> Whole:
    """Return a time in China, its 14 digits as one number, as seconds UTC; MISSING where it is none."""
    second, minute, hour = number % 100, number // 100 % 100, number // 10_000 % 100
    day, month, year = number // 10**6 % 100, number // 10**8 % 100, number // 10**10
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = 30 + (month + month // 8) % 2 if month != 2 else 28 + leap
    wrong = second > 59 or minute > 59 or hour > 23 or month < 1 or month > 12 or year < 1
    if wrong or day < 1 or day > longest:
        return MISSING
    past = year - (month <= 2)
    shifted = (month + 9) % 12
    days = 365 * past + past // 4 - past // 100 + past // 400 + (153 * shifted + 2) // 5 + day - 1 - 719468
    return days * 86400 + hour * 3600 + minute * 60 + second - 8 * 3600


@compiled
def count_of(buffer: Bytes, start: Whole, end: Whole, most: Whole) -> Whole:
    """Return a whole number of 1 to `most` digits; -1 where it is none."""
    if not 0 < end - start <= most:
        return -1
    number = 0
    for at in range(start, end):
        digit = digit_of(buffer[at])
        if digit < 0:
            return -1
        number = number * 10 + digit
    return number


@compiled
def short_number(buffer: Bytes, start: Whole, end: Whole) -> tuple[Whole, Whole, Whole]:
    """Return units, decimals and end of an unsigned number of up to eight characters; -1 of any other."""
    word: Word = word_at(buffer, start)
    marks = zero_bytes(word ^ COMMAS) | zero_bytes(word ^ SEMICOLONS)
    size = lowest_mark(marks)
    if marks == NONE and end - start > 8:
        return -1, 0, start
    size = min(size, end - start)
    digits, decimals = size, 0
    dots = zero_bytes(word ^ DOTS)
    dot = lowest_mark(dots)
    if dot < size:
        word = (word & MASKS[dot]) | ((word >> EIGHT) & ~MASKS[dot])
        digits, decimals = size - 1, size - 1 - dot
    if digits == 0:
        return -1, 0, start
    fill = 8 - digits
    units = eight_digits(((word & MASKS[digits]) << np.uint64(8 * fill)) | (ZEROS & MASKS[fill]))
    return units, decimals, start + size


@compiled
def value_of(buffer: Bytes, signs: Bytes, start: Whole, end: Whole) -> tuple[Whole, Whole, Whole]:
    """Return units, decimals and where the value ends; -1 for the end of an irregular one."""
    at, units, decimals, first = start, 0, -1, buffer[start]
    at += start < end and first == HYPHEN
    at += start < end and first == PLUS
    digits = at
    while at < end:
        digit = digit_of(np.int64(buffer[at]))
        if digit >= 0:
            units = units * 10 + digit
        elif buffer[at] == DOT and decimals < 0:
            decimals = at
        else:
            break
        at += 1
    count = at - digits - (decimals >= 0)
    stop = text_end(buffer, signs, start, end)
    if 0 < count <= DIGITS_MAX and at == stop:
        return -units if first == HYPHEN else units, at - decimals - 1 if decimals >= 0 else 0, at
    exponent = count > 0 and at < end and (buffer[at] | 32) == EXPONENT
    regular = stop - start < 65536 and not exponent and (at != stop or count == 0)
    return start << 16 | (stop - start), TEXT, stop if regular else -1


@compiled
def text_end(buffer: Bytes, signs: Bytes, start: Whole, end: Whole) -> Whole:
    """Return where a value of the data area ends; -1 where it is irregular."""
    at = start
    while at < end and signs[buffer[at]] & IN_VALUE:
        if buffer[at] == SLASH and at + 1 < end and buffer[at + 1] == SLASH:
            return -1
        at += 1
    return at if at == end or buffer[at] == COMMA or buffer[at] == SEMICOLON else -1

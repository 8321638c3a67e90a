"""The fast path: one pass over the bytes of many frames, compiled by numba where it is installed.

Written in the subset of Python that numba compiles. It reads regular frames (see `regular`) and stops at any
other, which the caller then gives to the readable path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from huanzhi.network.hj212 import crc
from huanzhi.network.hj212.regular import (
    CN,
    CODE_MAX,
    DIGITS_MAX,
    FLAG,
    KIND_MAX,
    MARK_MAX,
    MISSING,
    MN,
    MN_MAX,
    NAME_MAX,
    OFFSET,
    OK,
    PNO,
    PNUM,
    QN,
    RF,
    SIZE,
    ST,
    TEXT,
    TIME,
    TIME_SEEN,
    VERDICT,
    Int64s,
)

try:
    from numba import njit
except ImportError:
    COMPILED = False
else:
    COMPILED = True

Function = TypeVar("Function", bound=Callable[..., Any])
Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]


def compiled(function: Function) -> Function:
    """Compile with numba where it is installed."""
    if not COMPILED:
        return function
    return cast(Function, njit(cache=True, nogil=True)(function))


DONE, IRREGULAR, INCOMPLETE, FULL_NAMES, FULL_MNS = range(5)
"""How a scan ended: at the end of the bytes, an irregular frame, an unfinished one, or at a full table."""

AT, FRAMES, VALUES, NAMES, MNS = range(5)
"""Places in the state: position, rows of frames and values, entries of the tables."""

TABLE: NDArray[np.int64] = np.array(crc.TABLE, dtype=np.int64)


def _word(text: bytes) -> int:
    return int.from_bytes(text, "big")


_FLAG_KIND = np.uint64(_word(b"Flag"))
_DATA_TIME = np.uint64(_word(b"DataTime"))
_AREA_QN = np.uint64(_word(b"QN"))
_F_QN, _F_ST, _F_CN, _F_PW, _F_MN = (_word(name) for name in (b"QN", b"ST", b"CN", b"PW", b"MN"))
_F_FLAG, _F_PNUM, _F_PNO, _F_RF, _F_CP = (_word(name) for name in (b"Flag", b"PNUM", b"PNO", b"RF", b"CP"))
_HASH_1, _HASH_2, _HASH_3 = (
    np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
)
_HASH_SHIFT = np.uint64(32)
_NONE = np.uint64(0)
_BYTE = np.uint64(8)
_HASH, _AMPERSAND, _COMMA, _SEMICOLON, _EQUALS, _SLASH, _HYPHEN, _DOT = (ord(sign) for sign in "#&,;=/-.")


@compiled
def _digit(byte: int) -> int:
    return byte - 48 if 48 <= byte <= 57 else -1


@compiled
def _hex(byte: int) -> int:
    if 48 <= byte <= 57:
        return byte - 48
    lower = byte | 32
    return lower - 87 if 97 <= lower <= 102 else -1


@compiled
def _is_name(byte: int) -> bool:
    return 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 or byte == 95


@compiled
def _standard(buffer: Bytes, start: int, end: int, table: Int64s) -> int:
    """Fold the bytes by XOR into eight, then take eight steps."""
    size = end - start
    if size == 0:
        return 0xFFFF
    a = b = c = d = e = f = g = h = 0
    first = start + size % 8
    for at in range(first, end, 8):
        a ^= buffer[at]
        b ^= buffer[at + 1]
        c ^= buffer[at + 2]
        d ^= buffer[at + 3]
        e ^= buffer[at + 4]
        f ^= buffer[at + 5]
        g ^= buffer[at + 6]
        h ^= buffer[at + 7]
    folded = np.zeros(8, np.int64)
    folded[0], folded[1], folded[2], folded[3] = a, b, c, d
    folded[4], folded[5], folded[6], folded[7] = e, f, g, h
    for at in range(start, first):
        folded[8 - (first - at)] ^= buffer[at]
    folded[(8 - size % 8) % 8] ^= 0xFF
    register = 0
    for place in range(8):
        register = table[(register >> 8) ^ folded[place]]
    return register


@compiled
def _modbus(buffer: Bytes, start: int, end: int, table: Int64s) -> int:
    register = 0xFFFF
    for at in range(start, end):
        register = (register >> 8) ^ table[(register ^ buffer[at]) & 0xFF]
    return register


@compiled
def _verdict(buffer: Bytes, start: int, end: int, written: int, table: Int64s) -> int:
    if _standard(buffer, start, end, table) == written:
        return 0
    other = _modbus(buffer, start, end, table)
    if other == written:
        return 1
    return 2 if ((other & 0xFF) << 8 | other >> 8) == written else 3


@compiled
def _entry(keys: Words, ids: Int64s, count: int, a: np.uint64, b: np.uint64, c: np.uint64) -> int:
    """Return the number of a key in an open table, after entering a new one; -1 when it is half full."""
    mask = len(ids) - 1
    mixed = (a * _HASH_1) ^ (b * _HASH_2) ^ (c * _HASH_3)
    slot = np.int64((mixed ^ (mixed >> _HASH_SHIFT)) & np.uint64(0x7FFFFFFF)) & mask
    while ids[slot] >= 0:
        if keys[slot, 0] == a and keys[slot, 1] == b and keys[slot, 2] == c:
            return int(ids[slot])
        slot = (slot + 1) & mask
    if 2 * count >= len(ids):
        return -1
    keys[slot, 0], keys[slot, 1], keys[slot, 2] = a, b, c
    ids[slot] = count
    return count


@compiled
def _china_seconds(buffer: Bytes, start: int, size: int) -> int:
    """Return a time of 14 or 17 digits in China as seconds UTC; MISSING where it is none."""
    if size not in (14, 17):
        return MISSING
    for at in range(start, start + size):
        if _digit(buffer[at]) < 0:
            return MISSING
    number = 0
    for at in range(start, start + 14):
        number = number * 10 + _digit(buffer[at])
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
def _count(buffer: Bytes, start: int, end: int, most: int) -> int:
    """Return a whole number of 1 to `most` digits; -1 where it is none."""
    if not 0 < end - start <= most:
        return -1
    number = 0
    for at in range(start, end):
        digit = _digit(buffer[at])
        if digit < 0:
            return -1
        number = number * 10 + digit
    return number


@compiled
def _number(buffer: Bytes, start: int, end: int) -> tuple[int, int, bool]:
    """Return units, decimals and whether it is regular: not a number with exponent or too many digits."""
    at = start
    negative = at < end and buffer[at] == _HYPHEN
    if negative or (at < end and buffer[at] == 43):
        at += 1
    units, digits, decimals, dotted = 0, 0, 0, False
    while at < end:
        digit = _digit(buffer[at])
        if digit >= 0:
            digits += 1
            decimals += dotted
            units = units * 10 + digit if digits <= DIGITS_MAX else units
        elif buffer[at] == _DOT and not dotted:
            dotted = True
        else:
            break
        at += 1
    if at < end:
        exponent = digits > 0 and (buffer[at] | 32) == 101
        return start << 16 | min(end - start, 65535), TEXT, not exponent and end - start < 65536
    if digits == 0:
        return start << 16 | (end - start), TEXT, True
    return -units if negative else units, decimals, digits <= DIGITS_MAX


@compiled
def _value_end(buffer: Bytes, start: int, end: int) -> int:
    """Return where a value of the data area ends; -1 where it is irregular."""
    at = start
    while at < end:
        byte = buffer[at]
        if byte in (_COMMA, _SEMICOLON):
            return at
        if byte < 33 or byte > 126 or byte == _AMPERSAND:
            return -1
        if byte == _SLASH and at + 1 < end and buffer[at + 1] == _SLASH:
            return -1
        at += 1
    return at


@compiled
def _header(buffer: Bytes, start: int, end: int, row: Int64s, state: Int64s, keys: Words, ids: Int64s) -> int:
    """Read the header fields into `row`; return where the data area begins, -1 irregular, -2 table full."""
    at, seen = start, 0
    while at < end:
        name, first = 0, at
        while at < end and at - first < 5 and buffer[at] != _EQUALS:
            name = name << 8 | buffer[at]
            at += 1
        if at >= end or buffer[at] != _EQUALS or at == first:
            return -1
        at += 1
        if name == _F_CP:
            whole = seen & 6 == 6 and row[MN] >= 0
            opened = at + 2 <= end and buffer[at] == _AMPERSAND and buffer[at + 1] == _AMPERSAND
            return at + 2 if whole and opened else -1
        value = at
        while at < end and buffer[at] != _SEMICOLON:
            byte = buffer[at]
            if byte < 33 or byte > 126 or byte in (_COMMA, _AMPERSAND, _EQUALS):
                return -1
            at += 1
        if at >= end:
            return -1
        bit = _field(buffer, name, value, at, row, state, keys, ids)
        if bit < 0 or seen & bit:
            return bit if bit == -2 else -1
        seen |= bit
        at += 1
    return -1


@compiled
def _field(
    buffer: Bytes, name: int, start: int, end: int, row: Int64s, state: Int64s, keys: Words, ids: Int64s
) -> int:
    """Read one header field; return its bit, -1 where it is irregular, -2 where the table is full."""
    size = end - start
    if name == _F_QN:
        row[QN] = _count(buffer, start, end, 17)
        return 1 if size == 17 and row[QN] >= 0 else -1
    if name == _F_ST:
        if size != 2:
            return -1
        row[ST] = buffer[start] << 24 | buffer[start + 1] << 16
        return 2
    if name == _F_CN:
        row[CN] = _count(buffer, start, end, 4)
        return 4 if size == 4 and row[CN] >= 0 else -1
    if name == _F_PW:
        return 8
    if name == _F_MN:
        return _device(buffer, start, end, row, state, keys, ids)
    if name == _F_RF:
        row[RF] = 1
        return 256 if size == 1 and buffer[start] == 49 else -1
    if name in (_F_FLAG, _F_PNUM, _F_PNO):
        number = _count(buffer, start, end, 3 if name == _F_FLAG else 4)
        row[FLAG if name == _F_FLAG else PNUM if name == _F_PNUM else PNO] = number
        bit = 32 if name == _F_FLAG else 64 if name == _F_PNUM else 128
        return bit if number >= 0 else -1
    return -1


@compiled
def _device(buffer: Bytes, start: int, end: int, row: Int64s, state: Int64s, keys: Words, ids: Int64s) -> int:
    if not 0 < end - start <= MN_MAX:
        return -1
    a, b, c = _NONE, _NONE, _NONE
    for at in range(start, end):
        byte = np.uint64(buffer[at])
        if at - start < 8:
            a = a << _BYTE | byte
        elif at - start < 16:
            b = b << _BYTE | byte
        else:
            c = c << _BYTE | byte
    found = _entry(keys, ids, state[MNS], a, b, c)
    if found < 0:
        return -2
    row[MN] = found
    state[MNS] = max(state[MNS], found + 1)
    return 16


@compiled
def _area(
    buffer: Bytes,
    start: int,
    end: int,
    row: Int64s,
    state: Int64s,
    value_frame: NDArray[np.int32],
    value_name: NDArray[np.int32],
    value_units: Int64s,
    value_decimals: NDArray[np.int8],
    value_mark: NDArray[np.uint32],
    keys: Words,
    ids: Int64s,
) -> int:
    """Read the data area into values; return 0, -1 where it is irregular, -2 where the table is full."""
    at, run_start = start, state[VALUES]
    run_code, mark = _NONE, 0
    while at < end:
        if buffer[at] in (_COMMA, _SEMICOLON):
            at += 1
            continue
        code, first_kind, second_kind, after = _name(buffer, at, end)
        if after < 0:
            return -1
        stop = _value_end(buffer, after, end)
        if stop < 0:
            return -1
        has_kind = first_kind != _NONE
        if code != run_code:
            value_mark[run_start : state[VALUES]] = mark
            run_start, run_code, mark = state[VALUES], code, 0
        if has_kind and first_kind == _FLAG_KIND and second_kind == _NONE:
            if stop - after > MARK_MAX:
                return -1
            mark = _mark(buffer, after, stop)
        elif has_kind:
            units, decimals, regular = _number(buffer, after, stop)
            if not regular:
                return -1
            name = _entry(keys, ids, state[NAMES], code, first_kind, second_kind)
            if name < 0:
                return -2
            state[NAMES] = max(state[NAMES], name + 1)
            place = state[VALUES]
            value_frame[place], value_name[place] = state[FRAMES], name
            value_units[place], value_decimals[place] = units, decimals
            state[VALUES] += 1
        elif code == _DATA_TIME and row[TIME_SEEN] == 0:
            row[TIME], row[TIME_SEEN] = _china_seconds(buffer, after, stop - after), 1
        elif code == _AREA_QN and row[QN] < 0:
            return -1
        at = stop + 1
    value_mark[run_start : state[VALUES]] = mark
    return 0


@compiled
def _mark(buffer: Bytes, start: int, end: int) -> int:
    mark = 0
    for at in range(start, end):
        mark |= int(buffer[at]) << 8 * (3 - (at - start))
    return mark


@compiled
def _name(buffer: Bytes, start: int, end: int) -> tuple[np.uint64, np.uint64, np.uint64, int]:
    """Return code, kind in two words, and where the value begins, -1 where the name is irregular."""
    at, code = start, _NONE
    while at < end and _is_name(buffer[at]):
        code = code << _BYTE | np.uint64(buffer[at])
        at += 1
    size = at - start
    if at >= end or not 0 < size <= NAME_MAX:
        return _NONE, _NONE, _NONE, -1
    if buffer[at] == _EQUALS:
        return code if size <= CODE_MAX else _BYTE, _NONE, _NONE, at + 1
    if buffer[at] != _HYPHEN or size > CODE_MAX:
        return _NONE, _NONE, _NONE, -1
    at += 1
    kind, first, second = at, _NONE, _NONE
    while at < end and _is_name(buffer[at]):
        if at - kind < 8:
            first = first << _BYTE | np.uint64(buffer[at])
        else:
            second = second << _BYTE | np.uint64(buffer[at])
        at += 1
    if at >= end or buffer[at] != _EQUALS or not 0 < at - kind <= KIND_MAX:
        return _NONE, _NONE, _NONE, -1
    return code, first, second, at + 1


@compiled
def _outline(buffer: Bytes, start: int) -> tuple[int, int, int]:
    """Return where the segment ends, the written CRC, and DONE, IRREGULAR or INCOMPLETE."""
    size = len(buffer)
    if size - start < 6:
        return 0, 0, INCOMPLETE
    declared = _count(buffer, start + 2, start + 6, 4)
    if buffer[start] != _HASH or buffer[start + 1] != _HASH or declared < 0:
        return 0, 0, IRREGULAR
    end = start + 6 + declared
    if size < end + 4:
        return 0, 0, INCOMPLETE
    written = 0
    for at in range(end, end + 4):
        digit = _hex(buffer[at])
        if digit < 0:
            return 0, 0, IRREGULAR
        written = written << 4 | digit
    closed = declared > 8 and buffer[end - 1] == _AMPERSAND and buffer[end - 2] == _AMPERSAND
    return end, written, DONE if closed else IRREGULAR


@compiled
def scan(
    buffer: Bytes,
    accepted: int,
    table: Int64s,
    state: Int64s,
    rows: Int64s,
    value_frame: NDArray[np.int32],
    value_name: NDArray[np.int32],
    value_units: Int64s,
    value_decimals: NDArray[np.int8],
    value_mark: NDArray[np.uint32],
    name_keys: Words,
    name_ids: Int64s,
    mn_keys: Words,
    mn_ids: Int64s,
) -> int:
    """Read regular frames from `state[AT]` on, until something else comes; return how it ended.

    `accepted` has a bit for each verdict that is taken. Values of frames that are not taken are left out.
    """
    while True:
        at = state[AT]
        while at < len(buffer) and buffer[at] in (13, 10, 32, 9, 0):
            at += 1
        state[AT] = at
        if at >= len(buffer):
            return DONE
        end, written, outcome = _outline(buffer, at)
        if outcome != DONE:
            return outcome
        row, kept = rows[state[FRAMES]], state[VALUES]
        row[:] = 0
        row[QN], row[FLAG], row[MN], row[TIME] = -1, -1, -1, MISSING
        verdict = _verdict(buffer, at + 6, end, written, table)
        row[OFFSET], row[SIZE], row[VERDICT], row[OK] = at, end + 4 - at, verdict, accepted >> verdict & 1
        area = _header(buffer, at + 6, end - 2, row, state, mn_keys, mn_ids)
        if area < 0:
            return FULL_MNS if area == -2 else IRREGULAR
        ended = _area(
            buffer,
            area,
            end - 2,
            row,
            state,
            value_frame,
            value_name,
            value_units,
            value_decimals,
            value_mark,
            name_keys,
            name_ids,
        )
        if ended < 0:
            state[VALUES] = kept
            return FULL_NAMES if ended == -2 else IRREGULAR
        if not row[OK]:
            state[VALUES] = kept
        state[FRAMES] += 1
        state[AT] = end + 4

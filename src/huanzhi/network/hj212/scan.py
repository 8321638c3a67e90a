"""The fast path: one pass over the bytes of many frames, compiled by numba where it is installed.

It reads regular frames (see `regular`) and stops at any other, which the caller then gives to the readable
path. Letters are checked only when a name is met for the first time, and the name that came next the last
time is tried first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huanzhi.network.hj212.regular import (
    CN,
    CODE_MAX,
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
    TIME,
    TIME_SEEN,
    VERDICT,
    Int64s,
)
from huanzhi.network.hj212.words import (
    AMPERSAND,
    AREA_QN,
    AT,
    CODE,
    COMMA,
    DATA_TIME,
    DONE,
    EQUAL_SIGNS,
    EQUALS,
    FIELD_CN,
    FIELD_CP,
    FIELD_FLAG,
    FIELD_MN,
    FIELD_PNO,
    FIELD_PNUM,
    FIELD_PW,
    FIELD_QN,
    FIELD_RF,
    FIELD_ST,
    FLAG_KIND,
    FRAMES,
    FULL_MNS,
    FULL_NAMES,
    HASH_SIGN,
    HEX,
    HYPHEN,
    HYPHENS,
    IN_HEADER,
    IN_NAME,
    IN_VALUE,
    INCOMPLETE,
    IRREGULAR,
    IS_BLANK,
    IS_MARK,
    LAST,
    LENGTH,
    MASKS,
    MNS,
    NAMES,
    NEXT,
    NONE,
    NOT_EQUALS_BIT,
    ONES,
    PASSWORD,
    PLAIN_FIELD,
    SEMICOLON,
    SEMICOLONS,
    SIXTEEN,
    SLASH,
    VALUES,
    ZEROS,
    Bytes,
    Whole,
    Word,
    Words,
    all_are,
    byte_at,
    china_seconds,
    compiled,
    count_of,
    digit_of,
    eight_digits,
    end_of_run,
    enter,
    four_digits,
    four_hex_digits,
    lowest_mark,
    number_of,
    seconds_of,
    short_number,
    text_end,
    value_of,
    verdict_on,
    word_at,
    zero_bytes,
)

Values = tuple[NDArray[np.int32], NDArray[np.int32], Int64s, NDArray[np.int8], NDArray[np.uint32]]
"""Columns of the values: frame, name, units, decimals, mark."""
Marks = NDArray[np.uint32]
Names = tuple[Words, Words]
"""Table of the names: keys with their numbers, and what is known of each."""


@compiled
def _header(
    buffer: Bytes,
    signs: Bytes,
    start: Whole,
    end: Whole,
    row: Int64s,
    state: Int64s,
    devices: Words,
) -> Whole:
    """Read the header fields into `row`; return where the data area begins, -1 irregular, -2 table full."""
    at, seen = start, 0
    while at < end:
        word = word_at(buffer, at)
        three, five = word & MASKS[3], word & MASKS[5]
        if five == FIELD_CP:
            return at + 5 if seen & 22 == 22 and at + 5 <= end else -1
        stop, bit = -1, 0
        if three == FIELD_QN:
            stop, bit = _request(buffer, at + 3, row), 1
        elif three == FIELD_ST:
            row[ST] = np.int64(buffer[at + 3]) << 24 | np.int64(buffer[at + 4]) << 16
            stop, bit = at + 5 if all_are(buffer, signs, at + 3, at + 5, IN_HEADER) else -1, 2
        elif three == FIELD_CN:
            row[CN] = four_digits(word_at(buffer, at + 3))
            stop, bit = at + 7 if row[CN] >= 0 else -1, 4
        elif three == FIELD_PW:
            stop, bit = _password(buffer, signs, at + 3, end, state), 8
        elif three == FIELD_MN:
            stop, bit = _device(buffer, signs, at + 3, row, state, devices), 16
        else:
            stop, bit = _small(buffer, word, at, end, row)
        if stop < 0 or stop >= end or buffer[stop] != SEMICOLON or seen & bit:
            return -2 if stop == -2 else -1
        seen |= bit
        at = stop + 1
    return -1


@compiled
def _password(buffer: Bytes, signs: Bytes, start: Whole, end: Whole, state: Int64s) -> Whole:
    """Return where a password ends: at once where it is that of the frame before."""
    word = word_at(buffer, start)
    size = _before_semicolon(word)
    if 0 < size < 8 and buffer[start + size - 1] and np.int64(word & MASKS[size]) == state[PASSWORD]:
        return start + size
    stop = end_of_run(buffer, signs, start, end, IN_HEADER)
    if stop == start + size and size < 8:
        state[PASSWORD] = np.int64(word & MASKS[size])
    return stop


@compiled
def _request(buffer: Bytes, start: Whole, row: Int64s) -> Whole:
    first, second = eight_digits(word_at(buffer, start)), eight_digits(word_at(buffer, start + 8))
    last = digit_of(np.int64(buffer[start + 16]))
    row[QN] = first * 10**9 + second * 10 + last
    return start + 17 if first >= 0 and second >= 0 and last >= 0 else -1


@compiled
def _small(buffer: Bytes, word: Word, at: Whole, end: Whole, row: Int64s) -> tuple[Whole, Whole]:
    """Read Flag, PNUM, PNO or RF; return where it ends and its bit."""
    five, four = word & MASKS[5], word & MASKS[4]
    digit = digit_of(np.int64(byte_at(buffer, at + 5)))
    if five == FIELD_FLAG and digit >= 0 and byte_at(buffer, at + 6) == SEMICOLON:
        row[FLAG] = digit
        return at + 6, 32
    field, first, most, bit = FLAG, at + 5, 3, 32
    if five == FIELD_PNUM:
        field, most, bit = PNUM, 4, 64
    elif four == FIELD_PNO:
        field, first, most, bit = PNO, at + 4, 4, 128
    elif word & MASKS[3] == FIELD_RF:
        field, first, most, bit = RF, at + 3, 1, 256
    elif five != FIELD_FLAG:
        return -1, 0
    stop = first
    while stop < end and stop - first <= most and buffer[stop] != SEMICOLON:
        stop += 1
    row[field] = count_of(buffer, first, stop, most)
    return (-1 if row[field] < 0 or (field == RF and row[RF] != 1) else stop), bit


@compiled
def _before_semicolon(word: Word) -> Whole:
    marks = zero_bytes(word ^ SEMICOLONS)
    return lowest_mark(marks)


@compiled
def _device(
    buffer: Bytes,
    signs: Bytes,
    start: Whole,
    row: Int64s,
    state: Int64s,
    devices: Words,
) -> Whole:
    first, second, third = word_at(buffer, start), word_at(buffer, start + 8), word_at(buffer, start + 16)
    size = _before_semicolon(first)
    size += _before_semicolon(second) if size == 8 else 0
    size += _before_semicolon(third) if size == 16 else 0
    if not 0 < size <= MN_MAX or buffer[start + size - 1] == 0:
        return -1
    a = first & MASKS[min(8, size)]
    b = second & MASKS[min(8, max(0, size - 8))]
    c = third & MASKS[max(0, size - 16)]
    found = number_of(devices, a, b, c)
    if found < 0:
        found = state[MNS]
        if not all_are(buffer, signs, start, start + size, IN_HEADER):
            return -1
        if not enter(devices, found, a, b, c):
            return -2
        state[MNS] += 1
    row[MN] = found
    return start + size


@compiled
def _area(
    buffer: Bytes,
    signs: Bytes,
    start: Whole,
    end: Whole,
    row: Int64s,
    state: Int64s,
    values_of: Values,
    names: Names,
) -> Whole:
    """Read the data area into values; return 0, -1 where it is irregular, -2 where the table is full."""
    value_frame, value_name, value_units, value_decimals, value_mark = values_of
    known = names[1]
    frame, values, last = state[FRAMES], state[VALUES], np.uint64(state[LAST])
    at = _leading_time(buffer, start, end, row)
    run_start, run_code, mark = values, NONE, NONE
    while at < end:
        first = byte_at(buffer, at)
        if first in (COMMA, SEMICOLON):
            at += 1
            continue
        name = known[last, NEXT]
        after = at + np.int64(known[name, LENGTH])
        if not _is_known(buffer, at, known, name):
            found, after = _new_name(buffer, signs, at, end, row, state, names)
            if found == PLAIN_FIELD:
                at = after + 1
                continue
            if found < 0:
                return found
            name = np.uint64(found)
            known[last, NEXT] = name
        last = name
        if after > end:
            return -1
        if known[name, CODE] != run_code:
            _mark_run(value_mark, run_start, values, mark)
            run_start, run_code, mark = values, known[name, CODE], NONE
        if known[name, IS_MARK] != NONE:
            mark, stop = _mark(buffer, signs, after, end)
            if stop < 0:
                return -1
        else:
            units, decimals, stop = short_number(buffer, after, end)
            if units < 0:
                units, decimals, stop = value_of(buffer, signs, after, end)
                if stop < 0:
                    return -1
            place = np.uint64(values)
            value_frame[place], value_name[place] = frame, name
            value_units[place], value_decimals[place] = units, decimals
            values += 1
        at = stop + 1
    _mark_run(value_mark, run_start, values, mark)
    state[VALUES], state[LAST] = values, np.int64(last)
    return 0


@compiled
def _leading_time(buffer: Bytes, start: Whole, end: Whole, row: Int64s) -> Whole:
    """Take a DataTime of 14 digits that stands first; return where to read on."""
    if word_at(buffer, start) != DATA_TIME or byte_at(buffer, start + 8) != EQUALS or start + 23 > end:
        return start
    day = eight_digits(word_at(buffer, start + 9))
    clock = eight_digits(word_at(buffer, start + 17) << SIXTEEN | ZEROS & MASKS[2])
    following = byte_at(buffer, start + 23)
    ended = start + 23 == end or following in (COMMA, SEMICOLON)
    if day < 0 or clock < 0 or not ended:
        return start
    row[TIME], row[TIME_SEEN] = seconds_of(day * 10**6 + clock), 1
    return start + 23


@compiled
def _mark_run(marks: Marks, start: Whole, end: Whole, mark: Word) -> None:
    for place in range(start, end):
        marks[np.uint64(place)] = mark


@compiled
def _is_known(buffer: Bytes, at: Whole, known: Words, name: Word) -> Whole:
    """Whether the name that came after the last one before comes again: frames repeat their names."""
    first = (word_at(buffer, at) ^ known[name, 0]) & known[name, 3]
    second = (word_at(buffer, at + 8) ^ known[name, 1]) & known[name, 4]
    third = (word_at(buffer, at + 16) ^ known[name, 2]) & known[name, 5]
    return (first | second | third) == NONE and known[name, LENGTH] != NONE


@compiled
def _new_name(
    buffer: Bytes,
    signs: Bytes,
    start: Whole,
    end: Whole,
    row: Int64s,
    state: Int64s,
    names: Names,
) -> tuple[Whole, Whole]:
    """Return the number of a name and where its value begins; negative, and the end, of anything else."""
    keys, known = names
    code, first, second, after = _name(buffer, start, end)
    if after < 0 or after > end:
        return -1, 0
    if first == NONE:
        stop = _plain_field(buffer, signs, code, start, after, end, row)
        return PLAIN_FIELD if stop >= 0 else -1, stop
    name = number_of(keys, code, first, second)
    if name >= 0:
        return name, after
    if not _is_name(buffer, signs, start, after - 1):
        return -1, 0
    name = state[NAMES]
    if not enter(keys, name, code, first, second):
        return -2, 0
    state[NAMES] += 1
    length = after - start
    known[name, :] = NONE
    known[name, CODE] = code
    known[name, IS_MARK] = np.uint64(first == FLAG_KIND and second == NONE)
    known[name, LENGTH] = np.uint64(length if length <= 24 else 0)
    for place in range(3):
        known[name, 3 + place] = MASKS[min(8, max(0, length - 8 * place))]
        known[name, place] = word_at(buffer, start + 8 * place) & known[name, 3 + place]
    return name, after


@compiled
def _mark(buffer: Bytes, signs: Bytes, start: Whole, end: Whole) -> tuple[Word, Whole]:
    """Return a mark as a word and where it ends; -1 where it is irregular: too long, or with a slash."""
    sign, following = byte_at(buffer, start), byte_at(buffer, start + 1)
    single = start + 1 == end or following in (COMMA, SEMICOLON)
    if single and signs[sign] & IN_VALUE and sign != SLASH:
        return np.uint64(sign), start + 1
    stop = end_of_run(buffer, signs, start, min(end, start + MARK_MAX + 1), IN_VALUE)
    ended = stop == end or buffer[stop] == COMMA or buffer[stop] == SEMICOLON
    for at in range(start, stop):
        ended = ended and buffer[at] != SLASH
    size = stop - start
    return word_at(buffer, start) & MASKS[min(size, MARK_MAX)], stop if ended and size <= MARK_MAX else -1


@compiled
def _is_name(buffer: Bytes, signs: Bytes, start: Whole, end: Whole) -> Whole:
    """Whether the bytes are a factor, a hyphen and a kind."""
    hyphen = end_of_run(buffer, signs, start, end, IN_NAME)
    return hyphen < end and buffer[hyphen] == HYPHEN and all_are(buffer, signs, hyphen + 1, end, IN_NAME)


@compiled
def _plain_field(
    buffer: Bytes, signs: Bytes, code: Word, start: Whole, after: Whole, end: Whole, row: Int64s
) -> Whole:
    """Take the time from a field without a kind; return where it ends, -1 where it is irregular."""
    stop = text_end(buffer, signs, after, end)
    if stop < 0 or not all_are(buffer, signs, start, after - 1, IN_NAME):
        return -1
    if code == DATA_TIME and after - start == 9 and row[TIME_SEEN] == 0:
        row[TIME], row[TIME_SEEN] = china_seconds(buffer, after, stop - after), 1
    return -1 if code == AREA_QN and row[QN] < 0 else stop


@compiled
def _name(buffer: Bytes, start: Whole, end: Whole) -> tuple[Word, Word, Word, Whole]:
    """Return factor, kind in two words, and where the value begins, -1 where the name is irregular."""
    word = word_at(buffer, start)
    marks = zero_bytes((word & NOT_EQUALS_BIT) ^ HYPHENS)
    size = lowest_mark(marks)
    while size <= NAME_MAX and buffer[start + size] != HYPHEN and buffer[start + size] != EQUALS:
        size += 1
    if size == 0 or size > NAME_MAX or buffer[start + size - 1] == 0:
        return NONE, NONE, NONE, -1
    code = word & MASKS[min(size, CODE_MAX)]
    at = start + size
    if buffer[at] == EQUALS:
        return code if size <= CODE_MAX else ONES, NONE, NONE, at + 1
    if size > CODE_MAX:
        return NONE, NONE, NONE, -1
    at += 1
    word, second = word_at(buffer, at), NONE
    marks = zero_bytes(word ^ EQUAL_SIGNS)
    size = lowest_mark(marks)
    first = word & MASKS[size]
    if marks == NONE:
        word = word_at(buffer, at + 8)
        marks = zero_bytes(word ^ EQUAL_SIGNS)
        more = lowest_mark(marks)
        second = word & MASKS[more]
        size += more
    if size == 0 or size > KIND_MAX or buffer[at + size] != EQUALS or buffer[at + size - 1] == 0:
        return NONE, NONE, NONE, -1
    return code, first, second, at + size + 1


@compiled
def _outline(buffer: Bytes, start: Whole, size: Whole) -> tuple[Whole, Whole, Whole]:
    """Return where the segment ends, the written CRC, and DONE, IRREGULAR or INCOMPLETE."""
    if size - start < 6:
        return 0, 0, INCOMPLETE
    declared = four_digits(word_at(buffer, start + 2))
    if buffer[start] != HASH_SIGN or buffer[start + 1] != HASH_SIGN or declared < 0:
        return 0, 0, IRREGULAR
    end = start + 6 + declared
    if size < end + 4:
        return 0, 0, INCOMPLETE
    written = four_hex_digits(buffer, end, HEX)
    closed = written >= 0 and declared > 8 and buffer[end - 1] == AMPERSAND and buffer[end - 2] == AMPERSAND
    return end, written, DONE if closed else IRREGULAR


@compiled
def scan(
    buffer: Bytes,
    size: Whole,
    accepted: Whole,
    table: Int64s,
    signs: Bytes,
    state: Int64s,
    rows: Int64s,
    values_of: Values,
    names: Names,
    devices: Words,
) -> Whole:
    """Read regular frames from `state[AT]` on, until something else comes; return how it ended.

    `buffer` has `size` bytes and then `PADDING`.
    `accepted` has a bit for each verdict that is taken. Values of frames that are not taken are left out.
    """
    while True:
        at = state[AT]
        while at < size and signs[buffer[at]] & IS_BLANK:
            at += 1
        state[AT] = at
        if at >= size:
            return DONE
        end, written, outcome = _outline(buffer, at, size)
        if outcome != DONE:
            return outcome
        row, kept = rows[state[FRAMES]], state[VALUES]
        row[:] = 0
        row[QN], row[FLAG], row[TIME] = -1, -1, MISSING
        verdict = verdict_on(buffer, at + 6, end, written, table)
        row[OFFSET], row[SIZE], row[VERDICT], row[OK] = at, end + 4 - at, verdict, accepted >> verdict & 1
        area = _header(buffer, signs, at + 6, end - 2, row, state, devices)
        if area < 0:
            return FULL_MNS if area == -2 else IRREGULAR
        ended = _area(buffer, signs, area, end - 2, row, state, values_of, names)
        if ended < 0:
            return FULL_NAMES if ended == -2 else IRREGULAR
        if not row[OK]:
            state[VALUES] = kept
        state[FRAMES] += 1
        state[AT] = end + 4

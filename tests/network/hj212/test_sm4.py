"""SM4 gives the values of the standard, with and without the library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.network.hj212 import Dialect, Verdict, cipher, decode_line, sm4

from .samples import needs_shared, vectors

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
SEALED = bytes.fromhex("681edf34d206965e86b3e94f536e4246")


def test_the_example_of_gb_t_32907() -> None:
    assert sm4.encrypt(KEY, KEY) == sm4.plain(KEY)[0](KEY) == SEALED
    assert sm4.decrypt(SEALED, KEY) == sm4.plain(KEY)[1](SEALED) == KEY


@given(
    st.binary(min_size=16, max_size=16),
    st.binary(max_size=100).map(lambda data: data[: len(data) // 16 * 16]),
)
def test_the_library_and_the_plain_code_agree(key: bytes, data: bytes) -> None:
    sealed = sm4.encrypt(data, key)
    assert sm4.plain(key)[0](data) == sealed
    assert sm4.plain(key)[1](sealed) == sm4.decrypt(sealed, key) == data


def test_only_whole_blocks_and_whole_keys() -> None:
    with pytest.raises(ValueError, match="15"):
        sm4.encrypt(bytes(15), KEY)
    with pytest.raises(ValueError, match="3"):
        sm4.encrypt(bytes(16), b"abc")


@given(st.text(alphabet="ab=;,&-1清", max_size=60), st.sampled_from(list(cipher.Form)))
def test_every_form_opens_again(area: str, form: cipher.Form) -> None:
    segment = f"ST=31;CN=2011;MN=1;Flag=8;CP=&&x={area}&&".encode()
    locked = cipher.encrypt(segment, KEY, form)
    if locked == segment:
        return
    opened = cipher.open_segment(locked, b"%04X" % cipher.crc.crc(segment), [b"1" * 16, KEY])
    assert opened is not None
    assert (opened.segment, opened.report.verdict) == (segment, Verdict.HJ212)


def test_a_wrong_key_that_fits_the_sum_by_chance_is_not_taken() -> None:
    segment = b"ST=31;CN=2011;MN=1;Flag=8;CP=&&x=1;y=2;z=3;abcdef=4&&"
    locked, wrong = cipher.encrypt(segment, KEY), [number.to_bytes(16, "big") for number in range(4000)]
    told = b"%04X" % cipher.crc.crc(segment)
    assert any(cipher.open_segment(locked, told, [key]) for key in wrong)
    opened = cipher.open_segment(locked, told, [*wrong, KEY])
    assert opened is not None
    assert opened.segment == segment


@needs_shared
def test_the_printed_examples_of_2025_are_opened_and_made() -> None:
    printed = [row["frame"].encode() for row in vectors() if row.get("valid_crc_after_sm4_decrypt")]
    assert len(printed) == 2
    for frame in printed:
        done = decode_line(frame, Dialect(keys=(b"0" * 16,)))
        assert done.ok
        assert done.packet is not None
        segment = done.packet.text().encode()
        assert done.frame.declared == len(segment)
        assert cipher.encrypt(segment, b"0" * 16, cipher.Form.PRINTED) == done.frame.segment

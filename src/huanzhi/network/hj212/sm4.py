"""SM4 block cipher 分组密码, electronic code book, whole blocks: it encrypts data areas.

`cryptography`, where it is installed (extra ``fast``), does the work; otherwise the plain Python here, with
the same result. The S-box is computed from its definition.

References
----------
.. [1] GB/T 32907-2016, 6 and 7.
.. [2] HJ 212-2025, appendix A: ECB, 16-byte key, no padding.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from struct import Struct

BLOCK = 16
KEY = 16
_FIELD = 0x1F5
_ROW = 0xA7
_CONSTANT = 0xD3
_FAMILY_KEY = (0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC)
_ROUNDS = 32
_WORDS = Struct(">4I")

Blocks = Callable[[bytes], bytes]


def encrypt(data: bytes, key: bytes) -> bytes:
    """Encrypt whole blocks.

    Raises
    ------
    ValueError
        If the key is not 16 bytes, or the data are not whole blocks.
    """
    return _ciphers(key)[0](_whole(data))


def decrypt(data: bytes, key: bytes) -> bytes:
    """Decrypt whole blocks; raises as `encrypt` does."""
    return _ciphers(key)[1](_whole(data))


@lru_cache(maxsize=4096)
def _ciphers(key: bytes) -> tuple[Blocks, Blocks]:
    if len(key) != KEY:
        raise ValueError(len(key))
    return _library(key) or plain(key)


def _library(key: bytes) -> tuple[Blocks, Blocks] | None:
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError:
        return None
    cipher = Cipher(algorithms.SM4(key), modes.ECB())
    forth, back = cipher.encryptor(), cipher.decryptor()
    return forth.update, back.update


def plain(key: bytes) -> tuple[Blocks, Blocks]:
    """Return encryption and decryption with `key` in plain Python."""
    forth = _round_keys(key)
    back = forth[::-1]
    return (lambda data: _run(data, forth)), (lambda data: _run(data, back))


def _whole(data: bytes) -> bytes:
    if len(data) % BLOCK:
        raise ValueError(len(data))
    return data


def _run(data: bytes, round_keys: tuple[int, ...]) -> bytes:
    return b"".join(_block(data[start : start + BLOCK], round_keys) for start in range(0, len(data), BLOCK))


def _block(block: bytes, round_keys: tuple[int, ...]) -> bytes:
    a, b, c, d = _WORDS.unpack(block)
    t0, t1, t2, t3 = _tables()
    for key in round_keys:
        x = b ^ c ^ d ^ key
        a, b, c, d = b, c, d, a ^ t0[x >> 24] ^ t1[x >> 16 & 255] ^ t2[x >> 8 & 255] ^ t3[x & 255]
    return _WORDS.pack(d, c, b, a)


@cache
def _round_keys(key: bytes) -> tuple[int, ...]:
    a, b, c, d = (word ^ family for word, family in zip(_WORDS.unpack(key), _FAMILY_KEY, strict=True))
    found = []
    for number in range(_ROUNDS):
        mixed = _substituted(b ^ c ^ d ^ _round_constant(number))
        a, b, c, d = b, c, d, a ^ mixed ^ _rotated(mixed, 13) ^ _rotated(mixed, 23)
        found.append(d)
    return tuple(found)


def _round_constant(number: int) -> int:
    return int.from_bytes(bytes((4 * number + place) * 7 % 256 for place in range(4)), "big")


def _substituted(word: int) -> int:
    return int.from_bytes(bytes(_sbox()[byte] for byte in word.to_bytes(4, "big")), "big")


def _rotated(word: int, count: int) -> int:
    return (word << count | word >> 32 - count) & 0xFFFFFFFF


@cache
def _tables() -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(_diffused(value << shift) for value in _sbox()) for shift in (24, 16, 8, 0))


def _diffused(word: int) -> int:
    return word ^ _rotated(word, 2) ^ _rotated(word, 10) ^ _rotated(word, 18) ^ _rotated(word, 24)


@cache
def _sbox() -> tuple[int, ...]:
    inverse = {0: 0}
    for value in range(1, 256):
        inverse[value] = next(other for other in range(1, 256) if _product(value, other) == 1)
    return tuple(_affine(inverse[_affine(value)]) for value in range(256))


def _product(left: int, right: int) -> int:
    found = 0
    while right:
        if right & 1:
            found ^= left
        left = left << 1 ^ (_FIELD if left & 0x80 else 0)
        right >>= 1
    return found


def _affine(value: int) -> int:
    found = 0
    for place in range(8):
        row = (_ROW << place | _ROW >> 8 - place) & 0xFF
        found |= ((row & value).bit_count() & 1) << place
    return found ^ _CONSTANT

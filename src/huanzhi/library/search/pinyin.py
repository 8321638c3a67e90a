"""Pinyin 拼音: the sounds of a Chinese name, whole and by initials; what is not Chinese stays as it is."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def folded(text: str) -> str:
    """Return text as it is compared: half width, lower case, without spaces.

    >>> folded("PM２．５ 站")
    'pm2.5站'
    """
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


@lru_cache(maxsize=200_000)
def sounds(name: str) -> tuple[str, str]:
    """Return full pinyin and initials of a name; both empty where it has no Chinese.

    >>> sounds("椒江区")
    ('jiaojiangqu', 'jjq')
    """
    if name.isascii():
        return "", ""
    from pypinyin import lazy_pinyin  # reads its dictionary at first use

    pieces = lazy_pinyin(name)
    return folded("".join(pieces)), folded("".join(_initial(piece) for piece in pieces))


def _initial(piece: str) -> str:
    """Return the first letter of a syllable; figures and Latin words stay whole."""
    return piece[:1] if piece.isalpha() and piece.isascii() and piece.islower() else piece

"""Unified social credit codes 统一社会信用代码 and their check characters (GB 32100-2015)."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a code, by their value (GB 32100-2015, table 3): no I, O, S, V, Z."""

WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
"""Weight of each of the first 17 places: 3 to the power of the place before it, modulo 31."""

_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check_character(stem: str) -> str:
    """Return the check character of the first 17 characters of a code.

    Raises
    ------
    ValueError
        If `stem` has not 17 characters of the alphabet.
    """
    if len(stem) != 17:
        raise ValueError(stem)
    total = sum(ALPHABET.index(each) * weight for each, weight in zip(stem, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(stem: str) -> str:
    """Return the check character of the eight characters of an organisation code 组织机构代码 (GB 11714).

    The ninth to the seventeenth character of a credit code are such a code.
    """
    total = sum(
        _ORGANISATION.index(each) * weight for each, weight in zip(stem, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def is_credit_code(code: str) -> bool:
    """Return whether a text is a unified social credit code: 18 characters with the right check character."""
    return len(code) == 18 and set(code) <= set(ALPHABET) and check_character(code[:17]) == code[17]

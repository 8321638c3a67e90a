"""One spelling for what people write in many: full-width forms 全角 become half-width 半角, borders go.

Only the width is folded: Ⅲ, ³ and ℃ stay what they are.
"""

from __future__ import annotations

_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_WIDTH |= {0x3000: 0x20, 0xA0: 0x20, 0xFEFF: None, 0x200B: None, 0x2009: 0x20, 0x202F: 0x20}  # type: ignore[dict-item]


def fold(text: str) -> str:
    """Return `text` with half-width letters, digits and signs, and without borders of white space."""
    return text.strip() if text.isascii() else text.translate(_WIDTH).strip()


def fold_all(texts: list[str]) -> list[str]:
    """Fold every text of a column."""
    return [fold(text) for text in texts]

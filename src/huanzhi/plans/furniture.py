"""Page furniture 网页外壳: what a web page puts around a document is told from the document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from huanzhi.plans.blocks import Block
from huanzhi.plans.words import words

LONGEST = 80
"""No line of furniture is longer than this."""

_BREADCRUMB = re.compile(r"(?:首页|主页)(?:>|»|/|-|→).{0,40}")


def remove(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without furniture: known lines, and everything of the page's tail.

    The tail begins with the first known line after the last sentence.
    """
    sentences = [index for index, block in enumerate(blocks) if is_text(block)]
    if not sentences:
        return [block for block in blocks if not is_furniture(block.words)]
    first, last = sentences[0], sentences[-1]
    kept = [block for block in blocks[: first + 1] if not is_furniture(block.words)]
    kept += [block for block in blocks[first + 1 : last + 1] if not is_furniture(block.words)]
    for block in blocks[last + 1 :]:
        if is_furniture(block.words):
            if _opens_tail(block.words):
                break
            continue
        kept.append(block)
    return kept


def is_text(block: Block) -> bool:
    """Return whether a block is certainly part of the document: a table, or a sentence."""
    return block.table is not None or ("。" in block.words and len(block.words) > 20)


def is_furniture(line: str) -> bool:
    """Return whether a line (folded, without blanks) is one that web pages put around documents."""
    known = words()["furniture"]
    if len(line) > LONGEST or "。" in line:
        return False
    if line in known["whole"] or _BREADCRUMB.fullmatch(line):
        return True
    return line.startswith(tuple(known["starting"])) or any(part in line for part in known["containing"])


def _opens_tail(line: str) -> bool:
    return line not in ("-", "--", "大", "中", "小")

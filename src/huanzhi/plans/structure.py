"""Paragraphs become a tree of headings, and every paragraph knows which heading it stands under."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from huanzhi.plans.blocks import Block
from huanzhi.plans.marks import RANKS
from huanzhi.plans.model import Heading
from huanzhi.plans.words import group

LONGEST_TITLE = 60
_SHORT_HEADING = re.compile(r"[^。,:;!?]{4,30}(?=。.)")
_LOOKS_BACK = re.compile(f"^(?!{group('years', 'acting')}).*{group('years', 'reviews')}$")
_ANNEX = re.compile(r"(?:附件|附表|附)\d{0,2}[一二三四五六七八九十]?[:.]?.{0,40}")


@dataclass(frozen=True)
class Placed:
    """A paragraph under its headings, the nearest last; `reviewing` where they look back."""

    block: Block
    path: tuple[Heading, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the titles above, the nearest last."""
        return tuple(heading.title for heading in self.path)

    @property
    def reviewing(self) -> bool:
        """Return whether a heading says that this looks back at what was."""
        return any(_LOOKS_BACK.search(title) for title in self.titles) and not self.aiming

    @property
    def aiming(self) -> bool:
        """Return whether a heading says that this states goals."""
        return any(re.search(group("years", "goals"), title) for title in self.titles)


def build(blocks: Sequence[Block]) -> tuple[tuple[Heading, ...], list[Placed]]:
    """Return the tree of headings and every paragraph with the headings above it."""
    roots: list[Heading] = []
    stack: list[Heading] = []
    placed: list[Placed] = []
    for index, block in enumerate(blocks):
        heading = _heading(blocks, index, stack)
        if heading is not None:
            while stack and RANKS[stack[-1].kind] >= RANKS[heading.kind]:
                stack.pop()
            (stack[-1].children if stack else roots).append(heading)
            stack.append(heading)
        placed.append(Placed(block, tuple(stack)))
    return tuple(roots), placed


def _heading(blocks: Sequence[Block], index: int, stack: list[Heading]) -> Heading | None:
    block = blocks[index]
    if block.table is not None:
        return None
    if block.mark is None:
        return _paragraph(block, stack)
    title = title_of(block.body) or _following(blocks[index + 1 : index + 4])
    return Heading(block.mark.kind, block.mark.text, title, block.span.start, block.span.end)


def title_of(body: str) -> str:
    """Return the heading that a paragraph begins with: all of it, or up to the first full stop."""
    first = body.split("。", 1)[0]
    if len(first) <= LONGEST_TITLE:
        return first.rstrip(":;,")
    return re.split("[,:;]", first, maxsplit=1)[0][:LONGEST_TITLE]


def _following(blocks: Sequence[Block]) -> str:
    """Return the heading that follows a mark on a line of its own; it may take two lines."""
    taken = []
    for block in blocks:
        if block.mark or block.table is not None or "。" in block.words or len(block.words) > 40:
            break
        taken.append(block.words)
    return "".join(taken)


def _paragraph(block: Block, stack: list[Heading]) -> Heading | None:
    """Return the heading of a paragraph without a number: a short first sentence below a numbered heading."""
    found = _SHORT_HEADING.match(block.words)
    if found is None or not stack or _ANNEX.fullmatch(block.words):
        return None
    above = next((heading for heading in reversed(stack) if heading.kind != "paragraph"), None)
    if above is None or above.kind not in ("item", "item_cn", "part"):
        return None
    return Heading("paragraph", "", found.group(), block.span.start, block.span.end)


def counts(roots: Sequence[Heading]) -> dict[str, int]:
    """Return how many headings of each kind there are."""
    counted: Counter[str] = Counter()
    waiting = list(roots)
    while waiting:
        heading = waiting.pop()
        counted[heading.kind] += 1
        waiting.extend(heading.children)
    return {kind: counted[kind] for kind in RANKS if counted[kind]}

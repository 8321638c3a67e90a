"""What is damaged in a document 残缺: told with its place, never mended by guessing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from huanzhi.messages import Language, text, using
from huanzhi.plans.blocks import Block
from huanzhi.plans.folding import fold
from huanzhi.plans.measures import deadlines
from huanzhi.plans.model import Finding, Heading, Measure, Source, Span, Target
from huanzhi.plans.years import lost

_ANNEX = re.compile(r"(?:附件|附表|附)(?:\d{1,2}|[一二三四五六七八九十])?[:.]?(?P<title>[^。]{0,60})")
_ENDS = tuple("。!?;:”)》…]")
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SHORTEST = 30
"""A paragraph shorter than this may be a heading and need not end with a full stop."""


def finding(source: Source, code: str, start: int, end: int, **values: object) -> Finding:
    """Return a finding in both languages."""
    said = {}
    for language in LANGUAGES:
        with using(language):
            said[language] = text(f"plans.{code}", **values)
    return Finding(code, start, end, source.text[start:end], said["zh"], said["en"])


def of_text(source: Source, blocks: Sequence[Block]) -> Iterator[Finding]:
    """Yield lost years, brackets and quotation marks left open, and paragraphs cut off."""
    for index, block in enumerate(blocks):
        if block.table is not None:
            continue
        for start, end in lost(block.words):
            span = block.view.span(start, end)
            yield finding(source, "missing_year", span.start, span.end)
        yield from _unbalanced(source, block)
        if _is_cut(block, blocks, index):
            start = max(0, len(block.words) - 20)
            span = block.view.span(start, len(block.words))
            yield finding(source, "cut_sentence", span.start, span.end)
    yield from _repeated(source, blocks)


def _unbalanced(source: Source, block: Block) -> Iterator[Finding]:
    words = block.words
    if block.mark and re.fullmatch(r"\d{1,3}\)", block.mark.text):
        words = words[len(block.mark.text) :].rjust(len(words), "□")
    for opening, closing in ("()", "《》", "“”"):
        place = _odd(words, opening, closing)
        if place is not None:
            span = block.view.span(max(0, place - 12), min(len(words), place + 6))
            yield finding(source, "unbalanced", span.start, span.end, sign=words[place])


def _odd(words: str, opening: str, closing: str) -> int | None:
    """Return where a sign has no partner."""
    waiting: list[int] = []
    for place, char in enumerate(words):
        if char == opening:
            waiting.append(place)
        elif char == closing:
            if not waiting:
                return place
            waiting.pop()
    return waiting[0] if waiting else None


def _is_cut(block: Block, blocks: Sequence[Block], index: int) -> bool:
    words = block.words
    if len(words) < SHORTEST or words.endswith(_ENDS) or _ANNEX.match(words):
        return False
    sentence = "。" in words or "," in words
    last = index == len(blocks) - 1 or blocks[index + 1].mark is None
    return sentence and (("。" in words) or last) and not (block.mark and "。" not in words)


def _repeated(source: Source, blocks: Sequence[Block]) -> Iterator[Finding]:
    seen: set[str] = set()
    for block in blocks:
        if block.table is not None or len(block.words) < 12:
            continue
        if block.words in seen:
            yield finding(source, "repeated", block.span.start, block.span.end)
        seen.add(block.words)
    text_blocks = [block for block in blocks if block.table is None and len(block.words) > SHORTEST]
    for block in text_blocks:
        ending = block.words[-SHORTEST:]
        if any(
            other is not block and ending in other.words and other.words != block.words
            for other in text_blocks
        ):
            yield finding(source, "repeated", block.span.start, block.span.end)


def of_annex(source: Source, blocks: Sequence[Block], measures: Sequence[Measure]) -> Iterator[Finding]:
    """Yield an annex that is announced and has nothing in it."""
    announced = [
        at for at, block in enumerate(blocks) if block.table is None and _ANNEX.fullmatch(block.words)
    ]
    if not announced:
        return
    at = announced[-1]
    after = blocks[at + 1 :]
    if (
        any(block.table is not None or "。" in block.words or len(block.words) > 80 for block in after)
        or len(after) > 3
    ):
        return
    if any(measure.start > blocks[at].span.start for measure in measures):
        return
    title = next((block.words for block in after), "") or _ANNEX.fullmatch(blocks[at].words)["title"]  # type: ignore[index]
    span = Span(blocks[at].span.start, (after[-1] if after else blocks[at]).span.end)
    yield finding(source, "annex_empty", span.start, span.end, title=title)


def of_items(source: Source, targets: Sequence[Target], measures: Sequence[Measure]) -> Iterator[Finding]:
    """Yield what targets and measures lack."""
    for target in targets:
        if "value" in target.damaged:
            yield finding(source, "missing_value", target.start, target.end, indicator=target.indicator)
    for measure in measures:
        if "deadline" in measure.damaged:
            yield finding(source, "damaged_deadline", measure.start, measure.end, no=measure.no)
        elif not measure.years:
            yield finding(source, "no_deadline", measure.start, measure.end, no=measure.no)
        if len(measure.years) > 1 and not measure.deadline and len(due := deadlines(fold(measure.quote))) > 1:
            years = "、".join(str(year) for year in due)
            yield finding(source, "several_deadlines", measure.start, measure.end, no=measure.no, years=years)
        if not measure.bodies:
            yield finding(source, "no_body", measure.start, measure.end, no=measure.no)


def of_doubles(source: Source, doubles: Sequence[Target]) -> Iterator[Finding]:
    """Yield where a table states once more what the text has stated."""
    for target in doubles:
        yield finding(source, "stated_twice", target.start, target.end, indicator=target.indicator)


def of_structure(
    source: Source, roots: Sequence[Heading], has_title: bool, inferred: str
) -> Iterator[Finding]:
    """Yield a beginning in the middle, a title that is not there, and a region that was only inferred."""
    if not has_title:
        yield finding(source, "no_title", 0, 0)
    if inferred:
        yield finding(source, "region_inferred", 0, 0, region=inferred)
    if roots and _is_orphan(roots):
        yield finding(source, "orphan_section", roots[0].start, roots[0].end, mark=roots[0].mark)


def _is_orphan(roots: Sequence[Heading]) -> bool:
    from huanzhi.plans.marks import mark

    first = mark(roots[0].mark + "□") if roots[0].mark else None
    return first is not None and first.number > 1

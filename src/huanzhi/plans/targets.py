"""Targets 目标 of a text: sentences that compare an indicator with a value for a year to come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from huanzhi.plans.blocks import Block
from huanzhi.plans.clauses import Clause, Sentence, sentences
from huanzhi.plans.context import Context, Reading, when_of, without_years
from huanzhi.plans.figures import Goal, sign
from huanzhi.plans.folding import shown
from huanzhi.plans.goals import goals
from huanzhi.plans.model import Measure, Named, Source, Span, Target
from huanzhi.plans.naming import level, trimmed
from huanzhi.plans.stages import stages_of, term, with_stages
from huanzhi.plans.striving import paired
from huanzhi.plans.structure import Placed
from huanzhi.plans.weighing import is_target
from huanzhi.plans.worded import lost_in_list, lost_value, set_elsewhere, worded
from huanzhi.plans.words import group
from huanzhi.plans.years import When, bases, looks_back, whens

_STRIVING = re.compile(group("years", "striving"))
_PAST = re.compile(group("years", "past"))
_AGAINST = re.compile(group("years", "against"))
_LEADS_YEAR = re.compile(
    r"(?:《?[一-龥]{0,6}(?:方案|规划|意见|计划)》?(?:提出|明确|指出|要求)|力争|争取|确保|力求|全[市区县省]|其中|在|到|至|“|,|、|:|自|计划|预计|预期|努力|并|同时)*"
)
_SUBJECT = re.compile(f"^(?:提高|提升|降低|扩大|增加|控制|加大)?(.*?{group('indicators', 'nouns')})")
_AHEAD = re.compile(
    r"(?:到|(?<!截)至)(20\d\d)年|(20\d\d)年年?(?:\d{1,2}月)?(?:底|末)?前|(?:时限|时间|期限|进度):(20\d\d)年"
)
_GOAL_LABEL = re.compile("(?:主要|工作|总体|具体|约束性)*(?:目标|指标):")
_ASIDE = re.compile(rf"\((?:其中|到?20\d\d年|{group('years', 'striving')})[^()]*\d[^()]*\)")
_IN_PERIOD = re.compile(r"规划期(?:内|间|末)|实施期|(?<!\d)[二三四五2345]年(?:内|累计|共|完成|新)")
_REFERS = re.compile(r"\((?:详见|见附|简称|以下简称)[^()]*\)")
TITLE = 20
"""A line without a number and without a stop, no longer than this, may be a title."""

_LASTING = re.compile("长期|持续|常态")
_DONE = re.compile(
    r"^(?:完成|建成|实现|形成|建立|全面|基本|初步|创建成为|出台|制定|编制|达到|淘汰|构建|摸清|划定|启动|开工)"
)


def read_targets(
    placed: Sequence[Placed],
    region: str,
    starts: int | None,
    annual: int | None = None,
    period: tuple[int, int] | None = None,
) -> tuple[list[Target], list[Named]]:
    """Return the targets and the dated milestones of a text.

    Parameters
    ----------
    placed : sequence of Placed
        Paragraphs with their headings.
    region : str
        Whose plan it is.
    starts : int or None
        Figures for years before this one are of the past and no targets.
    annual : int or None
        The year of a plan for one year, which holds where a sentence names none.
    period : tuple of int or None
        The first and the last year of a plan, for sentences that say 规划期内, 三年.
    """
    whole = When(0, 0, period[1], period[0]) if period else None
    reading = Reading(region, starts if starts is not None else first_ahead(placed), annual, whole)
    reading.stages = stages_of(placed)
    past = False
    for at, paragraph in enumerate(placed):
        if paragraph.block.table is None and not paragraph.reviewing:
            past = _looking_back(paragraph.block, past)
            if not past:
                _paragraph(reading, paragraph, term(placed, at))
    return reading.targets, reading.milestones


def _looking_back(block: Block, past: bool) -> bool:
    """Return whether a line, or the one without a number above it, says that what follows is past."""
    if block.mark and block.mark.kind in ("chapter", "section", "part"):
        return False
    if block.mark or len(block.words) > TITLE or re.search("[,。;:]", block.words):
        return past
    return re.search("(?:工作回顾|工作总结|工作成效|完成情况)$", block.words) is not None


def of_measures(source: Source, measures: Sequence[Measure], region: str, starts: int | None) -> list[Target]:
    """Return the rates and concentrations that the rows of a list of measures state; counts are measures."""
    reading = Reading(region, starts)
    for measure in measures:
        if measure.end > measure.start:
            until = When(0, 0, measure.years[-1]) if measure.years else None
            _paragraph(reading, Placed(Block(source, Span(measure.start, measure.end)), ()), until)
    return [each for each in reading.targets if each.kind == "quantity" and each.value is not None]


def first_ahead(placed: Sequence[Placed]) -> int | None:
    """Return the first year that a text looks forward to (到2025年, 2023年底前)."""
    years = [
        int(found[1] or found[2] or found[3])
        for paragraph in placed
        if paragraph.block.table is None
        for found in _AHEAD.finditer(paragraph.block.words)
    ]
    return min(years, default=None)


def _paragraph(reading: Reading, placed: Placed, until: When | None) -> None:
    opened: When | None = None
    mark = placed.block.mark
    words_view = placed.block.view
    for sentence in sentences(words_view.part(len(mark.text) if mark else 0, len(words_view.text))):
        stated = with_stages(reading.stages, sentence.text)
        of_plan = reading.period if _IN_PERIOD.search(sentence.text) else None
        lead = of_plan or opened or until or _lead(reading, placed)
        context = Context(placed, sentence, stated, bases(sentence.text), lead, opened is not None)
        if not _of_the_past(context, reading.starts):
            found = _sentence(context, reading)
            reading.targets += found
            reading.milestones += _milestones(context, found)
            goal = _GOAL_LABEL.match(words_view.text)
            opened = None if found and stated and not goal else _opens(sentence, stated) or opened
        _remember(reading, placed, sentence, stated)


def _opens(sentence: Sentence, stated: Sequence[When]) -> When | None:
    """Return the year at the head of a sentence without targets, which holds for those that follow."""
    at_head = stated and _LEADS_YEAR.fullmatch(sentence.text[: stated[0].start])
    return stated[-1] if at_head and not stated[-1].lost else None


def _lead(reading: Reading, placed: Placed) -> When | None:
    """Return the year that leads the list in which a paragraph stands."""
    path = tuple(heading.start for heading in placed.path)
    inside = path[: len(reading.lead_path)] == reading.lead_path
    annual = When(0, 0, reading.annual) if reading.annual else None
    return reading.lead if reading.lead and inside else annual


def _remember(reading: Reading, placed: Placed, sentence: Sentence, stated: Sequence[When]) -> None:
    """Keep the year of a sentence that leads a list, or that opens a section of goals."""
    leads = sentence.text.endswith((":", "如下。", "如下")) or placed.aiming
    past = (
        reading.starts is not None and bool(stated) and (stated[-1].year or reading.starts) < reading.starts
    )
    if stated and leads and not stated[-1].lost and not past:
        reading.lead = stated[-1]
        path = tuple(heading.start for heading in placed.path)
        bullet = placed.path and placed.path[-1].kind == "bullet"
        reading.lead_path = path[:-1] if bullet else path


def _of_the_past(context: Context, starts: int | None) -> bool:
    text = context.sentence.text
    years = [when.year for when in context.whens if when.year is not None]
    if starts is not None and years and max(years) < starts:
        return True
    ahead = any(when.lost or re.search("(?:到|(?<!截)至)$", text[: when.start]) for when in context.whens)
    ahead = ahead or (starts is not None and any(year > starts for year in years))
    if (context.placed.aiming or (context.lead and context.placed.path)) and _AGAINST.search(text):
        text = _AGAINST.sub("", text)
    return (looks_back(text) or _PAST.search(text) is not None) and not ahead


def _sentence(context: Context, reading: Reading) -> list[Target]:
    found: list[tuple[Target, bool, bool]] = []
    striving, own, subject = False, False, ""
    counted: set[str] = set()
    alike = ""
    said: list[str] = []
    for clause in context.sentence.clauses:
        here = _STRIVING.search(clause.text) is not None
        leading = here and _leads(clause)
        striving = (striving and not own) or here
        own = here and not leading
        reading.spoken = ""
        fresh = list(_clause(context, reading, clause, subject, counted, alike, said))
        said += [level(target.indicator) for target in fresh]
        alike = fresh[-1].unit if fresh else ""
        counted |= {target.unit for target in fresh if target.kind == "count"}
        found += [(target, striving, here) for target in fresh]
        found += _bracketed(context, reading, clause, fresh)
        subject = fresh[-1].indicator if fresh else reading.spoken or _spoken_of(clause, subject)
        if context.sentence.separator(clause.end) == ";":
            striving = False
    return paired(found)


def _bracketed(
    context: Context, reading: Reading, clause: Clause, before: Sequence[Target]
) -> Iterator[tuple[Target, bool, bool]]:
    """Yield the targets in brackets behind one: 「利用率达到65%(其中中心城区达到75%)」."""
    text = context.sentence.text
    for each in _ASIDE.finditer(text, clause.start, min(len(text), clause.end + 1)) if before else ():
        inside = Sentence(context.sentence.view.part(each.start() + 1, each.end() - 1))
        when, _ = when_of(context, each.start(), each.start())
        here = replace(
            context, sentence=inside, whens=whens(inside.text), bases=bases(inside.text), lead=when
        )
        subject = before[-1].indicator
        for part in inside.clauses:
            striving = _STRIVING.search(part.text) is not None
            for target in _clause(here, reading, part, subject, set(), before[-1].unit):
                yield target, striving, striving


def _leads(clause: Clause) -> bool:
    """Return whether what is striven for is said before all else, so that it holds for the clauses after."""
    found = _STRIVING.search(clause.text)
    return found is not None and _LEADS_YEAR.fullmatch(clause.text[: found.start()]) is not None


def _spoken_of(clause: Clause, subject: str) -> str:
    found = _SUBJECT.match(_content(clause)[1])
    return trimmed(found.group(1)) if found and len(trimmed(found.group(1))) > 2 else subject


def _content(clause: Clause) -> tuple[int, str]:
    """Return where the words of a clause begin after the years at its head, and those words."""
    start = clause.start
    for when in whens(clause.sentence.text):
        before = clause.sentence.blotted[start : when.start]
        if clause.start <= when.start and when.end <= clause.end and _LEADS_YEAR.fullmatch(before):
            start = when.end
    words_left = clause.sentence.blotted[start : clause.end]
    skipped = re.match(r"[,、:□]*", words_left)
    start += skipped.end() if skipped else 0
    return start, clause.sentence.blotted[start : clause.end]


def _clause(
    context: Context,
    reading: Reading,
    clause: Clause,
    subject: str,
    counted: set[str],
    alike: str = "",
    said: Sequence[str] = (),
) -> Iterator[Target]:
    start, content = _content(clause)
    special = (
        lost_value(context, reading, clause, start, content)
        or set_elsewhere(context, reading, clause, start, content)
        or worded(context, reading, clause, start, content, subject)
    )
    if special:
        yield from special
        return
    clean = without_years(context, start, content)
    heading = [when for when in context.whens if clause.start <= when.start and when.end <= start]
    found = goals(clean, subject, alike, said, len(heading))
    for goal in found:
        target = _target(context, reading, clause, start, content, goal)
        if goal.way == "yearly":
            yearly = [each for each in found if each.way == "yearly"]
            first = start + yearly[0].quantity.start
            target = _of_year(context, target, first, yearly.index(goal), len(yearly))
        past = target.year is not None and reading.starts is not None and target.year < reading.starts
        reading.spoken = target.indicator
        if not past and is_target(context.placed, context.sentence.text[: clause.end], goal, target, counted):
            yield target
    if found:
        yield from lost_in_list(context, reading, clause, start, clean, found)
    else:
        yield from _listed_last(context, reading, clause, start, clean, counted)


def _of_year(context: Context, target: Target, place: int, index: int, number: int) -> Target:
    """Return a target of 「2023年、2024年,A率分别达到91%、92%」 with the year that is its own."""
    before = [when for when in context.whens if when.start < place]
    span = before[-1] if before else None
    if span and span.first and span.year and span.year - span.first + 1 == number:
        return replace(target, year=span.first + index, year_from=None)
    return target if len(before) < number else replace(target, year=before[index - number].year)


def _target(
    context: Context, reading: Reading, clause: Clause, start: int, content: str, goal: Goal
) -> Target:
    first, last = start + goal.start, start + goal.end
    when, source = when_of(context, start + goal.quantity.start, last)
    quote_start = first if re.search(r"\d", content[: goal.start]) else clause.start
    span = context.sentence.view.span(quote_start, last)
    here = [each for each in context.bases if clause.start <= each.start < last]
    leading = [each for each in context.bases if each.start < 2 and not each.value]
    base = next(iter(here[::-1] or leading), None)
    return Target(
        region=reading.region,
        indicator=_REFERS.sub("", shown(goal.indicator)),
        op=goal.op,
        value=goal.value,
        unit=shown(goal.quantity.unit),
        year=when.year if when else None,
        stretch=None,
        quote=context.placed.block.source.text[span.start : span.end],
        start=span.start,
        end=span.end,
        damaged=("year",) if when and when.lost else (),
        upper=goal.quantity.high,
        base_year=base.year if base else None,
        base_value=Decimal(base.value) if base and base.value else None,
        year_from=when.first if when else None,
        year_source=source,
        kind="quantity" if goal.way == "compared" else "count",
        section=context.placed.titles[-1] if context.placed.path else "",
    )


def _listed_last(
    context: Context, reading: Reading, clause: Clause, start: int, content: str, counted: set[str]
) -> Iterator[Target]:
    """Yield the count that ends a clause beside counted ones: 「长期坚持的任务4项」."""
    if not counted or goals(content):
        return
    from huanzhi.plans.quantities import quantities

    for quantity in quantities(content):
        left = content[: quantity.start]
        alike = quantity.unit in counted and quantity.end == len(content)
        if alike and not quantity.measured and re.search("[一-龥]{2}$", left):
            goal = Goal(trimmed(left), sign("", quantity), quantity, 0, quantity.end, False, "after")
            target = _target(context, reading, clause, start, content, goal)
            yield replace(target, year=None, damaged=(), year_source="") if _LASTING.search(left) else target


def _milestones(context: Context, found: Sequence[Target]) -> Iterator[Named]:
    """Yield what must be done by a year and is no figure: 「到2021年底,建成…平台」."""
    for clause in context.sentence.clauses:
        start, content = _content(clause)
        when, source = when_of(context, start, start)
        if when is None or source != "stated" or when.lost or len(content) < 6 or not _DONE.match(content):
            continue
        span = context.sentence.view.span(start, clause.end)
        if any(target.start < span.end and span.start < target.end for target in found):
            continue
        quote = context.placed.block.source.text[span.start : span.end]
        yield Named("milestone", shown(content), "", quote, span.start, span.end, when.year)

"""Measures 举措: rows of an annex table, or paragraphs that name who is responsible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from huanzhi.plans import bodies
from huanzhi.plans.blocks import Block
from huanzhi.plans.columns import of_measures
from huanzhi.plans.folding import View, fold, view
from huanzhi.plans.model import Measure, Span
from huanzhi.plans.structure import Placed, title_of
from huanzhi.plans.tables import Grid
from huanzhi.plans.words import group, words
from huanzhi.plans.years import whens

_DEADLINE = re.compile(
    r"\((?P<a>20\d\d)年?(?:[-~—至到]{1,2}(?P<b>20\d\d))?(?:\))?(?:年)?(?:\d{1,2}月)?(?:底|末)?(?:以前|之前|前)?(?:完成)?\)?[。;]?$"
)
_LABELS = re.compile(rf"(?P<label>{group('bodies', 'labels_lead')}|{group('bodies', 'labels_joint')}):")
_TERM = re.compile(f"{group('tables', 'deadline')}:")
_JOINT = re.compile(f"{group('bodies', 'joint')}")
_NUMBER = re.compile(r"\d{1,3}")
_BRACKET = re.compile(r"[(〔\[](?P<inside>[^()〔〕\[\]]*(?:\([^()]*\)[^()〔〕\[\]]*)*)[)〕\]][。;]?")


_SAID = ("lead", "joint", "deadline")
_WITHIN_YEAR = re.compile(r"年底|年内|全年|\d{1,2}月|季度|上半年|下半年")
_UNTIL = re.compile(
    r"[,;](?:20\d\d年)?(?:全年|年底前?|(?:\d{1,2}月)?(?:底|末)?前?)?(?:完成)?(?:长期坚持|持续推进|长期)?$"
)
_MONTH = re.compile(r"(?:\d{1,2}月(?:份|底|末)?|年底|(?<!\d)年(?:底|末))(?:以|之)?前|年内完成|年底完成")
_BEGINNINGS = "市省区县旗州盟各自"
LONGEST_DEADLINE = 16
"""Characters of a cell that is nothing but a deadline."""


@dataclass(frozen=True)
class Answerable:
    """Who answers for a measure, and until when, as its words say."""

    lead: tuple[str, ...]
    joint: tuple[str, ...]
    years: tuple[int, ...]
    deadline: str = ""


def years_of(text: str) -> tuple[int, ...]:
    """Return the year of a deadline, or the first and the last year of a range; empty where none is said."""
    found = [when for when in whens(text) if when.year is not None]
    if not found:
        bare = re.fullmatch(r"(20\d\d)(?:\D{1,3}(20\d\d))?", text)
        return tuple(int(year) for year in bare.groups() if year) if bare else ()
    first = found[0].first or found[0].year
    last = found[-1].year
    if "长期" in text and not last:
        return ()
    return (first, last) if first != last and first and last else (last,)  # type: ignore[return-value]


def deadline_of(text: str) -> tuple[str, tuple[int, ...], bool]:
    """Return a text without the deadline in brackets at its end, its years, and whether it was damaged."""
    found = _DEADLINE.search(text)
    if found is None:
        return text, (), False
    rest = text[: found.start()].rstrip("。、,;")
    years = tuple(int(year) for year in (found["a"], found["b"]) if year)
    return rest, years, found.group().count("(") != found.group().count(")")


def as_written(words_view: View, kept: int, source_text: str) -> str:
    """Return the first `kept` characters of a view as the document writes them, broken lines joined."""
    if kept == 0:
        return ""
    span = words_view.span(0, kept)
    lines = source_text[span.start : span.end].splitlines()
    return "".join(line.strip() for line in lines)


def from_grid(grid: Grid, source_text: str, annual: int | None = None) -> Iterator[Measure]:
    """Yield the measures of a table whose columns are known; 年底前 is of the year `annual` of the plan."""
    if not of_measures(grid.columns):
        return
    task, number = "", 0
    for row in grid.rows:
        cells = {
            role: grid.cells(row, role) for role in ("measure", "task", "lead", "joint", "deadline", "number")
        }
        tasks = [cell.text for cell in cells["task"] if cell.text]
        texts = [cell for cell in cells["measure"] if cell.text] or [
            cell for cell in cells["task"][-1:] if cell.text
        ]
        alone = len({cell.text for cell in row if cell.text}) == 1
        named = "" if any(cells[role] and cells[role][0].text for role in _SAID) else "".join(tasks)
        if named and cells["measure"] and not any(cell.text for cell in cells["measure"]):
            task = named  # a row that only names the task of those below
            continue
        if not texts or re.fullmatch(r"\d+", texts[-1].text) or (alone and row[0].text):
            task = row[0].text if row and alone else task
            continue
        task = tasks[0] if tasks and cells["measure"] else task
        number += 1
        made = _of_row(texts[-1], cells, task, number, source_text)
        within = annual and not made.years and _WITHIN_YEAR.search(made.deadline)
        yield replace(made, years=(annual,)) if annual and within else made


def _of_row(text: View, cells: dict[str, list[View]], task: str, number: int, source_text: str) -> Measure:
    words_left, years, damaged = deadline_of(text.text)
    stated = " ".join(cell.text for cell in cells["deadline"])
    lead = [name for cell in cells["lead"] for name in bodies.split(_spaced(cell, source_text))]
    joint = [name for cell in cells["joint"] for name in bodies.split(_spaced(cell, source_text))]
    given = next((cell.text for cell in cells["number"] if _NUMBER.fullmatch(cell.text)), "")
    span = text.whole
    return Measure(
        no=int(given) if given else number,
        text=as_written(text, len(words_left), source_text),
        years=years_of(stated) or years,
        bodies=tuple(dict.fromkeys(_plain([*lead, *joint]))),
        task=re.sub(r"^(?:\d{1,3}|[一二三四五六七八九十]+)[.、]", "", task),
        quote=source_text[span.start : span.end],
        start=span.start,
        end=span.end,
        joint=tuple(_plain(joint)),
        written=tuple(cell.text for cell in (*cells["lead"], *cells["joint"]) if cell.text),
        deadline=stated,
        damaged=("deadline",) if damaged else (),
    )


def _spaced(cell: View, source_text: str) -> str:
    """Return the bodies of a cell, those that only a blank parts too; a name broken by a line stays one."""
    pieces = fold(source_text[cell.whole.start : cell.whole.end]).split() if cell.text else []
    if len(pieces) < 2 or "".join(pieces) != cell.text:
        return cell.text
    kept = pieces[0]
    for piece in pieces[1:]:
        apart = bodies.are_bodies(kept) and bodies.are_bodies(piece) and kept[-1] not in "、,;"
        kept += ("、" if apart else "") + piece
    return kept


def _plain(names: Sequence[str]) -> list[str]:
    return [name for name in names if name not in words()["tables"]["none"]]


def from_lines(blocks: Sequence[Block], first: int) -> tuple[list[Measure], Span]:
    """Return the measures of a table fallen apart into lines, and where it stands.

    Two series of numbers run through it: tasks and measures. A number is that of a task when the next number
    is the next measure's.

    Parameters
    ----------
    blocks : sequence of Block
        The document without furniture.
    first : int
        Index of the first line after the headings.
    """
    numbers = [at for at in range(first, len(blocks)) if _NUMBER.fullmatch(blocks[at].words)]
    measures: list[Measure] = []
    task, tasks, end = "", 0, blocks[first].span.end
    for place, at in enumerate(numbers):
        until = numbers[place + 1] if place + 1 < len(numbers) else len(blocks)
        cells = blocks[at + 1 : until]
        number = int(blocks[at].words)
        after = int(blocks[until].words) if until < len(blocks) else None
        expected = len(measures) + 1
        opens_task = number == tasks + 1 and after == expected
        if opens_task and not (number == expected and _bodies_in(cells)[1]):
            task, tasks = "".join(cell.words for cell in cells), tasks + 1
        elif number == expected and cells:
            made, used = _of_cells(number, cells, task)
            measures.append(made)
            end = cells[used - 1].span.end
    return measures, Span(blocks[first].span.start, end)


def _of_cells(number: int, cells: Sequence[Block], task: str) -> tuple[Measure, int]:
    """Return the measure in the cells of a row, and how many of them it takes."""
    until, cut = _bodies_in(cells)
    text_cells = cells[:cut] if cut else cells[:1]
    until = until or len(text_cells)
    joined = "".join(cell.words for cell in text_cells)
    words_left, years, damaged = deadline_of(joined)
    written = "".join(cell.words for cell in cells[cut:until]) if cut else ""
    if not years and cut and cut > 1 and (years := years_of(text_cells[-1].words)):
        text_cells, words_left = text_cells[:-1], "".join(cell.words for cell in text_cells[:-1])
    if not years and cut:
        years = _deadline_cell(cells[until : until + 1])
    span = Span(text_cells[0].span.start, text_cells[-1].span.end)
    source = text_cells[0].source
    whole = view(source.text, span.start, span.end)
    quote = source.text[span.start : span.end]
    stripped = len(quote) - len(quote.lstrip())
    quote = quote.strip()
    names = tuple(dict.fromkeys(bodies.split(written)))
    start = span.start + stripped
    measure = Measure(
        number,
        as_written(whole, len(words_left), source.text),
        years,
        names,
        task,
        quote,
        start,
        start + len(quote),
        (),
        (written,) if written else (),
        damaged=("deadline",) if damaged else (),
    )
    return measure, until


def _bodies_in(cells: Sequence[Block]) -> tuple[int, int]:
    """Return the end and the start of the cells that name bodies; zeros where none do.

    A name that begins as bodies do (市, 各) is one before a name that only ends so, which may have words of
    the measure in front.
    """
    found = []
    for start in range(1, len(cells)):
        for end in range(len(cells), start, -1):
            joined = "".join(cell.words for cell in cells[start:end])
            if bodies.are_bodies(joined):
                found.append((end, start, joined[0] in _BEGINNINGS))
                break
    sure = [each for each in found if each[2]]
    return (sure[0] if sure else found[-1])[:2] if found else (0, 0)


def _deadline_cell(cells: Sequence[Block]) -> tuple[int, ...]:
    """Return the years of a cell that is nothing but a deadline: 「2023年底前」, 「2022-2024年」."""
    words_here = cells[0].words if cells else ""
    return years_of(words_here) if len(words_here) <= LONGEST_DEADLINE else ()


def from_pairs(blocks: Sequence[Block]) -> Iterator[Measure]:
    """Yield the measures of a list without numbers whose cells became lines: what, who, until when.

    A line of nothing but bodies tells who answers for the line before it.
    """
    for at in range(1, len(blocks)):
        before, block = blocks[at - 1], blocks[at]
        if before.table is not None or not _only_bodies(block.words) or bodies.are_bodies(before.words):
            continue
        words_left, years, damaged = deadline_of(before.body)
        if len(words_left) < 4:
            continue
        start = len(before.words) - len(before.body)
        span = before.view.span(start, len(before.words))
        yield Measure(
            0,
            as_written(before.view.part(start, len(before.words)), len(words_left), before.source.text),
            years or _deadline_cell(blocks[at + 1 : at + 2]),
            tuple(dict.fromkeys(bodies.split(block.words))),
            "",
            before.source.text[span.start : span.end],
            span.start,
            span.end,
            written=(block.words,),
            damaged=("deadline",) if damaged else (),
        )


def answerable(inside: str) -> Answerable | None:
    """Return who answers for what stands before a bracket: 「(市生态环境局牵头,2022年底前完成)」."""
    lead: list[str] = []
    joint: list[str] = []
    side, years = lead, years_of(inside)
    for piece in re.split("[;,。]|(?<=:)", _LABELS.sub(lambda found: f";{found['label']}:;", inside)):
        label = _LABELS.fullmatch(piece)
        if label:
            side = joint if label["label"] in words()["bodies"]["labels_joint"] else lead
            continue
        names = [name for name in bodies.split(bodies.stripped(piece)) if bodies.is_body(name)]
        (joint if _JOINT.search(piece) else side).extend(name.removesuffix("等") for name in names)
    if not lead and not joint:
        return None
    return Answerable(tuple(dict.fromkeys(lead)), tuple(dict.fromkeys(joint)), years)


def from_paragraphs(placed: Sequence[Placed]) -> Iterator[Measure]:
    """Yield the measures of paragraphs that name those responsible, in brackets or in a line of their own."""
    before: Placed | None = None
    number = 0
    for at, paragraph in enumerate(placed):
        block = paragraph.block
        if block.table is not None:
            continue
        if before is not None and _LABELS.match(block.body):
            written = ";".join(_labels_from(placed, at)) if placed[at - 1] is before else ""
            if answers := answerable(written):
                number += 1
                yield _measure(number, before, 0, len(before.block.words), answers, written)
            continue
        for start, end, who, written in (*_bracketed(block), *_labelled(block)):
            number += 1
            yield _measure(number, paragraph, start, end, who, written)
        before = paragraph


def of_year(measure: Measure, annual: int | None) -> Measure:
    """Return a measure of an annual plan with its year, where it says 12月底前 and no year."""
    said = "".join((measure.deadline, *measure.written, measure.text))
    return (
        replace(measure, years=(annual,)) if annual and not measure.years and _MONTH.search(said) else measure
    )


def _labels_from(placed: Sequence[Placed], at: int) -> Iterator[str]:
    """Yield the lines from `at` on that name those responsible, or the deadline: 牵头单位:…, 配合单位:…."""
    for paragraph in placed[at:]:
        if not _LABELS.match(paragraph.block.body) and not _TERM.match(paragraph.block.body):
            return
        yield paragraph.block.words


def _bracketed(block: Block) -> Iterator[tuple[int, int, Answerable, str]]:
    start = len(block.mark.text) if block.mark else 0
    for found in _BRACKET.finditer(block.words):
        inside = found["inside"]
        said = (
            _LABELS.search(inside)
            or re.search("牵头|负责|配合|参与|按职责", inside)
            or _only_bodies(_UNTIL.sub("", inside))
        )
        closes = (
            found.end() == len(block.words)
            or found.group()[-1] in "。;"
            or block.words[found.start() - 1] in "。;)〕]"
        )
        who = answerable(inside) if said and closes else None
        if who and found.start() - start > 5:
            yield start, found.start(), who, inside
            start = found.end()


def _labelled(block: Block) -> Iterator[tuple[int, int, Answerable, str]]:
    """Yield what ends with its bodies without brackets: 「…流量不小于0.8立方米/秒。责任单位:县水利局」."""
    start = len(block.mark.text) if block.mark else 0
    found = next(
        (each for each in _LABELS.finditer(block.words) if block.words[each.start() - 1] in "。;"), None
    )
    if found is None or found.start() - start <= 5 or _inside(block.words[: found.start()]):
        return
    written = block.words[found.start() :]
    who = answerable(written)
    if who is not None:
        yield start, found.start(), who, written


def _inside(words_before: str) -> bool:
    """Return whether a bracket is open behind these words."""
    return any(words_before.count(sign) > words_before.count(end) for sign, end in ("()", "[]", "〔〕"))


def _only_bodies(inside: str) -> bool:
    names = bodies.split(inside)
    return bodies.are_bodies(inside) and all(len(name) > 3 and name[0] in _BEGINNINGS for name in names)


def _measure(number: int, placed: Placed, start: int, end: int, who: Answerable, written: str) -> Measure:
    block = placed.block
    if start == 0 and block.mark:
        start = len(block.mark.text)
    span = block.view.span(start, end)
    words_here = block.words[start:end]
    above = [heading for heading in placed.path if heading.start != block.span.start]
    text = as_written(block.view.part(start, end), len(words_here.rstrip("。;")), block.source.text)
    return Measure(
        number,
        text,
        who.years or _own_years(words_here),
        tuple(dict.fromkeys((*who.lead, *who.joint))),
        above[-1].title if above else title_of(block.body),
        block.source.text[span.start : span.end],
        span.start,
        span.end,
        who.joint,
        (written,),
    )


def _own_years(words_here: str) -> tuple[int, ...]:
    """Return the deadline that the words of a measure name; several deadlines make a range."""
    found = {(when.first, when.year) for when in whens(words_here) if when.year is not None}
    if len({year for _, year in found}) > 1:
        due = deadlines(words_here)
        return () if not due else (due[0],) if len(due) == 1 else (due[0], due[-1])
    if len(found) > 1:
        return (next(iter(found))[1],)
    first, last = found.pop() if found else (None, None)
    return () if last is None else (first, last) if first and first != last else (last,)


def deadlines(words_here: str) -> list[int]:
    """Return the years by which something is to be done (2027年底前, 到2028年), in their order."""
    due = {
        when.year
        for when in whens(words_here)
        if when.year is not None
        and (
            re.search("(?:底|末|前)$", words_here[when.start : when.end])
            or re.search("(?:到|(?<!截)至|于)$", words_here[: when.start])
        )
    }
    return sorted(due)


def named(measures: Sequence[Measure]) -> tuple[list[Measure], dict[str, str]]:
    """Return the measures with one name for each body, and the other names that were used."""
    aliases = bodies.brought_together(name for measure in measures for name in measure.bodies)
    kept = [
        replace(
            measure,
            bodies=bodies.canonical(measure.bodies, aliases),
            joint=bodies.canonical(measure.joint, aliases),
        )
        for measure in measures
    ]
    return kept, aliases

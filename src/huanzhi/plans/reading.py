"""A document, whole: text in, every item with its place out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from huanzhi.plans import (
    damage,
    duties,
    furniture,
    indicator_tables,
    measures,
    metadata,
    structure,
    tables,
    targets,
)
from huanzhi.plans.blocks import Block, blocks
from huanzhi.plans.model import Finding, Heading, Measure, Plan, Source, Span, Target

_PM = re.compile(r"细颗粒物\(PM2\.5\)|细颗粒物")
_PLAIN = re.compile(r"\([^()]*\)|年平均|年均|平均")
"""What an indicator is spelt out by: 国控断面优良(达到或优于Ⅲ类)比例."""

FEWEST = 3
"""Fewer lines of bodies than this are no list of measures."""


def extract(source: Source, places: Iterable[str] = ()) -> Plan:
    """Return everything that can be read from a document.

    Parameters
    ----------
    source : Source
        The document as text; see `huanzhi.plans.decoding.read`.
    places : iterable of str
        Official names of regions, to find the region of a document that does not name its own.

    Returns
    -------
    Plan
        Items with offsets into ``source.text``; what is damaged is kept and stands in ``warnings``.
    """
    source = tables.with_text_tables(source)
    kept = furniture.remove(blocks(source))
    about = metadata.about(source, kept, places)
    found, grids, rest = _tables(source, kept, about.annual)
    roots, placed = structure.build(rest)
    rated = targets.of_measures(source, found, about.region, about.starts)
    found = [*found, *_of_text(placed, found, about.annual)] or _pairs(rest)
    named, aliases = measures.named(found)
    goals, milestones = targets.read_targets(placed, about.region, about.starts, about.annual, about.period)
    scope = indicator_tables.Scope(about.region, about.starts, targets.first_ahead(placed), about.annual)
    tabled = rated + [each for grid in grids for each in indicator_tables.from_grid(grid, source.text, scope)]
    goals, doubles = _once(goals, tabled)
    warnings = _warnings(source, kept, rest, named, goals, roots, about)
    warnings = tuple(
        sorted([*warnings, *damage.of_doubles(source, doubles)], key=lambda each: (each.start, each.code))
    )
    counts = structure.counts(roots) | {
        "tasks": len(dict.fromkeys(each.task for each in named if each.task)),
        "measures": len(named),
        "deadlines": sum(bool(each.years) for each in named),
        "ranges": sum(len(each.years) > 1 for each in named),
        "bodies": len({body for each in named for body in each.bodies}),
        "targets": len(goals),
    }
    return Plan(
        source=source,
        metadata=about.fields,
        region=about.region,
        structure=roots,
        counts=counts,
        measures=tuple(named),
        targets=tuple(goals),
        milestones=tuple(milestones),
        systems=tuple(duties.systems(placed)),
        responsibilities=tuple(duties.responsibilities(placed)),
        aliases=aliases,
        warnings=warnings,
    )


def _tables(
    source: Source, kept: Sequence[Block], annual: int | None
) -> tuple[list[Measure], list[tables.Grid], list[Block]]:
    """Return the measures of tables, all understood tables, and the paragraphs that are in none."""
    grids = tables.grids(source, kept)
    taken = [grid.span for grid in grids]
    found: list[Measure] = []
    apart = tables.fallen_apart(kept)
    if apart is not None:
        at, first, _ = apart
        grid = tables.regular(kept, at, first)
        if grid is not None:
            grids.append(grid)
            taken.append(grid.span)
        else:
            found, span = _fallen_apart(kept, at, first)
            taken.append(span)
    for grid in grids:
        found += measures.from_grid(grid, source.text, annual)
    rest = [block for block in kept if not any(span.start <= block.span.start < span.end for span in taken)]
    return found, grids, rest


def _of_text(
    placed: Sequence[structure.Placed], found: Sequence[Measure], annual: int | None
) -> list[Measure]:
    """Return the measures of paragraphs that stand in no table, numbered on from those that do."""
    known, last = {each.text for each in found}, max((each.no for each in found), default=0)
    every = (measures.of_year(each, annual) for each in measures.from_paragraphs(placed))
    more = [each for each in every if each.text not in known]
    return [replace(each, no=no) for no, each in enumerate(more, last + 1)]


def _pairs(rest: Sequence[Block]) -> list[Measure]:
    """Return the measures of a list without numbers, if there are enough of them to be one."""
    found = list(measures.from_pairs(rest))
    return [replace(each, no=no) for no, each in enumerate(found, 1)] if len(found) >= FEWEST else []


def _fallen_apart(kept: Sequence[Block], at: int, first: int) -> tuple[list[Measure], Span]:
    found, span = measures.from_lines(kept, first)
    return found, Span(kept[at].span.start, span.end) if found else Span(0, 0)


def _once(said: Sequence[Target], tabled: Sequence[Target]) -> tuple[list[Target], list[Target]]:
    """Return targets in order, one where text and table state the same, and those of tables so left out."""
    kept, left = list(said), []
    known: dict[tuple[object, ...], list[int]] = {}
    for place, target in enumerate(said):
        if target.value is not None:
            known.setdefault(_same(target), []).append(place)
    for target in tabled:
        at = next((each for each in known.get(_same(target), ()) if _agree(kept[each], target)), None)
        if at is None:
            kept.append(target)
            continue
        left.append(target)
        if kept[at].base_year is None:
            kept[at] = replace(kept[at], base_year=target.base_year, base_value=target.base_value)
        op = target.op if kept[at].op == "=" else kept[at].op
        kept[at] = replace(kept[at], op=op, nature=kept[at].nature or target.nature)
    return _in_order(kept), left


def _same(target: Target) -> tuple[object, ...]:
    """Return what makes two targets the same one, however the indicator is spelt out."""
    name = _PLAIN.sub("", _PM.sub("PM2.5", target.indicator))
    return (target.region, name, target.value, target.upper, target.unit, target.year)


def _agree(said: Target, tabled: Target) -> bool:
    """Return whether a row of a table says no other sign and no other stretch than the text does."""
    signs = said.op == tabled.op or "=" in (said.op, tabled.op)
    return signs and tabled.stretch in (None, said.stretch)


def _in_order(goals: Sequence[Target]) -> list[Target]:
    return sorted(goals, key=lambda target: (target.start, target.end))


def _warnings(
    source: Source,
    kept: Sequence[Block],
    rest: Sequence[Block],
    named: Sequence[Measure],
    goals: Sequence[Target],
    roots: Sequence[Heading],
    about: metadata.About,
) -> tuple[Finding, ...]:
    found = list(
        damage.of_structure(source, roots, "title" in about.fields, about.region if about.inferred else "")
    )
    found += damage.of_text(source, rest)
    found += damage.of_annex(source, kept, named)
    found += damage.of_items(source, goals, named)
    return tuple(sorted(found, key=lambda each: (each.start, each.code)))

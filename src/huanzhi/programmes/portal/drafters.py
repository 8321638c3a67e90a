"""What is drafted 发布内容: figures, progress of plans, rectification, petitions, key units, notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from huanzhi.center.issues.settings import settings as issue_settings
from huanzhi.center.petitions.masking import masked
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.settings import table as petition_words
from huanzhi.center.plans.models import Measure
from huanzhi.center.plans.settings import settings as plan_settings
from huanzhi.center.rectification.publishing import open_rows
from huanzhi.library.documents import Block, Chart, Column, Paragraph, Series, Table
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Section, Station
from huanzhi.library.series import Store
from huanzhi.messages import language, text
from huanzhi.programmes.portal.drafting import Made, Wanted, drafts, paragraph, rows_of
from huanzhi.programmes.spans import parse_span
from huanzhi.programmes.status_report.regions import region_report
from huanzhi.standards.periods import CHINA

ANSWERED = ("replied", "closed", "reviewed", "rechecked")
"""States of petitions whose reply two people have approved."""


@drafts("notice")
def notice(wanted: Wanted, store: Store) -> Made:
    """Return a notice as it was written, one paragraph a line."""
    lines = [one.strip() for one in wanted.words.splitlines() if one.strip()]
    return Made(tuple(Paragraph(one) for one in lines), {}, wanted.region.simulated)


@drafts("status_report")
def status(wanted: Wanted, store: Store) -> Made:
    """Return the status report of a region."""
    found = region_report(store, parse_span(wanted.period), wanted.region, wanted.today)
    return Made(without(found.document.blocks, hidden_places(store)), found.data, found.simulated)


@drafts("figures")
def figures(wanted: Wanted, store: Store) -> Made:
    """Return the figures of air and water of a region: the tables and charts of its status report."""
    found = region_report(store, parse_span(wanted.period), wanted.region, wanted.today)
    kept = without(found.document.blocks, hidden_places(store))
    shown = tuple(one for one in kept if isinstance(one, Table | Chart) and one.key not in _NO_FIGURES)
    head = paragraph("publications.figures_words", span=parse_span(wanted.period).words())
    return Made((head, *shown) if shown else (), found.data, found.simulated)


_NO_FIGURES = ("registers", "affairs", "below", "coverage")


def hidden_places(store: Store) -> tuple[str, ...]:
    """Return the names of places that are not public: they are counted, and named in nothing public."""
    known = {one.code: one.sensitivity for model in (Station, Section) for one in model.objects.all()}
    told = ((one, one.attributes.get("sensitivity", "internal")) for one in store.features())
    return tuple(one.name for one, said in told if known.get(one.code, said) != "public" and one.name)


def without(blocks: Iterable[Block], names: Sequence[str]) -> tuple[Block, ...]:
    """Return blocks in which no row and no sentence names one of these places."""
    hidden = [name for name in names if len(name) > 1]
    return tuple(_without(block, hidden) for block in blocks)


def _without(block: Block, hidden: Sequence[str]) -> Block:
    if isinstance(block, Paragraph):
        told = block.text
        for name in hidden:
            told = told.replace(name, text("publications.place_not_public"))
        return Paragraph(told)
    if not isinstance(block, Table):
        return block
    names = frozenset(hidden)
    kept = [row for row in block.rows if not any(str(cell).split("（")[0] in names for cell in row)]
    left = len(block.rows) - len(kept)
    note = block.note + text("publications.places_not_named", number=left) if left else block.note
    return replace(block, rows=kept, note=note)


@drafts("plan_progress")
def plan_progress(wanted: Wanted, store: Store) -> Made:
    """Return how the measures of plans stand: who leads, due, state, progress; none of the returns."""
    rows = list(
        Measure.objects.filter(region__path__startswith=wanted.region.path)
        .select_related("lead", "document")
        .order_by("document", "no", "pk")
    )
    if not rows:
        return Made((), {})
    states = {code: one[language()] for code, one in plan_settings()["state"].items()}
    cells = [_measure(one, states, wanted.today) for one in rows]
    table = Table("measures", text("publications.measures"), _columns("measure", *_MEASURE), cells)
    names = ("measure", *(name for name, _ in _MEASURE))
    done = sum(one.state == "finished" for one in rows)
    late = sum(one.overdue(wanted.today) for one in rows)
    head = paragraph("publications.plan_words", number=len(rows), done=done, late=late)
    counts = Counter(states[one.state] for one in rows)
    chart = _counted("measures_chart", text("publications.measures_by_state"), counts)
    return Made((head, chart, table), {"rows": rows_of(names, cells)}, any(one.simulated for one in rows))


_MEASURE = (("lead", False), ("due", False), ("state", False), ("percent", True), ("plan", False))


def _measure(one: Measure, states: dict[str, str], today: date) -> tuple[Any, ...]:
    lead = one.lead.name if one.lead else one.lead_name or None
    late = text("publications.late") if one.overdue(today) else ""
    due = one.due.isoformat() if one.due else None
    return (one.title, lead, due, states[one.state] + late, one.percent, one.document.title)


@drafts("rectification")
def rectification(wanted: Wanted, store: Store) -> Made:
    """Return the results of rectification whose words were approved for everybody."""
    found = open_rows()
    if not found:
        return Made((), {})
    names = ("title", "lead", "target", "term", "done_on", "words")
    cells = [tuple(_cell(row.get(name)) for name in names) for row in found]
    columns = _columns("task", *((name, False) for name in names[1:]))
    table = Table("rectification", text("publications.rectification"), columns, cells)
    head = paragraph("publications.rectification_words", number=len(found))
    return Made((head, table), {"rows": rows_of(names, cells)}, any(row.get("simulated") for row in found))


@drafts("petition_results")
def petition_results(wanted: Wanted, store: Store) -> Made:
    """Return what came of petitions answered in a period: kind, township, finding, masked reply."""
    span = parse_span(wanted.period)
    begin, end = (datetime.fromtimestamp(moment, UTC) for moment in (span.start, span.end))
    rows = list(
        Petition.objects.filter(
            state__in=ANSWERED,
            replied__gte=begin,
            replied__lt=end,
            region__path__startswith=wanted.region.path,
        )
        .exclude(reply="")
        .select_related("region")
        .order_by("replied", "pk")
    )
    if not rows:
        return Made((), {})
    cells = [_petition(one) for one in rows]
    names = ("category", "where", "received", "verdict", "reply")
    columns = _columns("category", *((name, False) for name in names[1:]))
    table = Table(
        "petitions", text("publications.petitions"), columns, cells, text("publications.petitions_note")
    )
    counts = Counter(str(cell[0]) for cell in cells)
    chart = _counted("petitions_chart", text("publications.petitions_by_kind"), counts)
    head = paragraph("publications.petition_words", span=span.words(), number=len(rows))
    return Made((head, chart, table), {"rows": rows_of(names, cells)}, any(one.simulated for one in rows))


def _petition(one: Petition) -> tuple[Any, ...]:
    category = issue_settings()["category"][one.category][language()]
    verdict = petition_words().choices["verdict"].get(one.verdict, {}).get(language())
    month = f"{one.received.astimezone(CHINA):%Y-%m}"
    return (category, one.region.name, month, verdict, masked(one.reply))


@drafts("key_list")
def key_list(wanted: Wanted, store: Store) -> Made:
    """Return the key units 环境监管重点单位 of a region; what is public of an enterprise and no more."""
    rows = list(
        Enterprise.objects.filter(key_unit=True, region__path__startswith=wanted.region.path)
        .exclude(sensitivity="restricted")
        .select_related("region")
        .order_by("region__code", "code")
    )
    if not rows:
        return Made((), {})
    cells = [(one.name, one.code, one.region.name, one.industry or None) for one in rows]
    names = ("enterprise", "credit_code", "where", "industry")
    columns = _columns("enterprise", *((name, False) for name in names[1:]))
    table = Table("key_units", text("publications.key_units"), columns, cells)
    head = paragraph("publications.key_words", year=wanted.today.year, number=len(rows))
    return Made((head, table), {"rows": rows_of(names, cells)}, any(one.simulated for one in rows))


def _columns(first: str, *more: tuple[str, bool]) -> tuple[Column, ...]:
    wide = {"reply": 4.0, "words": 4.0, "target": 2.5, "plan": 2.0}
    return (
        Column(text(f"publications.column_{first}"), width=2.0),
        *(
            Column(text(f"publications.column_{name}"), numeric=numeric, width=wide.get(name, 1.2))
            for name, numeric in more
        ),
    )


def _counted(key: str, caption: str, counts: Counter[str]) -> Chart:
    names = [name for name, _ in counts.most_common()]
    values: Sequence[int] = [counts[name] for name in names]
    return Chart(key, caption, "bar", names, (Series(text("publications.number"), values),), labels=True)


def _cell(value: object) -> str | None:
    return None if value in (None, "") else str(value)

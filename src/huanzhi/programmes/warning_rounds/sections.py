"""Sections 断面预警: three colours by month, the Yangtze rule by quarter, by the targets of each day.

A month that is not over has a colour by its values so far, and warns by the daily means of its days alone.
What lacks a target, or has no value, is unknown: nothing is said to be in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, cast

from huanzhi import standards
from huanzhi.assess.target_ratio import target_ratios
from huanzhi.center.warnings.judging import ask
from huanzhi.center.warnings.keeping import release
from huanzhi.center.warnings.models import SectionState, Warning
from huanzhi.center.warnings.raising import Finding, raise_or_hold
from huanzhi.errors import StandardError
from huanzhi.library.places.models import Region, Section
from huanzhi.library.places.targets import targets_on
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import Feature, Store
from huanzhi.programmes.spans import Span, parse_span
from huanzhi.programmes.status_report.water_figures import judge_sections
from huanzhi.programmes.water_sections import KINDS, read_sections
from huanzhi.standards.parameters import find
from huanzhi.standards.periods import CHINA, Period

INDEX = "HJ 2.3"
MONTHS_BACK = 3
"""Months in a row that are looked at. The rule asks for two."""
DAYS_BACK = 5
RISK_FROM = 6
"""Months with values from which the mean of the year so far tells of a risk for the year's target. Ours."""
RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a section stood over a span.

    Attributes
    ----------
    number, name : int, str
        Class; 0 where it has none.
    ratios : mapping
        Item → exact share of the limit of the target.
    target : int
        Number of the target class, 0 where none is known.
    worst : int
        Number of the class beyond all limits.
    """

    number: int
    name: str
    ratios: Mapping[str, Fraction]
    target: int
    worst: int
    target_name: str
    reference: int

    @property
    def over(self) -> bool | None:
        """Whether it was worse than its target; None where that is not known."""
        return self.number > self.target if self.number and self.target else None

    @property
    def item(self) -> str:
        """Item nearest to its limit, or farthest beyond."""
        return max(self.ratios, key=lambda name: self.ratios[name]) if self.ratios else ""

    @property
    def ratio(self) -> Fraction | None:
        """Share of that item."""
        return self.ratios[self.item] if self.ratios else None


class OnPeriod:
    """A store of which only one period is seen."""

    def __init__(self, store: Store, period: Period) -> None:
        self.store, self.period = store, period

    def features(self, *given: Any, **more: Any) -> list[Feature]:
        """Return the features of the store."""
        return self.store.features(*given, **more)

    def range(self, features: Any, parameters: Any, period: Any, start: Any, end: Any) -> Any:
        """Return the observations of that period."""
        return self.store.range(features, parameters, self.period, start, end)


def standings(store: Store, span: Span, codes: Sequence[str]) -> dict[str, Standing]:
    """Return how sections stood over a span, by code, by the editions and targets of its last day."""
    try:
        found = read_sections(store, span, codes=codes)
        index = standards.in_force(INDEX, span.last)
    except StandardError:
        return {}
    if not found.features:
        return {}
    judged = judge_sections(found)
    rules = judged.rules
    given = targets_on(span.last, codes)
    made = {}
    for place, feature in enumerate(found.features):
        written = given.get(feature.code) or str(feature.attributes.get("target", ""))
        target = rules.class_number(written) if written and rules.has_class(written) else 0
        number = int(judged.overall[place])
        ratios = target_ratios(judged, target, place, index) if target else {}
        names = rules.class_name(number), rules.class_name(target)
        made[feature.code] = Standing(
            number, names[0], ratios, target, rules.worst, names[1], rules.reference
        )
    return made


def run(store: Store, now: datetime) -> dict[str, int]:
    """Judge the month before and this month, and the quarter before, for every section; raise and release."""
    today = now.astimezone(CHINA).date()
    codes = [one.code for one in store.features() if one.kind in KINDS]
    if not codes:
        return {"sections": 0, "raised": 0, "released": 0}
    look = Looking(store, codes)
    before = _count(), _count(state="open")
    for month in (month_before(today), month_of(today)):
        judge_month(look, month, now)
    judge_quarter(look, quarter_before(today), now)
    raised = _count() - before[0]
    return {"sections": len(codes), "raised": raised, "released": before[1] + raised - _count(state="open")}


def _count(**asked: str) -> int:
    return int(Warning.objects.filter(rule__in=("section_colour", "yangtze"), **asked).count())


class Looking:
    """Reads each span once."""

    def __init__(self, store: Store, codes: Sequence[str]) -> None:
        self.store, self.codes = store, list(codes)
        self.sections = {
            one.code: one for one in Section.objects.filter(code__in=codes).select_related("region")
        }
        self._read: dict[str, dict[str, Standing]] = {}

    def over(self, span: Span) -> dict[str, Standing]:
        """Return how the sections stood over a span."""
        key = span.code()
        if key not in self._read:
            self._read[key] = standings(self.store, span, self.codes)
        return self._read[key]

    def day(self, day: date) -> dict[str, Standing]:
        """Return how they stood by the daily means of one day."""
        key = f"day {day}"
        if key not in self._read:
            only = cast(Store, OnPeriod(self.store, Period.DAY))
            self._read[key] = standings(only, Span("days", day, day), self.codes)
        return self._read[key]

    def region(self, code: str) -> Region | None:
        """Return the region of a section; None where the register does not know it."""
        row = self.sections.get(code)
        return row.region if row is not None else None

    def name(self, code: str) -> str:
        """Return the name of a section."""
        row = self.sections.get(code)
        return row.name if row is not None else code


def judge_month(look: Looking, month: Span, now: datetime) -> None:
    """Judge every section over a month by three colours; keep the states, raise and release warnings."""
    final = month.last < now.astimezone(CHINA).date()
    here = look.over(month)
    for code in look.codes:
        standing = here.get(code)
        inputs = _inputs(look, code, standing, month, final, now)
        judged = _ask("section_warning", month.last, look.region(code), inputs)
        colour = _colour(judged)
        state = _keep(look, code, "three_colour", month, colour, judged, standing, final, now)
        if not final and colour != "unknown":
            judged = _ask(
                "section_warning", month.last, look.region(code), {"days_over": inputs["days_over"]}
            )
            colour = _colour(judged)
        if colour in ("yellow", "orange", "red"):
            _raise(look, state, colour, month, judged, now)
        elif colour == "none" and final:
            _release(code, month, now)


def _colour(judged: Mapping[str, Any]) -> str:
    return str(judged.get("outputs", {}).get("colour", "unknown")) if judged else "unknown"


def _inputs(
    look: Looking, code: str, standing: Standing | None, month: Span, final: bool, now: datetime
) -> dict[str, Any]:
    """Return what the rulebook is asked of a section; of a month that is not over, what is known so far."""
    days = _days_over(look, code, min(month.last, now.astimezone(CHINA).date() - timedelta(days=1)))
    if standing is None or not standing.target:
        return {"days_over": days}
    ratio = standing.ratio
    if not final:
        return {
            "month_ratio": _decimal(ratio) if ratio is not None else None,
            "days_over": days,
            "worse_than_v": standing.number == standing.worst,
        }
    before = look.over(month.year_before()).get(code)
    drop = standing.number - before.number if before is not None and before.number else None
    return {
        "month_ratio": _decimal(ratio) if ratio is not None else None,
        "months_over": _months_over(look, code, month),
        "days_over": days,
        "class_drop": drop if drop is not None and not standing.over else None,
        "worse_than_v": standing.number == standing.worst,
        "year_at_risk": _at_risk(look, code, month),
    }


def _decimal(ratio: Fraction) -> str:
    """Return a ratio with six decimals, never rounded onto a limit from beyond it."""
    scaled = -(-ratio.numerator * 10**6 // ratio.denominator)
    return f"{scaled // 10**6}.{scaled % 10**6:06d}"


def _months_over(look: Looking, code: str, month: Span) -> int:
    count, here = 0, month
    while count < MONTHS_BACK:
        standing = look.over(here).get(code)
        if standing is None or not standing.over:
            break
        count, here = count + 1, month_before(here.first)
    return count


def _days_over(look: Looking, code: str, last: date) -> int | None:
    """Return the days in a row up to `last` whose daily means were over target; None without any."""
    day, count = last, 0
    first = look.day(day).get(code)
    if first is None or first.over is None:
        return None
    while count < DAYS_BACK:
        standing = look.day(day).get(code)
        if standing is None or not standing.over:
            break
        day, count = day - timedelta(days=1), count + 1
    return count


def _at_risk(look: Looking, code: str, month: Span) -> bool | None:
    """Return whether the mean of the year so far misses the target; None until enough months are known."""
    months = [month_of(month.first.replace(month=number)) for number in range(1, month.first.month + 1)]
    if sum(code in look.over(one) for one in months) < RISK_FROM:
        return None
    standing = look.over(Span("days", month.first.replace(month=1), month.last)).get(code)
    return standing.over if standing is not None else None


def _ask(book: str, day: date, region: Region | None, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Ask a rulebook that is in force there; nothing where none is."""
    if not any(value is not None for value in inputs.values()):
        return {}
    try:
        return ask(book, day, region.code if region else "", inputs)
    except StandardError:
        return {}


def _keep(
    look: Looking,
    code: str,
    scheme: str,
    span: Span,
    colour: str,
    judged: Mapping[str, Any],
    standing: Standing | None,
    final: bool,
    now: datetime,
) -> SectionState:
    """Write how a section stands, where that is new."""
    row = SectionState.objects.filter(section=code, scheme=scheme, period=span.code()).first()
    row = row or SectionState(
        code=f"{code}/{scheme}/{span.code()}", section=code, scheme=scheme, period=span.code()
    )
    before = _shown(row) if row.pk else None
    section = look.sections.get(code)
    row.name, row.region = look.name(code), look.region(code)
    row.simulated = bool(section and section.simulated)
    row.colour, row.judged, row.final = colour, dict(judged), final
    row.measured = standing.name if standing else ""
    row.target = standing.target_name if standing else ""
    row.item = standing.item if standing else ""
    row.ratio = _decimal(standing.ratio) if standing and standing.ratio is not None else ""
    row.computed = now
    if _shown(row) != before:
        save(SYSTEM, row, f"{scheme} {span.code()}")
    return row


def _shown(row: SectionState) -> tuple[object, ...]:
    asked = row.judged.get("inputs"), row.judged.get("digest")
    return (
        row.name,
        row.region_id,
        row.colour,
        row.measured,
        row.target,
        row.item,
        row.ratio,
        row.final,
        asked,
    )


def _raise(
    look: Looking, state: SectionState, colour: str, span: Span, judged: Mapping[str, Any], now: datetime
) -> None:
    item = find(state.item, "water") if state.item else None
    facts = {
        name: value
        for name, value in judged["inputs"].items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    words = {
        language: {
            "period": span.code(),
            "measured": state.measured or "—",
            "target": state.target or "—",
            "worst": (item.name_en if language == "en" else item.name) if item else state.item or "—",
            "ratio": state.ratio or "—",
        }
        for language in ("zh", "en")
    }
    finding = Finding(
        "section_colour",
        state.section,
        datetime.combine(span.first, datetime.min.time(), CHINA)
        if state.final
        else now.replace(microsecond=0),
        (item.code,) if item else (),
        facts=facts,
        version=str(judged["version"]),
        colour=colour,
        judged={**judged, "words": words, "side": "max"},
        region=look.region(state.section),
        simulated=state.simulated,
    )
    row = raise_or_hold(finding, now)
    if row is not None and state.warning != row.code:
        state.warning = row.code
        save(SYSTEM, state)


def _release(code: str, month: Span, now: datetime) -> None:
    """End the warning of a section that has kept its target for as many months as the rulebook asked."""
    row = Warning.objects.filter(rule="section_colour", subject=code, state="open").first()
    if row is None:
        return
    asked = row.judged.get("outputs", {})
    months, most = int(asked.get("release_months") or 1), Fraction(str(asked.get("release_ratio") or 1))
    begun = row.since.astimezone(CHINA).date()
    here = month
    for _ in range(months):
        state = SectionState.objects.filter(
            section=code, scheme="three_colour", period=here.code(), final=True
        ).first()
        if state is None or not state.ratio or Fraction(state.ratio) > most or here.last < begun:
            return
        here = month_before(here.first)
    release(row, now, RECOVERED)


def judge_quarter(look: Looking, quarter: Span, now: datetime) -> None:
    """Judge every section of the provinces of the Yangtze rule over a quarter that is over."""
    month = month_of(quarter.last)
    year = Span("days", quarter.first.replace(month=1), quarter.last)
    former = look.over(month.year_before()), look.over(year.year_before())
    here = look.over(month), look.over(year)
    seen = set()
    for code in look.codes:
        now_here, before = [one.get(code) for one in here], [one.get(code) for one in former]
        if any(one is None or not one.number for one in (*now_here, *before)):
            continue
        inputs = _quarter_inputs(cast(list[Standing], now_here), cast(list[Standing], before))
        judged = _ask("yangtze_warning", quarter.last, look.region(code), inputs) if inputs else {}
        if not judged:
            continue
        level = str(judged["outputs"].get("level", "none"))
        colour = {"1": "red", "2": "orange"}.get(level, "none")
        state = _keep(look, code, "yangtze", quarter, colour, judged, now_here[0], True, now)
        if colour != "none":
            seen.add(code)
            _raise_quarter(look, state, quarter, judged, now)
    _release_quarters(seen, quarter, now)


def _quarter_inputs(here: list[Standing], before: list[Standing]) -> dict[str, Any]:
    if not here[1].target:
        return {}
    return {
        "month_drop": here[0].number - before[0].number,
        "year_drop": here[1].number - before[1].number,
        "below_iii": all(one.number > one.reference for one in here),
        "target_missed": bool(here[1].over),
    }


def _raise_quarter(
    look: Looking, state: SectionState, quarter: Span, judged: Mapping[str, Any], now: datetime
) -> None:
    words = {language: {"period": quarter.code()} for language in ("zh", "en")}
    finding = Finding(
        "yangtze",
        state.section,
        datetime.combine(quarter.last, datetime.min.time(), CHINA),
        facts={name: value for name, value in judged["inputs"].items() if isinstance(value, int)},
        version=str(judged["version"]),
        colour=state.colour,
        judged={**judged, "words": words},
        region=look.region(state.section),
        simulated=state.simulated,
    )
    row = raise_or_hold(finding, now)
    if row is not None and state.warning != row.code:
        state.warning = row.code
        save(SYSTEM, state)


def _release_quarters(seen: Iterable[str], quarter: Span, now: datetime) -> None:
    """End the warnings of earlier quarters whose section is not met by the rule any more."""
    begun = datetime.combine(quarter.last, datetime.min.time(), CHINA)
    rows = Warning.objects.filter(rule="yangtze", state="open", since__lt=begun)
    judged = set(
        SectionState.objects.filter(scheme="yangtze", period=quarter.code()).values_list("section", flat=True)
    )
    for row in rows.exclude(subject__in=list(seen)):
        if row.subject in judged:
            release(row, now, RECOVERED)


def month_of(day: date) -> Span:
    """Return the month of a day."""
    return parse_span(f"{day:%Y-%m}")


def month_before(day: date) -> Span:
    """Return the month before that of a day."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def quarter_before(day: date) -> Span:
    """Return the last quarter that is over on a day."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    return parse_span(f"{first.year}Q{(first.month + 2) // 3}")

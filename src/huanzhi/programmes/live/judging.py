"""Judging 实时评价: what limits and classes say of the newest rows, and of places by their newest hour.

The rules are those of the map (`atlas.judging`) and of the pages of places (`programmes.place.limits`). A
single hour is shown against its class for orientation: no document grades a section by one hour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.atlas.judging import Asked, judged
from huanzhi.atlas.seen import Seen
from huanzhi.errors import InputError, StandardError
from huanzhi.library.events import Newest
from huanzhi.library.series import Feature
from huanzhi.network.quality.held import is_main
from huanzhi.programmes.live.cells import Cell, Standing
from huanzhi.programmes.place.limits import NOT_JUDGED, LimitStep, beyond, limit_steps
from huanzhi.programmes.place.subject import PermitTerm, Subject
from huanzhi.standards.air import ITEMS
from huanzhi.standards.periods import Period, china_date

JUDGES = {"air": "aqi", "water": "surface_water", "groundwater": "groundwater", "outlet": "permit"}
JOINT = {"aqi": "aqi", "surface_water": "class", "groundwater": "class", "permit": "ratio"}
_AIR_ITEMS = frozenset(item.parameter.code for item in ITEMS)

Levels = dict[tuple[str, str], int]


class Judging:
    """Keeps the newest hour of every place; belongs to one thread.

    Attributes
    ----------
    permits : mapping
        Feature → parameter → limit of the permit.
    """

    def __init__(self) -> None:
        self.permits: Mapping[str, Mapping[str, Any]] = {}
        self._subjects: dict[str, Subject] = {}
        self._hours: dict[str, dict[str, Seen]] = defaultdict(dict)
        self._limits: dict[tuple[object, ...], tuple[LimitStep, ...]] = {}

    def know(self, features: Mapping[str, Feature], permits: Mapping[str, Mapping[str, Any]]) -> None:
        """Take over places and permits."""
        self.permits = permits
        self._subjects = {
            code: Subject(one, tuple(terms(permits.get(code, {})))) for code, one in features.items()
        }
        self._limits.clear()

    def judge(self, rows: Sequence[Newest]) -> tuple[list[Cell], dict[str, Standing]]:
        """Return the cells of rows, and how the places stand of which a new hour has come."""
        known = [row for row in rows if row.feature in self._subjects]
        hours = [row for row in known if row.period == Period.HOUR and is_main(row.parameter)]
        for row in hours:
            self._hours[row.feature][row.parameter] = Seen(
                row.value, row.decimals, row.state, row.flag, row.time
            )
        standings, levels = self._stand({row.feature for row in hours}, {row.parameter for row in hours})
        return [self._cell(row, levels) for row in known], standings

    def _cell(self, row: Newest, levels: Levels) -> Cell:
        subject = self._subjects[row.feature]
        level = levels.get((row.feature, row.parameter), 0) if row.period == Period.HOUR else 0
        limit, exceeds = self._against(subject, row) if is_main(row.parameter) else (None, None)
        return Cell(row, subject.feature, limit, exceeds, JUDGES.get(subject.family, ""), level)

    def _against(self, subject: Subject, row: Newest) -> tuple[LimitStep | None, bool | None]:
        """Return the limit in force and whether the value exceeds it."""
        key = (row.feature, row.parameter, row.period, china_date(row.time))
        steps = self._limits.get(key)
        if steps is None:
            steps = limit_steps(subject, row.parameter, Period(row.period), row.time, row.time + 1)
            steps = self._limits[key] = tuple(steps)
        shown = steps[-1] if steps else None
        if shown is None or not any(step.applies for step in steps) or DeviceFlag(row.flag) & NOT_JUDGED:
            return shown, None
        if row.value is None or row.state not in (State.VALUE, State.BELOW_DETECTION):
            return shown, None
        if row.state == State.BELOW_DETECTION:
            return shown, False
        over = self._beyond(steps, Fraction(row.value, 10**row.decimals))
        return over or shown, over is not None

    def _beyond(self, steps: Sequence[LimitStep], value: Fraction) -> LimitStep | None:
        return beyond(steps, steps[0].start, value)

    def _stand(self, places: set[str], parameters: set[str]) -> tuple[dict[str, Standing], Levels]:
        groups: dict[str, list[str]] = defaultdict(list)
        for code in places:
            judge = JUDGES.get(self._subjects[code].family)
            if judge is not None:
                groups[judge].append(code)
        standings: dict[str, Standing] = {}
        levels: Levels = {}
        for judge, codes in groups.items():
            rows = {code: self._rows(judge, code) for code in codes}
            rows = {code: row for code, row in rows.items() if row}
            standings |= self._verdicts(judge, rows)
            for parameter in parameters:
                with_it = {code: row for code, row in rows.items() if parameter in row}
                found = _asked(judge, with_it, parameter, self.permits)
                levels |= {(code, parameter): verdict.level for code, verdict in found.items()}
        return standings, levels

    def _rows(self, judge: str, code: str) -> dict[str, Seen]:
        held = self._hours[code]
        return {name: seen for name, seen in held.items() if judge != "aqi" or name in _AIR_ITEMS}

    def _verdicts(self, judge: str, rows: Mapping[str, Mapping[str, Seen]]) -> dict[str, Standing]:
        found = _asked(judge, rows, JOINT[judge], self.permits)
        return {
            code: Standing(judge, verdict.level, verdict.number, verdict.by, verdict.time)
            for code, verdict in found.items()
        }


def terms(permits: Mapping[str, Any]) -> Iterator[PermitTerm]:
    """Go through the limits of a permit as the device register holds them."""
    for code, given in permits.items():
        shaped = given if isinstance(given, Mapping) else {"value": given}
        value = next((shaped[name] for name in ("value", "limit", "max") if name in shaped), None)
        if value is not None:
            named = (str(shaped.get(name, "")) for name in ("unit", "standard", "clause"))
            yield PermitTerm(code, str(shaped.get("averaging", "")), Decimal(str(value)), None, *named)


def _asked(
    judge: str,
    rows: Mapping[str, Mapping[str, Seen]],
    parameter: str,
    limits: Mapping[str, Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Ask a rule; where a value is impossible, ask of each place by itself and leave that one out."""
    try:
        return judged(judge, rows, Asked(parameter, 0, limits))
    except (InputError, StandardError):
        if len(rows) < 2:
            return {}
    return _merged(_asked(judge, {code: row}, parameter, limits) for code, row in rows.items())


def _merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {code: verdict for part in parts for code, verdict in part.items()}

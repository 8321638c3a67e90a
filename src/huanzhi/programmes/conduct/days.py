"""Days of outlets 排放口日判定: from a word for each day and parameter to days over and runs of days within.

Pure: words of `enterprise_file.judging` in, occurrences out. A day is within if every parameter that the
outlet sends at all is judged and none is over; a day with data missing or of standstill is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from huanzhi.ecocode.occurrence import Occurrence

DAY = timedelta(days=1)
OVER, WITHIN, NEITHER = "over", "within", "neither"
EXCEEDANCE, RUN = "exceedance_day", "compliant_run"


@dataclass(frozen=True, slots=True)
class Excess:
    """How far a parameter was over on a day."""

    value: str
    limit: str
    unit: str
    times: str
    standard: str = ""


@dataclass(frozen=True, slots=True)
class OutletDays:
    """One outlet over days from `first`: words by parameter, and how far over it was."""

    enterprise: str
    outlet: str
    name: str
    first: date
    words: Mapping[str, Sequence[str]]
    excess: Mapping[tuple[str, date], Excess]
    simulated: bool = False

    @property
    def number(self) -> int:
        """How many days."""
        return max((len(one) for one in self.words.values()), default=0)

    def state(self, place: int) -> str:
        """Return how the outlet stood on a day: ``over``, ``within`` or ``neither``."""
        sent = [one[place] for one in self.words.values() if WITHIN in one or OVER in one]
        due = [word for word in sent if word != "none"]
        if OVER in due:
            return OVER
        return WITHIN if due and all(word == WITHIN for word in due) else NEITHER


def exceedances(
    days: OutletDays, since: date, most: int, names: Mapping[str, tuple[str, str]]
) -> Iterator[Occurrence]:
    """Yield the days over a limit from `since` on, each with how many in a row it is the last of.

    Parameters
    ----------
    most : int
        More days in a row are counted as that many.
    names : mapping
        Chinese and English name of a parameter.
    """
    for parameter, words in sorted(days.words.items()):
        row = 0
        for place, word in enumerate(words):
            row = row + 1 if word == OVER else 0
            day = days.first + place * DAY
            if row and day >= since:
                yield _exceedance(days, parameter, day, min(row, most), names)


def _exceedance(
    days: OutletDays, parameter: str, day: date, row: int, names: Mapping[str, tuple[str, str]]
) -> Occurrence:
    zh, en = names.get(parameter, (parameter, parameter))
    over = days.excess.get((parameter, day))
    facts: dict[str, object] = {"outlet": days.outlet, "parameter": parameter, "days_in_row": row}
    told = ""
    if over is not None:
        facts |= {"value": over.value, "limit": over.limit, "unit": over.unit, "multiple": over.times}
        facts["standard"] = over.standard
        told = f" {over.value} > {over.limit} {over.unit}"
    return Occurrence(
        days.enterprise,
        EXCEEDANCE,
        f"{days.outlet}:{parameter}:{day:%Y%m%d}",
        day,
        None,
        facts,
        (f"{days.name} {zh} 日均值超标{told}", f"{days.name} {en} daily mean over the limit{told}"),
        f"/places/{days.outlet}?parameter={parameter}",
        days.simulated,
    )


def runs(days: OutletDays, since: date, open_since: date | None) -> Iterator[Occurrence]:
    """Yield the runs of days within; the last has no end while it goes on.

    Parameters
    ----------
    open_since : date, optional
        First day of a run that is known to reach `since`.
    """
    begun: date | None = open_since
    for place in range((since - days.first).days, days.number):
        day = days.first + place * DAY
        if days.state(place) == WITHIN:
            begun = begun or day
        elif begun is not None:
            yield _run(days, begun, day)
            begun = None
    if begun is not None:
        yield _run(days, begun, None)


def _run(days: OutletDays, begun: date, until: date | None) -> Occurrence:
    return Occurrence(
        days.enterprise,
        RUN,
        f"{days.outlet}:{begun:%Y%m%d}",
        begun,
        until,
        {"outlet": days.outlet},
        (f"{days.name} 连续达标", f"{days.name} within the limits"),
        f"/places/{days.outlet}",
        days.simulated,
    )

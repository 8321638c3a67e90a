"""Which law 从旧兼从轻: judged by the days of the act; what is not plain is a question for the officer.

The environmental code judges acts from its first day on. An act before it falls under the law of its time
unless the code is lighter; whether it is, no table decides here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huanzhi.center.enforcement.settings import code_from, settings
from huanzhi.messages import text


@dataclass(frozen=True, slots=True)
class Question:
    """What the days of an act say about the law.

    Attributes
    ----------
    law : str
        ``new`` where it is plain; empty where an officer has to judge.
    key : str
        Message that says why.
    """

    law: str
    key: str
    basis: str

    def words(self) -> str:
        """Return the reason in the reader's language."""
        return text(self.key, day=code_from().isoformat(), basis=self.basis)


def judge(first: date | None, last: date | None) -> Question:
    """Return which law judges an act from `first` to `last`, or the question to an officer."""
    begin, transition = code_from(), str(settings()["code"]["transition"])
    if first is None:
        return Question("", "cases.law_no_day", transition)
    if first >= begin:
        return Question("new", "cases.law_new", transition)
    if last is not None and last >= begin:
        return Question("", "cases.law_both", transition)
    return Question("", "cases.law_old", transition)


def limitation(first: date | None, last: date | None, law: str, *, harm: bool) -> tuple[date | None, str]:
    """Return the last day of the limitation 追责期限 and its basis; no day where the act has none.

    Parameters
    ----------
    harm : bool
        Whether life, health or the environment was harmed, so that the longer term holds.
    """
    rule = settings()["limitation"]["new" if law == "new" else "old"]
    end = last or first
    if end is None or not law:
        return None, str(rule["basis"])
    years = int(rule["harm_years"] if harm else rule["other_years"])
    return _years_later(end, years), str(rule["basis"])


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)

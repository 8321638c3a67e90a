"""Scores 发现得分: issues against the truth log."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from huanzhi.center.watching.watch import Issue
from huanzhi.city.model import description
from huanzhi.city.violations import Violation
from huanzhi.city.world import City
from huanzhi.standards.periods import HOUR

EARLY, LATE = HOUR, 24 * HOUR
"""Seconds before a violation begins and after it has ended in which an issue may still be about it. Ours."""


UNREGISTERED = "unpermitted_workshop"
NEAR, FAR = 0.5, 1.5
"""Kilometres within which an issue names the source that nobody registered, and is about it at all. Ours."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well violations were found; shares are None where there is nothing to share.

    Attributes
    ----------
    committed, issues : int
        Violations; issues that were opened.
    found, false, culprit_first : float or None
        Share of violations with an issue; of issues without a violation; of found ones whose first suspect is
        the culprit.
    median_minutes : float or None
        From the beginning of a violation to its issue.
    """

    committed: int
    issues: int
    found: float | None
    false: float | None
    culprit_first: float | None
    median_minutes: float | None


@dataclass(frozen=True, slots=True)
class Match:
    """A violation and the moment [s UTC] at which an issue first told of it."""

    violation: Violation
    issue: Issue | None
    at: int | None


def matches(city: City, violations: Sequence[Violation], issues: Sequence[Issue]) -> list[Match]:
    """Return each violation with the issue about it, if there is one."""
    return [_match(city, violation, issues) for violation in violations]


def _match(city: City, violation: Violation, issues: Sequence[Issue]) -> Match:
    best: Match = Match(violation, None, None)
    for issue in issues:
        for warned in issue.warnings:
            near = violation.start - EARLY <= warned.since <= violation.end + LATE
            if (
                near
                and _about(city, violation, issue, warned.sign.place)
                and (best.at is None or warned.since < best.at)
            ):
                best = Match(violation, issue, warned.since)
    return best


def _about(city: City, violation: Violation, issue: Issue, place: str) -> bool:
    if violation.kind == UNREGISTERED:
        return _apart(city, violation, issue) <= FAR
    return bool({violation.place, violation.culprit} & {place, issue.place, *issue.suspects})


def _first(city: City, match: Match) -> bool:
    """Return whether the first suspect of the issue is the culprit; of what nobody registered, its place."""
    if match.issue is None:
        return False
    if match.violation.kind == UNREGISTERED:
        return _apart(city, match.violation, match.issue) <= NEAR
    return match.issue.suspects[:1] == (match.violation.culprit,)


def _apart(city: City, violation: Violation, issue: Issue) -> float:
    """Return how far from the truth an issue puts a source that nobody has registered [km]."""
    shop = next(shop for shop in city.workshops if shop.code == violation.place)
    found = [warned.sign.facts for warned in issue.warnings if "lon" in warned.sign.facts]
    table = description()["map"]
    return min(
        (
            math.hypot(
                (facts["lon"] - shop.place.lon) / table["east_degrees_per_km"],
                (facts["lat"] - shop.place.lat) / table["north_degrees_per_km"],
            )
            for facts in found
        ),
        default=math.inf,
    )


def score(city: City, violations: Sequence[Violation], issues: Sequence[Issue]) -> Score:
    """Return the score of issues."""
    each = matches(city, violations, issues)
    hits = [match for match in each if match.issue is not None]
    about = {id(match.issue) for match in hits}
    idle = [issue for issue in issues if id(issue) not in about and not _late_of(city, violations, issue)]
    first = [match for match in hits if _first(city, match)]
    minutes = [max(m.at - m.violation.start, 0) / 60 for m in hits if m.at is not None]
    return Score(
        len(each),
        len(issues),
        _share(len(hits), len(each)),
        _share(len(idle), len(issues)),
        _share(len(first), len(hits)),
        round(median(minutes), 1) if minutes else None,
    )


def _late_of(city: City, violations: Sequence[Violation], issue: Issue) -> bool:
    """Return whether an issue is about a violation that another issue told of before."""
    return any(
        violation.start - EARLY <= issue.at <= violation.end + LATE
        and _about(city, violation, issue, issue.place)
        for violation in violations
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None

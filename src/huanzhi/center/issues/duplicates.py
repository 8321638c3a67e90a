"""Duplicates 重复: which open issues may be the same problem; proposed, and decided by an officer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q

from huanzhi.center.issues.likeness import Seen, compare
from huanzhi.center.issues.models import Issue, Likeness
from huanzhi.center.issues.settings import settings
from huanzhi.center.issues.table import table
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append

MOST_COMPARED = 200
_DEGREE_M = 111_320.0


def note_likeness(issue: Issue) -> list[Likeness]:
    """Propose what an issue may be the same as; proposals that were decided stay decided."""
    known = settings()["likeness"]
    seen = _seen(issue)
    scored = [(compare(seen, _seen(other)), other) for other in _candidates(issue)]
    best = sorted((one for one in scored if one[0].score >= known["propose"]), key=lambda one: -one[0].score)
    made = []
    for alike, other in best[: known["most"]]:
        reasons = {**alike.parts, "metres": None if alike.metres is None else round(alike.metres)}
        row, _ = Likeness.objects.get_or_create(
            issue=issue, other=other, defaults={"score": alike.score, "reasons": reasons}
        )
        made.append(row)
    return made


def alike(issue: Issue) -> list[Likeness]:
    """Return the proposals for an issue, the likeliest first, from either side."""
    found = Likeness.objects.filter(Q(issue=issue) | Q(other=issue)).select_related("issue", "other")
    return sorted(found, key=lambda one: -one.score)


def dismiss(actor: Actor, issue: Issue, other: Issue, reason: str = "") -> None:
    """Say that two issues are not the same problem.

    Raises
    ------
    InputError
        If the actor may not decide on the issue, or nothing was proposed.
    """
    require(actor, "command", thing_of(issue))
    require(actor, "command", thing_of(other))
    pair = Q(issue=issue, other=other) | Q(issue=other, other=issue)
    if not Likeness.objects.filter(pair).update(state="dismissed", decided_by=actor.code):
        raise InputError("issues.not_alike", value=other.number)
    append(actor, "dismiss", Issue.KIND, issue.number, after={"not_the_same_as": other.number}, reason=reason)


def joined(issue: Issue, other: Issue, by: str) -> None:
    """Keep that two issues were found to be one."""
    pair = Q(issue=issue, other=other) | Q(issue=other, other=issue)
    Likeness.objects.filter(pair).update(state="joined", decided_by=by)


def _seen(issue: Issue) -> Seen:
    at = issue.since or issue.opened
    text = f"{issue.title} {issue.words}"
    return Seen(issue.category, text, at, issue.place, issue.enterprise, issue.lon, issue.lat)


def _candidates(issue: Issue) -> Any:
    known = settings()["likeness"]
    near = _near(issue, known["far_m"])
    if not near:
        return ()
    window = timedelta(days=known["window_days"])
    found = Issue.objects.filter(near, state__in=table().open_states(), opened__gte=issue.opened - window)
    return found.exclude(pk=issue.pk).order_by("-opened")[:MOST_COMPARED]


def _near(issue: Issue, metres: float) -> Q:
    near = Q()
    if issue.place:
        near |= Q(place=issue.place)
    if issue.enterprise:
        near |= Q(enterprise=issue.enterprise)
    if issue.lon is not None and issue.lat is not None:
        span = metres / _DEGREE_M
        box = (issue.lon - 2 * span, issue.lon + 2 * span)
        near |= Q(lon__range=box, lat__range=(issue.lat - span, issue.lat + span))
    return near

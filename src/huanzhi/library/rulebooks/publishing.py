"""Publishing 发布: every example passes, one person proposes, another decides, and it holds from a day on.

The day is not before today, but for a correction, which says why. A version published ends the one before
it at the same place on the day on which it begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from huanzhi import rules
from huanzhi.errors import InputError
from huanzhi.library.proposals import deciding
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.rights import Actor
from huanzhi.library.rulebooks.drafting import only_draft
from huanzhi.library.rulebooks.models import RulebookVersion, State
from huanzhi.library.trail.chain import append
from huanzhi.rules.checks import check
from huanzhi.standards.periods import CHINA

KIND = "publish_rulebook"


def propose(
    actor: Actor,
    draft: RulebookVersion,
    effective: date,
    *,
    reason: str,
    correction: bool = False,
    now: datetime | None = None,
) -> Proposal:
    """Propose that a draft is published from a day on.

    Raises
    ------
    InputError
        If it is no draft, an example fails, a row can never hit, or the day is over and it is no correction.
    """
    moment = now or datetime.now(UTC)
    only_draft(draft)
    ready(draft.book())
    _day(effective, correction, moment)
    return deciding.propose(
        actor,
        KIND,
        RulebookVersion.KIND,
        draft.code,
        reason=reason,
        now=moment,
        payload={
            "effective": effective.isoformat(),
            "correction": correction,
            "digest": rules.digest(draft.book()),
        },
        region=draft.region,
        simulated=draft.simulated,
    )


def ready(book: rules.Rulebook) -> None:
    """Check that a rulebook may be published.

    Raises
    ------
    InputError
        As `huanzhi.rules.checks.check`; ``rulebooks.examples`` if a worked example fails.
    """
    check(book)
    failed = rules.failures(book)
    if failed:
        raise InputError("rulebooks.examples", row=failed[0].number, reason=failed[0].fault)


def _day(effective: date, correction: bool, now: datetime) -> None:
    if effective < now.astimezone(CHINA).date() and not correction:
        raise InputError("rulebooks.day_over", column="effective", value=effective.isoformat())


def check_payload(payload: Mapping[str, Any]) -> None:
    """Check what a proposal says, however it was made."""
    try:
        date.fromisoformat(str(payload["effective"]))
    except (KeyError, ValueError):
        expected = "YYYY-MM-DD"
        raise InputError("rulebooks.payload", column="effective", expected=expected) from None
    if not isinstance(payload.get("digest"), str) or not isinstance(payload.get("correction"), bool):
        raise InputError("rulebooks.payload", column="digest, correction")


def publish(actor: Actor, proposal: Proposal) -> Mapping[str, Any]:
    """Publish what was proposed; `actor` is the second person."""
    draft = RulebookVersion.objects.select_for_update().filter(code=proposal.subject).first()
    if draft is None or draft.region_id != proposal.region_id:
        raise InputError("rulebooks.none", value=proposal.subject)
    only_draft(draft)
    if rules.digest(draft.book()) != proposal.payload["digest"]:
        raise InputError("rulebooks.changed", value=draft.code)
    effective = date.fromisoformat(proposal.payload["effective"])
    moment = proposal.decided or datetime.now(UTC)
    _day(effective, proposal.payload["correction"], moment)
    ready(draft.book())
    before = draft.as_row()
    _dated(draft, effective)
    draft.state, draft.publisher, draft.published = State.PUBLISHED, actor.code, moment
    draft.corrects, draft.digest = proposal.payload["correction"], rules.digest(draft.book())
    _write(actor, "publish", draft, before, proposal.reason)
    _end_before(actor, draft, effective)
    return {"code": draft.code, "digest": draft.digest, "effective": effective.isoformat()}


def _dated(draft: RulebookVersion, effective: date) -> None:
    """Let a draft begin on a day, and end where a later one begins."""
    draft.valid_from = effective
    draft.document = {**draft.document, "from": effective.isoformat(), "to": None}
    later = _others(draft).filter(valid_from__gt=effective).order_by("valid_from").first()
    draft.valid_to = later.valid_from if later else None


def _end_before(actor: Actor, draft: RulebookVersion, effective: date) -> None:
    for other in _others(draft).filter(valid_from__lte=effective):
        if other.valid_to is None or other.valid_to > effective:
            before = other.as_row()
            other.valid_to = effective
            _write(actor, "end", other, before, draft.code)


def _others(draft: RulebookVersion) -> Any:
    held = RulebookVersion.objects.select_for_update().exclude(pk=draft.pk)
    return held.filter(rulebook=draft.rulebook, region=draft.region, state=State.PUBLISHED)


def _write(
    actor: Actor, action: str, version: RulebookVersion, before: Mapping[str, Any], reason: str
) -> None:
    version.revision += 1
    try:
        version.full_clean()
    except ValidationError as error:
        field, faults = next(iter(error.message_dict.items()))
        raise InputError("records.field", column=field, reason=faults[0]) from None
    version.save()
    append(actor, action, version.KIND, version.key, before=before, after=version.as_row(), reason=reason)

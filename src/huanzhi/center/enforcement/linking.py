"""Linking back 回写: what became of a case is told to the issue that it came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.center.enforcement.models import Case
from huanzhi.center.enforcement.settings import table
from huanzhi.center.issues import moving
from huanzhi.center.issues.models import Issue
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor
from huanzhi.messages import text


def tell_decision(actor: Actor, case: Case, now: datetime) -> bool:
    """Take the issue's step 处理 with the decision; where it stands elsewhere, or may not, it is noted only.

    Returns
    -------
    bool
        Whether the issue was told.
    """
    issue = Issue.objects.filter(number=case.issue).first() if case.issue else None
    if issue is None:
        return False
    words = _words(case)
    decided = {"decision": case.decision, "requirement": case.requirement or words, "case": case.number}
    tries: list[tuple[str, dict[str, Any]]] = [("decide", decided), ("report", {"finding": words})]
    for name, outputs in tries:
        try:
            with transaction.atomic():
                moving.move(actor, issue, name, outputs, case.number, now=now)
            return True
        except InputError:
            continue
    return False


def _words(case: Case) -> str:
    title = table().choices["decision"][case.decision]["zh"]
    fine = f" {case.fine:f}" if case.fine is not None else ""
    return text("cases.told_issue", number=case.number, decision=title + fine)

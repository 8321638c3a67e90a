"""Writing 记录: an issue, its step and the entry of the trail, together or not at all."""

from __future__ import annotations

from huanzhi.center.issues.models import Issue, Step
from huanzhi.center.issues.searching import note_words
from huanzhi.library.records.stepping import Move, write_step
from huanzhi.library.rights import Actor


def write(actor: Actor, issue: Issue, move: Move) -> Step:
    """Save an issue with the step that changed it; call it in a transaction."""
    step: Step = write_step(actor, issue, Step, "issue", move)
    note_words(issue)
    return step

"""Writing 记录: a petition with the step that changed it, together or not at all; every word masked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huanzhi.center.petitions.masking import masked
from huanzhi.center.petitions.models import Informant, Petition, Step
from huanzhi.center.petitions.sealing import unseal_words
from huanzhi.library.records.checking import check
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append

PERSONAL = ("name", "phone", "address", "identity", "contact", "marked")
"""What of an informant is masked in every text, and last what a handler marked in his words."""


def known_of(petition: Petition) -> dict[str, str]:
    """Return what the informant of a petition gave, to be masked."""
    found = Informant.objects.filter(petition=petition).first() if petition.pk else None
    if found is None:
        return {}
    words = unseal_words(found.sealed, petition.number)
    return {name: words[name] for name in PERSONAL if words.get(name)}


def hide(petition: Petition, words: Mapping[str, Any]) -> dict[str, Any]:
    """Return words with what tells of the informant masked."""
    known = known_of(petition)
    return {name: masked(value, known) if isinstance(value, str) else value for name, value in words.items()}


def write(
    actor: Actor,
    petition: Petition,
    before: str,
    transition: str,
    outputs: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> Step:
    """Save a petition with a step and its entry in the trail.

    The right is checked before. Call it in a transaction.
    """
    hidden = hide(petition, {**outputs, "": reason})
    told = str(hidden.pop(""))[:2000]
    stored = Petition.objects.get(pk=petition.pk)
    row = stored.as_row() if stored.revision else None
    petition.revision += 1
    check(petition)
    petition.save()
    append(
        actor, transition, Petition.KIND, petition.number, before=row, after=petition.as_row(), reason=told
    )
    last = Step.objects.filter(petition=petition).order_by("-number").first()
    return Step.objects.create(
        petition=petition,
        number=last.number + 1 if last else 1,
        at=now,
        actor=actor.code or CITIZEN.code,
        actor_name=actor.name,
        transition=transition,
        before=before,
        after=petition.state,
        outputs=hidden,
        reason=told,
    )


CITIZEN = Actor("citizen")
"""Who is named where the informant himself acts."""

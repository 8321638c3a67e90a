"""Marking 标记遮盖: a handler marks passages of a petition, as names of third persons; they become stars.

Nothing is guessed: names of others than the informant are masked where a person marked them. What is marked
is kept with the informant, sealed, so that later texts of the petition are masked as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from huanzhi.center.petitions import informants
from huanzhi.center.petitions.masking import masked
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.moving import held_of
from huanzhi.center.petitions.sealing import seal_words, unseal_words
from huanzhi.errors import InputError
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append

MOST, LONGEST = 50, 100
"""Passages of one petition, and characters of one. DEFAULT, NOT FROM THE DOCUMENTS."""
TEXTS = ("title", "words", "where", "target")


def plain(passages: Sequence[str]) -> list[str]:
    """Return passages without those that are empty or stand twice.

    Raises
    ------
    InputError
        ``petitions.marked``, where there are too many, or one is of a single sign or too long.
    """
    found = list(dict.fromkeys(one.strip() for one in passages if one.strip()))
    if len(found) > MOST or any(not 2 <= len(one) <= LONGEST or "\n" in one for one in found):
        raise InputError("petitions.marked", column="marked", most=MOST, longest=LONGEST)
    return found


def mark(actor: Actor, petition: Petition, passages: Sequence[str]) -> Petition:
    """Mask passages in the texts of a petition from now on; for handlers of its informant.

    The trail tells how many were marked, never what they were, and keeps no row from before.

    Raises
    ------
    InputError
        ``rights.refused``, ``records.stale``, ``petitions.marked``, or ``petitions.not_there`` where a
        passage stands in none of the texts.
    """
    require(actor, "change", thing_of(petition))
    wanted = plain(passages)
    with transaction.atomic():
        held = held_of(petition)
        found = informants.readable(actor, held)
        hidden = {name: masked(getattr(held, name), {"marked": "\n".join(wanted)}) for name in TEXTS}
        _there(held, wanted)
        words = unseal_words(found.sealed, held.number)
        words["marked"] = "\n".join(plain([*words.get("marked", "").splitlines(), *wanted]))
        found.sealed = seal_words(words, held.number)
        found.save(update_fields=["sealed"])
        for name, value in hidden.items():
            setattr(held, name, value)
        held.revision += 1
        held.full_clean()
        held.save()
        told = {"marked": len(wanted)}
        append(actor, "mask", Petition.KIND, held.number, after=told)
    return held


def _there(petition: Petition, wanted: Sequence[str]) -> None:
    whole = "\n".join(getattr(petition, name) for name in TEXTS)
    for one in wanted:
        if masked(whole) == masked(whole, {"marked": one}):
            raise InputError("petitions.not_there", column="marked")

"""Informants 举报人.

Read by their handlers only; masked until a reason is given, and every reading is noted.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from huanzhi.center.petitions.masking import STARS, masked_name, masked_phone
from huanzhi.center.petitions.models import Informant, Petition
from huanzhi.center.petitions.sealing import fingerprint, seal_words, unseal_words
from huanzhi.errors import InputError
from huanzhi.library.people.models import Person
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, may, require, thing_of
from huanzhi.library.trail.chain import append

FIELDS = ("name", "phone", "address", "identity", "contact", "title", "words", "where", "target", "marked")
"""What may be given; four are the words as they came, the last what a handler marked in them."""


def keep(petition: Petition, given: Mapping[str, str], handlers: tuple[str, ...] = ()) -> Informant:
    """Keep what an informant gave, sealed, for its handlers."""
    words = {name: str(given.get(name) or "").strip() for name in FIELDS}
    made = Informant(petition=petition, simulated=petition.simulated)
    made.sealed = seal_words(words, petition.number)
    made.given = [name for name in FIELDS[:5] if words[name]]
    made.same = same_of(words)
    save(SYSTEM, made, petition.number)
    made.handlers.set(Person.objects.filter(code__in=handlers))
    return made


def same_of(words: Mapping[str, str]) -> str:
    """Return the digest by which an informant is found again.

    Empty where neither phone nor paper was given.
    """
    telling = "".join(sign for sign in words.get("phone") or words.get("contact") or "" if sign.isalnum())
    telling = telling or "".join(sign for sign in words.get("identity") or "" if sign.isalnum())
    return fingerprint(telling.casefold(), "same") if len(telling) >= 5 else ""


def of(petition: Petition) -> Informant | None:
    """Return the informant of a petition."""
    return Informant.objects.filter(petition=petition).first()


def may_read(actor: Actor, petition: Petition) -> bool:
    """Return whether somebody is a handler of the informant."""
    found = of(petition)
    return found is not None and may(actor, "read", thing_of(found)).allowed


def shown(actor: Actor, petition: Petition) -> dict[str, object]:
    """Return the informant as a handler sees it before asking: masked.

    Raises
    ------
    InputError
        ``rights.refused`` to anybody else.
    """
    found = readable(actor, petition)
    words = unseal_words(found.sealed, petition.number)
    masks = {"name": masked_name, "phone": masked_phone}
    hidden = {name: masks.get(name, _stars)(words[name]) if words.get(name) else "" for name in FIELDS[:5]}
    handlers = list(found.handlers.order_by("code").values("code", "name"))
    return {**hidden, "given": found.given, "handlers": handlers, "revealed": False}


def reveal(actor: Actor, petition: Petition, reason: str) -> dict[str, object]:
    """Return what the informant gave, to a handler who says why; the trail tells that it was read, not what.

    Raises
    ------
    InputError
        ``rights.refused``, or ``petitions.needs_reason``.
    """
    found = readable(actor, petition)
    if len(reason.strip()) < 2:
        raise InputError("petitions.needs_reason", column="reason")
    words = unseal_words(found.sealed, petition.number)
    note_reading(actor, found, "reveal", reason)
    handlers = list(found.handlers.order_by("code").values("code", "name"))
    return {**words, "given": found.given, "handlers": handlers, "revealed": True}


def note_reading(actor: Actor, found: Informant, what: str, reason: str) -> None:
    """Note in the trail that somebody read it; never what."""
    told = {"what": what, "fields": list(found.given)}
    from huanzhi.center.petitions.writing import hide

    hidden = hide(found.petition, {"reason": reason})["reason"]
    append(actor, "read", Informant.KIND, found.number, after=told, reason=hidden, restricted=True)


def hand_over(actor: Actor, petition: Petition, person: str, reason: str) -> Informant:
    """Name one more handler: a handler may, and a leader may name somebody, but never himself.

    Raises
    ------
    InputError
        ``rights.refused``, ``petitions.no_person``, or ``petitions.needs_reason``.
    """
    found = _existing(petition)
    if not may_read(actor, petition):
        require(actor, "approve", thing_of(petition))
        if person == actor.code:
            raise InputError("rights.refused", value="read", expected=Informant.KIND)
    if len(reason.strip()) < 2:
        raise InputError("petitions.needs_reason", column="reason")
    add_handler(found, person)
    append(actor, "hand_over", Informant.KIND, found.number, after={"handler": person}, restricted=True)
    return found


def add_handler(found: Informant, person: str) -> None:
    """Name a handler."""
    named = Person.objects.filter(code=person).first()
    if named is None:
        raise InputError("petitions.no_person", column="handler", value=person)
    with transaction.atomic():
        found.handlers.add(named)


def _existing(petition: Petition) -> Informant:
    found = of(petition)
    if found is None:
        raise InputError("petitions.none", value=petition.number)
    return found


def readable(actor: Actor, petition: Petition) -> Informant:
    """Return the informant to a handler; ``rights.refused`` to anybody else."""
    found = _existing(petition)
    require(actor, "read", thing_of(found))
    return found


def _stars(words: str) -> str:
    return STARS

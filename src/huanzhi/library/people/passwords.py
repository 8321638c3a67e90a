"""Passwords 口令: checked, changed by their owner, given anew by an administrator."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from huanzhi.errors import InputError
from huanzhi.library.people.models import Person
from huanzhi.library.people.policy import policy
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.chain import append
from huanzhi.messages import language

_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters that nobody confuses."""


def made_up() -> str:
    """Return a password made up by chance."""
    return "".join(secrets.choice(_LETTERS) for _ in range(policy().made_length))


def check_password(password: str, person: Person) -> None:
    """Refuse a password that is too weak; InputError says why."""
    try:
        with translation.override("en" if language() == "en" else "zh-hans"):
            validate_password(password[: policy().longest], person)
    except ValidationError as error:
        raise InputError("people.weak", column="password", reason=" ".join(error.messages)) from None


def change_own(person: Person, old: str, new: str) -> None:
    """Change one's own password; every other session of the person ends.

    Raises
    ------
    InputError
        If the old one is wrong or the new one too weak or the same.
    """
    if not person.check_password(old[: policy().longest]):
        raise InputError("people.wrong_password", column="old")
    if old == new:
        raise InputError("people.same_password", column="new")
    check_password(new, person)
    with transaction.atomic():
        _store(person, new, must_change=False)
        append(Actor(person.code), "change_password", person.KIND, person.key)


def reset(actor: Actor, person: Person, password: str = "") -> str:
    """Give a person a new password, to be changed at once; every session of the person ends.

    Raises
    ------
    InputError
        If the actor may not manage the person and everything that the person may do.
    """
    with transaction.atomic():
        require_over(actor, person)
        if password:
            check_password(password, person)
        chosen = password or made_up()
        _store(person, chosen, must_change=True)
        append(actor, "reset_password", person.KIND, person.key)
    return chosen


def sign_out_everywhere(actor: Actor, person: Person) -> None:
    """End every session of a person."""
    with transaction.atomic():
        if actor.code != person.code:
            require_over(actor, person)
        person.epoch += 1
        person.save(update_fields=["epoch"])
        append(actor, "sign_out_everywhere", person.KIND, person.key)


def require_over(actor: Actor, person: Person) -> None:
    """Refuse unless `actor` manages a person and every role that the person holds."""
    require(actor, "manage", thing_of(person))
    for grant in person.grants.select_related("region", "organisation"):
        require(actor, "manage", thing_of(grant))


def _store(person: Person, password: str, *, must_change: bool) -> None:
    person.set_password(password[: policy().longest])
    person.must_change = must_change
    person.epoch += 1
    person.save(update_fields=["password", "must_change", "epoch"])

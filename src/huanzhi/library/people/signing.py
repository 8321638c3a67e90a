"""Signing in 登录: the name and password, counted so that nobody can try for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.auth import authenticate

from huanzhi.errors import InputError
from huanzhi.library.people.actors import may_act
from huanzhi.library.people.models import Failure, Person
from huanzhi.library.people.policy import policy
from huanzhi.library.rights import Actor
from huanzhi.library.trail.chain import append
from huanzhi.standards.periods import CHINA

_NAME = 60
_KEPT = timedelta(days=1)


def sign_in(name: str, password: str, address: str, now: datetime) -> Person:
    """Return the person of a name and password.

    A try is counted before the password is looked at, so that tries at the same time count as well; an
    unknown name takes the same time as a known one.

    Raises
    ------
    InputError
        ``people.wrong_password``, or ``people.locked`` with the seconds to wait.
    """
    name = name[:_NAME]
    counted = _count(name, address[:_NAME], now)
    person = authenticate(username=name, password=password[: policy().longest])
    if not isinstance(person, Person) or not may_act(person, now.astimezone(CHINA).date()):
        append(Actor(""), "sign_in_failed", "session", name, after={"address": address})
        raise InputError("people.wrong_password")
    Failure.objects.filter(name=name).delete()
    Failure.objects.filter(pk=counted.pk).delete()
    Failure.objects.filter(at__lt=now - _KEPT).delete()
    append(Actor(person.code), "sign_in", "session", person.code, after={"address": address})
    return person


def _count(name: str, address: str, now: datetime) -> Failure:
    """Count a try; refuse it where too many came before it."""
    counted = Failure.objects.create(name=name, address=address, at=now)
    for column, value, tries in (
        ("name", name, policy().name_tries),
        ("address", address, policy().address_tries),
    ):
        since = Failure.objects.filter(**{column: value}, at__gt=now - policy().lock).order_by("-at", "-pk")
        if since.count() > tries:
            freed = since.exclude(pk=counted.pk)[tries - 1].at + policy().lock
            counted.delete()
            raise locked(freed - now)
    return counted


def locked(wait: timedelta) -> InputError:
    """Return the refusal of a try too many."""
    seconds = max(1, int(wait.total_seconds()) + 1)
    return InputError("people.locked", seconds=seconds, minutes=(seconds + 59) // 60)


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)

"""Why 为什么: whether I may do something, and by what."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from huanzhi.errors import InputError
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Thing, may, thing_of
from huanzhi.library.rights.matrix import RESTRICTED, roles, sensitivity_of
from huanzhi.messages import text, using
from huanzhi.web.api.actors import actor, anybody
from huanzhi.web.api.errors import language_of

router = Router(tags=["rights"])


class WhyOut(Schema):
    """A decision in words, and by which role, rule and region."""

    allowed: bool
    reason: str
    message: str
    how: dict[str, str] = Field(examples=[{"role": "duty", "region": "330200/", "rule": "bureau_reads"}])


@router.get("rights/why", response=WhyOut, auth=anybody, operation_id="why")
def why(request: HttpRequest, action: str, kind: str, key: str = "") -> WhyOut:
    """Say whether I may do `action` to the record `key` of `kind`, or to such things in general, and why.

    Of a record that I may not read nothing is said but that.
    """
    who = actor(request)
    thing = _thing(kind, key) if key else Thing(kind, sensitivity=sensitivity_of(kind))
    decision = may(who, action, thing)
    if key and not may(who, "read", thing).allowed:
        hidden = Thing(kind, sensitivity=RESTRICTED)
        decision = may(who, action, hidden)
    names = dict(decision.how)
    with using(language_of(request)):
        if names.get("role") in roles():
            names["role"] = roles()[names["role"]].name
        message = text(decision.reason, **names)
    return WhyOut(allowed=decision.allowed, reason=decision.reason, message=message, how=dict(decision.how))


def _thing(kind: str, key: str) -> Thing:
    """Return what rights see of a record; a record that is not there looks like one that may not be read."""
    for model in apps.get_models():
        if issubclass(model, Record) and kind == model.KIND:
            found: Any = model._default_manager.filter(**{model.KEY: _key(model, key)}).first()
            return thing_of(found) if found is not None else Thing(kind, sensitivity=RESTRICTED)
    raise InputError("rights.no_kind", value=kind)


def _key(model: Any, key: str) -> Any:
    if model.KEY != "pk":
        return key.replace("\x00", "")
    return int(key) if key.isascii() and key.isdigit() and len(key) < 19 else -1

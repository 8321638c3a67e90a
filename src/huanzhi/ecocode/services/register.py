"""Register 名册: firms, people, works and entries of the credit file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from huanzhi.ecocode.services.effect import Promise
from huanzhi.ecocode.services.models import Firm, Mark, Professional, Work
from huanzhi.ecocode.services.settings import checked
from huanzhi.errors import InputError
from huanzhi.library.enterprises.codes import is_credit_code
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor

OUT = ("exited", "banned")
"""Standings in which nobody takes on new work."""

Given = Mapping[str, Any]
_FIRM = ("name", "qualification", "qualified_until", "address", "contact", "phone")


def enter_firm(actor: Actor, code: str, given: Given, *, simulated: bool = False) -> Firm:
    """Enter a firm into the register, or change what is known of it."""
    held = Firm.objects.filter(code=code).first()
    made = held or Firm(code=code, simulated=simulated)
    if held is None and not simulated and not is_credit_code(code):
        raise InputError("services.code", column="code", value=code)
    region = Region.objects.filter(pk=given["region"]).first()
    if region is None:
        raise InputError("services.not_known", column="region", value=given["region"])
    made.region, made.sort = region, given["kind"]
    for name in _FIRM:
        setattr(made, name, given.get(name) or ("" if name != "qualified_until" else None))
    made.organisation = _body(str(given.get("organisation") or ""))
    return save(actor, made, str(given.get("reason") or ""))  # type: ignore[return-value]


def _body(code: str) -> Organisation | None:
    found = Organisation.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise InputError("services.not_known", column="organisation", value=code)
    return found


def enter_person(actor: Actor, code: str, given: Given, *, simulated: bool = False) -> Professional:
    """Enter a person or an expert."""
    held = Professional.objects.filter(code=code).first()
    made = held or Professional(code=code, simulated=simulated)
    firm = firm_of(str(given["firm"])) if given.get("firm") else None
    region = firm.region if firm else Region.objects.filter(pk=given.get("region") or "").first()
    if region is None:
        raise InputError("services.not_known", column="region", value=given.get("region"))
    made.name, made.sort, made.field = given["name"], given["kind"], str(given.get("field") or "")
    made.firm, made.region = firm, region
    return save(actor, made)  # type: ignore[return-value]


def enter_work(actor: Actor, given: Given, today: date) -> Work:
    """Enter a work of a firm for an enterprise; who is out takes on none.

    Raises
    ------
    InputError
        If the actor may not, a firm or a person is out, or a promise cannot be judged as it is written.
    """
    firm = firm_of(str(given["firm"]))
    enterprise = (
        Enterprise.objects.select_related("region", "organisation").filter(code=given["enterprise"]).first()
    )
    if enterprise is None:
        raise InputError("services.not_known", column="enterprise", value=given["enterprise"])
    person = _person(firm, str(given.get("person") or ""))
    for one in filter(None, (firm, person)):
        if one.standing in OUT:
            raise InputError("services.out", value=one.name)
    promised = dict(given.get("promised") or {})
    if promised:
        promise_of(promised)
    _in_order(given["begun"], given.get("ended"))
    with transaction.atomic():
        count = Work.objects.filter(number__startswith=f"FW-{today.year}-").count()
        made = Work(
            number=f"FW-{today.year}-{count + 1:05d}",
            firm=firm,
            person=person,
            enterprise=enterprise,
            region=enterprise.region,
            sort=given.get("kind") or firm.sort,
            title=given["title"],
            begun=given["begun"],
            ended=given.get("ended"),
            contract=str(given.get("contract") or ""),
            promised=promised,
            effect="open" if promised else "none",
            simulated=enterprise.simulated,
        )
        save(actor, made, made.title)
    return made


def change_work(actor: Actor, held: Work, given: Given) -> Work:
    """Change the title, the contract, or the day on which a work ended, with a reason."""
    if not str(given.get("reason") or "").strip():
        raise InputError("services.no_reason", column="reason")
    _in_order(held.begun, given.get("ended"))
    held.title, held.contract = str(given["title"]), str(given.get("contract") or "")
    held.ended = given.get("ended")
    return save(actor, held, str(given["reason"]))  # type: ignore[return-value]


def _in_order(begun: date, ended: date | None) -> None:
    if ended is not None and ended < begun:
        raise InputError("services.ended_first", column="ended", value=ended.isoformat())


def promise_of(given: Given) -> Promise:
    """Return what a contract promised; InputError ``services.promise`` if it cannot be judged."""
    try:
        made = Promise(
            str(given["place"]),
            str(given["parameter"]),
            str(given.get("period") or "day"),
            Decimal(str(given["limit"])),
            Decimal(str(given["share"])),
            date.fromisoformat(str(given["first"])),
            date.fromisoformat(str(given["last"])),
        )
    except (KeyError, ValueError, InvalidOperation) as error:
        raise InputError("services.promise", column="promised", value=str(error)[:100]) from None
    fits = made.period in ("day", "hour") and made.limit.is_finite() and 0 < made.share <= 100
    if not fits or not made.first <= made.last or (made.last - made.first).days > 3700:
        raise InputError("services.promise", column="promised")
    return made


def mark(
    actor: Actor, firm: Firm, sort: str, day: date, words: str, *, person: str = "", source: str = ""
) -> Mark:
    """Enter something into the credit file of a firm; the same source says it once."""
    checked("mark", sort, "kind")
    known = Mark.objects.filter(firm=firm, source=source).first() if source else None
    if known is not None:
        return known
    made = Mark(
        number=f"{firm.code}-{Mark.objects.filter(firm=firm).count() + 1}",
        firm=firm,
        person=_person(firm, person),
        sort=sort,
        day=day,
        words=words,
        source=source,
        entered_by=actor.code,
        simulated=firm.simulated,
    )
    return save(actor, made, words[:200])  # type: ignore[return-value]


def firm_of(code: str) -> Firm:
    """Return a firm by code; InputError ``services.none`` where there is none."""
    found = Firm.objects.select_related("region", "organisation").filter(code=code).first()
    if found is None:
        raise InputError("services.none", column="firm", value=code)
    return found


def _person(firm: Firm, code: str) -> Professional | None:
    found = Professional.objects.filter(code=code, firm=firm).first() if code else None
    if code and found is None:
        raise InputError("services.not_known", column="person", value=code)
    return found

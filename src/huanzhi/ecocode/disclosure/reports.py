"""Reports 披露报告: drafts, versions with their truth commitment 真实性承诺, and its check."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi.ecocode.disclosure.models import Draft, Item, Report
from huanzhi.ecocode.disclosure.settings import sections, settings
from huanzhi.errors import InputError
from huanzhi.library.kept import clean_name, keep
from huanzhi.library.records.acting import act
from huanzhi.library.records.changing import save
from huanzhi.library.registers.declaring import check_values
from huanzhi.library.rights import Actor, require, thing_of
from huanzhi.library.trail.hashing import canonical, sm3
from huanzhi.standards.periods import CHINA, stamp

DECIMAL = r"^\d{1,12}(\.\d{1,6})?$"
"""How an amount is written: digits as reported, so that none is lost."""

Content = Mapping[str, Any]


def schema(sort: str, reasons: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the form of a report as a JSON Schema, one object a section."""
    rows = sections(sort, reasons)
    return {
        "type": "object",
        "properties": {row["name"]: _section(row) for row in rows},
        "required": [row["name"] for row in rows if row.get("required")],
    }


def _section(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "x-zh": row["zh"],
        "x-en": row["en"],
        "properties": {field["name"]: _field(field) for field in row["field"]},
        "required": [field["name"] for field in row["field"] if field.get("required")],
    }


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    named = {"x-zh": field["zh"], "x-en": field["en"], "x-unit": field.get("unit", "")}
    sort = field.get("type", "text")
    if sort == "integer":
        return {**named, "type": "integer", "minimum": 0, "maximum": 1_000_000}
    if sort == "decimal":
        return {**named, "type": "string", "pattern": DECIMAL, "maxLength": 20}
    return {**named, "type": "string", "maxLength": field.get("long", 200)}


def checked_content(item: Item, content: Any) -> dict[str, Any]:
    """Return a content without what is empty, held to the declared sections.

    Raises
    ------
    InputError
        With ``section.field`` as the column that is wrong.
    """
    if not isinstance(content, dict):
        raise InputError("disclosure.missing", column="content")
    declared = schema(item.sort, tuple(item.reasons))
    given = {name: _filled(part) for name, part in content.items()}
    given = {name: part for name, part in given.items() if part != {}}
    for name in given:
        if name not in declared["properties"]:
            raise InputError("disclosure.no_section", column=name, expected=", ".join(declared["properties"]))
    for name, part in declared["properties"].items():
        if name in given or name in declared["required"]:
            _check(name, part, given.get(name, {}))
    return given


def _filled(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    return {name: value for name, value in part.items() if value not in (None, "")}


def _check(name: str, part: Mapping[str, Any], values: Any) -> None:
    try:
        check_values(part, values)
    except InputError as error:
        headings = {row["x-zh"]: key for key, row in part["properties"].items()}
        headings |= {row["x-en"]: key for key, row in part["properties"].items()}
        told = str(error.place["column"] or "").split("(")[0]
        column = f"{name}.{headings.get(told, told)}"
        expected = error.expected
        raise InputError(
            "disclosure.field", column=column, value=error.place["value"], expected=expected
        ) from None


def draft_of(actor: Actor, item: Item, now: datetime) -> Draft:
    """Return the draft of an item, made where there is none; its own enterprise only."""
    _writable(item, now)
    held = Draft.objects.filter(item=item).first()
    if held is not None:
        require(actor, "change", thing_of(held))
        return held
    last = item.reports.order_by("-number").first()
    made = Draft(
        code=item.code,
        item=item,
        content=dict(last.content) if last else {},
        saved=now,
        saved_by=actor.code,
        simulated=item.simulated,
    )
    return save(actor, made)  # type: ignore[return-value]


def keep_draft(actor: Actor, item: Item, content: Any, now: datetime) -> Draft:
    """Keep a draft as it is, whether or not it is complete."""
    if not isinstance(content, dict) or len(canonical(content)) > 200_000:
        raise InputError("disclosure.field", column="content")
    held = draft_of(actor, item, now)
    held.content, held.saved, held.saved_by = content, now, actor.code
    return act(actor, held, "draft", right="change")  # type: ignore[no-any-return]


def attach(actor: Actor, item: Item, name: str, content: bytes, now: datetime) -> Draft:
    """Attach a file to the draft; kept under its digest, durable on return."""
    limits = settings()["limits"]
    if not content:
        raise InputError("disclosure.empty_file", value=name)
    if len(content) > limits["attachment_bytes"]:
        raise InputError("disclosure.too_large", value=name, expected=str(limits["attachment_bytes"]))
    held = draft_of(actor, item, now)
    digest = hashlib.sha256(content).hexdigest()
    if any(one["sha256"] == digest for one in held.attachments):
        return held
    if len(held.attachments) >= limits["attachments_each"]:
        raise InputError("disclosure.too_many", expected=str(limits["attachments_each"]))
    keep(content, digest)
    told = {"name": clean_name(name), "sha256": digest, "size": len(content)}
    held.attachments = [*held.attachments, {**told, "sm3": hashlib.new("sm3", content).hexdigest()}]
    return act(actor, held, "attach", right="change")  # type: ignore[no-any-return]


def disclose(actor: Actor, item: Item, given: Mapping[str, Any], now: datetime) -> Report:
    """Disclose a version of an item with its truth commitment; it is public at once.

    Parameters
    ----------
    given : mapping
        ``content``; ``agreed``, ``person`` and ``position`` of the commitment; ``reason`` of a correction.

    Raises
    ------
    InputError
        If the actor may not, the commitment is not made, or the content does not fit its sections.
    """
    with transaction.atomic():
        held = (
            Item.objects.select_for_update(of=("self",))
            .select_related("region", "enterprise")
            .get(pk=item.pk)
        )
        _writable(held, now)
        if held.revision != item.revision:
            raise InputError("records.stale", value=held.code)
        content = checked_content(held, given.get("content"))
        commitment = _commitment(given, now)
        if held.versions and not str(given.get("reason") or "").strip():
            raise InputError("disclosure.no_reason", column="reason")
        made = _version(actor, held, content, commitment, str(given.get("reason") or ""), now)
        held.state, held.versions, held.disclosed = "disclosed", made.number, held.disclosed or now
        act(actor, held, "disclose", made.code, right="change")
        Draft.objects.filter(item=held).delete()
    return made


def _version(
    actor: Actor, item: Item, content: Content, commitment: Content, reason: str, now: datetime
) -> Report:
    draft = Draft.objects.filter(item=item).first()
    made = Report(
        code=f"{item.code}-{item.versions + 1}",
        item=item,
        number=item.versions + 1,
        content=content,
        attachments=draft.attachments if draft else [],
        reason=reason.strip()[:1000],
        commitment=commitment,
        disclosed=now,
        disclosed_by=actor.code,
        disclosed_by_name=actor.name,
        late=item.versions == 0 and now > item.due,
        simulated=item.simulated,
    )
    made.sm3 = digest_of(made)
    return save(actor, made, reason[:200])  # type: ignore[return-value]


def _commitment(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    person = str(given.get("person") or "").strip()
    if given.get("agreed") is not True:
        raise InputError("disclosure.no_commitment", column="agreed")
    if not person:
        raise InputError("disclosure.missing", column="person")
    told = settings()["commitment"]
    return {
        "version": told["version"],
        "text": told["zh"],
        "person": person[:100],
        "position": str(given.get("position") or "").strip()[:100],
        "at": stamp(now),
    }


def digest_of(report: Report) -> str:
    """Return the SM3 digest that binds a version to its commitment."""
    return sm3(canonical(report.bound()))


def sound(report: Report) -> bool:
    """Return whether a version is still what was committed to."""
    return digest_of(report) == report.sm3


def _writable(item: Item, now: datetime) -> None:
    if item.state == "void":
        raise InputError("disclosure.not_now", value=item.code)
    if item.sort == "annual" and now.astimezone(CHINA).year <= item.year:
        raise InputError("disclosure.period_runs", value=item.year)

"""Taking documents in: read, kept with every item, bodies matched to organisations for confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from huanzhi import plans
from huanzhi.center.inspections.writing import number
from huanzhi.center.plans.models import BodyName, Document, Item
from huanzhi.center.plans.settings import settings
from huanzhi.errors import InputError
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.acting import act
from huanzhi.library.rights import Actor, Thing, require
from huanzhi.standards.regions import all_regions


def take_in(
    actor: Actor, content: bytes, name: str, region: str, now: datetime, *, simulated: bool = False
) -> Document:
    """Read a document and keep it with everything found in it; the same file twice is one document.

    Parameters
    ----------
    region : str
        Code of the region whose plan it is; empty to take the one that the document names.

    Raises
    ------
    InputError
        If the file cannot be read, its region is not known, or the actor may not.
    """
    if len(content) > settings()["limits"]["bytes"]:
        raise InputError("issues.too_large", most=settings()["limits"]["bytes"])
    source = plans.read(content, name)
    plan = plans.extract(source, (each.name for each in all_regions().values()))
    place = _region(region, plan.region)
    require(actor, "create", Thing(Document.KIND, place.path))
    with transaction.atomic():
        known = Document.objects.filter(sha256=source.sha256, region=place).first()
        if known is not None:
            return known
        made = Document(
            number=number("WJ", now),
            title=(plan.metadata.get("title") or name)[:300],
            name=name[:200],
            format=source.format,
            sha256=source.sha256,
            region=place,
            text=source.text,
            about=_about(plan),
            taken_in=now,
            taken_in_by=actor.code,
            simulated=simulated,
        )
        act(actor, made, "create", name[:200], right="create")
        _keep_items(made, plan)
        _keep_bodies(made, plan)
    return made


def _region(code: str, name: str) -> Region:
    rows = Region.objects.filter(code=code) if code else Region.objects.filter(name=name)
    found = rows.order_by("code").first()
    if found is None:
        raise InputError("center_plans.no_region", value=code or name or None)
    return found


def _about(plan: plans.Plan) -> dict[str, Any]:
    told = plan.as_dict()
    return {name: told[name] for name in ("metadata", "counts", "structure", "aliases", "warnings", "region")}


def _found(plan: plans.Plan) -> Iterator[tuple[str, str, Any]]:
    for measure in plan.measures:
        yield "measure", measure.text, measure
    for target in plan.targets:
        yield "target", target.indicator, target
    for sort, listed in (
        ("milestone", plan.milestones),
        ("system", plan.systems),
        ("responsibility", plan.responsibilities),
    ):
        for named in listed:
            yield sort, named.name, named


def _keep_items(document: Document, plan: plans.Plan) -> None:
    rows = []
    for place, (sort, words, found) in enumerate(_found(plan), 1):
        told = found.as_dict()
        kept = {name: told.pop(name) for name in ("quote", "start", "end")}
        rows.append(
            Item(
                code=f"{document.number}-{place}",
                document=document,
                place=place,
                sort=sort,
                words=words[:2000],
                told=told,
                damaged=",".join(told.get("damaged", ())),
                simulated=document.simulated,
                revision=1,
                **kept,
            )
        )
    Item.objects.bulk_create(rows)


def _keep_bodies(document: Document, plan: plans.Plan) -> None:
    names = dict.fromkeys(body for measure in plan.measures for body in measure.bodies)
    other = {name: [brief for brief, full in plan.aliases.items() if full == name] for name in names}
    rows = [
        BodyName(
            code=f"{document.number}-b{place}",
            document=document,
            name=name[:100],
            written="、".join(other[name])[:500],
            organisation=suggestion(name, document.region),
            simulated=document.simulated,
            revision=1,
        )
        for place, name in enumerate(names, 1)
    ]
    BodyName.objects.bulk_create(rows)


def suggestion(name: str, region: Region) -> Organisation | None:
    """Return the one organisation of a region that a name of a body can mean; None where several or none can.

    「市水利局」 in a document of a city is 「某某市水利局」; the level before the name is the city's own.
    """
    bare = name[1:] if name[:1] in "市区县省旗州盟" else name
    rows = Organisation.objects.filter(region__path__startswith=region.path)
    for wanted in ({"name": name}, {"name": region.name + bare}, {"name__endswith": bare}):
        found = list(rows.filter(**wanted)[:2]) if len(bare) > 2 else []
        if len(found) == 1:
            matched: Organisation = found[0]
            return matched
    return None

"""Making bulletins 编制通报: a week from Monday to Sunday, or a month, written, hashed and kept."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from huanzhi.center.bulletin.content import content
from huanzhi.center.bulletin.models import KINDS, Bulletin
from huanzhi.center.issues.models import Issue
from huanzhi.center.issues.news import last_step
from huanzhi.errors import InputError
from huanzhi.library import kept
from huanzhi.library.documents import write_docx
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import Actor, Thing, require
from huanzhi.messages import language
from huanzhi.standards.periods import CHINA


def span_of(period: str, day: date) -> tuple[date, date]:
    """Return the first and last day of the week (Monday to Sunday) or month in which a day lies.

    Raises
    ------
    InputError
        If the period is neither.
    """
    if period == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    if period == "month":
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    raise InputError("bulletin.period", value=period, expected=", ".join(KINDS))


def make(
    actor: Actor, period: str, day: date, region: str, reason: str = "", *, now: datetime | None = None
) -> Bulletin:
    """Make the bulletin of the week or month of a day for a region, in the reader's language, and keep it.

    A second one of the same period is the next edition; the first stays.

    Raises
    ------
    InputError
        If the actor may not, the region is not known, or the period has not begun.
    """
    now = now or datetime.now(UTC)
    first, last = span_of(period, day)
    area = Region.objects.filter(pk=region).first()
    if area is None:
        raise InputError("issues.no_region", value=region)
    require(actor, "create", Thing(Bulletin.KIND, area.path))
    if first > now.astimezone(CHINA).date():
        raise InputError("bulletin.future", value=str(first))
    made = content(area, period, first, last, now.astimezone(CHINA))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "bulletin.docx"
        write_docx(made.document, target)
        file = target.read_bytes()
    digest = hashlib.sha256(file).hexdigest()
    kept.keep(file, digest)
    with transaction.atomic():
        edition = _edition(area, period, first)
        row = Bulletin(
            code=f"{period}-{area.code}-{first:%Y%m%d}" + (f"-{edition}" if edition > 1 else ""),
            period=period,
            region=area,
            first=first,
            last=last,
            edition=edition,
            title=made.document.title,
            language=language(),
            figures=made.figures,
            sha256=digest,
            sm3=hashlib.new("sm3", file).hexdigest(),
            size=len(file),
            made=now,
            made_by=actor.code,
            made_by_name=actor.name,
            last_step=last_step(),
            simulated=made.simulated,
        )
        save(actor, row, reason)
    return row


def file_of(row: Bulletin) -> bytes:
    """Return the file of a bulletin, checked against its digest.

    Raises
    ------
    StoreError
        ``issues.lost_evidence`` if it is gone or was changed.
    """
    return kept.content_of(row.sha256, row.code)


def make_missing(actor: Actor, now: datetime) -> list[str]:
    """Make the bulletins of the week and the month that are over, for the cities that have issues."""
    today, made = now.astimezone(CHINA).date(), []
    over = {"week": today - timedelta(days=7), "month": today.replace(day=1) - timedelta(days=1)}
    for region in _cities():
        for period, day in over.items():
            first = span_of(period, day)[0]
            if not Bulletin.objects.filter(period=period, region=region, first=first).exists():
                made.append(make(actor, period, day, region, "regular", now=now).code)
    return made


def _cities() -> list[str]:
    """Return the cities in which issues lie; the uppermost regions where no city is known."""
    codes = Issue.objects.order_by().values_list("region", flat=True).distinct()
    paths = Region.objects.filter(pk__in=list(codes)).values_list("path", flat=True)
    every = {code for path in paths for code in path.split("/") if code}
    known = Region.objects.filter(pk__in=every)
    cities = sorted(known.filter(level="city").values_list("pk", flat=True))
    return cities or sorted({path.split("/")[0] for path in paths if path})


def _edition(region: Region, period: str, first: date) -> int:
    held = Bulletin.objects.filter(region=region, period=period, first=first).aggregate(most=Max("edition"))
    return (held["most"] or 0) + 1

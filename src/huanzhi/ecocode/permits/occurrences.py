"""What permits tell the code 赋码事件: permits that expired or soon will, reports that are late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from huanzhi.ecocode.occurrence import Occurrence
from huanzhi.ecocode.permits.models import Duty
from huanzhi.ecocode.permits.settings import both, settings
from huanzhi.library.enterprises.models import Permit


def occurrences(day: date) -> Iterator[Occurrence]:
    """Go through all that is known as of a day."""
    yield from _permits(day)
    yield from _reports(day)


def _permits(day: date) -> Iterator[Occurrence]:
    rows = Permit.objects.select_related("enterprise").filter(valid_to__isnull=False)
    expiring = timedelta(days=settings()["ours"]["expiring_days"])
    held: dict[int, list[Permit]] = {}
    for permit in Permit.objects.filter(status="valid"):
        held.setdefault(permit.enterprise_id, []).append(permit)
    for permit in rows.exclude(status="revoked"):
        end = permit.valid_to
        assert end is not None
        after = [one.valid_from for one in held.get(permit.enterprise_id, []) if _follows(one, permit)]
        renewed = min((one for one in after if one), default=None)
        if end <= day and (renewed is None or renewed > end):
            yield _of_permit(permit, "permit_expired", end, renewed if renewed and renewed <= day else None)
        elif end - expiring <= day and renewed is None:
            yield _of_permit(permit, "permit_expiring", end - expiring, end if end <= day else None)


def _follows(one: Permit, other: Permit) -> bool:
    return (
        one.pk != other.pk and one.valid_from is not None and one.valid_from >= (other.valid_to or date.max)
    )


def _of_permit(permit: Permit, kind: str, day: date, until: date | None) -> Occurrence:
    titles = {
        "permit_expired": (f"排污许可证 {permit.code} 已过期", f"permit {permit.code} has expired"),
        "permit_expiring": (f"排污许可证 {permit.code} 将到期", f"permit {permit.code} expires soon"),
    }
    return Occurrence(
        permit.enterprise.code,
        kind,
        f"permit:{permit.code}",
        day,
        until,
        {"management": permit.management, "ends": permit.valid_to},
        titles[kind],
        f"/permits/{permit.enterprise.code}",
        permit.simulated,
    )


def _reports(day: date) -> Iterator[Occurrence]:
    """Go through duties that are missing, and those that were done late until they were done."""
    wait = timedelta(days=settings()["ours"]["report_late_days"])
    rows = Duty.objects.select_related("enterprise").exclude(standing="waived").filter(due__lt=day)
    for duty in rows.exclude(kind="renewal"):
        begun = duty.due + wait
        done = duty.done if duty.standing == "done" else None
        if begun > day or (done is not None and done < begun):
            continue
        zh, en = both("duty", duty.kind)
        yield Occurrence(
            duty.enterprise.code,
            "report_late",
            f"{Duty.KIND}:{duty.code}",
            begun,
            done if done is not None and done <= day else None,
            {"duty": duty.kind, "period": duty.period, "days": ((done or day) - duty.due).days},
            (f"{zh} {duty.period} 逾期", f"{en} {duty.period} late"),
            f"/permits/{duty.enterprise.code}#duties",
            duty.simulated,
        )

"""Columns of organisations, departments, duties and shifts."""

from __future__ import annotations

from huanzhi.library.duties.models import Department, Duty, Shift
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.tables import CODE, NAME, ORGANISATION, REGION
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import DATED, Table, declare

ORGANISATION_KINDS = (
    "government",
    "bureau",
    "branch",
    "department",
    "township",
    "park",
    "mediation",
    "enterprise",
    "service",
    "court",
    "public",
    "other",
)
_DEPARTMENT = (
    Column("department", Kind.CODE, "department__code", target="department", filter=True),
    Column("department_name", path="department__name", editable=False),
)
_OWNED = (
    Column(
        "organisation", Kind.CODE, "organisation__code", target="organisation", filter=True, required=True
    ),
    ORGANISATION[1],
)
_REGION = (Column("region", Kind.CODE, "region_id", target="region", filter=True, sort=True), REGION[1])

declare(
    Table(
        "organisation",
        "organisations",
        Organisation,
        (
            CODE,
            NAME,
            Column(
                "kind",
                Kind.CHOICE,
                choices=ORGANISATION_KINDS,
                words="organisation_kind",
                required=True,
                filter=True,
                sort=True,
            ),
            *REGION,
            Column("parent", Kind.CODE, "parent__code", target="organisation", filter=True),
            *DATED,
        ),
        ("region", "parent"),
    ),
    Table(
        "department",
        "departments",
        Department,
        (
            CODE,
            NAME,
            *_OWNED,
            *_REGION,
            Column("parent", Kind.CODE, "parent__code", target="department", filter=True),
            Column("phone", most=40),
            *DATED,
        ),
        ("organisation", "region", "parent"),
    ),
    Table(
        "duty",
        "duties",
        Duty,
        (
            CODE,
            Column("matter", required=True, most=200, filter=True, sort=True, search=True),
            Column("part", Kind.CHOICE, choices=("lead", "cooperate"), words="duty_part", filter=True),
            *_OWNED,
            *_DEPARTMENT,
            *_REGION,
            Column("basis", most=300, search=True),
            *DATED,
        ),
        ("organisation", "department", "region"),
    ),
    Table(
        "shift",
        "shifts",
        Shift,
        (
            CODE,
            Column("day", Kind.DATE, required=True, filter=True, sort=True),
            Column("shift", Kind.CHOICE, choices=("day", "night", "all_day"), filter=True),
            Column(
                "part", Kind.CHOICE, choices=("leader", "officer", "reserve"), words="shift_part", filter=True
            ),
            Column("name", required=True, most=100, search=True),
            Column("person", Kind.CODE, "person__code", target="person", filter=True),
            *_OWNED,
            *_DEPARTMENT,
            *_REGION,
            Column("phone", most=40),
            *DATED,
        ),
        ("organisation", "department", "region", "person"),
    ),
)

"""Columns of regions and places."""

from __future__ import annotations

from huanzhi.library.places.models import (
    Point,
    Region,
    Section,
    SectionTarget,
    Station,
    Well,
    Zone,
)
from huanzhi.library.records.columns import Column, Kind
from huanzhi.library.records.tables import DATED, STANDING, Table, declare

CONTROL_LEVELS = ("national", "provincial", "city", "county", "township", "park", "other")
"""Who controls a place 控制级别: 国控, 省控, 市控, 县控, 乡镇, 园区, other."""
WATER_CLASSES = ("I", "II", "III", "IV", "V")
STATION_KINDS = ("air", "water", "noise", "weather", "radiation", "gas", "other")
SECTION_KINDS = ("river", "lake", "estuary", "source")
WELL_KINDS = ("background", "upstream", "park", "downstream", "source", "regional", "other")
ZONE_KINDS = (
    "air_function",
    "water_function",
    "noise_function",
    "sea_function",
    "water_source",
    "red_line",
    "nature_reserve",
    "control_unit",
    "park",
    "other",
)
POINT_KINDS = ("sea", "soil", "noise", "sediment", "other")

CODE = Column("code", required=True, most=64, sort=True, search=True, filter=True)
NAME = Column("name", required=True, most=200, sort=True, search=True)
REGION = (
    Column("region", Kind.CODE, "region_id", target="region", required=True, filter=True, sort=True),
    Column("region_name", path="region__name", editable=False),
)
ORGANISATION = (
    Column("organisation", Kind.CODE, "organisation__code", target="organisation", filter=True),
    Column("organisation_name", path="organisation__name", editable=False),
)
PLACED = (
    Column("lon", Kind.NUMBER, least=-180, most=180),
    Column("lat", Kind.NUMBER, least=-90, most=90),
)
ATTRIBUTES = Column("attributes", Kind.JSON, sheet=False)
_RELATED = ("region", "organisation")
_TARGET = Column("target", Kind.CHOICE, choices=WATER_CLASSES, words="water_class", filter=True, sort=True)


def choice(name: str, choices: tuple[str, ...], words: str = "", *, required: bool = False) -> Column:
    """Return a column of choices that lists filter and sort by."""
    return Column(name, Kind.CHOICE, choices=choices, words=words, required=required, filter=True, sort=True)


def _place(kinds: tuple[str, ...], words: str, *own: Column) -> tuple[Column, ...]:
    """Return the columns of a kind of place, its own in the middle."""
    return (
        CODE,
        NAME,
        choice("kind", kinds, words, required=True),
        choice("control_level", CONTROL_LEVELS),
        *REGION,
        *ORGANISATION,
        *own,
        *PLACED,
        ATTRIBUTES,
        *STANDING,
    )


REGION_COLUMNS = (
    CODE,
    NAME,
    Column("name_en", most=200, search=True),
    choice("level", ("nation", "province", "city", "county", "township", "village"), "region_level"),
    Column("parent", Kind.CODE, "parent_id", target="region", filter=True),
    Column("path", editable=False),
    *DATED,
)

declare(
    Table("region", "regions", Region, REGION_COLUMNS),
    Table(
        "station",
        "stations",
        Station,
        _place(
            STATION_KINDS,
            "station_kind",
            Column("address", most=300, search=True),
            Column("operator", Kind.CODE, "operator__code", target="organisation", filter=True),
            Column("built", Kind.DATE, sort=True),
        ),
        (*_RELATED, "operator"),
    ),
    Table(
        "section",
        "sections",
        Section,
        _place(
            SECTION_KINDS,
            "section_kind",
            Column("water_body", most=100, filter=True, sort=True, search=True),
            Column("basin", most=100, filter=True, sort=True),
            _TARGET,
            Column("target_year", Kind.INTEGER, least=1990, most=2100),
            Column("handover", Kind.TRUTH, filter=True),
            Column("chainage_km", Kind.NUMBER, least=0, most=10000, sort=True),
        ),
        _RELATED,
    ),
    Table(
        "section_target",
        "section-targets",
        SectionTarget,
        (
            Column("code", most=100, sort=True, search=True),
            Column("section", Kind.CODE, "section__code", target="section", required=True, filter=True),
            Column("section_name", path="section__name", editable=False, heading_key="name"),
            Column("target", Kind.CHOICE, choices=WATER_CLASSES, words="water_class", required=True),
            Column("basis", most=300),
            *DATED,
        ),
        ("section",),
    ),
    Table(
        "well",
        "wells",
        Well,
        _place(
            WELL_KINDS,
            "well_kind",
            Column("aquifer", most=100, filter=True),
            Column("depth_m", Kind.NUMBER, least=0, most=10000, sort=True),
            Column("head_m", Kind.NUMBER, least=-500, most=9000),
            _TARGET,
        ),
        _RELATED,
    ),
    Table(
        "zone",
        "zones",
        Zone,
        _place(
            ZONE_KINDS,
            "zone_kind",
            Column("grade", most=40, filter=True, sort=True),
            _TARGET,
            Column("area_km2", Kind.NUMBER, least=0, most=10_000_000, sort=True),
            Column("geometry", Kind.JSON, sheet=False),
        ),
        _RELATED,
    ),
    Table(
        "point",
        "points",
        Point,
        _place(POINT_KINDS, "point_kind", Column("grade", most=40, filter=True), _TARGET),
        _RELATED,
    ),
)

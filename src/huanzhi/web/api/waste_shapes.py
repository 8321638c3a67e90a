"""Shapes of waste: what is given, and what is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from huanzhi.standards.periods import CHINA

_KG = Field(ge=0, le=1e10)


def in_china(moment: datetime) -> datetime:
    """Return a moment; one without a zone is of China."""
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _example(**told: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [told]})


class WasteEntryIn(Schema):
    """A row of a ledger; of one's own enterprise where none is named."""

    model_config = _example(waste="900-249-08", day="2026-11-20", kind="generated", kg=120.5)

    waste: str = Field(max_length=20)
    day: date
    kind: str = Field(max_length=12)
    kg: float = _KG
    enterprise: str = Field("", max_length=18)
    reference: str = Field("", max_length=40)
    words: str = Field("", max_length=500)


class WasteEntriesIn(Schema):
    """Rows that a program sends: all are entered, or none."""

    model_config = _example(
        items=[{"waste": "900-249-08", "day": "2026-11-20", "kind": "generated", "kg": 120.5}]
    )

    items: list[WasteEntryIn] = Field(min_length=1, max_length=1000)


class WasteCorrectionIn(Schema):
    """The right amount of a row, and why."""

    model_config = _example(kg=118.0, words="称重复核")

    kg: float = _KG
    words: str = Field(min_length=1, max_length=500)


class WastePlanItemIn(Schema):
    """An item of a plan: what is made in the year, and how an amount of it leaves."""

    model_config = ConfigDict(extra="forbid")

    waste: str = Field(max_length=20)
    made_kg: float = _KG
    way: str = Field(max_length=12)
    kg: float = _KG
    receiver: str = Field("", max_length=200)
    per_kwh: float | None = Field(None, gt=0, le=1e6, description="kg made for a kWh of production 产污系数")


class WastePlanIn(Schema):
    """A plan of a year; a change of a filed one needs words."""

    model_config = _example(
        year=2026,
        items=[
            {
                "waste": "900-249-08",
                "made_kg": 12000,
                "way": "transfer",
                "kg": 12000,
                "receiver": "某固废公司",
            }
        ],
    )

    year: int = Field(ge=2000, le=2100)
    items: list[WastePlanItemIn] = Field(min_length=1, max_length=500)
    enterprise: str = Field("", max_length=18)
    words: str = Field("", max_length=2000)


class WasteLineIn(Schema):
    """A line of a manifest."""

    model_config = ConfigDict(extra="forbid")

    waste: str = Field(max_length=20)
    kg: float = Field(gt=0, le=1e10)
    packaging: str = Field("drum", max_length=12)
    pieces: int = Field(1, ge=1, le=100_000)


class WasteManifestIn(Schema):
    """A manifest that the generator fills in."""

    model_config = _example(
        carrier="91330000000000001X",
        receiver="91330000000000002X",
        vehicle="浙J12345",
        lines=[{"waste": "900-249-08", "kg": 800}],
    )

    carrier: str = Field(max_length=18)
    receiver: str = Field(max_length=18)
    lines: list[WasteLineIn] = Field(min_length=1, max_length=50)
    vehicle: str = Field("", max_length=20)
    way: str = Field("transfer", max_length=12)
    continuous: bool = False
    words: str = Field("", max_length=1000)


class WastePaperIn(WasteManifestIn):
    """A paper manifest that is entered afterwards: when it happened, its number, why there was a paper."""

    happened: datetime
    paper_number: str = Field(min_length=1, max_length=40)
    paper_reason: str = Field(min_length=1, max_length=500)


class WasteManifestMoveIn(Schema):
    """A step of a manifest; amounts by number of the line."""

    model_config = _example(move="accept", amounts={"1": 780})

    move: str = Field(max_length=20)
    words: str = Field("", max_length=1000)
    vehicle: str = Field("", max_length=20)
    amounts: dict[str, float] = Field(default_factory=dict, max_length=50)


class WasteDayIn(Schema):
    """The amount of a day of a continuous transfer."""

    model_config = _example(day="2026-11-20", kg=5000)

    day: date
    kg: float = _KG


class WasteApprovalIn(Schema):
    """An application to transfer across provinces."""

    model_config = _example(
        receiver="91330000000000002X", waste="900-249-08", kg=50000, wanted_to="2027-06-30"
    )

    receiver: str = Field(max_length=18)
    waste: str = Field(max_length=20)
    kg: float = Field(gt=0, le=1e10)
    wanted_to: date
    wanted_from: date | None = None
    way: str = Field("transfer", max_length=12)
    words: str = Field("", max_length=2000)


class WasteApprovalMoveIn(Schema):
    """A step of the office; the day on which it was decided is today where none is given."""

    model_config = _example(move="grant", document="浙环函〔2026〕1号", day="2026-11-20")

    move: str = Field(max_length=20)
    words: str = Field("", max_length=1000)
    document: str = Field("", max_length=80)
    day: date | None = None


class WasteWordsIn(Schema):
    """A step with words."""

    model_config = _example(words="")

    words: str = Field("", max_length=1000)


class WasteExplainIn(Schema):
    """What the enterprise says of a finding."""

    model_config = _example(words="盘点时有一桶未计入")

    words: str = Field(min_length=1, max_length=1000)


class WasteSettleIn(WasteExplainIn):
    """Why the office settles a finding, and on what."""

    model_config = _example(basis="inspected", words="现场复称，与台账一致")

    basis: str = Field(max_length=20)


class WasteLicenceIn(Schema):
    """What a licence says; its last day is open where none is given."""

    model_config = _example(
        licence="integrated",
        classes=["HW08"],
        kg_a_year=60000,
        valid_from="2026-01-01",
        last_day="2030-12-31",
    )

    licence: str = Field(max_length=20)
    classes: list[str] = Field(default_factory=list, max_length=60)
    kg_a_year: float = Field(0, ge=0, le=1e12)
    storage_extended_days: int = Field(0, ge=0, le=3650)
    authority: str = Field("", max_length=100)
    valid_from: date
    last_day: date | None = None
    words: str = Field("", max_length=500)


class WasteNewLicenceIn(WasteLicenceIn):
    """A licence to enter, and whose it is."""

    code: str = Field(min_length=1, max_length=40)
    enterprise: str = Field(max_length=18)


class WasteVehicleIn(Schema):
    """A vehicle: its load, its permit to carry dangerous goods and the last day of that."""

    model_config = _example(kg=4500, permit="浙交运管危货字331000000001号", last_day="2027-12-31")

    kg: float = Field(gt=0, le=1e6)
    permit: str = Field(min_length=1, max_length=40)
    valid_from: date | None = None
    last_day: date | None = None
    active: bool = True


class WasteNewVehicleIn(WasteVehicleIn):
    """A vehicle to enter, of one's own enterprise where none is named."""

    code: str = Field(min_length=1, max_length=20)
    enterprise: str = Field("", max_length=18)


class WasteEndIn(Schema):
    """The last day of a licence or permit, and why it ends."""

    model_config = _example(last_day="2026-11-30", words="发证机关注销")

    last_day: date
    words: str = Field(min_length=1, max_length=500)


class WasteBookingIn(Schema):
    """A pick-up to book."""

    model_config = _example(
        collector="91330000000000001X",
        waste="900-249-08",
        kg=180,
        begins="2026-11-24T08:00",
        ends="2026-11-24T12:00",
    )

    collector: str = Field(max_length=18)
    waste: str = Field(max_length=20)
    kg: float = Field(gt=0, le=1e7)
    begins: datetime
    ends: datetime
    packaging: str = Field("drum", max_length=12)
    pieces: int = Field(1, ge=1, le=100_000)
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    words: str = Field("", max_length=500)


class WasteRouteIn(Schema):
    """The day to plan; of all bookings that are open where none is named."""

    model_config = _example(day="2026-11-24")

    day: date
    bookings: list[str] = Field(default_factory=list, max_length=200)
    seed: int | None = Field(None, ge=0, le=2**31 - 1)


class WasteWeightIn(Schema):
    """What was weighed."""

    model_config = _example(kg=176.5)

    kg: float = Field(gt=0, le=1e7)


class WasteIssueIn(Schema):
    """A manifest to issue of a pick-up: its receiver is the collector where none is named."""

    model_config = _example(receiver="")

    receiver: str = Field("", max_length=18)
    vehicle: str = Field("", max_length=20)


class WasteCheckIn(Schema):
    """An assessment to begin."""

    model_config = _example(enterprise="91330000000000003X", object="producer", day="2026-11-20")

    enterprise: str = Field(max_length=18)
    object: str = Field(max_length=12)
    day: date


class WasteAnswerIn(Schema):
    """An answer: 0, 1, 2, or none where the item does not apply."""

    model_config = ConfigDict(extra="forbid")

    score: int | None = Field(None, ge=0, le=2)
    words: str = Field("", max_length=1000)


class WasteAnswersIn(Schema):
    """Answers by item."""

    model_config = _example(answers={"label": {"score": 2}})

    answers: dict[str, WasteAnswerIn] = Field(max_length=100)


class WasteMendIn(Schema):
    """What of an item was rectified, or whether it is accepted."""

    model_config = _example(item="label", words="已更换标识")

    item: str = Field(max_length=40)
    words: str = Field("", max_length=1000)
    accepted: bool | None = None


class WasteOut(Schema):
    """A record of waste with its revision."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"revision": 1}]})

    revision: int


class WasteToldOut(Schema):
    """Words, figures and tables of waste."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"items": []}]})

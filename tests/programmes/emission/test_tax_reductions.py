"""Reductions of the tax proposed from hours of the store by permitted limits, accepted by an officer."""

from datetime import UTC, date, datetime
from hashlib import sha256

import pyarrow as pa
import pytest

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.ecocode.permits.models import MonthAmount
from huanzhi.ecocode.tax import declaring
from huanzhi.ecocode.tax.online import rows_of
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.programmes.tax.reductions import of_store, proposals
from huanzhi.standards.periods import HOUR, start_of_day

pytestmark = pytest.mark.django_db
QUARTER = "2026Q3"
START = start_of_day(date(2026, 7, 1))
HOURS = 92 * 24
SO2, CONVERTED = "a21026", "a21026-Zs"
NOW = datetime(2026, 10, 5, tzinfo=UTC)


@pytest.fixture
def outlet(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    body = save(SYSTEM, Organisation(code="O1", name="企业1", kind="enterprise", region=city))
    told = {"code": "E1", "name": "企业1", "region": city, "organisation": body}
    enterprise = save(SYSTEM, Enterprise(**told, simulated=True))
    made = save(SYSTEM, Outlet(code="DA1", name="废气口", medium="air", enterprise=enterprise))
    permit = Permit(code="P1", enterprise=enterprise, valid_from=date(2024, 1, 1), valid_to=date(2029, 1, 1))
    save(SYSTEM, permit)
    limit(permit, made, "100", date(2024, 1, 1), date(2026, 8, 11))
    limit(permit, made, "50", date(2026, 8, 11), None)
    for month in (7, 8, 9):
        MonthAmount.objects.create(
            outlet=made, parameter=SO2, year=2026, month=month, through=1, measured=95 * 10**6
        )
    return made


def limit(permit, outlet, value, first, last):
    told = {"permit": permit, "outlet": outlet, "parameter": SO2, "averaging": "hour", "unit": "mg/m³"}
    told |= {"standard": "GB 13223-2011", "clause": "表1", "valid_from": first, "valid_to": last}
    save(SYSTEM, PermitLimit(**told, value=value))


def hours(parameter, value, skip=(), flags=None):
    for hour in range(HOURS):
        if hour not in skip:
            flag = int((flags or {}).get(hour, 0))
            yield {
                "feature": "DA1", "parameter": parameter, "period": "hour", "time": START + hour * HOUR,
                "value": value, "decimals": 0, "state": int(State.VALUE), "flag": flag, "row": 0,
            }  # fmt: skip


def told(outlet, tmp_path, *series):
    """Return the proposals by month; values in µg/m³, the unit of the store."""
    rows = [row for one in series for row in one]
    with open_store("write", tmp_path) as store:
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        store.write(
            table, [Feature("DA1", "DA1", "outlet")], Source("t", "t", sha256(b"x").hexdigest(), raw=b"x")
        )
        found = of_store(store, None, outlet.enterprise_id, QUARTER, rows_of(outlet.enterprise, QUARTER))
    return {one["month"]: one for one in found}


def test_each_month_is_held_against_the_limits_of_its_days(outlet, tmp_path):
    found = told(outlet, tmp_path, hours("a00000", 10), hours(SO2, 30_000))
    july, august, september = (found[f"2026-0{month}"] for month in (7, 8, 9))
    assert (july["verdict"], july["pays"], july["mean"], july["limit"]) == (
        "proposed",
        "0.5",
        "30000",
        "100000",
    )
    assert (august["verdict"], august["pays"], august["limit"]) == ("proposed", "0.75", "50000")
    assert [(one["from"], one["to"], one["value"]) for one in august["limits"]] == [
        ("2026-08-01", "2026-08-10", "100000"),
        ("2026-08-11", "2026-08-31", "50000"),
    ]
    assert (september["hours"], september["known"], september["pays"]) == (720, 720, "0.75")
    steps = july["steps"]
    assert "744" in steps[0]["zh"] and "30000 µg/m³" in steps[0]["en"]
    assert steps[1]["clause"] == "许可 GB 13223-2011 表1" and "第十三条" in steps[-1]["clause"]


def test_a_missing_hour_and_one_of_a_fault_leave_it_unknown(outlet, tmp_path):
    flags = {40 * 24: DeviceFlag.FAULT}
    found = told(outlet, tmp_path, hours("a00000", 10), hours(SO2, 30_000, skip={100}, flags=flags))
    assert [found[f"2026-0{month}"]["verdict"] for month in (7, 8, 9)] == ["unknown", "unknown", "proposed"]
    assert found["2026-07"]["missing"] == 1 and found["2026-07"]["state"] == "none"


def test_hours_that_stood_still_are_not_due_and_what_exceeds_decides(outlet, tmp_path):
    flags = dict.fromkeys(range(48), DeviceFlag.STOPPED)
    found = told(outlet, tmp_path, hours("a00000", 10, flags=flags), hours(SO2, 60_000))
    assert (found["2026-07"]["stopped"], found["2026-07"]["due"]) == (48, 696)
    assert found["2026-07"]["pays"] == "0.75"
    assert found["2026-08"]["verdict"] == "over", "60 exceeds the 50 of the last days"


def test_the_content_at_the_reference_oxygen_is_judged_where_it_came(outlet, tmp_path):
    series = (hours("a00000", 10), hours(SO2, 20_000), hours(CONVERTED, 60_000))
    found = told(outlet, tmp_path, *series)["2026-07"]
    assert (found["parameter"], found["mean"], found["pays"]) == (CONVERTED, "60000", "0.75")


def test_without_a_store_nothing_is_proposed(outlet):
    assert proposals(outlet.enterprise_id, QUARTER, rows_of(outlet.enterprise, QUARTER)) == []


def test_an_officer_accepts_and_the_tax_follows_with_its_steps(outlet, tmp_path):
    """95 kg of SO2 are 100 equivalents: 120 yuan a month; half in July, three quarters in August."""
    found = list(told(outlet, tmp_path, hours("a00000", 10), hours(SO2, 30_000)).values())
    officer = Actor("chen", "陈", (Held("permits", "990001/", "B1"),), "B1")
    own = Actor("own", "企", (Held("enterprise", "990001/", "O1"),), "O1")
    rows = rows_of(outlet.enterprise, QUARTER)
    held = declaring.draft(officer, outlet.enterprise, QUARTER, rows, NOW, online=rows, reductions=found)
    assert held.total == "360.00", "nothing is taken off before somebody accepts"
    key = ("DA1", "2026-07", "二氧化硫")
    with pytest.raises(InputError):
        declaring.settle_reduction(own, held, key, "accept", "", NOW)
    held.refresh_from_db()
    held = declaring.settle_reduction(officer, held, key, "accept", "", NOW)
    assert (held.total, held.state) == ("300.00", "drafted")
    line = next(one for one in held.result["lines"] if one["month"] == "2026-07")
    assert line["share"] == "0.5" and any("70%" in step["zh"] for step in line["steps"])
    assert held.steps[-1]["step"] == "accept"
    with pytest.raises(InputError) as caught:
        declaring.settle_reduction(officer, held, key, "accept", "", NOW)
    assert caught.value.key == "tax.no_proposal"
    august = ("DA1", "2026-08", "二氧化硫")
    with pytest.raises(InputError) as caught:
        declaring.settle_reduction(officer, held, august, "decline", " ", NOW)
    assert caught.value.key == "tax.no_reason"
    held = declaring.settle_reduction(officer, held, august, "decline", "比对不合格", NOW)
    states = [one["state"] for one in held.result["reductions"]]
    assert (states, held.total) == (["accepted", "declined", "proposed"], "300.00")
    held = declaring.amend(own, held, 0, {"quantity": "190"}, "补报", NOW)
    assert held.total == "360.00", "the reduction stays with its row"

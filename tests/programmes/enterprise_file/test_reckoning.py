"""Verdicts kept from the store: reckoned, told why, renewed where limits or data change."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from huanzhi.ecocode.files.models import QuarterVerdict
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.programmes.enterprise_file.grid import grid, why
from huanzhi.programmes.enterprise_file.quarters import Quarter
from huanzhi.programmes.enterprise_file.reading import judged_outlets
from huanzhi.programmes.enterprise_file.reckoning import features_of, keep_up
from huanzhi.standards.periods import DAY, start_of_day

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 5, 4, tzinfo=UTC)
QUARTER = Quarter(2026, 3)
FIRST = start_of_day(QUARTER.first)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def outlet(home):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    own = save(SYSTEM, Enterprise(code="E1", name="企业", region=city, simulated=True))
    made = save(SYSTEM, Outlet(code="E1W1", name="总排口", medium="water", enterprise=own))
    permit = save(SYSTEM, Permit(code="P1", enterprise=own))
    told = {"permit": permit, "outlet": made, "parameter": "w01018", "averaging": "day", "unit": "mg/L"}
    save(SYSTEM, PermitLimit(value="50", valid_to=date(2026, 8, 1), **told))
    save(SYSTEM, PermitLimit(value="30", valid_from=date(2026, 8, 1), **told))
    return made


def give(home, values, first=0):
    rows = [
        {"feature": "E1W1", "parameter": "w01018", "period": "day", "time": FIRST + (first + at) * DAY}
        | {"value": value, "decimals": 0, "state": 0, "flag": 0, "row": at}
        for at, value in enumerate(values)
    ]
    with open_store("write", home) as store:
        feature = Feature("E1W1", "总排口", "outlet", region_code="990001", simulated=True)
        name = f"t{first}{values[0]}{len(values)}"
        store.write(
            pa.Table.from_pylist(rows, SCHEMA), [feature], Source("hand", "test", name.ljust(64, "0"))
        )


def kept(home, now=NOW):
    with open_store("read", home) as store:
        done = keep_up(store, now, quarters=[QUARTER])
    return done["reckoned"], QuarterVerdict.objects.get(year=2026, quarter=3)


def test_each_day_is_judged_by_the_limit_that_held_then(home, outlet):
    give(home, [40] * 92)
    reckoned, row = kept(home)
    assert (reckoned, row.state, row.over, row.valid, row.due) == (1, "exceeding", 61, 92, 92)
    assert [one["value"] for one in row.limits] == ["50", "30"] and row.days[0]["day"] == "2026-08-01"
    assert row.sensitivity == "own"


def test_only_what_changed_is_reckoned_anew(home, outlet):
    give(home, [20] * 92)
    assert kept(home)[0] == 1
    assert kept(home)[0] == 0
    limit = PermitLimit.objects.get(value="30")
    limit.value = "10"
    save(SYSTEM, limit)
    reckoned, row = kept(home)
    assert (reckoned, row.over) == (1, 61)
    give(home, [5], first=91)
    assert kept(home)[1].over == 60


def test_the_why_is_reckoned_as_of_a_moment_of_the_store(home, outlet):
    give(home, [20] * 92)
    with open_store("read", home) as store:
        before = datetime.now(UTC)
        first = store.revision()
    give(home, [90], first=10)
    with open_store("read", home) as store:
        (one,) = judged_outlets([outlet], features_of(store, [outlet]))
        today = NOW.date()
        assert why(store, one, "w01018", QUARTER, today)["over"] == 1
        then = why(store, one, "w01018", QUARTER, today, as_of=first)
        assert (then["over"], then["state"]) == (0, "compliant") and before
        assert len(then["days"]) == 92 and any(step["clause"] for step in then["steps"])


def test_an_expired_permit_still_judges_its_own_days(home, outlet):
    Permit.objects.update(status="expired", valid_to=date(2026, 8, 15))
    give(home, [20] * 92)
    row = kept(home)[1]
    assert row.due == 45 and row.state == "compliant"


def test_an_outlet_without_data_is_unknown(home, outlet):
    give(home, [20] * 20)
    row = kept(home)[1]
    assert (row.state, row.missing, row.needed) == ("unknown", 72, 69)
    found = grid(SYSTEM, outlet.enterprise, NOW + timedelta(hours=1), 2)
    assert [cell["state"] for cell in found["rows"][0]["cells"]] == ["unknown", "unknown"]


def test_the_running_quarter_is_judged_to_yesterday(home, outlet):
    give(home, [20] * 10)
    with open_store("read", home) as store:
        keep_up(store, datetime(2026, 7, 11, 4, tzinfo=UTC), quarters=[QUARTER])
    row = QuarterVerdict.objects.get()
    assert (row.due, row.last, row.state) == (10, date(2026, 7, 10), "compliant")
    assert Decimal(row.limits[0]["value"]) == 50

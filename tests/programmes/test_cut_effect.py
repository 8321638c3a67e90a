"""Before and after of cuts: worked by hand, with hours that are missing and outlets that never spoke."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pyarrow as pa
import pytest

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.center.warnings.cut_models import CutTask
from huanzhi.center.warnings.models import AirForecast, Episode
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.programmes import cut_effect
from huanzhi.standards.periods import CHINA, HOUR

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 10, 8, tzinfo=CHINA)
END = datetime(2026, 11, 12, 8, tzinfo=CHINA)
NOW = datetime(2026, 11, 20, 8, tzinfo=CHINA).astimezone(UTC)


@pytest.fixture
def task(db):
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    firm = save(SYSTEM, Enterprise(code="SIM-E1", name="E1", region=city, simulated=True))
    permit = save(SYSTEM, Permit(code="P1", enterprise=firm, region=city))
    for code in ("G1", "G2"):
        outlet = save(SYSTEM, Outlet(code=code, name=code, enterprise=firm, medium="gas", region=city))
        limit = {"permit": permit, "outlet": outlet, "parameter": "a21026", "measure": "concentration"}
        save(SYSTEM, PermitLimit(code=f"L-{code}", value="50", region=city, **limit))
    days = {"first": START.date(), "last": END.date(), "started": START, "ended": END}
    levels = {"state": "released", "level": "red", "proposed": "red"}
    episode = Episode.objects.create(code="ZWR-1", region=city, **levels, **days)
    told = {"level": "red", "words": "停产", "told_at": START}
    return save(SYSTEM, CutTask(code="ZWR-1/SIM-E1", episode=episode, enterprise=firm, **told))


def rows(outlet, first, last, content, flag=0):
    """10.00 m³/s with `content` mg/m³ from `first` to `last`."""
    start, end = int(first.timestamp()), int(last.timestamp())
    kinds = (("a00000", 1000, 2), ("a21026", content * 10_000, 1))
    return [
        {"feature": outlet, "parameter": code, "period": "hour", "time": time, "value": value}
        | {"decimals": decimals, "state": int(State.VALUE), "flag": int(flag), "row": 0}
        for time in range(start, end, HOUR)
        for code, value, decimals in kinds
    ]


def compared(home, task, observed):
    names = sorted({one["feature"] for one in observed})
    source = Source("test", "test", sha256(b"x").hexdigest(), raw=b"x")
    with open_store("write", home) as store:
        store.write(
            pa.Table.from_pylist(observed, schema=SCHEMA),
            [Feature(one, one, "outlet") for one in names],
            source,
        )
        return cut_effect.emission(store, None, [task], NOW)[0]


def test_emission_before_during_and_after_by_hand(tmp_path, task):
    """10 m³/s with 50 mg/m³ is 1.8 kg/h; with 20 mg/m³ 0.72 kg/h: 60 % less."""
    before, after = START - timedelta(days=5), END + timedelta(days=3)
    observed = rows("G1", before, START, 50) + rows("G1", START, END, 20) + rows("G1", END, after, 50)
    told = compared(tmp_path, task, observed)
    (item,) = told["items"]
    assert [item[phase]["mean"] for phase in cut_effect.PHASES] == ["1.8000", "0.7200", "1.8000"]
    assert (item["change"], item["during"]["known"], item["during"]["hours"]) == ("-60.0", 48, 48)
    assert (told["outlets"], told["silent"]) == (["G1"], ["G2"])
    by_day = {one["day"]: (one["phase"], one["values"]["a21026"]) for one in told["days"]}
    assert by_day["2026-11-11"] == ("during", "17.2800")
    assert by_day["2026-11-10"] == ("during", "25.9200")  # eight hours before the start
    assert by_day["2026-11-05"] == ("before", None)  # its first hours were not looked at


def test_what_is_not_known_is_unknown_and_standing_still_is_nothing(tmp_path, task):
    before = START - timedelta(days=5)
    short = rows("G1", before, before + timedelta(days=3), 50)
    still = rows("G1", START, END, 20, DeviceFlag.STOPPED)
    (item,) = compared(tmp_path, task, short + still)["items"]
    assert item["before"] == {
        "mean": None,
        "known": 72,
        "hours": 120,
    }  # 60 % of the hours, 75 % are asked for
    assert item["during"]["mean"] == "0.0000" and item["change"] is None
    assert item["after"]["mean"] is None


def test_two_outlets_are_added_and_one_that_falls_silent_makes_it_unknown(tmp_path, task):
    before = START - timedelta(days=5)
    observed = [row for one in ("G1", "G2") for row in rows(one, before, START, 50)]
    (item,) = compared(tmp_path, task, observed + rows("G1", START, END, 20))["items"]
    assert (item["before"]["mean"], item["during"]["mean"]) == ("3.6000", None)


def test_days_of_air_are_those_that_were_observed(task):
    for day, high, source in ((9, 120, "observed"), (10, 220, "observed"), (11, 260, "forecaster")):
        when = date(2026, 11, day)
        told = {"low": high, "high": high, "source": source, "issued": NOW, "by": "x"}
        save(SYSTEM, AirForecast(code=f"990001@{when}", region=task.episode.region, day=when, **told))
    found = cut_effect.air(task.episode, NOW)
    assert found["aqi"]["before"] == {"mean": "120.0", "known": 1, "days": 5}
    assert found["aqi"]["during"] == {"mean": "220.0", "known": 1, "days": 3}
    assert found["aqi"]["after"] == {"mean": None, "known": 0, "days": 3}
    assert [one["day"] for one in found["days"]][::10] == ["2026-11-05", "2026-11-15"]


def test_an_episode_that_goes_on_has_no_after_and_one_that_never_began_has_nothing(task):
    row = task.episode
    row.ended = None
    found = cut_effect.air(row, START + timedelta(hours=1))
    assert [one["phase"] for one in found["days"]] == ["before"] * 5 + ["during"]
    spans = cut_effect.spans_of(row, START + timedelta(hours=1))
    assert spans.during[0] == spans.during[1] and spans.after[0] == spans.after[1]
    row.started = None
    with pytest.raises(InputError, match=r"ZWR-1|force|启动"):
        cut_effect.air(row, NOW)

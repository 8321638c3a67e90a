"""Rounds over hours: outlets, gas, lost data, sources, quantities of the year, heavy pollution, own rules."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.center.warnings import episodes
from huanzhi.center.warnings.models import AirForecast, OwnLimit, OwnRule, Warning, YearQuantity
from huanzhi.center.warnings.own_rules import publish, tried, turn_off, write
from huanzhi.center.watching.declared import declared
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise, Outlet, Permit, PermitLimit
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region, Section, SectionTarget, Station
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.programmes.warning_rounds import hours, own, quantities, rounds, sources
from huanzhi.standards.periods import CHINA, DAY, HOUR, start_of_day

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 20, 10, 12, tzinfo=CHINA).astimezone(UTC)
THIS = int(NOW.timestamp()) // HOUR
COD = "w01018"


@pytest.fixture
def city():
    return save(SYSTEM, Region(code="331000", name="台州市", level="city"))


@pytest.fixture
def outlet(city):
    body = save(SYSTEM, Organisation(code="E1", name="甲厂", kind="enterprise", region=city))
    owner = Enterprise(code="91110000000000000A", name="甲厂", region=city, organisation=body)
    owner.save()
    made = Outlet(code="W1", name="总排口", medium="water", enterprise=owner, region=city)
    made.save()
    permit = Permit(code="P1", enterprise=owner, region=city)
    permit.save()
    for measure, averaging, value, unit in (
        ("concentration", "", "50", "mg/L"),
        ("amount", "year", "0.5", "t"),
    ):
        PermitLimit(
            code=f"L{averaging}",
            permit=permit,
            outlet=made,
            enterprise=owner,
            region=city,
            parameter=COD,
            measure=measure,
            averaging=averaging,
            value=value,
            unit=unit,
        ).save()
    return made


@pytest.fixture
def store(tmp_path):
    with open_store("write", tmp_path) as opened:
        yield opened


def put(store, feature, parameter, values, kind="outlet", period="hour", last=THIS - 1, flag=0):
    """Write values, the last of which is of the hour `last`."""
    step = HOUR if period == "hour" else DAY
    rows = [
        {"feature": feature, "parameter": parameter, "period": period}
        | {"time": last * HOUR - (len(values) - 1 - place) * step}
        | {"value": None if value is None else round(value * 100), "decimals": 2}
        | {"state": 1 if value is None else 0, "flag": flag, "row": 1}
        for place, value in enumerate(values)
    ]
    store.write(
        pa.Table.from_pylist(rows, SCHEMA),
        [Feature(feature, feature, kind, region_code="331000")],
        Source("t", "t", ""),
    )


def only(rule):
    return Warning.objects.get(rule=rule)


@pytest.mark.parametrize(
    ("values", "colour"),
    [
        ([40, 44], None),
        ([40, 50], "blue"),
        ([40, 51], "yellow"),
        ([51, 52, 53], "orange"),
        ([40, 150], "red"),
    ],
)
def test_hours_of_an_outlet_have_the_level_of_the_rulebook(outlet, store, values, colour):
    put(store, "W1", COD, values)
    hours.outlets(store, NOW)
    found = Warning.objects.filter(rule="outlet_hour").first()
    assert (found.colour if found else None) == colour


def test_an_outlet_over_its_limit_owes_a_reply_of_its_enterprise(outlet, store):
    put(store, "W1", COD, [51, 52, 53])
    hours.outlets(store, NOW)
    row = only("outlet_hour")
    assert row.reply_state == "owed" and row.responsible[0]["part"] == "enterprise"
    assert row.organisation == "E1" and row.facts["hours"] == 3
    assert row.reply_due == NOW + timedelta(hours=4)
    hours.outlets(store, NOW + timedelta(minutes=5))
    assert Warning.objects.count() == 1
    put(store, "W1", COD, [20] * 5, last=THIS + 4)
    hours.outlets(store, NOW + timedelta(hours=5))
    assert only("outlet_hour").state == "released"


def test_what_a_device_marks_as_upkeep_is_not_judged(outlet, store):
    put(store, "W1", COD, [200], flag=int(DeviceFlag.MAINTENANCE))
    hours.outlets(store, NOW)
    assert not Warning.objects.exists()


def test_gas_is_judged_by_a_standard_or_by_the_city_and_else_not_at_all(city, store):
    Station(code="F1", name="边界站", kind="gas", region=city).save()
    put(store, "F1", "a21001", [1.4, 1.6], "air_station")  # ammonia, GB 14554 second class new: 1.5
    told = hours.park(store, NOW)
    row = only("park_gas")
    assert (row.colour, row.limit) == ("yellow", 1.5) and "GB 14554" in row.judged["standards"][0]
    assert told["without_limit"] == 0
    save(
        SYSTEM,
        OwnLimit(
            code="x",
            rule="park_gas",
            parameter="a21001",
            region=city,
            value="5",
            unit="mg/m³",
            basis="本市",
            by="x",
        ),
    )
    assert hours.park(store, NOW)["over"] == 0


def test_findings_of_quality_control_are_told_in_words():
    assert list(hours._told(Counter({"REPEATED": 6, "FLAT": 1}), "zh")) == ["重复数据 6", "恒值 1"]
    assert list(hours._told(Counter({"REPEATED": 6}), "en")) == ["repeated pattern 6"]


def test_a_place_is_lost_that_was_heard_the_day_before(outlet, store):
    put(store, "W1", COD, [20] * 6, last=THIS - 5)
    hours.lost(store, NOW)
    assert only("lost_data").facts["hours"] == 4
    put(store, "W1", COD, [20] * 5)
    hours.lost(store, NOW + timedelta(hours=1))
    assert only("lost_data").state == "open"
    hours.lost(store, NOW + timedelta(hours=1, minutes=1))
    assert only("lost_data").state == "released"


def test_a_source_names_its_items_over_the_limit_and_the_steps(city, store):
    made = save(SYSTEM, Section(code="S1", name="水源", kind="source", region=city))
    save(SYSTEM, SectionTarget(section=made, target="II"))
    day = start_of_day(date(2026, 10, 19)) // HOUR
    for parameter, value in ((COD, 16.0), ("w21038", 300.0), ("w01009", 7.0), ("w21003", 0.2)):
        put(store, "S1", parameter, [value], "section", "day", last=day)
    sources.run(store, NOW)
    row = only("drinking_source")
    assert row.colour == "yellow" and {one["table"] for one in row.judged["over"]} == {"1", "2"}
    assert [one["name"] for one in row.steps][:2] == ["review", "sample"]
    assert datetime.fromisoformat(row.steps[0]["due"]) == NOW + timedelta(hours=2)
    assert row.steps[0]["confidence"] == "PROPOSAL"


def test_the_quantity_of_the_year_adds_hours_with_flow_and_content(outlet, store):
    begin = start_of_day(date(2026, 1, 1)) // HOUR
    put(store, "W1", COD, [100.0, 100.0, None, 100.0], last=begin + 3)
    put(store, "W1", "w00000", [10.0, 10.0, 10.0], last=begin + 2)
    quantities.reckon(store, NOW)
    row = YearQuantity.objects.get()
    assert row.hours == 2 and row.tonnes == pytest.approx(2 * 3600 * 10 * 100 / 1e9)
    assert row.permitted == 0.5 and row.missing > 1000
    assert quantities.reckon(store, NOW)["hours"] == 0
    put(store, "W1", COD, [100.0], last=THIS + 1)
    put(store, "W1", "w00000", [10.0], last=THIS + 1)
    quantities.reckon(store, NOW + timedelta(hours=5))
    assert YearQuantity.objects.get().hours == 3


def forecast(city, *aqi):
    today = NOW.astimezone(CHINA).date()
    days = [
        episodes.Expected(today + timedelta(days=place), high - 10, high) for place, high in enumerate(aqi)
    ]
    episodes.enter_forecast(SYSTEM, city, days, NOW)
    return episodes.propose(city, NOW)


@pytest.mark.parametrize(
    ("aqi", "level"),
    [
        ((120, 140), None),
        ((160, 160), "yellow"),
        ((201,), "yellow"),
        ((160, 160, 160), "orange"),
        ((210, 220), "orange"),
        ((160, 210, 120, 160), "yellow"),
        ((210, 310, 220), "red"),
    ],
)
def test_levels_of_heavy_pollution_follow_the_edition_in_force(city, aqi, level):
    found = forecast(city, *aqi)
    assert (found.proposed if found else None) == level


def test_an_episode_is_active_only_by_a_person_and_ends_with_a_reason(city):
    row = forecast(city, 210, 220)
    assert row.state == "proposed" and not Warning.objects.exists()
    with pytest.raises(InputError):
        episodes.activate(SYSTEM, row, "red", "", NOW)
    row = episodes.activate(SYSTEM, row, "orange", "", NOW)
    warning = only("heavy_pollution")
    assert (row.state, warning.colour, warning.level, row.warning) == (
        "active",
        "orange",
        "warning",
        warning.code,
    )
    row = episodes.activate(SYSTEM, row, "red", "会商", NOW + timedelta(hours=1))
    assert only("heavy_pollution").colour == "red"
    row = episodes.end(SYSTEM, row, "扩散条件转好", NOW + timedelta(days=2))
    assert row.state == "released" and only("heavy_pollution").state == "released"


def test_what_was_observed_is_not_written_over_by_a_forecast(city):
    day = episodes.Expected(date(2026, 10, 19), 205, 205)
    episodes.enter_forecast(SYSTEM, city, [day], NOW, "observed")
    episodes.enter_forecast(SYSTEM, city, [episodes.Expected(day.day, 50, 60)], NOW)
    assert AirForecast.objects.get().high == 205
    assert forecast(city, 210).proposed == "orange"  # yesterday and today are 48 hours


def own_rule(city, spec, **more):
    row = OwnRule(code="R1", name="自建", region=city, spec=spec, **more)
    write(SYSTEM, row, {})
    return row


def test_a_rule_raises_what_its_trial_has_shown(outlet, city, store):
    put(store, "W1", COD, [10, 31, 32, 10, 33])
    spec = {
        "sort": "compare",
        "kind": "outlet",
        "parameter": COD,
        "value": "30",
        "n": 2,
        "m": 3,
        "release": 2,
    }
    row = own_rule(city, spec)
    end = int(NOW.timestamp())
    found = own.trial(store, declared(row.spec), city, end - DAY, end)
    assert [(one.place, one.value, one.n) for one in found.spells] == [("W1", "33.00", 2)]
    with pytest.raises(InputError, match="试运行"):
        publish(SYSTEM, row, "启用", NOW)
    tried(row, len(found.spells), 24, NOW)
    assert publish(SYSTEM, row, "启用", NOW) is None and row.version == 1
    own.run(store, NOW)
    warning = only("own:R1")
    assert warning.value == 33.0 and warning.title == "自建" and warning.version == "1"
    turn_off(SYSTEM, row, "停用")
    own.run(store, NOW)
    assert only("own:R1").state == "released"


def test_a_share_of_the_limit_that_holds(outlet, city, store):
    put(store, "W1", COD, [44, 45, 46])
    spec = {"sort": "compare", "kind": "outlet", "parameter": COD, "against": "limit", "share": "0.9"}
    found = own.trial(store, declared(spec), city, int(NOW.timestamp()) - DAY, int(NOW.timestamp()))
    assert [(one.value, one.limit) for one in found.spells] == [("46.00", "45")]


def test_rate_and_loss(outlet, city, store):
    put(store, "W1", COD, [10, 11, 25, 26], last=THIS - 6)
    end = int(NOW.timestamp())
    rate = {"sort": "rate", "kind": "outlet", "parameter": COD, "value": "10", "step": 1}
    assert len(own.trial(store, declared(rate), city, end - DAY, end).spells) == 1
    lost = {"sort": "lost", "kind": "outlet", "parameter": COD, "periods": 3}
    assert len(own.trial(store, declared(lost), city, end - DAY, end).spells) == 1
    lost["periods"] = 9
    assert not own.trial(store, declared(lost), city, end - DAY, end).spells


def test_two_rules_within_minutes_are_a_combination(outlet, city, store):
    put(store, "W1", COD, [51, 52, 53])
    hours.outlets(store, NOW)
    spec = {"sort": "combination", "first": "outlet_hour", "second": "lost_data", "where": "place"}
    end = int(NOW.timestamp()) + HOUR
    assert not own.trial(store, declared(spec), city, end - DAY, end).spells
    Warning.objects.update(since=NOW - timedelta(minutes=20))
    other = only("outlet_hour")
    other.pk, other.rule, other.code, other.revision = None, "lost_data", "YJ-x", 0
    other.save()
    assert len(own.trial(store, declared(spec), city, end - DAY, end).spells) == 1


def test_a_forecast_rule_looks_at_the_days_ahead(city, store):
    forecast(city, 90, 160, 170)
    spec = {"sort": "forecast", "value": "150", "n": 2, "m": 3}
    end = int(NOW.timestamp())
    assert len(own.trial(store, declared(spec), city, end - DAY, end).spells) == 1
    spec["n"] = 3
    assert not own.trial(store, declared(spec), city, end - DAY, end).spells


def test_rounds_bear_a_missing_store(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path / "none"))
    for work in rounds.KINDS.values():
        assert work(None)["new"] == 0

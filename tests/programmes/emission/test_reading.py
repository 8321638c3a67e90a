"""Hours of the store become quantities: worked by hand, with flags, gaps and what was never sent."""

from datetime import date
from fractions import Fraction
from hashlib import sha256

import pyarrow as pa
import pytest

from huanzhi.assess.emission.hours import Origin
from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.assess.states import State
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.programmes.emission.keeping import months
from huanzhi.programmes.emission.reading import has_mass, months_of, quarters_of, reckon
from huanzhi.standards.periods import DAY, HOUR, start_of_day

START = start_of_day(date(2026, 10, 1))


def row(parameter, hour, value, decimals, flag=0, state=State.VALUE):
    return {
        "feature": "X",
        "parameter": parameter,
        "period": "hour",
        "time": START + hour * HOUR,
        "value": value,
        "decimals": decimals,
        "state": int(state),
        "flag": int(flag),
        "row": 0,
    }


@pytest.fixture
def kept(tmp_path):
    def keep(rows):
        store = open_store("write", tmp_path)
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        store.write(
            table, [Feature("X", "X", "outlet")], Source("test", "test", sha256(b"x").hexdigest(), raw=b"x")
        )
        return store

    return keep


def one(store, parameters, hours, gas=None):
    found = reckon(store, None, "X", parameters, START, START + hours * HOUR, gas)
    return {each.parameter: each for each in found}


def test_a_day_of_gas_worked_by_hand(kept):
    """12.50 m³/s with 35.0 mg/m³ (kept as 35 000.0 µg/m³) for 24 h: 37.8 kg."""
    rows = [row("a00000", hour, 1250, 2) for hour in range(24)]
    rows += [row("a21026", hour, 350_000, 1) for hour in range(24)]
    with kept(rows) as store:
        (month,) = months(one(store, ["a21026"], 24)["a21026"], date(2026, 10, 2))
    assert month.amount.measured == 37_800_000 and month.amount.measured_hours == 24
    assert (month.year, month.month, month.days) == (2026, 10, (37_800_000,))


def test_gas_is_put_in_by_the_ladder_and_stops_count_as_nothing(kept):
    flags = {20: DeviceFlag.FAULT, 21: DeviceFlag.STOPPED}
    rows = [row("a00000", hour, 1000, 2, flags.get(hour, 0)) for hour in range(40)]
    rows += [row("a21026", hour, 100 + hour, 1, flags.get(hour, 0)) for hour in range(40)]
    with kept(rows) as store:
        found = one(store, ["a21026"], 40)["a21026"]
    assert found.hours.origins[20] == Origin.SUBSTITUTED
    assert found.hours.products[20] == found.hours.products[19]
    assert (found.hours.origins[21], found.hours.products[21]) == (Origin.STOPPED, 0)
    assert found.standard == "HJ 75-2017"
    assert next(months(found, date(2026, 10, 3))).rules == "HJ 75-2017 a"


def test_what_hj_75_does_not_name_is_not_put_in(kept):
    rows = [row("a00000", hour, 1000, 2) for hour in range(10)]
    rows += [row("a24088", hour, 100, 1, DeviceFlag.FAULT if hour == 5 else 0) for hour in range(10)]
    with kept(rows) as store:
        assert one(store, ["a24088"], 10)["a24088"].hours.origins[5] == Origin.MISSING


def test_water_keeps_its_meter_while_the_analyser_is_checked(kept):
    rows = [row("w00000", hour, 1000, 2, DeviceFlag.STANDARD_CHECK if hour == 4 else 0) for hour in range(6)]
    rows += [row("w01018", hour, 40, 0, DeviceFlag.STANDARD_CHECK if hour == 4 else 0) for hour in range(6)]
    with kept(rows) as store:
        found = one(store, ["w01018"], 6)["w01018"]
        (month,) = months(found, date(2026, 10, 2))
    assert found.hours.origins[4] == Origin.SUBSTITUTED
    assert month.amount.total == 6 * 40 * 10 * 3600 and month.rules == "HJ 356-2019"


def test_hours_before_the_first_are_missing_and_not_put_in(kept):
    rows = [row("w00000", hour, 1000, 2) for hour in range(5, 8)]
    rows += [row("w01018", hour, 40, 0) for hour in range(5, 8)]
    with kept(rows) as store:
        (month,) = months(one(store, ["w01018"], 8)["w01018"], date(2026, 10, 2))
    assert (month.amount.measured_hours, month.amount.missing_hours) == (3, 5)
    assert month.amount.stopped_hours == 0


def test_below_detection_counts_as_half(kept):
    rows = [row("w00000", 0, 1000, 2), row("w01018", 0, 4, 0, state=State.BELOW_DETECTION)]
    with kept(rows) as store:
        found = one(store, ["w01018"], 1)["w01018"]
    assert found.hours.products[0] * found.milligrams == 2 * 10 * 3600


def test_wet_flow_is_dried_by_the_moisture_of_the_hour(kept):
    rows = [row("a00000", 0, 1000, 2), row("a21026", 0, 100_000, 1), row("a01014", 0, 100, 1)]
    with kept(rows) as store:
        dry = one(store, ["a21026"], 1)["a21026"]
        wet = one(store, ["a21026"], 1, {"flow": "wet"})["a21026"]
    assert dry.hours.products[0] * dry.milligrams == 10 * 10 * 3600
    assert wet.hours.products[0] * wet.milligrams == Fraction(9, 10) * 10 * 10 * 3600


def test_a_state_that_is_not_known_leaves_the_hour_missing(kept):
    rows = [row("a00000", hour, 1000, 2) for hour in range(2)] + [row("a21026", 0, 100, 1)]
    with kept(rows) as store:
        assert one(store, ["a21026"], 2, {"flow": "actual"})["a21026"].hours.origins[0] == Origin.MISSING


def test_only_masses_in_volumes_are_reckoned():
    assert has_mass("w01018") and has_mass("a21026")
    assert not has_mass("w01001") and not has_mass("a19001") and not has_mass("hz-none")


def test_months_and_quarters_are_those_of_china():
    last = start_of_day(date(2027, 1, 1)) - HOUR
    assert months_of([last])[0] == 2026 * 12 + 11 and months_of([last + HOUR])[0] == 2027 * 12
    assert quarters_of([last])[0] + 1 == quarters_of([last + DAY])[0]

"""Every rule: it sees its sign, sees none in a lawful series, and bears gaps, wrong clocks and upkeep."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.assess.quality_flags import DeviceFlag
from huanzhi.center.watching import rules
from huanzhi.center.watching.facts import Watched, Yearly
from huanzhi.center.watching.rules import RULES, tables

_spec = importlib.util.spec_from_file_location("boards", Path(__file__).with_name("boards.py"))
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)
board, facts, outlet, seen, table = made.board, made.facts, made.outlet, made.seen, made.table

COD, FLOW = "w01018", "w00000"
POWER, CLEANER = made.POWER, made.CLEANER
UPKEEP = [DeviceFlag.MAINTENANCE, DeviceFlag.CALIBRATION, DeviceFlag.FAULT, DeviceFlag.STANDARD_CHECK]
NAN = float("nan")


def wave(length, middle, share=0.05, seed=1):
    return middle * (1 + share * np.random.default_rng(seed).uniform(-1, 1, length))


def cod(values, **more):
    return board(table("P1", COD, values, **more))


def powered(flow, power, cleaner=None, **clock):
    cleaner = np.full(len(power), 15.0) if cleaner is None else cleaner
    return board(
        table("P1", FLOW, flow, **clock),
        table("E1E", POWER.parameter, power),
        table("E1E", CLEANER.parameter, cleaner),
    )


class TestOverLimit:
    def test_three_of_four_minutes_over_the_limit(self):
        (sign,) = seen(rules.OverLimit, [outlet()], cod([40, 60, 61, 62]), 3)
        assert (sign.place, sign.parameters, sign.facts) == ("P1", (COD,), {"value": 62.0, "limit": 50.0})

    @pytest.mark.parametrize("values", [[40, 40, 61, 62], [60, 61, 62, 50], [60, NAN, NAN, 61]])
    def test_fewer_or_at_the_limit_are_none(self, values):
        assert not seen(rules.OverLimit, [outlet()], cod(values), 3)

    def test_a_lost_minute_hides_nothing(self):
        assert seen(rules.OverLimit, [outlet()], cod([60, NAN, 61, 62]), 3)

    @pytest.mark.parametrize("flag", UPKEEP)
    def test_what_the_device_marks_is_no_sign(self, flag):
        assert not seen(rules.OverLimit, [outlet()], cod([60, 61, 62, 63], flags=int(flag)), 3)

    @pytest.mark.parametrize("error", [-15, 15])
    def test_a_wrong_clock_hides_nothing(self, error):
        assert seen(rules.OverLimit, [outlet()], cod([60, 61, 62, 63], start=made.T0 + error), 3)

    def test_what_is_old_is_no_sign_of_now(self):
        assert not seen(rules.OverLimit, [outlet()], cod([60, 61, 62, 63]), 60)

    @given(st.lists(st.one_of(st.none(), st.integers(0, 50_000)), min_size=1, max_size=30))
    @settings(max_examples=60)
    def test_no_series_within_the_limit_is_a_sign(self, units):
        values = [NAN if one is None else one / 1000 for one in units]
        assert not seen(rules.OverLimit, [outlet()], cod(values), len(values) - 1)


class TestTreatmentOff:
    def test_production_without_treatment(self):
        found = powered(wave(10, 5), np.full(10, 80.0), [15.0] * 6 + [0.3] * 4)
        (sign,) = seen(rules.TreatmentOff, [outlet()], found, 9)
        assert sign.place == "P1" and sign.facts["share"] == pytest.approx(0.015)

    @pytest.mark.parametrize(("power", "cleaner"), [(80.0, 15.0), (10.0, 0.3), (0.0, 0.0)])
    def test_both_or_neither_is_lawful(self, power, cleaner):
        found = powered(wave(10, 5), np.full(10, power), np.full(10, cleaner))
        assert not seen(rules.TreatmentOff, [outlet()], found, 9)

    def test_an_outlet_without_treatment_or_meters_is_left_alone(self):
        found = powered(wave(10, 5), np.full(10, 80.0), np.zeros(10))
        assert not seen(rules.TreatmentOff, [outlet(treatment=())], found, 9)
        assert not seen(rules.TreatmentOff, [outlet(production=())], found, 9)


class TestFlowShort:
    def steady(self, tail, length=120, **clock):
        flow = wave(length, 10.0)
        flow[-len(tail) :] = tail
        return powered(flow, wave(length, 80.0, 0.02), **clock)

    def test_less_flows_at_the_same_load(self):
        (sign,) = seen(rules.FlowShort, [outlet()], self.steady([6.0] * 5), 119)
        assert (sign.place, sign.parameters) == ("P1", (FLOW,))

    def test_a_lost_minute_or_four_low_ones_are_no_sign(self):
        assert not seen(rules.FlowShort, [outlet()], self.steady([6.0] * 4), 119)
        assert not seen(rules.FlowShort, [outlet()], self.steady([6, 6, NAN, 6, 6]), 119)

    def test_a_new_outlet_has_no_usual_flow(self):
        assert not seen(rules.FlowShort, [outlet()], self.steady([6.0] * 5, 40), 39)

    def test_load_and_flow_that_fall_together_are_lawful(self):
        flow, power = wave(120, 10.0), wave(120, 80.0)
        flow[-30:], power[-30:] = 6.0, 48.0
        assert not seen(rules.FlowShort, [outlet()], powered(flow, power), 119)

    @pytest.mark.parametrize("error", [-12, 12])
    def test_a_wrong_clock_alone_is_lawful(self, error):
        flow, power = np.full(120, 10.0), np.full(120, 80.0)
        flow[:40], power[:40] = 7.0, 56.0
        found = powered(flow, power, start=made.T0 + error)
        found.heard = dict.fromkeys(found.heard, (made.T0 + 119) * 60)
        assert not seen(rules.FlowShort, [outlet()], found, 119)

    @given(st.integers(0, 2**31), st.floats(0, 0.08))
    @settings(max_examples=25)
    def test_no_lawful_wander_is_a_sign(self, seed, share):
        length = 150
        load = wave(length, 80.0, 0.07, seed)
        flow = load / 8 * (1 + share * np.random.default_rng(seed + 1).uniform(-1, 1, length))
        assert not seen(rules.FlowShort, [outlet()], powered(flow, load), length - 1)


class TestSilent:
    def quiet(self, minutes, power=80.0):
        length = 120
        return board(
            table("P1", FLOW, wave(length - minutes, 5)),
            table("E1E", POWER.parameter, np.full(length, power)),
        )

    def test_silence_while_production_works(self):
        limit = tables()["silent"]["silence"]
        assert not seen(rules.Silent, [outlet()], self.quiet(limit - 1), 119)
        (sign,) = seen(rules.Silent, [outlet()], self.quiet(limit), 119)
        assert sign.facts == {"minutes": float(limit)}

    def test_silence_of_who_does_not_work_or_was_never_heard_is_lawful(self):
        assert not seen(rules.Silent, [outlet()], self.quiet(60, 5.0), 119)
        alone = board(table("E1E", POWER.parameter, np.full(120, 80.0)))
        assert not seen(rules.Silent, [outlet()], alone, 119)


class TestWhole:
    def three(self, values, flags=0):
        names = (COD, "w21003", FLOW)
        return board(*(table("P1", name, values(n), flags) for n, name in enumerate(names)))

    def test_all_series_stand_still(self):
        (sign,) = seen(rules.Constant, [outlet()], self.three(lambda n: [n + 3.0] * 8), 7)
        assert set(sign.parameters) == {COD, "w21003", FLOW}

    def test_one_that_moves_nothing_at_all_or_upkeep_is_lawful(self):
        moving = self.three(lambda n: [3.0] * 8 if n else wave(8, 3))
        assert not seen(rules.Constant, [outlet()], moving, 7)
        assert not seen(rules.Constant, [outlet()], self.three(lambda n: [0.0] * 8), 7)
        upkeep = self.three(lambda n: [3.0] * 8, int(DeviceFlag.MAINTENANCE))
        assert not seen(rules.Constant, [outlet()], upkeep, 7)

    def test_all_series_repeat_the_day_before(self):
        def again(n, changed=0.0):
            values = np.round(wave(1460, 10, 0.2, n), 2)
            values[1440:] = values[:20] + changed
            return values

        assert seen(rules.Copied, [outlet()], self.three(again), 1459)
        assert not seen(rules.Copied, [outlet()], self.three(lambda n: again(n, 0.01)), 1459)
        assert not seen(rules.Copied, [outlet()], self.three(lambda n: wave(1460, 10, 0.2, n)), 1459)

    @given(st.integers(0, 2**31))
    @settings(max_examples=20)
    def test_no_series_that_wanders_is_a_sign(self, seed):
        found = self.three(lambda n: wave(40, 10, 0.05, seed + n))
        assert not seen(rules.Constant, [outlet()], found, 39)


class TestClipped:
    def test_calm_just_under_the_limit(self):
        (sign,) = seen(rules.Clipped, [outlet()], cod(wave(10, 48.5, 0.002)), 9)
        assert sign.parameters == (COD,)

    @pytest.mark.parametrize(("middle", "share"), [(48.5, 0.03), (30.0, 0.002), (51.0, 0.002)])
    def test_lively_low_or_over_is_not_clipped(self, middle, share):
        assert not seen(rules.Clipped, [outlet()], cod(wave(10, middle, share)), 9)


class TestDrift:
    def checked(self, read, flag=DeviceFlag.CALIBRATION):
        return cod(np.full(20, read), flags=int(flag))

    def test_the_check_is_off_by_more_than_is_borne(self):
        place = outlet(standards={COD: 25.0})
        (sign,) = seen(rules.Drift, [place], self.checked(24.0), 19)
        assert sign.facts == {"deviation": pytest.approx(-0.04), "standard": 25.0}
        assert not seen(rules.Drift, [place], self.checked(24.5), 19)

    def test_only_checks_count(self):
        place = outlet(standards={COD: 25.0})
        assert not seen(rules.Drift, [place], self.checked(12.0, DeviceFlag.NONE), 19)
        assert not seen(rules.Drift, [outlet()], self.checked(12.0), 19)


def test_the_year_is_used_up():
    place = outlet(yearly={COD: Yearly(permitted=10.0, before=9.999_99, to_mg=1.0)})
    found = board(table("P1", COD, np.full(40, 30.0)), table("P1", FLOW, np.full(40, 2.0)))
    looking = rules.OverYearly(found, facts(place))
    told = [list(looking.look(made.T0 + minute)) for minute in (13, 23, 33)]
    # 30 mg/L × 2 L/s × 600 s = 36 g a block; the missing 10 g are used up by the first
    assert [len(one) for one in told] == [1, 1, 1]
    assert looking.gone[0] == pytest.approx(9.999_99 + 3 * 36e-6)


def stations(sprayed, others=1.0, damp=14.0):
    places = [Watched(f"A{n}", f"站{n}", "air_station") for n in range(4)]
    tables = []
    for n, place in enumerate(places):
        share = sprayed if n == 0 else others
        for name in ("a34004", "a34002"):
            dust = wave(30, 60, 0.03, n)
            dust[-4:] *= share
            tables.append(table(place.code, name, dust))
        humidity = wave(30, 50, 0.01, n + 9)
        humidity[-4:] += damp if n == 0 else 0.0
        tables.append(table(place.code, "a01002", humidity))
    return places, board(*tables)


def test_a_station_that_is_sprayed_alone():
    places, found = stations(0.5)
    (sign,) = seen(rules.Sprayed, places, found, 29)
    assert sign.place == "A0"


@pytest.mark.parametrize(
    "how", [{"sprayed": 0.95}, {"sprayed": 0.5, "others": 0.5}, {"sprayed": 0.5, "damp": 0}]
)
def test_rain_for_all_or_dry_cleaner_air_is_lawful(how):
    places, found = stations(**how)
    assert not seen(rules.Sprayed, places, found, 29)


def section(share, apart=0.0):
    names = tables()["swapped_water"]["parameters"]
    made_ = []
    for n, name in enumerate(names):
        values = np.full(40, NAN)
        values[4::5] = wave(8, 5.0, 0.02, n)
        values[[34, 39]] *= share + apart * n
        made_.append(table("S1", name, values))
    return [Watched("S1", "断面", "section")], board(*made_)


@pytest.mark.parametrize(("share", "apart", "found"), [(0.5, 0, 1), (0.9, 0, 0), (1.5, 0, 0), (0.3, 0.1, 0)])
def test_a_section_whose_contents_fall_together(share, apart, found):
    places, held = section(share, apart)
    assert len(seen(rules.SwappedWater, places, held, 39)) == found


def test_waste_that_does_not_add_up_with_electricity():
    rule = rules.Waste(board(), facts())
    day = lambda made_: rule.declare([SimpleNamespace(enterprise="E1", power_kwh=1000.0, made=made_)])  # noqa: E731
    for made_ in (50.0, 51.0, 49.5, 50.2):
        day(made_)
        assert not list(rule.look(0))
    day(30.0)
    (sign,) = rule.look(0)
    assert sign.place == "E1" and sign.facts["share"] == pytest.approx(0.6, abs=0.01)
    day(50.0)
    assert not list(rule.look(0))


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_minds_an_empty_board_or_no_places(rule):
    for places in ([], [outlet()], [Watched("S1", "断面", "section"), Watched("A1", "站", "air_station")]):
        assert not seen(rule, places, board(), 10)


@pytest.mark.parametrize("rule", RULES)
def test_every_threshold_table_says_when_to_look_and_when_to_release(rule):
    assert tables()[rule.name]["every"] > 0 and tables()[rule.name]["release"] > 0


def park(emission, minutes=50, begun=40):
    """Return two parks of four fence stations; by the first somebody emits from minute `begun` on."""
    from huanzhi.simulate.plume import dilution

    spots = np.array([[-600.0, -600], [600, -600], [600, 600], [-600, 600]])
    wind, speed = np.full(minutes, 315.0), np.full(minutes, 2.0)
    shown = emission * dilution(np.array([[300.0, -300.0]]), spots, speed, wind, turn=2.0)[0]
    shown[:, :begun] = 0.0
    places, series = [], []
    for n in range(8):
        own = [f"F{k}" for k in range(n // 4 * 4, n // 4 * 4 + 4) if k != n]
        east, north = spots[n % 4] / [96_000.0, 110_574.0]
        places.append(
            Watched(
                f"F{n}", f"边界站{n}", "air_station", lon=120 + east, lat=30 + north, neighbours=tuple(own)
            )
        )
        vapour = wave(minutes, 0.3, 0.02, n) + (shown[n] if n < 4 else 0.0)
        series += [table(f"F{n}", "a24088", vapour), table(f"F{n}", "a01007", speed)]
        series.append(table(f"F{n}", "a01008", wind))
    return places, board(*series)


def test_a_source_that_nobody_registered_is_placed_upwind():
    places, found = park(emission=8000.0)
    (sign,) = seen(rules.HiddenSource, places, found, 49)
    assert sign.place == "F1" and sign.subject == "F0"
    assert sign.facts["lon"] < 120 + 600 / 96_000 and sign.facts["lat"] > 30 - 600 / 110_574
    assert sign.facts["explained"] > 0.9


def test_fences_that_show_what_all_show_have_no_hidden_source():
    places, found = park(emission=0.0)
    assert not seen(rules.HiddenSource, places, found, 49)

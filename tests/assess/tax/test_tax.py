"""The environmental tax: published worked cases, the law's tables by hand, properties, edges and failures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi import standards
from huanzhi.assess.tax import Discharge, Noise, Rate, Rates, Solid, compute, rates_of
from huanzhi.assess.tax.model import half_up, shown
from huanzhi.assess.tax.tables import Law, held_provinces
from huanzhi.errors import InputError, StandardError
from huanzhi.messages import using
from huanzhi.standards import Confidence

DAY = date(2026, 7, 31)
MONTH = "2026-07"
ZHEJIANG = rates_of("浙江省", DAY)


def flat(air: str = "1.2", water: str = "1.4") -> Rates:
    rows = (Rate("air", Decimal(air)), Rate("water", Decimal(water)))
    return Rates("case", rows, "worked case", Confidence.ONE_SOURCE)


def air(item: str, kg: str, outlet: str = "DA001", **more: object) -> Discharge:
    return Discharge(outlet, MONTH, "air", item, Decimal(kg), **more)  # type: ignore[arg-type]


def water(item: str, kg: str, outlet: str = "DW001", **more: object) -> Discharge:
    return Discharge(outlet, MONTH, "water", item, Decimal(kg), **more)  # type: ignore[arg-type]


def night(exceeded: str, days: int, part: str = "night", **more: object) -> Noise:
    return Noise("site", MONTH, part, "1", Decimal(exceeded), days, **more)  # type: ignore[arg-type]


CASES = [
    (
        "1.2",
        "1.4",
        [air("二氧化硫", "100"), air("氟化物", "100"), air("一氧化碳", "200"), air("氯化氢", "80")],
        "278.62",
    ),
    (
        "1.2",
        "1.4",
        [air("二氧化硫", "10"), air("氟化物", "10"), air("一氧化碳", "100"), air("氯化氢", "100")],
        "37.58",
    ),
    (
        "2",
        "1.4",
        [
            air("二氧化硫", "100"),
            air("氯化氢", "120"),
            air("硫酸雾", "100"),
            air("硫化氢", "150"),
            air("甲苯", "80"),
        ],
        "2256.70",
    ),
    (
        "1.2",
        "1.5",
        [water(item, "10") for item in ("总汞", "总镉", "总铬", "总砷", "总铅", "总银")],
        "35100.00",
    ),
    (
        "1.2",
        "3",
        [
            water("硫化物", "100"),
            water("氟化物", "100"),
            water("甲醛", "90"),
            water("总铜", "90"),
            water("总锌", "200"),
            water("总锰", "120"),
        ],
        "8100.00",
    ),
    (
        "1.2",
        "3",
        [
            water("总汞", "1"),
            water("总铅", "1"),
            water("六价铬", "90"),
            water("总铬", "90"),
            water("总砷", "20"),
            water("总银", "12"),
        ],
        "31050.00",
    ),
    (
        "1.2",
        "1.4",
        [
            water(item, "20")
            for item in ("总汞", "总镉", "总铬", "总砷", "总铅", "总银", "SS", "TOC", "挥发酚", "氨氮")
        ],
        "65962.14",
    ),
]
"""Published worked cases of textbooks and examinations (seven, from public pages)."""


@pytest.mark.parametrize(("air_rate", "water_rate", "rows", "total"), CASES)
def test_published_cases_of_air_and_water_come_out(
    air_rate: str, water_rate: str, rows: list[Discharge], total: str
) -> None:
    found = compute(rows, flat(air_rate, water_rate), DAY)
    assert abs(found.total - Decimal(total)) <= Decimal("0.01")


def test_a_case_that_rounds_equivalents_first_differs_by_cents() -> None:
    """103.68 is published with equivalents of two decimals; exact equivalents give 103.66."""
    rows = [air("二氧化硫", "14"), air("氮氧化物", "12"), air("氯化氢", "60"), air("一氧化碳", "120")]
    assert compute(rows, flat("3"), DAY).total == Decimal("103.66")


def test_a_published_case_of_acidity_and_colour() -> None:
    rows = [water("pH", "24000", value=Decimal(4)), water("色度", "24000", times=Decimal(3))]
    found = compute(rows, flat(water="3"), DAY)
    assert [line.tax for line in found.lines] == [Decimal("72000.00"), Decimal("43200.00")]


def test_a_published_case_of_tailings() -> None:
    row = Solid("库", MONTH, "尾矿", Decimal(1000), stored=Decimal(200), reused=Decimal(300))
    assert compute([row], flat(), DAY).total == Decimal("7500.00")


def test_published_cases_of_noise() -> None:
    short = [night("7", 10, "day"), night("5", 10)]
    assert compute(short, flat(), DAY).total == Decimal("1050.00")
    wide = {"boundary": Decimal(150)}
    long = [
        Noise("s", MONTH, part, point, Decimal(exceeded), 20, **wide)
        for part, exceeded in (("day", "12.6"), ("night", "5"))
        for point in ("1", "2")
    ]
    assert compute(long, flat(), DAY).total == Decimal("12600.00")


def test_every_equivalent_of_the_law_divides_its_own_quantity_to_one() -> None:
    law = Law.on(DAY)
    for table in ("air", "water_class1", "water_class2"):
        for row in law.table(table).rows:
            medium = "air" if table == "air" else "water"
            one = Discharge("o", MONTH, medium, row["name"], Decimal(row["kg"]))  # type: ignore[arg-type]
            assert compute([one], flat(), DAY).lines[0].number == 1
    assert len(law.table("air").rows) == 44
    assert len(law.table("water_class1").rows) + len(law.table("water_class2").rows) == 61


PH_BANDS = [
    ("0", "0.06"),
    ("1", "0.125"),
    ("2.99", "0.25"),
    ("3", "0.5"),
    ("4.5", "1"),
    ("5", "5"),
    ("5.99", "5"),
    ("9.01", "1"),
    ("10", "1"),
    ("10.01", "0.5"),
    ("11.5", "0.25"),
    ("13", "0.125"),
    ("13.5", "0.06"),
    ("14", "0.06"),
]


@pytest.mark.parametrize(("value", "size"), PH_BANDS)
def test_acid_bands_hold_their_lower_end_and_alkaline_their_upper(value: str, size: str) -> None:
    (line,) = compute([water("pH", "10", value=Decimal(value))], flat(), DAY).lines
    assert line.number == Fraction(10) / Fraction(Decimal(size))


@pytest.mark.parametrize("value", ["6", "7", "9"])
def test_a_neutral_ph_is_not_taxed(value: str) -> None:
    (line,) = compute([water("pH", "10", value=Decimal(value))], flat(), DAY).lines
    assert (line.taxed, line.reason) == (False, "tax.ph_neutral")


SMALL = [
    ("牛", "50", {}, "0.00"),
    ("牛", "51", {}, "714.00"),
    ("猪", "500", {}, "0.00"),
    ("猪", "501", {}, "701.40"),
    ("鸡", "6000", {}, "280.00"),
    ("小型企业", "18", {}, "14.00"),
    ("餐饮", "5", {}, "14.00"),
    ("医院消毒(床)", "20", {}, "0.00"),
    ("医院消毒(床)", "21", {}, "210.00"),
    ("医院不消毒(污水)", "14", {"beds": Decimal(30)}, "14.00"),
    ("医院消毒(污水)", "28", {"beds": Decimal(20)}, "0.00"),
]


@pytest.mark.parametrize(("item", "size", "more", "tax"), SMALL)
def test_small_dischargers_are_counted_above_their_threshold(
    item: str, size: str, more: dict[str, Decimal], tax: str
) -> None:
    assert compute([water(item, size, **more)], flat(), DAY).total == Decimal(tax)


def test_one_of_cod_bod_toc_is_taxed_and_the_others_leave_room() -> None:
    rows = [
        water("COD", "10"),
        water("BOD5", "10"),
        water("TOC", "1"),
        water("氨氮", "1"),
        water("总磷", "1"),
    ]
    found = {line.item: (line.taxed, line.reason) for line in compute(rows, flat(), DAY).lines}
    assert found["生化需氧量"] == (True, "tax.taxed")
    assert found["化学需氧量"] == found["总有机碳"] == (False, "tax.only_one")
    assert found["氨氮"][0] and found["总磷"][0]


def test_one_of_coliform_and_chlorine_is_taxed() -> None:
    rows = [water("粪大肠菌群", "33"), water("余氯", "66")]
    assert [line.taxed for line in compute(rows, flat(), DAY).lines] == [False, True]


def test_class_one_and_others_are_ranked_apart_and_each_outlet_for_itself() -> None:
    items = ("总汞", "总镉", "总铬", "总砷", "总铅", "COD", "氨氮", "总磷")
    rows = [water(item, "1", outlet) for outlet in ("DW001", "DW002") for item in items]
    assert all(line.taxed for line in compute(rows, flat(), DAY).lines)


def test_heavy_metals_have_their_own_rate_in_zhejiang() -> None:
    found = compute([water("总汞", "0.0005"), water("总镍", "0.025")], ZHEJIANG, DAY)
    assert [line.tax for line in found.lines] == [Decimal("1.80"), Decimal("1.40")]
    found = compute([air("汞及其化合物", "0.0001"), air("镍及其化合物", "0.13")], ZHEJIANG, DAY)
    assert [line.tax for line in found.lines] == [Decimal("1.80"), Decimal("1.20")]


@pytest.mark.parametrize(
    ("mean", "within", "share"),
    [
        ("35", True, "3/4"),
        ("35.1", True, "1"),
        ("25", True, "1/2"),
        ("25.1", True, "3/4"),
        ("10", False, "1"),
        ("10", None, "1"),
        ("60", True, "1"),
    ],
)
def test_reductions_ask_for_the_mean_and_for_every_value(mean: str, within: bool | None, share: str) -> None:
    row = air("SO2", "95", concentration=Decimal(mean), limit=Decimal(50), within=within)
    (line,) = compute([row], flat(), DAY).lines
    assert line.share == Fraction(share)
    assert line.tax == (
        Decimal(120) * Decimal(Fraction(share).numerator) / Fraction(share).denominator
    ).quantize(Decimal("0.01"))


def test_reductions_are_by_outlet_and_pollutant() -> None:
    low = {"concentration": Decimal(10), "limit": Decimal(50), "within": True}
    rows = [air("SO2", "95", **low), air("NOx", "95"), air("SO2", "95", "DA002")]
    assert [line.share for line in compute(rows, flat(), DAY).lines] == [Fraction(1, 2), 1, 1]


def test_a_plant_is_exempt_only_while_it_is_within_its_standards() -> None:
    free, over = (water("COD", "10", exempt="plant", within=within) for within in (True, False))
    assert compute([free], flat(), DAY).lines[0].reason == "tax.exempt"
    assert compute([over], flat(), DAY).total == Decimal("14.00")
    assert compute([water("氨氮", "8", exempt="agriculture")], flat(), DAY).total == 0


def test_a_tie_at_the_last_place_is_stated() -> None:
    rows = [
        air(item, kg) for item, kg in (("SO2", "0.95"), ("NOx", "0.95"), ("CO", "16.7"), ("氯气", "0.34"))
    ]
    found = compute(rows, flat(), DAY)
    keys = [[step.key for step in line.steps] for line in found.lines]
    assert [line.item for line in found.lines if not line.taxed] == ["氯气"]
    assert all("tax.step_tie" in own for own in keys)


NOISE_STEPS = [
    ("0.4", "0.00"),
    ("0.5", "350.00"),
    ("3", "350.00"),
    ("3.5", "700.00"),
    ("9.4", "1400.00"),
    ("12", "2800.00"),
    ("15.4", "5600.00"),
    ("15.5", "11200.00"),
    ("40", "11200.00"),
]


@pytest.mark.parametrize(("exceeded", "tax"), NOISE_STEPS)
def test_decibels_are_rounded_half_up_to_the_steps_of_the_law(exceeded: str, tax: str) -> None:
    assert compute([night(exceeded, 15)], flat(), DAY).total == Decimal(tax)


def test_peaks_count_at_night_only_and_one_point_is_one_unit() -> None:
    assert compute([night("2", 20, peak=Decimal(8))], flat(), DAY).total == Decimal("1400.00")
    assert compute([night("2", 20, "day", peak=Decimal(8))], flat(), DAY).total == Decimal("350.00")
    assert compute([night("2", 20, boundary=Decimal(500))], flat(), DAY).total == Decimal("350.00")


def test_rates_change_with_the_date_and_what_is_remembered_says_so() -> None:
    years = [rates_of("内蒙古自治区", date(year, 5, 1)) for year in (2018, 2019, 2024)]
    assert [rates.of("air", "二氧化硫") for rates in years] == [
        Decimal("1.2"),
        Decimal("1.8"),
        Decimal("2.4"),
    ]
    assert years[0].confidence is Confidence.MEMORY_ONLY
    assert ZHEJIANG.confidence is Confidence.CONFIRMED
    assert held_provinces() == ("内蒙古", "浙江")


def test_a_province_without_rates_is_an_error_that_names_the_range() -> None:
    with pytest.raises(StandardError) as raised, using("en"):
        rates_of("江苏省", DAY)
    assert "1.2–12" in str(raised.value) and "1.4–14" in str(raised.value)


@pytest.mark.parametrize("rates", [flat("1.1"), flat("12.1"), flat(water="1.3")])
def test_rates_outside_the_law_are_refused(rates: Rates) -> None:
    with pytest.raises(InputError, match=r"tax\.rate_range|幅度"):
        compute([], rates, DAY)


WRONG = [
    ([air("非甲烷总烃", "1")], "tax.no_item"),
    ([water("总氮", "1")], "tax.no_item"),
    ([air("SO2", "-1")], "tax.negative"),
    ([water("pH", "1")], "tax.no_ph"),
    ([water("pH", "1", value=Decimal(15))], "tax.no_ph"),
    ([water("色度", "1")], "tax.no_times"),
    ([water("医院消毒(污水)", "1")], "tax.no_beds"),
    ([air("SO2", "1"), air("二氧化硫", "1")], "tax.twice"),
    ([water("小型企业", "1"), water("COD", "1")], "tax.small_and_measured"),
    ([air("SO2", "1", exempt="gift")], "tax.no_exemption"),
    ([Solid("s", MONTH, "尾矿", Decimal(1), stored=Decimal(2))], "tax.solid_negative"),
    ([Solid("s", MONTH, "黄金", Decimal(1))], "tax.no_item"),
    ([night("1", 32)], "tax.noise_days"),
]


@pytest.mark.parametrize(("rows", "key"), WRONG)
def test_what_cannot_be_is_refused(rows: list[Discharge], key: str) -> None:
    with pytest.raises(InputError) as raised:
        compute(rows, flat(), DAY)
    assert raised.value.key == key


def test_before_the_law_there_is_no_tax() -> None:
    with pytest.raises(StandardError):
        compute([air("SO2", "1")], flat(), date(2017, 12, 31))


def test_what_is_ours_and_what_is_weak_is_cautioned() -> None:
    remembered = rates_of("内蒙古", DAY)
    found = compute([air("SO2", "1")], remembered, DAY)
    assert {Confidence.DEFAULT, Confidence.MEMORY_ONLY} <= {t.provenance.confidence for t in found.tables}
    assert standards.in_force("环境保护税法", DAY) in found.editions


ITEMS = [row["name"] for row in Law.on(DAY).table("air").rows]
masses = st.integers(0, 10**7).map(lambda number: Decimal(number).scaleb(-3))
outlets = st.dictionaries(st.sampled_from(ITEMS), masses, min_size=1, max_size=8)


@given(outlets, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(held: dict[str, Decimal], chance: object) -> None:
    rows = [air(item, str(kg)) for item, kg in held.items()]
    mixed = list(rows)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = compute(rows, ZHEJIANG, DAY), compute(mixed, ZHEJIANG, DAY)
    taxes = [{line.item: (line.tax, line.rank, line.taxed) for line in found.lines} for found in (one, other)]
    assert taxes[0] == taxes[1]


@given(outlets)
def test_the_three_taxed_have_the_most_equivalents(held: dict[str, Decimal]) -> None:
    lines = compute([air(item, str(kg)) for item, kg in held.items()], ZHEJIANG, DAY).lines
    taxed = [line.number for line in lines if line.taxed]
    left = [line.number for line in lines if not line.taxed]
    assert len(taxed) == min(3, len(held))
    assert not left or min(taxed) >= max(left)


@given(outlets, st.integers(1, 50))
def test_more_of_everything_is_taxed_in_proportion(held: dict[str, Decimal], factor: int) -> None:
    one = compute([air(item, str(kg)) for item, kg in held.items()], flat(), DAY)
    many = compute([air(item, str(kg * factor)) for item, kg in held.items()], flat(), DAY)
    numbers = [{line.item: line.number for line in found.lines if line.taxed} for found in (one, many)]
    assert {item: number * factor for item, number in numbers[0].items()} == numbers[1]
    assert abs(many.total - one.total * factor) <= Decimal("0.005") * 3 * (factor + 1)


@given(st.fractions(0, 10**6))
def test_rounding_is_half_up_and_never_further_than_half(number: Fraction) -> None:
    assert -Fraction(1, 2) < half_up(number) - number <= Fraction(1, 2)
    assert abs(Fraction(shown(number)) - number) <= Fraction(1, 20000)

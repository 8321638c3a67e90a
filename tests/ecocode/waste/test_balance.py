"""Balances and ages of stocks: whatever is entered, they add up to the gram."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huanzhi.ecocode.waste.balance import Balance, balances, keys, sign
from huanzhi.ecocode.waste.codes import described, management_class, parse
from huanzhi.ecocode.waste.ledgers import correct, enter, standing
from huanzhi.ecocode.waste.models import Entry
from huanzhi.ecocode.waste.settings import catalogue
from huanzhi.ecocode.waste.settings import settings as table
from huanzhi.ecocode.waste.storage import Layer, Stock, layers, net, rule, stocks
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
DAY = date(2026, 11, 22)
OIL = "900-249-08"
MOVES = st.lists(st.tuples(st.integers(0, 400), st.integers(-5_000, 5_000)), max_size=40)


@given(MOVES)
def test_layers_hold_what_came_less_what_went(moves):
    told = sorted((DAY + timedelta(days=day), grams) for day, grams in moves)
    left = layers(told)
    owed, held = 0, 0
    for _, grams in told:
        held += grams
        owed = min(owed, held)
    assert sum(layer.grams for layer in left) == max(sum(grams for _, grams in told), 0)
    assert all(layer.grams > 0 for layer in left)
    assert [layer.day for layer in left] == sorted(layer.day for layer in left)


def test_the_first_in_goes_first():
    begun = date(2025, 11, 1)
    rows = [
        (begun, "opening", 100),
        (begun + timedelta(days=30), "generated", 50),
        (begun + timedelta(days=40), "transferred", 120),
        (begun + timedelta(days=40), "stored_in", 999),
    ]
    assert layers(net(rows)) == (Layer(begun + timedelta(days=30), 30),)
    stock = Stock(1, OIL, layers(net(rows[:2])))
    assert stock.age(begun + timedelta(days=331)) == 331
    assert stock.older(330, begun + timedelta(days=331)) == 100
    assert (rule(1, {1: 0})["confidence"], rule(2, {1: 0})["confidence"]) == ("CONFIRMED", "CONFLICT")
    assert rule(1, {1: 60})["days"] == 425


@pytest.mark.parametrize(
    ("tonnes", "name"),
    [(100, "key"), (99.999, "simple"), (10, "simple"), (9.999, "register"), (0, "register")],
)
def test_classes_of_generators(tonnes, name):
    assert management_class(round(tonnes * 1_000_000)) == name


def test_codes_have_parts_and_a_class_of_the_catalogue():
    assert len(catalogue()["class"]) == catalogue()["classes"] == 46
    assert str(parse("９００24908")) == OIL and parse(OIL).category == "HW08"
    assert parse("900-000-49").unlisted and described(OIL)["confidence"] == "MEMORY ONLY"
    for wrong in ("", "900-249-8", "900-249-99", "9002490８8", "abc-def-08"):
        with pytest.raises(InputError):
            parse(wrong)


def test_every_shipped_code_is_one():
    assert all(parse(code).known for code in catalogue()["code"])
    assert {row["sign"] for row in table()["kind"].values()} == {-1, 0, 1}


def test_a_balance_says_why_it_does_not_fit():
    one = Balance(
        1, OIL, 0, {"generated": 100_000, "transferred": 200_000}, sent=350_000, planned=50_000, year=100_000
    )
    one.counted = (DAY, 300_000, 100_000)
    reasons = [row["reason"] for row in one.mismatches()]
    assert reasons == ["balance_negative", "balance_manifests", "balance_stocktake", "plan_exceeded"]
    assert "MEMORY" not in str(one.mismatches()[-1]["confidence"])


@pytest.fixture
def firm(db):
    place = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    body = save(SYSTEM, Organisation(code="O1", name="企业", kind="enterprise", region=place))
    return save(SYSTEM, Enterprise(code="E1", name="企业", region=place, organisation=body, simulated=True))


KINDS = ("opening", "generated", "used", "disposed", "transferred", "stored_in")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 60),
            st.sampled_from(KINDS),
            st.integers(0, 10_000),
            st.one_of(st.none(), st.integers(0, 10_000)),
        ),
        max_size=10,
    ),
    cut=st.integers(0, 61),
)
def test_no_sequence_of_entries_and_corrections_breaks_the_sum(firm, rows, cut):
    Entry.objects.filter(corrects__isnull=False).delete()
    Entry.objects.all().delete()
    first, right = DAY - timedelta(days=61), 0
    for number, (day, kind, kg, mended) in enumerate(rows):
        told = {"enterprise": "E1", "waste": OIL, "day": first + timedelta(days=day), "kind": kind, "kg": kg}
        row = enter(SYSTEM, told | {"reference": str(number)}, NOW)
        if mended is not None and mended != kg:
            correct(SYSTEM, row, mended, "复称", NOW)
        assert standing(row) == (kg if mended is None else mended) * 1000
        right += sign(kind) * (kg if mended is None else mended) * 1000
    parts = [
        balances(None, first, first + timedelta(days=cut)),
        balances(None, first + timedelta(days=cut + 1), DAY),
    ]
    if rows:
        assert parts[1][0].closing == right
        assert not parts[0] or parts[1][0].opening == parts[0][0].closing
        assert sum(stock.grams for stock in stocks(None, DAY)) == max(right, 0)
    else:
        assert not parts[1]


def test_a_row_is_never_changed(firm):
    row = enter(SYSTEM, {"enterprise": "E1", "waste": OIL, "day": DAY, "kind": "generated", "kg": 1}, NOW)
    row.grams = 5
    with pytest.raises(InputError, match="更正"):
        save(SYSTEM, row)
    assert Entry.objects.get().grams == 1000


def test_balances_of_a_page_are_those_of_all(firm):
    other = save(SYSTEM, Enterprise(code="E2", name="另一企业", region=firm.region, simulated=True))
    for owner, kind, day, kg in (
        ("E1", "opening", 40, 100),
        ("E1", "generated", 30, 50),
        ("E1", "stocktake", 20, 130),
        ("E1", "generated", 10, 7),
        ("E2", "generated", 5, 3),
    ):
        told = {"enterprise": owner, "waste": OIL, "day": DAY - timedelta(days=day), "kind": kind, "kg": kg}
        enter(SYSTEM, told, NOW)
    first = DAY - timedelta(days=35)
    both = balances(None, first, DAY)
    assert keys([firm.pk, other.pk], DAY) == [(one.enterprise, one.waste) for one in both]
    assert [balances([one.enterprise], first, DAY)[0] for one in both] == both
    assert (both[0].opening, both[0].closing, both[0].year) == (100_000, 157_000, 57_000)
    assert both[0].counted == (DAY - timedelta(days=20), 130_000, 150_000)
    assert keys([firm.pk], DAY - timedelta(days=41)) == []

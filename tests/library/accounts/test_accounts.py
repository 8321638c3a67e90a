"""Accounts: no sequence of transactions breaks the sum or makes a balance negative; once, in order."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huanzhi.errors import InputError
from huanzhi.library.accounts.checking import check
from huanzhi.library.accounts.models import FREE, FROZEN, Account, Posting, Transaction
from huanzhi.library.accounts.opening import account
from huanzhi.library.accounts.posting import Draft, Leg, post, reverse
from huanzhi.library.accounts.reading import Held, balances
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
DAY = date(2026, 11, 22)
COMMODITIES = ("COD", "SO2")


def opened(region: Region, sort: str, commodity: str = "COD", until: date | None = None) -> Account:
    return account(
        SYSTEM,
        "quota",
        sort,
        commodity,
        region,
        unit="t/a",
        decimals=4,
        until=until,
        open_ended=sort == "issued",
    )


def moved(source: Account, target: Account, units: int, receipt: str, day: date = DAY) -> Transaction:
    return post(
        SYSTEM, Draft("quota", "transfer", day, [Leg(source, -units), Leg(target, units)], receipt), NOW
    )


@pytest.fixture
def region(db):
    return save(SYSTEM, Region(code="990001", name="模拟市", level="city"))


@pytest.fixture
def issued(region):
    return opened(region, "issued")


@pytest.fixture
def one(region):
    return opened(region, "one")


@pytest.fixture
def two(region):
    return opened(region, "two")


@pytest.mark.django_db
class TestPosting:
    def test_what_is_issued_is_owed_by_the_one_that_issued_it(self, issued, one):
        made = moved(issued, one, 125000, "a")
        assert balances([issued, one]) == {issued.pk: Held(0, 0), one.pk: Held(0, 0)}, "as they were read"
        issued.refresh_from_db(), one.refresh_from_db()
        assert (issued.free, one.free, one.revision) == (-125000, 125000, 1)
        assert made.number == "JY-2026-00001"
        assert check("quota").whole

    def test_the_same_receipt_is_posted_once_and_another_content_is_refused(self, issued, one):
        assert moved(issued, one, 5, "a").pk == moved(issued, one, 5, "a").pk
        assert Transaction.objects.count() == 1
        with pytest.raises(InputError) as raised:
            moved(issued, one, 6, "a")
        assert raised.value.key == "accounts.other"

    def test_no_account_goes_below_nothing_and_nothing_of_it_stays(self, issued, one, two):
        moved(issued, one, 5, "a")
        with pytest.raises(InputError) as raised:
            moved(one, two, 6, "b")
        assert raised.value.key == "accounts.short" and raised.value.values["held"] == "0.0005"
        assert Transaction.objects.count() == 1 and check("quota").whole

    def test_what_is_frozen_cannot_be_moved(self, issued, one, two):
        moved(issued, one, 5, "a")
        legs = [Leg(one, -4, FREE), Leg(one, 4, FROZEN)]
        post(SYSTEM, Draft("quota", "freeze", DAY, legs, "b"), NOW)
        with pytest.raises(InputError, match=r"."):
            moved(one, two, 2, "c")
        moved(one, two, 1, "d")
        assert balances(Account.objects.filter(pk=one.pk)) == {one.pk: Held(0, 4)}
        assert balances([one], DAY) == {one.pk: Held(0, 4)}

    @pytest.mark.parametrize(
        ("legs", "key"),
        [
            ([], "accounts.empty"),
            ([("one", 0)], "accounts.empty"),
            ([("one", 5)], "accounts.unbalanced"),
            ([("issued", -5), ("one", 4)], "accounts.unbalanced"),
            ([("issued", -5), ("other", 5)], "accounts.unbalanced"),
            ([("issued", -(10**18)), ("one", 10**18)], "accounts.empty"),
        ],
    )
    def test_what_does_not_sum_to_nothing_is_refused(self, region, issued, one, legs, key):
        held = {"issued": issued, "one": one, "other": opened(region, "one", "SO2")}
        with pytest.raises(InputError) as raised:
            post(SYSTEM, Draft("quota", "x", DAY, [Leg(held[name], units) for name, units in legs], "a"), NOW)
        assert raised.value.key == key
        assert Posting.objects.count() == 0

    def test_accounts_of_another_scheme_are_refused(self, issued, one):
        with pytest.raises(InputError) as raised:
            post(SYSTEM, Draft("carbon", "x", DAY, [Leg(issued, -1), Leg(one, 1)], "a"), NOW)
        assert raised.value.key == "accounts.scheme"

    def test_days_go_forward(self, issued, one, two):
        moved(issued, one, 5, "a", DAY - timedelta(days=10))
        moved(one, two, 2, "b", DAY)
        with pytest.raises(InputError) as raised:
            moved(one, two, 1, "c", DAY - timedelta(days=5))
        assert raised.value.key == "accounts.back_dated"
        with pytest.raises(InputError) as raised:
            moved(one, two, 1, "d", DAY + timedelta(days=1))
        assert raised.value.key == "accounts.future"
        at = [balances([one, two], DAY - timedelta(days=days)) for days in (11, 10, 0)]
        assert [[own[one.pk].free, own[two.pk].free] for own in at] == [[0, 0], [5, 0], [3, 2]]

    def test_a_wrong_transaction_is_turned_back_once(self, issued, one, two):
        wrong = moved(issued, one, 5, "a")
        back = reverse(SYSTEM, wrong, "金额有误", NOW)
        assert back.reverses == wrong and balances([one], DAY)[one.pk] == Held(0, 0)
        for again in (wrong, back):
            with pytest.raises(InputError) as raised:
                reverse(SYSTEM, again, "再次", NOW)
            assert raised.value.key == "accounts.reversed"
        third = moved(issued, one, 5, "b")
        moved(one, two, 1, "c")
        with pytest.raises(InputError) as raised:
            reverse(SYSTEM, third, "已转出", NOW)
        assert raised.value.key == "accounts.short"

    def test_what_was_posted_is_never_changed(self, issued, one):
        made = moved(issued, one, 5, "a")
        made.reason = "另一个"
        with pytest.raises(InputError):
            made.save()
        with pytest.raises(InputError):
            made.postings.first().delete()
        for change in (
            lambda: Posting.objects.update(units=6),
            lambda: Transaction.objects.update(reason="x"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_every_transaction_and_account_is_in_the_trail(self, issued, one):
        made = moved(issued, one, 5, "a")
        kinds = list(Entry.objects.filter(kind__startswith="account").values_list("kind", "key"))
        assert ("account_transaction", made.number) in kinds and ("account", one.code) in kinds

    def test_the_database_itself_refuses_a_negative_balance(self, one):
        with pytest.raises(DatabaseError), transaction.atomic():
            Account.objects.filter(pk=one.pk).update(free=-1)

    def test_a_recount_finds_what_was_tampered_with(self, issued, one):
        moved(issued, one, 5, "a")
        Account.objects.filter(pk=one.pk).update(free=6)
        assert check("quota").faults == [one.code]


steps = st.lists(
    st.tuples(
        st.sampled_from(("issue", "move", "freeze", "release", "back", "again")),
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from(COMMODITIES),
        st.integers(-3, 40),
        st.integers(0, 3),
    ),
    max_size=25,
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_no_sequence_of_transactions_breaks_the_sum_or_makes_a_negative(region, sequence):
    with transaction.atomic():
        _played(region, sequence)
        transaction.set_rollback(True)


def _played(region, sequence):
    held = {
        commodity: [
            opened(region, "issued", commodity),
            *(opened(region, f"h{i}", commodity) for i in range(3)),
        ]
        for commodity in COMMODITIES
    }
    expected = {own.pk: [0, 0] for rows in held.values() for own in rows}
    sent: list[Draft] = []
    for place, (what, first, second, commodity, units, ago) in enumerate(sequence):
        issued, *rows = held[commodity]
        one, two = rows[first], rows[second]
        legs = {
            "issue": [Leg(issued, -units), Leg(one, units)],
            "move": [Leg(one, -units), Leg(two, units)],
            "freeze": [Leg(one, -units), Leg(one, units, FROZEN)],
            "release": [Leg(one, -units, FROZEN), Leg(one, units)],
        }.get(what, [])
        draft = Draft("quota", what, DAY - timedelta(days=ago), legs, f"r{place}")
        if what == "again" and sent:
            post(SYSTEM, sent[first % len(sent)], NOW)
            continue
        try:
            if what == "back" and sent:
                wrong = Transaction.objects.get(receipt=sent[first % len(sent)].receipt)
                reverse(SYSTEM, wrong, "", NOW)
                legs = [Leg(leg.account, -leg.units, leg.part) for leg in sent[first % len(sent)].legs]
            else:
                post(SYSTEM, draft, NOW)
                sent.append(draft)
        except InputError as error:
            assert error.key in {
                "accounts.empty", "accounts.short", "accounts.back_dated", "accounts.reversed",
            }, error.key  # fmt: skip
            continue
        for leg in legs:
            expected[leg.account.pk][leg.part != FREE] += leg.units
    rows = list(Account.objects.filter(scheme="quota"))
    assert {own.pk: [own.free, own.frozen] for own in rows} == expected
    assert {key: list(both) for key, both in balances(rows, DAY).items()} == expected
    assert all(min(own.free, own.frozen) >= 0 for own in rows if not own.open_ended)
    for ago in range(5):
        past = balances(rows, DAY - timedelta(days=ago))
        assert all(min(past[own.pk]) >= 0 for own in rows if not own.open_ended)
        for commodity in COMMODITIES:
            assert sum(past[own.pk].whole for own in rows if own.commodity == commodity) == 0
    assert check("quota").whole


@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_no_more_than_there_is():
    region = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    issued, one, two = (opened(region, sort) for sort in ("issued", "one", "two"))
    moved(issued, one, 10, "start")
    found: list[str] = []

    def take(name: int) -> None:
        try:
            for turn in range(4):
                try:
                    moved(one, two, 1, f"{name}/{turn}")
                    found.append("done")
                except InputError as error:
                    found.append(error.key)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count("done") == 10 and set(found) == {"done", "accounts.short"}
    assert balances([one, two], DAY) == {one.pk: Held(0, 0), two.pk: Held(10, 0)}
    assert check("quota").whole
    assert connection.vendor in ("sqlite", "postgresql")

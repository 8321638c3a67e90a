"""Legal terms: each rule counted over holidays, unknown years, stops and extensions; the additional fine."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from tests.center.enforcement.ways import FIRM, LEADER, NOW, WANG, city, decided, fresh, opened, served, step

from huanzhi.center.enforcement import paying, terms
from huanzhi.center.enforcement.models import Payment, Term
from huanzhi.center.enforcement.moving import move
from huanzhi.center.enforcement.replies import file_reply
from huanzhi.center.enforcement.settings import rules
from huanzhi.errors import InputError
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(db):
    return city()


def begun(code, day):
    case = opened()
    term = terms.begin(
        case, rules()[code], datetime.combine(day, datetime.min.time(), CHINA) + timedelta(hours=10)
    )
    return term.due.astimezone(CHINA) if term.due else None


# 20 September 2026 is worked, 25–27 September and 1–7 October are off, 10 October is worked.
@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("file_case", date(2026, 9, 1), date(2026, 9, 16)),
        ("file_case", date(2026, 9, 11), date(2026, 9, 28)),  # the 26th is off: Mid-Autumn
        ("decision", date(2026, 6, 1), date(2026, 8, 31)),  # 30 August is a Sunday
        ("register_evidence", date(2026, 9, 18), date(2026, 9, 29)),
        ("statement", date(2026, 9, 28), date(2026, 10, 10)),
        ("hearing_request", date(2026, 9, 28), date(2026, 10, 10)),
        ("hearing_notice", date(2026, 9, 18), date(2026, 9, 29)),
        ("service", date(2026, 9, 1), date(2026, 9, 10)),
        ("public_service", date(2026, 9, 1), date(2026, 10, 8)),
        ("pay", date(2026, 9, 17), date(2026, 10, 8)),
        ("reconsideration", date(2026, 8, 3), date(2026, 10, 8)),
        ("lawsuit", date(2026, 3, 31), date(2026, 9, 30)),
        ("demand_before_court", date(2026, 9, 16), date(2026, 9, 28)),
        ("court_application", date(2026, 7, 1), date(2026, 10, 8)),
        ("instalment_reply", date(2026, 9, 1), date(2026, 9, 16)),
        ("publication", date(2026, 9, 1), date(2026, 9, 10)),
        ("daily_recheck", date(2026, 9, 1), date(2026, 10, 8)),
        ("seizure", date(2026, 9, 2), date(2026, 10, 8)),
        ("limit_production", date(2026, 7, 2), date(2026, 10, 8)),
        ("on_spot_filing", date(2026, 9, 30), date(2026, 10, 10)),
        ("send_detention", date(2026, 9, 1), date(2026, 9, 4)),
        ("police_decide", date(2026, 9, 24), date(2026, 9, 28)),
        ("police_copy", date(2026, 9, 1), date(2026, 9, 4)),
        ("objection", date(2026, 9, 24), date(2026, 9, 30)),
        ("objection_reply", date(2026, 9, 24), date(2026, 9, 30)),
    ],
)
def test_every_rule_of_days(code, first, last):
    assert begun(code, first).date() == last


@pytest.mark.parametrize("code", ["register_evidence_urgent", "send_criminal"])
def test_hours_run_without_a_stop(code):
    assert begun(code, date(2026, 9, 25)) == datetime(2026, 9, 26, 10, tzinfo=CHINA)


def test_every_rule_is_tested():
    named = test_every_rule_of_days.pytestmark[-1].args[1]
    assert {row[0] for row in named} | {"register_evidence_urgent", "send_criminal"} == set(rules())


def test_an_unknown_year_gives_no_end_and_says_so():
    case = opened(now=datetime(2026, 12, 20, tzinfo=UTC), act_from=date(2026, 12, 1))
    assert (case.due, case.due_rule, case.due_note) == (None, "file_case", "issues.due_unknown")
    term = Term.objects.get(case=case)
    assert term.due is None and term.due_note == "issues.due_unknown"
    assert not terms.over(case, ("file_case",), datetime(2030, 1, 1, tzinfo=UTC))


def test_a_stop_keeps_what_is_left_of_the_ninety_days():
    case = opened()
    case = step(LEADER, case, "file", finding="立案")
    assert terms.end_of(case, "decision").astimezone(CHINA).date() == date(2026, 11, 30)
    case = step(LEADER, case, "suspend", NOW + timedelta(days=10), stop_ground="appraisal", finding="送检")
    assert case.due is None and case.suspended
    with pytest.raises(InputError) as caught, transaction.atomic():
        step(WANG, case, "conclude", NOW + timedelta(days=11), finding="x", opinion="order")
    assert caught.value.key == "issues.stopped"
    case = step(LEADER, case, "resume", NOW + timedelta(days=20), finding="检出")
    assert terms.end_of(case, "decision").astimezone(CHINA).date() == date(2026, 12, 10)
    stops = Term.objects.get(case=case, rule="decision").clock["stops"]
    assert [one["ground"] for one in stops] == ["appraisal"] and stops[0]["to"]


def test_extensions_are_counted_and_the_second_is_discussed():
    case = opened(now=datetime(2026, 3, 2, 2, tzinfo=UTC))
    when = datetime(2026, 3, 3, 2, tzinfo=UTC)
    case = step(LEADER, case, "extend", when, finding="复杂")
    assert case.due.astimezone(CHINA).date() == date(2026, 4, 1)
    with pytest.raises(InputError) as caught, transaction.atomic():
        step(LEADER, case, "extend", when, finding="复杂", members="甲")
    assert caught.value.key == "cases.extension_left"
    case = step(LEADER, case, "file", when, finding="立案")
    case = step(LEADER, case, "extend", when, finding="复杂")
    with pytest.raises(InputError), transaction.atomic():
        step(LEADER, case, "extend", when, finding="复杂")
    case = step(LEADER, case, "extend", when, finding="复杂", members="甲、乙")
    assert case.due.astimezone(CHINA).date() == date(2026, 7, 31)


def test_what_ends_late_is_said_to_be_late():
    case = opened()
    step(LEADER, case, "file", NOW + timedelta(days=40), finding="立案")
    assert Term.objects.get(case=case, rule="file_case").state == "late"


def test_terms_begun_by_hand():
    case = opened()
    term = terms.begin_by_hand(case, "seizure", NOW, "锅炉")
    assert term.note == "锅炉"
    with pytest.raises(InputError) as caught:
        terms.begin_by_hand(case, "pay", NOW)
    assert caught.value.key == "cases.no_term"


@pytest.mark.parametrize(
    ("amount", "days", "added"),
    [("100000", 0, "0.00"), ("100000", -3, "0.00"), ("100000", 1, "3000.00"), ("100000", 33, "99000.00"),
     ("100000", 34, "100000.00"), ("100000", 400, "100000.00"), ("0.55", 1, "0.02")],
)  # fmt: skip
def test_the_additional_fine_grows_and_is_capped(amount, days, added):
    from decimal import Decimal

    due = date(2026, 9, 28)
    assert str(paying.late_fee(Decimal(amount), due, due + timedelta(days=days))) == added
    assert str(paying.late_fee(Decimal(amount), None, due)) == "0.00"


def test_paying_late_adds_and_parts_add_up():
    case, later = decided()
    case = served(case, "decision", later)
    case = step(WANG, case, "serve", later, finding="已送达")
    file_reply(FIRM, case, "instalment", "资金困难", now=later + timedelta(days=1))
    parts = [paying.Part(75000, date(2026, 10, 15)), paying.Part(75000, date(2026, 11, 16))]
    with pytest.raises(InputError) as caught, transaction.atomic():
        paying.in_parts(LEADER, fresh(case), parts[:1], now=later)
    assert caught.value.key == "cases.parts"
    case = paying.in_parts(LEADER, fresh(case), parts, now=later + timedelta(days=2))
    first, second = Payment.objects.filter(case=case).order_by("due")
    now = datetime(2026, 11, 30, tzinfo=UTC)
    case = paying.pay(WANG, fresh(case), first.pk, date(2026, 10, 15), "A", now=now)
    case = paying.pay(WANG, fresh(case), second.pk, date(2026, 11, 18), "B", now=now)
    late = Payment.objects.get(case=case, sort="late")
    assert str(late.amount) == "4500.00" and late.paid is None
    with pytest.raises(InputError), transaction.atomic():
        move(WANG, fresh(case), "execute", {"finding": "x"}, now=now)
    case = paying.pay(WANG, fresh(case), late.pk, date(2026, 11, 20), "C", now=now)
    assert move(WANG, fresh(case), "execute", {"finding": "缴清"}, now=now).state == "executed"

"""People: added, granted, disabled, locked out; first passwords are changed; demo accounts in demo homes."""

from datetime import date, timedelta

import pytest

from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise, Outlet
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.demo import accounts, mark_simulated
from huanzhi.library.people.effects import propose_admin
from huanzhi.library.people.managing import add_person, end_grant, give, grant, person_of, set_active
from huanzhi.library.people.models import Failure, Organisation, Person
from huanzhi.library.people.passwords import change_own, reset, sign_out_everywhere
from huanzhi.library.people.policy import policy
from huanzhi.library.people.signing import now, sign_in
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.rights import ANYONE, SYSTEM
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
GOOD = "Cheng-Shi-2026"


@pytest.fixture
def regions():
    city = Region(code="330200", name="宁波市", level="city", path="330200/")
    district = Region(code="330203", name="海曙区", level="county", parent=city, path="330200/330203/")
    Region.objects.bulk_create([city, district])


@pytest.fixture
def duty(regions):
    person, _ = add_person(SYSTEM, "zhang", "张三", password=GOOD)
    give(SYSTEM, person, "duty", "330200")
    return person


def admin(code, region="330200"):
    person, _ = add_person(SYSTEM, code, code, password=GOOD)
    give(SYSTEM, person, "admin", region)
    return actor_of(person)


def refused(call, key):
    with pytest.raises(InputError) as error:
        call()
    assert error.value.key == key
    return error.value


def test_a_role_holds_from_its_first_day_to_before_its_last(duty):
    give(SYSTEM, duty, "leader", "330200", valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1))
    held = [[one.role for one in actor_of(duty, day).held] for day in (date(2026, 2, 28), date(2026, 3, 31))]
    assert held == [["duty"], ["duty", "leader"]]
    assert [one.role for one in actor_of(duty, date(2026, 4, 1)).held] == ["duty"]


def test_who_is_disabled_holds_nothing(duty):
    boss = admin("boss")
    set_active(boss, person_of("zhang"), False, "left")
    assert actor_of(person_of("zhang")).held == ()
    refused(lambda: sign_in("zhang", GOOD, "1.2.3.4", now()), "people.wrong_password")


def test_nobody_disables_themself(regions):
    boss = admin("boss")
    refused(lambda: set_active(boss, person_of("boss"), False), "people.not_oneself")


def test_an_ended_grant_is_kept_and_holds_no_more(duty):
    number = duty.grants.get().pk
    end_grant(SYSTEM, number, date(2026, 5, 1), "moved")
    assert actor_of(duty, date(2026, 5, 1)).held == ()
    assert duty.grants.count() == 1


def test_an_unknown_role_is_refused(duty):
    refused(lambda: give(SYSTEM, duty, "king", "330200"), "people.no_role")


def test_an_administrator_grants_within_the_region_only(duty):
    boss = admin("boss", "330203")
    assert grant(boss, duty, "grid", "330203").pk
    refused(lambda: grant(boss, duty, "grid", "330200"), "rights.refused")


def test_an_administrator_is_granted_by_two_people(duty):
    one, two = admin("one"), admin("two")
    refused(lambda: grant(one, duty, "admin", "330200"), "people.two_for_admin")
    proposal = propose_admin(one, duty, "330200", reason="deputy", now=now())
    refused(lambda: approve(one, proposal.pk, now=now()), "proposals.same_person")
    assert [held.role for held in actor_of(duty).held] == ["duty"]
    approve(two, proposal.pk, now=now())
    assert [held.role for held in actor_of(duty).held] == ["duty", "admin"]


def test_a_password_of_somebody_with_wider_rights_is_not_reset(regions):
    admin("boss")
    small = admin("small", "330203")
    refused(lambda: reset(small, person_of("boss")), "rights.refused")
    refused(lambda: sign_out_everywhere(small, person_of("boss")), "rights.refused")
    refused(lambda: set_active(small, person_of("boss"), False), "rights.refused")


def test_a_reset_password_has_to_be_changed(duty):
    boss = admin("boss")
    given = reset(boss, person_of("zhang"))
    person = sign_in("zhang", given, "1.2.3.4", now())
    assert person.must_change
    change_own(person, given, "Another-good-1")
    assert not person_of("zhang").must_change


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password123", "zhang"])
def test_weak_passwords_are_refused_with_the_reason(duty, weak):
    assert refused(lambda: change_own(duty, GOOD, weak), "people.weak").values["reason"]


def test_the_old_password_is_asked_for(duty):
    refused(lambda: change_own(duty, "wrong", "Another-good-1"), "people.wrong_password")
    refused(lambda: change_own(duty, GOOD, GOOD), "people.same_password")


def test_tries_are_counted_by_name_and_let_go_with_time(duty):
    begun = now()
    for _ in range(policy().name_tries):
        refused(lambda: sign_in("zhang", "wrong", "1.2.3.4", begun), "people.wrong_password")
    locked = refused(lambda: sign_in("zhang", GOOD, "5.6.7.8", begun), "people.locked")
    assert 0 < locked.values["seconds"] <= policy().lock.total_seconds() + 1
    assert sign_in("zhang", GOOD, "1.2.3.4", begun + policy().lock + timedelta(seconds=1)).code == "zhang"


def test_tries_are_counted_by_address_whatever_the_name(duty):
    for number in range(policy().address_tries):
        refused(lambda n=number: sign_in(f"n{n}", "wrong", "1.2.3.4", now()), "people.wrong_password")
    refused(lambda: sign_in("zhang", GOOD, "1.2.3.4", now()), "people.locked")
    assert sign_in("zhang", GOOD, "5.6.7.8", now()).code == "zhang"


def test_a_success_forgets_the_failures(duty):
    for _ in range(policy().name_tries - 1):
        refused(lambda: sign_in("zhang", "wrong", "1.2.3.4", now()), "people.wrong_password")
    sign_in("zhang", GOOD, "1.2.3.4", now())
    assert not Failure.objects.exists()


def test_unknown_names_ask_for_the_same_work(duty, monkeypatch):
    """The hasher runs once for a known and for an unknown name."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    runs = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a: runs.append(1) or encode(*a))
    counts = []
    for name in ("zhang", "nobody"):
        runs.clear()
        refused(lambda n=name: sign_in(n, "wrong", "1.2.3.4", now()), "people.wrong_password")
        counts.append(len(runs))
    assert counts[0] == counts[1] == 1


def test_signing_in_and_failing_are_in_the_trail(duty):
    sign_in("zhang", GOOD, "1.2.3.4", now())
    refused(lambda: sign_in("zhang", "wrong", "1.2.3.4", now()), "people.wrong_password")
    assert list(Entry.objects.order_by("-seq").values_list("action", flat=True)[:2]) == [
        "sign_in_failed",
        "sign_in",
    ]
    assert GOOD not in "".join(Entry.objects.values_list("body", flat=True))


def test_passwords_are_in_no_history(duty):
    assert person_of("zhang").password not in "".join(Entry.objects.values_list("body", flat=True))


def test_demo_accounts_are_made_in_a_simulated_home_only(tmp_path):
    refused(lambda: accounts(home=tmp_path), "people.not_simulated")
    mark_simulated(tmp_path)
    made = accounts(home=tmp_path)
    assert {"duty", "admin", "leader", "inspector", "enterprise", "township"} <= {one.role for one in made}
    assert Person.objects.filter(simulated=False).count() == 0
    assert all(actor_of(person_of(one.code)).held for one in made)
    assert [one.password for one in accounts(home=tmp_path)] == [""] * len(made)


def test_demo_accounts_are_of_an_enterprise_and_a_township_of_the_city(tmp_path, regions):
    place = {"name": "模拟厂", "simulated": True}
    Region.objects.create(code="990001", path="990001/", level="city", **place)
    Region.objects.create(
        code="990001001", path="990001/990001001/", level="township", parent_id="990001", **place
    )
    for code, outlets in (("E1", 1), ("E2", 2)):
        where = {**place, "region_id": "990001001"}
        body = Organisation.objects.create(code=code, kind="enterprise", **where)
        owner = Enterprise.objects.create(code=code, organisation=body, **where)
        for number in range(outlets):
            Outlet.objects.create(code=f"{code}-{number}", enterprise=owner, organisation=body, **where)
    mark_simulated(tmp_path)
    accounts(home=tmp_path)
    owner = actor_of(person_of("enterprise"))
    assert ([one.role for one in owner.held], owner.organisation) == (["enterprise"], "E2")
    assert actor_of(person_of("township")).held[0].path == "990001/990001001/"


def test_who_has_no_right_adds_nobody(regions):
    refused(lambda: add_person(ANYONE, "x", "x"), "rights.refused")

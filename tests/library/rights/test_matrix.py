"""The whole matrix: every role × kind × action × region × owner × sensitivity × handler, against an oracle.

The oracle reads the tables as plain TOML and answers by sets of allowed cases, computed rule by rule over
everything at once; `may` walks from one actor to one thing. They share no code. Below it stand the principles
of the source documents (facts 5.4), written out by hand.
"""

import itertools
import tomllib
from importlib import resources

import pytest

from huanzhi.errors import StandardError
from huanzhi.library.rights import ANYONE, SYSTEM, Actor, Held, Thing, may
from huanzhi.library.rights import matrix as tables
from huanzhi.library.rights.scopes import scopes

DATA = resources.files("huanzhi.library.rights") / "data"
ROLES, KINDS, MATRIX = (
    tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
    for name in ("roles", "kinds", "matrix")
)
ACTIONS = (
    "read",
    "export",
    "create",
    "change",
    "remove",
    "import",
    "run",
    "command",
    "propose",
    "approve",
    "manage",
)
LEVELS = ("public", "internal", "restricted", "own")
CITY, DISTRICT, ELSEWHERE = "330000/330200/", "330000/330200/330203/", "330000/330200/330205/"
HELD = (CITY, DISTRICT)
PLACES = (DISTRICT, ELSEWHERE, CITY, "330000/330200/330203/330203001/", "330000/331000/", "")
OWNERS = ("mine", "other", "")
HANDLERS = ((), ("zhang",), ("li",))


def kinds_of(group):
    return [kind.replace("*", "x") for kind in KINDS["groups"][group]] or ["something new"]


SAMPLE = {group: kinds_of(group)[0] for group in KINDS["groups"]}


def spread(names):
    return {one for name in names for one in MATRIX["sets"].get(name, [name])}


def allowed_cases(role, held):
    """Return every (group, action, place, owner, level, handled) that the tables allow, as one set."""
    cases = set()
    for group, place, owner, handled, action in itertools.product(
        SAMPLE, PLACES, OWNERS, HANDLERS, ("read", "export")
    ):
        cases.add((group, action, place, owner, "public", handled))
    for rule in MATRIX["rule"]:
        if role not in spread(rule["roles"]):
            continue
        groups, levels = spread(rule["groups"]), set(rule["sensitivity"])
        for group, action, place, owner, level, handled in itertools.product(
            groups, rule["actions"], PLACES, OWNERS, levels, HANDLERS
        ):
            within = {
                "any": True,
                "own": owner == "mine",
                "region": place.startswith(held) if place else unplaced(group, action, held),
            }[rule["reach"]]
            named = level != "restricted" or "zhang" in handled
            if within and named:
                cases.add((group, action, place, owner, level, handled))
    return cases


def unplaced(group, action, held):
    if held == CITY:
        return True
    return action in ("read", "export") and group not in KINDS["city"]["whole"]


@pytest.mark.parametrize("role", list(ROLES))
def test_every_case_is_decided_as_the_tables_say(role):
    for held in HELD:
        actor = Actor("zhang", held=(Held(role, held),), organisation="mine")
        wanted = allowed_cases(role, held)
        for group, kind in SAMPLE.items():
            for place, owner, level, handled in itertools.product(PLACES, OWNERS, LEVELS, HANDLERS):
                thing = Thing(kind, place, owner, level, handled)
                for action in ACTIONS:
                    case = (group, action, place, owner, level, handled)
                    assert may(actor, action, thing).allowed == (case in wanted), (role, held, case)


def test_every_kind_of_a_group_is_treated_alike():
    for group, members in KINDS["groups"].items():
        for kind in members:
            assert tables.group_of(kind.replace("*", "anything")) == group


def every_role(kind="something", **more):
    for role in ROLES:
        yield role, Actor("zhang", held=(Held(role, CITY),), organisation="mine"), more


def who_may(action, thing, path=CITY, organisation="mine"):
    return {
        role
        for role in ROLES
        if may(Actor("zhang", held=(Held(role, path),), organisation=organisation), action, thing).allowed
    }


EVERY_KIND = sorted(
    {kind.replace("*", "x") for kinds in KINDS["groups"].values() for kind in kinds} | {"new"}
)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_restricted_is_for_named_handlers_only(kind):
    hidden = Thing(kind, DISTRICT, "mine", "restricted", ("li",))
    for action in ("read", "export", "change", "remove", "approve", "manage"):
        assert who_may(action, hidden) == set()


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_an_enterprise_sees_its_own_and_nothing_of_others(kind):
    for owner, level in itertools.product(("other", ""), ("internal", "own", "restricted")):
        thing = Thing(kind, DISTRICT, owner, level)
        for action in ACTIONS:
            assert not {"enterprise", "operator"} & who_may(action, thing), (owner, level, action)


def test_an_enterprise_reads_its_own():
    assert {"enterprise", "operator"} <= who_may("read", Thing("permit", ELSEWHERE, "mine", "own"), DISTRICT)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_what_is_an_enterprises_own_is_seen_by_it_and_the_bureau_only(kind):
    bureau = set(MATRIX["sets"]["bureau"]) | {"admin"}
    assert who_may("read", Thing(kind, DISTRICT, "other", "own")) <= bureau


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_nobody_acts_outside_the_region_held(kind):
    outside = Thing(kind, ELSEWHERE, "other", "internal")
    for action in ACTIONS:
        assert who_may(action, outside, DISTRICT) == set()


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_who_reads_only_changes_nothing(kind):
    for action in ("create", "change", "remove", "import", "run", "command", "propose", "approve", "manage"):
        for level in LEVELS:
            found = who_may(action, Thing(kind, DISTRICT, "mine", level, ("zhang",)))
            assert not {"audit", "reader", "public"} & found


def test_the_trail_is_read_by_few_and_changed_by_nobody():
    assert who_may("read", Thing("trail")) == {"audit", "admin", "leader"}
    assert who_may("read", Thing("trail"), DISTRICT) == set()
    for action in set(ACTIONS) - {"read", "export"}:
        assert who_may(action, Thing("trail")) == set()


def test_people_are_managed_by_the_administrator_only():
    for kind in ("person", "grant", "key"):
        for action in ("create", "change", "remove", "manage"):
            assert who_may(action, Thing(kind, DISTRICT)) == {"admin"}


def test_what_belongs_to_no_region_is_changed_for_the_city_only():
    assert "data_admin" in who_may("change", Thing("register"), CITY)
    assert who_may("change", Thing("register"), DISTRICT) == set()
    assert "data_admin" in who_may("read", Thing("register"), DISTRICT)


def test_the_public_reads_what_is_public():
    for kind in EVERY_KIND:
        assert may(ANYONE, "read", Thing(kind, DISTRICT, "", "public")).allowed
        for level in ("internal", "restricted", "own", "", "unknown"):
            assert not may(ANYONE, "read", Thing(kind, DISTRICT, "", level, ("",))).allowed


def test_the_platform_itself_may_everything():
    assert may(SYSTEM, "remove", Thing("trail")).allowed


@pytest.mark.parametrize("action", ["destroy", "", "READ"])
def test_an_unknown_action_is_refused(action):
    actor = Actor("zhang", held=(Held("admin"),))
    assert may(actor, action, Thing("station")).reason == "rights.no_action"


@pytest.mark.parametrize("scope", scopes())
def test_a_key_may_what_its_scope_says(scope):
    key = Actor("key:1", held=(Held("key", DISTRICT),), scopes=(scope,))
    group, _, what = scope.partition(":")
    allowed = {"read": {"read", "export"}, "write": {"import"}}[what]
    for other, kind in SAMPLE.items():
        for action in ACTIONS:
            inside = may(key, action, Thing(kind, DISTRICT)).allowed
            assert inside == (other == group and action in allowed)
            assert not may(key, action, Thing(kind, ELSEWHERE)).allowed
            for level in ("own", "restricted"):
                assert not may(key, action, Thing(kind, DISTRICT, "", level, ("key:1",))).allowed


def test_scopes_without_the_role_of_a_key_give_nothing():
    assert not may(Actor("x", scopes=("places:read",)), "read", Thing("station")).allowed


def test_several_roles_add_up():
    actor = Actor("zhang", held=(Held("reader", DISTRICT), Held("data_admin", ELSEWHERE)))
    assert may(actor, "change", Thing("station", ELSEWHERE)).allowed
    assert not may(actor, "change", Thing("station", DISTRICT)).allowed
    assert may(actor, "read", Thing("station", DISTRICT)).how["role"] == "reader"


@pytest.mark.parametrize("column", ["roles", "groups", "actions", "sensitivity", "reach"])
def test_an_unknown_name_in_the_matrix_is_refused(column, monkeypatch):
    row = {**MATRIX["rule"][0], column: "nobody" if column == "reach" else ["nobody"]}
    monkeypatch.setattr(tables, "_table", lambda name: {"rule": [row], "sets": {}})
    tables.roles(), tables.kinds()
    with pytest.raises(StandardError) as error:
        tables.rules.__wrapped__()
    assert error.value.key == "rights.unknown_name"


def test_roles_have_names_in_both_languages_and_a_basis():
    for role in tables.roles().values():
        assert role.zh and role.en and role.basis

"""The desk over the API: doors by right, the face, counts of the picture, what everybody may know."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from huanzhi.library.rights import ANYONE, Actor, Held
from huanzhi.library.series import Feature
from huanzhi.programmes.live import Picture
from huanzhi.web.api.desk import DOORS, counted, face_of, opens


def holding(*roles):
    return Actor("x", held=tuple(Held(role, "331000/") for role in roles))


def doors(*roles):
    return {door for door in DOORS if opens(holding(*roles), door)}


def test_a_duty_officer_finds_the_work_and_no_administration():
    assert {"desk", "map", "network", "assess", "registers", "standards", "screen"} <= doors("duty")
    assert "audit" not in doors("duty")


def test_an_auditor_reads_the_trail():
    assert "audit" in doors("audit")


def test_nobody_opens_only_what_is_public():
    assert {door for door in DOORS if opens(ANYONE, door)} == {"standards"}


def test_an_enterprise_finds_no_door_behind_which_it_is_refused():
    found = doors("enterprise")
    assert {"desk", "map", "enterprises", "registers", "standards"} <= found
    assert not {"network", "assess", "rankings", "reports", "screen", "imports", "people", "audit"} & found


def test_roles_add_up():
    assert doors("duty") | doors("audit") == doors("duty", "audit")


@pytest.mark.parametrize(
    ("roles", "face"),
    [
        ((), "public"),
        (("public",), "public"),
        (("enterprise",), "enterprise"),
        (("enterprise", "operator"), "enterprise"),
        (("enterprise", "duty"), "desk"),
        (("leader",), "desk"),
    ],
)
def test_the_face_follows_the_roles(roles, face):
    assert face_of(holding(*roles)) == face


@dataclass
class Shown:
    exceeds: bool | None
    newest: SimpleNamespace = field(
        default_factory=lambda: SimpleNamespace(feature="", period="hour", time=0, revision=0)
    )


def picture(**cells):
    features = {code: Feature(code, code, "outlet" if code[0] == "O" else "well") for code in cells}
    held = {
        code: {("a", "hour"): SimpleNamespace(cell=Shown(exceeds))} if exceeds != "none" else {}
        for code, exceeds in cells.items()
    }
    return Picture(features=features, cells=held, online={"O1": True, "O2": False})


def test_places_are_counted_by_kind_and_standing():
    found = {
        one.kind: one
        for one in counted(picture(O1=True, O2=False, O3="none", W1=None), ["O1", "O2", "O3", "W1"], 0)
    }
    outlets = found["outlet"]
    assert (outlets.places, outlets.online, outlets.offline, outlets.exceeding) == (3, 1, 1, 1)
    assert (found["well"].places, found["well"].exceeding, found["well"].stale) == (1, 0, 0)


def test_only_the_codes_given_are_counted():
    assert [one.places for one in counted(picture(O1=True, O2=False), ["O2"], 0)] == [1]
    assert counted(picture(O1=True), [], 0) == []

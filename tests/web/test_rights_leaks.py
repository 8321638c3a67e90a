"""No answer of the API, to nobody and in no form, holds what its reader may not see."""

import importlib.util
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from huanzhi.library.people.actors import actor_of, actor_of_key
from huanzhi.library.people.keys import forget, make_key
from huanzhi.library.people.signing import now
from huanzhi.library.rights import ANYONE, SYSTEM
from huanzhi.library.rights.matrix import roles
from huanzhi.library.series import SCHEMA, Feature, Source, open_store
from huanzhi.web import application

_spec = importlib.util.spec_from_file_location("web_leaks", Path(__file__).with_name("leaks.py"))
leaks = sys.modules["web_leaks"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(leaks)

pytestmark = pytest.mark.django_db
THOROUGH = ("enterprise", "township")
"""Roles for which every operation, form and key is tried as well."""
PEOPLE = [one for one in roles() if one != "public"]


class Reads:
    """Stands for the readers of the service: one store, read where it is asked for."""

    def __init__(self, home):
        self.home = home

    async def run(self, work):
        with open_store("read", self.home) as store:
            return work(store)


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker, tmp_path_factory):
    """Plant once for the module; each test works on top and leaves it as it was."""
    from django.db import transaction

    home = tmp_path_factory.mktemp("leaks")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        patched.setenv("HUANZHI_HOME", str(home))
        atomic = transaction.atomic()
        atomic.__enter__()
        marks = leaks.Planting().plant()
        store_features(home, marks)
        yield marks, application.Parts(Reads(home))
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def store_features(home, marks):
    """Give every place a feature and a value in the observation store, its name as in the table."""
    kinds = {"station": "air_station", "outlet": "outlet", "section": "section", "well": "well"}
    names = {}
    for mark in marks:
        if not mark.field and mark.thing.kind in kinds:
            names.setdefault(mark.key, []).append(mark)
    features = [
        Feature(code, told[-1].word, kinds[told[0].thing.kind], region_code=leaks.A, simulated=True)
        for code, told in names.items()
    ]
    rows = [
        {
            "feature": one.code,
            "parameter": "w01018",
            "period": "hour",
            "time": int(time.time()) // 3600 * 3600,
        }
        | {"value": 5, "decimals": 0, "state": 0, "flag": 0, "row": 2}
        for one in features
    ]
    with open_store("write", home) as store:
        store.write(pa.Table.from_pylist(rows, SCHEMA), features, Source("hand", "test", "ab" * 32))


@pytest.fixture(autouse=True)
def forgotten_keys():
    forget()


def walk(planted, role, region=leaks.A, name="walker"):
    marks, parts = planted
    client, headers, actor = leaks.Asker(), {}, ANYONE
    client.parts = parts
    if role == "key":
        key, words = make_key(SYSTEM, "k", ["places:read", "enterprises:read"], now=now(), region=district())
        actor, headers = actor_of_key(key), {"Authorization": f"Bearer {words}"}
    elif role != "public":
        someone = leaks.person(name, role, region, leaks.OWN)
        actor = actor_of(someone)
        client.force_login(someone)
        session = client.session
        session["begun"] = session["seen"] = int(time.time())
        session.save()
    return leaks.Walk(client, actor, marks, headers)


def district():
    from huanzhi.library.places.models import Region

    return Region.objects.get(pk=leaks.A)


@pytest.fixture(scope="module")
def found():
    from huanzhi.web.api.interface import api

    return leaks.operations(api)


def test_every_table_is_planted(planted):
    kinds = {mark.thing.kind.partition(":")[0] for mark in planted[0]}
    assert {"station", "section", "well", "zone", "point", "enterprise", "outlet", "permit"} <= kinds
    assert len(kinds) >= len(leaks.placed_models())


@pytest.fixture(scope="module")
def carrying(planted, found, django_db_blocker):
    """Return the lists that hold any marker for those who see most."""
    with django_db_blocker.unblock():
        seen = set()
        for role in ("admin", "enterprise"):
            walked = walk(planted, role, leaks.CITY, f"first-{role}")
            walked.lists(found, ())
            assert walked.leaks == [], "\n".join(walked.leaks)
            seen |= walked.met
    return {path: query for path, query in found.items() if path in seen}


def test_the_markers_are_met_where_they_are_not_hidden(carrying):
    """The walk has teeth: those who may see the planted records do meet them."""
    assert {"/api/v1/stations", "/api/v1/enterprises", "/api/v1/outlets"} <= set(carrying)
    assert len(carrying) >= 10


@pytest.mark.parametrize("role", [*PEOPLE, "public", "key"])
def test_no_list_tells_what_is_hidden(planted, carrying, role):
    walked = walk(planted, role)
    walked.lists(carrying, ())
    assert walked.leaks == []
    assert walked.met or role in ("public", "key", "operator")


@pytest.mark.parametrize("role", THOROUGH)
def test_nothing_hidden_is_told_in_any_form(planted, found, role):
    walked = walk(planted, role)
    walked.lists(found)
    assert walked.leaks == []


@pytest.mark.parametrize("role", [*THOROUGH, "public"])
def test_nothing_hidden_is_told_by_its_key(planted, found, role):
    walked = walk(planted, role)
    walked.keys(found)
    assert walked.leaks == []


def test_the_walk_finds_a_filter_that_was_forgotten(planted, carrying, monkeypatch):
    monkeypatch.setattr("huanzhi.web.api.routes.visible", lambda who, kind, rows, action="read": rows)
    walked = walk(planted, "township")
    walked.lists({path: query for path, query in carrying.items() if path == "/api/v1/stations"}, ())
    assert walked.leaks

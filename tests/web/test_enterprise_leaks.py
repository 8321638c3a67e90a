"""No enterprise reads another's file: every address with the other's keys, every list asked for the other."""

import importlib.util
import sys
import time
from pathlib import Path

import pytest

from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.keys import forget
from huanzhi.library.people.models import Organisation
from huanzhi.web import application

_spec = importlib.util.spec_from_file_location("enterprise_leaks", Path(__file__).with_name("leaks.py"))
leaks = sys.modules["enterprise_leaks"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(leaks)

pytestmark = pytest.mark.django_db
KINDS = (
    "enterprise",
    "outlet",
    "permit",
    "permit_limit",
    "statement",
    "case",
    "construction_project",
    "responsibility_audit",
    "responsibility_item",
    "waste_approval",
    "waste_licence",
    "waste_vehicle",
)
"""Whose keys every address is asked with."""


class Reads:
    """Stands for the readers of the service: one store, read where it is asked for."""

    def __init__(self, home):
        self.home = home

    async def run(self, work):
        from huanzhi.library.series import open_store

        with open_store("read", self.home) as store:
            return work(store)


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker, tmp_path_factory):
    from django.db import transaction

    from huanzhi.library.series import open_store

    home = tmp_path_factory.mktemp("enterprise-leaks")
    with open_store("write", home):
        pass
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        marks = leaks.Planting().plant()
        yield marks, application.Parts(Reads(home))
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def walked(planted):
    forget()
    marks, parts = planted
    someone = leaks.person("boss-one", "enterprise", leaks.CITY, leaks.OWN)
    client = leaks.Asker()
    client.parts = parts
    client.force_login(someone)
    session = client.session
    session["begun"] = session["seen"] = int(time.time())
    session.save()
    return leaks.Walk(client, actor_of(someone), marks, {})


@pytest.fixture(scope="module")
def found():
    from huanzhi.web.api.interface import api

    return leaks.operations(api)


def others(walked):
    """Return one hidden record of the other enterprise for each kind."""
    body = Organisation.objects.get(code=leaks.OTHER)
    chosen = {}
    for mark in walked.hidden:
        if mark.thing.owner == body.code and mark.thing.kind in KINDS:
            chosen.setdefault(mark.thing.kind, mark)
    return chosen


def test_no_address_answers_with_another_enterprises_key(walked, found):
    chosen = others(walked)
    assert set(KINDS) - {"case", "construction_project"} <= set(chosen)
    for path, query in found.items():
        keyed = "{" in path or path.endswith("/one")
        for mark in chosen.values() if keyed else ():
            walked.ask(leaks.asking(path, query, mark.key), frozenset({mark.key}))
    assert walked.leaks == []
    assert walked.asked > 300


def test_ones_own_pages_tell_nothing_that_is_kept_from_one(planted, walked, found):
    """An audit at work is about the enterprise, which does not see it: not in its file, nowhere."""
    hidden = {(mark.thing.kind, mark.key) for mark in walked.hidden if mark.thing.owner == leaks.OWN}
    assert {"responsibility_audit", "responsibility_item"} <= {kind for kind, _ in hidden}
    mine = {
        (mark.thing.kind, mark.key)
        for mark in planted[0]
        if mark.thing.owner == leaks.OWN and mark.thing.kind in KINDS
    } - hidden
    for kind in ("enterprise", "outlet", "responsibility_audit", "waste_approval"):
        key = next(key for name, key in sorted(mine) if name == kind)
        for path, query in found.items():
            if "{" in path or path.endswith("/one"):
                walked.ask(leaks.asking(path, query, key))
    assert walked.leaks == []
    assert {"/api/v1/waste/approvals", "/api/v1/audits"} <= {path.rpartition("/")[0] for path in walked.met}


def test_no_list_or_export_tells_of_another_enterprise(walked, found):
    code = others(walked)["enterprise"].key
    asked = [path for path, query in found.items() if "enterprise" in query and "{" not in path]
    assert {"/api/v1/outlets", "/api/v1/issues", "/api/v1/statements", "/api/v1/quarter-verdicts"} <= set(
        asked
    )
    for path in asked:
        for form in ("", *leaks.FORMS) if "format" in found[path] else ("",):
            needed = "".join(f"&{name}={value}" for name, value in found[path].items() if value)
            said = f"{path}?enterprise={code}{needed}" + (f"&format={form}" if form else "")
            walked.ask(said, frozenset({code}))
    assert walked.leaks == []


def test_the_walk_meets_what_is_ones_own(walked):
    mine = next(mark for mark in walked.hidden if mark.thing.kind == "statement")
    assert mine.thing.owner == leaks.OTHER
    answer = walked.ask("/api/v1/statements?limit=100").json()
    assert answer["total"] == 2 and walked.leaks == []
    assert walked.met

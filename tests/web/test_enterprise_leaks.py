"""No enterprise reads another's file: every address with the other's keys, every list asked for the other."""

import importlib.util
import re
import sys
import time
from pathlib import Path

import pytest
from django.db import transaction

from huanzhi.library.enterprises.models import Outlet
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
MOMENTS = (
    r"""\d{4}-\d\d-\d\d[T ][\d:.]+(\+\d\d:\d\d|Z)?|DTSTAMP:\w+|"time": ?[\d.]+|"csrf": ?"\w+"|etag: .*"""
)
"""What every answer tells anew."""
STATES = ("draft", "submitted")
PUBLISHED = ("/api/v1/waste/operators", "/api/v1/services/firms", "/api/v1/open/services")
"""Who is licensed to take waste and the register of service firms, which tell of every firm by intent."""


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
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        patched.setenv("HUANZHI_HOME", str(home))
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


def answers(walked, found):
    """Return what every list and figure answers, in words and counts, without the moments."""
    told = {}
    for path, query in found.items():
        if "{" not in path and path not in PUBLISHED:
            needed = "&".join(f"{name}={value}" for name, value in query.items() if value)
            for form in ("", "csv") if "format" in query else ("",):
                said = f"{path}?{needed}" + (f"&format={form}" if form else "")
                told[said] = answer(walked, said)
    return told


def answer(walked, said):
    return re.sub(MOMENTS, "", leaks.words_of(walked.ask(said)), flags=re.I)


def test_nothing_that_becomes_of_another_enterprise_changes_an_answer(walked, found):
    """Neither rows nor counts, totals, choices of a filter, points of a map nor errors tell of another.

    What differs counts only where it is as before once the other's rows are gone: time passes meanwhile.
    """
    before = answers(walked, found)
    assert len(before) > 200
    with transaction.atomic():
        leaks.Planting(first=20_000).plant_more(leaks.OTHER)
        after = answers(walked, found)
        transaction.set_rollback(True)
    changed = [path for path in before if before[path] != after[path]]
    assert [path for path in changed if answer(walked, path) == before[path]] == []


def hidden_outlet(walked):
    """Return code and name of an outlet of one's own that is for named readers only."""
    own = [mark for mark in walked.hidden if mark.thing.owner == leaks.OWN]
    code = next(mark.key for mark in own if mark.key.startswith("HIDDEN"))
    return code, Outlet.objects.get(code=code).name


def test_an_outlet_is_named_to_nobody_who_may_not_read_it(walked, monkeypatch):
    """Device, report of a permit and audit are one's own; the outlet that they are of is not."""
    code, name = hidden_outlet(walked)
    number = code.removeprefix("HIDDEN")
    reports = [f"permit-reports/R{number}{state}{form}" for state in STATES for form in ("", "/sheet")]
    audits = [f"audits/AUDIT{number}/paper", f"audits/AUDIT{number}"]
    paths = [f"/api/v1/{path}" for path in ("devices", f"devices/MN{number}", *reports, *audits)]
    told = [leaks.words_of(walked.ask(path)) for path in paths]
    assert walked.leaks == [] and all(code in one for one in told)
    monkeypatch.setattr("huanzhi.web.api.devices._hidden_outlets", lambda who: frozenset())
    for place in ("web.api.permit_reports", "ecocode.audits.showing"):
        monkeypatch.setattr(f"huanzhi.{place}.outlet_names", lambda who, codes: {code: name})
    for path in paths:
        walked.ask(path)
    assert {one.partition(" in ")[2] for one in walked.leaks} == set(paths), "the walk has teeth"


def test_another_enterprise_is_answered_as_one_that_does_not_exist(walked):
    """No address tells whether a code is that of an enterprise that one may not see."""
    hidden = [mark for mark in walked.hidden if mark.thing.kind == "enterprise" and not mark.field]
    levels = {(mark.thing.owner, mark.thing.sensitivity): mark.key for mark in hidden}
    chosen = levels[leaks.OTHER, "restricted"]
    for path in ("quota-statements/{}", "enterprise-files/{}", "permit-holders/{}", "codes/{}"):
        codes = (chosen, "none")
        told = [walked.ask(f"/api/v1/{path.format(one)}", frozenset({chosen})) for one in codes]
        assert told[0].status_code == told[1].status_code >= 404, path
        assert told[0].json()["error"] == told[1].json()["error"]

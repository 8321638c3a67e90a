"""Nothing that is not public is in any open address: secrets planted, every open GET walked by nobody."""

import itertools
import json
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.test import Client

from huanzhi.center.opinion.models import Opinion
from huanzhi.center.petitions.models import Petition
from huanzhi.center.plans.models import Document, Measure
from huanzhi.center.rewards.models import Bounty, Honour
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region, Section, Station
from huanzhi.library.publications.content import digest
from huanzhi.library.publications.models import Publication, RegionReport, ReportReminder
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.web.api.interface import api

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SKIPPED = ("/api/v1/open/live",)
"""The live values need the running service; they are walked with it in test_rights_leaks."""

SHOWN = "zqshown"


def content(word):
    blocks = [
        {"kind": "paragraph", "text": word},
        {
            "kind": "chart", "shape": "bar", "key": "k", "caption": word, "categories": [word], "axis": "",
            "number_format": "General", "labels": True, "label_step": 1, "note": "",
            "series": [{"name": word, "values": [1], "colours": [], "stroke": "solid"}],
        },
    ]  # fmt: skip
    told = {
        "title": word,
        "mark": "",
        "signature": "",
        "date": "",
        "number": "",
        "blocks": blocks,
        "annexes": [],
    }
    return {"zh": told, "en": told, "data": {"period": "2026-10", "rows": [{"name": word}]}}


class Planted:
    """Secrets, each a word that stands nowhere else, and the keys by which something might be asked for."""

    def __init__(self, monkeypatch):
        self.secrets, self.keys = [], ["k"]
        self._count = itertools.count(1)
        self.city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
        self.body = save(SYSTEM, Organisation(code="BR", name="局", kind="bureau", region=self.city))

    def word(self):
        made = f"zqsecret{next(self._count):03d}"
        self.secrets.append(made)
        return made

    def publication(self, state, **more):
        word, number = self.word(), self.word()
        shown = more.pop("shown", False)
        if shown:
            self.secrets = [one for one in self.secrets if one not in (word, number)]
            word = SHOWN
        told = {"title": word, "title_en": word, "subject": number, "content": content(word)}
        made = Publication(
            number=number, sort="air_ranking", period="2026-10", region=self.city, state=state, **told,
            **more, drafted=NOW, drafted_by=self.word(), published_by=self.word(),
            digest=digest(told["content"]),
        )  # fmt: skip
        made.save()
        self.keys.append(number)
        return made

    def plant(self):
        self.publication("published", sensitivity="public", published=NOW, shown=True)
        for state in ("draft", "proposed"):
            self.publication(state, reason=self.word())
        gone = self.publication("withdrawn", sensitivity="public", published=NOW, withdrawn=NOW)
        self.secrets = [one for one in self.secrets if one not in (gone.number, gone.title)]
        gone.title = gone.title_en = "withdrawn title"  # the title stays in the log, the content does not
        gone.content = content(self.word())
        gone.save()
        number = self.word()
        RegionReport(
            number=number, region=self.city, level="city", period="2026-10", title=self.word(),
            due=date(2026, 11, 20), content=content(self.word()), drafted=NOW, drafted_by=self.word(),
            state="submitted",
        ).save()  # fmt: skip
        ReportReminder(region=self.city, period="2026-10", at=NOW, by=self.word(), words=self.word()).save()
        self.keys.append(number)
        for level in ("internal", "restricted", "own"):
            for model in (Station, Section):
                code = self.word()
                model(code=code, name=self.word(), kind="air", region=self.city, sensitivity=level).save()
        self.keys.append(code)
        self._rows()

    def _rows(self):
        Enterprise(
            code="E1", name="一企业", region=self.city, key_unit=True, contact=self.word(),
            phone=self.word(), address=self.word(), simulated=True,
        ).save()  # fmt: skip
        Petition(
            number=self.word(), channel="web", category="odour", title=self.word(), words=self.word(),
            where=self.word(), target=self.word(), region=self.city, received=NOW, replied=NOW,
            state="closed", reply=self.word(),
        ).save()  # fmt: skip
        Opinion(
            code=self.word(), title=self.word(), words=self.word(), source=self.word(), published=NOW,
            region=self.city, response=self.word(),
        ).save()  # fmt: skip
        Bounty(code=self.word(), title=self.word(), words=self.word(), region=self.city, amount=1).save()
        Honour(code=self.word(), name=self.word(), kind="person", deed=self.word(), day=date(2026, 1, 1),
               region=self.city).save()  # fmt: skip
        plan = Document(
            number=self.word(), title=self.word(), name="x", format="txt", sha256="0" * 64, region=self.city,
            text=self.word(), taken_in=NOW, taken_in_by=self.word(),
        )  # fmt: skip
        plan.save()
        Measure(
            number=self.word(), document=plan, region=self.city, title=self.word(), lead_name=self.word()
        ).save()


@pytest.fixture
def planted(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    made = Planted(monkeypatch)
    made.plant()
    return made


def operations():
    return [
        (path, [one["name"] for one in told["get"].get("parameters", ()) if one["in"] == "path"])
        for path, told in api.get_openapi_schema()["paths"].items()
        if path.startswith("/api/v1/open/") and "get" in told and path not in SKIPPED
    ]


def addresses(path, names, keys):
    """Fill the places of an address with every key, and with the words that the portal knows."""
    known = {"form": ["atom", "rss"], "code": [*keys, "air_ranking", "corrections", "places", "penalties"]}
    choices = [known.get(name, keys) for name in names]
    for chosen in itertools.product(*choices):
        filled = path
        for name, value in zip(names, chosen, strict=True):
            filled = filled.replace(f"{{{name}}}", str(value))
        yield filled


def said(response):
    """Return what an answer says, archives opened."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(body)) as held:
            body = b"".join(held.read(name) for name in held.namelist())
    return body.decode("utf-8", "replace") + json.dumps(dict(response.headers))


FORMS = ("", "?format=csv", "?q=zqsecret")


def test_no_open_address_tells_what_is_not_public(planted, monkeypatch):
    from huanzhi.web.api import portal

    monkeypatch.setattr(portal.calls, "count", lambda *_: None)
    nobody, walked, seen = Client(raise_request_exception=False), 0, ""
    found = operations()
    assert {"/api/v1/open/publications", "/api/v1/open/data/{code}"} <= {path for path, _ in found}
    for path, names in found:
        for address in addresses(path, names, planted.keys):
            forms = FORMS if not names else ("",)
            for form in forms:
                told = said(nobody.get(address + form))
                asked = [key for key in planted.secrets if key in address + form]
                leaks = [one for one in planted.secrets if one in told and one not in asked]
                assert leaks == [], (address + form, leaks)
                walked, seen = walked + 1, seen + ("x" if SHOWN in told else "")
    assert walked > 100
    assert seen, "what is public was to be met"


def test_a_written_answer_names_nobody(planted):
    told = Client().get("/api/v1/open/home").content.decode()
    assert SHOWN in told and "drafted_by" not in told

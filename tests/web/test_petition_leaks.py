"""No answer of the API, no export, event, log or bundle tells of an informant, but to its handlers.

Informants with made-up names and telephones report over every channel, with their names and numbers in
whatever they write; their petitions go to the end. Then every GET of the API is asked as every role, in every
form, with the numbers of the petitions and of their issues.
"""

import importlib.util
import io
import json
import logging
import random
import re
import sys
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps

from huanzhi.center.issues import news
from huanzhi.center.issues.models import Issue
from huanzhi.center.petitions import importing, progress, replying
from huanzhi.center.petitions import news as petition_news
from huanzhi.center.petitions.intake import Told, receive
from huanzhi.center.petitions.models import File, Informant, Petition, Step, Term
from huanzhi.center.petitions.moving import move
from huanzhi.center.rewards import awarding
from huanzhi.library.people.actors import actor_of
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.proposals.models import Proposal
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.library.rights.matrix import roles
from huanzhi.library.series import open_store
from huanzhi.library.trail.exporting import export_lines
from huanzhi.library.trail.models import Entry
from huanzhi.web import application

_spec = importlib.util.spec_from_file_location("web_leaks", Path(__file__).with_name("leaks.py"))
leaks = sys.modules["web_leaks"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(leaks)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 14, 2, tzinfo=UTC)
CHANNELS = ("phone", "web", "letter")
FORMS = ("csv", "xlsx", "geojson")
SEED = 20261122
JPEG = b"\xff\xd8\xff\xe1\x00\x14Exif\x00\x00%s\xff\xda\x00\x02data\xff\xd9"


class Reads:
    """Stands for the readers of the service: an empty store."""

    def __init__(self, home):
        self.home = home

    async def run(self, work):
        with open_store("read", self.home) as store:
            return work(store)


class Someone:
    """An informant that is made up, with all the ways in which it writes its name and number."""

    def __init__(self, chance):
        self.name = chance.choice("赵钱孙李周吴") + "".join(chance.sample("焱淼鑫垚犇骉羴猋麤", 2))
        self.phone = "1" + chance.choice("3578") + "".join(chance.choice("0123456789") for _ in range(9))
        self.address = (
            f"{chance.choice('甲乙丙丁')}巷里{chance.randrange(100, 999)}号{chance.randrange(10, 99)}室"
        )
        self.identity = (
            "331002" + "19" + str(chance.randrange(50, 99)) + "0101" + str(chance.randrange(1000, 9999))
        )

    def as_dict(self):
        names = ("name", "phone", "address", "identity")
        return {name: getattr(self, name) for name in names}

    def words(self):
        wide = "".join(chr(ord(one) + 0xFEE0) for one in self.phone)
        gap = f"{self.phone[:3]} {self.phone[3:7]}-{self.phone[7:]}"
        return (
            f"我叫{self.name}，电话{wide}，也可打{gap}，住{self.address}，证件{self.identity}。"
            f"{self.name[0]}先生夜里闻到异味，{self.name[1:]}请求查处"
        )

    def secrets(self):
        return (self.name, self.name[1:], self.phone, self.phone[-8:], self.identity, self.address)


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory):
    """Plant once for the module; return who handled it, what must never be seen, and an empty store."""
    from django.db import transaction

    home = tmp_path_factory.mktemp("petition-leaks")
    open_store("write", home).close()
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        people, secrets = planted()
        yield people, secrets, home
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def planted():
    """Let informants report and their petitions go on to the end."""
    chance = random.Random(SEED)
    for code, parent in (("990001", None), ("990011", "990001")):
        region = Region(code=code, name=code, level="county", simulated=True)
        region.parent = Region.objects.filter(pk=parent).first()
        save(SYSTEM, region)
    city = Region.objects.get(pk="990001")
    save(SYSTEM, Organisation(code="BUR", name="局", kind="bureau", region=city))
    save(SYSTEM, Organisation(code="ENT", name="企业", kind="enterprise", region=city))
    people = {
        name: actor_of(leaks.person(name, role, "990001", "BUR"))
        for name, role in (("handler", "petitions"), ("head", "leader"), ("payer", "duty"))
    }
    somebody = [Someone(chance) for _ in CHANNELS]
    for place, (one, channel) in enumerate(zip(somebody, CHANNELS, strict=True)):
        whole_way(people, one, channel, place)
    sheet = json.dumps([_row(one) for one in somebody]).encode()
    importing.accept(people["handler"], sheet, "w.json", now=NOW)
    return people, [secret for one in somebody for secret in one.secrets()]


def _row(one):
    given = {
        "external": f"J{one.phone[-4:]}",
        "channel": "wechat",
        "received": "2026-09-14T08:00",
        "category": "odour",
    }
    return {**given, "region": "990011", "words": one.words(), "name": one.name, "phone": one.phone}


def whole_way(people, one, channel, place):
    """Take one in and let it go to a paid reward, its informant's words in every text."""
    handler = people["handler"]
    given = Told(
        channel,
        one.words(),
        "odour",
        "990011",
        "named",
        title=f"{one.name}举报异味" if place % 2 else "",
        where=f"{one.name}家旁，{one.address}对面",
        target=f"{one.phone}那家厂",
        lon=121.5 + place / 1000,
        lat=29.9,
        informant=one.as_dict(),
        photos=[(JPEG % one.phone.encode().ljust(12)[:12], "image/jpeg")],
    )
    receipt = receive(SYSTEM if channel == "web" else handler, given, now=NOW)
    petition = move(
        handler,
        receipt.petition,
        "accept",
        {"category": "odour", "level": "general", "summary": one.words(), "notice": f"{one.name}您好"},
        f"已电告{one.name} {one.phone}",
        now=NOW,
    )
    done = {"verdict": "true", "finding": f"{one.name}所述属实", "measures": f"已回电{one.phone}"}
    petition = move(handler, petition, "handle", done, now=NOW)
    proposal = replying.propose_reply(
        handler, petition, f"{one.name}：{replying.draft(petition)}", one.phone, now=NOW
    )
    approve(people["head"], proposal.pk, now=NOW)
    followed = progress.follow(petition.number, receipt.code)
    followed = progress.rate(followed, 2, "no", one.words(), now=NOW)
    awarding.apply(handler, followed, 200_000, f"{one.name}举报有功", now=NOW)
    approve(people["head"], Proposal.objects.order_by("-pk").first().pk, now=NOW)
    _, secret = awarding.tell_code(Petition.objects.get(pk=petition.pk), now=NOW)
    awarding.redeem(people["payer"], secret, now=NOW + timedelta(hours=1))
    if channel in ("letter", "visit"):
        progress.ask(Petition.objects.get(pk=petition.pk), "review", one.words(), now=NOW)


def found_in(text, secrets):
    plain = "".join(text.split())
    return [secret for secret in secrets if secret in plain]


def client_of(role, home, region="990001"):
    client = leaks.Asker()
    client.parts = application.Parts(Reads(home))
    if role != "public":
        someone = leaks.person(
            f"w-{role}", role, region, "ENT" if role in ("enterprise", "operator") else "BUR"
        )
        client.force_login(someone)
        session = client.session
        session["begun"] = session["seen"] = int(time.time())
        session.save()
    return client


def addresses(secrets, rooms):
    """Return GETs of the API, filled in with numbers of petitions, issues, rewards, and what is hidden."""
    from huanzhi.web.api.interface import api

    petition, issue = Petition.objects.first(), Issue.objects.first()
    numbers = {"petitions": petition.number, "issues": issue.number, "code": File.objects.first().code}
    numbers |= {"rewards": "JL-20260914-001", "kind": "petition", "seq": "1"}
    for path, query in leaks.operations(api).items():
        if not any(f"/{room}" in path for room in rooms):
            continue
        needed = "&".join(f"{name}={value}" for name, value in query.items() if value)
        filled = path
        for name in re.findall(r"{(\w+)}", path):
            room = next((room for room in ("petitions", "issues", "rewards") if f"/{room}/" in path), name)
            value = (
                numbers["code"]
                if name == "code" and room == "petitions"
                else numbers.get(room, petition.number)
            )
            filled = filled.replace(f"{{{name}}}", value)
        yield f"{filled}?{needed}"
        if "format" in query and "{" not in path and any(f"/{room}" in path for room in ROOMS):
            yield from (f"{filled}?format={form}" for form in FORMS)
        if "q" in query and "{" not in path and not needed:
            yield f"{filled}?q={secrets[0]}"


ROOMS = ("petitions", "issues", "rewards", "audit", "proposals", "search", "open", "rights")
"""Where something of a petition could stand; the roles of THOROUGH ask every operation there is."""
THOROUGH = ("petitions", "leader", "admin", "enterprise")


@pytest.mark.parametrize("role", [*roles()])
def test_no_answer_tells_of_an_informant(told, role, caplog):
    caplog.set_level(logging.DEBUG)
    _, secrets, home = told
    client, asked = client_of(role, home), 0
    for path in addresses(secrets, ("",) if role in THOROUGH else ROOMS):
        answer = leaks.async_to_sync(client.get)(path)
        spared = secrets[:1] if "q=" in path else []
        found = [one for one in found_in(leaks.words_of(answer), secrets) if one not in spared]
        assert not found, (role, path, found)
        if f"?q={secrets[0]}" in path and answer.status_code == 200 and isinstance(answer.json(), dict):
            assert not answer.json().get("total"), path
        assert not ("/informant" in path and answer.status_code == 200), (role, path)
        assert not ("/files/" in path and answer.status_code == 200), (role, path)
        asked += 1
    assert asked > (150 if role in THOROUGH else 40)
    assert not found_in(caplog.text, secrets[1:])


def test_what_is_exported_and_sent_tells_nothing(told):
    people, secrets, _ = told
    from huanzhi.center.issues.bundle import bundle

    assert not found_in("".join(export_lines(restricted=False)), secrets)
    assert not found_in("".join(export_lines(restricted=True)), secrets)
    for told_of in (news.steps_after(0), petition_news.steps_after(0)):
        assert told_of[1] and not found_in(repr(told_of), secrets)
    with zipfile.ZipFile(io.BytesIO(bundle(people["head"], Issue.objects.first()))) as packed:
        whole = b"".join(packed.read(name) for name in packed.namelist()).decode("utf-8", "replace")
    assert not found_in(whole, secrets)


def test_no_row_of_the_database_tells_of_an_informant(told):
    """Whatever goes out, by events, exchange or hooks, is read from these tables; all of them are walked."""
    _, secrets, _ = told
    filled = set()
    for table in apps.get_models():
        rows = list(table._default_manager.values())
        assert not found_in(repr(rows), secrets), table.__name__
        filled |= {table} if rows else set()
    assert filled >= {Petition, Step, Term, Informant, File, Issue, Entry, Proposal, awarding.Reward}
    assert Informant.objects.count() == 2 * len(CHANNELS)


def test_the_walk_has_teeth_a_handler_who_says_why_reads_it(told):
    people, secrets, _ = told
    from huanzhi.center.petitions import informants

    petition = Petition.objects.order_by("pk").first()
    with pytest.raises(Exception, match="权限"):
        informants.reveal(people["head"], petition, "看看")
    found = informants.reveal(people["handler"], petition, f"回访 {secrets[0]}")
    assert found["name"] == secrets[0]
    entry = Entry.objects.filter(kind=Informant.KIND, action="read").get()
    assert entry.restricted
    assert not found_in(entry.body, secrets)

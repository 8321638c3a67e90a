"""What the tests of cases share: a city, its people, and a case brought as far as wanted."""

from datetime import UTC, datetime, timedelta

from huanzhi.center.enforcement import papers, serving
from huanzhi.center.enforcement.evidence import attach
from huanzhi.center.enforcement.models import Paper
from huanzhi.center.enforcement.moving import assign, move
from huanzhi.center.enforcement.opening import Draft, open_case
from huanzhi.library.people.models import Organisation, Person
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Actor, Held

NOW = datetime(2026, 9, 1, 2, tzinfo=UTC)  # a Tuesday, 10:00 in China


def somebody(code, role, path="330200/", organisation="bureau"):
    return Actor(code, code, (Held(role, path),), organisation)


WANG, ZHAO = somebody("wang", "inspector"), somebody("zhao", "inspector")
LEGAL, LEADER, OTHER = somebody("fa", "legal"), somebody("li", "leader"), somebody("qian", "leader")
DUTY = somebody("zhang", "duty")
FIRM = somebody("firm", "enterprise", "330200/", "F1")
RIVAL = somebody("rival", "enterprise", "330200/", "F2")


def city():
    region = Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")
    bodies = {
        code: Organisation.objects.create(code=code, name=name, kind=kind, region=region)
        for code, name, kind in [
            ("bureau", "生态环境局", "bureau"),
            ("F1", "甲厂", "enterprise"),
            ("F2", "乙厂", "enterprise"),
        ]
    }
    for code in ("wang", "zhao", "fa", "li", "qian", "zhang", "police"):
        Person.objects.create(code=code, name=code, organisation=bodies["bureau"])
    return region


def opened(actor=WANG, now=NOW, **more):
    told = {
        "title": "超标排放",
        "region": "330200",
        "party_name": "甲厂",
        "matter": "1107-1",
        "act": "废水超标",
    }
    case = open_case(actor, Draft(**{**told, "act_from": NOW.date(), **more}), now=now)
    if not case.party_body:
        case.party_body = Organisation.objects.get(code="F1")
        case.save()
    return assign(actor, case, {"wang": "A001", "zhao": "A002"}, now=now)


def step(actor, case, name, now=NOW, **outputs):
    return move(actor, case, name, outputs, now=now)


def fresh(case):
    return type(case).objects.get(pk=case.pk)


def served(case, template, now=NOW, actor=WANG, **values):
    paper = papers.make(actor, fresh(case), template, values, now=now)
    paper = papers.issue(actor, paper, now=now)
    given = serving.Given("direct", now.date(), "甲厂")
    serving.serve(actor, Paper.objects.get(pk=paper.pk), given, now=now)
    return fresh(case)


def concluded(now=NOW, **more):
    case = opened(now=now, **more)
    case = step(LEADER, case, "file", now, finding="立案")
    attach(WANG, case, b"site record", "记录.txt", "record", now=now)
    return step(WANG, fresh(case), "conclude", now, finding="属实", opinion="penalty")


def notified(now=NOW, **more):
    case = concluded(now, **more)
    case = step(LEGAL, case, "review", now, finding="同意")
    case = served(case, "notice", now, facts_words="超标", grounds="幅度内", intended="罚款")
    return step(WANG, case, "notify", now, opinion="penalty")


def decided(now=NOW, fine="150000", **more):
    case = notified(now, **more)
    later = now + timedelta(days=10)
    return step(LEADER, case, "decide", later, decision="penalty", fine=fine, finding="事实清楚"), later

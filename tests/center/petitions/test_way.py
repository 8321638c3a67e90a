"""The way of a petition: from receipt to an answer approved by another, and a rating by its informant."""

from datetime import UTC, datetime, timedelta

import pytest

from huanzhi.center.issues.models import Issue
from huanzhi.center.petitions import progress, replying
from huanzhi.center.petitions.models import Informant, Petition, Step, Term
from huanzhi.center.petitions.moving import move
from huanzhi.errors import InputError
from huanzhi.library.proposals.deciding import approve
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 14, 2, tzinfo=UTC)
ACCEPT = {"category": "odour", "level": "general"}
HANDLED = {"verdict": "true", "finding": "废气收集不到位", "measures": "已整改"}


def test_a_petition_goes_from_receipt_to_a_rating(people, tell):
    receipt = tell(
        where="滨海路 5 号旁", informant={"name": "张晓梅", "phone": "13812345678"}, identity="named"
    )
    petition = receipt.petition
    assert petition.number == "XF-20260914-0001"
    assert {one.step for one in Term.objects.all()} == {"accept", "forward"}
    petition = move(people["petitions"], petition, "accept", ACCEPT, now=NOW)
    issue = Issue.objects.get(number=petition.issue)
    assert issue.channel == "petition"
    assert issue.source_ref == petition.number
    petition = move(people["petitions"], petition, "dispatch", {"lead": "BR", "requirement": "核查"}, now=NOW)
    assert petition.steps.last().outputs["direction"] == "down"
    petition = move(people["branch"], petition, "handle", HANDLED, now=NOW)
    text = replying.draft(petition)
    assert "属实" in text
    proposal = replying.propose_reply(people["petitions"], petition, text, now=NOW)
    with pytest.raises(InputError, match="提出人"):
        approve(people["petitions"], proposal.pk, now=NOW)
    approve(people["leader"], proposal.pk, now=NOW + timedelta(days=1))
    followed = progress.follow(petition.number, receipt.code)
    told = progress.told(followed, NOW)
    assert told["state"] == "replied"
    assert told["reply"] == text
    assert told["may_rate"]
    progress.rate(followed, 5, "yes", "谢谢")
    assert Petition.objects.get().score == 5
    assert Term.objects.get(step="handle").met is not None
    assert not Term.objects.filter(met=None, void=False).exists()


def test_the_informant_is_in_no_row_but_the_sealed_one(people, tell):
    tell(
        words="我叫张晓梅，电话１３８１２３４５６７８，住阳光小区3栋201室，工厂排气",
        where="张晓梅家对面",
        informant={"name": "张晓梅", "phone": "138 1234 5678", "address": "阳光小区3栋201室"},
    )
    move(people["petitions"], Petition.objects.get(), "accept", ACCEPT, "张晓梅来电", now=NOW)
    rows = [
        *Petition.objects.values(),
        *Step.objects.values(),
        *Entry.objects.values(),
        *Issue.objects.values(),
    ]
    rows += [*Term.objects.values(), *Informant.objects.values()]
    whole = repr(rows)
    for secret in ("张晓梅", "晓梅", "13812345678", "1234 5678", "201室", "阳光小区"):
        assert secret not in whole

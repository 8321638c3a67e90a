"""Rulebooks of a place: drafted, proven by examples, published by two people, in force from a day on."""

from datetime import UTC, date, datetime

import pytest

from huanzhi import rules
from huanzhi.errors import HuanzhiError, InputError, StandardError
from huanzhi.library.places.models import Region
from huanzhi.library.proposals.deciding import approve, refuse
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.library.rulebooks import drafting, publishing
from huanzhi.library.rulebooks.holding import identities, in_force
from huanzhi.library.rulebooks.models import State
from huanzhi.library.trail.exporting import verify_all
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 4, tzinfo=UTC)
TODAY, LATER = date(2026, 5, 1), date(2026, 7, 1)


def somebody(code, role, path="331000/"):
    return Actor(code, code, (Held(role, path),), "bureau")


LEGAL, LEADER = somebody("zhang", "legal"), somebody("li", "leader")


@pytest.fixture
def taizhou(db):
    city = Region.objects.create(code="331000", name="台州市", level="city", path="331000/")
    Region.objects.create(code="331002", name="椒江区", level="district", parent=city, path="331000/331002/")
    return city


def reply(document, days):
    """Give the yellow rows another reply time, and the example that tells it."""
    rows = [
        row | {"then": row["then"] | {"reply_working_days": days}}
        if row["then"]["colour"] == "yellow"
        else row
        for row in document["row"]
    ]
    examples = [
        each | {"expected": each["expected"] | {"reply_working_days": days}}
        if each["expected"].get("colour") == "yellow"
        else each
        for each in document["example"]
    ]
    return document | {"row": rows, "example": examples}


def drafted(region, days=4):
    draft = drafting.begin(LEGAL, "section_warning", TODAY, region=region)
    return drafting.change(LEGAL, draft, reply(draft.document, days), "台州口径")


def published(region, effective=LATER, days=4, now=NOW, **more):
    made = publishing.propose(LEGAL, drafted(region, days), effective, reason="口径", now=now, **more)
    approve(LEADER, made.pk, now=now)
    return made


def days_of(day, place):
    book = in_force("section_warning", day, place)
    return rules.evaluate(book, {"month_ratio": "0.95"}).outputs["reply_working_days"], book.version


def refused(call, key):
    with pytest.raises(HuanzhiError) as error:
        call()
    assert error.value.key == key


def test_what_is_shipped_holds_until_a_published_version_begins_at_its_place(taizhou):
    published(taizhou)
    assert days_of(date(2026, 6, 30), "331002") == (5, "1")
    assert days_of(LATER, "331002") == (4, "2")
    assert days_of(LATER, "331000") == (4, "2")
    assert days_of(LATER, "330100") == (5, "1")
    assert "section_warning" in identities()
    refused(lambda: in_force("nothing", TODAY), "rules.none")
    refused(lambda: in_force("section_warning", date(2020, 1, 1)), "rules.not_in_force")


def test_the_next_version_ends_the_one_before_and_the_trail_tells_all(taizhou):
    first, second = published(taizhou), published(taizhou, date(2026, 9, 1), 3)
    assert days_of(date(2026, 8, 31), "331002")[0] == 4 and days_of(date(2026, 9, 1), "331002")[0] == 3
    from huanzhi.library.rulebooks.models import RulebookVersion

    ended = RulebookVersion.objects.get(code=first.subject)
    assert ended.valid_to == date(2026, 9, 1) and ended.publisher == "li" and ended.author == "zhang"
    assert ended.digest == rules.digest(in_force("section_warning", LATER, "331000"))
    entries = Entry.objects.filter(kind="rulebook", key=first.subject).order_by("seq")
    actions = list(entries.values_list("action", flat=True))
    assert actions == ["create", "change", "publish", "end"]
    assert second.outcome is None or second.outcome["effective"] == "2026-09-01"
    assert verify_all().whole


def test_not_before_today_but_for_a_correction_that_gives_a_reason(taizhou):
    over = date(2026, 4, 30)
    refused(lambda: published(taizhou, over), "rulebooks.day_over")
    published(taizhou, over, correction=True)
    assert days_of(over, "331000") == (4, "3") and days_of(date(2026, 4, 29), "331000") == (5, "1")


def test_a_correction_of_the_past_leaves_what_begins_later(taizhou):
    published(taizhou, LATER, 3)
    published(taizhou, date(2026, 3, 1), 4, correction=True)
    assert days_of(date(2026, 6, 30), "331000")[0] == 4 and days_of(LATER, "331000")[0] == 3


def test_every_example_must_pass(taizhou):
    draft = drafting.begin(LEGAL, "section_warning", TODAY, region=taizhou)
    examples = draft.document["example"]
    wrong = draft.document | {"row": reply(draft.document, 4)["row"]}
    drafting.change(LEGAL, draft, wrong)
    refused(lambda: publishing.propose(LEGAL, draft, LATER, reason="x", now=NOW), "rulebooks.examples")
    drafting.change(LEGAL, draft, wrong | {"example": []})
    refused(lambda: publishing.propose(LEGAL, draft, LATER, reason="x", now=NOW), "rules.no_examples")
    twice = draft.document | {"row": [*draft.document["row"], draft.document["row"][0]], "example": examples}
    drafting.change(LEGAL, draft, twice)
    refused(lambda: publishing.propose(LEGAL, draft, LATER, reason="x", now=NOW), "rules.unreachable")


def test_two_people_and_only_those_who_may(taizhou):
    draft = drafted(taizhou)
    made = publishing.propose(LEGAL, draft, LATER, reason="口径", now=NOW)
    refused(lambda: approve(LEGAL, made.pk, now=NOW), "proposals.same_person")
    refused(lambda: approve(somebody("wang", "duty"), made.pk, now=NOW), "rights.refused")
    refused(lambda: approve(somebody("wang", "leader", "330200/"), made.pk, now=NOW), "rights.refused")
    refuse(LEADER, made.pk, reason="再议", now=NOW)
    assert days_of(LATER, "331000") == (5, "1")
    for role in ("reader", "grid", "enterprise"):
        refused(
            lambda r=role: drafting.begin(somebody("x", r), "section_warning", TODAY, region=taizhou),
            "rights.refused",
        )
    refused(
        lambda: drafting.begin(somebody("x", "legal", "330200/"), "section_warning", TODAY, region=taizhou),
        "rights.refused",
    )


def test_what_was_changed_after_the_proposal_is_not_published(taizhou):
    draft = drafted(taizhou)
    made = publishing.propose(LEGAL, draft, LATER, reason="口径", now=NOW)
    drafting.change(LEGAL, draft, reply(draft.document, 1))
    refused(lambda: approve(LEADER, made.pk, now=NOW), "rulebooks.changed")


def test_what_is_published_or_dropped_is_no_draft(taizhou):
    from huanzhi.library.rulebooks.models import RulebookVersion

    made = published(taizhou)
    done = RulebookVersion.objects.get(code=made.subject)
    refused(lambda: drafting.change(LEGAL, done, done.document), "rulebooks.no_draft")
    draft = drafting.drop(LEGAL, drafted(taizhou), "不用")
    assert draft.state == State.DROPPED
    refused(lambda: publishing.propose(LEGAL, draft, LATER, reason="x", now=NOW), "rulebooks.no_draft")


def test_two_people_editing_one_draft(taizhou):
    from huanzhi.library.rulebooks.models import RulebookVersion

    draft = drafted(taizhou)
    other = RulebookVersion.objects.get(pk=draft.pk)
    drafting.change(LEGAL, draft, reply(draft.document, 2))
    refused(lambda: drafting.change(LEGAL, other, reply(other.document, 1)), "records.stale")


def test_a_draft_keeps_its_id_and_place_and_must_be_a_rulebook(taizhou):
    draft = drafted(taizhou)
    drafting.change(LEGAL, draft, draft.document | {"id": "other", "place": "", "version": "99"})
    assert (draft.document["id"], draft.document["place"], draft.document["version"]) == (
        "section_warning",
        "331000",
        "2",
    )
    for broken in ({"row": [{"when": {"x": "1"}}]}, {"title": "one"}):
        with pytest.raises(InputError):
            drafting.change(LEGAL, draft, draft.document | broken)


def test_a_rulebook_that_nobody_shipped(taizhou):
    document = rules.as_document(rules.versions("cure_proof")[0])
    draft = drafting.write(LEGAL, "own_rule", document, TODAY, region=taizhou)
    assert draft.code == "own_rule-1"
    made = publishing.propose(LEGAL, draft, TODAY, reason="x", now=NOW)
    approve(LEADER, made.pk, now=NOW)
    assert in_force("own_rule", TODAY, "331002").version == "1"
    refused(lambda: in_force("own_rule", TODAY, "330100"), "rules.not_in_force")
    with pytest.raises(StandardError):
        drafting.begin(SYSTEM, "never_written", TODAY)

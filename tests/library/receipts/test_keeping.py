"""Doing work once: by key and actor, with nothing left of what failed, and two at the same time."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from huanzhi.errors import InputError
from huanzhi.library.places.models import Region
from huanzhi.library.receipts.keeping import KEPT, Answer, Sent, forget_old, once
from huanzhi.library.receipts.models import Receipt
from huanzhi.library.rights import Actor

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WANG, LI = Actor("wang"), Actor("li")


def sent(key="key-00000001", digest="a" * 64):
    return Sent(key, "POST /x", digest)


def work(made):
    made.append(1)
    return Answer(201, "application/json", f'{{"number": {len(made)}}}')


@pytest.mark.django_db
def test_the_first_does_it_and_the_others_hear_the_same():
    made = []
    first = once(WANG, sent(), lambda: work(made), NOW)
    again = once(WANG, sent(), lambda: work(made), NOW)
    assert (first.again, again.again, first.body, again.body) == (False, True, *['{"number": 1}'] * 2)


@pytest.mark.django_db
def test_a_key_is_that_of_an_actor():
    made = []
    once(WANG, sent(), lambda: work(made), NOW)
    assert once(LI, sent(), lambda: work(made), NOW).body == '{"number": 2}'


@pytest.mark.django_db
@pytest.mark.parametrize("other", [sent(digest="b" * 64), Sent("key-00000001", "POST /y", "a" * 64)])
def test_another_content_is_refused(other):
    once(WANG, sent(), lambda: work([]), NOW)
    with pytest.raises(InputError) as error:
        once(WANG, other, lambda: work([]), NOW)
    assert error.value.key == "receipts.other"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "short", "x" * 81, "schlüssel-1", "a\nb-000000"])
def test_what_can_be_no_key(key):
    with pytest.raises(InputError) as error:
        once(WANG, sent(key), lambda: work([]), NOW)
    assert error.value.key == "receipts.key"


@pytest.mark.django_db
def test_what_fails_leaves_nothing():
    def fails():
        Region.objects.create(code="990001", name="x", level="city", path="990001/")
        raise InputError("records.field", column="x")

    with pytest.raises(InputError):
        once(WANG, sent(), fails, NOW)
    assert (Region.objects.count(), Receipt.objects.count()) == (0, 0)
    assert once(WANG, sent(), lambda: work([]), NOW).status == 201


@pytest.mark.django_db
def test_old_receipts_go():
    once(WANG, sent(), lambda: work([]), NOW - KEPT - timedelta(seconds=1))
    once(WANG, sent("key-00000002"), lambda: work([]), NOW)
    assert forget_old(NOW) == 1
    assert [one.key for one in Receipt.objects.all()] == ["key-00000002"]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_time_one_does_it():
    made, answers = [], []
    ready = threading.Barrier(2)

    def ask():
        ready.wait()
        answers.append(once(WANG, sent(), lambda: work(made), NOW))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(made) == 1
    assert sorted(one.again for one in answers) == [False, True]
    assert {one.body for one in answers} == {'{"number": 1}'}

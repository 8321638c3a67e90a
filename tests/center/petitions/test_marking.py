"""Marking: what a handler marks is masked from then on, in every form, and nobody else may mark."""

import json

import pytest

from huanzhi.center.petitions import informants
from huanzhi.center.petitions.intake import Told, receive
from huanzhi.center.petitions.marking import mark
from huanzhi.center.petitions.masking import masked
from huanzhi.center.petitions.models import Petition
from huanzhi.center.petitions.writing import hide
from huanzhi.errors import InputError
from huanzhi.library.trail.models import Entry

WORDS = "邻居李大明说夜间有异味，李 大 明电话13912345678，住3幢402室，找村长周平"


@pytest.fixture
def wang(person):
    return person("wang", "petitions")


def told(**more):
    return Told("phone", WORDS, category="odour", region="990011", informant={"name": "张三"}, **more)


def test_numbers_and_homes_of_third_persons_are_masked_by_themselves_and_names_are_not_guessed():
    text = masked(WORDS)
    assert "13912345678" not in text and "402" not in text
    assert "李大明" in text and "周平" in text


def test_what_is_marked_at_the_intake_is_masked_and_kept_for_the_handler(wang):
    made = receive(wang, told(marked=["李大明"], where="李大明家门口")).petition
    assert "李大明" not in made.words + made.title + made.where and "李 大 明" not in made.words
    assert "周平" in made.words
    whole = informants.reveal(wang, made, "核实")
    assert "李大明" in whole["words"] and whole["marked"] == "李大明"
    assert "李大明" not in str(hide(made, {"reason": "已联系李大明"}))
    bodies = [json.loads(body) for body in Entry.objects.values_list("body", flat=True)]
    entries = json.dumps(bodies, ensure_ascii=False)
    assert "李大明" not in entries


def test_a_handler_marks_afterwards_and_the_trail_tells_how_many(wang, person):
    made = receive(wang, told()).petition
    stranger = person("head", "leader")
    with pytest.raises(InputError):
        mark(stranger, made, ["周平"])
    held = mark(wang, made, ["周平", "周平 "])
    assert "周平" not in Petition.objects.get().words and held.revision == made.revision + 1
    assert "周平" not in hide(held, {"reason": "周平已到场"})["reason"]
    entry = Entry.objects.filter(action="mask").get()
    kept = json.loads(entry.body)
    assert kept["after"] == {"marked": 1} and "周平" not in json.dumps(kept, ensure_ascii=False)
    with pytest.raises(InputError):  # somebody read it before it was marked
        mark(wang, made, ["李大明"])
    held = mark(wang, held, ["李大明"])
    assert "李" not in Petition.objects.get().words
    assert informants.reveal(wang, held, "核实")["marked"] == "周平\n李大明"


@pytest.mark.parametrize("passages", [["李"], ["长" * 101], ["没有的名字"], [f"名{n}" for n in range(51)]])
def test_what_cannot_be_marked_is_refused_and_changes_nothing(wang, passages):
    made = receive(wang, told()).petition
    with pytest.raises(InputError):
        mark(wang, made, passages)
    assert Petition.objects.get().words == made.words

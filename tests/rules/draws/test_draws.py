"""A draw that nobody can choose: exact counts, exact chances, no conflicts, and every change is seen."""

import copy
import json
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huanzhi.errors import InputError
from huanzhi.rules import draws
from huanzhi.rules.draws.paper import key_of
from huanzhi.rules.draws.pools import mask_of

SEED = "5a" * 32
DUE = "2026-11-24T21:15:00+08:00"
AT = "2026-11-25T09:00:00+08:00"


def pools(things=12, sent=6, take=4, **more):
    """Return pools of plain codes."""
    skills = ["water", "air"]
    made = {
        "number": "SJ-2026-4-001",
        "title": "四季度",
        "made": "2026-11-23T10:00:00+08:00",
        "previous": "",
        "beacon": {"source": "双色球 2026134", "due": DUE},
        "rules": {
            "avoid_region": True,
            "until": "2026-12-31",
            "seats": [{"body": "", "count": 2, "skilled": True}],
        },
        "strata": [{"id": "key", "take": take, "reserve": 1}, {"id": "general", "take": 1}],
        "objects": [
            {
                "code": f"E{n}",
                "name": f"企业{n}",
                "stratum": "key" if n % 3 else "general",
                "weight": 1 + n,
                "region": f"R{n % 3}",
                "needs": [skills[n % 2]],
            }
            for n in range(things)
        ],
        "inspectors": [
            {
                "code": f"P{n}",
                "name": f"人员{n}",
                "region": f"R{n % 3}",
                "skills": skills if n % 2 else [skills[0]],
                "until": "2027-12-31",
            }
            for n in range(sent)
        ],
        "conflicts": [{"inspector": "P1", "object": "E4", "sort": "relative"}],
    }
    return draws.whole(made | more)


def masked(given_pools, number=1):
    chance = random.Random(number)
    return draws.masked(given_pools, lambda: f"{chance.getrandbits(128):032x}")


@pytest.fixture
def paper():
    terms, openings = masked(pools())
    return draws.opened(draws.reveal(draws.commit(terms, SEED), SEED, "01 05 12 18 22 33 + 07", AT), openings)


def test_the_stream_is_sha256_of_key_label_and_count():
    import hashlib

    first = int.from_bytes(hashlib.sha256(b"k|objects/key|0").digest(), "big")
    assert draws.Stream("k", "objects/key").below(1000) == first % 1000


def test_a_worked_example_stays_the_same():
    """A draw of years ago must come out the same: these values were made once and are never changed."""
    rows = [("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)]
    found = [sorted(draws.select(rows, 2, draws.Stream(f"{n:064x}", "objects/key"))) for n in range(5)]
    assert found == [["d", "e"], ["c", "d"], ["c", "e"], ["c", "e"], ["c", "e"]]


def test_the_draw_verifies(paper):
    verdict = draws.verify(paper)
    assert (verdict.state, verdict.whole, verdict.fault) == ("drawn", True, "")
    assert (verdict.objects, verdict.inspectors, verdict.drawn, verdict.names) == (12, 6, 5, 18)
    assert draws.verify(json.loads(json.dumps(paper)), commitment=paper["commitment"]).whole
    assert draws.verify(paper, beacon="０１ 05 12 18  22 33 + 07").whole
    assert draws.verify(draws.committed(paper)).state == "committed"


def test_the_commitment_tells_neither_seed_nor_names():
    terms, openings = masked(pools())
    words = json.dumps(draws.commit(terms, SEED), ensure_ascii=False)
    assert SEED not in words
    assert not any(one["name"] in words or one["salt"] in words for one in openings)


CHANGES = {
    "draws.terms": [
        lambda p: p["terms"]["objects"][0].update(weight=99),
        lambda p: p["terms"]["strata"][0].update(take=0),
        lambda p: p["terms"]["conflicts"].pop(),
        lambda p: p["terms"]["beacon"].update(source="another"),
        lambda p: p.update(commitment="0" * 64),
        lambda p: p.update(commitment_sha256="0" * 64),
    ],
    "draws.seed": [lambda p: p["reveal"].update(seed="5b" * 32)],
    "draws.key": [
        lambda p: p["reveal"].update(beacon="02 05 12 18 22 33 + 07"),
        lambda p: p["reveal"].pop("key"),
    ],
    "draws.early": [lambda p: p["reveal"].update(at="2026-11-24T21:14:59+08:00")],
    "draws.result": [
        lambda p: p["result"]["objects"].pop(),
        lambda p: p["result"]["teams"][0]["inspectors"].reverse(),
        lambda p: p.pop("result"),
        lambda p: p["result"].update(more=[]),
    ],
    "draws.opening": [
        lambda p: p["openings"][0].update(name="另一家"),
        lambda p: p["openings"][3].update(salt="00"),
    ],
    "draws.no_beacon": [lambda p: p["reveal"].update(beacon="")],
    "draws.missing": [lambda p: p["terms"].pop("rules"), lambda p: p["reveal"].pop("at")],
    "draws.format": [lambda p: p.update(format="x")],
    "draws.time": [lambda p: p["reveal"].update(at="soon")],
}


@pytest.mark.parametrize(
    ("fault", "change"), [(fault, change) for fault, changes in CHANGES.items() for change in changes]
)
def test_every_change_is_seen_and_named(paper, fault, change):
    change(paper)
    verdict = draws.verify(paper)
    assert (verdict.whole, verdict.state, verdict.fault) == (False, "broken", fault)
    assert verdict.where


def test_the_first_difference_is_named(paper):
    right = paper["result"]["objects"][2]["object"]
    paper["result"]["objects"][2]["object"] = "f" * 64
    verdict = draws.verify(paper)
    assert verdict.where == "result.objects[2].object"
    assert right in verdict.expected
    assert "ffff" in verdict.found


def test_a_paper_made_up_anew_is_held_against_what_was_published(paper):
    terms, _ = masked(pools(), number=2)
    other = draws.reveal(draws.commit(terms, SEED), SEED, "1", AT)
    assert draws.verify(other).whole
    assert draws.verify(other, commitment=paper["commitment"]).fault == "draws.other"
    assert draws.verify(paper, beacon="1").fault == "draws.other_beacon"


@pytest.mark.parametrize("nothing", [None, [], "x", 5, {}, {"format": "huanzhi-draw/1"}])
def test_what_is_no_paper_is_said_to_be_none(nothing):
    assert not draws.verify(nothing).whole


WRONG = [
    ({"objects": [{"code": "E", "stratum": "key", "weight": 0}]}, "draws.least"),
    ({"objects": [{"code": "E", "stratum": "key", "weight": 1.5}]}, "draws.type"),
    ({"objects": [{"code": "E", "stratum": "other", "weight": 1}]}, "draws.unknown"),
    ({"objects": [{"code": "E", "weight": 1}]}, "draws.missing"),
    ({"objects": [{"code": "E", "stratum": "key", "weight": True}]}, "draws.type"),
    ({"objects": [{"code": "E", "stratum": "key", "weight": 1}] * 2}, "draws.twice"),
    ({"conflicts": [{"inspector": "P1", "object": "nobody"}]}, "draws.unknown"),
    ({"strata": [{"id": "key", "take": 8, "reserve": 1}, {"id": "general", "take": 1}]}, "draws.too_many"),
    ({"strata": [{"id": "key", "take": -1}]}, "draws.least"),
    ({"made": "2026-11-24T21:15:00+08:00"}, "draws.past"),
    ({"made": "2026-11-24 21:15"}, "draws.time"),
    ({"beacon": {"source": " ", "due": DUE}}, "draws.missing"),
    ({"rules": {"until": "2026"}}, "draws.day"),
    ({"rules": {"until": "2026-12-31", "seats": []}}, "draws.empty"),
]


@pytest.mark.parametrize(("change", "fault"), WRONG)
def test_pools_that_do_not_fit_are_refused(change, fault):
    with pytest.raises(InputError) as refused:
        terms, _ = masked(pools(**({"conflicts": []} | change)))
        draws.commit(terms, SEED)
    assert refused.value.key == fault


def test_a_wrong_seed_or_too_early_a_reveal_is_refused():
    terms, _ = masked(pools())
    paper = draws.commit(terms, SEED)
    for seed, beacon, at, key in (
        ("00" * 32, "1", AT, "draws.seed"),
        (SEED, "  ", AT, "draws.no_beacon"),
        (SEED, "1", "2026-11-24T21:14:00+08:00", "draws.early"),
    ):
        with pytest.raises(InputError) as refused:
            draws.reveal(paper, seed, beacon, at)
        assert refused.value.key == key
    with pytest.raises(InputError):
        draws.commit(terms, "short")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(6, 40),
    st.integers(3, 12),
    st.randoms(use_true_random=False),
    st.text("0123456789", min_size=1, max_size=8),
)
def test_whatever_the_pools_counts_are_exact_and_nobody_conflicting_is_sent(objects, sent, chance, beacon):
    keys = sum(1 for n in range(objects) if n % 3)
    take = chance.randint(0, keys - 1)
    rows = pools(objects, sent, take)
    rows["conflicts"] += [
        {
            "inspector": f"P{chance.randrange(sent)}",
            "object": f"E{chance.randrange(objects)}",
            "sort": "last_visit",
        }
        for _ in range(objects)
    ]
    for inspector in rows["inspectors"]:
        inspector["until"] = chance.choice(["2026-12-30", "2026-12-31", ""])
        inspector["most"] = chance.randint(0, 4)
    terms, _ = masked(rows)
    paper = draws.reveal(draws.commit(terms, SEED), SEED, beacon, AT)
    shuffled = copy.deepcopy(paper)
    for name in ("objects", "inspectors", "conflicts", "strata"):
        chance.shuffle(shuffled["terms"][name])
    assert draws.verify(paper).whole
    assert draws.verify(shuffled).whole
    assert draws.commit(shuffled["terms"], SEED)["commitment"] == paper["commitment"]
    held(paper, {"key": take, "general": 1})


def held(paper, counts):
    """Hold a result against the rules, by other means than the draw."""
    terms, result = paper["terms"], paper["result"]
    things = {one["id"]: one for one in terms["objects"]}
    people = {one["id"]: one for one in terms["inspectors"]}
    barred = {(one["inspector"], one["object"]) for one in terms["conflicts"]}
    drawn = [one["object"] for one in result["objects"]]
    assert len(set(drawn)) == len(drawn)
    assert sorted(one["object"] for one in result["teams"]) == sorted(drawn)
    assert {name: sum(things[one]["stratum"] == name for one in drawn) for name in counts} == counts
    assert not {one["object"] for one in result["reserve"]} & set(drawn)
    visits = dict.fromkeys(people, 0)
    for team in result["teams"]:
        assert len(set(team["inspectors"])) + team["short"] == 2
        for one in team["inspectors"]:
            visits[one] += 1
            assert (one, team["object"]) not in barred
            assert people[one]["region"] != things[team["object"]]["region"]
            assert (people[one]["until"] or "9999") >= "2026-12-31"
    assert all(not people[one]["most"] or number <= people[one]["most"] for one, number in visits.items())


def test_the_expert_sits_in_the_team_and_bodies_send_their_own():
    rows = pools(things=9, sent=9, take=3)
    for number, one in enumerate(rows["inspectors"]):
        one["body"] = "market" if number < 3 else "bureau"
    rows["rules"] |= {
        "avoid_region": False,
        "seats": [
            {"body": "bureau", "count": 2, "skilled": True},
            {"body": "market", "count": 1, "skilled": False},
        ],
    }
    terms, _ = masked(rows)
    for beacon in range(20):
        paper = draws.reveal(draws.commit(terms, SEED), SEED, str(beacon), AT)
        people = {one["id"]: one for one in terms["inspectors"]}
        things = {one["id"]: one for one in terms["objects"]}
        for team in paper["result"]["teams"]:
            sent = [people[one] for one in team["inspectors"]]
            assert sorted(one["body"] for one in sent) == ["bureau", "bureau", "market"]
            needs = set(things[team["object"]]["needs"])
            assert any(needs & set(one["skills"]) for one in sent)


def test_visits_are_shared_out_evenly():
    rows = pools(things=30, sent=5, take=18)
    rows["rules"]["avoid_region"] = False
    rows["conflicts"] = []
    for one in rows["inspectors"]:
        one["skills"] = ["water", "air"]
    terms, _ = masked(rows)
    paper = draws.reveal(draws.commit(terms, SEED), SEED, "7", AT)
    load = {}
    for team in paper["result"]["teams"]:
        for one in team["inspectors"]:
            load[one] = load.get(one, 0) + 1
    assert max(load.values()) - min(load.values()) <= 1


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=30), st.data())
def test_chances_add_up_to_what_is_drawn(weights, data):
    take = data.draw(st.integers(0, len(weights)))
    rows = [(f"{n:03}", weight) for n, weight in enumerate(weights)]
    chances = draws.chances(rows, take)
    assert sum(chances.values()) == take
    assert all(0 <= one <= 1 for one in chances.values())
    assert len(draws.select(rows, take, draws.Stream("k", "l"))) == take


def test_frequencies_match_the_weights():
    """Chi-square over many seeds: one object of five, then three of eight with one that is certain."""
    rows = [(name, weight) for name, weight in zip("abcde", (1, 2, 3, 4, 10), strict=True)]
    assert chi_square(rows, 1, 4000) < 18.47  # 4 degrees of freedom, p = 0.001
    rows = [(name, weight) for name, weight in zip("abcdefgh", (1, 1, 2, 3, 5, 8, 13, 40), strict=True)]
    assert draws.chances(rows, 3)["h"] == 1
    for name, counted, chance in frequencies(rows, 3, 4000):
        spread = float(chance * (1 - chance) * 4000) ** 0.5
        assert abs(counted - float(chance * 4000)) <= 3.9 * spread, name


def frequencies(rows, take, rounds):
    counts = {name: 0 for name, _ in rows}
    for number in range(rounds):
        key = key_of("c", f"{number:064x}", "1")
        for name in draws.select(rows, take, draws.Stream(key, "objects/key")):
            counts[name] += 1
    return [(name, counts[name], draws.chances(rows, take)[name]) for name in counts]


def chi_square(rows, take, rounds):
    return float(
        sum(
            (counted - chance * rounds) ** 2 / (chance * rounds)
            for _, counted, chance in frequencies(rows, take, rounds)
        )
    )


def test_teams_are_drawn_evenly_too():
    """Every inspector without conflicts is sent as often as the others."""
    rows = pools(things=6, sent=4, take=3)
    rows["rules"]["avoid_region"] = False
    rows["conflicts"] = []
    for one in rows["inspectors"]:
        one["skills"] = ["water", "air"]
    for one in rows["objects"]:
        one["stratum"] = "key"
    rows["strata"] = [{"id": "key", "take": 1, "reserve": 0}]
    terms, _ = masked(rows)
    counts = {one["id"]: 0 for one in terms["inspectors"]}
    paper = draws.commit(terms, SEED)
    for number in range(1200):
        for team in draws.draw(paper["terms"], key_of("c", "s", str(number)))["teams"]:
            for one in team["inspectors"]:
                counts[one] += 1
    assert sum((one - 600) ** 2 / 600 for one in counts.values()) < 16.27 * 1.0


def test_a_name_cannot_be_opened_in_two_ways():
    one = {"sort": "object", "code": "a|b", "name": "c", "salt": "0"}
    other = {"sort": "object", "code": "a", "name": "b|c", "salt": "0"}
    assert mask_of(one) != mask_of(other)


def test_a_large_pool_is_drawn_at_once():
    """As many objects as the library of Chizhou in 2019 (facts/procedures/double_random.toml)."""
    rows = [(f"{n:05}", 1 + n % 7) for n in range(11259)]
    assert len(draws.select(rows, 600, draws.Stream("k", "l"))) == 600
    assert sum(draws.chances(rows, 600).values()) == Fraction(600)

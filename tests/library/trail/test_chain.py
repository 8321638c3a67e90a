"""The trail: bound, append-only, verified by a stranger; any change of any entry is found and named."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huanzhi.errors import InputError
from huanzhi.library.rights import SYSTEM, Actor
from huanzhi.library.trail.anchors import anchor_days
from huanzhi.library.trail.chain import Note, append, append_many, exported
from huanzhi.library.trail.exporting import export_lines, verify_all
from huanzhi.library.trail.hashing import FIRST, entry_digest, sm3
from huanzhi.library.trail.models import Anchor, Entry
from huanzhi.library.trail.triggers import _POSTGRES_STAY, _SQLITE_STAY, TABLES
from huanzhi.library.trail.verifying import anchors_in, verify, verify_file
from huanzhi.standards.periods import CHINA

pytestmark = pytest.mark.django_db


def write(number=5, **more):
    append_many(Note(SYSTEM, "create", "region", f"r{n}", after={"n": n}, **more) for n in range(number))
    return [exported(entry) for entry in Entry.objects.order_by("seq")]


def test_sm3_gives_the_digests_of_the_standard():
    """GB/T 32905-2016, A.1 and A.2."""
    assert sm3("abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3("abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_entries_follow_each_other_without_gaps():
    rows = write(3)
    start = rows[0]["seq"]
    assert [row["seq"] for row in rows] == list(range(start, start + len(rows)))
    assert all(later["previous"] == former["digest"] for former, later in pairwise(rows))
    assert verify_all().whole


def test_an_entry_stands_or_falls_with_its_transaction():
    before = Entry.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        append(SYSTEM, "create", "region", "x")
        raise RuntimeError
    assert Entry.objects.count() == before
    append(SYSTEM, "create", "region", "y")
    assert verify_all().whole


@pytest.mark.parametrize("word", ["\x00", "\ud800", "a" * 5000, "“引号”\n{}"])
def test_any_words_can_be_noted(word):
    append(Actor(word), "create", "region", word, after={word: word}, reason=word)
    assert verify_all().whole


def forge(row, change):
    """Return a row changed and, as a forger would, with a digest that fits it again."""
    made = {**row, **change}
    return {**made, "digest": entry_digest(made)}


FIELDS = ("seq", "at", "actor", "action", "kind", "key", "restricted", "details", "previous", "digest")


@given(
    position=st.integers(0, 7),
    field=st.sampled_from((*FIELDS, "body", "salt")),
    other=st.one_of(st.text(max_size=20), st.integers(-5, 50), st.booleans(), st.none()),
    refit=st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_a_change_of_any_field_of_any_entry_is_named(position, field, other, refit):
    rows = CHAIN
    if other == rows[position][field] and type(other) is type(rows[position][field]):
        return
    changed = list(rows)
    changed[position] = {**rows[position], field: other}
    fits = refit and field not in ("digest", "body", "salt")
    if fits:
        changed[position] = forge(rows[position], {field: other})
    found = verify(changed, {8: rows[7]["digest"]})
    assert not found.whole
    own = position + 1
    assert found.fault.seq in ((own, own + 1) if fits else (own,))


def chain(number):
    """Return a chain made without a database."""
    rows, previous = [], FIRST
    for seq in range(1, number + 1):
        row = {
            "seq": seq,
            "at": "2026-11-22T00:00:00.000000+00:00",
            "actor": "system",
            "action": "create",
            "kind": "region",
            "key": str(seq),
            "restricted": False,
            "details": sm3(f"salt{seq}{{}}"),
            "previous": previous,
            "salt": f"salt{seq}",
            "body": "{}",
        }
        row["digest"] = previous = entry_digest(row)
        rows.append(row)
    return rows


CHAIN = chain(8)


def test_the_chain_of_the_tests_is_whole():
    assert verify(CHAIN, {8: CHAIN[7]["digest"]}).whole


@given(st.permutations(range(8)))
def test_another_order_is_named_at_its_first_place(order):
    found = verify([CHAIN[place] for place in order], {})
    moved = [place for place, was in enumerate(order) if place != was]
    assert (found.fault.seq if found.fault else None) == (moved[0] + 1 if moved else None)


@given(st.integers(0, 7))
def test_a_dropped_entry_is_named(place):
    found = verify(CHAIN[:place] + CHAIN[place + 1 :], {8: CHAIN[7]["digest"]})
    assert found.fault.seq == place + 1


@given(st.integers(0, 7))
def test_an_entry_put_in_is_named(place):
    row = forge(CHAIN[place], {"key": "forged"})
    found = verify([*CHAIN[:place], row, *CHAIN[place:]], {})
    assert found.fault.seq == place + 2


def test_a_chain_rewritten_as_a_whole_is_shown_by_an_anchor():
    anchor = CHAIN[5]["digest"]
    rows, previous = [], FIRST
    for row in CHAIN:
        row = forge(row, {"actor": "somebody else", "previous": previous})
        previous = row["digest"]
        rows.append(row)
    assert verify(rows, {}).whole
    assert (verify(rows, {6: anchor}).fault.seq, verify(rows, {6: anchor}).fault.reason) == (
        6,
        "trail.anchor",
    )


def exported_file(tmp_path, **more):
    file = tmp_path / "trail.jsonl"
    file.write_text("".join(export_lines(**more)), encoding="utf-8")
    return file


def test_an_export_is_verified_without_the_database(tmp_path):
    rows = write(20)
    found = verify_file(exported_file(tmp_path))
    assert found.whole and found.entries == len(rows) and found.digest == rows[-1]["digest"]


def test_restricted_bodies_are_left_out_and_the_export_still_verifies(tmp_path):
    write(3)
    write_one = append(SYSTEM, "change", "issue", "7", after={"informant": "赵六"}, restricted=True)
    file = exported_file(tmp_path)
    assert "赵六" not in file.read_text(encoding="utf-8") and "informant" not in file.read_text()
    found = verify_file(file)
    assert (found.whole, found.left_out) == (True, 1)
    assert verify_file(exported_file(tmp_path, restricted=True)).left_out == 0
    assert len(write_one.salt) == 32


def test_other_bodies_may_not_be_left_out(tmp_path):
    write(3)
    file = exported_file(tmp_path)
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[-1])
    del row["body"], row["salt"]
    file.write_text("\n".join([head, *lines[:-1], json.dumps(row)]) + "\n", encoding="utf-8")
    assert verify_file(file).fault.reason == "trail.left_out"


def test_an_export_cut_short_is_found(tmp_path):
    write(4)
    file = exported_file(tmp_path)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), encoding="utf-8")
    assert verify_file(file).fault.reason == "trail.cut_short"


def test_an_export_of_some_days_is_verified(tmp_path):
    write(3)
    today = datetime.now(CHINA).date()
    assert verify_file(exported_file(tmp_path, first=today, last=today)).whole
    empty = verify_file(exported_file(tmp_path, first=date(2000, 1, 1), last=date(2000, 1, 2)))
    assert (empty.whole, empty.entries) == (True, 0)


def test_what_is_no_export_is_refused(tmp_path):
    file = tmp_path / "x"
    for words in ("", "{}", "[]", "no json"):
        file.write_text(words, encoding="utf-8")
        with pytest.raises(InputError):
            verify_file(file)
        with pytest.raises(InputError):
            anchors_in(file) if words != "[]" else verify_file(file)


def test_days_that_are_over_are_anchored_once(tmp_path):
    rows = write(5)
    tomorrow = datetime.now(CHINA) + timedelta(days=1)
    assert anchor_days(datetime.now(CHINA), tmp_path) == []
    made = anchor_days(tomorrow, tmp_path)
    assert [(one.seq, one.digest) for one in made] == [(rows[-1]["seq"], rows[-1]["digest"])]
    assert anchor_days(tomorrow, tmp_path) == []
    file = tmp_path / "anchors" / f"{made[0].day}.json"
    assert verify_file(exported_file(tmp_path), anchors_in(file)).anchored == 1
    assert verify_all(anchors_in(file)).whole


def test_an_anchor_beyond_the_end_shows_what_is_missing():
    write(2)
    last = Entry.objects.order_by("-seq").first()
    found = verify_all({last.seq + 3: "0" * 64})
    assert found.fault.reason == "trail.beyond"


@pytest.fixture
def guarded():
    """Put back the triggers that the databases of tests go without."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "sqlite":
                cursor.execute(_SQLITE_STAY.format(table=table, what="delete"))
            else:
                for line in _POSTGRES_STAY.replace("{table}", table).splitlines():
                    if "delete" in line or "truncate" in line:
                        cursor.execute(line)


@pytest.mark.parametrize(
    "statement",
    [
        "update trail_entry set actor = 'x'",
        "update trail_anchor set seq = 1",
        "delete from trail_entry",
        "delete from trail_anchor",
    ],
)
def test_the_database_lets_nothing_be_changed(guarded, statement):
    write(2)
    Anchor.objects.create(day=date(2026, 1, 1), seq=1, digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify(map(exported, Entry.objects.order_by("seq")), {}).whole


@pytest.mark.parametrize("change", [{"seq": 10_000}, {"previous": "f" * 64}, {"seq": 1}])
def test_the_database_takes_only_the_next_entry(change):
    write(2)
    last = Entry.objects.order_by("-seq").first()
    values = {"seq": last.seq + 1, "previous": last.digest, **change}
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry(
            at=last.at, actor="x", action="x", kind="x", key="x", body="{}", salt="", digest="0", **values
        ).save(force_insert=True)


WRITER = """
import sys
from huanzhi.library.database import migrate
migrate()
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.chain import Note, append_many
print("ready", flush=True)
for n in range(100000):
    append_many(Note(SYSTEM, "create", "region", f"{n}-{k}") for k in range(7))
    print(n, flush=True)
"""


def test_a_kill_while_writing_leaves_a_whole_chain(tmp_path):
    environment = {**os.environ, "HUANZHI_HOME": str(tmp_path)}
    environment.pop("HUANZHI_DATABASE", None)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout.readline().strip() == "ready"
    time.sleep(0.3)
    writer.send_signal(signal.SIGKILL)
    told = writer.stdout.read().split()
    writer.wait()
    writer.stdout.close()
    command = [sys.executable, "-m", "huanzhi.cli", "audit", "verify", "--json"]
    found = json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert found["whole"] and found["entries"] >= 7 * len(told)

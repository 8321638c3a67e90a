"""Evidence and bundles: kept by digest, and no change of a bundle goes unseen."""

import json
import zipfile
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huanzhi.center.issues import evidence as keeping
from huanzhi.center.issues.bundle import bundle, verify
from huanzhi.center.issues.evidence import attach, clean_name, path_of, read
from huanzhi.center.issues.moving import move
from huanzhi.center.issues.opening import Draft, open_issue
from huanzhi.cli.issue import command
from huanzhi.errors import InputError, StoreError
from huanzhi.library.people.models import Organisation
from huanzhi.library.places.models import Region
from huanzhi.library.rights import Actor, Held
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 18, 2, tzinfo=UTC)
DUTY = Actor("zhang", "张", (Held("duty", "330200/"), Held("inspector", "330200/")), "bureau")
READER = Actor("chen", "陈", (Held("reader", "330200/"),), "bureau")


@pytest.fixture
def issue(db):
    region = Region.objects.create(code="330200", name="宁波市", level="city", path="330200/")
    Organisation.objects.create(code="branch", name="分局", kind="branch", region=region)
    made = open_issue(DUTY, Draft("废水", "outlet_water", "handed", "330200"), now=NOW)
    made = move(DUTY, made, "accept", {"category": "odour", "level": "general"}, now=NOW)
    made = move(DUTY, made, "dispatch", {"lead": "branch", "requirement": "查"}, now=NOW)
    attach(DUTY, made, b"photo of a pipe", "管口.jpg", "photo", NOW, 121.5, 29.9)
    attach(DUTY, made, b"a,b\n1,2\n", "data.csv", "measurement")
    told = {"finding": "偷排", "cause": "阀门", "traced": "管网"}
    return move(DUTY, made, "investigate", told, now=NOW)


@pytest.fixture
def packed(issue, tmp_path):
    path = tmp_path / "issue.zip"
    path.write_bytes(bundle(DUTY, issue))
    return path


def repacked(path, change):
    """Write a bundle again with its files changed."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    other = path.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return verify(other)


def changed_manifest(change):
    def apply(files):
        told = json.loads(files["issue.json"])
        change(told)
        files["issue.json"] = json.dumps(told, ensure_ascii=False).encode()

    return apply


def test_a_piece_is_kept_by_its_digest(issue):
    piece = issue.evidence.order_by("pk").first()
    assert read(piece) == b"photo of a pipe"
    assert (piece.size, piece.step, len(piece.sm3)) == (15, 4, 64)
    again = attach(DUTY, issue, b"photo of a pipe", "again.jpg", "photo")
    assert again.pk == piece.pk
    path_of(piece.sha256).write_bytes(b"other")
    with pytest.raises(StoreError) as caught:
        read(piece)
    assert caught.value.key == "issues.lost_evidence"
    path_of(piece.sha256).write_bytes(b"photo of a pipe")


def test_what_is_no_evidence(issue, monkeypatch):
    for content, kind, key in [(b"", "photo", "issues.empty_evidence"), (b"x", "song", "issues.choice")]:
        with pytest.raises(InputError) as caught:
            attach(DUTY, issue, content, "a", kind)
        assert caught.value.key == key
    with pytest.raises(InputError) as caught:
        attach(READER, issue, b"x", "a", "photo")
    assert caught.value.key == "rights.refused"
    monkeypatch.setattr(keeping, "settings", lambda: {"limits": {"evidence_bytes": 3, "evidence_each": 9}})
    with pytest.raises(InputError) as caught:
        attach(DUTY, issue, b"four", "a", "photo")
    assert caught.value.key == "issues.too_large"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\b.jpg", "b.jpg"),
        ("a\x00b?.png", "ab.png"),
        ("..", "evidence"),
    ],
)
def test_names_of_files(name, clean):
    assert clean_name(name) == clean


def test_a_bundle_verifies_offline(packed, issue):
    found = verify(packed)
    assert (found.whole, found.number, found.steps, found.pieces) == (True, issue.number, 4, 2)
    kept = Entry.objects.get(kind="issue", action="export").details["after"]["fingerprint"]
    assert verify(packed, kept).whole
    assert verify(packed, "0" * 64).fault == "issues.bundle_other"


def test_tampering_is_found(packed):
    def other_piece(files):
        files[next(name for name in files if name.endswith("jpg"))] = b"another photo!!"

    def lost_piece(files):
        del files[next(name for name in files if name.endswith("csv"))]

    assert repacked(packed, other_piece).fault == "issues.bundle_piece"
    assert repacked(packed, lost_piece).fault == "issues.bundle_piece"
    assert repacked(packed, lambda files: files.update({"evidence/x": b"1"})).fault == "issues.bundle_piece"
    for change in (
        lambda told: told["steps"].pop(1),
        lambda told: told["steps"].reverse(),
        lambda told: told["steps"][2].update(actor="li"),
        lambda told: told["steps"][3]["outputs"].update(finding="没有偷排"),
        lambda told: told["steps"][0].update(at="2026-09-17T00:00:00+08:00"),
    ):
        assert repacked(packed, changed_manifest(change)).fault == "issues.bundle_step"


def test_removing_a_piece_with_its_entry_is_found(packed):
    def change(files):
        told = json.loads(files["issue.json"])
        gone = told["evidence"].pop()
        del files[gone["file"]]
        files["issue.json"] = json.dumps(told, ensure_ascii=False).encode()

    assert repacked(packed, change).fault == "issues.bundle_missing"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_is_found(packed, data):
    raw = bytearray(packed.read_bytes())
    whole = verify(packed).fingerprint
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    other = packed.with_name("byte.zip")
    other.write_bytes(bytes(raw))
    found = verify(other, whole)
    if found.whole:  # a byte that holds no content, as a date of the archive
        with zipfile.ZipFile(other) as new, zipfile.ZipFile(packed) as old:
            assert {n: new.read(n) for n in new.namelist()} == {n: old.read(n) for n in old.namelist()}


def test_the_command(packed, tmp_path):
    runner = CliRunner()
    good = runner.invoke(command, ["verify", str(packed), "--json"], standalone_mode=False)
    assert good.return_value == 0
    assert json.loads(good.output)["whole"] is True
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK no")
    bad = runner.invoke(command, ["verify", str(broken)], standalone_mode=False)
    assert bad.return_value == 1
    assert "不是问题证据包" in bad.output


def test_only_who_may_export(issue):
    with pytest.raises(InputError):
        bundle(Actor("nobody"), issue)

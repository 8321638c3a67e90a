"""Exchange: sums, order, duplicates, tampering, mapping, pushes with retries, what leaves by whose right."""

import http.server
import io
import json
import threading
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanzhi.center.issues.models import Issue
from huanzhi.errors import InputError
from huanzhi.library.enterprises.models import Enterprise
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM, Actor, Held
from huanzhi.network.exchange import keys, parcel, receiving, sending
from huanzhi.network.exchange.mapping import Pair, Payload, inward, outward
from huanzhi.network.exchange.models import Exchange, Target
from huanzhi.programmes.exchange import doing
from huanzhi.programmes.exchange.payloads import PROVIDERS, payload_of, payloads

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
THINGS = Payload("things", "物", "things", "out", "试", "", (Pair("a", "甲", required=True), Pair("b", "乙")))
TASK = {"task_id": "T1", "title": "河道异味", "content": "群众反映", "category": "odour", "level": "urgent"}
TASK |= {"region_code": "990011", "credit_code": None, "found_time": "2026-11-21T08:00:00+08:00"}


@pytest.fixture
def city(db, monkeypatch, tmp_path):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city", simulated=True))
    save(SYSTEM, Region(code="990011", name="模拟区", level="county", parent=city, simulated=True))
    save(SYSTEM, Enterprise(code="E1", name="企业1", region=city, simulated=True))
    return city


@pytest.fixture
def target(city):
    agreed = ["things", "indicators", "city_brain_tasks"]
    told = {"name": "城市大脑", "region": city, "payloads": agreed, "purpose": "试", "simulated": True}
    return save(SYSTEM, Target(code="brain", **told))


@pytest.fixture
def officer(city):
    return Actor("duty", "值班员", (Held("duty", "990001/"),), "B1")


def rows(number=2):
    return [{"a": f"值{each}", "b": None} for each in range(number)]


def key_of(call):
    with pytest.raises(InputError) as caught:
        call()
    return caught.value


def tasks(target, sequence=1, told=(TASK,), secret="", **more):
    payload = payload_of("city_brain_tasks")
    manifest = {"target": target.code, "sender": "brain", "direction": "out", "payload": payload.name}
    manifest |= {"purpose": "交办", "sequence": sequence, "made": "2026-11-22T12:00:00+08:00"}
    return parcel.build({**manifest, "columns": payload.columns, **more}, list(told), secret)


def changed(content, name, change):
    """Return a parcel with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            body = old.read(each)
            new.writestr(each, change(body) if each == name else body)
    return out.getvalue()


def test_the_same_content_gives_the_same_bytes_and_verifies():
    manifest = {"target": "t", "sender": "s", "direction": "out", "payload": "p", "purpose": "u"}
    manifest |= {"sequence": 1, "made": "2026-11-22", "columns": ["a"]}
    one, other = (parcel.build(manifest, [{"a": "值"}]) for _ in range(2))
    assert one == other and parcel.read(one).rows == ({"a": "值"},)


@pytest.mark.parametrize(
    ("part", "change", "key"),
    [
        ("rows.jsonl", lambda body: body.replace("异味".encode(), "清洁".encode()), "exchange.digest"),
        ("rows.jsonl", lambda body: body + b"{}\n", "exchange.size"),
        ("manifest.json", lambda body: b"[]", "exchange.not_json"),
        ("manifest.json", lambda body: body.replace(b'"sequence": 1', b'"sequence": "1"'), "exchange.field"),
        ("manifest.json", lambda body: body.replace(b'"rows": 1', b'"rows": 2'), "exchange.count"),
        ("manifest.json", lambda body: body.replace(b'"version": 1', b'"version": 9'), "exchange.field"),
    ],
)
def test_a_file_that_was_tampered_with_is_refused_whole(target, officer, part, change, key):
    bad = changed(tasks(target), part, change)
    assert key_of(lambda: doing.take(officer, bad, NOW)).key == key
    assert not Issue.objects.exists()
    target.refresh_from_db()
    assert target.received == 0


def test_with_a_secret_the_manifest_cannot_be_changed_either(target, officer):
    secret = keys.make_secret(target.code)
    plain = tasks(target)
    assert key_of(lambda: doing.take(officer, plain, NOW)).key == "exchange.unsigned"
    signed = tasks(target, secret=secret)
    other = changed(signed, "manifest.json", lambda body: body.replace("交办".encode(), "其他".encode()))
    assert key_of(lambda: doing.take(officer, other, NOW)).key == "exchange.signature"
    refused = Exchange.objects.filter(state="refused")
    assert [one.fault["error"] for one in refused.order_by("pk")] == [
        "exchange.unsigned",
        "exchange.signature",
    ]
    assert doing.take(officer, signed, NOW).state == "received"
    assert (keys.home_folder() / "exchange" / "keys" / "brain.key").stat().st_mode & 0o077 == 0


@given(st.binary(max_size=300))
def test_what_is_no_parcel_is_refused_with_words(content):
    assert key_of(lambda: parcel.read(content)).key == "exchange.not_parcel"


@given(st.data())
def test_no_changed_byte_of_a_signed_parcel_gets_through(data):
    manifest = {"target": "t", "sender": "s", "direction": "out", "payload": "p", "purpose": "u"}
    manifest |= {"sequence": 1, "made": "2026-11-22", "columns": ["a"]}
    content = parcel.build(manifest, [{"a": "值"}, {"a": None}], "k" * 32)
    whole = parcel.read(content, "k" * 32)
    at = data.draw(st.integers(0, len(content) - 1))
    bad = content[:at] + bytes([content[at] ^ data.draw(st.integers(1, 255))]) + content[at + 1 :]
    try:
        found = parcel.read(bad, "k" * 32, must_sign=True)
    except InputError:
        return
    assert (found.manifest, found.rows) == (whole.manifest, whole.rows), "only what the archive ignores"


def test_parcels_come_in_their_order_and_once(target, officer):
    first, second = tasks(target, 1), tasks(target, 2, [{**TASK, "task_id": "T2"}])
    error = key_of(lambda: doing.take(officer, second, NOW))
    assert (error.key, error.place["value"], error.expected) == ("exchange.gap", 2, "1")
    assert doing.take(officer, first, NOW).outcome["issues"]
    assert doing.take(officer, first, NOW).state == "duplicate"
    assert doing.take(officer, second, NOW).state == "received"
    assert Issue.objects.count() == 2
    other = tasks(target, 1, [{**TASK, "title": "别的"}])
    assert key_of(lambda: doing.take(officer, other, NOW)).key == "exchange.old"
    states = sorted(Exchange.objects.filter(direction="in").values_list("state", flat=True))
    assert states == ["duplicate", "received", "received", "refused", "refused"]


def test_one_bad_row_refuses_all_and_tells_row_column_value_and_expectation(target, officer):
    bad = [TASK, {**TASK, "task_id": "T2", "category": "fire"}]
    error = key_of(lambda: doing.take(officer, tasks(target, 1, bad), NOW))
    assert (error.key, error.place["row"], error.place["column"]) == ("exchange.no_word", 2, "category")
    assert error.place["value"] == "fire" and "odour" in error.expected
    far = [TASK, {**TASK, "task_id": "T3", "region_code": "110000"}]
    error = key_of(lambda: doing.take(officer, tasks(target, 1, far), NOW))
    assert (error.place["row"], error.place["column"]) == (2, "region_code")
    assert not Issue.objects.exists()
    assert doing.take(officer, tasks(target), NOW).state == "received", "the number is still free"


def test_a_task_of_the_city_platform_becomes_one_clue(target, officer):
    doing.take(officer, tasks(target), NOW)
    doing.take(officer, tasks(target, 2, [{**TASK, "content": "再次交办"}]), NOW)
    issue = Issue.objects.get()
    assert (issue.channel, issue.state, issue.level) == ("city_brain", "clue", "serious")
    assert (issue.source_ref, issue.category, issue.region_id) == ("brain:T1", "odour", "990011")


def test_what_is_not_agreed_neither_leaves_nor_comes(target, officer):
    assert key_of(lambda: doing.send(officer, target, "codes", NOW)).key == "exchange.not_agreed"
    target.payloads = ["things"]
    save(SYSTEM, target)
    assert key_of(lambda: doing.take(officer, tasks(target), NOW)).key == "exchange.not_agreed"
    stranger = tasks(Target(code="nobody"))
    assert key_of(lambda: doing.take(officer, stranger, NOW)).key == "exchange.no_target"


def test_a_file_is_laid_down_with_number_and_sums_and_acknowledged(target, officer):
    made = sending.send(officer, target, THINGS, rows(), NOW)
    laid = sending.out_folder(target) / made.name
    found = parcel.read(laid.read_bytes())
    assert (made.state, made.sequence, found.sha256) == ("sent", 1, made.sha256)
    assert found.rows[0] == {"甲": "值0", "乙": None} and made.columns == ["甲", "乙"]
    assert sending.send(officer, target, THINGS, rows(1), NOW).sequence == 2
    told = {"sequence": 1, "sm3": made.sm3, "result": "received", "words": "已收"}
    manifest = {"target": target.code, "sender": "brain", "direction": "out", "payload": "acknowledgement"}
    manifest |= {"purpose": "回执", "sequence": 1, "made": "x", "columns": list(told)}
    doing.take(officer, parcel.build(manifest, [told]), NOW)
    made.refresh_from_db()
    assert made.state == "acknowledged" and made.outcome["answer"] == "已收"
    wrong = {**told, "sequence": 2}
    bad = parcel.build({**manifest, "sequence": 2}, [wrong])
    assert key_of(lambda: doing.take(officer, bad, NOW)).key == "exchange.not_ours"


def test_our_own_acknowledgement_verifies_and_is_the_same_again(target, officer):
    made = doing.take(officer, tasks(target), NOW)
    one, other = (receiving.acknowledgement_of(made) for _ in range(2))
    (row,) = parcel.read(one).rows
    assert one == other and row == {"sequence": 1, "sm3": made.sm3, "result": "received", "words": ""}


class Partner:
    """The system of the other side; answers with the statuses that it is told, the last for ever."""

    def __init__(self, *statuses):
        self.statuses, self.got = list(statuses), []


@contextmanager
def listening(partner):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            partner.got.append((dict(self.headers), body))
            status = partner.statuses.pop(0) if len(partner.statuses) > 1 else partner.statuses[0]
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/take"
    finally:
        server.shutdown()
        server.server_close()


def test_a_push_that_fails_is_tried_again_with_the_same_bytes_and_number(target, officer):
    partner, secret = Partner(503, 200), keys.make_secret(target.code)
    with listening(partner) as address:
        target.way, target.address = "http", address
        save(SYSTEM, target)
        made = sending.send(officer, target, THINGS, rows(), NOW)
        assert (made.state, made.fault["error"], made.attempts) == ("failed", "exchange.not_taken", 1)
        assert sending.resume(NOW) == {"sent": 0, "failed": 0}, "not yet"
        assert sending.resume(NOW + timedelta(minutes=2)) == {"sent": 1, "failed": 0}
    (first, body), (second, again) = partner.got
    assert body == again and first["Idempotency-Key"] == second["Idempotency-Key"]
    found = parcel.read(body, secret, must_sign=True)
    signed = f"1\n{found.sm3}\n{second['X-Huanzhi-Time']}".encode()
    assert second["X-Huanzhi-Signature"] == keys.signature(secret, signed)
    made.refresh_from_db()
    assert (made.state, made.attempts, made.fault) == ("sent", 2, {})


def test_a_redirect_is_not_followed_and_after_enough_tries_it_rests(target, officer):
    partner = Partner(302)
    with listening(partner) as address:
        target.way, target.address = "http", address
        save(SYSTEM, target)
        made = sending.send(officer, target, THINGS, rows(), NOW)
        for day in range(1, 9):
            sending.resume(NOW + timedelta(days=day))
    made.refresh_from_db()
    assert made.state == "failed" and made.next_try is None and made.attempts == 6 == len(partner.got)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://x/", "http://", "http://u:p@x/"])
def test_only_plain_addresses_of_http_are_pushed_to(address):
    from huanzhi.network.exchange.pushing import checked_address

    assert key_of(lambda: checked_address(address)).key == "exchange.address"


def test_mapping_goes_there_and_back():
    fields = (
        Pair("level", "等级", required=True, words={"A": "优", "B": "良"}),
        Pair("day", "日", "day"),
        Pair("amount", "额", "decimal"),
        Pair("number", "数", "integer"),
    )
    payload = Payload("p", "", "", "in", "", "", fields)
    ours = [{"level": "A", "day": NOW.date(), "amount": "1.50", "number": 3}]
    theirs = outward(payload, ours)
    assert theirs == [{"等级": "优", "日": "2026-11-22", "额": "1.50", "数": 3}]
    (back,) = inward(payload, theirs)
    assert (back["level"], back["day"], str(back["amount"]), back["number"]) == ("A", NOW.date(), "1.50", 3)
    assert key_of(lambda: outward(payload, [{**ours[0], "level": "C"}])).key == "exchange.no_word"
    assert key_of(lambda: outward(payload, [{}])).place["row"] == 1
    for name, wrong in (("日", "22/11/2026"), ("额", "多"), ("数", "3"), ("数", True)):
        error = key_of(lambda name=name, wrong=wrong: inward(payload, [{**theirs[0], name: wrong}]))
        assert (error.key, error.place["column"]) == ("exchange.value", name)


def test_every_payload_that_goes_out_is_gathered_by_something():
    out = {name for name, one in payloads().items() if one.direction == "out"}
    assert out == set(PROVIDERS)


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_every_payload_can_be_gathered_and_said(city, officer, name):
    agreed = {"name": "x", "region": city, "payloads": [name], "purpose": "试"}
    target = save(SYSTEM, Target(code="any", **agreed))
    made = doing.send(officer, target, name, NOW)
    assert made.state == "sent" and len(doing.preview(officer, target, name, NOW)) == made.rows


def test_what_leaves_is_what_the_sender_may_read(city, officer):
    from huanzhi.ecocode.tax.models import TaxDeclaration

    told = {"number": "T1", "enterprise": Enterprise.objects.get(), "region": city, "quarter": "2026Q3"}
    dates = {"due": NOW.date(), "made": NOW, "made_by": "x", "reviewed": NOW}
    TaxDeclaration.objects.create(province="zj", differences=[{"item": "COD"}], **told, **dates)
    partner = Actor("dep", "部门", (Held("department", "990001/"),), "B2")
    target = save(
        SYSTEM, Target(code="tax", name="税务", region=city, payloads=["tax_differences"], purpose="x")
    )
    assert key_of(lambda: doing.send(partner, target, "tax_differences", NOW)).key == "rights.refused"
    reader = Actor("data", "数据", (Held("data_admin", "990011/"),), "B1")
    assert key_of(lambda: doing.send(reader, target, "tax_differences", NOW)).key == "rights.refused"
    assert doing.send(SYSTEM, target, "tax_differences", NOW).rows == 1


def test_what_the_other_side_reads_by_itself_is_in_the_log(target, officer):
    found = doing.pulled(officer, target, "indicators", NOW)
    entry = Exchange.objects.get(direction="pull")
    assert entry.rows == len(found) and (entry.actor, entry.payload) == ("duty", "indicators")


def test_nobody_without_the_right_sends_or_takes(target):
    for role in ("enterprise", "township", "reader", "leader"):
        who = Actor("x", "x", (Held(role, "990001/", "O1"),), "O1")
        assert key_of(lambda who=who: sending.send(who, target, THINGS, rows(), NOW)).key == "rights.refused"
        assert key_of(lambda who=who: doing.take(who, tasks(target), NOW)).key == "rights.refused"
    assert not Exchange.objects.exclude(state="refused").exists()


def test_the_answers_of_the_api_never_hold_a_secret(target, officer):
    secret = keys.make_secret(target.code)
    assert secret not in json.dumps(target.as_row(), default=str)
    assert key_of(lambda: keys.make_secret(target.code, "short")).key == "exchange.short_secret"

"""Field work without a network: recorded offline, there after a reload, uploaded once, evidence by digest."""

import base64
import hashlib
import json
import uuid
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import PATIENT, settle
from tests.e2e.test_rooms import grave, too_wide

SPOT = {"latitude": 29.9001, "longitude": 121.5003, "accuracy": 8}


@pytest.fixture
def view():
    """A phone that tells where it is."""
    return {
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "geolocation": SPOT,
        "permissions": ["geolocation"],
    }


@pytest.fixture
def entered():
    return "grid"


@pytest.fixture
def picture(page):
    """Return a small picture as a camera would give it."""
    data = page.evaluate(
        """() => { const c = document.createElement('canvas'); c.width = 64; c.height = 48
        const p = c.getContext('2d'); p.fillRect(0, 0, 40, 40)
        return c.toDataURL('image/jpeg').split(',')[1] }"""
    )
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": base64.b64decode(data)}


def ask(page, living, path):
    answer = page.context.request.get(f"{living}/api/v1/{path}")
    assert answer.ok, answer.text()
    return answer.json()


def kept(page, store):
    """Return what the device keeps in one of its stores."""
    return page.evaluate(
        """(store) => new Promise((done, fail) => {
          const asked = indexedDB.open('huanzhi-field')
          asked.onerror = () => fail(asked.error)
          asked.onsuccess = () => {
            const all = asked.result.transaction(store).objectStore(store).getAll()
            all.onsuccess = () => {
              asked.result.close()
              done(all.result.map((one) => ({...one, blob: undefined})))
            }
          } })""",
        store,
    )


def sign(page):
    """Sign with a finger."""
    box = page.locator("[data-test=sign-pad]")
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    page.mouse.move(at["x"] + 20, at["y"] + 30)
    page.mouse.down()
    page.mouse.move(at["x"] + 120, at["y"] + 70, steps=5)
    page.mouse.move(at["x"] + 220, at["y"] + 20, steps=5)
    page.mouse.up()


def test_a_patrol_without_a_network_arrives_once(page, living, outside, shoot, picture):
    page.goto(f"{living}/field")
    expect(page.locator("[data-test=offline-ready]")).to_be_visible(timeout=PATIENT)
    area = ask(page, living, "field/tasks")["areas"][0]
    before = ask(page, living, f"patrols?limit=1&area={area['code']}")["total"]
    page.wait_for_function("() => document.querySelectorAll('[data-test=task]').length > 0")
    shoot("field-tasks")

    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-test=net]")).to_contain_text("离线")
    page.locator(".field-nav a").nth(2).click()
    page.locator("[data-test=area]").select_option(area["code"])
    page.locator("[data-test=start]").click()
    expect(page.locator("[data-test=points]")).not_to_have_text("0")
    page.locator("[data-test=fill-rest]").click()
    page.locator("[data-test=add-finding]").click()
    page.locator("[data-test=finding-title]").fill("岸边堆放垃圾")
    page.locator("[data-test=finding-category]").select_option("solid_waste")
    page.locator("[data-test=finding] [data-test=photo]").set_input_files(picture)
    expect(page.locator("[data-test=finding] .photos-list img")).to_be_visible()
    sign(page)
    expect(page.locator(".sign img")).to_be_visible()
    page.wait_for_timeout(600)
    shoot("field-record")

    page.reload()
    expect(page.locator("[data-test=finding-title]")).to_have_value("岸边堆放垃圾")
    expect(page.locator("[data-test=finding] .photos-list img")).to_be_visible()
    expect(page.locator(".sign img")).to_be_visible()
    page.locator("[data-test=finish]").click()
    page.locator("[data-test=submit]").click()
    page.wait_for_url("**/field/drafts")
    expect(page.locator("[data-test=draft-state]").first).to_have_text("待上传")
    page.reload()
    expect(page.locator("[data-test=draft-state]").first).to_have_text("待上传")
    shoot("field-drafts-offline")
    assert ask_offline(page) == 0
    files = kept(page, "files")
    photo = next(one for one in files if one["kind"] == "photo")
    assert photo["lon"] == pytest.approx(SPOT["longitude"]) and photo["sha256"]

    page.context.set_offline(False)
    expect(page.locator("[data-test=draft-state]").first).to_have_text("已上传", timeout=PATIENT)
    shoot("field-drafts-sent")
    draft = next(one for one in kept(page, "drafts") if one["state"] == "sent")
    made = ask(page, living, f"patrols/{draft['answer']['code']}")
    assert (made["client"], made["awaited"], made["signed"]["way"]) == (draft["id"], 0, "drawn")
    assert ask(page, living, f"patrols?limit=1&area={area['code']}")["total"] == before + 1
    issue = ask(page, living, f"issues/{made['findings'][0]['issue']}")
    evidence = {one["kind"]: one for one in issue["evidence"]}
    assert evidence["photo"]["sha256"] == photo["sha256"]
    address = f"{living}/api/v1/issues/{issue['number']}/evidence/{evidence['photo']['id']}"
    held = page.context.request.get(address)
    assert hashlib.sha256(held.body()).hexdigest() == photo["sha256"]
    assert b"Exif" in held.body()[:32]
    assert (issue["channel"], issue["state"]) == ("patrol", "clue")

    again = send_again(page, living, draft)
    assert again["status"] == 201 and again["replayed"] == "true" and again["code"] == made["code"]
    assert ask(page, living, f"patrols?limit=1&area={area['code']}")["total"] == before + 1


def ask_offline(page):
    """Return the status that the page gets from the platform while it is offline: 0 for none."""
    asked = "() => fetch('/api/v1/session').then((answer) => answer.status).catch(() => 0)"
    return page.evaluate(asked)


def send_again(page, living, draft):
    """Send the first request of an upload once more, as a phone would that never heard the answer."""
    step = draft["steps"][0]
    return page.evaluate(
        """async ([path, key, body]) => {
          const session = await (await fetch('/api/v1/session')).json()
          const told = {'Content-Type': 'application/json', 'Idempotency-Key': key}
          const headers = {...told, 'X-CSRFToken': session.csrf}
          const answer = await fetch(path, {method: 'POST', headers, body})
          const replayed = answer.headers.get('Idempotent-Replayed')
          return {status: answer.status, replayed, code: (await answer.json()).code}
        }""",
        [step["path"], step["key"], json.dumps(step["json"], ensure_ascii=False, separators=(",", ":"))],
    )


def sign_in_apart(browser, living, states, name):
    """Return the requests of somebody else, with the token that changes need."""
    context = browser.new_context(storage_state=states(name))
    token = context.request.get(f"{living}/api/v1/session").json()["csrf"]

    def post(path, body=None, **form):
        headers = {"X-CSRFToken": token}
        if body is not None:
            return context.request.post(f"{living}/api/v1/{path}", headers=headers, data=body)
        return context.request.post(f"{living}/api/v1/{path}", headers=headers, multipart=form)

    return post


def a_spot(post, page, living):
    """Take a spot in that nobody knows yet, where the first area lies; return its code."""
    area = ask(page, living, "field/tasks")["areas"][0]
    source = f"测试卫星 {uuid.uuid4().hex[:8]}"
    rows = f"编号,名称,经度,纬度\nE1,测试图斑,{area['lon']},{area['lat']}\n"
    file = {"name": "图斑.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    told = {"channel": "remote_sensing", "source": source, "datum": "cgcs2000", "region": area["region"]}
    made = post("sightings/batches", **told, file=file)
    assert made.status == 201, made.text()
    return ask(page, living, f"sightings?source={source}")["items"][0]["code"]


def test_a_spot_that_somebody_else_settled_meanwhile_shows_both(
    page, browser, living, states, outside, shoot, picture
):
    post = sign_in_apart(browser, living, states, "duty")
    code = a_spot(post, page, living)
    page.goto(f"{living}/field/visit?spot={code}")
    expect(page.locator("[data-test=photo]")).to_be_attached()
    page.context.set_offline(True)
    page.locator("[data-test=photo]").set_input_files(picture)
    expect(page.locator(".photos-list img")).to_be_visible()
    page.locator(".outcome label").first.click()
    page.locator("[data-test=submit]").click()
    page.wait_for_url("**/field/drafts")
    now = datetime.now(UTC)
    told = {"client": str(uuid.uuid4()), "confirmed": False, "ground": "gone", "words": "现场已清理"}
    other = post(f"sightings/{code}/visits", told | {"at": now.isoformat(), "sent": now.isoformat()})
    assert other.status == 201, other.text()
    page.context.set_offline(False)
    draft = page.locator("[data-test=draft]").first
    expect(draft.locator("[data-test=draft-state]")).to_have_text("有冲突")
    expect(draft).to_contain_text("两份都在")
    expect(draft.locator("section").first).to_contain_text("属实")
    expect(draft.locator("section").last).to_contain_text("现场已清理")
    shoot("field-conflict")
    page.reload()
    expect(page.locator("[data-test=draft-state]").first).to_have_text("有冲突")
    assert any(one["kind"] == "photo" for one in kept(page, "files"))


def test_pages_of_one_patrol_and_one_spot(page, living, outside, shoot, faults):
    patrol = ask(page, living, "patrols?limit=1")["items"][0]["code"]
    spot = ask(page, living, "sightings?limit=1")["items"][0]["code"]
    for name, path in {"patrol-record": f"/patrol/{patrol}", "sighting": f"/sightings/{spot}"}.items():
        page.goto(f"{living}{path}")
        settle(page)
        assert grave(page) == []
        assert too_wide(page) <= 0
        shoot(name)
    assert faults == []

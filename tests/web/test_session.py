"""Signing in over HTTP: sessions, their ends, the CSRF token, first passwords, tries, keys as bearers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from huanzhi.library.people.demo import accounts, mark_simulated
from huanzhi.library.people.keys import end_key, forget, make_key
from huanzhi.library.people.models import Person
from huanzhi.library.people.policy import policy
from huanzhi.library.rights import SYSTEM

pytestmark = pytest.mark.django_db
PASSWORD = "Cheng-Shi-2026"
SESSION = "/api/v1/session"


@pytest.fixture(autouse=True)
def people(tmp_path):
    forget()
    mark_simulated(tmp_path)
    accounts(PASSWORD, tmp_path)


class Browser:
    """A client that heeds CSRF as a browser has to."""

    def __init__(self):
        self.client = Client(enforce_csrf_checks=True)
        self.token = self.client.get(SESSION).json()["csrf"]

    def send(self, method, path, content=None, **headers):
        told = {"X-CSRFToken": self.token, **headers}
        answer = getattr(self.client, method)(
            path, data=content, content_type="application/json", headers=told
        )
        if answer.headers["Content-Type"].startswith("application/json") and isinstance(answer.json(), dict):
            self.token = answer.json().get("csrf", self.token)
        return answer

    def sign_in(self, name, password=PASSWORD):
        return self.send("post", SESSION, {"name": name, "password": password})

    def get(self, path, **headers):
        return self.client.get(path, headers=headers)


@pytest.fixture
def duty():
    browser = Browser()
    assert browser.sign_in("duty").status_code == 200
    return browser


def test_who_signs_in_is_told_who_and_in_which_roles(duty):
    told = duty.get(SESSION).json()
    assert (told["code"], told["simulated"], told["must_change"]) == ("duty", True, False)
    assert [(one["role"], one["zh"], one["path"]) for one in told["held"]] == [("duty", "值班员", "990001/")]


def test_nobody_is_nobody():
    assert Browser().get(SESSION).json()["code"] == ""
    answer = Browser().get("/api/v1/people", **{"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["error"]) == (401, "web_api.signed_out")


def test_a_wrong_password_says_no_more_than_that():
    for name in ("duty", "nobody"):
        answer = Browser().sign_in(name, "wrong")
        assert (answer.status_code, answer.json()["error"]) == (401, "people.wrong_password")


def test_too_many_tries_are_told_to_wait():
    browser = Browser()
    for _ in range(policy().name_tries):
        browser.sign_in("duty", "wrong")
    answer = browser.sign_in("duty")
    assert (answer.status_code, answer.json()["error"]) == (429, "people.locked")
    assert 0 < int(answer.headers["Retry-After"]) <= policy().lock.total_seconds() + 1


def test_signing_in_begins_a_new_session():
    browser = Browser()
    browser.client.cookies["huanzhi_session"] = "fixed-by-somebody"
    browser.sign_in("duty")
    first = browser.client.cookies["huanzhi_session"].value
    assert first != "fixed-by-somebody"
    browser.sign_in("leader")
    assert browser.client.cookies["huanzhi_session"].value != first


@pytest.mark.parametrize("method, path", [("post", SESSION), ("delete", SESSION), ("post", "/api/v1/people")])
def test_changes_by_cookie_need_the_token(duty, method, path):
    for token in ("", "x" * 64):
        answer = duty.send(method, path, {"name": "duty", "password": PASSWORD}, **{"X-CSRFToken": token})
        assert (answer.status_code, answer.json()["error"]) == (403, "web_api.csrf")
    assert duty.get(SESSION).json()["code"] == "duty"


def test_cookies_are_closed_to_scripts_and_other_sites(duty):
    session = duty.client.cookies["huanzhi_session"]
    assert session["httponly"] and session["samesite"] == "Lax"
    assert duty.client.cookies["huanzhi_csrf"]["samesite"] == "Lax"


def test_cookies_are_secure_behind_https(settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    browser = Browser()
    browser.sign_in("duty")
    assert browser.client.cookies["huanzhi_session"]["secure"]
    assert browser.client.cookies["huanzhi_csrf"]["secure"]


def test_signing_out_ends_the_session(duty):
    assert duty.send("delete", SESSION).json()["code"] == ""
    assert duty.get("/api/v1/people").status_code == 401


def test_signing_out_everywhere_ends_the_others_too(duty):
    other = Browser()
    other.sign_in("duty")
    duty.send("delete", SESSION + "?everywhere=true")
    assert other.get("/api/v1/people").status_code == 401


def test_a_changed_password_ends_the_other_sessions_only(duty):
    other = Browser()
    other.sign_in("duty")
    answer = duty.send("put", SESSION + "/password", {"old": PASSWORD, "new": "Another-good-1"})
    assert answer.status_code == 200
    assert duty.get("/api/v1/people").status_code == 200
    assert other.get("/api/v1/people").status_code == 401


def test_a_first_password_has_to_be_changed_before_anything_else(duty):
    Person.objects.filter(code="duty").update(must_change=True)
    answer = duty.get("/api/v1/people")
    assert (answer.status_code, answer.json()["error"]) == (403, "people.change_password")
    assert duty.get(SESSION).json()["must_change"]
    duty.send("put", SESSION + "/password", {"old": PASSWORD, "new": "Another-good-1"})
    assert duty.get("/api/v1/people").status_code == 200


@pytest.mark.parametrize("spent", ["idle", "absolute"])
def test_sessions_end_idle_and_at_last(duty, monkeypatch, spent):
    session = duty.client.session
    mark = {"idle": "seen", "absolute": "begun"}[spent]
    session[mark] = session[mark] - int(getattr(policy(), spent).total_seconds()) - 5
    session.save()
    assert duty.get("/api/v1/people").status_code == 401


def test_a_disabled_person_is_out_at_once(duty):
    manager = Browser()
    manager.sign_in("manager")
    answer = manager.send("patch", "/api/v1/people/duty", {"active": False})
    assert answer.status_code == 200 and answer.json()["active"] is False
    assert duty.get("/api/v1/people").status_code == 401


def presented(*scopes):
    return make_key(SYSTEM, "reader", scopes, now=datetime.now(UTC))


def test_a_key_reads_what_its_scopes_say_and_needs_no_token():
    key, words = presented("structure:read")
    client = Client(enforce_csrf_checks=True)
    bearer = {"Authorization": f"Bearer {words}"}
    assert client.get("/api/v1/organisations", headers=bearer).json()["total"] > 0
    assert client.get("/api/v1/people", headers=bearer).json()["total"] == 0
    answer = client.post("/api/v1/people", {"code": "x", "name": "x"}, "application/json", headers=bearer)
    assert (answer.status_code, answer.json()["error"]) == (403, "rights.refused")
    end_key(SYSTEM, key, datetime.now(UTC))
    assert client.get("/api/v1/organisations", headers=bearer).status_code == 401


def test_wrong_keys_are_refused_and_tried_so_often_only():
    client = Client()
    for _ in range(policy().address_tries):
        answer = client.get("/api/v1/organisations", headers={"Authorization": "Bearer hz_x_y"})
        assert (answer.status_code, answer.json()["error"]) == (401, "web_api.no_key")
    answer = client.get("/api/v1/organisations", headers={"Authorization": "Bearer hz_x_y"})
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0


def test_a_key_calls_so_often_only(monkeypatch):
    from dataclasses import replace

    _, words = presented("structure:read")
    small = replace(policy(), key_calls=2)
    monkeypatch.setattr("huanzhi.web.api.actors.policy", lambda: small)
    client = Client()
    statuses = [
        client.get("/api/v1/organisations", headers={"Authorization": f"Bearer {words}"}).status_code
        for _ in range(3)
    ]
    assert statuses == [200, 200, 429]


def test_an_expired_key_holds_no_more():
    past = datetime(2020, 1, 1, tzinfo=UTC)
    _, words = make_key(SYSTEM, "old", ["structure:read"], now=past, expires=past)
    headers = {"Authorization": f"Bearer {words}"}
    assert Client().get("/api/v1/organisations", headers=headers).status_code == 401


def test_people_are_added_granted_and_given_new_passwords_over_http():
    manager = Browser()
    manager.sign_in("manager")
    made = manager.send("post", "/api/v1/people", {"code": "li", "name": "李四"})
    assert made.status_code == 201 and made.json()["person"]["must_change"]
    told = {"role": "duty", "region": "990001"}
    assert manager.send("post", "/api/v1/people/li/grants", told).status_code == 201
    shown = manager.get("/api/v1/people/li").json()
    assert shown["roles"] == "duty"
    first = Browser()
    assert first.sign_in("li", made.json()["password"]).json()["must_change"]
    again = manager.send("post", "/api/v1/people/li/password")
    assert first.get(SESSION).json()["code"] == ""
    assert Browser().sign_in("li", again.json()["password"]).status_code == 200
    number = shown["grants"][0]["id"]
    assert manager.send("post", f"/api/v1/grants/{number}/end", {}).json()["holds"] is False


def test_an_administrator_takes_two_people_over_http():
    manager, leader = Browser(), Browser()
    manager.sign_in("manager")
    leader.sign_in("leader")
    made = manager.send(
        "post", "/api/v1/people/duty/grants", {"role": "admin", "region": "990001", "reason": "deputy"}
    )
    assert made.status_code == 202
    path = f"/api/v1/proposals/{made.json()['proposal']}"
    assert manager.get(path).json()["may_decide"] is False
    assert manager.send("post", path + "/approve", {}).json()["error"] == "proposals.same_person"
    assert leader.get(path).json()["may_decide"] is True
    assert leader.send("post", path + "/approve", {}).json()["state"] == "approved"
    assert manager.get("/api/v1/people/duty").json()["roles"] == "duty admin"


def test_why_says_by_which_role_and_rule(duty):
    told = duty.get("/api/v1/rights/why?action=read&kind=organisation&key=990001-bureau").json()
    assert told["allowed"] and told["how"]["role"] == "duty" and "值班员" in told["message"]
    told = duty.get("/api/v1/rights/why?action=create&kind=person", **{"Accept-Language": "en"}).json()
    assert (told["allowed"], told["message"]) == (False, "no role allows it")


def test_why_does_not_tell_what_there_is(duty):
    enterprise = Browser()
    enterprise.sign_in("enterprise")
    path = "/api/v1/rights/why?action=read&kind=organisation&key="
    assert enterprise.get(path + "990001-bureau").json() == enterprise.get(path + "nothing").json()

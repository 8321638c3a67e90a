"""A running web service on the loopback, with the writing desk behind it."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings

from huanzhi.library.calendar import days
from huanzhi.network.intake import Desk
from huanzhi.network.intake.service import running
from huanzhi.network.push import Receiver, Replies
from huanzhi.web.throttling import forget_all

django_settings.SENSORTHINGS_OPEN = True  # rights are tested in test_rights_sensorthings


@pytest.fixture(autouse=True)
def known_years(monkeypatch):
    """Let the holidays of the months to come be known whenever the tests run: made up, weekends alone."""
    known = dict(days.shipped().years)
    for year in {date.today().year, (date.today() + timedelta(days=120)).year} - set(known):
        known[year] = days.Year(year, frozenset(), frozenset())
    monkeypatch.setattr(days, "shipped", lambda: days.Calendar(known))


@pytest.fixture(autouse=True)
def unthrottled():
    """Let no test be refused for the calls of those before it."""
    forget_all()


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """Speaks plain HTTP to a service."""

    def __init__(self, port):
        self.port = port

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, quote(path, safe="/?&=$()':,;%@."), body, headers or {})
            got = connection.getresponse()
            return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def push(self, document, key, **headers):
        raw = document if isinstance(document, bytes) else json.dumps(document).encode()
        told = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        return self.request("POST", "/api/v1/observations", raw, told | headers)


@contextmanager
def in_background(make_services):
    """Run services in a loop of their own on another thread."""
    ready, state = threading.Event(), {}

    async def main():
        stopped = asyncio.Event()
        state["stop"] = (asyncio.get_running_loop(), stopped)
        services = make_services()
        try:
            async with running(services):
                state["services"] = services
                ready.set()
                await stopped.wait()
        finally:
            ready.set()

    def run():
        try:
            asyncio.run(main())
        except BaseException as error:  # noqa: BLE001
            state["error"] = error

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(30)
    try:
        if "error" in state:
            raise state["error"]
        yield state["services"]
    finally:
        loop, stopped = state["stop"]
        if not loop.is_closed():
            loop.call_soon_threadsafe(stopped.set)
        thread.join(30)
    if "error" in state:
        raise state["error"]


@pytest.fixture(scope="session")
def serve_reading():
    """Return a context manager that serves a store for reading."""
    from huanzhi.web.serving import WebService

    @contextmanager
    def serve(home):
        with in_background(lambda: [WebService("127.0.0.1", 0, home)]) as begun:
            yield Client(begun[-1].port)

    return serve


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def make_key(transactional_db):
    """Return a function that makes a key and returns the words to present."""
    from datetime import UTC, datetime

    from huanzhi.library.people import keys
    from huanzhi.library.rights import SYSTEM

    keys.forget()

    def make(name, *scopes, **more):
        wanted = scopes or ("observations:write",)
        return keys.make_key(SYSTEM, name, wanted, now=datetime.now(UTC), **more)[1]

    return make


@pytest.fixture
def key(make_key):
    return make_key("tester")


@pytest.fixture
def client(home, key):
    """A client of a service that takes and gives."""
    from huanzhi.web.serving import WebService

    def services():
        desk = Desk(home, [Replies(home)])
        receiver = Receiver(desk, home)
        return [desk, receiver, WebService("127.0.0.1", 0, home, receiver)]

    with in_background(services) as begun:
        yield Client(begun[-1].port)


@pytest.fixture
def sign_in(db):
    """Return a function that makes a person with a role in a region, and a client of his session."""
    import time

    from django.test import Client

    from huanzhi.library.people.models import Grant, Organisation, Person

    def made(name, region, role="data_admin", organisation=None):
        bureau = (
            organisation
            or Organisation.objects.get_or_create(
                code=f"B{region.code}", defaults={"name": "局", "kind": "bureau", "region": region}
            )[0]
        )
        person = Person.objects.create(code=name, name=name, organisation=bureau)
        Grant.objects.create(person=person, role=role, region=region)
        client = Client()
        client.force_login(person)
        session = client.session
        session["begun"] = session["seen"] = int(time.time())
        session.save()
        return client

    return made

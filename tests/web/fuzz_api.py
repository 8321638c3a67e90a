"""Questions that nobody would think of, to every operation of the API: ``python -m tests.web.fuzz_api``.

Schemathesis makes them from the OpenAPI document. They are asked of a running service with a store and
business records behind it, by an administrator, by the account of an enterprise and by a program with a key.
No answer may be an error of the server, and every answer must be of a declared media type and of the declared
shape; errors have the one shape of the API. Half of the questions name records that exist.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

STREAMS = ("/api/v1/events",)
"""Operations whose answer has no end."""

FILES = (
    "officedocument",
    "text/csv",
    "geo+json",
    "octet-stream",
    "zip",
    "pdf",
    "mapbox-vector-tile",
    "text/plain",
    "jsonl",
)
"""Media types of exports, which the document does not declare one by one."""

PEOPLE = ("manager", "enterprise")
PASSWORD = "fuzzing-1357"
KNOWN = {
    "feature": "OUT1",
    "features": "OUT1,A01",
    "parameter": "w01018",
    "parameters": "w01018,a34004",
    "period": "hour",
    "periods": "hour",
    "kind": "station",
    "region": "330200",
    "layer": "air_stations",
    "start": "2025-01-01",
    "end": "2025-01-02",
    "year": 2025,
    "topics": "values",
    "time": "2025-01-01T01:00:00+08:00",
}
"""Values of the questions that name something that exists."""

ERROR = {
    "type": "object",
    "required": ["error", "message"],
    "properties": {"error": {"type": "string"}, "message": {"type": "string"}},
}
FIRST = 1_735_660_800  # 2025-01-01 of China


@dataclass(frozen=True)
class Asker:
    """Who asks, and the headers by which that is known."""

    name: str
    headers: dict[str, str]


def prepare(home: Path) -> None:
    """Fill a data folder and the business database: sample files, one outlet, accounts, typed rows."""
    import pyarrow as pa

    from huanzhi.city import sample
    from huanzhi.library.devices import Device, Outlet, open_register
    from huanzhi.library.enterprises.adopting import adopt
    from huanzhi.library.people.demo import accounts, mark_simulated
    from huanzhi.library.registers.shipped import load_registers
    from huanzhi.library.rights import SYSTEM
    from huanzhi.library.series import SCHEMA, Source, open_store
    from huanzhi.network.feeds.importing import Plan, import_file

    key = {"feature": "OUT1", "parameter": "w01018", "period": "hour"}
    rest = {"decimals": 0, "state": 0, "flag": 0, "row": 2}
    rows = [{**key, "time": FIRST + 3600 * hour, "value": 30 + hour, **rest} for hour in range(24)]
    permit = {"w01018": {"value": "50", "unit": "mg/L"}}
    attributes = {"enterprise": "E1"}
    outlet = Outlet("OUT1", "甲厂总排口", region_code="330200", permits=permit, attributes=attributes)
    files = sample.make(home / "sample")
    with open_store("write", home) as store, open_register(home) as register:
        for file in files:
            import_file(file, Plan(), store)
        register.save([Device("0" * 24, outlet="OUT1")], [outlet], who="test", reason="test")
        store.write(pa.Table.from_pylist(rows, SCHEMA), [outlet.feature()], Source("hand", "test", "ab" * 32))
        adopt(store, register, {})
    load_registers(SYSTEM)
    mark_simulated(home)
    accounts(PASSWORD, home)


def session_of(name: str) -> dict[str, str]:
    """Return the headers of a new session of a person, who is active and has no password to change."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.middleware.csrf import _get_new_csrf_string

    from huanzhi.library.people.models import Person
    from huanzhi.web.api.actors import BEGUN, SEEN
    from huanzhi.web.api.session import BACKEND

    Person.objects.filter(code=name).update(is_active=True, must_change=False, valid_to=None)
    person = Person.objects.get(code=name)
    session, now, secret = SessionStore(), int(time.time()), _get_new_csrf_string()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[BEGUN] = session[SEEN] = now
    session.save()
    names = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
    return {"Cookie": f"{names[0]}={session.session_key}; {names[1]}={secret}", "X-CSRFToken": secret}


def key_of() -> dict[str, str]:
    """Return the headers of a new key with every scope."""
    from huanzhi.library.people.keys import make_key
    from huanzhi.library.rights import SYSTEM
    from huanzhi.library.rights.scopes import scopes

    name = f"fuzz {time.time_ns()}"
    return {"Authorization": f"Bearer {make_key(SYSTEM, name, scopes(), now=datetime.now(UTC))[1]}"}


def askers(people: Sequence[str] = PEOPLE) -> Iterator[Asker]:
    """Yield everybody who asks."""
    for name in people:
        yield Asker(name, session_of(name))
    yield Asker("key", key_of())


def document(base: str) -> dict[str, Any]:
    """Return the OpenAPI document, with the one shape of errors beside every operation's own answers."""
    import requests

    found: dict[str, Any] = requests.get(f"{base}/api/v1/openapi.json", timeout=60).json()
    refused = {"description": "error", "content": {"application/json": {"schema": ERROR}}}
    for path in found["paths"].values():
        for told in path.values():
            if isinstance(told, dict) and "responses" in told:
                told["responses"].setdefault("default", refused)
    return found


def services(home: Path) -> list[Any]:
    """Return the services of a web that takes pushed data."""
    from huanzhi.network.intake import Desk
    from huanzhi.network.push import Receiver, Replies
    from huanzhi.web.serving import WebService

    desk = Desk(home, [Replies(home)])
    receiver = Receiver(desk, home)
    return [desk, receiver, WebService("127.0.0.1", 0, home, receiver)]


class _NoThrottle:
    """Lets everybody call as often as he likes."""

    def count(self, *_: object) -> None:
        """Count nothing."""

    look = note = count


@contextmanager
def unthrottled() -> Iterator[None]:
    """Let programs with keys call as often as they like inside the block."""
    from unittest.mock import patch

    from huanzhi.web.api import actors

    with patch.multiple(actors, key_calls=_NoThrottle(), address_calls=_NoThrottle()):
        yield


class Fuzz:
    """Asks one running service.

    Attributes
    ----------
    failures : dict
        What was wrong → the first question that showed it.
    """

    def __init__(self, base: str, examples: int, seed: int, people: Sequence[str] = PEOPLE) -> None:
        self.base, self.examples, self.seed, self.people = base, examples, seed, people
        self.failures: dict[str, str] = {}
        self.asked = 0
        self._known: dict[str, list[dict[str, Any]]] = {}

    def run(self, only: str = "") -> None:
        """Ask everything, or the operations whose label matches."""
        import schemathesis

        schema = schemathesis.openapi.from_dict(document(self.base))
        with unthrottled():
            for found in schema.get_all_operations():
                operation = found.ok()
                if operation.path not in STREAMS and re.search(only, operation.label):
                    for asker in askers(self.people):
                        self._operation(operation, asker)

    def _operation(self, operation: Any, asker: Asker) -> None:
        from hypothesis import HealthCheck, Phase, given, seed, settings

        chance = random.Random(f"{self.seed} {operation.label} {asker.name}")
        known = self._records(operation.path, asker)

        @seed(self.seed)
        @settings(
            max_examples=self.examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            if chance.random() < 0.5:
                _name_what_exists(case, known, chance)
            self._ask(case, asker)

        ask()

    def _ask(self, case: Any, asker: Asker) -> None:
        from schemathesis import checks
        from schemathesis.core.failures import FailureGroup

        self.asked += 1
        wanted = [checks.not_a_server_error, checks.response_schema_conformance]
        try:
            answer = case.call(base_url=self.base, headers=asker.headers, timeout=60)
            media = str(answer.headers.get("content-type") or answer.headers.get("Content-Type"))
            if not any(one in media for one in FILES):
                wanted.append(checks.content_type_conformance)
            case.validate_response(answer, checks=wanted)
        except FailureGroup as group:
            for failure in group.exceptions:
                words = f"{case.operation.label} {asker.name}: {failure}"[:700]
                short = f"{case.operation.label}: {type(failure).__name__} {str(failure)[:60]}"
                self._note(short, f"{words}\n{case.as_curl_command()[:600]}\n{answer.content[:600]!r}")
        except OSError as error:
            self._note(f"{case.operation.label}: {type(error).__name__}", str(error)[:300])

    def _note(self, short: str, words: str) -> None:
        """Keep what was wrong, and tell it at once: the whole takes long."""
        if short not in self.failures:
            self.failures[short] = words
            print(f"{words}\n", flush=True)

    def _records(self, path: str, asker: Asker) -> list[dict[str, Any]]:
        """Return some rows of the list above an address with a record in it."""
        import requests

        above = path.split("/{")[0]
        if above == path:
            return []
        if above not in self._known:
            answer = requests.get(f"{self.base}{above}?limit=5", headers=asker.headers, timeout=60)
            told = (
                answer.json() if answer.headers.get("Content-Type", "").startswith("application/json") else {}
            )
            rows = told.get("items", []) if isinstance(told, dict) else []
            self._known[above] = [row for row in rows if isinstance(row, dict)]
        return self._known[above]


def _name_what_exists(case: Any, records: Sequence[dict[str, Any]], chance: random.Random) -> None:
    """Put names of what exists in the place of some that were made up."""
    record = chance.choice(records) if records else {}
    for name in list(case.path_parameters or {}):
        value = next((record[each] for each in (name, "code", "number", "id") if record.get(each)), None)
        if value is None:
            value = KNOWN.get(name)
        if value is not None:
            case.path_parameters[name] = value
    for name in list(case.query or {}):
        if name in KNOWN and chance.random() < 0.7:
            case.query[name] = KNOWN[name]


def main(arguments: Sequence[str]) -> int:
    """Ask a service of our own; print what was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--only", default="", help="operations whose label matches, such as 'GET /api/v1/series'"
    )
    parser.add_argument("--people", nargs="+", default=PEOPLE, help="codes of the accounts that ask")
    parser.add_argument(
        "--home", type=Path, help="a data folder that is full already, such as a copy of a living city's"
    )
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as fresh:
        home = given.home or Path(fresh)
        os.environ["HUANZHI_HOME"] = str(home)
        from huanzhi.library.database import migrate

        migrate()
        from tests.web.conftest import in_background

        logging.disable(logging.WARNING)
        if given.home is None:
            prepare(home)
        with in_background(lambda: services(home)) as begun:
            fuzz = Fuzz(begun[-1].address, given.examples, given.seed, given.people)
            fuzz.run(given.only)
    print(f"{fuzz.asked} questions, {len(fuzz.failures)} failures")
    return 1 if fuzz.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

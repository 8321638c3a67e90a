"""A living simulated city and a real Chromium in front of it.

Pictures go to ``var/screens`` (or ``HUANZHI_SCREENS``), where a person looks at them. ``HUANZHI_LIVING``
names the address of a city that runs already, of 12 enterprises and seed 7; then none is started.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS = Path(os.environ.get("HUANZHI_SCREENS", "var/screens")).resolve()
PASSWORD = "huanzhi-demo"
STARTING = 180
"""Seconds in which the city must answer."""

PATIENT = 40_000
"""Milliseconds that a busy machine may take for what a quiet one does at once."""

expect.set_options(timeout=PATIENT)


def pytest_collection_modifyitems(items):
    """Without a browser these tests cannot run; CI installs one and counts a missing one as a failure."""
    if CHROMIUM or os.environ.get("HUANZHI_CI"):
        return
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser():
    """Start the Chromium of the machine."""
    assert CHROMIUM, "no Chromium on this machine: .ci/run installs it"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)


@pytest.fixture
def view():
    """Return how the browser stands: Chinese first, in China, on a desk."""
    return {
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1440, "height": 900},
    }


@pytest.fixture
def entered():
    """Return who has signed in before the page opens; nobody."""
    return ""


@pytest.fixture
def page(browser, view, entered, states):
    """Open a page of its own, with nothing remembered but who has signed in."""
    context = browser.new_context(**view, storage_state=states(entered) if entered else None)
    context.set_default_timeout(PATIENT)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def states(browser, living):
    """Return what gives the cookies of a person who signed in once for all tests."""
    kept = {}

    def state(name):
        if name not in kept:
            context = browser.new_context()
            enter(context.new_page(), living, name)
            kept[name] = context.storage_state()
            context.close()
        return kept[name]

    return state


def enter(page, living, name, password=PASSWORD):
    """Sign in as a person would."""
    page.goto(f"{living}/signin")
    page.locator("input[autocomplete=username]").fill(name)
    page.locator("input[autocomplete=current-password]").fill(password)
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda address: "/signin" not in address)


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def living(tmp_path_factory):
    """Start the simulated city with its platform; give its address."""
    if running := os.environ.get("HUANZHI_LIVING"):
        yield running.rstrip("/")
        return
    home = tmp_path_factory.mktemp("living") / "home"
    port = free_port()
    log = home.parent / "live.log"
    words = ["live", "--home", str(home), "--port", str(port), "--enterprises", "12", "--seed", "7"]
    environment = {**os.environ, "HUANZHI_HOME": str(home), "HUANZHI_LANG": "zh"}
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "huanzhi.cli", *words],
            env=environment,
            stdout=out,
            stderr=out,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # the background ignores it
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/api/v1/session", process, log)
        wait_for_words(address, log, process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(address, process, log):
    """Wait until an address answers."""
    ending = time.monotonic() + STARTING
    while time.monotonic() < ending:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=5).read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"the city did not begin: {log.read_text(encoding='utf-8')[-3000:]}")


def wait_for_words(words, log, process):
    """Wait until the city has told its address, which is when its devices send."""
    ending = time.monotonic() + STARTING
    while time.monotonic() < ending and process.poll() is None:
        if words in log.read_text(encoding="utf-8"):
            return
        time.sleep(0.3)
    raise AssertionError(f"the city did not tell its address: {log.read_text(encoding='utf-8')[-3000:]}")


@pytest.fixture
def outside(page, living):
    """Collect every request that goes anywhere but to the platform; there must be none."""
    found = []
    page.on(
        "request",
        lambda one: found.append(one.url) if not one.url.startswith((living, "data:", "blob:")) else None,
    )
    yield found
    assert found == []


@pytest.fixture
def faults(page):
    """Collect errors of the console, refusals of the content security policy among them."""
    found = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def sign_in(page, living, outside):
    """Return what signs in on the page."""

    def go(name, password=PASSWORD):
        enter(page, living, name, password)
        return page

    return go


@pytest.fixture
def open_room(page, living, outside, faults):
    """Return what opens an address of the platform and waits until it has read what it shows."""

    def go(path):
        page.goto(f"{living}{path}")
        settle(page)
        return page

    return go


AIR = "SIMAQ01"
"""A station of the test city that measures six pollutants and the wind."""

SETTLED = """() => Boolean(document.querySelector('h1, .state-note, .big'))
  && !document.querySelector('[data-state="loading"]') && document.readyState === 'complete'
  && (!document.querySelector('.map-screen .map-box')
    || performance.getEntriesByName('map-idle').length > 0)"""


def settle(page, seconds=PATIENT / 1000):
    """Wait until nothing on the page is being read, twice in a row."""
    ending = time.monotonic() + seconds
    quiet = 0
    while quiet < 2 and time.monotonic() < ending:
        page.wait_for_timeout(150)
        quiet = quiet + 1 if page.evaluate(SETTLED) else 0
    assert quiet == 2, f"{page.url} is still reading"


@pytest.fixture
def shoot(page):
    """Return what keeps a picture for people."""

    def keep(name):
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"{name}.png")

    return keep


@pytest.fixture(scope="session")
def known(browser, living, states):
    """Return one code of each kind of thing of the city."""
    context = browser.new_context(storage_state=states("admin"))

    def items(path):
        return context.request.get(f"{living}/api/v1/{path}").json()["items"]

    live = context.request.get(f"{living}/api/v1/live").json()["places"]
    kinds = {place["kind"]: place["feature"] for place in reversed(live)} | {"air_station": AIR}
    enterprise = items("enterprises?limit=1")[0]
    context.close()
    return {**kinds, "enterprise": enterprise["code"], "enterprise_name": enterprise["name"]}

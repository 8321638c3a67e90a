"""The screens in a real browser: bytes of first pages, first paint, the drawn map, click to chart.

A headless Chromium without a graphics card opens each page with an empty cache, on the machine that also runs
the platform and the city. Bytes are those of scripts and styles over the wire. Aims are the figures of the
prototype: 597 kB for the first map page, first paint 1.1 to 1.2 s, map drawn 2.8 to 3.2 s, chart 0.33 to
0.9 s after a click. Against a city that runs: ``python -m benchmarks.screens --address http://127.0.0.1:8080``.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import platform
from benchmarks.measure import print_machine, print_table

PASSWORD = "huanzhi-demo"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
STATION = "SIMAQ01"
ROOMS = {
    "sign in": "/signin",
    "desk": "/",
    "map": "/map",
    "station": f"/places/{STATION}",
    "big screen": "/screen",
}
PATIENCE = 60.0
MARK = """code => {
  const map = window.__map
  const layers = map.getStyle().layers.filter(one => one.id.endsWith('.mark')).map(one => one.id)
  const found = map.queryRenderedFeatures({ layers }).find(one => one.properties.code === code)
  const at = map.project(found.geometry.coordinates), box = map.getCanvas().getBoundingClientRect()
  return [box.x + at.x, box.y + at.y]
}"""


def until(page: Page, script: str) -> float:
    """Wait until a script of the page is true; return the seconds."""
    began = time.perf_counter()
    while time.perf_counter() - began < PATIENCE:
        if page.evaluate(script):
            return time.perf_counter() - began
        time.sleep(0.02)
    raise TimeoutError(script)


def opened(browser: Browser, state: Any, address: str, path: str) -> tuple[Page, list[float]]:
    """Open a page with an empty cache; return it and the bytes of its scripts and styles as they come."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=state)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: list[float] = []
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))

    def finished(event: dict[str, Any]) -> None:
        if kinds.get(event["requestId"]) in ("Script", "Stylesheet"):
            sizes.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    page.goto(f"{address}{path}")
    until(page, "() => Boolean(document.querySelector('h1'))")
    return page, sizes


def figures(browser: Browser, state: Any, address: str, path: str) -> tuple[float, float, float]:
    """Return kilobytes, seconds to the first paint, seconds until the room has read what it shows."""
    page, sizes = opened(browser, state, address, path)
    drawn = "() => !document.querySelector('[data-state=loading]')"
    if path == "/map":
        drawn = "() => performance.getEntriesByName('map-idle').length > 0"
    until(page, drawn)
    paint, ready = page.evaluate(
        """() => [performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
          performance.getEntriesByName('map-idle')[0]?.startTime ?? performance.now()]"""
    )
    page.wait_for_timeout(500)
    page.context.close()
    return sum(sizes) / 1000, paint / 1000, ready / 1000


def click_to_chart(browser: Browser, state: Any, address: str) -> float:
    """Return the seconds from a click on a station of the map to its curve."""
    page, _ = opened(browser, state, address, "/map")
    until(page, "() => performance.getEntriesByName('map-idle').length > 0")
    page.wait_for_timeout(1_000)
    page.mouse.click(*page.evaluate(MARK, STATION))
    waited = until(page, "() => Boolean(document.querySelector('.place-panel canvas'))")
    page.context.close()
    return waited


@contextmanager
def city(address: str | None) -> Iterator[str]:
    """Give the address of a living city, a new one of 12 enterprises where none is named."""
    if address:
        yield address.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder) / "home", platform.free_port()
        options = ("--home", str(home), "--port", str(port), "--enterprises", "12", "--seed", "7")
        with platform.running(home, "live", *options):
            platform.wait_for(port)
            time.sleep(PATIENCE)
            yield f"http://127.0.0.1:{port}"


def signed_in(browser: Browser, address: str) -> Any:
    """Return the cookies of an administrator."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/signin")
    page.locator("#signin-name").fill("admin")
    page.locator("#signin-password").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda at: "/signin" not in at)
    state = context.storage_state()
    context.close()
    return state


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address")
    parser.add_argument("--repeats", type=int, default=3)
    given, _ = parser.parse_known_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with city(given.address) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        state = signed_in(browser, address)
        rows = []
        for name, path in ROOMS.items():
            who = None if path == "/signin" else state
            runs = [figures(browser, who, address, path) for _ in range(given.repeats)]
            rows.append([name, *(round(statistics.median(column), 2) for column in zip(*runs, strict=True))])
        charts = [click_to_chart(browser, state, address) for _ in range(given.repeats)]
        browser.close()
    print_table(
        "first page, empty cache", ["page", "scripts and styles kB", "first paint s", "read or drawn s"], rows
    )
    print_table("map", ["what", "s"], [["click on a station to its curve", statistics.median(charts)]])


if __name__ == "__main__":
    print_machine()
    main()

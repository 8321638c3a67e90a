"""The screens 界面: built files under /static/app/, and the one page that opens on every other address."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).parent / "static" / "app"
BASE = "/static/app/"
WORKER = "/sw.js"
"""Address of the worker that keeps pages for use without a network; it may only keep what lies below it."""
SERVICES = ("/api/", "/sta/", "/oidc/")
"""Addresses that are no screens."""


def is_screen(path: str) -> bool:
    """Return whether an address belongs to the screens."""
    return not path.startswith(SERVICES)


class Screens(StaticFiles):
    """Built files by their names; every other address opens the page itself, which knows its routes.

    Files whose names hold a digest may be kept for ever; the page is asked for again each time. Who
    takes gzip gets the twin that was laid beside a file when it was built.
    """

    def get_path(self, scope: MutableMapping[str, Any]) -> str:
        """Return the file of an address."""
        path: str = scope["path"]
        if path == WORKER:
            return WORKER.lstrip("/")
        return path.removeprefix(BASE) if path.startswith(BASE) else "index.html"

    async def check_config(self) -> None:
        """Let a service without built screens answer: then there is none of its files."""

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        """Return a file, or a plain refusal where there is none."""
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            return PlainTextResponse(error.detail, error.status_code)

    def file_response(
        self, full_path: Any, stat_result: Any, scope: MutableMapping[str, Any], status_code: int = 200
    ) -> Any:
        """Return the file, or its twin, with how long it may be kept."""
        twin = Path(f"{full_path}.gz")
        zipped = takes_gzip(scope) and twin.is_file()
        file, stat = (twin, twin.stat()) if zipped else (full_path, stat_result)
        response = super().file_response(file, stat, scope, status_code)
        if zipped:
            response.headers["content-encoding"] = "gzip"
        response.headers["vary"] = "Accept-Encoding"
        lasting = Path(full_path).parent.name == "assets"
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
        return response


def takes_gzip(scope: MutableMapping[str, Any]) -> bool:
    """Return whether who asks takes gzip and asks for the whole file."""
    told = Headers(scope=scope)
    ways = [each.replace(" ", "").lower() for each in told.get("accept-encoding", "").split(",")]
    return "range" not in told and any(
        way == "gzip" or (way.startswith("gzip;q=") and way not in _NONE) for way in ways
    )


_NONE = ("gzip;q=0", "gzip;q=0.0", "gzip;q=0.00", "gzip;q=0.000")


def screens() -> Screens:
    """Return the application that serves the screens."""
    return Screens(directory=FOLDER, check_dir=False)

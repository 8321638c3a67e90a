"""Puts the built screens and the figures of a report into one HTML file.

The page asks nothing of any other place: script and style stand in it, and its content security policy allows
only these two, by their digests.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from huanzhi.errors import InputError

_STATIC = resources.files("huanzhi.web") / "static"

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {script_digest}; \
style-src {style_digest}; img-src data:; base-uri 'none'; form-action 'none'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div id="app"></div>
<script type="application/json" id="figures">{figures}</script>
<script>{script}</script>
</body>
</html>
"""


def status_page(reports: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the status page as one HTML document.

    Parameters
    ----------
    reports : mapping
        Language (``zh``, ``en``) → figures of the report in that language.

    Raises
    ------
    InputError
        If the screens were not built into this installation.
    """
    script, style = _asset("status.js").replace("</script", r"<\/script"), _asset("status.css")
    first = next(iter(reports.values()))
    return _PAGE.format(
        title=_escape(str(first["title"])),
        script=script,
        style=style,
        script_digest=_digest(script),
        style_digest=_digest(style),
        figures=_json(reports),
    )


def _asset(name: str) -> str:
    file = _STATIC / name
    if not file.is_file():
        raise InputError("web.not_built", name=name)
    return file.read_text(encoding="utf-8")


def _digest(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _json(value: object) -> str:
    """Write JSON that may stand inside a script element: no ``<`` can end it."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _escape(content: str) -> str:
    return content.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")

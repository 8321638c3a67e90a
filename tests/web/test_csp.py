"""Every answer, of whatever kind, carries the headers that bind the browser."""

import pytest

from huanzhi.web.application import HEADERS

PATHS = (
    "/",
    "/sign-in",
    "/static/app/nothing.js",
    "/api/v1/session",
    "/api/v1/people",
    "/api/v1/nothing",
    "/sta/v1.1",
)


@pytest.fixture
def served(transactional_db, serve_reading, tmp_path):
    with serve_reading(tmp_path) as client:
        yield client


def test_the_headers_are_on_every_answer(served):
    for path in PATHS:
        answer = served.get(path)
        for name, value in HEADERS:
            assert answer.headers[name.decode()] == value.decode(), (path, name)


def test_they_are_on_what_is_too_large(served):
    answer = served.request("POST", "/api/v1/session", b"x", {"Content-Length": str(1 << 30)})
    assert answer.status == 413 and "content-security-policy" in answer.headers


def test_scripts_styles_frames_and_devices_are_shut():
    told = {name.decode(): value.decode() for name, value in HEADERS}
    policy = dict(one.strip().split(" ", 1) for one in told["content-security-policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'" and policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in told["content-security-policy"] and "http" not in told["content-security-policy"]
    assert "geolocation=(self)" in told["permissions-policy"]
    for device in ("microphone", "payment", "usb"):
        assert f"{device}=()" in told["permissions-policy"]

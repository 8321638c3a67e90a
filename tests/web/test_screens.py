"""The built screens: files for ever, the page each time, gzip for those who take it."""

import asyncio
import gzip

import pytest

from huanzhi.web.screens import Screens

CODE = b"export default 1\n" * 50


class Answer:
    def __init__(self, sent):
        self.headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        self.content = b"".join(part.get("body", b"") for part in sent[1:])


class Asking:
    def __init__(self, app):
        self.app = app

    def get(self, path, headers):
        told = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": told}
        sent = []

        async def send(message):
            sent.append(message)

        async def receive():
            await asyncio.Event().wait()

        asyncio.run(self.app({**scope, "query_string": b"", "extensions": {}}, receive, send))
        return Answer(sent)


@pytest.fixture
def client(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(b"<p>page</p>")
    (tmp_path / "assets" / "a-1.js").write_bytes(CODE)
    (tmp_path / "assets" / "a-1.js.gz").write_bytes(gzip.compress(CODE, mtime=0))
    return Asking(Screens(directory=tmp_path))


def test_who_takes_gzip_gets_the_twin_and_the_same_bytes(client):
    found = client.get("/static/app/assets/a-1.js", headers={"Accept-Encoding": "br, gzip"})
    assert (found.headers["content-encoding"], found.content) == ("gzip", gzip.compress(CODE, mtime=0))
    assert found.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert int(found.headers["content-length"]) < len(CODE)
    assert (found.headers["vary"], "immutable" in found.headers["cache-control"]) == ("Accept-Encoding", True)


@pytest.mark.parametrize(
    "asked", [{"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip;q=0"}, {"Range": "bytes=0-9"}]
)
def test_others_get_the_file_itself(client, asked):
    found = client.get("/static/app/assets/a-1.js", headers={"Accept-Encoding": "", **asked})
    assert "content-encoding" not in found.headers
    assert CODE.startswith(found.content)


def test_every_other_address_is_the_page(client):
    found = client.get("/network", headers={"Accept-Encoding": "gzip"})
    assert (found.content, found.headers["cache-control"]) == (b"<p>page</p>", "no-cache")


def test_the_worker_lies_above_all_pages_and_is_asked_for_each_time(tmp_path):
    (tmp_path / "index.html").write_bytes(b"<p>page</p>")
    (tmp_path / "sw.js").write_bytes(CODE)
    found = Asking(Screens(directory=tmp_path)).get("/sw.js", headers={})
    assert (found.content, found.headers["cache-control"]) == (CODE, "no-cache")
    assert found.headers["content-type"].startswith(("text/javascript", "application/javascript"))


def test_a_service_without_built_screens_says_that_there_are_none(tmp_path):
    found = Asking(Screens(directory=tmp_path / "nothing", check_dir=False)).get("/network", headers={})
    assert found.content == b"Not Found"

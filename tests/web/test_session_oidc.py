"""Sign-in through an identity provider, end to end against one of our own on the loopback."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from huanzhi.library.people.managing import add_person, person_of
from huanzhi.library.rights import SYSTEM
from huanzhi.library.trail.models import Entry
from huanzhi.web import oidc

pytestmark = pytest.mark.django_db
CLIENT, SECRET = "huanzhi", "s3cret"


class Provider(HTTPServer):
    """Speaks as a provider does: discovery, keys, tokens for a code, with PKCE."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.other = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.codes, self.changes, self.sign_with = {}, {}, self.key

    def permit(self, location, **claims):
        """Do as a person who signs in at the provider; return the query of the callback."""
        asked = {name: found[0] for name, found in parse_qs(urlsplit(location).query).items()}
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        self.codes["code"] = {**asked, "claims": claims}
        return {"code": "code", "state": asked["state"]}

    def token(self, form):
        asked = self.codes.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "nonce": asked["nonce"], "iat": now, "exp": now + 60}
        claims |= asked["claims"] | self.changes
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.sign_with)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": token}


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        issuer = self.server.issuer
        self.tell(
            {"keys": [self.server.key.as_dict(private=False)]}
            if self.path == "/keys"
            else {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.tell(self.server.token({name: found[0] for name, found in parse_qs(raw).items()}))

    def tell(self, document):
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def running():
    server = Provider()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def provider(running, monkeypatch):
    running.changes, running.sign_with = {}, running.key
    for name, value in (("ISSUER", running.issuer), ("CLIENT", CLIENT), ("SECRET", SECRET)):
        monkeypatch.setenv(f"HUANZHI_OIDC_{name}", value)
    oidc.tries.forget()
    add_person(SYSTEM, "zhang", "张三")
    return running


def sign_in(provider, client=None, onward="", **claims):
    client = client or Client()
    gone = client.get("/oidc/login", {"next": onward})
    assert gone.status_code == 302 and gone.url.startswith(f"{provider.issuer}/authorize")
    told = {"sub": "42", "preferred_username": "zhang", **claims}
    return client, client.get("/oidc/callback", provider.permit(gone.url, **told))


def who(client):
    return client.get("/api/v1/session").json()["code"]


def test_whom_the_provider_names_is_signed_in(provider):
    client, answer = sign_in(provider, onward="/map?x=1")
    assert (answer.status_code, answer.url) == (302, "/map?x=1")
    assert who(client) == "zhang" and client.get("/api/v1/session").json()["oidc"]
    assert client.get("/api/v1/people").status_code == 200  # the first password is not asked for
    entry = Entry.objects.filter(action="sign_in").get()
    assert entry.details["after"]["by"] == provider.issuer


def test_a_subject_is_bound_to_one_person_and_one_person_to_a_subject(provider):
    sign_in(provider)
    client, _ = sign_in(provider, preferred_username="renamed at the provider")
    assert who(client) == "zhang"
    client, answer = sign_in(provider, sub="43")
    assert (answer.url, who(client)) == ("/signin?error=oidc.unknown", "")


def test_who_is_unknown_or_disabled_is_not_let_in(provider):
    _, answer = sign_in(provider, preferred_username="nobody")
    assert answer.url == "/signin?error=oidc.unknown"
    person = person_of("zhang")
    person.is_active = False
    person.save()
    _, answer = sign_in(provider)
    assert answer.url == "/signin?error=oidc.unknown"


@pytest.mark.parametrize(
    "changes", [{"aud": "another"}, {"nonce": "another"}, {"iss": "http://another"}, {"exp": 1, "iat": 0}]
)
def test_tokens_for_others_or_of_old_are_refused(provider, changes):
    provider.changes = changes
    client, answer = sign_in(provider)
    assert (answer.url, who(client)) == ("/signin?error=oidc.refused", "")


def test_a_token_signed_by_another_key_is_refused(provider):
    provider.sign_with = provider.other
    client, answer = sign_in(provider)
    assert (answer.url, who(client)) == ("/signin?error=oidc.refused", "")


def test_an_answer_that_nobody_asked_for_is_refused(provider):
    assert Client().get("/oidc/callback", {"code": "x", "state": "y"}).url == "/signin?error=oidc.refused"
    gone = Client().get("/oidc/login")
    answer = Client().get("/oidc/callback", provider.permit(gone.url, sub="42", preferred_username="zhang"))
    assert answer.url == "/signin?error=oidc.refused"


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_nobody_is_led_elsewhere(provider, onward):
    _, answer = sign_in(provider, onward=onward)
    assert answer.url == "/"


def test_without_a_provider_there_is_none(monkeypatch):
    monkeypatch.delenv("HUANZHI_OIDC_ISSUER", raising=False)
    for path in ("/oidc/login", "/oidc/callback"):
        assert Client().get(path).url == "/signin?error=oidc.not_configured"


def test_a_provider_that_is_gone_is_said(provider, monkeypatch):
    monkeypatch.setenv("HUANZHI_OIDC_ISSUER", "http://127.0.0.1:9")
    assert Client().get("/oidc/login").url == "/signin?error=oidc.unreachable"

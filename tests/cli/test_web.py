"""``huanzhi web key`` and ``huanzhi listen``: keys are shown once; wrong options are said."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from huanzhi.cli import cli
from huanzhi.errors import InputError
from huanzhi.library.people.models import ApiKey
from huanzhi.library.trail.models import Entry
from huanzhi.network.push.keys import check

pytestmark = pytest.mark.django_db


def run(*arguments):
    return CliRunner().invoke(cli, list(arguments), standalone_mode=False)


def test_a_key_is_shown_once_and_listed_without_its_secret(tmp_path):
    home = ["--home", str(tmp_path)]
    made = json.loads(run("web", "key", "add", "甲站", "--places", "A", *home, "--json").output)["key"]
    listed = run("web", "key", "list", *home, "--json").output
    assert made.split("_", 2)[2] not in listed
    assert json.loads(listed)["keys"][0]["places"] == "A"
    assert "甲站" in run("web", "key", "list", *home).output
    assert check(made) is not None
    run("web", "key", "end", "甲站", *home)
    assert check(made) is None
    kept = Entry.objects.values_list("body", flat=True), ApiKey.objects.values_list("digest", flat=True)
    assert made.split("_", 2)[2] not in str([list(one) for one in kept])


def test_names_of_keys_are_unique_and_known(tmp_path):
    home = ["--home", str(tmp_path)]
    run("web", "key", "add", "a", *home)
    for arguments, key in (
        (("add", "a"), "push.name_taken"),
        (("add", " "), "push.no_name"),
        (("end", "b"), "push.no_key"),
    ):
        failed = run("web", "key", *arguments, *home)
        assert isinstance(failed.exception, InputError) and failed.exception.key == key


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        ((), "mqtt.nothing"),
        (("--mqtt", "h"), "mqtt.no_topic"),
        (("--mqtt", "http://h", "--topic", "a"), "mqtt.address"),
    ],
)
def test_listening_to_nothing_is_refused(tmp_path, arguments, key):
    failed = run("listen", *arguments, "--home", str(tmp_path))
    assert isinstance(failed.exception, InputError) and failed.exception.key == key


def test_a_table_of_streams_is_checked(tmp_path):
    table = tmp_path / "streams.json"
    table.write_text('{"42": {"station": "S1", "parameter": "PM2.5"}}')
    failed = run("listen", "--mqtt", "h", "--topic", "a", "--streams", str(table), "--home", str(tmp_path))
    assert failed.exception.key == "intake.no_field"
    assert failed.exception.place["column"] == "42/period"
    assert failed.exception.place["file"] == table


def test_refused_messages_are_listed(tmp_path):
    from huanzhi.network.intake.refusals import Refusals

    Refusals(tmp_path).keep("mqtt", "a/b", InputError("intake.no_records"), b"[]")
    shown = json.loads(run("listen", "refused", "--home", str(tmp_path), "--json").output)["refused"]
    assert [(one["origin"], one["error"], one["raw"]) for one in shown] == [
        ("a/b", "intake.no_records", "[]")
    ]
    assert "a/b" in run("listen", "refused", "--home", str(tmp_path)).output

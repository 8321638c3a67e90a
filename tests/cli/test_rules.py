"""``huanzhi rules``."""

import json

import pytest
from click.testing import CliRunner

from huanzhi import rules
from huanzhi.cli import cli
from huanzhi.messages import using


def ran(*arguments):
    with using("en"):
        return CliRunner().invoke(cli, ["rules", *arguments])


def test_list_and_show():
    told = json.loads(ran("list", "--shipped", "--place", "330100", "--json").stdout)
    held = {each["id"]: each for each in told["rulebooks"]}
    assert held["reward"]["place"] == "330100" and not held["escalation"]["law"]
    shown = ran("show", "dispatch", "--shipped").stdout
    assert "Dispatch preferences" in shown and "our default, not from the documents" in shown
    assert "DEFAULT" in json.loads(ran("show", "dispatch", "--shipped", "--json").stdout)["confidence"]


def test_run_keeps_every_digit():
    told = ran(
        "run", "reward", "--shipped", "--place", "330100", "--json", '{"fine": 99999.999999999999999999}'
    )
    assert json.loads(told.stdout)["outputs"] == {"percent": "10", "exceptional_max": 500000}
    for wrong in ("[]", "{", '{"x": 1}'):
        assert ran("run", "reward", "--shipped", "--json", wrong).exit_code != 0


def test_every_example_passes():
    told = json.loads(ran("test", "--json").stdout)
    assert told["failed"] == [] and told["rulebooks"] == sum(map(len, rules.shipped().values()))


@pytest.mark.django_db
def test_the_database_is_read_where_it_is_there():
    assert ran("list").exit_code == 0
    assert json.loads(ran("show", "reward", "--json").stdout)["id"] == "reward"

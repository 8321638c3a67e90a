"""A process killed between keeping, writing and logging sends the same bytes under the same number."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, signal, sys
import django
django.setup()
from datetime import UTC, datetime
from huanzhi.library.database import migrate
migrate()
from huanzhi.library.places.models import Region
from huanzhi.library.records.changing import save
from huanzhi.library.rights import SYSTEM
from huanzhi.network.exchange import sending
from huanzhi.network.exchange.mapping import Pair, Payload
from huanzhi.network.exchange.models import Exchange, Target

THINGS = Payload("things", "物", "things", "out", "试", "", (Pair("a", "甲"),))
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
where = sys.argv[1]
if not Target.objects.exists():
    city = save(SYSTEM, Region(code="990001", name="模拟市", level="city"))
    save(SYSTEM, Target(code="t", name="t", region=city, payloads=["things"], purpose="x"))


def die(*args, **more):
    os.kill(os.getpid(), signal.SIGKILL)


if where == "resume":
    print(sending.resume(NOW))
    for one in Exchange.objects.order_by("pk"):
        laid = sending.out_folder(one.target) / one.name
        same = laid.exists() and laid.read_bytes() == sending.bytes_of(one)
        print(one.sequence, one.state, same)
    print("next", sending.send(SYSTEM, Target.objects.get(), THINGS, [{"a": "2"}], NOW).sequence)
else:
    if where == "before_entry":
        sending.act = die
    elif where == "before_write":
        sending.write_whole = die
    elif where == "before_log":
        real = sending.act
        sending.act = lambda actor, record, action, *more, **told: (
            die() if action == "send" else real(actor, record, action, *more, **told)
        )
    sending.send(SYSTEM, Target.objects.get(), THINGS, [{"a": "1"}], NOW)
"""


@pytest.mark.parametrize(
    ("where", "first"), [("before_entry", None), ("before_write", True), ("before_log", True)]
)
def test_a_killed_sender_goes_on_where_it_was(tmp_path, where, first):
    environment = {**os.environ, "HUANZHI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "huanzhi.settings"}
    environment.pop("HUANZHI_DATABASE", None)
    script = Path(tmp_path) / "sender.py"
    script.write_text(SCRIPT, encoding="utf-8")

    def run(word):
        asked = [sys.executable, str(script), word]
        return subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)

    assert run(where).returncode == -signal.SIGKILL
    after = run("resume")
    assert after.returncode == 0, after.stderr
    lines = after.stdout.split("\n")
    if first is None:
        assert lines[0] == "{'sent': 0, 'failed': 0}" and "next 1" in lines
    else:
        assert lines[:3] == ["{'sent': 1, 'failed': 0}", "1 sent True", "next 2"]

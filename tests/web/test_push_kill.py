"""Killed at any moment under load, nothing that was answered with 201 is lost, and nothing is there twice.

``python -m tests.web.test_push_kill 1000`` runs that many rounds; the suite runs a few.
"""

from __future__ import annotations

import http.client
import json
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from huanzhi.library.series import open_store

START = 1_767_225_600
SENDERS = 4
SCRIPT = "from huanzhi.cli import main; import sys; main(sys.argv[1:])"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sender(threading.Thread):
    """Pushes one value after another until the service dies; what was not answered is sent again later."""

    def __init__(self, number, port, key, first):
        super().__init__()
        self.number, self.port, self.key, self.next = number, port, key, first

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            while True:
                moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + 60 * self.next))
                body = {"station": f"S{self.number}", "period": "minute", "time": moment, "PM2.5": self.next}
                headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json",
                           "Idempotency-Key": f"{self.number}-{self.next}"}  # fmt: skip
                connection.request("POST", "/api/v1/observations", json.dumps(body), headers)
                answer = connection.getresponse()
                answer.read()
                assert answer.status in (200, 201), answer.status
                self.next += 1
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()


def wait_for(port):
    """Wait until the service answers."""
    for _ in range(400):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/sta/v1.1")
            assert connection.getresponse().status == 200
            return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError("the service did not begin")


def wait_for_answers(senders, before):
    """Wait until something was answered, so that every round kills a service at work."""
    for _ in range(1000):
        if sum(sender.next for sender in senders) > before:
            return
        time.sleep(0.01)
    raise AssertionError("nothing was answered")


def rounds(home, number, chance):
    adding = [sys.executable, "-c", SCRIPT, "web", "key", "add", "sender", "--home", str(home)]
    key = subprocess.run(adding, capture_output=True, text=True, check=True).stdout.strip()
    reached = [0] * SENDERS
    for _ in range(number):
        port = free_port()
        command = [sys.executable, "-c", SCRIPT, "web", "--port", str(port), "--home", str(home)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            wait_for(port)
            senders = [Sender(n, port, key, first) for n, first in enumerate(reached)]
            for sender in senders:
                sender.start()
            wait_for_answers(senders, sum(reached))
            time.sleep(chance.uniform(0.0, 0.5))
            process.send_signal(signal.SIGKILL)
            for sender in senders:
                sender.join()
        reached = [sender.next for sender in senders]
        check(home, reached)
    return sum(reached)


def check(home, reached):
    with open_store("read", home) as store:
        for number, answered in enumerate(reached):
            found = [row["value"] for row in store.range([f"S{number}"]).to_pylist()]
            assert found[:answered] == list(range(answered)), f"sender {number}: an answered value is lost"
            assert len(found) <= answered + 1, f"sender {number}: more is there than was sent"
        assert all(batch.receipt.revised == 0 for batch in store.batches())
        assert not store.verify().problems


def test_what_was_answered_survives_a_kill(tmp_path):
    assert rounds(tmp_path / "home", 2, random.Random(7)) > 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        wanted = int(sys.argv[1])
        print(wanted, "rounds,", rounds(Path(folder), wanted, random.Random(1)), "values answered and there")

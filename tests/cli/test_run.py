"""``huanzhi run``: devices and readers are served by one process."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from huanzhi.network import hj212

HEAD = "QN=20261001000000001;ST=32;CN=2061;PW=123456;MN=51AA00000000000000000001;Flag=5"
SEGMENT = f"{HEAD};CP=&&DataTime=20261001000000;w01018-Avg=21.5,w01018-Flag=N&&"


def heard(process, pattern):
    """Return what the process says of an address, as soon as it says it."""
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found
    raise AssertionError("the process ended without saying where it listens")


def test_a_device_is_answered_and_a_reader_is_served_by_the_same_process(tmp_path):
    environment = {**os.environ, "HUANZHI_HOME": str(tmp_path), "HUANZHI_LANG": "en"}
    command = [sys.executable, "-m", "huanzhi.cli", "run", "--port", "0", "--gateway-port", "0"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        device_port = int(heard(process, r"127\.0\.0\.1:(\d+)")[1])
        address = heard(process, r"http://127\.0\.0\.1:\d+")[0]
        with socket.create_connection(("127.0.0.1", device_port), timeout=10) as device:
            device.sendall(hj212.build(SEGMENT.encode()))
            assert b"CN=9014" in device.recv(4096)
        with urllib.request.urlopen(f"{address}/sta/v1.1/", timeout=10) as answer:
            landing = json.load(answer)
        assert "Observations" in {one["name"] for one in landing["value"]}
    finally:
        process.send_signal(signal.SIGINT)
        process.stderr.close()
        began = time.monotonic()
        assert process.wait(20) == 0
        assert time.monotonic() - began < 20

"""``huanzhi live``: devices of the test city reach the store through the platform, in one command."""

import json
import subprocess
import sys


def test_a_small_city_is_on_line_and_its_values_are_stored(tmp_path):
    arguments = ["live", "--enterprises", "2", "--speed", "600", "--seconds", "25", "--port", "0"]
    call = [sys.executable, "-m", "huanzhi.cli", *arguments, "--home", str(tmp_path / "live"), "--json"]
    done = subprocess.run(call, stdout=subprocess.PIPE, timeout=300, check=True)
    told = json.loads(done.stdout)
    assert told["simulated"] is True
    assert told["devices"] > 0 and told["online_rate"] > 0.5
    assert told["acknowledged"] > 0 and told["values"] > 0
    assert told["frames"] >= told["acknowledged"] + told["rejected"]

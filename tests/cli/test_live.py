"""``huanzhi live``: devices of the test city reach the store through the platform, in one command."""

import json

from huanzhi.cli import main


def test_a_small_city_is_on_line_and_its_values_are_stored(tmp_path, capsys):
    arguments = [
        "live",
        "--enterprises",
        "2",
        "--speed",
        "600",
        "--seconds",
        "15",
        "--port",
        "0",
        "--home",
        str(tmp_path / "live"),
    ]
    try:
        main([*arguments, "--json"])
    except SystemExit as end:
        assert end.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["simulated"] is True
    assert told["devices"] > 0 and told["online_rate"] > 0.5
    assert told["acknowledged"] > 0 and told["values"] > 0
    assert told["frames"] >= told["acknowledged"] + told["rejected"]

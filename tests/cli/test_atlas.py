"""``huanzhi atlas``: map files into the base map, told in the trail."""

import json

import pytest
from click.testing import CliRunner

from huanzhi.city.terrain import collections
from huanzhi.cli.atlas import command
from huanzhi.errors import InputError
from huanzhi.library.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("HUANZHI_HOME", str(tmp_path))
    monkeypatch.setattr("huanzhi.cli.atlas.migrate", lambda: None)

    def running(*arguments):
        done = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return running


def test_a_map_file_is_kept_listed_and_told_in_the_trail(run, tmp_path):
    path = tmp_path / "lakes.geojson"
    path.write_text(json.dumps(collections(7)["lakes"]), encoding="utf-8")
    told = ["--datum", "bd09", "--approval", "浙S(2026)1号", "--date", "2026-11-01", "--simulated", "--json"]
    kept = json.loads(run("import", "lakes", str(path), *told))
    assert (kept["features"], kept["datum"], kept["approval"], kept["day"]) == (
        1,
        "bd09",
        "浙S(2026)1号",
        "2026-11-01",
    )
    (listed,) = json.loads(run("sources", "--json"))["sources"]
    assert listed == kept
    (entry,) = Entry.objects.filter(kind="map", key="lakes")
    assert entry.details["after"]["sha256"] == kept["sha256"]
    run("import", "lakes", str(path), *told)
    assert Entry.objects.filter(kind="map").count() == 1


def test_a_wrong_file_changes_nothing(run, tmp_path):
    path = tmp_path / "rivers.geojson"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError):
        run("import", "rivers", str(path))
    assert json.loads(run("sources", "--json")) == {"sources": []}
    assert not Entry.objects.filter(kind="map").exists()


def test_the_ground_of_the_city_is_installed_and_layers_are_listed(run):
    assert len(json.loads(run("city", "--json"))["sources"]) == 5
    assert "空气站" in run("layers") or "Air stations" in run("layers")
    codes = {one["code"] for one in json.loads(run("layers", "--json"))["layers"]}
    assert {"air_stations", "sections", "outlets", "district"} <= codes

"""Map files are taken in whole or not at all, and refusals name feature and field."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest
import shapefile
import shapely
from shapely.geometry import mapping, shape

from huanzhi.atlas.basemap import KINDS, LABELLED, Sheet, base_map, keep, sheets
from huanzhi.atlas.datum import Datum, from_cgcs2000, to_cgcs2000
from huanzhi.atlas.importing import read_features
from huanzhi.city.terrain import collections, terrain
from huanzhi.errors import InputError, StoreError

REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "boundaries"
SQUARE = [[[120, 28], [121, 28], [121, 29], [120, 29], [120, 28]]]


def written(folder, features, name="a.geojson"):
    path = folder / name
    document = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    path.write_bytes(gzip.compress(document) if name.endswith(".gz") else document)
    return path


def feature(geometry=None, **properties):
    geometry = {"type": "Polygon", "coordinates": SQUARE} if geometry is None else geometry
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize("name", ["a.geojson", "a.geojson.gz"])
def test_a_file_is_read_and_told_in_one_way(tmp_path, name):
    path = written(tmp_path, [feature(adcode=331002, district="椒江区", level="区县")], name)
    (found,) = read_features(path, "boundaries", Datum.CGCS2000)
    assert found["properties"] == {
        "code": "331002",
        "name": "椒江区",
        "kind": "district",
        "parent": "331000",
        "simulated": False,
    }
    assert shape(found["geometry"]).equals(shape({"type": "Polygon", "coordinates": SQUARE}))


def test_places_are_converted_from_their_datum(tmp_path):
    moved = [from_cgcs2000(SQUARE[0], "bd09").tolist()]
    path = written(tmp_path, [feature({"type": "Polygon", "coordinates": moved}, name="x", code="330000")])
    (found,) = read_features(path, "boundaries", "bd09")
    assert shape(found["geometry"]).equals_exact(shape({"type": "Polygon", "coordinates": SQUARE}), 2e-6)


@pytest.mark.parametrize(
    ("features", "row", "column"),
    [
        ([feature(name="x"), feature(code="2")], 2, "name"),
        ([feature({"type": "Point", "coordinates": [1, 2]}, name="x")], 1, "geometry"),
        ([feature({"type": "Polygon", "coordinates": [[1, 2]]}, name="x")], 1, "geometry"),
        ([feature({}, name="x")], 1, "geometry"),
        ([{"type": "Feature", "properties": [], "geometry": None}], 1, "geometry"),
        ([7], 1, "properties"),
        ([feature(name="x", code="1"), feature(name="y", code="1")], 2, "code"),
        (
            [
                feature(
                    {"type": "Polygon", "coordinates": [[[500000, 3e6], [500001, 3e6], [500001, 3000001]]]},
                    name="x",
                )
            ],
            1,
            "geometry",
        ),
    ],
)
def test_a_wrong_feature_is_named_with_its_field(tmp_path, features, row, column):
    with pytest.raises(InputError) as refused:
        read_features(written(tmp_path, features), "boundaries", "cgcs2000")
    assert (refused.value.place["row"], refused.value.place["column"]) == (row, column)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\x1f\x8bxx", b"\xff\xfe{"])
def test_what_is_no_geojson_is_refused(tmp_path, content):
    (tmp_path / "a.geojson").write_bytes(content)
    with pytest.raises(InputError):
        read_features(tmp_path / "a.geojson", "coast", "cgcs2000")


def test_a_shape_that_crosses_itself_is_mended(tmp_path):
    bow = [[[120, 28], [121, 29], [121, 28], [120, 29], [120, 28]]]
    path = written(tmp_path, [feature({"type": "Polygon", "coordinates": bow}, name="x")])
    (found,) = read_features(path, "boundaries", "cgcs2000")
    assert shape(found["geometry"]).is_valid and shape(found["geometry"]).area == pytest.approx(0.5)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_shapefile_is_read_with_chinese_names_plain_or_zipped(tmp_path, encoding):
    path = tmp_path / "rivers.shp"
    with shapefile.Writer(str(path), encoding=encoding) as writer:
        writer.field("名称", "C", 40)
        writer.line([[[120.0, 28.0], [121.0, 28.5]]])
        writer.record("灵江")
    zipped = tmp_path / "rivers.zip"
    with zipfile.ZipFile(zipped, "w") as bundle:
        for ending in ("shp", "dbf", "shx"):
            bundle.write(tmp_path / f"rivers.{ending}", f"rivers.{ending}")
    for file in (path, zipped):
        (found,) = read_features(file, "rivers", "cgcs2000")
        assert found["properties"]["name"] == "灵江" and found["properties"]["kind"] == "river"


def test_a_damaged_shapefile_is_refused(tmp_path):
    (tmp_path / "a.shp").write_bytes(b"nothing")
    (tmp_path / "a.dbf").write_bytes(b"nothing")
    with pytest.raises(InputError):
        read_features(tmp_path / "a.shp", "rivers", "cgcs2000")


def test_the_ground_of_the_city_makes_a_round_trip_through_the_folder(tmp_path):
    for name, collection in collections(7).items():
        path = written(tmp_path, collection["features"], f"{name}.geojson")
        keep(Sheet(name, simulated=True), read_features(path, name, "cgcs2000"), tmp_path)
    ground = base_map(tmp_path)
    assert set(ground.features) == set(KINDS) and all(one.simulated for one in sheets(tmp_path).values())
    drawn = {one["properties"]["code"]: one for each in ground.features.values() for one in each}
    for thing in terrain(7).things:
        assert drawn[thing.code]["properties"]["simulated"] is True
        assert drawn[thing.code]["properties"]["name"] == thing.name
        assert shape(drawn[thing.code]["geometry"]).equals_exact(thing.shape, 1e-6)
    labels = ground.labels()
    assert len(labels) == len(terrain(7).of(*LABELLED)) == len({one["properties"]["code"] for one in labels})
    assert ground.extent == [round(x, 6) for x in terrain(7).of("district")[0].shape.bounds]


def test_a_missing_or_damaged_file_is_named(tmp_path):
    assert base_map(tmp_path).extent is None and base_map(tmp_path).labels() == []
    keep(Sheet("lakes"), collections(7)["lakes"]["features"], tmp_path)
    (tmp_path / "atlas" / "lakes.geojson").unlink()
    with pytest.raises(StoreError, match=r"lakes\.geojson"):
        base_map(tmp_path)
    (tmp_path / "atlas" / "manifest.json").write_text("[{}]")
    with pytest.raises(StoreError, match=r"manifest\.json"):
        base_map(tmp_path)
    with pytest.raises(InputError):
        keep(Sheet("roads"), [], tmp_path)


@pytest.mark.skipif(not REAL.exists(), reason="the sample of real boundaries is not there")
def test_the_sample_of_real_boundaries_is_taken_in_and_converted():
    (path,) = REAL.glob("*.geojson.gz")
    found = read_features(path, "boundaries", "gcj02", 0.0005)
    assert len(found) == 137
    by_code = {one["properties"]["code"]: one for one in found}
    jiaojiang = by_code["331002"]
    assert jiaojiang["properties"]["name"] == "椒江区" and jiaojiang["properties"]["parent"] == "331000"
    raw = {
        str(f["properties"]["adcode"]): f for f in json.loads(gzip.decompress(path.read_bytes()))["features"]
    }
    before = shape(raw["331002"]["geometry"]).centroid
    after = shape(jiaojiang["geometry"]).centroid
    shift = to_cgcs2000([(before.x, before.y)], "gcj02")[0] - (before.x, before.y)
    assert (after.x - before.x, after.y - before.y) == pytest.approx(tuple(shift), abs=1e-4)
    assert -0.006 < shift[0] < -0.003 and 0.001 < shift[1] < 0.004
    districts = [shape(one["geometry"]) for one in found if one["properties"]["kind"] == "district"]
    assert all(one.is_valid for one in districts)
    overlap = sum(map(shapely.area, districts)) - shapely.union_all(districts).area
    assert abs(overlap) < 1e-9 * sum(map(shapely.area, districts)) + 1e-6
    assert mapping(districts[0])

"""Boundaries: layers told by their properties, shapes simplified without losing an area."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.sources.published import FIXTURES, failed_checks, tidied

from esteem.evidence.sources.boundaries import SOURCE, simplified
from esteem.evidence.sources.contract import RawFile, silent
from esteem.terms.problems import Problem

FOLDER = FIXTURES / "boundaries"


@pytest.mark.parametrize(("name", "kind", "count"), [("districts", "ltla", 2), ("sub_icb", "sub_icb", 2), ("small_areas", "lsoa", 37)])
def test_layers_are_told_by_their_properties(name, kind, count):
    path = FOLDER / f"{name}.geojson"
    rows = tidied(SOURCE, path).tables["boundaries"].to_pylist()
    assert {r["kind"] for r in rows} == {kind}
    assert len(rows) == count
    assert not failed_checks(SOURCE, path)


def test_areas_outside_england_are_counted():
    assert tidied(SOURCE, FOLDER / "districts.geojson").notes == ["1 features outside England left out"]


def test_shapes_are_geojson_in_degrees():
    row = next(r for r in tidied(SOURCE, FOLDER / "districts.geojson").tables["boundaries"].to_pylist() if r["code"] == "E09000004")
    shape = json.loads(row["geometry_json"])
    assert (row["name"], shape["type"]) == ("Bexley", "MultiPolygon")
    longitudes, latitudes = zip(*shape["coordinates"][0][0], strict=True)
    assert 0.05 < min(longitudes) < max(longitudes) < 0.3
    assert 51.4 < min(latitudes) < max(latitudes) < 51.55


def test_codes_become_canonical():
    raw = RawFile(FOLDER / "sub_icb.geojson")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), {"E38000168": "99G", "E38000244": "72Q"}.get, silent)
    assert found.tables["boundaries"]["code"].to_pylist() == ["72Q", "99G"]


def test_a_file_cut_short_is_refused(tmp_path):
    path = tmp_path / "short.geojson"
    path.write_bytes((FOLDER / "districts.geojson").read_bytes()[:-200])
    raw = RawFile(path)
    with pytest.raises(Problem, match="whole GeoJSON"):
        SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)


def test_other_properties_are_named(tmp_path):
    path = tmp_path / "other.geojson"
    path.write_text((FOLDER / "districts.geojson").read_text().replace("LAD24", "LAD30"))
    assert SOURCE.recognise(RawFile(path)) is None
    assert "LAD24CD" in SOURCE.near(RawFile(path)).rule


def test_a_point_is_no_boundary(tmp_path):
    path = tmp_path / "point.geojson"
    feature = {"type": "Feature", "properties": {"LAD24CD": "E1", "LAD24NM": "A"}, "geometry": {"type": "Point", "coordinates": [0, 51]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    raw = RawFile(path)
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    assert [r.row for r in found.rejected] == ["feature 1"]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(51, 52)), min_size=4, max_size=40), st.sampled_from([0.0, 0.0005, 0.01, 0.5]))
def test_simplifying_keeps_a_ring_closed_and_within_its_box(points, tolerance):
    ring = [list(p) for p in points]
    ring.append(ring[0])
    (kept,), *_ = simplified({"type": "Polygon", "coordinates": [ring]}, tolerance, 4)["coordinates"]
    assert kept[0] == kept[-1]
    for axis in (0, 1):
        values = [p[axis] for p in ring]
        assert all(min(values) - 1e-4 <= p[axis] <= max(values) + 1e-4 for p in kept)


def test_published_layers(shared):
    counts = {}
    for path in sorted((shared / "data/boundaries").iterdir()):
        found = tidied(SOURCE, path)
        assert not found.rejected, path.name
        assert not failed_checks(SOURCE, path), path.name
        counts[found.tables["boundaries"]["kind"][0].as_py()] = found.rows_kept
    assert counts == {"utla": 153, "icb": 42, "ltla": 296, "sub_icb": 106, "lsoa": 1259, "ltla_local": 15, "msoa": 243}

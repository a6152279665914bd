"""Which areas a postcode lies in: point in polygon, the nearest where it falls in none."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from esteem.evidence.postcode_areas import distance, inside, located, nearest, shape_of, with_areas
from esteem.evidence.sources.boundaries import BOUNDARIES
from esteem.evidence.sources.lookups import SMALL_AREAS, table_of
from esteem.evidence.sources.postcodes import POSTCODES


def square(x, y, side):
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def geometry(*polygons):
    return json.dumps({"type": "MultiPolygon", "coordinates": list(polygons)})


HOLED = shape_of(geometry([square(0, 51, 1), square(0.4, 51.4, 0.2)]))


def test_holes_are_outside():
    points = np.array([[0.1, 51.1], [0.5, 51.5], [1.5, 51.5]])
    assert inside(points, HOLED).tolist() == [True, False, False]


@given(st.floats(-1, 2), st.floats(50, 53))
def test_a_square_holds_what_lies_between_its_sides(x, y):
    held = inside(np.array([[x, y]]), shape_of(geometry([square(0, 51, 1)])))[0]
    if 0 < x < 1 and 51 < y < 52:
        assert held
    if x < 0 or x > 1 or y < 51 or y > 52:
        assert not held


def test_the_nearest_shape_is_the_one_with_the_nearest_edge():
    shapes = {"west": shape_of(geometry([square(0, 51, 1)])), "east": shape_of(geometry([square(3, 51, 1)]))}
    points = np.array([[1.4, 51.5], [2.6, 51.5]])
    assert located(points, shapes).tolist() == ["", ""]
    assert nearest(points, shapes).tolist() == ["west", "east"]
    assert np.allclose(distance(points, shapes["west"]), [0.4 * 0.62, 1.6 * 0.62])


def test_small_area_first_then_district_then_nearest():
    boundaries = table_of(
        [
            ("lsoa", "E01000001", "One", "2021-03", geometry([square(0, 51, 0.5)])),
            ("ltla", "E09000004", "Home", "2024-05", geometry([square(0, 51, 1)])),
            ("ltla", "E09000006", "Next", "2024-05", geometry([square(1, 51, 1)])),
            ("sub_icb", "72Q", "Area", "2023-04", geometry([square(0, 51, 2)])),
        ],
        BOUNDARIES,
    )
    held = table_of(
        [("E01000001", "2021", kind, area, "2024-04") for kind, area in (("ltla", "E09000004"), ("sub_icb", "99Z"))], SMALL_AREAS
    )
    where = [("A1 1AA", 51.2, 0.2), ("A1 1AB", 51.8, 0.2), ("A1 1AC", 51.5, 1.5), ("A1 1AD", 51.5, 2.1)]
    rows = with_areas(table_of(where, POSTCODES), boundaries, held).to_pylist()
    assert [(r["small_area"], r["district"], r["sub_icb"], r["method"]) for r in rows] == [
        ("E01000001", "E09000004", "99Z", "small_area"),
        ("", "E09000004", "72Q", "area"),
        ("", "E09000006", "72Q", "area"),
        ("", "E09000006", "72Q", "nearest"),
    ]


def test_without_shapes_nothing_is_made_up():
    rows = with_areas(table_of([("A1 1AA", 51.2, 0.2)], POSTCODES), BOUNDARIES.empty_table(), SMALL_AREAS.empty_table()).to_pylist()
    assert [(r["district"], r["sub_icb"], r["method"]) for r in rows] == [("", "", "")]

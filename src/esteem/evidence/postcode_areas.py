"""Which areas a postcode lies in, told from its centroid by point in polygon.

The rule, in this order:
- `small_area`: the centroid lies in the shape of a small area (shipped for the fifteen districts of the strategies): its district and
  sub-ICB location are those of the lookups;
- `area`: it lies in none of them: the district and the sub-ICB location whose shapes hold it (all England);
- `nearest`: it lies in no shape, because generalised edges leave gaps or the centroid is on a pier: the nearest district, and so on.
Shapes are generalised: close to a border the answer may be the neighbour.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

# Length of a degree of longitude against one of latitude at England's middle.
_LONGITUDE = 0.62

Shape = list[np.ndarray]  # rings of one area, (points, 2) longitudes and latitudes; holes count as rings


def shape_of(geometry_json: str) -> Shape:
    """Rings of a GeoJSON MultiPolygon."""
    return [np.asarray(ring, float) for polygon in json.loads(geometry_json)["coordinates"] for ring in polygon]


def inside(points: np.ndarray, shape: Shape) -> np.ndarray:
    """For each point (longitude, latitude): does the shape hold it? Even-odd rule, so holes are outside."""
    held = np.zeros(len(points), bool)
    x, y = points[:, 0], points[:, 1]
    for ring in shape:
        (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
        near = np.flatnonzero((y >= ring[:, 1].min()) & (y <= ring[:, 1].max()) & (x <= ring[:, 0].max()))
        if not len(near):
            continue
        px, py = x[near, None], y[near, None]
        crosses = (y0 > py) != (y1 > py)
        with np.errstate(divide="ignore", invalid="ignore"):
            left_of = px < (x1 - x0) * (py - y0) / (y1 - y0) + x0
        held[near] ^= (crosses & left_of).sum(1) % 2 == 1
    return held


def distance(points: np.ndarray, shape: Shape) -> np.ndarray:
    """Distance of each point from the nearest edge of a shape, in degrees of latitude."""
    scale = np.array([_LONGITUDE, 1.0])
    best = np.full(len(points), np.inf)
    for ring in shape:
        start, step = ring[:-1] * scale, np.diff(ring * scale, axis=0)
        away = points[:, None] * scale - start
        length = np.maximum((step**2).sum(1), 1e-18)
        along = np.clip((away * step).sum(2) / length, 0, 1)[..., None]
        best = np.minimum(best, np.sqrt(((away - along * step) ** 2).sum(2)).min(1))
    return best


def located(points: np.ndarray, shapes: dict[str, Shape]) -> np.ndarray:
    """Code of the first shape that holds each point; "" for none. Object array of strings."""
    found = np.full(len(points), "", object)
    for code, shape in shapes.items():
        low, high = np.min([r.min(0) for r in shape], 0), np.max([r.max(0) for r in shape], 0)
        near = np.flatnonzero((found == "") & ((points >= low) & (points <= high)).all(1))
        if len(near):
            found[near[inside(points[near], shape)]] = code
    return found


def nearest(points: np.ndarray, shapes: dict[str, Shape]) -> np.ndarray:
    """Code of the shape whose edge is nearest to each point."""
    codes = list(shapes)
    away = np.stack([distance(points, shapes[code]) for code in codes]) if codes else np.empty((0, len(points)))
    return np.array([codes[i] for i in away.argmin(0)] if codes else [""] * len(points), object)


def with_areas(postcodes: pa.Table, boundaries: pa.Table, small_areas: pa.Table) -> pa.Table:
    """The postcodes with columns small_area, district, sub_icb, method ("small_area", "area", "nearest"); "" where nothing is known."""
    points = np.column_stack([postcodes["longitude"].to_numpy(), postcodes["latitude"].to_numpy()])
    layers = _layers(boundaries, points, ("lsoa", "ltla", "sub_icb"))
    small = located(points, layers["lsoa"])
    method = np.where(small != "", "small_area", "")
    columns = {"small_area": small}
    for column, layer in (("district", "ltla"), ("sub_icb", "sub_icb")):
        held = _newest_membership(small_areas, layer)
        columns[column] = np.array([held.get(code, "") for code in small], object)
        for how, find in (("area", located), ("nearest", nearest)):
            left = np.flatnonzero(columns[column] == "")
            if len(left) and layers[layer]:
                columns[column][left] = find(points[left], layers[layer])
                method[left[columns[column][left] != ""]] = how
    for name, values in (*columns.items(), ("method", method)):
        postcodes = postcodes.append_column(name, pa.array([str(v) for v in values], pa.string()))
    return postcodes


def _layers(boundaries: pa.Table, points: np.ndarray, kinds: Iterable[str]) -> dict[str, dict[str, Shape]]:
    """kind -> code -> shape, of the shapes that could matter to these points."""
    low, high = points.min(0) - 0.1, points.max(0) + 0.1
    found: dict[str, dict[str, Shape]] = {kind: {} for kind in kinds}
    for kind, code, text in zip(*(boundaries[c].to_pylist() for c in ("kind", "code", "geometry_json")), strict=True):
        if kind in found:
            shape = shape_of(text)
            if any((ring.max(0) >= low).all() and (ring.min(0) <= high).all() for ring in shape):
                found[kind][code] = shape
    return found


def _newest_membership(small_areas: pa.Table, kind: str) -> dict[str, str]:
    """small area of 2021 -> area of this kind, from the newest lookup."""
    rows = zip(*(small_areas[c].to_pylist() for c in ("small_area", "small_vintage", "kind", "area", "vintage")), strict=True)
    newest = sorted((vintage, small, area) for small, small_vintage, k, area, vintage in rows if k == kind and small_vintage == "2021")
    return {small: area for _, small, area in newest}

"""Boundaries of councils, NHS areas and small areas as GeoJSON (ONS Open Geography), seven layouts told apart by their property names.

Gives the table `boundaries`: kind, code (canonical), name, geometry_json (a GeoJSON geometry in degrees, WGS 84). Shapes are already
generalised by the publisher; here coordinates lose decimals below about 10 metres, and points that bend a line by less than the tolerance.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Canonical, Check, Edition, Progress, RawFile, Rejected, Source, Tidy
from esteem.evidence.sources.lookups import table_of
from esteem.terms.problems import Problem

BOUNDARIES = pa.schema([(n, pa.string()) for n in ("kind", "code", "name", "vintage", "geometry_json")])


@dataclass(frozen=True)
class _Layer:
    """`tolerance` in degrees of latitude (0.001 is about 110 metres); 0 keeps every point."""

    kind: str
    code: str
    name: str
    vintage: str
    title: str
    tolerance: float = 0.0
    decimals: int = 4


LAYERS = (
    _Layer("utla", "CTYUA23CD", "CTYUA23NM", "2023-12", "Counties and unitary authorities, December 2023", 0.001, 3),
    _Layer("ltla", "LAD24CD", "LAD24NM", "2024-05", "Local authority districts, May 2024", 0.0005),
    _Layer("icb", "ICB23CD", "ICB23NM", "2023-04", "Integrated care boards, April 2023", 0.001, 3),
    _Layer("sub_icb", "SICBL23CD", "SICBL23NM", "2023-04", "Sub-ICB locations, April 2023", 0.0005),
    _Layer("lsoa", "lsoa21_code", "lsoa21_name", "2021-03", "Small areas (LSOA) of 2021, local", decimals=5),
    _Layer("msoa", "msoa21_code", "msoa21_name", "2021-03", "Middle areas (MSOA) of 2021, local", decimals=5),
    _Layer("ltla_local", "ltla24_code", "ltla24_name", "2024-05", "The fifteen districts of the strategies, 2024", decimals=5),
)
_PROPERTIES = re.compile(rb'"properties"\s*:\s*\{([^}]*)\}')


def _layer(raw: RawFile) -> _Layer | None:
    """The layer whose code and name stand in the properties of a feature. Files may put a long geometry first."""
    start = raw.head.lstrip(b"\xef\xbb\xbf \r\n")
    if not start.startswith(b"{") or b"FeatureCollection" not in start[:400]:
        return None
    return _layer_of(raw.head) or _layer_of(raw.data)


def _layer_of(content: bytes) -> _Layer | None:
    for found in islice(_PROPERTIES.finditer(content), 3):  # the first may belong to the reference system
        names = set(re.findall(r'"([A-Za-z0-9_]+)"\s*:', found[1].decode("utf-8", "replace")))
        for layer in LAYERS:
            if {layer.code, layer.name} <= names:
                return layer
    return None


def recognise(raw: RawFile) -> Edition | None:
    try:
        layer = _layer(raw)
    except (OSError, EOFError):
        return None
    return layer and Edition(layer.title, (layer.vintage,), f"{layer.kind} boundaries")


def near(raw: RawFile) -> Problem | None:
    if b'"FeatureCollection"' not in raw.head[:400]:
        return None
    known = "; ".join(f"{layer.code} and {layer.name}" for layer in LAYERS)
    rule = f"Each feature of a boundary file has the properties of one of these layers: {known}."
    return Problem("header-wrong", rule, "other properties", "Load a layer that Esteem reads.", raw.name)


def tidy(raw: RawFile, edition: Edition, canonical: Canonical, progress: Progress) -> Tidy:
    layer = _layer(raw)
    features = _features(raw)
    rows, rejected, outside = [], [], 0
    for number, feature in enumerate(features, 1):
        properties, geometry = feature.get("properties") or {}, feature.get("geometry")
        code = str(properties.get(layer.code, "")).strip()
        if code[:1] in ("W", "S", "N"):
            outside += 1
            continue
        try:
            shape = simplified(geometry, layer.tolerance, layer.decimals)
        except (TypeError, KeyError, ValueError, IndexError):
            rule = "A feature has a code and a Polygon or MultiPolygon of longitudes and latitudes."
            rejected.append(Rejected(f"feature {number}", "geometry", rule, code, "Download the file again.", "unreadable"))
            continue
        place = canonical(code)
        rows.append((layer.kind, place, str(properties.get(layer.name, "")), layer.vintage, json.dumps(shape, separators=(",", ":"))))
        progress(number, len(features))
    notes = [f"{outside} features outside England left out"] if outside else []
    tables = {"boundaries": table_of(sorted(rows), BOUNDARIES)}
    return Tidy(tables=tables, rejected=rejected, rows_read=len(features), rows_kept=len(rows), notes=notes)


def _features(raw: RawFile) -> list[dict]:
    try:
        return json.loads(delimited.text_of(raw).lstrip("\ufeff"))["features"]
    except (ValueError, KeyError, OSError, EOFError) as error:
        rule = "A boundary file is whole GeoJSON with a list of features."
        raise Problem("json-wrong", rule, str(error), "Download the file again: it may be cut short.", raw.name) from error


def simplified(geometry: dict, tolerance: float, decimals: int) -> dict:
    """A geometry with fewer points and decimals. Rings that shrink to nothing are dropped, the largest of a geometry never is.

    Raises ValueError for anything but Polygon and MultiPolygon in degrees.
    """
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(geometry["type"])
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    kept = []
    for polygon in polygons:
        rings = [ring for ring in (_ring(points, tolerance, decimals) for points in polygon) if len(ring) >= 4]
        if rings:
            kept.append(rings)
    if not kept:
        largest = max(polygons, key=lambda polygon: len(polygon[0]))
        kept = [[_ring(largest[0], 0, max(decimals, 5))]]
    return {"type": "MultiPolygon", "coordinates": kept}


def _ring(points: list, tolerance: float, decimals: int) -> list[list[float]]:
    xy = np.asarray(points, float)
    if xy.ndim != 2 or xy.shape[1] < 2 or (np.abs(xy[:, 0]) > 180).any() or (np.abs(xy[:, 1]) > 90).any():
        raise ValueError("coordinates are longitudes and latitudes")
    xy = xy[:, :2]
    if tolerance and len(xy) > 4:
        far = int(np.argmax(((xy - xy[0]) ** 2).sum(1)))  # a ring is two lines between its first and its farthest point
        keep = np.zeros(len(xy), bool)
        for first, last in ((0, far), (far, len(xy) - 1)):
            _mark(xy, first, last, tolerance, keep)
        xy = xy[keep]
    rounded = np.round(xy, decimals)
    distinct = np.concatenate([[True], (np.diff(rounded, axis=0) != 0).any(1)])
    return rounded[distinct].tolist()


def _mark(xy: np.ndarray, first: int, last: int, tolerance: float, keep: np.ndarray) -> None:
    """Douglas and Peucker: keep the point farthest from the chord while it is farther than the tolerance, then both halves."""
    pending = [(first, last)]
    while pending:
        a, b = pending.pop()
        keep[[a, b]] = True
        if b - a < 2:
            continue
        away = _distances(xy[a + 1 : b], xy[a], xy[b])
        worst = int(np.argmax(away))
        if away[worst] > tolerance:
            pending += [(a, a + 1 + worst), (a + 1 + worst, b)]


def _distances(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Distance of points from a chord, longitudes shrunk as they are at England's latitude."""
    scale = np.array([0.62, 1.0])
    p, line = (points - start) * scale, (end - start) * scale
    length = np.hypot(*line)
    return np.hypot(*p.T) if length == 0 else np.abs(p[:, 0] * line[1] - p[:, 1] * line[0]) / length


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    """Every area once, with a closed ring."""
    table = tidied.tables["boundaries"]
    codes = table["code"].to_pylist()
    rings = [polygon[0] for text in table["geometry_json"].to_pylist() for polygon in json.loads(text)["coordinates"]]
    open_rings = sum(ring[0] != ring[-1] or len(ring) < 4 for ring in rings)
    return [
        Check("each area stands once", len(set(codes)) == len(codes), f"{len(codes)} areas"),
        Check("every ring is closed", open_rings == 0, f"{len(rings)} rings, {open_rings} open"),
    ]


SOURCE = Source(
    id="boundaries",
    title="Boundaries of councils, NHS areas and small areas",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    attribution=(
        "Source: Office for National Statistics licensed under the Open Government Licence v3.0. "
        "Contains OS data © Crown copyright and database right."
    ),
    homepage="ONS Open Geography portal, boundaries",
    layout=f"GeoJSON with the properties {'; '.join(f'{layer.code} and {layer.name}' for layer in LAYERS)}",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=near,
    frequency="yearly",
)

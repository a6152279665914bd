"""How far two points on the earth are from each other."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH = 6_371_008.8  # metres: mean radius


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the surface of a sphere; points as (latitude, longitude) in degrees."""
    (south, west), (north, east) = [tuple(map(radians, point)) for point in (one, other)]
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(chord)))

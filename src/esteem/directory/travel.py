"""About how long it takes to get somewhere. Without routing data: the straight line times 1.3, over the speed of each way to go.

Never a distance without a way to go, and always "about": walking 4.8 km an hour; a bus 15 km an hour and ten minutes' wait; a car 30 km an
hour in towns. On foot up to half an hour's walk, else by bus. Step-free travel takes half as long again on foot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from esteem.directory.distance import metres_between
from esteem.directory.record import Service

DETOUR = 1.3
SPEEDS = {"walk": 4.8, "bus": 15.0, "car": 30.0, "step_free": 3.2}  # km an hour
WAITS = {"walk": 0, "bus": 10, "car": 5, "step_free": 0}  # minutes
_WORDS = {"walk": "on foot", "bus": "by bus", "car": "by car", "step_free": "step-free on foot"}
LONGEST_WALK = 30  # minutes


class Point(Protocol):
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Travel:
    """To the nearest of a service's places. `distance_km` is the straight line."""

    distance_km: float
    minutes: int
    mode: str
    words: str


def travel(service: Service, point: Point, mode: str = "", step_free: bool = False) -> Travel | None:
    """None when no place of the service may be shown on a map (by phone, online, kept private). `mode` empty: on foot, or by bus."""
    positions = [
        (at.location.latitude, at.location.longitude)
        for at in service.locations
        if at.location.latitude is not None and at.location.longitude is not None and not at.location.confidential
    ]
    if not positions:
        return None
    kilometres = min(metres_between(position, (point.latitude, point.longitude)) for position in positions) / 1000
    walk = "step_free" if step_free else "walk"
    chosen = mode or (walk if minutes_of(kilometres, walk) <= LONGEST_WALK else "bus")
    minutes = minutes_of(kilometres, chosen)
    return Travel(round(kilometres, 1), minutes, chosen, f"About {minutes} minute{'' if minutes == 1 else 's'} {_WORDS[chosen]}")


def minutes_of(kilometres: float, mode: str) -> int:
    return max(1, round(kilometres * DETOUR / SPEEDS[mode] * 60) + WAITS[mode])

"""R9: how each national pipeline turns a figure into what it prints. A figure without rows is `*`, for England 0."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

from esteem.evidence.record_model import Breakdown, Figure

HIDDEN = "*"
SMALL = 5  # counts below this are hidden, the others rounded to the nearest multiple of it


@dataclass(frozen=True)
class Publication:
    """`both_sides`: a percentage is hidden when its numerator or its denominator is small, else when its numerator is.

    `whole_means`: means and percentiles go to the nearest whole number, hidden with the count they belong to; else they go as counts do.
    `england_alone`: of the breakdowns of England only England itself is left unrounded (quirk:ascof-england-gender-suppressed).
    `single_precision`: values pass through a 32-bit float (quirk:float32-values).
    """

    name: str
    both_sides: bool
    whole_means: bool
    england_alone: bool = False
    single_precision: bool = False

    def unrounded(self, figure: Figure | None) -> float | None:
        """The figure as the pipeline keeps it."""
        if figure is None or not self.single_precision:
            return None if figure is None else figure.value
        return struct.unpack("f", struct.pack("f", figure.value))[0]

    def text(self, figure: Figure | None, kind: str, breakdown: Breakdown) -> str:
        """What is printed for a figure of a kind (count, mean, percent, rate)."""
        if self._of_england(breakdown):
            return plain(0.0 if figure is None else self.unrounded(figure))
        if figure is None:
            return HIDDEN
        if kind in ("percent", "rate"):
            return HIDDEN if self._small(figure) else plain(_nearest(figure.value))
        if kind == "mean" and self.whole_means:
            hidden = figure.numerator is not None and self._small(figure)
            return HIDDEN if hidden else plain(_nearest(figure.value))
        return HIDDEN if figure.value < SMALL else plain(SMALL * _nearest(figure.value / SMALL))

    def _of_england(self, breakdown: Breakdown) -> bool:
        if self.england_alone:
            return breakdown.name == "England"
        return breakdown.name.startswith("England")

    def _small(self, figure: Figure) -> bool:
        parts = (figure.numerator, figure.denominator) if self.both_sides else (figure.numerator,)
        return any(part is None or part < SMALL for part in parts)


def _nearest(value: float) -> float:
    """The nearest whole number, halves up."""
    return math.floor(value + 0.5)


def plain(value: float) -> str:
    """A number with at most 7 significant digits after a whole part that is never shortened."""
    return str(int(value)) if value == int(value) else f"{value:.{max(7, len(str(int(value))))}g}"


BBRB = Publication("bbrb", both_sides=False, whole_means=True, single_precision=True)
PUBLICATIONS = Publication("pubs", both_sides=True, whole_means=False)
ASCOF = Publication("pubs", both_sides=True, whole_means=False, england_alone=True)
ANALYSIS = Publication("analysis", both_sides=True, whole_means=False)
OWN = Publication("own", both_sides=True, whole_means=True)

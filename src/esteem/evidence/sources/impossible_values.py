"""Values that cannot be: they go to quarantine with their row and column, never into a figure and never away in silence."""

from __future__ import annotations

from esteem.evidence.sources.contract import Rejected


def quarantined(number: float | None, unit: str, row: str, column: str, found: str, rejected: list[Rejected], most: float = 100) -> bool:
    """True, and one more in `rejected`, for a number below zero or a share (unit `proportion`) above `most`, as published."""
    if number is None or (number >= 0 and not (unit == "proportion" and number > most)):
        return False
    rule = f"A share lies between 0 and {most:g}." if unit == "proportion" else "A figure here is not negative."
    rejected.append(Rejected(row, column, rule, found, "Ask the publisher for the right figure."))
    return True

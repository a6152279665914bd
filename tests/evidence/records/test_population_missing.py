"""A rate without its population is a problem, never a 0; groups that have no population of their own stay the nation's 0."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from esteem.evidence.record_model import Breakdown, Figure, Ratio
from esteem.terms.problems import Problem

SUB_ICB, GENDER = Breakdown("Sub ICB", ("sub_icb",)), Breakdown("Gender", ("gender",))


@dataclass(frozen=True)
class Known:
    """A value that was worked out already."""

    levels: dict[str, float]
    kind: str = "count"

    def figures(self, breakdown, read):
        return {level: Figure(value) for level, value in self.levels.items()}


def rate(above: dict, below: dict, breakdown: Breakdown = SUB_ICB, kind: str = "rate") -> dict:
    figures = Ratio(Known(above), Known(below), 1_000, kind, zero_without_denominator=True).figures(breakdown, None)
    return {level: figure.value for level, figure in figures.items()}


def test_an_area_without_population_has_no_rate():
    with pytest.raises(Problem) as found:
        rate({"9Q1": 3.0, "9Q2": 1.0}, {"9Q1": 1_000.0})
    assert (found.value.code, found.value.found) == ("population-missing", "no population of 9Q2 (Sub ICB)")
    assert "reference_data/ONS_POPULATION_V2" in found.value.remedy


def test_no_population_at_all_is_a_problem_for_every_breakdown():
    with pytest.raises(Problem) as found:
        rate({"1": 3.0}, {}, GENDER)
    assert found.value.code == "population-missing"


def test_unknown_areas_groups_without_people_and_percentages_read_as_the_nation_has_them():
    assert rate({"9Q1": 3.0, "UNKNOWN": 2.0}, {"9Q1": 1_000.0}) == {"9Q1": 3.0, "UNKNOWN": 0.0}
    assert rate({"1": 3.0, "X": 2.0}, {"1": 1_000.0}, GENDER) == {"1": 3.0, "X": 0.0}
    assert rate({"9Q1": 3.0}, {}, kind="percent") == {"9Q1": 0.0}

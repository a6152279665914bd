"""Figures counted here leave as rule A says: few hidden, others rounded, nothing exact left in what is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from esteem.evidence.answers import Answer, Cell, SourceFile
from esteem.evidence.computed_figures import Step
from esteem.evidence.publish import release, release_steps, rows_text
from esteem.terms.periods import month
from esteem.terms.places import ENGLAND

RECORDS = SourceFile("e", "mhsds_records", "Counted here", "records", "e", "", policy="mhsds_records")
MARCH = month(2025, 3)
COUNT = Answer("MHS01", "QH8", MARCH, number=642.0, files=(RECORDS,))
SHARE = Answer(
    "EIP23i", "QH8", MARCH, number=7 / 22, numerator=7.0, denominator=22.0, lower=0.1, upper=0.6, unit="proportion", files=(RECORDS,)
)


def shown(answer: Answer):
    return release([answer])[0]


@pytest.mark.parametrize(("counted", "printed"), [(642, 640), (643, 645), (5, 5), (7, 5), (8, 10)])
def test_counts_go_to_the_nearest_five(counted, printed):
    released = shown(replace(COUNT, number=float(counted)))
    assert released.number == printed and "rounded_here" in released.flags


@pytest.mark.parametrize("counted", [0, 1, 4])
def test_few_are_hidden_and_none_looks_like_few(counted):
    released = shown(replace(COUNT, number=float(counted)))
    assert released.number is None and released.flags == ("suppressed",)


def test_a_share_is_whole_and_its_interval_is_made_of_what_is_shown():
    released = shown(SHARE)
    assert (released.number, released.numerator, released.denominator) == (0.32, 5, 20)
    # Wilson's limits of 32% of 20, by hand: (2np + z2 -+ z sqrt(z2 + 4np(1-p))) / 2(n + z2) with z = 1.96
    assert (released.lower, released.upper) == (pytest.approx(0.1595, abs=5e-4), pytest.approx(0.5385, abs=5e-4))


@pytest.mark.parametrize("few", [{"numerator": 4.0}, {"denominator": 4.0}, {"numerator": 0.0}])
def test_a_share_of_few_is_hidden_with_its_counts(few):
    released = shown(replace(SHARE, **few))
    assert (released.number, released.numerator, released.denominator, released.lower) == (None, None, None, None)


def test_the_cells_behind_a_rounded_figure_stay_behind():
    cell = Cell("records.MHS01", "QH8", MARCH, "all", "All", 642.0)
    assert shown(replace(COUNT, cells=(cell,))).cells == ()


def test_everybody_in_the_records_is_exact_unless_few():
    assert shown(replace(COUNT, place=ENGLAND)).number == 642
    assert shown(replace(COUNT, place=ENGLAND, breakdown="sex", category="Male")).number == 640
    assert shown(replace(COUNT, place=ENGLAND, number=3.0)).number is None


def test_rounding_twice_changes_nothing():
    once = shown(SHARE)
    assert shown(Answer(**{name: getattr(once, name) for name in Answer.__dataclass_fields__})).number == once.number


def test_a_waterfall_hides_few_rows():
    steps = release_steps([Step("table", "MHS101Referral", 30444), Step("rule", "open", 4), Step("cohort", "c", 0)])
    assert [step.rows for step in steps] == ["30,444", "under 5", "none"]
    assert rows_text(5) == "5"

"""The measures: complete, distinct, bound to series that the shipped pack holds, and in plain words."""

from __future__ import annotations

import re

import pytest

from esteem.evidence.definitions import all_measures, find_measure, near_measures
from esteem.evidence.published_cells import series_names
from esteem.evidence.snapshots import open_snapshot
from esteem.terms.problems import Problem

MEASURES = list(all_measures().values())
# Those of the place's own directory are counted there: no pack holds them (tests/directory/test_directory_figures.py).
PUBLISHED = [measure for measure in MEASURES if measure.topic != "Finding help"]
FIELDS = {"share", "figure", "numerator", "denominator", "place", "period"}


@pytest.fixture(scope="module")
def snapshot():
    return open_snapshot("shipped")


def test_the_mission_rows_with_public_figures_have_measures():
    """One measure at least for each row of the data guide's table of commitments (section 2)."""
    wanted = {
        "psychosis": "psychosis-treated-within-two-weeks",
        "talking therapies": "talking-therapies-access",
        "out of area": "out-of-area-bed-days",
        "suicide": "suicide-rate",
        "early death": "early-death-severe-mental-illness",
        "perinatal": "perinatal-women-in-contact",
        "children": "children-in-contact",
        "liaison": "liaison-core-24",
        "crisis": "crisis-teams-open-24-hours",
        "police cells": "police-cells",
        "over-representation": "detention-standardised-rate",
        "barriers": "talking-therapies-recovery",
        "offenders": "liaison-and-diversion-cover",
        "employment": "employment-gap",
        "accommodation": "living-independently",
        "personal budgets": "direct-payments",
        "community": "community-help-within-four-weeks",
        "older people": "dementia-diagnosis-rate",
        "money": "spending-share-of-allocation",
        "wellbeing": "wellbeing-anxiety",
        "discharge": "follow-up-within-72-hours",
    }
    assert set(wanted.values()) <= set(all_measures())


@pytest.mark.parametrize("measure", PUBLISHED, ids=lambda m: m.id)
def test_each_measure_is_bound_to_figures_in_the_shipped_pack(measure, snapshot):
    held = {row["id"] for row in snapshot.rows("select id from series")}
    assert set(series_names(measure.published)) <= held


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.id)
def test_each_breakdown_is_published(measure, snapshot):
    series = measure.published.series
    rows = snapshot.rows(f"select distinct breakdown from observations where series in ({', '.join('?' * len(series))})", list(series))
    assert set(measure.breakdowns) <= {row["breakdown"] for row in rows}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.id)
def test_the_words_can_be_said(measure):
    assert set(re.findall(r"{(\w+)}", measure.sentence)) <= FIELDS
    assert "{figure}" in measure.sentence or "{share}" in measure.sentence
    assert all(note.text.endswith((".", "?")) for note in measure.notes)
    assert len(measure.title) <= 80


def test_titles_are_distinct():
    titles = [measure.title for measure in MEASURES]
    assert len(titles) == len(set(titles))


def test_shares_without_counts_are_never_pooled_by_place():
    for measure in MEASURES:
        if measure.kind in ("mean", "score", "difference", "yes_no"):
            assert measure.place_pooling == "none", measure.id


def test_overlapping_periods_are_never_added():
    assert all(m.period_pooling == "none" for m in MEASURES if not m.independent_periods)


def test_a_national_id_finds_its_measure():
    assert find_measure("EIP(i)").id == "psychosis-treated-within-two-weeks"
    assert find_measure("CR(iii_a)").id == "out-of-area-bed-days"


def test_words_find_measures():
    assert "police-cells" in near_measures("police cells")
    with pytest.raises(Problem) as problem:
        find_measure("no such thing at all")
    assert "esteem measures" in problem.value.remedy

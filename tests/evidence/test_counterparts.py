"""The two witnesses of a question: a definition over records names the published measure that answers the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from esteem.evidence.definitions import all_measures
from esteem.evidence.definitions.mhsds import defined, families
from esteem.evidence.record_measures import counted_for, published_for
from esteem.terms.problems import Problems

# Targets of the two strategies that both witnesses speak about.
TARGETS = {
    "EIP23i": "psychosis-treated-within-two-weeks",
    "OAP02M": "out-of-area-bed-days",
    "OAP03M": "out-of-area-placements-active",
    "MHS80": "follow-up-within-72-hours",
    "MHAA_DSR": "detention-standardised-rate",
    "MHS91": "perinatal-women-in-contact",
    "MHS95": "children-in-contact",
    "ED86e": "children-eating-disorder-urgent",
    "ED87e": "children-eating-disorder-routine",
    "MRS08b": "children-clock-stop-within-four-weeks",
    "MRS01b": "community-help-within-four-weeks",
    "MHS116": "individual-placement-and-support",
    "MHS100a": "long-stays-adults",
    "MHS103a": "long-stays-older-adults",
    "AMH14e%": "living-independently",
    "AMH17e%": "employment-in-services",
}


def test_every_counterpart_is_a_published_measure():
    assert {each.counterpart for each in defined().values()} - {""} <= set(all_measures())


@pytest.mark.parametrize(("counted", "published"), TARGETS.items())
def test_the_targets_of_the_strategies_have_both_witnesses(counted, published):
    found = [each for each in counted_for(all_measures()[published]) if each.measure.id == counted]
    assert found and published_for(found[0]).id == published


def test_a_family_names_counterparts_of_its_own_measures_only():
    with pytest.raises(Problems, match="counterparts are those of its own measures"):
        replace(families()[0], counterparts={"MHS999": "people-in-contact"})

"""A wrong measure cannot be built, and says everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from esteem.evidence.annotations import annotations
from esteem.evidence.definitions import find_measure
from esteem.evidence.model import Note, Published, Standard
from esteem.terms.periods import month
from esteem.terms.problems import Problems

GOOD = find_measure("psychosis-treated-within-two-weeks")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "Two Weeks"}, "lower-case words joined by hyphens"),
        ({"question": "Two weeks"}, "question mark"),
        ({"why": " "}, "why it matters"),
        ({"kind": "feeling"}, "the kind is one of"),
        ({"unit": "furlongs"}, "the unit is one of"),
        ({"better": "up"}, "higher, lower or neutral"),
        ({"witnesses": ()}, "at least one witness"),
        ({"interval": "bootstrap"}, "the interval is one of"),
        ({"place_pooling": "mean"}, "pooled by sum or none"),
        ({"period_pooling": "sum_of_shares"}, "not pooled where periods are sums of shares"),
        ({"multiplier": 0}, "above zero"),
        ({"kind": "difference"}, "names what is taken away"),
        ({"notes": (Note("", rebase=True),)}, "gives its reason"),
        ({"notes": (Note("A new method.", rebase=True),)}, "its first day"),
        ({"checked_against": ""}, "checked against"),
    ],
)
def test_each_rule_is_named(change, words):
    with pytest.raises(Problems) as problems:
        replace(GOOD, **change)
    assert any(words in problem.rule for problem in problems.value.problems)


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(Problems) as problems:
        replace(GOOD, id="X Y", question="No", unit="furlongs")
    assert len(problems.value.problems) == 3


def test_a_total_for_england_is_no_standard_for_a_town():
    standard = Standard(66000, "66,000 women in England", "NHS England", places=("E92000001",))
    assert standard.holds_for("E92000001")
    assert not standard.holds_for("99G")


def test_notes_of_a_place_and_time():
    run_in = next(note for note in GOOD.notes if note.exclude)
    essex = next(note for note in GOOD.notes if "R1L" in note.places)
    assert essex not in annotations(GOOD, "99G")
    assert essex in annotations(GOOD, "R1L")
    assert run_in not in annotations(GOOD, "99G", month(2018, 1), month(2018, 12))
    assert run_in in annotations(GOOD, "99G", month(2016, 1), month(2018, 12))


def test_notes_come_in_the_order_of_time():
    days = [note.start or date.min for note in annotations(GOOD, "R1L")]
    assert days == sorted(days)


def test_the_published_witness():
    assert GOOD.published.series[0] == "eip_history.completed"
    assert replace(GOOD, witnesses=(Published(series=("a.b",)),)).published.series == ("a.b",)

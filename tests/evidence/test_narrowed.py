"""A narrowed snapshot answers as the whole one does, for what it holds."""

from __future__ import annotations

from datetime import date

import pytest

from esteem.evidence.ask import ask
from esteem.evidence.definitions import find_measure
from esteem.evidence.narrowed import Narrowed
from esteem.evidence.snapshots import open_snapshot

ASKED = [
    ("psychosis-treated-within-two-weeks", ["99G"], {"spc": True}),
    ("out-of-area-bed-days", ["set-ccgs"], {}),
    ("talking-therapies-recovery", ["99G"], {"by": "ethnicity", "against": "White"}),
]


@pytest.fixture(scope="module")
def shipped():
    return open_snapshot("shipped")


@pytest.mark.parametrize("as_at", [None, date(2021, 3, 31)])
@pytest.mark.parametrize(("name", "where", "more"), ASKED)
def test_answers_are_those_of_the_snapshot(shipped, name, where, more, as_at):
    measure = find_measure(name)
    narrowed = Narrowed(shipped, [measure], shipped.geography.members("+".join(where)), as_at)
    assert narrowed.rows("select count(*) n from observations where period_end > ?", [as_at or date.max]) == [{"n": 0}]
    assert ask(narrowed, measure, where, as_at=as_at, **more) == ask(shipped, measure, where, as_at=as_at, **more)


def test_other_series_and_places_are_left_out(shipped):
    narrowed = Narrowed(shipped, [find_measure("suicide-rate")], ["99G"])
    assert narrowed.rows("select distinct series, place from observations") == [{"series": "dashboard.SP(i)", "place": "99G"}]


def test_nothing_asked_is_nothing_held(shipped):
    assert Narrowed(shipped, [], []).rows("select count(*) n from observations") == [{"n": 0}]

"""What overlaps of small areas say: containment, succession, boundary changes."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from esteem.evidence.place_links import WHOLE, Link, changed, containment, overlaps, succession

BEFORE = {"1": "A", "2": "A", "3": "B", "4": "C", "5": "D", "6": "D"}
AFTER = {"1": "X", "2": "X", "3": "X", "4": "C", "5": "C", "6": "Y"}


def links(found):
    return {(x.child, x.parent, x.share, x.note == WHOLE) for x in found}


def test_two_areas_that_became_one_may_be_added():
    assert {("A", "X", 1.0, True), ("B", "X", 1.0, True)} <= links(succession(BEFORE, AFTER))


def test_an_area_that_was_split_may_not():
    assert {x for x in links(succession(BEFORE, AFTER)) if x[0] == "D"} == {("D", "C", 0.5, False), ("D", "Y", 0.5, False)}


def test_an_area_that_kept_its_code_and_grew_is_noticed():
    assert changed(BEFORE, AFTER) == {"C": "0 small areas left and 1 joined"}


def test_containment_is_whole_or_in_part():
    found = containment(BEFORE, AFTER)
    assert ("A", "X", "lies_in") in {(x.child, x.parent, x.relation) for x in found}
    assert {x.share for x in found if x.child == "D"} == {0.5}
    assert not [x for x in containment(BEFORE, AFTER, partly=False) if x.child == "D"]


@given(st.dictionaries(st.integers(0, 30).map(str), st.tuples(st.sampled_from("ABC"), st.sampled_from("XYZ")), min_size=1))
def test_every_small_area_is_counted_once(pairs):
    before, after = {k: v[0] for k, v in pairs.items()}, {k: v[1] for k, v in pairs.items()}
    assert sum(held.total() for held in overlaps(before, after).values()) == len(pairs)
    assert all(abs(sum(x.share for x in succession(before, after) if x.child == c) - 1) < 1e-9 for c in set(before.values()))


def test_links_hold_between_their_dates():
    link = Link("99G", "QH8", "part_of", date(2013, 4, 1), date(2026, 3, 31))
    assert link.holds_on(date(2020, 1, 1))
    assert not link.holds_on(date(2026, 4, 1))
    assert not link.holds_on(None)

"""Postcodes, towns and districts; how long it takes to get somewhere."""

from __future__ import annotations

import pytest
from tests.directory.feed_services import night_line, refuge, sadness_group

from esteem.directory.distance import metres_between
from esteem.directory.gazetteer import place_finder
from esteem.directory.travel import minutes_of, travel
from esteem.evidence.snapshots import open_snapshot
from esteem.terms.problems import Problem


@pytest.fixture(scope="module")
def finder():
    return place_finder(open_snapshot("shipped"))


@pytest.mark.parametrize("text", ["SS1 1AE", "ss11ae", " ss1  1ae ", "SS1-1AE", "SSI 1AE", "SS1 IAE"])
def test_a_postcode_is_read_however_it_is_written(finder, text):
    found = finder.find(text)
    assert (found.name, found.district) == ("SS1", "E06000033")
    assert {"E06000033", "E92000001"} < found.areas


@pytest.mark.parametrize(
    ("text", "district"),
    [("Southend", "E06000033"), ("clacton on sea", "E07000076"), ("Grays", "E06000034"), ("BEXLEY", "E09000004"), ("CM1", "E07000070")],
)
def test_towns_districts_and_half_postcodes_are_places(finder, text, district):
    assert finder.find(text).district == district


def test_essex_districts_lie_in_their_county_and_southend_does_not(finder):
    assert "E10000012" in finder.find("Harlow").areas
    assert "E10000012" not in finder.find("Southend").areas
    assert {"E07000070", "E10000012"} < finder.find("Essex").areas


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ZZ99 9ZZ", "postcode-unknown"),
        ("M1 1AE", "postcode-unknown"),
        ("M1", "postcode-unknown"),
        ("Atlantis", "place-unknown"),
        ("'; drop", "place-unknown"),
    ],
)
def test_what_is_not_here_is_said_to_be_elsewhere(finder, text, code):
    with pytest.raises(Problem) as wrong:
        finder.find(text)
    assert wrong.value.code == code


def test_no_name_leads_off_the_map(finder):
    """Empty positions of the publisher's file would lie off Africa."""
    assert all(51 < place.latitude < 52.5 and -0.5 < place.longitude < 1.5 for place in finder.names_known().values())


def test_a_degree_of_latitude_is_about_111_kilometres():
    assert metres_between((51, 0), (52, 0)) == pytest.approx(111_195, rel=0.001)


def test_minutes_come_from_the_rule_that_is_written():
    assert minutes_of(3, "walk") == 49  # 3 x 1.3 / 4.8 hours are 48.75 minutes
    assert minutes_of(10, "bus") == 62  # 10 x 1.3 / 15 hours and ten minutes' wait


def test_near_is_on_foot_far_is_by_bus_and_always_about(finder):
    hall = sadness_group()
    near, far = travel(hall, finder.find("SS1 1AE")), travel(hall, finder.find("Harlow"))
    assert (near.mode, far.mode) == ("walk", "bus")
    assert near.words.startswith("About ") and far.minutes > near.minutes
    assert travel(hall, finder.find("SS1 1AE"), step_free=True).minutes >= near.minutes


def test_no_distance_to_a_phone_line_or_a_safe_house(finder):
    assert travel(night_line(), finder.find("Harlow")) is None
    assert travel(refuge(), finder.find("Bexley")) is None

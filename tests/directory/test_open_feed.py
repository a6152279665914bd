"""What the open feed holds, what its filters keep, and what must never stand in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from tests.directory.feed_services import BEXLEY, CHANGED, ESTUARY, SOUTHEND, night_line, refuge, sadness_group, uid

from esteem.directory import openreferral
from esteem.directory.needs import scheme, term_id
from esteem.directory.open_feed import Feed, Filters, Point, page_of
from esteem.directory.record import Assurance

WINTER, SUMMER = date(2026, 11, 28), date(2026, 7, 1)
SOUTHEND_PIER = Point(51.534, 0.713, frozenset({SOUTHEND}))
BEXLEYHEATH = Point(51.456, 0.141, frozenset({BEXLEY}))


@pytest.fixture
def feed() -> Feed:
    return Feed([sadness_group(), night_line(), refuge()], scheme())


def names(feed: Feed, **filters) -> list[str]:
    return [service.name for service in feed.services(Filters(**filters))]


@pytest.mark.parametrize(
    "kept_in",
    [
        {"state": "stale"},
        {"state": "hidden"},
        {"state": "draft"},
        {"layer": "community"},
        {"assurance": Assurance()},
    ],
)
def test_what_nobody_confirmed_stays_out_of_the_open_feed(kept_in):
    assert Feed([sadness_group(**kept_in)], scheme()).all == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"search": "talking TUESDAYS"}, ["Talking Tuesdays"]),
        ({"search": "zzqxjv"}, []),
        ({"taxonomy_term_id": term_id("anxiety")}, ["Night Owl Line"]),
        ({"taxonomy_term_id": openreferral.group_id("feelings")}, ["Night Owl Line", "Talking Tuesdays"]),
        ({"taxonomy_term_id": uid("no term")}, []),
        ({"organization_id": ESTUARY.id}, ["Harbour House", "Talking Tuesdays"]),
        ({"organization_id": ESTUARY.id, "search": "owl"}, []),
        ({"modified_after": CHANGED}, ["Talking Tuesdays"]),
        ({"modified_after": datetime(2999, 1, 1, tzinfo=UTC)}, []),
        ({"minimum_age": 17}, ["Talking Tuesdays"]),
        ({"minimum_age": 16}, ["Night Owl Line", "Talking Tuesdays"]),
        ({"maximum_age": 65}, ["Talking Tuesdays"]),
        ({"maximum_age": 64}, []),
        ({"day": "su"}, ["Night Owl Line"]),
        ({"day": "MO"}, []),
        ({"start_time": time(18), "end_time": time(21)}, ["Talking Tuesdays"]),
        ({"near": SOUTHEND_PIER}, ["Night Owl Line", "Talking Tuesdays"]),
        ({"near": BEXLEYHEATH}, ["Harbour House", "Night Owl Line"]),
        ({"near": SOUTHEND_PIER, "proximity": 2000}, ["Talking Tuesdays"]),
        ({"near": SOUTHEND_PIER, "proximity": 100}, []),
    ],
)
def test_filters_keep_what_the_profile_says_and_combine_with_and(feed, filters, found):
    assert names(feed, **filters) == found


def test_a_safe_house_is_never_near_anything_nor_has_it_an_address(feed):
    assert "Harbour House" not in names(feed, near=BEXLEYHEATH, proximity=500_000)
    place, service = feed.places[uid("at refuge")]
    written = json.dumps(openreferral.as_service(service, scheme(), WINTER)) + json.dumps(
        openreferral.as_service_at_location(place, service, scheme(), WINTER)
    )
    assert not [secret for secret in ("51.455", "0.145", "DA6", "High Street", "physical") if secret in written]


def test_hours_carry_the_offset_of_the_day_they_are_read():
    written = {day: openreferral.as_service(sadness_group(), scheme(), day)["schedules"][0]["opens_at"] for day in (WINTER, SUMMER)}
    assert written == {WINTER: "18:00+00:00", SUMMER: "18:00+01:00"}


def test_empty_fields_are_left_out_and_a_cost_of_nothing_is_not_empty():
    bare = openreferral.as_service(replace(night_line(), schedules=(), coverage=()), scheme(), WINTER)
    assert not {"schedules", "service_areas", "languages", "url", "maximum_age"} & set(bare)
    assert openreferral.as_service(sadness_group(), scheme(), WINTER)["cost_options"][0]["amount"] == 0


def test_a_need_that_left_the_scheme_does_not_stop_the_feed():
    old = Feed([sadness_group(needs=("low-mood", "long-gone"))], scheme())
    assert [one["taxonomy_term_id"] for one in openreferral.as_service(old.all[0], scheme(), WINTER)["attributes"]] == [term_id("low-mood")]


@pytest.mark.parametrize(
    ("page", "per_page", "size", "first", "last", "empty"),
    [(1, 2, 2, True, False, False), (3, 2, 1, False, True, False), (4, 2, 0, False, True, True), (1, 9, 5, True, True, False)],
)
def test_pages_count_as_the_standard_does(page, per_page, size, first, last, empty):
    made = page_of([{"n": n} for n in range(5)], page, per_page, dict)
    assert (made["size"], made["first_page"], made["last_page"], made["empty"]) == (size, first, last, empty)
    assert (made["total_items"], made["page_number"], len(made["contents"])) == (5, page, size)

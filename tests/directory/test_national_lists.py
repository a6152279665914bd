"""Real places of the pack: how many, where they lie, what is not claimed of them. Counts are those of the design, section 9."""

from __future__ import annotations

import math
from collections import Counter

import pytest

from esteem.directory import actions, queries
from esteem.directory.importing.areas import DISTRICTS
from esteem.directory.importing.national_lists import HOSPITALS, LIBRARIES, hospital_sites, public_libraries
from esteem.directory.national_helplines import national_helplines
from esteem.directory.seeding import SEED
from esteem.evidence.snapshot_store import shipped
from esteem.evidence.snapshots import open_snapshot

from .made_up import AT


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    return open_snapshot(home=tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def hospitals(snapshot):
    return list(hospital_sites(snapshot))


@pytest.fixture(scope="module")
def libraries(snapshot):
    return list(public_libraries(snapshot))


def place(service):
    return service.locations[0].location


def test_forty_one_hospital_sites_and_their_neighbours(hospitals):
    inside = Counter(place(s).district for s in hospitals if place(s).district)
    essex = {code: n for code, n in inside.items() if code.startswith("E07")}
    assert (sum(inside.values()), sum(essex.values())) == (41, 31)
    assert (inside["E06000033"], inside["E06000034"], inside["E09000004"]) == (4, 3, 3)
    assert (inside["E07000070"], inside["E07000067"], inside["E07000071"]) == (6, 5, 4)  # Chelmsford, Braintree, Colchester
    codes = {place(s).external_identifier for s in hospitals if not place(s).district}
    assert {"RJ231", "RN707", "RJZ30"} <= codes  # Woolwich, Darent Valley, Princess Royal


def test_longitudes_in_scientific_notation_are_read(hospitals):
    [woolwich] = [s for s in hospitals if place(s).external_identifier == "RJ231"]
    assert place(woolwich).longitude == pytest.approx(0.05, abs=0.01)


def test_trusts_that_merged_have_their_present_name_and_keep_the_old_code(hospitals):
    [broomfield] = [s for s in hospitals if place(s).external_identifier == "RQ8L0"]
    assert "Mid and South Essex" in broomfield.organization.name
    assert ("ODS", "RAJ") in broomfield.organization.identifiers
    assert ("ODS before the merger", "RQ8") in broomfield.organization.identifiers


def test_a_hundred_and_ten_libraries_and_two_on_wheels(libraries):
    static = [s for s in libraries if place(s).location_type == "physical"]
    assert (len(static), len(libraries) - len(static)) == (110, 2)
    where = Counter("Essex" if place(s).district.startswith("E07") else DISTRICTS and place(s).district for s in static)
    assert where == {"Essex": 82, "E06000033": 6, "E06000034": 10, "E09000004": 12}
    assert not [s.name for s in libraries if "prison" in s.name.lower()]


def test_days_are_told_and_no_hour_is_invented(libraries):
    static = [s for s in libraries if place(s).location_type == "physical"]
    days = [x for s in static for x in s.schedules]
    assert (len(days), sum(x.byday == "SA" for x in days), sum(x.byday == "SU" for x in days)) == (470, 97, 2)
    assert all(x.opens_at is None and x.closes_at is None and x.description for x in days)


def test_every_place_lies_at_its_postcode(snapshot, hospitals, libraries):
    centres = {r["postcode"]: (r["latitude"], r["longitude"]) for r in snapshot.rows("select postcode, latitude, longitude from postcodes")}
    for service in (*hospitals, *libraries):
        at = place(service)
        if at.location_type == "physical" and at.address.postal_code in centres:
            north, east = centres[at.address.postal_code]
            flat = math.cos(math.radians(north))
            assert math.hypot(at.latitude - north, (at.longitude - east) * flat) * 111.2 < 0.5, service.name


def test_no_required_field_is_blank_and_nothing_is_claimed(hospitals, libraries):
    for service in (*hospitals, *libraries):
        assert service.name and service.description and service.organization.name and service.organization.description
        assert (service.layer, service.needs, service.phones, service.email, service.url) == ("community", (), (), "", "")
        assert service.assurance.assured_on is None
        if address := place(service).address:
            assert address.address_1 and address.city and address.state_province and address.postal_code
    assert {s.state for s in hospitals} == {"draft"}


@pytest.mark.django_db
def test_importing_both_lists_twice_changes_nothing(hospitals, libraries):
    def bring_in():
        first = actions.receive(hospitals, HOSPITALS, by=SEED, at=AT, state="draft", doubles=False)
        second = actions.receive(libraries, LIBRARIES, by=SEED, at=AT, state="published", doubles=False)
        return (first.new, first.changed), (second.new, second.changed)

    assert bring_in() == ((len(hospitals), 0), (112, 0))
    assert bring_in() == ((0, 0), (0, 0))
    assert queries.count(layer="community") == 112
    assert queries.count(layer="services") == 0


def test_helplines_are_dated_and_dialled():
    lines = list(national_helplines())
    assert len({s.id for s in lines}) == len(lines) >= 15
    for line in lines:
        assert line.assurance.assured_on and line.assurance.how == "review"
        assert not line.invented
        assert line.phones[0].number.replace(" ", "").isdigit()
        assert 1 <= len(line.needs) <= 4


def test_the_shipped_pack_holds_both_lists():
    assert {"hospital_sites", "public_libraries"} <= {part.table for part in shipped().manifest.parts}

"""The demonstration: marked as invented, wide enough to try everything on, and never a real number or address."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

import pytest

from esteem.directory.demonstration import demonstration
from esteem.directory.needs import scheme
from esteem.directory.reading_age import grade
from esteem.directory.record import CHANNELS
from esteem.directory.served import NAMES
from esteem.evidence.snapshots import open_snapshot

DAY = date(2026, 5, 11)
# Ofcom, "Telephone numbers for use in TV and radio drama programmes".
DRAMA = re.compile(r"01632 960\d{3}|020 7946 0\d{3}|07700 900\d{3}|0808 157 0\d{3}")


@pytest.fixture(scope="module")
def services():
    rows = open_snapshot().rows("select postcode, latitude, longitude, district from postcodes")
    return list(demonstration(rows, DAY))


def by_need(services):
    found = defaultdict(list)
    for service in services:
        for need in service.needs:
            found[need].append(service)
    return found


def test_every_record_says_that_it_is_invented(services):
    assert len(services) >= 300
    assert all(s.invented and s.provenance[0].source == "demonstration" for s in services)
    made_up = ("Pretend", "Imaginary", "Example", "Made-up", "Fictional", "Sample")
    assert all(s.organization.name.startswith(made_up) for s in services)


def test_no_number_or_address_reaches_anybody(services):
    numbers = [p.number for s in services for p in (*s.phones, *(p for c in s.contacts for p in c.phones))]
    assert [n for n in numbers if not DRAMA.fullmatch(n)] == []
    assert all(s.email.endswith(".example.org") and ".example.org/" in s.url for s in services)


def test_no_two_services_share_an_identifier_or_a_number(services):
    assert len({s.id for s in services}) == len({s.name for s in services}) == len(services)
    owners = defaultdict(set)
    for s in services:
        for phone in s.phones:
            owners[phone.number].add(s.id)
    assert [n for n, ids in owners.items() if len(ids) > 1] == []


def test_every_need_has_help_for_everyone_somebody_asks_for(services):
    """For each need: free, in every district, in the evening and on Saturday, step-free, in other languages, for men and for women."""
    wanting = []
    for need in scheme().needs:
        tagged = by_need(services)[need.id]
        free = [s for s in tagged if s.free]
        if len(tagged) < 5 or not free or {d for s in free for a in s.coverage for d in a.areas} < set(NAMES):
            wanting.append((need.id, "places"))
        if not {"in_person", "phone", "online"} <= {c for s in free for c in s.channels}:
            wanting.append((need.id, "channels"))
        if not any(x.opens_at.hour <= 18 < x.closes_at.hour for s in free for x in s.schedules if "WE" in x.byday):
            wanting.append((need.id, "evening"))
        if not any("SA" in x.byday for s in free for x in s.schedules):
            wanting.append((need.id, "Saturday"))
        if not {"pa", "bn", "pl", "uk", "bfi"} <= {x.code for s in free for x in s.languages}:
            wanting.append((need.id, "languages"))
        if not all(any(not s.eligibility.genders or g in s.eligibility.genders for s in free) for g in ("men", "women")):
            wanting.append((need.id, "gender"))
    assert wanting == []


@pytest.mark.parametrize(("stage", "age"), [("child", 9), ("young", 16), ("adult", 40), ("older", 72)])
def test_every_need_has_help_at_every_age_it_comes_at(services, stage, age):
    def takes(e):
        return (e.minimum_age or 0) <= age <= (e.maximum_age or 120)

    tagged = by_need(services)
    lacking = [n.id for n in scheme().needs if stage in n.stage and not any(takes(s.eligibility) for s in tagged[n.id])]
    assert lacking == []


def test_records_are_whole(services):
    needs = {n.id for n in scheme().needs}
    for s in services:
        assert 1 <= len(s.needs) <= 4
        assert set(s.needs) <= needs
        assert set(s.channels) <= set(CHANNELS)
        assert s.contacts and s.schedules and s.coverage and s.languages
        assert 0 <= (DAY - s.assurance.assured_on).days < 92
    assert sum(bool(s.locations) for s in services) >= 0.6 * len(services)
    assert sum(bool(s.costs) for s in services) >= 0.9 * len(services)


def test_the_words_are_easy_to_read(services):
    hard = [s.name for s in services if grade(s.summary) > 9]
    assert len(hard) <= 0.02 * len(services), hard
    assert [s.name for s in services if grade(s.description) > 9] == []

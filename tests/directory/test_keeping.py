"""Services in and out of the store: nothing is lost, nothing is written without its event, a refuge's address never stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from esteem.directory import actions, queries
from esteem.store import directory as kept
from esteem.terms.problems import Problem

from .made_up import AT, EDITOR, made_service, organization, place

pytestmark = pytest.mark.django_db


def keep(*services):
    return actions.keep_services(services, by=EDITOR, at=AT, why="a test")


def test_a_service_comes_back_as_it_went_in():
    service = made_service()
    assert keep(service) == actions.Kept(new=1)
    assert queries.service(service.id) == replace(service, last_modified=AT)


def test_the_same_again_changes_no_row():
    keep(made_service(), made_service("Other"))
    events = kept.Event.objects.count()
    assert keep(made_service(), made_service("Other")) == actions.Kept(same=2)
    assert kept.Event.objects.count() == events


def test_a_change_says_who_when_why_and_what_was_there_before():
    keep(made_service())
    keep(made_service(description="A warm room, a choir."))
    newest = queries.history(made_service().id)[0]
    assert (newest.what, newest.actor, newest.at, newest.why) == ("changed", "directory team", AT, "a test")
    assert newest.before == {"description": "A warm room and someone to talk to."}
    assert newest.after == {"description": "A warm room, a choir."}


def test_all_or_nothing():
    def broken():
        yield made_service()
        raise RuntimeError("the feed ended")

    with pytest.raises(RuntimeError):
        actions.keep_services(broken(), by=EDITOR, at=AT)
    assert (kept.Service.objects.count(), kept.Event.objects.count()) == (0, 0)


def test_a_changed_service_leaves_no_old_places_needs_or_areas():
    keep(made_service())
    keep(made_service(needs=("sleep",), locations=(), coverage=()))
    assert list(kept.ServiceNeed.objects.values_list("need", flat=True)) == ["sleep"]
    assert kept.ServiceAtLocation.objects.count() == kept.ServiceCoverage.objects.count() == 0


def test_readers_see_the_states_they_ask_for():
    keep(made_service("A"), made_service("B", state="draft"), made_service("C", state="stale"), made_service("D", layer="community"))
    assert [s.name for s in queries.services()] == ["A", "C", "D"]
    assert [s.name for s in queries.services(states=("draft",))] == ["B"]
    assert [s.name for s in queries.services(layer="community")] == ["D"]


def test_an_unknown_service_is_a_problem():
    with pytest.raises(Problem) as unknown:
        queries.service("nothing")
    assert unknown.value.code == "service-unknown"


@pytest.mark.parametrize(
    ("name", "description", "needs"),
    [
        ("Harbour refuge", "Safe rooms at 1 Test Street, SS1 1AA.", ("domestic-abuse",)),
        ("Harbour", "Emergency accommodation for women.", ("domestic-abuse",)),
        ("Harbour homes", "Accommodation after abuse.", ("domestic-abuse", "housing")),
    ],
)
def test_the_address_of_a_refuge_is_never_kept(name, description, needs):
    keep(made_service(name, description=description, needs=needs))
    [at] = queries.service(made_service(name).id).locations
    assert (at.location.location_type, at.location.address, at.location.latitude) == ("virtual", None, None)
    assert at.location.confidential
    everything = " ".join(str(list(model.objects.values())) for model in (kept.Service, kept.Location, kept.ServiceAtLocation, kept.Event))
    assert "Test Street" not in everything
    assert "SS1 1AA" not in everything
    assert "51.54" not in everything


def test_advice_about_refuges_keeps_its_office():
    keep(made_service("Advice", description="We help you find a refuge and keep safe.", needs=("domestic-abuse",)))
    assert queries.service(made_service("Advice").id).locations[0].location.address is not None


def test_the_database_refuses_an_address_for_a_confidential_place():
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.Location.objects.create(id="x", location_type="virtual", confidential=True, postcode="SS1 1AA", body={})


def test_one_place_and_one_organisation_serve_many_services():
    keep(made_service("A"), made_service("B"))
    assert (kept.Location.objects.count(), kept.Organization.objects.count()) == (1, 1)
    keep(made_service("B", organization=replace(organization(), description="Another word.")))
    assert {s.organization.description for s in queries.services()} == {"Another word."}
    assert [p.name for p in queries.locations()] == [place().name]


def test_an_office_in_the_house_of_a_refuge_keeps_its_address():
    refuge = made_service("Harbour refuge", description="A refuge.", needs=("domestic-abuse",))
    for _ in range(2):
        keep(made_service("Office"), refuge)
    assert queries.service(refuge.id).locations[0].location.address is None
    assert queries.service(made_service("Office").id).locations[0].location.address is not None
    assert keep(made_service("Office"), refuge) == actions.Kept(same=2)


def test_reading_only_what_has_changed_gives_what_reading_everything_gives():
    shared = made_service("One")
    keep(shared, *(made_service(f"Other {number}") for number in range(12)))
    read = list(queries.services())
    assert queries.services_since(read) == read
    later = AT.replace(year=AT.year + 1)
    moved = replace(shared.locations[0].location, name="The same hall, renamed")
    changed = replace(shared, description="Now on Fridays", locations=(replace(shared.locations[0], location=moved),))
    actions.keep_services([changed, made_service("New")], by=EDITOR, at=later, why="a test")
    kept.Service.objects.filter(name="Other 3").update(state="hidden")
    again = queries.services_since(read)
    assert again == list(queries.services())
    assert {s.name for s in again} - {s.name for s in read} == {"New"}
    assert {s.name for s in read} - {s.name for s in again} == {"Other 3"}
    assert queries.services_since(()) == again

"""Services as FHIR resources: hours that FHIR can say, words for those it cannot, nothing that gives a safe house away."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time

import pytest
from tests.directory.feed_services import night_line, refuge, sadness_group, uid

from esteem.directory import fhir
from esteem.directory.needs import scheme
from esteem.directory.record import Schedule


def available(schedule: Schedule) -> dict:
    service = replace(sadness_group(), schedules=(schedule,), locations=())
    made = fhir.as_healthcare_service(service, scheme())
    return {name: made.get(name) for name in ("availableTime", "availabilityExceptions")}


def test_a_service_names_who_provides_it_what_for_and_where():
    made = fhir.as_healthcare_service(sadness_group(), scheme())
    assert (made["resourceType"], made["active"], made["name"]) == ("HealthcareService", True, "Talking Tuesdays")
    assert made["providedBy"]["reference"] == f"Organization/{uid('estuary')}"
    assert [one["coding"][0]["code"] for one in made["type"]] == ["low-mood", "loneliness"]
    assert made["location"] == [{"reference": f"Location/{uid('Southend-on-Sea')}", "display": "Southend-on-Sea hall"}]
    assert made["meta"]["tag"][0]["code"] == "invented"


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        (
            Schedule("1", byday="MO,WE", opens_at=time(9), closes_at=time(17)),
            [{"daysOfWeek": ["mon", "wed"], "availableStartTime": "09:00:00", "availableEndTime": "17:00:00"}],
        ),
        (Schedule("2", byday="MO,TU,WE,TH,FR,SA,SU", opens_at=time(0), closes_at=time(23, 59)), None),
        (
            Schedule("3", byday="SU", opens_at=time(20), closes_at=time(2)),
            [
                {"daysOfWeek": ["sun"], "availableStartTime": "20:00:00", "availableEndTime": "23:59:00"},
                {"daysOfWeek": ["mon"], "availableStartTime": "00:00:00", "availableEndTime": "02:00:00"},
            ],
        ),
    ],
)
def test_weekly_hours_become_available_times(schedule, hours):
    found = available(schedule)["availableTime"]
    assert found == hours or (
        hours is None and found == [{"daysOfWeek": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "allDay": True}]
    )


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule("1", freq="MONTHLY", byday="3TU", opens_at=time(10), closes_at=time(12), description="The third Tuesday, 10am to midday"),
        Schedule("2", byday="TU", description="Usually open on Tuesdays"),
    ],
)
def test_hours_that_fhir_cannot_say_stay_words(schedule):
    assert available(schedule) == {"availableTime": None, "availabilityExceptions": schedule.description}


def test_a_safe_house_is_an_area_and_no_address():
    service = refuge()
    made = json.dumps(fhir.as_location(service.locations[0].location, service.organization))
    assert not [secret for secret in ("51.455", "DA6", "High Street", "position", "address") if secret in made]


def test_an_organisation_keeps_its_code_of_the_organisation_data_service():
    made = fhir.as_organization(night_line().organization)
    assert made["identifier"] == [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "ZZ9"}]

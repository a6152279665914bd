"""The open feed and the FHIR interface over HTTP: endpoints, parameters, errors and headers."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.directory.feed_services import CHANGED, ESTUARY, night_line, refuge, sadness_group, uid

from esteem.directory.actions.keeping import keep_services
from esteem.directory.needs import scheme, term_id
from esteem.terms.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory(db):
    keep_services([sadness_group(), night_line(), refuge()], by=Actor("person", "directory team"), at=CHANGED)


@pytest.fixture
def ask():
    client = Client(headers={"host": "127.0.0.1"})

    def get(address: str, status: int = 200):
        answer = client.get(address)
        assert answer.status_code == status, answer.content[:300]
        assert answer["Access-Control-Allow-Origin"] == "*"
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return [json.loads(line) for line in body.splitlines()] if "ndjson" in answer["Content-Type"] else json.loads(body)

    return get


def test_the_root_says_which_version_this_is(ask):
    assert ask("/oruk/") == ask("/oruk")
    assert ask("/oruk")["version"] == "HSDS-UK-3.0"


@pytest.mark.parametrize("name", ["services", "taxonomies", "taxonomy_terms", "organizations", "service_at_locations"])
def test_each_list_leads_to_each_of_its_entries(ask, name):
    listed = ask(f"/oruk/{name}?per_page=2")
    assert listed["size"] == len(listed["contents"]) <= 2
    first = listed["contents"][0]["id"]
    assert ask(f"/oruk/{name}/{first}")["id"] == first
    assert [one["id"] for one in ask(f"/oruk/{name}?format=ndjson")][:1] == [first]


@pytest.mark.parametrize("name", ["services", "taxonomies", "taxonomy_terms", "organizations", "service_at_locations"])
def test_what_is_not_there_is_not_found_and_what_is_no_identifier_is_refused(ask, name):
    assert ask(f"/oruk/{name}/{uid('nothing')}", 404)["code"].endswith("-unknown")
    assert ask(f"/oruk/{name}/not-a-uuid", 400)["code"] == "identifier-wrong"


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ("page=x", "page"),
        ("page=0", "page"),
        ("per_page=-5", "per_page"),
        ("modified_after=yesterday", "modified_after"),
        ("minimum_age=old", "minimum_age"),
        ("day=ZZ", "day"),
        ("start_time=late", "start_time"),
        ("proximity=-1", "proximity"),
        ("postcode=ZZ99+9ZZ", "postcode"),
        ("format=xml", "format"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(ask, wrong, column):
    assert ask(f"/oruk/services?{wrong}", 400)["problems"][0]["column"] == column


def test_a_page_may_ask_for_more_than_it_gets(ask):
    assert ask("/oruk/services?per_page=1000000000")["size"] == 3
    assert ask("/oruk/services?page=1000000")["empty"] is True


@pytest.mark.parametrize("text", ["'", '"', "%", "\\", "a" * 5000, "\u202e\u0645", "<script>", "{}[]()*:^~", "\x00"])
def test_strange_words_find_nothing_and_break_nothing(ask, text):
    from urllib.parse import quote

    assert ask(f"/oruk/services?search={quote(text)}")["total_items"] == 0


def test_a_full_list_and_a_minimal_one(ask):
    assert all(one["contacts"] for one in ask("/oruk/services?full=true&search=owl")["contents"])
    assert {frozenset(one) for one in ask("/oruk/services?minimal=true")["contents"]} == {
        frozenset({"id", "name", "status", "last_modified"})
    }
    assert [one["name"] for one in ask(f"/oruk/organizations/{ESTUARY.id}?full_service=true")["services"]] == [
        "Harbour House",
        "Talking Tuesdays",
    ]


def test_terms_know_their_parents(ask):
    top = ask("/oruk/taxonomy_terms?top_only=true&per_page=100")["contents"]
    assert len(top) == len(scheme().groups) and not any("parent_id" in one for one in top)
    below = ask(f"/oruk/taxonomy_terms?parent_id={top[0]['id']}&per_page=100")["contents"]
    assert {one["id"] for one in below} == {term_id(need.id) for need in scheme().of_group(scheme().groups[0].id)}


def test_a_postcode_keeps_services_that_serve_it(ask):
    assert {one["name"] for one in ask("/oruk/services?postcode=SS1+1AE")["contents"]} == {"Night Owl Line", "Talking Tuesdays"}


def test_the_answer_follows_the_store(ask):
    assert ask("/oruk/services")["total_items"] == 3
    keep_services([sadness_group(name="Walking Wednesdays")], by=Actor("person", "directory team"), at=CHANGED.replace(hour=12))
    assert ask("/oruk/services?search=walking")["total_items"] == 1


def test_fhir_finds_and_reads_each_kind(ask):
    assert {one["type"] for one in ask("/fhir/R4/metadata")["rest"][0]["resource"]} == {"HealthcareService", "Location", "Organization"}
    found = ask("/fhir/R4/HealthcareService?service-type=urn:esteem:needs|anxiety")
    assert [one["resource"]["name"] for one in found["entry"]] == ["Night Owl Line"]
    assert ask(f"/fhir/R4/HealthcareService/{uid('night line')}")["name"] == "Night Owl Line"
    assert ask(f"/fhir/R4/HealthcareService?organization=Organization/{ESTUARY.id}")["total"] == 2
    assert ask("/fhir/R4/Location?address-postalcode=SS1")["total"] == 1
    assert ask("/fhir/R4/Organization?name=heath")["total"] == 1


def test_fhir_answers_come_in_pages_that_lead_on(ask):
    first = ask("/fhir/R4/HealthcareService?_count=2")
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    rest = ask(following)
    ids = [one["resource"]["id"] for one in (*first["entry"], *rest["entry"])]
    assert len(set(ids)) == len(ids) == first["total"] == 3


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        (f"HealthcareService/{uid('nothing')}", 404, "not-found"),
        ("Patient", 404, "not-supported"),
        ("HealthcareService?colour=red", 400, "not-supported"),
        ("HealthcareService?_count=many", 400, "invalid"),
    ],
)
def test_fhir_says_what_is_wrong_as_fhir_does(ask, address, status, code):
    made = ask(f"/fhir/R4/{address}", status)
    assert (made["resourceType"], made["issue"][0]["code"]) == ("OperationOutcome", code)

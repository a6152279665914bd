"""Services from elsewhere: feeds of both versions, files, the template; doubles, conflicts, hostile input."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from esteem.directory import actions, queries
from esteem.directory.duplicates import Marks, likeness
from esteem.directory.importing import texts
from esteem.directory.importing.feeds import read_feed
from esteem.directory.importing.fetching import Fetcher
from esteem.directory.importing.files import read_path
from esteem.directory.importing.openreferral_records import read_service
from esteem.directory.importing.template import read_template, write_template
from esteem.directory.record import Address
from esteem.store import directory as kept
from esteem.terms.actors import Actor
from esteem.terms.problems import Problem, Problems

from .made_up import AT, EDITOR, made_service, place
from .web_server import serving

IMPORTER = Actor("importer", "feed a")

VERSION_3 = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Listening <b>rooms</b>",
    "description": "<p>Talk &amp; listen.</p><script>alert(1)</script><p>Free.</p>",
    "url": "listening.example.org/rooms",
    "email": None,
    "status": "temporarily closed",
    "minimum_age": 18,
    "assured_date": "2026-05-01",
    "organization": {"id": "o1", "name": "Listening Trust", "description": "A charity."},
    "schedules": [
        {"id": "s1", "freq": "WEEKLY", "byday": "TU,TH", "opens_at": "18:00:00+01:00", "closes_at": "21:00:00+01:00"},
        {"id": "s2", "freq": "MONTHLY", "byday": "2WE", "opens_at": "10:00", "closes_at": "10:00"},
        {"id": "s3", "byday": None},
    ],
    "cost_options": [{"id": "c1", "option": "Free", "amount": None}],
    "languages": [{"id": "l1", "name": "Punjabi"}, {"id": "l2"}],
    "service_areas": [{"id": "a1", "name": "Essex"}, {"id": "a2", "name": "Wherever the wind blows"}],
    "contacts": [{"id": "k1", "name": "Ann Persona", "title": "Front desk", "phones": [{"id": "p1", "number": "+44 1632 960001"}]}],
    "phones": [{"id": "p2", "number": "ring ring"}, {"id": "p3", "number": "01632 960002"}],
    "attributes": [{"taxonomy_term": {"id": "x", "name": "Loneliness"}}, {"taxonomy_term": {"id": "y", "name": "Fishing"}}, None],
    "service_at_locations": [
        {
            "id": "sal1",
            "location": {
                "id": "loc1",
                "location_type": "physical",
                "latitude": 0.0,
                "longitude": 0.0,
                "addresses": [{"id": "ad1", "address_1": "1 Test Street", "city": "", "state_province": "Essex", "postal_code": "ss1 1aa"}],
                "accessibility": [{"id": "ac1", "description": "Wheelchair access"}, {"id": "ac2", "description": "No parking"}],
            },
        }
    ],
}
VERSION_1 = {
    "id": 1234,
    "name": "Listening rooms",
    "organization": {"id": "77", "name": "Listening Trust"},
    "eligibilitys": [{"eligibility": "Adults", "minimum_age": 18.0, "maximum_age": 64.0}],
    "regular_schedules": [{"weekday": 2, "opens_at": "18:00", "closes_at": "21:00"}],
    "costoptions": [{"option": "Session", "amount": 4}],
    "contacts": [{"name": "Desk", "phones": [{"number": "01632 960001"}]}],
    "service_at_locations": [
        {"location": {"physical_addresses": [{"address_1": "1 Test Street", "city": "Southend", "postal_code": "SS1 1AA"}]}}
    ],
    "service_areas": [{"service_area": "Thurrock"}],
}


def locate(postcode):
    return {"SS1 1AA": (51.54, 0.71, "E06000033")}.get(postcode)


def read(data, source="feed a"):
    return read_service(data, source, locate=locate)


def receive(*services, source="feed a", at=AT):
    return actions.receive(services, source, by=IMPORTER, at=at)


class TestRecords:
    def test_version_3(self):
        service = read(VERSION_3)
        assert (service.name, service.description) == ("Listening rooms", "Talk & listen.\nFree.")
        assert (service.url, service.email, service.status) == ("https://listening.example.org/rooms", "", "temporarily closed")
        assert service.assurance.assured_on == date(2026, 5, 1)
        # Equal times and rows that say nothing give no hours: unknown is not open.
        assert [(s.byday, s.freq, str(s.opens_at)) for s in service.schedules] == [
            ("TU,TH", "WEEKLY", "18:00:00"),
            ("2WE", "MONTHLY", "None"),
        ]
        assert (service.free, service.needs) == (True, ("loneliness",))
        assert [(x.code, x.name) for x in service.languages] == [("pa", "Punjabi")]
        assert [len(a.areas) for a in service.coverage] == [12, 0]
        assert [p.number for p in service.phones] == ["01632 960002"]
        # A person's name stays where it is; the role is enough.
        assert [(c.name, c.phones[0].number) for c in service.contacts] == [("Front desk", "01632 960001")]
        at = service.locations[0].location
        assert (at.latitude, at.district, at.address.city, at.address.postal_code) == (51.54, "E06000033", "Essex", "SS1 1AA")
        assert [a.kind for a in at.accessibility] == ["step_free", ""]

    def test_version_1(self):
        service = read(VERSION_1)
        assert (service.eligibility.minimum_age, service.eligibility.maximum_age) == (18, 64)
        assert service.eligibility.description == "Adults"
        assert (service.schedules[0].byday, service.schedules[0].closes_at.hour) == ("TU", 21)
        assert (service.costs[0].amount, service.coverage[0].areas) == (4.0, ("E06000034",))
        assert service.locations[0].location.address.city == "Southend"

    def test_the_same_source_and_id_give_the_same_identifier_and_another_source_another(self):
        assert read(VERSION_3).id == read(VERSION_3 | {"name": "Renamed"}).id
        assert read(VERSION_3).id != read(VERSION_3, "feed b").id

    @pytest.mark.parametrize("wrong", [{}, {"name": None}, {"name": "  "}, {"name": ["x"]}])
    def test_a_record_without_a_name_is_a_problem(self, wrong):
        with pytest.raises(Problem) as refused:
            read(wrong)
        assert refused.value.code == "record-unreadable"

    @pytest.mark.parametrize("junk", [None, "text", 7, [], [None, 3, "x"], {"a": 1}, [{}]])
    def test_junk_in_any_part_loses_that_part_alone(self, junk):
        parts = ("organization", "schedules", "contacts", "phones", "languages", "service_areas", "service_at_locations", "cost_options")
        service = read({"id": "1", "name": "Still here", **dict.fromkeys((*parts, "attributes", "eligibilitys"), junk)})
        assert service.name == "Still here"

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "data:text/html,x", "https://a@b.example.org", "http://", "ftp://x.org", "a b"]
    )
    def test_addresses_that_are_none_are_left_out(self, address):
        assert texts.web(address) == ""


class TestReceiving:
    pytestmark = pytest.mark.django_db

    def test_the_second_import_changes_no_row(self):
        assert receive(read(VERSION_3)).new == 1
        rows = [list(m.objects.order_by("pk").values()) for m in (kept.Service, kept.Event, kept.SourceRecord, kept.Location)]
        again = receive(read(VERSION_3), at=AT + timedelta(days=3))
        assert (again.new, again.changed, again.same) == (0, 0, 1)
        assert rows == [list(m.objects.order_by("pk").values()) for m in (kept.Service, kept.Event, kept.SourceRecord, kept.Location)]

    def test_a_change_at_the_source_follows_unless_somebody_changed_it_here(self):
        receive(read(VERSION_3))
        [service] = queries.services()
        actions.keep_service(replace(service, email="ours@example.org"), by=EDITOR, at=AT)
        receive(read(VERSION_3 | {"email": "theirs@example.org", "description": "New words."}))
        [service] = queries.services()
        assert (service.email, service.description) == ("ours@example.org", "New words.")

    def test_two_publishers_of_one_service_become_one_and_both_values_are_shown(self):
        receive(read(VERSION_3))
        second = VERSION_1 | {"url": "https://listening.example.org/", "description": "Other words."}
        done = receive(read(second, "feed b"), source="feed b")
        assert (done.new, len(done.merged)) == (0, 1)
        [service] = queries.services()
        assert {p.source for p in service.provenance} == {"feed a", "feed b"}
        found = {c.field: [value for _, _, value in c.said] for c in queries.conflicts(service.id)}
        assert found["description"] == ["Talk & listen.\nFree.", "Other words."]
        assert receive(read(second, "feed b"), source="feed b").same == 1

    def test_one_that_is_only_like_it_is_proposed_to_a_person(self):
        receive(read(VERSION_3))
        done = receive(read(VERSION_1 | {"name": "Listening rooms for men", "contacts": []}, "feed b"), source="feed b")
        assert (done.new, len(done.proposed)) == (1, 1)
        assert 0.75 <= queries.merge_proposals()[0].score <= 0.92

    def test_the_address_of_a_refuge_is_in_nothing_that_is_kept(self):
        refuge = VERSION_3 | {"description": "A refuge at 1 Test Street.", "attributes": [{"taxonomy_term": {"name": "Abuse at home"}}]}
        assert receive(read(refuge)).addresses_dropped == 1
        assert "Test Street" not in str([list(m.objects.values()) for m in (kept.Service, kept.Location, kept.SourceRecord, kept.Event)])

    def test_what_nobody_assured_is_shown_as_not_checked(self):
        receive(read(VERSION_1))
        assert [s.state for s in queries.services()] == ["stale"]


def test_a_name_alone_merges_nothing():
    one, other = (Marks.of(made_service(n, phones=(), url="", contacts=(), locations=())) for n in ("Food bank", "Food Bank"))
    assert likeness(one, other).score <= 0.9


def test_a_name_and_a_number_merge():
    at = place("Other", "SS2 2AA", address=Address("x", "2 Else Street", "Southend", "Southend", "SS1 1AA"))
    one, other = made_service("Food bank"), made_service("The food bank", locations=(made_service().locations[0].__class__("y", at),))
    assert likeness(Marks.of(one), Marks.of(other)).score > 0.92


# ---------------------------------------------------------------- feeds over HTTP


def walk(answer, **options):
    with serving(answer) as base, Fetcher(private=True, **options) as fetcher:
        return list(read_feed(f"{base}/v3/services?x=1", fetcher))


def records(*numbers):
    return [{"id": str(n), "name": f"Service {n}", "contacts": [{"id": "k"}]} for n in numbers]


class TestFeeds:
    def test_pages_and_details(self):
        def answer(path, query):
            if path == "/v3/services":
                page = int(query["page"])
                found = [{"id": f"{page}", "name": f"Service {page}"}] if page <= 2 else []
                return 200, {}, {"total_pages": 9, "page_number": page, "last_page": False, "contents": found}
            return 200, {}, {"id": path.rsplit("/", 1)[1], "description": "whole"}

        assert [(r["name"], r["description"]) for r in walk(answer)] == [("Service 1", "whole"), ("Service 2", "whole")]

    def test_version_1_pages(self):
        def answer(path, query):
            page = int(query["page"])
            return 200, {}, {"totalPages": 2, "number": page, "last": page == 2, "content": records(page)}

        assert [r["id"] for r in walk(answer)] == ["1", "2"]

    def test_a_feed_that_turns_in_a_circle_ends(self):
        assert [r["id"] for r in walk(lambda path, q: (200, {}, {"contents": records(1, 2), "total_pages": 99}))] == ["1", "2"]

    def test_a_last_page_that_its_own_count_denies_is_not_believed(self):
        def answer(path, query):
            page = int(query["page"])
            return 200, {}, {"contents": records(page) if page <= 3 else None, "last_page": True, "page_number": page, "total_pages": 5}

        assert [r["id"] for r in walk(answer)] == ["1", "2", "3"]

    def test_redirects_are_followed_a_little(self):
        def answer(path, query):
            if path == "/v3/services":
                return 302, {"Location": "/there"}, b""
            return 200, {}, records(1)

        assert [r["id"] for r in walk(answer)] == ["1"]

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (lambda path, q: (503, {}, b""), "feed-refused"),
            (lambda path, q: (200, {}, b"<html>"), "feed-not-json"),
            (lambda path, q: (200, {}, b"[" * 100_000), "feed-not-json"),
            (lambda path, q: (200, {}, {"hello": 1}), "feed-shape"),
            (lambda path, q: (302, {"Location": "/again"}, b""), "feed-redirects"),
            (lambda path, q: (302, {"Location": "file:///etc/passwd"}, b""), "feed-address-wrong"),
            (lambda path, q: (200, {}, b" " * 200_000), "feed-huge"),
        ],
    )
    def test_what_is_wrong_is_said(self, answer, code):
        with pytest.raises(Problem) as refused:
            walk(answer, most_bytes=150_000)
        assert refused.value.code == code

    @pytest.mark.parametrize(
        "address",
        [
            "file:///etc/passwd",
            "ftp://example.org",
            "http://user:word@example.org/",
            "http://",
            "//example.org",
            "gopher://x",
            "http://[::1",
        ],
    )
    def test_only_the_web_is_asked(self, address):
        with Fetcher() as fetcher, pytest.raises(Problem) as refused:
            fetcher.body(address)
        assert refused.value.code == "feed-address-wrong"

    @pytest.mark.parametrize(
        "ip", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "192.168.1.1", "0.0.0.0", "fe80::1"]
    )
    def test_no_private_network_is_asked_whatever_its_name(self, ip):
        with Fetcher(resolve=lambda host, port: ["93.184.216.34", ip]) as fetcher, pytest.raises(Problem) as refused:
            fetcher.body("https://feed.example.org/")
        assert refused.value.code == "feed-private"

    def test_a_redirect_is_checked_as_the_first_address_was(self):
        def resolve(host, port):
            fetcher.private = host != "inside.example.org"  # from the redirect on, private networks are out of bounds
            return ["127.0.0.1"]

        fetcher = Fetcher(private=True, resolve=resolve)
        onward = (302, {"Location": "http://inside.example.org/"}, b"")
        with serving(lambda path, q: onward) as base, fetcher, pytest.raises(Problem) as refused:
            fetcher.body(base)
        assert refused.value.code == "feed-private"

    def test_a_server_that_is_down(self):
        with serving(lambda path, q: (200, {}, [])) as base:
            pass
        with Fetcher(private=True) as fetcher, pytest.raises(Problem) as refused:
            fetcher.json(f"{base}/services")
        assert refused.value.code == "feed-down"


class TestFiles:
    def test_json_lines_folders_and_what_is_no_service(self, tmp_path):
        (tmp_path / "one.json").write_text(json.dumps({"contents": records(1)}))
        (tmp_path / "deep").mkdir()
        (tmp_path / "deep" / "two.ndjson").write_text("\n".join(map(json.dumps, records(2, 3))) + "\n\n")
        (tmp_path / "taxonomy_list.json").write_text("{}")
        assert sorted(r["id"] for r in read_path(tmp_path)) == ["1", "2", "3"]

    def test_a_broken_line_is_named(self, tmp_path):
        path = tmp_path / "x.ndjson"
        path.write_text('{"id": "1", "name": "a"}\n{broken\n')
        with pytest.raises(Problem) as refused:
            list(read_path(path))
        assert (refused.value.code, refused.value.row) == ("file-unreadable", 2)

    @pytest.mark.parametrize(("name", "code"), [("nothing.json", "file-missing"), (".", "folder-empty")])
    def test_nothing_there(self, tmp_path, name, code):
        with pytest.raises(Problem) as refused:
            list(read_path(tmp_path / name))
        assert refused.value.code == code


class TestTemplate:
    @pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
    def test_the_template_reads_back(self, tmp_path, name):
        write_template(tmp_path / name)
        [row] = read_template(tmp_path / name, locate)
        service = row.service
        assert (service.name, service.needs, service.free) == ("Tuesday drop-in", ("loneliness", "peer-support"), True)
        assert (service.eligibility.minimum_age, service.eligibility.genders_said) == (18, True)
        assert [(s.byday, s.opens_at.hour, s.closes_at.hour) for s in service.schedules] == [("TU", 18, 21)]
        assert service.locations[0].location.district == "E06000033"
        assert row.owner_email == "manager@example.org"
        assert "manager@example.org" not in str(service)

    def test_every_wrong_cell_is_named_with_row_and_column(self, tmp_path):
        path = tmp_path / "wrong.csv"
        good = "A1,Trust,Drop-in,Warm,loneliness,18,,0,MO-FR 09:00-17:00,SS1 1AA,Essex,2026-05-01"
        bad = "A1,,Second,Warm,loneliness; fishing,200,,lots,sometimes,ZZ9 9ZZ,Atlantis,yesterday"
        head = "reference,organisation,service,description,needs,minimum_age,maximum_age,cost,hours,postcode,areas,assured_on"
        path.write_text("\n".join((head, good, bad)))
        with pytest.raises(Problems) as refused:
            read_template(path, locate)
        found = {(p.row, p.column, p.code) for p in refused.value.problems}
        assert found == {
            (3, "reference", "reference-double"),
            (3, "organisation", "cell-empty"),
            (3, "needs", "need-unknown"),
            (3, "minimum_age", "age-wrong"),
            (3, "cost", "cost-wrong"),
            (3, "hours", "hours-wrong"),
            (3, "postcode", "postcode-unknown"),
            (3, "areas", "area-unknown"),
            (3, "assured_on", "day-wrong"),
        }
        assert all(p.file == "wrong.csv" and p.remedy for p in refused.value.problems)

    def test_missing_columns_are_named(self, tmp_path):
        path = tmp_path / "few.csv"
        path.write_text("reference,service\nA1,Drop-in\n")
        with pytest.raises(Problem) as refused:
            read_template(path, locate)
        assert (refused.value.code, refused.value.found) == ("columns-missing", "missing: organisation, description, needs")

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [("a.csv", b"", "template-empty"), ("a.xlsx", b"no", "file-unreadable"), ("a.doc", b"", "ending-unknown")],
    )
    def test_files_that_are_no_template(self, tmp_path, name, content, code):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Problem) as refused:
            read_template(tmp_path / name, locate)
        assert refused.value.code == code

    def test_monthly_and_several_hours_in_windows_letters(self, tmp_path):
        path = tmp_path / "w.csv"
        row = "A1,Trust,Caf\xe9,Warm,loneliness,2WE 14:00-16:00; SA 10-12:30"
        path.write_bytes(f"reference,organisation,service,description,needs,hours\r\n{row}\r\n".encode("cp1252"))
        [found] = read_template(path, locate)
        assert found.service.name == "Café"
        assert [(s.freq, s.byday) for s in found.service.schedules] == [("MONTHLY", "2WE"), ("WEEKLY", "SA")]

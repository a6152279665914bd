"""The API through its public door: its own document, answers equal to those of the commands, pages, ETags, problems."""

from __future__ import annotations

import json
import re

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method
from typer.testing import CliRunner

from esteem.cli import application_for
from esteem.web.wsgi import application

FIGURES = "/api/v1/figures"
PSYCHOSIS = "psychosis-treated-within-two-weeks"
load_all_checks()
pytestmark = pytest.mark.django_db  # find help reads the store


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)


def said_by(*words: str) -> list[dict]:
    """What a command prints as JSON."""
    done = CliRunner().invoke(application_for(words), [*words, "--format", "json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


# ---------------------------------------------------------------- the document

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


# Left out: a text that fits its pattern may still name a period that has no figures (400), and the site answers other methods for all.
@schema.parametrize()
@settings(max_examples=30, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_the_document_says(case):
    # The transport does not unzip.
    case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance, unsupported_method])


def test_the_document_is_openapi_3_1_and_names_problems(client):
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for operations in document["paths"].values():
        assert set(operations) == {"get"}
        said = operations["get"]["responses"]
        assert set(said) == {"200", "304", "400", "404"}
        assert "application/problem+json" in said["404"]["content"]


def test_the_page_lists_each_endpoint_with_an_example_that_answers(client):
    page = client.get("/api").content.decode()
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert all(f">{path}</code>" in page for path in paths)
    examples = [one.replace("&amp;", "&") for one in re.findall(r'Example: <a href="([^"]+)"', page)]
    assert len(examples) == len(paths)
    assert [(one, client.get(one).status_code) for one in examples] == [(one, 200) for one in examples]
    assert client.get("/api/v1/docs").status_code == 404


# ---------------------------------------------------------------- the same content as the commands


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"over": "2018/19"}, ["--over", "2018/19"]),
        ({"over": "2016/17..2018/19", "spc": "true"}, ["--over", "2016/17..2018/19", "--spc"]),
        ({"as_at": "2018-04-30"}, ["--as-at", "2018-04-30"]),
    ],
)
def test_figures_are_those_of_the_command(client, query, words):
    answer = client.get(FIGURES, {"measure": PSYCHOSIS, "where": "99G,07G", **query})
    assert answer.json()["items"] == said_by("ask", PSYCHOSIS, "--where", "99G+07G", *words)


def test_a_comparison_carries_its_limits(client):
    answer = client.get(FIGURES, {"measure": "detention-rate", "where": "QKK", "by": "ethnicity", "against": "White", "over": "2023/24"})
    rows = answer.json()["items"]
    assert rows == said_by("ask", "detention-rate", "--where", "QKK", "--by", "ethnicity", "--against", "White", "--over", "2023/24")
    assert any(row["ratio_lower"] is not None for row in rows)


def test_a_sheet_is_that_of_the_command_and_each_promise_its_row(client):
    sheet = client.get("/api/v1/strategies/bexley-2023/sheet").json()
    assert sheet["promises"] == said_by("sheet", "bexley-2023")
    assert [one["row"] for one in sheet["promises"]] == [f"B{n:02}" for n in range(1, 16)]
    assert sum(sheet["counts"].values()) == len(sheet["promises"])
    assert client.get("/api/v1/strategies/bexley-2023/promises/b04").json() == sheet["promises"][3]


def test_looking_back_changes_the_sheet(client):
    then = client.get("/api/v1/strategies/southend-essex-thurrock-2017/sheet?as_at=2019-03-31").json()
    assert then["as_at"] == "2019-03-31" and then["figures_to"] <= "2019-03-31"


def test_a_suppressed_figure_is_null_with_its_flag(client):
    rows = client.get(FIGURES, {"measure": "talking-therapies-recovery", "where": "07G", "by": "ethnicity_detail"}).json()["items"]
    hidden = [row for row in rows if "suppressed" in row["flags"]]
    assert hidden
    assert all(row["value"] is None and row["numerator"] is None and row["lower"] is None for row in hidden)


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize(
    "address",
    ["/api/v1/series?limit=200", "/api/v1/places?limit=700&kind=trust", f"{FIGURES}?measure={PSYCHOSIS}&where=all%3Accg&limit=40"],
)
def test_following_next_gives_every_row_once(client, address):
    first = client.get(address).json()
    rows, following = list(first["items"]), first["next"]
    while following:
        page = client.get(following).json()
        rows, following = rows + page["items"], page["next"]
    assert len(rows) == first["total"]
    assert len({json.dumps(row, sort_keys=True) for row in rows}) == len(rows)


def test_the_next_page_is_also_named_in_a_header(client):
    answer = client.get("/api/v1/series?limit=1")
    assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'
    assert "Link" not in client.get("/api/v1/strategies")


@pytest.mark.parametrize("cursor", ["x", "5", "-1-abc", "99999999999", "5-00000000"])
def test_a_cursor_of_another_question_is_refused(client, cursor):
    answer = client.get("/api/v1/series", {"cursor": cursor})
    assert answer.status_code == 400 and answer.json()["code"] == "cursor-wrong"


# ---------------------------------------------------------------- ETags and headers


def test_what_has_not_changed_is_not_sent_again(client):
    address = f"{FIGURES}?measure={PSYCHOSIS}&where=99G"
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    assert again["ETag"] == first["ETag"] and "no-cache" in first["Cache-Control"]
    zipped = client.get(address, headers={"accept-encoding": "gzip"})
    assert client.get(address, headers={"if-none-match": zipped["ETag"]}).status_code == 304
    other = client.get(f"{FIGURES}?measure={PSYCHOSIS}&where=07G", headers={"if-none-match": first["ETag"]})
    assert other.status_code == 200 and other["ETag"] != first["ETag"]


@pytest.mark.parametrize("address", ["/api/v1/strategies", "/api/v1/no-such-thing", FIGURES, "/api/v1/places?as_at=x"])
def test_pages_of_other_sites_may_read_answers_and_problems(client, address):
    answer = client.get(address, headers={"origin": "https://other.example"})
    assert answer["Access-Control-Allow-Origin"] == "*" and answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "ETag" in answer["Access-Control-Expose-Headers"] and "Access-Control-Allow-Credentials" not in answer


def test_pages_of_other_sites_may_not_read_the_rest(client):
    assert "Access-Control-Allow-Origin" not in client.get("/api")


def test_head_tells_what_get_would_send(client):
    got, told = client.get("/api/v1/strategies"), client.head("/api/v1/strategies")
    assert told.status_code == 200 and not told.content
    assert told["ETag"] == got["ETag"] and int(told["Content-Length"]) == len(got.content)
    assert client.head("/api/v1/measures/none").status_code == 404


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/measures/none", 404, "measure-unknown"),
        ("/api/v1/places/ZZZ", 404, "place-unknown"),
        ("/api/v1/sources/none", 404, "edition-unknown"),
        ("/api/v1/strategies/none/sheet", 404, "strategy-unknown"),
        ("/api/v1/strategies/bexley-2023/promises/E01", 404, "promise-unknown"),
        ("/api/v1/strategies/bexley-2023/sheet?as_at=2021-02-30", 400, "as-at-date"),
        ("/api/v1/strategies/bexley-2023/sheet?as_at=20210228", 400, "parameter-wrong"),
        (f"{FIGURES}?measure=none&where=99G", 404, "measure-unknown"),
        (f"{FIGURES}?measure={PSYCHOSIS}", 400, "parameter-wrong"),
        (f"{FIGURES}?measure={PSYCHOSIS}&where=99G&over=yesterday", 400, "period-form"),
        (f"{FIGURES}?measure={PSYCHOSIS}&where=99G&over=0000", 400, "period-form"),
        (f"{FIGURES}?measure={PSYCHOSIS}&where=99G&spc=maybe", 400, "parameter-wrong"),
        (f"{FIGURES}?measure={PSYCHOSIS}&where=99G,99G", 400, "group-overlap"),
        (f"{FIGURES}?measure={PSYCHOSIS}&where=99G&wher=07G", 400, "parameter-wrong"),
        ("/api/v1/series?limit=0", 400, "parameter-wrong"),
        ("/api/v1/series?limit=1001", 400, "parameter-wrong"),
        ("/api/v1/places?kind=planet", 400, "parameter-wrong"),
    ],
)
def test_a_wrong_request_is_told_as_a_problem(client, address, status, code):
    answer = client.get(address)
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert body["type"] == f"urn:esteem:problem:{code}" and body["code"] == code
    assert body["title"] and body["detail"] and body["found"] and body["remedy"]
    assert body["problems"][0]["code"] == code

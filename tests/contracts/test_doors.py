"""Every route stands in doors.csv with who may use it and an example; a new route without a row fails here.

`who`: everyone (the only role there is until people sign in). `writes`: no, while the site can only be read.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

TABLE = Path(__file__).parent / "doors.csv"


def rows() -> list[dict]:
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def routes(patterns, before: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        here = before + str(pattern.pattern)
        found += [here] if isinstance(pattern, URLPattern) else routes(pattern.url_patterns, here)
    return found


def test_the_table_names_each_route_once_and_no_other():
    assert sorted(row["route"] for row in rows()) == sorted(set(routes(get_resolver().url_patterns)))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["route"] or "home")
def test_each_example_leads_to_its_route(row):
    assert resolve(row["example"]).route == row["route"]
    assert (row["who"], row["writes"]) == ("everyone", "no")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["route"] or "home")
def test_nothing_can_be_sent_to_a_route_that_does_not_write(row, method):
    answer = getattr(Client(), method)(row["example"])
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"

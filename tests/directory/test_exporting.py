"""What goes out as files: every form says the same, a secret place stays secret, and a file is whole or is not there."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date

import pyarrow.parquet as pq
import pytest
from tests.directory.feed_services import night_line, refuge, sadness_group

from esteem.directory import exporting
from esteem.directory.importing.files import read_path
from esteem.directory.importing.openreferral_records import read_service
from esteem.terms.problems import Problem

ON = date(2026, 11, 28)
SERVICES = [sadness_group(), night_line(), refuge()]


def written(tmp_path, form: str, services=SERVICES):
    path = tmp_path / f"directory.{form}"
    assert exporting.export(services, path, on=ON) == len(services)
    return path


def test_csv_and_parquet_have_the_same_rows(tmp_path):
    with written(tmp_path, "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(written(tmp_path, "parquet")).to_pylist()
    assert [row["name"] for row in rows] == [row["name"] for row in table] == [one.name for one in SERVICES]
    group = rows[0]
    assert (group["needs"], group["minimum_age"], group["free"], group["postcode"]) == ("low-mood; loneliness", "18", "yes", "SS1 1AB")
    assert (group["phones"], group["assured_on"], group["invented"]) == ("01632 960001", "2026-11-02", "yes")
    assert (table[0]["latitude"], table[0]["assured_on"]) == (51.538, date(2026, 11, 2))
    assert table[1]["latitude"] is None and rows[1]["latitude"] == "", "a line has no place, and that is not zero"


@pytest.mark.parametrize("form", exporting.FORMATS)
def test_a_secret_place_goes_out_in_no_form(tmp_path, form):
    path = written(tmp_path, form, [refuge()])
    told = str(pq.read_table(path).to_pylist()) if form == "parquet" else path.read_text(encoding="utf-8")
    assert "Harbour House" in told
    assert not [secret for secret in ("DA6 7AB", "51.455", "0.145", "High Street") if secret in told]


def test_text_that_a_spreadsheet_would_run_is_kept_from_running(tmp_path):
    path = written(tmp_path, "csv", [sadness_group(name='=HYPERLINK("http://x")')])
    assert "'=HYPERLINK" in path.read_text(encoding="utf-8")


def test_what_goes_out_as_open_referral_comes_in_again(tmp_path):
    path = written(tmp_path, "json")
    held = json.loads(path.read_text(encoding="utf-8"))
    assert held["version"] == "HSDS-UK-3.0" and len(held["contents"]) == 3
    lines = written(tmp_path, "ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == held["contents"]
    again = [read_service(one, "a neighbour") for one in read_path(path)]
    assert [(one.name, one.needs) for one in again] == [(one.name, one.needs) for one in SERVICES]
    assert [one.eligibility.minimum_age for one in again] == [18, 16, None]


def test_an_unknown_form_is_refused_with_the_forms_there_are(tmp_path):
    with pytest.raises(Problem) as refused:
        exporting.export(SERVICES, tmp_path / "directory.docx", on=ON)
    assert refused.value.code == "format-unknown" and "parquet" in refused.value.rule


def test_an_export_that_fails_leaves_the_file_that_was_there(tmp_path):
    path = written(tmp_path, "csv")
    before = path.read_bytes()
    with pytest.raises(AttributeError):
        exporting.export([sadness_group(), replace(night_line(), eligibility=None)], path, on=ON)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["directory.csv"]

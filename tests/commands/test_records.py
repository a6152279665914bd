"""`esteem records`: editions listed, scorecard and quarantine shown, and the way back."""

from __future__ import annotations

import json

import pytest
from tests.bad_inputs.record_folders import planted, put, right

from esteem.cli import main
from esteem.evidence.records.record_store import RecordStore
from esteem.evidence.records.scorecard import scorecard_of


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Two editions: right records, then the same months again with one referral that ends before it starts."""
    folder = tmp_path_factory.mktemp("records")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESTEEM_HOME", str(folder / "home"))
        run("load", "mhsds", put(folder / "first"), "--label", "first sent")
        run("load", "mhsds", put(folder / "second", planted("an end before the start")), "--replace", "--label", "sent again")
    return folder / "home"


def run(*words) -> int:
    with pytest.raises(SystemExit) as left:
        main([*map(str, words)])
    return left.value.code or 0


@pytest.fixture
def said(home, monkeypatch, capsys):
    """What a command prints."""
    monkeypatch.setenv("ESTEEM_HOME", str(home))

    def say(*words) -> str:
        assert run("records", *words) == 0
        return capsys.readouterr().out

    return say


def test_editions_are_listed_with_the_one_in_use(said):
    first, second = json.loads(said("--format", "json"))
    assert [(e["label"], e["in_use"], e["quarantined"]) for e in (first, second)] == [("first sent", False, 0), ("sent again", True, 1)]
    assert second["months"] == "February 2025 to March 2025"
    assert second["rows_in"] == sum(map(len, right().values()))
    assert "* counted from" in said()


def test_one_edition_is_shown_in_full(said):
    told = said("show")
    assert "sent again" in told
    assert "MHS101Referral" in told
    manifest = json.loads(said("show", "--edition", "first sent", "--format", "json"))
    assert (manifest["label"], manifest["data_set"]) == ("first sent", "mhsds")


def test_the_scorecard_says_what_is_whole_and_what_is_not(home, said):
    rows = {(r["provider"], r["table"], r["aspect"], r["column"]): r for r in json.loads(said("scorecard", "--format", "json"))}
    assert rows["XA1", "MHS101Referral", "consistency", ""]["numerator"] == 3
    assert rows["XA1", "MHS101Referral", "consistency", ""]["denominator"] == 4
    assert rows["XA1", "MHS101Referral", "consistency", ""]["words"] == "1 row with a fault"
    assert rows["XB2", "MHS101Referral", "consistency", ""]["share"] == 1
    assert rows["XA1", "MHS001MPI", "completeness", "Gender"]["share"] == 1
    assert rows["XA1", "MHS001MPI", "completeness", "LSOA2011"]["share"] == 0
    assert rows["XA1", "MHS001MPI", "completeness", ""]["numerator"] == 12  # gender, ethnicity and age of 4 rows
    assert rows["XA1", "MHS000Header", "timeliness", ""]["words"] == "newest is March 2025"
    assert {row.provider for row in scorecard_of(RecordStore(home).current("mhsds"), "XB2")} == {"XB2"}
    assert "XA1" not in said("scorecard", "--provider", "XB2")


def test_the_quarantine_is_told_by_rule_and_row_by_row(said):
    told = said("quarantine")
    assert "date-order" in told
    assert "MHS101Referral.csv, row 3" in told
    assert said("quarantine", "--edition", "first sent").strip() == "No row was left out, and none carries a warning."


def test_an_earlier_edition_is_counted_from_again(home, said):
    assert "Measures are counted from first sent" in said("rollback")
    assert RecordStore(home).current("mhsds").label == "first sent"
    assert "Measures are counted from sent again" in said("rollback", "sent again")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("scorecard", "--provider", "XZ9"), "provider-unknown"),
        (("show", "--edition", "third"), "records-edition-unknown"),
        (("quarantine", "--data-set", "talking-therapies"), "records-missing"),
        (("quarantine", "--data-set", "shoes"), "data-set-unknown"),
    ],
)
def test_what_is_not_there_is_said(words, code, home, monkeypatch, capsys):
    monkeypatch.setenv("ESTEEM_HOME", str(home))
    assert run("records", *words) == 2
    assert f"[{code}]" in capsys.readouterr().err

"""A month as files: what is written, that our own importer reads it, that a stopped run goes on, and bad input."""

from __future__ import annotations

import csv
import json

import pyarrow.parquet as pq
import pytest
from tests.evidence.linked_tables import MARCH, NESTING
from tests.evidence.records.small_extract import ORGANISATIONS, person, write_extract
from tests.evidence.test_release_attack import LONE

from esteem.evidence import monthly_run
from esteem.evidence.monthly_run import Run, run_month
from esteem.evidence.publish import decide_counted, release_counted
from esteem.evidence.records.extract import open_extract
from esteem.evidence.release.policies import find_policy, release_policies
from esteem.evidence.sources import mhsds_monthly
from esteem.evidence.sources.contract import RawFile, silent
from esteem.terms import flags as flag
from esteem.terms.actors import Actor
from esteem.terms.problems import Problem


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    """Seven people of one provider with an open referral, and two of another."""
    people = [person(number, number, OrgIDProv="XA1" if number <= 7 else "XB2") for number in range(1, 10)]
    referrals = [
        {
            "Person_ID": p["Person_ID"],
            "RecordNumber": p["RecordNumber"],
            "UniqMonthID": 1500,
            "OrgIDProv": p["OrgIDProv"],
            "UniqServReqID": f"R{p['Person_ID']}",
            "ReferralRequestReceivedDate": "2025-03-03",
            "RecordStartDate": "2025-03-01",
        }
        for p in people
    ]
    folder = tmp_path_factory.mktemp("records")
    return open_extract(write_extract(folder, ORGANISATIONS | {"MHS001MPI": people, "MHS101Referral": referrals}))


@pytest.fixture(scope="module")
def done(extract, tmp_path_factory):
    return run_month(Run(MARCH, "a test", measures="MHS23,MHS32"), extract, tmp_path_factory.mktemp("runs") / "2025-03")


def printed(done) -> list[dict]:
    with (done.folder / "public" / "mhsds_2025-03.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_small_count_takes_with_it_the_count_that_gives_it_away(done):
    found = {
        row["PRIMARY_LEVEL"]: row["MEASURE_VALUE"]
        for row in printed(done)
        if (row["MEASURE_ID"], row["BREAKDOWN"]) == ("MHS32", "Provider")
    }
    assert found["XB2"] == "*"
    assert found["XA1"] == "*"  # 9 in all, exactly: to show 5, which is 5 to 7, would leave 2 to 4 for the other


def test_the_importer_reads_the_file_back(done):
    raw = RawFile(done.folder / "public" / "mhsds_2025-03.csv")
    edition = mhsds_monthly.recognise(raw)
    tidy = mhsds_monthly.tidy(raw, edition, lambda code: code, silent)
    assert (edition.covers, edition.status, tidy.rejected) == ("main 2025-03", "performance", [])
    kept = {(r["series"], r["place"], r["category"]): r for r in tidy.observations.to_pylist() if r["breakdown"] == "all"}
    assert kept["mhsds_monthly.MHS32", "E92000001", "All"]["value"] == 9
    assert flag.SUPPRESSED in kept["mhsds_monthly.MHS32", "XB2", "All"]["flags"]


def test_unrounded_figures_are_marked_and_apart(done):
    table = pq.read_table(done.folder / "restricted" / "figures.parquet")
    assert table.schema.metadata[b"marking"].startswith(b"RESTRICTED")
    assert "RESTRICTED" in (done.folder / "restricted" / "READ_FIRST.txt").read_text(encoding="utf-8")
    values = {r["level"]: r["value"] for r in table.to_pylist() if (r["measure"], r["breakdown"]) == ("MHS32", "Provider")}
    assert values == {"XA1": 7, "XB2": 2}
    log = pq.read_table(done.folder / "restricted" / "decisions.parquet").to_pylist()
    assert len(log) == done.hidden == json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))["hidden"]
    assert {
        r["level"]: r["stage"] for r in log if (r["measure"], r["breakdown"], r["rule"] != "nothing") == ("MHS32", "Provider", True)
    } == {"XA1": "secondary", "XB2": "primary"}


def test_a_stopped_run_leaves_nothing_and_goes_on_where_it_stopped(extract, tmp_path, monkeypatch):
    out, run = tmp_path / "2025-03", Run(MARCH, "a test", measures="MHS32")

    def stopped(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(monthly_run.publish, "decide_counted", stopped)
        with pytest.raises(KeyboardInterrupt):
            run_month(run, extract, out)
    assert not out.exists()
    monkeypatch.setattr(monthly_run, "compute", stopped)  # the counting is done: it is not asked for again
    assert run_month(run, extract, out).folder.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["2025-03"]


def test_bad_input_is_said(extract, tmp_path):
    with pytest.raises(Problem, match="run-no-measures"):
        run_month(Run(MARCH, "a test", measures="NONE"), extract, tmp_path / "a")
    (tmp_path / "other").mkdir()
    with pytest.raises(Problem, match="run-folder-other"):
        run_month(Run(MARCH, "a test", measures="MHS32"), extract, tmp_path / "other")
    with pytest.raises(Problem, match="policy-unknown"):
        find_policy("mhsds", "everybody")


def test_figures_for_named_roles_are_exact_and_logged(tmp_path):
    decided = decide_counted(LONE.splits(), "mhsds", NESTING, audience="restricted")
    log, analyst = tmp_path / "log.jsonl", Actor("person", "A. Analyst")
    rows = release_counted(decided, analyst, "analyst", log)
    assert {r.level: r.shown for r in rows if (r.measure, r.breakdown) == ("X01b", "Sub ICB")}["S4"] == "36"
    assert [line["by"] for line in map(json.loads, log.read_text(encoding="utf-8").splitlines())] == ["A. Analyst"]
    with pytest.raises(Problem, match="role-not-allowed"):
        release_counted(decided, analyst, "visitor", log)
    with pytest.raises(Problem, match="release-not-logged"):
        release_counted(decided, None, "analyst", log)


def test_deaths_are_not_split_within_areas():
    decided = decide_counted(LONE.splits(), "deaths", NESTING)
    shown = {r.shown for r in release_counted(decided) if r.breakdown == "Provider; Age Group"}
    assert shown == {"*"}


def test_every_public_policy_hides_and_protects():
    public = [policy for (_, audience), policy in release_policies().items() if audience == "public"]
    assert len(public) == 3
    assert all(policy.fewest >= 3 and policy.secondary and policy.round_to == 5 for policy in public)

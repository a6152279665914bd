"""The invented place: the same for the same seed, nobody real in it, near the published figures, and its planted faults found by a load."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import UTC, date, datetime

import duckdb
import numpy as np
import pytest

from esteem.evidence.invented import making, people, targets, timelines, waits, world
from esteem.evidence.invented.checking import check_folder
from esteem.evidence.invented.making import make_records
from esteem.evidence.invented.place import place_names, read_areas
from esteem.evidence.invented.providers import PROVIDERS
from esteem.evidence.invented.timelines import Lengths
from esteem.evidence.records.quarantine import quarantine_rows
from esteem.evidence.records.record_loading import Wanted, load_records
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.snapshots import open_snapshot
from esteem.terms.problems import Problem

NOW = datetime(2025, 6, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """6,000 people of all four places, of the usual seed."""
    return make_records(tmp_path_factory.mktemp("made") / "place", ["all"], 6_000)


@pytest.fixture(scope="module")
def loaded(made, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return load_records("mhsds", made.folder, at=NOW, by="a test", home=home, wanted=Wanted())


def rows(made, table: str, sql: str):
    return duckdb.sql(f"select {sql} from '{made.folder / 'mhsds' / table}.parquet'").fetchall()


def sums(folder) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_makes_the_same_bytes_on_any_number_of_threads(tmp_path, monkeypatch):
    from esteem.evidence.invented import chunk

    for module in (world, making, chunk):
        monkeypatch.setattr(module, "CHUNK", 500)
    for name, seed, threads in (("one", 7, 1), ("three", 7, 3), ("other", 8, 3)):
        make_records(tmp_path / name, ["southend"], 2_000, months=3, seed=seed, threads=threads)
    assert sums(tmp_path / "one") == sums(tmp_path / "three")
    assert len(sums(tmp_path / "one")) > 40
    other = sums(tmp_path / "other")
    assert other["mhsds/MHS101Referral.parquet"] != sums(tmp_path / "one")["mhsds/MHS101Referral.parquet"]


def test_every_person_is_made_up(made):
    numbers = [number for (number,) in rows(made, "MHS001MPI", "distinct NHSNumber") if number]
    assert all(len(number) == 10 and number[0] == "9" for number in numbers)
    assert all(_check_digit(number[:9]) == int(number[9]) for number in numbers)
    shared = duckdb.sql(
        f"select count(*) from (select NHSNumber from '{made.folder}/mhsds/MHS001MPI.parquet' where NHSNumber is not null "
        "group by 1 having count(distinct Person_ID) > 1)"
    ).fetchone()[0]
    assert shared == 0
    assert all(person.startswith("INV") for (person,) in rows(made, "MHS001MPI", "distinct Person_ID"))


def _check_digit(nine: str) -> int:
    """Modulus 11 as the NHS data dictionary has it: weights 10 to 2; 11 stands for 0, and 10 makes no number."""
    found = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return 0 if found == 11 else found


def test_check_digits_are_those_of_a_known_number():
    assert _check_digit("943476591") == 9  # 943 476 5919, the data dictionary's own example
    assert int(people._check_digit(np.array([943_476_591]))[0]) == 9
    many = people.nhs_numbers(np.arange(200_000))
    assert len(np.unique(many)) == 200_000
    assert many.min() >= 9_000_000_000


def test_no_provider_is_a_real_organisation():
    with open_snapshot("shipped") as snapshot:
        for provider in PROVIDERS:
            assert snapshot.rows("select code from place_codes where code = ? or place = ?", [provider.code, provider.code]) == []
            assert provider.name.startswith("Invented ")


def test_targets_are_the_published_figures():
    with open_snapshot("shipped") as snapshot:
        published = targets.published_targets(snapshot)
    assert tuple(published) == targets.read_targets()
    eip = [row for row in published if row.parameter == "psychosis.two_weeks" and row.area == "06T"]
    assert [(row.series, row.place, row.value) for row in eip] == [("dashboard.EIP(i)", "06T", 0.77)]
    assert len({row.parameter for row in published}) >= 20


def test_measures_lie_near_the_published_figures(made):
    compared = check_folder(made.folder)
    assert len(compared) >= 20
    assert [f"{one.check.measure} {one.category}: {one.found}, not {one.wanted}" for one in compared if not one.is_near] == []


@pytest.mark.slow
def test_many_people_lie_nearer(tmp_path):
    make_records(tmp_path / "place", ["all"], 60_000, seed=3)
    compared = check_folder(tmp_path / "place")
    assert [f"{one.check.measure} {one.category}: {one.found}, not {one.wanted}" for one in compared if not one.is_near] == []


def planted_in(made, tables: str) -> list[dict]:
    with (made.folder / "planted.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["table"].startswith(tables)]


def insist_that_all_is_found(planted: list[dict], quarantine) -> None:
    found = [(row["table"], str(row["row"]), row["rule"]) for row in quarantine_rows(quarantine)]
    by_load = {(row["table"], row["row"], row["rule"]) for row in planted if row["rule"] != "completeness"}
    assert by_load - set(found) == set()
    assert {row[:2] for row in found} == {row[:2] for row in by_load}


def test_a_load_finds_every_planted_fault_and_nothing_else(made, loaded):
    planted = planted_in(made, "MHS")
    assert len({row["fault"] for row in planted}) == 11
    insist_that_all_is_found(planted, loaded.loaded.quarantine)


def test_a_load_of_talking_therapies_finds_its_faults_and_nothing_else(made, tmp_path):
    report = load_records("talking-therapies", made.folder, at=NOW, by="a test", home=tmp_path, wanted=Wanted())
    planted = planted_in(made, "IDS")
    assert len({row["fault"] for row in planted}) == 5
    insist_that_all_is_found(planted, report.loaded.quarantine)


def test_the_planted_gaps_are_the_only_ones(made):
    planted = [int(row["row"]) for row in planted_in(made, "MHS001MPI") if row["column"] == "NHSNumber"]
    empty = duckdb.sql(
        f"select row from (select NHSNumber, row_number() over () as row from '{made.folder}/mhsds/MHS001MPI.parquet') "
        "where NHSNumber is null"
    ).fetchall()
    assert sorted(row for (row,) in empty) == sorted(planted)


def test_what_is_loaded_says_it_is_invented(made, loaded):
    assert loaded.loaded.invented
    assert json.loads((made.folder / "extract.json").read_text())["invented"] is True
    assert loaded.manifest.months == tuple(range(1489, 1503))


def test_residents_are_the_published_ones_in_proportion(made):
    found = dict(
        duckdb.sql(
            "select GEOGRAPHIC_SUBGROUP_CODE, sum(POPULATION_COUNT) from "
            f"'{made.folder}/reference_data/ONS_POPULATION_V2.parquet' where GEOGRAPHIC_GROUP_CODE = 'E38' group by 1"
        ).fetchall()
    )
    assert found["E38000168"] == pytest.approx(180_915 * made.scale, abs=1)  # Southend, mid-2022
    assert found["E38000244"] == pytest.approx(246_543 * made.scale, abs=1)  # of South East London only Bexley, mid-2021


def test_waits_have_the_mean_that_stock_and_flow_give():
    """90 waiting and 1.5 coming a day wait 60 days on average; a mean of 60 with half over 20 days needs long waits too."""
    lengths = waits.waiting_lengths(*(np.array([x]) for x in (90.0, 1.5, 30.0, 0.1, 0.02)))
    assert lengths.mean[0] == pytest.approx(60.0)
    short = waits.within(np.array([0.7]), 14, 3.0, 70.0)
    share = (short.weights * (1 - np.exp(-14.5 / short.means))).sum()
    assert share == pytest.approx(0.7)


def test_people_met_in_a_window_are_those_of_a_steady_flow():
    """One a day, each staying 100 days: 100 are there on any day, and 100 + 50 are met in 50 days."""
    stay = Lengths.same(1, (1.0, 100.0))
    assert timelines.present([stay], 50)[0] == pytest.approx(150)
    chance = np.random.default_rng(4)
    arrived, (length,) = timelines.timelines(chance, np.zeros(30_000, np.int64), [stay], 20_000, 50)
    there = ((arrived <= 20_025) & (arrived + length > 20_025)).mean()
    assert there == pytest.approx(100 / 150, abs=0.01)
    assert ((arrived + length >= 20_000) & (arrived < 20_050)).all()


def test_areas_are_the_real_ones():
    with open_snapshot("shipped") as snapshot:
        areas = {area.sub_icb: area for area in read_areas(snapshot, place_names(["southend", "bexley"]))}
    assert set(areas) == {"99G", "72Q"}
    assert areas["99G"].ethnicities[0] == pytest.approx(147_442 / 180_685)  # White British, census 2021
    assert len(areas["99G"].codes) == 107
    assert set(areas["72Q"].districts) == {"E09000004"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"places": ["atlantis"]}, "invented-place-unknown"),
        ({"people": 12}, "invented-people"),
        ({"months": 40}, "invented-months"),
        ({"seed": -1}, "invented-seed"),
    ],
)
def test_what_cannot_be_made_is_said(tmp_path, changed, code):
    asked = {"places": ["southend"], "people": 2_000, "months": 3, "seed": 1} | changed
    with pytest.raises(Problem) as wrong:
        make_records(tmp_path / "x", asked["places"], asked["people"], asked["months"], asked["seed"], until=Reporting.of(date(2025, 3, 1)))
    assert wrong.value.code == code
    assert not (tmp_path / "x").exists()

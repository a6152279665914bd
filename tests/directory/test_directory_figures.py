"""Counts of the directory, worked out by hand on three invented services, and the way from there to a figure of a measure."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date

import pytest
from tests.directory.feed_services import BEXLEY, SOUTHEND, night_line, refuge, sadness_group

from esteem.directory.figures import rows
from esteem.directory.gazetteer import Place
from esteem.directory.needs import scheme
from esteem.directory.record import Eligibility
from esteem.evidence import loading
from esteem.evidence.ask import ask, latest
from esteem.evidence.definitions import find_measure
from esteem.evidence.snapshots import open_snapshot
from esteem.evidence.sources.contract import RawFile
from esteem.evidence.sources.directory_figures import SOURCE
from esteem.terms.problems import Problems

ON = date(2026, 11, 28)
DISTRICTS = {
    SOUTHEND: Place("Southend-on-Sea", 51.538, 0.711, frozenset({SOUTHEND, "E92000001"}), SOUTHEND),
    BEXLEY: Place("Bexley", 51.456, 0.141, frozenset({BEXLEY, "E92000001"}), BEXLEY),
}
ALL = len(scheme().needs)


def counted(*services) -> dict[tuple[str, str], tuple[int, int]]:
    return {(row.measure, row.district): (row.numerator, row.denominator) for row in rows(services, DISTRICTS, scheme(), ON)}


def test_needs_are_covered_by_services_of_the_district_and_of_all_england():
    found = counted(sadness_group(), night_line(), refuge())
    assert found["coverage", SOUTHEND] == (3, ALL)  # low mood, loneliness, anxiety
    assert found["coverage", BEXLEY] == (2, ALL)  # anxiety, domestic abuse


def test_help_by_telephone_is_near_everywhere_and_a_safe_house_is_near_nobody():
    found = counted(sadness_group(), night_line(), refuge())
    assert (found["near", SOUTHEND], found["near", BEXLEY]) == ((3, ALL), (1, ALL))


def test_entries_are_fresh_for_92_days():
    old = replace(night_line(), assurance=replace(night_line().assurance, assured_on=date(2026, 8, 28)))  # 92 days before
    assert counted(sadness_group(), old)["fresh", SOUTHEND] == (1, 2)


def test_only_services_that_say_how_people_come_to_them_are_counted_by_their_doors():
    closed = replace(night_line(), eligibility=Eligibility(routes=("gp",)))
    opened = replace(sadness_group(), eligibility=Eligibility(routes=("self", "gp")))
    assert counted(closed, opened, refuge())["own_way", SOUTHEND] == (1, 2)


def test_a_district_without_services_has_its_coverage_and_no_shares_of_nothing():
    assert {measure for measure, district in counted(sadness_group()) if district == BEXLEY} == {"coverage", "near"}


def written(folder, *lines: str):
    path = folder / "figures-2026-11-28.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("directory_measure", "district", "day", "numerator", "denominator", "invented"))
        writer.writerows(line.split(",") for line in lines)
    return path


def test_counts_become_figures_of_a_measure(tmp_path):
    path = written(tmp_path, f"coverage,{SOUTHEND},2026-11-28,60,66,yes", f"fresh,{SOUTHEND},2026-11-28,90,100,yes")
    loading.load([path], tmp_path / "home")
    found = latest(ask(open_snapshot(home=tmp_path / "home"), find_measure("directory-needs-covered"), [SOUTHEND]))
    assert [(one.numerator, one.denominator, one.period.label) for one in found] == [(60, 66, "2026-11-28")]
    assert "invented" in found[0].flags


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"colour,{SOUTHEND},2026-11-28,1,2,no", "directory_measure"),
        (f"coverage,{SOUTHEND},yesterday,1,2,no", "day"),
        (f"coverage,{SOUTHEND},2026-11-28,some,2,no", "numerator"),
        (f"coverage,{SOUTHEND},2026-11-28,1,2,perhaps", "invented"),
        (f"coverage,{SOUTHEND},2026-11-28,3,2,no", "denominator"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, line, column):
    path = written(tmp_path, f"coverage,{BEXLEY},2026-11-28,60,66,no", line)
    raw = RawFile(path)
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str, lambda done, total: None)
    assert [one.column for one in found.rejected] == [column]
    assert len(found.observations) == 1


def test_a_file_with_unreadable_rows_is_not_half_loaded(tmp_path):
    path = written(tmp_path, f"coverage,{SOUTHEND},2026-11-28,60,66,no", f"coverage,{BEXLEY},2026-11-28,some,66,no")
    with pytest.raises(Problems):
        loading.load([path], tmp_path / "home")

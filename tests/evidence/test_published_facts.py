"""Answers from the shipped pack against facts counted straight from the publishers' files, with nothing of ours in between.

`fixtures/published_facts.csv` has one fact in a row: what to ask, the text that stands in the published file (a sum where several cells
are named), and where in the file it stands. `rows` names the promises of the mission that the fact speaks for.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from esteem.evidence.ask import ask, latest
from esteem.evidence.definitions import find_measure
from esteem.evidence.publish import release
from esteem.evidence.snapshots import open_snapshot
from esteem.terms import flags as flag
from esteem.terms.periods import financial_year, month, parse
from esteem.terms.places import ENGLAND

SET_CCGS = {"06Q", "06T", "07G", "07H", "99E", "99F", "99G"}
MARKS = {"*": flag.SUPPRESSED, "[c]": flag.SUPPRESSED, "": flag.SUPPRESSED, "[x]": flag.NOT_COLLECTED}
# Rows of the mission for which the data guide (section 2) names a file.
MEASURED = {
    *("E03", "E06", "E07", "E08", "E09", "E10", "E11", "E12", "E13", "E14", "E15", "E16", "E17", "E18", "E19", "E20", "E21", "E23", "E24"),
    *("E26", "E27", "E28", "E30", "E32", "E33", "E34", "E35"),
    *("B01", "B03", "B04", "B06", "B08", "B09", "B10", "B11", "B12", "B13", "B14"),
}


def _facts() -> list[dict[str, str]]:
    with (Path(__file__).parents[1] / "fixtures" / "published_facts.csv").open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


FACTS = _facts()


def _name(fact: dict[str, str]) -> str:
    return " ".join(filter(None, (fact["measure"], fact["where"], fact["over"], fact["category"], fact["field"])))


def _cells(folder: Path, fact: dict[str, str]) -> list[str]:
    """The published cells of a fact, as text."""
    [path] = folder.glob(fact["file"])
    header = "false" if path.parent.name.startswith("mhsds_provider") else "true"
    text = f"read_csv('{path}', all_varchar=true, header={header}, delim=',', quote='\"', strict_mode=false)"
    source = f"read_parquet('{path}')" if path.suffix == ".parquet" else text
    wanted = dict(pair.split("=", 1) for pair in fact["find"].split("; "))
    where = " and ".join(f'"{column}" in ({", ".join("?" * len(values.split("|")))})' for column, values in wanted.items())
    columns = ", ".join(f'"{column}"' for column in fact["columns"].split("|"))
    found = duckdb.execute(f"select {columns} from {source} where {where}", [v for values in wanted.values() for v in values.split("|")])
    return ["" if cell is None else str(cell) for row in found.fetchall() for cell in row]


@pytest.fixture(scope="module")
def shipped():
    return open_snapshot("shipped")


def _lines(path: Path):
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as f:
        yield from csv.DictReader(f)


@pytest.fixture(scope="module")
def psychosis(shared) -> dict[tuple[str, str], tuple[int, int]]:
    """(within two weeks, all) of completed pathways by month (yyyy-mm) and CCG."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for line in _lines(next((shared / "data" / "eip").glob("*.csv.gz"))):
        if line["Description"] == "EIP pathways completed this month":
            _, m, year = line["Date"].split("/")
            cell = found[f"{year}-{m}", line["Org_Code"]]
            cell[0] += int(line["Gt_0_1_Weeks"]) + int(line["Gt_1_2_Weeks"])
            cell[1] += int(line["Total_Pathways"])
    return {key: tuple(value) for key, value in found.items()}


@pytest.mark.parametrize("fact", FACTS, ids=_name)
def test_the_pack_gives_the_published_figure(shipped, fact):
    first, _, last = fact["over"].partition("..")
    over = (parse(first), parse(last)) if last else parse(first)
    answers = release(ask(shipped, find_measure(fact["measure"]), fact["where"], over, fact["by"] or None))
    [answer] = [a for a in answers if not fact["category"] or a.category == fact["category"]]
    if fact["published"] in MARKS:
        assert (answer.number, MARKS[fact["published"]] in answer.flags) == (None, True)
        return
    found = (answer.upper - answer.lower) / 2 if fact["field"] == "half_width" else getattr(answer, fact["field"])
    assert found == pytest.approx(float(fact["published"]) * float(fact["scale"]), rel=1e-9)


@pytest.mark.parametrize("fact", FACTS, ids=_name)
def test_the_file_holds_the_figure_that_the_table_of_facts_gives(shared, fact):
    cells = _cells(shared / "data", fact)
    assert cells, "no such cell"
    if fact["published"] in MARKS:
        assert cells == [fact["published"]]
    else:
        assert sum(map(float, cells)) == pytest.approx(float(fact["published"]), rel=1e-12)


def test_every_promise_with_a_public_figure_has_a_fact():
    spoken_for = {row for fact in FACTS for row in fact["rows"].split()}
    assert spoken_for == MEASURED
    assert len(FACTS) > 150


def test_psychosis_in_the_seven_essex_areas_in_2018_19(shipped, psychosis):
    year = financial_year(2018)
    inside = [v for (m, ccg), v in psychosis.items() if ccg in SET_CCGS and year.holds(parse(m))]
    [answer] = ask(shipped, find_measure("psychosis-treated-within-two-weeks"), ["set-ccgs"], year)
    assert (answer.numerator, answer.denominator) == (sum(v[0] for v in inside), sum(v[1] for v in inside)) == (222, 291)


def test_every_month_of_every_ccg(shipped, psychosis):
    answers = ask(shipped, find_measure("psychosis-treated-within-two-weeks"), "all:ccg", (month(2015, 12), month(2019, 9)))
    ours = {(a.period.label, a.place): (a.numerator, a.denominator) for a in answers}
    shared_keys = set(ours) & set(psychosis)
    assert len(shared_keys) > 9_000
    assert {key: ours[key] for key in shared_keys} == {key: psychosis[key] for key in shared_keys}


def test_england_is_the_sum_of_all_rows(shipped, psychosis):
    rows = [v for (m, _), v in psychosis.items() if m == "2019-09"]
    [answer] = ask(shipped, find_measure("psychosis-treated-within-two-weeks"), "England", month(2019, 9))
    assert (answer.numerator, answer.denominator) == (sum(v[0] for v in rows), sum(v[1] for v in rows)) == (833, 1053)


def test_every_bed_day_out_of_area(shipped, shared):
    path = shared / "data" / "nhsmh_dashboard" / "nhsmh_dashboard_q4_2021_22_tidy.csv.gz"
    published = {
        (line["period"], line["org_code"]): None if line["value"] == "*" else float(line["value"])
        for line in _lines(path)
        if line["sheet"] == "CR(iii_a)" and line["org_type"] in ("CCG", "STP")
    }
    ours = {}
    for kind in ("all:ccg", "all:icb"):
        for a in ask(shipped, find_measure("out-of-area-bed-days"), kind):
            year, q = a.period.label.split()
            ours[f"{q} {year}", a.place] = a.number
    same = set(ours) & set(published)
    assert len(same) > 2_000
    assert {key: ours[key] for key in same} == {key: published[key] for key in same}


def test_black_and_white_british_detention_rates(shipped, shared):
    rates = {
        line["DemographicBreakdown"]: (float(line["StdRate"]), float(line["Confidence_interval"]))
        for line in _lines(next((shared / "data" / "mha_statistics").glob("*.csv.gz")))
        if line["Measure"] == "All detentions" and line["OrganisationBreakdown"] == "All submissions" and line["StdRate"]
    }
    answers = ask(shipped, find_measure("detention-standardised-rate"), "England", by="ethnicity", against="White British")
    black = next(a for a in answers if a.category == "Black or Black British")
    rate, half = rates["Black or Black British"]
    assert (black.number, black.lower, black.upper) == pytest.approx((rate, rate - half, rate + half))
    assert black.ratio == pytest.approx(rate / rates["British"][0])


def test_the_employment_gap(shipped, shared):
    ascof = {
        line["ONS Code"]: line["Measure Value"]
        for line in _lines(shared / "data" / "ascof" / "ascof_2020_21.csv.gz")
        if (line["ASCOF Measure Code"], line["Disaggregation Level"], line["Measure Type"]) == ("1F", "Total", "Outcome")
    }
    rate = {
        line["areacd"]: float(line["observation"])
        for line in _lines(shared / "data" / "ons_local" / "employment-rate.csv.gz")
        if (line["indicator"], line["period"]) == ("Employment rate", "2020-01-01/P1Y") and line["observation"]
    }
    for council in ("E06000033", "E06000034", "E10000012", "E09000004"):
        [answer] = latest(ask(shipped, find_measure("employment-gap"), council))
        assert answer.number == pytest.approx(rate[council] - float(ascof[council])), council


def test_a_suppressed_local_figure_is_not_there(shipped, shared):
    hidden = [
        line
        for line in _lines(shared / "data" / "nhsmh_dashboard" / "nhsmh_dashboard_q4_2021_22_tidy.csv.gz")
        if line["sheet"] == "EIP(i_a)" and line["org_code"] == "99G" and line["value"] == "*"
    ]
    answers = ask(shipped, find_measure("psychosis-services-at-level-2"), "99G")
    assert len(hidden) == len(answers)
    assert all(a.number is None and "suppressed" in a.flags for a in answers)


def test_the_key_figures_without_the_shared_files(shipped):
    """As published, read from the files by hand (data guide sections 3.1 to 3.6)."""
    expected = {
        ("out-of-area-bed-days", "QH8", "2021/22 Q4"): 890,
        ("psychosis-treated-within-two-weeks", "99G", "2021/22 Q4"): 0.67,
        ("suicide-rate", "06T", "2017-2019"): 18.7,
        ("early-death-severe-mental-illness", "E09000004", "2014/15"): 360,
        ("living-independently", "E10000012", "2020/21"): 0.25,
        ("section-136-uses", "RPG", "2023/24"): 175,
        ("children-average-wait-second-contact", "99G", "2021/22"): 20,
        ("people-in-contact", ENGLAND, "2024-04"): 1_905_302,
        ("spending-early-intervention-psychosis", "99G", "2021/22"): 1_408_000,
    }
    for (name, place, period), value in expected.items():
        [answer] = ask(shipped, find_measure(name), place, parse(period))
        assert answer.number == pytest.approx(value), name

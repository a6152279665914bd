"""ASCOF: per cents as fractions, counts joined to outcomes, breakdowns from the codes, marks that keep their reason."""

import pytest
from tests.evidence.sources.published import (
    FIXTURES,
    canonical,
    cell,
    cells,
    changed,
    every_series_is_described,
    failed_checks,
    published_rows,
    tidied,
)

from esteem.evidence.sources.adult_social_care_outcomes import SOURCE
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

PUBLISHED = "data/ascof/ascof_2020_21.csv.gz"
FIXTURE = FIXTURES / "adult_social_care_outcomes" / "ascof.csv"


@pytest.fixture(scope="module")
def small():
    return tidied(SOURCE, FIXTURE)


@pytest.fixture(scope="module")
def whole(shared):
    return tidied(SOURCE, shared / PUBLISHED)


@pytest.mark.parametrize(
    "place, in_work, own_home",
    [("E10000012", 0.21, 0.25), ("E06000033", 0.12, 0.67), ("E06000034", 0.12, 0.71), ("E09000004", 0.12, 0.79), (ENGLAND, 0.09, 0.58)],
)
def test_employment_and_accommodation_as_the_guide_says(small, place, in_work, own_home):
    for series, share in (("ascof.1F", in_work), ("ascof.1H", own_home)):
        found = cell(small, series=series, place=place, breakdown="all")
        assert found["value"] == pytest.approx(share)
        assert (found["numerator"], found["denominator"], found["period_kind"]) == (None, None, "financial_year")


def test_codes_by_sex_and_age_become_breakdowns(small):
    assert {c["category"] for c in cells(small, series="ascof.1F", place=ENGLAND, breakdown="sex")} == {"Female", "Male"}
    assert {c["category"] for c in cells(small, series="ascof.1C2A", place=ENGLAND, breakdown="age")} == {"18 to 64", "65 and over"}


def test_outcomes_carry_the_counts_that_stand_beside_them(small):
    found = cell(small, series="ascof.1C2A", place="E10000012", breakdown="all")
    assert (found["value"], found["numerator"]) == (pytest.approx(0.257), 2736)
    assert found["numerator"] / found["denominator"] == pytest.approx(0.257, abs=0.0005)


def test_survey_limits_are_the_published_margin_of_error(whole, shared):
    rows = published_rows(shared / PUBLISHED)
    wanted = {
        r["Measure Type"]: float(r["Measure Value"])
        for r in rows
        if r["ASCOF Measure Code"] == "4A" and r["Geographical Description"] == "Havering" and r["Measure Value"] != "[x]"
    }
    if not wanted:  # that council sat the survey out: take the first one that did not
        place = next(r["ONS Code"] for r in rows if r["ASCOF Measure Code"] == "4A" and r["Measure Value"] not in ("[x]", "[c]"))
        mine = [r for r in rows if r["ONS Code"] == place and r["ASCOF Measure Code"] == "4A"]
        wanted = {r["Measure Type"]: float(r["Measure Value"]) for r in mine}
    else:
        place = "E09000016"
    found = cell(whole, series="ascof.4A", place=place, breakdown="all")
    assert found["value"] == pytest.approx(wanted["Outcome"] / 100)
    assert found["upper"] - found["value"] == pytest.approx(wanted["Margin Of Error"] / 100)


def test_marks_keep_their_reason(small):
    reasons = {c["flags"] for c in cells(small) if c["value"] is None}
    assert reasons == {"not_collected", "suppressed"}
    assert all(c["value"] is not None or c["value"] != 0 for c in cells(small))


def test_council_types_are_not_places(small):
    assert "E10000012" in {c["place"] for c in cells(small)}
    assert "" not in {c["place"] for c in cells(small)}
    assert any("council types" in note for note in small.notes)


def test_units(whole):
    units = {s.id: s.unit for s in whole.series}
    assert (units["ascof.1A"], units["ascof.2A2"], units["ascof.1F"]) == ("score", "rate_per_100000", "proportion")
    assert every_series_is_described(whole)


def test_published_per_cents_are_published_counts_divided(shared):
    assert failed_checks(SOURCE, shared / PUBLISHED) == []


def test_fixture_checks_pass():
    assert failed_checks(SOURCE, FIXTURE) == []


def test_a_per_cent_above_100_is_quarantined(tmp_path):
    raw = changed(tmp_path, FIXTURE, "Outcome,25.7,1C2A", "Outcome,257,1C2A")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    assert cells(found, series="ascof.1C2A", place="E10000012", breakdown="all") == []
    assert [r.kind for r in found.rejected] == ["quarantine"]


def test_an_unknown_label_stops_the_load(tmp_path):
    raw = changed(tmp_path, FIXTURE, ",Numerator,", ",Top line,")
    with pytest.raises(Problem, match="label-unknown"):
        SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)

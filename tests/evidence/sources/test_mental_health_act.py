"""Mental Health Act annual statistics: suppressed blanks, subtotals under `All prov`, groups in canonical words, published limits."""

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

from esteem.evidence.sources.mental_health_act import SOURCE
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

PUBLISHED = "data/mha_statistics/mha_annual_suppressed_2023_24.csv.gz"
FIXTURE = FIXTURES / "mental_health_act" / "annual.csv"
COUNT, CRUDE, STANDARDISED = (f"mha_annual.all_detentions.{s}" for s in ("count", "crude_rate", "standardised_rate"))


@pytest.fixture(scope="module")
def small():
    return tidied(SOURCE, FIXTURE)


@pytest.fixture(scope="module")
def whole(shared):
    return tidied(SOURCE, shared / PUBLISHED)


@pytest.mark.parametrize(
    "breakdown, category, rate, half",
    [
        ("ethnicity", "Black or Black British", 242.3, 6.9),
        ("ethnicity_detail", "White British", 67.8, 0.8),
        ("ethnicity_detail", "Any other Black background", 740.6, 40.3),
    ],
)
def test_standardised_rates_have_the_published_limits(small, breakdown, category, rate, half):
    found = cell(small, series=STANDARDISED, place=ENGLAND, breakdown=breakdown, category=category)
    assert found["value"] == rate
    assert (found["lower"], found["upper"]) == pytest.approx((rate - half, rate + half))


def test_england_is_all_submissions_and_not_the_subtotals(small):
    assert cell(small, series=COUNT, place=ENGLAND, breakdown="all")["value"] == 52458
    assert cell(small, series=COUNT, place=ENGLAND, breakdown="ethnicity", category="All with known ethnicity")["value"] == 45525
    assert cells(small, series=COUNT, place=ENGLAND, breakdown="organisation_type")


def test_local_counts_are_rounded_and_blanks_are_suppressed(small):
    black = cell(small, series=COUNT, place="QKK", breakdown="ethnicity", category="Black or Black British")
    assert (black["value"], black["flags"]) == (1030, "rounded")
    assert cell(small, series=CRUDE, place="QKK", breakdown="ethnicity", category="Black or Black British")["value"] == 294.5
    hidden = [c for c in cells(small, series=COUNT) if c["value"] is None]
    assert hidden
    assert {c["flags"] for c in hidden} == {"suppressed"}


def test_deprivation_counts_from_the_most_deprived(small):
    most = cell(small, series=COUNT, place=ENGLAND, breakdown="deprivation", category="1 most deprived")
    least = cell(small, series=COUNT, place=ENGLAND, breakdown="deprivation", category="10 least deprived")
    assert (most["value"], least["value"]) == (8254, 2292)
    assert cell(small, series=COUNT, place=ENGLAND, breakdown="deprivation", category="9")["value"] == 2637


def test_section_136_has_a_series_of_its_own(small):
    assert cell(small, series="mha_annual.short_term_orders.section_136.count", place="RPG")["value"] == 175
    assert cell(small, series="mha_annual.short_term_orders.section_136.count", place="R1L")["value"] == 35


def test_a_hollow_total_is_quarantined(small):
    assert any("not smaller than one of its groups" in r.rule and "repeat detentions" in r.found for r in small.rejected)
    totals = [c for c in cells(small, breakdown="sex", category="All") if "repeat" in c["series"]]
    assert totals == []


def test_every_series_says_what_it_holds(small, whole):
    assert every_series_is_described(small)
    assert every_series_is_described(whole)


def test_counts_equal_those_read_straight_from_the_file(whole, shared):
    rows = [r for r in published_rows(shared / PUBLISHED) if r["Measure"] == "All detentions" and r["OrganisationBreakdown"] == "ICB"]
    rows = [r for r in rows if r["Demographic"] == "Gender" and r["DemographicBreakdown"] == "Female"]
    assert len(rows) > 40
    for row in rows:
        found = cell(whole, series=COUNT, place=row["OrgID"], breakdown="sex", category="Female")
        assert found["value"] == (float(row["Total_Count"]) if row["Total_Count"] else None)


def test_broad_groups_are_the_sum_of_their_parts(whole):
    parts = [("African", 2556), ("Caribbean", 1518), ("Any other Black background", 1619)]
    for name, count in parts:
        assert cell(whole, series=COUNT, place=ENGLAND, breakdown="ethnicity_detail", category=name)["value"] == count
    assert sum(n for _, n in parts) == cell(whole, series=COUNT, place=ENGLAND, category="Black or Black British")["value"] == 5693


def test_the_published_sums_agree(shared):
    assert failed_checks(SOURCE, shared / PUBLISHED) == []


def test_the_fixtures_sums_agree():
    assert failed_checks(SOURCE, FIXTURE) == []


def test_expect_notices_a_total_that_does_not_add_up(tmp_path):
    raw = changed(tmp_path, FIXTURE, ",274,0,274,", ",274,0,275,")
    assert [c.name for c in failed_checks(SOURCE, raw.path)] == ["MHSDS and acute counts make the total in every row"]


@pytest.mark.parametrize("old, new", [(",IMD,", ",Wealth,"), (",All submissions,", ",Everybody,"), ("02 Less deprived", "Second tenth")])
def test_unknown_labels_stop_the_load(tmp_path, old, new):
    raw = changed(tmp_path, FIXTURE, old, new)
    with pytest.raises(Problem, match="label-unknown") as problem:
        SOURCE.tidy(raw, SOURCE.recognise(raw), canonical, lambda *_: None)
    assert problem.value.row >= 2


def test_a_changed_header_is_near(tmp_path):
    raw = changed(tmp_path, FIXTURE, "Confidence_interval", "CI")
    assert SOURCE.recognise(raw) is None
    assert "missing Confidence_interval; unknown CI" in SOURCE.near(raw).found

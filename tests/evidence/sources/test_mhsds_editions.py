"""Names and ranks of MHSDS monthly files, and the stops suggested between two editions of a month."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esteem.evidence.sources.contract import OBSERVATION
from esteem.evidence.sources.mhsds_editions import compare_editions, decide, edition_of, read_name
from esteem.terms import periods
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem


@pytest.mark.parametrize(
    "name, family, month, status, version",
    [
        ("MHSDS Data_JanPerf_2026.zip", "main", "2026-01", "performance", 1),
        ("MHSDS Data_AprPrf_2023 v3.csv", "main", "2023-04", "performance", 3),
        ("MHSDS Data_AprFinal__2025.zip", "main", "2025-04", "final", 1),
        ("MHSDS Data_AprPerf_2026 v2.zip", "main", "2026-04", "performance", 2),
        ("MHSDS Monthly Performance July 2025 MHSDS Data File.zip", "main", "2025-07", "performance", 1),
        ("MHSDS%20Data_4WW_AprPerf_2024_v2.csv.gz", "community waits", "2024-04", "performance", 2),
        ("MHSDS Data_SeptPerf_2024.csv", "main", "2024-09", "performance", 1),
        ("MHSDS Data_MayP_2020.csv", "main", "2020-05", "provisional", 1),
        ("MHSDS Data_Rstr_JunFinal_2024.csv", "restrictive interventions", "2024-06", "final", 1),
        ("MHSDS Data_OAPs_JunPerf_2024.csv", "out of area placements", "2024-06", "performance", 1),
        ("MHSDS_Time_Series_data_Apr_2016_JanPerf_2026.csv", "time series", "2026-01", "performance", 1),
        ("download.csv", "main", None, None, 1),
    ],
)
def test_names_are_read(name, family, month, status, version):
    found = read_name(name)
    assert (found.family, found.month and found.month.label, found.status, found.version) == (family, month, status, version)


APRIL = periods.month(2024, 4)


def test_final_outranks_performance_and_later_versions_outrank_earlier():
    first = edition_of("MHSDS Data_AprPerf_2024.csv", "Performance ", APRIL)
    second = edition_of("MHSDS Data_AprPerf_2024 v2.csv", "Performance", APRIL)
    final = edition_of("MHSDS Data_AprFinal_2024.csv", "Final", APRIL)
    assert first.rank < second.rank < final.rank
    assert first.covers == second.covers == final.covers == "main 2024-04"
    assert decide((first, "a"), (final, "b")) == final
    assert decide((second, "a"), (first, "b")) == second


def test_equal_rank_and_different_bytes_stop_and_ask():
    edition = edition_of("MHSDS Data_AprPerf_2024.csv", "Performance", APRIL)
    assert decide((edition, "a"), (edition, "a")) == edition
    with pytest.raises(Problem, match="edition-equal-rank") as problem:
        decide((edition, "a"), (edition, "b"))
    assert "Ask the publisher" in problem.value.remedy


def test_community_waits_never_compete_with_the_main_file():
    main = edition_of("MHSDS Data_AprPerf_2024.csv", "Performance", APRIL)
    waits = edition_of("MHSDS Data_4WW_AprPerf_2024.csv", "Performance", APRIL)
    with pytest.raises(Problem, match="edition-months-differ"):
        decide((main, "a"), (waits, "b"))


@pytest.mark.parametrize(
    "name, status, code",
    [
        ("MHSDS Data_AprFinal_2024.csv", "Performance", "edition-disagrees"),
        ("MHSDS Data_MayPerf_2024.csv", "Performance", "edition-disagrees"),
        ("MHSDS Data_AprP_2024.csv", "Provisional", "edition-provisional"),
        ("download.csv", "Draft", "edition-status"),
    ],
)
def test_name_and_rows_must_agree(name, status, code):
    with pytest.raises(Problem, match=code) as problem:
        edition_of(name, status, APRIL)
    assert problem.value.file == name


def test_a_name_that_says_nothing_leaves_it_to_the_rows():
    assert edition_of("download.csv", "Final", APRIL).label == "April 2024 Final"


@given(
    st.integers(2016, 2030),
    st.integers(1, 12),
    st.sampled_from(["Perf", "Prf", "Final"]),
    st.integers(1, 9),
    st.sampled_from([" ", "%20", "_", "__"]),
)
def test_any_month_and_version_comes_back(year, month, kind, version, gap):
    name = f"MHSDS{gap}Data_{periods.month(year, month).start:%b}{kind}{gap}{year}{gap}v{version}.csv"
    found = read_name(name)
    assert (found.month, found.version) == (periods.month(year, month), version)
    assert found.status == ("final" if kind == "Final" else "performance")


def table(values: dict[str, float | None]) -> pa.Table:
    rows = [
        {"series": "mhsds_monthly.MHS01", "place": place, "period_start": APRIL.start, "period_end": APRIL.end, "period_kind": "month"}
        | {"breakdown": "all", "category": "All", "value": value, "flags": "", "vintage": "", "source_row": ""}
        for place, value in values.items()
    ]
    return pa.Table.from_pylist(rows, OBSERVATION)


AREAS = {f"Q{n:02d}": 100.0 for n in range(20)}


def stops(old: dict, new: dict) -> list[str]:
    return [check.name.split(": ")[1] for check in compare_editions(table(old), table(new)) if not check.passed]


def test_nothing_suspicious_passes_every_rule():
    checks = compare_editions(table(AREAS), table({**AREAS, "Q00": 105.0}))
    assert [check.passed for check in checks] == [True] * 4


@pytest.mark.parametrize(
    "new, rule",
    [
        (dict.fromkeys(AREAS, 160.0), "total moves by more than half"),
        ({**AREAS, **{f"Q{n:02d}": None for n in range(6)}}, "a number is gone in more than 5 areas"),
        ({**AREAS, **{f"Q{n:02d}": 40.0 for n in range(11)}}, "more than 10 areas move by more than half"),
    ],
)
def test_each_stop_is_suggested(new, rule):
    assert rule in stops(AREAS, new)


@pytest.mark.parametrize("new", [{**AREAS, **{f"Q{n:02d}": None for n in range(5)}}, {**AREAS, **{f"Q{n:02d}": 40.0 for n in range(10)}}])
def test_a_stop_wants_more_than_its_limit(new):
    assert stops(AREAS, new) == []


@pytest.mark.parametrize("old, new", [(0.0, None), (None, 0.0)])
def test_any_step_between_zero_and_missing_is_a_stop(old, new):
    assert stops({**AREAS, "Q99": old}, {**AREAS, "Q99": new}) == ["zero becomes missing, or missing becomes zero"]


def test_england_is_not_an_area_of_itself():
    assert stops({**AREAS, ENGLAND: 2000.0}, {**AREAS, ENGLAND: 9000.0}) == []

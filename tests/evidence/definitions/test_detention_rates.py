"""Detention rates weighed by one population: equal rates stay equal whatever the ages, and the ratio of two groups."""

from __future__ import annotations

from math import exp, isclose, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.records.small_extract import LIVE, person, workbench

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import find_breakdown, find_defined
from esteem.evidence.definitions.mhsds.rules.common_weights import CommonWeightRate, RateRatio
from esteem.evidence.definitions.mhsds.rules.own_weights import OwnWeightRate
from esteem.evidence.record_model import Breakdown, Cohort, Counted, Figure, distinct
from esteem.evidence.records.schema import mhsds_v6

BY_GROUP = Breakdown("England; Upper Ethnicity", ("ethnicity_group",))
CASES = Counted(Cohort("cases", lambda work, window: None), distinct("episode"))
PEOPLE = Counted(Cohort("people", lambda work, window: None), distinct("person"))


def read_from(cases: dict[str, float], people: dict[str, float]):
    """Figures by level such as `Black;18 to 34;1`."""
    tables = {CASES: cases, PEOPLE: people}
    return lambda value, breakdown: {level: Figure(count) for level, count in tables[value].items()}


# The design page's example: the same rates at each age (100 and 2,100 per 100,000), opposite mixes of age.
RATES = {"young;1": 0.001, "old;1": 0.021}
MIX = {"A": {"young;1": 86_000, "old;1": 14_000}, "B": {"young;1": 14_000, "old;1": 86_000}}
RESIDENTS = {f"{group};{stratum}": n for group, mix in MIX.items() for stratum, n in mix.items()}
EVENTS = {f"{group};{stratum}": n * RATES[stratum] for group, mix in MIX.items() for stratum, n in mix.items()}


def values(value, cases, people) -> dict[str, float]:
    return {level: figure.value for level, figure in value.figures(BY_GROUP, read_from(cases, people)).items()}


def test_equal_rates_by_age_give_equal_rates_unlike_the_national_weights():
    assert values(CommonWeightRate(CASES, PEOPLE), EVENTS, RESIDENTS) == pytest.approx({"A": 1100, "B": 1100})
    assert values(OwnWeightRate(CASES, PEOPLE), EVENTS, RESIDENTS) == pytest.approx({"A": 380, "B": 1820})


@given(
    st.dictionaries(st.sampled_from(["a;1", "a;2", "b;1", "b;2"]), st.integers(0, 50), min_size=1),
    st.lists(st.integers(100, 100_000), min_size=8, max_size=8),
)
def test_the_rate_is_the_weighted_sum_of_the_strata(cases, residents):
    people = dict(zip((f"{g};{s}" for g in "XY" for s in ("a;1", "a;2", "b;1", "b;2")), map(float, residents), strict=True))
    whole = sum(people.values())
    weight = {s: (people[f"X;{s}"] + people[f"Y;{s}"]) / whole for s in ("a;1", "a;2", "b;1", "b;2")}
    wanted = sum(weight[s] * n / people[f"X;{s}"] for s, n in cases.items())
    found = values(CommonWeightRate(CASES, PEOPLE), {f"X;{s}": n for s, n in cases.items()}, people)
    assert isclose(found["X"], 100_000 * wanted, rel_tol=1e-9, abs_tol=1e-9)


def test_a_ratio_and_its_interval():
    rate = CommonWeightRate(CASES, PEOPLE)
    cases, people = {"A;all;1": 40, "B;all;1": 20}, {"A;all;1": 10_000, "B;all;1": 10_000}
    low, ratio, high = (
        RateRatio(rate, BY_GROUP, "A", "B", limit).figures(BY_GROUP, read_from(cases, people))["England"].value for limit in (-1, 0, 1)
    )
    spread = 1.96 * sqrt((1 - 0.004) / 40 + (1 - 0.002) / 20)
    assert ratio == pytest.approx(2)
    assert (low, high) == pytest.approx((exp(log(2) - spread), exp(log(2) + spread)))


def test_no_ratio_without_a_rate_to_compare_with():
    rate = CommonWeightRate(CASES, PEOPLE)
    assert RateRatio(rate, BY_GROUP, "A", "B").figures(BY_GROUP, read_from({"A;all;1": 4}, {"A;all;1": 100, "B;all;1": 100})) == {}


def test_from_records(tmp_path):
    """One Black man and one White man aged 40 detained; 1,000 Black and 2,000 White men of that age, and no one else."""
    people = [
        person(n, n, AgeRepPeriodEnd=40, GenderIDCode="1", NHSDEthnicity=code) for n, code in ((1, "M"), (2, "A"), (3, "Z"), (4, "A"))
    ]
    people[3]["GenderIDCode"] = ""
    detained = [
        LIVE
        | {"Person_ID": f"P{n}", "OrgIDProv": "PRA", "RecordNumber": n, "UniqMonthID": 1500, "UniqMHActEpisodeID": f"E{n}"}
        | {"LegalStatusCode": "02", "StartDateMHActLegalStatusClass": "2025-03-05", "UniqHospProvSpellID": f"S{n}"}
        | {"StartDateHospProvSpell": "2025-03-05"}
        for n in (1, 2, 3, 4)
    ]
    census = [
        {"area_type_group_code": "E38", "ethnic_group_code": code, "age_code": 40, "sex_code": "1", "observation": count}
        for code, count in ((codes_of("M"), 1000), (codes_of("A"), 2000))
    ]
    areas = {"ONS_POPULATION_V2": [], "ONS_CHD_GEO_EQUIVALENTS": [], "ONS_2021_census": census}
    work = workbench(tmp_path, {"MHS001MPI": people, "MHS401MHActPeriod": detained, "MHS501HospProvSpell": detained} | areas)
    assert value_of(work, "MHAA_DSR", "England; Upper Ethnicity") == {"Black or Black British": 100, "White or White British": 50}
    assert value_of(work, "MHAA_RATIO", "England") == {"England": 2}


def codes_of(category: str) -> int:
    """The census code of an ethnic category."""
    return next(int(number) for number, code in mhsds_v6().codes["census_ethnic_group"].items() if code == category)


def value_of(work, name: str, breakdown: str) -> dict[str, float]:
    found = find_defined(name, "12M", "mhaa")
    request = Request(found.measure, "12M", find_breakdown(found, breakdown))
    return {level: round(figure.value, 6) for level, figure in compute(work, [request])[request].items()}

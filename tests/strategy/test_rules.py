"""The rules are read as data: each finding meets exactly one, in the order shown to the reader."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esteem.strategy import rules
from esteem.strategy.finding import Finding

DUE = date(2021, 3, 31)
FRESH = {"period_end": date(2021, 3, 31), "as_at": date(2021, 9, 30), "starts": date(2017, 4, 1)}


def level(**more) -> Finding:
    return Finding(**{"kind": "level", "sign": 1, "target": 0.5, "due": DUE, **FRESH} | more)


def yearly(*steps, **more) -> Finding:
    return Finding(**{"kind": "direction", "sign": -1, "value": 1.0, "steps": steps, **FRESH} | more)


@pytest.mark.parametrize(
    ("finding", "rule"),
    [
        (level(value=0.76, lower=0.71, upper=0.81), "level-surely-met"),
        (level(value=0.76, lower=0.71, upper=0.81, variation="concern"), "level-met-worsening"),
        (level(value=0.76, lower=0.71, upper=0.81, variation="concern", assurance="pass"), "level-passing-worsening"),
        (level(value=0.55, lower=0.45, upper=0.65), "level-met"),
        (level(value=0.55, assurance="inconsistent"), "level-met"),
        (level(value=0.55, assurance="pass"), "level-surely-met"),
        (level(value=0.45, lower=0.35, upper=0.55), "level-near-when-due"),
        (level(value=0.30, lower=0.20, upper=0.40), "level-missed-when-due"),
        (level(value=4720.0, sign=-1, target=0.0, whole_count=True), "level-missed-when-due"),
        (level(value=0.0, sign=-1, target=0.0, whole_count=True), "level-surely-met"),
        (level(value=0.30, lower=0.20, upper=0.40, standing=True, due=None), "level-missed-standing"),
        (level(value=0.45, lower=0.35, upper=0.55, standing=True, due=None), "level-near-standing"),
        (level(value=0.40, expected=0.38, due=date(2022, 3, 31)), "level-on-trajectory"),
        (level(value=0.40, forecast=(0.6, 0.52, 0.68), due=date(2022, 3, 31)), "level-forecast-met"),
        (level(value=0.40, forecast=(0.5, 0.42, 0.58), due=date(2022, 3, 31)), "level-forecast-unsure"),
        (level(value=0.40, forecast=(0.4, 0.32, 0.48), due=date(2022, 3, 31)), "level-forecast-missed"),
        (level(value=0.40, due=date(2022, 3, 31)), "level-not-there-yet"),
        (level(value=0.55), "level-met"),
        (level(value=0.45), "level-missed-no-interval"),
        (level(value=0.45, assurance="fail"), "level-missed-when-due"),
        (level(value=0.45, assurance="inconsistent"), "level-near-when-due"),
        (level(value=None), "figure-missing"),
        (level(value=None, suppressed=True), "figure-suppressed"),
        (level(value=0.7, period_end=date(2016, 3, 31)), "figure-before-start"),
        (level(value=0.7, period_end=date(2019, 3, 31), as_at=date(2026, 11, 1)), "figure-too-old"),
        (level(value=0.7, lower=0.6, upper=0.8, as_at=date(2026, 11, 1)), "level-surely-met"),
        (yearly(), "direction-too-short"),
        (yearly(1.0, 2.0, every_year=True, trend="better"), "direction-every-year"),
        (yearly(1.0, -0.1, every_year=True, trend="better"), "direction-mostly"),
        (yearly(1.0, -3.0, every_year=True, sure_step_against=True, trend="unsure"), "direction-broken-year"),
        (yearly(-1.0, -3.0, trend="worse"), "direction-wrong"),
        (yearly(1.0, -0.1, trend="better"), "direction-overall"),
        (yearly(2.0, sure_last_step=True), "direction-overall"),
        (yearly(-1.0, 2.0, trend="unsure"), "direction-likely"),
        (yearly(2.0, -1.0, trend="unsure"), "direction-unsure"),
        (Finding(kind="parity", sign=-1, ratio=3.6, ratio_lower=3.4, ratio_upper=3.7, **FRESH), "parity-gap"),
        (Finding(kind="parity", sign=-1, ratio=1.1, ratio_lower=0.9, ratio_upper=1.3, **FRESH), "parity-no-sure-gap"),
        (Finding(kind="parity", sign=-1, ratio=0.8, ratio_lower=0.7, ratio_upper=0.9, **FRESH), "parity-better"),
        (Finding(kind="parity", sign=1, ratio=0.8, ratio_lower=0.7, ratio_upper=0.9, **FRESH), "parity-gap"),
        (Finding(kind="parity", sign=-1, ratio=2.0, **FRESH), "parity-unsure"),
    ],
)
def test_each_rule_speaks_for_its_own_case(finding, rule):
    assert rules.judge(finding).id == rule


numbers = st.one_of(st.none(), st.floats(-1e6, 1e6))
findings = st.builds(
    Finding,
    kind=st.sampled_from(sorted(rules.BY_KIND)),
    sign=st.sampled_from([1, -1]),
    value=numbers,
    lower=numbers,
    upper=numbers,
    target=numbers,
    expected=numbers,
    due=st.one_of(st.none(), st.dates(date(2015, 1, 1), date(2030, 1, 1))),
    standing=st.booleans(),
    period_end=st.one_of(st.none(), st.dates(date(2015, 1, 1), date(2030, 1, 1))),
    as_at=st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    variation=st.sampled_from(["", "improvement", "concern", "common"]),
    assurance=st.sampled_from(["", "pass", "fail", "inconsistent"]),
    forecast=st.one_of(st.none(), st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))),
    steps=st.lists(st.floats(-10, 10), max_size=5).map(tuple),
    sure_step_against=st.booleans(),
    trend=st.sampled_from(["", "better", "worse", "unsure"]),
    every_year=st.booleans(),
    ratio=numbers,
    ratio_lower=numbers,
    ratio_upper=numbers,
)


@given(findings)
def test_every_finding_meets_a_rule_and_gets_a_status(finding):
    assert rules.judge(finding).status in rules.STATUSES


@given(findings)
def test_nothing_is_judged_without_a_figure(finding):
    bare = replace(finding, value=None, ratio=None)
    assert rules.judge(bare).status == rules.CANNOT_TELL


@given(st.floats(0, 1), st.floats(0, 0.3), st.floats(0, 1))
def test_kept_needs_the_whole_interval_and_not_kept_leaves_none_of_it(value, half, target):
    finding = level(value=value, lower=value - half, upper=value + half, target=target)
    status = rules.judge(finding).status
    assert (status == rules.KEPT) == (value - half >= target)
    assert (status == rules.NOT_KEPT) == (value + half < target)


@given(findings)
def test_an_old_figure_is_judged_only_when_it_reaches_the_due_day(finding):
    if finding.is_stale and not finding.covers_due:
        assert rules.judge(finding).status == rules.CANNOT_TELL


@given(st.sampled_from(rules.STATUSES), st.lists(st.sampled_from(rules.STATUSES)))
def test_other_measures_never_raise_a_status(primary, others):
    status, _ = rules.combine_measures(primary, others)
    if primary in rules.JUDGED:
        assert rules.severity(status) in (rules.severity(primary), rules.severity(primary) + 1)
    else:
        assert status == primary


@given(st.lists(st.sampled_from(rules.JUDGED), min_size=1))
def test_the_least_good_place_counts(statuses):
    status, _ = rules.combine_places(statuses)
    assert rules.severity(status) == max(map(rules.severity, statuses))


def test_places_that_cannot_be_judged_lower_the_answer():
    assert rules.combine_places(["kept", "kept", "cannot_tell"])[0] == "on_course"
    assert rules.combine_places(["kept", "cannot_tell", "cannot_tell"])[0] == "cannot_tell"
    assert rules.combine_places([])[0] == "cannot_tell"


def test_rule_ids_and_words_are_unique_and_end_as_sentences():
    every = [r for kind in rules.BY_KIND.values() for r in kind]
    by_id = {r.id: r for r in every}
    assert len({r.words for r in by_id.values()}) == len(by_id)
    assert all(r.words.endswith(".") for r in every)

"""Asking: pooling, periods, breakdowns, places without figures, control limits, comparison."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evidence.small_snapshot import SmallSnapshot, counted, row

from esteem.evidence.ask import ask, latest
from esteem.evidence.definitions import all_measures, find_measure
from esteem.terms.periods import financial_year, month, parse, quarter
from esteem.terms.places import ENGLAND
from esteem.terms.problems import Problem

PSYCHOSIS = find_measure("psychosis-treated-within-two-weeks")
BED_DAYS = find_measure("out-of-area-bed-days")
EIP, EIP_LATER, DAYS = "eip_history.completed", "dashboard.EIP(i)", "dashboard.CR(iii_a)"
MONTHS = [f"{year}-{m:02d}" for year, m in [(2018, m) for m in range(4, 13)] + [(2019, m) for m in range(1, 4)]]


def test_a_year_of_months_is_the_sum_of_counts_with_wilson_limits():
    # 18 of 24 over the year. Wilson by hand: (2*18 + z2 -/+ z sqrt(z2 + 4*18*6/24)) / (2 (24 + z2)), z = 1.959964: 0.5510 and 0.8800.
    snapshot = SmallSnapshot([counted(EIP, "99G", m, 1 + i % 2, 2, flags="exact", row=f"row {i}") for i, m in enumerate(MONTHS)])
    [answer] = ask(snapshot, PSYCHOSIS, ["99G"], financial_year(2018))
    assert (answer.numerator, answer.denominator, answer.number) == (18, 24, 0.75)
    assert (answer.lower, answer.upper) == pytest.approx((0.5510, 0.8800), abs=5e-5)
    assert {"pooled", "exact", "derived"} <= set(answer.flags)
    assert len(answer.sources) == 12


def test_a_year_with_a_month_missing_has_no_value():
    snapshot = SmallSnapshot([counted(EIP, "99G", m, 1, 2) for m in MONTHS[:-1]])
    [answer] = ask(snapshot, PSYCHOSIS, ["99G"], financial_year(2018))
    assert answer.number is None
    assert "missing_part" in answer.flags


def test_several_codes_are_one_place():
    snapshot = SmallSnapshot([counted(EIP, "99G", "2018-09", 1, 4), counted(EIP, "07G", "2018-09", 3, 4)])
    [answer] = ask(snapshot, PSYCHOSIS, "99G+07G", month(2018, 9))
    assert (answer.numerator, answer.denominator, answer.number) == (4, 8, 0.5)
    assert answer.parts == ("99G", "07G")
    assert any("added together" in words for words in answer.words)


def test_a_named_group_is_one_place_under_its_own_name():
    snapshot = SmallSnapshot([counted(EIP, code, "2018-09", 1, 2) for code in ("06Q", "06T", "07G", "07H", "99E", "99F", "99G")])
    [answer] = ask(snapshot, PSYCHOSIS, ["set-ccgs"])
    assert (answer.place, answer.numerator, answer.denominator) == ("set-ccgs", 7, 14)


def test_a_suppressed_part_hides_the_sum_and_is_never_zero():
    snapshot = SmallSnapshot([row(DAYS, "99G", "Q1 2021/22", 100), row(DAYS, "07G", "Q1 2021/22", None, flags="suppressed")])
    [answer] = ask(snapshot, BED_DAYS, ["99G", "07G"], quarter(2021, 1))
    assert answer.number is None
    assert "suppressed_part" in answer.flags


def test_a_place_that_lacks_a_period_makes_the_sum_missing():
    snapshot = SmallSnapshot([row(DAYS, "99G", "Q1 2021/22", 100), row(DAYS, "07G", "Q2 2021/22", 50)])
    answers = ask(snapshot, BED_DAYS, ["99G", "07G"])
    assert [a.number for a in answers] == [None, None]
    assert all("missing_part" in a.flags for a in answers)


@pytest.mark.parametrize(
    ("measure", "series"), [("wellbeing-anxiety", "ons_local.anxiety"), ("talking-therapies-recovery-quarterly", "dashboard.IAPT(ii_a)")]
)
def test_averages_and_rounded_shares_are_not_added(measure, series):
    snapshot = SmallSnapshot([row(series, code, "2021/22", 0.5) for code in ("99G", "07G")])
    with pytest.raises(Problem) as problem:
        ask(snapshot, find_measure(measure), ["99G", "07G"])
    assert problem.value.code == "not-poolable"
    assert "because" in problem.value.rule


_COUNTS = st.integers(0, 50).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole), st.booleans()))


@settings(max_examples=40, deadline=None)
@given(st.lists(_COUNTS, min_size=3, max_size=3))
def test_a_pooled_share_is_the_sum_of_counts_or_nothing(counts):
    """Whatever the parts: with one of them hidden there is no figure, with none of them it is the plain sum."""
    observations = [
        row(EIP, code, "2018-09", None, flags="suppressed", denominator=whole)
        if hidden
        else counted(EIP, code, "2018-09", part, whole, flags="exact" if whole else "too_few exact")
        for code, (part, whole, hidden) in zip(("99G", "07G", "99E"), counts, strict=True)
    ]
    [answer] = ask(SmallSnapshot(observations), PSYCHOSIS, "99G+07G+99E")
    parts, wholes = sum(c[0] for c in counts), sum(c[1] for c in counts)
    if any(c[2] for c in counts):
        assert (answer.number, answer.numerator) == (None, None)
        assert "suppressed_part" in answer.flags
    elif wholes:
        assert (answer.numerator, answer.denominator) == (parts, wholes)
        assert answer.lower <= answer.number == parts / wholes <= answer.upper
    else:
        assert answer.number is None
        assert "too_few" in answer.flags


def test_a_stock_is_not_added_over_time():
    snapshot = SmallSnapshot([counted("eip_history.incomplete", "99G", m, 1, 2) for m in MONTHS])
    with pytest.raises(Problem) as problem:
        ask(snapshot, find_measure("psychosis-waiting-under-two-weeks"), ["99G"], financial_year(2018))
    assert problem.value.code == "not-poolable"


def test_shares_without_counts_cannot_be_added_over_places():
    snapshot = SmallSnapshot([row(EIP_LATER, code, "Q4 2021/22", 0.67, flags="rounded") for code in ("99G", "07G")])
    with pytest.raises(Problem) as problem:
        ask(snapshot, PSYCHOSIS, ["99G", "07G"])
    assert problem.value.code == "not-poolable"


def test_a_series_says_where_it_cannot_be_added_and_gives_the_rest():
    observations = [counted(EIP, code, "2019-09", 1, 2) for code in ("99G", "07G")]
    observations += [row(EIP_LATER, code, "Q4 2021/22", 0.67, flags="rounded") for code in ("99G", "07G")]
    answers = ask(SmallSnapshot(observations), PSYCHOSIS, ["99G", "07G"])
    assert [(a.number, "not_poolable" in a.flags) for a in answers] == [(0.5, False), (None, True)]
    assert latest(answers)[0].number == 0.5


def test_overlapping_places_are_refused():
    snapshot = SmallSnapshot([row(DAYS, "99G", "Q1 2021/22", 100), row(DAYS, "QH8", "Q1 2021/22", 900)])
    with pytest.raises(Problem) as problem:
        ask(snapshot, BED_DAYS, ["QH8", "99G"])
    assert problem.value.code == "group-overlap"


def test_predecessors_carry_a_place_back_with_words():
    snapshot = SmallSnapshot(
        [counted(EIP, "07N", "2018-09", 2, 3), counted(EIP, "08A", "2018-09", 1, 1), counted(EIP, "72Q", "2020-04", 5, 6)]
    )
    answers = ask(snapshot, PSYCHOSIS, ["72Q"])
    assert [(a.numerator, a.denominator) for a in answers] == [(3, 4), (5, 6)]
    assert any("Before 1 April 2020" in words for words in answers[0].words)


def test_the_first_series_speaks_and_series_never_mix_in_a_period():
    snapshot = SmallSnapshot(
        [counted(EIP, "99G", "2019-09", 2, 3), row(EIP_LATER, "99G", "Q2 2019/20", 0.9), row(EIP_LATER, "99G", "Q3 2019/20", 0.8)]
    )
    answers = ask(snapshot, PSYCHOSIS, ["99G"])
    assert [a.period.label for a in answers] == ["2019-09", "2019/20 Q3"]


def test_a_range_gives_the_published_periods_inside_it():
    snapshot = SmallSnapshot([counted(EIP, "99G", m, 1, 2) for m in MONTHS])
    answers = ask(snapshot, PSYCHOSIS, ["99G"], (parse("2018-06"), parse("2018-08")))
    assert [a.period.label for a in answers] == ["2018-06", "2018-07", "2018-08"]


@pytest.mark.parametrize("spelling", ["England", "ENG", "Eng", "E92000001", "all"])
def test_england_by_any_spelling(spelling):
    snapshot = SmallSnapshot([row(DAYS, ENGLAND, "Q1 2021/22", 51935, flags="exact")])
    assert ask(snapshot, BED_DAYS, [spelling])[0].place == ENGLAND


def test_a_place_without_figures_says_who_publishes_and_what_holds_it():
    snapshot = SmallSnapshot([row(DAYS, "72Q", "Q1 2021/22", 900)])
    [answer] = ask(snapshot, BED_DAYS, ["E09000004"])
    assert answer.number is None
    assert answer.flags == ("not_collected",)
    words = " ".join(answer.words)
    assert "NHS England" in words
    assert "72Q" in words


def test_a_time_without_figures_says_when_the_series_runs():
    snapshot = SmallSnapshot([row(DAYS, "99G", "Q1 2021/22", 900)])
    [answer] = ask(snapshot, BED_DAYS, ["99G"], quarter(2015, 1))
    assert answer.number is None
    assert "April 2021" in " ".join(answer.words)


def test_nothing_after_as_at_is_used():
    snapshot = SmallSnapshot([row(DAYS, "99G", "Q1 2021/22", 900), row(DAYS, "99G", "Q2 2021/22", 800)])
    answers = ask(snapshot, BED_DAYS, ["99G"], as_at=date(2021, 7, 31))
    assert [a.number for a in answers] == [900]


def test_categories_one_row_each_suppressed_as_null():
    recovery = find_measure("talking-therapies-recovery")
    groups = {"Black or Black British": (0.48, 2015, 4195), "Mixed": (None, None, 20)}
    observations = []
    for category, (share, recovered, ill) in groups.items():
        cell = {"breakdown": "ethnicity", "category": category}
        flags = "rounded" if share else "suppressed"
        observations.append(row("tt_annual.recovery.percentage", "QH8", "2024/25", share, flags=flags, **cell))
        observations.append(row("tt_annual.recovery.count", "QH8", "2024/25", recovered, flags=flags, **cell))
        observations.append(row("tt_annual.at_caseness.count", "QH8", "2024/25", ill, flags="rounded", **cell))
    answers = {a.category: a for a in ask(SmallSnapshot(observations), recovery, ["QH8"], by="ethnicity")}
    assert (answers["Black or Black British"].numerator, answers["Black or Black British"].denominator) == (2015, 4195)
    assert answers["Mixed"].number is None
    assert "suppressed" in answers["Mixed"].flags


def test_an_unknown_breakdown_names_those_that_exist():
    snapshot = SmallSnapshot([row(DAYS, "99G", "Q1 2021/22", 1), row(DAYS, "99G", "Q1 2021/22", 1, breakdown="sex", category="Male")])
    with pytest.raises(Problem) as problem:
        ask(snapshot, BED_DAYS, ["99G"], by="eye colour")
    assert problem.value.code == "breakdown-unknown"
    assert "sex" in problem.value.remedy


def test_every_place_of_a_kind():
    snapshot = SmallSnapshot([row(DAYS, code, "Q1 2021/22", 10) for code in ("99G", "07G", "QH8", ENGLAND)])
    assert [a.place for a in ask(snapshot, BED_DAYS, "all:ccg")] == ["07G", "99G"]
    with pytest.raises(Problem) as problem:
        ask(snapshot, BED_DAYS, "all:planets")
    assert problem.value.code == "kind-unknown"


def test_a_difference_takes_the_other_series_of_the_same_year_away():
    # Southend: employment rate 78.9% in 2020, 12% of people in services in work in 2020/21 (published): 66.9 percentage points.
    snapshot = SmallSnapshot(
        [
            row("ons_local.employment_rate", "E09000004", "2020", 0.789),
            row("ascof.1F", "E09000004", "2020/21", 0.12),
            row("ons_local.employment_rate", "E09000004", "2021", 0.8),
        ]
    )
    answers = ask(snapshot, find_measure("employment-gap"), ["E09000004"])
    assert [a.number for a in answers] == [pytest.approx(66.9)]  # 2021 has one of the two parts only


def test_quarters_of_a_yearly_need_add_up_to_the_year():
    # England 2018/19, published quarters: 4.20%, 4.23%, 4.48%, 4.76%.
    shares = {"Q1 2018/19": 0.0420, "Q2 2018/19": 0.0423, "Q3 2018/19": 0.0448, "Q4 2018/19": 0.0476}
    snapshot = SmallSnapshot([row("dashboard.IAPT(i_a).share", ENGLAND, q, share) for q, share in shares.items()])
    [answer] = ask(snapshot, find_measure("talking-therapies-access"), ["England"], financial_year(2018))
    assert answer.number == pytest.approx(0.1767)


def test_a_ratio_of_two_series():
    snapshot = SmallSnapshot(
        [row("dashboard.IAPT(i_a).count", "99G", "Q4 2021/22", 1325), row("dashboard.IAPT(i_a) Targets", "99G", "Q4 2021/22", 2650)]
    )
    [answer] = ask(snapshot, find_measure("talking-therapies-people-against-plan"), ["99G"])
    assert (answer.number, answer.numerator, answer.denominator) == (0.5, 1325, 2650)


def test_the_computed_witness_is_named_as_missing():
    with pytest.raises(Problem) as problem:
        ask(SmallSnapshot([]), find_measure("talking-therapies-access"), ["99G"], witness="computed")
    assert problem.value.code == "witness-missing"


def test_the_latest_answer_passes_over_what_was_not_published_but_not_over_a_suppressed_one():
    quarters = [row(DAYS, "99G", "Q1 2021/22", 5), row(DAYS, "99G", "Q2 2021/22", None, flags="suppressed")]
    quarters.append(row(DAYS, "99G", "Q3 2021/22", None, flags="not_collected"))
    [answer] = latest(ask(SmallSnapshot(quarters), BED_DAYS, ["99G"]))
    assert answer.period == quarter(2021, 2)
    assert answer.number is None
    assert "not collected" in answer.words[-1]


def test_years_make_the_line_and_quarters_are_given_by_name():
    wait = find_measure("children-average-wait-second-contact")
    series = "cyp_waits.all.people.average_wait"
    snapshot = SmallSnapshot([row(series, "99G", "2021/22", 20), row(series, "99G", "Q4 2021/22", 8)])
    assert [a.number for a in ask(snapshot, wait, ["99G"])] == [20]
    assert [a.number for a in ask(snapshot, wait, ["99G"], quarter(2021, 4))] == [8]


class TestControlLimits:
    def test_limits_are_the_mean_and_266_average_moving_ranges(self):
        # 10, 12, 10, 12 ...: mean 11, average moving range 2, limits 11 -/+ 5.32.
        snapshot = SmallSnapshot([row(DAYS, "99G", f"Q{1 + i % 4} {2018 + i // 4}/{19 + i // 4}", 10 + 2 * (i % 2)) for i in range(16)])
        answers = ask(snapshot, BED_DAYS, ["99G"], spc=True)
        assert {(a.centre, round(a.lower_process_limit, 6), round(a.upper_process_limit, 6)) for a in answers} == {(11, 5.68, 16.32)}
        assert {a.label for a in answers} == {"Common Cause"}
        assert {a.assurance for a in answers} == {"consistent_fail"}  # the standard is none at all

    def test_one_period_is_shown_against_the_limits_of_the_whole_series(self):
        snapshot = SmallSnapshot([row(DAYS, "99G", f"Q{1 + i % 4} {2018 + i // 4}/{19 + i // 4}", 10 + 2 * (i % 2)) for i in range(16)])
        [answer] = ask(snapshot, BED_DAYS, ["99G"], quarter(2021, 4), spc=True)
        assert (answer.period, answer.centre) == (quarter(2021, 4), 11)

    def test_run_in_months_stay_out_and_another_source_starts_anew(self):
        run_in = [counted(EIP, "99G", m, 0, 10) for m in ("2015-12", "2016-01", "2016-02", "2016-03")]
        later = [counted(EIP, "99G", f"{2016 + (3 + i) // 12}-{(3 + i) % 12 + 1:02d}", 8 if i % 2 else 6, 10) for i in range(24)]
        other = [row(EIP_LATER, "99G", f"Q{1 + i % 4} {2020 + i // 4}/{21 + i // 4}", 0.5 + 0.01 * (i % 2)) for i in range(8)]
        answers = ask(SmallSnapshot(run_in + later + other), PSYCHOSIS, ["99G"], spc=True)
        assert [a.label for a in answers[:4]] == [None] * 4
        assert any("run-in" in words for words in answers[0].chart)
        assert answers[5].centre == pytest.approx(0.7)
        assert answers[-1].centre == pytest.approx(0.505)
        assert any("new limits from" in words for words in answers[-1].chart)

    def test_overlapping_periods_have_no_limits_and_say_why(self):
        women = find_measure("perinatal-women-in-contact")
        snapshot = SmallSnapshot([row("dashboard.PMH(i_a)", "99G", f"Q{q} 2021/22", 200 + q) for q in (1, 2, 3, 4)])
        answers = ask(snapshot, women, ["99G"], spc=True)
        assert {a.centre for a in answers} == {None}
        assert any("not independent" in words for words in answers[0].words)


class TestComparison:
    RATES = "mha_annual.all_detentions.standardised_rate"

    def _detentions(self):
        # England 2023/24, published: Black or Black British 242.3 (half-width 6.9), White British 67.8 (0.8).
        def rate(breakdown, category, value, half):
            limits = {"lower": value - half, "upper": value + half}
            return row(self.RATES, ENGLAND, "2023/24", value, breakdown=breakdown, category=category, flags="exact", **limits)

        return SmallSnapshot(
            [
                rate("ethnicity", "Black or Black British", 242.3, 6.9),
                rate("ethnicity_detail", "White British", 67.8, 0.8),
                rate("ethnicity", "Mixed", 100.0, 5.0),
            ]
        )

    def test_ratio_and_difference_from_published_limits_across_breakdowns(self):
        measure = find_measure("detention-standardised-rate")
        answers = ask(self._detentions(), measure, ["England"], by="ethnicity", against="White British")
        black = next(a for a in answers if a.category == "Black or Black British")
        assert black.ratio == pytest.approx(242.3 / 67.8)
        assert black.ratio_lower < black.ratio < black.ratio_upper
        assert black.difference == pytest.approx(174.5)
        assert black.against == "White British"

    def test_difference_of_shares_by_newcombe(self):
        # Newcombe 1998, example (a): 56 of 70 against 48 of 80, difference 0.20, method 10: 0.0524 to 0.3339.
        cell = {"breakdown": "sex"}
        snapshot = SmallSnapshot(
            [
                item
                for category, x, n in (("Male", 56, 70), ("Female", 48, 80))
                for item in (
                    row("tt_annual.recovery.percentage", "QH8", "2024/25", x / n, category=category, **cell),
                    row("tt_annual.recovery.count", "QH8", "2024/25", x, category=category, **cell),
                    row("tt_annual.at_caseness.count", "QH8", "2024/25", n, category=category, **cell),
                )
            ]
        )
        answers = ask(snapshot, find_measure("talking-therapies-recovery"), ["QH8"], by="sex", against="female")
        male = next(a for a in answers if a.category == "Male")
        assert (male.difference, male.difference_lower, male.difference_upper) == pytest.approx((0.20, 0.0524, 0.3339), abs=5e-5)

    def test_a_place_can_be_the_reference(self):
        snapshot = SmallSnapshot([counted(EIP, "99G", "2018-09", 1, 2), counted(EIP, ENGLAND, "2018-09", 300, 400)])
        [answer] = ask(snapshot, PSYCHOSIS, ["99G"], against="England")
        assert answer.difference == pytest.approx(-0.25)

    def test_an_unknown_reference_names_the_groups(self):
        with pytest.raises(Problem) as problem:
            ask(self._detentions(), find_measure("detention-standardised-rate"), ["England"], by="ethnicity", against="Martians")
        assert problem.value.code == "against-unknown"
        assert "Mixed" in problem.value.remedy


def test_a_measure_that_is_unknown_gets_near_ones():
    with pytest.raises(Problem) as problem:
        find_measure("psychosis-treated-in-two-weeks")
    assert "psychosis-treated-within-two-weeks" in problem.value.remedy


def test_there_are_at_least_sixty_measures():
    assert len(all_measures()) >= 60

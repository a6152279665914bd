"""The only exit: what is hidden stays hidden, what is shown reads well, and machines get exact figures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.small_snapshot import SmallSnapshot, counted, row

from esteem.evidence.ask import ask
from esteem.evidence.definitions import all_measures, find_measure
from esteem.evidence.publish import as_rows, number_text, release, sentence, text, why_missing
from esteem.terms.periods import financial_year
from esteem.terms.problems import Problem

PSYCHOSIS = find_measure("psychosis-treated-within-two-weeks")
BED_DAYS = find_measure("out-of-area-bed-days")
RATE = find_measure("detention-rate")
RECOVERY = find_measure("talking-therapies-recovery")
YEAR = "2018/19"
FIELDS = [
    "measure",
    "place_code",
    "place_name",
    "period",
    "period_start",
    "period_end",
    "breakdown",
    "by",
    "value",
    "numerator",
    "denominator",
    "lower",
    "upper",
    "unit",
    "method",
    "source",
    "source_rows",
    "flags",
]
CHART = ["centre", "lower_process_limit", "upper_process_limit", "label", "variation", "assurance"]
COMPARISON = ["ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper"]


def _year_of_psychosis():
    return ask(SmallSnapshot([counted("eip_history.completed", "99G", YEAR, 222, 291, flags="exact")]), PSYCHOSIS, ["99G"])


def _suppressed_recovery():
    """The publisher hid the share and the number who recovered; the number who were ill is public."""
    return SmallSnapshot(
        [
            row("tt_annual.recovery.percentage", "QH8", "2024/25", None, flags="suppressed"),
            row("tt_annual.recovery.count", "QH8", "2024/25", 15, flags="rounded"),
            row("tt_annual.at_caseness.count", "QH8", "2024/25", 40, flags="rounded"),
        ]
    )


def test_words_of_a_share_with_counts():
    # Wilson limits of 222 of 291 are 0.7109 and 0.8083 (Wilson 1927, worked out apart from our code).
    [answer] = release(_year_of_psychosis())
    assert text(answer, PSYCHOSIS) == "76% (71 to 81)"
    assert sentence(answer, PSYCHOSIS) == (
        "April 2018 to March 2019, NHS Southend CCG: 222 of 291 people (76%, 71 to 81) started treatment within two weeks."
    )


def test_words_of_counts_rates_and_money():
    assert number_text(4720, BED_DAYS) == "4,720 bed days"
    assert number_text(242.31, RATE) == "242.3 detentions per 100,000 people"
    assert number_text(1408000, find_measure("spending-early-intervention-psychosis")) == "£1,408,000"
    assert number_text(1, find_measure("mental-health-investment-standard")) == "yes"


def test_halves_are_rounded_away_from_zero_as_people_do():
    assert [number_text(x, PSYCHOSIS) for x in (0.005, 0.015, 0.125)] == ["1%", "2%", "13%"]


def test_limits_that_would_read_the_same_get_a_decimal():
    [answer] = release(ask(SmallSnapshot([counted("eip_history.completed", "99G", YEAR, 4700, 10000)]), PSYCHOSIS, ["99G"]))
    wide, narrow = replace(answer, lower=0.46, upper=0.48), replace(answer, lower=0.4696, upper=0.4704)
    assert text(wide, PSYCHOSIS) == "47% (46 to 48)"
    assert text(narrow, PSYCHOSIS) == "47.0% (47.0 to 47.0)"


@given(st.floats(min_value=0, max_value=1e7), st.sampled_from(sorted(all_measures())))
def test_a_number_in_words_is_never_far_from_itself(number, name):
    measure = all_measures()[name]
    if measure.unit == "yes_no":
        return
    shown = float(number_text(number, measure, bare=True).lstrip("£").replace(",", ""))
    scale = 100 if measure.unit == "proportion" else 1
    assert abs(shown - number * scale) <= 0.5000001 * 10**-measure.decimals + 1e-6 * number * scale


def test_the_row_has_exactly_the_promised_fields():
    rows = as_rows(release(_year_of_psychosis()))
    assert [name for name in rows[0] if name != "notes"] == FIELDS
    assert rows[0]["numerator"] == 222
    assert rows[0]["value"] == 222 / 291
    assert rows[0]["period"] == YEAR
    assert rows[0]["source"].startswith("NHS England, Test publication")
    assert rows[0]["source_rows"] == "row 1"


def test_chart_and_comparison_fields_come_when_asked():
    [both] = as_rows(release(_year_of_psychosis()), spc=True, against=True)
    assert set(CHART + COMPARISON) <= set(both)
    [neither] = as_rows(release(_year_of_psychosis()))
    assert not set(CHART + COMPARISON) & set(neither)


def test_a_suppressed_figure_takes_its_counts_and_limits_with_it():
    [answer] = release(ask(_suppressed_recovery(), RECOVERY, ["QH8"]))
    [shown] = as_rows([answer])
    assert (shown["value"], shown["numerator"], shown["denominator"], shown["lower"], shown["upper"]) == (None,) * 5
    assert shown["flags"] == ["suppressed"]
    assert text(answer, RECOVERY) == "suppressed"


def test_a_hidden_share_is_not_won_back_by_adding_places():
    """The attack: the sum of two places, less the published one, would give the hidden one."""
    shares = [("tt_annual.recovery.percentage", 0.5, None), ("tt_annual.recovery.count", 50, 15), ("tt_annual.at_caseness.count", 100, 40)]
    observations = [row(series, "99G", YEAR, open_one) for series, open_one, _ in shares]
    observations += [row(series, "07G", YEAR, hidden, flags="" if hidden else "suppressed") for series, _, hidden in shares]
    [answer] = release(ask(SmallSnapshot(observations), RECOVERY, ["99G", "07G"], financial_year(2018)))
    assert (answer.number, answer.numerator, answer.denominator) == (None, None, None)
    assert "suppressed_part" in answer.flags
    assert why_missing(answer) == "not given: a part is suppressed"


def test_a_hidden_month_is_not_won_back_from_the_year():
    months = [f"2018-{m:02d}" for m in range(4, 13)] + [f"2019-{m:02d}" for m in range(1, 4)]
    observations = [row("mhsds_provider.bed_days", "99G", m, 100) for m in months[1:]]
    observations.append(row("mhsds_provider.bed_days", "99G", months[0], None, flags="suppressed"))
    [answer] = release(ask(SmallSnapshot(observations), find_measure("hospital-bed-days"), ["99G"], financial_year(2018)))
    assert answer.number is None
    assert "suppressed_part" in answer.flags


def test_no_ratio_with_a_hidden_figure():
    observations = [
        row("mha_annual.all_detentions.crude_rate", "QH8", "2023/24", value, breakdown="ethnicity", category=name, flags=flags)
        for name, value, flags in (("White", 80, "rounded"), ("Mixed", None, "suppressed"))
    ]
    answers = release(ask(SmallSnapshot(observations), RATE, ["QH8"], by="ethnicity", against="White"))
    mixed = next(a for a in answers if a.category == "Mixed")
    assert (mixed.ratio, mixed.difference) == (None, None)


@pytest.mark.parametrize(("events", "given", "flags"), [(9, None, "too_few"), (12, 1.2, "few_events"), (20, 2.0, "")])
def test_the_rule_for_deaths(events, given, flags):
    cells = [
        row("mha_annual.all_detentions.crude_rate", "QH8", "2023/24", events / 10),
        row("mha_annual.all_detentions.count", "QH8", "2023/24", events),
    ]
    [answer] = release(ask(SmallSnapshot(cells, policy="ons_deaths"), RATE, ["QH8"]))
    assert answer.number == given
    assert flags in " ".join(answer.flags)
    if given is None:
        assert answer.numerator is None


def test_none_of_none_in_an_exact_count_is_shown_as_such():
    cells = [counted("eip_history.completed", "99G", YEAR, 0, 0, flags="too_few exact")]
    [answer] = release(ask(SmallSnapshot(cells), PSYCHOSIS, ["99G"]))
    assert (answer.number, answer.numerator, answer.denominator) == (None, 0, 0)


def test_only_released_figures_leave():
    with pytest.raises(Problem) as problem:
        as_rows(_year_of_psychosis())
    assert problem.value.code == "not-released"


def test_an_unknown_audience_or_policy_is_refused():
    with pytest.raises(Problem, match="released to one of"):
        release([], audience="everyone")
    with pytest.raises(Problem, match="release policy is one of"):
        release(_year_of_psychosis(), policy="trust me")

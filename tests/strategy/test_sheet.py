"""The sheet on a small snapshot: each status with its reason, from published figures carried over into the test."""

from __future__ import annotations

from datetime import date

import pytest
from tests.evidence.small_snapshot import SmallSnapshot, counted, row

from esteem.strategy import rows, terminal
from esteem.strategy.changes import changes
from esteem.strategy.file import load_strategy
from esteem.strategy.sheet import sheet
from esteem.terms.problems import Problem

HEAD = """
id = "example-2017"
title = "Example"
short = "Example"
starts = 2017-04-01
ends = 2021-03-31
rows = ["A01..A01"]
vision = ["People feel well."]
[[place]]
name = "areas"
codes = ["99G", "07G"]
words = "Southend and Thurrock"
[[place]]
name = "southend"
codes = ["99G"]
words = "Southend"
[[place]]
name = "board"
codes = ["72Q"]
words = "South East London"
[[section]]
id = "one"
title = "One"
[[promise]]
row = "A01"
section = "one"
text = "A promise."
owner = "Somebody"
"""
MEASURE = """
[[promise.measure]]
id = "{measure}"
where = "{where}"
role = "{role}"
{more}
"""
NEED = """
[[promise.needs]]
what = "A figure"
from = "NHS England"
{face}
"""


class Small(SmallSnapshot):
    created = date(2022, 6, 30)

    def table(self, sql: str, parameters=()):
        return self._connection.execute(sql, list(parameters)).to_arrow_table()


def bound(measure: str, target: str = "", where: str = "southend", role: str = "outcome") -> str:
    more = f"primary = true\ntarget = {{ {target}, source = 'test' }}" if role == "outcome" else f"target = {{ {target}, source = 'test' }}"
    return MEASURE.format(measure=measure, where=where, role=role, more=more if target else "")


@pytest.fixture
def judged(tmp_path):
    """judged(promise text, observations, as_at=None) -> the status of the one promise."""

    def work(body: str, observations, as_at: date | None = None, whole: bool = False):
        path = tmp_path / "strategy.toml"
        path.write_text(HEAD + body, encoding="utf-8")
        found = sheet(load_strategy(path), Small(observations), as_at)
        return found if whole else found.promises[0]

    return work


AT_LEAST_HALF = 'kind = "level", value = 0.5, comparison = "at_least"'
TWO_WEEKS = "psychosis-treated-within-two-weeks"
COMPLETED = "eip_history.completed"
# Southend and Thurrock 2018/19 in quarters of made-up counts that add up to 32 of 40 and 30 of 60.
MONTHS = [f"2020-{m:02d}" for m in range(4, 13)] + [f"2021-{m:02d}" for m in range(1, 4)]


def months(place: str, treated: int, all_of: int):
    return [counted(COMPLETED, place, m, treated, all_of) for m in MONTHS]


def test_kept_on_twelve_months_added_up(judged):
    found = judged(bound(TWO_WEEKS, AT_LEAST_HALF), months("99G", 8, 10))
    assert (found.status, found.rule) == ("kept", "level-surely-met")
    assert (found.shown.headline.numerator, found.shown.headline.denominator) == (96, 120)
    assert "80% (72 to 86)" in found.reason and "at least 50%" in found.reason


def test_several_places_are_added_up_where_counts_allow(judged):
    found = judged(bound(TWO_WEEKS, AT_LEAST_HALF, "areas"), [*months("99G", 8, 10), *months("07G", 2, 10)])
    assert len(found.primary.places) == 1
    assert found.shown.headline.number == pytest.approx(0.5)
    assert found.status == "on_course"


def test_places_are_judged_one_by_one_where_counts_are_not_published(judged):
    shares = [row("dashboard.EIP(i)", place, "2021/22 Q1", value) for place, value in (("99G", 0.67), ("07G", 0.45))]
    found = judged(bound(TWO_WEEKS, AT_LEAST_HALF, "areas"), shares)
    assert [p.status for p in found.primary.places] == ["on_course", "at_risk"]
    assert (found.status, found.rule) == ("at_risk", "level-missed-no-interval")
    assert found.shown.decisive.weighed.series.code == "07G"


def test_a_suppressed_place_leaves_the_promise_at_most_on_course(judged):
    figures = [row("dashboard.MHF(iii)", "99G", "2020/21", 1.0), row("dashboard.MHF(iii)", "07G", "2020/21", None, flags="suppressed")]
    found = judged(bound("mental-health-investment-standard", 'kind = "level", value = 1, comparison = "at_least"', "areas"), figures)
    assert [p.status for p in found.primary.places] == ["kept", "cannot_tell"]
    assert found.status == "on_course"


def test_a_suppressed_figure_is_never_zero_and_an_older_one_never_stands_in(judged):
    none_away = 'kind = "level", value = 0, comparison = "at_most"'
    figures = [
        row("dashboard.CR(iii_a)", "99G", "2020/21 Q3", 0.0),
        row("dashboard.CR(iii_a)", "99G", "2020/21 Q4", None, flags="suppressed"),
    ]
    found = judged(bound("out-of-area-bed-days", none_away), figures)
    assert (found.status, found.rule) == ("cannot_tell", "figure-suppressed")
    assert rows.row_of(found)["value"] is None


def test_not_kept_when_due_and_at_risk_before(judged):
    none_away = 'kind = "level", value = 0, comparison = "at_most", by = 2021-03-31'
    figures = [
        row("dashboard.CR(iii_a)", "99G", f"{y}/{y - 1999} Q{q}", v) for y in (2019, 2020, 2021) for q, v in enumerate((5, 70, 75, 485), 1)
    ]
    late, early = (judged(bound("out-of-area-bed-days", none_away), figures, day) for day in (None, date(2020, 6, 30)))
    assert (late.status, late.shown.headline.number) == ("not_kept", 635)
    assert early.status == "at_risk"


def test_as_at_uses_only_periods_that_had_ended(judged):
    figures = [*months("99G", 8, 10), counted(COMPLETED, "99G", "2021-04", 0, 10)]
    before = judged(bound(TWO_WEEKS, AT_LEAST_HALF), figures, date(2021, 4, 29), whole=True)
    after = judged(bound(TWO_WEEKS, AT_LEAST_HALF), figures, date(2021, 4, 30), whole=True)
    assert before.figures_to == date(2021, 3, 31) and after.figures_to == date(2021, 4, 30)
    [change] = changes(after, before)
    assert change.new_figure and "March 2021" in change.sentence


def test_an_old_figure_from_before_the_due_day_cannot_tell(judged):
    found = judged(bound(TWO_WEEKS, AT_LEAST_HALF), [counted(COMPLETED, "99G", "2018-09", 8, 10)])
    assert (found.status, found.rule) == ("cannot_tell", "figure-too-old")
    assert any("NHS England" in text and "esteem load" in text for text in found.missing)


def test_an_old_figure_that_reaches_the_due_day_is_judged_at_last_count(judged):
    found = judged(bound(TWO_WEEKS, AT_LEAST_HALF), months("99G", 8, 10), date(2026, 11, 22))
    assert (found.status_words, found.at_last_count) == ("kept, at last count", True)
    assert "67 months old" in found.reason


def test_a_place_without_figures_says_who_publishes(judged):
    found = judged(bound(TWO_WEEKS, AT_LEAST_HALF), months("07G", 8, 10))
    assert (found.status, found.rule) == ("cannot_tell", "figure-missing")
    assert any("NHS England" in text for text in found.missing)


def test_every_year_is_broken_by_one_sure_step_back(judged):
    def of(values):
        return [
            row("ons_local.satisfaction", "99G", f"{y}/{y - 1999}", v, lower=v - 0.05, upper=v + 0.05) for y, v in enumerate(values, 2016)
        ]

    rises = 'kind = "direction", direction = "rises", every_year = true'
    body = bound("wellbeing-life-satisfaction", rises)
    assert judged(body, of([7.0, 7.3, 7.6, 7.9, 8.2])).rule == "direction-every-year"
    broken = judged(body, of([7.0, 7.3, 7.0, 7.6, 8.2]))
    assert (broken.status, broken.rule) == ("not_kept", "direction-broken-year")
    assert "Year by year" in broken.reason
    assert judged(body, of([8.2, 7.9, 7.6, 7.3, 7.0])).rule == "direction-wrong"
    assert judged(body, of([7.0])).rule in ("direction-too-short", "figure-before-start")


def test_parity_is_judged_on_the_ratio_and_its_interval(judged):
    def group(name, rate, people):
        more = {"breakdown": "ethnicity", "category": name} if name else {}
        return [
            row("mha_annual.all_detentions.crude_rate", "72Q", "2020/21", rate, **more),
            row("mha_annual.all_detentions.count", "72Q", "2020/21", people, **more),
        ]

    # Detentions of 2023-24 in South East London, carried over to a period the example strategy holds.
    figures = [*group("Black or Black British", 294.5, 1030), *group("White", 87.6, 945), *group("", 131.0, 2440)]
    parity = 'kind = "parity", comparison = "at_most", breakdown = "ethnicity", group = "Black or Black British", against = "White"'
    found = judged(bound("detention-rate", parity, "board"), figures)
    assert (found.status, found.rule) == ("not_kept", "parity-gap")
    listed = rows.row_of(found)
    assert listed["value"] == pytest.approx(294.5 / 87.6)
    assert listed["lower"] < listed["value"] < listed["upper"] and listed["unit"] == "ratio"
    with pytest.raises(Problem, match="published ones"):
        judged(bound("detention-rate", parity.replace('group = "Black or Black British"', 'group = "Blck"'), "board"), figures)


def test_an_activity_measure_lowers_and_context_does_not(judged):
    poor = [row("dashboard.EIP(i_b)", "99G", "2020/21", 0.2)]
    level = 'kind = "level", value = 0.7, comparison = "at_least"'
    outcome, shown = bound(TWO_WEEKS, AT_LEAST_HALF), [*months("99G", 8, 10), *poor]
    lowered = judged(outcome + bound("psychosis-services-at-level-3", level, role="activity"), shown)
    assert (lowered.status, lowered.rule) == ("on_course", "measures-lower")
    assert judged(outcome + bound("psychosis-services-at-level-3", role="context"), shown).status == "kept"


def test_without_a_figure_the_promise_is_not_yet_or_cannot_be_told(judged):
    assert judged(NEED.format(face='face = "P"'), []).status == "not_yet"
    found = judged(NEED.format(face=""), [])
    assert found.status == "cannot_tell"
    assert found.missing == ("Needed: A figure. From: NHS England. Load it with `esteem load FILE`.",)


def test_attention_says_why_and_compares_the_same_years(judged):
    def quarters(place, by_year):
        return [row("dashboard.CR(iii_a)", place, f"{y}/{y - 1999} Q{q}", v) for y, v in by_year.items() for q in (1, 2, 3, 4)]

    figures = [*quarters("99G", {2018: 100, 2021: 186}), *quarters("E92000001", {2018: 1000, 2021: 900})]
    figures += quarters("99G", {2019: 120, 2020: 150})
    found = judged(bound("out-of-area-bed-days", 'kind = "level", value = 0, comparison = "at_most", by = 2021-03-31'), figures, whole=True)
    [first] = found.attention
    assert first.sentence.startswith("Out-of-area") and "86% worse from 2018/19 to 2021/22" in first.sentence
    assert "England 10% better" in first.sentence
    assert "it fell behind England since the strategy began" in first.reasons


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_terminal_view_keeps_its_width_and_says_everything(judged, width):
    found = judged(bound(TWO_WEEKS, AT_LEAST_HALF), months("99G", 8, 10), whole=True)
    text = terminal.as_text(found, width, full=True)
    assert max(map(len, text.splitlines())) <= width
    assert "A01  ● kept" in text and "80% (72 to 86)" in " ".join(text.split())
    assert "\033[" in terminal.as_text(found, width, colour=True) and "\033[" not in text

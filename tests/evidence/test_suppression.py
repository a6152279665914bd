"""Attacks on what publishers have hidden: no sum, difference, comparison or chart of ours may give a suppressed figure away."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esteem.evidence.ask import ask
from esteem.evidence.definitions import all_measures, find_measure
from esteem.evidence.publish import as_rows, release
from esteem.evidence.published_cells import series_names
from esteem.evidence.snapshots import open_snapshot
from esteem.terms import flags as flag
from esteem.terms.periods import Period
from esteem.terms.places import ENGLAND

HIDDEN = {flag.SUPPRESSED, flag.SUPPRESSED_PART}
NUMBERS = ("value", "numerator", "denominator", "lower", "upper")
COMPARED = ("ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper")
# (measure, kind of place, breakdown): all have stars, and all can be added up.
ATTACKED = (
    ("children-emergency-over-12-hours-number", "all:ccg", None),
    ("children-second-contact-over-twelve-weeks", "all:ccg", None),
    ("children-ward-admissions", "all:ccg", None),
    ("talking-therapies-recovery", "all:ccg", "ethnicity"),
    ("community-help-within-four-weeks", "all:icb", None),
    ("detentions", "all:trust", None),
)


@cache
def shipped():
    return open_snapshot("shipped")


@cache
def cells(name: str, kind: str, by: str | None) -> tuple[Period, str, tuple[str, ...], tuple[str, ...]]:
    """(period, group, places whose figure is hidden, places whose figure is given) where the most figures are hidden."""
    answers = release(ask(shipped(), find_measure(name), kind, by=by))
    found: dict[tuple, tuple[list, list]] = {}
    for answer in answers:
        if answer.number is not None or set(answer.flags) & HIDDEN:
            hidden, given_ = found.setdefault((answer.period, answer.category), ([], []))
            (given_ if answer.number is not None else hidden).append(answer.place)
    places = shipped().geography
    (period, group), (hidden, given_) = max(found.items(), key=lambda item: min(len(item[1][0]), len(item[1][1])))
    free = [p for p in given_ if not any(places.overlap(p, h) for h in hidden)]
    return period, group, tuple(hidden), tuple(free)


def apart(codes) -> list[str]:
    """The codes without those that overlap an earlier one."""
    chosen: list[str] = []
    for code in codes:
        if code not in chosen and not any(shipped().geography.overlap(code, other) for other in chosen):
            chosen.append(code)
    return chosen


def asked(name: str, where: list[str], period: Period, by: str | None, group: str, **more):
    answers = release(ask(shipped(), find_measure(name), where, period, by, **more))
    return [a for a in answers if a.category == group]


@pytest.mark.parametrize(("name", "kind", "by"), ATTACKED)
@settings(max_examples=12)
@given(data=st.data())
def test_a_group_with_a_hidden_figure_gives_nothing(name, kind, by, data):
    period, group, hidden, shown = cells(name, kind, by)
    where = apart([data.draw(st.sampled_from(hidden)), *data.draw(st.lists(st.sampled_from(shown), max_size=5, unique=True))])
    reference = "White or White British" if by == "ethnicity" else ENGLAND
    for answer in asked(name, where, period, by, group, against=reference if by is None else None):
        [row] = as_rows([answer], against=True)
        assert [row[field] for field in (*NUMBERS, *COMPARED)] == [None] * 11
        assert HIDDEN & set(answer.flags)


@pytest.mark.parametrize(("name", "kind", "by"), ATTACKED)
@settings(max_examples=8)
@given(data=st.data())
def test_no_hidden_figure_can_be_solved_for_from_all_groups_together(name, kind, by, data):
    """Each answer with a number is an equation over places; the hidden place must not be in their span."""
    period, group, hidden, shown = cells(name, kind, by)
    places = apart([*data.draw(st.lists(st.sampled_from(hidden), min_size=1, max_size=2, unique=True)), *shown[:5]])
    subsets = data.draw(st.lists(st.lists(st.sampled_from(places), min_size=1, unique=True), min_size=4, max_size=10))
    equations = []
    for where in subsets:
        for answer in asked(name, where, period, by, group):
            if any(number is not None for number in (answer.number, answer.numerator, answer.denominator)):
                equations.append([float(code in where) for code in places])
    rank = np.linalg.matrix_rank(np.array(equations)) if equations else 0
    for code in set(places) & set(hidden):
        alone = [float(other == code) for other in places]
        assert np.linalg.matrix_rank(np.array([*equations, alone])) == rank + 1


def test_a_year_with_a_hidden_quarter_gives_nothing():
    measure = find_measure("children-ward-admissions")
    quarters = release(ask(shipped(), measure, "all:ccg"))
    hidden = next(a for a in quarters if flag.SUPPRESSED in a.flags and a.period.start.month == 4)
    year = Period(hidden.period.start, hidden.period.start.replace(year=hidden.period.start.year + 1, month=3, day=31), "financial_year")
    [answer] = release(ask(shipped(), measure, hidden.place, year))
    assert (answer.number, flag.SUPPRESSED_PART in answer.flags) == (None, True)


def test_a_hidden_group_is_not_given_away_by_a_comparison():
    """Neither as the figure compared nor as the one it is compared with."""
    measure = find_measure("talking-therapies-recovery")
    rows = as_rows(release(ask(shipped(), measure, "all:trust", by="ethnicity", against="Other ethnic groups")), against=True)
    hidden = {(r["place_code"], r["period"]) for r in rows if r["breakdown"] == "Other ethnic groups" and r["value"] is None}
    assert len(hidden) > 20
    compared = [r for r in rows if r["value"] is None or (r["place_code"], r["period"]) in hidden]
    assert {r[field] for r in compared for field in COMPARED} == {None}


def test_a_chart_has_no_point_where_the_figure_is_hidden():
    rows = as_rows(release(ask(shipped(), find_measure("talking-therapies-referrals-monthly"), "all:trust", spc=True)), spc=True)
    hidden = [r for r in rows if r["value"] is None and "suppressed" in r["flags"]]
    assert hidden
    assert {r["label"] for r in hidden} == {None}


def test_a_hidden_figure_is_never_nought():
    rows = shipped().rows("select count(*) n from observations where value is not null and flags like '%suppressed%'")
    assert rows[0]["n"] == 0


def test_unrounded_counts_by_group_never_leave_one_hidden_group_over():
    """All minus the groups that are given would be the one that is hidden. Rounded counts leave at least five possible values."""
    used = sorted({name for measure in all_measures().values() for name in series_names(measure.published)})
    found = shipped().rows(
        f"""
        with counts as (
            select o.* from observations o join series s on s.id = o.series
            where s.unit = 'count' and o.series in ({", ".join("?" * len(used))})
        ), by_group as (
            select series, place, period_start, period_end, breakdown, count(*) - count(value) as without,
                count(*) filter (flags like '%suppressed%') as hidden, bool_and(value is null or flags not like '%rounded%') as unrounded
            from counts where breakdown <> 'all' group by all
        )
        select g.series, g.breakdown, g.place from by_group g join counts a using (series, place, period_start, period_end)
        where a.breakdown = 'all' and a.value is not null and a.flags not like '%rounded%'
            and g.unrounded and g.hidden = 1 and g.without = 1
        """,
        used,
    )
    assert found == []

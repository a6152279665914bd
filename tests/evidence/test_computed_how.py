"""How a figure was computed: rows, formula, what was withheld, and a script that yields the same value from the shipped pack."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.evidence.small_snapshot import SmallSnapshot, counted, row

from esteem.evidence.ask import ask, latest
from esteem.evidence.computed_how import how
from esteem.evidence.definitions import find_measure
from esteem.evidence.snapshots import open_snapshot
from esteem.terms.periods import financial_year
from esteem.terms.problems import Problem

BED_DAYS = find_measure("out-of-area-bed-days")
PSYCHOSIS = find_measure("psychosis-treated-within-two-weeks")


@pytest.fixture(scope="module")
def shipped():
    return open_snapshot("shipped")


@pytest.mark.parametrize(
    ("name", "where", "over", "by"),
    [
        ("psychosis-treated-within-two-weeks", "set-ccgs", financial_year(2018), None),  # counts of places and months added up
        ("out-of-area-bed-days", "99G", financial_year(2021), None),  # quarters added up
        ("talking-therapies-recovery", "set-ccgs", financial_year(2019), None),  # counts in series of their own
        ("talking-therapies-access", "99G", financial_year(2018), None),  # shares of one year's need
        ("talking-therapies-people-against-plan", "99G", None, None),  # one series over another
        ("employment-gap", "E06000033", None, None),  # one series less another
        ("detention-rate", "QKK", None, "ethnicity"),  # as published
    ],
)
def test_the_script_yields_the_same_value(name, where, over, by, shipped, tmp_path):
    measure = find_measure(name)
    answer = next(a for a in latest(ask(shipped, measure, where, over, by)) if a.number is not None)
    account = how(shipped, measure, answer)
    script = tmp_path / "again.py"
    script.write_text(account.script, encoding="utf-8")
    done = subprocess.run([sys.executable, str(script), str(shipped.path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == pytest.approx(answer.number, rel=1e-12)


def test_the_formula_has_the_numbers_put_in():
    snapshot = SmallSnapshot([counted("eip_history.completed", code, "2018-09", x, 4) for code, x in (("99G", 1), ("07G", 3))])
    [answer] = ask(snapshot, PSYCHOSIS, "99G+07G")
    account = how(snapshot, PSYCHOSIS, answer)
    assert account.formula == "(1 + 3) / (4 + 4) = 4 / 8 = 0.5"
    assert [(r.place, r.numerator, r.denominator) for r in account.rows] == [("99G", 1, 4), ("07G", 3, 4)]
    assert account.files[0].publisher == "NHS England"


def test_what_was_withheld_is_named_and_not_shown():
    snapshot = SmallSnapshot([row("dashboard.CR(iii_a)", "99G", "Q1 2021/22", None, flags="suppressed")])
    account = how(snapshot, BED_DAYS, ask(snapshot, BED_DAYS, ["99G"])[0])
    assert account.formula == "No figure: suppressed."
    assert any("99G 2021/22 Q1" in words for words in account.withheld)
    assert "suppressed" in account.script


def test_earlier_values_of_the_same_cell():
    now = row("dashboard.CR(iii_a)", "99G", "Q1 2021/22", 100)
    snapshot = SmallSnapshot([now], superseded=[now | {"value": 90.0}])
    account = how(snapshot, BED_DAYS, ask(snapshot, BED_DAYS, ["99G"])[0])
    assert [e.value for e in account.earlier] == [90]


def test_an_answer_is_explained_by_its_own_measure():
    snapshot = SmallSnapshot([row("dashboard.CR(iii_a)", "99G", "Q1 2021/22", 100)])
    with pytest.raises(Problem) as problem:
        how(snapshot, PSYCHOSIS, ask(snapshot, BED_DAYS, ["99G"])[0])
    assert problem.value.code == "answer-of-another-measure"

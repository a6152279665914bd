"""`esteem ask`, `esteem measures`, `esteem places`: what they print, and how they fail."""

from __future__ import annotations

import csv
import io
import json

import pytest

from esteem.cli import main


@pytest.fixture
def esteem(capsys):
    """Run a command; gives (exit code, standard output, standard error)."""

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(words)
        out = capsys.readouterr()
        return left.value.code or 0, out.out, out.err

    return run


def test_a_year_of_the_seven_essex_areas_as_json(esteem):
    code, out, _ = esteem(
        "ask", "psychosis-treated-within-two-weeks", "--where", "06Q+06T+07G+07H+99E+99F+99G", "--over", "2018/19", "--format", "json"
    )
    [answer] = json.loads(out)
    assert code == 0
    assert (answer["numerator"], answer["denominator"]) == (222, 291)
    assert (answer["value"], answer["lower"], answer["upper"]) == pytest.approx((0.763, 0.711, 0.808), abs=5e-4)
    assert answer["unit"] == "proportion"


def test_the_default_is_the_latest_figure_in_words(esteem):
    code, out, _ = esteem("ask", "out-of-area-bed-days", "--where", "QH8")
    assert code == 0
    assert "890 bed days" in out
    assert "Source: NHS England" in out


def test_a_range_with_control_limits(esteem):
    _, out, _ = esteem("ask", "out-of-area-bed-days", "--where", "QH8", "--over", "2018/19 Q1..2021/22 Q4", "--spc", "--format", "json")
    answers = json.loads(out)
    assert len(answers) == 16
    assert {"centre", "lower_process_limit", "upper_process_limit", "label", "variation", "assurance"} <= set(answers[0])


def test_groups_against_a_group(esteem):
    words = ("--where", "England", "--by", "ethnicity", "--against", "White British", "--format", "json")
    _, out, _ = esteem("ask", "detention-standardised-rate", *words)
    black = next(a for a in json.loads(out) if a["breakdown"] == "Black or Black British")
    assert (black["by"], black["value"]) == ("ethnicity", 242.3)
    assert black["ratio"] == pytest.approx(242.3 / 67.8)


def test_a_suppressed_value_prints_as_null_with_its_flag(esteem):
    _, out, _ = esteem("ask", "psychosis-services-at-level-2", "--where", "99G", "--format", "json")
    [answer] = json.loads(out)
    assert answer["value"] is None
    assert "suppressed" in answer["flags"]


def test_csv_has_one_header_and_a_line_for_each_answer(esteem):
    words = ("--where", "all:icb", "--over", "2021/22 Q4", "--format", "csv")
    _, out, _ = esteem("ask", "out-of-area-bed-days", *words)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 42
    assert {row["place_code"] for row in rows} >= {"QH8", "QKK"}


def test_as_at_uses_nothing_later(esteem):
    _, out, _ = esteem("ask", "out-of-area-bed-days", "--where", "QH8", "--as-at", "2020-03-31", "--format", "json")
    assert json.loads(out)[0]["period"] == "2019/20 Q4"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ask", "psychosis-in-two-weeks", "--where", "99G"), "measure-unknown"),
        (("ask", "out-of-area-bed-days", "--where", "99X"), "place-unknown"),
        (("ask", "out-of-area-bed-days", "--where", "QH8+99G"), "group-overlap"),
        (("ask", "wellbeing-anxiety", "--where", "E06000033+E06000034"), "not-poolable"),
        (("ask", "out-of-area-bed-days", "--where", "99G", "--over", "last Tuesday"), "period-form"),
        (("ask", "out-of-area-bed-days", "--where", "99G", "--format", "pdf"), "format-unknown"),
        (("measures", "--topic", "weather"), "topic-unknown"),
    ],
)
def test_each_mistake_is_explained(esteem, words, code):
    exit_code, out, err = esteem(*words)
    assert exit_code != 0
    assert out == ""
    assert f"[{code}]" in err


def test_measures_are_listed_and_shown(esteem):
    _, out, _ = esteem("measures", "--format", "json")
    assert len(json.loads(out)) >= 60
    _, out, _ = esteem("measures", "--topic", "psychosis")
    assert "psychosis-treated-within-two-weeks" in out
    assert "spending" not in out
    _, out, _ = esteem("measures", "show", "employment-gap")
    assert "How far behind is employment" in out


def test_places_are_found_by_name_and_code(esteem):
    _, out, _ = esteem("places", "bexley", "--format", "json")
    assert {"E09000004", "07N"} <= {place["code"] for place in json.loads(out)}
    _, out, _ = esteem("places", "99G")
    assert "99G" in out

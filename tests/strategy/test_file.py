"""Strategy files: the two shipped ones hold every row; a wrong file says what is wrong, where, and what to do."""

import re
from datetime import date
from pathlib import Path

import pytest

from esteem.strategy.file import find_strategies, load_strategy, open_strategy
from esteem.strategy.starter import starter, write_starter
from esteem.terms.places import Place
from esteem.terms.problems import Problem, Problems

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "strategies"
BAD = ROOT / "tests" / "bad_inputs" / "strategies"
MISSION_ROWS = {"southend-essex-thurrock-2017": ("E", 38), "bexley-2023": ("B", 15)}


def problems_of(path: Path) -> list[Problem]:
    try:
        load_strategy(path, known_place=lambda code: not re.match(r"E09999999|E0X", code))
    except Problem as problem:
        return [problem]
    except Problems as several:
        return several.problems
    return []


@pytest.mark.parametrize("name", MISSION_ROWS)
def test_a_shipped_strategy_holds_every_row_of_the_mission(name):
    letter, last = MISSION_ROWS[name]
    strategy = open_strategy(name)
    assert [p.row for p in strategy.promises] == [f"{letter}{n:02d}" for n in range(1, last + 1)]
    assert len(strategy.vision) == 3
    assert {p.section for p in strategy.promises} == {s.id for s in strategy.sections}


@pytest.mark.parametrize("name", MISSION_ROWS)
def test_promises_are_short_plain_sentences(name):
    for promise in open_strategy(name).promises:
        sentences = [s for s in re.split(r"[.:?]\s*", promise.text) if s]
        assert max(len(s.split()) for s in sentences) <= 25, promise.row
        letters = sum(len(w) for w in re.findall(r"[A-Za-z]+", promise.text))
        assert letters / len(re.findall(r"[A-Za-z]+", promise.text)) <= 5.6, promise.row


@pytest.mark.parametrize("path", sorted(BAD.glob("*.toml")), ids=lambda p: p.stem)
def test_a_bad_strategy_says_what_is_wrong_where_and_what_to_do(path):
    text = path.read_bytes().replace(b"\0", b"").decode("utf-8", "replace")
    expected = dict(re.findall(r"^\W*# (code|words|line): (.*?)\r?$", text, re.M)) or {
        "code": "strategy-key-missing",
        "words": "'id' is needed here",
    }
    problems = problems_of(path)
    matching = [p for p in problems if p.code == expected["code"] and expected["words"] in str(p)]
    assert matching, [str(p) for p in problems]
    assert all(p.file == str(path) and p.rule and p.found and p.remedy for p in problems)
    if "line" in expected:
        assert int(expected["line"]) in [p.row for p in matching]


def test_all_problems_are_told_at_once(tmp_path):
    path = tmp_path / "two.toml"
    text = (BAD / "key_missing.toml").read_text()
    path.write_text(text.replace('row = "A02"', 'row = "A01"'))
    assert {"strategy-key-missing", "strategy-duplicate"} <= {p.code for p in problems_of(path)}


def test_a_file_that_is_not_there():
    with pytest.raises(Problem) as caught:
        load_strategy("nowhere.toml")
    assert caught.value.code == "strategy-file"


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(Problem) as caught:
        open_strategy("atlantis")
    assert "bexley-2023" in caught.value.remedy


def test_a_strategy_in_the_home_folder_is_found(tmp_path, monkeypatch):
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "own.toml").write_text("")
    monkeypatch.setenv("ESTEEM_HOME", str(tmp_path))
    assert {"own", *MISSION_ROWS} <= set(find_strategies())


def test_the_starter_file_is_a_strategy(tmp_path):
    place = Place("E06000033", 'Southend-on-Sea "by the sea"', "unitary")
    path = write_starter(place, date(2026, 11, 22), tmp_path / "new.toml")
    strategy = load_strategy(path)
    assert strategy.place_set("area").codes == ("E06000033",)
    assert strategy.starts == date(2026, 4, 1)
    with pytest.raises(Problem, match="never overwrites"):
        write_starter(place, date(2026, 11, 22), path)
    assert starter(place, date(2026, 11, 22)) == path.read_text()

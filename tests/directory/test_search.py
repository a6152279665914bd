"""The search: what is read out of words, in which order services come, what is said of it, and that no page is empty."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process
from tests.directory.made_up import made_service

from esteem.directory.demonstration import demonstration
from esteem.directory.gazetteer import place_finder
from esteem.directory.judging import Judged, gain, measures, ndcg
from esteem.directory.record import CostOption, Eligibility
from esteem.directory.search import Query, SearchIndex, search
from esteem.directory.search.constraints import age_in, read
from esteem.directory.search.learned import WEIGHTS, checksum, examples
from esteem.directory.search.understanding import meaning
from esteem.directory.spelling import speller
from esteem.directory.typed import even
from esteem.evidence.snapshots import open_snapshot

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def finder():
    return place_finder(open_snapshot("shipped"))


@pytest.fixture(scope="module")
def index():
    rows = open_snapshot("shipped").rows("select postcode, latitude, longitude, district from postcodes")
    return SearchIndex.build(demonstration(rows, date(2026, 11, 28)))


def names(index, found) -> list[str]:
    return [index.services[one.number].name for one in found.results]


@pytest.mark.parametrize(
    "typed, ages",
    [
        ("im 17 and sad", (17, 17)),
        ("my son is fifteen", (15, 15)),
        ("a girl of 14", (14, 14)),
        ("im ten weeks pregnant", None),
        ("my 14 year old", (14, 14)),
        ("group for over 60s", (60, None)),
        ("trans youth 13 to 18", (13, 18)),
        ("under 25s", (None, 24)),
        ("year 7 worries", (11, 12)),
        ("my nan is lonely", (65, None)),
        ("ive been low for 3 months", None),
        ("i am 2 stone over", None),
        ("open 9 to 5", None),
    ],
)
def test_ages_in_words(typed, ages):
    assert age_in(even(typed)) == ages


@pytest.mark.parametrize(
    "typed, kind, value",
    [
        ("free counselling", "cost", "free"),
        ("help in polish", "language", "pl"),
        ("polish my nails club", "language", None),
        ("sugar free baking", "cost", None),
        ("counselling free of charge", "cost", "free"),
        ("a class that doesnt cost anything", "cost", "free"),
        ("a life free of pain", "cost", None),
        ("dads group", "gender", "men"),
        ("video counselling", "channel", "online"),
        ("support group for men", "gender", "men"),
        ("chat online", "channel", "online"),
        ("i hate phone calls can i text someone", "channel", "text"),
        ("wheelchair accessible yoga", "access", "step_free"),
        ("crisis cafe sunday night", "when", "sunday-evening"),
        ("i cry every night", "when", None),
        ("my daughter is sad", "who", "parent"),
    ],
)
def test_constraints_in_words(typed, kind, value):
    said = [one.value for one in read(even(typed), Query()).understood if one.kind == kind]
    assert said == ([value] if value else [])


def test_a_constraint_is_said_and_can_be_undone(index):
    found = search(index, Query("im 16 and cant sleep", at=NOW))
    assert [(one.kind, one.value, one.undo) for one in found.understood] == [("age", "16-16", "age")]
    assert "16-year-old" in found.understood[0].words
    undone = search(index, Query("im 16 and cant sleep", at=NOW, undo=frozenset(("age",))))
    assert undone.understood == () and names(index, undone) != names(index, found)


def test_what_is_chosen_stands_before_what_is_read(index):
    found = search(index, Query("im 16 and cant sleep", ages=(40, 40), at=NOW))
    assert all(one.kind != "age" for one in found.understood)
    for one in found.results:
        rules = index.services[one.number].eligibility
        assert rules.maximum_age is None or rules.maximum_age >= 40


def test_a_repaired_spelling_is_said_and_can_be_refused(index):
    assert search(index, Query("berevement suport", at=NOW)).corrected == "bereavement support"
    assert search(index, Query("berevement suport", at=NOW, as_typed=True)).corrected == ""


@pytest.mark.parametrize(
    "typed, right",
    [("realy", "really"), ("worring", "worrying"), ("greef", "grief"), ("confedence", "confidence"), ("medicashun", "medication")],
)
def test_the_likeliest_slip_is_mended_not_the_commonest_word(typed, right):
    assert speller().word(typed) == right


@pytest.mark.parametrize("word", ["southend", "kings", "yoga", "gurdwara", "mum"])
def test_right_words_are_left_alone(word):
    assert speller().word(word) == word


@pytest.mark.parametrize("text", ["", "zzzz qqqq", "🙂🙂", "' or 1=1 --", "<script>", "مرحبا", "a" * 10_000, "boiler repair"])
def test_no_question_fails_and_words_without_sense_still_lead_somewhere(index, text):
    found = search(index, Query(text, at=NOW))
    assert found.results or found.helplines or not text
    assert found.crisis == "none"


def test_groups_are_alternatives_inside_and_all_between(index):
    one = search(index, Query("counselling", channels=("text",), at=NOW, per_page=50))
    either = search(index, Query("counselling", channels=("text", "phone"), at=NOW, per_page=50))
    both_kinds = search(index, Query("counselling", channels=("text", "phone"), free=True, at=NOW, per_page=50))
    assert one.total <= either.total and both_kinds.total <= either.total
    for result in both_kinds.results:
        service = index.services[result.number]
        assert {"text", "phone"} & set(service.channels) and service.free is not False


def test_what_nobody_has_said_is_shown_with_a_doubt():
    unknown = made_service("Sleep circle", needs=("sleep",), costs=(), eligibility=Eligibility())
    priced = made_service("Sleep clinic", needs=("sleep",), costs=(CostOption("c", "Fee", 40.0),))
    index = SearchIndex.build([unknown, priced])
    found = search(index, Query("free help with sleep", at=NOW))
    assert names(index, found) == ["Sleep circle"]
    assert found.results[0].doubtful == ("cost",)


def test_when_nothing_fits_the_constraint_goes_and_is_said():
    index = SearchIndex.build([made_service("Sleep clinic", needs=("sleep",), costs=(CostOption("c", "Fee", 40.0),))])
    found = search(index, Query("free help with sleep", at=NOW))
    assert names(index, found) == ["Sleep clinic"]
    assert any("free" in words for words in found.relaxed)


def test_a_place_in_the_words_orders_by_distance_but_not_before_the_subject(index, finder):
    place = finder.find("Chelmsford")
    found = search(index, Query("bereavement", point=(place.latitude, place.longitude), areas=place.areas, at=NOW))
    assert all("grief" in index.services[one.number].needs for one in found.results[:5])
    here = [one.distance_km for one in found.results if one.distance_km is not None]
    assert here


def test_results_do_not_depend_on_the_panel(index, monkeypatch):
    from esteem.directory.search import finding

    query = Query("i want to die", at=NOW)
    with_panel = search(index, query)
    monkeypatch.setattr(finding, "level", lambda text: "none")
    without = search(index, query)
    assert with_panel.crisis == "crisis" and without.crisis == "none"
    assert with_panel.results == without.results


def test_an_empty_directory_says_so():
    found = search(SearchIndex.build([]), Query("sleep", at=NOW))
    assert found.results == () and found.helplines


# ---------------------------------------------------------------- judged


def row(**said) -> dict[str, str]:
    empty = dict.fromkeys(
        [
            "id",
            "query",
            "primary",
            "also",
            "age",
            "who",
            "only_for",
            "cost",
            "channel",
            "language",
            "access",
            "when",
            "place",
            "crisis",
            "style",
            "intended",
        ],
        "",
    )
    return empty | said


def test_gains_are_those_of_the_rules():
    service = made_service(needs=("sleep", "anxiety"), eligibility=Eligibility(minimum_age=18), channels=("phone",))
    none = frozenset()
    assert gain(service, row(primary="sleep"), none, NOW) == (3, False)
    assert gain(service, row(primary="sleep", also="grief"), none, NOW) == (2, False)
    assert gain(service, row(primary="sleep", also="anxiety"), none, NOW) == (3, False)
    assert gain(service, row(primary="sleep", age="12-12"), none, NOW) == (0, True)
    assert gain(service, row(primary="grief", also="sleep"), none, NOW) == (1, False)
    assert gain(service, row(primary="sleep", channel="text"), none, NOW) == (0, True)
    assert gain(service, row(primary="sleep", access="step_free"), none, NOW) == (1, False)


def test_ndcg_by_hand():
    # gains 3, 0, 2 against the best order 3, 2: (7 + 3/2) / (7 + 3/log2(3))
    assert ndcg([3, 0, 2], [3, 2, 0]) == pytest.approx(8.5 / (7 + 3 / 1.584962500721156))


def judge(index, finder, path: Path) -> dict[str, float]:
    judged = []
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            found = search(index, Query(line["query"], at=NOW))
            intended = search(index, Query(line["intended"], at=NOW)) if line["intended"] else None
            judged.append(Judged(line, _ids(index, found), found.crisis, _ids(index, intended) if intended else ()))
    return measures(judged, {s.id: s for s in index.services}, lambda name: finder.find(name).areas, NOW)[0]


def _ids(index, found) -> list[str]:
    return [index.services[one.number].id for one in found.results]


def test_the_bars_hold_on_the_set_of_the_design(index, finder, shared):
    found = judge(index, finder, shared / "search" / "judged_queries.csv")
    assert found["nDCG@10"] >= 0.75 and found["success@3"] >= 0.9 and found["broken@5"] <= 0.1, found
    assert found["typo"] >= 0.95 and found["lay words"] >= 0.8 and found["zero results"] <= 0.02 and found["panel"] >= 0.95, found


def test_development_queries_meet_the_bars(index, finder):
    """A set that was tuned on: it guards against getting worse. What unseen queries give is told in docs/search.md."""
    found = judge(index, finder, HERE / "search_quality" / "development_queries.csv")
    assert found["nDCG@10"] >= 0.75 and found["success@3"] >= 0.9 and found["broken@5"] <= 0.1, found
    assert found["typo"] >= 0.95 and found["lay words"] >= 0.8 and found["zero results"] <= 0.02, found


def test_nothing_is_learned_that_is_like_a_held_out_query():
    """The rule of packaging/leave_out.py: three words or more, at least 80% alike by letters."""
    with (HERE / "search_quality" / "held_out_queries.csv").open(encoding="utf-8", newline="") as file:
        held_out = [phrase for line in csv.DictReader(file) if len((phrase := even(line["query"])).split()) >= 3]
    taught = [phrase for _, sentence, _ in examples() if len((phrase := even(sentence)).split()) >= 3]
    assert len(held_out) > 150 and len(taught) > 4000
    assert process.cdist(taught, held_out, scorer=fuzz.ratio, score_cutoff=80).max() == 0


def test_weights_are_learned_from_the_text_that_ships():
    with np.load(WEIGHTS) as kept:
        assert str(kept["checksum"]) == checksum(), "run packaging/learn_needs.py"


def test_words_that_may_mean_several_things_lead_with_several_readings(index):
    typed = "something is not right with him"
    about = meaning(typed)
    assert about.sure < 0.5
    readings = {
        frozenset(need for need in index.services[one.number].needs if need in about.weights)
        for one in search(index, Query(typed, at=NOW)).results[:3]
    }
    assert len(readings) > 1

"""The numbers for a crisis, how old their review may be, and the order in which the panel gives them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from esteem.directory.crisis.numbers import numbers, read_numbers, review
from esteem.directory.crisis.panel import about, panel
from esteem.terms.problems import Problem, Problems

ENTRY = """
[[number]]
id = "line"
group = "talk"
label = "A line"
number = "0800 1111"
kind = "call"
hours = "Always"
words = "Someone listens."
source = "https://example.org"
reviewed_on = 2026-11-01
reviewed_by = "a reviewer"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "numbers.toml"
    path.write_text(text)
    return path


def order(level: str, *words, **how) -> list[str]:
    return [block.id for block in panel(level, about(*words, **how)).blocks]


def lines(block_id: str, *words, **how) -> list[str]:
    return [one.id for block in panel("crisis", about(*words, **how)).blocks if block.id == block_id for one in block.numbers]


def test_danger_comes_first_then_nhs_111_then_someone_to_talk_to():
    assert order("crisis", "i cant go on") == ["danger", "urgent", "talk"]


def test_the_young_are_led_to_their_own_lines():
    assert lines("talk", "i cant go on", age=15)[:2] == ["childline", "papyrus"]
    assert order("crisis", "i cant go on", age=15) == ["danger", "talk", "urgent"]
    assert "childline" not in lines("talk", "i cant go on", age=40)
    assert "childline" not in lines("talk", "i cant go on")


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("my daughter says she wants to die", ""),
        ("my best mate is cutting", ""),
        ("wants to die", "parent"),
        ("the lad in my class", "friend"),
    ],
)
def test_what_to_do_for_another_person_leads(words, who):
    assert order("crisis", words, who=who)[0] == "them"


def test_about_oneself_there_is_no_other_person():
    assert "them" not in order("crisis", "i want to die")


def test_who_is_hurt_by_someone_is_told_that_calls_may_be_seen():
    assert "seen" in order("crisis", "he hits me and i want to die")
    assert lines("seen", "my husband beats me") == ["domestic-abuse"]


def test_a_signpost_is_short_and_nothing_is_nothing():
    assert order("signpost", "my brother died") == ["them", "talk"]
    assert panel("none").blocks == ()


def test_safe_places_stand_last():
    found = panel("crisis", about("help"), (("1", "Sanctuary"),))
    assert found.blocks[-1].places == (("1", "Sanctuary"),)


def test_every_number_can_be_dialled_and_says_who_looked_it_up():
    for one in numbers():
        assert one.address.startswith(("tel:", "sms:"))
        assert one.reviewed_by and one.source.startswith("https://")


@pytest.mark.parametrize(("days", "due", "over"), [(0, 0, 0), (59, 0, 0), (60, 1, 0), (91, 1, 0), (92, 0, 1), (-1, 0, 1)])
def test_a_review_is_due_at_60_days_and_over_at_92(tmp_path, days, due, over):
    found = read_numbers(written(tmp_path, ENTRY))
    state = review(found[0].reviewed_on + timedelta(days=days), found)
    assert (len(state.due), len(state.over)) == (due, over)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('kind = "call"', 'kind = "pigeon"', "kind is one of"),
        ('group = "talk"', 'group = "other"', "group is one of"),
        ("reviewed_on = 2026-11-01", 'reviewed_on = "recently"', "reviewed_on is a day"),
        ('number = "0800 1111"', 'number = "call us"', "digits and spaces"),
        ('hours = "Always"\n', "", "Every number has"),
        ('label = "A line"', 'label = "A line"\nages = [19, 0]', "lower first"),
        ('label = "A line"', 'label = "A line"\ncolour = "red"', "Fields are those"),
        ('label = "A line"', 'label = "A line"\nconfirmed = "yes"', "confirmed is true or false"),
    ],
)
def test_a_wrong_entry_is_named_with_its_rule(tmp_path, old, new, rule):
    with pytest.raises(Problems) as wrong:
        read_numbers(written(tmp_path, ENTRY.replace(old, new)))
    assert any(rule in one.rule and one.found == "line" for one in wrong.value.problems)


def test_a_file_that_is_no_list_of_numbers_is_refused(tmp_path):
    with pytest.raises(Problem):
        read_numbers(written(tmp_path, "number = ["))

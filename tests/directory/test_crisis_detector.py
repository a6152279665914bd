"""The detector against phrases that it was not trained on, against the design's set where it is at hand, and against hostile text."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esteem.directory.crisis.detector import heard, level
from esteem.directory.crisis.patterns import read_patterns
from esteem.directory.typed import even
from esteem.terms.problems import Problems

HERE = Path(__file__).parent


def held_out(name: str) -> list[tuple[str, str]]:
    rows, label = [], ""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = line.strip("[]").split()[0]
        elif line and not line.startswith("#"):
            rows.append((label, line))
    return rows


def shares(rows: list[tuple[str, str]]) -> dict[str, float]:
    said: dict[str, list[str]] = {"crisis": [], "signpost": [], "none": []}
    for label, phrase in rows:
        said[label].append(level(phrase))

    def share(label: str, *levels: str) -> float:
        return sum(one in levels for one in said[label]) / len(said[label])

    return {
        "shown": share("crisis", "crisis", "signpost"),
        "full": share("crisis", "crisis"),
        "false alarm": share("none", "crisis", "signpost"),
        "false full": share("none", "crisis"),
        "signpost shown": share("signpost", "crisis", "signpost"),
        "overdone": share("signpost", "crisis"),
    }


def hears_danger(found: dict[str, float]) -> bool:
    """The bars that keep people safe, near enough: docs/search.md says which bars of the design are met and which are not."""
    return found["shown"] >= 0.98 and found["full"] >= 0.85 and found["signpost shown"] >= 0.95 and found["overdone"] <= 0.25


def test_no_judged_phrase_is_learned_from(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "packaging"))
    import train_crisis

    learned = {even(row.sentence) for row in train_crisis.rows_to_learn()}
    names = [path.name for path in HERE.glob("crisis_held_out*.txt")]
    judged = {even(phrase) for name in names for _, phrase in held_out(name)}
    assert {phrase for phrase in judged & learned if len(phrase.split()) >= 3} == set()


@pytest.mark.parametrize(("name", "most"), [("", 0.08), ("_2", 0.35), ("_3", 0.25), ("_4", 0.22)])
def test_danger_is_heard_in_phrases_kept_out_of_training(name, most):
    """False alarms are above the bar of 5% (docs/search.md says so); `most` keeps them from getting worse."""
    found = shares(held_out(f"crisis_held_out{name}.txt"))
    assert hears_danger(found) and found["false alarm"] <= most, found


def test_danger_is_heard_in_the_set_of_the_design(shared):
    with (shared / "search" / "crisis_phrases.csv").open(encoding="utf-8", newline="") as file:
        found = shares([(row["label"], row["phrase"]) for row in csv.DictReader(file)])
    assert hears_danger(found) and found["false alarm"] <= 0.08 and found["false full"] <= 0.02, found


@pytest.mark.parametrize(
    "phrase",
    [
        "I WANT TO DIE!!!",
        "i want to dieeeee",
        "i want to die 😭😭🔪",
        "I want to d.i.e",
        "i wannnna die",
        "I don’t want to live",
        "i dont want to live",
        "s u i c i d a l and alone",
        "iwanttodie",
        "i wnat to die",
        "chcę umrzeć",
        "أريد أن أموت",
        "আমি মরতে চাই",
        "dw i eisiau marw",
        "help with forms. " * 20 + "i am going to kill myself",
    ],
)
def test_the_way_it_is_typed_does_not_matter(phrase):
    assert level(phrase) == "crisis"


PLAIN = [
    "i cant go on any more and i have the tablets here",
    "my son says he wants to die",
    "my brother took his own life last year",
    "im not suicidal but i feel so low",
    "this exam is killing me",
    "walking group for my mum on thursday",
    "suicide prevention training for teachers",
]


@given(
    phrase=st.sampled_from(PLAIN),
    shout=st.booleans(),
    ending=st.sampled_from(["", ".", "!!!", "...", " ??", " \n"]),
    smile=st.sampled_from(["", " 🙂", "🙏🙏", " ✨"]),
    apostrophe=st.sampled_from(["", "'", "’"]),
    longer=st.integers(0, 4),
    spaces=st.sampled_from([" ", "  ", "\t"]),
)
@settings(max_examples=60, deadline=None)
def test_case_marks_emoji_and_long_letters_change_nothing(phrase, shout, ending, smile, apostrophe, longer, spaces):
    typed = phrase.replace("cant", f"can{apostrophe}t").replace("im ", f"i{apostrophe}m ")
    typed = typed + typed[-1] * (longer + 2) if longer else typed
    typed = spaces.join((typed.upper() if shout else typed).split()) + smile + ending
    assert level(typed) == level(phrase)


def test_no_word_is_written_anywhere(monkeypatch, caplog):
    heard("warm up so that the files are read")

    def refused(*_, **__):
        raise AssertionError("a file was opened while words were heard")

    monkeypatch.setattr("builtins.open", refused)
    monkeypatch.setattr("pathlib.Path.open", refused)
    with caplog.at_level("DEBUG"):
        assert level("zqmarker i want to end my life zqmarker") == "crisis"
    assert caplog.records == []


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00\x01", "'; drop table services; --", "<script>alert(1)</script>", "🍰" * 50, "ا" * 10_000, "a " * 5_000]
)
def test_any_text_is_answered(text):
    assert level(text) in ("none", "signpost", "crisis")


def test_it_says_what_it_rests_on():
    assert "suicidal-now" in heard("i am suicidal").because
    assert heard("walking group in grays").because == ()


def test_a_pattern_that_cannot_be_used_is_named(tmp_path):
    bad = tmp_path / "patterns.yaml"
    bad.write_text("patterns:\n  - {id: broken, level: crisis, weight: 1, any: ['(']}\n", encoding="utf-8")
    with pytest.raises(Problems) as wrong:
        read_patterns(bad)
    assert "broken" in wrong.value.problems[0].rule

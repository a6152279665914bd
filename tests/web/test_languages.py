"""The languages of find help: a complete catalogue lacks nothing, patterns keep their values, crisis words are reviewed or English."""

from __future__ import annotations

import re

import pytest

from esteem.web import languages
from esteem.web.catalogue_texts import texts
from esteem.web.words import crisis_numbers

COMPLETE = [code for code, one in languages.languages().items() if one.state == "complete" and code != languages.ENGLISH]
EVERY = [code for code in languages.languages() if code != languages.ENGLISH]


@pytest.fixture
def speaking(request):
    token = languages.speak(request.param)
    yield request.param
    languages.restore(token)


def test_welsh_is_complete_and_a_language_from_right_to_left_is_begun():
    assert "cy" in COMPLETE
    assert [one.code for one in languages.languages().values() if one.direction == "rtl" and one.state == "begun"]


@pytest.mark.parametrize("code", COMPLETE)
def test_a_complete_catalogue_lacks_no_text(code):
    assert [text for text in texts() if text not in languages.catalogue(code)] == []


@pytest.mark.parametrize("code", EVERY)
def test_every_language_has_a_catalogue_whose_texts_are_still_said(code):
    assert (languages.FOLDER / f"{code}.po").is_file()
    assert set(languages.catalogue(code)) <= set(texts())


@pytest.mark.parametrize("code", EVERY)
def test_a_translation_holds_the_same_values_as_the_text(code):
    def values(text: str) -> set[str]:
        return set(re.findall(r"\{\w+\}", text))

    assert [text for text, said in languages.catalogue(code).items() if values(text) != values(said)] == []


@pytest.mark.parametrize("speaking", ["cy"], indirect=True)
def test_words_for_a_crisis_stay_english_until_a_speaker_has_reviewed_them(speaking):
    assert languages.say("Help in a crisis") != "Help in a crisis"
    assert languages.spoken().draft
    assert crisis_numbers.strip()[0].label == "Emergency"


@pytest.mark.parametrize("speaking", ["cy", "ar"], indirect=True)
def test_what_a_catalogue_lacks_is_said_in_english(speaking):
    assert languages.say("no such text") == "no such text"


def test_an_unknown_language_is_english():
    token = languages.speak("xx")
    assert languages.spoken().code == "en"
    languages.restore(token)

"""A resident reads, in plain words, whether promises are kept where they live."""

from __future__ import annotations

import pytest
from tests.journeys.reading_age import reading_age, syllables

OLDEST = 11  # public pages are written for readers of 9 to 11


class Resident:
    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    def given_they_look_for_their_borough_on_a_phone(self):
        self.visitor.goes_to("/")
        self.visitor.searches("bexly")
        assert "These are for “bexley”" in self.visitor.reads

    def when_they_open_the_sheet(self):
        self.visitor.goes_to("/sheets")
        self.visitor.follows("Bexley")

    def then_each_promise_has_a_word_and_a_shape(self):
        for card in self.page.locator("article.promise").all():
            assert card.locator(".status span").inner_text() in WORDS
            assert card.locator(".status svg").count() == 1

    def then_what_was_promised_reads_easily(self):
        said = [one.inner_text().split(" ", 1)[1] for one in self.page.locator("article.promise h3").all()]
        vision = self.page.locator(".sheet-vision").inner_text()
        assert reading_age("\n".join([vision, *said])) <= OLDEST

    def when_they_open_a_promise(self):
        self.page.locator("article.promise h3 a").first.click()

    def then_no_short_form_of_an_office_greets_them(self):
        heading = self.page.get_by_role("heading", level=1).inner_text()
        assert not [word for word in heading.split() if word.isupper() and len(word) > 2]

    def then_it_fits_the_phone(self):
        assert self.visitor.overflow == 0
        assert self.visitor.barriers() == []


WORDS = {
    word + end
    for word in ("kept", "on course", "at risk", "not kept", "cannot tell", "not yet in Esteem")
    for end in ("", ", at last count")
}


def test_resident_reads_the_sheet_in_plain_words(site, visits):
    resident = Resident(visits(site, viewport={"width": 390, "height": 844}))
    resident.given_they_look_for_their_borough_on_a_phone()
    resident.when_they_open_the_sheet()
    resident.then_each_promise_has_a_word_and_a_shape()
    resident.then_what_was_promised_reads_easily()
    resident.then_it_fits_the_phone()
    resident.when_they_open_a_promise()
    resident.then_no_short_form_of_an_office_greets_them()
    resident.then_it_fits_the_phone()


@pytest.mark.parametrize(("word", "number"), [("cat", 1), ("little", 2), ("helped", 1), ("people", 2), ("service", 2), ("community", 4)])
def test_syllables_are_counted(word, number):
    assert syllables(word) == number


def test_long_words_and_sentences_need_older_readers():
    easy = "We help you. You choose. It is near."
    hard = "Commissioning organisations continuously strengthen multidisciplinary governance arrangements throughout the partnership."
    assert reading_age(easy) < 8 < 14 < reading_age(hard)

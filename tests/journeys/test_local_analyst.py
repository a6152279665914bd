"""An analyst of a board finds that the local number is not the national one, and learns why."""

from __future__ import annotations


class LocalAnalyst:
    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    def given_they_read_a_published_measure_of_their_board(self):
        self.visitor.goes_to("/measures/perinatal-women-in-contact?place=QH8")
        assert "Counted from records" in self.visitor.reads
        assert self.visitor.barriers() == []

    def when_they_open_why_the_two_differ(self):
        self.page.reload()  # axe unfolded everything
        self.page.get_by_text("Why these differ").first.click()
        self.reasons = self.visitor.reads

    def then_they_are_told_of_time_records_rounding_and_quirks(self):
        for words in ("Another time", "Other records", "What is loaded", "Where people belong"):
            assert words in self.reasons, words

    def then_nobody_can_take_it_for_real(self):
        assert "Invented people." in self.visitor.reads

    def when_they_follow_the_definition(self):
        self.visitor.follows("MHS91:")
        assert self.visitor.address.startswith("/computed/mhs91?place=QH8")

    def then_they_see_rows_in_and_rows_left_after_each_rule(self):
        steps = self.page.locator("#counted ~ div table").first.locator("tbody tr")
        words = [steps.nth(i).inner_text() for i in range(steps.count())]
        assert any(line.startswith("Read") and "MHS201CareContact" in line for line in words)
        assert any("Left after the rule" in line for line in words) and words[-1].startswith("Counted from")

    def when_they_look_at_the_records_of_the_provider(self):
        self.visitor.goes_to("/data-quality")
        self.visitor.follows("Invented Estuary Partnership Trust")

    def then_they_learn_what_was_left_out_and_why(self):
        assert "What was left out or doubted, and why" in self.visitor.reads
        assert self.visitor.barriers() == []


def test_an_analyst_learns_why_the_local_number_differs(site, visits):
    analyst = LocalAnalyst(visits(site))
    analyst.given_they_read_a_published_measure_of_their_board()
    analyst.when_they_open_why_the_two_differ()
    analyst.then_they_are_told_of_time_records_rounding_and_quirks()
    analyst.then_nobody_can_take_it_for_real()
    analyst.when_they_follow_the_definition()
    analyst.then_they_see_rows_in_and_rows_left_after_each_rule()
    analyst.when_they_look_at_the_records_of_the_provider()
    analyst.then_they_learn_what_was_left_out_and_why()

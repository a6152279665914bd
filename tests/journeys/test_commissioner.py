"""A commissioner reads the sheet, sees a promise at risk, and finds out why: down to the published file behind the figure."""

from __future__ import annotations

import re

SHEET = "/sheets/southend-essex-thurrock-2017"


class Commissioner:
    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    def given_the_sheet_is_open(self):
        self.visitor.goes_to("/")
        self.visitor.follows("Southend, Essex and Thurrock")
        assert self.visitor.address == SHEET
        self._no_barriers()

    def when_they_open_the_first_promise_that_is_at_risk(self):
        card = self.page.locator("article.promise", has=self.page.locator(".status--at-risk")).first
        self.row = card.get_attribute("id")
        self.value = card.locator(".promise-value").inner_text().split(",")[0].split("\n")[0]
        card.get_by_role("heading").get_by_role("link").click()
        assert self.visitor.address.startswith(f"{SHEET}/{self.row}")
        self._no_barriers()

    def then_they_read_the_figure_the_target_and_the_rule(self):
        said = self.visitor.reads
        assert "at risk" in said and self.value in said
        assert "Target: " in said and "The rule that gave this status" in said

    def when_they_ask_how_the_figure_was_computed(self):
        self.page.locator("section.promise .promise-value").first.click()
        assert self.page.get_by_role("heading", level=1).inner_text() == "How this was computed"
        self._no_barriers()

    def then_they_see_file_checksum_rows_and_formula(self):
        said = self.visitor.reads
        assert re.search(r"\b[0-9a-f]{64}\b", said), "the checksum of the file is named"
        assert all(step in said for step in ("1. Which file", "2. Which rows", "3. What was done", "4. What was withheld"))
        assert self.page.locator("main table tbody tr").count() >= 1

    def when_they_read_how_statuses_are_given(self):
        self.page.go_back()
        self.visitor.follows("All the rules")

    def then_the_rule_that_was_used_is_in_sight(self):
        target = self.page.url.split("#")[1]
        assert self.page.locator(f"[id='{target}']").is_visible()
        self._no_barriers()

    def _no_barriers(self):
        assert self.visitor.barriers() == []


def test_commissioner_finds_out_why_a_promise_is_at_risk(site, visits):
    commissioner = Commissioner(visits(site))
    commissioner.given_the_sheet_is_open()
    commissioner.when_they_open_the_first_promise_that_is_at_risk()
    commissioner.then_they_read_the_figure_the_target_and_the_rule()
    commissioner.when_they_ask_how_the_figure_was_computed()
    commissioner.then_they_see_file_checksum_rows_and_formula()
    commissioner.when_they_read_how_statuses_are_given()
    commissioner.then_the_rule_that_was_used_is_in_sight()

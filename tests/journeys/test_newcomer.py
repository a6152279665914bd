"""A newcomer loads a month just published: the page changes while the site runs, what changed is told, and there is a way back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.serving import served

MONTH = Path(__file__).parents[1] / "fixtures" / "newcomer" / "MHSDS%20Data_4WW_OctPerf_2024.csv"
MEASURE = "/measures/children-clock-stop-within-four-weeks?place=QKK"


class Newcomer:
    def __init__(self, visitor, home):
        self.visitor, self.home, self.page = visitor, home, visitor.page

    def types(self, *words: str) -> str:
        """What `esteem ...` prints."""
        done = subprocess.run(
            [sys.executable, "-m", "esteem.cli", *words],
            capture_output=True, text=True, timeout=120, env=os.environ | {"ESTEEM_HOME": str(self.home)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def given_the_page_shows_september(self):
        self.visitor.goes_to(MEASURE)
        self.before = self._latest()
        assert self.before[0] == "July 2024 to September 2024"

    def when_they_load_the_file_of_october(self):
        self.told = self.types("load", str(MONTH))

    def then_they_are_told_what_changed(self):
        assert "October 2024" in self.told and "88 new figures, 0 revised" in self.told
        assert "mhsds_monthly.MRS01: 2024-08-01..2024-10-31" in self.told
        assert "is served; before it was" in self.told

    def then_the_page_shows_october_without_a_restart(self):
        self.page.reload()
        period, value = self._latest()
        # 160 of 400, as the file says
        assert (period, value) == ("August 2024 to October 2024", "40.0%")
        assert self.visitor.barriers() == []

    def then_the_source_stands_in_the_list(self):
        self.visitor.goes_to("/sources")
        assert "October 2024 Performance, community waits" in self.visitor.reads

    def then_a_day_before_shows_what_was_known_then(self):
        self.visitor.goes_to(f"{MEASURE}&as_at=2024-09-30")
        assert self._latest() == self.before

    def when_they_load_the_same_file_again(self):
        self.told = self.types("load", str(MONTH))

    def then_nothing_changed(self):
        assert "Nothing changed" in self.told

    def when_they_go_back(self):
        self.types("snapshots", "rollback")

    def then_the_page_shows_september_again(self):
        self.visitor.goes_to(MEASURE)
        assert self._latest() == self.before

    def _latest(self) -> tuple[str, str]:
        row = self.page.locator("main table").first.locator("tbody tr").first
        return row.locator("th").inner_text(), row.locator("td").first.locator("a").evaluate("e => e.firstChild.textContent")


@pytest.fixture
def newcomer(tmp_path, visits):
    with served(tmp_path) as address:
        yield Newcomer(visits(address), tmp_path)


def test_newcomer_loads_a_new_month_and_goes_back(newcomer):
    newcomer.given_the_page_shows_september()
    newcomer.when_they_load_the_file_of_october()
    newcomer.then_they_are_told_what_changed()
    newcomer.then_the_page_shows_october_without_a_restart()
    newcomer.then_the_source_stands_in_the_list()
    newcomer.then_a_day_before_shows_what_was_known_then()
    newcomer.when_they_load_the_same_file_again()
    newcomer.then_nothing_changed()
    newcomer.when_they_go_back()
    newcomer.then_the_page_shows_september_again()

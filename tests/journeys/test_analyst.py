"""An analyst finds a figure, takes it away as a file, and works it out again with the script that stands beside it."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

import esteem

PACK = Path(esteem.__file__).parent / "pack_data"


class Analyst:
    def __init__(self, visitor, keeps):
        self.visitor, self.page, self.keeps = visitor, visitor.page, keeps

    def given_they_search_with_a_slip_of_spelling(self):
        self.visitor.goes_to("/")
        self.visitor.searches("talking terapies recovery")
        assert "therapies" in self.visitor.reads
        self.visitor.follows("Talking therapies: recovery", within="main ul")
        assert self.visitor.address.startswith("/measures/talking-therapies-recovery")

    def given_they_choose_a_place_by_postcode(self):
        self.page.get_by_label("Another place").fill("SS1 2AB")
        with self.page.expect_navigation():
            self.page.get_by_label("Another place").press("Enter")
        if "which place?" in self.page.title():
            self.visitor.follows("99G" if "99G" in self.visitor.reads else "NHS")
        assert "place=99G" in self.visitor.address

    def when_they_download_the_figures(self):
        with self.page.expect_download() as waiting:
            self.visitor.follows("CSV of the figures")
        path = self.keeps / waiting.value.suggested_filename
        waiting.value.save_as(path)
        self.rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
        self.last = [row for row in self.rows if row["value"]][-1]

    def then_each_share_is_its_counts_divided(self):
        counted = [row for row in self.rows if row["value"] and row["numerator"]]
        assert counted
        for row in counted:
            assert float(row["value"]) == pytest.approx(float(row["numerator"]) / float(row["denominator"]), abs=0.006)
            assert float(row["lower"]) <= float(row["value"]) <= float(row["upper"])

    def then_the_file_names_its_source_and_flags(self):
        assert self.last["place_code"] == "99G" and self.last["source"] and "flags" in self.last

    def when_they_open_how_it_was_computed_and_take_the_script(self):
        self.page.locator("main table").first.locator("tbody tr").first.locator("td a").first.click()
        assert self.visitor.barriers() == []
        with self.page.expect_download() as waiting:
            self.visitor.follows("Download the script")
        self.script = self.keeps / waiting.value.suggested_filename
        waiting.value.save_as(self.script)

    def then_the_script_gives_the_same_value(self):
        done = subprocess.run([sys.executable, self.script, PACK], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert float(done.stdout.split()[-1]) == pytest.approx(float(self.last["value"]), rel=1e-12)


def test_analyst_downloads_a_figure_and_works_it_out_again(site, visits, tmp_path):
    analyst = Analyst(visits(site), tmp_path)
    analyst.given_they_search_with_a_slip_of_spelling()
    analyst.given_they_choose_a_place_by_postcode()
    analyst.when_they_download_the_figures()
    analyst.then_each_share_is_its_counts_divided()
    analyst.then_the_file_names_its_source_and_flags()
    analyst.when_they_open_how_it_was_computed_and_take_the_script()
    analyst.then_the_script_gives_the_same_value()

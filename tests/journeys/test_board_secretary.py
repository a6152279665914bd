"""A board secretary prints the sheet: one A3 page with every promise, as the file and from the browser."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

SHEET = "/sheets/southend-essex-thurrock-2017"
A3 = (842, 1191)  # points, short side first


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page(?![a-zA-Z])", pdf))


class Secretary:
    def __init__(self, visitor, keeps):
        self.visitor, self.page, self.keeps = visitor, visitor.page, keeps

    def given_the_sheet_is_open(self):
        self.visitor.goes_to(SHEET)
        self.rows = [one.get_attribute("id") for one in self.page.locator("article.promise").all()]
        assert len(self.rows) == 38

    def when_they_take_the_pdf(self):
        with self.page.expect_download() as waiting:
            self.visitor.follows("PDF, one A3 page")
        self.path = self.keeps / waiting.value.suggested_filename
        waiting.value.save_as(self.path)
        self.pdf = self.path.read_bytes()

    def then_it_is_one_tagged_a3_page(self):
        assert self.pdf.startswith(b"%PDF-")
        assert b"/StructTreeRoot" in self.pdf and b"/Lang" in self.pdf and b"pdfuaid" in self.pdf
        box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", self.pdf)
        assert sorted(round(float(side)) for side in box.groups()) == list(A3)
        assert pages_of(self.pdf) == 1

    def then_every_promise_can_be_read_in_it(self):
        if not shutil.which("pdftotext"):
            pytest.skip("pdftotext (poppler-utils) is not on this machine: the words of the page were not read")
        said = subprocess.run(["pdftotext", self.path, "-"], capture_output=True, text=True, check=True).stdout
        assert [row for row in self.rows if row not in said] == []

    def when_they_print_from_the_browser(self):
        self.page.emulate_media(media="print")
        self.printed = self.page.pdf(prefer_css_page_size=True, tagged=True)

    def then_the_menu_stays_away_and_the_promises_fit_one_page(self):
        assert not self.page.locator(".nhsuk-header__navigation").is_visible()
        assert not self.page.locator("footer").is_visible()
        assert not self.page.locator(".sheet-day form").is_visible()
        assert self.page.locator("article.promise").last.is_visible()
        assert pages_of(self.printed) == 1


def test_board_secretary_takes_the_sheet_as_a_file(site, visits, tmp_path):
    secretary = Secretary(visits(site), tmp_path)
    secretary.given_the_sheet_is_open()
    secretary.when_they_take_the_pdf()
    secretary.then_it_is_one_tagged_a3_page()
    secretary.then_every_promise_can_be_read_in_it()


def test_board_secretary_prints_the_page(site, visits, tmp_path):
    secretary = Secretary(visits(site), tmp_path)
    secretary.given_the_sheet_is_open()
    secretary.when_they_print_from_the_browser()
    secretary.then_the_menu_stays_away_and_the_promises_fit_one_page()

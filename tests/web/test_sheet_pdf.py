"""The printed sheet: one tagged page that holds every promise, the same bytes each time."""

import shutil
import subprocess

import pytest

from esteem.web.printing.sheet_pdf import to_pdf
from esteem.web.words.sheet_view import AttentionLine, PromiseLine, SectionLines, SheetView, Spark


def view(promises: int) -> SheetView:
    lines = tuple(
        PromiseLine(
            f"E{n:02d}", "Half of people with a first psychosis are treated in two weeks", "kept", "kept", "The target is met.", "/x",
            value="76% (71 to 81)", target="50%", period="April 2018 to March 2019", spark=Spark((0.6, None, 0.7), 0.5, f"It rose {n}."),
        )
        for n in range(1, promises + 1)
    )  # fmt: skip
    return SheetView(
        "s", "Southend, Essex and Thurrock 2017-21", ("A vision.",), "Figures to March 2022", "As at today", "Most can be judged.",
        (("kept", "kept", promises),), (AttentionLine("Out-of-area beds", "They rose.", "/x"),),
        (SectionLines("a", "Crisis & care", lines),), ("Source: NHS England",),
    )  # fmt: skip


def test_it_is_a_tagged_pdf_and_the_same_each_time():
    body = to_pdf(view(3))
    assert body.startswith(b"%PDF-") and b"/StructTreeRoot" in body and b"pdfuaid" in body
    assert body == to_pdf(view(3))


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="pdfinfo (poppler-utils) is not on this machine")
@pytest.mark.parametrize("promises", [1, 38])
def test_everything_stands_on_one_a3_page(promises, tmp_path):
    path = tmp_path / "sheet.pdf"
    path.write_bytes(to_pdf(view(promises)))
    told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert "Pages:           1" in told and "Tagged:          yes" in told and "A3" in told
    words = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert all(f"E{n:02d}" in words for n in range(1, promises + 1))

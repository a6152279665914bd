"""Downloads: the same numbers in every format, accessible sheets, no formula that could run, same bytes each time."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
import python_calamine

from esteem.web.downloads.open_document import to_ods
from esteem.web.downloads.tables import Column, Table, safe_text
from esteem.web.downloads.text import to_csv, to_json
from esteem.web.downloads.workbook import to_xlsx

TABLE = Table(
    "Two weeks / Southend",
    "Psychosis: treated within two weeks",
    [Column("place", "Place"), Column("value", "Value", "proportion"), Column("count", "People", "number"), Column("flags", "Flags")],
    [["Southend", 0.67, 12, "rounded"], ['=HYPERLINK("x")', None, None, "suppressed"], ["Ürban & <Co>", 1.0, 0, ""]],
    [("Source", "NHS England"), ("-minus", "a note that begins with a sign")],
)


def test_csv_keeps_numbers_blank_for_missing_and_defuses_formulas():
    body = to_csv(TABLE)
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows[0] == ["place", "value", "count", "flags"]
    assert rows[1] == ["Southend", "0.67", "12", "rounded"]
    assert rows[2] == ['\'=HYPERLINK("x")', "", "", "suppressed"]


def test_json_gives_null_for_missing():
    rows = json.loads(to_json(TABLE))["rows"]
    assert rows[1]["value"] is None and rows[1]["flags"] == "suppressed"
    assert rows[2]["place"] == "Ürban & <Co>"


@pytest.mark.parametrize(("write", "skip"), [(to_xlsx, 3), (to_ods, 2)])
def test_workbooks_read_back_with_notes_and_one_table_a_sheet(write, skip):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(write([TABLE], "Esteem figures")))
    assert book.sheet_names == ["Notes", "Two weeks _ Southend"]
    rows = book.get_sheet_by_name("Two weeks _ Southend").to_python(skip_empty_area=False)
    assert rows[skip] == ["Place", "Value", "People", "Flags"]
    assert rows[skip + 1][:3] == ["Southend", 0.67, 12.0]
    assert rows[skip + 2] == ['\'=HYPERLINK("x")', "", "", "suppressed"]
    notes = book.get_sheet_by_name("Notes").to_python()
    assert ["Source", "NHS England"] in [r[:2] for r in notes]


@pytest.mark.parametrize("write", [to_xlsx, to_ods])
def test_same_table_same_bytes(write):
    assert write([TABLE], "t") == write([TABLE], "t")


def test_workbooks_hold_no_merged_cells():
    ods = zipfile.ZipFile(io.BytesIO(to_ods([TABLE], "t")))
    assert ods.infolist()[0].filename == "mimetype" and ods.infolist()[0].compress_type == zipfile.ZIP_STORED
    content = ods.read("content.xml").decode()
    ElementTree.fromstring(content)
    assert "spanned" not in content and "table-header-rows" in content
    xlsx = zipfile.ZipFile(io.BytesIO(to_xlsx([TABLE], "t")))
    assert not any("mergeCell" in xlsx.read(n).decode() for n in xlsx.namelist() if "worksheets/sheet" in n)
    assert any("tables/table" in n for n in xlsx.namelist())


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "@cmd", "\tx"])
def test_formula_like_text_is_defused(text):
    assert safe_text(text).startswith("'")


def test_negative_numbers_as_text_stay():
    assert safe_text("-6") == "-6"


@pytest.mark.parametrize("write", [to_xlsx, to_ods])
def test_two_tables_of_one_name_get_two_sheets(write):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(write([TABLE, TABLE], "t")))
    assert len(set(book.sheet_names)) == 3

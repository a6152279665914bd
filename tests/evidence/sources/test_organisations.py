"""Trusts and GP practices: registers without a header."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.sources.published import FIXTURES, failed_checks, tidied

from esteem.evidence.sources.contract import RawFile
from esteem.evidence.sources.organisations import SOURCE, readable_name

PRACTICES = FIXTURES / "organisations" / "epraccur.csv"
TRUSTS = FIXTURES / "organisations" / "etr.csv"


def test_only_active_english_practices_are_kept():
    found = tidied(SOURCE, PRACTICES)
    assert [r["code"] for r in found.tables["practices"].to_pylist()] == ["F81081", "F81097", "G83025"]
    assert found.rows_read == 5
    assert found.notes[0].startswith("1 rows are not active")
    assert found.notes[1].startswith("1 active practices outside")
    assert not failed_checks(SOURCE, PRACTICES)


def test_practices_say_what_holds_what():
    links = {(r["child"], r["parent"]) for r in tidied(SOURCE, PRACTICES).tables["stated_links"].to_pylist()}
    assert links == {("99G", "QH8"), ("72Q", "QKK"), ("QH8", "Y61"), ("QKK", "Y56")}


def test_trusts_are_places_with_dates():
    found = {p.code: p for p in tidied(SOURCE, TRUSTS).places}
    assert found["R1L"].name == "Essex Partnership University NHS Foundation Trust"
    assert (found["R1L"].kind, found["R1L"].valid_from) == ("trust", date(2017, 4, 1))
    assert found["RD3"].valid_to == date(2020, 9, 30)


def test_no_telephone_number_is_kept():
    columns = tidied(SOURCE, PRACTICES).tables["practices"].column_names
    assert columns == ["code", "name", "postcode", "sub_icb", "icb", "nhs_region", "opened"]


def test_a_header_row_is_refused_with_the_reason(tmp_path):
    path = tmp_path / "etr.csv"
    path.write_text(",".join(f"column{i}" for i in range(27)) + "\n" + TRUSTS.read_text())
    assert SOURCE.recognise(RawFile(path)) is None
    assert SOURCE.near(RawFile(path)).code == "header-wrong"


def test_other_files_are_left_alone(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    assert SOURCE.recognise(RawFile(path)) is None
    assert SOURCE.near(RawFile(path)) is None


@given(st.text(alphabet="ABC NHS(&)'-.", max_size=40))
def test_names_change_in_case_only(name):
    assert readable_name(name).upper() == name.strip().upper()


def test_published_registers(shared):
    found = tidied(SOURCE, shared / "data/ods/epraccur.csv.gz")
    assert found.rows_read == 16534
    assert found.rows_kept == 6253
    assert len(tidied(SOURCE, shared / "data/ods/etr.csv").places) == 218
    for name in ("epraccur.csv.gz", "etr.csv"):
        assert not failed_checks(SOURCE, shared / "data/ods" / name)

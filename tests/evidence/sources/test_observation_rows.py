"""The builder of observations: agreement of values and flags, and repeated cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esteem.evidence.sources.contract import OBSERVATION
from esteem.evidence.sources.observation_rows import ObservationRows, read_cell
from esteem.terms.periods import month

MARCH = month(2022, 3)


def test_cells_come_back_in_the_agreed_shape():
    rows = ObservationRows()
    rows.add("a.b", "99G", MARCH, 0.5, numerator=1, denominator=2, vintage="2021-04", source_row="row 2", flags="exact")
    rows.add("a.b", "07N", MARCH, None, flags="suppressed", source_row="row 3")
    table = rows.table([])
    assert table.schema == OBSERVATION
    assert table.column("value").to_pylist() == [0.5, None]
    assert table.to_pylist()[0]["period_end"].isoformat() == "2022-03-31"


@pytest.mark.parametrize("value, flags", [(None, ""), (None, "exact"), (0.0, "suppressed"), (3.0, "not_collected rounded")])
def test_a_missing_value_always_says_why_and_a_value_never_does(value, flags):
    with pytest.raises(ValueError, match="does not agree"):
        ObservationRows().add("a.b", "99G", MARCH, value, flags=flags, source_row="row 2")


def test_the_same_row_twice_is_kept_once_and_reported_once():
    rows, rejected = ObservationRows(), []
    for line in (2, 9):
        rows.add("a.b", "99G", MARCH, 5.0, source_row=f"row {line}")
    rows.add("a.b", "07N", MARCH, 5.0, source_row="row 3")
    assert rows.table(rejected).column("source_row").to_pylist() == ["row 2", "row 3"]
    assert [(r.row, r.kind) for r in rejected] == [("row 9", "repeated")]


def test_different_figures_under_one_key_are_all_quarantined():
    rows, rejected = ObservationRows(), []
    rows.add("a.b", "99G", MARCH, 5.0, source_row="row 2")
    rows.add("a.b", "99G", MARCH, 6.0, source_row="row 9")
    rows.add("a.b", "99G", month(2022, 4), 6.0, source_row="row 10")
    assert rows.table(rejected).column("source_row").to_pylist() == ["row 10"]
    assert [(r.row, r.kind) for r in rejected] == [("row 2", "contradictory"), ("row 9", "contradictory")]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(1, 2)), max_size=40))
def test_settling_repeats_agrees_with_a_plain_dictionary(cells):
    rows, rejected, plain = ObservationRows(), [], {}
    for line, (series, place, value) in enumerate(cells):
        rows.add(series, place, MARCH, float(value), source_row=str(line))
        plain.setdefault((series, place), []).append((line, value))
    kept = {int(r) for r in rows.table(rejected).column("source_row").to_pylist()}
    assert kept == {group[0][0] for group in plain.values() if len({v for _, v in group}) == 1}
    assert len(kept) + len(rejected) == len(cells)


def test_large_tables_are_packed_in_blocks_without_loss():
    rows = ObservationRows()
    for n in range(70_000):
        rows.add("a.b", str(n), MARCH, float(n), source_row="")
    assert len(rows) == 70_000
    assert rows.table([]).column("value").to_pylist() == [float(n) for n in range(70_000)]


@pytest.mark.parametrize(
    "text, expected",
    [("1,234", (1234.0, "")), ("6.7639e+006", (6763900.0, "")), ("*", (None, "suppressed")), ("#N/A", (None, "not_collected"))],
)
def test_marks_keep_their_reason(text, expected):
    rejected = []
    assert read_cell(text, "row 2", "value", rejected) == expected
    assert rejected == []


def test_text_in_place_of_a_number_is_reported_where_it_stands():
    rejected = []
    assert read_cell("twelve", "row 7", "Count", rejected) == (None, "unknown")
    assert (rejected[0].row, rejected[0].column, rejected[0].found, rejected[0].kind) == ("row 7", "Count", "'twelve'", "unreadable")

"""Reading delimited text: encodings, archives, line numbers, wrong headers, files cut short."""

import csv
import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import RawFile
from esteem.terms.problems import Problem

HEADER = ("Place", "Name", "Count")
TEXT = 'Place,Name,Count\r\n99G,"Southend, ""CCG""",5\r\n07N,"Bexley\nCCG",*\r\n06Q,Mid Essex,7\r\n'
ROWS = [(2, ["99G", 'Southend, "CCG"', "5"]), (3, ["07N", "Bexley\nCCG", "*"]), (5, ["06Q", "Mid Essex", "7"])]


def raw_of(tmp_path, data, name="figures.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return RawFile(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_any_encoding_gives_the_same_records(tmp_path, encoding):
    raw = raw_of(tmp_path, TEXT.encode(encoding))
    assert delimited.header(raw) == HEADER
    assert list(delimited.records(raw, HEADER)) == ROWS


def test_byte_a0_deep_in_a_utf8_file_is_read_as_windows_1252(tmp_path):
    data = b"Place,Name,Count\n" + "99G,Café,1\n".encode() * 20_000 + b"07N,A\xa0B,2\n"
    *_, last = delimited.records(raw_of(tmp_path, data), HEADER)
    assert last == (20_002, ["07N", "A\xa0B", "2"])


def test_gzip_is_told_by_its_bytes_not_its_name(tmp_path):
    assert list(delimited.records(raw_of(tmp_path, gzip.compress(TEXT.encode())), HEADER)) == ROWS


def test_zip_gives_its_largest_csv(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.csv", "x\n1\n")
        archive.writestr("data.CSV", TEXT)
        archive.writestr("pictures.png", b"\0" * 100_000)
    raw = raw_of(tmp_path, packed.getvalue(), "month.zip")
    assert delimited.header(raw) == HEADER
    assert list(delimited.records(raw, HEADER)) == ROWS


def test_zip_without_a_csv_is_a_problem(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("pictures.png", b"x")
    raw = raw_of(tmp_path, packed.getvalue(), "month.zip")
    assert delimited.header(raw) == ()
    with pytest.raises(Problem, match="archive-without-csv"):
        list(delimited.records(raw, HEADER))


def test_zero_bytes_is_a_problem(tmp_path):
    raw = raw_of(tmp_path, b"")
    assert delimited.header(raw) == ()
    with pytest.raises(Problem, match="zero bytes") as problem:
        list(delimited.records(raw, HEADER))
    assert problem.value.code == "file-empty"


@pytest.mark.parametrize(
    "found, words",
    [
        ("Place,Count", "missing Name"),
        ("Place,Name,Count,Rate", "unknown Rate"),
        ("Name,Place,Count", "columns are out of order"),
        ("Place,Name,Total", "missing Count; unknown Total"),
        ("Place,Name,Name,Count", "twice name"),
    ],
)
def test_a_wrong_header_says_what_is_wrong_with_it(tmp_path, found, words):
    raw = raw_of(tmp_path, found + "\n1,2,3\n")
    problem = delimited.header_problem(delimited.header(raw), HEADER, raw.name)
    assert words in problem.found
    assert (problem.file, problem.row) == ("figures.csv", 1)
    with pytest.raises(Problem, match="header-wrong"):
        list(delimited.records(raw, HEADER))


def test_header_is_compared_without_case_spaces_and_empty_right_edge(tmp_path):
    raw = raw_of(tmp_path, "PLACE, name ,Count,,\n99G,a,1,,\n")
    assert [fields[:3] for _, fields in delimited.records(raw, HEADER)] == [["99G", "a", "1"]]


def test_near_header_knows_a_changed_file_from_another_source(tmp_path):
    assert "unknown Rate" in delimited.near_header(raw_of(tmp_path, "Place,Name,Rate\n"), HEADER).found
    assert delimited.near_header(raw_of(tmp_path, "a,b,c\n"), HEADER) is None
    assert delimited.near_header(raw_of(tmp_path, b"PAR1\0\0"), HEADER) is None


def test_a_file_cut_short_in_its_last_row_is_refused(tmp_path):
    with pytest.raises(Problem, match="file-cut-short") as problem:
        list(delimited.records(raw_of(tmp_path, TEXT[: -len("x,7\r\n")]), HEADER, rejected=[]))
    assert problem.value.row == 5


def test_a_file_cut_short_inside_quotes_is_refused(tmp_path):
    with pytest.raises(Problem, match="row-quoting") as problem:
        list(delimited.records(raw_of(tmp_path, 'Place,Name,Count\n1,2,"3'), HEADER, rejected=[]))
    assert problem.value.row == 2


def test_a_gzip_cut_short_is_refused(tmp_path):
    data = gzip.compress(b"Place,Name,Count\n" + b"".join(b"%d,b,c\n" % n for n in range(90_000)))
    with pytest.raises(Problem, match="file-cut-short"):
        list(delimited.records(raw_of(tmp_path, data[: len(data) // 2]), HEADER))


def test_a_row_of_another_width_is_reported_with_its_line(tmp_path):
    raw, rejected = raw_of(tmp_path, "Place,Name,Count\n1,2,3\n1,2\n1,2,3,4\n4,5,6\n"), []
    assert [line for line, _ in delimited.records(raw, HEADER, rejected=rejected)] == [2, 5]
    assert [(r.row, r.kind) for r in rejected] == [("row 3", "unreadable"), ("row 4", "unreadable")]
    with pytest.raises(Problem, match="row-shape"):
        list(delimited.records(raw, HEADER))


def test_files_without_a_header_are_read_by_width(tmp_path):
    assert list(delimited.records(raw_of(tmp_path, "a,1\n\nb,2\n"), None, width=2)) == [(1, ["a", "1"]), (3, ["b", "2"])]


def test_progress_counts_rows_and_guesses_the_total(tmp_path):
    calls = []
    raw = raw_of(tmp_path, b"Place,Name,Count\n" + b"a,b,c\n" * 100_000)
    blocks = list(delimited.batches(delimited.records(raw, HEADER, lambda *c: calls.append(c)), 30_000))
    assert [len(b) for b in blocks] == [30_000, 30_000, 30_000, 10_000]
    assert calls[-1] == (100_000, 100_000)
    assert [done for done, _ in calls[:-1]] == [20_000, 40_000, 60_000, 80_000, 100_000]
    assert all(total == pytest.approx(100_000, rel=0.2) for _, total in calls)


_cell = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)


@given(st.lists(st.tuples(_cell, _cell, _cell), max_size=8), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_whatever_is_written_is_read_back(tmp_path_factory, rows, encoding):
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADER, *rows])
    raw = raw_of(tmp_path_factory.mktemp("round"), text.getvalue().encode(encoding))
    assert [tuple(fields) for _, fields in delimited.records(raw, HEADER)] == rows


@given(st.binary(max_size=600))
def test_no_bytes_make_the_fingerprint_fail(tmp_path_factory, data):
    raw = raw_of(tmp_path_factory.mktemp("bytes"), data)
    assert isinstance(delimited.header(raw), tuple)

"""Postcode centroids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.sources.published import FIXTURES, changed, failed_checks, tidied

from esteem.evidence.sources.contract import silent
from esteem.evidence.sources.postcodes import SOURCE, written_postcode

FIXTURE = FIXTURES / "postcodes" / "postcodes.csv"


def test_centroids_are_kept_as_published():
    rows = tidied(SOURCE, FIXTURE).tables["postcodes"].to_pylist()
    assert {"postcode": "SS0 0AA", "latitude": 51.55202, "longitude": 0.67779} in rows
    assert not failed_checks(SOURCE, FIXTURE)


@pytest.mark.parametrize(("old", "new"), [("DA5 1LU", "DA5"), ("51.44387", "north"), ("51.44387", "5.1")])
def test_a_wrong_row_is_set_aside(tmp_path, old, new):
    raw = changed(tmp_path, FIXTURE, old, new)
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    assert [r.row for r in found.rejected] == ["row 2"]
    assert found.rows_kept == found.rows_read - 1


def test_a_postcode_twice_is_kept_once(tmp_path):
    raw = changed(tmp_path, FIXTURE, "SS0 0AA", "DA5 1LU")
    found = SOURCE.tidy(raw, SOURCE.recognise(raw), str.strip, silent)
    assert [r.kind for r in found.rejected] == ["repeated"]


@given(st.sampled_from(["SS1 2AB", "DA14 6LT", "E4 7AA", "EC1A 1BB"]), st.data())
def test_spaces_and_case_do_not_matter(postcode, data):
    plain = postcode.replace(" ", "")
    spaces = data.draw(st.lists(st.sampled_from(["", " "]), min_size=len(plain), max_size=len(plain)))
    typed = "".join(letter + space for letter, space in zip(plain, spaces, strict=True))
    assert written_postcode(data.draw(st.sampled_from([typed, typed.lower()]))) == postcode


@pytest.mark.parametrize("text", ["", "Bexley", "99G", "E09000004", "SS1"])
def test_other_words_are_no_postcode(text):
    assert written_postcode(text) is None


def test_every_published_postcode_is_kept(shared):
    found = tidied(SOURCE, shared / "data/postcodes/postcodes_local_may2025.csv.gz")
    assert found.rows_kept == found.rows_read == 92781

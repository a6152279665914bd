"""Names of providers as codes: what publishers write differently, and names that lead to no code or to several."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.places_of_fixtures import FIXTURES, assembled, read

from esteem.evidence import gazetteer
from esteem.evidence.geography import Geography
from esteem.evidence.pack.build import make_pack
from esteem.evidence.pack.parts import decode
from esteem.evidence.provider_names import codes_of_names, folded
from esteem.evidence.sources import early_intervention_psychosis, organisations
from esteem.evidence.sources.contract import RawFile
from esteem.evidence.sources.mhsds_provider_series import SOURCE as SERIES
from esteem.terms.places import Place

ESSEX = "ESSEX PARTNERSHIP UNIVERSITY NHS FOUNDATION TRUST"


@pytest.fixture(scope="module")
def geography(tmp_path_factory):
    return assembled(tmp_path_factory.mktemp("places")).geography


@pytest.mark.parametrize(
    "written",
    [
        ESSEX,
        "Essex Partnership University NHS FT",
        "essex partnership  university NHSFT",
        "The Essex Partnership University NHS Foundation Trust",
        "ESSEX PARTNERSHIP-UNIVERSITY NHS FOUNDATION",
    ],
)
def test_every_spelling_of_a_trust_comes_to_its_code(geography, written):
    assert geography.canonical(written) == "R1L"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SHEFFIELD HEALTH & SOCIAL CARE NHS FOUNDATION TRUST", "Sheffield Health and Social Care NHS FT"),
        ("BARNARDO'S LISTER HILLS BRADFORD", "Barnardo’s Lister Hills, Bradford"),
        ("JUST DROP-IN LTD", "Just Drop In Limited"),
    ],
)
def test_spellings_that_mean_the_same_fold_alike(one, other):
    assert folded(one) == folded(other)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


def provider(code, name, kind="provider"):
    return Place(code, name, kind)


def test_a_name_of_two_codes_is_nobody():
    two = [provider("AMD", "The Kaleidoscope Plus Group"), provider("AMD01", "THE KALEIDOSCOPE PLUS GROUP")]
    assert codes_of_names(two, {}) == {}
    assert codes_of_names(two[:1] * 2, {})["KALEIDOSCOPE PLUS GROUP"].code == "AMD"


def test_one_word_and_councils_are_no_names_of_providers():
    assert codes_of_names([provider("AXY", "COMPASS"), provider("E06000033", "Southend Council", "unitary")], {}) == {}


def test_a_name_under_which_figures_are_kept_stays_a_name():
    both = [provider("OPEN DOOR LTD", "OPEN DOOR LTD"), provider("AXY", "Open Door Limited")]
    assert codes_of_names(both, {}) == {}


def test_codes_that_were_recoded_lead_to_the_canonical_one():
    assert codes_of_names([provider("OLD", "Mind in Town")], {"OLD": "NEW"})["MIND IN TOWN"].code == "NEW"


def test_names_are_kept_with_the_places_of_a_snapshot(geography, tmp_path_factory):
    tables = assembled(tmp_path_factory.mktemp("again")).tables
    again = Geography.of_rows(*(tables[name].to_pylist() for name in ("places", "place_links", "place_codes")))
    assert again.canonical("Essex Partnership University NHS FT") == "R1L"
    assert [p.code for p in again.search(ESSEX)] == ["R1L"]


def codes_in(known: Geography, path) -> set[str]:
    """Places of one file of the provider series, which names providers and gives no codes."""
    raw = RawFile(path)
    return {p.code for p in SERIES.tidy(raw, SERIES.recognise(raw), known.canonical).places}


def test_a_trust_is_known_by_any_file_that_names_it():
    """Oxleas is in no register of the fixtures, but in the series of waiting times."""
    tidies = [read(early_intervention_psychosis.SOURCE, p) for p in sorted((FIXTURES / "early_intervention_psychosis").glob("*.csv"))]
    known = gazetteer.assemble_tidied(tidies).geography
    assert {"RPG", "R1L"} <= codes_in(known, FIXTURES / "mhsds_provider_series" / "beds01_Sep_2021.csv")


def test_the_register_alone_knows_our_trusts_in_every_published_file_of_bed_days(shared):
    known = gazetteer.assemble_tidied(read(organisations.SOURCE, p) for p in sorted((shared / "data" / "ods").glob("etr*"))).geography
    files = sorted((shared / "data" / "mhsds_provider_2021_22").glob("beds*.csv"))
    assert len(files) == 12
    assert all({"R1L", "RPG", "RAT"} <= codes_in(known, path) for path in files)


def test_a_pack_has_figures_under_the_code_that_another_source_gives(tmp_path):
    """Bed days come before the register of trusts by name of file, and name Oxleas, which only the waiting times know by code."""
    for name in ("mhsds_provider_series/beds01_Sep_2021.csv", "early_intervention_psychosis/history.csv", "organisations/etr.csv"):
        (tmp_path / Path(name).name).write_bytes((FIXTURES / name).read_bytes())
    _, parts = make_pack(tmp_path, (SERIES, early_intervention_psychosis.SOURCE, organisations.SOURCE))
    [figures] = [decode(p.data) for p in parts if (p.part.table, p.part.source) == ("observations", SERIES.id)]
    assert {"R1L", "RPG"} <= set(figures["place"].cast("string").to_pylist())

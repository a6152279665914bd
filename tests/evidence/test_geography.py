"""Places: one canonical code, dates, what holds what, what followed what, groups, search, likeness."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.places_of_fixtures import assembled, read

from esteem.evidence import gazetteer
from esteem.evidence.geography import Geography
from esteem.evidence.sources import lookups, organisations, population_local_authority
from esteem.evidence.sources.contract import RawFile
from esteem.terms.places import ENGLAND, is_england
from esteem.terms.problems import Problem

SET_CCGS = ("06Q", "06T", "07G", "07H", "99E", "99F", "99G")


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return assembled(tmp_path_factory.mktemp("places"))


@pytest.fixture(scope="module")
def geography(places):
    return places.geography


@pytest.fixture(scope="module")
def published(shared):
    """All published lookups, registers and populations."""
    folder = shared / "data"
    sources = (
        (lookups.SOURCE, "lookups/*"),
        (organisations.SOURCE, "ods/*"),
        (population_local_authority.SOURCE, "population/mye2_mid2021*"),
    )
    return gazetteer.assemble_tidied(read(s, p) for s, pattern in sources for p in sorted(folder.glob(pattern))).geography


def codes(found):
    return {p.code for p in found}


# ---------------------------------------------------------------- codes


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("E38000168", "99G"),
        (" e38000168 ", "99G"),
        ("99g", "99G"),
        ("E54000026", "QH8"),
        ("E40000007", "Y61"),
        ("E54000021", "QUE"),
        ("E08000016", "E08000038"),
        ("E08000038", "E08000038"),
        ("England", ENGLAND),
        (" ENG ", ENGLAND),
        ("All prov", ENGLAND),
        ("Not a place", "Not a place"),
    ],
)
def test_every_code_comes_to_the_canonical_one(geography, raw, code):
    assert geography.canonical(raw) == code


@given(st.text(max_size=12))
def test_unknown_codes_come_back_trimmed(raw):
    bare = Geography([], [])
    assert bare.canonical(raw) == (ENGLAND if is_england(raw) else " ".join(raw.split()))


def test_canonical_codes_stay_as_they_are(geography):
    assert all(geography.canonical(p.code) == p.code for p in geography)


def test_an_unknown_place_is_refused_with_near_matches(geography):
    with pytest.raises(Problem) as refused:
        geography.place("99Q9")
    assert refused.value.code == "place-unknown"
    assert "99Q" in refused.value.remedy
    with pytest.raises(Problem) as misspelt:
        geography.place("Bexly")
    assert "E09000004" in misspelt.value.remedy


# ---------------------------------------------------------------- dates and successors


def test_bexley_ccg_ended_and_became_south_east_london(geography):
    place = geography.place("07N")
    assert (place.name, place.kind, place.valid_to) == ("NHS Bexley CCG", "ccg", date(2020, 3, 31))
    assert [(p.code, day, how) for p, day, how in geography.successors("07N")] == [("72Q", date(2020, 4, 1), "whole")]


def test_counts_of_six_boroughs_may_be_added_before_april_2020(geography):
    (joined,) = geography.joined_series("72Q")
    assert joined.valid
    assert joined.predecessors == ("07N", "07Q", "08A", "08K", "08L", "08Q")
    assert "NHS Bexley CCG (07N)" in joined.words


def test_new_icbs_of_april_2026(geography):
    essex = geography.place("D7T5G")
    assert (essex.name, essex.kind, essex.valid_from) == ("NHS Essex Integrated Care Board", "icb", date(2026, 4, 1))
    assert geography.place("QH8").valid_to == date(2026, 3, 31)
    assert {p.code: how for p, _, how in geography.predecessors("D7T5G")} == {"QH8": "whole", "QJG": "in part", "QM7": "in part"}
    assert set(SET_CCGS) <= codes(geography.children("D7T5G"))
    (joined,) = geography.joined_series("D7T5G")
    assert not joined.valid


def test_a_ccg_and_its_sub_icb_are_one_place(geography):
    place = geography.place("99G")
    assert (place.kind, place.valid_to) == ("sub_icb", None)
    assert "NHS Southend CCG" in place.note


def test_districts_that_became_a_unitary(geography):
    assert geography.place("E07000187").valid_to == date(2023, 3, 31)
    tiers = [j for j in geography.joined_series("E06000066") if j.valid]
    assert ("E10000027",) in {j.predecessors for j in tiers}
    assert ("E07000187", "E07000188", "E07000189", "E07000246") in {j.predecessors for j in tiers}


def test_one_county_that_became_two_councils_may_not_be_joined(geography):
    assert [j.valid for j in geography.joined_series("E06000063") if j.predecessors == ("E10000006",)] == [False]


def test_trusts_before_essex_partnership(geography):
    assert codes(p for p, *_ in geography.predecessors("R1L")) == {"RRD", "RWN"}


# ---------------------------------------------------------------- what holds what


def test_what_holds_bexley(geography):
    assert {"72Q", "QKK", "Y56", "E12000007", ENGLAND} <= codes(geography.parents("E09000004"))
    assert "E09000004" in codes(geography.children("72Q"))


def test_the_icb_of_a_place_depends_on_the_day(geography):
    assert "QH8" in codes(geography.parents("99G", date(2021, 1, 1)))
    assert "D7T5G" not in codes(geography.parents("99G", date(2021, 1, 1)))
    assert "D7T5G" in codes(geography.parents("99G"))
    assert "QH8" not in codes(geography.parents("99G"))


def test_southend_lies_in_its_sub_icb_and_not_the_other_way(geography):
    assert "99G" in codes(geography.parents("E06000033"))
    assert "E06000033" not in codes(geography.parents("99G"))


def test_a_district_of_essex(geography):
    assert {"E10000012", "99E", "E12000006"} <= codes(geography.parents("E07000066"))


def test_comparators(geography):
    found = [(role, p.code) for role, p in geography.comparators("E06000033")]
    assert found == [("icb", "D7T5G"), ("icb", "QH8"), ("region", "E12000006"), ("england", ENGLAND)]
    assert [(role, p.code) for role, p in geography.comparators("R1L")] == [("icb", "QH8"), ("region", "Y61"), ("england", ENGLAND)]
    assert geography.comparators(ENGLAND) == []


# ---------------------------------------------------------------- groups


def test_named_groups_of_the_strategies(geography):
    assert geography.members("set-ccgs") == SET_CCGS
    assert geography.members("set-councils") == ("E10000012", "E06000033", "E06000034")
    assert geography.place("set-ccgs").kind == "group"


def test_custom_groups(geography):
    assert geography.members("99G+E38000185") == ("99G", "07G")
    assert geography.place("99G+07G").code == "99G+07G"


@pytest.mark.parametrize(
    "group", ["E10000012+E07000066", "99G+QH8", "99G+E06000033", "07N+72Q", "99G+99G", "set-ccgs+D7T5G", "set-councils+99G"]
)
def test_places_that_share_people_make_no_group(geography, group):
    with pytest.raises(Problem) as refused:
        geography.members(group)
    assert refused.value.code == "group-overlap"


def test_an_empty_group_is_refused(geography):
    with pytest.raises(Problem) as refused:
        geography.members("+")
    assert refused.value.code == "group-empty"


# ---------------------------------------------------------------- search


@pytest.mark.parametrize(
    ("text", "first"), [("bexley", "E09000004"), ("Southend", "E06000033"), ("99g", "99G"), ("southend ccg", "99G"), ("oxleas", "RPG")]
)
def test_search_by_name_and_code(geography, text, first):
    assert geography.search(text)[0].code == first


def test_search_by_postcode(places):
    rows = {"SS1 2AB": {"district": "E06000033", "sub_icb": "99G"}}
    tables = (places.tables[name].to_pylist() for name in ("places", "place_links", "place_codes"))
    found = Geography.of_rows(*tables, rows.get).search("ss12ab")
    assert [p.code for p in found][:2] == ["E06000033", "99G"]
    assert "D7T5G" in codes(found)


def test_a_postcode_outside_the_shipped_area_is_said(geography):
    with pytest.raises(Problem) as refused:
        geography.search("SW1A 1AA")
    assert refused.value.code == "postcode-unknown"


def test_rows_of_the_tables_make_the_same_places(places):
    tables = {name: places.tables[name].to_pylist() for name in ("places", "place_links", "place_codes")}
    again = Geography.of_rows(tables["places"], tables["place_links"], tables["place_codes"])
    assert list(again) == list(places.geography)
    assert again.canonical("E38000168") == "99G"


# ---------------------------------------------------------------- likeness


def test_similar_places_are_of_the_same_kind_and_nearest_first(places):
    def figures():
        base = {"deprivation": 20.0, "aged_65_and_over": 0.2, "ethnic_minority": 0.1, "people": 12.0}
        return {
            "E09000004": base,
            "E06000033": base | {"deprivation": 21.0},
            "E06000034": base | {"deprivation": 40.0},
            "99G": base,
            "E10000012": base,
        }

    geography = Geography(places.places, places.links, places.codes, features=figures)
    assert [p.code for p, _ in geography.similar("E09000004")] == ["E06000033", "E06000034"]
    assert geography.similar("E09000004")[0][1] < geography.similar("E09000004")[1][1]
    assert geography.similar("QH8") == []
    assert "standard deviations" in geography.similarity_rule


# ---------------------------------------------------------------- the published lookups


def test_every_ccg_of_2019_and_every_area_of_2024_is_a_place(published, shared):
    assert len([p for p in published if p.kind == "sub_icb"]) == 106
    assert len([p for p in published if p.kind == "icb" and p.code.startswith("Q")]) == 42
    assert all(p.valid_to for p in published if p.kind == "ccg")
    assert len([p for p in published if p.kind in ("ltla", "unitary") and not p.valid_to]) == 296


# What the data guide states in section 1, place by place.
@pytest.mark.parametrize(
    ("district", "sub_icb", "icb", "county"),
    [
        ("E06000033", "99G", "QH8", None),
        ("E06000034", "07G", "QH8", None),
        ("E07000066", "99E", "QH8", "E10000012"),
        ("E07000069", "99F", "QH8", "E10000012"),
        ("E07000070", "06Q", "QH8", "E10000012"),
        ("E07000071", "06T", "QJG", "E10000012"),
        ("E07000072", "07H", "QM7", "E10000012"),
        ("E09000004", "72Q", "QKK", None),
    ],
)
def test_districts_lie_in_exactly_one_sub_icb(published, district, sub_icb, icb, county):
    held = published.parents(district, date(2024, 6, 1))
    assert [p.code for p in held if p.kind == "sub_icb"] == [sub_icb]
    assert [p.code for p in held if p.kind == "icb"] == [icb]
    assert [p.code for p in held if p.kind == "utla"] == ([county] if county else [])


def test_every_council_and_nhs_area_is_in_a_region(published):
    homeless = [
        p.code
        for p in published
        if not p.valid_to and p.kind in ("ltla", "unitary", "utla") and not any(q.kind == "region" for q in published.parents(p.code))
    ]
    assert not homeless


def test_mergers_that_the_lookups_prove(published):
    assert published.joined_series("72Q")[0].valid
    assert published.joined_series("36L")[0].predecessors == ("07V", "08J", "08P", "08R", "08T", "08X")
    assert {j.predecessors for j in published.joined_series("E06000060") if j.valid} == {
        ("E07000004", "E07000005", "E07000006", "E07000007"),
        ("E10000002",),
    }


def test_a_renamed_tables_file_is_no_matter(shared, tmp_path):
    path = tmp_path / "anything.csv.gz"
    path.write_bytes((shared / "data/lookups/lookup_lsoa21_icb24.csv.gz").read_bytes())
    assert lookups.SOURCE.recognise(RawFile(path)) is not None

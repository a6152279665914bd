"""Search for everything, places by name, and groups of places that never count anyone twice."""

from __future__ import annotations

import html
import re
from typing import ClassVar

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from esteem.terms.places import Place
from esteem.web.words.place_group import built, choices
from esteem.web.words.place_names import told
from esteem.web.words.search import Entry, Index, words_of


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "127.0.0.1"})


def read(client, address: str, **query) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("psychosis", "Psychosis: treated within two weeks"),
        ("psycosis", "Psychosis: treated within two weeks"),
        ("EIP", "Early intervention in psychosis (EIP)"),
        ("EIP(i)", "Psychosis: treated within two weeks"),
        ("bexly", "Bexley"),
        ("suothend", "Southend-on-Sea"),
        ("Southend CCG", "99G"),
        ("QH8", "NHS Mid and South Essex Integrated Care Board"),
        ("IAPT", "Talking Therapies (TT)"),
        ("police cell", "No one in a mental health crisis is held in a police cell."),
    ],
)
def test_what_people_type_leads_to_what_they_mean(client, typed, expected):
    assert expected in read(client, "/search", q=typed)


def test_a_word_taken_for_another_is_told(client):
    assert "Nothing holds “psycosis”. These are for “psychosis”." in read(client, "/search", q="psycosis")


def test_nothing_found_says_where_else_to_look(client):
    said = read(client, "/search", q="qqqqqq")
    assert "Nothing was found for “qqqqqq”" in said and "find a place" in said


def test_an_empty_search_and_a_hostile_one_are_pages_too(client):
    assert "Search measures, places" in read(client, "/search")
    page = client.get("/search", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script" not in page


def test_the_day_looked_back_to_stays_in_what_was_found(client):
    page = client.get("/search", {"q": "psychosis", "as_at": "2020-03-31"}).content.decode()
    assert "/measures/psychosis-treated-within-two-weeks?as_at=2020-03-31" in page


NOUNS = ("river", "harbour", "meadow", "lantern", "window", "garden", "planet", "copper")
WORDS = st.lists(st.sampled_from(NOUNS), min_size=1, max_size=4, unique=True)


@given(st.lists(WORDS, min_size=1, max_size=8), st.data())
def test_an_entry_is_found_by_any_of_its_words_and_only_by_those(names, data):
    index = Index(Entry("measure", " ".join(words), "", f"/{i}") for i, words in enumerate(names))
    word = data.draw(st.sampled_from(sorted({w for words in names for w in words})))
    found = {entry.address for kind in index.search(word).found for entry in kind.entries}
    assert found == {f"/{i}" for i, words in enumerate(names) if word in words}


@given(st.text(max_size=40))
def test_any_text_can_be_looked_for(text):
    index = Index([Entry("term", "Bed day", "", "/", hidden="one night"), Entry("place", "Épernay", "", "/e")])
    results = index.search(text)
    assert results.number <= 2
    assert all(word == word.lower() for word in words_of(text))


def test_places_forgive_a_slip_of_spelling(client):
    assert "These are for “bexley”" in read(client, "/places", q="bexly")
    assert "Postcodes are shipped for" in read(client, "/places", q="ZZ1 1ZZ")


def test_a_group_is_built_by_search_and_lives_in_the_address(client):
    said = read(client, "/places/group", **{"in": "99E+99F", "q": "Southend"})
    assert "Take out" in said and "Add NHS Mid and South Essex ICB - 99G" in said
    page = client.get("/places/group", {"in": "99E+99F"}).content.decode()
    assert 'href="/places/99E%2B99F"' in page or 'href="/places/99E+99F"' in page


def test_a_place_that_would_count_people_twice_cannot_join(client):
    said = read(client, "/places/group", **{"in": "E10000012", "q": "Basildon"})
    assert "Cannot be added" in said and "counted twice" in said
    assert "These places cannot be added up" in read(client, "/places/group", **{"in": "E10000012+E07000066"})


def test_the_measures_of_a_group_lead_to_its_figures(client):
    page = client.get("/places/99E+99F").content.decode()
    assert "place=99E%2B99F" in page
    assert client.get("/measures/psychosis-treated-within-two-weeks", {"place": "99E+99F"}).status_code == 200


class Geography(list):
    """Places without links: what naming and grouping need of a geography."""

    groups: ClassVar[dict] = {}

    def place(self, code):
        return next(p for p in self if p.code == code)

    def members(self, joined):
        return tuple(joined.split("+"))

    __hash__ = object.__hash__


LONG = "NHS Mid and South Essex ICB - 99G"


def test_a_location_bears_the_name_of_the_group_it_was_and_others_keep_theirs():
    named = told(
        Geography(
            [
                Place("99G", LONG, "sub_icb", note="Earlier: NHS Southend CCG."),
                Place("72Q", "NHS South East London ICB - 72Q", "sub_icb", note="Earlier: NHS Bexley CCG. Earlier: NHS Bromley CCG."),
                Place("QH8", "NHS Mid and South Essex Integrated Care Board", "icb"),
            ]
        )
    )
    assert named(f"Rate: 12% worse in {LONG}.") == "Rate: 12% worse in NHS Southend CCG (99G)."
    assert named("NHS South East London ICB - 72Q") == "NHS South East London ICB - 72Q"
    assert named("NHS Mid and South Essex Integrated Care Board") == "NHS Mid and South Essex Integrated Care Board"


def test_a_group_can_lose_a_member_and_gain_one():
    places = Geography([Place("A", "Alder", "ltla"), Place("B", "Birch", "ltla"), Place("C", "Cedar", "ltla")])
    group = built(places, ["A", "B"])
    assert [(m.place.code, m.without) for m in group.members] == [("A", "B"), ("B", "A")]
    assert group.code == "A+B" and built(places, ["A"]).code == ""
    assert choices(places, ["A", "B"], (places[2],))[0].joined == "A+B+C"

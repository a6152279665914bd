"""Who can use a service: only what has been said makes a no, and every answer names its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.directory.feed_services import BEXLEY, SOUTHEND, night_line, sadness_group

from esteem.directory.eligible import Person, eligibility
from esteem.directory.record import Eligibility, ServiceArea

HERE = frozenset({SOUTHEND, "E92000001"})


def asked(rules: Eligibility, person: Person, **other):
    return eligibility(replace(sadness_group(coverage=()), eligibility=rules, **other), person)


@pytest.mark.parametrize(
    ("rules", "person", "answer", "reason"),
    [
        (Eligibility(11, 18), Person(15, 15), "yes", "it is for people aged 11 to 18"),
        (Eligibility(11, 18), Person(19, 19), "no", "It is for people aged 11 to 18"),
        (Eligibility(11, 18), Person(4, 17), "check", "It is for people aged 11 to 18"),
        (Eligibility(11, 18), Person(), "check", "It is for people aged 11 to 18"),
        (Eligibility(18), Person(18, None), "yes", "it is for people aged 18 and over"),
        (Eligibility(18), Person(None, 17), "no", "It is for people aged 18 and over"),
        (Eligibility(maximum_age=25), Person(16, 25), "yes", "it is for people aged 25 and under"),
        (Eligibility(), Person(40, 40), "check", "It has not said which ages it is for"),
        (Eligibility(all_ages=True), Person(40, 40), "yes", "it is for people of any age"),
        (Eligibility(genders=("men",)), Person(gender="men"), "yes", "it is for men"),
        (Eligibility(genders=("men",)), Person(gender="women"), "no", "It is only for men"),
        (Eligibility(genders=("women", "non_binary")), Person(), "check", "It is only for women and non-binary people"),
        (Eligibility(routes=("gp",)), Person(), "check", "You need to be referred by a GP"),
        (Eligibility(all_ages=True, routes=("gp",)), Person(who="professional"), "yes", "it is for people of any age"),
        (Eligibility(all_ages=True, routes=("gp", "self")), Person(), "yes", "it is for people of any age"),
        (Eligibility(for_carers=True), Person(who="carer"), "yes", "it is for people who look after someone"),
        (Eligibility(for_carers=True), Person(who="self"), "check", "It is for people who look after someone"),
        (Eligibility(registered_with=("F81001",)), Person(), "check", "You must be registered with one of its GP surgeries or councils"),
        (Eligibility(conditions_out=("psychosis",)), Person(needs=("psychosis",)), "no", "It does not help with:"),
        (Eligibility(), Person(), "check", "It has not said who can use it: ask first"),
    ],
)
def test_each_rule_gives_its_answer_and_says_why(rules, person, answer, reason):
    found = asked(rules, person)
    assert found.answer == answer
    assert any(one.startswith(reason) for one in found.reasons)


def test_an_area_that_is_said_turns_others_away_and_england_nobody():
    area = (ServiceArea("1", "Southend-on-Sea", (SOUTHEND,)),)
    anyone = Eligibility(all_ages=True)
    assert asked(anyone, Person(areas=HERE), coverage=area).answer == "yes"
    assert asked(anyone, Person(areas=frozenset({BEXLEY})), coverage=area).reasons == ("It only serves people who live in Southend-on-Sea",)
    assert asked(anyone, Person(), coverage=area).answer == "check"
    assert eligibility(night_line(), Person(20, 20, areas=frozenset({BEXLEY}))).answer == "yes"


rules = st.builds(
    Eligibility,
    minimum_age=st.none() | st.integers(0, 30),
    maximum_age=st.none() | st.integers(31, 90),
    genders=st.sampled_from([(), ("women",), ("men",)]),
    routes=st.sampled_from([(), ("self",), ("gp",)]),
)
people = st.builds(
    Person,
    age_from=st.none() | st.integers(0, 50),
    age_to=st.none() | st.integers(51, 100),
    gender=st.sampled_from(["", "women", "men"]),
    areas=st.sampled_from([frozenset(), HERE]),
)


@given(rules, people)
def test_every_answer_has_a_reason(found_rules, person):
    assert all(asked(found_rules, person).reasons)


@given(people)
def test_what_nobody_has_said_never_hides_a_service(person):
    assert asked(Eligibility(), person).answer == "check"


@given(rules)
def test_a_person_of_whom_nothing_is_known_is_never_refused(found_rules):
    assert asked(found_rules, Person()).answer != "no"

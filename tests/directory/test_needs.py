"""The needs scheme: what the file must hold, what a wrong line is told, and what is published."""

from __future__ import annotations

import json
import uuid

import pytest
import yaml

from esteem.directory.needs import FILE, as_skos, as_turtle, read_scheme, scheme, term_id
from esteem.directory.typed import even
from esteem.terms.problems import Problem, Problems


def test_the_scheme_has_the_ids_of_the_design(shared):
    design = yaml.safe_load((shared / "search" / "needs.yaml").read_text(encoding="utf-8"))
    assert {need.id for need in scheme().needs} == {need["id"] for need in design["needs"]}
    assert {group.id for group in scheme().groups} == {group["id"] for group in design["groups"]}


def test_every_need_can_be_said_in_many_ways():
    assert [need.id for need in scheme().needs if len(need.says) < 15] == []
    assert scheme().find("suicidal-thoughts").crisis == "crisis"
    assert [need.id for need in scheme().near("carer-break")] == ["carer", "memory", "daily-living"]


def test_an_unknown_need_is_a_problem():
    with pytest.raises(Problem) as wrong:
        scheme().find("plumbing")
    assert wrong.value.code == "need-unknown"


def test_a_term_id_is_the_same_everywhere():
    assert term_id("sleep") == str(uuid.uuid5(uuid.NAMESPACE_URL, "https://esteem.example/needs/sleep"))


@pytest.mark.parametrize(
    "before, after, words, column",
    [
        ("stage: [young, adult, older]", "stage: [grown-up]", "grown-up", "stage"),
        ("crisis: none", "crisis: maybe", "maybe", "crisis"),
        ("near: [talking-therapy,", "near: [talking-cure,", "talking-cure", "near"),
        ("group: feelings", "group: moods", "moods", "group"),
        ("id: anxiety", "id: low-mood", "low-mood", "id"),
        ("says: [anxious,", "says: [depressed, anxious,", "depressed", "says"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, before, after, words, column):
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    copy = tmp_path / "needs.yaml"
    copy.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(Problems) as wrong:
        read_scheme(copy)
    said = [problem for problem in wrong.value.problems if problem.column == column and words in problem.found]
    assert said and said[0].row and said[0].file == "needs.yaml"


def test_a_file_that_is_not_yaml_is_a_problem_with_its_row(tmp_path):
    copy = tmp_path / "needs.yaml"
    copy.write_text("scheme: {id: x}\nneeds: [\n", encoding="utf-8")
    with pytest.raises(Problems) as wrong:
        read_scheme(copy)
    assert wrong.value.problems[0].row == 3


def test_skos_names_every_need_and_its_group():
    nodes = {node["@id"]: node for node in json.loads(json.dumps(as_skos()))["@graph"]}
    sleep = nodes["https://esteem.example/needs/sleep"]
    assert sleep["skos:broader"] == {"@id": "https://esteem.example/needs/feelings"}
    assert len(nodes) == 1 + 7 + 66
    assert as_turtle().count(" a skos:Concept ;") == 7 + 66


@pytest.mark.parametrize(
    "typed, made",
    [
        ("I can't go onnnn!!!", "i cant go onn"),
        ("S.u.i.c.i.d.e", "suicide"),
        ("A&E   tonite", "a and e tonight"),
        ("want to d*e 💊", "want to de pills"),
        ("", ""),
        ("<script>alert(1)</script>", "script alert 1 script"),
        ("مساعدة", "مساعدة"),
    ],
)
def test_words_are_made_even(typed, made):
    assert even(typed) == made

"""Definitions explained: words, steps, code lists, quirks and SQL that runs."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot
from ibis import _

from esteem.evidence.definitions.mhsds import families
from esteem.evidence.explaining import explain
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.schema import mhsds_v6
from esteem.evidence.spoken import said
from esteem.terms.problems import Problem

_TYPES = {"string": "VARCHAR", "date": "DATE", "timestamp": "TIMESTAMP", "int32": "INTEGER", "int64": "BIGINT", "boolean": "BOOLEAN"}


def of_family(name: str) -> str:
    return next(family for family in families() if family.name == name).measures[0].id


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (_.entered & (_.days_to_start <= 14), "entered and days to start at most 14"),
        (~_.also_held & (_["age"] == "a"), "not also held and age is a"),
        ((_.adult | _.young) & _.age.between(19, 64), "(adult or young) and age from 19 to 64"),
        (_.status.isin(("02", "03")), "status one of 02, 03"),
        (_.first_contact.isnull(), "no first contact"),
        ("admitted_in_window", "admitted in window"),
        (None, ""),
    ],
)
def test_conditions_are_said_in_words(condition, words):
    assert said(condition) == words


def test_a_share_names_its_two_counts_and_their_population():
    found = explain("EIP23i", engines=())
    assert found.how == "100 x the first count / the second"
    assert [words.split(", where ")[1] for words in found.counted] == ["entered and days to start at most 14", "entered"]
    [population] = found.populations
    assert "MHS006MHCareCoord" in population.tables and population.rules
    assert found.question.endswith("?") and found.review_date and found.checked_against


def test_code_lists_carry_labels_and_the_months_in_which_they_hold():
    lists = explain("MHS95", engines=()).code_lists
    direct = next(one for one in lists if one.name == "direct")
    assert (direct.column, direct.validity) == ("ConsMechanismMH", "from October 2021")
    assert ("01", "face to face") in direct.codes


def test_quirks_say_what_corrected_mode_does():
    [quirk] = [q for q in explain("MHS27", engines=()).quirks if q.id == "quirk:admissions-count-rows"]
    assert "rows" in quirk.as_published and "distinct" in quirk.corrected


@pytest.mark.parametrize("name", ["EIP23i", "MHS91", of_family("monthly-activity"), of_family("long-stays")])
def test_the_sql_runs_in_duckdb_over_the_tables_of_the_data_set_alone(name):
    database, schema = duckdb.connect(), mhsds_v6()
    for table in schema.tables:
        columns = ", ".join(f'"{column}" {_TYPES.get(kind, "DOUBLE")}' for column, kind in schema.columns(table).items())
        database.execute(f"CREATE TABLE {table} ({columns})")
    for statement in explain(name, engines=("duckdb",)).sql["duckdb"].split(";\n"):
        database.execute(statement)


def test_the_sql_for_spark_is_read_as_spark_sql():
    text = explain("MHS91", engines=("spark",)).sql["spark"]
    assert "`MHS201CareContact`" in text and [one for one in sqlglot.parse(text, dialect="spark") if one]


def test_corrected_mode_and_the_month_stand_in_the_sql():
    published, corrected = (explain("MHS27", engines=("duckdb",), corrected=mode).sql["duckdb"] for mode in (False, True))
    assert published != corrected
    assert "1499" in explain("MHS27", month=Reporting(1499), engines=("duckdb",)).sql["duckdb"]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (("MHS9999",), "measure-unknown"),
        (("MHS27", "12M"), "period-not-counted"),
        (("MHS27", "", Reporting(1500), ("excel",)), "engine-unknown"),
    ],
)
def test_what_cannot_be_explained_is_said(question, code):
    with pytest.raises(Problem) as problem:
        explain(*question)
    assert problem.value.code == code

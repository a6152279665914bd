"""`esteem demo`: what it says, and what it will not do."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from esteem.cli import application_for
from esteem.terms.problems import Problem


def run(*words: str):
    return CliRunner().invoke(application_for(["demo"]), ["demo", *words], catch_exceptions=True)


def test_records_are_made_and_said_to_be_invented(tmp_path):
    out = tmp_path / "place"
    done = run("records", "--place", "southend", "--people", "1000", "--months", "2", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "Invented people: 1,000 in Southend" in done.output
    assert f"Nobody in {out} exists" in done.output
    assert (out / "mhsds" / "MHS101Referral.parquet").is_file() and (out / "planted.csv").is_file()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--place", "atlantis", "--out", "{new}"), "invented-place-unknown"),
        (("--place", "all", "--out", "{used}"), "demo-folder-used"),
        (("--place", "all", "--until", "May", "--out", "{new}"), "month-unreadable"),
    ],
)
def test_what_cannot_be_made_is_a_problem(tmp_path, words, code):
    (tmp_path / "kept.csv").write_text("a")
    done = run("records", *(word.format(new=tmp_path / "new", used=tmp_path) for word in words))
    assert isinstance(done.exception, Problem) and done.exception.code == code


def test_a_folder_that_was_not_made_cannot_be_checked(tmp_path):
    done = run("check", str(tmp_path))
    assert isinstance(done.exception, Problem) and done.exception.code == "invented-folder"

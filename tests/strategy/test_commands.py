"""`esteem sheet` and `esteem strategy`, as typed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from esteem import cli
from esteem.strategy.file import load_strategy

BAD = Path(__file__).resolve().parents[1] / "bad_inputs" / "strategies"


@pytest.fixture
def run(capsys):
    """run(words...) -> (exit code, what was printed, what was said of errors)."""

    def work(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return work


def test_the_sheet_as_json_has_the_agreed_fields(run):
    code, out, _ = run("sheet", "bexley-2023", "--format", "json")
    listed = json.loads(out)
    assert code == 0 and [r["row"] for r in listed] == [f"B{n:02d}" for n in range(1, 16)]
    fields = ["row", "text", "status", "reason", "measures", "value", "target"]
    assert all(list(r)[:7] == fields for r in listed)


def test_the_sheet_in_words(run):
    code, out, _ = run("sheet", "southend-essex-thurrock-2017", "--as-at", "2019-03-31")
    assert code == 0
    assert "as at 31 March 2019" in out and "NEEDS ATTENTION FIRST" in out and "76% (71 to 81)" in out
    assert set(re.findall(r"^E\d\d(?=  \S)", out, re.M)) >= {f"E{n:02d}" for n in range(1, 39)}
    assert max(map(len, out.splitlines())) <= 100


def test_one_promise_in_full(run):
    _, out, _ = run("sheet", "southend-essex-thurrock-2017", "--row", "e32")
    assert "Target: at most 0 bed days by March 2021" in " ".join(out.split())
    code, _, err = run("sheet", "bexley-2023", "--row", "E32")
    assert code == 2 and "B01 to B15" in err


def test_what_changed_between_two_days(run):
    _, out, _ = run("sheet", "southend-essex-thurrock-2017", "--as-at", "2020-03-31", "--since", "2019-03-31", "--format", "json")
    psychosis = next(c for c in json.loads(out) if c["row"] == "E14")
    assert psychosis["before"] == "kept" and "76% (71 to 81)" in psychosis["sentence"]


def test_an_unknown_strategy_lists_the_known_ones(run):
    code, _, err = run("sheet", "atlantis")
    assert code == 2 and "bexley-2023" in err and "Traceback" not in err


def test_check_passes_the_shipped_strategies(run):
    code, out, _ = run("strategy", "check")
    assert code == 0 and "38 promises" in out and "15 promises" in out


def test_check_names_file_line_rule_and_remedy(run):
    path = BAD / "place_code.toml"
    code, _, err = run("strategy", "check", str(path))
    assert code == 2
    assert f"{path}, row " in err and "Found: E09999999" in err and "What to do:" in err


def test_new_writes_a_file_that_passes_its_own_check(run, tmp_path):
    path = tmp_path / "thurrock.toml"
    code, out, _ = run("strategy", "new", "E06000034", "--file", str(path))
    assert code == 0 and str(path) in out
    assert load_strategy(path).short == "Thurrock"
    assert run("strategy", "check", str(path))[0] == 0
    assert run("strategy", "new", "E06000034", "--file", str(path))[0] == 2


def test_the_rules_are_printed_in_their_order(run):
    _, out, _ = run("strategy", "rules", "--format", "json")
    listed = [r["rule"] for r in json.loads(out)]
    assert listed.index("figure-missing") < listed.index("level-surely-met") < listed.index("level-missed-when-due")
    assert {"measures-lower", "not-kept"} <= set(listed)

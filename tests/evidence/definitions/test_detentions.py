"""Detentions and orders under the Mental Health Act: the category rules one by one, quirks put right, days, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.records.small_extract import LIVE, person, workbench

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import find_breakdown, find_defined
from esteem.evidence.definitions.mhsds.detentions import FAMILY
from esteem.evidence.definitions.mhsds.rules.act_episodes import episodes_under_the_act
from esteem.evidence.verification import verify


def record(number: int, **fields) -> dict:
    return LIVE | {"Person_ID": f"P{number}", "OrgIDProv": "PRA", "RecordNumber": number, "UniqMonthID": 1500, **fields}


def episode(number: int, status: str, start: str, end: str = "", name: str = "", time: str = "", **fields) -> dict:
    """A legal status of person `number`; its id is E and the number unless named."""
    return record(
        number,
        UniqMHActEpisodeID=name or f"E{number}",
        LegalStatusCode=status,
        StartDateMHActLegalStatusClass=start,
        StartTimeMHActLegalStatusClass=time and f"1970-01-01 {time}",
        EndDateMHActLegalStatusClass=end,
        **fields,
    )


def before(number: int, status: str, start: str, end: str = "", **fields) -> dict:
    return episode(number, status, start, end, name=f"before {number}", **fields)


def spell(number: int, start: str, end: str = "", time: str = "", method: str = "21", name: str = "", **fields) -> dict:
    return record(
        number,
        UniqHospProvSpellID=name or f"S{number}",
        UniqServReqID=f"R{number}",
        StartDateHospProvSpell=start,
        StartTimeHospProvSpell=time and f"1970-01-01 {time}",
        DischDateHospProvSpell=end,
        MethAdmMHHospProvSpell=method,
        **fields,
    )


def order(number: int, start: str, end: str = "", reason: str = "02", name: str = "") -> dict:
    return record(
        number,
        MHS404UniqID=number,
        UniqMHActEpisodeID=name or f"E{number}",
        StartDateCommTreatOrd=start,
        EndDateCommTreatOrd=end,
        CommTreatOrdEndReason=reason,
    )


def categories(folder, episodes, spells=(), orders=(), corrected=frozenset()) -> dict[str, str]:
    tables = {"MHS401MHActPeriod": list(episodes), "MHS501HospProvSpell": list(spells), "MHS404CommTreatOrder": list(orders)}
    work = workbench(folder, tables | {"MHS001MPI": [person(1, 1)]}, corrected)
    found = work.extract.engine.run(episodes_under_the_act(work)).to_pylist()
    return {row["episode"]: row["category"] for row in found}


# category, what happened (person 1), spells, revoked orders
CASES = [
    ("A", [episode(1, "02", "2025-03-03")], [spell(1, "2025-03-03")], []),
    ("A", [episode(1, "03", "2025-03-03", time="09:00:00")], [spell(1, "2025-03-03", time="10:00:00")], []),
    ("A", [episode(1, "02", "2025-03-06")], [spell(1, "2025-03-01", method="2A")], []),
    ("B", [episode(1, "02", "2025-03-07")], [spell(1, "2025-03-01", method="21")], []),
    ("B", [episode(1, "02", "2025-03-03", time="11:00:00")], [spell(1, "2025-03-03", time="10:00:00")], []),
    ("B", [before(1, "05", "2025-03-04", "2025-03-06"), episode(1, "02", "2025-03-06")], [spell(1, "2025-03-01")], []),
    ("C", [before(1, "20", "2025-03-04", "2025-03-05"), episode(1, "02", "2025-03-05")], [spell(1, "2025-03-04")], []),
    ("D", [episode(1, "03", "2024-12-01")], [spell(1, "2025-03-04")], [order(1, "2025-01-10", "2025-03-05")]),
    ("E", [episode(1, "20", "2025-03-04")], [], []),
    ("E", [episode(1, "19", "2025-03-04")], [spell(1, "2025-03-04")], []),
    ("F", [episode(1, "05", "2025-03-04")], [spell(1, "2025-03-01")], []),
    ("F", [episode(1, "04", "2025-03-04")], [spell(1, "2025-03-04")], []),
    ("N", [episode(1, "04", "2025-03-04")], [spell(1, "2025-03-01")], []),
    ("G", [before(1, "03", "2024-09-10", "2025-03-09"), episode(1, "03", "2025-03-09")], [spell(1, "2024-09-01")], []),
    ("H", [episode(1, "03", "2025-02-01")], [spell(1, "2025-03-04", method="81")], []),
    ("J", [before(1, "06", "2025-03-03", "2025-03-05"), episode(1, "05", "2025-03-04")], [spell(1, "2025-03-01")], []),
    ("F", [before(1, "06", "2025-03-03", "2025-03-04"), episode(1, "05", "2025-03-04")], [spell(1, "2025-03-01")], []),
    ("K", [before(1, "07", "2025-03-02", "2025-03-20"), episode(1, "10", "2025-03-21")], [spell(1, "2025-03-02")], []),
    ("L", [before(1, "02", "2025-03-02", "2025-03-20"), episode(1, "03", "2025-03-20")], [spell(1, "2025-03-02")], []),
    ("M", [episode(1, "35", "2025-03-02")], [], []),
    ("P", [episode(1, "16", "2025-03-02")], [spell(1, "2025-03-02", method="11")], []),
    ("N", [episode(1, "16", "2025-03-02")], [spell(1, "2025-03-02", method="21")], []),
    ("N", [episode(1, "02", "2025-03-02")], [], []),
    (None, [episode(1, "01", "2025-03-02")], [spell(1, "2025-03-02")], []),
]


@pytest.mark.parametrize(("category", "episodes", "spells", "orders"), CASES)
def test_each_rule_gives_its_category(tmp_path, category, episodes, spells, orders):
    assert categories(tmp_path, episodes, spells, orders)["E1"] == category


def test_where_the_spell_before_ended_makes_a_transfer(tmp_path):
    spells = [
        spell(1, "2025-02-01", "2025-03-04", name="first", DestOfDischHospProvSpell="53"),
        spell(1, "2025-03-05", method="21"),
    ]
    spells[0]["OrgIDProv"] = "PRB"
    assert categories(tmp_path, [episode(1, "03", "2025-02-10")], spells) == {"E1": "H"}


def test_a_spell_that_ended_before_the_episode_is_not_linked(tmp_path):
    assert categories(tmp_path, [episode(1, "02", "2025-03-09")], [spell(1, "2025-03-01", "2025-03-08")]) == {"E1": "N"}


def test_an_episode_submitted_again_counts_once(tmp_path):
    again = episode(1, "02", "2025-03-03", name="new id") | {"RecordStartDate": "2025-03-31"}
    assert categories(tmp_path, [episode(1, "02", "2025-03-03"), again], [spell(1, "2025-03-03")]) == {"new id": "A"}


def test_put_right_the_doctors_hold_after_the_nurses_is_its_own_category(tmp_path):
    episodes = [before(1, "06", "2025-03-03", "2025-03-04"), episode(1, "05", "2025-03-04")]
    assert categories(tmp_path, episodes, [spell(1, "2025-03-01")], corrected={"quirk:mha-j-behind-f"})["E1"] == "J"


def values(work, name: str, breakdown: str, period: str = "M") -> dict[str, float]:
    found = find_defined(name, period, "bbrb")
    request = Request(found.measure, period, find_breakdown(found, breakdown))
    return {level: figure.value for level, figure in compute(work, [request])[request].items()}


def tables_of_counts() -> dict[str, list[dict]]:
    """Person 1: section 2 on admission, ended after 10 days. 2: section 3 without a spell. 3: section 136; lives in Wales. 4: court,
    no master row. 5: community treatment order, not revoked."""
    return {
        "MHS001MPI": [
            person(1, 1, AgeRepPeriodEnd=44, GenderIDCode="2", OrgIDSubICBLocResidence="7A1"),
            person(2, 2, AgeRepPeriodEnd=17, GenderIDCode="1", OrgIDSubICBLocResidence="7A1"),
            person(3, 3, AgeRepPeriodEnd=30, LADistrictAuth="W06000015"),
            person(5, 5, AgeRepPeriodEnd=52, OrgIDSubICBLocResidence="7B1"),
        ],
        "MHS401MHActPeriod": [
            episode(1, "02", "2025-03-03", "2025-03-13"),
            episode(2, "03", "2025-03-20"),
            episode(3, "20", "2025-03-20"),
            episode(4, "31", "2025-03-10"),
        ],
        "MHS501HospProvSpell": [spell(1, "2025-03-03"), spell(4, "2025-03-10", method="12")],
        "MHS404CommTreatOrder": [order(5, "2025-03-15", reason="")],
    }


def test_counts_of_a_month(tmp_path):
    work = workbench(tmp_path, tables_of_counts())
    assert values(work, "MHS81", "England") == {"England": 2}
    assert values(work, "MHS81", "Sub ICB of GP Practice or Residence") == {"7A1": 1}  # person 4 has no area
    assert values(work, "MHS81", "England; Age Band") == {"40 to 44": 1, "UNKNOWN": 1}
    assert values(work, "MHS82", "England") == values(work, "MHS83", "England") == {"England": 1}
    assert values(work, "MHS84", "ICB of GP Practice or Residence") == {"QB": 1}
    assert values(work, "MHS143", "Provider") == {"PRA": 1}
    assert values(work, "MHS144", "England") == values(work, "MHS145", "England") == {}
    assert values(work, "MHS157", "England", "12M") == {"England": 2}
    assert values(work, "MHS158", "England", "12M") == {"England": 1}


def test_days_of_detention(tmp_path):
    work = workbench(tmp_path, tables_of_counts())
    assert [values(work, name, "England") for name in ("MHS150", "MHS150a")] == [{"England": 1}, {"England": 10}]
    assert [values(work, name, "England") for name in ("MHS151", "MHS151b")] == [{"England": 1}, {"England": 22}]  # 10 March to 1 April
    assert [values(work, name, "England") for name in ("MHS152", "MHS152b", "MHS153")] == [{"England": 1}, {"England": 10}, {}]


def test_counts_put_right(tmp_path):
    work = workbench(tmp_path, tables_of_counts(), "all")
    assert values(work, "MHS81", "England") == {"England": 3}  # person 2 too, though no spell is linked
    assert values(work, "MHS81", "Sub ICB of GP Practice or Residence") == {"7A1": 2, "UNKNOWN": 1}
    assert values(work, "MHS83", "England") == {}  # person 3 lives in Wales
    assert values(work, "MHS145", "England") == {"England": 1}  # code 31 is a court's


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    ids = {name for name, _ in FAMILY.ids if "_DSR" not in name}  # true rates are our own: the nation has none
    checked = verify(shared / "oracles" / "mhsds", ",".join(ids))
    assert {row.expected.measure_id for row in checked} == ids
    assert not [row for row in checked if not row.equal]

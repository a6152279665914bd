"""Long stays: who was discharged from which bed and after how long, on hand-made rows, and the oracle."""

from __future__ import annotations

import pytest
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record, side_by_side
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.long_stays import FAMILY


def stay(start: str, age: int, bed: str = "200", ward_end: str = "2025-03-20", number: int = 1, **spell) -> dict[str, list[dict]]:
    """Someone discharged on 20 March 2025."""
    dates = {"StartDateHospProvSpell": start, "DischDateHospProvSpell": "2025-03-20", "UniqHospProvSpellID": f"S{number}"}
    ward = {"UniqHospProvSpellID": f"S{number}", "UniqWardStayID": f"W{number}", "StartDateWardStay": start, "EndDateWardStay": ward_end}
    return {
        "MHS001MPI": [person(number, number, AgeRepPeriodEnd=age)],
        "MHS501HospProvSpell": [record(number, **dates, **spell)],
        "MHS502WardStay": [record(number, **ward, MHAdmittedPatientClass=bed)],
    }


SIXTY_DAYS, NINETY_DAYS = "2025-01-19", "2024-12-20"
CASES = [  # the measures that count the stay
    (stay(SIXTY_DAYS, 30), {"MHS100", "MHS140", "MHS156"}),
    (stay("2025-01-20", 30), {"MHS140", "MHS156"}),
    (stay(NINETY_DAYS, 64), {"MHS100", "MHS101", "MHS140", "MHS156"}),
    (stay(NINETY_DAYS, 65), {"MHS156"}),
    (stay(NINETY_DAYS, 65, "201"), {"MHS102", "MHS103", "MHS141", "MHS156"}),
    (stay(NINETY_DAYS, 30, "202"), {"MHS156"}),
    (stay(NINETY_DAYS, 30, "206"), set()),
    (stay(NINETY_DAYS, 30, ward_end="2025-03-19"), set()),
    (stay(NINETY_DAYS, 17, ward_end="2025-03-19"), {"MHS104", "MHS105", "MHS142"}),
    (stay(SIXTY_DAYS, 17, "200"), {"MHS104", "MHS142"}),
    (stay(SIXTY_DAYS, 30, RecordEndDate="2025-03-31"), set()),
    (stay(SIXTY_DAYS, 30, RecordStartDate="2024-12-01"), set()),
]
COUNTS = ("MHS100", "MHS101", "MHS102", "MHS103", "MHS104", "MHS105", "MHS140", "MHS141", "MHS142", "MHS156")


def test_age_bed_and_days_decide_which_measures_count_a_stay(tmp_path):
    tables = side_by_side(tables for tables, _ in CASES)
    for number, row in enumerate(tables["MHS501HospProvSpell"]):
        row["UniqHospProvSpellID"] = tables["MHS502WardStay"][number]["UniqHospProvSpellID"] = f"S of {number}"
    work = workbench(tmp_path, tables)
    found = {name: figures(work, name, "Q", "bbrb", "Provider") for name in COUNTS}
    assert [{name for name in COUNTS if f"C{n}" in found[name]} for n in range(len(CASES))] == [names for _, names in CASES]


def two_wards_on_the_last_day() -> dict[str, list[dict]]:
    """A stay of 59 days, and one of 20 days that ends with two ward stays on the same day."""
    long, short = stay("2025-01-20", 30), stay("2025-02-28", 40, number=2)
    tables = {name: rows + short[name] for name, rows in long.items()}
    tables["MHS502WardStay"].append(tables["MHS502WardStay"][1] | {"UniqWardStayID": "W3", "StartDateWardStay": "2025-03-20"})
    return tables


@pytest.mark.parametrize(("corrected", "days"), [((), 33), (("quirk:los-mean-over-rows",), 40)])
def test_a_mean_counts_a_spell_once_for_each_ward_unless_put_right(tmp_path, corrected, days):
    work = workbench(tmp_path, two_wards_on_the_last_day(), frozenset(corrected))
    assert england(work, "Q", "bbrb", "MHS140", "MHS140a") == [2, days]


def test_days_add_up_over_distinct_spells_and_their_mean_is_a_whole_number(tmp_path):
    work = workbench(tmp_path, two_wards_on_the_last_day())
    assert england(work, "Q", "bbrb", "MHS156", "MHS156a", "MHS156b") == [2, 79, 40]


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("MHS10[0-5]*", "MHS14[0-2]*", "MHS156*"))

"""Out-of-area placements: overlaps, beds, bed days and shares on hand-made rows, quirks put right, and the oracle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evidence.definitions.counting import assert_equals_oracle, england, figures, record
from tests.evidence.records.small_extract import person, workbench

from esteem.evidence.definitions.mhsds.out_of_area_placements import FAMILY
from esteem.evidence.definitions.mhsds.rules.placements import placement_referrals


def referral(number: int, received: str, closed: str = "", name: str = "", **fields) -> dict:
    dates = {"ReferralRequestReceivedDate": received, "ServDischDate": closed, "ReasonOAT": "10"}
    return record(number, **dates, OrgIDReferringOrg="PRH", UniqServReqID=name or f"R{number}") | fields


def spell(number: int, start: str, end: str = "", **fields) -> dict:
    return record(number, UniqHospProvSpellID=f"S{number}", StartDateHospProvSpell=start, DischDateHospProvSpell=end) | fields


def ward(number: int, start: str, end: str = "", bed: str = "200", place: int = 1) -> dict:
    ids = {"UniqHospProvSpellID": f"S{number}", "UniqWardStayID": f"W{number}{place}"}
    return record(number, **ids, MHAdmittedPatientClass=bed, StartDateWardStay=start, EndDateWardStay=end)


def bench(folder, referrals, spells=(), wards=(), corrected=frozenset()):
    numbers = sorted({int(row["Person_ID"][1:]) for row in [*referrals, *spells]})
    people = [person(n, n, AgeRepPeriodEnd=15 + n, OrgIDSubICBLocResidence="7A1") for n in numbers]
    tables = {"MHS001MPI": people, "MHS101Referral": referrals, "MHS501HospProvSpell": list(spells), "MHS502WardStay": list(wards)}
    return workbench(folder, tables, corrected)


def test_new_active_and_ended(tmp_path):
    """1: all month long. 2: within the month. 3: for another reason. 4: begun in February, lasting. 5: its row began on the last day."""
    referrals = [
        referral(1, "2025-03-01"),
        referral(2, "2025-03-05", "2025-03-20", OrgIDReferringOrg=""),
        referral(3, "2025-03-05", ReasonOAT="14"),
        referral(4, "2025-02-05"),
        referral(5, "2025-03-31", RecordStartDate="2025-03-31"),
    ]
    work = bench(tmp_path / "published", referrals)
    assert england(work, "M", "bbrb", "OAP01M", "OAP03M", "OAP04M") == [2, 2, 1]
    assert england(work, "Q", "bbrb", "OAP01Q", "OAP03Q", "OAP04Q") == [3, 2, 1]
    assert figures(work, "OAP01M", "M", "bbrb", "Sending Provider") == {"PRH": 1, "UNKNOWN": 1}
    assert figures(work, "OAP01M", "M", "bbrb", "Receiving Provider") == {"PRA": 2}
    assert figures(work, "OAP01M", "M", "bbrb", "England; Age Band") == {"0 to 17": 2}
    assert figures(work, "OAP03M", "M", "bbrb", "ICB of GP Practice or Residence") == {"QA": 2}
    corrected = bench(tmp_path / "corrected", referrals, corrected={"quirk:oap-strict-start"})
    assert england(corrected, "M", "bbrb", "OAP01M") == [3]


def test_a_later_placement_ends_the_earlier_one(tmp_path):
    referrals = [
        referral(1, "2025-03-01", name="first"),
        referral(1, "2025-03-10", "2025-03-20", name="second"),
        referral(1, "2025-03-15", name="third"),
    ]
    work = bench(tmp_path, referrals)
    found = work.extract.engine.run(placement_referrals(work)).to_pylist()
    assert {row["UniqServReqID"]: row["ended"] and row["ended"].day for row in found} == {"first": 15, "second": 15, "third": None}
    assert england(work, "M", "bbrb", "OAP03M", "OAP04M") == [1, 2]


# received, spell, days of March, of the quarter (which run from the referral)
DAYS = [
    ("2025-03-05", ("2025-03-07", "2025-03-10"), 3, 5),
    ("2025-03-05", ("2025-03-07", ""), 25, 27),
    ("2025-01-05", ("2025-01-10", "2025-03-10"), 9, 64),
    ("2025-03-05", ("2025-03-07", "2025-03-07"), 0, 2),
    ("2025-03-05", None, 0, 0),
]


def test_bed_days(tmp_path):
    referrals = [referral(n, received, OrgIDProv=f"C{n}") for n, (received, _, _, _) in enumerate(DAYS)]
    spells = [spell(n, *dates, OrgIDProv=f"C{n}") for n, (_, dates, _, _) in enumerate(DAYS) if dates]
    work = bench(tmp_path, referrals, spells)
    found = [figures(work, f"OAP02{period}", period, "bbrb", "Receiving Provider") for period in ("M", "Q")]
    assert found == [{f"C{n}": case[place] for n, case in enumerate(DAYS)} for place in (2, 3)]


MARCH = [date(2025, 3, day) for day in range(1, 32)]
STAYS = st.tuples(st.dates(date(2024, 12, 1), date(2025, 3, 30)), st.none() | st.integers(0, 150))


@settings(max_examples=3)
@given(stays=st.lists(STAYS, min_size=30, max_size=60))
def test_bed_days_are_the_days_of_the_month_begun_in_the_bed(tmp_path_factory, stays):
    """Each stay lasts some days or goes on; a day counts unless it is the day of discharge."""
    ends = [start + timedelta(days=length) if length is not None else None for start, length in stays]
    kept = [(start, end) for (start, _), end in zip(stays, ends, strict=True) if end is None or end >= MARCH[0]]
    referrals = [referral(n, "2025-03-01", OrgIDProv=f"C{n}") for n in range(len(kept))]
    spells = [spell(n, start.isoformat(), end.isoformat() if end else "", OrgIDProv=f"C{n}") for n, (start, end) in enumerate(kept)]
    found = figures(bench(tmp_path_factory.mktemp("stays"), referrals, spells), "OAP02M", "M", "bbrb", "Receiving Provider")
    days = {f"C{n}": sum(start <= day and (end is None or day < end) for day in MARCH) for n, (start, end) in enumerate(kept)}
    assert found == days


def test_bed_days_of_the_quarter_put_right_run_from_the_admission(tmp_path):
    work = bench(tmp_path, [referral(1, "2025-03-05")], [spell(1, "2025-03-07", "2025-03-10")], (), {"quirk:oap-beddays-start-differs"})
    assert england(work, "Q", "bbrb", "OAP02Q") == [3]


def moved_wards():
    """From an acute ward (1 to 11 March) to a rehabilitation ward, still there."""
    wards = [ward(1, "2025-03-01", "2025-03-11"), ward(1, "2025-03-11", bed="212", place=2)]
    return [referral(1, "2025-03-01")], [spell(1, "2025-03-01")], wards


def test_the_ward_with_the_highest_id_takes_all_days_and_put_right_each_its_own(tmp_path):
    assert england(bench(tmp_path / "a", *moved_wards()), "M", "bbrb", "OAP02M", "OAP02aM") == [31, None]
    work = bench(tmp_path / "b", *moved_wards(), {"quirk:oap-beddays-row-rank"})
    assert england(work, "M", "bbrb", "OAP02M", "OAP02aM") == [31, 10]


def test_the_bed_is_that_of_the_day(tmp_path):
    work = bench(tmp_path, *moved_wards())
    assert england(work, "M", "bbrb", "OAP01aM", "OAP03M", "OAP03aM") == [1, 1, None]
    assert figures(work, "OAP03M", "M", "bbrb", "England; Bed Type") == {"212": 1}


def test_a_ward_stay_without_an_end_has_no_bed_until_put_right(tmp_path):
    rows = [referral(1, "2025-03-01")], [spell(1, "2025-03-01")], [ward(1, "2025-03-01")]
    assert england(bench(tmp_path / "a", *rows), "M", "bbrb", "OAP01M", "OAP01aM", "OAP03aM") == [1, None, 1]
    assert england(bench(tmp_path / "b", *rows, {"quirk:oap-current-ward-unknown-bed"}), "M", "bbrb", "OAP01aM") == [1]


def test_put_right_an_active_placement_has_a_bed(tmp_path):
    work = bench(
        tmp_path, [referral(1, "2025-03-01"), referral(2, "2025-03-01")], [spell(2, "2025-03-01")], (), {"quirk:oap-active-without-bed"}
    )
    assert england(work, "M", "bbrb", "OAP03M") == [1]


def test_shares_of_all_spells(tmp_path):
    """Persons 1 and 2 are placed out of area; 3 and 4 are in hospital near home."""
    spells = [spell(1, "2025-03-01"), spell(2, "2025-03-01", "2025-03-11"), spell(3, "2025-03-12"), spell(4, "2025-02-01", "2025-03-02")]
    work = bench(tmp_path, [referral(1, "2025-03-01"), referral(2, "2025-03-01", "2025-03-11")], spells)
    new, days, active, ended = england(work, "M", "bbrb", "OAP08M", "OAP09M", "OAP10M", "OAP11M")
    assert (new, active, ended) == (pytest.approx(200 / 3), 50, 50)
    assert days == pytest.approx(100 * (31 + 10) / (31 + 10 + 20 + 1))


@pytest.mark.slow  # test_verification.py compares every row of every family in one go
def test_every_row_of_the_oracle(shared):
    assert_equals_oracle(shared, FAMILY, ("OAP*",))

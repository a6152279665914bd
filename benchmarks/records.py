"""What a definition costs beside SQL written by hand for the same answer, and how time and memory grow. Run: python benchmarks/records.py

Bars of issue 3: on 5 million referrals and 20 million contacts one measure with 12 breakdown sets takes at most 1.15 times the CPU of
hand-written DuckDB SQL and at most 1.5 GB; growth is linear (three sizes). Two measures, because they differ in kind: one counts the
contacts of a month, the other finds the second contact of every referral of a year. Each runs in a process of its own; CPU is user and
system time of that process, Python's start and imports left out on both sides. `python benchmarks/records.py 100000` takes one small size.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import hand_written

from esteem.evidence.records.schema import mhsds_v6

SIZES = (1_250_000, 2_500_000, 5_000_000)  # referrals; four contacts for each
MEMORY = "1GB"  # that the database may hold before it turns to disk, on both sides
MEASURES = ("MHS30", "MHS108")


def main(sizes: tuple[int, ...]) -> None:
    for referrals in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            started = time.perf_counter()
            generate(folder, referrals)
            size = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 1e6
            print(f"\n{referrals:,} referrals, {4 * referrals:,} contacts: {size:,.0f} MB, made in {time.perf_counter() - started:.0f} s")
            for measure in MEASURES:
                ours, theirs = _apart("ours", measure, folder), _apart("hand", measure, folder)
                same = ours["answer"] == theirs["answer"]
                print(
                    f"{measure}: ours {ours['cpu']:.2f} CPU s, {ours['peak']:,.0f} MB; by hand {theirs['cpu']:.2f} CPU s, "
                    f"{theirs['peak']:,.0f} MB; ratio {ours['cpu'] / theirs['cpu']:.2f}; "
                    f"{len(ours['answer'])} figures {'equal' if same else 'DIFFER'}",
                    flush=True,
                )


def _apart(who: str, measure: str, folder: Path) -> dict:
    done = subprocess.run([sys.executable, __file__, who, measure, str(folder)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return json.loads(done.stdout)


def once(who: str, measure: str, folder: Path) -> dict:
    """One answer: {breakdown|level: figure}, CPU seconds and peak MB."""
    answer = ours(measure, folder) if who == "ours" else by_hand(measure, folder)
    return {"answer": dict(sorted(answer[0].items())), "cpu": answer[1], "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def ours(measure: str, folder: Path) -> tuple[dict[str, float], float]:
    from esteem.evidence.computing import Request, compute
    from esteem.evidence.definitions.mhsds import find_record_measures
    from esteem.evidence.engines.duckdb_engine import DuckDBEngine
    from esteem.evidence.record_model import Breakdown
    from esteem.evidence.records.extract import open_extract
    from esteem.evidence.records.reporting import Reporting
    from esteem.evidence.records.workbench import Workbench

    found = find_record_measures(measure)[0].measure
    started = time.process_time()
    work = Workbench(open_extract(folder, engine=DuckDBEngine(memory=MEMORY)), Reporting(hand_written.MONTH))
    sets = [Breakdown(" x ".join(columns), columns) for columns in hand_written.SETS[measure]]
    levels = compute(work, [Request(found, found.periods[0], split) for split in sets])
    answer = {f"{request.breakdown.name}|{level}": figure.value for request, found in levels.items() for level, figure in found.items()}
    return answer, time.process_time() - started


def by_hand(measure: str, folder: Path) -> tuple[dict[str, float], float]:
    connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": tempfile.gettempdir()})
    started = time.process_time()
    rows = connection.execute(hand_written.query(measure, folder)).fetchall()
    return {f"{name}|{level}": value for name, level, value in rows if value}, time.process_time() - started


def generate(folder: Path, referrals: int) -> None:
    """Invented tables of twelve months to March 2025: a record and referral each, four contacts to a referral, deterministic."""
    made = {"n": referrals, "first": hand_written.MONTH - 11}
    connection = duckdb.connect(config={"memory_limit": "4GB", "temp_directory": str(folder)})
    schema = mhsds_v6()
    for name, query in TABLES.items():
        part = folder / ("mhsds" if name in schema.records else "reference_data")
        part.mkdir(exist_ok=True)
        given = {column for column, *_ in connection.execute(f"DESCRIBE {query.format(**made)}").fetchall()}
        rest = {column: kind for column, kind in schema.columns(name).items() if column not in given}
        empty = "".join(f', CAST(NULL AS {_TYPES[kind]}) AS "{column}"' for column, kind in rest.items())
        target = part / f"{name}.parquet"
        connection.execute(f"COPY (SELECT *{empty} FROM ({query.format(**made)})) TO '{target}' (FORMAT parquet)")


_TYPES = {"string": "VARCHAR", "date": "DATE", "timestamp": "TIMESTAMP", "int32": "INTEGER", "int64": "BIGINT", "boolean": "BOOLEAN"}

# Of record r: the month in which it was sent, its first day, and who it is of; six records to a person.
_RECORD = """
range AS r, range + 1 AS RecordNumber, CAST({first} + range * 12 // {n} AS BIGINT) AS UniqMonthID,
CAST(DATE '2024-04-01' + to_months(CAST(range * 12 // {n} AS INTEGER)) AS DATE) AS day,
'P' || range % ({n} // 6) AS Person_ID, 'R' || hash(range % ({n} // 6)) % 60 AS OrgIDProv, 'S' || range % ({n} // 3) AS UniqServReqID,
CAST(hash(range % ({n} // 6)) % 90 AS BIGINT) AS age"""
_FROM = "SELECT {columns} FROM (SELECT " + _RECORD + " FROM range({{n}}))"


def _records(columns: str) -> str:
    return _FROM.replace("{{n}}", "{n}").replace("{columns}", columns)


TABLES = {
    "MHS001MPI": _records(
        "RecordNumber, UniqMonthID, Person_ID, OrgIDProv, day AS RecordStartDate, age AS AgeRepPeriodEnd, true AS PatMRecInRP, "
        "CASE WHEN r % 50 = 0 THEN 'W06000015' ELSE 'E06000034' END AS LADistrictAuth, "
        "CAST(1 + hash(r % 7) % 2 AS VARCHAR) AS GenderIDCode, "
        "substr('ABCDEFGHJKLMNPRSZ', CAST(1 + hash(Person_ID) % 17 AS INTEGER), 1) AS NHSDEthnicity, "
        "'E0100' || 1000 + hash(Person_ID) % 300 AS LSOA2011, 'X' || 100 + hash(Person_ID) % 106 AS OrgIDSubICBLocResidence"
    ),
    "MHS002GP": _records(
        "RecordNumber, UniqMonthID, Person_ID, OrgIDProv, 'A81001' AS GMPReg, 'X' || 100 + hash(r) % 106 AS OrgIDSubICBLocGP"
    ),
    "MHS101Referral": _records(
        "RecordNumber, UniqMonthID, Person_ID, OrgIDProv, UniqServReqID, day AS RecordStartDate, r AS MHS101UniqID, "
        "CAST(day - 40 AS DATE) AS ReferralRequestReceivedDate, age AS AgeServReferRecDate, "
        "CASE WHEN r % 3 = 0 THEN 'A02' ELSE 'A06' END AS ServTeamType, 'T' || r % 500 AS UniqCareProfTeamLocalID"
    ),
    "MHS201CareContact": "SELECT RecordNumber, UniqMonthID, Person_ID, OrgIDProv, UniqServReqID, 4 * r + visit AS MHS201UniqID, "
    "'C' || 4 * r + visit AS UniqCareContID, CAST(day + CAST(hash(r, visit) % 28 AS INTEGER) AS DATE) AS CareContDate, "
    "CASE hash(r, visit, 1) % 10 WHEN 0 THEN '3' WHEN 1 THEN '4' ELSE '5' END AS AttendStatus, age AS AgeCareContDate, "
    "CASE hash(r, visit, 2) % 5 WHEN 0 THEN '03' WHEN 1 THEN '11' ELSE '01' END AS ConsMechanismMH FROM (SELECT "
    + _RECORD
    + ", visit FROM range({n}), (SELECT range AS visit FROM range(4)))",
    "MHS102OtherServiceType": _records(
        "RecordNumber, UniqMonthID, Person_ID, OrgIDProv, UniqServReqID, day AS RecordStartDate, 'A08' AS ServTeamTypeRefToMH"
    )
    + " WHERE r % 20 = 0",
    "MHS501HospProvSpell": _records("RecordNumber, UniqMonthID, Person_ID, OrgIDProv, UniqServReqID, 'H' || r AS UniqHospProvSpellID")
    + " WHERE r % 100 = 0",
    "MHS005PatInd": _records("RecordNumber, UniqMonthID, Person_ID, OrgIDProv, CAST(1 + r % 4 AS VARCHAR) AS LDStatus")
    + " WHERE r % 10 = 0",
    "ODSAPIRoleDetails": "SELECT 'X' || 100 + range AS OrganisationID, 'RO319' AS RoleId, DATE '2010-04-01' AS StartDate FROM range(106)",
    "ORG_RELATIONSHIP_DAILY": "SELECT 'CCST' AS REL_TYPE_CODE, 'X' || 100 + range AS REL_FROM_ORG_CODE, "
    "'Q' || range % 42 AS REL_TO_ORG_CODE, DATE '2010-04-01' AS REL_OPEN_DATE FROM range(106) UNION ALL "
    "SELECT 'STCE', 'Q' || range, 'Y' || range % 7, DATE '2010-04-01' FROM range(42)",
    "english_indices_of_dep_v02": "SELECT 'E0100' || 1000 + range AS LSOA_CODE_2011, '2019' AS IMD_YEAR, "
    "CAST(1 + range % 10 AS INTEGER) AS DECI_IMD FROM range(300)",
}

if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(once(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
    else:
        main(tuple(map(int, sys.argv[1:])) or SIZES)

"""How fast records are loaded and checked, and how much memory that takes, at three sizes. Run: python benchmarks/records_load.py [--csv]

Bars of issue 3: works at 100 million rows in bounded memory; time and memory grow linearly at most, shown at three sizes. Each size is
loaded by `esteem load mhsds DIR --memory 1GB` in a process of its own: CPU seconds and peak resident memory are that process's. The rows
are made here: people, referrals, contacts and GP registrations of 12 months with one fault in ten thousand, every check switched on.
ESTEEM_BENCH_ROWS names other sizes in millions, such as "1,4,16,64".
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from esteem.evidence.column_types import DUCKDB_TYPES
from esteem.evidence.records.schema import mhsds_v6

MILLION, FIRST, MONTHS, PROVIDERS = 1_000_000, 1489, 12, 20
SIZES = [int(size) for size in os.environ.get("ESTEEM_BENCH_ROWS", "1,4,16").split(",")]
MEMORY = "1GB"
PERSON = f"""'P' || r.person AS Person_ID, 'X' || (r.person % {PROVIDERS}) AS OrgIDProv, {FIRST} + r.month AS UniqMonthID,
    r.month * 100000000 + r.person AS RecordNumber"""
CARE = f"{PERSON}, 'X' || (r.person % {PROVIDERS}) || 'R' || r.person AS UniqServReqID"
FIRST_DAY = "(DATE '2024-04-01' + to_months(r.month::INTEGER))::DATE"
TABLES = {
    "MHS000Header": (
        "range({providers}) p(p), range({months}) m(month)",
        f"""'X' || p.p AS OrgIDProvider, {FIRST} + m.month AS UniqMonthID, (DATE '2024-04-01' + to_months(m.month::INTEGER))::DATE
        AS ReportingPeriodStartDate, last_day((DATE '2024-04-01' + to_months(m.month::INTEGER))::DATE) AS ReportingPeriodEndDate""",
    ),
    "MHS001MPI": ("people r", f"{PERSON}, '1' AS Gender, 'A' AS NHSDEthnicity, r.person % 90 AS AgeRepPeriodEnd, true AS PatMRecInRP"),
    "MHS101Referral": (
        "people r",
        f"""{CARE}, DATE '2024-03-01' + (r.person % 30)::INTEGER AS ReferralRequestReceivedDate, 'A06' AS ServTeamType,
        CASE WHEN r.person % 10000 = 7 THEN DATE '2024-01-01' END AS ServDischDate""",
    ),
    "MHS002GP": ("people r", f"{PERSON}, 'F' || (r.person % 500) AS GMPReg"),
    "MHS201CareContact": (
        "people r, range(7) k(k)",
        f"""{CARE}, 'C' || r.person || 'M' || r.month || 'K' || k.k AS UniqCareContID, {FIRST_DAY} + ((r.person + k.k) % 28)::INTEGER
        AS CareContDate, '5' AS AttendStatus, CASE WHEN r.person % 10000 = 3 THEN '77' ELSE '01' END AS ConsMechanismMH,
        r.person % 90 AS AgeCareContDate""",
    ),
}
ROWS_A_PERSON = 10  # in a month: one of each table, seven contacts


def main() -> None:
    form = "csv" if "--csv" in sys.argv else "parquet"
    print(f"{form}, memory limit {MEMORY}, {os.cpu_count()} cores\n")
    print("million rows   seconds   CPU s   rows a second (CPU)   peak MB")
    for size in SIZES:
        with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
            rows = made(Path(folder) / "in", size * MILLION, form)
            seconds, cpu, peak = loaded(Path(folder))
            print(f"{rows / MILLION:12.1f} {seconds:9.1f} {cpu:7.1f} {rows / cpu:21,.0f} {peak:9.0f}", flush=True)


def made(folder: Path, rows: int, form: str) -> int:
    """Writes a folder of about `rows` rows; the exact number."""
    people, total = rows // (ROWS_A_PERSON * MONTHS), 0
    (folder / "mhsds").mkdir(parents=True)
    with duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(folder)}) as database:
        database.execute(f"CREATE VIEW people AS SELECT p.p AS person, m.month FROM range({MONTHS}) m(month), range({people}) p(p)")
        for name, (source, fields) in TABLES.items():
            source = source.format(providers=PROVIDERS, months=MONTHS)
            made_columns = {row[0] for row in database.execute(f"DESCRIBE SELECT {fields} FROM {source}").fetchall()}
            columns = mhsds_v6().columns(name)
            empty = "".join(f', NULL::{DUCKDB_TYPES[kind]} AS "{column}"' for column, kind in columns.items() if column not in made_columns)
            path = folder / "mhsds" / f"{name}.{form}"
            how = "FORMAT parquet" if form == "parquet" else "FORMAT csv, HEADER"
            total += database.execute(f"COPY (SELECT {fields}{empty} FROM {source}) TO '{path}' ({how})").fetchone()[0]
    return total


def loaded(folder: Path) -> tuple[float, float, float]:
    """(seconds, CPU seconds, peak MB) of `esteem load mhsds`."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-c", _CHILD, str(folder / "in"), MEMORY]
    done = subprocess.run(command, env=os.environ | {"ESTEEM_HOME": str(folder / "home")}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"the load failed: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, cpu, float(done.stdout.splitlines()[-1])


_CHILD = """
import resource, sys
from esteem.cli import main
try:
    main(["load", "mhsds", sys.argv[1], "--memory", sys.argv[2]])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


if __name__ == "__main__":
    main()

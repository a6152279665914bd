"""An invented publication for tests of packs, snapshots and loads: small enough to see through, read by the same door as the real ones.

One file is one month of one measure; the first line of a file is its header. The edition is in the name: `admissions_v2.csv` outranks
`admissions_v1.csv`. Places: 99G and 07N (which ended on 31 March 2020) are named by every file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from esteem.evidence import snapshot_store
from esteem.evidence.pack.build import build
from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Edition, RawFile, Series, Source, Tidy
from esteem.evidence.sources.observation_rows import ObservationRows, read_cell
from esteem.terms import periods
from esteem.terms.places import Place

HEADER = ("area", "month", "measure", "group", "figure")
PLACES = [
    Place("99G", "Southend", "sub_icb", date(2013, 4, 1)),
    Place("07G", "Thurrock", "sub_icb", date(2013, 4, 1)),
    Place("07N", "Bexley", "ccg", date(2013, 4, 1), date(2020, 3, 31)),
]


def recognise(raw: RawFile) -> Edition | None:
    if not delimited.matches(delimited.header(raw), HEADER):
        return None
    version = re.search(r"_v(\d+)", raw.name)
    published = re.search(r"_(\d{4}-\d\d-\d\d)", raw.name)
    day = date.fromisoformat(published[1]) if published else None
    return Edition(f"version {version[1] if version else 1}", (int(version[1]) if version else 1,), "", day, "final")


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    out, rows = Tidy(places=list(PLACES)), ObservationRows()
    for line, (area, month, measure, group, figure) in delimited.records(raw, HEADER, progress, out.rejected):
        out.rows_read += 1
        before = len(out.rejected)
        value, why = read_cell(figure, f"row {line}", "figure", out.rejected)
        if len(out.rejected) > before:
            continue
        rows.add(
            f"invented.{measure}",
            canonical(area),
            periods.parse(month),
            value,
            source_row=f"row {line}",
            flags=why,
            breakdown="sex" if group else "all",
            category=group or "All",
        )
        out.rows_kept += 1
    out.observations = rows.table()
    names = sorted(set(out.observations["series"].to_pylist()))
    out.series = [Series(name, name.split(".")[1].capitalize(), "count", name.split(".")[1], "count") for name in names]
    return out


def expect(tidied: Tidy, raw: RawFile) -> list[Check]:
    lowest = min((v for v in tidied.observations["value"].to_pylist() if v is not None), default=0)
    return [Check("no count is negative", lowest >= 0, f"the lowest is {lowest:g}")]


SOURCE = Source(
    "invented",
    "Invented statistics",
    "Test Office",
    "Open Government Licence v3.0",
    "Source: Test Office",
    "nowhere",
    ",".join(HEADER),
    recognise,
    tidy,
    expect,
    near=lambda raw: delimited.near_header(raw, HEADER),
)
SOURCES = (SOURCE,)


def write(folder: Path, name: str, rows: Iterable[str], encoding: str = "utf-8") -> Path:
    """A file of the publication; each row is `area,month,measure,group,figure`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes("".join(f"{line}\n" for line in (",".join(HEADER), *rows)).encode(encoding))
    return path


FIRST_ROWS = (
    "99G,2019-01,admissions,,10",
    "99G,2019-02,admissions,,12",
    "99G,2019-02,admissions,Women,*",
    "07N,2019-01,admissions,,7",
    "England,2019-01,admissions,,900",
    "99G,2019-01,discharges,,5",
)


def shipped_pack(folder: Path) -> Path:
    """A pack of FIRST_ROWS, made to stand for the one that ships with Esteem."""
    published = folder / "published"
    write(published, "admissions_v1.csv", FIRST_ROWS)
    build(folder / "pack", published, SOURCES)
    return folder / "pack"


def ship(folder: Path, patch=setattr) -> None:
    """Let the store take the pack in `folder` for the shipped one."""
    patch(snapshot_store, "shipped_folder", lambda: folder)

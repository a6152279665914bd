"""A small, right folder of MHSDS records (two providers, two months), and one fault of each kind in it, with the words expected."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.evidence.records.small_extract import write_extract

MONTHS = {1499: ("2025-02-01", "2025-02-28"), 1500: ("2025-03-01", "2025-03-31")}
PROVIDERS = ("XA1", "XB2")
Rows = dict[str, list[dict]]


def right() -> Rows:
    """Two people at each of two providers, seen in each of two months: 46 rows."""
    tables: Rows = {name: [] for name in ("MHS000Header", "MHS001MPI", "MHS101Referral", "MHS002GP", "MHS201CareContact")}
    tables |= {name: [] for name in ("MHS401MHActPeriod", "MHS501HospProvSpell", "MHS502WardStay")}
    for month, (first, last) in MONTHS.items():
        for provider in PROVIDERS:
            tables["MHS000Header"].append(
                {"OrgIDProvider": provider, "UniqMonthID": month, "ReportingPeriodStartDate": first, "ReportingPeriodEndDate": last}
            )
            for person in (1, 2):
                _add(tables, provider, month, person, first)
    return tables


def _add(tables: Rows, provider: str, month: int, person: int, first: str) -> None:
    record = month * 100 + PROVIDERS.index(provider) * 10 + person
    who = {"Person_ID": f"P{provider}{person}", "OrgIDProv": provider, "UniqMonthID": month, "RecordNumber": record}
    care = who | {"UniqServReqID": f"{provider}R{person}"}
    tables["MHS001MPI"].append(
        who | {"MHS001UniqID": record, "Gender": "1", "NHSDEthnicity": "A", "AgeRepPeriodEnd": 40, "LDAFlag": "false"}
    )
    tables["MHS002GP"].append(who | {"GMPReg": "F1"})
    tables["MHS101Referral"].append(care | {"MHS101UniqID": record, "ReferralRequestReceivedDate": "2025-01-10", "ServTeamType": "A06"})
    contact = {
        "UniqCareContID": f"{provider}C{person}{month}",
        "CareContDate": f"{first[:8]}14",
        "AttendStatus": "5",
        "ConsMechanismMH": "01",
    }
    tables["MHS201CareContact"].append(care | contact | {"MHS201UniqID": record, "AgeCareContDate": 40})
    if person == 1:
        spell = care | {"UniqHospProvSpellID": f"{provider}S1"}
        tables["MHS501HospProvSpell"].append(spell | {"MHS501UniqID": record, "StartDateHospProvSpell": "2025-02-02"})
        ward = {"UniqWardStayID": f"{provider}W1", "StartDateWardStay": "2025-02-02", "MHAdmittedPatientClass": "200"}
        tables["MHS502WardStay"].append(spell | ward | {"MHS502UniqID": record})
        act = {"UniqMHActEpisodeID": f"{provider}M1", "StartDateMHActLegalStatusClass": "2025-02-03", "LegalStatusCode": "02"}
        tables["MHS401MHActPeriod"].append(who | act | {"MHS401UniqID": record})


@dataclass(frozen=True)
class Fault:
    """`plant` changes the right rows; then the row `row` of the file of `table` is found by `rule`, with `reason` and `value`.

    `also`: rules that must find rows that hang from it. `kept`: the row stays, with a warning.
    """

    plant: Callable[[Rows], None]
    table: str
    row: int
    column: str
    rule: str
    reason: str
    value: str
    kept: bool = False
    also: tuple[tuple[str, str], ...] = ()


def _set(table: str, index: int, **values) -> Callable[[Rows], None]:
    def plant(rows: Rows) -> None:
        rows[table][index] |= values

    return plant


def _again(table: str, index: int, **values) -> Callable[[Rows], None]:
    def plant(rows: Rows) -> None:
        rows[table].append(rows[table][index] | values)

    return plant


def _without(table: str, index: int) -> Callable[[Rows], None]:
    def plant(rows: Rows) -> None:
        del rows[table][index]

    return plant


_NO_REFERRAL = ("MHS001MPI", "child-missing")
_REFERRAL_OF_ANOTHER_MONTH = ("MHS201CareContact", "parent-other-month")
FAULTS = {
    "a date that is none": Fault(
        _set("MHS201CareContact", 0, CareContDate="31/02/2025"),
        *("MHS201CareContact", 2, "CareContDate", "value-type", "The value is not of the type of its column.", "31/02/2025"),
    ),
    "a number that is none": Fault(
        _set("MHS201CareContact", 1, AgeCareContDate="forty"),
        *("MHS201CareContact", 3, "AgeCareContDate", "value-type", "The value is not of the type of its column.", "forty"),
    ),
    "an unknown code": Fault(
        _set("MHS001MPI", 0, Gender="Q"),
        *("MHS001MPI", 2, "Gender", "code-unknown", "The code is not in the code list of the column.", "Q", True),
    ),
    "a code of earlier months": Fault(
        _set("MHS201CareContact", 0, ConsMechanismMH="03"),
        *("MHS201CareContact", 2, "ConsMechanismMH", "code-not-valid-then", "The code was not in use in the month of the row.", "03", True),
    ),
    "a bed code of version 5": Fault(
        _set("MHS502WardStay", 0, MHAdmittedPatientClass="10"),
        *("MHS502WardStay", 2, "MHAdmittedPatientClass", "code-not-valid-then"),
        *("The code was not in use in the month of the row.", "10", True),
    ),
    "a key that is missing": Fault(
        _set("MHS201CareContact", 2, UniqCareContID=""),
        *("MHS201CareContact", 4, "UniqCareContID", "value-missing", "A row cannot be counted without this value.", ""),
    ),
    "a row twice": Fault(
        _again("MHS201CareContact", 0),
        *("MHS201CareContact", 10, "UniqCareContID, UniqMonthID", "row-repeated"),
        *("The row repeats an earlier one word for word; the earlier one is kept.", "XA1C11499, 1499"),
    ),
    "a row twice in a table without a key": Fault(
        _again("MHS002GP", 0),
        *("MHS002GP", 10, "", "row-repeated", "The row repeats an earlier one word for word; the earlier one is kept."),
        "PXA11, XA1, F1, 1499, 149901",
    ),
    "two rows with one key": Fault(
        _again("MHS201CareContact", 0, AttendStatus="3", MHS201UniqID=7),
        *("MHS201CareContact", 2, "UniqCareContID, UniqMonthID", "key-twice"),
        *("Several different rows have this key, and nothing says which is right; all are left out.", "XA1C11499, 1499"),
    ),
    "a contact without a referral": Fault(
        _set("MHS201CareContact", 0, UniqServReqID="XA1R9"),
        *("MHS201CareContact", 2, "UniqServReqID", "parent-missing"),
        *("The row that this one belongs to is not among the rows kept.", "XA1R9, in MHS101Referral"),
    ),
    "a contact whose referral is in another month": Fault(
        _without("MHS101Referral", 4),
        *("MHS201CareContact", 6, "UniqServReqID", "parent-other-month"),
        *("The row that this one belongs to is there, but not in this month.", "XA1R1, in MHS101Referral", True),
        also=(_NO_REFERRAL, ("MHS501HospProvSpell", "parent-other-month")),
    ),
    "a referral without a person": Fault(
        _set("MHS101Referral", 1, RecordNumber=999),
        *("MHS101Referral", 3, "RecordNumber, UniqMonthID, OrgIDProv, Person_ID", "parent-missing"),
        *("The row that this one belongs to is not among the rows kept.", "999, 1499, XA1, PXA12, in MHS001MPI"),
        also=(_NO_REFERRAL, _REFERRAL_OF_ANOTHER_MONTH),
    ),
    "a person without a referral": Fault(
        _without("MHS101Referral", 5),
        *("MHS001MPI", 7, "Person_ID", "child-missing"),
        "The person has no referral in this month: counted as a person known to the provider, in no measure of care.",
        *("PXA12", True),
        also=(_REFERRAL_OF_ANOTHER_MONTH,),
    ),
    "an end before the start": Fault(
        _set("MHS101Referral", 1, ServDischDate="2025-01-09"),
        *("MHS101Referral", 3, "ReferralRequestReceivedDate, ServDischDate", "date-order", "The end is before the start."),
        "2025-01-10 after 2025-01-09",
        also=(_NO_REFERRAL, _REFERRAL_OF_ANOTHER_MONTH),
    ),
    "a date in the future": Fault(
        _set("MHS201CareContact", 0, CareContDate="2025-03-01"),
        *("MHS201CareContact", 2, "CareContDate", "date-future", "The date is after the end of the reporting month.", "2025-03-01"),
    ),
    "a contact in the wrong month": Fault(
        _set("MHS201CareContact", 4, CareContDate="2025-02-28"),
        *("MHS201CareContact", 6, "CareContDate", "date-outside-month"),
        *("The event is before the reporting month in which it is submitted.", "2025-02-28"),
    ),
    "a row of a month that the header does not list": Fault(
        _set("MHS201CareContact", 0, UniqMonthID=1501),
        *("MHS201CareContact", 2, "UniqMonthID", "month-wrong"),
        *("The header lists no submission of this provider for this month.", "1501"),
    ),
    "a contact before birth": Fault(
        _set("MHS201CareContact", 0, AgeCareContDate=-1),
        *("MHS201CareContact", 2, "AgeCareContDate", "age-impossible"),
        *("The age is below 0 or above 130: the event would be before birth.", "-1"),
    ),
    "a person who is left out takes what hangs from the record": Fault(
        _set("MHS001MPI", 1, AgeRepPeriodEnd="old"),
        *("MHS001MPI", 3, "AgeRepPeriodEnd", "value-type", "The value is not of the type of its column.", "old"),
        also=tuple((table, "parent-missing") for table in ("MHS101Referral", "MHS002GP", "MHS201CareContact")),
    ),
}


def planted(name: str) -> Rows:
    rows = copy.deepcopy(right())
    FAULTS[name].plant(rows)
    return rows


def put(folder: Path, rows: Rows | None = None, without: dict[str, str] | None = None) -> Path:
    """The rows as CSV tables in the layout of an extract."""
    return write_extract(folder, right() if rows is None else rows, without)


def lines_of(folder: Path, table: str) -> list[list[str]]:
    with (folder / "mhsds" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def change_line(folder: Path, table: str, line: int, change: Callable[[str], str]) -> None:
    """Changes one physical line of a CSV table (the header is line 1)."""
    path = folder / "mhsds" / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[line - 1] = change(lines[line - 1])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

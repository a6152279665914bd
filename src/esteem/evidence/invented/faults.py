"""Faults planted in made records, so that a load has something to find: what was planted is listed row by row.

Each is a row of its own beside the good ones (a copy, changed), or a value taken out; so no good row is lost with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute

from esteem.evidence.invented.columns import days, numbered, whole

EACH = 3  # faults of a kind in a chunk
WRONG_STATUS, WRONG_PRIORITY, WRONG_WORK = "0", "9", "99"  # in no code list
_OWN_NUMBERS = 90_000_000  # numbers of planted rows in a chunk begin here
_NUMBERS = "UniqID"  # how a column ends that numbers the rows of a table
_OWN = {  # identifiers that are a table's own, not those of the row it belongs to
    "MHS101Referral": ("UniqServReqID", "ServiceRequestId"),
    "MHS201CareContact": ("UniqCareContID",),
    "IDS101referral": ("Unique_ServiceRequestID",),
    "IDS201carecontact": ("Unique_CareContactID", "CareContactId"),
}


@dataclass(frozen=True)
class Planted:
    """`row` counts the rows of the table's file from 1; `rule` is what a load should say of it (`completeness`: only the scorecard)."""

    table: str
    row: int
    column: str
    rule: str
    fault: str


@dataclass(frozen=True)
class Fault:
    """A copy of a row with `column` changed by `change(values, window start, window end)`; `renamed`: with identifiers of its own."""

    table: str
    column: str
    rule: str
    fault: str
    change: Callable[[pa.Array, FirstDays], pa.Array] | None = None
    renamed: bool = True


@dataclass(frozen=True)
class FirstDays:
    """Days that the made months begin and end with."""

    start: int
    end: int
    first_month: int


def _all(value: object) -> Callable[[pa.Array, FirstDays], pa.Array]:
    def changed(column: pa.Array, window: FirstDays) -> pa.Array:
        if isinstance(column, pa.DictionaryArray):
            place = column.dictionary.to_pylist().index(value)
            return pa.DictionaryArray.from_arrays(pa.array([place] * len(column), column.indices.type), column.dictionary)
        return pa.array([value] * len(column), column.type)

    return changed


def _long_ago(column: pa.Array, window: FirstDays) -> pa.Array:
    return days(np.full(len(column), window.start - 40))


def _to_come(column: pa.Array, window: FirstDays) -> pa.Array:
    return days(np.full(len(column), window.end + 40))


def _before_2016(column: pa.Array, window: FirstDays) -> pa.Array:
    return days(np.full(len(column), 16_000))


def _month_before(column: pa.Array, window: FirstDays) -> pa.Array:
    return whole(np.full(len(column), window.first_month - 1))


def _other_person(column: pa.Array, window: FirstDays) -> pa.Array:
    return numbered("INV", 9_900_000_000 + np.arange(len(column)), 10)


def _other_pathway(column: pa.Array, window: FirstDays) -> pa.Array:
    return numbered("INVP", 9_900_000_000 + np.arange(len(column)), 10)


FAULTS: Sequence[Fault] = (
    Fault("MHS201CareContact", "AttendStatus", "code-unknown", "attendance status that is in no code list", _all(WRONG_STATUS)),
    Fault("MHS101Referral", "ClinRespPriorityType", "code-unknown", "priority that is in no code list", _all(WRONG_PRIORITY)),
    Fault("MHS201CareContact", "", "row-repeated", "contact sent twice, word for word", renamed=False),
    Fault("MHS101Referral", "Person_ID", "parent-missing", "referral without person", _other_person),
    Fault("MHS101Referral", "ServDischDate", "date-order", "referral that ends before it starts", _before_2016),
    Fault("MHS101Referral", "ReferralRequestReceivedDate", "date-future", "referral received after the month", _to_come),
    Fault("MHS201CareContact", "CareContDate", "date-outside-month", "contact of an earlier month", _long_ago),
    Fault("MHS201CareContact", "UniqMonthID", "month-wrong", "contact in a month of no submission", _month_before),
    Fault("MHS201CareContact", "CareContDate", "value-missing", "contact without date", _all(None)),
    Fault("MHS101Referral", "AgeServReferRecDate", "age-impossible", "age below nought", _all(-3)),
    Fault("IDS101referral", "ServDischDate", "date-order", "talking therapy that ends before it starts", _before_2016),
    Fault("IDS201carecontact", "", "row-repeated", "session sent twice, word for word", renamed=False),
    Fault("IDS201carecontact", "PathwayID", "parent-missing", "session without referral", _other_pathway),
    Fault("IDS201carecontact", "CareContDate", "value-missing", "session without date", _all(None)),
    Fault("IDS004empstatus", "EmployStatus", "code-unknown", "work status that is in no code list", _all(WRONG_WORK)),
)


def plant(tables: dict[str, pa.Table], chance: np.random.Generator, chunk: int, window: FirstDays) -> list[Planted]:
    """Adds the faults to the tables (in place) and lists them with row numbers of the chunk's own tables."""
    found: list[Planted] = []
    for number, fault in enumerate(FAULTS):
        table = tables.get(fault.table)
        if table is None or table.num_rows < EACH:
            continue
        rows = table.take(pa.array(np.sort(chance.choice(table.num_rows, EACH, replace=False))))
        rows = _changed(rows, fault, chunk, number, window).combine_chunks()
        found += [Planted(fault.table, table.num_rows + n + 1, fault.column, fault.rule, fault.fault) for n in range(EACH)]
        tables[fault.table] = pa.concat_tables([table, rows])
    found += _without_nhs_number(tables, chance)
    return found


def _changed(rows: pa.Table, fault: Fault, chunk: int, number: int, window: FirstDays) -> pa.Table:
    own = chunk * 100_000_000 + _OWN_NUMBERS + number * 1_000 + np.arange(rows.num_rows)
    for place, name in enumerate(rows.column_names):
        column = rows.column(name).combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        if fault.renamed and name.endswith(_NUMBERS) and pa.types.is_integer(column.type):
            column = whole(own)
        elif fault.renamed and name in _OWN.get(fault.table, ()):
            column = numbered("F", own, 13)
        if name == fault.column and fault.change:
            column = fault.change(column, window)
        rows = rows.set_column(place, name, column)
    return rows


def _without_nhs_number(tables: dict[str, pa.Table], chance: np.random.Generator) -> list[Planted]:
    """Takes the NHS number out of some master records."""
    name, table = "MHS001MPI", tables["MHS001MPI"]
    chosen = np.sort(chance.choice(table.num_rows, min(EACH, table.num_rows), replace=False))
    gone = np.zeros(table.num_rows, bool)
    gone[chosen] = True
    column = pyarrow.compute.if_else(pa.array(gone), pa.scalar(None, pa.string()), table.column("NHSNumber").combine_chunks())
    tables[name] = table.set_column(table.column_names.index("NHSNumber"), "NHSNumber", column)
    return [Planted(name, int(row) + 1, "NHSNumber", "completeness", "person without NHS number") for row in chosen]

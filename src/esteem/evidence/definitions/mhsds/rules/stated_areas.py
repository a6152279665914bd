"""The sub-ICB that a record itself states, for measures that look at the record instead of the person's newest row."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.areas import NO_PRACTICE, UNKNOWN, live_sub_icbs
from esteem.evidence.records.workbench import Workbench, prepared

_NOT_A_CODE = ("X98", "")  # not applicable; left empty


@prepared
def stated_areas(work: Workbench) -> ir.Table:
    """RecordNumber, stated (the code as sent, or null), sub_icb, icb, region (UNKNOWN where the stated code is not live).

    The code is that of the person's newest practice registration of the month, whichever provider sent it; without one, that of
    residence on the record. A practice's code is used even when it is not live.
    """
    people = work.t.MHS001MPI.select("RecordNumber", "Person_ID", "UniqMonthID", home="OrgIDSubICBLocResidence")
    joined = people.left_join(_newest_practices(work), ["Person_ID", "UniqMonthID"])
    stated = joined.mutate(stated=ibis.coalesce(joined.practice, joined.home)).select("RecordNumber", "stated")
    live = live_sub_icbs(work)
    found = stated.left_join(live, stated.stated == live.sub_icb)
    return found.mutate(**{level: found[level].fill_null(UNKNOWN) for level in ("sub_icb", "icb", "region")})


def _newest_practices(work: Workbench) -> ir.Table:
    """Person_ID, UniqMonthID, practice (its sub-ICB): from the registration that counts with the highest record number."""
    rows = work.t.MHS002GP
    rows = rows.filter(rows.GMPReg.notin(NO_PRACTICE) & rows.EndDateGMPRegistration.isnull())
    newest = rows.group_by("Person_ID", "UniqMonthID").aggregate(RecordNumber=rows.RecordNumber.max())
    rows = rows.semi_join(newest, ["Person_ID", "UniqMonthID", "RecordNumber"])
    return rows.group_by("Person_ID", "UniqMonthID").aggregate(practice=rows.OrgIDSubICBLocGP.max())


def stated_or_unknown(stated: ir.StringValue) -> ir.StringValue:
    """The stated code even when it is not live; UNKNOWN when none is stated."""
    return ibis.ifelse(stated.isnull() | stated.isin(_NOT_A_CODE), UNKNOWN, stated)

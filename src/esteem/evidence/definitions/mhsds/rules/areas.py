"""R6: the sub-ICB of a person or of a record, and its integrated care board and region.

Each rule gives Person_ID (or RecordNumber), sub_icb, icb, region; UNKNOWN where no live code is found. Which rule a measure takes:

- `sub_icb_of_month`: monthly measures of menh_analysis, crisis and liaison, Mental Health Act (R6, month variant);
- `sub_icb_of_window`: measures over a quarter, twelve months or the two months of the 72-hour follow-up (R6, longer variant);
- `sub_icb_of_record`: access (MHS95, MHS108, MHS109), waits for a second contact, admissions (MHS106): the area the record states.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.rules.states import in_months
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

UNKNOWN = "UNKNOWN"
SUB_ICB_ROLE = "RO319"
NO_PRACTICE = ("V81997", "V81998", "V81999")
_LEVELS = ("sub_icb", "icb", "region")
_FOUND = {"sub_icb": "sub_icb_right", "icb": "icb", "region": "region"}


@prepared
def live_sub_icbs(work: Workbench) -> ir.Table:
    """Codes that are a sub-ICB on the last day of the month, with the board and the region above them."""
    roles = work.require("ODSAPIRoleDetails")
    codes = roles.filter(
        (roles.RoleId == SUB_ICB_ROLE) & (roles.StartDate <= work.rp_end) & (roles.EndDate.isnull() | (roles.EndDate >= work.rp_end))
    )
    codes = codes.select(sub_icb=codes.OrganisationID).distinct()
    boards, regions = _relation(work, "CCST", "sub_icb", "icb"), _relation(work, "STCE", "icb", "region")
    return codes.left_join(boards, "sub_icb").drop("sub_icb_right").left_join(regions, "icb").drop("icb_right")


def _relation(work: Workbench, kind: str, below: str, above: str) -> ir.Table:
    links = work.require("ORG_RELATIONSHIP_DAILY")
    links = links.filter(
        (links.REL_TYPE_CODE == kind)
        & (links.REL_OPEN_DATE <= work.rp_end)
        & (links.REL_CLOSE_DATE.isnull() | (links.REL_CLOSE_DATE >= work.rp_end))
    )
    return links.group_by(**{below: links.REL_FROM_ORG_CODE}).aggregate(**{above: links.REL_TO_ORG_CODE.max()})


def _registrations(work: Workbench, window: Window) -> ir.Table:
    """GP registrations that count: a known practice and no end."""
    practices = in_months(work.t.MHS002GP, window)
    return practices.filter(practices.GMPReg.notin(NO_PRACTICE) & practices.EndDateGMPRegistration.isnull())


def _with_higher_areas(work: Workbench, people: ir.Table) -> ir.Table:
    """Adds board and region to rows of Person_ID and sub_icb; a code that is not live, or none, is UNKNOWN."""
    joined = people.left_join(live_sub_icbs(work), "sub_icb")
    joined = joined.mutate(**{level: joined[found].fill_null(UNKNOWN) for level, found in _FOUND.items()})
    return joined.select("Person_ID", *_LEVELS)


@prepared
def sub_icb_of_month(work: Workbench) -> ir.Table:
    """Month variant of R6: from the person's master row of the month."""
    month = work.month.window("M")
    people = in_months(work.t.MHS001MPI, month)
    people = people.filter(people.PatMRecInRP)
    practices = _registrations(work, month)
    newest = practices.group_by("Person_ID").aggregate(RecordNumber=practices.RecordNumber.max())
    practices = practices.semi_join(newest, ["Person_ID", "RecordNumber"])
    joined = people.left_join(practices, ["Person_ID", "RecordNumber"])
    practice, home = joined.OrgIDSubICBLocGP, joined.OrgIDSubICBLocResidence
    if not work.as_published("quirk:sub-icb-month-no-fallback"):
        live = live_sub_icbs(work).sub_icb
        practice = ibis.ifelse(practice.isin(live), practice, ibis.null("string"))
    return _with_higher_areas(work, joined.mutate(sub_icb=ibis.coalesce(practice, home)).select("Person_ID", "sub_icb"))


@prepared
def sub_icb_of_window(work: Workbench, window: Window) -> ir.Table:
    """Quarter, 12-month and 2-month variant of R6: from the newest row of the window that has a live code.

    A live code in a column of the older boards (OrgIDCCGRes, OrgIDCCGGPPractice) makes a row the newest too, but gives no sub-ICB.
    """
    people, practices = in_months(work.t.MHS001MPI, window), _registrations(work, window)
    live = live_sub_icbs(work).sub_icb
    practices = practices.mutate(
        code=practices.OrgIDSubICBLocGP.isin(live).ifelse(practices.OrgIDSubICBLocGP, None),
        is_known=practices.OrgIDCCGGPPractice.isin(live).fill_null(False),
    )
    practices = practices.group_by("Person_ID", "RecordNumber").aggregate(practice=_.code.max(), is_known=_.is_known.any())
    people = people.left_join(practices, ["Person_ID", "RecordNumber"])
    home = people.OrgIDSubICBLocResidence.isin(live).ifelse(people.OrgIDSubICBLocResidence, None)
    older = people.is_known.fill_null(False) | people.OrgIDCCGRes.isin(live).fill_null(False)
    people = people.mutate(sub_icb=ibis.coalesce(people.practice, home), older=older)
    people = people.filter(people.sub_icb.notnull() | people.older).mutate(code=_.sub_icb.fill_null(UNKNOWN))
    newest = people.group_by("Person_ID").aggregate(sub_icb=people.code.argmax(people.RecordNumber))
    return _with_higher_areas(work, newest)


@prepared
def sub_icb_of_record(work: Workbench) -> ir.Table:
    """RecordNumber, sub_icb, icb, region; and `stated`, the code as it was sent, live or not (null when there is none).

    The code is that of the person's newest practice registration of the month, whichever provider sent it; without one, that of
    residence on the record.
    """
    people = work.t.MHS001MPI.select("RecordNumber", "Person_ID", "UniqMonthID", home="OrgIDSubICBLocResidence")
    joined = people.left_join(_newest_practices(work), ["Person_ID", "UniqMonthID"])
    stated = joined.mutate(stated=ibis.coalesce(joined.practice, joined.home)).select("RecordNumber", "stated")
    live = live_sub_icbs(work)
    found = stated.left_join(live, stated.stated == live.sub_icb)
    return found.mutate(**{level: found[level].fill_null(UNKNOWN) for level in _LEVELS})


def _newest_practices(work: Workbench) -> ir.Table:
    """Person_ID, UniqMonthID, practice (its sub-ICB): from the registration that counts with the highest record number."""
    rows = work.t.MHS002GP
    rows = rows.filter(rows.GMPReg.notin(NO_PRACTICE) & rows.EndDateGMPRegistration.isnull())
    newest = rows.group_by("Person_ID", "UniqMonthID").aggregate(RecordNumber=rows.RecordNumber.max())
    rows = rows.semi_join(newest, ["Person_ID", "UniqMonthID", "RecordNumber"])
    return rows.group_by("Person_ID", "UniqMonthID").aggregate(practice=rows.OrgIDSubICBLocGP.max())


def with_area(table: ir.Table, areas: ir.Table) -> ir.Table:
    """Adds sub_icb, icb and region by the key of `areas`; UNKNOWN for a row without one."""
    key = areas.columns[0]
    joined = table.left_join(areas, key)
    return joined.mutate(**{level: joined[level].fill_null(UNKNOWN) for level in _LEVELS}).drop(f"{key}_right")

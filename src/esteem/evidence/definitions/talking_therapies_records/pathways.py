"""What every measure of talking therapies counts: pathways as last submitted in each month, with the person's attributes and area."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import (
    ENGLAND,
    GENDER,
    ICB,
    IMD_CORE20,
    IMD_DECILE,
    PROVIDER,
    REGION,
    SUB_ICB,
    UPPER_ETHNICITY,
)
from esteem.evidence.definitions.mhsds.publication import Publication
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, live_sub_icbs
from esteem.evidence.definitions.mhsds.rules.demographics import (
    BBRB_ETHNICITY,
    DECILES,
    KNOWN_ETHNICITIES,
    MOST_DEPRIVED,
    OTHER_QUINTILES,
    Bands,
    age_band,
    upper_ethnicity,
    white_british,
)
from esteem.evidence.record_model import Breakdown, Cohort
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

# Small counts are hidden and others rounded to five, in the words of the design page, section R9; a share needs both its counts.
TALKING_THERAPIES = Publication("talking-therapies", both_sides=True, whole_means=False)

MISSING_COMMA = "quirk:tt-ethnic-list-missing-comma"
MISSED_BY_THE_LIST = ("L", "M")  # Other Asian and Caribbean: 'L''M' in the published list is one text that nobody has
WHITE_BRITISH, MINORITIES = "White British", "Ethnic minorities"
AGES: Bands = ((0, "Under 18"), (18, "18 to 25"), (26, "26 to 64"), (65, "65 and over"))
TRUE = "True"
SIX_WEEKS, EIGHTEEN_WEEKS, NINETY_DAYS = 42, 126, 90  # days
FEWEST_SESSIONS = 2

AGE_BAND = Breakdown("England; Age Band", ("age_band",))
MINORITY_ETHNIC = Breakdown("England; Ethnicity (White British/Ethnic Minorities)", ("minority_ethnic",))
PROBLEM = Breakdown("England; Presenting Complaint", ("problem",))
LONG_TERM = Breakdown("England; Long-Term Condition", ("long_term_condition",))
ETHNICITY = Breakdown("England; Ethnicity", ("ethnicity",))
SPLITS = (ENGLAND, PROVIDER, SUB_ICB, ICB, REGION, AGE_BAND, GENDER, UPPER_ETHNICITY, ETHNICITY, MINORITY_ETHNIC, IMD_DECILE, IMD_CORE20)
SPLITS += (PROBLEM, LONG_TERM)
PERIODS = ("M", "Q", "12M")


def _flag(column: ir.StringValue) -> ir.BooleanValue:
    return (column == TRUE).fill_null(False)


def _minority(work: Workbench, code: ir.StringValue) -> ir.StringValue:
    """White British or an ethnic minority. As published Other Asian and Caribbean people are in neither group."""
    listed = [c for c in KNOWN_ETHNICITIES if c not in ("A", "Z")]
    branches = [(code == "A", WHITE_BRITISH)]
    if work.as_published(MISSING_COMMA):
        branches.append((code.isin(MISSED_BY_THE_LIST), ibis.null("string")))
    return ibis.cases(*branches, (code.isin(listed), MINORITIES), else_=UNKNOWN)


@prepared
def _people(work: Workbench) -> ir.Table:
    """RecordNumber, Person_ID and R7: one row for each record."""
    people = work.t.IDS001mpi
    people = people.mutate(NHSDEthnicity=people.Validated_EthnicCategory)
    code, tenth = people.NHSDEthnicity, people.IndicesOfDeprivationDecile
    made = people.select(
        "RecordNumber",
        "Person_ID",
        gender=ibis.ifelse(people.Gender.isin(("1", "2", "3", "4", "9")), people.Gender, UNKNOWN),
        ethnicity=ibis.ifelse(code.isin((*KNOWN_ETHNICITIES, "99")), code, UNKNOWN),
        ethnicity_group=upper_ethnicity(people, BBRB_ETHNICITY),
        white_british=white_british(people),
        minority_ethnic=_minority(work, code),
        imd_decile=ibis.cases(*((tenth == str(n), label) for n, label in DECILES.items()), else_=UNKNOWN),
        imd_core20=ibis.cases(
            (tenth.isin(("1", "2")), MOST_DEPRIVED), (tenth.isin(tuple(map(str, range(3, 11)))), OTHER_QUINTILES), else_=UNKNOWN
        ),
        age="AgeRP_EndDate",
        age_band=age_band(people.AgeRP_EndDate, AGES),
    )
    return made.distinct(on="RecordNumber")


@prepared
def _areas(work: Workbench) -> ir.Table:
    """`commissioner`, an organisation code, with the live sub-ICB it is or has become, and board and region above."""
    named = work.t.IDS101referral.select(commissioner="OrgIDComm").distinct()
    successors = work.t.ODSAPISuccessorDetails
    successors = successors.filter(successors.StartDate.isnull() | (successors.StartDate <= work.rp_end))
    successors = successors.group_by(commissioner=successors.OrganisationID).aggregate(became=successors.TargetOrganisationID.max())
    joined = named.left_join(successors, "commissioner")
    joined = joined.mutate(code=ibis.coalesce(joined.became, joined.commissioner)).select("commissioner", "code")
    live = live_sub_icbs(work)
    found = joined.left_join(live, joined.code == live.sub_icb)
    levels = ("sub_icb", "icb", "region")
    return found.mutate(**{level: found[level].fill_null(UNKNOWN) for level in levels}).select("commissioner", *levels)


@prepared
def submitted(work: Workbench, window: Window) -> ir.Table:
    """Pathways in the latest submissions of the months, one row for each: `first_day` and `last_day` are those of the row's month."""
    rows, sent = work.t.IDS101referral, work.t.IsLatest_SubmissionID
    rows = rows.filter(rows.Unique_MonthID.between(window.first_month, window.last_month))
    latest = sent.filter(sent.IsLatest)
    latest = latest.select(
        "UniqueSubmissionID", "AuditId", first_day="ReportingPeriodStartDate", last_day="ReportingPeriodEndDate"
    ).distinct()
    rows = rows.inner_join(latest, ["UniqueSubmissionID", "AuditId"]).select(*rows.columns, "first_day", "last_day")
    rows = work.step(rows, "pathways in the latest submissions of the period")
    rows = rows.filter(_flag(rows.UsePathway_Flag))
    people = _people(work)
    rows = rows.inner_join(people, "RecordNumber").select(*rows.columns, *(c for c in people.columns if c != "RecordNumber"))
    return work.step(rows, "pathways to be used, of people with a record")


def _pathways(work: Workbench, window: Window) -> ir.Table:
    """An event counts in the row sent for its own month: later rows tell it again."""
    rows = submitted(work, window)
    conditions = work.t.IDS602longtermphyscondition.select("RecordNumber", condition=True).distinct()
    rows = rows.left_join(conditions, "RecordNumber").select(*rows.columns, "condition")
    rows = rows.left_join(_areas(work).rename(OrgIDComm="commissioner"), "OrgIDComm").select(*rows.columns, *_LEVELS)
    rows = rows.mutate(**{level: rows[level].fill_null(UNKNOWN) for level in _LEVELS})
    ended = rows.ServDischDate.between(rows.first_day, rows.last_day).fill_null(False)
    finished = ended & (rows.TreatmentCareContact_Count >= FEWEST_SESSIONS).fill_null(False)
    first, second = rows.TherapySession_FirstDate, rows.TherapySession_SecondDate
    return rows.mutate(
        provider=rows.OrgID_Provider,
        problem=rows.PresentingComplaintHigherCategory.fill_null(UNKNOWN),
        long_term_condition=rows.condition.fill_null(False).ifelse("Yes", "No"),
        referred=rows.ReferralRequestReceivedDate.between(rows.first_day, rows.last_day).fill_null(False),
        started=first.between(rows.first_day, rows.last_day).fill_null(False),
        seen_twice=second.between(rows.first_day, rows.last_day).fill_null(False),
        gap=second.delta(first, unit="day"),
        waited=first.delta(rows.ReferralRequestReceivedDate, unit="day"),
        finished=finished,
        completed=ended & _flag(rows.CompletedTreatment_Flag),
        at_caseness=finished & ~_flag(rows.NotCaseness_Flag),
        recovered=finished & _flag(rows.Recovery_Flag),
        reliably_recovered=finished & _flag(rows.Recovery_Flag) & _flag(rows.ReliableImprovement_Flag),
        improved=finished & _flag(rows.ReliableImprovement_Flag),
        deteriorated=finished & _flag(rows.ReliableDeterioration_Flag),
    )


_LEVELS = ("sub_icb", "icb", "region")
PATHWAYS = Cohort("pathways of talking therapies", _pathways)


def open_wait(work: Workbench, window: Window) -> ir.Table:
    """Pathways of the last month that have had no session yet: `days_waiting` to the day after the period."""
    rows = _pathways(work, work.month.window("M"))
    rows = rows.filter(rows.TherapySession_FirstDate.isnull() & rows.ServDischDate.isnull())
    rows = work.step(rows, "still waiting for a first session")
    after = ibis.literal(window.end + timedelta(days=1))
    return rows.mutate(days_waiting=after.delta(rows.ReferralRequestReceivedDate, unit="day"))


WAITING = Cohort("pathways that wait for a first session", open_wait)

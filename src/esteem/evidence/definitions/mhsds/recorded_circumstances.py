"""M21: people in contact whose housing, work or crisis plan was recorded in the last twelve months (pipeline menh_analysis)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_DASH
from esteem.evidence.definitions.mhsds.publication import ANALYSIS
from esteem.evidence.definitions.mhsds.rules.monthly_people import of_known_people
from esteem.evidence.definitions.mhsds.rules.states import open_referrals, within
from esteem.evidence.record_model import Cohort, Counted, Family, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

CRISIS_PLAN = "12"
_WHO = ("Person_ID", "OrgIDProv")


def _housing(work: Workbench, year: Window) -> ir.Table:
    rows = work.t.MHS003AccommStatus
    return rows.filter(within(rows.AccommodationTypeDate, year) & rows.AccommodationType.notnull())


def _work(work: Workbench, year: Window) -> ir.Table:
    rows = work.t.MHS004EmpStatus
    return rows.filter(within(rows.EmployStatusRecDate, year))


def _crisis_plans(work: Workbench, year: Window) -> ir.Table:
    rows = work.t.MHS008CarePlanType
    written = within(rows.CarePlanCreatDate, year) | within(rows.CarePlanLastUpdateDate, year)
    return rows.filter((rows.CarePlanTypeMH == CRISIS_PLAN) & written)


_RECORDS = {"housing": _housing, "work": _work, "crisis_plan": _crisis_plans}


def _in_contact(work: Workbench, window: Window) -> ir.Table:
    """People with an open referral and a record of each kind: anyone's for England and sub-ICB, the provider's own for a provider."""
    year = work.month.window("12M")
    people = open_referrals(work).select(*_WHO).distinct()
    parts = []
    for kind, find in _RECORDS.items():
        records = find(work, year)
        named = {"kind": ibis.literal(kind)}
        anyone = people.semi_join(records, "Person_ID").mutate(**named, by_provider=False)
        own = people.semi_join(records, list(_WHO)).mutate(**named, by_provider=True)
        parts += [anyone, own]
    rows = of_known_people(work, ibis.union(*parts))
    return rows.filter(rows.by_provider == rows.provider.notnull())


_COHORT = Cohort("people in contact with something recorded in twelve months", _in_contact)


def _measure(name: str, title: str, kind: str) -> RecordMeasure:
    return RecordMeasure(name, title, Counted(_COHORT, distinct("Person_ID"), ibis._.kind == kind), ("M",), AREAS_DASH)


FAMILY = Family(
    name="recorded-circumstances",
    title="Housing, work and crisis plans on record",
    question="For how many people in contact are housing, work and a crisis plan known?",
    why="A service that does not ask about home and work cannot help with them, and a crisis plan that is not written cannot be followed.",
    source="NHSDigital/mental-health-monthly-statistics, menh_analysis 1.Main_monthly (design page M21)",
    checked_against="the national code's own figures for an invented extract",
    publication=ANALYSIS,
    quirks=("quirk:sub-icb-month-no-fallback",),
    measures=(
        _measure("MHS13", "People in contact whose accommodation was recorded in the last twelve months", "housing"),
        _measure("MHS16", "People in contact whose employment was recorded in the last twelve months", "work"),
        _measure("MHS19", "People in contact with a crisis plan written or updated in the last twelve months", "crisis_plan"),
    ),
)

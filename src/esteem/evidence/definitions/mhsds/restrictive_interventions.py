"""M23: restraint and other restrictive interventions in hospital, of a month."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import BED_TYPE_CODE, OWN_SPLITS
from esteem.evidence.definitions.mhsds.publication import Publication
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN
from esteem.evidence.definitions.mhsds.rules.person_attributes import with_people_of_window
from esteem.evidence.definitions.mhsds.rules.states import in_months, within
from esteem.evidence.record_model import Breakdown, Cohort, Counted, Family, Ratio, RecordMeasure, distinct, total
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

RESTRAINTS = Publication("restraints", both_sides=True, whole_means=True)
TYPE = Breakdown("England; Restrictive Intervention Type", ("intervention_type",))
_SPELL = ("Person_ID", "UniqHospProvSpellID")


def _beds(work: Workbench, window: Window) -> ir.Table:
    stays = in_months(work.t.MHS502WardStay, window)
    return stays.select(*_SPELL, "MHS502UniqID", bed_start="StartDateWardStay", bed_end="EndDateWardStay", bed="MHAdmittedPatientClass")


def _interventions(work: Workbench, window: Window) -> ir.Table:
    """A row for each incident of the period, each type of intervention in it, and the ward stay in which it began."""
    rows = in_months(work.t.MHS505RestrictiveInterventInc, window)
    rows = rows.filter(within(rows.StartDateRestrictiveIntInc, window))
    rows = work.step(rows, "incidents of restrictive intervention that began in the period")
    rows = rows.select(*_SPELL, incident="UniqRestrictiveIntIncID", begun="StartDateRestrictiveIntInc", provider="OrgIDProv").distinct()
    types = in_months(work.t.MHS515RestrictiveInterventType, window)
    types = types.select(
        incident="UniqRestrictiveIntIncID", of_type="UniqRestrictiveIntTypeID", intervention_type="RestrictiveIntType"
    ).distinct()
    rows = work.step(
        rows.inner_join(types, "incident").select(*rows.columns, "of_type", "intervention_type"), "with each type of intervention"
    )
    beds = _beds(work, window)
    same = [rows[key] == beds[key] for key in _SPELL]
    on_ward = (beds.bed_start <= rows.begun) & (beds.bed_end.isnull() | (beds.bed_end >= rows.begun))
    joined = rows.left_join(beds, [*same, on_ward])
    joined = joined.mutate(
        place=ibis.row_number().over(group_by=["incident", "of_type"], order_by=[ibis.desc("bed_start"), "MHS502UniqID"])
    )
    joined = joined.filter(joined.place == 0)
    joined = joined.select(*rows.columns, bed_type=joined.bed.fill_null(UNKNOWN))
    joined = joined.mutate(intervention=joined.incident + ";" + joined.of_type)
    return with_people_of_window(work, window, joined)


def _bed_days(work: Workbench, window: Window) -> ir.Table:
    """Each spell of the period once, with its days in it; the last day of the period counts, the day of discharge does not."""
    spells = in_months(work.t.MHS501HospProvSpell, window)
    newest = ibis.row_number().over(group_by=list(_SPELL), order_by=[ibis.desc("UniqMonthID"), "MHS501UniqID"])
    spells = spells.mutate(place=newest)
    spells = spells.filter(spells.place == 0)
    after = window.end + timedelta(days=1)
    last = ibis.least(spells.DischDateHospProvSpell.fill_null(after), ibis.literal(after))
    days = last.delta(ibis.greatest(spells.StartDateHospProvSpell, ibis.literal(window.start)), unit="day")
    beds = _beds(work, window)
    beds = beds.mutate(place=ibis.row_number().over(group_by=list(_SPELL), order_by=[ibis.desc("bed_start"), "MHS502UniqID"]))
    beds = beds.filter(beds.place == 0).select(*_SPELL, "bed")
    rows = spells.select(*_SPELL, provider=spells.OrgIDProv, days=ibis.ifelse(days > 0, days, 0))
    rows = work.step(rows.filter(rows.days > 0), "hospital spells with days in the period")
    rows = rows.left_join(beds, list(_SPELL)).select(*rows.columns, "bed")
    rows = rows.mutate(bed_type=rows.bed.fill_null(UNKNOWN)).drop("bed")
    return with_people_of_window(work, window, rows)


_INTERVENTIONS = Cohort("restrictive interventions", _interventions)
_DAYS = Cohort("hospital spells and their days in the period", _bed_days)
_COUNT = Counted(_INTERVENTIONS, distinct("intervention"))
_SPLITS = (*OWN_SPLITS, BED_TYPE_CODE)

FAMILY = Family(
    name="restrictive-interventions",
    title="Restraint and other restrictive interventions",
    question="How often, and on how many people, is restraint or another restrictive intervention used in hospital?",
    why="Restraint frightens and injures; it is used most on young Black men, and good wards need little of it.",
    source="NHSDigital/mental-health-monthly-statistics, Restraints (design page M23)",
    checked_against="worked cases by hand; the oracle holds no figure on restraint",
    publication=RESTRAINTS,
    counterparts={"MHS76": "people-restrained"},
    notes=(
        "The bed is that of the ward stay in which the incident began; for bed days, the newest ward stay of the spell.",
        "A person counts in the sub-ICB and groups of the newest master row of the month.",
    ),
    measures=(
        RecordMeasure(
            "MHS76", "People subject to restrictive interventions", Counted(_INTERVENTIONS, distinct("Person_ID")), ("M",), (*_SPLITS, TYPE)
        ),
        RecordMeasure("MHS77", "Restrictive interventions", _COUNT, ("M",), (*_SPLITS, TYPE)),
        RecordMeasure(
            "MHS96",
            "Restrictive interventions per 1,000 bed days",
            Ratio(_COUNT, Counted(_DAYS, total("days")), 1_000, "rate"),
            ("M",),
            _SPLITS,
        ),
    ),
)

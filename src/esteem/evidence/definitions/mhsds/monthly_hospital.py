"""M21: people in hospital, open ward stays by service, age and distance from home, admissions by bed (pipeline menh_analysis)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_DASH, across
from esteem.evidence.definitions.mhsds.publication import ANALYSIS
from esteem.evidence.definitions.mhsds.rules.ended_ward_stays import ended_adult_acute_stays
from esteem.evidence.definitions.mhsds.rules.monthly_people import of_anyone, of_known_people
from esteem.evidence.definitions.mhsds.rules.service_areas import (
    ADULT_ACUTE,
    SERVICES,
    SPECIALIST,
    kinds_of_adult_bed,
    open_ward_stays,
    services_of_wards,
)
from esteem.evidence.definitions.mhsds.rules.states import in_months, open_at, open_referrals, within
from esteem.evidence.definitions.mhsds.rules.wards import bed_group
from esteem.evidence.record_model import ROWS, Cohort, Counted, Family, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench

FAR = 50  # kilometres from home to the ward


def _in_hospital(work: Workbench, window: Window) -> ir.Table:
    spells = in_months(work.t.MHS501HospProvSpell, window)
    spells = spells.filter(open_at(spells.DischDateHospProvSpell, work.rp_end))
    people = open_referrals(work).semi_join(spells, "UniqServReqID").select("Person_ID", "OrgIDProv")
    return of_known_people(work, people.distinct())


def _stays(work: Workbench, window: Window) -> ir.Table:
    stays = open_ward_stays(work).select("Person_ID", "OrgIDProv", "UniqWardStayID", distance="WardLocDistanceHome")
    stays = stays.inner_join(services_of_wards(work), "UniqWardStayID").select(*stays.columns, *SERVICES)
    kinds = kinds_of_adult_bed(work)
    rows = stays.left_join(kinds, "UniqWardStayID").select(*stays.columns, "kind")
    rows = rows.mutate(acute=rows.adult & (rows.kind == ADULT_ACUTE), specialist=rows.adult & (rows.kind == SPECIALIST))
    return of_known_people(work, rows)


def _admissions(work: Workbench, window: Window) -> ir.Table:
    """Spells begun in the month, once for each ward stay of the month that began with them."""
    spells = in_months(work.t.MHS501HospProvSpell, window)
    spells = spells.filter(within(spells.StartDateHospProvSpell, window))
    wards = in_months(work.t.MHS502WardStay, window).select(
        "UniqHospProvSpellID", "StartDateWardStay", "StartTimeWardStay", bed="MHAdmittedPatientClass"
    )
    begun_with = [
        spells.UniqHospProvSpellID == wards.UniqHospProvSpellID,
        spells.StartDateHospProvSpell == wards.StartDateWardStay,
        spells.StartTimeHospProvSpell.isnull() | (spells.StartTimeHospProvSpell == wards.StartTimeWardStay),
    ]
    rows = spells.left_join(wards, begun_with)
    return of_anyone(work, rows.select("Person_ID", "OrgIDProv", bed_group=bed_group(rows.bed, rows.UniqMonthID)))


def _absences(work: Workbench, window: Window) -> ir.Table:
    """Absences without leave begun in the month or after it, none that ended on the day it began."""
    rows = in_months(work.t.MHS511AbsenceWithoutLeave, window)
    lasted = rows.EndDateMHAbsWOLeave.isnull() | (rows.EndDateMHAbsWOLeave > rows.StartDateMHAbsWOLeave)
    return of_anyone(work, rows.filter(lasted & (rows.StartDateMHAbsWOLeave >= ibis.literal(window.start))))


def _ended(work: Workbench, window: Window) -> ir.Table:
    return of_anyone(work, ended_adult_acute_stays(work))


_PEOPLE = Cohort("people in hospital at the end of the month", _in_hospital)
_STAYS = Cohort("ward stays open at the end of the month", _stays)
_ENDED = Cohort("ward stays ended in the month in adult acute beds", _ended)
_ADMISSIONS = Cohort("admissions of the month and their first ward", _admissions)
_ABSENCES = Cohort("absences without leave begun in the month", _absences)


def _people(name: str, title: str, where) -> RecordMeasure:
    return RecordMeasure(
        name, f"{title} in hospital at the end of the month", Counted(_PEOPLE, distinct("Person_ID"), where), ("M",), AREAS_DASH
    )


def _open(name: str, title: str, where, breakdowns=AREAS_DASH) -> RecordMeasure:
    return RecordMeasure(name, title, Counted(_STAYS, distinct("UniqWardStayID"), where), ("M",), breakdowns)


_young, _working_age, _old = _.age <= 18, _.age.between(19, 64), _.age >= 65
_far = _.distance >= FAR

FAMILY = Family(
    name="monthly-hospital",
    title="Hospital stays by service, age and distance",
    question="Who is on a ward, in what kind of bed and how far from home?",
    why="Beds are the costliest care; a bed far from home cuts people off from those who matter to them.",
    source="NHSDigital/mental-health-monthly-statistics, menh_analysis 1.Main_monthly (design page M21)",
    checked_against="the national code's own figures for an invented extract",
    publication=ANALYSIS,
    quirks=("quirk:sub-icb-month-no-fallback",),
    measures=(
        _people("MHS07a", "People aged 0 to 18", _young),
        _people("MHS07b", "People aged 19 to 64", _working_age),
        _people("MHS07c", "People aged 65 and over", _old),
        _open("MHS21a", "Open ward stays of people aged 0 to 18", _young),
        _open("MHS21b", "Open ward stays of people aged 19 to 64", _working_age),
        _open("MHS21c", "Open ward stays of people aged 65 and over", _old),
        _open("AMH21", "Open ward stays in adult mental health services", "adult"),
        _open("AMH21a", "Open ward stays in adult acute beds", "acute"),
        _open("AMH21b", "Open ward stays in specialist adult beds", "specialist"),
        _open("CYP21", "Open ward stays in young people's services", "young"),
        _open("MHS22", "Open ward stays 50 km or more from home", _far),
        _open("MHS22a", "Open ward stays 50 km or more from home, aged 0 to 18", _far & _young),
        _open("MHS22b", "Open ward stays 50 km or more from home, aged 19 to 64", _far & _working_age),
        _open("MHS22c", "Open ward stays 50 km or more from home, aged 65 and over", _far & _old),
        _open("AMH22a", "Open ward stays in adult acute beds 50 km or more from home", _far & _.acute),
        _open("AMH22b", "Open ward stays in specialist adult beds 50 km or more from home", _far & _.specialist),
        _open("AMH59a", "Open ward stays in adult acute beds less than 20 km from home", _.acute & _.distance.between(0, 19)),
        _open("AMH59b", "Open ward stays in adult acute beds 20 to 49 km from home", _.acute & _.distance.between(20, 49)),
        _open("AMH59c", "Open ward stays in adult acute beds 50 to 99 km from home", _.acute & _.distance.between(50, 99)),
        _open("AMH59d", "Open ward stays in adult acute beds 100 km or more from home", _.acute & (_.distance >= 100)),
        RecordMeasure("AMH48a", "Ward stays ended in adult acute beds", Counted(_ENDED, distinct("UniqWardStayID")), ("M",), AREAS_DASH),
        RecordMeasure("MHS27a", "Admissions in the month by kind of bed", Counted(_ADMISSIONS, ROWS), ("M",), across("Bed Type")),
        RecordMeasure("MHS31", "Absences without leave", Counted(_ABSENCES, distinct("MHS511UniqID")), ("M",), AREAS_DASH),
    ),
)

"""M16: acute admissions of people with, or without, a contact with mental health services in the year before (pipeline menh_bbrb)."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_BBRB, UPPER_ETHNICITY, WHITE_BRITISH
from esteem.evidence.definitions.mhsds.publication import BBRB
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, sub_icb_of_record
from esteem.evidence.definitions.mhsds.rules.contacts import attended, direct
from esteem.evidence.definitions.mhsds.rules.demographics import BBRB_ETHNICITY, upper_ethnicity
from esteem.evidence.definitions.mhsds.rules.states import in_months, lives_in_england, within
from esteem.evidence.definitions.mhsds.rules.wards import acute_bed
from esteem.evidence.record_model import Cohort, Counted, Family, Ratio, RecordMeasure, distinct, total
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

TRANSFERS = ("49", "53", "87")  # admitted from another mental health ward
NOT_A_CODE = ("X98", "")  # area not applicable; left empty
DAYS_BEFORE = (3, 365)  # a contact in the last two days is part of the admission itself

_SPELL = ("Person_ID", "UniqServReqID", "UniqHospProvSpellID")
_REFERRAL = ("RecordNumber", "Person_ID", "UniqServReqID")


def _first_wards(work: Workbench) -> ir.Table:
    """The class of the first ward of each spell, over every month: keys of _SPELL and bed_class."""
    link = ("RecordNumber", "UniqServReqID", "UniqHospProvSpellID")
    ward = ("StartDateWardStay", "EndDateWardStay", "MHS502UniqID", "MHAdmittedPatientClass")
    spells = work.t.MHS501HospProvSpell.select(*_SPELL, "RecordNumber", "UniqMonthID")
    rows = spells.left_join(work.t.MHS502WardStay.select(*link, *ward), list(link))
    order = [rows.UniqMonthID, rows.EndDateWardStay.asc(nulls_first=True), rows.MHS502UniqID.asc(nulls_first=True)]
    if not work.as_published("quirk:mhs106-open-ward-first"):
        order = [rows.StartDateWardStay.asc(nulls_first=False), rows.MHS502UniqID]
    rows = rows.mutate(place=ibis.row_number().over(group_by=list(_SPELL), order_by=order), bed_class=rows.MHAdmittedPatientClass)
    return rows.filter(rows.place == 0).select(*_SPELL, "bed_class")


def _spells(work: Workbench) -> ir.Table:
    """Spell records of the twelve months: admitted in them to an acute or intensive care bed, not from another ward."""
    spells = in_months(work.t.MHS501HospProvSpell, work.month.window("12M"))
    spells = spells.filter(within(spells.StartDateHospProvSpell, work.month.window("12M")))
    spells = work.step(spells, "hospital spells that began in the twelve months")
    spells = spells.inner_join(_first_wards(work), list(_SPELL))
    spells = work.step(spells.filter(acute_bed(spells.bed_class, spells.UniqMonthID).notnull()), "first ward acute or intensive care")
    elsewhere = spells.SourceAdmMHHospProvSpell.notin(TRANSFERS)
    if not work.as_published("quirk:mhs106-null-source-dropped"):
        elsewhere = elsewhere.fill_null(True)
    spells = work.step(spells.filter(elsewhere), "not admitted from another mental health ward")
    return spells.select(*_REFERRAL, "UniqHospProvSpellID", "OrgIDProv", "StartDateHospProvSpell", spell_month="UniqMonthID")


def _referrals(work: Workbench) -> ir.Table:
    """Referral records of residents of England with the ethnicity and area that the record states."""
    people = work.t.MHS001MPI
    people = people.filter(lives_in_england(people)).select("RecordNumber", "NHSDEthnicity")
    referrals = work.t.MHS101Referral.select(*_REFERRAL).inner_join(people, "RecordNumber")
    joined = referrals.left_join(sub_icb_of_record(work), "RecordNumber").drop("RecordNumber_right")
    return joined.mutate(referral_record=joined.RecordNumber)


@prepared
def _admissions(work: Workbench, window: Window) -> ir.Table:
    """One row for each spell, with the attributes of its newest referral record."""
    spells = _spells(work)
    if work.as_published("quirk:mhs106-england-test-in-join"):
        rows = spells.left_join(_referrals(work), list(_REFERRAL))
    else:
        rows = spells.inner_join(_referrals(work), list(_REFERRAL))
        rows = work.step(rows, "resident in England")
    # A spell without a referral record that qualifies comes after those with one.
    order = [rows.referral_record.isnull(), rows.spell_month.desc(), rows.RecordNumber.desc(), rows.Person_ID]
    rows = rows.mutate(newest=ibis.row_number().over(group_by="UniqHospProvSpellID", order_by=order))
    rows = work.step(rows.filter(rows.newest == 0), "each spell once")
    rows = work.step(rows.filter(within(rows.StartDateHospProvSpell, window)), "spells that began in the window")
    missing = ("99", "-1") if work.as_published("quirk:mhs106-not-stated-not-white-british") else ("99", "-1", "Z")
    return rows.select(
        "Person_ID",
        "UniqHospProvSpellID",
        "StartDateHospProvSpell",
        provider=rows.OrgIDProv,
        ethnicity_group=upper_ethnicity(rows, BBRB_ETHNICITY),
        white_british=_white_british(rows.NHSDEthnicity, missing),
        sub_icb=_stated_or_unknown(rows.stated),
        icb=rows.icb.fill_null(UNKNOWN),
        region=rows.region.fill_null(UNKNOWN),
    )


def _stated_or_unknown(stated: ir.StringValue) -> ir.StringValue:
    """The stated code even when it is not a live one: so the nation publishes it for admissions alone."""
    return ibis.ifelse(stated.isnull() | stated.isin(NOT_A_CODE), UNKNOWN, stated)


def _white_british(code: ir.StringValue, missing: tuple[str, ...]) -> ir.StringValue:
    """Missing/invalid where the group is not known; as published a person who would not state it (Z) is counted as not White British."""
    return ibis.cases((code == "A", "White British"), (code.isnull() | code.isin(missing), "Missing/invalid"), else_="Non-white British")


def _contacts(work: Workbench) -> ir.Table:
    """Days on which a person had an attended direct contact or an indirect activity, at any provider."""
    contacts, indirect = work.t.MHS201CareContact, work.t.MHS204IndirectActivity
    contacts = contacts.filter(attended(contacts) & direct(contacts))
    keys = ("Person_ID", "UniqServReqID")
    rows = ibis.union(contacts.select(*keys, day="CareContDate"), indirect.select(*keys, day="IndirectActDate"))
    if not work.as_published("quirk:mhs107-inpatient-contacts-kept"):
        rows = rows.anti_join(work.t.MHS501HospProvSpell.select(*keys), list(keys))
    return rows.select("Person_ID", "day").distinct()


def _admissions_and_contacts(work: Workbench, window: Window) -> ir.Table:
    admissions, contacts = _admissions(work, window), _contacts(work)
    seen = admissions.select("Person_ID", "UniqHospProvSpellID", "StartDateHospProvSpell").inner_join(contacts, "Person_ID")
    seen = seen.filter(seen.StartDateHospProvSpell.delta(seen.day, unit="day").between(*DAYS_BEFORE))
    seen = seen.select(seen_spell=seen.UniqHospProvSpellID).distinct()
    rows = admissions.left_join(seen, admissions.UniqHospProvSpellID == seen.seen_spell)
    return rows.mutate(with_contact=rows.seen_spell.notnull().cast("int64"), without_contact=rows.seen_spell.isnull().cast("int64"))


ADMISSIONS = Cohort("acute admissions", _admissions_and_contacts)
_ALL = Counted(ADMISSIONS, distinct("UniqHospProvSpellID"))
_WITH, _WITHOUT = Counted(ADMISSIONS, total("with_contact")), Counted(ADMISSIONS, total("without_contact"))
_GROUPS = (*AREAS_BBRB, UPPER_ETHNICITY, WHITE_BRITISH)

FAMILY = Family(
    name="admissions-without-contact",
    title="Acute admissions without earlier contact",
    question="How many people are admitted in a crisis who had not been seen by any mental health service in the year before?",
    why="An admission with no contact before it is a chance to help that was missed; it shows who is not reached in time.",
    source="NHSDigital/mental-health-monthly-statistics, menh_bbrb 03_cmh (design page M16)",
    checked_against="the national code's own figures for an invented extract",
    publication=BBRB,
    quirks=(
        "quirk:mhs106-null-source-dropped",
        "quirk:mhs106-england-test-in-join",
        "quirk:mhs106-open-ward-first",
        "quirk:mhs106-not-stated-not-white-british",
        "quirk:mhs107-inpatient-contacts-kept",
    ),
    measures=(
        RecordMeasure("MHS106", "Acute admissions", _ALL, ("Q",), _GROUPS),
        RecordMeasure("MHS106a", "Acute admissions with a contact in the year before", _WITH, ("Q",), _GROUPS),
        RecordMeasure("MHS106b", "Acute admissions without a contact in the year before", _WITHOUT, ("Q",), _GROUPS),
        RecordMeasure("MHS107a", "Share of acute admissions with a contact in the year before", Ratio(_WITH, _ALL), ("Q",), _GROUPS),
        RecordMeasure("MHS107b", "Share of acute admissions without a contact in the year before", Ratio(_WITHOUT, _ALL), ("Q",), _GROUPS),
    ),
)

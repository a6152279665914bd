"""M18: people detained, on a community order or held for a short time under the Mental Health Act at the end of the month (menh_analysis).

Two ways of reading are put side by side. For England and the sub-ICBs what is known of a person is put together whoever submitted it;
for a provider only what that provider submitted counts.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.breakdowns import AREAS_DASH
from esteem.evidence.definitions.mhsds.publication import ANALYSIS
from esteem.evidence.definitions.mhsds.rules.act_categories import ASSESSMENT, GUARDIANSHIP, HOLDING, PLACE_OF_SAFETY, TREATMENT
from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_month, with_area
from esteem.evidence.definitions.mhsds.rules.demographics import people_of_month
from esteem.evidence.definitions.mhsds.rules.service_areas import (
    ADULT_ACUTE,
    SERVICES,
    kinds_of_adult_bed,
    open_ward_stays,
    services_of_referrals,
    services_of_wards,
)
from esteem.evidence.definitions.mhsds.rules.states import in_months, open_at, open_referrals
from esteem.evidence.record_model import Cohort, Counted, Family, RecordMeasure, distinct
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared

# The legal status codes that detain. Unlike category P (act_categories.COURT) the list has 37 and 38, and lacks 34.
DETAINING = (ASSESSMENT, TREATMENT, "07", "08", "09", "10", "12", "13", "14", "15", "16", "17", "18", "31", "32", "37", "38")
SHORT_TERM = (*HOLDING, *PLACE_OF_SAFETY)
DETAINED, COMMUNITY, HELD, GUARDED = "detained", "community", "held", "guardianship"
_REFERRAL = ("Person_ID", "OrgIDProv", "UniqServReqID", "RecordNumber")


@prepared
def _periods(work: Workbench) -> ir.Table:
    """Who is under which kind of power at the end of the month, by whose submission: Person_ID, OrgIDProv, kind."""
    month = work.month.window("M")
    acts = in_months(work.t.MHS401MHActPeriod, month)
    acts = acts.filter(open_at(acts.EndDateMHActLegalStatusClass, work.rp_end)).select(
        "Person_ID", "OrgIDProv", "RecordNumber", "UniqMHActEpisodeID", status=acts.LegalStatusCode
    )
    held = acts.filter(acts.status.isin(SHORT_TERM))
    others = acts.anti_join(held, "RecordNumber")
    orders = _orders_in_force(work)
    detained = others.filter(others.status.isin(DETAINING)).anti_join(orders, "RecordNumber")
    parts = {
        HELD: held,
        COMMUNITY: others.semi_join(orders, "UniqMHActEpisodeID"),
        DETAINED: detained,
        GUARDED: acts.filter(acts.status.isin(GUARDIANSHIP)),
    }
    return ibis.union(*(part.select("Person_ID", "OrgIDProv", kind=ibis.literal(kind)) for kind, part in parts.items()), distinct=True)


def _orders_in_force(work: Workbench) -> ir.Table:
    """Community treatment orders, recalls from them and conditional discharges that have not ended by the end of the month."""
    month = work.month.window("M")
    tables = (
        (work.t.MHS404CommTreatOrder, "EndDateCommTreatOrd"),
        (work.t.MHS405CommTreatOrderRecall, "EndDateCommTreatOrdRecall"),
        (work.t.MHS403ConditionalDischarge, "EndDateMHCondDisch"),
    )
    parts = []
    for table, ended in tables:
        rows = in_months(table, month)
        parts.append(rows.filter(open_at(rows[ended], work.rp_end)).select("RecordNumber", "UniqMHActEpisodeID"))
    return ibis.union(*parts)


@prepared
def _referrals(work: Workbench) -> ir.Table:
    """Open referrals with the services they belong to; `in_hospital` with an open spell, whose ward gives the columns ward_*."""
    rows = open_referrals(work).select(*_REFERRAL)
    rows = rows.left_join(services_of_referrals(work), "UniqServReqID").drop("UniqServReqID_right")
    spells = in_months(work.t.MHS501HospProvSpell, work.month.window("M"))
    spells = spells.filter(open_at(spells.DischDateHospProvSpell, work.rp_end))
    wards = open_ward_stays(work).select("UniqHospProvSpellID", "UniqWardStayID")
    wards = wards.inner_join(services_of_wards(work), "UniqWardStayID").select("UniqHospProvSpellID", *SERVICES)
    wards = wards.rename({f"ward_{service}": service for service in SERVICES})
    spells = spells.left_join(wards, "UniqHospProvSpellID").mutate(in_hospital=True)
    ward_columns = [f"ward_{service}" for service in SERVICES]
    rows = rows.left_join(spells.select("UniqServReqID", "in_hospital", *ward_columns).distinct(), "UniqServReqID")
    flags = ("in_hospital", *ward_columns)
    rows = rows.mutate(**{flag: rows[flag].fill_null(False) for flag in flags})
    return rows.select("Person_ID", "OrgIDProv", "RecordNumber", *SERVICES, *flags)


def _adult_acute_records(work: Workbench) -> ir.Table:
    """RecordNumber of records with an open stay in an adult acute bed."""
    kinds = kinds_of_adult_bed(work)
    stays = open_ward_stays(work).semi_join(kinds.filter(kinds.kind == ADULT_ACUTE), "UniqWardStayID")
    return stays.select("RecordNumber", in_adult_acute=True).distinct()


def _linked(work: Workbench, keys: list[str]) -> ir.Table:
    """Powers of people with an open referral, matched on `keys`; a detention needs a referral with an open hospital spell."""
    rows = _referrals(work).inner_join(_periods(work).select(*keys, "kind").distinct(), keys)
    rows = rows.filter((rows.kind != DETAINED) | rows.in_hospital).left_join(_adult_acute_records(work), "RecordNumber")
    detained = rows.kind == DETAINED
    mental_health, disability = rows.adult | rows.young, rows.learning_disability
    in_ward = rows.ward_adult | rows.ward_young
    return rows.mutate(
        mental_health=detained.ifelse(in_ward, mental_health),
        disability=detained.ifelse(rows.ward_learning_disability, disability),
        adult=(rows.adult if "OrgIDProv" in keys else rows.ward_adult),
        in_adult_acute=rows.in_adult_acute.fill_null(False),
    )


def _with_what_else(rows: ir.Table, keys: list[str]) -> ir.Table:
    """Adds whether the same person is also detained or held, in any service (also_*) or in one of a kind (also_*_mental_health)."""
    made = {}
    for kind in (DETAINED, HELD):
        for suffix, among in (("", True), ("_mental_health", rows.mental_health), ("_disability", rows.disability)):
            made[f"also_{kind}{suffix}"] = ((rows.kind == kind) & among).any().over(group_by=keys)
    return rows.mutate(**made)


_FLAGS = ("mental_health", "disability", "adult", "in_adult_acute")
_ALSO = tuple(f"also_{kind}{suffix}" for kind in (DETAINED, HELD) for suffix in ("", "_mental_health", "_disability"))
_PUT_TOGETHER = ("Person_ID", "kind", "age", *_FLAGS, *_ALSO, "england", "provider", "sub_icb")


@prepared
def _of_persons(work: Workbench) -> ir.Table:
    """England and sub-ICBs. Guardianship counts in England without a master row of the month; the other powers need one."""
    people = people_of_month(work).select("Person_ID", age="AgeRepPeriodEnd")
    people = with_area(people, sub_icb_of_month(work))
    rows = _linked(work, ["Person_ID"]).left_join(people, "Person_ID")
    rows = rows.filter(rows.Person_ID_right.notnull() | (rows.kind == GUARDED))
    rows = _with_what_else(rows, ["Person_ID"])
    return rows.mutate(england=ibis.literal("England"), provider=ibis.null("string")).select(*_PUT_TOGETHER).distinct()


@prepared
def _of_providers(work: Workbench) -> ir.Table:
    """Providers. The age is that of the provider's own row of the month, which all powers but guardianship need."""
    keys = ["Person_ID", "OrgIDProv"]
    people = in_months(work.t.MHS001MPI, work.month.window("M")).select(*keys, age="AgeRepPeriodEnd").distinct()
    rows = _linked(work, keys).left_join(people, keys)
    rows = rows.filter(rows.Person_ID_right.notnull() | (rows.kind == GUARDED))
    rows = _with_what_else(rows, keys)
    absent = {"england": ibis.null("string"), "sub_icb": ibis.null("string")}
    return rows.mutate(provider=rows.OrgIDProv, **absent).select(*_PUT_TOGETHER).distinct()


def _under_the_act(work: Workbench, window: Window) -> ir.Table:
    rows = ibis.union(_of_persons(work), _of_providers(work))
    return work.step(rows, "people with an open referral under a power of the Act at the end of the month, by England and by provider")


_PEOPLE = Cohort("people under the Mental Health Act at the end of the month", _under_the_act)


def _people(where=None) -> Counted:
    return Counted(_PEOPLE, distinct("Person_ID"), where)


def _measure(name: str, title: str, where=None) -> RecordMeasure:
    return RecordMeasure(name, f"{title} at the end of the month", _people(where), ("M",), AREAS_DASH)


_child = _.age <= 17
_detained = _.kind == DETAINED
# A person counts once, under the strongest power: detained before held, held before a community order.
_community = (_.kind == COMMUNITY) & ~_.also_detained & ~_.also_held
_community_mental_health = (_.kind == COMMUNITY) & _.mental_health & ~_.also_detained_mental_health & ~_.also_held_mental_health
_community_disability = (_.kind == COMMUNITY) & _.disability & ~_.also_detained_disability & ~_.also_held_disability
_held = (_.kind == HELD) & ~_.also_detained

FAMILY = Family(
    name="under-the-act",
    title="People under the Mental Health Act at the end of the month",
    question="How many people are detained, held or on a community order under the Mental Health Act at the end of the month?",
    why="The count of people who are not free to leave or to refuse, month by month, shows whether the Act is used less.",
    source="NHSDigital/mental-health-monthly-statistics, menh_analysis 1.Main_monthly (design page M18)",
    checked_against="the national code's own figures for an invented extract",
    publication=ANALYSIS,
    quirks=("quirk:sub-icb-month-no-fallback",),
    counterparts={"MHS08": "people-subject-to-act-month-end", "MHS09": "people-detained-month-end"},
    measures=(
        _measure("MHS08", "People under the Act"),
        _measure("MHS08a", "People aged 0 to 17 under the Act", _child),
        _measure("MH08", "People under the Act in mental health services", "mental_health"),
        _measure("MH08a", "People aged 0 to 17 under the Act in mental health services", _.mental_health & _child),
        _measure("LDA08", "People under the Act in learning disability and autism services", "disability"),
        _measure("MHS09", "People detained in hospital", _detained),
        _measure("MH09", "People detained in hospital in mental health services", _detained & _.mental_health),
        _measure("MH09a", "People aged 0 to 17 detained in mental health services", _detained & _.mental_health & _child),
        _measure("MH09b", "People aged 18 to 64 detained in mental health services", _detained & _.mental_health & _.age.between(18, 64)),
        _measure("MH09c", "People aged 65 and over detained in mental health services", _detained & _.mental_health & (_.age >= 65)),
        _measure("AMH09a", "People detained in adult acute mental health care", _detained & _.adult & _.in_adult_acute),
        _measure("LDA09", "People detained in learning disability and autism services", _detained & _.disability),
        _measure("MHS10", "People on a community treatment order or conditionally discharged", _community),
        _measure("MH10", "People on a community order in mental health services", _community_mental_health),
        _measure("MH10a", "People aged 0 to 17 on a community order in mental health services", _community_mental_health & _child),
        _measure("LDA10", "People on a community order in learning disability and autism services", _community_disability),
        _measure("MHS11", "People under a short-term order", _held),
        _measure("MHS11a", "People aged 0 to 17 under a short-term order", _held & _child),
        _measure("MH11", "People under a short-term order in mental health services", _held & _.mental_health),
        _measure(
            "LDA11",
            "People under a short-term order in learning disability and autism services",
            (_.kind == HELD) & _.disability & ~_.also_detained_disability,
        ),
    ),
)

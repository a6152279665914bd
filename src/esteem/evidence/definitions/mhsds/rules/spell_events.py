"""What happened in a referral spell of M14: contacts, first scores of outcome tools, care plans, interventions and assessments."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from esteem.evidence.definitions.mhsds.rules.coded_care import ASSESSMENT, INTERVENTION, coded_concepts, main_concept, outcome_concepts
from esteem.evidence.definitions.mhsds.rules.contacts import attended, direct
from esteem.evidence.definitions.mhsds.rules.referral_spells import Pathway, referral_spells, referrals_in_scope
from esteem.evidence.records.workbench import Workbench, prepared

CONTACT, OUTCOME, HELP = "contact", "outcome", "help"  # help: a care plan or an intervention; ASSESSMENT is the fourth kind
SECOND = 1  # place of the second contact when the first has place 0

_RECORD = ["RecordNumber", "UniqServReqID"]
_EVENT = ("Person_ID", "OrgIDProv", "kind", "day", "begun")


@prepared
def spells_with_events(work: Workbench, pathway: Pathway) -> ir.Table:
    """referral_spells with the first day of each kind of event, `second_contact`, and nulls for what has not happened."""
    spells = referral_spells(work, pathway)
    events = spells.select("spell_id", "Person_ID", "OrgIDProv", "start", "end")
    events = events.inner_join(_events(work, pathway), ["Person_ID", "OrgIDProv"])
    events = events.filter(events.day.between(events.start, events.end))
    begun_inside = (events.begun >= events.start) & (events.begun <= events.day)
    events = events.mutate(happened=ibis.ifelse(begun_inside, events.begun, events.day))
    kinds = {"first_contact": CONTACT, "first_outcome": OUTCOME, "first_help": HELP, "first_assessment": ASSESSMENT}
    firsts = events.group_by("spell_id").aggregate(**{name: events.happened.min(where=events.kind == kind) for name, kind in kinds.items()})
    contacts = events.filter(events.kind == CONTACT)
    place = ibis.row_number().over(group_by="spell_id", order_by=contacts.day)
    contacts = contacts.mutate(place=place)
    seconds = contacts.filter(contacts.place == SECOND).select("spell_id", second_contact="day")
    rows = spells.left_join(firsts, "spell_id").drop("spell_id_right").left_join(seconds, "spell_id")
    return rows.drop("spell_id_right")


@prepared
def _events(work: Workbench, pathway: Pathway) -> ir.Table:
    """Person_ID, OrgIDProv, kind, day; `begun`: for a care plan the day of its creation, which counts when it lies in the spell."""
    parts = [*_contacts(work, pathway), *_outcomes(work, pathway), _care_plans(work), *_coded(work, pathway)]
    return ibis.union(*parts)


def _event(rows: ir.Table, kind: str | ir.StringValue, day: ir.DateValue, begun: ir.DateValue | None = None) -> ir.Table:
    """Rows as events."""
    made = {"kind": ibis.literal(kind) if isinstance(kind, str) else kind, "day": day}
    return rows.mutate(**made, begun=ibis.null("date") if begun is None else begun).select(*_EVENT)


def _contacts(work: Workbench, pathway: Pathway) -> list[ir.Table]:
    """Attended direct contacts on records in scope, as published once for each team of the record."""
    scope = referrals_in_scope(work, pathway).select(*_RECORD)
    if not work.as_published("quirk:mrs-contact-repeated-per-team"):
        scope = scope.distinct()
    contacts = work.t.MHS201CareContact
    contacts = contacts.filter(attended(contacts) & direct(contacts)).select("Person_ID", "OrgIDProv", *_RECORD, "CareContDate")
    contacts = contacts.inner_join(scope, _RECORD)
    found = [_event(contacts, CONTACT, contacts.CareContDate)]
    if pathway.indirect_contacts and work.as_published("quirk:mrs-cyp-indirect-as-contact"):
        indirect = work.t.MHS204IndirectActivity.semi_join(scope, _RECORD)
        found.append(_event(indirect, CONTACT, indirect.IndirectActDate))
    return found


def _outcomes(work: Workbench, pathway: Pathway) -> list[ir.Table]:
    """Scores of a known tool: on a referral, on a contact, or in a cluster assessment (no longer sent in version 6)."""
    scope, known = referrals_in_scope(work, pathway).select(*_RECORD), list(outcome_concepts())
    of_referral = work.t.MHS606CodedScoreAssessmentRefer
    of_referral = of_referral.filter(of_referral.CodedAssToolType.isin(known)).semi_join(scope, _RECORD)
    scores = work.t.MHS607CodedScoreAssessmentAct
    of_contact = work.t.MHS201CareContact.semi_join(scope, _RECORD)
    of_contact = of_contact.semi_join(scores.filter(scores.CodedAssToolType.isin(known)), ["RecordNumber", "UniqCareContID"])
    scores, clusters = work.t.MHS802ClusterAssess, work.t.MHS801ClusterTool
    clusters = clusters.semi_join(scores.filter(scores.CodedAssToolType.isin(known)), ["RecordNumber", "UniqClustID"])
    return [
        _event(of_referral, OUTCOME, of_referral.AssToolCompTimestamp.date()),
        _event(of_contact, OUTCOME, of_contact.CareContDate),
        _event(clusters, OUTCOME, clusters.AssToolCompDate),
    ]


def _care_plans(work: Workbench) -> ir.Table:
    """Agreed care plans, on the day of their last update."""
    plans = work.t.MHS008CarePlanType.semi_join(work.t.MHS009CarePlanAgreement, ["RecordNumber", "UniqCarePlanID"])
    updated = plans.CarePlanLastUpdateDate
    if not work.as_published("quirk:mrs-care-plan-null-update"):
        updated = ibis.coalesce(updated, plans.CarePlanCreatDate)
    return _event(plans, HELP, updated, plans.CarePlanCreatDate)


def _coded(work: Workbench, pathway: Pathway) -> list[ir.Table]:
    """Interventions and assessments of the reference sets, on a contact or as an indirect activity."""
    scope = referrals_in_scope(work, pathway).select(*_RECORD)
    contacts = work.t.MHS201CareContact
    if not work.as_published("quirk:mrs-coded-dna-counts"):
        contacts = contacts.filter(attended(contacts))
    contacts = contacts.select("Person_ID", "OrgIDProv", "RecordNumber", "UniqCareContID", happened="CareContDate")
    activities = work.t.MHS202CareActivity.select(*_RECORD, "UniqCareContID", procedure="Procedure").semi_join(scope, _RECORD)
    direct_care = activities.inner_join(contacts, ["RecordNumber", "UniqCareContID"])
    indirect = work.t.MHS204IndirectActivity.semi_join(scope, _RECORD)
    indirect = indirect.select("Person_ID", "OrgIDProv", procedure="IndActProcedure", happened="IndirectActDate")
    return [_of_reference_sets(work, pathway, rows) for rows in (direct_care, indirect)]


def _of_reference_sets(work: Workbench, pathway: Pathway, rows: ir.Table) -> ir.Table:
    """Rows of Person_ID, OrgIDProv, procedure and happened whose procedure counts for the pathway, as events."""
    concepts = coded_concepts(work)
    left_out = pathway.left_out if work.as_published("quirk:mrs-codes-left-out-cmh-only") else NO_HELP
    concepts = concepts.filter(concepts.concept.notin(left_out)) if left_out else concepts
    helps = concepts.kind == INTERVENTION
    if pathway.assessments_that_help is not None:
        concepts = concepts.filter(helps | concepts.concept.isin(pathway.assessments_that_help)).mutate(counts_as=ibis.literal(HELP))
    else:
        concepts = concepts.mutate(counts_as=ibis.ifelse(helps, HELP, ASSESSMENT))
    rows = rows.mutate(concept=main_concept(rows.procedure)).select("Person_ID", "OrgIDProv", "happened", "concept")
    rows = rows.inner_join(concepts, "concept").filter(_.happened.between(_.first_day, _.last_day))
    return _event(rows, rows.counts_as, rows.happened)


NO_HELP = ("11429006", "975131000000104", "2386021000000108")  # consultation, signposting, discussion about the person with a professional

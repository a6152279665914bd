"""What happened in a referral spell of M14: contacts, first scores of outcome tools, care plans, interventions and assessments."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.coded_care import ASSESSMENT, INTERVENTION, coded_care, outcome_scores
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
    parts = [*_contacts(work, pathway), *_outcomes(work, pathway), _care_plans(work), _coded(work, pathway)]
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
    """Scores of known tools on referrals in scope, and cluster assessments, which name no referral."""
    scores = outcome_scores(work)
    clusters = scores.filter(scores.UniqServReqID.isnull())
    scores = scores.semi_join(referrals_in_scope(work, pathway), _RECORD)
    return [_event(rows, OUTCOME, rows.day) for rows in (scores, clusters)]


def _care_plans(work: Workbench) -> ir.Table:
    """Agreed care plans, on the day of their last update."""
    plans = work.t.MHS008CarePlanType.semi_join(work.t.MHS009CarePlanAgreement, ["RecordNumber", "UniqCarePlanID"])
    updated = plans.CarePlanLastUpdateDate
    if not work.as_published("quirk:mrs-care-plan-null-update"):
        updated = ibis.coalesce(updated, plans.CarePlanCreatDate)
    return _event(plans, HELP, updated, plans.CarePlanCreatDate)


def _coded(work: Workbench, pathway: Pathway) -> ir.Table:
    """Interventions and assessments of the reference sets on records in scope."""
    care = coded_care(work).semi_join(referrals_in_scope(work, pathway), _RECORD)
    left_out = pathway.left_out if work.as_published("quirk:mrs-codes-left-out-cmh-only") else NO_HELP
    care = care.filter(care.concept.notin(left_out)) if left_out else care
    helps = care.kind == INTERVENTION
    if pathway.assessments_that_help is None:
        return _event(care, ibis.ifelse(helps, HELP, ASSESSMENT), care.day)
    care = care.filter(helps | care.concept.isin(pathway.assessments_that_help))
    return _event(care, HELP, care.day)


NO_HELP = ("11429006", "975131000000104", "2386021000000108")  # consultation, signposting, discussion about the person with a professional

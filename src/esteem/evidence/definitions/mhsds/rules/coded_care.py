"""What was done, as SNOMED CT codes: scored assessment tools, interventions and assessments of the national reference sets."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.contacts import attended
from esteem.evidence.records.workbench import Workbench, prepared

# Reference sets of the data set, by what their members are.
ASSESSMENT, INTERVENTION = "assessment", "intervention"
REFERENCE_SETS = {
    "1853441000000109": ASSESSMENT,
    "1853461000000105": INTERVENTION,  # psychological therapies
    "1853481000000101": INTERVENTION,  # psychosocial interventions
    "1853451000000107": INTERVENTION,  # medication and physical therapies
}
CURRENT_VIEW = "Current View"


@cache
def assessment_tools() -> dict[str, tuple[str, ...]]:
    """Name of the tool -> concepts under which its scores are sent."""
    raw = tomllib.loads(Path(__file__).parents[1].joinpath("assessment_tools.toml").read_text(encoding="utf-8"))
    return {name: tuple(concepts) for name, concepts in raw.items()}


@cache
def outcome_concepts() -> tuple[str, ...]:
    """Concepts of every tool but Current View, which describes a person and measures no outcome."""
    return tuple(concept for name, concepts in assessment_tools().items() if name != CURRENT_VIEW for concept in concepts)


@prepared
def coded_concepts(work: Workbench) -> ir.Table:
    """Members of REFERENCE_SETS: concept, kind (ASSESSMENT or INTERVENTION), first_day, last_day.

    A membership begins with the concept and ends when a later row of a reference set names the concept again, else with the month.
    """
    concepts = work.require("SNOMED_SCT2_CONCEPT_FULL")
    begun = concepts.group_by(concept=concepts.ID).aggregate(first_day=concepts.EFFECTIVETIME.min())
    rows = work.require("SNOMED_SCT2_REFSET_FULL")
    rows = rows.filter(rows.REFSETID.isin(list(REFERENCE_SETS)))
    rows = rows.select(concept="REFERENCEDCOMPONENTID", reference_set="REFSETID", day="EFFECTIVETIME", active="ACTIVE").distinct()
    later = rows.day.lead().over(group_by="concept", order_by=[rows.day, rows.reference_set, rows.active])
    rows = rows.mutate(ends=ibis.coalesce(later, ibis.literal(work.rp_end)))
    members = rows.filter(rows.active == 1).group_by("concept", "reference_set").aggregate(last_day=lambda t: t.ends.max())
    members = members.inner_join(begun, "concept")
    kind = ibis.cases(*((members.reference_set == code, kind) for code, kind in REFERENCE_SETS.items()), else_=None)
    return members.mutate(kind=kind).select("concept", "kind", "first_day", "last_day")


_RECORD = ("RecordNumber", "UniqServReqID")
_WHO = ("Person_ID", "OrgIDProv")


@prepared
def coded_care(work: Workbench) -> ir.Table:
    """What was coded on contacts and indirect activities and is a member of REFERENCE_SETS on the day: keys of the record, concept, kind,
    day. As published a code on a contact that did not take place is care."""
    contacts = work.t.MHS201CareContact
    if not work.as_published("quirk:mrs-coded-dna-counts"):
        contacts = contacts.filter(attended(contacts))
    contacts = contacts.select(*_WHO, "RecordNumber", "UniqCareContID", day="CareContDate")
    activities = work.t.MHS202CareActivity.select(*_RECORD, "UniqCareContID", procedure="Procedure")
    on_contacts = activities.inner_join(contacts, ["RecordNumber", "UniqCareContID"])
    alone = work.t.MHS204IndirectActivity.select(*_WHO, *_RECORD, procedure="IndActProcedure", day="IndirectActDate")
    columns = (*_WHO, *_RECORD, "procedure", "day")
    rows = ibis.union(on_contacts.select(*columns), alone.select(*columns))
    rows = rows.mutate(concept=main_concept(rows.procedure)).drop("procedure")
    rows = rows.inner_join(coded_concepts(work), "concept")
    return rows.filter(rows.day.between(rows.first_day, rows.last_day)).select(*_WHO, *_RECORD, "concept", "kind", "day")


@prepared
def outcome_scores(work: Workbench) -> ir.Table:
    """Scores of a known tool: keys of the record and day. A cluster assessment (none in version 6) names no referral."""
    on_referrals = work.t.MHS606CodedScoreAssessmentRefer
    on_referrals = on_referrals.mutate(day=on_referrals.AssToolCompTimestamp.date(), tool=on_referrals.CodedAssToolType)
    contacts = work.t.MHS201CareContact.select(*_WHO, *_RECORD, "UniqCareContID", day="CareContDate")
    scores = work.t.MHS607CodedScoreAssessmentAct.select("RecordNumber", "UniqCareContID", tool="CodedAssToolType")
    on_contacts = contacts.inner_join(scores, ["RecordNumber", "UniqCareContID"])
    clusters = work.t.MHS801ClusterTool.select(*_WHO, "RecordNumber", "UniqClustID", day="AssToolCompDate")
    scores = work.t.MHS802ClusterAssess.select("RecordNumber", "UniqClustID", tool="CodedAssToolType")
    clusters = clusters.inner_join(scores, ["RecordNumber", "UniqClustID"]).mutate(UniqServReqID=ibis.null("string"))
    columns = (*_WHO, *_RECORD, "day")
    rows = ibis.union(*(part.select(*columns, "tool") for part in (on_referrals, on_contacts, clusters)))
    return rows.filter(rows.tool.isin(outcome_concepts())).select(*columns).distinct()


def main_concept(procedure: ir.StringValue) -> ir.StringValue:
    """The procedure itself, without the qualifiers after a colon."""
    colon = procedure.find(":")
    return ibis.ifelse(colon > 0, procedure.substr(0, colon), procedure)

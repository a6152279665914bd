"""The places that loaded records name: who sent them, and where the people in them belong."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.records.workbench import Workbench

_PROVIDERS = ("MHS001MPI", "MHS101Referral", "MHS501HospProvSpell")


def _of_services(work: Workbench) -> dict[str, ir.Table]:
    t = work.t
    people, practices = t.MHS001MPI, t.MHS002GP
    senders = ibis.union(*(getattr(t, name).select(code="OrgIDProv") for name in _PROVIDERS), distinct=True)
    stated = ibis.union(people.select(code="OrgIDSubICBLocResidence"), practices.select(code="OrgIDSubICBLocGP"), distinct=True)
    councils = people.select(code="LADistrictAuth").distinct()
    return {"provider": senders, "sub_icb": _live(work, stated), "local_authority": councils}


def _of_therapies(work: Workbench) -> dict[str, ir.Table]:
    rows = work.t.IDS101referral
    stated = rows.select(code="OrgIDComm").distinct()
    return {"provider": rows.select(code="OrgID_Provider").distinct(), "sub_icb": _live(work, stated)}


def _live(work: Workbench, stated: ir.Table) -> ir.Table:
    live = work.t.ODSAPIRoleDetails
    return stated.semi_join(live.filter(live.RoleId == "RO319").select(code="OrganisationID").distinct(), "code")


def places_named(work: Workbench) -> dict[str, dict[str, str]]:
    """Column -> code -> name ("" where none is known), of rows up to the reporting month. Areas are those that the records state."""
    t, run = work.t, work.extract.engine.run
    found = _of_therapies(work) if "IDS101referral" in work.extract.schema.records else _of_services(work)
    codes = {column: [row["code"] for row in run(table).to_pylist() if row["code"]] for column, table in found.items()}
    links = t.ORG_RELATIONSHIP_DAILY.select("REL_TYPE_CODE", "REL_FROM_ORG_CODE", "REL_TO_ORG_CODE").distinct()
    above = [(row["REL_TYPE_CODE"], row["REL_FROM_ORG_CODE"], row["REL_TO_ORG_CODE"]) for row in run(links).to_pylist()]
    codes["icb"] = sorted({to for kind, start, to in above if kind == "CCST" and start in codes["sub_icb"]})
    codes["region"] = sorted({to for kind, start, to in above if kind == "STCE" and start in codes["icb"]})
    names = {row["ORG_CODE"]: row["NAME"] or "" for row in run(t.ORG_DAILY.select("ORG_CODE", "NAME").distinct()).to_pylist()}
    return {column: {code: names.get(code, "") for code in sorted(held)} for column, held in codes.items()}

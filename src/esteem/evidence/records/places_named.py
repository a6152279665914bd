"""The places that loaded records name: who sent them, and where the people in them belong."""

from __future__ import annotations

import ibis

from esteem.evidence.records.workbench import Workbench

_PROVIDERS = ("MHS001MPI", "MHS101Referral", "MHS501HospProvSpell")


def places_named(work: Workbench) -> dict[str, dict[str, str]]:
    """Column -> code -> name ("" where none is known), of rows up to the reporting month. Areas are those that the records state."""
    t, run = work.t, work.extract.engine.run
    people, practices = t.MHS001MPI, t.MHS002GP
    senders = ibis.union(*(getattr(t, name).select(code="OrgIDProv") for name in _PROVIDERS), distinct=True)
    stated = ibis.union(people.select(code="OrgIDSubICBLocResidence"), practices.select(code="OrgIDSubICBLocGP"), distinct=True)
    live = t.ODSAPIRoleDetails
    live = live.filter(live.RoleId == "RO319").select(code="OrganisationID").distinct()
    found = {
        "provider": senders,
        "sub_icb": stated.semi_join(live, "code"),
        "local_authority": people.select(code="LADistrictAuth").distinct(),
    }
    codes = {column: [row["code"] for row in run(table).to_pylist() if row["code"]] for column, table in found.items()}
    links = t.ORG_RELATIONSHIP_DAILY.select("REL_TYPE_CODE", "REL_FROM_ORG_CODE", "REL_TO_ORG_CODE").distinct()
    above = [(row["REL_TYPE_CODE"], row["REL_FROM_ORG_CODE"], row["REL_TO_ORG_CODE"]) for row in run(links).to_pylist()]
    codes["icb"] = sorted({to for kind, start, to in above if kind == "CCST" and start in codes["sub_icb"]})
    codes["region"] = sorted({to for kind, start, to in above if kind == "STCE" and start in codes["icb"]})
    names = {row["ORG_CODE"]: row["NAME"] or "" for row in run(t.ORG_DAILY.select("ORG_CODE", "NAME").distinct()).to_pylist()}
    return {column: {code: names.get(code, "") for code in sorted(held)} for column, held in codes.items()}

"""Referrals received in a period, as the national counts of the quarter take them (EIP32, ED32, MHS32 of menh_publications)."""

from __future__ import annotations

import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.areas import sub_icb_of_window, with_area
from esteem.evidence.definitions.mhsds.rules.states import live_referrals, within
from esteem.evidence.records.reporting import Window
from esteem.evidence.records.workbench import Workbench, prepared


@prepared
def received_referrals(work: Workbench, window: Window) -> ir.Table:
    """Referrals received in the window that are open at its end or closed by then (R2), one row each, with provider and area.

    A referral still open when it was last sent, but not sent in the last month, is neither.
    """
    referrals = live_referrals(work)
    referrals = referrals.filter(within(referrals.ReferralRequestReceivedDate, window) & (referrals.is_open | referrals.is_closed))
    referrals = referrals.select("Person_ID", "UniqServReqID", "PrimReasonReferralMH", "AgeServReferRecDate", provider="OrgIDProv")
    return with_area(work.step(referrals, "referrals received in the period"), sub_icb_of_window(work, window))

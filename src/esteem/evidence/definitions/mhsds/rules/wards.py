"""Kinds of bed by the class of the ward stay; version 6 (April 2024) renumbered them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.contacts import CodeSet
from esteem.evidence.definitions.mhsds.rules.teams import FIRST_MONTH_V6

_BEFORE = FIRST_MONTH_V6 - 1
_ACUTE_BEDS = {
    "Adult Acute": (CodeSet(("200",), FIRST_MONTH_V6), CodeSet(("10",), None, _BEFORE)),
    "Older Adult Acute": (CodeSet(("201",), FIRST_MONTH_V6), CodeSet(("11",), None, _BEFORE)),
    "PICU": (CodeSet(("202",), FIRST_MONTH_V6), CodeSet(("12",), None, _BEFORE)),
}


def acute_bed(bed_class: ir.StringValue, month: ir.IntegerValue) -> ir.StringValue:
    """Adult Acute, Older Adult Acute or PICU (psychiatric intensive care) by the class in a month; null for any other bed."""
    branches = [(now.holds(bed_class, month) | before.holds(bed_class, month), name) for name, (now, before) in _ACUTE_BEDS.items()]
    return ibis.cases(*branches, else_=None)

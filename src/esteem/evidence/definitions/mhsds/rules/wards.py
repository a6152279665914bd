"""Kinds of bed by the class of the ward stay; version 6 (April 2024) renumbered them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN
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


# The groups in which admissions are published (MHS27a); acute groups hold the intensive care beds of adults.
_BED_GROUPS = {
    "Adult Acute": (("200", "202"), ("10",)),
    "Older Adult Acute": (("201",), ("11",)),
    "Adult Specialist": (("203", "204", "205", "206", "207", "208", "209", "212", "213"), tuple(str(code) for code in range(12, 23))),
    "CYP Acute": (("300", "301"), ("23", "24")),
    "CYP Specialist": (tuple(str(code) for code in range(302, 312)), tuple(str(code) for code in range(25, 35))),
}


def bed_group(bed_class: ir.StringValue, month: ir.IntegerValue) -> ir.StringValue:
    """The published group of a bed class in a month; UNKNOWN for none or any other."""
    branches = [
        (CodeSet(now, FIRST_MONTH_V6).holds(bed_class, month) | CodeSet(before, None, _BEFORE).holds(bed_class, month), name)
        for name, (now, before) in _BED_GROUPS.items()
    ]
    return ibis.cases(*branches, else_=UNKNOWN)

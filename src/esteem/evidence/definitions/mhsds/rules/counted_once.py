"""R8: in access counts a person counts once in each geography, at the first contact there."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

GEOGRAPHIES = ("england", "provider", "sub_icb", "icb", "region")


def first_in_each(contacts: ir.Table, person: str, order: tuple[str, ...], geographies: tuple[str, ...] = GEOGRAPHIES) -> ir.Table:
    """Adds `counts_in_<geography>`: True on the first row, by the columns of `order`, of each person in each area of the geography."""

    def is_first(geography: str) -> ir.BooleanValue:
        within = [person] if geography == "england" else [person, geography]
        return ibis.row_number().over(group_by=within, order_by=list(order)) == 0

    return contacts.mutate(**{f"counts_in_{geography}": is_first(geography) for geography in geographies})

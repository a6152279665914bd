"""Organisations and periods of the annual NHS Talking Therapies files, as small tables for their SQL."""

from __future__ import annotations

import pyarrow as pa

from esteem.evidence.sources.contract import RawFile, Rejected, Tidy
from esteem.evidence.sources.parquet_tables import REMEDY, financial_years, table_of
from esteem.evidence.sources.provider_places import provider
from esteem.terms.places import ENGLAND, is_england

ORGANISATION_TYPES = ("England", "Commissioning Region", "ICB", "STP", "CCG", "SubICB", "Provider")


def register_periods(engine, raw: RawFile) -> None:
    """Table `periods`: `year` numbers the reporting periods; `starts` and `ends` are their first and last day."""
    found = financial_years(engine, raw)
    years = list(found.values())
    columns = {
        "year": list(range(len(years))),
        "reporting_period": list(found),
        "starts": [period.start for period in years],
        "ends": [period.end for period in years],
    }
    engine.register("periods", table_of(columns, year=pa.uint8(), starts=pa.date32(), ends=pa.date32()))


def register_organisations(engine, canonical, out: Tidy) -> None:
    """Table `organisations`: the place of each (org_type, org_code), or the reason why it is left out; providers come with their names.

    `organisation` numbers the rows, `place_number` the places: several codes of one place have the same.
    """
    columns = {name: [] for name in ("organisation", "org_type", "org_code", "place", "place_number", "reason")}
    places: dict[str, int] = {}
    named = "select org_type, org_code, arg_max(org_name, reporting_period), min(file_row) from published group by all order by all"
    for number, (kind, code, name, first) in enumerate(engine.execute(named).fetchall()):
        reason = None
        if kind not in ORGANISATION_TYPES:
            reason = "a kind of organisation that Esteem does not know"
            rule = f"The kind of organisation is one of {', '.join(ORGANISATION_TYPES)}."
            out.rejected.append(Rejected(f"row {first}", "org_type", rule, f"{kind} {code}", REMEDY))
        elif code.strip().upper() in ("UNKNOWN", "NULL", ""):
            reason = "area not known to the publisher (code UNKNOWN)"
        place = ENGLAND if is_england(code) else canonical(code)
        if kind == "Provider" and reason is None:
            out.places.append(provider(place, name))
        items = (number, kind, code, place, places.setdefault(place, len(places)), reason)
        for column, item in zip(columns, items, strict=True):
            columns[column].append(item)
    engine.register("organisations", table_of(columns, organisation=pa.uint16(), place_number=pa.uint16()))

"""The directory as files for others: CSV, Parquet, one JSON object a line, or one JSON file in the form of Open Referral UK.

Only what residents may see goes out, as in the open feed: no draft, no hidden entry, no owner's address. Places nobody here has confirmed
go out on request, with their layer in a column.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from esteem.directory.needs import scheme
from esteem.directory.openreferral import as_service
from esteem.directory.record import Service
from esteem.terms.problems import Problem

FORMATS = ("csv", "parquet", "ndjson", "json")
_ATTRIBUTION = "Human Services Data Specification UK: an Open Referral UK resource (https://openreferraluk.org/)"


def export(services: Iterable[Service], path: Path, *, form: str = "", on: date) -> int:
    """Write services to `path` in `form` (by default its ending); gives how many. The file appears whole or not at all."""
    form = form or path.suffix.lower().lstrip(".")
    if form not in FORMATS:
        raise Problem("format-unknown", f"An export is one of {', '.join(FORMATS)}.", form or path.name, "Choose one with --format.")
    part = path.with_name(path.name + ".part")
    services = list(services)
    writer = {"csv": _csv, "parquet": _parquet, "ndjson": _ndjson, "json": _json}[form]
    try:
        writer(services, part, on)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return len(services)


def as_row(service: Service) -> dict[str, object]:
    """One service as one row: the columns of the CSV and Parquet dumps. Several values stand with semicolons between."""
    place = next((at.location for at in service.locations), None)
    found = place if place and not place.confidential else None  # the store keeps no address of a refuge; should one come another way
    address = found.address if found else None
    who = service.eligibility
    return {
        "id": service.id,
        "name": service.name,
        "organisation": service.organization.name,
        "description": service.description,
        "needs": _joined(service.needs),
        "website": service.url,
        "email": service.email,
        "phones": _joined(p.number for p in service.phones),
        "channels": _joined(service.channels),
        "minimum_age": who.minimum_age,
        "maximum_age": who.maximum_age,
        "for_whom": _joined(who.genders) or ("everyone" if who.genders_said else ""),
        "routes": _joined(who.routes),
        "free": service.free,
        "languages": _joined(x.code or x.name for x in service.languages),
        "areas": _joined(code for area in service.coverage for code in area.areas),
        "hours": _joined(s.description for s in service.schedules),
        "place": place.name if place else "",
        "address": address.address_1 if address else "",
        "town": address.city if address else "",
        "postcode": address.postal_code if address else "",
        "latitude": found.latitude if found else None,
        "longitude": found.longitude if found else None,
        "places": len(service.locations),
        "state": service.state,
        "layer": service.layer,
        "assured_on": service.assurance.assured_on,
        "assured_by": service.assurance.by,
        "last_modified": service.last_modified,
        "invented": service.invented,
        "sources": _joined(dict.fromkeys(p.source for p in service.provenance)),
        "licences": _joined(dict.fromkeys(p.licence for p in service.provenance if p.licence)),
        "attributions": _joined(dict.fromkeys(p.attribution for p in service.provenance if p.attribution)),
    }


def _joined(values: Iterable[str]) -> str:
    return "; ".join(v for v in values if v)


def _csv(services: list[Service], path: Path, on: date) -> None:
    rows = [as_row(s) for s in services]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, _columns())
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: object) -> object:
    """A spreadsheet runs a cell that begins with one of these as a formula: such text gets an apostrophe in front."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _columns() -> list[str]:
    return [f.name for f in _SCHEMA]


_SCHEMA = pa.schema(
    [
        *((n, pa.string()) for n in ("id", "name", "organisation", "description", "needs", "website", "email", "phones", "channels")),
        *((n, pa.int32()) for n in ("minimum_age", "maximum_age")),
        *((n, pa.string()) for n in ("for_whom", "routes")),
        ("free", pa.bool_()),
        *((n, pa.string()) for n in ("languages", "areas", "hours", "place", "address", "town", "postcode")),
        *((n, pa.float64()) for n in ("latitude", "longitude")),
        ("places", pa.int32()),
        *((n, pa.string()) for n in ("state", "layer")),
        ("assured_on", pa.date32()),
        ("assured_by", pa.string()),
        ("last_modified", pa.timestamp("us", tz="UTC")),
        ("invented", pa.bool_()),
        *((n, pa.string()) for n in ("sources", "licences", "attributions")),
    ]
)


def _parquet(services: list[Service], path: Path, on: date) -> None:
    pq.write_table(pa.Table.from_pylist([as_row(s) for s in services], schema=_SCHEMA), path, compression="zstd")


def _ndjson(services: list[Service], path: Path, on: date) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in _records(services, on))


def _json(services: list[Service], path: Path, on: date) -> None:
    whole = {"version": "HSDS-UK-3.0", "attribution": _ATTRIBUTION, "contents": list(_records(services, on))}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")


def _records(services: list[Service], on: date) -> Iterator[dict]:
    needs = scheme()
    return (as_service(s, needs, on) for s in services)

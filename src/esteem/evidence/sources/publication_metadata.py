"""NHS Talking Therapies metadata: definitions of annual and monthly measures and variables, and the providers with their places.

Reference tables: `talking_therapies_measures` (annual and monthly), `talking_therapies_variables`, `talking_therapies_providers`. The
providers' file is the only one here that names the ICBs of April 2026 (`D7T5G` NHS Essex).
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from esteem.evidence.sources.contract import Check, Edition, RawFile, Rejected, Source, Tidy
from esteem.evidence.sources.parquet_tables import column_names, damaged, near_columns
from esteem.evidence.sources.provider_places import provider
from esteem.terms.places import Place

_ANNUAL = ("reporting_period", "dataset_name", "field_name", "description", "technical_construction", "additional_notes")
_MONTHLY = (
    *("reporting_period", "measure_type", "frequency", "measure_id", "measure_name", "description"),
    *("derivation_uids", "tables_used", "construction"),
)
_VARIABLES = (
    *("reporting_period", "dataset_name", "variable_type", "variable_a", "variable_b"),
    *("fields_for_variable_type", "values_for_variable_a", "values_for_variable_b", "notes"),
)
_PROVIDERS = (
    *("org_code", "org_name", "status", "start_date", "end_date", "postcode", "town"),
    *("icb_code", "icb_name", "region_code", "region_name"),
)
_LAYOUTS = {"annual measures": _ANNUAL, "monthly measures": _MONTHLY, "annual variables": _VARIABLES, "providers": _PROVIDERS}
_NEW_ICBS = date(2026, 4, 1)


def recognise(raw: RawFile) -> Edition | None:
    found = column_names(raw)
    name = next((name for name, columns in _LAYOUTS.items() if found == columns), None)
    return Edition(f"NHS Talking Therapies metadata: {name}", covers=name, status="final") if name else None


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    try:
        table = pq.read_table(raw.path)
    except (pa.ArrowException, OSError) as error:
        raise damaged(raw, error) from error
    rows = [{name: _clean(value) for name, value in row.items()} for row in table.to_pylist()]
    out = Tidy(rows_read=len(rows))
    if edition.covers == "providers":
        _providers(rows, out)
    elif edition.covers == "annual variables":
        out.tables["talking_therapies_variables"] = _table(rows, _VARIABLES)
    else:
        out.tables["talking_therapies_measures"] = _table(_measures(rows, edition.covers), _MEASURE_COLUMNS)
    out.rows_kept = sum(len(t) for t in out.tables.values())
    progress(out.rows_read, out.rows_read)
    return out


def _clean(value) -> str:
    """Text with single spaces; the words of a definition keep their order, not their line breaks."""
    return " ".join(str(value).split()) if value is not None else ""


_MEASURE_COLUMNS = ("reporting_period", "frequency", "dataset", "measure_id", "name", "description", "construction", "notes")


def _measures(rows: list[dict], which: str) -> list[dict]:
    """Annual and monthly definitions under the same column names."""
    if which == "annual measures":
        names = ("reporting_period", None, "dataset_name", None, "field_name", "description", "technical_construction", "additional_notes")
    else:
        names = ("reporting_period", "frequency", "measure_type", "measure_id", "measure_name", "description", "construction", None)
    fixed = {"frequency": "Yearly"} if which == "annual measures" else {}
    return [
        {column: row[name] if name else fixed.get(column, "") for column, name in zip(_MEASURE_COLUMNS, names, strict=True)} for row in rows
    ]


def _table(rows: list[dict], columns: tuple[str, ...]) -> pa.Table:
    numbered = [{**row, "source_row": f"row {i}"} for i, row in enumerate(rows, 1)]
    return pa.Table.from_pylist(numbered, pa.schema([(name, pa.string()) for name in (*columns, "source_row")]))


def _providers(rows: list[dict], out: Tidy) -> None:
    kept, icbs = [], {}
    for number, row in enumerate(rows, 1):
        try:
            start, end = (date.fromisoformat(row[name]) if row[name] else None for name in ("start_date", "end_date"))
        except ValueError:
            rule = "A date is written year-month-day."
            found = f"{row['start_date']} to {row['end_date']}"
            out.rejected.append(Rejected(f"row {number}", "start_date, end_date", rule, found, "Ask the publisher.", "unreadable"))
            continue
        kept.append(row)
        note = f"{row['town']} {row['postcode']}".strip()
        out.places.append(provider(row["org_code"], row["org_name"], valid_from=start, valid_to=end, note=note))
        icbs[row["icb_code"]] = row["icb_name"]
        if not row["icb_code"]:
            out.notes.append(f"{row['org_code']} {row['org_name']}: the file gives no ICB.")
    # New ICB codes have five characters; the older ones come with the lookups.
    out.places.extend(Place(code, name, "icb", _NEW_ICBS) for code, name in sorted(icbs.items()) if len(code) == 5)
    out.tables["talking_therapies_providers"] = _table(kept, _PROVIDERS)


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """Nothing is named twice that must be named once, and every definition can be found."""
    ((name, table),) = tidy.tables.items()
    rows = table.to_pylist()
    if name != "talking_therapies_providers":
        key = "measure_id" if name == "talking_therapies_measures" and rows and rows[0]["measure_id"] else "reporting_period"
        return [Check(f"{name}: every row names its {key.replace('_', ' ')}", all(r[key] for r in rows), f"{len(rows)} rows")]
    codes = [r["org_code"] for r in rows]
    return [Check("Each provider stands once", len(codes) == len(set(codes)), f"{len(codes)} providers")]


SOURCE = Source(
    id="publication_metadata",
    title="NHS Talking Therapies metadata: measures, variables, providers",
    publisher="NHS England (NHS Digital); tidied by the Bennett Institute, University of Oxford",
    licence="Open Government Licence v3.0 (data), MIT (repository)",
    attribution=(
        "Source: NHS England, NHS Talking Therapies (IAPT) statistics. Contains public sector information licensed under the Open "
        "Government Licence v3.0. Packaged under the MIT Licence, Copyright (c) 2025 nhstt authors."
    ),
    homepage="NHS England, NHS Talking Therapies; bennettoxford/nhstt",
    layout=" or ".join(", ".join(columns) for columns in _LAYOUTS.values()) + " (Parquet)",
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: near_columns(raw, *_LAYOUTS.values()),
)

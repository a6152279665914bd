"""Quality and Outcomes Framework 2019/20: share of registered patients with each condition, modelled from practices to areas.

Two layouts: by local authority district, and for England by tenth of deprivation (1 is the most deprived). Registers are modelled, so
numerators are not whole numbers.
"""

from __future__ import annotations

from esteem.evidence.sources import delimited
from esteem.evidence.sources.contract import Check, Edition, RawFile, Rejected, Series, Source, Tidy
from esteem.evidence.sources.delimited import ObservationRows, read_cell
from esteem.evidence.sources.group_names import deprivation_label
from esteem.evidence.sources.impossible_values import quarantined
from esteem.terms import flags as flag
from esteem.terms import periods
from esteem.terms.places import ENGLAND

_FIGURES = ("register", "list", "prevalence")
DISTRICTS = ("lad_code", "lad_name", "group_code", *_FIGURES)
TENTHS = ("imd_overall", "group_code", *_FIGURES)
_EDITIONS = {"by district": DISTRICTS, "by tenth of deprivation": TENTHS}
_YEAR = periods.financial_year(2019)

_GROUPS = {
    "AF": "Atrial fibrillation",
    "AST": "Asthma",
    "CAN": "Cancer",
    "CHD": "Coronary heart disease",
    "CKD": "Chronic kidney disease",
    "COPD": "Chronic obstructive pulmonary disease",
    "CVDPP": "Cardiovascular disease: primary prevention",
    "DEM": "Dementia",
    "DEP": "Depression",
    "DM": "Diabetes",
    "EP": "Epilepsy",
    "HF": "Heart failure",
    "HYP": "High blood pressure",
    "LD": "Learning disability",
    "MH": "Serious mental illness (schizophrenia, bipolar affective disorder and other psychoses)",
    "OB": "Obesity",
    "OST": "Osteoporosis",
    "PAD": "Peripheral arterial disease",
    "PC": "Palliative care",
    "RA": "Rheumatoid arthritis",
    "STIA": "Stroke and transient ischaemic attack",
}
_OWN_DENOMINATOR = {"DEP": "The list holds registered patients aged 18 and over."}


def recognise(raw: RawFile) -> Edition | None:
    found = delimited.header(raw)
    name = next((name for name, columns in _EDITIONS.items() if delimited.matches(found, columns)), None)
    return Edition(f"Quality and Outcomes Framework 2019/20 {name}", covers=name, status="final") if name else None


def tidy(raw: RawFile, edition: Edition, canonical, progress) -> Tidy:
    out, rows = Tidy(), ObservationRows()
    districts = edition.covers == "by district"
    groups, abroad = set(), 0
    for line, fields in delimited.records(raw, _EDITIONS[edition.covers], progress, out.rejected):
        out.rows_read += 1
        area, *_, group, register, patients, prevalence = (field.strip() for field in fields)
        if area.startswith("W"):  # "Wales", and the Welsh districts W06... where some patients of English practices live
            abroad += 1
            continue
        breakdown, category = ("all", "All") if districts else ("deprivation", _tenth(area))
        if category is None:
            rule = "imd_overall is a whole number from 1 (most deprived) to 10."
            out.rejected.append(Rejected(f"row {line}", "imd_overall", rule, area, "Correct the row or ask the publisher."))
            continue
        numbers = [
            read_cell(text, f"row {line}", column, out.rejected)
            for column, text in zip(_FIGURES, (register, patients, prevalence), strict=True)
        ]
        value, why = numbers[2]
        if quarantined(value, "proportion", f"row {line}", "prevalence", f"{group}: {prevalence}", out.rejected, most=1):
            continue
        groups.add(group)
        rows.add(
            *(f"qof.{group}", canonical(area) if districts else ENGLAND, _YEAR, value),
            source_row=f"row {line}",
            flags=why or flag.MODELLED,
            vintage="2019-04" if districts else "",
            breakdown=breakdown,
            category=category,
            numerator=numbers[0][0],
            denominator=numbers[1][0],
        )
    out.notes += [f"{abroad} rows not kept: areas in Wales."] if abroad else []
    out.series = [_describe(group) for group in sorted(groups)]
    out.observations = rows.table(out.rejected)
    out.rows_kept = len(out.observations)
    return out


def _tenth(text: str) -> str | None:
    return deprivation_label(int(text)) if text.isdigit() and 1 <= int(text) <= 10 else None


def _describe(group: str) -> Series:
    notes = ("Modelled from practices to the areas where their patients live: registers are not counts.", _OWN_DENOMINATOR.get(group, ""))
    title = f"{_GROUPS.get(group, group)}, share of registered patients"
    return Series(f"qof.{group}", title, "proportion", group, "proportion", "not rounded", 1, tuple(n for n in notes if n))


def expect(tidy: Tidy, raw: RawFile) -> list[Check]:
    """Prevalence is register / list in every row."""
    rows = [r for r in tidy.observations.to_pylist() if r["value"] is not None and r["denominator"]]
    off = [r for r in rows if abs(r["numerator"] / r["denominator"] - r["value"]) > 1e-9]
    detail = f"{len(rows):,} rows" + (f"; first that differs: {off[0]['series']} {off[0]['source_row']}" if off else "")
    return [Check("Prevalence is register divided by list", not off, detail)]


SOURCE = Source(
    id="quality_outcomes_framework",
    title="Quality and Outcomes Framework 2019/20: prevalence by area, modelled",
    publisher="House of Commons Library, from NHS Digital QOF",
    licence="Open Parliament Licence v3.0",
    attribution="Contains Parliamentary information licensed under the Open Parliament Licence v3.0.",
    homepage="houseofcommonslibrary/local-health-data-from-QOF",
    layout=" or ".join(",".join(columns) for columns in _EDITIONS.values()),
    recognise=recognise,
    tidy=tidy,
    expect=expect,
    near=lambda raw: delimited.near_header(raw, DISTRICTS, TENTHS),
    frequency="yearly",
)

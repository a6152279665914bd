"""A small Python script that yields a figure again from the pack, with duckdb alone: for a reader who does not trust us."""

from __future__ import annotations

from esteem.evidence.answers import Cell
from esteem.evidence.model import Measure
from esteem.evidence.publish import Released
from esteem.terms import flags as flag

_HEAD = '''"""Works out one figure again from the published cells in a pack of Esteem.

{question}
{place}, {period}{group}

Run it with:  python this_file.py FOLDER_OF_THE_PACK   (needs Python and: pip install duckdb)
"""

import glob
import sys

import duckdb

folder = sys.argv[1] if len(sys.argv) > 1 else "."
files = [name for name in sorted(glob.glob(f"{{folder}}/observations*.parquet"))]

# The cells used: series, place, first day, last day, breakdown, category.
cells = [
{cells}
]

connection = duckdb.connect(config={{"autoinstall_known_extensions": False, "autoload_known_extensions": False}})
connection.execute(
    "create temp table used (series text, place text, period_start date, period_end date, breakdown text, category text, nth int)"
)
connection.executemany("insert into used values (?, ?, ?, ?, ?, ?, ?)", [(*cell, n) for n, cell in enumerate(cells)])
found = connection.execute(
    "select u.nth, o.series, o.value, o.numerator, o.denominator"
    " from used u join read_parquet(?, union_by_name = true) o"
    " using (series, place, period_start, period_end, breakdown, category)"
    " where o.edition in ({editions}) order by u.nth",
    [files],
).fetchall()
if len({{row[0] for row in found}}) < len(cells):
    sys.exit(f"This pack holds {{len(found)}} of the {{len(cells)}} cells: was it built from the same files?")
'''

_FORMULAS = {
    "published": "result = found[0][2]\n",
    "total": "result = sum(row[2] for row in found)\n",
    "difference": "result = (found[0][2] - found[1][2]) * 100\n",
    "columns": "result = sum(row[3] for row in found) / sum(row[4] for row in found) * {multiplier}\n",
    "series": (
        "numerator = sum(row[2] for row in found if row[1] == {numerator!r})\n"
        "denominator = sum(row[2] for row in found if row[1] == {denominator!r})\n"
        "result = numerator / denominator * {multiplier}\n"
    ),
}


def script_for(measure: Measure, answer: Released) -> str:
    """The script; it prints the figure and nothing else. For a figure that is not given it says so and why."""
    if answer.number is None:
        return f'print("No figure: {", ".join(answer.flags)}")\n'
    formula = _FORMULAS[_kind(measure, answer)].format(
        numerator=measure.published.numerator, denominator=measure.published.denominator, multiplier=measure.multiplier
    )
    head = _HEAD.format(
        question=measure.question,
        place=answer.place_name or answer.place,
        period=answer.period.words,
        group="" if answer.category == "All" else f", {answer.category}",
        cells="\n".join(f"    {_line(cell)}," for cell in answer.cells),
        editions=", ".join(f"'{edition}'" for edition in dict.fromkeys(cell.edition for cell in answer.cells)),
    )
    return f"{head}\n{formula}print(repr(float(result)))\n"


def _kind(measure: Measure, answer: Released) -> str:
    witness = measure.published
    if witness.minus:
        return "difference"
    if flag.POOLED not in answer.flags or (len(answer.cells) == 1 and not answer.parts):
        return "series" if witness.numerator in witness.series and witness.numerator else "published"
    if measure.kind in ("count", "pounds") or measure.period_pooling == "sum_of_shares":
        return "total"
    return "series" if witness.numerator else "columns"


def _line(cell: Cell) -> tuple:
    return (cell.series, cell.place, str(cell.period.start), str(cell.period.end), cell.breakdown, cell.category)

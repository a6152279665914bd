"""Rows as a person or a program reads them in a terminal: aligned text, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from esteem.terms.problems import Problem

FORMATS = ("text", "csv", "json")


def check_format(name: str) -> str:
    """The format's name; Problem `format-unknown` for another."""
    if name not in FORMATS:
        raise Problem("format-unknown", f"A format is one of: {', '.join(FORMATS)}.", name, "Write for example --format json.")
    return name


def as_json(rows: Sequence[Mapping]) -> str:
    return json.dumps(list(rows), ensure_ascii=False, indent=1)


def as_csv(rows: Sequence[Mapping], columns: Sequence[str] = ()) -> str:
    """CSV with a header; lists become text joined by `; `, None an empty cell. `columns` gives the header when there are no rows."""
    names = list(columns or (rows[0] if rows else ()))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return out.getvalue().rstrip("\n")


def _cell(value):
    if value is None:
        return ""
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else value


def as_text(rows: Sequence[Mapping[str, str]], right: Sequence[str] = ()) -> str:
    """An aligned table of texts; the columns of `right` end at the same place, as numbers do."""
    if not rows:
        return ""
    names = list(rows[0])
    widths = {name: max(len(name), *(len(str(row[name])) for row in rows)) for name in names}

    def line(cells: Mapping[str, str]) -> str:
        texts = [str(cells[n]).rjust(widths[n]) if n in right else str(cells[n]).ljust(widths[n]) for n in names]
        return "  ".join(texts).rstrip()

    rule = {name: "-" * widths[name] for name in names}
    return "\n".join([line(dict(zip(names, names, strict=True))), line(rule), *map(line, rows)])


def listed(rows: Sequence[Mapping], form: str, text: str, columns: Sequence[str] = ()) -> str:
    """The rows in the form asked for; `text` is what a person reads."""
    return {"json": lambda: as_json(rows), "csv": lambda: as_csv(rows, columns), "text": lambda: text}[check_format(form)]()

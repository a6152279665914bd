"""CSV and JSON."""

from __future__ import annotations

import csv
import io
import json

from esteem.web.downloads.tables import Table, safe_text


def to_csv(table: Table) -> bytes:
    """UTF-8 with a byte-order mark (so that Excel reads names rightly), header of machine names, CRLF as RFC 4180 says."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(c.key for c in table.columns)
    for row in table.rows:
        writer.writerow("" if v is None else safe_text(v) if isinstance(v, str) else v for v in row)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def to_json(table: Table) -> bytes:
    """Title, notes, columns and rows as objects; missing is null."""
    body = {
        "title": table.title,
        "notes": [{"heading": h, "text": t} for h, t in table.notes],
        "columns": [{"key": c.key, "title": c.title, "kind": c.kind} for c in table.columns],
        "rows": table.records(),
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()

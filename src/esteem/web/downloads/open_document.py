"""ODS (OpenDocument 1.3 spreadsheet): own small writer, because no maintained one exists. One table a sheet, a notes sheet, no merges."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from esteem.web.downloads.tables import Cell, Column, Table, all_notes, safe_text, sheet_names

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
        ("meta", "meta"),
    )
)
_STYLES = """<office:automatic-styles>
<number:percentage-style style:name="N1"><number:number number:decimal-places="1" number:min-integer-digits="1"/>
<number:text>%</number:text></number:percentage-style>
<style:style style:name="proportion" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="title" style:family="table-cell"><style:text-properties fo:font-weight="bold" fo:font-size="14pt"/></style:style>
<style:style style:name="wide" style:family="table-column"><style:table-column-properties style:column-width="5cm"/></style:style>
</office:automatic-styles>"""
_STAMP = (2020, 1, 1, 0, 0, 0)  # fixed, so that the same figures give the same bytes


def to_ods(tables: Sequence[Table], title: str) -> bytes:
    named = list(zip(tables, sheet_names(tables), strict=True))
    sheets = [_notes(tables, title), *(_sheet(t, name) for t, name in named)]
    ranges = "".join(_range(t, name) for t, name in named)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES} office:version="1.3">{_STYLES}'
        f"<office:body><office:spreadsheet>{''.join(sheets)}<table:database-ranges>{ranges}</table:database-ranges>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    meta = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-meta {_NAMESPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'office:version="1.3"><office:meta><dc:title>{escape(title)}</dc:title><dc:language>en-GB</dc:language>'
        "<meta:generator>Esteem</meta:generator></office:meta></office:document-meta>"
    )
    return _packed({"content.xml": content, "meta.xml": meta})


def _packed(parts: dict[str, str]) -> bytes:
    """The mimetype entry stands first and uncompressed, as the standard asks."""
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    entries = "".join(f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in parts)
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{mime}"/>{entries}</manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", _STAMP), mime, zipfile.ZIP_STORED)
        for name, body in {**parts, "META-INF/manifest.xml": manifest}.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _text_cell(value: str, style: str = "") -> str:
    look = f' table:style-name="{style}"' if style else ""
    clean = "".join(ch for ch in value if ch >= " " or ch in "\t\n")
    return f'<table:table-cell office:value-type="string"{look}><text:p>{escape(clean)}</text:p></table:table-cell>'


def _cell(value: Cell, column: Column) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return _text_cell("yes" if value else "no")
    if isinstance(value, int | float):
        if column.kind == "proportion":
            shown = f"{value * 100:.1f}%"
            return (
                f'<table:table-cell table:style-name="proportion" office:value-type="percentage" office:value="{value!r}">'
                f"<text:p>{shown}</text:p></table:table-cell>"
            )
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"><text:p>{value:g}</text:p></table:table-cell>'
    return _text_cell(safe_text(value))


def _row(cells: Sequence[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _opened(name: str, columns: int) -> str:
    return (
        f'<table:table table:name={quoteattr(name)}><table:table-column table:style-name="wide" table:number-columns-repeated="{columns}"/>'
    )


def _sheet(table: Table, name: str) -> str:
    rows = [
        _row([_text_cell(table.title, "title")]),
        _row([_text_cell("One table on this sheet. Where a number is missing, the flags column says why.")]),
        f"<table:table-header-rows>{_row([_text_cell(c.title, 'head') for c in table.columns])}</table:table-header-rows>",
        *(_row([_cell(v, c) for v, c in zip(row, table.columns, strict=True)]) for row in table.rows),
    ]
    return _opened(name, len(table.columns)) + "".join(rows) + "</table:table>"


def _notes(tables: Sequence[Table], title: str) -> str:
    rows = [_row([_text_cell(title, "title")]), _row([_text_cell("About", "head"), _text_cell("Words", "head")])]
    rows += [_row([_text_cell(heading), _text_cell(words)]) for heading, words in all_notes(tables)]
    return _opened("Notes", 2) + "".join(rows) + "</table:table>"


def _range(table: Table, name: str) -> str:
    """A named range with a header row marks the table for screen readers and filters."""
    last = _letters(len(table.columns))
    quoted = name.replace("'", "''")
    address = f"'{quoted}'.A3:'{quoted}'.{last}{3 + max(len(table.rows), 1)}"
    return (
        f"<table:database-range table:name={quoteattr('table_' + name.replace(' ', '_'))} "
        f'table:target-range-address={quoteattr(address)} table:contains-header="true" table:display-filter-buttons="false"/>'
    )


def _letters(n: int) -> str:
    out = ""
    while n:
        n, rest = divmod(n - 1, 26)
        out = chr(65 + rest) + out
    return out

"""Read one recognised file: tidy it, compare it with the publisher's own totals, and give it an edition."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from esteem.evidence.pack.parts import PACKED, packed
from esteem.evidence.pack.recognising import Recognised
from esteem.evidence.pack.shapes import PLACES, REJECTED, STATED_PLACES
from esteem.evidence.sources.contract import OBSERVATION, Canonical, Progress, RawFile, Series, Tidy, silent
from esteem.terms import flags as flag
from esteem.terms.problems import Problem, Problems


@dataclass
class ReadFile:
    """What one file gave. `edition` is its row of the editions table; tables carry the edition in a column of that name."""

    edition: dict
    observations: pa.Table
    series: list[Series]
    rejected: pa.Table
    tables: dict[str, pa.Table]  # reference tables, and the places the file names
    checks: list[str] = field(default_factory=list)  # what was compared with the publisher's totals, in words


def edition_id(source: str, sha256: str) -> str:
    return f"{source}:{sha256[:12]}"


def content_sha256(raw: RawFile) -> str:
    """Checksum of the content, so that a file and its .gz are the same edition. A damaged .gz counts as it lies."""
    if raw.path.open("rb").read(2) != b"\x1f\x8b":
        return raw.sha256
    digest = hashlib.sha256()
    try:
        with raw.open() as f:
            while block := f.read(1 << 20):
                digest.update(block)
    except (OSError, EOFError, zlib.error, gzip.BadGzipFile):
        return raw.sha256
    return digest.hexdigest()


def read_file(found: Recognised, canonical: Canonical, progress: Progress = silent, listed: dict | None = None) -> ReadFile:
    """Tidy, check and label one file. `listed` is its row of the provenance list.

    Raises Problem or Problems when it cannot be read or disagrees with the publisher's own totals.
    """
    raw, source = found.raw, found.source
    try:
        tidy = source.tidy(raw, found.edition, canonical, progress)
        checks = source.expect(tidy, raw)
    except Problem as problem:
        problem.file = problem.file or raw.name
        raise
    failed = [
        Problem(
            "total-differs",
            f"The figures agree with the publisher's own: {check.name}.",
            check.detail,
            "Download the file again; if it stays so, ask the publisher.",
            raw.name,
        )
        for check in checks
        if not check.passed
    ]
    if failed:
        raise Problems(failed)
    if not _gives_rows(tidy):
        rule = "A file has at least one row that can be used."
        raise Problem("file-without-rows", rule, f"{tidy.rows_read:,} rows, none of them used", "Download the file again.", raw.name)
    edition = _edition_row(found, tidy, len(checks), listed or {})
    observations = _labelled(tidy, edition, raw)
    return ReadFile(
        edition,
        observations,
        _described(tidy, observations, raw),
        _rejected_table(tidy, edition),
        {name: _with_edition(table, edition["edition"]) for name, table in _tables(tidy).items()},
        [f"{check.name}: {check.detail}" if check.detail else check.name for check in checks],
    )


def _gives_rows(tidy: Tidy) -> bool:
    figures = tidy.observations is not None and tidy.observations.num_rows
    return bool(figures or tidy.rejected or any(table.num_rows for table in tidy.tables.values()))


def _edition_row(found: Recognised, tidy: Tidy, checks: int, listed: dict) -> dict:
    raw, source, edition = found.raw, found.source, found.edition
    return {
        "edition": edition_id(source.id, raw.sha256),
        "source": source.id,
        "file": raw.name,
        "sha256": raw.sha256,
        "content_sha256": content_sha256(raw),
        "bytes": raw.size,
        "label": edition.label,
        "covers": edition.covers,
        "status": edition.status,
        "published": edition.published,
        "rank": json.dumps([_plain(step) for step in edition.rank]),
        "loaded": None,
        "rows_read": tidy.rows_read,
        "rows_kept": tidy.rows_kept,
        "rejected": len(tidy.rejected),
        "title": listed.get("title") or source.title,
        "publisher": listed.get("publisher") or source.publisher,
        "licence": listed.get("licence") or source.licence,
        "attribution": listed.get("attribution") or source.attribution,
        "period": listed.get("period") or edition.covers,
        "kind": listed.get("kind", ""),
        "origin": listed.get("source", ""),
        "homepage": source.homepage,
        "release_policy": source.release_policy,
        "notes": "\n".join(tidy.notes),
        "checks": checks,
    }


def _plain(step):
    return step.isoformat() if isinstance(step, date) else step


def _labelled(tidy: Tidy, edition: dict, raw: RawFile) -> pa.Table:
    """The figures with their edition, packed. The unpacked ones are let go: a large file is held once."""
    table, tidy.observations = tidy.observations, None
    if table is None or not table.num_rows:
        return PACKED.empty_table()
    table = table.select(OBSERVATION.names).cast(OBSERVATION)
    _values_say_why(table, raw)
    rows = packed(_with_edition(table, edition["edition"]))
    del table
    pa.default_memory_pool().release_unused()
    return rows


def _values_say_why(table: pa.Table, raw: RawFile) -> None:
    """Each empty value carries a flag that says why, and no value carries such a flag."""
    pairs = table.select(["flags", "value"]).group_by(["flags"]).aggregate([("value", "count"), ([], "count_all")]).to_pylist()
    empty = table.filter(table["value"].is_null()).num_rows
    flagged = sum(p["count_all"] for p in pairs if flag.MISSING & set(flag.split(p["flags"])))
    wrong = [p["flags"] for p in pairs if flag.MISSING & set(flag.split(p["flags"])) and p["value_count"]]
    if wrong or empty != flagged:
        raise Problem(
            "value-without-reason",
            "An empty value has a flag that says why, and only an empty value has one.",
            f"{empty} empty values, {flagged} flagged as missing{'; values flagged ' + ', '.join(wrong) if wrong else ''}",
            "Tell the developers: the reader of this publication is wrong.",
            raw.name,
        )


def _described(tidy: Tidy, observations: pa.Table, raw: RawFile) -> list[Series]:
    """Every series the figures belong to is described once."""
    described = {series.id: series for series in tidy.series}
    nameless = sorted(set(observations["series"].unique().to_pylist()) - set(described))
    if nameless:
        raise Problem(
            "series-undescribed",
            "Every series of figures is described.",
            ", ".join(nameless[:5]),
            "Tell the developers: the reader of this publication is wrong.",
            raw.name,
        )
    return list(described.values())


def _with_edition(table: pa.Table, edition: str) -> pa.Table:
    if "edition" in table.column_names:
        return table
    return table.append_column(pa.field("edition", pa.string()), pa.repeat(edition, table.num_rows))


def _rejected_table(tidy: Tidy, edition: dict) -> pa.Table:
    rows = [rejected_row(edition, str(r.row), r.column, r.rule, r.found, r.remedy, r.kind) for r in tidy.rejected]
    return pa.Table.from_pylist(rows, REJECTED)


def rejected_row(edition: dict, *what: str) -> dict:
    """A row of the table of rejected rows; `what` is row, column, rule, found, remedy, kind."""
    return dict(zip(REJECTED.names, (edition["edition"], edition["source"], edition["file"], *what), strict=True))


def _tables(tidy: Tidy) -> dict[str, pa.Table]:
    if not tidy.places:
        return tidy.tables
    rows = [{name: getattr(place, name) for name in PLACES.names} for place in tidy.places]
    return tidy.tables | {STATED_PLACES: pa.Table.from_pylist(rows, PLACES)}

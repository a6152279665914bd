"""Delimited text as publishers write it: any encoding, quoting and packing, with the physical line number of every record.

Open a file with `header(raw)` (for fingerprints), then read it with `records(raw, columns)`: it checks the header, streams, counts physical
lines from 1 (quoted line breaks included), and refuses a file that is empty, cut short or damaged with a Problem. Zip and gzip archives
are read in place. Bytes that are not UTF-8 are read as Windows-1252. Cells go into `observation_rows.ObservationRows`.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from esteem.evidence.sources.contract import Progress, RawFile, Rejected, silent
from esteem.evidence.sources.observation_rows import ObservationRows, read_cell, settle_repeats
from esteem.terms.problems import Problem

__all__ = [
    "ObservationRows",
    "batches",
    "first_records",
    "header",
    "header_problem",
    "is_delimited",
    "matches",
    "near_header",
    "read_cell",
    "records",
    "settle_repeats",
    "text_of",
]

_PROGRESS_EVERY = 20_000
_BINARY = (b"\x89PNG", b"%PDF", b"PAR1", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"SQLite")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DAMAGE = (EOFError, zlib.error, OSError, zipfile.BadZipFile)

csv.field_size_limit(16 << 20)


def _as_windows_1252(error: UnicodeDecodeError) -> tuple[str, int]:
    """Decoder of bytes that are not UTF-8: one byte in the middle of a file (0xA0) must not spoil the rest."""
    byte = error.object[error.start : error.start + 1]
    return byte.decode("cp1252", "replace"), error.start + 1


codecs.register_error("windows_1252", _as_windows_1252)


def encoding_of(head: bytes) -> str:
    """Encoding told by the first bytes: byte order marks, then the pattern of zero bytes that UTF-16 leaves in English text."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if head[1:200:2].count(0) > len(head[1:200:2]) * 0.6:
        return "utf-16-le"
    if head[0:200:2].count(0) > len(head[0:200:2]) * 0.6:
        return "utf-16-be"
    return "utf-8"


def archive_member(names_and_sizes: Sequence[tuple[str, int]]) -> str | None:
    """The member to read from a zip: the largest delimited one. None for archives that hold no such file (an XLSX is a zip too)."""
    if any(name == "[Content_Types].xml" for name, _ in names_and_sizes):
        return None
    texts = [(size, name) for name, size in names_and_sizes if name.lower().endswith((".csv", ".txt", ".tsv"))]
    return max(texts)[1] if texts else None


@contextmanager
def _bytes_of(raw: RawFile):
    """(stream of content bytes, function that gives the share of the file read so far)."""
    if not raw.head.startswith(b"PK\x03\x04"):
        with raw.open() as stream:
            below = getattr(stream, "fileobj", None) or stream
            yield stream, lambda: below.tell() / max(raw.size, 1)
        return
    with raw.open() as packed, zipfile.ZipFile(packed) as archive:
        name = archive_member([(m.filename, m.file_size) for m in archive.infolist()])
        if name is None:
            raise Problem(
                "archive-without-csv", "A zip holds a CSV file.", ", ".join(archive.namelist()[:5]), "Load the CSV itself.", raw.name
            )
        size = max(archive.getinfo(name).file_size, 1)
        with archive.open(name) as stream:
            yield stream, lambda: stream.tell() / size


def _head(raw: RawFile) -> bytes:
    """The first 64 kB of content, unpacked; nothing when the file cannot be unpacked."""
    try:
        with _bytes_of(raw) as (stream, _):
            return stream.read(65536)
    except (Problem, *_DAMAGE):
        return b""


def is_delimited(raw: RawFile) -> bool:
    """True when the content can be text. Never raises."""
    head = _head(raw)
    return bool(head) and not head.startswith(_BINARY) and (encoding_of(head).startswith("utf-16") or b"\0" not in head[:4096])


def text_of(raw: RawFile) -> str:
    """The whole content as text (small files: JSON and the like)."""
    with _bytes_of(raw) as (stream, _):
        data = stream.read()
    return data.decode(encoding_of(data[:400]), "windows_1252")


def first_records(raw: RawFile, count: int) -> list[list[str]]:
    """The first `count` records, trimmed, for fingerprints. Empty for anything that is not delimited text. Never raises."""
    if not is_delimited(raw):
        return []
    head = _head(raw)
    text = head.decode(encoding_of(head), "ignore" if encoding_of(head).startswith("utf-16") else "windows_1252")
    found = []
    try:
        for fields in itertools.islice(csv.reader(io.StringIO(text, newline="")), count):
            found.append([" ".join(f.split()) for f in fields])
    except csv.Error:
        return found
    return found


def header(raw: RawFile) -> tuple[str, ...]:
    """Column names as found, trimmed. Empty for anything that is not delimited text. Never raises."""
    return tuple(next(iter(first_records(raw, 1)), ()))


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def matches(found: Sequence[str], expected: Sequence[str]) -> bool:
    """Same columns in the same order, leaving aside case, outer spaces and empty columns at the right edge."""
    names = [_fold(f) for f in found]
    while names and not names[-1]:
        names.pop()
    return names == [_fold(e) for e in expected]


def header_problem(found: Sequence[str], expected: Sequence[str], file: str) -> Problem | None:
    """What is wrong with a header, column by column; None when nothing is."""
    if matches(found, expected):
        return None
    have, want = [_fold(f) for f in found], [_fold(e) for e in expected]
    missing = [e for e, folded in zip(expected, want, strict=True) if folded not in have]
    unknown = [f or "(empty)" for f, folded in zip(found, have, strict=True) if folded not in want]
    wrong = [f"missing {', '.join(missing)}"] if missing else []
    wrong += [f"unknown {', '.join(unknown)}"] if unknown else []
    first = next((i for i, (f, w) in enumerate(itertools.zip_longest(have, want)) if f != w), 0)
    if not wrong:
        repeated = sorted({f for f in have if have.count(f) > 1})
        wrong = [f"twice {', '.join(repeated)}" if repeated else "columns are out of order"]
    return Problem(
        "header-wrong",
        f"The header is {','.join(expected)}",
        f"{'; '.join(wrong)}; the header found is {','.join(found)}",
        "Load the file as the publisher gave it, or tell the developers that the layout has changed.",
        file,
        1,
        found[first] if first < len(found) else expected[min(first, len(expected) - 1)],
    )


def near_header(raw: RawFile, *layouts: Sequence[str]) -> Problem | None:
    """For `Source.near`: the problem with the header when it shares at least half its columns with one of `layouts`, else None."""
    found = header(raw)
    have = {_fold(f) for f in found}

    def shared(layout: Sequence[str]) -> float:
        return len(have & {_fold(e) for e in layout}) / len(layout)

    best = max(layouts, key=shared)
    return header_problem(found, best, raw.name) if shared(best) >= 0.5 else None


def records(
    raw: RawFile,
    columns: Sequence[str] | None,
    progress: Progress = silent,
    rejected: list[Rejected] | None = None,
    width: int | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """(physical line on which the record starts, its fields), header left out. Cells are not trimmed.

    `columns`: the header the file must have; None for a file without a header, whose records have `width` fields. Wholly blank lines
    are passed over. A record with another number of fields is added to `rejected` (without that list it is a Problem); when it is the last
    one and too short, the file was cut short and is refused as a whole. Memory stays bounded whatever the size of the file.
    """
    try:
        with _bytes_of(raw) as (stream, share):
            head = stream.peek(400)[:400] if hasattr(stream, "peek") else raw.head[:400]
            if not head:
                raise Problem("file-empty", "A file has a header and rows.", "zero bytes", "Download the file again.", raw.name)
            text = io.TextIOWrapper(stream, encoding_of(head), "windows_1252", newline="")
            yield from _whole_records(_numbered(text, raw.name), raw, columns, width, rejected, progress, share)
    except _DAMAGE as error:
        if isinstance(error, OSError) and not isinstance(error, zipfile.BadZipFile) and error.errno is not None:
            raise
        raise _cut_short(raw, None, f"the archive ends or breaks too early ({error})") from error


def _numbered(text, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, strict=True)
    line = 1
    try:
        for fields in reader:
            if fields and not (len(fields) == 1 and not fields[0].strip()):
                yield line, fields
            line = reader.line_num + 1
    except csv.Error as error:
        rule = "A quoted field ends with a quotation mark followed by a comma or the end of the line."
        raise Problem("row-quoting", rule, str(error), "Download the file again: it may be cut short.", file, line) from error


def _whole_records(found, raw, columns, width, rejected, progress, share):
    if columns is not None:
        _, names = next(found, (1, []))
        if wrong := header_problem([n.lstrip("\ufeff") for n in names], columns, raw.name):
            raise wrong
        width = len(names)
    least = len(columns) if columns is not None else width
    pending, done = None, 0
    for line, fields in found:
        if pending:
            _report(_shape_problem(raw, *pending, width), rejected)
            pending = None
        if len(fields) != width and not least <= len(fields) <= width:
            pending = (line, fields)
            continue
        done += 1
        if done % _PROGRESS_EVERY == 0:
            progress(done, int(done / max(share(), 1e-9)))
        yield line, fields
    if pending and len(pending[1]) < least:
        raise _cut_short(raw, pending[0], f"{len(pending[1])} fields in the last row, {least} expected")
    if pending:
        _report(_shape_problem(raw, *pending, width), rejected)
    progress(done, done)


def _cut_short(raw: RawFile, line: int | None, found: str) -> Problem:
    return Problem("file-cut-short", "A file is complete to its last row.", found, "Download the file again.", raw.name, line)


def _shape_problem(raw: RawFile, line: int, fields: list[str], width: int) -> Problem:
    found = f"{len(fields)} fields: {','.join(fields)[:120]}"
    return Problem("row-shape", f"Every row has {width} fields.", found, "Correct the row or ask the publisher.", raw.name, line)


def _report(problem: Problem, rejected: list[Rejected] | None) -> None:
    if rejected is None:
        raise problem
    rejected.append(Rejected(f"row {problem.row}", "", problem.rule, problem.found, problem.remedy, "unreadable"))


def batches(found: Iterator, size: int = 50_000) -> Iterator[list]:
    """Lists of at most `size` items of any iterator, for work that goes faster in blocks."""
    while block := list(itertools.islice(found, size)):
        yield block

"""What every source module gives: `SOURCE = Source(...)` with three functions, recognise -> tidy -> expect.

Raw stays raw: a file keeps its bytes' checksum and edition; `tidy` renames and never alters a value; `expect` checks totals against the
publisher's own. A row that cannot be used goes to `rejected` with its row, column, rule and remedy: never dropped in silence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from esteem.terms import flags as flag
from esteem.terms.places import Place
from esteem.terms.problems import Problem

# One row = one published cell. (series, place, period_start, period_end, breakdown, category) is the key within an edition.
OBSERVATION = pa.schema(
    [
        ("series", pa.string()),  # "eip_history.two_weeks": source id, dot, name; described by a Series
        ("place", pa.string()),  # canonical code (terms/places.py)
        ("vintage", pa.string()),  # geography the publisher used: "2021-04", "2019-04" (first month it was valid)
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),
        ("period_kind", pa.string()),  # terms/periods.py KINDS
        ("breakdown", pa.string()),  # "all", "age", "sex", "ethnicity", "ethnicity_detail", "deprivation", ...
        ("category", pa.string()),  # "All", or the group in canonical words
        ("value", pa.float64()),  # proportions as fractions; null with a flag when there is none
        ("numerator", pa.float64()),  # only when the publisher gives it (or it stands in the same row)
        ("denominator", pa.float64()),
        ("lower", pa.float64()),  # the publisher's own 95% limits
        ("upper", pa.float64()),
        ("flags", pa.string()),  # terms/flags.py, joined by single spaces
        ("source_row", pa.string()),  # where in the file: "row 1234", "EIP(i)!row 77 column AB"
    ]
)


@dataclass(frozen=True)
class Series:
    """What a series of observations holds, in words a reader can check against the file."""

    id: str
    title: str
    unit: str  # terms/values.py UNITS
    published_as: str  # the publisher's own name or code, eg "EIP(i)" or "recovery / percentage"
    statistic: str = "value"  # "proportion", "count", "rate", "mean", "ratio", "stock"
    rounding: str = ""  # in words, eg "counts to the nearest 5 below England"
    multiplier: float = 1  # published number x multiplier = value stored (eg 0.01 for per cents)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rejected:
    """A cell or row that was not used. `kind`: "quarantine" (impossible value), "repeated" (the same figure again: kept once),
    "unreadable" (no number and no known mark) or "contradictory" (rows with different figures for one cell: none kept). Files with
    rows of the last two kinds are only loaded when the person who loads them says so."""

    row: str
    column: str
    rule: str
    found: str
    remedy: str
    kind: str = "quarantine"


@dataclass(frozen=True)
class Edition:
    """Which publication of a source a file is. Higher `rank` replaces lower for the same cell; equal rank and different bytes = ask.

    `covers` names what the edition speaks for (eg "2024-04" for one month of a monthly file, "" for a whole series): two editions
    compete only when `covers` is the same, or cell by cell where they overlap.
    """

    label: str
    rank: tuple = ()
    covers: str = ""
    published: date | None = None
    status: str = ""  # "final", "performance", "provisional"


@dataclass
class RawFile:
    """A file as it lies on disk. `data` is decompressed (.gz); `head` the first 64 kB of it, for fingerprints."""

    path: Path
    name: str = ""

    def __post_init__(self):
        self.path = Path(self.path)
        self.name = self.name or self.path.name

    @cached_property
    def sha256(self) -> str:
        digest = hashlib.sha256()
        with self.path.open("rb") as f:
            while block := f.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def open(self):
        """Binary stream of the content, decompressed when the bytes are gzip (told by magic number, not by name)."""
        import gzip

        with self.path.open("rb") as f:
            magic = f.read(2)
        return gzip.open(self.path, "rb") if magic == b"\x1f\x8b" else self.path.open("rb")

    @cached_property
    def head(self) -> bytes:
        with self.open() as f:
            return f.read(65536)

    @cached_property
    def data(self) -> bytes:
        with self.open() as f:
            return f.read()


@dataclass
class Tidy:
    """What `tidy` returns. `tables` holds reference data that are not figures (lookups, postcodes, boundaries, organisations)."""

    observations: pa.Table | None = None
    series: list[Series] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    rows_read: int = 0
    rows_kept: int = 0  # rows of the file that gave at least one observation or table row
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Check:
    """One thing `expect` looked at: passed or not, in words with both numbers."""

    name: str
    passed: bool
    detail: str = ""


# canonical(raw code) -> canonical code; unknown codes come back trimmed and unchanged.
Canonical = Callable[[str], str]
# progress(rows done, rows in all or None)
Progress = Callable[[int, int | None], None]


def silent(done: int, total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Source:
    """A publication that Esteem can read. `recognise` looks at the header only (never the name alone) and returns None for other files.

    `recognise(raw) -> Edition | None`; `tidy(raw, edition, canonical, progress) -> Tidy`; `expect(tidy, raw) -> list[Check]`.
    `layout` is the expected header in words, for error messages. `near(raw)` returns a Problem when the file looks like this source
    but its header is wrong, changed or cut short; None when it has nothing to do with it.
    """

    id: str
    title: str
    publisher: str
    licence: str
    attribution: str
    homepage: str  # where the publication is found, in words or as an address
    layout: str
    recognise: Callable[[RawFile], Edition | None]
    tidy: Callable[[RawFile, Edition, Canonical, Progress], Tidy]
    expect: Callable[[Tidy, RawFile], list[Check]]
    near: Callable[[RawFile], Problem | None] = lambda raw: None
    release_policy: str = "published"  # evidence/publish.py
    frequency: str = ""  # "monthly", "quarterly", "yearly", "stopped"
    # (figures of the edition before, figures of the new one for the same coverage) -> changes so large that a person should look first
    compare_editions: Callable[[pa.Table, pa.Table], list[Check]] = lambda old, new: []
    names_only: bool = False  # names places and gives no codes: read after the sources that give both


_SUPPRESSED = {"*", "[c]", "c", "[C]"}
_NOT_COLLECTED = {"[x]", "-", "NULL", "N/A", "#N/A", "NA", "n/a", "x", ".", "[z]", "z", "[w]", ":"}


def read_number(text) -> tuple[float | None, str]:
    """(value, flag) of a published cell: numbers as such (thousands commas and a trailing % are read); marks give None and a flag.

    Raises ValueError for anything else. A `*` is never a zero.
    """
    if text is None:
        return None, flag.UNKNOWN
    if isinstance(text, bool):
        raise ValueError(f"not a number: {text!r}")
    if isinstance(text, int | float):
        if text != text:
            return None, flag.UNKNOWN
        return float(text), ""
    t = str(text).strip()
    if not t:
        return None, flag.UNKNOWN
    if t in _SUPPRESSED:
        return None, flag.SUPPRESSED
    if t in _NOT_COLLECTED:
        return None, flag.NOT_COLLECTED
    plain = t.replace(",", "")
    scale = 1.0
    if plain.endswith("%"):
        plain, scale = plain[:-1], 0.01
    try:
        number = float(plain)
    except ValueError:
        raise ValueError(f"not a number: {t!r}") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(f"not a number: {t!r}")
    return number * scale, ""

"""Reads the reference figures: text cells to floats, missing to NaN, from ESTEEM_ORACLES or the project's own copy."""

from __future__ import annotations

import csv
import gzip
import os
import re
from pathlib import Path

import numpy as np
import pytest

OWN = Path(__file__).resolve().parents[1] / "fixtures" / "oracles_statistics"
_MISSING = {"", "nan", "null"}


def folder() -> Path:
    """The folder of figures; a parent that holds `statistics` will do."""
    given = os.environ.get("ESTEEM_ORACLES")
    if not given:
        return OWN
    inner = Path(given) / "statistics"
    return inner if inner.is_dir() else Path(given)


def rows(name: str) -> list[dict[str, str]]:
    """Rows of one file as text. A file that another set leaves out skips the test; the project's own copy must have it."""
    for path, opener in ((folder() / f"{name}.csv", open), (folder() / f"{name}.csv.gz", gzip.open)):
        if path.exists():
            with opener(path, "rt", encoding="utf-8-sig", newline="") as text:
                return [{k: _cell(v) for k, v in row.items()} for row in csv.DictReader(text)]
    if folder() == OWN:
        raise FileNotFoundError(f"{name} is not in {OWN}")
    pytest.skip(f"{name}.csv is not in {folder()}")


def _cell(text: str | None) -> str:
    """A cell without blanks around it; both ways of writing a missing one come out empty."""
    text = (text or "").strip()
    return "" if text == "NA" else text


def number(text: str) -> float:
    return np.nan if text.lower() in _MISSING else float(text)


def truth(text: str) -> bool:
    return text.upper() in ("TRUE", "T", "1")


def column(of: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([number(row.get(name, "")) for row in of])


def split_by(of: list[dict[str, str]], *keys: str) -> dict[tuple[str, ...], list[dict[str, str]]]:
    parts: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in of:
        parts.setdefault(tuple(row[k] for k in keys), []).append(row)
    return parts


def limit_columns(names) -> list[tuple[float, str, str]]:
    """Confidence, lower and upper column of every pair such as `lower99_8cl`, `upper99_8cl` (`_0cl` = whole per cent)."""
    found = []
    for name in names:
        if m := re.fullmatch(r"(.*)lower(\d+)_(\d+)(cl)?", name):
            found.append((float(f"{m[2]}.{m[3]}") / 100, name, name.replace("lower", "upper")))
    return found


def multiplier(statistic: str, otherwise: float) -> float:
    """The number a statistic's name ends with (`dsr per 100000`, `proportion of 1`, `ratio x 100`); 100 for a percentage."""
    if statistic == "percentage":
        return 100.0
    m = re.search(r"(?:per|of|x) ([\d,.e+]+)$", statistic)
    return float(m[1].replace(",", "")) if m else otherwise


def agree(ours, theirs, rel: float, what="") -> None:
    """Every figure within the relative tolerance, missing where theirs is missing, infinite where theirs is infinite."""
    ours, theirs = np.broadcast_arrays(np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float))
    differs = np.flatnonzero(np.isnan(ours) != np.isnan(theirs))
    assert not differs.size, f"{what}: missing differs at {differs}"
    infinite = np.isinf(theirs)
    assert np.array_equal(ours[infinite], theirs[infinite]), what
    known = ~np.isnan(theirs) & ~infinite
    off = np.abs(ours[known] - theirs[known]) / np.maximum(1e-12, np.abs(theirs[known]))
    assert (off <= rel).all(), f"{what}: off by {off.max():.3g}, allowed {rel:.3g}, ours {ours[known][off.argmax()]!r}"

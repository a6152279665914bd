"""Which code lists a cohort tests, with the months in which each holds: noticed while the cohort is built."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from esteem.evidence.definitions.mhsds.rules import contacts
from esteem.evidence.records.reporting import month_words
from esteem.evidence.records.schema import mhsds_v6


@dataclass(frozen=True)
class CodeListUsed:
    """`name` as the definition calls it, `column` tested; `codes`: (code, label, "" where the data set gives none)."""

    name: str
    column: str
    codes: tuple[tuple[str, str], ...]
    first_month: int | None
    last_month: int | None

    @property
    def validity(self) -> str:
        start = f"from {month_words(self.first_month)}" if self.first_month is not None else ""
        end = f"to {month_words(self.last_month)}" if self.last_month is not None else ""
        return " ".join(part for part in (start, end) if part) or "in every month"


@contextmanager
def code_lists_used() -> Iterator[list[CodeListUsed]]:
    """The lists that are tested inside the block, each once, in the order of first use."""
    found: list[CodeListUsed] = []

    def notice(codes: contacts.CodeSet, column: str) -> None:
        labels = mhsds_v6().codes.get(mhsds_v6().coded.get(column, ""), {})
        named = tuple((code, labels.get(code, "")) for code in codes.codes)
        used = CodeListUsed(_name_of(codes), column, named, codes.first_month, codes.last_month)
        if used not in found:
            found.append(used)

    contacts.listeners.append(notice)
    try:
        yield found
    finally:
        contacts.listeners.remove(notice)


def _name_of(codes: contacts.CodeSet) -> str:
    """The name that a module of definitions gives this very set, in words; "" for one without a name."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith("esteem.evidence.definitions.mhsds."):
            for word, value in vars(module).items():
                if value is codes or (isinstance(value, tuple) and any(one is codes for one in value)):
                    return word.strip("_").lower().replace("_", " ")
    return ""

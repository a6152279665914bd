"""Problems: what went wrong, said so that a person can mend it.

Every error that a user can meet is a `Problem`: a stable code, the rule that was broken, what was found, what to do, and where
(file, row, column). The words follow GOV.UK style: begin with what to do, no "please", no "oops".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Problem(Exception):
    """One thing that is wrong. `code` is stable (kebab-case); `row` counts physical lines or sheet rows from 1."""

    code: str
    rule: str
    found: str = ""
    remedy: str = ""
    file: str = ""
    row: int | None = None
    column: str = ""

    def where(self) -> str:
        """File, row and column in words; empty when the problem has no place."""
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        lines = [f"{self.where()}: {self.rule}" if self.where() else self.rule]
        if self.found:
            lines.append(f"  Found: {self.found}")
        if self.remedy:
            lines.append(f"  What to do: {self.remedy}")
        return "\n".join(lines) + f"\n  [{self.code}]"

    def __reduce__(self):
        return (type(self), (self.code, self.rule, self.found, self.remedy, self.file, self.row, self.column))

    def __hash__(self) -> int:
        return id(self)

    def as_dict(self) -> dict:
        return {
            "code": self.code,
            "rule": self.rule,
            "found": self.found,
            "remedy": self.remedy,
            "file": self.file,
            "row": self.row,
            "column": self.column,
        }


class Problems(Exception):
    """Several problems at once (never empty)."""

    def __init__(self, problems: list[Problem]):
        super().__init__(f"{len(problems)} problems")
        self.problems = list(problems)

    def __str__(self) -> str:
        return "\n".join(str(p) for p in self.problems)

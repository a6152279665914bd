"""Read the keys of a TOML table, collecting a Problem with file and line for each thing that is wrong."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from datetime import date, datetime

from esteem.strategy.lines import Path, line_of
from esteem.terms.problems import Problem

_MISSING = object()


@dataclass
class Report:
    """Problems found so far in one file."""

    file: str
    lines: dict[Path, int]
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, path: Path, rule: str, found: object, remedy: str) -> None:
        self.problems.append(Problem(code, rule, str(found), remedy, self.file, line_of(self.lines, path), dotted(path)))


def dotted(path: Path) -> str:
    """("promise", 0, "by") -> "promise[1].by": entries count from 1, as a reader counts them."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass
class Table:
    """One table of the file. Each method reads one key; `done` reports the keys nobody asked for."""

    values: dict
    path: Path
    report: Report
    asked: set[str] = field(default_factory=set)

    def _take(self, key: str, required: bool, example: str):
        self.asked.add(key)
        if key in self.values:
            return self.values[key]
        if required:
            self.report.add(
                "strategy-key-missing", self.path, f"{key!r} is needed here.", "nothing", f"Add a line such as: {key} = {example}"
            )
        return _MISSING

    def _wrong(self, key: str, rule: str, found: object, example: str) -> None:
        self.report.add("strategy-value-form", (*self.path, key), rule, repr(found), f"Write it like: {key} = {example}")

    def text(self, key: str, *, required: bool = True, example: str = '"words"') -> str:
        value = self._take(key, required, example)
        if value is _MISSING:
            return ""
        if not isinstance(value, str) or not value.strip():
            self._wrong(key, f"{key!r} is text and not empty.", value, example)
            return ""
        return " ".join(value.split())

    def texts(self, key: str, *, required: bool = True, example: str = '["words"]') -> tuple[str, ...]:
        value = self._take(key, required, example)
        if value is _MISSING:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v.strip() for v in value):
            self._wrong(key, f"{key!r} is a list of texts, none of them empty.", value, example)
            return ()
        return tuple(" ".join(v.split()) for v in value)

    def day(self, key: str, *, required: bool = False) -> date | None:
        value = self._take(key, required, "2021-03-31")
        if value is _MISSING:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self._wrong(key, f"{key!r} is a day, written year-month-day without quotes.", value, "2021-03-31")
            return None
        return value

    def number(self, key: str, *, required: bool = False) -> float | None:
        value = self._take(key, required, "0.5")
        if value is _MISSING:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(key, f"{key!r} is a number without quotes (a share is a fraction: 0.5 for half).", value, "0.5")
            return None
        return float(value)

    def yes(self, key: str) -> bool:
        value = self._take(key, False, "true")
        if value is _MISSING:
            return False
        if not isinstance(value, bool):
            self._wrong(key, f"{key!r} is true or false.", value, "true")
            return False
        return value

    def choice(self, key: str, choices, *, required: bool = True) -> str:
        choices = tuple(choices)
        value = self._take(key, required, f'"{choices[0]}"')
        if value is _MISSING:
            return ""
        if value not in choices:
            near = difflib.get_close_matches(str(value), choices, 1)
            self._wrong(key, f"{key!r} is one of {', '.join(choices)}.", value, f'"{near[0] if near else choices[0]}"')
            return ""
        return value

    def table(self, key: str, *, required: bool = False) -> Table | None:
        value = self._take(key, required, "{ ... }")
        if value is _MISSING:
            return None
        if not isinstance(value, dict):
            self._wrong(key, f"{key!r} is a table.", value, "{ ... }")
            return None
        return Table(value, (*self.path, key), self.report)

    def tables(self, key: str, *, required: bool = False) -> list[Table]:
        value = self._take(key, required, "[{ ... }]")
        if value is _MISSING:
            return []
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self._wrong(key, f"{key!r} is a list of tables, each under [[...]].", value, "[{ ... }]")
            return []
        return [Table(v, (*self.path, key, i), self.report) for i, v in enumerate(value)]

    def done(self) -> None:
        """Report keys that mean nothing here, with the nearest key that does."""
        for key in self.values:
            if key not in self.asked:
                near = difflib.get_close_matches(key, self.asked, 1)
                self.report.add(
                    "strategy-key-unknown",
                    (*self.path, key),
                    f"The keys that may stand here are {', '.join(sorted(self.asked))}.",
                    key,
                    f"Write {near[0]!r} instead." if near else "Take the line out or correct its name.",
                )

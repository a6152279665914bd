"""Counts worked cases with an engine, and says where the answer differs."""

from __future__ import annotations

from dataclasses import dataclass

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import Defined, find_breakdown
from esteem.evidence.record_model import Family
from esteem.evidence.records.rows_extract import RowsExtract
from esteem.evidence.records.workbench import Workbench
from esteem.evidence.worked_cases import CaseAnswer, WorkedCase
from esteem.terms.problems import Problem


@dataclass(frozen=True)
class Difference:
    """One figure of a case that an engine gives otherwise than the case says; None is no figure."""

    case: WorkedCase
    answer: CaseAnswer
    corrected: bool
    expected: float | None
    found: float | None

    def __str__(self) -> str:
        asked = " ".join((self.answer.measure, self.answer.period, self.answer.breakdown, self.answer.level))
        return f"{self.case.title}: {asked}{' corrected' if self.corrected else ''}: expected {self.expected}, found {self.found}"


def differences(family: Family, case: WorkedCase, engine) -> list[Difference]:
    """Where the engine's figures are not those of the case: none when all is well. Problem `case-measure` for what is not defined."""
    found = _differences(family, case, engine, frozenset(), [(answer, answer.value) for answer in case.answers])
    right = [(answer, answer.corrected) for answer in case.answers if answer.corrected != ""]
    if right:
        found += _differences(family, case, engine, frozenset(case.corrected or family.quirks), right)
    return found


def _differences(family, case, engine, corrected: frozenset[str], answers: list[tuple[CaseAnswer, float | None]]) -> list[Difference]:
    work = Workbench(RowsExtract(case.filled(), engine, case.schema), case.month, corrected)
    expected: dict[Request, dict[str, tuple[CaseAnswer, float | None]]] = {}
    for answer, value in answers:
        expected.setdefault(request_of(family, case, answer), {})[answer.level] = (answer, value)
    wrong = []
    for request, levels in compute(work, expected).items():
        for level in dict.fromkeys((*expected[request], *levels)):
            answer, wanted = expected[request].get(level) or (_unlisted(request, level), None)
            value = levels[level].value if level in levels else None
            if not _same(wanted, value):
                wrong.append(Difference(case, answer, bool(corrected), wanted, value))
    return wrong


def request_of(family: Family, case: WorkedCase, answer: CaseAnswer) -> Request:
    """What to compute for one line of a case's answer."""
    named = [m for m in family.measures if m.id == answer.measure and answer.period in ("", *m.periods)]
    breakdown = find_breakdown(Defined(family, named[0]), answer.breakdown) if named else None
    if breakdown is None:
        found = " ".join((answer.measure, answer.period, answer.breakdown))
        raise Problem("case-measure", f"A case of {family.name} names its measures and breakdowns.", found, "", case.source)
    return Request(named[0], answer.period or named[0].periods[0], breakdown)


def _unlisted(request: Request, level: str) -> CaseAnswer:
    return CaseAnswer(request.measure.id, request.period, request.breakdown.name, level, None)


def _same(wanted: float | None, found: float | None) -> bool:
    """Equal, or equal as far as the case writes its digits (at least four)."""
    if wanted is None or found is None:
        return wanted is found
    return abs(wanted - found) <= 0.5e-4 * max(1.0, abs(wanted))

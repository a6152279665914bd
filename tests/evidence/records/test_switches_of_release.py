"""Two switches whose effect a figure of England does not show: what is printed for ED87e, and the bed of a discharge without a ward."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import find_record_measures
from esteem.evidence.definitions.mhsds.breakdowns import PROVIDER
from esteem.evidence.definitions.mhsds.eating_disorders import LARGER_STRING, ShownWithLarger
from esteem.evidence.definitions.mhsds.publication import PUBLICATIONS
from esteem.evidence.engines.duckdb_engine import DuckDBEngine
from esteem.evidence.record_model import Breakdown, Figure, stays_as_published
from esteem.evidence.records.rows_extract import RowsExtract
from esteem.evidence.records.workbench import Workbench
from esteem.evidence.worked_cases import read_cases


class _Known:
    """A value whose figure is given."""

    kind = "percent"

    def __init__(self, figure: Figure):
        self.figure = figure

    def counts(self, breakdown):
        return []

    def figures(self, breakdown, read):
        return {"PRA": self.figure}


@pytest.mark.parametrize(
    ("within_a_week", "within_four", "published", "corrected"),
    [
        (6, 2, "40", "40"),  # one of the two counts can be shown, and so can their sum
        (4, 4, "*", "40"),  # neither can, though their sum of 8 can: the nation hides it
        (2, 2, "*", "*"),  # nor can the sum
    ],
)
def test_ed87e_is_hidden_by_its_own_sum_when_put_right(within_a_week, within_four, published, corrected):
    both = within_a_week + within_four
    share = _Known(Figure(40.0, numerator=both, denominator=20))
    value = ShownWithLarger(share, _Known(Figure(within_a_week)), _Known(Figure(within_four)))
    for as_published, text in ((True, published), (False, corrected)):
        read = SimpleNamespace(as_published=lambda quirk, kept=as_published: kept)
        assert stays_as_published(read, LARGER_STRING) is as_published
        figure = value.figures(PROVIDER, read)["PRA"]
        assert PUBLICATIONS.text(figure, value.kind, PROVIDER) == text


CHILD_WITHOUT_WARD = """
# A child leaves hospital, no ward stay ends that day
The stay is counted in both readings; only its bed differs: none as published, UNKNOWN when put right.

MHS001MPI
Person_ID | AgeRepPeriodEnd
P1        | 16

MHS501HospProvSpell
Person_ID | UniqHospProvSpellID | StartDateHospProvSpell | DischDateHospProvSpell
P1        | S1                  | 2024-12-01             | 2025-03-05

answer
measure | value
MHS142  | 1
"""


@pytest.mark.parametrize(("corrected", "beds"), [(frozenset(), {}), (frozenset(["quirk:los-cyp-no-ward-row"]), {"UNKNOWN": 1})])
def test_a_discharge_without_a_ward_has_an_unknown_bed_when_put_right(corrected, beds):
    (case,) = read_cases(CHILD_WITHOUT_WARD)
    work = Workbench(RowsExtract(case.filled(), DuckDBEngine(threads=1)), case.month, corrected)
    measure = find_record_measures("MHS142")[0].measure
    by_bed, whole = (Request(measure, "Q", Breakdown(name, (name,))) for name in ("bed_type", "england"))
    found = compute(work, [by_bed, whole])
    assert {level: figure.value for level, figure in found[whole].items()} == {"England": 1}
    assert {level: figure.value for level, figure in found[by_bed].items()} == beds

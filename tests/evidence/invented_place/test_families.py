"""Every measure counted from MHSDS has something to count on the invented place, but for a named few."""

from __future__ import annotations

import pytest

from esteem.evidence.computing import Request, compute
from esteem.evidence.definitions.mhsds import families
from esteem.evidence.invented.making import UNTIL, make_records
from esteem.evidence.records.extract import open_extract
from esteem.evidence.records.workbench import Workbench

# Rare things of a place this size, or of the last day only: short-term orders in force, autistic people detained, one narrow age.
MAY_BE_NOUGHT = ("LDA", "MHS10", "MHS11a", "MH10", "MHS149", "MHS22a", "EIP", "ED", "OAP", "MHS11", "MHS110", "CCR", "PLS", "MRS01a")
MOST_NOUGHTS = 0.15  # of measures


@pytest.mark.slow
def test_most_measures_have_figures(tmp_path):
    made = make_records(tmp_path / "place", ["all"], 100_000, faults=False)
    work, nought, every = Workbench(open_extract(made.folder), UNTIL), [], 0
    for family in families():
        asked = [
            Request(measure, period, breakdown)
            for measure in family.measures
            for period in measure.periods
            for breakdown in measure.breakdowns
            if breakdown.name == "England"
        ]
        results = compute(work, asked)
        every += len(asked)
        nought += [request.measure.id for request in asked if not any(figure.value for figure in results[request].values())]
    assert every > 400
    assert [name for name in nought if not name.startswith(MAY_BE_NOUGHT)] == []
    assert len(nought) / every < MOST_NOUGHTS, nought

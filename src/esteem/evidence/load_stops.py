"""What stops a load until a person says go on: rows that cannot be used, and new editions very unlike those they replace."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from esteem.evidence.pack.parts import unpacked
from esteem.evidence.pack.placing import SET_ASIDE, row_number
from esteem.evidence.pack.reading import ReadFile
from esteem.evidence.snapshots import Snapshot
from esteem.evidence.sources.contract import Source
from esteem.terms.problems import Problem

_TOLD = 20  # rows of one file named one by one


def unusable_rows(read: ReadFile) -> list[Problem]:
    """A problem for each row that cannot be read or contradicts another; of very many the first, with the number of the rest."""
    wrong = read.rejected.filter(pc.is_in(read.rejected["kind"], pa.array(["unreadable", "contradictory"])))
    problems = [
        Problem(f"row-{r['kind']}", r["rule"], r["found"], f"{r['remedy']} {SET_ASIDE}", r["file"], row_number(r["row"]), r["column"])
        for r in wrong.slice(0, _TOLD).to_pylist()
    ]
    if wrong.num_rows > _TOLD:
        more = f"{wrong.num_rows - _TOLD:,} more rows like these"
        remedy = f"Use --rejected FILE.csv to list them all. {SET_ASIDE}"
        problems.append(Problem("rows-more", "Every row of a file can be used.", more, remedy, read.edition["file"]))
    return problems


def large_changes(read: ReadFile, source: Source, before: Snapshot) -> list[Problem]:
    """What the publication's own rules find too large a change from the edition that is served for the same coverage."""
    edition = read.edition
    if not edition["covers"]:
        return []
    same_coverage = "select o.* from observations o join editions e using (edition) where e.source = ? and e.covers = ?"
    served = before.table(same_coverage, [source.id, edition["covers"]])
    if not served.num_rows:
        return []
    return [
        Problem(
            "edition-moves",
            f"A new edition changes little. {check.name}.",
            check.detail,
            "Look at what changes with --dry-run --accept-changes, ask the publisher, then load with --accept-changes.",
            edition["file"],
        )
        for check in source.compare_editions(served, unpacked(read.observations))
        if not check.passed
    ]

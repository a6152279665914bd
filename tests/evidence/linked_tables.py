"""Small measures over invented tables, for attacks on what is released of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from esteem.evidence.definitions.mhsds import Defined
from esteem.evidence.definitions.mhsds.publication import ANALYSIS
from esteem.evidence.record_model import Breakdown, Cohort, Counted, Family, Figure, Ratio, RecordMeasure, distinct
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.release.splits import Share, Split

ENGLAND = Breakdown("England", ("england",))
PROVIDER = Breakdown("Provider", ("provider",))
SUB_ICB = Breakdown("Sub ICB", ("sub_icb",))
ICB = Breakdown("ICB", ("icb",))
PROVIDER_GROUP = Breakdown("Provider; Age Group", ("provider", "age_group"))
GROUP = Breakdown("England; Age Group", ("age_group",))
NESTING = {("sub_icb", "icb"): {"S1": "I1", "S2": "I1", "S3": "I2", "S4": "I2"}}

_COHORT = Cohort("invented people", lambda work, window: None)
SEEN = Counted(_COHORT, distinct("Person_ID"))
IN_TIME = Counted(_COHORT, distinct("Person_ID"), "in_time")
LATE = Counted(_COHORT, distinct("Person_ID"), "late")
IN_TIME_SHARE = Ratio(IN_TIME, SEEN)
FAMILY = Family(
    *("invented", "Invented", "How many?", "To attack them.", "none", "none", ANALYSIS),
    measures=tuple(
        RecordMeasure(name, name, value, ("M", "Q"), (ENGLAND,))
        for name, value in (("X01", SEEN), ("X01a", IN_TIME), ("X01b", LATE), ("X02", IN_TIME_SHARE))
    ),
)
_BY_ID = {measure.id: Defined(FAMILY, measure) for measure in FAMILY.measures}
MARCH = Reporting.of(date(2025, 3, 31))


@dataclass(frozen=True)
class People:
    """How many were seen in and out of time, by (provider, age group, sub-ICB)."""

    in_time: dict[tuple[str, str, str], int]
    late: dict[tuple[str, str, str], int]

    def splits(self, month: Reporting = MARCH, kind: str = "M") -> list[Split]:
        """Every measure by every breakdown."""
        seen = {key: self.in_time[key] + self.late[key] for key in self.in_time}
        made = []
        for breakdown in (ENGLAND, PROVIDER, GROUP, PROVIDER_GROUP, SUB_ICB, ICB):
            by = {n: _summed(counts, breakdown) for n, counts in (("X01", seen), ("X01a", self.in_time), ("X01b", self.late))}
            window = month.window(kind)
            made += [Split(_BY_ID[n], window, breakdown, {k: Figure(float(v)) for k, v in found.items()}) for n, found in by.items()]
            above, below = ({k: Figure(float(v)) for k, v in by[n].items()} for n in ("X01a", "X01"))
            shares = {k: Figure(100 * above[k].value / f.value, above[k].value, f.value) if f.value else None for k, f in below.items()}
            made.append(Split(_BY_ID["X02"], window, breakdown, shares, Share(IN_TIME, SEEN, 100.0), above, below))
        return made

    def plus(self, other: People) -> People:
        in_time = {key: count + other.in_time[key] for key, count in self.in_time.items()}
        return People(in_time, {key: count + other.late[key] for key, count in self.late.items()})


def _summed(counts: dict[tuple[str, str, str], int], breakdown: Breakdown) -> dict[str, int]:
    found: dict[str, int] = {}
    for (provider, group, area), count in counts.items():
        codes = {"england": "England", "provider": provider, "age_group": group, "sub_icb": area, "icb": NESTING["sub_icb", "icb"][area]}
        level = ";".join(codes[column] for column in breakdown.columns)
        found[level] = found.get(level, 0) + count
    return found

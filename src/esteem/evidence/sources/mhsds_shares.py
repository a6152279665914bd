"""Per cents of the community waits files with the two counts they are made of, where both stand in the same file."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from esteem.evidence.sources.contract import OBSERVATION
from esteem.evidence.sources.parquet_tables import open_engine


def _waiting(stem: str, whole: str) -> dict[str, tuple[str, str]]:
    """Waits of more than 104, 78 and 52 weeks: a, c, e are the counts and b, d, f their per cents of `whole`."""
    return {f"{stem}{share}": (f"{stem}{count}", whole) for count, share in (("a", "b"), ("c", "d"), ("e", "f"))}


# per cent: (count above the line, count below the line)
NUMERATORS: dict[str, tuple[str, str]] = {
    "MRS01b": ("MRS01a", "MRS01"),
    "MRS08b": ("MRS08a", "MRS08"),
    **_waiting("MRS02", "MRS02"),
    **_waiting("MRS07", "MRS03"),
    **_waiting("MRS09", "MRS09"),
    **_waiting("MRS14", "MRS10"),
}

_FILLED = """
select o.* replace (n.value as numerator, d.value as denominator)
from observations o
left join pairs p on p.share = o.series
left join observations n on n.series = p.above and n.place = o.place and n.period_start = o.period_start
    and n.breakdown = o.breakdown and n.category = o.category
left join observations d on d.series = p.below and d.place = o.place and d.period_start = o.period_start
    and d.breakdown = o.breakdown and d.category = o.category
order by o.series, o.place, o.period_start, o.breakdown, o.category
"""


def fill_shares(observations: pa.Table) -> pa.Table:
    """The same observations with numerator and denominator of the per cents; a suppressed count stays null.

    A file that has none of these per cents comes back as it is.
    """
    if not {f"mhsds_monthly.{share}" for share in NUMERATORS} & set(pc.unique(observations["series"]).to_pylist()):
        return observations
    engine = open_engine()
    engine.register("observations", observations)
    names = [(share, above, below) for share, (above, below) in NUMERATORS.items()]
    columns = {name: [f"mhsds_monthly.{row[i]}" for row in names] for i, name in enumerate(("share", "above", "below"))}
    engine.register("pairs", pa.table(columns))
    return engine.execute(_FILLED).to_arrow_table().cast(OBSERVATION)

"""Several editions of one publication: the higher rank wins cell by cell, the others are kept as superseded."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from esteem.evidence.pack.ordering import cell_numbers, ordinals
from esteem.evidence.pack.parts import unpacked
from esteem.evidence.pack.shapes import CELL
from esteem.terms import flags as flag
from esteem.terms.problems import Problem


def rank_numbers(editions: list[dict]) -> dict[str, int]:
    """{edition id: whole number}, higher = outranks; equal ranks get equal numbers. Ranks of one source compare step by step."""
    ranks = {e["edition"]: tuple(json.loads(e["rank"] or "[]")) for e in editions}
    try:
        order = sorted(set(ranks.values()))
    except TypeError:
        raise Problem(
            "edition-rank",
            "Editions of one publication can be put in order.",
            "; ".join(f"{e['file']} {e['rank']}" for e in editions[:4]),
            "Tell the developers: the reader of this publication is wrong.",
        ) from None
    return {edition: order.index(rank) for edition, rank in ranks.items()}


def settle(observations: pa.Table, editions: list[dict]) -> tuple[pa.Table, pa.Table]:
    """(winning cells, superseded cells) of one source, packed, both sorted by cell, then rank.

    Raises Problem `cell-repeated` when an edition holds a cell twice, `edition-equal-rank` when two of equal rank hold the same cell.
    """
    if not observations.num_rows:
        return observations, observations
    cells = cell_numbers(observations, CELL)
    rank = _ranks_of_rows(observations["edition"], rank_numbers(editions))
    order = np.lexsort((ordinals(observations["edition"]), -rank, cells))
    cells, rank = cells[order], rank[order]
    again = np.flatnonzero(cells[1:] == cells[:-1]) + 1
    if len(again):
        _refuse_ties(observations, order, rank, again, {e["edition"]: e for e in editions})
    first = np.ones(len(order), bool)
    first[again] = False
    followed = np.flatnonzero(first)[np.append(~first, False)[np.flatnonzero(first) + 1]]  # winners with an older figure behind them
    unlike = ~_alike(observations["value"].take(order[followed]), observations["value"].take(order[followed + 1]))
    revised = np.zeros(len(order), bool)
    revised[followed[unlike]] = True
    return _marked(observations.take(order[first]), revised[first]), observations.take(order[~first])


def _marked(winners: pa.Table, revised: np.ndarray) -> pa.Table:
    """The winners, those that differ from the figure before them flagged so."""
    if not revised.any():
        return winners
    flags = winners["flags"].combine_chunks()
    more = pa.array([flag.join([*flag.split(words), flag.REVISED]) for words in flags.dictionary.to_pylist()], pa.string())
    words = pc.if_else(pa.array(revised), more.take(flags.indices), flags.cast(pa.string()))
    return winners.set_column(winners.column_names.index("flags"), "flags", words.dictionary_encode())


def _ranks_of_rows(column: pa.ChunkedArray, numbers: dict[str, int]) -> np.ndarray:
    array = column.combine_chunks()
    by_code = np.array([numbers[e] for e in array.dictionary.to_pylist()], dtype=np.int64)
    return by_code[array.indices.to_numpy(zero_copy_only=False)]


def _refuse_ties(observations: pa.Table, order: np.ndarray, rank: np.ndarray, again: np.ndarray, editions: dict[str, dict]) -> None:
    ties = again[rank[again] == rank[again - 1]]
    if not len(ties):
        return
    pairs = observations.take(order[ties - 1]), observations.take(order[ties])
    unlike = np.flatnonzero(~_alike(pairs[0]["value"], pairs[1]["value"]))
    shown = int(unlike[0]) if len(unlike) else 0
    one, two = (unpacked(rows.slice(shown, 1)).to_pylist()[0] for rows in pairs)
    cell = f"{one['series']}, {one['place']}, {one['period_start']} to {one['period_end']}, {one['breakdown']} {one['category']}"
    first, second = editions[one["edition"]], editions[two["edition"]]
    if one["edition"] == two["edition"]:
        raise Problem(
            "cell-repeated",
            "A file holds each figure once.",
            f"{cell}: {_said(one)} at {one['source_row']} and {_said(two)} at {two['source_row']}; {len(ties)} such figures",
            "Take out the repeated rows, or ask the publisher which of them is right.",
            first["file"],
        )
    raise Problem(
        "edition-equal-rank",
        "Of two editions that hold the same figures, one outranks the other (a final figure a provisional one, version 2 version 1).",
        f"{first['file']} and {second['file']} are both edition {first['label']!r} and both hold {len(ties):,} figures, "
        f"{len(unlike):,} of them unlike; {cell}: "
        f"{_said(one)} and {_said(two)}",
        "Keep the file with the publisher's latest figures and leave the other out.",
        second["file"],
    )


def _alike(one: pa.ChunkedArray, two: pa.ChunkedArray) -> np.ndarray:
    """Equal, or both empty; shape (rows,), bool."""
    same = pc.or_(pc.fill_null(pc.equal(one, two), False), pc.and_(one.is_null(), two.is_null()))
    return same.to_numpy().astype(bool)


def _said(row: dict) -> str:
    return "no value" if row["value"] is None else f"{row['value']:,.10g}"


def table_rows(rows: pa.Table, editions: list[dict]) -> pa.Table:
    """Rows of a reference table: where editions cover the same thing, only the highest rank stays.

    Reference tables hold no figures, so an older lookup is not kept beside the newer one; the earlier snapshot has it.
    """
    numbers = rank_numbers(editions)
    present = set(rows["edition"].unique().to_pylist())
    best: dict[str, int] = {}
    for e in editions:
        if e["edition"] in present:
            best[e["covers"]] = max(best.get(e["covers"], -1), numbers[e["edition"]])
    kept = [e["edition"] for e in editions if e["edition"] in present and numbers[e["edition"]] == best[e["covers"]]]
    return rows if set(kept) == present else rows.filter(pc.is_in(rows["edition"], pa.array(kept)))

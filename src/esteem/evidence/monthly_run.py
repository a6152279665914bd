"""A whole month of every measure and breakdown counted from records, written as files: unrounded for few, released for all.

    OUT/
      manifest.json        month, records, mode, policy, how many figures and how many hidden
      public/              released.parquet, mhsds_2025-03.csv (layout of the national main file), mhsds_2025-03_companion.csv
      restricted/          figures.parquet (unrounded), decisions.parquet, what later releases must know, READ_FIRST.txt

The folder appears whole or not at all. Each family's figures are kept under `.unfinished-...` beside it, so that a run that was killed goes
on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from esteem.evidence import publish
from esteem.evidence.computing import compute
from esteem.evidence.definitions.mhsds import Defined, families_of
from esteem.evidence.definitions.mhsds.rules.areas import UNKNOWN, live_sub_icbs
from esteem.evidence.record_model import AREAS, Family, Figure
from esteem.evidence.records.reporting import Reporting
from esteem.evidence.records.workbench import Workbench
from esteem.evidence.release.deciding import Decided
from esteem.evidence.release.earlier import keep_for_later, months_between, read_earlier
from esteem.evidence.release.national_file import write_national
from esteem.evidence.release.relations import Nesting
from esteem.evidence.release.rows import ReleasedRow, decision_rows
from esteem.evidence.release.splits import Split, Wanted, rows_behind, with_every_level
from esteem.terms.problems import Problem

DATA_SET = "mhsds"  # talking therapies are counted by `ask`; their national files have another layout
MANIFEST, PUBLIC, RESTRICTED = "manifest.json", "public", "restricted"
Progress = Callable[[int, int, str], None]  # measures done, measures in all, what is being done
_WARNING = (
    "RESTRICTED: unrounded figures with small numbers, and the log that tells which hidden figures are small. For named people whose work\n"
    "needs them. Nothing in this folder may be published, sent on or put on a shared drive. What may be shown is in ../public.\n"
)


@dataclass(frozen=True)
class Run:
    """What a run is of. `edition`: which records, in words; `corrected`: the quirks of the national code are put right."""

    month: Reporting
    edition: str
    corrected: bool = False
    measures: str = "*"

    @property
    def label(self) -> str:
        return f"{self.month.end:%Y-%m}"

    @property
    def fingerprint(self) -> str:
        definitions = [f"{f.name}:{','.join(m.id for m in f.measures)}" for f in families_of(DATA_SET)]
        text = json.dumps([self.label, self.edition, self.corrected, self.measures, definitions])
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Done:
    """What was written. `given_away`: small counts that earlier releases give away already, whatever this one hides."""

    folder: Path
    figures: int
    hidden: int
    hidden_second: int
    main_rows: int
    companion_rows: int
    given_away: list[str]
    earlier: int


def run_month(run: Run, extract, out: Path, watch: Progress = lambda done, of, what: None, national: bool = False) -> Done:
    """Count, release and write. `national`: print as the nation does, into `as_published/` and not `public/`.

    Problem `run-no-measures` when no id fits; those of computing and of the release.
    """
    work = Workbench(extract, run.month, "all" if run.corrected else frozenset())
    unfinished = out.with_name(f".unfinished-{out.name}-{run.fingerprint}")
    parts = unfinished / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    counted, nesting = _counted(run, work, parts, watch), _nesting(work)
    splits = with_every_level(counted, {column: set(places) for (column, _), places in nesting.items() if column in AREAS})
    earlier = _earlier_runs(out, run)
    watch(len(splits), len(splits), f"release of {sum(len(s.levels) for s in splits):,} figures")
    decided = publish.decide_counted(splits, DATA_SET, nesting, read_earlier(earlier) if earlier else None)
    rows = publish.counted_as_published(splits) if national else publish.release_counted(decided)
    done = _write(run, unfinished, decided, rows, _names(work), "as_published" if national else PUBLIC, len(earlier), out)
    shutil.rmtree(parts)
    _put_in_place(unfinished, out)
    return done


# ---------------------------------------------------------------- counting


def _counted(run: Run, work: Workbench, parts: Path, watch: Progress) -> list[Split]:
    chosen = [(f, [m for m in f.measures if _fits(m.id, run.measures)]) for f in families_of(DATA_SET)]
    total = sum(len(measures) for _, measures in chosen)
    if not total:
        raise Problem("run-no-measures", "The pattern fits the id of a measure.", run.measures, "List them: `esteem measures`.")
    splits: list[Split] = []
    done = 0
    for family, measures in chosen:
        if measures:
            watch(done, total, family.title)
            splits += _of_family(family, measures, work, parts / f"{family.name}.json")
            done += len(measures)
    return splits


def _fits(name: str, pattern: str) -> bool:
    return any(fnmatchcase(name, one) for one in pattern.split(","))


def _of_family(family: Family, measures: list, work: Workbench, part: Path) -> list[Split]:
    behind = {id(m): rows_behind(m.value) for m in measures}
    wanted = [Wanted.of(Defined(family, m), p, b, behind[id(m)]) for m in measures for p in m.periods for b in m.breakdowns]
    requests = [request for one in wanted for request in one.requests]
    if part.is_file():
        levels = [{level: Figure(*numbers) for level, numbers in found.items()} for found in json.loads(part.read_text(encoding="utf-8"))]
        found = dict(zip(requests, levels, strict=True))
    else:
        found = compute(work, requests)
        kept = [{level: (f.value, f.numerator, f.denominator) for level, f in found[request].items()} for request in requests]
        beside = part.with_suffix(".part")
        beside.write_text(json.dumps(kept), encoding="utf-8")
        beside.replace(part)
    return [one.split(work.month.window(one.request.period), found) for one in wanted]


def _nesting(work: Workbench) -> Nesting:
    """Which areas and groups lie in which: sub-ICB in board, board in region, tenth in fifth."""
    live = work.extract.engine.run(live_sub_icbs(work)).to_pylist()
    unknown = {UNKNOWN: UNKNOWN}
    tenths = {f"{n:02d} {words}": _CORE20 if n <= 2 else _OTHERS for n, words in _DECILES.items()}
    return {
        ("sub_icb", "icb"): {r["sub_icb"]: r["icb"] for r in live if r["icb"]} | unknown,
        ("sub_icb", "region"): {r["sub_icb"]: r["region"] for r in live if r["region"]} | unknown,
        ("icb", "region"): {r["icb"]: r["region"] for r in live if r["icb"] and r["region"]} | unknown,
        ("imd_decile", "imd_core20"): tenths | unknown,
    }


_CORE20, _OTHERS = "Most deprived quintile", "Other 4 quintiles"
_DECILES = {1: "Most deprived", 10: "Least deprived"} | {n: "More deprived" if n < 6 else "Less deprived" for n in range(2, 10)}


def _names(work: Workbench) -> dict[str, str]:
    if "ORG_DAILY" in work.extract.absent:
        return {}
    table = work.t.ORG_DAILY
    rows = work.extract.engine.run(table.select("ORG_CODE", "NAME").distinct()).to_pylist()
    return {row["ORG_CODE"]: row["NAME"] for row in rows if row["ORG_CODE"]}


# ---------------------------------------------------------------- earlier releases


def _earlier_runs(out: Path, run: Run) -> list[Path]:
    """Restricted folders of the public releases of other months beside this one, within a year, in the same mode."""
    found = []
    for path in sorted(out.parent.glob(f"*/{MANIFEST}")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        end = datetime.fromisoformat(manifest["period_end"]).date()
        near = 0 < months_between(end, run.month.end) < 12
        if near and manifest["mode"] == _mode(run) and (path.parent / PUBLIC).is_dir():
            found.append(path.parent / RESTRICTED)
    return found


def _mode(run: Run) -> str:
    return "corrected" if run.corrected else "as published"


# ---------------------------------------------------------------- writing


def _write(run: Run, folder: Path, decided: Decided, rows: list[ReleasedRow], names, shown: str, earlier: int, out: Path) -> Done:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    public, restricted = folder / shown, folder / RESTRICTED
    for part in (public, restricted):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
    pq.write_table(pa.Table.from_pylist([vars(row) for row in rows]), public / "released.parquet")
    main = public / f"mhsds_{run.label}.csv"
    written = write_national(main, main.with_name(f"{main.stem}_companion.csv"), rows, names)
    (restricted / "READ_FIRST.txt").write_text(_WARNING, encoding="utf-8")
    marked = {"marking": "RESTRICTED: unrounded, small numbers", "edition": run.edition}
    figures = pa.Table.from_pylist(_unrounded(decided.splits), schema=_FIGURES)
    pq.write_table(figures.replace_schema_metadata(marked), restricted / "figures.parquet")
    log = decision_rows(decided, now, run.edition)
    pq.write_table(pa.Table.from_pylist(log).replace_schema_metadata(marked), restricted / "decisions.parquet")
    keep_for_later(restricted, decided)
    hidden_second = sum(row["stage"] == "secondary" for row in log)
    done = Done(out, len(rows), len(log), hidden_second, *written, decided.given_away, earlier)
    manifest = {
        "month": run.label,
        "period_end": run.month.end.isoformat(),
        "edition": run.edition,
        "mode": _mode(run),
        "made": now,
        "measures": run.measures,
        "policy": f"mhsds.{shown}",
        "words": decided.policy.words,
        "figures": done.figures,
        "hidden": done.hidden,
        "hidden_to_protect": hidden_second,
        "earlier_releases": earlier,
        "given_away": len(done.given_away),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return done


def _unrounded(splits: list[Split]) -> list[dict]:
    return [
        {
            "pipeline": s.pipeline,
            "measure": s.measure.id,
            "period": s.window.kind,
            "start": s.window.start,
            "end": s.window.end,
            "breakdown": s.breakdown.name,
            "level": level,
            "kind": s.kind,
            "value": f.value,
            "numerator": f.numerator,
            "denominator": f.denominator,
        }
        for s in splits
        for level, f in s.levels.items()
        if f is not None
    ]


_FIGURES = pa.schema(
    [
        *(("pipeline", pa.string()), ("measure", pa.string()), ("period", pa.string()), ("start", pa.date32()), ("end", pa.date32())),
        *(("breakdown", pa.string()), ("level", pa.string()), ("kind", pa.string()), ("value", pa.float64())),
        *(("numerator", pa.float64()), ("denominator", pa.float64())),
    ]
)


def _put_in_place(made: Path, out: Path) -> None:
    """The finished folder under its name; an earlier one of the same name gives way only then."""
    if out.exists():
        if not (out / MANIFEST).is_file():
            raise Problem("run-folder-other", "The folder is new, or holds an earlier run.", str(out), "Name another folder with --out.")
        old = out.with_name(f".replaced-{out.name}")
        shutil.rmtree(old, ignore_errors=True)
        out.rename(old)
        made.rename(out)
        shutil.rmtree(old)
        return
    made.rename(out)

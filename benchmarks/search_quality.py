"""How good the search and the crisis detector are: every measure of both tables of the design, from a folder of CSVs.

Run: python benchmarks/search_quality.py FOLDER [--home HOME] [--http http://127.0.0.1:8000]
FOLDER holds crisis_phrases.csv and judged_queries.csv (or one of them); without --http the search runs in this process over the
demonstration catalogue, with --http over the JSON search of a server that was seeded with it. Set --each to see every query below its bar.
"""

from __future__ import annotations

import argparse
import csv
import time
from datetime import UTC, datetime
from pathlib import Path

from esteem.directory.crisis.detector import level
from esteem.directory.demonstration import demonstration
from esteem.directory.gazetteer import place_finder
from esteem.directory.judging import Judged, measures
from esteem.directory.search import Query, SearchIndex, search
from esteem.evidence.snapshots import open_snapshot

BARS = {
    "shown": (0.99, 1),
    "full": (0.95, 1),
    "false alarm": (0.05, -1),
    "false full alarm": (0.02, -1),
    "signpost shown": (0.95, 1),
    "signpost overdone": (0.25, -1),
    "p95 ms (processor)": (5, -1),
    "nDCG@10": (0.75, 1),
    "success@3": (0.9, 1),
    "broken@5": (0.1, -1),
    "typo": (0.95, 1),
    "lay words": (0.8, 1),
    "zero results": (0.02, -1),
    "panel": (0.95, 1),
    "gaps": (0.05, -1),
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def crisis(path: Path) -> dict[str, float]:
    said: dict[str, list[str]] = {"crisis": [], "signpost": [], "none": []}
    spent = []
    level("warm up")
    for row in rows(path):
        start = time.process_time()
        said[row["label"]].append(level(row["phrase"]))
        spent.append(time.process_time() - start)

    def share(label: str, *levels: str) -> float:
        return sum(one in levels for one in said[label]) / max(1, len(said[label]))

    return {
        "shown": share("crisis", "crisis", "signpost"),
        "full": share("crisis", "crisis"),
        "false alarm": share("none", "crisis", "signpost"),
        "false full alarm": share("none", "crisis"),
        "signpost shown": share("signpost", "signpost", "crisis"),
        "signpost overdone": share("signpost", "crisis"),
        "p95 ms (processor)": sorted(spent)[int(len(spent) * 0.95)] * 1000,
    }


def judged(path: Path, http: str) -> tuple[dict[str, float], list[dict]]:
    snapshot = open_snapshot("shipped")
    finder, now = place_finder(snapshot), datetime.now(UTC)
    postcodes = snapshot.rows("select postcode, latitude, longitude, district from postcodes")
    services = list(demonstration(postcodes, now.date()))
    ask = _over_http(http) if http else _in_process(SearchIndex.build(services), finder, now)
    found = []
    for row in rows(path):
        ids, crisis_level = ask(row["query"])
        found.append(Judged(row, ids, crisis_level, ask(row["intended"])[0] if row["intended"] else ()))
    return measures(found, {s.id: s for s in services}, lambda name: finder.find(name).areas, now)


def _in_process(index: SearchIndex, finder, now: datetime):
    known = finder.names_known()

    def places(text: str):
        padded = f" {text} "
        name = next((name for name in sorted(known, key=len, reverse=True) if f" {name} " in padded), None)
        place = known.get(name) if name else None
        return (name, (place.latitude, place.longitude), place.areas, place.name) if place else None

    def ask(words: str):
        found = search(index, Query(words, at=now), places)
        return [index.services[one.number].id for one in found.results], found.crisis

    return ask


def _over_http(http: str):
    import httpx

    client = httpx.Client(base_url=http, timeout=30)

    def ask(words: str):
        said = client.get("/api/v1/directory/search", params={"q": words}).raise_for_status().json()
        return [one["id"] for one in said["results"]], said["crisis"]

    return ask


def show(title: str, found: dict[str, float]) -> None:
    print(title)
    for name, value in found.items():
        bar, sense = BARS[name]
        print(f"  {name:20} {value:7.3f}   bar {'>=' if sense > 0 else '<='} {bar:<5} {'met' if (value - bar) * sense >= 0 else 'NOT MET'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--http", default="")
    parser.add_argument("--each", action="store_true")
    said = parser.parse_args()
    if (path := said.folder / "crisis_phrases.csv").exists():
        show("Crisis phrases", crisis(path))
    for name in ("judged_queries.csv", "development_queries.csv", "held_out_queries.csv"):
        if (path := said.folder / name).exists():
            found, lines = judged(path, said.http)
            show(f"Judged queries ({name}, {len(lines)})", found)
            for line in lines if said.each else ():
                if line["ndcg"] < 0.75 or not line["success"] or line["broken"] or not line["panel"]:
                    print(f"  {line['id']} {line['query']!r} nDCG {line['ndcg']:.2f} gains {line['gains']} panel {line['crisis']}")


if __name__ == "__main__":
    main()

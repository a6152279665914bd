"""How fast the search is: 50,000 services, building the index, searching in this process and over HTTP.

Run: python benchmarks/search.py [--services 50000] [--queries 2000] [--http]
Figures are processor time of one core (other work on the machine does not count) and wall time beside it. Services are copies of the
demonstration with varied names and places; queries are the development queries, every other one with a postcode drawn from all that are
known, so that nothing reckoned for one place serves the next.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "tests" / "directory" / "search_quality" / "development_queries.csv"
_WORDS = ("Harbour", "Meadow", "Oak", "River", "Lantern", "Bridge", "Kestrel", "Willow", "Anchor", "Garden", "Beacon", "Heron")


def services(count: int) -> Iterator:
    from esteem.directory.demonstration import demonstration
    from esteem.evidence.snapshots import open_snapshot

    chance = random.Random(3)
    postcodes = open_snapshot("shipped").rows("select postcode, latitude, longitude, district from postcodes")
    patterns = list(demonstration(postcodes, date(2026, 11, 28)))
    for number in range(count):
        one = patterns[number % len(patterns)]
        name = f"{chance.choice(_WORDS)} {chance.choice(_WORDS)} {one.name}"
        yield replace(
            one, id=str(uuid5(NAMESPACE_URL, f"copy-{number}")), name=name, locations=tuple(_moved(at, chance) for at in one.locations)
        )


def _moved(at, chance: random.Random):
    place = at.location
    if place.latitude is None:
        return at
    latitude, longitude = place.latitude + chance.gauss(0, 0.05), place.longitude + chance.gauss(0, 0.08)
    return replace(at, location=replace(place, latitude=latitude, longitude=longitude))


def queries() -> list[str]:
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [row["query"] for row in csv.DictReader(file)]


def postcodes(count: int) -> list[str]:
    """Drawn from all that are known in the districts served."""
    from esteem.evidence.snapshots import open_snapshot

    rows = open_snapshot("shipped").rows("select postcode from postcodes where district is not null and district <> '' order by postcode")
    return random.Random(4).choices([row["postcode"] for row in rows], k=count)


def percentiles(spent: list[float]) -> str:
    ordered = sorted(spent)
    at = {share: ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.95, 0.99)}
    return f"p50 {at[0.5]:.1f} ms, p95 {at[0.95]:.1f} ms, p99 {at[0.99]:.1f} ms, {len(spent) / sum(spent):.0f} a second"


def in_process(count: int, asked: int) -> None:
    from esteem.directory.gazetteer import place_finder
    from esteem.directory.search import Query, SearchIndex, search
    from esteem.directory.search.understanding import warm
    from esteem.evidence.snapshots import open_snapshot

    made = list(services(count))
    warm()
    start, wall = time.process_time(), time.perf_counter()
    index = SearchIndex.build(made)
    print(f"reindex {count:,}: {time.process_time() - start:.1f} s of processor, {time.perf_counter() - wall:.1f} s on the clock")
    words, now, spent, walls = queries(), datetime.now(UTC), [], []
    find, drawn = place_finder(open_snapshot("shipped")).find, postcodes(asked)
    for number in range(asked):
        at = find(drawn[number])
        place = {"point": (at.latitude, at.longitude), "areas": at.areas} if number % 2 else {}
        start, wall = time.process_time(), time.perf_counter()
        search(index, Query(words[number % len(words)], at=now, **place))
        spent.append(time.process_time() - start)
        walls.append(time.perf_counter() - wall)
    print(f"search, in process, processor: {percentiles(spent[100:])}")
    print(f"search, in process, clock:     {percentiles(walls[100:])}")


SERVER = """
import os, sys, time
sys.path.insert(0, {root!r}); sys.path.insert(0, {src!r})
import django; django.setup()
from esteem.web import directory_search
from esteem.directory.search import SearchIndex
from esteem.directory.search.understanding import warm
import benchmarks.search as bench
directory_search._Holder.asked = float("inf")
with directory_search.uncollected():
    directory_search._Holder.index = SearchIndex.build(bench.services({count})); warm()
directory_search.place_named_in("southend")
from esteem.web.wsgi import application
import waitress
from pathlib import Path
class Timed:
    def __call__(self, environ, start):
        if environ["PATH_INFO"] == "/used":
            start("200 OK", []); return [str(time.process_time()).encode()]
        return application(environ, start)
waitress.serve(Timed(), host="127.0.0.1", port={port}, threads=2, _quiet=True)
"""


def over_http(count: int, asked: int, port: int = 8765) -> None:
    """One server process, asked over HTTP by this one on two connections; its own processor time tells what one core could do."""
    import httpx

    home = tempfile.mkdtemp(prefix="esteem-bench-")
    where = {"ESTEEM_HOME": home, "DJANGO_SETTINGS_MODULE": "esteem.web.settings"}
    code = SERVER.format(root=str(ROOT), src=str(ROOT / "src"), count=count, port=port)
    with subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **where}) as server, httpx.Client(timeout=60) as client:
        base = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                try:
                    client.get(f"{base}/used")
                    break
                except httpx.TransportError:
                    time.sleep(0.5)
            words, drawn = queries(), postcodes(asked)
            for number in range(100):
                client.get(f"{base}/api/v1/directory/search", params={"q": words[number]})
            spent, before, start = [], float(client.get(f"{base}/used").text), time.perf_counter()
            for number in range(asked):
                place = {"postcode": drawn[number]} if number % 2 else {}
                began = time.perf_counter()
                answer = client.get(f"{base}/api/v1/directory/search", params={"q": words[number % len(words)], **place})
                spent.append(time.perf_counter() - began)
                assert answer.status_code == 200, answer.text[:300]
            used = float(client.get(f"{base}/used").text) - before
            json.loads(answer.text)
            print(f"search, over HTTP, one connection, clock: {percentiles(spent)} ({asked / (time.perf_counter() - start):.0f} a second)")
            print(f"server used {used / asked * 1000:.2f} ms of processor a question: {asked / used:.0f} a second on one core")
        finally:
            server.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--services", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--http", action="store_true")
    said = parser.parse_args()
    in_process(said.services, said.queries)
    if said.http:
        over_http(said.services, said.queries)


if __name__ == "__main__":
    main()

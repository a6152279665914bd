"""Speed of the site: `python benchmarks/site.py` starts it as `esteem up` does, and prints one table.

Time to the first answer; then for each page the 95th percentile over warm requests (one at a time, over the network of this machine) and
the bytes a first visit transfers: the page and its style sheets, compressed.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass

ROUNDS = 60
SERVES_WITHIN = 10.0  # seconds
MOST_BYTES = 150_000
PAGES = (  # address, seconds allowed at the 95th percentile
    ("/", 0.100),
    ("/sheets/southend-essex-thurrock-2017", 0.100),
    ("/sheets/bexley-2023", 0.100),
    ("/measures/psychosis-treated-within-two-weeks", 0.150),
    ("/measures", 0.150),
    ("/places/99G", 0.150),
    ("/glossary", 0.100),
)


@dataclass(frozen=True)
class Speed:
    address: str
    first: float
    typical: float
    slowest: float  # 95th percentile
    allowed: float
    transferred: int


def get(address: str) -> bytes:
    """The bytes of the answer as sent, compressed."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def timed(address: str) -> tuple[float, bytes]:
    start = time.perf_counter()
    body = get(address)
    return time.perf_counter() - start, body


def measure(site: str, address: str, allowed: float) -> Speed:
    first, body = timed(site + address)
    warm = sorted(timed(site + address)[0] for _ in range(ROUNDS))
    page = (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()
    linked = set(re.findall(r'<link rel="(?:stylesheet|icon)" href="([^"]+)"', page)) | set(re.findall(r'<img[^>]* src="(/[^"]+)"', page))
    transferred = len(body) + sum(len(get(site + link)) for link in linked)
    return Speed(address, first, warm[ROUNDS // 2], warm[int(ROUNDS * 0.95) - 1], allowed, transferred)


def main() -> None:
    start = time.perf_counter()
    command = (sys.executable, "-m", "esteem.cli", "up", "--port", "0", "--no-browser")
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        site = next(found[1] for line in server.stdout if (found := re.search(r"(http://127\.0\.0\.1:\d+)/", line)))
        get(site + "/glossary")
        serving = time.perf_counter() - start
        print(f"Both sheets shown and the first page answered after {serving:.1f} s (at most {SERVES_WITHIN:.0f})\n")
        print("| page | first, ms | median, ms | 95th percentile, ms | allowed, ms | transferred, kB |\n|---|---:|---:|---:|---:|---:|")
        for address, allowed in PAGES:
            one = measure(site, address, allowed)
            times = " | ".join(f"{1000 * seconds:.0f}" for seconds in (one.first, one.typical, one.slowest, one.allowed))
            over = " **over**" if one.slowest > allowed or one.transferred > MOST_BYTES else ""
            print(f"| {address} | {times} | {one.transferred / 1000:.0f}{over} |")
    finally:
        server.terminate()
        server.communicate(timeout=30)


if __name__ == "__main__":
    main()

"""The site as a person meets it: `esteem up` in a process of its own, Debian's Chromium, one visitor a test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-gpu"]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Address of a site that keeps what it keeps in `home`, on a free port."""
    command = (sys.executable, "-m", "esteem.cli", "up", "--no-browser", "--no-invented", "--port", "0")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | {"ESTEEM_HOME": str(home)}
    )
    try:
        found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stdout)
        address = next((one[0] for one in found if one), None)
        assert address, "the site did not start"
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="session")
def site(invented_home) -> Iterator[str]:
    """A site with the figures that come with Esteem, and with records of invented people."""
    with served(invented_home) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    if not BROWSER:
        pytest.skip("Chromium is not installed: `make test` installs it, or `apt-get install chromium`")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: `make test` installs it")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visits(browser):
    """visits(site, **how) -> Visitor; when the test ends, whatever a visitor should not have met fails it."""
    from tests.journeys.visitor import Visitor

    came: list[Visitor] = []

    def arrive(address: str, **how) -> Visitor:
        came.append(Visitor.arrives(browser, address, **how))
        return came[-1]

    yield arrive
    complaints = [one for visitor in came for one in visitor.complaints()]
    for visitor in came:
        visitor.leaves()
    assert not complaints, "\n".join(complaints)

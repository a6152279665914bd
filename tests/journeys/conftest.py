"""The site as a person meets it: `esteem up` in a process of its own, Debian's Chromium, one visitor a test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving import served

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-gpu"]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def site(invented_home) -> Iterator[str]:
    """A site with the figures that come with Esteem, and with records of invented people."""
    with served(invented_home) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """Ends with the file: while it runs, its event loop keeps Django's store shut to every other test of the process."""
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

"""Every kind of page of find help, as people may see it: light, dark, on a phone, with the computer's own colours."""

from __future__ import annotations

from tests.journeys.pages import kinds
from tests.journeys.visitor import barriers_of


def test_no_page_of_find_help_bars_anybody(site, visits):
    pages = [address for address in kinds(site).values() if address.startswith("/find-help")]
    assert len(pages) > 20
    found = barriers_of(visits(site), pages)
    assert not found, "\n".join(found)

"""Every kind of page, as people may see it: light, dark, on a phone, with the computer's own colours, enlarged, and by keyboard."""

from __future__ import annotations

import pytest
from tests.journeys.pages import STATES, kinds
from tests.journeys.visitor import OF_COLOUR, barriers_of

# The width left of a window of 1280 when everything is four times as large.
ENLARGED = {"width": 320, "height": 256}


def test_no_page_of_figures_bars_anybody(site, visits):
    pages = [address for address in kinds(site).values() if not address.startswith("/find-help")]
    found = barriers_of(visits(site), pages)
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_every_page_keeps_its_contrast_in_the_colours_of_the_computer(site, visits):
    visitor, found = visits(site, forced_colors="active"), []
    for address in kinds(site).values():
        visitor.goes_to(address)
        found += visitor.barriers(OF_COLOUR)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["sheet of Southend, Essex and Thurrock", "measure with groups, funnel and map", "promise judged"])
def test_pages_four_times_enlarged_are_read_without_scrolling_sideways(site, visits, name):
    visitor = visits(site, viewport=ENLARGED, device_scale_factor=4)
    visitor.goes_to(STATES[name])
    assert visitor.overflow == 0
    assert visitor.page.get_by_role("heading", level=1).is_visible()


def test_the_keyboard_goes_through_a_page_and_always_shows_where_it_is(site, visits):
    visitor = visits(site)
    visitor.goes_to(STATES["measure with groups, funnel and map"])
    page = visitor.page
    stops = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex=\"0\"]')]"
        ".filter(e => e.checkVisibility()).length"
    )
    seen = []
    for _ in range(stops + 2):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
            return [e.tagName, e.outerHTML.slice(0, 120), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0
              || s.boxShadow !== 'none' || s.textDecorationLine !== 'none', b.bottom > 0 && b.top < innerHeight] }"""
        )
        if stop[0] == "BODY":
            break
        seen.append(stop)
    assert "Skip to main content" in seen[0][1]
    assert len(seen) == stops, "the keyboard reaches everything and leaves the page at its end"
    assert not [stop[1] for stop in seen if not stop[2]], "focus can be seen"
    assert not [stop[1] for stop in seen if not stop[3]], "what has focus is in sight"


def test_the_skip_link_leads_past_the_menu(site, visits):
    visitor = visits(site)
    visitor.goes_to("/sheets")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "maincontent"
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_everything_is_there_without_scripts(site, visits):
    visitor = visits(site, java_script_enabled=False)
    visitor.goes_to("/")
    visitor.follows("Southend, Essex and Thurrock")
    visitor.page.locator("article.promise h3 a").first.click()
    visitor.page.locator("section.promise .promise-value").first.click()
    assert visitor.page.get_by_role("heading", level=1).inner_text() == "How this was computed"
    visitor.searches("dementia")
    visitor.follows("Dementia")
    assert visitor.page.get_by_role("heading", level=1).is_visible()

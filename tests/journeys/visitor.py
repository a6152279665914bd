"""A person at a browser, watched: nothing may be asked of another site, the console stays silent, and axe looks at every page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 320, "height": 640}
# The hundreds of outlines of a map hold no text; their names stand in the ranked table, which is looked at.
_NO_MAPS = {"exclude": [["svg[aria-labelledby^=map]"]]}
WHOLE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What can change with the width of a window, and with its colours: all other rules look at what is the same in every window.
OF_WIDTH = ["target-size", "scrollable-region-focusable"]
OF_COLOUR = ["color-contrast"]


@dataclass
class Visitor:
    """`site` is the address of the server. Everything seen on the way is kept, and `complaints` says what should not have been."""

    site: str
    context: BrowserContext
    page: Page
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @classmethod
    def arrives(cls, browser: Browser, site: str, **how) -> Visitor:
        """`how` goes to the browser: viewport, color_scheme, forced_colors, java_script_enabled."""
        context = browser.new_context(**{"viewport": DESK, "accept_downloads": True, "locale": "en-GB"} | how)
        visitor = cls(site.rstrip("/"), context, context.new_page())
        visitor.page.set_default_timeout(20_000)
        context.on("request", lambda request: visitor.asked.append(request.url))
        visitor.page.on("console", lambda said: visitor.told.append(f"console {said.type}: {said.text} {said.location.get('url', '')}"))
        visitor.page.on("pageerror", lambda failed: visitor.told.append(f"page error: {failed}"))
        return visitor

    def goes_to(self, address: str) -> None:
        """`address` begins with /."""
        answer = self.page.goto(self.site + address)
        assert answer.status == 200, f"{address}: {answer.status}"

    def follows(self, words: str, within: str = "main") -> None:
        """Follows the first link with these words in its name."""
        self.page.locator(within).get_by_role("link", name=words).first.click()

    def searches(self, text: str) -> None:
        """Types into the search of every page and waits for what comes."""
        self.page.locator("#search-field").fill(text)
        with self.page.expect_navigation(url="**/search?*"):
            self.page.locator("#search-field").press("Enter")

    @property
    def address(self) -> str:
        return self.page.url.removeprefix(self.site)

    @property
    def reads(self) -> str:
        """The words of the main part of the page."""
        return self.page.locator("main").inner_text()

    @property
    def overflow(self) -> int:
        """Pixels by which the page itself is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def barriers(self, rules: list[str] = WHOLE) -> list[str]:
        """What axe finds on the page, everything unfolded: rule and the first element of each, in words."""
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found = Axe().run(self.page, _NO_MAPS, {"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]
        return [f"{self.address}: {one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary'][:300]}" for one in found]

    def looks(self, viewport: dict = DESK, **how) -> None:
        """Sees the same page by another window, or with other colours: color_scheme."""
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(**{"color_scheme": "light"} | how)

    def complaints(self) -> list[str]:
        own = urlsplit(self.site).netloc
        strangers = [url for url in self.asked if urlsplit(url).netloc != own and not url.startswith(("data:", "blob:"))]
        return [*(f"asked of another site: {url}" for url in strangers), *self.told]

    def leaves(self) -> None:
        self.context.close()


def barriers_of(visitor: Visitor, addresses: Iterable[str]) -> list[str]:
    """What bars anybody from these pages: light and whole, at the width of a phone, and dark."""
    found = []
    for address in addresses:
        visitor.looks()
        visitor.goes_to(address)
        found += visitor.barriers()
        visitor.looks(color_scheme="dark")
        found += [f"dark: {one}" for one in visitor.barriers(OF_COLOUR)]
        visitor.looks(PHONE)
        if visitor.overflow > 0:
            found.append(f"{address}: {visitor.overflow} px too wide for a phone")
        found += [f"phone: {one}" for one in visitor.barriers(OF_WIDTH)]
    return found

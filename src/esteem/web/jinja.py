"""Jinja2 as Esteem uses it: own templates, then the NHS.UK components; everything escaped; links that keep the day looked back to."""

from __future__ import annotations

from datetime import date

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, pass_context

from esteem import __version__
from esteem.web import as_at, assets
from esteem.web.navigation import FOOTER, SECTIONS

TEMPLATES = assets.FOLDER.parent / "templates"


def environment(**options) -> Environment:
    """The environment for Django's Jinja2 backend. Chainable undefined values are what the NHS.UK components need of it."""
    options["loader"] = ChoiceLoader([FileSystemLoader(TEMPLATES), PackageLoader("nhsuk_frontend_jinja")])
    jinja = Environment(**options | {"undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True})
    jinja.globals.update(asset=assets.address, style_sheets=assets.STYLE_SHEETS, link=_link)
    jinja.globals.update(sections=SECTIONS, footer_links=FOOTER, version=__version__)
    jinja.filters["day"] = day
    return jinja


def day(value: date) -> str:
    """`1 June 2021`"""
    return f"{value.day} {value:%B %Y}"


@pass_context
def _link(context, address: str, **parameters) -> str:
    """`link("/measures", place="99G")` in a template: the address with these parameters, and `as_at` when the reader looks back."""
    request = context.get("request")
    return as_at.link(address, getattr(request, "as_at", None), **parameters)

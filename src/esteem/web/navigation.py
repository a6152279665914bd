"""The doors that stand on every page. `key` is what a view passes as `section` so that its door is marked as the current one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Door:
    key: str
    text: str
    address: str


SECTIONS = (
    Door("home", "Home", "/"),
    Door("find-help", "Find help", "/find-help"),
    Door("sheets", "Sheets", "/sheets"),
    Door("measures", "Measures", "/measures"),
    Door("places", "Places", "/places"),
    Door("sources", "Sources", "/sources"),
    Door("glossary", "Glossary", "/glossary"),
)

FOOTER = (
    Door("accessibility", "Accessibility statement", "/accessibility"),
    Door("computed", "Measures counted from records", "/computed"),
    Door("data-quality", "Data quality of providers", "/data-quality"),
    Door("sources", "Sources and licences", "/sources"),
    Door("api", "Application programming interface (API)", "/api"),
    Door("statuses", "How statuses are given", "/statuses"),
)

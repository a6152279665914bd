"""Places for providers that a publication names."""

from __future__ import annotations

import re

from esteem.terms.places import Place


def provider(code: str, name: str, **dates) -> Place:
    """A provider of care under its ODS code. NHS trusts have three-character codes that begin with R or T."""
    kind = "trust" if re.fullmatch(r"[RT][A-Z0-9]{2}", code) else "provider"
    return Place(code, " ".join(name.split()), kind, **dates)

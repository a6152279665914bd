"""One transaction for one action, so that a record and its event are written together or not at all."""

from __future__ import annotations

from django.db import transaction


def together():
    """`with together(): ...` writes all or nothing; inside another one it joins it."""
    return transaction.atomic()

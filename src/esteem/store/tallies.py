"""Adding to a count in the database itself, so that two at once are both counted."""

from __future__ import annotations

from django.db import models
from django.db.models import F


def add(model: type[models.Model], key: dict, **by: int) -> None:
    """Add to the counters of the row with this key, which is made when it is missing."""
    model.objects.get_or_create(**key)
    model.objects.filter(**key).update(**{name: F(name) + number for name, number in by.items()})

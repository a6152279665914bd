"""Tells Django that the store is an application."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "esteem.store"
    label = "store"
    verbose_name = "Operational records"
    default_auto_field = "django.db.models.BigAutoField"

"""Which database keeps the records: a file in ESTEEM_HOME, or the PostgreSQL server that ESTEEM_DATABASE_URL names.

`postgresql://user:password@host:5432/name`, or over a local socket `postgresql:///name?host=/run/postgresql&user=esteem`.
"""

from __future__ import annotations

import fcntl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from esteem.terms.home import home
from esteem.terms.problems import Problem

SEARCH_ENGINES = ("tantivy", "postgresql")
# Readers go on while one writes; a writer says so at once and waits for its turn, rather than failing half-way.
SQLITE_OPTIONS = {
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
}


def database(environment: Mapping[str, str], folder: Path) -> dict:
    """Django's settings of the one database. Raises Problem `database-address-wrong`."""
    address = environment.get("ESTEEM_DATABASE_URL", "").strip()
    if not address:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "store.sqlite3", "OPTIONS": dict(SQLITE_OPTIONS)}
    parts = urlsplit(address)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise Problem(
            "database-address-wrong",
            "ESTEEM_DATABASE_URL names a PostgreSQL database.",
            f"an address beginning {parts.scheme or 'without a scheme'}",  # never the whole: it may hold a password
            "Write postgresql://user:password@host:5432/name, or leave it out to keep records in a file.",
        )
    asked = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or asked.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or asked.pop("host", ""),
        "PORT": str(parts.port or asked.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": asked,
    }


def search_engine(environment: Mapping[str, str]) -> str:
    """Which engine searches the words of the directory: tantivy or postgresql. Raises Problem `search-backend`."""
    chosen = environment.get("ESTEEM_SEARCH_BACKEND", "").strip() or "tantivy"
    if chosen not in SEARCH_ENGINES:
        rule = f"ESTEEM_SEARCH_BACKEND is {' or '.join(SEARCH_ENGINES)}."
        raise Problem("search-backend", rule, chosen[:40], "Leave it out for tantivy, which needs no server.")
    if chosen == "postgresql" and not environment.get("ESTEEM_DATABASE_URL", "").strip():
        rule = "The search on PostgreSQL uses the server that keeps the records."
        raise Problem("search-backend", rule, "ESTEEM_DATABASE_URL is not set", "Name the server there, or search with tantivy.")
    return chosen


def prepare() -> None:
    """Set Django up and bring the database to the present shape. One look when there is nothing to do: call it at every start."""
    import os

    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esteem.web.settings")
    django.setup()
    home().mkdir(parents=True, exist_ok=True)
    with (home() / "migrating.lock").open("w") as lock:  # two starts at once: the second finds nothing left to do
        fcntl.flock(lock, fcntl.LOCK_EX)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)

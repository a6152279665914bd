"""The secret of one installation: made on first use, kept readable by its owner alone, refused when weak.

There is no default secret: a published default is what let strangers in elsewhere, and a warning in a log did not help.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from esteem.terms.problems import Problem

VARIABLE = "ESTEEM_SECRET_KEY"
FILE_NAME = "secret_key"
LEAST_LENGTH = 50
LEAST_DIFFERENT = 12
KNOWN_DEFAULTS = ("django-insecure", "changeme", "change-me", "secret", "default", "example", "password")


def secret_key(home: Path) -> str:
    """The secret named by `ESTEEM_SECRET_KEY`, else the one kept in `home`, made now when there is none. Raises Problem when weak."""
    if given := os.environ.get(VARIABLE):
        return strong(given, f"the variable {VARIABLE}")
    path = home / FILE_NAME
    if not path.exists():
        _make(path)
    _refuse_if_others_can_read(path)
    return strong(path.read_text().strip(), str(path))


def has_secret(home: Path) -> bool:
    """Whether a secret has been given or made already."""
    return bool(os.environ.get(VARIABLE)) or (home / FILE_NAME).exists()


def strong(secret: str, where: str) -> str:
    """`secret` itself when it is strong. Raises Problem `secret-weak`, which never shows the secret."""
    weak = len(secret) < LEAST_LENGTH or len(set(secret)) < LEAST_DIFFERENT or any(word in secret.lower() for word in KNOWN_DEFAULTS)
    if not weak:
        return secret
    raise Problem(
        "secret-weak",
        f"The site's secret has at least {LEAST_LENGTH} characters, {LEAST_DIFFERENT} of them different, and is no known default.",
        f"{len(secret)} characters, {len(set(secret))} different, in {where}",
        f"Delete {where}: Esteem makes a strong secret at the next start.",
    )


def _make(path: Path) -> None:
    """Write a new secret so that no other process ever sees half of it, nor two processes two secrets."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{FILE_NAME}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(beside, path)
    except FileExistsError:
        pass  # another process was first: its secret stands
    finally:
        beside.unlink()


def _refuse_if_others_can_read(path: Path) -> None:
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise Problem(
            "secret-readable",
            "The site's secret can be read by its owner alone.",
            f"{path} has mode {mode:o}",
            f"Delete {path} (others may have read it): Esteem makes a new one at the next start.",
        )

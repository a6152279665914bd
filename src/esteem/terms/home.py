"""Where one installation of Esteem keeps what is its own: loaded snapshots, strategies of the place, the secret of the site."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The directory named by `ESTEEM_HOME`, by default `~/.local/share/esteem`. It need not exist yet."""
    return Path(os.environ.get("ESTEEM_HOME") or Path.home() / ".local" / "share" / "esteem").expanduser()

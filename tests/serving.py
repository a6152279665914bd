"""The site as a person starts it: `esteem up` in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Address of a site that keeps what it keeps in `home`, on a free port."""
    command = (sys.executable, "-m", "esteem.cli", "up", "--no-browser", "--no-invented", "--port", "0")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | {"ESTEEM_HOME": str(home)}
    )
    try:
        found = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stdout)
        address = next((one[0] for one in found if one), None)
        assert address, "the site did not start"
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=30)

"""The feed that `esteem up` serves, under the strict checks of the standard's own checker beside the project."""

from __future__ import annotations

import subprocess
import sys

from tests.serving import served


def test_the_demonstration_passes_every_check_of_the_standard(shared, tmp_path):
    with served(tmp_path) as address:
        check = (sys.executable, shared / "oruk" / "oruk_check.py", f"{address}/oruk", "--strict")
        done = subprocess.run(check, capture_output=True, text=True, check=False, timeout=300)
    amiss = [line for line in done.stdout.splitlines() if line.startswith(("FAIL", "WARN"))]
    assert done.returncode == 0 and not amiss, "\n".join([*amiss, done.stdout[-300:], done.stderr[-1000:]])

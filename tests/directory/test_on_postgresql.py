"""The tests of the store once more, on PostgreSQL: the same files, another database."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from .postgresql import NoServer, server

ON_THE_STORE = ("test_keeping.py", "test_upkeep.py", "test_importing.py", "test_round.py")


def test_the_store_passes_its_tests_on_postgresql(root):
    try:
        with server() as address:
            names = [f"tests/directory/{name}" for name in ON_THE_STORE]
            command = [
                sys.executable,
                "-m",
                "pytest",
                "-n",
                "0",
                "-p",
                "no:cacheprovider",
                "-k",
                "not Feeds and not Files and not Template",
            ]
            environment = os.environ | {"ESTEEM_DATABASE_URL": address}
            done = subprocess.run([*command, *names], cwd=root, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except NoServer as reason:
        pytest.skip(str(reason))
    passed = re.search(r"(\d+) passed", done.stdout)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert int(passed[1]) >= 40

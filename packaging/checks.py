"""Checks of what we ship that are not tests of code: strategies, the API's own document, the pack, the wheel.

Prints a line for each and, at the end, `N passed, N failed`. Exit code 1 when any failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import wheel

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ESTEEM_SHARED") or ROOT.parent / "shared")


def esteem(*words: str) -> None:
    """Run a command of ours as a user would. Raises AssertionError with what it printed when it fails."""
    done = subprocess.run([sys.executable, "-m", "esteem.cli", *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise AssertionError(f"esteem {' '.join(words)} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def strategies_are_valid() -> None:
    files = sorted((ROOT / "strategies").glob("*.toml"))
    assert files, "there is no strategy in strategies/"
    for file in files:
        esteem("strategy", "check", str(file))


def api_document_is_valid() -> None:
    """The OpenAPI document that the site serves is a valid one of version 3.1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esteem.web.settings")
    import django
    import schemathesis
    from django.test import Client

    django.setup()
    answer = Client().get("/api/v1/openapi.json", headers={"host": "localhost"})
    assert answer.status_code == 200, f"/api/v1/openapi.json answers {answer.status_code}"
    document = answer.json()
    assert document["openapi"].startswith("3.1"), f"the document says OpenAPI {document['openapi']}"
    schemathesis.openapi.from_dict(document).validate()


def pack_matches_the_published_files() -> None:
    if not (SHARED / "data").is_dir():
        print(f"  (left out: the published files are not at {SHARED}/data)")
        return
    esteem("pack", "verify", str(SHARED / "data"))


def crisis_numbers_are_reviewed() -> None:
    """No release with a number for a crisis that nobody has looked up for 92 days; a warning from 60."""
    from datetime import date

    from esteem.directory.crisis.numbers import review

    state = review(date.today())
    if state.due:
        print(f"  (warning: review these within {92 - 60} days: {', '.join(one.label for one in state.due)})")
    assert not state.over, f"reviewed 92 days ago or more: {', '.join(one.label for one in state.over)}"


def wheel_holds_what_it_needs() -> None:
    with tempfile.TemporaryDirectory() as folder:
        built = wheel.build(Path(folder))
        wheel.check(built)
        wheel.check_alone(built)


CHECKS: tuple[Callable[[], None], ...] = (
    strategies_are_valid,
    api_document_is_valid,
    pack_matches_the_published_files,
    crisis_numbers_are_reviewed,
    wheel_holds_what_it_needs,
)


def main() -> int:
    failed = 0
    with tempfile.TemporaryDirectory() as home:
        os.environ["ESTEEM_HOME"] = home  # checks look at what is shipped, not at what this machine has loaded
        for check in CHECKS:
            words = check.__name__.replace("_", " ")
            try:
                check()
            except Exception as reason:
                failed += 1
                print(f"FAILED {words}\n{reason}", flush=True)
            else:
                print(f"ok     {words}", flush=True)
    print(f"{len(CHECKS) - failed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What every test may rely on: a home of its own, and the published files where they are to be had."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest
from hypothesis import settings

# Set before Django reads its settings, so that no test touches the developer's own snapshots or secret.
_HOME = tempfile.mkdtemp(prefix="esteem-tests-")
os.environ["ESTEEM_HOME"] = _HOME
os.environ["DJANGO_SETTINGS_MODULE"] = "esteem.web.settings"
os.environ.pop("ESTEEM_SECRET_KEY", None)

# The same examples on every run, and no clock (a loaded machine is no failure). `HYPOTHESIS_PROFILE=search` looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# The models of the store can be imported by any test file, in whatever order they are read.
django.setup()

ROOT = Path(__file__).resolve().parent.parent


# Files of few but long tests. They go first: a worker that meets one last keeps the other waiting.
_LONG = (
    "tests/journeys",
    "tests/evidence/records/test_verification.py",
    "tests/agree",
    "tests/web/test_up.py",
    "tests/web/test_open_referral_conformance.py",
    "tests/evidence/test_loading.py",
    "tests/directory/test_on_postgresql.py",
)


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: not str(item.path.relative_to(ROOT)).startswith(_LONG))


def pytest_unconfigure(config):
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def invented_home(tmp_path_factory) -> Path:
    """A home with the records of 1,000 invented people of Southend over twelve months, to May 2025, loaded as a person would load them."""
    from esteem.evidence.invented.making import make_records
    from esteem.evidence.records.record_loading import load_records

    made, home = tmp_path_factory.mktemp("made") / "records", tmp_path_factory.mktemp("counted")
    make_records(made, ["southend"], 1000, months=12, seed=1)
    for data_set in ("mhsds", "talking-therapies"):
        load_records(data_set, made, at=datetime(2026, 11, 28, tzinfo=UTC), by="a test", home=home)
    return home


@pytest.fixture
def records_loaded(invented_home, monkeypatch) -> Path:
    """This test's installation is one with records."""
    monkeypatch.setenv("ESTEEM_HOME", str(invented_home))
    return invented_home


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of specifications and published files beside the project (or ESTEEM_SHARED); skips the test where there is none."""
    path = Path(os.environ.get("ESTEEM_SHARED") or ROOT.parent / "shared")
    if not (path / "data").is_dir():
        pytest.skip(f"the published files are not here: {path}/data (set ESTEEM_SHARED to where they are)")
    return path

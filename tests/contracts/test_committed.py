"""What is committed: no registry addresses, no copies of the published files, nothing larger than a reader would open."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

# Put together here, so that this file does not name them.
REGISTRIES = re.compile("|".join(re.escape(".".join(parts)) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs"))))
LARGEST = 25_000_000


@pytest.fixture(scope="module")
def committed(root) -> list[Path]:
    if not shutil.which("git") or not (root / ".git").exists():
        pytest.skip("this is not a git checkout")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    return [path for name in done.stdout.split("\0") if name and (path := root / name).is_file()]


def test_no_committed_file_names_a_package_registry(committed):
    named = [path.name for path in committed if REGISTRIES.search(path.read_bytes().decode("utf-8", "ignore"))]
    assert named == []


def test_no_published_file_is_copied(committed, shared):
    def checksum(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    sizes = {path.stat().st_size for path in committed}
    published = {checksum(path): path.name for path in (shared / "data").rglob("*") if path.is_file() and path.stat().st_size in sizes}
    copied = [f"{path} is {published[checksum(path)]}" for path in committed if path.stat().st_size and checksum(path) in published]
    assert copied == []


def test_no_committed_file_is_too_large(committed):
    assert [path.name for path in committed if path.stat().st_size > LARGEST] == []


def test_the_lists_of_packages_are_locked_by_checksum(root):
    for path in (root / "requirements").glob("*.txt"):
        pinned = re.findall(r"^[\w.-]+==\S+.*$", path.read_text(), re.M)
        hashed = re.findall(r"^[\w.-]+==\S+ \\\n    --hash=sha256:", path.read_text(), re.M)
        assert pinned and len(pinned) == len(hashed), path.name

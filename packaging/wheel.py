"""Build the wheel, and look inside: it holds all that a machine without this checkout needs.

python packaging/wheel.py dist
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "esteem"
MOST_BYTES = 25_000_000  # the pack may take 20 MB of it
COMMIT_TIME = "git log -1 --format=%ct"


def build(folder: Path) -> Path:
    """Build into `folder` and return the wheel. Times inside are those of the commit, so two builds have the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder.resolve())],
        cwd=ROOT,
        env=os.environ | {"SOURCE_DATE_EPOCH": commit_time()},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"the wheel cannot be built\n{done.stdout}{done.stderr}"
    return max(folder.glob("esteem-*.whl"), key=lambda path: path.stat().st_mtime)


def commit_time() -> str:
    done = subprocess.run(COMMIT_TIME.split(), cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "1767225600"  # outside a checkout: 1 January 2026


def needed() -> set[str]:
    """Every file of the package (bytecode and stamps left out), and the strategies."""
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("."))
    inside = {f"esteem/{path.relative_to(PACKAGE).as_posix()}" for path in files}
    return inside | {f"esteem/strategies/{path.name}" for path in (ROOT / "strategies").glob("*.toml")}


def check(wheel: Path) -> None:
    """Raises AssertionError when the wheel lacks something, or holds more than it should."""
    inside = set(ZipFile(wheel).namelist())
    missing = needed() - inside
    assert not missing, f"the wheel lacks {len(missing)} files, such as {sorted(missing)[:5]}"
    assert "esteem/web/static/vendor/nhsuk.css" in inside, "the style sheets were not built before the wheel"
    assert any(name.startswith("esteem/pack_data/") for name in inside), "the wheel has no pack of figures"
    strays = [name for name in inside if name.startswith(("tests/", "benchmarks/")) or "__pycache__" in name]
    assert not strays, f"the wheel holds what it should not: {strays[:5]}"
    size = wheel.stat().st_size
    assert size <= MOST_BYTES, f"the wheel has {size:,} bytes; at most {MOST_BYTES:,}"


def check_alone(wheel: Path) -> None:
    """Raises AssertionError unless the program runs from the wheel's own files, with nothing of this checkout on its path."""
    with tempfile.TemporaryDirectory() as folder:
        ZipFile(wheel).extractall(folder)
        environment = os.environ | {"PYTHONPATH": folder, "ESTEEM_HOME": str(Path(folder) / "home")}
        done = subprocess.run(
            [sys.executable, "-m", "esteem.cli", "doctor"],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        where = subprocess.run(
            [sys.executable, "-c", "import esteem; print(esteem.__file__)"], cwd=folder, env=environment, capture_output=True, text=True
        )
        assert where.stdout.startswith(folder), f"the program ran from {where.stdout.strip()}, not from the wheel"
        assert done.returncode == 0, f"the doctor finds the wheel unwell\n{done.stdout}{done.stderr}"


def main(folder: Path) -> None:
    wheel = build(folder)
    check(wheel)
    check_alone(wheel)
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.glob("*.whl")))
    (folder / "SHA256SUMS").write_text(sums)
    print(sums, end="")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

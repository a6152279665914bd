"""Set up what a Makefile target needs, on a machine that has only Python 3.11. Standard library only.

    python3 packaging/set_up.py run       the program: .venv from requirements/run.txt, style sheets
    python3 packaging/set_up.py dev       the program and its tests: .venv from requirements/dev.txt, style sheets
    python3 packaging/set_up.py browser   Chromium for the journeys; says what to do when it cannot be had
    python3 packaging/set_up.py database  PostgreSQL's programs for the tests of the store; says what to do when they cannot be had
    python3 packaging/set_up.py spark     PySpark (400 MB) and Java 17 for its tests, after dev; says what to do when they cannot be had

Each step leaves a stamp named after the checksum of what it was made from, so a second run does nothing and takes no time. All lists are
locked by checksum; which registry they come from is the machine's own business (docs/decisions/0001).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS, ENVIRONMENT = ROOT / ".tools", ROOT / ".venv"
LISTS = ROOT / "requirements"
FRONT_END = ROOT / "packaging" / "front-end"
STYLE_SHEETS = ROOT / "src" / "esteem" / "web" / "static" / "vendor"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LEAST_PYTHON = (3, 11)
JAVA = "openjdk-17-jre-headless"


class CannotSetUp(Exception):
    """What is missing and what to do, in words for the person at the terminal."""


def say(words: str) -> None:
    print(f"esteem set-up: {words}", file=sys.stderr, flush=True)


def checksum(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def quietly(*command: str | Path, remedy: str, where: Path = ROOT, **environment: str) -> None:
    """Run a command without a word; when it fails, show what it said and what to do."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=where,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise CannotSetUp(f"{done.stdout[-4000:]}\nThis failed: {' '.join(map(str, command))}\nWhat to do: {remedy}")


def python_of(environment: Path) -> Path:
    return environment / "bin" / "python"


def make_environment(path: Path) -> None:
    try:
        venv.create(path, with_pip=path == TOOLS, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        raise CannotSetUp("Python has no pip of its own here.\nWhat to do: apt-get install python3-venv, then run this again.") from None


def tools() -> Path:
    """uv, from a list locked by checksum. Returns its path."""
    locked = LISTS / "tools.txt"
    stamp = TOOLS / f".ready-{checksum(locked)}"
    if not stamp.exists():
        say("fetching uv")
        if not python_of(TOOLS).exists():
            make_environment(TOOLS)
        pip_install(locked)
        stamp.touch()
    return TOOLS / "bin" / "uv"


def pip_install(locked: Path) -> None:
    quietly(
        *(python_of(TOOLS), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", locked),
        remedy="check that this machine reaches a Python package registry, then run this again.",
    )


def packages(group: str) -> None:
    """`.venv` holds exactly what requirements/<group>.txt lists, and this project as an editable install."""
    lists = [LISTS / "dev.txt"] if group == "dev" else [LISTS / "run.txt", LISTS / "build.txt"]
    project = (ROOT / "pyproject.toml", ROOT / "packaging" / "dependencies.py", LISTS / "run.in")
    stamp = stamp_of("dev", [LISTS / "dev.txt"], project)  # what runs the tests also runs the program
    if stamp.exists():
        return
    stamp = stamp_of(group, lists, project)
    if stamp.exists():
        return
    uv = tools()
    if not python_of(ENVIRONMENT).exists():
        make_environment(ENVIRONMENT)
    say(f"installing the {'program' if group == 'run' else 'program and what its tests need'}")
    into = ("--python", python_of(ENVIRONMENT))
    remedy = "check that this machine reaches a Python package registry and has 1 GB free, then run this again."
    for old in ENVIRONMENT.glob(".ready-*"):
        old.unlink()
    quietly(uv, "pip", "sync", "--compile-bytecode", "--system-certs", "--quiet", "--require-hashes", *into, *lists, remedy=remedy)
    quietly(uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", *into, "--editable", ".", remedy=remedy)
    stamp.touch()


def compiled() -> None:
    """Our own modules compiled, once for each change: where Python may not write that down itself, every start would do it anew."""
    done = subprocess.run([python_of(ENVIRONMENT), "-m", "compileall", "-q", ROOT / "src" / "esteem"], stdout=subprocess.DEVNULL)
    if done.returncode:
        say("not all modules could be compiled: starting will take a little longer")


def stamp_of(group: str, lists: list[Path], project: tuple[Path, ...]) -> Path:
    return ENVIRONMENT / f".ready-{group}-{checksum(*lists, *project)}"


def style_sheets() -> None:
    """The NHS.UK front end, by npm from a list locked by checksum, made into our own style sheet."""
    builder = ROOT / "packaging" / "front_end.py"
    stamp = STYLE_SHEETS / f".ready-{checksum(FRONT_END / 'package-lock.json', builder)}"
    if stamp.exists():
        return
    say("building the style sheets")
    npm, path = npm_and_path()
    quietly(
        *(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
        where=FRONT_END,
        remedy="check that this machine reaches an npm registry, then run this again.",
        PATH=path,
    )
    quietly(sys.executable, builder, FRONT_END / "node_modules", remedy="tell the developers: the front-end package has changed.")
    stamp.touch()


def npm_and_path() -> tuple[str, str]:
    """The machine's npm, or one from a Python package; and the PATH on which it finds its own node."""
    path = os.environ.get("PATH", "")
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return npm, path
    tools()
    own = TOOLS / "bin"
    if not (own / "npm").exists():
        say("fetching npm")
        pip_install(LISTS / "node.txt")
    return str(own / "npm"), f"{own}{os.pathsep}{path}"


def browser() -> None:
    """Chromium for the journeys: the machine's own, else Debian's when we may install it."""
    if not any(shutil.which(name) for name in CHROMIUM):
        debian_package("chromium", "The journeys need Chromium.")


def database() -> None:
    """PostgreSQL's programs for the tests: the machine's own, else Debian's when we may install it. No server is left running."""
    if not shutil.which("initdb") and not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        debian_package("postgresql", "The tests on PostgreSQL need its programs.")


def spark() -> None:
    """PySpark beside the packages of dev, whose renewal takes it away again, and Java: the machine's own, else Debian's."""
    locked = LISTS / "spark.txt"
    stamp = stamp_of("spark", [LISTS / "dev.txt", locked], ())
    if not stamp.exists():
        say("installing PySpark")
        remedy = "check that this machine reaches a Python package registry and has 1 GB free, then run this again."
        install = (tools(), "pip", "install", "--system-certs", "--quiet", "--no-deps", "--require-hashes")
        install = (*install, "--build-constraints", LISTS / "spark-build.txt")  # it comes as source
        quietly(*install, "--python", python_of(ENVIRONMENT), "-r", locked, remedy=remedy)
        stamp.touch()
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        debian_package(JAVA, "Spark needs Java 17.")


def debian_package(name: str, need: str) -> None:
    if os.geteuid() or not shutil.which("apt-get"):
        raise CannotSetUp(f"{need}\nWhat to do: install it (on Debian: sudo apt-get install {name}), then run this again.")
    say(f"installing {name}")
    remedy = f"install it by hand (apt-get install {name}), then run this again."
    quietly("apt-get", "update", "-qq", remedy=remedy)
    install = ("apt-get", "install", "-qq", "--yes", "--no-install-recommends", name)
    quietly(*install, remedy=remedy, DEBIAN_FRONTEND="noninteractive")


def main(group: str) -> None:
    if sys.version_info < LEAST_PYTHON:
        raise CannotSetUp(f"Esteem needs Python 3.11 or later; this is {sys.version.split()[0]}.\nWhat to do: make PYTHON=python3.11")
    if group == "browser":
        browser()
    elif group == "database":
        database()
    elif group == "spark":
        spark()
    else:
        packages(group)
        compiled()
        style_sheets()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except CannotSetUp as reason:
        print(reason, file=sys.stderr)
        raise SystemExit(2) from None

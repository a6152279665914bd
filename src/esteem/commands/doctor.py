"""`esteem doctor`: looks at this installation and says what is well, what wants attention, and what to do."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from importlib import metadata

import typer

from esteem import __version__
from esteem.directory.crisis.numbers import numbers, review
from esteem.evidence.definitions import all_measures
from esteem.evidence.snapshot_store import SnapshotStore
from esteem.strategy.file import find_strategies, load_strategy
from esteem.terms.home import home
from esteem.terms.listings import as_text, check_format, listed
from esteem.terms.problems import Problem, Problems

WELL, ATTENTION, WRONG = "well", "attention", "wrong"
LEAST_FREE, COMFORTABLY_FREE = 200_000_000, 2_000_000_000  # bytes: what a load of all sources needs, and ten of them


@dataclass(frozen=True)
class Sign:
    """One thing looked at. `state`: well, attention (works, but act soon) or wrong. `remedy` is empty when all is well."""

    subject: str
    state: str
    found: str
    remedy: str = ""


def add_to(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(form: str = typer.Option("text", "--format", help="text, csv or json.")) -> None:
    """Check versions, disk, secret, style sheets, figures, strategies and review dates. Exit code 1 when something is wrong."""
    check_format(form)
    signs = [sign for look in LOOKS for sign in _looked(look)]
    wrong = sum(sign.state == WRONG for sign in signs)
    typer.echo(listed([asdict(sign) for sign in signs], form, _in_words(signs)))
    if wrong:
        raise typer.Exit(1)


def _in_words(signs: list[Sign]) -> str:
    rows = [{"Subject": sign.subject, "State": sign.state, "Found": sign.found} for sign in signs]
    todo = [f"{sign.subject}: {sign.remedy}" for sign in signs if sign.remedy]
    return "\n\n".join([as_text(rows), *(["What to do\n" + "\n".join(f"- {line}" for line in todo)] if todo else [])])


def _looked(look: Callable[[], Iterator[Sign]]) -> list[Sign]:
    """What `look` found; a Problem met on the way is itself a sign that something is wrong."""
    subject = look.__name__.replace("_", " ")
    try:
        return list(look())
    except (Problem, Problems) as problems:
        each = problems.problems if isinstance(problems, Problems) else [problems]
        return [Sign(subject, WRONG, f"{one.rule} {one.found}".strip(), one.remedy) for one in each]


def versions() -> Iterator[Sign]:
    """Python and the packages that figures depend on."""
    names = ("duckdb", "pyarrow", "numpy", "scipy", "django")
    found = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    yield Sign("versions", WELL, f"esteem {__version__}, Python {platform.python_version()}, {found}")


def disk() -> Iterator[Sign]:
    """Whether snapshots can be written, and how many more would fit."""
    place = home()
    nearest = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(nearest).free
    state = WELL if free >= COMFORTABLY_FREE else ATTENTION if free >= LEAST_FREE else WRONG
    yield Sign("disk", state, f"{free / 1e9:.1f} GB free for {place}", "" if state == WELL else f"Free some space where {place} lies.")
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as failure:
        yield Sign(
            "home", WRONG, f"{nearest}: {failure.strerror}", "Give yourself leave to write there, or set ESTEEM_HOME to another directory."
        )


def secret() -> Iterator[Sign]:
    """Whether the site could start: its secret is strong, and its own."""
    from esteem.web.secret import has_secret, secret_key

    if has_secret(home()):
        secret_key(home())
        yield Sign("secret", WELL, "strong, and readable by its owner alone")
    else:
        yield Sign("secret", WELL, "none yet: made when the site first starts")


def style_sheets() -> Iterator[Sign]:
    from esteem.web import assets

    missing = [name for name in assets.NEEDED if name not in assets.all_assets()]
    if missing:
        yield Sign("style sheets", WRONG, f"missing: {', '.join(missing)}", "Run `make up`, which builds them, or install the wheel again.")
    else:
        yield Sign("style sheets", WELL, f"{len(assets.NEEDED)} files")


def figures() -> Iterator[Sign]:
    """Every part of every snapshot against its checksum."""
    store = SnapshotStore()
    served = store.current().manifest.id
    for kept in store.all():
        manifest = kept.manifest
        subject = f"snapshot {manifest.id}"
        if damage := kept.damage(thorough=True):
            remedy = "Install Esteem again." if kept.shipped else "Go back to figures that are whole: esteem snapshots rollback shipped"
            yield Sign(subject, WRONG, f"{len(damage)} damaged parts: {damage[0]}", remedy)
        else:
            rows = sum(part.rows for part in manifest.parts_of("observations"))
            holds = f"{rows:,} figures in {len(manifest.series)} series, made {manifest.created}, checksums right"
            yield Sign(subject, WELL, holds + (", served" if manifest.id == served else ""))


def strategies() -> Iterator[Sign]:
    found = find_strategies()
    if not found:
        yield Sign("strategies", WRONG, "none found", "Write one: esteem strategy new.")
    for name, path in found.items():
        try:
            promises = load_strategy(path).promises
        except (Problem, Problems) as wrong:
            count = len(wrong.problems) if isinstance(wrong, Problems) else 1
            yield Sign(f"strategy {name}", WRONG, f"{count} problems in {path}", f"See them: esteem strategy check {path}")
        else:
            yield Sign(f"strategy {name}", WELL, f"{len(promises)} promises")


def reviews() -> Iterator[Sign]:
    """Definitions of measures whose date of review has passed."""
    measures = all_measures().values()
    due = sorted(measure.id for measure in measures if measure.review_date < date.today())
    next_one = min(measure.review_date for measure in measures)
    if due:
        yield Sign(
            "reviews",
            ATTENTION,
            f"{len(due)} measures are due: {', '.join(due[:5])}",
            "Check each against its source, then set its new review date.",
        )
    else:
        yield Sign("reviews", WELL, f"{len(measures)} measures; the next review is due on {next_one}")


def crisis_numbers() -> Iterator[Sign]:
    """How old the reviews of the numbers for a crisis are: 60 days want attention, 92 are wrong."""
    state = review(date.today())
    remedy = "Look each up at its source, then set its day of review in directory/crisis/numbers.toml."
    if state.over:
        yield Sign("crisis numbers", WRONG, f"not reviewed for 92 days: {', '.join(one.label for one in state.over)}", remedy)
    if state.due:
        yield Sign("crisis numbers", ATTENTION, f"not reviewed for 60 days: {', '.join(one.label for one in state.due)}", remedy)
    if unsure := [one.label for one in numbers() if not one.confirmed]:
        remedy = "Compare each with the service itself, then write confirmed = true in directory/crisis/numbers.toml."
        yield Sign("crisis numbers", ATTENTION, f"not yet compared with the service: {', '.join(unsure)}", remedy)
    elif not state.over and not state.due:
        oldest = min(one.reviewed_on for one in numbers())
        yield Sign("crisis numbers", WELL, f"{len(numbers())} numbers, the oldest review on {oldest}")


LOOKS: tuple[Callable[[], Iterator[Sign]], ...] = (versions, disk, secret, style_sheets, figures, strategies, reviews, crisis_numbers)

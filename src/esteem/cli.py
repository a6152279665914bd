"""`esteem`: reads the command, runs its module, and says plainly what went wrong.

Exit codes: 0 done, 1 a check found something (the command says what), 2 a Problem or a wrong use, 130 interrupted.
"""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from esteem import __version__, commands
from esteem.terms.problems import Problem, Problems

FAILED = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code. `argv` is what follows `esteem`; by default that of the process."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        application_for(arguments)(args=arguments, prog_name="esteem")
    except (Problem, Problems) as wrong:
        print(wrong, file=sys.stderr)
        raise SystemExit(FAILED) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        _leave_quietly()


def application_for(arguments: Sequence[str]) -> typer.Typer:
    """The application with the one command that `arguments` asks for, or with all of them when it names none (as `--help` does)."""
    app = typer.Typer(
        add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None, context_settings=_HELP
    )
    app.callback()(esteem)
    names = command_names()
    asked = next((word for word in arguments if not word.startswith("-")), None)
    for name in [asked] if asked in names else [] if "--version" in arguments else names:
        import_module(f"{commands.__name__}.{name}").add_to(app)
    return app


def command_names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


_HELP = {"help_option_names": ["-h", "--help"]}


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"esteem {__version__}")
        raise typer.Exit


def esteem(
    version: bool = typer.Option(False, "--version", help="Show the version and stop.", is_eager=True, callback=_show_version),
) -> None:
    """Run and evaluate a place's mental health and wellbeing strategy on real published figures."""


def _leave_quietly() -> None:
    """The reader of our output has gone (`esteem places | head`): that is no error. Keeps Python from complaining when it closes stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0)


if __name__ == "__main__":
    main()

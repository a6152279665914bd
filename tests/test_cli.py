"""The front door of the commands: help for each, Problems as words, exit codes."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from esteem import __version__, cli
from esteem.terms.problems import Problem, Problems


def run(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "esteem.cli", *words], capture_output=True, text=True, timeout=120)


def test_the_list_of_commands_names_each_module():
    done = run("--help")
    assert done.returncode == 0
    listed = done.stdout.split("Commands:")[1]
    assert all(f"  {name}" in listed for name in cli.command_names())


@pytest.mark.parametrize("name", cli.command_names())
def test_each_command_has_help(name, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    assert f"esteem {name}" in capsys.readouterr().out


def test_says_its_version():
    assert run("--version").stdout == f"esteem {__version__}\n"


def test_an_unknown_command_is_a_wrong_use():
    done = run("shet")
    assert done.returncode == 2 and "shet" in done.stderr and "Traceback" not in done.stderr


ONE = Problem("place-unknown", "A place has a code.", "ZZZ", "Look it up.")


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [(ONE, 2, "[place-unknown]"), (Problems([ONE, ONE]), 2, "Look it up."), (KeyboardInterrupt(), 130, "")],
)
def test_what_goes_wrong_is_said_on_stderr_with_an_exit_code(raised, code, words, monkeypatch, capsys):
    def application(_):
        app = typer.Typer()

        @app.command()
        def fails():
            raise raised

        return app

    monkeypatch.setattr(cli, "application_for", application)
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == code
    assert words in capsys.readouterr().err


def test_a_reader_that_leaves_early_is_no_error():
    writer = f"{sys.executable} -c \"import sys; from esteem import cli; cli.main(['--help'])\""
    done = subprocess.run(f"{writer} | true", shell=True, capture_output=True, text=True, timeout=120)
    assert done.stderr == ""

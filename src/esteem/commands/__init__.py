"""The commands, one module each, named as the command is (`sheet.py` is `esteem sheet`).

A module exposes `add_to(app: typer.Typer) -> None`, which adds one command, or one group of commands, of the module's own name. It is
imported only when its command is run (or when the list of all commands is shown), so a heavy import in one costs the others nothing.
Nothing is decided here: a command loads, asks and shows. What goes wrong is raised as a `Problem`; `cli.main` prints it and exits 2.
"""

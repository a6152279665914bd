"""Who does something to a record. Nothing is written without one: an event names its actor."""

from __future__ import annotations

from dataclasses import dataclass

# person: somebody who signed in or works at the terminal; owner: who followed a signed link of their own entry; importer: a feed or file;
# system: a rule that time sets off; public: somebody without an account (a report), of whom nothing is kept
KINDS = ("person", "owner", "importer", "system", "public")


@dataclass(frozen=True)
class Actor:
    """`name` is a role, a team, an organisation or the name of a source; for `public` it is empty."""

    kind: str
    name: str = ""

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"an actor is one of {', '.join(KINDS)}: {self.kind!r}")
        if not self.name and self.kind != "public":
            raise ValueError("only the public acts without a name")

    def __str__(self) -> str:
        return self.name or self.kind


CLOCK = Actor("system", "time rules")

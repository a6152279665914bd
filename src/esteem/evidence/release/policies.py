"""Release policies as values, read from `policies.toml`: what is hidden of a data set from an audience."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from esteem.terms.problems import Problem


@dataclass(frozen=True)
class ReleasePolicy:
    """See the head of policies.toml for each rule."""

    data_set: str
    audience: str
    words: str
    source: str
    fewest: int
    round_to: int
    share_step: float
    both_sides: bool
    exact: tuple[str, ...]
    secondary: bool
    split_areas: bool = True
    fewest_events: int = 0
    doubtful_events: int = 0
    roles: tuple[str, ...] = ()

    def __post_init__(self):
        if self.round_to < 1 or self.fewest < 0 or self.share_step < 0 or not self.words or not self.source:
            raise Problem(
                "policy-invalid", "A policy has words, a source and rules that are not negative.", f"{self.data_set} {self.audience}"
            )

    @property
    def most_hidden(self) -> int:
        """The largest count that is hidden for its own sake."""
        return self.fewest - 1


@cache
def release_policies() -> dict[tuple[str, str], ReleasePolicy]:
    """Every policy by data set and audience."""
    read = tomllib.loads(Path(__file__).with_name("policies.toml").read_text(encoding="utf-8"))
    found = {}
    for data_set, audiences in read.items():
        for audience, rules in audiences.items():
            lists = {name: tuple(value) for name, value in rules.items() if isinstance(value, list)}
            found[data_set, audience] = ReleasePolicy(data_set, audience, **(rules | lists))
    return found


def find_policy(data_set: str, audience: str) -> ReleasePolicy:
    """Problem `policy-unknown` names those there are."""
    found = release_policies().get((data_set, audience))
    if found is None:
        known = ", ".join(f"{a} of {d}" for d, a in release_policies())
        raise Problem(
            "policy-unknown",
            "A release policy is written for a data set and an audience.",
            f"{audience} of {data_set}",
            f"Written: {known}.",
        )
    return found


def check_role(policy: ReleasePolicy, role: str) -> None:
    """Problem `role-not-allowed` when the policy is for named roles and this is none of them."""
    if policy.roles and role not in policy.roles:
        rule = f"Figures of {policy.data_set} for the {policy.audience} audience are for: {', '.join(policy.roles)}."
        raise Problem("role-not-allowed", rule, repr(role), "Ask for the public figures, or ask your data steward for the role.")

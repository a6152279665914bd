"""Populations by single year of age and sex, as ONS publishes them."""

from __future__ import annotations

SEXES = {"persons": "Persons", "females": "Female", "female": "Female", "males": "Male", "male": "Male"}
ALL_AGES = "All ages"
LAST_AGE = "90+"


def age_sex_group(sex: str, age: str) -> tuple[str, str] | None:
    """(breakdown, category): all ages of everyone, of one sex, or one year of age ("Female 0", "Persons 90+"). None for unknown words."""
    who = SEXES.get(sex.strip().casefold())
    if who is None:
        return None
    if age == ALL_AGES:
        return ("all", "All") if who == "Persons" else ("sex", who)
    if age == LAST_AGE or (age.isdigit() and int(age) < 90):
        return "age_sex", f"{who} {age}"
    return None

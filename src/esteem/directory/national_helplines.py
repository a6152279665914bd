"""National helplines that stand in the directory as real entries: one reviewed file, `national_helplines.toml`, with the day of its review.

The numbers for a crisis are another file (`crisis/numbers.toml`), with rules of its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from esteem.directory.importing.template_rows import schedules_of
from esteem.directory.record import (
    Assurance,
    Contact,
    CostOption,
    Eligibility,
    Organization,
    Phone,
    Provenance,
    Service,
    ServiceArea,
)

FILE = Path(__file__).with_name("national_helplines.toml")
SOURCE = "esteem review"


def national_helplines() -> Iterator[Service]:
    """Every helpline of the file, assured on the day of the review and by it alone."""
    whole = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for line in whole["helpline"]:
        yield _service(line, whole["reviewed_on"], whole["reviewed_by"])


def _service(line: dict, reviewed_on: date, reviewed_by: str) -> Service:
    name = line["name"]

    def own(*parts: str) -> str:
        return str(uuid5(NAMESPACE_URL, "/".join(("national helpline", name, *parts))))

    organization = Organization(
        str(uuid5(NAMESPACE_URL, f"national helpline/{line['organisation']}")),
        line["organisation"],
        f"{line['organisation']} runs a national helpline.",
        line["website"],
        kind="national",
    )
    hours = tuple(schedules_of(line.get("hours", ""), own))
    genders = tuple(line.get("genders", ()))
    return Service(
        id=own(),
        name=name,
        organization=organization,
        description=line["words"],
        summary=line["words"],
        what_happens_next="You call. Someone listens." if hours else "You call. If nobody answers, look up the hours on the web page.",
        url=line["website"],
        phones=(Phone(own("phone"), line["phone"], "Call"),),
        contacts=(Contact(own("contact"), "Helpline", phones=(Phone(own("contact phone"), line["phone"]),)),),
        channels=("phone",),
        needs=tuple(line["needs"]),
        eligibility=Eligibility(
            line.get("minimum_age"),
            line.get("maximum_age"),
            genders=genders,
            genders_said=bool(genders),
            routes=("self",),
            for_carers=line.get("carers"),
        ),
        costs=(CostOption(own("cost"), "Free", 0.0, "Free to call."),) if line["phone"].startswith("080") else (),
        coverage=(ServiceArea(own("area"), "England", ("E92000001",)),),
        schedules=hours,
        assurance=Assurance(reviewed_on, reviewed_by, "review"),
        provenance=(Provenance(SOURCE, name, "MIT", reviewed_by),),
        sensitive=bool({"domestic-abuse", "sexual-harm", "lgbtq", "suicidal-thoughts"} & set(line["needs"])),
    )
